//! The versions of a day's log or of a record.

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::domain::secret::Secret;
use crate::domain::subject::Subject;

/// A page of versions, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VersionList {
    /// Of what.
    pub of: Subject,
    /// Behind this one; from the present one on without it.
    pub after: Option<(i32, Uuid)>,
    /// At most this many.
    pub limit: u16,
}

/// A version of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its entry in the history; none for the present one.
    pub entry: Option<Uuid>,
    /// Grows by one with each change.
    pub number: i32,
    /// What it held, by the field's key.
    pub fields: Secret<Map<String, Value>>,
    /// When it was made.
    pub made_at: Timestamp,
    /// The database role by which it was made; the history does not tell it of a first version.
    pub made_by: Option<String>,
    /// What ended it; nothing for the present one.
    pub ended: Option<Ended>,
}

impl Version {
    /// Whether the record was deleted until this version.
    #[must_use]
    pub fn is_brought_back(&self, older: &Self) -> bool {
        older.ended.as_ref().is_some_and(|ended| ended.deleted)
    }
}

/// How a version ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// When.
    pub at: Timestamp,
    /// By which database role.
    pub by: String,
    /// Whether the record was deleted, not changed.
    pub deleted: bool,
}

/// What is known of a record's versions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Versions {
    /// Newest first; the first one is the present one where its `ended` is empty.
    pub list: Vec<Version>,
    /// Where the next page begins, if there is one.
    pub next: Option<(i32, Uuid)>,
}
