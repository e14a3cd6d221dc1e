//! What a form is about: one day's log, or one record of a lane.

use jiff::civil::Date;

use super::dates;
use super::draft::Place;
use super::form::LogForm;
use super::ids::RecordId;
use super::lane::Lane;

/// How the key of an answer to a review's question begins.
const ANSWERS: &str = "answers.";

/// A day's log, or a record of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The log of a date.
    Log(Date),
    /// A record of a lane.
    Record(Lane, RecordId),
}

impl Subject {
    /// What a text belongs to.
    #[must_use]
    pub fn of(place: &Place) -> Self {
        match place {
            Place::Log { date, .. } => Self::Log(*date),
            Place::Record { lane, id, .. } => Self::Record(*lane, *id),
        }
    }

    /// Where the text of one of its fields belongs.
    #[must_use]
    pub fn place(self, key: impl Into<String>) -> Place {
        let field = key.into();
        match self {
            Self::Log(date) => Place::Log { date, field },
            Self::Record(lane, id) => Place::Record { lane, id, field },
        }
    }

    /// Whether a field holds words that a person wrote, of which both stay where two were written. A day's field that
    /// the form does not ask may be the answer to a question that it once did. Of a lane, what its form does not ask is
    /// set by commands, as a status is, except for what a review was once asked.
    #[must_use]
    pub fn is_text(self, key: &str, form: &LogForm) -> bool {
        match (form.field(key), self) {
            (Some(field), _) => field.is_written(),
            (None, Self::Log(_)) => true,
            (None, Self::Record(lane, _)) => lane == Lane::Reviews && key.starts_with(ANSWERS),
        }
    }

    /// What it is called, in a sentence: `day`, `idea`.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Log(_) => "day",
            Self::Record(lane, _) => lane.noun(),
        }
    }

    /// Which one it is, without any of its content: `Mon 23 Nov 2026`, `an idea`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Log(date) => dates::long(date),
            Self::Record(lane, _) => lane.one().to_owned(),
        }
    }
}
