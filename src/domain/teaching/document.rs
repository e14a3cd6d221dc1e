//! A request with its plan as a Markdown document.

use std::fmt::Write as _;

use super::{LessonRequest, Plan, items};
use crate::domain::markdown::{block, inline};

/// The document. With `redacted` it says nothing of the students: the profile is left out.
#[must_use]
pub fn document(request: &LessonRequest, plan: &Plan, redacted: bool) -> String {
    let mut text = format!("# {}\n\n", inline(&request.title()));
    for (label, value) in facts(request) {
        if !value.trim().is_empty() {
            let _ = writeln!(text, "- {label}: {}", inline(&value));
        }
    }
    if !request.standards.is_empty() {
        text.push_str("\n## Standards\n\n");
        for standard in &request.standards {
            let _ = writeln!(text, "- {}", inline(standard));
        }
    }
    if items(&request.materials).next().is_some() {
        text.push_str("\n## Materials listed\n\n");
        for item in items(&request.materials) {
            let _ = writeln!(text, "- {}", inline(item));
        }
    }
    if !redacted {
        section(&mut text, 2, "Students", &request.student_profile);
    }
    section(&mut text, 2, "Constraints", &request.constraints);
    if !plan.is_empty() {
        text.push_str("\n## Plan\n");
        planned(&mut text, plan);
    }
    section(&mut text, 2, "Notes", &request.notes);
    text
}

fn facts(request: &LessonRequest) -> [(&'static str, String); 6] {
    let duration = request.duration.map(|minutes| format!("{minutes} minutes"));
    let assessment = request.assessment.map_or("", super::Assessment::name);
    [
        ("Grade", request.grade.clone()),
        ("Duration", duration.unwrap_or_default()),
        ("Format", request.format.name().to_owned()),
        ("Assessment", assessment.to_owned()),
        ("Status", request.status.name().to_owned()),
        ("Taught on", request.taught_on.clone()),
    ]
}

fn planned(text: &mut String, plan: &Plan) {
    section(text, 3, "Objective", &plan.objective);
    for phase in &plan.phases {
        let title = phase.phase.title();
        let heading = match phase.minutes {
            Some(1) => format!("{title} (1 minute)"),
            Some(minutes) => format!("{title} ({minutes} minutes)"),
            None => title.to_owned(),
        };
        if phase.minutes.is_some() && phase.text.trim().is_empty() {
            let _ = write!(text, "\n### {heading}\n");
        } else {
            section(text, 3, &heading, &phase.text);
        }
    }
    section(text, 3, "Exit ticket key", &plan.exit_ticket_key);
    section(text, 3, "Materials", &plan.materials);
    section(text, 3, "Differentiation", &plan.differentiation);
    section(text, 3, "Assessment", &plan.assessment);
    section(text, 3, "Preparation", &plan.preparation);
}

fn section(text: &mut String, level: usize, title: &str, words: &str) {
    if !words.trim().is_empty() {
        let _ = write!(
            text,
            "\n{} {title}\n\n{}\n",
            "#".repeat(level),
            block(words)
        );
    }
}
