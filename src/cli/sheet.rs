//! The answers to a form on standard output: as text for a person, as JSON for a program.
//!
//! What is sensitive is masked unless it was asked to be revealed.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

use crate::domain::form::{Field, LogForm};
use crate::domain::log::Shown;
use crate::domain::patch::Patch;
use crate::domain::secret::{Exit, Secret};

use super::output::Output;

/// How answers are shown.
pub struct Sheet<'a> {
    /// The questions.
    pub form: &'a LogForm,
    /// Where it goes.
    pub output: Output,
    /// Whether sensitive values are shown.
    pub reveal: bool,
    /// Whether fields without an answer are shown.
    pub full: bool,
}

/// The value of a field.
pub type Values<'v, 'f> = &'f dyn Fn(&Field) -> Shown<'v>;

impl Sheet<'_> {
    /// The sections that have something to show, each behind an empty line.
    pub fn sections(&self, values: Values<'_, '_>) -> String {
        let mut text = String::new();
        let all = self.form.sections.iter().flat_map(|one| &one.fields);
        let column = self.column(all.filter(|field| self.value(values, field).is_some()));
        for section in &self.form.sections {
            let mut lines = String::new();
            for field in &section.fields {
                if let Some(value) = self.value(values, field) {
                    self.row(&mut lines, &field.label, column, &value);
                }
            }
            if !lines.is_empty() {
                let _ = write!(text, "\n{}\n{lines}", self.output.line(&section.title));
            }
        }
        text
    }

    /// The fields that a patch has set.
    pub fn set(&self, patch: &Patch, values: Values<'_, '_>) -> String {
        let mut text = String::new();
        let set: Vec<&Field> = patch
            .keys()
            .filter_map(|key| self.form.exact(key))
            .collect();
        let column = self.column(set.iter().copied());
        for field in set {
            let value = self.value(values, field);
            let value = value.unwrap_or_else(|| "cleared".to_owned());
            self.row(&mut text, &field.label, column, &value);
        }
        text
    }

    /// How masked values are shown, where a person reads this and there are any in it.
    pub fn advice(&self, text: &str) -> &'static str {
        if self.output.columns.is_some() && text.contains(self.output.mask()) {
            "\nMasked values are shown by --reveal.\n"
        } else {
            ""
        }
    }

    /// Every key that has a value, a masked one as null, and the keys of those.
    pub fn data(
        &self,
        fields: Secret<&Map<String, Value>>,
        is_sensitive: impl Fn(&str) -> bool,
    ) -> (Map<String, Value>, Vec<Value>) {
        let mut data = Map::new();
        let mut masked = Vec::new();
        for (key, value) in fields.into_exposed(Exit::Output) {
            let hide = !self.reveal && !value.is_null() && is_sensitive(key);
            if hide {
                masked.push(Value::from(key.as_str()));
            }
            data.insert(key.clone(), if hide { Value::Null } else { value.clone() });
        }
        if self.full {
            for field in self.form.sections.iter().flat_map(|one| &one.fields) {
                data.entry(field.key.as_str()).or_insert(Value::Null);
            }
        }
        (data, masked)
    }

    fn value(&self, values: Values<'_, '_>, field: &Field) -> Option<String> {
        match values(field) {
            Shown::Absent if self.full => {
                Some(if self.output.unicode { "–" } else { "-" }.to_owned())
            }
            Shown::Absent => None,
            Shown::Open(value) => Some(with_unit(field, value)),
            Shown::Sealed(value) if self.reveal => {
                Some(with_unit(field, value.into_exposed(Exit::Output)))
            }
            Shown::Sealed(_) => Some(self.output.mask().to_owned()),
        }
    }

    /// The column of the values beside these labels.
    pub fn column<'a>(&self, fields: impl Iterator<Item = &'a Field>) -> usize {
        let widest = fields
            .map(|field| self.output.line(&field.label).width())
            .max()
            .unwrap_or(0);
        let most = self.output.columns.map_or(40, |columns| columns / 2);
        2 + widest.min(most) + 2
    }

    /// A label and a value beside it, wrapped where there is a width.
    pub fn row(&self, text: &mut String, label: &str, column: usize, value: &str) {
        let label = self.output.line(label);
        let room = column.saturating_sub(4 + label.width());
        let lines = self.output.wrapped(value, column);
        let mut lines = lines.iter();
        let first = lines.next().map_or("", String::as_str);
        let _ = writeln!(text, "  {label}{:room$}  {first}", "");
        for line in lines {
            let padding = if line.is_empty() { 0 } else { column };
            let _ = writeln!(text, "{:padding$}{line}", "");
        }
    }
}

fn with_unit(field: &Field, value: &Value) -> String {
    match (&field.unit, value) {
        (Some(unit), Value::Number(_)) => format!("{} {unit}", field.show(value)),
        (Some(_) | None, _) => field.show(value),
    }
}
