//! The lanes of the ledger beside the daily log, as every part of the program names them.

use std::sync::{LazyLock, OnceLock};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::form::{FormError, LogForm};

/// The person's own questions of a weekly review.
static OWN_QUESTIONS: OnceLock<LogForm> = OnceLock::new();

/// Puts the person's own questions of a weekly review in the place of the built-in ones, for as long as the program
/// runs. Only the first call counts: what a form says must not change under those who read it.
pub fn ask_in_reviews(questions: LogForm) {
    let _ = OWN_QUESTIONS.set(questions);
}

/// A lane whose records are listed, made, changed, deleted and brought back one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Lane {
    /// What could happen.
    Ideas,
    /// What is worked on.
    Goals,
    /// What was done for a goal on a date.
    CheckIns,
    /// Requests for lessons, with their plans.
    Teaching,
    /// Brand content.
    Content,
    /// Weekly reviews: answers, and the figures of their day.
    Reviews,
    /// Calculated signals; the program makes them, the person answers them.
    Signals,
}

impl Lane {
    /// All lanes, in the order of the export.
    pub const ALL: [Self; 7] = [
        Self::Ideas,
        Self::Goals,
        Self::CheckIns,
        Self::Teaching,
        Self::Content,
        Self::Reviews,
        Self::Signals,
    ];

