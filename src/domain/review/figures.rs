//! The figures of a week.

use jiff::ToSpan as _;
use jiff::civil::Date;
use uuid::Uuid;

use super::{
    Material, NAMED, OpenLesson, SeenSignal, UNTOUCHED, WaitingIdea, seen_on, year_before,
};
use crate::domain::dates::days_between;
use crate::domain::drift::{
    self, EvidenceRow, FieldHistory, FieldKind, Observation, Settings, SignalType, typical,
};
use crate::domain::form::{Field, LogForm};
use crate::domain::goal::{
    Buffer, DayMark, Domain, Goal, Priority, Status, TargetType, Week, progress,
};
use crate::domain::idea;
use crate::domain::ids::RecordId;
use crate::domain::secret::{Exit, Secret};
use crate::domain::teaching;

/// How many days before the week tell how many days are typically logged.
const TYPICAL_DAYS: i64 = 84;

/// The least of them that tell it.
const LEAST_DAYS: i32 = 28;

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
    /// It is a draft that was not touched for [`UNTOUCHED`] days.
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
        days: days(material, week, today),
        fields: fields
            .filter_map(|field| of_field(material, field, week, today))
            .collect(),
        goals: goals(material, week, today),
        signals: signals(material, week, form),
        ideas: ideas(material, week, today),
        lessons: lessons(material),
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

fn days(material: &Material, week: Week, today: Date) -> Days {
    let has = |date: &Date| material.logged.contains(date);
    let before = year_before(week);
    let year_ago = count(before.days().iter().filter(|date| has(date)).count());
    Days {
        each: week.days().map(|date| has(&date)),
        come: count(week.days().iter().filter(|date| **date <= today).count()),
        typical: typical_days(material, week),
        year_ago: (year_ago > 0).then_some(year_ago),
    }
}

/// The share of logged days in the twelve weeks before, or since the first log where that is later, times seven.
fn typical_days(material: &Material, week: Week) -> Option<f64> {
    let earliest = week.first().saturating_sub(TYPICAL_DAYS.days());
    let first_log = material.logged.iter().min()?;
    let from = earliest.max(*first_log);
    let days = days_between(from, week.first());
    if days < LEAST_DAYS {
        return None;
    }
    let mut dates: Vec<Date> = material.logged.clone();
    dates.retain(|date| (from..week.first()).contains(date));
    dates.sort_unstable();
    dates.dedup();
    Some(f64::from(u32::try_from(dates.len()).unwrap_or(0)) / f64::from(days) * 7.0)
}

fn of_field(material: &Material, field: &Field, week: Week, today: Date) -> Option<FieldFigure> {
    let kind = FieldKind::of(field).filter(|_| material.settings.takes(field))?;
    let answers = material.answers.expose(Exit::Screen).get(&field.key)?;
    let mut answers: Vec<(Date, f64)> = answers.clone();
    answers.retain(|(_, value)| value.is_finite());
    answers.sort_by(|one, two| one.0.cmp(&two.0).then(one.1.total_cmp(&two.1)));
    answers.dedup_by_key(|(date, _)| *date);
    let is_habit = match kind {
        FieldKind::Habit => true,
        FieldKind::Level { .. } => false,
    };
    let history = FieldHistory {
        key: field.key.clone(),
        label: field.label.clone(),
        unit: field.unit.clone(),
        kind,
        observations: answers
            .iter()
            .map(|(date, value)| Observation {
                id: RecordId(Uuid::nil()),
                date: *date,
                value: *value,
            })
            .collect(),
    };
    let until = seen_on(week, today).max(week.first());
    let figure = FieldFigure {
        key: history.key.clone(),
        label: history.label.clone(),
        unit: history.unit.clone(),
        is_habit,
        sensitive: field.sensitive,
        observed: observed(&answers, week, is_habit),
        typical: typical(&history, week.first(), until, &material.settings)
            .map(|typical| typical.mean)
            .filter(|mean| mean.is_finite()),
        each: week.days().map(|date| of_date(&answers, date)),
        year_ago: observed(&answers, year_before(week), is_habit),
    };
    let says = figure.observed.is_some() || figure.typical.is_some() || figure.year_ago.is_some();
    says.then_some(figure)
}

fn of_date(answers: &[(Date, f64)], date: Date) -> Option<f64> {
    let found = answers.iter().find(|(of, _)| *of == date)?;
    Some(found.1)
}

fn observed(answers: &[(Date, f64)], week: Week, is_habit: bool) -> Option<Observed> {
    let values = week
        .days()
        .into_iter()
        .filter_map(|date| of_date(answers, date));
    let (sum, answered) = values.fold((0.0, 0_u8), |(sum, n), value| (sum + value, n + 1));
    (answered > 0).then(|| Observed {
        value: if is_habit {
            sum
        } else {
            sum / f64::from(answered)
        },
        answered,
    })
}

