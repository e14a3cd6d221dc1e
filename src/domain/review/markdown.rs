//! A review as a Markdown document.

use std::fmt::Write as _;

use super::{FieldFigure, Figures, Ideas, Lessons, Reason, Review, SignalFigure, iso_name, words};
use crate::domain::dates;
use crate::domain::form::LogForm;
use crate::domain::goal::show_amount;
use crate::domain::markdown::{block, inline};
use crate::domain::secret::{Exit, MASK};

/// The document: the figures, then the questions of `form` with their answers. What belongs to the red zone (answers,
/// titles of ideas, fields that were opted in) stands as a mask unless it is revealed.
#[must_use]
pub fn markdown(figures: &Figures, review: &Review, form: &LogForm, revealed: bool) -> String {
    let week = figures.week;
    let mut text = format!("# Week {}\n\n{}\n\n", iso_name(week), words::span(week));
    let _ = writeln!(text, "- Figures of {}", dates::long(figures.as_of));
    let _ = writeln!(text, "- Days logged: {}", words::days_logged(figures));
    if let Some(year_ago) = figures.days.year_ago {
        let _ = writeln!(text, "- Days logged a year before: {year_ago}");
    }
    fields(&mut text, &figures.fields, revealed);
    goals(&mut text, figures);
    signals(&mut text, &figures.signals, revealed);
    ideas(&mut text, &figures.ideas, revealed);
    lessons(&mut text, &figures.lessons);
    answers(&mut text, review, form, revealed);
    text
}

fn fields(text: &mut String, fields: &[FieldFigure], revealed: bool) {
    if fields.is_empty() {
        return;
    }
    text.push_str(
        "\n## Fields\n\n| field | this week | typical | a year before |\n|---|---|---|---|\n",
    );
    for field in fields {
        let label = inline(&field.label);
        if field.sensitive && !revealed {
            let _ = writeln!(text, "| {label} | {MASK} | {MASK} | {MASK} |");
            continue;
        }
        let typical = words::typical(field).unwrap_or_else(|| words::NOTHING.to_owned());
        let (observed, year_ago) = (words::observed(field), words::year_ago(field));
        let (observed, year_ago) = (inline(&observed), inline(&year_ago));
        let _ = writeln!(text, "| {label} | {observed} | {typical} | {year_ago} |");
    }
}

fn goals(text: &mut String, figures: &Figures) {
    if figures.goals.is_empty() {
        return;
    }
    text.push_str("\n## Goals\n\n| goal | done | buffer | a year before |\n|---|---|---|---|\n");
    for goal in &figures.goals {
        let title = inline(&goal.title);
        let (done, buffer) = (words::done(goal), words::buffer(goal.buffer));
        let year_ago = goal
            .year_ago
            .map_or_else(|| words::NOTHING.to_owned(), show_amount);
        let _ = writeln!(text, "| {title} | {done} | {buffer} | {year_ago} |");
    }
}

fn signals(text: &mut String, signals: &[SignalFigure], revealed: bool) {
    if signals.is_empty() {
        return;
    }
    text.push_str("\n## Signals\n\n");
    for signal in signals {
        let seen = words::seen(signal);
        let sentence = if signal.sensitive && !revealed {
            MASK.to_owned()
        } else {
            inline(signal.sentence.expose(Exit::Export))
        };
        let rows = u64::try_from(signal.rows.len()).unwrap_or(0);
        let rows = words::counted(rows, "row", "rows");
        let _ = writeln!(text, "- {sentence} ({seen}; {rows})");
    }
}

fn ideas(text: &mut String, ideas: &Ideas, revealed: bool) {
    if ideas.past_review + ideas.untouched == 0 {
        return;
    }
    text.push_str("\n## Ideas that wait\n\n");
    if ideas.past_review > 0 {
        let _ = writeln!(
            text,
            "- Parked, past their review date: {}",
            ideas.past_review
        );
    }
    if ideas.untouched > 0 {
        let _ = writeln!(
            text,
            "- Drafts not touched for two weeks: {}",
            ideas.untouched
        );
    }
    for idea in &ideas.named {
        let title = idea.title.expose(Exit::Export);
        let title = if revealed && !title.is_empty() {
            inline(title)
        } else {
            MASK.to_owned()
        };
        let since = dates::long(idea.since);
        let _ = match idea.reason {
            Reason::PastReview => writeln!(text, "- {title} (review date {since})"),
            Reason::Untouched => writeln!(text, "- {title} (last changed {since})"),
        };
    }
}

fn lessons(text: &mut String, lessons: &Lessons) {
    if lessons.open == 0 {
        return;
    }
    let _ = write!(text, "\n## Open lesson requests: {}\n\n", lessons.open);
    for lesson in &lessons.named {
        let (title, status) = (inline(&lesson.title), lesson.status.name());
        let _ = writeln!(
            text,
            "- {title} ({status}, since {})",
            dates::long(lesson.since)
        );
    }
}

/// The questions of the form in its order, then answers to questions that are no longer asked.
fn answers(text: &mut String, review: &Review, form: &LogForm, revealed: bool) {
    let asked = form.sections.iter().flat_map(|section| &section.fields);
    let asked = asked.map(|field| {
        let title = field.prompt.as_deref().unwrap_or(&field.label);
        (field.key.as_str(), title.to_owned(), field.sensitive)
    });
    let is_old = |key: &&String| !form.has_key(key);
    let old = review.answers.keys().filter(is_old);
    let old = old.map(|key| {
        let title = key.split_once('.').map_or(key.as_str(), |(_, name)| name);
        (key.as_str(), title.to_owned(), true)
    });
    for (key, title, sensitive) in asked.chain(old) {
        let Some(answer) = review.answers.get(key) else {
            continue;
        };
        let answer = if sensitive && !revealed {
            MASK.to_owned()
        } else {
            block(answer.expose(Exit::Export))
        };
        let _ = write!(text, "\n## {}\n\n{answer}\n", inline(&title));
    }
}
