//! The chart of a habit: the rate of the last two to four weeks against the rate before.
//!
//! Two rates are compared by the score statistic of two binomials, its variance enlarged for days that resemble the day before. The
//! limit is computed by simulation for the largest of three windows, looked at every day.

/// The windows, in days.
pub const WINDOWS: [i32; 3] = [14, 21, 28];

/// Days before a window that its baseline rests on at most: half a year.
const REACH: i32 = 182;

/// The limit at [`BUDGET`]; see `benches/drift_evaluation`.
const LIMIT: f64 = 3.5;

/// The false signals per year and twelve habits that the limit stands for.
const BUDGET: f64 = 4.0;

/// Below this a changed rate counts as back.
const BACK: f64 = 1.0;

/// What is believed of the autocorrelation before there are data, and how many pairs that belief is worth.
const PRIOR_PHI: (f64, f64) = (0.2, 30.0);

/// How a chart is set up.
#[derive(Clone, Debug, PartialEq)]
pub struct HabitSetup {
    /// Observations that a baseline needs.
    pub minimum: u32,
    /// The smallest difference of the rates.
    pub difference: f64,
    /// False signals per year and twelve habits.
    pub budget: f64,
    /// Days after which a new rate is the baseline.
    pub renewal: i32,
}

/// A rate of some days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    /// Days that said yes.
    pub yes: f64,
    /// Days that were answered.
    pub n: f64,
}

/// A change that has been found and lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The first day of the window in which it was found.
    pub start: i32,
    /// The rate before, and the days it rests on: the first and the last.
    pub baseline: Rate,
    /// The first and the last day of the baseline.
    pub span: (i32, i32),
    /// The autocorrelation in the baseline.
    pub phi: f64,
    /// The statistic when it was found; positive where the rate is higher.
    pub statistic: f64,
    /// The limit.
    pub limit: f64,
}

/// The chart of one habit.
#[derive(Clone, Debug)]
pub struct HabitChart {
    setup: HabitSetup,
    days: Vec<i32>,
    /// Sums up to each observation: yes, products of neighbouring days, pairs of them.
    sums: Vec<[f64; 3]>,
    last: f64,
    /// For each window, where its baseline and where it itself begins.
    borders: [(usize, usize); 3],
    /// The first day that may be of a baseline.
    begin: i32,
    change: Option<Change>,
}

impl Rate {
    /// From 0 to 1.
    #[must_use]
    pub fn rate(self) -> f64 {
        if self.n > 0.0 { self.yes / self.n } else { 0.0 }
    }
}

impl HabitChart {
    /// A chart that knows nothing.
    #[must_use]
    pub fn new(setup: HabitSetup) -> Self {
        Self {
            setup,
            days: Vec::new(),
            sums: Vec::new(),
            last: 0.0,
            borders: [(0, 0); 3],
            begin: i32::MIN / 2,
            change: None,
        }
    }

    /// The change that lasts.
    #[must_use]
    pub const fn change(&self) -> Option<&Change> {
        self.change.as_ref()
    }

    /// The day of the last observation.
    #[must_use]
    pub fn last_day(&self) -> Option<i32> {
        self.days.last().copied()
    }

    /// Takes the next answer. One of a day that has been taken is passed over.
    pub fn push(&mut self, day: i32, yes: bool) {
        let before = self.days.last().copied();
        if before.is_some_and(|before| before >= day) {
            return;
        }
        let value = f64::from(u8::from(yes));
        let [sum, products, pairs] = self.sums.last().copied().unwrap_or_default();
        let pair = before.is_some_and(|before| day - before == 1);
        let product = if pair { value * self.last } else { 0.0 };
        self.sums.push([
            sum + value,
            products + product,
            pairs + f64::from(u8::from(pair)),
        ]);
        self.days.push(day);
        self.last = value;
        match self.change {
            Some(change) => self.follow(change, day),
            None => self.watch(day),
        }
    }

    fn watch(&mut self, day: i32) {
        let mut best: Option<Change> = None;
        for place in 0..WINDOWS.len() {
            let found = self.candidate(place, day);
            if found.is_some_and(|found| {
                best.is_none_or(|best| found.statistic.abs() > best.statistic.abs())
            }) {
                best = found;
            }
        }
        self.change = best;
    }

