//! Rules about ideas. Their titles are private, so the sentences count them.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::days::whole;
use super::{Evidence, EvidenceRow, History, IdeaTrace, Settings, Signal, SignalType, words};
use crate::domain::dates;
use crate::domain::idea::Status;

/// The rules' version.
const VERSION: u32 = 1;

pub(super) fn evaluate(
    history: &History,
    today: Date,
    settings: &Settings,
    found: &mut Vec<Signal>,
) {
    found.extend(stagnant(history, today, settings));
    found.extend(crowded(history, today, settings));
}

/// No idea touched for so many days while drafts wait, or parked ideas past their review date.
fn stagnant(history: &History, today: Date, settings: &Settings) -> Option<Signal> {
    let drafts = of(history, today, |idea| idea.status == Status::Draft);
    let overdue = of(history, today, |idea| {
        idea.status == Status::Parked && idea.review_on.is_some_and(|date| date < today)
    });
    let days = whole(settings.thresholds.stagnant_days);
    let last = history
        .ideas
        .iter()
        .map(|idea| idea.touched)
        .filter(|date| *date <= today)
        .max()?;
    let idle = i64::from(dates::days_between(last, today));
    let waiting = !drafts.is_empty() && idle >= days;
    let review = overdue.iter().filter_map(|idea| idea.review_on).min();
    let quiet_from = last.saturating_add(1.day());
    let (start, sentence, rows) = match (waiting, review) {
        (true, _) => {
            let line = words::ideas_idle(quiet_from, today, idle, drafts.len(), overdue.len());
            let start = review.map_or(quiet_from, |first| first.min(quiet_from));
            let rows: Vec<IdeaTrace> = drafts.into_iter().chain(overdue).collect();
            (start, line, rows)
        }
        (false, Some(first)) => {
            let line = words::ideas_overdue(overdue.len(), today, first);
            (first, line, overdue)
        }
        (false, None) => return None,
    };
    let mut evidence = Evidence::of(SignalType::IdeasStagnant, VERSION, (start, today))
        .with("stagnantDays", settings.thresholds.stagnant_days);
    evidence.statistic = Some(f64::from(dates::days_between(last, today)));
    evidence.limit = Some(settings.thresholds.stagnant_days);
    evidence.rows = self::rows(&rows);
    Some(signal(
        SignalType::IdeasStagnant,
        start,
        today,
        sentence,
        evidence,
    ))
}

/// More promoted ideas at once than so many.
fn crowded(history: &History, today: Date, settings: &Settings) -> Option<Signal> {
    let promoted = of(history, today, |idea| idea.status == Status::Promoted);
    let most = whole(settings.thresholds.crowded_ideas);
    let number = i64::try_from(promoted.len()).ok()?;
    if number <= most {
        return None;
    }
    // The day on which the last of them made it too many.
    let start = promoted.iter().map(|idea| idea.touched).max()?;
    let sentence = words::ideas_crowded(promoted.len(), today, most);
    let mut evidence = Evidence::of(SignalType::IdeasCrowded, VERSION, (start, today))
        .with("crowdedIdeas", settings.thresholds.crowded_ideas);
    evidence.observed_n = u32::try_from(number).unwrap_or(u32::MAX);
    evidence.statistic = Some(f64::from(evidence.observed_n));
    evidence.limit = Some(settings.thresholds.crowded_ideas);
    evidence.rows = rows(&promoted);
    Some(signal(
        SignalType::IdeasCrowded,
        start,
        today,
        sentence,
        evidence,
    ))
}

/// The ideas that a day knows of, in a fixed order.
fn of(history: &History, today: Date, is: impl Fn(&IdeaTrace) -> bool) -> Vec<IdeaTrace> {
    let mut ideas: Vec<IdeaTrace> = history
        .ideas
        .iter()
        .copied()
        .filter(|idea| idea.touched <= today && is(idea))
        .collect();
    ideas.sort_by_key(|idea| (idea.touched, idea.id));
    ideas
}

/// So many rows of a signal are named, those untouched longest; its sentence counts all. The database takes a megabyte a
/// signal, which some ten thousand imported drafts would be more than.
const MOST_ROWS: usize = 1000;

fn rows(ideas: &[IdeaTrace]) -> Vec<EvidenceRow> {
    let mut rows: Vec<EvidenceRow> = ideas
        .iter()
        .map(|idea| EvidenceRow {
            table: "ideas".to_owned(),
            id: idea.id,
            date: idea.touched,
            value: None,
        })
        .collect();
    rows.sort_by_key(|row| (row.date, row.id));
    rows.truncate(MOST_ROWS);
    rows
}

fn signal(
    kind: SignalType,
    start: Date,
    end: Date,
    sentence: String,
    evidence: Evidence,
) -> Signal {
    Signal {
        kind,
        subject: String::new(),
        window_start: start,
        window_end: end,
        sentence,
        evidence,
    }
}
