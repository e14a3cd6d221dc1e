//! The limits of the level chart, by stochastic approximation (Robbins and Monro 1951).
//!
//! Series in which nothing changes are charted; after each day the limits that applied move up by what a false signal weighs, and down by
//! what the budget allows for a day, in steps that grow smaller. Where it comes to rest, the rate of false signals is the budget's in every
//! cell of baseline size and estimated autocorrelation. False signals of strongly autocorrelated series weigh more ([`weight`]), because
//! their autocorrelation is underestimated as often as not: the budget is kept for each true autocorrelation, not for their mean.

use harriswildlands::domain::drift::chart::{LevelChart, Limits, Point, Setup, nodes};

use crate::people::{Chance, Person, SCENARIOS, Scenario};

/// Charted days.
const DAYS: u64 = 130_000_000;

/// False signals per year and twelve fields aimed at: a margin below the four of the budget, for what is mixed in.
const AIM: f64 = 2.95;

/// Days of a series.
const LENGTH: i32 = 600;

pub fn compute() {
    let rate = AIM / 12.0 / 365.0;
    let mut limits = Limits {
        table: [[6.5; 6]; 6],
        more: 0.0,
    };
    let mut expected = [[0.0_f64; 6]; 6];
    let (mut days, mut seed) = (0, 1);
    while days < DAYS {
        seed += 1;
        let (scenario, lives) = mixed(seed);
        let mut person = Person::new(seed, &scenario);
        let mut chart = LevelChart::new(Setup {
            step: scenario.step(),
            minimum: 28,
            renewal: 56,
            limits: limits.clone(),
        });
        let mut was = false;
        for day in 0..LENGTH {
            if let Some(value) = person.day(day, 0.0) {
                chart.push(Point { day, value });
            }
            let Some(fit) = chart.fit().copied() else {
                continue;
            };
            days += 1;
            let is = chart.shift().is_some();
            let hit = if is && !was {
                weight(scenario.phi)
            } else {
                0.0
            };
            for node in nodes(fit.n, fit.phi) {
                let events = &mut expected[node.row][node.column];
                *events += node.weight * rate;
                limits.table[node.row][node.column] +=
                    node.weight * (hit - rate) / (*events + 20.0);
            }
            if lives {
                was = is;
            } else if is {
                chart.rearm();
            }
            if day % 16 == 0 {
                chart.set_limits(&limits);
            }
        }
    }
    for row in limits.table {
        let row = row.map(|limit| format!("{limit:.2}"));
        println!("    [{}],", row.join(", "));
    }
}

/// A series of a random kind, and whether its episodes live on or are cut off at once.
fn mixed(seed: u64) -> (Scenario, bool) {
    let mut chance = Chance::new(seed * 31_337);
    let phi = (chance.share() * 0.72 - 0.04).max(0.0);
    let rounded = chance.share() < 0.5;
    let weekend = if chance.share() < 0.33 {
        chance.share()
    } else {
        0.0
    };
    let outliers = if chance.share() < 0.25 { 0.02 } else { 0.0 };
    let missing = if chance.share() < 0.25 { 0.15 } else { 0.0 };
    let lives = chance.share() < 0.5;
    let scenario = Scenario {
        phi,
        weekend,
        rounded,
        missing,
        outliers,
        ..SCENARIOS[0]
    };
    (scenario, lives)
}

/// What a false signal of a series with this autocorrelation weighs.
fn weight(phi: f64) -> f64 {
    const WEIGHTS: [(f64, f64); 5] = [
        (0.0, 0.6),
        (0.3, 0.95),
        (0.45, 1.0),
        (0.6, 1.75),
        (0.7, 1.85),
    ];
    for pair in WEIGHTS.windows(2) {
        let ((low, light), (high, heavy)) = (pair[0], pair[1]);
        if phi <= high {
            return light + (heavy - light) * (phi - low) / (high - low);
        }
    }
    WEIGHTS[4].1
}
