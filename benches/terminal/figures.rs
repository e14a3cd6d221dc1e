//! A figure: what was measured, of what, and what is allowed.

/// What a number counts, and how it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Milliseconds,
    Seconds,
    Bytes,
    Percent,
    Count,
    Megabytes,
    Ratio,
    PerSecond,
}

impl Unit {
    /// As the table has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Bytes => "B",
            Self::Percent => "%",
            Self::Count => "number",
            Self::Megabytes => "MB",
            Self::Ratio => "ratio",
            Self::PerSecond => "1/s",
        }
    }

    fn write(self, value: f64) -> String {
        match self {
            Self::Bytes | Self::Count | Self::PerSecond => format!("{value:.0}"),
            Self::Milliseconds if value >= 100.0 => format!("{value:.0}"),
            Self::Milliseconds | Self::Seconds | Self::Ratio => format!("{value:.2}"),
            Self::Percent | Self::Megabytes => format!("{value:.1}"),
        }
    }
}

/// What was measured of one program.
#[derive(Clone, Default)]
pub struct Samples(pub Vec<f64>);

impl Samples {
    /// The value below which this share lies.
    fn quantile(&self, share: f64) -> Option<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss
        )] // a place in a short list
        let place = (last as f64 * share).round() as usize;
        sorted.get(place).copied()
    }

    /// The middle one.
    pub fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }

    /// For the table.
    pub fn shown(&self, unit: Unit) -> String {
        match (self.0.len(), self.median(), self.quantile(0.95)) {
            (1, Some(only), _) => unit.write(only),
            (_, Some(p50), Some(p95)) => format!("{} / {}", unit.write(p50), unit.write(p95)),
            _ => "–".to_owned(),
        }
    }
}

impl From<f64> for Samples {
    fn from(only: f64) -> Self {
        Self(vec![only])
    }
}

/// One line of the table.
pub struct Figure {
    pub name: &'static str,
    pub unit: Unit,
    /// Of the median, or of the only value.
    pub limit: Option<f64>,
    /// Of the 95th percentile.
    pub p95_limit: Option<f64>,
    /// Whether the limit is the least that is allowed.
    pub at_least: bool,
    pub floor: Samples,
    pub few: Samples,
    pub many: Samples,
}

impl Figure {
    /// A figure with nothing measured yet.
    pub fn new(name: &'static str, unit: Unit, limit: f64) -> Self {
        Self {
            name,
            unit,
            limit: Some(limit),
            p95_limit: None,
            at_least: false,
            floor: Samples::default(),
            few: Samples::default(),
            many: Samples::default(),
        }
    }

    /// With what was measured: the floor, ten days, a hundred years.
    pub fn of(mut self, [floor, few, many]: [Samples; 3]) -> Self {
        (self.floor, self.few, self.many) = (floor, few, many);
        self
    }

    /// With a limit of the 95th percentile too.
    pub fn and_p95(mut self, limit: f64) -> Self {
        self.p95_limit = Some(limit);
        self
    }

    /// The limit is the least that is allowed.
    pub fn at_least(mut self) -> Self {
        self.at_least = true;
        self
    }

    /// For the table.
    pub fn limits(&self) -> String {
        let write = |limit: Option<f64>| limit.map(|limit| limit.to_string());
        let sign = if self.at_least { "≥" } else { "≤" };
        match (write(self.limit), write(self.p95_limit)) {
            (Some(p50), Some(p95)) => format!("{sign} {p50} / {p95}"),
            (Some(only), None) => format!("{sign} {only}"),
            _ => String::new(),
        }
    }

    /// What is to be said about it.
    pub fn mark(&self) -> &'static str {
        let ours = [&self.few, &self.many];
        let misses = |value: Option<f64>, limit: Option<f64>| match (value, limit) {
            (Some(value), Some(limit)) if self.at_least => value < limit,
            (Some(value), Some(limit)) => value > limit,
            _ => false,
        };
        let over = ours.iter().any(|samples| {
            misses(samples.median(), self.limit) || misses(samples.quantile(0.95), self.p95_limit)
        });
        let grows = match (self.few.median(), self.many.median()) {
            (Some(few), Some(many)) => !self.at_least && many > few * 1.3,
            _ => false,
        };
        match (over, grows) {
            (true, true) => "over, grows",
            (true, false) => "over",
            (false, true) => "grows",
            (false, false) => "",
        }
    }
}
