//! Reading a date that a person types.
//!
//! What is missing is taken from today: backwards for a log, which is written about days that were, and ahead
//! for a day on which something is due.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use thiserror::Error;

use super::{MONTHS, YEARS, month_name, parse_weekday, starts};
use crate::domain::text::printable;

/// Where a date is looked for of which something is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Toward {
    /// The latest such day up to today.
    #[default]
    Back,
    /// The next such day from today on.
    Ahead,
}

/// Why something typed is no date.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DateError {
    /// Not one of the forms.
    #[error("“{0}” is not a date; write 2026-11-23, 11-23, 23, today, yesterday, -3 or mon")]
    Unreadable(String),
    /// A month above 12 or zero.
    #[error("{given} is not a date: months go from 1 to 12; the form is year-month-day")]
    NoSuchMonth {
        /// As typed.
        given: String,
    },
    /// A day that the month does not have.
    #[error("{given} is not a date: {month} {year} has {days} days; give a day from 1 to {days}")]
    NoSuchDay {
        /// As typed.
        given: String,
        /// Its English name.
        month: &'static str,
        /// The year meant.
        year: i16,
        /// The length of the month.
        days: i8,
    },
    /// Outside [`YEARS`].
    #[error("{given} is outside the years {} to {}; give a year within", YEARS.start(), YEARS.end())]
    YearOutOfRange {
        /// As typed.
        given: String,
    },
}

/// Reads a date: `2026-11-23`, `2026/11/23`, `20261123`, `23.11.2026`, `23 Nov 2026`, `11-23`, `23 Nov`, `23`,
/// `today`, `yesterday`, `tomorrow`, `-3` and `+3` days, `mon` … `sun`, `last mon`.
///
/// Without a year or a month, the latest such day up to today is meant; a weekday's name likewise
/// includes today, with `last` it does not.
///
/// # Errors
/// Says why it is no date.
pub fn parse_date(input: &str, today: Date) -> Result<Date, DateError> {
    parse_date_toward(input, today, Toward::Back)
}

/// As [`parse_date`], with what is missing taken from today in this direction; a weekday's name means today or the
/// next such day, where it is looked for ahead.
///
/// # Errors
/// Says why it is no date.
pub fn parse_date_toward(input: &str, today: Date, toward: Toward) -> Result<Date, DateError> {
    let word = input.trim().to_lowercase();
    let given = given(input);
    let unreadable = || DateError::Unreadable(given.clone());
    let date = match word.as_str() {
        "today" | "now" => today,
        "yesterday" => today.saturating_sub(1.day()),
        "tomorrow" => today.saturating_add(1.day()),
        _ => {
            if let Some(date) = weekday(&word, today, toward) {
                date
            } else if let Some(days) = offset(&word) {
                today.checked_add(days).map_err(|_| out_of_range(&given))?
            } else {
                let parts = parts(&word).ok_or_else(unreadable)?;
                parts.date(today, toward, &given)?
            }
        }
    };
    if YEARS.contains(&date.year()) {
        Ok(date)
    } else {
        Err(out_of_range(&given))
    }
}

impl Toward {
    fn takes(self, date: Date, today: Date) -> bool {
        match self {
            Self::Back => date <= today,
            Self::Ahead => date >= today,
        }
    }
}

fn given(input: &str) -> String {
    printable(input.trim()).chars().take(40).collect()
}

fn out_of_range(given: &str) -> DateError {
    DateError::YearOutOfRange {
        given: given.to_owned(),
    }
}

fn weekday(word: &str, today: Date, toward: Toward) -> Option<Date> {
    let weekday_ahead = |weekday: jiff::civil::Weekday| {
        let days = i64::from(weekday.since(today.weekday()));
        today.saturating_add(days.days())
    };
    if toward == Toward::Ahead
        && let Some(weekday) = parse_weekday(word)
    {
        return Some(weekday_ahead(weekday));
    }
    let (name, from) = match word.strip_prefix("last ") {
        Some(name) => (name, today.saturating_sub(1.day())),
        None => (word, today),
    };
    let weekday = parse_weekday(name)?;
    Some(from.saturating_sub(i64::from(from.weekday().since(weekday)).days()))
}

