//! A day on standard output: as text for a person, as JSON for a program.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::cli::sheet::Sheet;
use crate::domain::dates;
use crate::domain::form::Field;
use crate::domain::log::{DailyLog, Shown};
use crate::domain::patch::Patch;
use crate::domain::secret::{Exit, Secret};

/// How a day is shown.
pub struct View<'a>(pub Sheet<'a>);

impl View<'_> {
    /// The day with its sections, labels and values.
    pub fn text(&self, date: Date, day: Option<&DailyLog>) -> String {
        let Self(sheet) = self;
        let mut text = format!("{}\n", dates::long(date));
        text.push_str(&sheet.sections(&|field| value(day, field)));
        let left: Vec<&str> = day
            .map(|day| day.left_over(sheet.form).collect())
            .unwrap_or_default();
        if let Some(day) = day.filter(|_| !left.is_empty()) {
            text.push_str("\nNot in the form any more\n");
            let shown = |field: &&Field| sheet.full || day.has(field);
            let fields = sheet.form.sections.iter().flat_map(|one| &one.fields);
            let column = sheet.column(fields.filter(shown));
            for key in left {
                sheet.row(&mut text, key, column, &self.left_over(day, key));
            }
        }
        if day.is_none() && !sheet.full {
            text.push_str("\nNothing is logged for this day.\n");
        }
        text.push_str(sheet.advice(&text));
        text
    }

    /// What was set, and that it is saved.
    pub fn saved(&self, date: Date, patch: &Patch, day: &DailyLog) -> String {
        let set = self.0.set(patch, &|field| value(Some(day), field));
        format!("{}\n{set}saved\n", dates::long(date))
    }

    /// The day as a document: every key that has a value; a masked one is null and named under `masked`.
    pub fn json(&self, date: Date, day: Option<&DailyLog>) -> Value {
        let Self(sheet) = self;
        let none = Map::new();
        let fields = day.map_or(Secret::new(&none), |day| day.data.as_ref());
        let (data, masked) = sheet.data(fields, |key| sheet.form.is_sensitive(key));
        json!({
            "date": date.to_string(),
            "logged": day.is_some(),
            "version": day.map(|day| day.version),
            "updatedAt": day.map(|day| day.updated_at.to_string()),
            "data": data,
            "masked": masked,
        })
    }

    fn left_over(&self, day: &DailyLog, key: &str) -> String {
        let Self(sheet) = self;
        match day.data.expose(Exit::Output).get(key) {
            Some(Value::String(text)) if sheet.reveal => text.clone(),
            Some(value) if sheet.reveal => value.to_string(),
            Some(_) | None => sheet.output.mask().to_owned(),
        }
    }
}

fn value<'d>(day: Option<&'d DailyLog>, field: &Field) -> Shown<'d> {
    day.map_or(Shown::Absent, |day| day.value(field))
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

    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::cli::output::Output;
    use crate::domain::form::LogForm;
    use crate::domain::ids::RecordId;

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
        View(Sheet {
            form,
            output: Output {
                columns,
                unicode: true,
            },
            reveal,
            full: false,
        })
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
