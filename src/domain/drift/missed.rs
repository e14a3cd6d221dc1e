//! Days without a log, against the person's own typical week.

use jiff::civil::Date;

use super::days::{after, before, length, whole, window};
use super::{Baseline, Evidence, EvidenceRow, History, Settings, Signal, SignalType, words};
use crate::domain::ids::RecordId;

/// The rule's version.
const VERSION: u32 = 1;

/// Dates that the typical week rests on at least.
const LEAST: i64 = 28;

/// What the typical week is: logged dates among all dates before a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TypicalWeek {
    from: Date,
    to: Date,
    logged: i64,
    dates: i64,
}

impl TypicalWeek {
    /// The share of days with a log, drawn a little to the middle, since no one is certain to log.
    #[allow(clippy::cast_precision_loss)] // counts of days
    fn rate(self) -> f64 {
        (self.logged as f64 + 1.0) / (self.dates as f64 + 2.0)
    }

    /// Logged days in a typical week, from 0 to 7.
    fn days(self) -> i64 {
        (self.logged * 14 + self.dates) / (self.dates * 2)
    }
}

/// The history is sorted. At least so many logged days fewer than typical, and improbable at the typical rate: the binomial probability of as few.
pub(super) fn evaluate(history: &History, today: Date, settings: &Settings) -> Option<Signal> {
    let logged = upto(&history.logged, today);
    let has_entry = logged.last().is_some_and(|(date, _)| *date == today);
    let (from, to) = window(today, has_entry, 7);
    let typical = typical(logged, from, settings)?;
    let rows = within(logged, from, to);
    let observed = i64::try_from(rows.len()).ok()?;
    let probability = at_most(observed, 7, typical.rate());
    let limit = settings.thresholds.missed_days_probability;
    let fewer = typical.days() - observed;
    if fewer < whole(settings.thresholds.missed_days_fewer) || probability > limit {
        return None;
    }
    let sentence = words::missed_days(observed, from, to, typical.days());
    let mut evidence = Evidence::of(SignalType::MissedDays, VERSION, (from, to))
        .with("missedDaysFewer", settings.thresholds.missed_days_fewer)
        .with("missedDaysProbability", limit);
    evidence.baseline = Some(Baseline {
        n: u32::try_from(typical.dates).unwrap_or(0),
        from: typical.from,
        to: typical.to,
        centre: typical.rate(),
        scale: (typical.rate() * (1.0 - typical.rate())).sqrt(),
        weekdays: [0.0; 7],
    });
    evidence.observed_n = 7;
    evidence.observed_mean = u32::try_from(observed)
        .ok()
        .map(|days| f64::from(days) / 7.0);
    evidence.statistic = Some(probability);
    evidence.limit = Some(limit);
    evidence.rows = rows
        .iter()
        .map(|(date, id)| EvidenceRow {
            table: "logs".to_owned(),
            id: *id,
            date: *date,
            value: None,
        })
        .collect();
    Some(Signal {
        kind: SignalType::MissedDays,
        subject: String::new(),
        window_start: from,
        window_end: to,
        sentence,
        evidence,
    })
}

/// What is dated up to a day.
fn upto(logged: &[(Date, RecordId)], today: Date) -> &[(Date, RecordId)] {
    let end = logged.partition_point(|(date, _)| *date <= today);
    logged.get(..end).unwrap_or_default()
}

/// The typical week of what was before a date; nothing where that is less than four weeks.
fn typical(logged: &[(Date, RecordId)], until: Date, settings: &Settings) -> Option<TypicalWeek> {
    let first = logged.first()?.0;
    let to = before(until, 1);
    let from = before(until, whole(settings.thresholds.typical_weeks) * 7).max(first);
    let dates = length((from, to));
    if dates < LEAST {
        return None;
    }
    Some(TypicalWeek {
        from,
        to,
        logged: i64::try_from(within(logged, from, to).len()).ok()?,
        dates,
    })
}

fn within(logged: &[(Date, RecordId)], from: Date, to: Date) -> &[(Date, RecordId)] {
    let begin = logged.partition_point(|(date, _)| *date < from);
    let end = logged.partition_point(|(date, _)| *date < after(to, 1));
    logged.get(begin..end).unwrap_or_default()
}

/// The binomial probability of at most so many of `n` at a rate.
pub(super) fn at_most(number: i64, n: i64, rate: f64) -> f64 {
    let mut sum = 0.0;
    let mut ways = 1.0;
    for k in 0..=number.min(n) {
        let (Ok(yes), Ok(no)) = (i32::try_from(k), i32::try_from(n - k)) else {
            break;
        };
        sum += ways * rate.powi(yes) * (1.0 - rate).powi(no);
        ways *= f64::from(no) / f64::from(yes + 1);
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binomial_is_that_of_the_tables() {
        // 7 tosses: 1, 7, 21 of 128.
        assert!((at_most(2, 7, 0.5) - 29.0 / 128.0).abs() < 1e-12);
        assert!((at_most(7, 7, 0.3) - 1.0).abs() < 1e-12);
        assert!((at_most(0, 7, 0.25) - 0.75_f64.powi(7)).abs() < 1e-12);
    }
}
