//! Windows of dates, and sets of dates.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::domain::dates::days_between;

/// A threshold that counts days or things, as a whole number.
#[allow(clippy::cast_possible_truncation)] // whole and small: the settings hold it so
pub(super) fn whole(threshold: f64) -> i64 {
    threshold.round().clamp(0.0, 1e6) as i64
}

/// So many dates that end with today where it has an entry, else with yesterday: the first and the last.
pub(super) fn window(today: Date, has_entry: bool, days: i64) -> (Date, Date) {
    let last = if has_entry { today } else { before(today, 1) };
    (before(last, days - 1), last)
}

/// The date so many days before.
pub(super) fn before(date: Date, days: i64) -> Date {
    date.saturating_sub(days.days())
}

/// The date so many days later.
pub(super) fn after(date: Date, days: i64) -> Date {
    date.saturating_add(days.days())
}

/// The number of dates from the first to the last; none where the last is earlier.
pub(super) fn length((from, to): (Date, Date)) -> i64 {
    i64::from(days_between(from, to)).max(-1) + 1
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn seven_days_are_seven_dates_at_the_ends_of_years_and_of_summer_time() {
        for today in [
            date(2027, 1, 3),
            date(2028, 3, 1),
            date(2026, 3, 29),
            date(2026, 11, 1),
        ] {
            for (has_entry, last) in [(true, today), (false, before(today, 1))] {
                let (from, to) = window(today, has_entry, 7);
                assert_eq!((to, length((from, to))), (last, 7), "{today}");
                assert_eq!(after(from, 6), to);
            }
        }
        assert_eq!(window(date(2027, 1, 3), true, 7).0, date(2026, 12, 28));
        assert_eq!(window(date(2028, 3, 1), false, 7).0, date(2028, 2, 23));
    }
}
