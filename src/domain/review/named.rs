//! Weeks as a person names them.

use jiff::ToSpan as _;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use thiserror::Error;

use crate::domain::dates::{self, DateError};
use crate::domain::goal::Week;
use crate::domain::text::printable;

/// Why something typed is no week.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WeekError {
    /// Not one of the forms.
    #[error("“{0}” is not a week; write this, last, -2, 2026-W47, or any date in it")]
    Unreadable(String),
    /// A number that the year does not have.
    #[error("{year} has no week {week}; its last one is {last}")]
    NoSuchWeek {
        /// The ISO year.
        year: i16,
        /// As typed.
        week: i8,
        /// The number of its last week.
        last: i8,
    },
    /// Reads as a date, but is none.
    #[error(transparent)]
    Date(DateError),
}

/// Reads a week: `this`, `last`, `-2` (two weeks before this one), `2026-W47`, or any date in it as
/// [`dates::parse_date`] reads it; with nothing given, this week.
///
/// Where weeks do not begin on Monday, a number names the week that holds the Thursday of the ISO week of that number,
/// so that most of their days are the same.
///
/// # Errors
/// Says why it is no week.
pub fn parse_week(input: &str, today: Date, start: Weekday) -> Result<Week, WeekError> {
    let word = input.trim().to_lowercase();
    let given = || printable(input.trim()).chars().take(40).collect::<String>();
    let this = Week::of(today, start);
    match word.as_str() {
        "" | "this" | "now" | "this week" => return Ok(this),
        "last" | "last week" => return Ok(this.plus(-1)),
        _ => {}
    }
    if let Some(digits) = word.strip_prefix('-') {
        let weeks: i32 = match digits.parse() {
            Ok(weeks @ 0..=52_000) => weeks,
            Ok(_) | Err(_) => return Err(WeekError::Unreadable(given())),
        };
        return Ok(this.plus(-weeks));
    }
    if let Some((year, week)) = numbered(&word) {
        return of_number(year, week, start);
    }
    dates::parse_date(&word, today)
        .map(|date| Week::of(date, start))
        .map_err(|error| match error {
            DateError::Unreadable(_) => WeekError::Unreadable(given()),
            error => WeekError::Date(error),
        })
}

/// The week that a review is about where none is named: the one that was over last, or this one on its last day.
#[must_use]
pub fn week_to_review(today: Date, start: Weekday) -> Week {
    let this = Week::of(today, start);
    if this.last() == today {
        this
    } else {
        this.plus(-1)
    }
}

/// `2026-W47`: the number of the ISO week that has most of the week's days.
#[must_use]
pub fn iso_name(week: Week) -> String {
    let (year, week) = dates::iso_week(week.first().saturating_add(3.days()));
    format!("{year}-W{week:02}")
}

fn numbered(word: &str) -> Option<(i16, i8)> {
    let (year, week) = word.split_once('w')?;
    let year = year.strip_suffix('-').unwrap_or(year);
    let digits = |text: &str, lengths: &[usize]| {
        lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    (digits(year, &[4]) && digits(week, &[1, 2])).then_some(())?;
    Some((year.parse().ok()?, week.parse().ok()?))
}

fn of_number(year: i16, week: i8, start: Weekday) -> Result<Week, WeekError> {
    if !dates::YEARS.contains(&year) {
        let given = format!("{year}-W{week}");
        return Err(WeekError::Date(DateError::YearOutOfRange { given }));
    }
    let Ok(thursday) = ISOWeekDate::new(year, week, Weekday::Thursday) else {
        let last = if ISOWeekDate::new(year, 53, Weekday::Thursday).is_ok() {
            53
        } else {
            52
        };
        return Err(WeekError::NoSuchWeek { year, week, last });
    };
    Ok(Week::of(thursday.date(), start))
}
