//! What the rules look at: figures with their dates and rows, and no text but labels and titles of goals.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::domain::form::{Field, Kind};
use crate::domain::goal::{CheckIn, Goal};
use crate::domain::idea;
use crate::domain::ids::RecordId;

/// One answer to a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The day's log.
    pub id: RecordId,
    /// The person's local date.
    pub date: Date,
    /// The answer in the field's unit; for a toggle 1 is yes and 0 is no. No answer is no observation.
    pub value: f64,
}

/// What kind of figures a field has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldKind {
    /// A scale or a number.
    Level {
        /// The lowest answer.
        min: f64,
        /// The highest answer.
        max: f64,
        /// The distance of neighbouring answers.
        step: f64,
    },
    /// A toggle.
    Habit,
}

impl FieldKind {
    /// The kind of a form's field; nothing where its answers are no figures.
    #[must_use]
    pub fn of(field: &Field) -> Option<Self> {
        match &field.kind {
            Kind::Scale { min, max } => Some(Self::Level {
                min: f64::from(*min),
                max: f64::from(*max),
                step: 1.0,
            }),
            Kind::Number { min, max, step } => Some(Self::Level {
                min: *min,
                max: *max,
                step: *step,
            }),
            Kind::Toggle => Some(Self::Habit),
            Kind::Choice { .. } | Kind::Many { .. } | Kind::Text | Kind::Lines | Kind::Date => None,
        }
    }
}

/// A field and its answers.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldHistory {
    /// The field's key in the data.
    pub key: String,
    /// Its name on the screen.
    pub label: String,
    /// The unit of a number.
    pub unit: Option<String>,
    /// A level or a habit.
    pub kind: FieldKind,
    /// One a date at most.
    pub observations: Vec<Observation>,
}

/// An idea as far as its age is concerned. It has no title: titles of ideas are private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdeaTrace {
    /// The idea.
    pub id: RecordId,
    /// Where it is.
    pub status: idea::Status,
    /// The local date of its last change.
    pub touched: Date,
    /// When a parked idea is looked at again.
    pub review_on: Option<Date>,
}

/// Everything the rules look at. Archived rows are not in it; the order of the lists does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The dates that have a log, with the log's row.
    pub logged: Vec<(Date, RecordId)>,
    /// The fields that take part.
    pub fields: Vec<FieldHistory>,
    /// The goals that are not archived.
    pub goals: Vec<Goal>,
    /// Their check-ins.
    pub check_ins: Vec<CheckIn>,
    /// The ideas that are not archived.
    pub ideas: Vec<IdeaTrace>,
}

impl History {
    /// The same with every list by date: what the rules expect. A history that is so already is not copied.
    pub(super) fn sorted(&self) -> Cow<'_, Self> {
        let by_date =
            |field: &FieldHistory| field.observations.is_sorted_by(|a, b| a.date < b.date);
        if self.logged.is_sorted_by(|a, b| a.0 < b.0)
            && self.fields.iter().all(by_date)
            && self.check_ins.is_sorted_by_key(|one| (one.date, one.id))
            && self.goals.is_sorted_by_key(|goal| goal.id)
        {
            return Cow::Borrowed(self);
        }
        let mut sorted = self.clone();
        sorted.logged.sort_unstable();
        sorted.logged.dedup_by_key(|(date, _)| *date);
        for field in &mut sorted.fields {
            field.observations.sort_by_key(|one| (one.date, one.id));
            field.observations.dedup_by_key(|one| one.date);
        }
        sorted.check_ins.sort_by_key(|one| (one.date, one.id));
        sorted.goals.sort_by_key(|goal| goal.id);
        Cow::Owned(sorted)
    }
}
