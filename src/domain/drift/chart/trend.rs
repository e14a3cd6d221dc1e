//! A trend: Theil and Sen's slope, and Mann and Kendall's test with Hamed and Rao's correction for autocorrelation.

use super::fit::Point;

/// Figures that differ by less are ties: what binary fractions leave behind must not rank equal answers.
const TIE: f64 = 1e-7;

/// A trend of some days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// Observations.
    pub n: u32,
    /// The median of all slopes between two observations, in units a day.
    pub slope: f64,
    /// Mann and Kendall's standardised statistic, corrected.
    pub statistic: f64,
    /// The two-sided probability of one as large where there is no trend.
    pub probability: f64,
    /// By how much autocorrelation enlarges the variance of the statistic; at least 1.
    pub correction: f64,
    /// The medians of the first, the middle and the last third.
    pub thirds: [f64; 3],
}

/// The trend of observations in the order of days; nothing where there are fewer than ten.
///
/// Kendall's S with the variance for ties, times `1 + 2/(n(n−1)(n−2)) Σ (n−k)(n−k−1)(n−k−2) ρ(k)` (Hamed and Rao 1998), where ρ are the
/// significant autocorrelations of the ranks after the slope is taken out. The correction is held at 1 or above: a series that alternates
/// gives no more confidence than an independent one.
#[must_use]
pub fn trend(points: &[Point]) -> Option<Trend> {
    let n = points.len();
    if n < 10 {
        return None;
    }
    let mut slopes = Vec::with_capacity(n * (n - 1) / 2);
    let mut s = 0.0;
    for (place, late) in points.iter().enumerate() {
        for early in points.get(..place).unwrap_or_default() {
            let difference = late.value - early.value;
            if difference.abs() > TIE {
                s += difference.signum();
            }
            slopes.push(difference / f64::from(late.day - early.day));
        }
    }
    let slope = median(&mut slopes);
    let correction = correction(points, slope);
    let variance = variance(points) * correction;
    let statistic = if variance > 0.0 && s != 0.0 {
        (s - s.signum()) / variance.sqrt()
    } else {
        0.0
    };
    Some(Trend {
        n: u32::try_from(n).unwrap_or(u32::MAX),
        slope,
        statistic,
        probability: 2.0 * normal_tail(statistic.abs()),
        correction,
        thirds: thirds(points),
    })
}

/// The variance of Kendall's S where there is no trend: `(n(n−1)(2n+5) − Σ t(t−1)(2t+5)) / 18` over groups of `t` equal values.
fn variance(points: &[Point]) -> f64 {
    let part = |t: f64| t * (t - 1.0) * (2.0 * t + 5.0);
    let mut values: Vec<f64> = points.iter().map(|point| point.value).collect();
    values.sort_by(f64::total_cmp);
    let ties: f64 = values
        .chunk_by(|one, other| other - one <= TIE)
        .map(|group| part(count(group.len())))
        .sum();
    (part(count(points.len())) - ties) / 18.0
}

fn correction(points: &[Point], slope: f64) -> f64 {
    let n = count(points.len());
    let rests: Vec<f64> = points
        .iter()
        .map(|point| point.value - slope * f64::from(point.day))
        .collect();
    let ranks = ranks(&rests);
    let mean = ranks.iter().sum::<f64>() / n;
    let squares: f64 = ranks.iter().map(|rank| (rank - mean) * (rank - mean)).sum();
    if squares <= 0.0 {
        return 1.0;
    }
    let mut sum = 0.0;
    for lag in 1..points.len() / 3 {
        let later = ranks.get(lag..).unwrap_or_default();
        let products: f64 = ranks
            .iter()
            .zip(later)
            .map(|(a, b)| (a - mean) * (b - mean))
            .sum();
        let rho = products / squares;
        // Significant at one in ten.
        if rho.abs() > 1.645 / n.sqrt() {
            let k = count(lag);
            sum += (n - k) * (n - k - 1.0) * (n - k - 2.0) * rho;
        } else if lag > 1 {
            // What comes after the first insignificant one is chance.
            break;
        }
    }
    (1.0 + 2.0 / (n * (n - 1.0) * (n - 2.0)) * sum).max(1.0)
}

