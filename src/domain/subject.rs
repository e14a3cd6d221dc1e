//! What a form is about: one day's log, or one record of a lane.

use jiff::civil::Date;

use super::draft::Place;
use super::ids::RecordId;
use super::lane::Lane;

/// A day's log, or a record of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The log of a date.
    Log(Date),
    /// A record of a lane.
    Record(Lane, RecordId),
}

impl Subject {
    /// One of its fields, as drafts and editors name it.
    #[must_use]
    pub fn place(self, field: impl Into<String>) -> Place {
        let field = field.into();
        match self {
            Self::Log(date) => Place::Log { date, field },
            Self::Record(lane, id) => Place::Record { lane, id, field },
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
}
