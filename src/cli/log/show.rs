//! A day on standard output: as text for a person, as JSON for a program.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr;

use crate::cli::output::Output;
use crate::domain::dates;
use crate::domain::form::{Field, LogForm};
use crate::domain::log::{DailyLog, Shown};
use crate::domain::patch::Patch;
use crate::domain::secret::Exit;

/// How a day is shown.
pub struct View<'a> {
    /// The questions.
    pub form: &'a LogForm,
    /// Where it goes.
    pub output: Output,
    /// Whether sensitive values are shown.
    pub reveal: bool,
    /// Whether fields without an answer are shown.
    pub full: bool,
}

impl View<'_> {
    /// The day with its sections, labels and values.
    pub fn text(&self, date: Date, day: Option<&DailyLog>) -> String {
        let mut text = format!("{}\n", dates::long(date));
        let fields = self
            .form
            .sections
            .iter()
            .flat_map(|section| &section.fields);
        let column =
            self.column(fields.filter(|field| self.full || day.is_some_and(|day| day.has(field))));
        for section in &self.form.sections {
            let mut lines = String::new();
            for field in &section.fields {
                if let Some(value) = self.value(day, field) {
                    self.row(&mut lines, &field.label, column, &value);
                }
            }
            if !lines.is_empty() {
                let _ = write!(text, "\n{}\n{lines}", self.output.line(&section.title));
            }
        }
        let left: Vec<&str> = day
            .map(|day| day.left_over(self.form).collect())
            .unwrap_or_default();
        if let Some(day) = day.filter(|_| !left.is_empty()) {
            text.push_str("\nNot in the form any more\n");
            for key in left {
                self.row(&mut text, key, column, &self.left_over(day, key));
            }
        }
        if day.is_none() && !self.full {
            text.push_str("\nNothing is logged for this day.\n");
        }
        if self.output.columns.is_some() && text.contains(self.output.mask()) {
            text.push_str("\nMasked values are shown by --reveal.\n");
        }
        text
    }

    /// What was set, and that it is saved.
    pub fn saved(&self, date: Date, patch: &Patch, day: &DailyLog) -> String {
        let mut text = format!("{}\n", dates::long(date));
        let set: Vec<&Field> = patch
            .keys()
            .filter_map(|key| self.form.exact(key))
            .collect();
        let column = self.column(set.iter().copied());
        for field in set {
            let value = self
                .value(Some(day), field)
                .unwrap_or_else(|| "cleared".to_owned());
            self.row(&mut text, &field.label, column, &value);
        }
        text.push_str("saved\n");
        text
    }

    /// The day as a document: every key that has a value; a masked one is null and named under `masked`.
    pub fn json(&self, date: Date, day: Option<&DailyLog>) -> Value {
        let mut data = Map::new();
        let mut masked = Vec::new();
        if let Some(day) = day {
            for (key, value) in day.data.expose(Exit::Output) {
                let hide = !self.reveal && !value.is_null() && self.form.is_sensitive(key);
                if hide {
                    masked.push(Value::from(key.as_str()));
                }
                data.insert(key.clone(), if hide { Value::Null } else { value.clone() });
            }
        }
        if self.full {
            for field in self
                .form
                .sections
                .iter()
                .flat_map(|section| &section.fields)
            {
                data.entry(field.key.as_str()).or_insert(Value::Null);
            }
        }
        json!({
            "date": date.to_string(),
            "logged": day.is_some(),
            "version": day.map(|day| day.version),
            "updatedAt": day.map(|day| day.updated_at.to_string()),
            "data": data,
            "masked": masked,
        })
    }

    fn value(&self, day: Option<&DailyLog>, field: &Field) -> Option<String> {
        let shown = day.map_or(Shown::Absent, |day| day.value(field));
        match shown {
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

    fn left_over(&self, day: &DailyLog, key: &str) -> String {
        match day.data.expose(Exit::Output).get(key) {
            Some(Value::String(text)) if self.reveal => text.clone(),
            Some(value) if self.reveal => value.to_string(),
            Some(_) | None => self.output.mask().to_owned(),
        }
    }

    fn column<'a>(&self, fields: impl Iterator<Item = &'a Field>) -> usize {
        let widest = fields
            .map(|field| self.output.line(&field.label).width())
            .max()
            .unwrap_or(0);
        let most = self.output.columns.map_or(40, |columns| columns / 2);
        2 + widest.min(most) + 2
    }

    fn row(&self, text: &mut String, label: &str, column: usize, value: &str) {
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

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )]
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::domain::ids::RecordId;
    use crate::domain::secret::Secret;

    fn day() -> DailyLog {
        let Value::Object(data) = json!({
            "sleepHours": 6.5,
            "energy": 6,
            "topWin": "Finished the plan\nand slept \u{1b}[31mred",
            "driftCheck": "planted-needle",
            "oldQuestion": "planted-needle too",
        }) else {
            panic!("an object")
        };
        DailyLog {
            id: RecordId::new(),
            date: date(2026, 11, 23),
            data: Secret::new(data),
            version: 3,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn view(form: &LogForm, columns: Option<usize>, reveal: bool) -> View<'_> {
        View {
            form,
            output: Output {
                columns,
                unicode: true,
            },
            reveal,
            full: false,
        }
    }

    #[test]
    fn a_day_is_printed_with_its_sections_and_masks() {
        let form = LogForm::builtin();
        let text = view(&form, None, false).text(date(2026, 11, 23), Some(&day()));
        assert!(
            text.starts_with("Mon 23 Nov 2026\n\nMorning\n  sleep  "),
            "{text}"
        );
        for words in [
            "6.5 h",
            "Finished the plan",
            "●●●●●●",
            "Not in the form any more\n  oldQuestion",
        ] {
            assert!(text.contains(words), "{words} is missing in {text}");
        }
        assert!(
            !text.contains("needle") && !text.contains('\u{1b}'),
            "{}",
            text.escape_debug()
        );
        assert!(!text.contains("Habits"), "no section without an answer");
    }

    #[test]
    fn reveal_shows_what_was_asked_for() {
        let form = LogForm::builtin();
        let text = view(&form, Some(60), true).text(date(2026, 11, 23), Some(&day()));
        assert!(
            text.contains("planted-needle too") && !text.contains("--reveal"),
            "{text}"
        );
        assert!(text.lines().all(|line| line.width() <= 60), "{text}");
    }

    #[test]
    fn json_says_what_is_masked() {
        let form = LogForm::builtin();
        let document = view(&form, None, false).json(date(2026, 11, 23), Some(&day()));
        assert_eq!(document["data"]["energy"], 6);
        assert_eq!(document["data"]["driftCheck"], Value::Null);
        assert_eq!(document["masked"], json!(["driftCheck", "oldQuestion"]));
        assert!(!document.to_string().contains("needle"));
        let open = view(&form, None, true).json(date(2026, 11, 23), Some(&day()));
        assert_eq!(open["data"]["driftCheck"], "planted-needle");
        assert_eq!(open["masked"], json!([]));
        let none = view(&form, None, false).json(date(2026, 11, 23), None);
        assert_eq!(
            (&none["logged"], &none["data"]),
            (&json!(false), &json!({}))
        );
    }

    #[test]
    fn what_was_set_is_echoed_masked() {
        let form = LogForm::builtin();
        let mut patch = Patch::one("energy", Some(json!(6)));
        patch.merge(Patch::one("driftCheck", Some(json!("planted-needle"))));
        patch.merge(Patch::one("mood", None));
        let text = view(&form, None, false).saved(date(2026, 11, 23), &patch, &day());
        assert_eq!(
            text,
            "Mon 23 Nov 2026\n  drift check  ●●●●●●\n  energy       6\n  mood         cleared\nsaved\n"
        );
    }
}