    /// The change that one of the windows shows.
    fn candidate(&mut self, place: usize, day: i32) -> Option<Change> {
        let window = *WINDOWS.get(place)?;
        let start = day - window + 1;
        let from = self.begin.max(start - REACH);
        // Days only go on, so the places of their borders do.
        let (first, cut) = self.borders.get_mut(place)?;
        while self.days.get(*cut).is_some_and(|day| *day < start) {
            *cut += 1;
        }
        while self.days.get(*first).is_some_and(|day| *day < from) {
            *first += 1;
        }
        let (first, cut, end) = (*first, *cut, self.days.len());
        let recent = self.between(cut, end);
        let baseline = self.between(first, cut);
        let few = baseline.n < f64::from(self.setup.minimum) || recent.n < f64::from(window) / 2.0;
        if few || (recent.rate() - baseline.rate()).abs() < self.setup.difference {
            return None;
        }
        let phi = self.phi(first, cut);
        let statistic = compare(recent, baseline, phi);
        let more = 2.0 * (BUDGET / self.setup.budget).ln();
        let limit = (LIMIT * LIMIT + more).max(1.0).sqrt();
        (statistic.abs() >= limit).then(|| Change {
            start,
            baseline,
            span: self.span(first, cut),
            phi,
            statistic,
            limit,
        })
    }

    fn follow(&mut self, change: Change, day: i32) {
        let recent = self.rate(day - 13, day);
        let statistic = compare(recent, change.baseline, change.phi);
        let back = if change.statistic > 0.0 {
            statistic
        } else {
            -statistic
        };
        if recent.n >= 7.0 && back < BACK {
            self.change = None;
        } else if day - change.start >= self.setup.renewal {
            self.begin = change.start;
            self.change = None;
        }
    }

    /// The rate of the days `from..=to`.
    #[must_use]
    pub fn rate(&self, from: i32, to: i32) -> Rate {
        let a = self.days.partition_point(|day| *day < from);
        self.between(a, self.days.partition_point(|day| *day <= to).max(a))
    }

    fn between(&self, a: usize, b: usize) -> Rate {
        Rate {
            yes: self.sum(b, 0) - self.sum(a, 0),
            n: f64::from(u32::try_from(b.saturating_sub(a)).unwrap_or(0)),
        }
    }

    fn phi(&self, a: usize, b: usize) -> f64 {
        let part = |place| self.sum(b, place) - self.sum(a, place);
        let rate = self.between(a, b).rate();
        let (products, pairs) = (part(1), part(2));
        let variance = rate * (1.0 - rate);
        if pairs < 1.0 || variance <= 0.0 {
            return PRIOR_PHI.0;
        }
        let raw = (products / pairs - rate * rate) / variance;
        let drawn = (pairs * raw + PRIOR_PHI.0 * PRIOR_PHI.1) / (pairs + PRIOR_PHI.1);
        drawn.clamp(0.0, 0.6)
    }

    /// The first and the last day of some observations.
    fn span(&self, a: usize, b: usize) -> (i32, i32) {
        let days = self.days.get(a..b).unwrap_or_default();
        let last = days.last().copied().unwrap_or(0);
        (days.first().copied().unwrap_or(last), last)
    }

    /// A sum over the first so many observations.
    fn sum(&self, number: usize, place: usize) -> f64 {
        let row = number.checked_sub(1).and_then(|last| self.sums.get(last));
        row.and_then(|row| row.get(place)).copied().unwrap_or(0.0)
    }
}

/// The score statistic of two rates, two yes and two no added so that nothing is certain.
fn compare(recent: Rate, baseline: Rate, phi: f64) -> f64 {
    if recent.n < 1.0 || baseline.n < 1.0 {
        return 0.0;
    }
    let pooled = (recent.yes + baseline.yes + 2.0) / (recent.n + baseline.n + 4.0);
    let enlarged = (1.0 + phi) / (1.0 - phi);
    let variance = pooled * (1.0 - pooled) * (1.0 / recent.n + 1.0 / baseline.n) * enlarged;
    (recent.rate() - baseline.rate()) / variance.sqrt()
}
