//! Which ideas are listed, and in which order.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{CATEGORIES, Status};

/// What of the ideas is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sift {
    /// Of this status only.
    pub status: Option<Status>,
    /// Of this category only: an index of [`CATEGORIES`].
    pub category: Option<usize>,
    /// Of this age only.
    pub age: Option<AgeBand>,
}

/// How long ago an idea was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AgeBand {
    /// In the last seven days.
    Week,
    /// Before that, in the last thirty days.
    Month,
    /// Before that, in the last year.
    Year,
    /// Earlier.
    Older,
}

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortBy {
    /// What was changed last.
    #[default]
    Touched,
    /// The highest excitement × feasibility.
    Score,
    /// The highest priority.
    Priority,
    /// The oldest.
    Age,
}

impl AgeBand {
    /// All of them, the youngest first.
    pub const ALL: [Self; 4] = [Self::Week, Self::Month, Self::Year, Self::Older];

    /// In words: `this week`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Week => "last 7 days",
            Self::Month => "8 to 30 days old",
            Self::Year => "1 to 12 months old",
            Self::Older => "over a year old",
        }
    }

    /// The first and the last date on which such an idea was captured.
    #[must_use]
    pub fn dates(self, today: Date) -> (Date, Date) {
        let ago = |days: i64| today.saturating_sub(days.days());
        match self {
            // A clock elsewhere may be ahead.
            Self::Week => (ago(6), Date::MAX),
            Self::Month => (ago(29), ago(7)),
            Self::Year => (ago(364), ago(30)),
            Self::Older => (Date::MIN, ago(365)),
        }
    }
}

impl SortBy {
    /// All of them, in the order of the key.
    pub const ALL: [Self; 4] = [Self::Touched, Self::Score, Self::Priority, Self::Age];

    /// In words: `score`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Touched => "last changed",
            Self::Score => "excitement × feasibility",
            Self::Priority => "priority",
            Self::Age => "oldest",
        }
    }

    /// The next one; the first after the last.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Touched => Self::Score,
            Self::Score => Self::Priority,
            Self::Priority => Self::Age,
            Self::Age => Self::Touched,
        }
    }
}

impl Sift {
    /// Whether everything is listed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// The category's word.
    #[must_use]
    pub fn category_word(&self) -> Option<&'static str> {
        CATEGORIES.get(self.category?).copied()
    }

    /// What is listed in words: `parked, tech, last 7 days`; nothing where everything is.
    #[must_use]
    pub fn label(&self) -> String {
        let status = self.status.map(Status::label);
        let age = self.age.map(AgeBand::label);
        let parts = [status, self.category_word(), age];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_date_is_of_one_age() {
        let today = date(2026, 11, 23);
        let mut day = date(2025, 10, 1);
        while day <= date(2026, 11, 30) {
            let bands = AgeBand::ALL.map(|band| band.dates(today));
            let of = bands
                .iter()
                .filter(|(from, to)| (*from..=*to).contains(&day));
            assert_eq!(of.count(), 1, "{day}");
            day = day.saturating_add(1.day());
        }
    }

    #[test]
    fn what_is_listed_is_said() {
        let sift = Sift {
            status: Some(Status::RealityChecked),
            category: Some(0),
            age: Some(AgeBand::Week),
        };
        assert_eq!(sift.label(), "reality checked, tech, last 7 days");
        assert!(Sift::default().is_open() && Sift::default().label().is_empty());
        let mut sort = SortBy::default();
        for wanted in SortBy::ALL {
            assert_eq!(sort, wanted);
            sort = sort.next();
        }
    }
}
