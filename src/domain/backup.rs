//! What backups and exports there are, how old they are, and what is due: the shelf that the schedule fills.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};

const DAY: u64 = 24 * 60 * 60;

/// What is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An export of everything of the person.
    Export,
    /// A backup of the database.
    Snapshot,
    /// A dump before a change of the schema.
    Migration,
    /// A backup that somebody asked for: never pruned, and it counts as a snapshot.
    Asked,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Export, Self::Snapshot, Self::Migration, Self::Asked];

    /// As it is written in names and in the record.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Snapshot => "snapshot",
            Self::Migration => "before-migration",
            Self::Asked => "backup",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// In words, for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Snapshot => "backup",
            Self::Migration => "dump before a change of the schema",
            Self::Asked => "backup that was asked for",
        }
    }

    /// How its files end.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Export => "json",
            Self::Snapshot | Self::Migration | Self::Asked => "dump",
        }
    }
}

/// How far a backup is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Its contents are listed and it is read to its end: every table is in it, and nothing of the file is damaged.
    List,
    /// As well, it is restored into a scratch database on the same server, and counts and checksums are compared.
    Full,
}

/// How it stands with one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Which.
    pub kind: Kind,
    /// When the newest was made.
    pub last: Option<Timestamp>,
    /// Days between two; nothing where it goes by no clock or is switched off.
    pub every: Option<u32>,
    /// How many are kept.
    pub keep: u32,
    /// How many there are.
    pub files: usize,
    /// Whether it is time for the next.
    pub due: bool,
    /// The newest.
    pub path: Option<PathBuf>,
}

impl Due {
    /// From when on the next is due; nothing where it goes by no clock.
    #[must_use]
    pub fn next(&self) -> Option<Timestamp> {
        let days = self.every?;
        let Some(last) = self.last else {
            return Some(Timestamp::MIN);
        };
        let seconds = i64::try_from(u64::from(days).saturating_mul(DAY)).unwrap_or(i64::MAX);
        let wait = SignedDuration::from_secs(seconds);
        Some(last.saturating_add(wait).unwrap_or(Timestamp::MAX))
    }
}

/// Whether so many days have passed. A clock that was set back does not put it off for ever.
#[must_use]
pub fn is_due(last: Option<Timestamp>, days: u32, now: Timestamp) -> bool {
    last.is_none_or(|last| {
        let seconds = now.as_second().abs_diff(last.as_second());
        seconds >= u64::from(days) * DAY
    })
}

/// A backup that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// Where.
    pub path: PathBuf,
    /// What made it; nothing where this program has no record of it for this database.
    pub kind: Option<Kind>,
    /// When it was made, or, where that is not recorded, when the file was last written.
    pub at: Timestamp,
    /// Its size.
    pub bytes: u64,
    /// When it was last restored into a scratch database and compared.
    pub restored: Option<Timestamp>,
}

impl Archive {
    /// Its name in the directory.
    #[must_use]
    pub fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}

/// A database that a restore kept aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAside {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// It is no whole database: a restore or a test restore that was killed was filling it.
    pub is_unfinished: bool,
}

/// Everything of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// The name of the database, which is typed before it is replaced.
    pub database: String,
    /// Where backups are.
    pub directory: PathBuf,
    /// How it stands with each kind that is made by itself.
    pub due: Vec<Due>,
    /// The backups that are there, the newest first.
    pub archives: Vec<Archive>,
    /// Databases that restores kept aside, the newest first; nothing where the server was not asked.
    pub kept: Option<Vec<KeptAside>>,
}

impl Shelf {
    /// From when on something is due; nothing where nothing goes by the clock.
    #[must_use]
    pub fn next(&self) -> Option<Timestamp> {
        self.due.iter().filter_map(Due::next).min()
    }

    /// The backup of this database that was restored as a test last, and when.
    #[must_use]
    pub fn restored(&self) -> Option<(&Archive, Timestamp)> {
        let tested = self.archives.iter().filter(|one| one.kind.is_some());
        tested
            .filter_map(|one| Some((one, one.restored?)))
            .max_by_key(|(_, at)| *at)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn due(last: Option<&str>, every: Option<u32>) -> Due {
        Due {
            kind: Kind::Export,
            last: last.map(moment),
            every,
            keep: 1,
            files: 1,
            due: false,
            path: None,
        }
    }

    #[test]
    fn each_kind_is_read_as_it_is_written() {
        for kind in Kind::ALL {
            assert_eq!(Kind::read(kind.word()), Some(kind));
        }
        assert_eq!(Kind::read("everything"), None);
    }

    #[test]
    fn the_next_is_due_so_many_days_after_the_last() {
        let last = "2026-11-01T10:00:00Z";
        let next = due(Some(last), Some(7)).next().unwrap();
        assert_eq!(next, moment("2026-11-08T10:00:00Z"));
        assert!(is_due(Some(moment(last)), 7, next));
        let before = next.checked_sub(SignedDuration::from_secs(1)).unwrap();
        assert!(!is_due(Some(moment(last)), 7, before));
        assert_eq!(due(None, Some(7)).next(), Some(Timestamp::MIN));
        assert_eq!(due(Some(last), None).next(), None);
        let shelf = Shelf {
            database: "wildlands".to_owned(),
            directory: PathBuf::new(),
            due: vec![due(Some(last), Some(30)), due(Some(last), Some(7))],
            archives: Vec::new(),
            kept: None,
        };
        assert_eq!(shelf.next(), Some(next));
    }
}
