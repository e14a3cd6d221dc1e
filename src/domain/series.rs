//! Series of daily figures, as sparklines show them.
//!
//! A day without an answer stays a gap: it is never counted as zero and takes no part in an average.

use jiff::civil::Date;

use super::dates::days_between;

/// One figure a day from a date on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
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
        Self { values }
    }

    /// The average of each group of so many days, of its answered days alone. The last group ends
    /// with the last day; the first may be shorter.
    #[must_use]
    pub fn averages(&self, days: usize) -> Vec<Option<f64>> {
        let groups = self.values.rchunks(days.max(1)).map(|group| {
            let answered = group.iter().flatten();
            let (sum, count) =
                answered.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
            (count > 0.0).then(|| sum / count)
        });
        let mut averages: Vec<_> = groups.collect();
        averages.reverse();
        averages
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

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
        assert_eq!(
            Series::over(date(2026, 3, 1), date(2026, 2, 1), figures).values,
            []
        );
    }

    #[test]
    fn a_gap_takes_no_part_in_an_average() {
        let values = vec![Some(9.0), Some(4.0), None, None, None, Some(2.0), Some(8.0)];
        let series = Series { values };
        assert_eq!(series.averages(2), [Some(9.0), Some(4.0), None, Some(5.0)]);
        assert_eq!(series.averages(1), series.values);
        assert_eq!(series.averages(0), series.values);
        assert_eq!(Series::default().averages(3), []);
    }
}
