//! What was answered: the days that were logged, and each field.

use jiff::ToSpan as _;
use jiff::civil::Date;
use uuid::Uuid;

use super::{Days, FieldFigure, Observed, count};
use crate::domain::dates::days_between;
use crate::domain::drift::{FieldHistory, FieldKind, Observation, typical};
use crate::domain::form::Field;
use crate::domain::goal::Week;
use crate::domain::ids::RecordId;
use crate::domain::review::{Material, seen_on, year_before};
use crate::domain::secret::Exit;

/// How many days before the week tell how many days are typically logged.
const TYPICAL_DAYS: i64 = 84;

/// The least of them that tell it.
const LEAST_DAYS: i32 = 28;

pub(super) fn days(material: &Material, week: Week, today: Date) -> Days {
    let has = |date: &Date| material.logged.contains(date);
    let before = year_before(week);
    let year_ago = count(before.days().iter().filter(|date| has(date)).count());
    Days {
        each: week.days().map(|date| has(&date)),
        come: count(week.days().iter().filter(|date| **date <= today).count()),
        typical: typical_days(material, week),
        year_ago: (year_ago > 0).then_some(year_ago),
    }
}

/// The share of logged days in the twelve weeks before, or since the first log where that is later, times seven.
fn typical_days(material: &Material, week: Week) -> Option<f64> {
    let earliest = week.first().saturating_sub(TYPICAL_DAYS.days());
    let first_log = material.logged.iter().min()?;
    let from = earliest.max(*first_log);
    let days = days_between(from, week.first());
    if days < LEAST_DAYS {
        return None;
    }
    let mut dates: Vec<Date> = material.logged.clone();
    dates.retain(|date| (from..week.first()).contains(date));
    dates.sort_unstable();
    dates.dedup();
    Some(f64::from(u32::try_from(dates.len()).unwrap_or(0)) / f64::from(days) * 7.0)
}

pub(super) fn of_field(
    material: &Material,
    field: &Field,
    week: Week,
    today: Date,
) -> Option<FieldFigure> {
    let kind = FieldKind::of(field).filter(|_| material.settings.takes(field))?;
    let answers = material.answers.expose(Exit::Screen).get(&field.key)?;
    let mut answers: Vec<(Date, f64)> = answers.clone();
    answers.retain(|(_, value)| value.is_finite());
    answers.sort_by(|one, two| one.0.cmp(&two.0).then(one.1.total_cmp(&two.1)));
    answers.dedup_by_key(|(date, _)| *date);
    let is_habit = match kind {
        FieldKind::Habit => true,
        FieldKind::Level { .. } => false,
    };
    let history = FieldHistory {
        key: field.key.clone(),
        label: field.label.clone(),
        unit: field.unit.clone(),
        kind,
        observations: answers
            .iter()
            .map(|(date, value)| Observation {
                id: RecordId(Uuid::nil()),
                date: *date,
                value: *value,
            })
            .collect(),
    };
    let until = seen_on(week, today).max(week.first());
    let figure = FieldFigure {
        key: history.key.clone(),
        label: history.label.clone(),
        unit: history.unit.clone(),
        is_habit,
        sensitive: field.sensitive,
        observed: observed(&answers, week, is_habit),
        typical: typical(&history, week.first(), until, &material.settings)
            .map(|typical| typical.mean)
            .filter(|mean| mean.is_finite()),
        each: week.days().map(|date| of_date(&answers, date)),
        year_ago: observed(&answers, year_before(week), is_habit),
    };
    let says = figure.observed.is_some() || figure.typical.is_some() || figure.year_ago.is_some();
    says.then_some(figure)
}

fn of_date(answers: &[(Date, f64)], date: Date) -> Option<f64> {
    let found = answers.iter().find(|(of, _)| *of == date)?;
    Some(found.1)
}

fn observed(answers: &[(Date, f64)], week: Week, is_habit: bool) -> Option<Observed> {
    let values = week
        .days()
        .into_iter()
        .filter_map(|date| of_date(answers, date));
    let (sum, answered) = values.fold((0.0, 0_u8), |(sum, n), value| (sum + value, n + 1));
    (answered > 0).then(|| Observed {
        value: if is_habit {
            sum
        } else {
            sum / f64::from(answered)
        },
        answered,
    })
}