/// `-3` and `+3`, in days.
fn offset(word: &str) -> Option<Span> {
    let digits = word.strip_prefix(['-', '+'])?;
    if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let days: i64 = digits.parse().ok()?;
    Some(if word.starts_with('-') {
        -days.days()
    } else {
        days.days()
    })
}

/// A date as typed, of which the year and the month may be missing.
struct Parts {
    year: Option<i32>,
    month: Option<i32>,
    day: i32,
}

fn parts(word: &str) -> Option<Parts> {
    if word.len() == 8 && word.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Parts {
            year: number(word.get(..4)?),
            month: number(word.get(4..6)?),
            day: number(word.get(6..)?)?,
        });
    }
    let split: Vec<&str> = word.split(['-', '/']).collect();
    match *split.as_slice() {
        [year, month, day] if year.len() == 4 => {
            return Some(Parts {
                year: Some(number(year)?),
                month: Some(number(month)?),
                day: number(day)?,
            });
        }
        // With slashes, half the world means the day first.
        [month, day] if !word.contains('/') => {
            return Some(Parts {
                year: None,
                month: Some(number(month)?),
                day: number(day)?,
            });
        }
        _ => {}
    }
    let split: Vec<&str> = word.trim_end_matches('.').split('.').collect();
    match *split.as_slice() {
        [day, month, year] if year.len() == 4 => {
            return Some(Parts {
                year: Some(number(year)?),
                month: Some(number(month)?),
                day: number(day)?,
            });
        }
        [day, month] => {
            return Some(Parts {
                year: None,
                month: Some(number(month)?),
                day: number(day)?,
            });
        }
        _ => {}
    }
    spoken(word)
}

/// `23`, `23 nov`, `nov 23`, `23 nov 2026`, `mon 23 nov 2026`.
fn spoken(word: &str) -> Option<Parts> {
    let mut parts = Parts {
        year: None,
        month: None,
        day: 0,
    };
    for (index, word) in word
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .enumerate()
    {
        if let Some(month) = MONTHS.iter().position(|name| starts(name, word)) {
            if parts.month.is_some() {
                return None;
            }
            parts.month = i32::try_from(month + 1).ok();
        } else if index == 0 && parse_weekday(word).is_some() {
            // The weekday is decoration where the day is given.
        } else if word.len() == 4 && parts.year.is_none() {
            parts.year = Some(number(word)?);
        } else if word.len() <= 2 && parts.day == 0 {
            parts.day = number(word).filter(|&day| day > 0)?;
        } else {
            return None;
        }
    }
    let complete = parts.day > 0 && (parts.year.is_none() || parts.month.is_some());
    complete.then_some(parts)
}

