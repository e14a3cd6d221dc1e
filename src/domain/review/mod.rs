//! The review of a week: what happened, held against what is typical for the person and against the same week a
//! year before, and the questions whose answers are kept with the figures of that day.
//!
//! Everything here is computed from [`Material`], a day that is called today and the person's form; nothing is
//! rated. A day without an answer takes no part in a figure, and a field of the red zone takes part only where the
//! person has opted it in; even then what is said of it is marked, so that it is masked wherever it is shown.

mod figures;
mod json;
mod kept;
mod markdown;
mod named;
mod steps;
pub mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;
use uuid::Uuid;

use super::drift::{EvidenceRow, Settings, SignalType};
use super::goal::{CheckIn, Goal, Week};
use super::idea;
use super::ids::{RecordId, UserId};
use super::secret::Secret;
use super::teaching;

pub use figures::{
    Days, FieldFigure, Figures, GoalFigure, IdeaFigure, Ideas, LessonFigure, Lessons, Observed,
    Reason, SignalFigure, figures,
};
pub use json::Detail;
pub use kept::{PLACE, Review, completing};
pub use markdown::markdown;
pub use named::{WeekError, iso_name, parse_week, week_to_review};
pub use steps::{Step, steps};

/// How many days before the week are looked at: enough for what is typical and for the same week a year before.
pub const LOOK_BACK: i64 = 400;

/// How many weeks before the same week of the year before began. The days of the week stay what they are.
pub const YEAR: i32 = -52;

/// How long a draft of an idea may lie before it is named, in days.
pub const UNTOUCHED: i64 = 14;

/// The most ideas, lesson requests and signals that are named; the rest is counted.
pub const NAMED: usize = 20;

/// What the database holds of a week and of what it is held against. The order of the lists does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Material {
    /// Dates with a log, of the week and of the [`LOOK_BACK`] days before it.
    pub logged: Vec<Date>,
    /// Answers of the same dates by the field's key; a toggle's are 1 and 0. The key is missing where the person has
    /// not opted in a field of the red zone.
    pub answers: Secret<BTreeMap<String, Vec<(Date, f64)>>>,
    /// Goals, each with the local date on which it was made.
    pub goals: Vec<(Goal, Date)>,
    /// Check-ins of the week and of the same week a year before.
    pub check_ins: Vec<CheckIn>,
    /// Signals that were first seen or that ended in the week.
    pub signals: Vec<SeenSignal>,
    /// Ideas that may be stale on the week's last day, or today where that has not come.
    pub ideas: Vec<WaitingIdea>,
    /// How many parked ideas and how many drafts these are, those included that are not named.
    pub ideas_waiting: (u64, u64),
    /// Lesson requests that are open.
    pub lessons: Vec<OpenLesson>,
    /// How many these are.
    pub lessons_open: u64,
    /// What takes part in drift.
    pub settings: Settings,
    /// The review of the week, where there is one.
    pub review: Option<RecordId>,
}

/// A stored signal as far as a week is concerned.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenSignal {
    /// The row.
    pub id: RecordId,
    /// What kind of observation.
    pub kind: SignalType,
    /// A field's key, a goal's id, a domain's word, or nothing.
    pub subject: String,
    /// What was observed.
    pub sentence: Secret<String>,
    /// The day on which it first appeared.
    pub first_seen: Date,
    /// The day on which its condition had ended.
    pub ended: Option<Date>,
    /// The rows that caused it.
    pub rows: Vec<EvidenceRow>,
}

/// An idea that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct WaitingIdea {
    /// The idea.
    pub id: RecordId,
    /// Private, as all of an idea is.
    pub title: Secret<String>,
    /// A draft, or parked.
    pub status: idea::Status,
    /// The local date of its last change.
    pub touched: Date,
    /// When a parked one is looked at again.
    pub review_on: Option<Date>,
}

/// A lesson request that was not taught yet.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenLesson {
    /// The request.
    pub id: RecordId,
    /// Subject and topic.
    pub title: String,
    /// Requested or planned.
    pub status: teaching::Status,
    /// The local date on which it was made.
    pub since: Date,
}

/// The id of a person's review of a week. Every program that makes it makes the same one, so that two never make two.
/// It is a `UUIDv8`: the user's id, with the number of the week's first day in its last four bytes.
#[must_use]
pub fn id_of(user: UserId, week: Week) -> RecordId {
    let days = week.first().duration_since(Date::ZERO).as_hours() / 24;
    let days = u32::try_from(days).unwrap_or(0).to_be_bytes();
    let mut bytes = *user.0.as_bytes();
    for (byte, day) in bytes.iter_mut().rev().zip(days.into_iter().rev()) {
        *byte ^= day;
    }
    if let Some(version) = bytes.get_mut(6) {
        *version = (*version & 0x0f) | 0x80;
    }
    RecordId(Uuid::from_bytes(bytes))
}

/// The week that a week is held against.
#[must_use]
pub fn year_before(week: Week) -> Week {
    week.plus(YEAR)
}

/// The day on which a week is looked at: its last one, or today where that has not come.
#[must_use]
pub fn seen_on(week: Week, today: Date) -> Date {
    week.last().min(today)
}
