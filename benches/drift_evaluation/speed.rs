//! Ten years of twelve fields: one day, and every day.

use std::time::Instant;

use harriswildlands::domain::drift::{
    FieldHistory, FieldKind, History, Observation, Settings, evaluate, replay,
};
use harriswildlands::domain::ids::RecordId;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use uuid::Uuid;

use crate::people::{Person, SCENARIOS};

const BEGIN: Date = date(2016, 11, 16);
const DAYS: i32 = 3_652;

pub fn measure() {
    let history = history();
    let settings = Settings::default();
    let last = BEGIN + (DAYS - 1).days();
    let mut times: Vec<f64> = (0..21)
        .map(|_| {
            let begin = Instant::now();
            std::hint::black_box(evaluate(&history, last, &settings));
            begin.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let begin = Instant::now();
    let episodes = replay(&history, BEGIN, last, &settings).len();
    let whole = begin.elapsed().as_secs_f64();
    println!(
        "\nTen years of twelve fields: one day {:.2} ms (limit 5), replay {whole:.2} s (limit 3), {episodes} episodes",
        times[10]
    );
}

fn history() -> History {
    let id = |day: i32| RecordId(Uuid::from_u128(u128::from(day.unsigned_abs())));
    let fields = (0..12_u64).map(|number| {
        let mut person = Person::new(number, &SCENARIOS[10]);
        let is_habit = number >= 9;
        let observations = (0..DAYS).filter_map(|day| {
            let value = person.day(day, 0.0)?;
            let value = if is_habit {
                f64::from(u8::from(value > 5.0))
            } else {
                value
            };
            Some(Observation {
                id: id(day),
                date: BEGIN + day.days(),
                value,
            })
        });
        FieldHistory {
            key: format!("field{number}"),
            label: format!("field {number}"),
            unit: None,
            kind: if is_habit {
                FieldKind::Habit
            } else {
                FieldKind::Level {
                    min: 1.0,
                    max: 10.0,
                    step: 1.0,
                }
            },
            observations: observations.collect(),
        }
    });
    History {
        fields: fields.collect(),
        logged: (0..DAYS).map(|day| (BEGIN + day.days(), id(day))).collect(),
        ..History::default()
    }
}
