//! The week as lines: headings, a line for each thing, and what follows of it.

use crate::domain::dates;
use crate::domain::form::Field;
use crate::domain::review::{Reason, words};
use crate::domain::text::printable_lines;
use crate::screens::ViewCx;
use crate::ui::width;

use super::Review;
use super::seen::{Entry, Seen};

/// A line.
pub(super) enum Line {
    /// Over a part of the week, with its figures at the right.
    Heading(&'static str, String),
    /// Things side by side, by their numbers.
    Things(Vec<usize>),
    /// More of the thing of this number.
    More(usize, String),
    /// Said where there is nothing.
    Nothing(&'static str),
}

/// Columns of a field, from which on two stand side by side.
const FIELD: usize = 37;

/// The most lines of an answer where the whole week is shown.
const ANSWER: usize = 3;

/// Columns of a question that it does not have: its margin, and at the right the mark of its answer.
const MARK: usize = 12;

/// A part of the week, with what its heading says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Days,
    Goals,
    Signals,
    Waiting,
    Questions,
}

impl Part {
    const fn of(entry: &Entry<'_>) -> Self {
        match entry {
            Entry::Days | Entry::Field(_) => Self::Days,
            Entry::Goal(_) => Self::Goals,
            Entry::Signal(_) => Self::Signals,
            Entry::Idea(_) | Entry::Lesson(_) => Self::Waiting,
            Entry::Question(_) => Self::Questions,
        }
    }
}

impl Review {
    /// The lines of these things (their numbers are their places in the whole list, from `first` on) in so many columns.
    pub(super) fn lines(
        &self,
        cx: ViewCx<'_>,
        seen: &Seen,
        entries: &[Entry<'_>],
        first: usize,
        columns: usize,
        side_by_side: bool,
    ) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut part = None;
        for (at, entry) in (first..).zip(entries) {
            let of = Part::of(entry);
            if part != Some(of) {
                part = Some(of);
                lines.extend(self.heading(seen, of));
            }
            let is_field = |entry: &Entry<'_>| matches!(entry, Entry::Field(_));
            if side_by_side && is_field(entry) && columns >= 2 * FIELD {
                // Down the left column first, then down the right one.
                let fields = entries.iter().filter(|entry| is_field(entry)).count();
                let from = first + entries.iter().take_while(|entry| !is_field(entry)).count();
                let half = fields.div_ceil(2);
                if at - from < half {
                    let right = Some(at + half).filter(|right| *right < from + fields);
                    lines.push(Line::Things([at].into_iter().chain(right).collect()));
                }
                continue;
            }
            lines.push(Line::Things(vec![at]));
            let more = self.more(cx, seen, entry, columns);
            lines.extend(more.into_iter().map(|text| Line::More(at, text)));
        }
        if self.step.is_none() && part.is_some() {
            return lines;
        }
        if entries.is_empty() {
            lines.push(Line::Nothing("nothing of this in the week"));
        }
        lines
    }

    fn heading(&self, seen: &Seen, part: Part) -> Option<Line> {
        let figures = &seen.figures;
        let heading = |title, right| Some(Line::Heading(title, right));
        match part {
            Part::Days => None,
            Part::Goals => heading("goals", String::new()),
            Part::Signals => heading("signals", String::new()),
            Part::Waiting => {
                let mut right = Vec::new();
                let (past, untouched) = (figures.ideas.past_review, figures.ideas.untouched);
                if past > 0 {
                    right.push(format!("{past} past review"));
                }
                if untouched > 0 {
                    right.push(words::counted(untouched, "old draft", "old drafts"));
                }
                if figures.lessons.open > 0 {
                    right.push(words::counted(
                        figures.lessons.open,
                        "lesson open",
                        "lessons open",
                    ));
                }
                heading("waiting", right.join(", "))
            }
            Part::Questions if self.step.is_some() => None,
            Part::Questions => heading("questions", String::new()),
        }
    }

    /// What follows below a thing: the sentence of a signal, the answer to a question.
    fn more(&self, cx: ViewCx<'_>, seen: &Seen, entry: &Entry<'_>, columns: usize) -> Vec<String> {
        let room = columns.saturating_sub(4).max(1);
        match entry {
            Entry::Days | Entry::Field(_) | Entry::Goal(_) | Entry::Idea(_) | Entry::Lesson(_) => {
                Vec::new()
            }
            Entry::Signal(signal) => {
                let text = if signal.sensitive {
                    let item = self.item_of(entry, cx.world);
                    item.and_then(|item| cx.reveal(&signal.sentence, &item))
                        .cloned()
                } else {
                    Some(
                        signal
                            .sentence
                            .expose(crate::domain::secret::Exit::Screen)
                            .clone(),
                    )
                };
                text.map_or_else(Vec::new, |text| wrapped(&text, room))
            }
            Entry::Question(field) => {
                let rest = prompt(field, columns).into_iter().skip(1);
                let Some(answer) = seen.review.answers.get(&field.key) else {
                    return rest.collect();
                };
                let text = match self.item_of(entry, cx.world) {
                    Some(item) => cx.reveal(answer, &item).cloned(),
                    None => Some(answer.expose(crate::domain::secret::Exit::Screen).clone()),
                };
                let mut lines = text.map_or_else(Vec::new, |text| wrapped(&text, room));
                if self.step.is_none() && lines.len() > ANSWER {
                    lines.truncate(ANSWER);
                    if let Some(last) = lines.last_mut() {
                        last.push('…');
                    }
                }
                rest.chain(lines).collect()
            }
        }
    }
}

/// A question on as many lines as it takes, beside the mark of its answer.
pub(super) fn prompt(field: &Field, columns: usize) -> Vec<String> {
    let text = field.prompt.as_deref().unwrap_or(&field.label);
    wrapped(text, columns.saturating_sub(MARK).max(1))
}

/// Why an idea is named, since when.
pub(super) fn reason(reason: Reason, since: jiff::civil::Date) -> String {
    let since = dates::short(since);
    match reason {
        Reason::PastReview => format!("review date {since}"),
        Reason::Untouched => format!("last changed {since}"),
    }
}

fn wrapped(text: &str, room: usize) -> Vec<String> {
    let text = printable_lines(text);
    let ranges = width::wrap(&text, room);
    ranges
        .into_iter()
        .filter_map(|range| text.get(range).map(str::to_owned))
        .collect()
}
