//! The chart of a level: a two-sided CUSUM of likelihood ratios that starts by itself.
//!
//! Page (1954): `S ← max(0, S + m (e − m/2))`, where *e* is the standardised innovation of the weekday-adjusted, clipped
//! deviation and *m* what a shift of one scale moves it by. A signal is given when *S* reaches the limit. The baseline goes on growing
//! while nothing happens (Hawkins 1987), by observations that are old enough not to belong to a shift under way; the limit depends on
//! how much it rests on.

use super::fit::{Fit, Point, fit, refit};
use super::limits::Limits;

/// The shift that the chart is tuned to, in scales.
pub const TUNED: f64 = 1.0;

/// Observations that the baseline rests on at most: half a year.
const LONGEST: usize = 182;

/// Observations that wait before they join the baseline.
const WAITING: usize = 14;

/// The likelihood ratio, as a logarithm, at which a shift counts as gone.
const GONE: f64 = 4.0;

/// Days after its end in which a shift of the same direction is the same episode.
const SAME: i32 = 28;

/// Days without an observation after which the baseline begins anew.
const FORGOTTEN: i32 = 56;

/// How a chart is set up.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The distance of neighbouring answers.
    pub step: f64,
    /// Observations before anything is said.
    pub minimum: u32,
    /// Days after which a new level is the baseline.
    pub renewal: i32,
    /// The limits.
    pub limits: Limits,
}

/// A shift that has been found and lasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// The first day of the new level: the estimated change point. It stays while the episode lasts.
    pub start: i32,
    /// Whether the level is higher.
    pub up: bool,
    /// The chart's value when it was found.
    pub statistic: f64,
    /// The limit then.
    pub limit: f64,
    /// The level before.
    pub baseline: Fit,
    /// The first and the last day of the baseline.
    pub span: (i32, i32),
    /// The observations since the change point.
    pub points: Vec<Point>,
    /// The evidence that it is gone.
    returning: f64,
}

/// One side of the chart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Side {
    sum: f64,
    /// The first day since the sum was last zero.
    since: i32,
}

/// The chart of one field.
#[derive(Clone, Debug)]
pub struct LevelChart {
    setup: Setup,
    /// Observations of the baseline, by date.
    known: Vec<Point>,
    /// The latest, which are not of the baseline yet.
    waiting: Vec<Point>,
    fit: Option<Fit>,
    /// Observations known when the fit was made.
    fitted: usize,
    limit: f64,
    last: Option<(i32, f64)>,
    up: Side,
    down: Side,
    shift: Option<Shift>,
    /// The episode that ended last: its start, its direction, and the day of its end.
    ended: Option<(i32, bool, i32)>,
}

impl Side {
    fn take(&mut self, ratio: f64, day: i32) {
        if self.sum <= 0.0 {
            self.since = day;
        }
        self.sum = (self.sum + ratio).max(0.0);
    }
}

