//! The figures of a week.

mod answers;
mod goals;
mod signals;
mod waiting;

use jiff::civil::Date;

use super::Material;
use crate::domain::drift::{EvidenceRow, Settings, SignalType};
use crate::domain::form::LogForm;
use crate::domain::goal::{Buffer, DayMark, Domain, TargetType, Week};
use crate::domain::ids::RecordId;
use crate::domain::secret::Secret;
use crate::domain::teaching;

/// A week as it is seen on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Which week.
    pub week: Week,
    /// The day on which it was computed.
    pub as_of: Date,
    /// Which days have a log.
    pub days: Days,
    /// The fields that were answered in the week or before it, in the form's order.
    pub fields: Vec<FieldFigure>,
    /// Goals by domain, priority and title.
    pub goals: Vec<GoalFigure>,
    /// Signals that are new or ended, by the day of that.
    pub signals: Vec<SignalFigure>,
    /// Ideas that wait.
    pub ideas: Ideas,
    /// Lesson requests that are open.
    pub lessons: Lessons,
}

/// Days with a log.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Days {
    /// Whether each day of the week has one.
    pub each: [bool; 7],
    /// How many of the seven have come.
    pub come: u8,
    /// How many of seven are typical: the share of the twelve weeks before; nothing with less than four weeks.
    pub typical: Option<f64>,
    /// How many had one in the same week a year before; nothing where there was none in that week.
    pub year_ago: Option<u8>,
}

impl Days {
    /// How many have a log.
    #[must_use]
    pub fn logged(&self) -> u8 {
        count(self.each.iter().filter(|logged| **logged).count())
    }
}

/// The answers of a week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed {
    /// The mean of the answered days; of a toggle, on how many the answer was yes.
    pub value: f64,
    /// Days with an answer, from 1.
    pub answered: u8,
}

/// A field of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldFigure {
    /// Its key in the data.
    pub key: String,
    /// Its name on the screen.
    pub label: String,
    /// The unit of a number.
    pub unit: Option<String>,
    /// Whether it is a toggle.
    pub is_habit: bool,
    /// Whether it belongs to the red zone, where the person has opted it in.
    pub sensitive: bool,
    /// The answers of the week; nothing where there is none.
    pub observed: Option<Observed>,
    /// What is typical, as drift knows it: a mean; of a toggle, the share of yes. Nothing before there are enough
    /// answers.
    pub typical: Option<f64>,
    /// The answer of each day.
    pub each: [Option<f64>; 7],
    /// The answers of the same week a year before.
    pub year_ago: Option<Observed>,
}

/// A goal.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalFigure {
    /// The goal.
    pub id: RecordId,
    /// One line.
    pub title: String,
    /// Where it belongs.
    pub domain: Domain,
    /// What is counted.
    pub target: TargetType,
    /// How much of it a week asks for.
    pub minimum: u32,
    /// How much of it there was.
    pub done: f64,
    /// How many more days may pass.
    pub buffer: Buffer,
    /// Its seven days.
    pub each: [DayMark; 7],
    /// How much of it there was in the same week a year before; nothing without a check-in in it.
    pub year_ago: Option<f64>,
}

/// A signal that is new or ended.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalFigure {
    /// The stored signal.
    pub id: RecordId,
    /// What kind of observation.
    pub kind: SignalType,
    /// A field's key, a goal's id, a domain's word, or nothing.
    pub subject: String,
    /// Whether it speaks of a field of the red zone.
    pub sensitive: bool,
    /// What was observed.
    pub sentence: Secret<String>,
    /// The day on which it first appeared.
    pub first_seen: Date,
    /// Whether that was in this week.
    pub is_new: bool,
    /// The day of this week on which it ended.
    pub ended: Option<Date>,
    /// The rows that caused it, by date.
    pub rows: Vec<EvidenceRow>,
}

