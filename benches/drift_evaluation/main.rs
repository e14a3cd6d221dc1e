//! What the signals of drift are worth: false ones per person and year, and how long a real change takes to be found.
//!
//! `cargo bench --bench drift_evaluation` prints the table of `docs/drift.md`, the trade-off and the speed;
//! `cargo bench --bench drift_evaluation -- speed` prints the speed alone, and `-- limits` computes the limits of the level chart anew (`chart/limits.rs`).
//! Everything is seeded: the same program prints the same figures.
#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::cast_precision_loss
)]

mod limits;
mod people;
mod rules;
mod speed;

use people::{Person, SCENARIOS, Scenario};
use rules::Rule;

/// Simulated years of one person with twelve fields, for each scenario.
const PERSON_YEARS: u32 = 2_000;

/// Fields of a person.
const FIELDS: f64 = 12.0;

/// Days of each simulated series: two years.
const DAYS: i32 = 730;

/// Series with a change, for each size of it.
const CHANGES: u32 = 4_000;

fn main() {
    let words: Vec<String> = std::env::args().collect();
    if words.iter().any(|word| word == "limits") {
        limits::compute();
        return;
    }
    if words.iter().any(|word| word == "speed") {
        speed::measure();
        return;
    }
    println!("{PERSON_YEARS} person-years of twelve fields for each scenario\n");
    println!(
        "| scenario | rule | false a person-year | 1 σ: days (÷ optimum) | 1.5 σ: within 28 | 2 σ: days (÷ optimum) |"
    );
    println!("|---|---|--:|--:|--:|--:|");
    for scenario in &SCENARIOS {
        for rule in Rule::of(scenario, 4.0) {
            line(scenario, &rule);
        }
    }
    println!("\nThe trade-off, independent days:\n");
    println!("| budget set | false a person-year | 1 σ: days | 1.5 σ: within 28 | 2 σ: days |");
    println!("|--:|--:|--:|--:|--:|");
    for budget in [1.0, 2.0, 4.0, 8.0, 16.0] {
        let scenario = &SCENARIOS[0];
        let rule = Rule::Chart { budget };
        let found = [1.0, 1.5, 2.0].map(|size| delays(scenario, &rule, size));
        println!(
            "| {budget} | {:.2} | {} | {:.0} % | {} |",
            false_signals(scenario, &rule),
            found[0].0,
            found[1].1 * 100.0,
            found[2].0
        );
    }
    speed::measure();
}

fn line(scenario: &Scenario, rule: &Rule) {
    let found = [1.0, 1.5, 2.0].map(|size| delays(scenario, rule, size));
    let delay = |place: usize, size: f64| {
        let days = found[place].0;
        let shown = if days > 500 {
            "–".to_owned()
        } else {
            days.to_string()
        };
        scenario.optimum(size).map_or_else(
            || shown.clone(),
            |optimum| format!("{shown} ({:.2})", f64::from(days) / optimum),
        )
    };
    println!(
        "| {} | {} | {:.2} | {} | {:.0} % | {} |",
        scenario.name,
        rule.name(),
        false_signals(scenario, rule),
        delay(0, 1.0),
        found[1].1 * 100.0,
        delay(2, 2.0)
    );
}

/// Signals per person and year where nothing changed, counted from the day from which one may come. A signal that returns counts
/// each time.
fn false_signals(scenario: &Scenario, rule: &Rule) -> f64 {
    let series = f64::from(PERSON_YEARS) * FIELDS * 365.0 / f64::from(DAYS);
    let (mut found, mut days) = (0_u32, 0.0);
    let mut seed = 0_u64;
    while (seed as f64) < series {
        seed += 1;
        let mut person = Person::new(seed * 7_919, scenario);
        let mut watch = rule.watch(scenario);
        let (mut was, mut observed) = (false, 0);
        let gap = 150 + person.below(200);
        for day in 0..DAYS {
            let value = person.day(day, 0.0);
            let away = scenario.gap && (gap..gap + 14).contains(&day);
            if let Some(value) = value.filter(|_| !away) {
                observed += 1;
                watch.take(day, value);
            }
            days += f64::from(u8::from(observed >= 28));
            let is = watch.signals();
            found += u32::from(is && !was);
            was = is;
        }
    }
    f64::from(found) / days * 365.0 * FIELDS
}

/// The median of the observed days from the change to the signal, and the share found within 28 of them. The change comes after
/// 90 to 290 days; a series with a signal on the day before it takes no part.
fn delays(scenario: &Scenario, rule: &Rule, size: f64) -> (u32, f64) {
    let mut delays = Vec::new();
    for seed in 0..u64::from(CHANGES) {
        let mut person = Person::new(seed * 104_729 + 13, scenario);
        let mut watch = rule.watch(scenario);
        let at = 90 + person.below(200);
        let up = person.below(2) == 0;
        let (mut observed, mut found) = (0, None);
        for day in 0..at + 150 {
            let share = scenario.progress(day - at);
            let moved = share * if up { size } else { -size };
            let value = person.day(day, moved);
            let away = scenario.gap && (at - 30..at - 16).contains(&day);
            if let Some(value) = value.filter(|_| !away) {
                watch.take(day, value);
                observed += u32::from(day >= at);
            }
            if day == at - 1 && watch.signals() {
                found = Some(u32::MAX);
                break;
            }
            if day >= at && watch.signals() {
                found = Some(observed);
                break;
            }
        }
        match found {
            Some(u32::MAX) => {}
            Some(days) => delays.push(days),
            None => delays.push(999),
        }
    }
    delays.sort_unstable();
    let within = delays.iter().filter(|days| **days <= 28).count() as f64;
    (delays[delays.len() / 2], within / delays.len() as f64)
}
