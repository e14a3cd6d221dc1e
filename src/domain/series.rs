//! Series of daily figures, as sparklines and heat-maps show them.
//!
//! A day without an answer stays a gap: it is never counted as zero and takes no part in an average.

use jiff::ToSpan;
use jiff::civil::Date;

use super::dates::days_between;

/// One figure a day from a date on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// The date of the first value.
    pub from: Date,
    /// A value for each day; nothing where there is no answer.
    pub values: Vec<Option<f64>>,
}

impl Series {
    /// A series over `from..=to` of the given figures, in any order; those outside are left out.
    #[must_use]
    pub fn over(from: Date, to: Date, figures: impl IntoIterator<Item = (Date, f64)>) -> Self {
        let days = usize::try_from(days_between(from, to) + 1).unwrap_or(0);
        let mut values = vec![None; days];
        for (date, figure) in figures {
            let place = usize::try_from(days_between(from, date)).ok();
            if let Some(slot) = place.and_then(|place| values.get_mut(place)) {
                *slot = Some(figure).filter(|figure| figure.is_finite());
            }
        }
        Self { from, values }
    }

    /// The values with their dates.
    pub fn days(&self) -> impl Iterator<Item = (Date, Option<f64>)> {
        let from = self.from;
        (0_i64..)
            .zip(&self.values)
            .map(move |(day, value)| (from.saturating_add(day.days()), *value))
    }

    /// The value of a date.
    #[must_use]
    pub fn on(&self, date: Date) -> Option<f64> {
        let place = usize::try_from(days_between(self.from, date)).ok()?;
        self.values.get(place).copied().flatten()
    }

    /// The number of days with an answer.
    #[must_use]
    pub fn count(&self) -> usize {
        self.values.iter().flatten().count()
    }

    /// The average of the answered days.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let count = u32::try_from(self.count())
            .ok()
            .filter(|&count| count > 0)?;
        Some(self.values.iter().flatten().sum::<f64>() / f64::from(count))
    }

    /// The lowest and the highest answer.
    #[must_use]
    pub fn extent(&self) -> Option<(f64, f64)> {
        self.values
            .iter()
            .flatten()
            .fold(None, |extent, &value| match extent {
                None => Some((value, value)),
                Some((low, high)) => Some((value.min(low), value.max(high))),
            })
    }

    /// Heights of 0 to 7 between the field's lowest and highest answer, for eight block characters.
    #[must_use]
    pub fn sparkline(&self, min: f64, max: f64) -> Vec<Option<u8>> {
        self.values
            .iter()
            .map(|value| value.map(|value| level(value, min, max, 8)))
            .collect()
    }

    /// Levels of 1 to 4 between the field's lowest and highest answer; 0 for a day without one.
    #[must_use]
    pub fn heat(&self, min: f64, max: f64) -> Vec<u8> {
        let heat = |value: &Option<f64>| value.map_or(0, |value| 1 + level(value, min, max, 4));
        self.values.iter().map(heat).collect()
    }

    /// Levels of 1 to 4 by the series' own quartiles, for figures without a useful range; 0 for a
    /// day without an answer.
    #[must_use]
    pub fn heat_by_quartile(&self) -> Vec<u8> {
        let mut sorted: Vec<f64> = self.values.iter().flatten().copied().collect();
        sorted.sort_by(f64::total_cmp);
        let quarter = |part: usize| sorted.get(sorted.len() * part / 4).copied();
        let limits = [quarter(1), quarter(2), quarter(3)];
        let rank = |value: f64| {
            limits
                .iter()
                .flatten()
                .filter(|&&limit| value >= limit)
                .count()
        };
        self.values
            .iter()
            .map(|value| value.map_or(0, |value| 1 + u8::try_from(rank(value)).unwrap_or(3)))
            .collect()
    }
}

