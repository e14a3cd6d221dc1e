//! Days of the civil calendar: reading what a person types, writing what a person reads.
//!
//! Nothing here asks a clock: today, the moment and the zone are arguments. Years are limited to
//! 1900–2999, well inside what PostgreSQL and the calendar hold.

mod typed;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

pub use typed::{DateError, Toward, parse_date, parse_date_toward};

/// The years that a date may have.
pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2999;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Monday", Weekday::Monday),
    ("Tuesday", Weekday::Tuesday),
    ("Wednesday", Weekday::Wednesday),
    ("Thursday", Weekday::Thursday),
    ("Friday", Weekday::Friday),
    ("Saturday", Weekday::Saturday),
    ("Sunday", Weekday::Sunday),
];

/// The date at a moment in a zone.
#[must_use]
pub fn local_date(now: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(now).date()
}

/// The moment at which the next date begins in a zone, for a timer that follows midnight.
#[must_use]
pub fn next_midnight(now: Timestamp, zone: &TimeZone) -> Timestamp {
    let tomorrow = local_date(now, zone).saturating_add(1.day());
    let midnight = zone
        .to_ambiguous_zoned(tomorrow.at(0, 0, 0, 0))
        .compatible();
    // Where the calendar ends there is no next day; an hour later is as good as any.
    let later = now.saturating_add(Span::new().hours(1)).unwrap_or(now);
    midnight.map_or(later, |zoned| zoned.timestamp())
}

/// `Mon 23 Nov 2026`.
#[must_use]
pub fn long(date: Date) -> String {
    format!(
        "{} {} {}",
        weekday_short(date.weekday()),
        short(date),
        date.year()
    )
}

/// `23 Nov`.
#[must_use]
pub fn short(date: Date) -> String {
    format!("{} {}", date.day(), month_short(date))
}

/// `Nov 2026`.
#[must_use]
pub fn month(date: Date) -> String {
    format!("{} {}", month_short(date), date.year())
}

/// `today`, `yesterday`, `tomorrow`, `3 days ago`, `in 3 days`.
#[must_use]
pub fn relative(date: Date, today: Date) -> String {
    match days_between(today, date) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        ahead if ahead > 0 => format!("in {ahead} days"),
        ago => format!("{} days ago", -ago),
    }
}

/// `Mon`.
#[must_use]
pub fn weekday_short(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

/// A weekday's name in any length from three letters: `mon`, `Tues`, `sunday`.
#[must_use]
pub fn parse_weekday(name: &str) -> Option<Weekday> {
    let name = name.trim().to_lowercase();
    let found = WEEKDAYS.iter().find(|(full, _)| starts(full, &name))?;
    Some(found.1)
}

/// The days of the week in the person's order.
#[must_use]
pub fn week(start: Weekday) -> [Weekday; 7] {
    let mut day = start;
    [(); 7].map(|()| {
        let this = day;
        day = day.next();
        this
    })
}

/// The first day of the week that holds the date.
#[must_use]
pub fn week_start(date: Date, start: Weekday) -> Date {
    date.saturating_sub(i64::from(date.weekday().since(start)).days())
}

/// The ISO year and week number: weeks begin on Monday, week 1 holds the first Thursday.
#[must_use]
pub fn iso_week(date: Date) -> (i16, i8) {
    let week = date.iso_week_date();
    (week.year(), week.week())
}

/// The weeks that touch the month of a date, each of seven dates; the first and the last may reach
/// into the months beside it.
#[must_use]
pub fn month_grid(date: Date, start: Weekday) -> Vec<[Date; 7]> {
    let last = date.last_of_month();
    let mut first = week_start(date.first_of_month(), start);
    let mut rows = Vec::with_capacity(6);
    while first <= last {
        let mut day = first;
        rows.push([(); 7].map(|()| {
            let this = day;
            day = day.saturating_add(1.day());
            this
        }));
        if day <= first {
            break;
        }
        first = day;
    }
    rows
}

/// The number of days from one date to another; negative where the second is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

fn month_short(date: Date) -> &'static str {
    month_name(date.month()).get(..3).unwrap_or_default()
}

fn month_name(month: i8) -> &'static str {
    let index = usize::try_from(month).unwrap_or(0).saturating_sub(1);
    MONTHS.get(index).copied().unwrap_or_default()
}

