//! The plan of a lesson: its sections, and how it is made from the wording and a request.
//!
//! A plan is stored as flat text under `plan.…`, so that every section and every figure is a field of its own that the
//! person edits. The minutes of a plan made here add up to the duration asked for, to the minute.

use std::fmt;

use serde_json::{Map, Value};

use super::minutes::{Claim, divide};
use super::wording::{self, Wording};
use super::{LessonRequest, items, minutes, one_line, text};
use crate::domain::template::fill;

/// A phase of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// What is known already.
    WarmUp,
    /// The teacher shows.
    IDo,
    /// Teacher and class together.
    WeDo,
    /// Each student alone.
    YouDo,
    /// What was learned, on a slip.
    ExitTicket,
}

impl Phase {
    /// All, in the order of the lesson.
    pub const ALL: [Self; 5] = [
        Self::WarmUp,
        Self::IDo,
        Self::WeDo,
        Self::YouDo,
        Self::ExitTicket,
    ];

    /// The name on the screen and in documents.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::WarmUp => "Warm-up",
            Self::IDo => "I do",
            Self::WeDo => "We do",
            Self::YouDo => "You do",
            Self::ExitTicket => "Exit ticket",
        }
    }

    /// The name in the wording's files.
    #[must_use]
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::WarmUp => "warmUp",
            Self::IDo => "iDo",
            Self::WeDo => "weDo",
            Self::YouDo => "youDo",
            Self::ExitTicket => "exitTicket",
        }
    }

    /// The record's field that holds the text.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::WarmUp => "plan.warmUp",
            Self::IDo => "plan.iDo",
            Self::WeDo => "plan.weDo",
            Self::YouDo => "plan.youDo",
            Self::ExitTicket => "plan.exitTicket",
        }
    }

    /// The record's field that holds the minutes.
    #[must_use]
    pub const fn minutes_field(self) -> &'static str {
        match self {
            Self::WarmUp => "plan.warmUpMinutes",
            Self::IDo => "plan.iDoMinutes",
            Self::WeDo => "plan.weDoMinutes",
            Self::YouDo => "plan.youDoMinutes",
            Self::ExitTicket => "plan.exitTicketMinutes",
        }
    }
}

/// One phase as planned.
#[derive(Clone, PartialEq, Eq)]
pub struct PhasePlan {
    /// Which.
    pub phase: Phase,
    /// What happens; empty where the phase is left out.
    pub text: String,
    /// How long, in minutes.
    pub minutes: Option<u16>,
}

/// The plan of a lesson.
#[derive(Clone, PartialEq, Eq)]
pub struct Plan {
    /// What students can do afterwards.
    pub objective: String,
    /// In the order of [`Phase::ALL`].
    pub phases: [PhasePlan; 5],
    /// What is used, a line each.
    pub materials: String,
    /// What differs for whom.
    pub differentiation: String,
    /// How it is seen what was learned.
    pub assessment: String,
    /// The answers of the exit ticket.
    pub exit_ticket_key: String,
    /// What is done before the lesson.
    pub preparation: String,
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = self.phases.each_ref().map(|phase| phase.minutes);
        f.debug_struct("Plan")
            .field("minutes", &minutes)
            .finish_non_exhaustive()
    }
}

impl Plan {
    /// Reads the plan's fields of a record; what is missing is empty.
    #[must_use]
    pub fn read(fields: &Map<String, Value>) -> Self {
        Self {
            objective: text(fields, "plan.objective"),
            phases: Phase::ALL.map(|phase| PhasePlan {
                phase,
                text: text(fields, phase.field()),
                minutes: minutes(fields, phase.minutes_field()),
            }),
            materials: text(fields, "plan.materials"),
            differentiation: text(fields, "plan.differentiation"),
            assessment: text(fields, "plan.assessment"),
            exit_ticket_key: text(fields, "plan.exitTicketKey"),
            preparation: text(fields, "plan.preparation"),
        }
    }

    /// Every field of the plan with its value; `Null` clears the field.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, Value)> {
        let written = |text: &str| match text {
            "" => Value::Null,
            text => Value::from(text),
        };
        let mut fields = vec![("plan.objective", written(&self.objective))];
        for phase in &self.phases {
            fields.push((phase.phase.field(), written(&phase.text)));
            let minutes = phase.minutes.map_or(Value::Null, Value::from);
            fields.push((phase.phase.minutes_field(), minutes));
        }
        fields.extend([
            ("plan.exitTicketKey", written(&self.exit_ticket_key)),
            ("plan.materials", written(&self.materials)),
            ("plan.differentiation", written(&self.differentiation)),
            ("plan.assessment", written(&self.assessment)),
            ("plan.preparation", written(&self.preparation)),
        ]);
        fields
    }

    /// Whether nothing is planned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields().iter().all(|(_, value)| value.is_null())
    }

    /// The minutes of all phases.
    #[must_use]
    pub fn total(&self) -> u32 {
        let minutes = self.phases.iter().filter_map(|phase| phase.minutes);
        minutes.map(u32::from).sum()
    }
}

