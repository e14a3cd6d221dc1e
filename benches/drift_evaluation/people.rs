//! Simulated answers: an autoregressive series with what spoils it.

/// One spread of a field, in steps of its scale.
const SIGMA: f64 = 1.4;

/// What is simulated.
#[derive(Clone, Copy)]
pub struct Scenario {
    pub name: &'static str,
    /// The correlation of neighbouring days.
    pub phi: f64,
    /// What weekends add, in spreads.
    pub weekend: f64,
    /// Whether answers are whole numbers from 1 to 10.
    pub rounded: bool,
    /// The share of days without an answer.
    pub missing: f64,
    /// Whether two weeks have no answer.
    pub gap: bool,
    /// The share of days that are five spreads off.
    pub outliers: f64,
    /// Days over which a change comes; 0 for at once.
    pub ramp: i32,
    /// Whether it is a toggle, which goes from 80 % to 50 % (twice the change for “1.5 σ” and more is not simulated).
    pub toggle: bool,
}

const PLAIN: Scenario = Scenario {
    name: "independent",
    phi: 0.0,
    weekend: 0.0,
    rounded: false,
    missing: 0.0,
    gap: false,
    outliers: 0.0,
    ramp: 0,
    toggle: false,
};

const TOGETHER: Scenario = Scenario {
    name: "everything, φ = 0.3",
    phi: 0.3,
    weekend: 1.0,
    rounded: true,
    missing: 0.15,
    gap: true,
    outliers: 0.02,
    ramp: 0,
    toggle: false,
};

pub const SCENARIOS: [Scenario; 12] = [
    PLAIN,
    Scenario {
        name: "φ = 0.3",
        phi: 0.3,
        ..PLAIN
    },
    Scenario {
        name: "φ = 0.6",
        phi: 0.6,
        ..PLAIN
    },
    Scenario {
        name: "weekend +1 σ",
        weekend: 1.0,
        ..PLAIN
    },
    Scenario {
        name: "rounded to 1–10",
        rounded: true,
        ..PLAIN
    },
    Scenario {
        name: "15 % missing",
        missing: 0.15,
        ..PLAIN
    },
    Scenario {
        name: "two-week gap",
        gap: true,
        ..PLAIN
    },
    Scenario {
        name: "2 % outliers",
        outliers: 0.02,
        ..PLAIN
    },
    Scenario {
        name: "ramp over 3 weeks",
        ramp: 21,
        ..PLAIN
    },
    Scenario {
        name: "toggle 80 → 50 %",
        toggle: true,
        ..PLAIN
    },
    TOGETHER,
    Scenario {
        name: "everything, φ = 0.6",
        phi: 0.6,
        ..TOGETHER
    },
];

impl Scenario {
    /// The distance of neighbouring answers.
    pub fn step(&self) -> f64 {
        if self.rounded { 1.0 } else { 0.01 }
    }

    /// Which part of a change has come after so many days.
    pub fn progress(&self, since: i32) -> f64 {
        if since < 0 {
            0.0
        } else if self.ramp == 0 {
            1.0
        } else {
            (f64::from(since + 1) / f64::from(self.ramp)).min(1.0)
        }
    }

    /// The mean delay of the CUSUM that knows everything, by Siegmund's approximation, at 1095 observed days between false signals:
    /// `ARL₀ = (e^{2kb} − 2kb − 1) / 2k²` a side, `ARL₁ = (2kb − 1 + e^{−2kb}) / 2k²`. Nothing where it does not apply.
    pub fn optimum(&self, size: f64) -> Option<f64> {
        if self.toggle || self.ramp > 0 {
            return None;
        }
        let k = size * ((1.0 - self.phi) / (1.0 + self.phi)).sqrt() / 2.0;
        let two = 2.0 * k * k;
        let (mut low, mut high) = (0.0_f64, 40.0_f64);
        for _ in 0..80 {
            let middle = f64::midpoint(low, high);
            if (middle.exp() - middle - 1.0) / two < 2190.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some((low - 1.0 + (-low).exp()) / two)
    }
}

/// Chance: `SplitMix64`, and Box and Muller's normal figures.
pub struct Chance {
    state: u64,
    spare: Option<f64>,
}

impl Chance {
    pub fn new(seed: u64) -> Self {
        let state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
        Self { state, spare: None }
    }

    /// From 0 to 1.
    pub fn share(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        let angle = 2.0 * std::f64::consts::PI * self.share();
        self.spare = Some(radius * angle.sin());
        radius * angle.cos()
    }
}

/// One field of one person.
pub struct Person {
    chance: Chance,
    state: f64,
    scenario: Scenario,
}

impl Person {
    pub fn new(seed: u64, scenario: &Scenario) -> Self {
        let mut chance = Chance::new(seed);
        let state = chance.normal();
        Self {
            chance,
            state,
            scenario: *scenario,
        }
    }

    /// A whole number from 0 to below `end`.
    #[allow(clippy::cast_possible_truncation)]
    pub fn below(&mut self, end: i32) -> i32 {
        (self.chance.share() * f64::from(end)) as i32
    }

    /// The answer of a day, moved by so many spreads.
    pub fn day(&mut self, day: i32, moved: f64) -> Option<f64> {
        let scenario = self.scenario;
        if scenario.toggle {
            let rate = if moved == 0.0 { 0.8 } else { 0.5 };
            return Some(f64::from(u8::from(self.chance.share() < rate)));
        }
        let fresh = (1.0 - scenario.phi * scenario.phi).sqrt();
        self.state = scenario.phi * self.state + fresh * self.chance.normal();
        let mut value = self.state + moved;
        if day.rem_euclid(7) >= 5 {
            value += scenario.weekend;
        }
        if self.chance.share() < scenario.outliers {
            value += if self.chance.share() < 0.5 { 5.0 } else { -5.0 };
        }
        let is_missing = self.chance.share() < scenario.missing;
        let value = 6.0 + SIGMA * value;
        let value = if scenario.rounded {
            value.round().clamp(1.0, 10.0)
        } else {
            value
        };
        (!is_missing).then_some(value)
    }
}