/// Whether a name begins with at least three letters of it.
fn starts(name: &str, beginning: &str) -> bool {
    beginning.len() >= 3 && name.to_lowercase().starts_with(beginning)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use jiff::civil::date;

    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap_or(TimeZone::UTC)
    }

    #[test]
    fn the_date_is_the_person_s_and_ends_at_their_midnight() {
        let now = moment("2026-11-23T23:30:00Z");
        for (name, today, midnight) in [
            ("UTC", date(2026, 11, 23), "2026-11-24T00:00:00Z"),
            ("Europe/Berlin", date(2026, 11, 24), "2026-11-24T23:00:00Z"),
            (
                "America/Los_Angeles",
                date(2026, 11, 23),
                "2026-11-24T08:00:00Z",
            ),
            (
                "Pacific/Kiritimati",
                date(2026, 11, 24),
                "2026-11-24T10:00:00Z",
            ),
        ] {
            assert_eq!(local_date(now, &zone(name)), today, "{name}");
            assert_eq!(next_midnight(now, &zone(name)), moment(midnight), "{name}");
        }
        // Days of 23 and 25 hours, a midnight that the clock skips, a date that a zone skipped.
        for (name, now, midnight) in [
            (
                "Europe/Berlin",
                "2026-03-29T00:00:00Z",
                "2026-03-29T22:00:00Z",
            ),
            (
                "Europe/Berlin",
                "2026-10-25T00:00:00Z",
                "2026-10-25T23:00:00Z",
            ),
            (
                "America/Havana",
                "2026-03-07T12:00:00Z",
                "2026-03-08T05:00:00Z",
            ),
            (
                "Pacific/Apia",
                "2011-12-29T20:00:00Z",
                "2011-12-30T10:00:00Z",
            ),
        ] {
            let (now, midnight) = (moment(now), moment(midnight));
            assert_eq!(next_midnight(now, &zone(name)), midnight, "{name}");
            assert!(
                local_date(midnight, &zone(name)) > local_date(now, &zone(name)),
                "{name}"
            );
        }
        assert!(next_midnight(Timestamp::MAX, &TimeZone::UTC) >= Timestamp::MAX);
    }

    #[test]
    fn dates_are_written_for_people() {
        let day = date(2026, 11, 3);
        assert_eq!(long(day), "Tue 3 Nov 2026");
        assert_eq!(short(day), "3 Nov");
        assert_eq!(month(day), "Nov 2026");
        for (date, words) in [
            (date(2026, 11, 3), "today"),
            (date(2026, 11, 2), "yesterday"),
            (date(2026, 11, 4), "tomorrow"),
            (date(2026, 10, 3), "31 days ago"),
            (date(2026, 12, 3), "in 30 days"),
        ] {
            assert_eq!(relative(date, day), words);
        }
        assert_eq!(iso_week(date(2027, 1, 3)), (2026, 53));
        assert_eq!(iso_week(date(2026, 11, 23)), (2026, 48));
    }

    #[test]
    fn a_month_is_whole_weeks_from_the_person_s_first_day() {
        let november = month_grid(date(2026, 11, 23), Weekday::Monday);
        assert_eq!(november.len(), 6);
        assert_eq!(
            november.first().map(|week| week[0]),
            Some(date(2026, 10, 26))
        );
        assert_eq!(november.last().map(|week| week[6]), Some(date(2026, 12, 6)));
        let november = month_grid(date(2026, 11, 1), Weekday::Sunday);
        assert_eq!(november.len(), 5);
        assert_eq!(
            november.first().map(|week| week[0]),
            Some(date(2026, 11, 1))
        );
        let february = month_grid(date(2027, 2, 28), Weekday::Monday);
        assert_eq!(february.len(), 4);
    }

    #[test]
    fn every_month_has_each_of_its_days_once_and_in_order() {
        for start in week(Weekday::Monday) {
            let mut first = date(1999, 12, 1);
            while first < date(2031, 1, 1) {
                let grid = month_grid(first, start);
                assert!((4..=6).contains(&grid.len()));
                let days: Vec<Date> = grid.iter().flatten().copied().collect();
                assert!(
                    days.windows(2)
                        .all(|pair| days_between(pair[0], pair[1]) == 1)
                );
                let own = days
                    .iter()
                    .filter(|day| day.first_of_month() == first)
                    .count();
                assert_eq!(own, usize::from(first.days_in_month().unsigned_abs()));
                assert!(grid.iter().all(|week| week[0].weekday() == start));
                assert!(
                    grid.iter()
                        .all(|week| week_start(week[3], start) == week[0])
                );
                first = first.saturating_add(1.month());
            }
        }
        assert_eq!(
            week(Weekday::Sunday).map(weekday_short).join(" "),
            "Sun Mon Tue Wed Thu Fri Sat"
        );
    }

    #[test]
    fn the_calendar_s_ends_do_not_panic() {
        assert!(!month_grid(Date::MAX, Weekday::Wednesday).is_empty());
        assert!(!month_grid(Date::MIN, Weekday::Wednesday).is_empty());
        assert!(days_between(Date::MIN, Date::MAX) > 7_000_000);
    }
}
