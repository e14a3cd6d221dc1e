//! Text that is being typed and has not become a write yet.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ids::{DraftId, RecordId};
use super::lane::Lane;
use super::secret::Secret;

/// Which text of which record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "camelCase")]
pub enum Place {
    /// A text field of a daily log.
    Log {
        /// Whose date.
        date: Date,
        /// Key of the field.
        field: String,
    },
    /// A text field of a lane's record, which may not be stored yet.
    Record {
        /// The lane.
        lane: Lane,
        /// The record's id.
        id: RecordId,
        /// Key of the field.
        field: String,
    },
}

impl Place {
    /// Key of the field.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Self::Log { field, .. } | Self::Record { field, .. } => field,
        }
    }
}

/// A text as it was when it was last put on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Where it belongs.
    pub place: Place,
    /// The text.
    pub text: Secret<String>,
    /// When it was put on disk.
    pub saved_at: Timestamp,
}

/// A draft that an earlier run left behind, or a text that the database refused. It is there until
/// this very draft is kept or given up, whatever is typed in its place meanwhile.
#[derive(Debug, Clone, PartialEq)]
pub struct OldDraft {
    /// Which one.
    pub id: DraftId,
    /// What it holds.
    pub draft: Draft,
}