impl LevelChart {
    /// A chart that knows nothing.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        Self {
            setup,
            known: Vec::new(),
            waiting: Vec::new(),
            fit: None,
            fitted: 0,
            limit: f64::INFINITY,
            last: None,
            up: Side::default(),
            down: Side::default(),
            shift: None,
            ended: None,
        }
    }

    /// The shift that lasts.
    #[must_use]
    pub const fn shift(&self) -> Option<&Shift> {
        self.shift.as_ref()
    }

    /// The baseline in force.
    #[must_use]
    pub const fn fit(&self) -> Option<&Fit> {
        self.fit.as_ref()
    }

    /// The day of the last observation.
    #[must_use]
    pub fn last_day(&self) -> Option<i32> {
        self.last.map(|(day, _)| day)
    }

    /// The chart's larger side and its limit.
    #[must_use]
    pub fn statistic(&self) -> (f64, f64) {
        (self.up.sum.max(self.down.sum), self.limit)
    }

    /// Begins again with the baseline as it is; for the computation of limits.
    pub fn rearm(&mut self) {
        if let Some(shift) = self.shift.take() {
            self.waiting = shift.points;
        }
        self.ended = None;
        self.up = Side::default();
        self.down = Side::default();
    }

    /// Replaces the limits; for their computation.
    pub fn set_limits(&mut self, limits: &Limits) {
        self.setup.limits.clone_from(limits);
        self.set_limit();
    }

    /// Takes the next observation. One of a day that has been taken is passed over.
    pub fn push(&mut self, point: Point) {
        if !point.value.is_finite() {
            return;
        }
        let gap = self.last.map_or(1, |(day, _)| point.day - day);
        if gap <= 0 {
            return;
        }
        if gap > FORGOTTEN {
            *self = Self::new(self.setup.clone());
        }
        let Some(fit) = self.fit else {
            self.known.push(point);
            self.last = Some((point.day, 0.0));
            if self.known.len() >= usize::try_from(self.setup.minimum).unwrap_or(usize::MAX) {
                self.begin();
            }
            return;
        };
        let score = fit.score(point);
        let (innovation, moved) =
            innovation(fit.phi, gap, score, self.last.map_or(0.0, |last| last.1));
        self.last = Some((point.day, score));
        if self.shift.is_some() {
            self.follow(point, innovation, moved);
        } else {
            self.watch(point, innovation, moved);
        }
    }

    /// A first or a new baseline from what is known.
    fn begin(&mut self) {
        let fit = fit(recent(&self.known), self.setup.step);
        self.fitted = self.known.len();
        if let Some(point) = self.known.last() {
            self.last = Some((point.day, fit.score(*point)));
        }
        self.fit = Some(fit);
        self.up = Side::default();
        self.down = Side::default();
        self.set_limit();
    }

    fn set_limit(&mut self) {
        if let Some(fit) = &self.fit {
            self.limit = self.setup.limits.at(fit.n, fit.phi);
        }
    }

    /// While nothing has been found.
    fn watch(&mut self, point: Point, innovation: f64, moved: f64) {
        self.up.take(moved * (innovation - moved / 2.0), point.day);
        self.down
            .take(moved * (-innovation - moved / 2.0), point.day);
        self.waiting.push(point);
        if self.up.sum.max(self.down.sum) >= self.limit {
            self.found();
        } else {
            self.grow();
        }
    }

    /// The oldest that wait join the baseline.
    fn grow(&mut self) {
        if self.waiting.len() <= WAITING {
            return;
        }
        self.known.push(self.waiting.remove(0));
        // A baseline changes slowly, and the more so the more it rests on.
        let every = (recent(&self.known).len() / 3).max(7);
        if self.known.len() >= self.fitted + every {
            if self.known.len() > 2 * LONGEST {
                self.known.drain(..LONGEST);
            }
            if let Some(fit) = &self.fit {
                self.fit = Some(refit(fit, recent(&self.known), self.setup.step));
            }
            self.fitted = self.known.len();
            self.set_limit();
        }
    }

    fn found(&mut self) {
        let is_up = self.up.sum >= self.down.sum;
        let side = if is_up { self.up } else { self.down };
        let mut start = side.since;
        if let (Some((before, direction, end)), Some((today, _))) = (self.ended, self.last)
            && direction == is_up
            && today - end <= SAME
        {
            start = before;
        }
        // What belongs to the new level is no part of the old one's baseline.
        let cut = self.known.partition_point(|point| point.day < side.since);
        let mut points = self.known.split_off(cut);
        let wait = self.waiting.partition_point(|point| point.day < side.since);
        points.extend(self.waiting.drain(wait..));
        if points.len() > WAITING
            && let Some(fit) = &self.fit
        {
            self.fit = Some(refit(fit, recent(&self.known), self.setup.step));
        }
        self.fitted = self.known.len();
        let known = recent(&self.known);
        if let Some(fit) = self.fit {
            self.shift = Some(Shift {
                start,
                up: is_up,
                statistic: side.sum,
                limit: self.limit,
                baseline: fit,
                span: (
                    known.first().map_or(start, |point| point.day),
                    known.last().map_or(start, |point| point.day),
                ),
                points,
                returning: 0.0,
            });
        }
        self.up = Side::default();
        self.down = Side::default();
    }

    /// While a shift lasts: whether it is gone, or has become the baseline.
    fn follow(&mut self, point: Point, innovation: f64, moved: f64) {
        let Some(shift) = &mut self.shift else { return };
        shift.points.push(point);
        // Where it began with an earlier episode, what lies between was the old level.
        let far = shift.size().clamp(0.75, 2.0) * moved / TUNED;
        let towards = if shift.up { innovation } else { -innovation };
        shift.returning = (shift.returning - far * (towards - far / 2.0)).max(0.0);
        let (start, is_up) = (shift.start, shift.up);
        if shift.returning >= GONE {
            self.shift = None;
            self.ended = Some((start, is_up, point.day));
            return;
        }
        let enough = usize::try_from(self.setup.minimum).unwrap_or(usize::MAX);
        if point.day - start >= self.setup.renewal && shift.points.len() >= enough {
            if let Some(shift) = self.shift.take() {
                let from = point.day - self.setup.renewal.max(56);
                let cut = shift.points.partition_point(|one| one.day < from);
                let cut = cut.min(shift.points.len().saturating_sub(enough));
                self.known = shift.points.get(cut..).unwrap_or_default().to_vec();
            }
            self.waiting.clear();
            self.ended = None;
            self.begin();
        }
    }
}

impl Shift {
    /// How far the new level is from the old one, in scales; not negative.
    #[must_use]
    pub fn size(&self) -> f64 {
        let sum: f64 = self
            .points
            .iter()
            .map(|point| self.baseline.score(*point))
            .sum();
        let number = u32::try_from(self.points.len())
            .map_or(1.0, f64::from)
            .max(1.0);
        let mean = sum / number;
        if self.up {
            mean.max(0.0)
        } else {
            (-mean).max(0.0)
        }
    }
}

/// The innovation of a score after so many days, brought to variance one, and what a lasting shift of [`TUNED`] scales moves it by.
/// After a long gap the day before says nothing: the innovation is the score itself.
fn innovation(phi: f64, gap: i32, score: f64, before: f64) -> (f64, f64) {
    let factor = if gap == 1 { phi } else { phi.powi(gap) };
    let spread = (1.0 - factor * factor).sqrt();
    (
        (score - factor * before) / spread,
        TUNED * (1.0 - factor) / spread,
    )
}

fn recent(points: &[Point]) -> &[Point] {
    points
        .get(points.len().saturating_sub(LONGEST)..)
        .unwrap_or_default()
}
