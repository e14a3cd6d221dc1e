//! What is exported, and in which form.

use std::fmt::Write as _;

use jiff::civil::Date;

pub use crate::domain::export_format::ExportForm as Form;
use crate::domain::export_format::{TABLES, Table};
use crate::domain::form::LogForm;
use crate::transfer::seal::Lock;

/// What is exported, and in which form. By default everything, as JSON.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// How it is written.
    pub form: Form,
    /// These tables alone; never empty.
    pub only: Option<Vec<&'static Table>>,
    /// Rows that were changed on this date or later, by the person's zone.
    pub since: Option<Date>,
    /// Whether the red zone is covered.
    pub redacted: bool,
    /// The questions of a day: which are red zone, and how they are called in the forms for reading.
    pub questions: LogForm,
    /// Who is to open the file; anybody where there is none.
    pub lock: Option<Lock>,
}

impl Request {
    /// Everything, as JSON; days are those of this form.
    #[must_use]
    pub fn everything(questions: LogForm) -> Self {
        Self {
            questions,
            ..Self::default()
        }
    }

    /// The tables that are exported, in the order written.
    pub fn tables(&self) -> impl Iterator<Item = &'static Table> {
        static ALL: &[Table] = &TABLES;
        ALL.iter().filter(|table| {
            self.only
                .as_ref()
                .is_none_or(|only| only.iter().any(|wanted| wanted.sql == table.sql))
        })
    }

    /// What it holds, as one sentence.
    #[must_use]
    pub fn said(&self) -> String {
        let mut said = match &self.only {
            None => "everything".to_owned(),
            Some(_) => self
                .tables()
                .map(Table::json)
                .collect::<Vec<_>>()
                .join(", "),
        };
        if let Some(since) = self.since {
            let _ = write!(said, ", changed since {since}");
        }
        said.push_str(if self.redacted {
            "; red-zone texts are covered"
        } else {
            "; private texts are readable"
        });
        said
    }
}
