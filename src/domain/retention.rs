//! What is kept for how long: a policy per table, off until it is enabled.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::secret::Secret;

/// What happens to a row whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It leaves lists and drift, stays in search and exports, and can come back.
    Archive,
    /// It goes; the history keeps it until the history's own policy ends.
    Delete,
}

impl Action {
    /// The word of the data.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Delete => "delete",
        }
    }

    /// What was done: `archived`.
    #[must_use]
    pub const fn done(self) -> &'static str {
        match self {
            Self::Archive => "archived",
            Self::Delete => "deleted",
        }
    }

    /// The action of a word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        [Self::Archive, Self::Delete]
            .into_iter()
            .find(|action| action.word() == word.trim())
    }
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whose rows.
    pub table: Table,
    /// Rows older than so many days are concerned.
    pub keep_days: i32,
    /// What happens to them.
    pub action: Action,
    /// Nothing happens while this is off.
    pub enabled: bool,
    /// When it last ran to its end.
    pub last_run: Option<Timestamp>,
}

impl Policy {
    /// Rows of an earlier day than this are concerned.
    #[must_use]
    pub fn cutoff(&self, today: Date) -> Date {
        today.saturating_sub(self.keep_days.days())
    }
}

/// A table that a policy may be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// Daily logs, by their date.
    Logs,
    /// Ideas, by their last change.
    Ideas,
    /// Goals, by their last change or check-in, whichever is later.
    Goals,
    /// Check-ins, by their date.
    CheckIns,
    /// Signals, by the day they were last seen.
    DriftFlags,
    /// Lesson requests, by their last change.
    Teaching,
    /// Brand content, by its last change.
    Content,
    /// Weekly reviews, by their week.
    Reviews,
    /// What imports brought that has no table, by when it came.
    Imported,
    /// The history, by when a version was replaced. It can be deleted only.
    History,
}

impl Table {
    /// All of them; what refers to a row comes after it.
    pub const ALL: [Self; 10] = [
        Self::Logs,
        Self::Ideas,
        Self::Goals,
        Self::CheckIns,
        Self::DriftFlags,
        Self::Teaching,
        Self::Content,
        Self::Reviews,
        Self::Imported,
        Self::History,
    ];

    /// The table's name in the database.
    #[must_use]
    pub const fn sql(self) -> &'static str {
        match self {
            Self::Logs => "logs",
            Self::Ideas => "ideas",
            Self::Goals => "goals",
            Self::CheckIns => "check_ins",
            Self::DriftFlags => "drift_flags",
            Self::Teaching => "teaching_requests",
            Self::Content => "harris_content",
            Self::Reviews => "reviews",
            Self::Imported => "imported_records",
            Self::History => "record_history",
        }
    }

    /// The table of a name, with `-` for `_` too.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase().replace('-', "_");
        Self::ALL.into_iter().find(|table| table.sql() == word)
    }

    /// By what a row's age goes, in words.
    #[must_use]
    pub const fn age(self) -> &'static str {
        match self {
            Self::Logs | Self::CheckIns => "by date",
            Self::Ideas | Self::Teaching | Self::Content => "by last change",
            Self::Goals => "by last change or check-in",
            Self::DriftFlags => "by the day last seen",
            Self::Reviews => "by week",
            Self::Imported => "by the day it came",
            Self::History => "by the day a version was replaced",
        }
    }

    /// Whether what names a row needs the mask.
    #[must_use]
    pub const fn is_masked(self) -> bool {
        match self {
            Self::Ideas | Self::DriftFlags => true,
            Self::Logs
            | Self::Goals
            | Self::CheckIns
            | Self::Teaching
            | Self::Content
            | Self::Reviews
            | Self::Imported
            | Self::History => false,
        }
    }

    /// Whether its rows can be archived.
    #[must_use]
    pub const fn has_archive(self) -> bool {
        !matches!(self, Self::History)
    }
}

/// A row that a policy concerns, or that is archived.
#[derive(Clone, Debug, PartialEq)]
pub struct Concerned {
    /// Its table.
    pub table: Table,
    /// Its id.
    pub id: uuid::Uuid,
    /// Its version; 0 of an entry of the history.
    pub version: i32,
    /// The day that its age goes by; of an archived row the day it was archived.
    pub day: Date,
    /// What it is known by.
    pub name: Secret<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for table in Table::ALL {
            assert_eq!(Table::read(table.sql()), Some(table));
            assert_eq!(Table::read(&table.sql().replace('_', "-")), Some(table));
        }
        assert_eq!(Table::read("users"), None);
        assert_eq!(Action::read("delete"), Some(Action::Delete));
        assert_eq!(Action::read("burn"), None);
    }

    #[test]
    fn a_policy_concerns_what_is_older_than_its_days() {
        let policy = Policy {
            table: Table::Logs,
            keep_days: 30,
            action: Action::Archive,
            enabled: false,
            last_run: None,
        };
        let today = jiff::civil::date(2026, 11, 30);
        assert_eq!(policy.cutoff(today), jiff::civil::date(2026, 10, 31));
    }
}