fn number(digits: &str) -> Option<i32> {
    let plain =
        !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

impl Parts {
    fn date(&self, today: Date, toward: Toward, given: &str) -> Result<Date, DateError> {
        let Some(month) = self.month else {
            return self.nearest_month(today, toward, given);
        };
        if !(1..=12).contains(&month) {
            return Err(DateError::NoSuchMonth {
                given: given.to_owned(),
            });
        }
        if let Some(year) = self.year {
            return self.exact(year, month, given);
        }
        // 29 February may lie up to eight years away.
        let this_year = i32::from(today.year());
        (0..=8)
            .map(|years| match toward {
                Toward::Back => this_year - years,
                Toward::Ahead => this_year + years,
            })
            .filter_map(|year| self.exact(year, month, given).ok())
            .find(|date| toward.takes(*date, today))
            .map_or_else(|| self.exact(this_year, month, given), Ok)
    }

    fn nearest_month(&self, today: Date, toward: Toward, given: &str) -> Result<Date, DateError> {
        let mut first = today.first_of_month();
        // Of two months in a row at least one has 31 days; the third try is for the day beside today.
        for _ in 0..3 {
            let (year, month) = (i32::from(first.year()), i32::from(first.month()));
            match self.exact(year, month, given) {
                Ok(date) if toward.takes(date, today) => return Ok(date),
                _ => {
                    first = match toward {
                        Toward::Back => first.saturating_sub(1.month()),
                        Toward::Ahead => first.saturating_add(1.month()),
                    }
                }
            }
        }
        self.exact(i32::from(today.year()), i32::from(today.month()), given)
    }

    fn exact(&self, year: i32, month: i32, given: &str) -> Result<Date, DateError> {
        let year = i16::try_from(year).map_err(|_| out_of_range(given))?;
        if !YEARS.contains(&year) {
            return Err(out_of_range(given));
        }
        let month = i8::try_from(month).unwrap_or(0);
        let first = Date::new(year, month, 1).map_err(|_| DateError::NoSuchMonth {
            given: given.to_owned(),
        })?;
        let day = i8::try_from(self.day).unwrap_or(0);
        Date::new(year, month, day).map_err(|_| DateError::NoSuchDay {
            given: given.to_owned(),
            month: month_name(month),
            year,
            days: first.days_in_month(),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::dates::{days_between, long};

    /// A Tuesday.
    const TODAY: Date = date(2026, 11, 24);

    fn error(input: &str) -> String {
        parse_date(input, TODAY).unwrap_err().to_string()
    }

    #[test]
    fn what_is_due_is_looked_for_ahead() {
        let ahead = |input: &str, today| parse_date_toward(input, today, Toward::Ahead).unwrap();
        let today = date(2026, 11, 24);
        for (input, expected) in [
            ("03-01", date(2027, 3, 1)),
            ("1 mar", date(2027, 3, 1)),
            ("12-01", date(2026, 12, 1)),
            ("24", today),
            ("23", date(2026, 12, 23)),
            ("30", date(2026, 11, 30)),
            ("31", date(2026, 12, 31)),
            ("tue", today),
            ("mon", date(2026, 11, 30)),
            ("last mon", date(2026, 11, 23)),
            ("29 feb", date(2028, 2, 29)),
            ("2026-03-01", date(2026, 3, 1)),
            ("+7", date(2026, 12, 1)),
            ("yesterday", date(2026, 11, 23)),
        ] {
            assert_eq!(ahead(input, today), expected, "{input}");
        }
    }

    #[test]
    fn a_date_is_read_in_every_documented_form() {
        for (input, expected) in [
            ("2026-11-23", date(2026, 11, 23)),
            ("2026/11/23", date(2026, 11, 23)),
            (" 2026-1-5 ", date(2026, 1, 5)),
            ("20261123", date(2026, 11, 23)),
            ("23.11.2026", date(2026, 11, 23)),
            ("23 Nov 2026", date(2026, 11, 23)),
            ("Mon 23 Nov 2026", date(2026, 11, 23)),
            ("November 23, 2026", date(2026, 11, 23)),
            ("today", TODAY),
            ("Yesterday", date(2026, 11, 23)),
            ("tomorrow", date(2026, 11, 25)),
            ("-3", date(2026, 11, 21)),
            ("+10", date(2026, 12, 4)),
            ("-0", TODAY),
            ("tue", TODAY),
            ("last tue", date(2026, 11, 17)),
            ("mon", date(2026, 11, 23)),
            ("wednesday", date(2026, 11, 18)),
            ("SUN", date(2026, 11, 22)),
            ("23", date(2026, 11, 23)),
            ("24", TODAY),
            ("25", date(2026, 10, 25)),
            ("31", date(2026, 10, 31)),
            ("11-23", date(2026, 11, 23)),
            ("11-25", date(2025, 11, 25)),
            ("02-29", date(2024, 2, 29)),
            ("23.11.", date(2026, 11, 23)),
            ("1 dec", date(2025, 12, 1)),
            ("1900-01-01", date(1900, 1, 1)),
            ("2999-12-31", date(2999, 12, 31)),
        ] {
            assert_eq!(parse_date(input, TODAY), Ok(expected), "{input}");
        }
        assert_eq!(parse_date("31", date(2026, 3, 30)), Ok(date(2026, 1, 31)));
        assert_eq!(
            parse_date("29 feb", date(1904, 2, 28)),
            Ok(date(1904, 2, 29))
        );
    }

    #[test]
    fn an_impossible_date_says_why() {
        assert_eq!(
            error("2026-02-30"),
            "2026-02-30 is not a date: February 2026 has 28 days; give a day from 1 to 28"
        );
        assert_eq!(
            error("2024-02-30"),
            "2024-02-30 is not a date: February 2024 has 29 days; give a day from 1 to 29"
        );
        assert_eq!(
            error("2026-13-01"),
            "2026-13-01 is not a date: months go from 1 to 12; the form is year-month-day"
        );
        assert_eq!(
            error("00-10"),
            "00-10 is not a date: months go from 1 to 12; the form is year-month-day"
        );
        assert_eq!(
            error("2026-11-00"),
            "2026-11-00 is not a date: November 2026 has 30 days; give a day from 1 to 30"
        );
        assert_eq!(
            error("32"),
            "32 is not a date: November 2026 has 30 days; give a day from 1 to 30"
        );
        assert_eq!(
            error("1899-12-31"),
            "1899-12-31 is outside the years 1900 to 2999; give a year within"
        );
        assert_eq!(
            error("-999999"),
            "-999999 is outside the years 1900 to 2999; give a year within"
        );
        let unreadable = "is not a date; write 2026-11-23, 11-23, 23, today, yesterday, -3 or mon";
        for junk in [
            "",
            "0",
            "soon",
            "mo",
            "--3",
            "-",
            "26-11-23",
            "11/23/2026",
            "2026-11-23T10:00",
            "last",
            "last week",
            "nov",
            "nov 2026",
            "23 24",
            "nov dec 3",
            "٢٣",
        ] {
            assert_eq!(error(junk), format!("“{junk}” {unreadable}"));
        }
        assert_eq!(error("\u{1b}[2Jx"), format!("“␛[2Jx” {unreadable}"));
    }

    #[test]
    fn the_twenty_ninth_of_february_is_found_over_a_century_without_leap_day() {
        assert_eq!(
            parse_date("02-29", date(2104, 2, 28)),
            Ok(date(2096, 2, 29))
        );
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(days in 0..401_000_i64) {
            let day = date(1900, 1, 1).saturating_add(days.days());
            prop_assert_eq!(parse_date(&day.to_string(), TODAY), Ok(day));
            prop_assert_eq!(parse_date(&long(day), TODAY), Ok(day));
        }

        #[test]
        fn a_date_without_year_is_the_latest_one(month in 1..=12_i8, day in 1..=28_i8) {
            let found = parse_date(&format!("{month}-{day}"), TODAY).unwrap();
            prop_assert_eq!((found.month(), found.day()), (month, day));
            prop_assert!((0..=365).contains(&days_between(found, TODAY)));
        }

        #[test]
        fn no_input_panics(input in "[0-9a-z .+-]{0,12}|\\PC*", ordinal in 0..401_000_i64) {
            let today = date(1900, 1, 1).saturating_add(ordinal.days());
            match parse_date(&input, today) {
                Ok(found) => prop_assert!(YEARS.contains(&found.year())),
                Err(error) => {
                    let shown = error.to_string();
                    prop_assert_eq!(printable(&shown), shown.as_str());
                }
            }
        }
    }
}
