//! Golden histories: small ones, whose results are computed by hand.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod budget;
mod fields;
mod goals;
mod ideas;
mod properties;

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::days::after;
use super::*;
use crate::domain::ids::RecordId;

/// A Monday.
const BEGIN: Date = date(2026, 1, 5);

fn id(number: usize) -> RecordId {
    RecordId(Uuid::from_u128(u128::try_from(number).unwrap()))
}

fn day(number: usize) -> Date {
    after(BEGIN, i64::try_from(number).unwrap())
}

fn field(
    key: &str,
    kind: FieldKind,
    values: impl IntoIterator<Item = Option<f64>>,
) -> FieldHistory {
    let observations = values.into_iter().enumerate().filter_map(|(place, value)| {
        Some(Observation {
            id: id(place),
            date: day(place),
            value: value?,
        })
    });
    FieldHistory {
        key: key.to_owned(),
        label: key.to_owned(),
        unit: None,
        kind,
        observations: observations.collect(),
    }
}

const SCALE: FieldKind = FieldKind::Level {
    min: 1.0,
    max: 10.0,
    step: 1.0,
};

fn of_field(field: FieldHistory) -> History {
    History {
        fields: vec![field],
        ..History::default()
    }
}

fn kinds(signals: &[Signal]) -> Vec<&'static str> {
    signals.iter().map(|signal| signal.kind.word()).collect()
}

/// The one signal of a type on a day.
fn one(history: &History, today: Date, kind: SignalType) -> Option<Signal> {
    let mut found = evaluate(history, today, &Settings::default());
    found.retain(|signal| signal.kind == kind);
    assert!(found.len() < 2, "{found:?}");
    found.pop()
}

#[test]
fn the_typical_week_and_a_week_with_fewer_days() {
    // Eight weeks with six of seven days: 48 of 56; then a week with three.
    let logged = |missed: &[usize]| History {
        logged: (0..63)
            .filter(|place| place % 7 != 6 && !missed.contains(place))
            .map(|place| (day(place), id(place)))
            .collect(),
        ..History::default()
    };
    let today = day(62);
    let kind = SignalType::MissedDays;
    // Sunday has no entry, so the window ends with Saturday and begins with the Sunday before.
    let found = one(&logged(&[56, 57, 58]), today, kind).unwrap();
    assert_eq!(
        found.sentence,
        "3 of 7 days logged, 1–7 Mar (typical: 6 of 7)."
    );
    assert_eq!(
        (found.window_start, found.window_end),
        (date(2026, 3, 1), date(2026, 3, 7))
    );
    assert_eq!(found.evidence.rows.len(), 3);
    let baseline = found.evidence.baseline.unwrap();
    // 55 days before the window: the Sunday of the eighth week is in it.
    assert_eq!(
        (baseline.n, baseline.from, baseline.to),
        (55, BEGIN, date(2026, 2, 28))
    );
    assert!((baseline.centre - 49.0 / 57.0).abs() < 1e-12);
    // Four of seven: two fewer, but not improbable. Five: one fewer.
    assert_eq!(one(&logged(&[56, 57]), today, kind), None);
    assert_eq!(one(&logged(&[56]), today, kind), None);
    // Before four weeks nothing is said: on the 34th day the window begins on the 27th.
    let mut short = logged(&[]);
    short.logged.retain(|(date, _)| *date < day(27));
    assert_eq!(one(&short, day(34), kind), None);
    assert!(one(&short, day(36), kind).is_some());
}

#[test]
fn a_replay_tells_the_day_of_first_sight_and_of_the_end() {
    let mut values: Vec<Option<f64>> = (0..100)
        .map(|place| Some(f64::from(5 + place % 3)))
        .collect();
    values.extend((0..20).map(|place| Some(f64::from(1 + place % 3))));
    values.extend((0..40).map(|place| Some(f64::from(5 + place % 3))));
    let history = of_field(field("energy", SCALE, values));
    let settings = Settings::default();
    let episodes = replay(&history, BEGIN, day(159), &settings);
    let shifts: Vec<&Episode> = episodes
        .iter()
        .filter(|one| one.signal.kind == SignalType::LevelShift)
        .collect();
    let [shift] = shifts.as_slice() else {
        panic!("{shifts:?}");
    };
    // The last day before the step was low already.
    assert_eq!(shift.signal.window_start, day(99));
    assert!(
        (day(101)..day(108)).contains(&shift.first_seen),
        "{}",
        shift.first_seen
    );
    assert!(
        shift
            .ended
            .is_some_and(|end| (day(121)..day(135)).contains(&end)),
        "{:?}",
        shift.ended
    );
    // Every day by itself says the same as the replay.
    for today in (90..160).map(day) {
        let is = one(&history, today, SignalType::LevelShift).is_some();
        let was = shift.first_seen <= today && shift.ended.is_none_or(|end| today < end);
        assert_eq!(is, was, "{today}");
    }
}

#[test]
fn every_signal_is_explained_with_its_own_numbers() {
    for kind in SignalType::ALL {
        let mut evidence = Evidence::of(kind, 1, (day(0), day(6)));
        assert_eq!(
            explain(kind, &evidence).len(),
            explain(kind, &evidence).len()
        );
        evidence.statistic = Some(12.34);
        evidence.limit = Some(3.0);
        evidence.observed_mean = Some(0.5);
        for threshold in THRESHOLDS {
            evidence
                .parameters
                .insert(threshold.key.to_owned(), threshold.default);
        }
        let lines = explain(kind, &evidence);
        assert!(
            lines.len() > 1 && lines.iter().all(|line| line.ends_with('.')),
            "{lines:?}"
        );
        assert!(lines.iter().all(|line| !line.contains("NaN")), "{lines:?}");
    }
}

#[test]
fn what_is_typical_is_known_from_before_and_by_weekday() {
    // Weekends 8, other days 6; four weeks.
    let values = (0..40).map(|place| Some(if place % 7 >= 5 { 8.0 } else { 6.0 }));
    let field = field("energy", SCALE, values);
    let settings = Settings::default();
    assert_eq!(
        typical(&field, day(27), day(33), &settings),
        None,
        "27 days"
    );
    let known = typical(&field, day(28), day(34), &settings).unwrap();
    assert_eq!(known.n, 28);
    assert!((known.mean - 46.0 / 7.0).abs() < 1e-9, "{known:?}");
    // Each weekday has four answers, and four of the mean: Saturday (8 + 46/7) / 2.
    let saturday = typical(&field, day(33), day(33), &settings).unwrap();
    let mean = (0..33)
        .map(|place| if place % 7 >= 5 { 8.0 } else { 6.0 })
        .sum::<f64>()
        / 33.0;
    assert!(
        (saturday.mean - f64::midpoint(8.0, mean)).abs() < 1e-9,
        "{saturday:?}"
    );
    let needed = data_needed(&of_field(field), day(9), &settings);
    assert_eq!(needed, [("energy".to_owned(), 10, 28)]);
}
