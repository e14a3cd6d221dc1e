//! Seven days from the person's first day of the week on.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use crate::domain::dates;

/// A week, known by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    first: Date,
}

impl Week {
    /// The week that holds the date, where weeks begin on `start`.
    #[must_use]
    pub fn of(date: Date, start: Weekday) -> Self {
        Self {
            first: dates::week_start(date, start),
        }
    }

    /// Its first day.
    #[must_use]
    pub const fn first(self) -> Date {
        self.first
    }

    /// Its last day.
    #[must_use]
    pub fn last(self) -> Date {
        self.first.saturating_add(6.days())
    }

    /// Its seven days, in order.
    #[must_use]
    pub fn days(self) -> [Date; 7] {
        let mut day = self.first;
        [(); 7].map(|()| {
            let this = day;
            day = day.saturating_add(1.day());
            this
        })
    }

    /// Whether the date is one of its days.
    #[must_use]
    pub fn holds(self, date: Date) -> bool {
        (self.first..=self.last()).contains(&date)
    }

    /// The week so many weeks later; earlier where the number is negative.
    #[must_use]
    pub fn plus(self, weeks: i32) -> Self {
        Self {
            first: self.first.saturating_add(i64::from(weeks).weeks()),
        }
    }
}