/// Why an idea is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// It is parked, and the date on which it was to be looked at has passed.
    PastReview,
    /// It is a draft that was not touched for [`super::UNTOUCHED`] days.
    Untouched,
}

/// An idea that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct IdeaFigure {
    /// The idea.
    pub id: RecordId,
    /// Private; empty where the figures were stored, since titles are not.
    pub title: Secret<String>,
    /// Why it is named.
    pub reason: Reason,
    /// The review date, or the date of the last change.
    pub since: Date,
}

/// Ideas that wait.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ideas {
    /// Parked ones past their review date.
    pub past_review: u64,
    /// Drafts that were not touched.
    pub untouched: u64,
    /// The first of them, those that wait longest first.
    pub named: Vec<IdeaFigure>,
}

/// A lesson request that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonFigure {
    /// The request.
    pub id: RecordId,
    /// Subject and topic.
    pub title: String,
    /// Requested or planned.
    pub status: teaching::Status,
    /// When it was made.
    pub since: Date,
}

/// Lesson requests that are open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lessons {
    /// How many.
    pub open: u64,
    /// The first of them, the earliest first.
    pub named: Vec<LessonFigure>,
}

/// The figures of a week as they are seen on a day.
#[must_use]
pub fn figures(material: &Material, week: Week, form: &LogForm, today: Date) -> Figures {
    let fields = form.sections.iter().flat_map(|section| &section.fields);
    Figures {
        week,
        as_of: today,
        days: answers::days(material, week, today),
        fields: fields
            .filter_map(|field| answers::of_field(material, field, week, today))
            .collect(),
        goals: goals::goals(material, week, today),
        signals: signals::signals(material, week, form),
        ideas: waiting::ideas(material, week, today),
        lessons: waiting::lessons(material),
    }
}

impl Figures {
    /// What may be shown of stored figures: without fields, and signals about them, that belong to the red zone and are
    /// not opted in any more.
    #[must_use]
    pub fn as_opted(mut self, form: &LogForm, settings: &Settings) -> Self {
        let is_out = |key: &str| match form.exact(key) {
            Some(field) => field.sensitive && !settings.takes(field),
            None => false,
        };
        self.fields.retain(|field| !is_out(&field.key));
        self.signals.retain(|signal| !is_out(&signal.subject));
        self
    }

    /// Whether nothing at all is known of the week.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.days.logged() == 0
            && self.fields.is_empty()
            && self.goals.is_empty()
            && self.signals.is_empty()
            && self.ideas.named.is_empty()
            && self.lessons.named.is_empty()
    }

    /// What other figures of the same week have differently, by its name: what the days, fields and goals came to.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut names = Vec::new();
        if self.days.each != other.days.each {
            names.push("days logged".to_owned());
        }
        let fields = self.fields.iter().chain(&other.fields);
        for field in fields {
            let of = |figures: &Self| {
                let same = |one: &&FieldFigure| one.key == field.key;
                figures
                    .fields
                    .iter()
                    .find(same)
                    .and_then(|one| one.observed)
            };
            let is_same = match (of(self), of(other)) {
                (None, None) => true,
                (Some(one), Some(two)) => {
                    one.answered == two.answered && (one.value - two.value).abs() < 1e-6
                }
                (Some(_), None) | (None, Some(_)) => false,
            };
            if !is_same && !names.contains(&field.label) {
                names.push(field.label.clone());
            }
        }
        for goal in self.goals.iter().chain(&other.goals) {
            let of = |figures: &Self| {
                let same = |one: &&GoalFigure| one.id == goal.id;
                figures.goals.iter().find(same).map_or(0.0, |one| one.done)
            };
            if (of(self) - of(other)).abs() > 1e-6 && !names.contains(&goal.title) {
                names.push(goal.title.clone());
            }
        }
        names
    }
}
fn count(days: usize) -> u8 {
    u8::try_from(days).unwrap_or(u8::MAX)
}