/// The goals that are worked on and were there in the week, and all others with a check-in in it.
fn goals(material: &Material, week: Week, today: Date) -> Vec<GoalFigure> {
    let before = year_before(week);
    let has_check_in = |goal: &Goal, week: Week| {
        let mut own = material.check_ins.iter().filter(|one| one.goal == goal.id);
        own.any(|one| week.holds(one.date))
    };
    let is_in = |(goal, made): &&(Goal, Date)| {
        let is_active = match goal.status {
            Status::Active => true,
            Status::Paused | Status::Archived => false,
        };
        let covers = week.days().iter().any(|date| goal.covers(*date));
        (is_active && covers && *made <= week.last()) || has_check_in(goal, week)
    };
    let mut goals: Vec<(Priority, GoalFigure)> = material
        .goals
        .iter()
        .filter(is_in)
        .map(|(goal, _)| {
            let now = progress(goal, week, &material.check_ins, today);
            let then = progress(goal, before, &material.check_ins, today);
            let figure = GoalFigure {
                id: goal.id,
                title: goal.title.clone(),
                domain: goal.domain,
                target: goal.target,
                minimum: goal.weekly_minimum,
                done: now.done,
                buffer: now.buffer,
                each: now.days,
                year_ago: has_check_in(goal, before).then_some(then.done),
            };
            (goal.priority, figure)
        })
        .collect();
    goals.sort_by(|(p, one), (q, two)| {
        let key = |priority: &Priority, goal: &GoalFigure| {
            (goal.domain, priority.number(), goal.title.clone(), goal.id)
        };
        key(p, one).cmp(&key(q, two))
    });
    goals.into_iter().map(|(_, goal)| goal).collect()
}

fn signals(material: &Material, week: Week, form: &LogForm) -> Vec<SignalFigure> {
    let mut signals: Vec<SignalFigure> = material
        .signals
        .iter()
        .filter(|signal| takes_part(signal, material, form))
        .filter_map(|signal| of_signal(signal, week, form))
        .collect();
    let day = |signal: &SignalFigure| {
        let ended = signal.ended.unwrap_or(signal.first_seen);
        if signal.is_new {
            signal.first_seen
        } else {
            ended
        }
    };
    signals.sort_by_key(|signal| (day(signal), signal.kind, signal.id));
    signals.truncate(NAMED);
    signals
}

fn of_signal(signal: &SeenSignal, week: Week, form: &LogForm) -> Option<SignalFigure> {
    let is_new = week.holds(signal.first_seen);
    let ended = signal.ended.filter(|date| week.holds(*date));
    let mut rows = signal.rows.clone();
    rows.sort_by_key(|row| (row.date, row.id));
    (is_new || ended.is_some()).then(|| SignalFigure {
        id: signal.id,
        kind: signal.kind,
        subject: signal.subject.clone(),
        sensitive: drift::is_private(signal.kind, &signal.subject, form),
        sentence: signal.sentence.clone(),
        first_seen: signal.first_seen,
        is_new,
        ended,
        rows,
    })
}

/// Whether what a signal speaks of takes part now, whatever did when it was stored.
fn takes_part(signal: &SeenSignal, material: &Material, form: &LogForm) -> bool {
    let settings = &material.settings;
    let field = || {
        form.exact(&signal.subject)
            .is_some_and(|field| settings.takes(field))
    };
    let goal = || {
        let mut goals = material.goals.iter().map(|(goal, _)| goal);
        goals.find(|goal| goal.id.to_string() == signal.subject)
    };
    match signal.kind {
        SignalType::LevelShift | SignalType::Trend | SignalType::HabitChange => field(),
        SignalType::StreakBroken => {
            field() || goal().is_some_and(|goal| settings.takes_domain(goal.domain))
        }
        SignalType::DomainNeglect => {
            let domain = Domain::of_word(&signal.subject);
            domain.is_some_and(|domain| settings.takes_domain(domain))
        }
        SignalType::MissedDays
        | SignalType::CheckinDropoff
        | SignalType::Consistency
        | SignalType::Overload
        | SignalType::IntentReality
        | SignalType::IdeasStagnant
        | SignalType::IdeasCrowded => true,
    }
}

fn ideas(material: &Material, week: Week, today: Date) -> Ideas {
    let on = seen_on(week, today);
    let mut named: Vec<IdeaFigure> = material
        .ideas
        .iter()
        .filter_map(|idea| waits(idea, on))
        .collect();
    named.sort_by_key(|idea| (idea.since, idea.id));
    named.truncate(NAMED);
    Ideas {
        past_review: material.ideas_waiting.0,
        untouched: material.ideas_waiting.1,
        named,
    }
}

fn waits(idea: &WaitingIdea, on: Date) -> Option<IdeaFigure> {
    let (reason, since) = match idea.status {
        idea::Status::Parked => (
            Reason::PastReview,
            idea.review_on.filter(|review_on| *review_on < on)?,
        ),
        idea::Status::Draft => {
            let since = Some(idea.touched);
            (
                Reason::Untouched,
                since.filter(|touched| *touched <= on.saturating_sub(UNTOUCHED.days()))?,
            )
        }
        idea::Status::RealityChecked
        | idea::Status::Promoted
        | idea::Status::Shipped
        | idea::Status::Discarded
        | idea::Status::Archived => return None,
    };
    Some(IdeaFigure {
        id: idea.id,
        title: idea.title.clone(),
        reason,
        since,
    })
}

fn lessons(material: &Material) -> Lessons {
    let is_open = |lesson: &&OpenLesson| match lesson.status {
        teaching::Status::Requested | teaching::Status::Planned => true,
        teaching::Status::Taught | teaching::Status::Archived => false,
    };
    let mut named: Vec<LessonFigure> = material
        .lessons
        .iter()
        .filter(is_open)
        .map(|lesson| LessonFigure {
            id: lesson.id,
            title: lesson.title.clone(),
            status: lesson.status,
            since: lesson.since,
        })
        .collect();
    named.sort_by_key(|lesson| (lesson.since, lesson.id));
    named.truncate(NAMED);
    Lessons {
        open: material.lessons_open,
        named,
    }
}

fn count(days: usize) -> u8 {
    u8::try_from(days).unwrap_or(u8::MAX)
}
