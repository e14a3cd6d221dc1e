//! What the Data screen says of retention and of sessions.

use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::retention::{Concerned, Policy, Table};

/// Policies with what they concern, what is archived, and where the person is signed in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Upkeep {
    /// Each policy with the number of rows that it concerns and the oldest of them.
    pub policies: Vec<(Policy, u64, Vec<Concerned>)>,
    /// What was archived last of each table.
    pub archived: Vec<Concerned>,
    /// Where the person is signed in by password.
    pub sessions: Vec<SignedIn>,
}

impl Upkeep {
    /// So many rows of a policy, and so many archived ones of a table, are listed at most.
    pub const LISTED: u16 = 100;
}

/// A place in the archive: behind this row. Tables stand in their order, in each of them what was archived last is first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArchivePlace {
    /// Its table.
    pub table: Table,
    /// When it was archived.
    pub at: Timestamp,
    /// Its id.
    pub id: Uuid,
}

/// A page of the archive, of [`Upkeep::LISTED`] rows at most.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ArchivePage {
    /// The rows.
    pub rows: Vec<Concerned>,
    /// Where the next page begins, if there is one.
    pub next: Option<ArchivePlace>,
}

/// A session of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Its id; never its token.
    pub id: Uuid,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
}