/// Ranks from 1; equal values have their mean.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = values.iter().copied().enumerate().collect();
    order.sort_by(|one, other| one.1.total_cmp(&other.1));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for group in order.chunk_by(|one, other| other.1 - one.1 <= TIE) {
        let rank = count(before) + f64::midpoint(count(group.len()), 1.0);
        for (place, _) in group {
            if let Some(slot) = ranks.get_mut(*place) {
                *slot = rank;
            }
        }
        before += group.len();
    }
    ranks
}

fn thirds(points: &[Point]) -> [f64; 3] {
    let n = points.len();
    [(0, n / 3), (n / 3, n - n / 3), (n - n / 3, n)].map(|(from, to)| {
        let part = points.get(from..to).unwrap_or_default();
        let mut values: Vec<f64> = part.iter().map(|point| point.value).collect();
        median(&mut values)
    })
}

/// The middle value, found without putting all of them in order: four months have thousands of slopes.
fn median(values: &mut [f64]) -> f64 {
    let n = values.len();
    if n == 0 {
        return 0.0;
    }
    let (lower, middle, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    let middle = *middle;
    if n % 2 == 1 {
        return middle;
    }
    let below = lower.iter().copied().max_by(f64::total_cmp);
    f64::midpoint(below.unwrap_or(middle), middle)
}

/// The probability that a standard normal figure is above `z` ≥ 0: the rational approximation 26.2.17 of Abramowitz and Stegun, whose
/// error is below 7.5·10⁻⁸.
#[must_use]
pub fn normal_tail(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let polynomial = t
        * (0.319_381_530
            + t * (-0.356_563_782
                + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    (density * polynomial).max(0.0)
}

#[allow(clippy::cast_precision_loss)] // numbers of observations
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn points(values: &[f64]) -> Vec<Point> {
        let days = 0..;
        days.zip(values)
            .map(|(day, value)| Point { day, value: *value })
            .collect()
    }

    /// Twelve figures that rise by one a day: S = 66, the variance 12·11·29/18.
    #[test]
    fn a_straight_line_by_hand() {
        let line: Vec<f64> = (0..12).map(f64::from).collect();
        let trend = trend(&points(&line)).unwrap();
        assert!((trend.slope - 1.0).abs() < 1e-12);
        let z = 65.0 / (12.0_f64 * 11.0 * 29.0 / 18.0).sqrt();
        assert!((trend.statistic - z).abs() < 1e-9, "{}", trend.statistic);
        for (third, by_hand) in trend.thirds.iter().zip([1.5, 5.5, 9.5]) {
            assert!((third - by_hand).abs() < 1e-12);
        }
    }

    /// Ties: 1 1 2 2 … has S = 60 of twelve figures in six pairs, and the variance less 6·2·1·9/18.
    #[test]
    fn ties_by_hand() {
        let steps: Vec<f64> = (0..12).map(|day| f64::from(day / 2)).collect();
        let points = points(&steps);
        assert!((variance(&points) - (12.0 * 11.0 * 29.0 - 6.0 * 18.0) / 18.0).abs() < 1e-9);
        assert!((trend(&points).unwrap().slope - 0.5).abs() < 1e-9);
    }

    #[test]
    fn one_wild_day_moves_nothing_and_a_constant_has_no_trend() {
        let mut line: Vec<f64> = (0..15).map(f64::from).collect();
        line[7] = 1000.0;
        assert!((trend(&points(&line)).unwrap().slope - 1.0).abs() < 0.2);
        let flat = trend(&points(&[7.0; 20])).unwrap();
        assert!((flat.statistic, flat.slope) == (0.0, 0.0));
        assert!(trend(&points(&[1.0; 9])).is_none());
    }

    #[test]
    fn the_tail_is_that_of_the_tables() {
        for (z, p) in [
            (0.0, 0.5),
            (1.0, 0.158_655),
            (1.96, 0.024_998),
            (3.0, 0.001_350),
        ] {
            assert!((normal_tail(z) - p).abs() < 1e-5, "{z}");
        }
    }
}
