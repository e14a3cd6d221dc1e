//! Which ideas are listed, and in which order.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::Status;

/// What of the ideas is listed; what is empty holds nothing back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sift {
    /// Of one of these statuses only.
    pub statuses: Vec<Status>,
    /// Of one of these categories only.
    pub categories: Vec<&'static str>,
    /// Of one of these ages only; they are neighbours.
    pub ages: Vec<AgeBand>,
}

/// How long ago an idea was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

    /// On the screen: `last 7 days`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Week => "last 7 days",
            Self::Month => "8 to 30 days old",
            Self::Year => "1 to 12 months old",
            Self::Older => "over a year old",
        }
    }

    /// As a word of a command: `week`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::Older => "older",
        }
    }

    /// The first and the last date on which such an idea was captured.
    #[must_use]
    pub fn dates(self, today: Date) -> (Date, Date) {
        let ago = |days: i64| today.saturating_sub(days.days());
        match self {
            // A clock elsewhere may be ahead.
            Self::Week => (ago(6), date(2999, 12, 31)),
            Self::Month => (ago(29), ago(7)),
            Self::Year => (ago(364), ago(30)),
            Self::Older => (date(1900, 1, 1), ago(365)),
        }
    }
}

impl SortBy {
    /// All of them, in the order of the key.
    pub const ALL: [Self; 4] = [Self::Touched, Self::Score, Self::Priority, Self::Age];

    /// On the screen: `excitement × feasibility`.
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

    /// Whether ideas of a status are listed.
    #[must_use]
    pub fn takes(&self, status: Status) -> bool {
        self.statuses.is_empty() || self.statuses.contains(&status)
    }

    /// From which moment on and before which one a listed idea was captured; nothing where any age
    /// is listed.
    #[must_use]
    pub fn made(&self, today: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let dates = self.ages.iter().map(|age| age.dates(today));
        let (first, last) =
            dates.reduce(|(from, to), (earlier, later)| (from.min(earlier), to.max(later)))?;
        let begin = |day: Date| {
            let midnight = zone.to_ambiguous_zoned(day.at(0, 0, 0, 0)).compatible();
            midnight.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
        };
        Some((begin(first), begin(last.saturating_add(1.day()))))
    }

    /// What is listed in words: `parked, tech, last 7 days`; nothing where everything is.
    #[must_use]
    pub fn label(&self) -> String {
        let statuses = self.statuses.iter().map(|status| status.label());
        let categories = self.categories.iter().copied();
        let ages = self.ages.iter().map(|age| age.label());
        let parts: Vec<&str> = statuses.chain(categories).chain(ages).collect();
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
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
    fn ages_are_moments_of_the_person_s_days() {
        let zone = TimeZone::get("America/New_York").unwrap_or(TimeZone::UTC);
        let mut sift = Sift::default();
        assert_eq!(sift.made(date(2026, 11, 23), &zone), None);
        sift.ages = vec![AgeBand::Month];
        let made = sift.made(date(2026, 11, 23), &zone);
        let made = made.map(|(from, before)| (from.to_string(), before.to_string()));
        // Clocks were changed between the two.
        let wanted = ("2026-10-25T04:00:00Z", "2026-11-17T05:00:00Z");
        assert_eq!(made, Some((wanted.0.to_owned(), wanted.1.to_owned())));
        sift.ages = AgeBand::ALL.to_vec();
        let (from, before) = sift.made(date(2026, 11, 23), &zone).unwrap_or_default();
        assert!(from.to_string().starts_with("1900") && before.to_string().starts_with("3000"));
    }

    #[test]
    fn what_is_listed_is_said() {
        let sift = Sift {
            statuses: vec![Status::RealityChecked],
            categories: vec!["tech", "faith"],
            ages: vec![AgeBand::Week],
        };
        assert_eq!(sift.label(), "reality checked, tech, faith, last 7 days");
        assert!(sift.takes(Status::RealityChecked) && !sift.takes(Status::Draft));
        assert!(Sift::default().is_open() && Sift::default().label().is_empty());
        assert!(Sift::default().takes(Status::Archived));
        let mut sort = SortBy::default();
        for wanted in SortBy::ALL {
            assert_eq!(sort, wanted);
            sort = sort.next();
        }
    }
}
