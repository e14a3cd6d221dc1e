//! What is typical of a field on certain weekdays, and how much is known of each.

use jiff::civil::Date;

use super::days::{after, before, whole};
use super::{FieldHistory, FieldKind, History, Observation, Settings};

/// Days before a window that its typical value rests on at most: half a year.
const REACH: i64 = 182;

/// The person's own typical value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Typical {
    /// Observations it rests on.
    pub n: u32,
    /// In the field's unit; a rate from 0 to 1 for a toggle.
    pub mean: f64,
}

/// The typical value of a field for the weekdays of `from..=to`, from what was observed in the half year before `from`.
/// Nothing where that is less than a signal about the field needs.
///
/// Each weekday's mean is drawn towards the mean of all days by as much as four more observations of that mean would, since a
/// weekday has a seventh of the observations.
#[must_use]
pub fn typical(field: &FieldHistory, from: Date, to: Date, settings: &Settings) -> Option<Typical> {
    const DRAWN: f64 = 4.0;
    let begin = before(from, REACH);
    let known: Vec<&Observation> = field
        .observations
        .iter()
        .filter(|one| (begin..from).contains(&one.date))
        .collect();
    let n = u32::try_from(known.len()).ok()?;
    if n < needed(field.kind, settings) || to < from {
        return None;
    }
    let mean = known.iter().map(|one| one.value).sum::<f64>() / f64::from(n);
    let mut sum = 0.0;
    let mut dates = 0.0;
    let mut date = from;
    // A week has all that there is.
    while date <= to.min(after(from, 6)) {
        let of_day = known
            .iter()
            .filter(|one| one.date.weekday() == date.weekday());
        let (total, count) = of_day.fold((DRAWN * mean, DRAWN), |(total, count), one| {
            (total + one.value, count + 1.0)
        });
        sum += total / count;
        dates += 1.0;
        date = after(date, 1);
    }
    Some(Typical {
        n,
        mean: sum / dates,
    })
}

/// For each field its label, the days observed up to today, and the days that a signal about it needs.
#[must_use]
pub fn data_needed(history: &History, today: Date, settings: &Settings) -> Vec<(String, u32, u32)> {
    history
        .fields
        .iter()
        .map(|field| {
            let observed = field
                .observations
                .iter()
                .filter(|one| one.date <= today)
                .count();
            let observed = u32::try_from(observed).unwrap_or(u32::MAX);
            (field.label.clone(), observed, needed(field.kind, settings))
        })
        .collect()
}

fn needed(kind: FieldKind, settings: &Settings) -> u32 {
    let threshold = match kind {
        FieldKind::Level { .. } => settings.thresholds.level_minimum,
        FieldKind::Habit => settings.thresholds.habit_minimum,
    };
    u32::try_from(whole(threshold)).unwrap_or(u32::MAX)
}
