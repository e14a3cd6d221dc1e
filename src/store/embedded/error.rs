//! What can go wrong with the private server. Every message says what happened, to what, and what to do next.
//! No message holds data: server output quoted here comes from a log that never receives statements or row values.

use std::io;
use std::path::{Path, PathBuf};

use super::find::OLDEST_MAJOR;

/// Why the private server could not be found, made, started or stopped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmbeddedError {
    /// No server programs anywhere.
    #[error(
        "no PostgreSQL server programs were found on this machine; install them with `{install}` (or run scripts/setup), \
         or set WILDLANDS_PG_BINDIR to the directory that holds `postgres` and `initdb`, \
         or set DATABASE_URL to use another server"
    )]
    NoPrograms {
        /// The exact command for this system.
        install: String,
    },
    /// `WILDLANDS_PG_BINDIR` names a directory without them; nothing else is tried.
    #[error(
        "WILDLANDS_PG_BINDIR is {}, which does not hold the PostgreSQL server programs `postgres` and `initdb`; \
         correct it, or unset it and install them with `{install}`", dir.display()
    )]
    EmptyBindir {
        /// The directory the setting names.
        dir: PathBuf,
        /// The exact command for this system.
        install: String,
    },
    /// Programs were found, all older than the oldest supported.
    #[error(
        "PostgreSQL {found} in {} is too old: {OLDEST_MAJOR} or newer is needed; install it with `{install}`", dir.display()
    )]
    TooOld {
        /// The newest version found.
        found: String,
        /// Where it is.
        dir: PathBuf,
        /// The exact command for this system.
        install: String,
    },
    /// The data were made by another major version than those installed.
    #[error(
        "the data in {} were made by PostgreSQL {made_by}, and only {found} is installed; \
         install {made_by} again with `{install}`. To move to {found} instead: with {made_by} installed make a dump \
         (`wildlands backup`) or an export (`wildlands export`), rename that directory, start again for a new one, \
         and restore; the old directory stays as it is", cluster.display()
    )]
    OtherMajor {
        /// The cluster's directory.
        cluster: PathBuf,
        /// The major version in its `PG_VERSION`.
        made_by: u32,
        /// The versions that are installed.
        found: String,
        /// The exact command for this system.
        install: String,
    },
    /// The server's user cannot reach a path.
    #[error(
        "PostgreSQL does not run as root, and the user `{user}` it runs as instead cannot reach {}: {} is closed to it; \
         set WILDLANDS_HOME (for programs WILDLANDS_PG_BINDIR) to a directory outside it, such as {}, \
         or open it with `chmod o+x {}`", path.display(), blocked.display(), suggestion.display(), blocked.display()
    )]
    Unreachable {
        /// What must be reached.
        path: PathBuf,
        /// The directory that is closed.
        blocked: PathBuf,
        /// The server's user.
        user: String,
        /// A directory that works.
        suggestion: PathBuf,
    },
    /// Root, and neither `postgres` nor `nobody` exists.
    #[error(
        "PostgreSQL does not run as root, and neither a user `postgres` nor `nobody` exists to run it as; \
         make one with `useradd --system postgres`"
    )]
    NoServerUser,
    /// A right on a file or directory is missing.
    #[error(
        "no permission to {what} {}; check who owns it with `ls -ld`, or set WILDLANDS_HOME to a directory of yours", path.display()
    )]
    NoPermission {
        /// What was attempted.
        what: &'static str,
        /// On what.
        path: PathBuf,
    },
    /// The file system is read-only.
    #[error(
        "cannot {what} {}: the file system is read-only; make it writable, or set WILDLANDS_HOME to a directory that is", path.display()
    )]
    ReadOnly {
        /// What was attempted.
        what: &'static str,
        /// On what.
        path: PathBuf,
    },
    /// The disk or the quota is full.
    #[error(
        "cannot {what} {}: the disk is full; free some space and start again, nothing saved before is lost", path.display()
    )]
    Full {
        /// What was attempted.
        what: &'static str,
        /// On what.
        path: PathBuf,
    },
    /// Another failure of the system.
    #[error("cannot {what} {}: {reason}", path.display())]
    Io {
        /// What was attempted.
        what: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The cluster's directory exists but is not a cluster.
    #[error(
        "{} exists but holds no PostgreSQL data (no readable PG_VERSION); if it holds nothing of worth rename it and start again, \
         otherwise restore it from a backup", path.display()
    )]
    NotACluster {
        /// The directory.
        path: PathBuf,
    },
    /// `initdb` or the set-up after it failed.
    #[error("{program} could not set up the private database in {}: {reason}", path.display())]
    FirstStart {
        /// The program that failed.
        program: &'static str,
        /// Where.
        path: PathBuf,
        /// Its last words.
        reason: String,
    },
    /// The server ended while it was starting.
    #[error("the private PostgreSQL server did not start: {tail} (its log is {})", log.display())]
    DidNotStart {
        /// The log file.
        log: PathBuf,
        /// The last lines of it.
        tail: String,
    },
    /// It is taking longer than the deadline.
    #[error(
        "{what} has taken over {seconds} s; the server's log is {}; try again, it may have finished by then", log.display()
    )]
    Slow {
        /// What was waited for.
        what: &'static str,
        /// For how long.
        seconds: u64,
        /// The log file.
        log: PathBuf,
    },
    /// A process of an earlier server does not end.
    #[error(
        "process {pid} of an earlier PostgreSQL server still uses {} and does not end; look at it with `ps -fp {pid}`, end it, and start again", cluster.display()
    )]
    Lingering {
        /// The process.
        pid: i32,
        /// The cluster's directory.
        cluster: PathBuf,
    },
    /// No directory is fit for the socket.
    #[error(
        "no directory is fit for the server's socket: {} is too long a path, and {reason}; set WILDLANDS_HOME to a shorter path", long.display()
    )]
    NoSocketDirectory {
        /// The path that is too long.
        long: PathBuf,
        /// Why the short ones do not do.
        reason: String,
    },
}

impl EmbeddedError {
    /// Sorts a failure of the system by what the person can do about it.
    #[must_use]
    pub fn io(what: &'static str, path: &Path, error: &io::Error) -> Self {
        let path = path.to_path_buf();
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::NoPermission { what, path },
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { what, path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { what, path },
            _ => Self::Io {
                what,
                path,
                reason: error.to_string(),
            },
        }
    }

    /// Whether trying again later, with nothing changed by the person, may succeed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Slow { .. } | Self::DidNotStart { .. } | Self::Full { .. }
        )
    }
}
