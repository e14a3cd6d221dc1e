//! What the versions of the document differ in.
//!
//! A column that is added raises the version: a program of before knows no such column, and says of the
//! document that it is newer, not that it is broken. What an earlier document is without is as the
//! migration that added the column left the rows of before it.

/// A column that documents of before a version are without, or may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// The first version whose documents all have it.
    pub version: u32,
    /// Its table in the database.
    pub table: &'static str,
    /// Its name in the database.
    pub column: &'static str,
    /// What stands in a row that is without it, as the database reads it.
    pub value: &'static str,
}

/// All of them, in the order in which they came.
pub const ADDED: [Added; 2] = [
    // The migration gave all rows of before it one number of its own; no change ever has the number 0.
    Added {
        version: 2,
        table: "record_history",
        column: "transaction",
        value: "0",
    },
    // Goals that were private by their domain or their history become so when they are merged.
    Added {
        version: 2,
        table: "goals",
        column: "was_private",
        value: "false",
    },
];

/// What a row of a document of this version has in a column that it is without; nothing where it must have it.
#[must_use]
pub fn before(version: u32, table: &str, column: &str) -> Option<&'static str> {
    ADDED
        .iter()
        .find(|added| added.table == table && added.column == column && version < added.version)
        .map(|added| added.value)
}
