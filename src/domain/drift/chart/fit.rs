//! The baseline of a field: robust centre, weekday adjustment, scale that survives rounding, autocorrelation.

/// Deviations beyond so many scales count as this many (Huber's ψ), in the baseline and in the chart alike: one wild day is
/// worth no more than a clearly unusual one.
pub const CLIP: f64 = 2.0;

/// The variance of a standard normal figure after clipping at [`CLIP`].
const CLIPPED_VARIANCE: f64 = 0.920_537_1;

/// What is believed of the autocorrelation before there are data, and how many pairs of days that belief is worth.
const PRIOR_PHI: (f64, f64) = (0.3, 16.0);

/// The largest autocorrelation reckoned with.
const MAX_PHI: f64 = 0.9;

/// An observation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Days since a Monday.
    pub day: i32,
    /// In the field's unit.
    pub value: f64,
}

/// What a baseline amounts to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Observations it rests on.
    pub n: u32,
    /// The centre, in the field's unit.
    pub centre: f64,
    /// One standard deviation, in the field's unit.
    pub scale: f64,
    /// What each weekday adds to the centre, Monday first.
    pub weekdays: [f64; 7],
    /// The correlation of neighbouring days, from 0.
    pub phi: f64,
}

impl Fit {
    /// What is typical of the day's weekday.
    #[must_use]
    pub fn typical(&self, day: i32) -> f64 {
        self.centre + self.offset(day)
    }

    /// What the day's weekday adds to the centre.
    #[must_use]
    pub fn offset(&self, day: i32) -> f64 {
        of_weekday(&self.weekdays, day)
    }

    /// How far an observation is from what is typical, in scales, clipped and brought to variance one.
    #[must_use]
    pub fn score(&self, point: Point) -> f64 {
        let deviation = (point.value - self.typical(point.day)) / self.scale;
        deviation.clamp(-CLIP, CLIP) / CLIPPED_VARIANCE.sqrt()
    }
}

fn of_weekday(weekdays: &[f64; 7], day: i32) -> f64 {
    weekdays.get(weekday(day)).copied().unwrap_or(0.0)
}

fn weekday(day: i32) -> usize {
    usize::try_from(day.rem_euclid(7)).unwrap_or(0)
}

/// A baseline from nothing: it starts from the median and the mean absolute deviation about it, which rounding does not bring to zero
/// as it does the median absolute deviation.
#[must_use]
pub fn fit(points: &[Point], step: f64) -> Fit {
    let mut values: Vec<f64> = points.iter().map(|point| point.value).collect();
    values.sort_by(f64::total_cmp);
    let centre = values.get(values.len() / 2).copied().unwrap_or(0.0);
    let deviations = values.iter().map(|value| (value - centre).abs());
    let scale = (1.2533 * deviations.sum::<f64>() / count(values.len()).max(1.0)).max(floor(step));
    let mut fit = Fit {
        n: 0,
        centre,
        scale,
        weekdays: [0.0; 7],
        phi: PRIOR_PHI.0,
    };
    for _ in 0..8 {
        fit = refit(&fit, points, step);
    }
    fit
}

/// A baseline from the one before and somewhat different observations: one step of iterative
/// reweighting, since little has changed.
#[must_use]
pub fn refit(before: &Fit, points: &[Point], step: f64) -> Fit {
    let mut fit = *before;
    fit.n = u32::try_from(points.len()).unwrap_or(u32::MAX);
    adjust(&mut fit, points, step);
    fit.phi = autocorrelation(&fit, points);
    fit
}

/// One step towards Huber's estimates of centre, weekday offsets and scale (his “proposal 2”).
fn adjust(fit: &mut Fit, points: &[Point], step: f64) {
    let n = count(points.len());
    if n < 1.0 {
        return;
    }
    let bound = CLIP * fit.scale;
    let mut sums = [0.0; 7];
    let mut counts = [0.0; 7];
    let mut squares = 0.0;
    let mut total = 0.0;
    for point in points {
        let offset = of_weekday(&fit.weekdays, point.day);
        let rest = (point.value - fit.centre - offset).clamp(-bound, bound);
        total += rest;
        squares += rest * rest;
        let place = weekday(point.day);
        if let (Some(sum), Some(number)) = (sums.get_mut(place), counts.get_mut(place)) {
            *sum += rest + offset;
            *number += 1.0;
        }
    }
    fit.centre += total / n;
    let drawn = weekday_offsets(&sums, &counts, fit.scale);
    fit.weekdays = drawn.0;
    // What was fitted, a centre and a part of six offsets, makes the rests smaller than the deviations are.
    let freedom = (n - 1.0 - 6.0 * drawn.1).max(n / 2.0);
    fit.scale = (squares / freedom / CLIPPED_VARIANCE)
        .sqrt()
        .max(floor(step));
}

/// The weekdays' means about their own mean, drawn to nothing by James and Stein's factor: by chance alone, the sum of squares
/// has the expectation six.
fn weekday_offsets(sums: &[f64; 7], counts: &[f64; 7], scale: f64) -> ([f64; 7], f64) {
    let mut means = [0.0; 7];
    let mut known = 0.0;
    let mut total = 0.0;
    for ((mean, sum), number) in means.iter_mut().zip(sums).zip(counts) {
        if *number > 0.0 {
            *mean = sum / number;
            total += *mean;
            known += 1.0;
        }
    }
    if known < 2.0 {
        return ([0.0; 7], 0.0);
    }
    let middle = total / known;
    let mut squares = 0.0;
    for (mean, number) in means.iter_mut().zip(counts) {
        *mean = if *number > 0.0 { *mean - middle } else { 0.0 };
        squares += number * *mean * *mean;
    }
    let squares = squares / (scale * scale);
    let factor = (1.0 - 4.0 / squares.max(1e-9)).max(0.0);
    (means.map(|mean| mean * factor), factor * factor)
}

/// The correlation of neighbouring days: from pairs of days that follow each other, corrected for the bias of a short series
/// (Marriott and Pope 1954; Kendall 1954) and drawn to what is usual of daily ratings.
fn autocorrelation(fit: &Fit, points: &[Point]) -> f64 {
    let (mut products, mut squares, mut pairs) = (0.0, 0.0, 0.0);
    let mut last: Option<(i32, f64)> = None;
    for &point in points {
        let score = fit.score(point);
        squares += score * score;
        if let Some((day, before)) = last
            && point.day - day == 1
        {
            products += score * before;
            pairs += 1.0;
        }
        last = Some((point.day, score));
    }
    let n = count(points.len());
    if pairs < 10.0 || squares <= 0.0 {
        return PRIOR_PHI.0;
    }
    let raw = (products / pairs) / (squares / n);
    let corrected = raw + (1.0 + 4.0 * raw) / n;
    let drawn = (pairs * corrected + PRIOR_PHI.1 * PRIOR_PHI.0) / (pairs + PRIOR_PHI.1);
    drawn.clamp(0.0, MAX_PHI)
}

/// The smallest scale: half a step. A person who answers 7 on every day may answer 8 once without having changed.
fn floor(step: f64) -> f64 {
    (0.5 * step).max(1e-9)
}

#[allow(clippy::cast_precision_loss)] // numbers of observations
fn count(number: usize) -> f64 {
    number as f64
}
