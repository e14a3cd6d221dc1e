//! `wildlands idea show`, and how ideas are printed.

use std::fmt::Write as _;

use jiff::Zoned;
use serde_json::{Value, json};

use crate::cli::connection::Connection;
use crate::cli::exit::Failure;
use crate::cli::output::Output;
use crate::cli::sheet::Sheet;
use crate::cli::{output, record, settings};
use crate::domain::dates;
use crate::domain::idea::{Status, age, score};
use crate::domain::lane::Lane;
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::domain::secret::Exit as Way;

use super::Printing;

/// Print an idea; its content stays masked unless --reveal is given
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The idea's id, as `list` shows it
    id: String,
    /// Print the fields without an answer too
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    printing: Printing,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let id = record::id(&arguments.id)?;
    let idea = crate::cli::block_on(async {
        let connection = Connection::open().await?;
        record::whole(&connection, Lane::Ideas, id).await
    })?;
    let view = View::of(arguments.printing, arguments.full);
    output::print(&if arguments.printing.json {
        view.sheet.output.json(&view.json(&idea))
    } else {
        view.text(&idea)
    })
}

/// How ideas are printed.
pub(super) struct View {
    pub(super) sheet: Sheet<'static>,
    now: Zoned,
}

impl View {
    /// As it was asked for.
    pub(super) fn of(printing: Printing, full: bool) -> Self {
        let sheet = Sheet {
            form: Lane::Ideas.form(),
            output: Output::standard(),
            reveal: printing.reveal,
            full,
        };
        let now = settings::read().now();
        Self { sheet, now }
    }

    /// The idea with its sections.
    pub(super) fn text(&self, idea: &Record) -> String {
        let mut text = format!("{}\n", self.head(idea));
        text.push_str(&self.sheet.sections(&|field| idea.value(field)));
        text.push_str(self.sheet.advice(&text));
        text
    }

    /// What was done with it, and what was set.
    pub(super) fn said(&self, idea: &Record, done: &str, patch: &Patch) -> String {
        let set = self.sheet.set(patch, &|field| idea.value(field));
        format!("{}\n{set}{done}\n", self.head(idea))
    }

    /// As a document.
    pub(super) fn json(&self, idea: &Record) -> Value {
        let open = [
            ("status", json!(idea.word("status"))),
            ("score", json!(points(idea))),
            ("priority", json!(idea.whole_number("priority"))),
            (
                "reviewOn",
                json!(idea.date("reviewOn").map(|date| date.to_string())),
            ),
        ];
        record::json(&self.sheet, idea, &open)
    }

    /// One idea of a list: a line, or two where there is little room.
    pub(super) fn line(&self, idea: &Record) -> String {
        let Output { columns, unicode } = self.sheet.output;
        let title = idea.text("title").map_or_else(String::new, |title| {
            if self.sheet.reveal {
                (*title.expose(Way::Output)).to_owned()
            } else {
                self.sheet.output.mask().to_owned()
            }
        });
        let title = self.sheet.output.line(&title).into_owned();
        let times = if unicode { "×" } else { "x" };
        let figure = |key: &str| {
            let number = idea.whole_number(key);
            number.map_or_else(|| "-".to_owned(), |number| number.to_string())
        };
        let score = match points(idea) {
            Some(points) => format!(
                "{}{times}{}={points}",
                figure("excitement"),
                figure("feasibility")
            ),
            None => "-".to_owned(),
        };
        let facts = format!(
            "{:<15}  {:>5}  {score:>8}  p{}",
            status(idea),
            self.age(idea),
            figure("priority"),
        );
        match columns {
            Some(columns) if columns < 100 => format!("{}\n  {facts}\n  {title}\n", idea.id),
            Some(_) | None => format!("{}  {facts}  {title}\n", idea.id),
        }
    }

    fn head(&self, idea: &Record) -> String {
        let mut head = format!("{}  {}, {}", idea.id, status(idea), self.age(idea));
        if let Some(points) = points(idea) {
            let _ = write!(head, ", score {points}");
        }
        if let Some(date) = idea.date("reviewOn") {
            let _ = write!(head, ", review on {}", dates::long(date));
        }
        head
    }

    fn age(&self, idea: &Record) -> String {
        let made = dates::local_date(idea.created_at, self.now.time_zone());
        age(made, self.now.date())
    }
}

/// Excitement × feasibility.
fn points(idea: &Record) -> Option<u8> {
    let figure = |key: &str| {
        idea.whole_number(key)
            .and_then(|number| u8::try_from(number).ok())
    };
    score(figure("excitement"), figure("feasibility"))
}

fn status(idea: &Record) -> &str {
    let word = idea.word("status").unwrap_or_default();
    match Status::read(word) {
        Some(status) => status.label(),
        None => word,
    }
}
