//! What a plan has and what it lacks: facts, one sentence each.

use std::collections::BTreeSet;

use super::{Assessment, LessonRequest, Plan, items, one_line};

/// One line of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// The objective is about what was asked for.
    Aligned,
    /// The materials are among those of the request.
    Materials,
    /// The phases take as long as asked for.
    Minutes,
    /// There is something on differences between students.
    Differentiation,
    /// The assessment is of the type asked for.
    Assessment,
    /// The exit ticket has its answers.
    ExitTicketKey,
}

impl Check {
    /// All, in the order shown.
    pub const ALL: [Self; 6] = [
        Self::Aligned,
        Self::Materials,
        Self::Minutes,
        Self::Differentiation,
        Self::Assessment,
        Self::ExitTicketKey,
    ];

    /// The name on the screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Aligned => "aligned",
            Self::Materials => "listed materials only",
            Self::Minutes => "minutes add up",
            Self::Differentiation => "differentiation",
            Self::Assessment => "assessment matches",
            Self::ExitTicketKey => "exit ticket has a key",
        }
    }

    /// The field of the record that the finding is about.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Aligned => "plan.objective",
            Self::Materials => "plan.materials",
            Self::Minutes => "plan.warmUpMinutes",
            Self::Differentiation => "plan.differentiation",
            Self::Assessment => "plan.assessment",
            Self::ExitTicketKey => "plan.exitTicketKey",
        }
    }
}

/// What was found for one line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub check: Check,
    /// Whether nothing is missing.
    pub is_met: bool,
    /// One factual sentence; it may hold words of the person.
    pub sentence: String,
}

/// The checklist of a plan, in the order of [`Check::ALL`].
#[must_use]
pub fn checklist(request: &LessonRequest, plan: &Plan) -> [Finding; 6] {
    Check::ALL.map(|check| {
        let found = match check {
            Check::Aligned => aligned(request, plan),
            Check::Materials => materials(request, plan),
            Check::Minutes => minutes(request, plan),
            Check::Differentiation => present(
                &plan.differentiation,
                "The plan has a section on differentiation.",
                "The plan has no section on differentiation.",
            ),
            Check::Assessment => assessment(request, plan),
            Check::ExitTicketKey => exit_ticket(plan),
        };
        let (is_met, sentence) = match found {
            Ok(sentence) => (true, sentence),
            Err(sentence) => (false, sentence),
        };
        Finding {
            check,
            is_met,
            sentence,
        }
    })
}

/// What is there, or what is missing.
type Found = Result<String, String>;

fn present(text: &str, there: &str, missing: &str) -> Found {
    if text.trim().is_empty() {
        Err(missing.to_owned())
    } else {
        Ok(there.to_owned())
    }
}

fn aligned(request: &LessonRequest, plan: &Plan) -> Found {
    if plan.objective.trim().is_empty() {
        return Err("The plan has no objective.".to_owned());
    }
    let words = words(&plan.objective);
    let what = if request.topic.trim().is_empty() {
        "subject"
    } else {
        "topic"
    };
    if names(&words, request.about()) {
        return Ok(format!("The objective names the {what}."));
    }
    // A standard begins with its code: "5.NF.1 Add fractions".
    let code = |standard: &str| standard.split_whitespace().next().map(str::to_lowercase);
    let objective = plan.objective.to_lowercase();
    let named = request.standards.iter().any(|standard| {
        names(&words, standard) || code(standard).is_some_and(|code| has_code(&objective, &code))
    });
    match (named, request.standards.is_empty()) {
        (true, _) => Ok("The objective names a standard of the request.".to_owned()),
        (false, true) => Err(format!(
            "The objective does not name the {what}, and the request lists no standard."
        )),
        (false, false) => Err(format!(
            "The objective names neither the {what} nor a standard of the request."
        )),
    }
}