/// Which of `levels` equal parts of the range the value lies in.
fn level(value: f64, min: f64, max: f64, levels: u8) -> u8 {
    let share = if max > min {
        (value - min) / (max - min)
    } else {
        0.5
    };
    let share = share.clamp(0.0, 1.0) * f64::from(levels);
    // At most 8, and the highest value belongs to the last part.
    (0..levels)
        .rev()
        .find(|&level| share >= f64::from(level))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp)]
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn series(values: &[Option<f64>]) -> Series {
        Series {
            from: date(2026, 11, 1),
            values: values.to_vec(),
        }
    }

    #[test]
    fn a_gap_is_not_a_zero() {
        let gaps = series(&[Some(4.0), None, Some(8.0), None]);
        assert_eq!(gaps.count(), 2);
        assert_eq!(gaps.mean(), Some(6.0));
        assert_eq!(gaps.extent(), Some((4.0, 8.0)));
        assert_eq!(series(&[None, None]).mean(), None);
        assert_eq!(series(&[]).extent(), None);
    }

    #[test]
    fn figures_find_their_day() {
        let figures = [
            (date(2026, 3, 1), 3.0),
            (date(2026, 2, 27), 1.0),
            (date(2026, 2, 26), 9.0),
            (date(2026, 3, 2), 9.0),
            (date(2026, 2, 28), f64::NAN),
        ];
        let made = Series::over(date(2026, 2, 27), date(2026, 3, 1), figures);
        assert_eq!(made.values, [Some(1.0), None, Some(3.0)]);
        assert_eq!(made.on(date(2026, 3, 1)), Some(3.0));
        assert_eq!(made.on(date(2026, 2, 26)), None);
        assert_eq!(made.on(date(2027, 1, 1)), None);
        assert_eq!(made.days().last(), Some((date(2026, 3, 1), Some(3.0))));
        assert_eq!(
            Series::over(date(2026, 3, 1), date(2026, 2, 1), figures).values,
            []
        );
    }

    #[test]
    fn a_scale_fills_the_levels_from_end_to_end() {
        let scale: Vec<Option<f64>> = (1..=10).map(|n| Some(f64::from(n))).collect();
        let levels: Vec<u8> = series(&scale)
            .sparkline(1.0, 10.0)
            .into_iter()
            .flatten()
            .collect();
        assert_eq!(levels, [0, 0, 1, 2, 3, 4, 5, 6, 7, 7]);
        assert_eq!(
            series(&scale).heat(1.0, 10.0),
            [1, 1, 1, 2, 2, 3, 3, 4, 4, 4]
        );
        let toggle = series(&[Some(0.0), None, Some(1.0)]);
        assert_eq!(toggle.sparkline(0.0, 1.0), [Some(0), None, Some(7)]);
        assert_eq!(toggle.heat(0.0, 1.0), [1, 0, 4]);
    }

    #[test]
    fn quartiles_spread_what_has_no_range() {
        let minutes = [5.0, 10.0, 15.0, 20.0, 300.0].map(Some);
        assert_eq!(series(&minutes).heat_by_quartile(), [1, 2, 3, 4, 4]);
        assert_eq!(series(&[None, Some(7.0)]).heat_by_quartile(), [0, 4]);
    }

    proptest! {
        #[test]
        fn levels_stay_in_range_and_rise_with_the_value(
            values in prop::collection::vec(prop::option::of(-1e6..1e6_f64), 0..40),
            min in -1e3..1e3_f64, width in -1.0..1e3_f64,
        ) {
            let all = series(&values);
            for levels in [
                all.sparkline(min, min + width).into_iter().map(|l| l.map_or(0, |l| l + 1)).collect(),
                all.heat(min, min + width),
                all.heat_by_quartile(),
            ] as [Vec<u8>; 3] {
                prop_assert_eq!(levels.len(), values.len());
                let mut seen: Vec<(f64, u8)> = Vec::new();
                for (value, level) in values.iter().zip(levels) {
                    prop_assert!(level <= 8);
                    if let Some(value) = value {
                        seen.push((*value, level));
                    } else {
                        prop_assert_eq!(level, 0);
                    }
                }
                seen.sort_by(|a, b| a.0.total_cmp(&b.0));
                prop_assert!(seen.iter().all(|(_, level)| *level > 0));
                prop_assert!(seen.is_sorted_by_key(|(_, level)| *level));
            }
        }
    }
}
