//! Requests for lessons and their plans.
//!
//! A plan is made from wording (`assets/teaching`) and the request (`plan`); the person edits it, and the
//! checklist says what it lacks. Nothing here changes a status: the person does. The texts of a request are
//! about people, so neither a request nor a plan shows them in its `Debug`.

mod checklist;
mod document;
mod minutes;
mod plan;
mod wording;

#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::{Map, Value};

pub use checklist::{Check, Finding, checklist};
pub use document::document;
pub use plan::{Phase, PhasePlan, Plan, plan};

/// The shortest and the longest lesson, in minutes.
pub const DURATION: (u16, u16) = (10, 240);

/// What the lesson is to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// A lesson with its phases.
    #[default]
    LessonPlan,
    /// Tasks on a sheet.
    Worksheet,
    /// Questions that are marked.
    Quiz,
    /// Work on something larger.
    ProjectGuide,
}

/// How it is seen what was learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Assessment {
    /// A slip at the end of the lesson.
    ExitTicket,
    /// Questions that are marked.
    Quiz,
    /// Criteria with levels.
    Rubric,
    /// Something done and watched.
    Performance,
}

/// Where a request is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// Asked for.
    #[default]
    Requested,
    /// There is a plan.
    Planned,
    /// The lesson was given.
    Taught,
    /// Put away.
    Archived,
}

impl Format {
    /// All, in the order shown.
    pub const ALL: [Self; 4] = [
        Self::LessonPlan,
        Self::Worksheet,
        Self::Quiz,
        Self::ProjectGuide,
    ];

    /// As stored and shown.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LessonPlan => "lesson plan",
            Self::Worksheet => "worksheet",
            Self::Quiz => "quiz",
            Self::ProjectGuide => "project guide",
        }
    }

    /// The format of a stored name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl Assessment {
    /// All, in the order shown.
    pub const ALL: [Self; 4] = [
        Self::ExitTicket,
        Self::Quiz,
        Self::Rubric,
        Self::Performance,
    ];

    /// As stored and shown.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ExitTicket => "exit ticket",
            Self::Quiz => "quiz",
            Self::Rubric => "rubric",
            Self::Performance => "performance",
        }
    }

    /// The type of a stored name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Status {
    /// All, in the order of their way.
    pub const ALL: [Self; 4] = [Self::Requested, Self::Planned, Self::Taught, Self::Archived];

    /// As stored and shown.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Planned => "planned",
            Self::Taught => "taught",
            Self::Archived => "archived",
        }
    }

    /// The status of a stored name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// A request for a lesson, as its record holds it.
#[derive(Clone, Default, PartialEq)]
pub struct LessonRequest {
    /// One line.
    pub subject: String,
    /// As the person writes it: `5`, `year 9`.
    pub grade: String,
    /// What the lesson is about.
    pub topic: String,
    /// One standard each.
    pub standards: Vec<String>,
    /// Minutes within [`DURATION`]; nothing is any duration.
    pub duration: Option<u16>,
    /// What there is to work with.
    pub materials: String,
    /// Who the students are.
    pub student_profile: String,
    /// What is to be kept to.
    pub constraints: String,
    /// Nothing where no type is asked for.
    pub assessment: Option<Assessment>,
    /// What the lesson is to be.
    pub format: Format,
    /// Where it is on its way.
    pub status: Status,
    /// `2026-11-23`.
    pub taught_on: String,
    /// What the person wrote afterwards.
    pub notes: String,
}

impl fmt::Debug for LessonRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LessonRequest")
            .field("format", &self.format)
            .field("duration", &self.duration)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl LessonRequest {
    /// Reads the fields of a record; what is missing or of another kind is empty.
    #[must_use]
    pub fn read(fields: &Map<String, Value>) -> Self {
        let text = |key: &str| text(fields, key);
        let standards = match fields.get("standards") {
            Some(Value::Array(list)) => list
                .iter()
                .filter_map(|standard| standard.as_str().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        };
        Self {
            subject: text("subject"),
            grade: text("grade"),
            topic: text("topic"),
            standards,
            duration: minutes(fields, "durationMinutes"),
            materials: text("materials"),
            student_profile: text("studentProfile"),
            constraints: text("constraints"),
            assessment: Assessment::of(&text("assessmentType")),
            format: Format::of(&text("format")).unwrap_or_default(),
            status: Status::of(&text("status")).unwrap_or_default(),
            taught_on: text("taughtOn"),
            notes: text("notes"),
        }
    }

    /// What the lesson is about: the topic, or the subject where there is none.
    #[must_use]
    pub fn about(&self) -> &str {
        match self.topic.trim() {
            "" => self.subject.trim(),
            topic => topic,
        }
    }

    /// Subject and topic in one line.
    #[must_use]
    pub fn title(&self) -> String {
        match (self.subject.trim(), self.topic.trim()) {
            ("", topic) => one_line(topic),
            (subject, "") => one_line(subject),
            (subject, topic) => one_line(&format!("{subject}: {topic}")),
        }
    }
}

fn text(fields: &Map<String, Value>, key: &str) -> String {
    fields
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// Whole minutes; a number of another program may have a fraction.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within the range by the clamp
fn minutes(fields: &Map<String, Value>, key: &str) -> Option<u16> {
    let minutes = fields.get(key)?.as_f64()?.round();
    (minutes >= 1.0).then(|| minutes.clamp(1.0, f64::from(u16::MAX)) as u16)
}

/// The words with single blanks between them.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The things a text lists: by lines, commas and semicolons, without bullets and numbers.
fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ',', ';'])
        .map(without_bullet)
        .filter(|item| !item.is_empty())
}

fn without_bullet(item: &str) -> &str {
    let item = item.trim();
    let unbulleted = item
        .strip_prefix(['-', '*', '•', '–', '+'])
        .filter(|rest| rest.starts_with(char::is_whitespace) || rest.is_empty());
    let numbered = || {
        item.trim_start_matches(|c: char| c.is_ascii_digit())
            .strip_prefix(['.', ')'])
            .filter(|rest| rest.starts_with(char::is_whitespace))
            .filter(|_| item.starts_with(|c: char| c.is_ascii_digit()))
    };
    unbulleted
        .or_else(numbered)
        .unwrap_or(item)
        .trim()
        .trim_end_matches('.')
}