/// A code is one with a figure in it; another first word may be any word.
fn has_code(objective: &str, code: &str) -> bool {
    let between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | ':');
    code.contains(|c: char| c.is_ascii_digit())
        && objective
            .split(between)
            .any(|word| word.trim_end_matches('.') == code.trim_end_matches('.'))
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Whether all words that carry the meaning are among these: those of four letters and more, or all where there is
/// none as long.
fn names(words: &BTreeSet<String>, what: &str) -> bool {
    let all = self::words(what);
    let long = |word: &&String| word.chars().count() >= 4;
    let mut wanted: Vec<&String> = all.iter().filter(long).collect();
    if wanted.is_empty() {
        wanted = all.iter().collect();
    }
    !wanted.is_empty() && wanted.iter().all(|word| words.contains(*word))
}

fn materials(request: &LessonRequest, plan: &Plan) -> Found {
    let folded = |item: &str| one_line(item).to_lowercase();
    let listed: BTreeSet<String> = items(&request.materials).map(folded).collect();
    let mut extra: Vec<String> = Vec::new();
    let mut count = 0;
    for item in items(&plan.materials) {
        count += 1;
        if !listed.contains(&folded(item)) {
            extra.push(one_line(item));
        }
    }
    match (count, extra.as_slice()) {
        (0, _) if listed.is_empty() => Ok("Neither plan nor request lists materials.".to_owned()),
        (0, _) => Ok("The plan lists no materials.".to_owned()),
        (_, []) => Ok("Every material of the plan is listed in the request.".to_owned()),
        (_, [one]) => Err(format!("Not listed in the request: {one}.")),
        (_, more) => Err(format!("Not listed in the request: {}.", more.join(", "))),
    }
}

fn minutes(request: &LessonRequest, plan: &Plan) -> Found {
    let without: Vec<&str> = plan
        .phases
        .iter()
        .filter(|phase| phase.minutes.is_none() && !phase.text.trim().is_empty())
        .map(|phase| phase.phase.title())
        .collect();
    let total = plan.total();
    let sum = match (request.duration.map(u32::from), total) {
        (_, 0) => return Err("No phase of the plan has minutes.".to_owned()),
        (None, total) => Ok(format!(
            "The phases take {total} minutes; no duration is asked for."
        )),
        (Some(asked), total) if asked == total => {
            Ok(format!("The phases take {total} minutes, as asked for."))
        }
        (Some(asked), total) => {
            let (by, way) = (
                asked.abs_diff(total),
                if total > asked { "more" } else { "fewer" },
            );
            Err(format!(
                "The phases take {total} minutes, {by} {way} than the {asked} asked for."
            ))
        }
    };
    if without.is_empty() {
        return sum;
    }
    let (Ok(said) | Err(said)) = sum;
    Err(format!("{said} Without minutes: {}.", without.join(", ")))
}

fn assessment(request: &LessonRequest, plan: &Plan) -> Found {
    let Some(kind) = request.assessment else {
        return Ok("The request asks for no type of assessment.".to_owned());
    };
    let name = kind.name();
    let names_it = |text: &str| one_line(text).to_lowercase().contains(name);
    if names_it(&plan.assessment) {
        return Ok(format!("The assessment section names the {name}."));
    }
    let ticket = plan
        .phases
        .iter()
        .any(|phase| phase.phase == super::Phase::ExitTicket && !phase.text.trim().is_empty());
    match kind {
        Assessment::ExitTicket if ticket && plan.assessment.trim().is_empty() => {
            Ok("The plan has an exit ticket.".to_owned())
        }
        Assessment::ExitTicket
        | Assessment::Quiz
        | Assessment::Rubric
        | Assessment::Performance => Err(format!(
            "The request asks for the type {name}; the assessment section does not name it."
        )),
    }
}

fn exit_ticket(plan: &Plan) -> Found {
    let has_ticket = plan
        .phases
        .iter()
        .any(|phase| phase.phase == super::Phase::ExitTicket && !phase.text.trim().is_empty());
    if !has_ticket {
        return Err("The plan has no exit ticket.".to_owned());
    }
    present(
        &plan.exit_ticket_key,
        "The exit ticket has a key.",
        "The exit ticket has no key.",
    )
}
