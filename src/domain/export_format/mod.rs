//! The names that an export uses for tables and columns, and its header.
//!
//! Column names are the database's in camelCase, by one rule both ways. The document is described by
//! `assets/export.schema.json`; a change that an older reader cannot take raises [`VERSION`].

mod names;
mod tables;
#[cfg(test)]
mod tests;
mod versions;

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ids::UserId;

pub use names::{camel_case, snake_case, spoken};
pub use tables::{TABLES, Table, USER_COLUMNS, UnknownTable, table, tables_of};
pub use versions::{ADDED, Added, before};

/// What `format` says.
pub const FORMAT: &str = "harriswildlands-export";

/// What `version` says. Every earlier one is taken: [`ADDED`] says what those are without.
pub const VERSION: u32 = 2;

/// What stands for a red-zone text in a redacted export.
pub const REDACTED: &str = "[redacted]";

/// The JSON Schema of the document.
pub const SCHEMA: &str = include_str!("../../../assets/export.schema.json");

/// Everything of the document before `data`, in the order written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The moment of the snapshot.
    pub exported_at: Timestamp,
    /// Whose data it is.
    pub user: ExportUser,
    /// Whether red-zone text is replaced by [`REDACTED`].
    pub redacted: bool,
    /// The tables that the export was limited to, by their names in the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<String>>,
    /// The date from which on rows were taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// Rows in each table, by its name in the document, in the order of [`TABLES`].
    pub counts: Map<String, Value>,
}

/// The person, as the header names them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportUser {
    /// The person's identifier in the database that was exported.
    pub id: UserId,
    /// The name they sign in with.
    pub username: String,
    /// Their address, where there is one.
    pub email: Option<String>,
    /// The name shown.
    pub display_name: String,
    /// A name of the IANA time zone database.
    pub timezone: String,
    /// ISO: 1 is Monday.
    pub week_start: i8,
    /// An object.
    pub settings: Map<String, Value>,
    /// When the account was made.
    pub created_at: Timestamp,
}

impl Header {
    /// The header of a whole export that is not redacted.
    #[must_use]
    pub fn whole(exported_at: Timestamp, user: ExportUser, counts: Map<String, Value>) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            exported_at,
            user,
            redacted: false,
            only: None,
            since: None,
            counts,
        }
    }
}

/// How an export is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ExportForm {
    /// The documented document, which an import takes back.
    #[default]
    Json,
    /// Pages to be read: a folder, or one file.
    Markdown,
    /// Tables for a spreadsheet: a folder, or one table in one file.
    Csv,
}

impl ExportForm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Json, Self::Markdown, Self::Csv];

    /// Its word; a file of it ends with its suffix.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
        }
    }

    /// What the name of one file of it ends with.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Json => ".json",
            Self::Markdown => ".md",
            Self::Csv => ".csv",
        }
    }
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportReport {
    /// The file; `-` for standard output.
    pub path: PathBuf,
    /// Rows per table, by its name in the document, in the order of the file.
    pub counts: Vec<(String, u64)>,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the document, in lower-case hexadecimal.
    pub sha256: String,
}
