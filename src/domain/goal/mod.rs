//! Goals and check-ins: what a week of a goal amounts to.
//!
//! Dates are civil, so neither zones nor summer time play a part. What is counted is what was written:
//! a day without a check-in is not a “no”, and nothing here rates a week.

mod amount;
mod check_in;
mod find;
mod minimum;
mod order;
mod progress;
mod streak;
mod week;
pub mod words;

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::ids::RecordId;

pub use amount::{AmountError, MAX_AMOUNT, MINUTES_OF_A_DAY, parse_amount, show_amount};
pub use check_in::CheckIn;
pub use find::{FindError, Named, find};
pub use minimum::{MAX_MINIMUM, MinimumError, parse_minimum, show_minimum};
pub use order::{CheckInOrder, OrderError, read_order};
pub(in crate::domain) use progress::worth;
pub use progress::{Buffer, DayMark, Progress, progress};
pub use streak::{Streak, streak};
pub use week::Week;

/// The part of life that a goal belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)] // the person's own vocabulary; the words say it
pub enum Domain {
    Faith,
    Family,
    Work,
    Health,
    Logistics,
    Property,
    Ideas,
    Discipline,
}

impl Domain {
    /// All domains, in the order of the data model.
    pub const ALL: [Self; 8] = [
        Self::Faith,
        Self::Family,
        Self::Work,
        Self::Health,
        Self::Logistics,
        Self::Property,
        Self::Ideas,
        Self::Discipline,
    ];

    /// The word that is stored and shown.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Faith => "faith",
            Self::Family => "family",
            Self::Work => "work",
            Self::Health => "health",
            Self::Logistics => "logistics",
            Self::Property => "property",
            Self::Ideas => "ideas",
            Self::Discipline => "discipline",
        }
    }

    /// The domain of a stored word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|domain| domain.word() == word)
    }

    /// Whether the notes of its check-ins belong to the red zone.
    #[must_use]
    pub const fn has_private_notes(self) -> bool {
        match self {
            Self::Faith | Self::Family => true,
            Self::Work
            | Self::Health
            | Self::Logistics
            | Self::Property
            | Self::Ideas
            | Self::Discipline => false,
        }
    }
}

/// What a goal counts in a week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TargetType {
    /// The days that were done.
    #[default]
    Binary,
    /// The sum of the amounts.
    Count,
    /// The sum of the minutes.
    Duration,
}

impl TargetType {
    /// All of them, in the order of the data model.
    pub const ALL: [Self; 3] = [Self::Binary, Self::Count, Self::Duration];

    /// The word that is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::Count => "count",
            Self::Duration => "duration",
        }
    }

    /// The type of a stored word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.word() == word)
    }

    /// Whether a check-in has an amount.
    #[must_use]
    pub const fn takes_amount(self) -> bool {
        match self {
            Self::Binary => false,
            Self::Count | Self::Duration => true,
        }
    }
}

/// How near the trunk a goal is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// 1, core.
    Trunk,
    /// 2, growth.
    #[default]
    Leaves,
    /// 3.
    Low,
}

impl Priority {
    /// All of them, the first first.
    pub const ALL: [Self; 3] = [Self::Trunk, Self::Leaves, Self::Low];

    /// The word that is shown.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Trunk => "trunk",
            Self::Leaves => "leaves",
            Self::Low => "low",
        }
    }

    /// The number that is stored.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Trunk => 1,
            Self::Leaves => 2,
            Self::Low => 3,
        }
    }

    /// The priority of a stored number.
    #[must_use]
    pub fn of_number(number: u64) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|priority| u64::from(priority.number()) == number)
    }
}

/// Whether a goal is worked on. Only the person changes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Worked on.
    #[default]
    Active,
    /// Set aside for a while.
    Paused,
    /// Kept apart; it stays in exports.
    Archived,
}

impl Status {
    /// All of them, in the order of the data model.
    pub const ALL: [Self; 3] = [Self::Active, Self::Paused, Self::Archived];

    /// The word that is stored and shown.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Archived => "archived",
        }
    }

    /// The status of a stored word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

/// A goal as far as its weeks are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Made by the client.
    pub id: RecordId,
    /// One line.
    pub title: String,
    /// Where it belongs.
    pub domain: Domain,
    /// What is counted.
    pub target: TargetType,
    /// How much of it a week asks for, from 1: days, a count, or minutes.
    pub weekly_minimum: u32,
    /// The first day that counts; every day before `due` where there is none.
    pub start: Option<Date>,
    /// The last day that counts.
    pub due: Option<Date>,
    /// Worked on, set aside or kept apart.
    pub status: Status,
    /// How near the trunk.
    pub priority: Priority,
    /// Whether its domain was ever one whose notes are private; the database remembers it.
    pub was_private: bool,
}

impl Goal {
    /// The goal of a record's fields. What is missing is what the database would put in; nothing where the
    /// title or the domain is missing, as in a goal that is half deleted.
    #[must_use]
    pub fn of_fields(id: RecordId, fields: &Map<String, Value>) -> Option<Self> {
        let word = |key: &str| fields.get(key).and_then(Value::as_str);
        let date = |key: &str| word(key).and_then(|date| date.parse().ok());
        let whole = |key: &str| fields.get(key).and_then(whole);
        Some(Self {
            id,
            title: word("title")?.to_owned(),
            domain: word("domain").and_then(Domain::of_word)?,
            target: word("targetType")
                .and_then(TargetType::of_word)
                .unwrap_or_default(),
            weekly_minimum: whole("weeklyMinimum")
                .and_then(|minimum| u32::try_from(minimum).ok())
                .unwrap_or(1)
                .max(1),
            start: date("startDate"),
            due: date("dueDate"),
            status: word("status").and_then(Status::of_word).unwrap_or_default(),
            priority: whole("priority")
                .and_then(Priority::of_number)
                .unwrap_or_default(),
            was_private: fields
                .get("wasPrivate")
                .and_then(Value::as_bool)
                .unwrap_or(false),
        })
    }

    /// Whether the notes of its check-ins belong to the red zone: what was written as private stays so when the
    /// goal's domain changes.
    #[must_use]
    pub const fn has_private_notes(&self) -> bool {
        self.was_private || self.domain.has_private_notes()
    }

    /// Whether a day belongs to the goal: not before its start, not after its due date.
    #[must_use]
    pub fn covers(&self, date: Date) -> bool {
        self.start.is_none_or(|start| start <= date) && self.due.is_none_or(|due| date <= due)
    }
}

/// A number without a fraction, also where it is stored as `4.0`, or as a text, as options of a form are.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // bounded and whole
fn whole(value: &Value) -> Option<u64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    ((0.0..=1e9).contains(&number) && number.fract() == 0.0).then_some(number as u64)
}
