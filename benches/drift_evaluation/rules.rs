//! The rules compared: the program's charts, and two that a program might use in their place.

use harriswildlands::domain::drift::chart::{
    HabitChart, HabitSetup, LevelChart, Limits, Point, Setup,
};

use crate::people::Scenario;

/// A rule.
pub enum Rule {
    /// The program's.
    Chart { budget: f64 },
    /// The mean of seven days is a point and a half off the mean of the first 28.
    Fixed,
    /// The mean of seven days is outside the baseline's mean ± 2 spreads of such means.
    TwoSigma,
}

/// A rule at work.
pub enum Watch {
    Level(Box<LevelChart>),
    Habit(Box<HabitChart>),
    Naive { values: Vec<f64>, two_sigma: bool },
}

impl Rule {
    pub fn of(scenario: &Scenario, budget: f64) -> Vec<Self> {
        if scenario.toggle {
            vec![Self::Chart { budget }]
        } else {
            vec![Self::Chart { budget }, Self::Fixed, Self::TwoSigma]
        }
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Chart { .. } => "chart",
            Self::Fixed => "7-day mean, fixed",
            Self::TwoSigma => "7-day mean, ± 2 σ",
        }
    }

    pub fn watch(&self, scenario: &Scenario) -> Watch {
        match self {
            Self::Chart { budget } if scenario.toggle => {
                Watch::Habit(Box::new(HabitChart::new(HabitSetup {
                    minimum: 21,
                    difference: 0.15,
                    budget: *budget,
                    renewal: 56,
                })))
            }
            Self::Chart { budget } => Watch::Level(Box::new(LevelChart::new(Setup {
                step: scenario.step(),
                minimum: 28,
                renewal: 56,
                limits: Limits::of_budget(*budget),
            }))),
            Self::Fixed | Self::TwoSigma => Watch::Naive {
                values: Vec::new(),
                two_sigma: matches!(self, Self::TwoSigma),
            },
        }
    }
}

impl Watch {
    pub fn take(&mut self, day: i32, value: f64) {
        match self {
            Self::Level(chart) => chart.push(Point { day, value }),
            Self::Habit(chart) => chart.push(day, value > 0.5),
            Self::Naive { values, .. } => values.push(value),
        }
    }

    pub fn signals(&self) -> bool {
        match self {
            Self::Level(chart) => chart.shift().is_some(),
            Self::Habit(chart) => chart.change().is_some(),
            Self::Naive { values, two_sigma } => naive(values, *two_sigma),
        }
    }
}

fn naive(values: &[f64], two_sigma: bool) -> bool {
    if values.len() < 35 {
        return false;
    }
    // The baseline is the 28 answers before the last seven weeks' end: those before the window, as such rules have it.
    let recent = &values[values.len() - 7..];
    let baseline = if two_sigma {
        &values[..values.len() - 7]
    } else {
        &values[..28]
    };
    let baseline = &baseline[baseline.len().saturating_sub(56)..];
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let centre = mean(baseline);
    let off = (mean(recent) - centre).abs();
    if !two_sigma {
        return off > 1.5;
    }
    let squares: f64 = baseline.iter().map(|value| (value - centre).powi(2)).sum();
    let sigma = (squares / (baseline.len() as f64 - 1.0)).sqrt();
    off > 2.0 * sigma / 7.0_f64.sqrt()
}