    /// The table's name in the database.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            Self::Ideas => "ideas",
            Self::Goals => "goals",
            Self::CheckIns => "check_ins",
            Self::Teaching => "teaching_requests",
            Self::Content => "harris_content",
            Self::Reviews => "reviews",
            Self::Signals => "drift_flags",
        }
    }

    /// The lane of a table.
    #[must_use]
    pub fn of_table(table: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.table() == table)
    }

    /// What one record is called, in a sentence: `idea`.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Ideas => "idea",
            Self::Goals => "goal",
            Self::CheckIns => "check-in",
            Self::Teaching => "lesson request",
            Self::Content => "piece of content",
            Self::Reviews => "weekly review",
            Self::Signals => "signal",
        }
    }

    /// What several are called: `ideas`.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Ideas => "ideas",
            Self::Goals => "goals",
            Self::CheckIns => "check-ins",
            Self::Teaching => "lesson requests",
            Self::Content => "pieces of content",
            Self::Reviews => "weekly reviews",
            Self::Signals => "signals",
        }
    }

    /// With its article: `an idea`.
    #[must_use]
    pub const fn one(self) -> &'static str {
        match self {
            Self::Ideas => "an idea",
            Self::Goals => "a goal",
            Self::CheckIns => "a check-in",
            Self::Teaching => "a lesson request",
            Self::Content => "a piece of content",
            Self::Reviews => "a weekly review",
            Self::Signals => "a signal",
        }
    }

    /// The questions of a record. Columns that are set by commands alone, such as a status, are not
    /// among them.
    #[must_use]
    pub fn form(self) -> &'static LogForm {
        static FORMS: LazyLock<[LogForm; 7]> = LazyLock::new(|| {
            Lane::ALL.map(|lane| {
                let (file, toml) = lane.form_file();
                lane.parse(toml, file).unwrap_or_default()
            })
        });
        let [ideas, goals, check_ins, teaching, content, reviews, signals] = &*FORMS;
        match self {
            Self::Ideas => ideas,
            Self::Goals => goals,
            Self::CheckIns => check_ins,
            Self::Teaching => teaching,
            Self::Content => content,
            Self::Reviews => OWN_QUESTIONS.get().unwrap_or(reviews),
            Self::Signals => signals,
        }
    }

    /// Reads a form file of this lane.
    ///
    /// # Errors
    /// As [`LogForm::parse`].
    pub fn parse(self, toml: &str, file: &str) -> Result<LogForm, FormError> {
        match self {
            Self::Ideas
            | Self::Goals
            | Self::CheckIns
            | Self::Teaching
            | Self::Content
            | Self::Signals => LogForm::parse_lane(toml, file),
            Self::Reviews => LogForm::parse_questions(toml, file),
        }
    }

    /// The form's file and what is in it.
    #[must_use]
    pub const fn form_file(self) -> (&'static str, &'static str) {
        match self {
            Self::Ideas => ("ideas.toml", include_str!("../../assets/lanes/ideas.toml")),
            Self::Goals => ("goals.toml", include_str!("../../assets/lanes/goals.toml")),
            Self::CheckIns => (
                "check_ins.toml",
                include_str!("../../assets/lanes/check_ins.toml"),
            ),
            Self::Teaching => (
                "teaching.toml",
                include_str!("../../assets/lanes/teaching.toml"),
            ),
            Self::Content => (
                "content.toml",
                include_str!("../../assets/lanes/content.toml"),
            ),
            Self::Reviews => (
                "reviews.toml",
                include_str!("../../assets/lanes/reviews.toml"),
            ),
            Self::Signals => (
                "signals.toml",
                include_str!("../../assets/lanes/signals.toml"),
            ),
        }
    }

    /// The field that a record is known by.
    #[must_use]
    pub const fn title_field(self) -> &'static str {
        match self {
            Self::Ideas | Self::Goals | Self::Content => "title",
            Self::CheckIns => "note",
            Self::Teaching => "subject",
            Self::Reviews => "weekStart",
            Self::Signals => "sentence",
        }
    }

    /// The field whose word tells how far a record has come, by which a lane's records stand on shelves.
    #[must_use]
    pub const fn status_field(self) -> &'static str {
        match self {
            Self::Signals => "state",
            Self::Ideas
            | Self::Goals
            | Self::CheckIns
            | Self::Teaching
            | Self::Content
            | Self::Reviews => "status",
        }
    }

    /// Whether a field of a record needs the mask; what the form does not know does in the lane that
    /// is private as a whole, in the one whose records may speak of a private field, and where it may be the answer
    /// to a question that is no longer asked.
    #[must_use]
    pub fn is_sensitive(self, key: &str) -> bool {
        match self.form().exact(key) {
            Some(field) => field.sensitive,
            None => match self {
                Self::Ideas | Self::Signals => true,
                Self::Reviews => key.starts_with("answers."),
                Self::Goals | Self::CheckIns | Self::Teaching | Self::Content => false,
            },
        }
    }

    /// Columns that a list leaves out: long texts, and what no screen shows.
    #[must_use]
    pub const fn long_columns(self) -> &'static [&'static str] {
        match self {
            Self::Ideas => &[
                "pitch",
                "who_it_helps",
                "pain_it_solves",
                "why_i_care",
                "tiny_test",
                "resources_needed",
                "milestones",
                "reality_check",
                "notes",
                "imported",
            ],
            Self::Goals => &["description", "imported"],
            Self::CheckIns => &["imported"],
            Self::Teaching => &[
                "materials",
                "student_profile",
                "constraints",
                "plan",
                "notes",
                "imported",
            ],
            Self::Content => &["content", "imported"],
            Self::Reviews => &["answers", "stats"],
            Self::Signals => &["value"],
        }
    }

    /// What the database puts into a new record by itself.
    pub fn begin(self, fields: &mut Map<String, Value>) {
        let given: &[(&str, Value)] = match self {
            Self::Ideas => &[
                ("captureMode", Value::from("quick")),
                ("status", Value::from("draft")),
                ("priority", Value::from(0)),
            ],
            Self::Goals => &[
                ("targetType", Value::from("binary")),
                ("weeklyMinimum", Value::from(1)),
                ("status", Value::from("active")),
                ("priority", Value::from(2)),
            ],
            Self::CheckIns => &[("completed", Value::from(true))],
            Self::Teaching => &[
                ("format", Value::from("lesson plan")),
                ("status", Value::from("requested")),
            ],
            Self::Content => &[("status", Value::from("draft"))],
            Self::Reviews => &[],
            Self::Signals => &[("state", Value::from("open"))],
        };
        for (key, value) in given {
            fields.insert((*key).to_owned(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::export_format::{snake_case, table};

    #[test]
    fn every_form_is_readable_and_asks_for_columns_of_its_table() {
        for lane in Lane::ALL {
            let (file, toml) = lane.form_file();
            let form = lane.parse(toml, file).unwrap();
            let columns = table(lane.table()).unwrap().columns;
            for field in form.sections.iter().flat_map(|section| &section.fields) {
                let column = field.key.split('.').next().unwrap();
                assert!(
                    columns.contains(&snake_case(column).as_str()),
                    "{file}: {}",
                    field.key
                );
            }
            for column in lane.long_columns() {
                assert!(columns.contains(column), "{file}: {column}");
            }
            assert_eq!(Lane::of_table(lane.table()), Some(lane));
        }
    }

    #[test]
    fn all_content_of_an_idea_is_private() {
        for section in &Lane::Ideas.form().sections {
            for field in &section.fields {
                assert!(field.sensitive, "{}", field.key);
            }
        }
        assert!(Lane::Ideas.is_sensitive("whatever"));
    }
}
