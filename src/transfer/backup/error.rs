//! Why there is no backup, or none that can be relied upon. No message holds a stored text: of what PostgreSQL's
//! programs say only the line of the error is kept, without what it quotes of values.

use std::path::PathBuf;

use crate::store::error::StoreError;
use crate::store::tools::ToolsError;
use crate::transfer::export::ExportError;

/// A failure of a backup, of its verification, or of a restore.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// There is no fit `pg_dump` or `pg_restore`.
    #[error("{error}{}", compose(*of_compose))]
    Tools {
        /// What is missing, and what brings it.
        error: ToolsError,
        /// Whether the server may be the one of `compose.yaml`, whose own programs would do.
        of_compose: bool,
    },
    /// The login may not read everything.
    #[error("role \"{user}\" may not {action}; {remedy}")]
    MissingRight {
        /// The login role.
        user: String,
        /// What it may not do.
        action: String,
        /// What gives the right, and what works without it.
        remedy: String,
    },
    /// The database holds nothing of this program's.
    #[error("database \"{database}\" holds no schema \"wildlands\": there is nothing to back up")]
    Nothing {
        /// The database.
        database: String,
    },
    /// Something has the file's name.
    #[error("{} exists and was left as it is; name another file", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be made.
    #[error("{} could not be written ({reason}); nothing was left there", path.display())]
    CannotCreate {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The file is there, but the disk did not confirm it.
    #[error("{} is there and whole, but the disk did not confirm it ({reason}); make another one before you rely on it", path.display())]
    NotFlushed {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The file cannot be read.
    #[error("{} cannot be read ({reason})", path.display())]
    CannotRead {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The file is not a whole archive of a database of this program.
    #[error("{} is no backup that can be restored: {reason}", path.display())]
    Unfit {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// It can be read, but is not what was made under its name.
    #[error(
        "{} is not the file that was made {}: its SHA-256 is another one than made.json beside it has, so it was \
         damaged or replaced since; do not rely on it, and make another one", path.display(), made.strftime("%Y-%m-%d %H:%M UTC")
    )]
    Altered {
        /// The file.
        path: PathBuf,
        /// When the one that is recorded was made.
        made: jiff::Timestamp,
    },
    /// What was restored is not what was dumped.
    #[error(
        "the restored copy differs from the database in {tables}; do not rely on this file, and make another one"
    )]
    Differs {
        /// The tables.
        tables: String,
    },
    /// Somebody who cannot be told to go is in the database.
    #[error(
        "database \"{database}\" is in use and could not be exchanged: {who}; close that program and try again"
    )]
    InUse {
        /// The database.
        database: String,
        /// Roles and programs.
        who: String,
    },
    /// There is no such database that a restore kept aside.
    #[error(
        "\"{name}\" is no database that a restore kept aside; `wildlands restore --list-kept` lists them"
    )]
    NotKept {
        /// What was named.
        name: String,
    },
    /// One of PostgreSQL's programs failed.
    #[error("{program} failed: {reason}")]
    Program {
        /// Its name.
        program: &'static str,
        /// Its words.
        reason: String,
    },
    /// The database, or the way to it.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// It was asked to stop.
    #[error("stopped; nothing was left")]
    Cancelled,
}

fn compose(of_compose: bool) -> &'static str {
    if of_compose {
        "; for the server of compose.yaml its own does it: \
         docker compose exec -T db pg_dump -U bruce -Fc -Z1 pgbruce > pgbruce.dump"
    } else {
        ""
    }
}

impl From<tokio_postgres::Error> for BackupError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<ExportError> for BackupError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Exists { path } => Self::Exists { path },
            ExportError::CannotCreate { path, reason } => Self::CannotCreate { path, reason },
            ExportError::NotFlushed { path, reason } => Self::NotFlushed { path, reason },
            ExportError::Store(error) => Self::Store(error),
            ExportError::Cancelled => Self::Cancelled,
            other @ (ExportError::Output { .. }
            | ExportError::OneTable { .. }
            | ExportError::OpenFolder) => Self::Program {
                program: "the export",
                reason: other.to_string(),
            },
        }
    }
}
