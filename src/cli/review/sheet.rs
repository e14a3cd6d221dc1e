//! A week as a person reads it.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::{Known, questions};
use crate::cli::output::Output;
use crate::domain::dates;
use crate::domain::goal::show_amount;
use crate::domain::review::{Reason, words};
use crate::domain::secret::Exit as Way;

/// The week for a person.
pub(super) fn sheet(known: &Known, reveal: bool, output: Output) -> String {
    let figures = &known.figures;
    let mut text = format!("{}\n", output.line(&words::title(figures.week)));
    let _ = write!(text, "days logged {}", words::days_logged(figures));
    if let Some(year_ago) = figures.days.year_ago {
        let _ = write!(text, ", a year before {year_ago}");
    }
    text.push('\n');
    let mut rows: Vec<[String; 3]> = Vec::new();
    for field in &figures.fields {
        let masked = field.sensitive && !reveal;
        let said = |words: String| {
            if masked {
                output.mask().to_owned()
            } else {
                words
            }
        };
        let year_ago = field.year_ago.map(|_| said(words::year_ago(field)));
        rows.push([
            field.label.clone(),
            said(words::against_typical(field)),
            year_ago.map_or_else(String::new, |figure| format!("a year before {figure}")),
        ]);
    }
    table(&mut text, "Fields, this week (typical)", &rows, output);
    let goals = figures.goals.iter().map(|goal| {
        let year_ago = goal.year_ago.map(show_amount);
        let year_ago = year_ago.map_or_else(String::new, |done| format!(", a year before {done}"));
        let buffer = words::buffer(goal.buffer);
        [
            goal.title.clone(),
            words::done(goal),
            format!("{buffer}{year_ago}"),
        ]
    });
    table(&mut text, "Goals", &goals.collect::<Vec<_>>(), output);
    waiting(&mut text, known, reveal, output);
    questions_of(&mut text, known, reveal, output);
    text
}

fn table(text: &mut String, title: &str, rows: &[[String; 3]], output: Output) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let cells = cells.map(|cell| output.line(cell).width());
        cells.max().unwrap_or(0)
    };
    let widths = [widest(0), widest(1)];
    for row in rows {
        let mut line = String::from(" ");
        for (at, cell) in row.iter().enumerate() {
            let cell = output.line(cell);
            let blanks = widths
                .get(at)
                .map_or(0, |width| width.saturating_sub(cell.width()));
            let _ = write!(line, " {cell}{} ", " ".repeat(blanks));
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

fn waiting(text: &mut String, known: &Known, reveal: bool, output: Output) {
    let figures = &known.figures;
    if !figures.signals.is_empty() {
        text.push_str("\nSignals\n");
    }
    for signal in &figures.signals {
        let sentence = if signal.sensitive && !reveal {
            output.mask().into()
        } else {
            output.line(signal.sentence.expose(Way::Output))
        };
        let _ = writeln!(text, "  {}: {sentence}", words::seen(signal));
        for row in &signal.rows {
            let value = row.value.filter(|_| reveal || !signal.sensitive);
            let value = value.map_or_else(String::new, |value| format!("  {}", show_amount(value)));
            let _ = writeln!(text, "    {}  {}{value}", output.line(&row.table), row.date);
        }
    }
    if figures.ideas.past_review + figures.ideas.untouched > 0 {
        text.push_str("\nIdeas that wait\n");
        for idea in &figures.ideas.named {
            let title = if reveal {
                output.line(idea.title.expose(Way::Output))
            } else {
                output.mask().into()
            };
            let why = match idea.reason {
                Reason::PastReview => "review date",
                Reason::Untouched => "last changed",
            };
            let _ = writeln!(text, "  {title}  {why} {}", dates::long(idea.since));
        }
        let count = figures.ideas.past_review + figures.ideas.untouched;
        let named = u64::try_from(figures.ideas.named.len()).unwrap_or(count);
        if count > named {
            let _ = writeln!(text, "  and {} more", count - named);
        }
    }
    if figures.lessons.open > 0 {
        let _ = writeln!(text, "\nOpen lesson requests: {}", figures.lessons.open);
        for lesson in &figures.lessons.named {
            let (title, status) = (output.line(&lesson.title), lesson.status.name());
            let _ = writeln!(
                text,
                "  {title}  {status} since {}",
                dates::long(lesson.since)
            );
        }
    }
}

fn questions_of(text: &mut String, known: &Known, reveal: bool, output: Output) {
    text.push_str("\nQuestions\n");
    for field in questions() {
        let prompt = field.prompt.as_deref().unwrap_or(&field.label);
        let _ = writeln!(text, "  {}", output.line(prompt));
        match known.review.answers.get(&field.key) {
            None => text.push_str("    –\n"),
            Some(_) if field.sensitive && !reveal => {
                let _ = writeln!(text, "    {}", output.mask());
            }
            Some(answer) => {
                for line in output.wrapped(answer.expose(Way::Output), 4) {
                    let _ = writeln!(text, "    {line}");
                }
            }
        }
    }
    if let Some(kept) = &known.review.figures {
        let date = dates::long(kept.as_of);
        let _ = writeln!(text, "\ncompleted, with the figures of {date}");
        if !known.differences.is_empty() {
            let names: Vec<_> = known
                .differences
                .iter()
                .map(|name| output.line(name))
                .collect();
            let _ = writeln!(text, "different now: {}", names.join(", "));
        }
    }
}
