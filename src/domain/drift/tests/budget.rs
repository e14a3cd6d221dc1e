//! The budget of false signals, on a sample: `cargo bench --bench drift_evaluation` has the whole.

use super::chart::{LevelChart, Limits, Point, Setup};

/// Series of two years: 25 person-years of twelve fields.
const SERIES: u64 = 150;

#[test]
fn nothing_changed_and_the_budget_is_kept() {
    for (phi, rounded) in [(0.0, false), (0.3, true), (0.6, false)] {
        let mut found = 0.0;
        for seed in 0..SERIES {
            found += f64::from(false_signals(seed, phi, rounded));
        }
        // Four a year and twelve fields are a hundred; three standard deviations of their Poisson error are thirty.
        assert!(
            found <= 130.0,
            "φ = {phi}: {found} false signals in 25 person-years"
        );
    }
}

fn false_signals(seed: u64, phi: f64, rounded: bool) -> u32 {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut normal = || {
        let radius = (-2.0 * (1.0 - random.f64()).ln()).sqrt();
        radius * (2.0 * std::f64::consts::PI * random.f64()).cos()
    };
    let mut chart = LevelChart::new(Setup {
        step: if rounded { 1.0 } else { 0.01 },
        minimum: 28,
        renewal: 56,
        limits: Limits::of_budget(4.0),
    });
    let mut state = normal();
    let (mut found, mut was) = (0, false);
    for day in 0..730 {
        state = phi * state + (1.0 - phi * phi).sqrt() * normal();
        let value = 6.0 + 1.4 * state;
        let value = if rounded {
            value.round().clamp(1.0, 10.0)
        } else {
            value
        };
        chart.push(Point { day, value });
        let is = chart.shift().is_some();
        found += u32::from(is && !was);
        was = is;
    }
    found
}