/// The plan that the wording of the request's format gives.
///
/// The minutes add up to the request's duration; a phase that does not fit a short lesson joins another, whose text
/// names it. Without a duration the phases have no minutes. The key of the exit ticket is left to the person.
#[must_use]
pub fn plan(request: &LessonRequest) -> Plan {
    let wording = wording::wording(request.format);
    let filling = Filling::of(request);
    let parts = parts(wording, request.duration);
    let minutes = request.duration.and_then(|duration| {
        let claims: Vec<Claim> = parts.iter().map(|part| part.claim).collect();
        divide(u32::from(duration), &claims)
    });
    let phases = Phase::ALL.map(|phase| {
        let place = parts.iter().position(|part| part.phase == phase);
        let part = place.and_then(|place| parts.get(place));
        let given = place.and_then(|place| minutes.as_ref()?.get(place).copied());
        PhasePlan {
            phase,
            text: part.map_or_else(String::new, |part| part.text(wording, &filling)),
            minutes: given.and_then(|minutes| u16::try_from(minutes).ok()),
        }
    });
    Plan {
        objective: filling.fill(&wording.objective),
        phases,
        materials: items(&request.materials)
            .map(|item| format!("- {item}"))
            .collect::<Vec<_>>()
            .join("\n"),
        differentiation: filling.fill(&wording.differentiation),
        assessment: request
            .assessment
            .map_or_else(String::new, |kind| filling.fill(wording::assessment(kind))),
        exit_ticket_key: String::new(),
        preparation: filling.fill(&wording.preparation),
    }
}

/// A phase with those that joined it.
struct Part {
    phase: Phase,
    joined: Vec<Phase>,
    claim: Claim,
}

impl Part {
    /// Its own text; where phases joined it, each with its name, in the order of the lesson.
    fn text(&self, wording: &Wording, filling: &Filling) -> String {
        let text = |phase: Phase| {
            let phase = wording.phase.get(phase.key());
            filling.fill(phase.map_or("", |phase| &phase.text))
        };
        if self.joined.is_empty() {
            return text(self.phase);
        }
        let members = Phase::ALL.into_iter().filter(|phase| self.has(*phase));
        let paragraphs: Vec<String> = members
            .map(|phase| format!("{}: {}", phase.title(), text(phase)))
            .collect();
        paragraphs.join("\n\n")
    }

    fn has(&self, phase: Phase) -> bool {
        self.phase == phase || self.joined.contains(&phase)
    }
}

/// The phases of a lesson of this duration.
fn parts(wording: &Wording, duration: Option<u16>) -> Vec<Part> {
    let mut parts: Vec<Part> = Phase::ALL
        .into_iter()
        .filter_map(|phase| {
            let words = wording.phase.get(phase.key())?;
            let claim = Claim {
                weight: words.weight,
                minimum: words.minimum,
            };
            Some(Part {
                phase,
                joined: Vec::new(),
                claim,
            })
        })
        .collect();
    let Some(duration) = duration else {
        return parts;
    };
    for (joining, joined) in &wording.joins {
        let least: u32 = parts.iter().map(|part| part.claim.minimum).sum();
        if least <= u32::from(duration) {
            break;
        }
        let Some(place) = parts.iter().position(|part| part.phase.key() == joining) else {
            continue;
        };
        let gone = parts.remove(place);
        if let Some(into) = parts.iter_mut().find(|part| part.phase.key() == joined) {
            into.claim.weight += gone.claim.weight;
            into.joined.push(gone.phase);
            into.joined.extend(gone.joined);
        }
    }
    parts
}

/// What the places of the wording stand for, each one line.
struct Filling {
    subject: String,
    grade: String,
    topic: String,
    standards: String,
    duration: String,
    assessment: &'static str,
    materials: String,
}

impl Filling {
    fn of(request: &LessonRequest) -> Self {
        let joined = |parts: Vec<String>, between: &str| parts.join(between);
        Self {
            subject: one_line(&request.subject),
            grade: one_line(&request.grade),
            topic: one_line(request.about()),
            standards: joined(
                request.standards.iter().map(|s| one_line(s)).collect(),
                "; ",
            ),
            duration: request
                .duration
                .map_or_else(String::new, |minutes| minutes.to_string()),
            assessment: request.assessment.map_or("", super::Assessment::name),
            materials: joined(items(&request.materials).map(one_line).collect(), ", "),
        }
    }

    fn fill(&self, wording: &str) -> String {
        fill(wording, |place| match place {
            "subject" => &self.subject,
            "grade" => &self.grade,
            "topic" => &self.topic,
            "standards" => &self.standards,
            "duration" => &self.duration,
            "assessment" => self.assessment,
            "materials" => &self.materials,
            _ => "",
        })
    }
}
