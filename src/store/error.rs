//! What can go wrong with the store, as types: what happened, to what, and what to do next.
//!
//! An error never holds a password, a connection string or a value of a row. Of what a server says only the
//! code and the names of table and constraint are kept; its message only for failures to connect, and its
//! DETAIL never, because both can quote what a person wrote.

mod advice;
mod classify;

/// The oldest server this program works with, as `server_version_num` gives it.
pub const OLDEST_SERVER: i32 = 140_000;

/// Where a connection was going: what an error may say about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Host and port or socket, never a password.
    pub server: String,
    /// The login role.
    pub user: String,
    /// The database.
    pub database: String,
}

/// A failure of the store.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// Nothing answers at the address.
    #[error("no PostgreSQL server answers at {server} ({reason})")]
    ServerAbsent {
        /// Host and port, or socket.
        server: String,
        /// What the system says, such as "connection refused".
        reason: String,
    },
    /// The server answers but does not let this user in (`pg_hba.conf`, or a role that may not log in).
    #[error("the server {server} does not let role \"{user}\" into database \"{database}\"")]
    Refused {
        /// Host and port, or socket.
        server: String,
        /// The login role.
        user: String,
        /// The database.
        database: String,
    },
    /// The password is missing or wrong.
    #[error("the server {server} did not accept the password for role \"{user}\" ({reason})")]
    WrongPassword {
        /// Host and port, or socket.
        server: String,
        /// The login role.
        user: String,
        /// "none was given" or "it is wrong".
        reason: String,
    },
    /// The database does not exist.
    #[error("there is no database \"{database}\" on the server {server}")]
    UnknownDatabase {
        /// Host and port, or socket.
        server: String,
        /// The database.
        database: String,
    },
    /// The login role lacks a right.
    #[error("role \"{user}\" may not {action}")]
    MissingRight {
        /// The login role.
        user: String,
        /// What it may not do.
        action: String,
        /// The statement an administrator runs to give it.
        remedy: String,
    },
    /// The server is older than `PostgreSQL` 14.
    #[error("the server runs PostgreSQL {found}; 14 or newer is needed")]
    TooOld {
        /// The server's version.
        found: String,
    },
    /// The database was written by a newer version of this program.
    #[error("the database has schema version {found}; this program knows versions up to {known}")]
    Newer {
        /// The database's schema version.
        found: i32,
        /// The newest schema version of this program.
        known: i32,
    },
    /// The database's migrations are not those of this program.
    #[error("schema version {version} of the database is not this program's ({reason})")]
    Altered {
        /// The version that differs.
        version: i32,
        /// In what way.
        reason: String,
    },
    /// The database has not been prepared by this version of the program yet.
    #[error("the database has schema version {found}; this program needs {needed}")]
    Unprepared {
        /// The database's schema version, 0 where there is none.
        found: i32,
        /// The version this program needs.
        needed: i32,
    },
    /// TLS could not be agreed upon, or a certificate is not trusted.
    #[error("no secure connection to the server {server}: {reason}")]
    Certificate {
        /// Host and port.
        server: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The connection settings cannot be understood.
    #[error("{0}")]
    BadAddress(String),
    /// An answer did not come in time.
    #[error("the server did not answer in time ({doing})")]
    Timeout {
        /// What was being done.
        doing: String,
    },
    /// The connection was lost.
    #[error("the connection to the server was lost ({reason})")]
    LinkLost {
        /// What ended it.
        reason: String,
    },
    /// The server has no connection free, is starting or is stopping.
    #[error("the server cannot take the request now ({reason})")]
    Busy {
        /// Why.
        reason: String,
    },
    /// A rule of the database refuses the write. It must not be tried again.
    #[error("{}", refusal(table, constraint))]
    Constraint {
        /// The table, where the server names it.
        table: String,
        /// The constraint, where the server names it.
        constraint: String,
    },
    /// The value cannot be stored (NUL in a text, a number that is out of range, a malformed value).
    #[error("the database cannot hold this value (SQLSTATE {code})")]
    BadValue {
        /// The SQLSTATE.
        code: String,
    },
    /// Somebody else changed the record in the meantime.
    #[error("the record was changed elsewhere in the meantime")]
    Conflict,
    /// The record is not there any more, and nothing of it to bring back.
    #[error("it is not there any more: it was deleted elsewhere")]
    Gone,
    /// Row-level security or a missing grant refuses the statement.
    #[error("this row belongs to somebody else, or the right to change it is missing")]
    Forbidden,
    /// The account has a password or a database role of its own.
    #[error("this account cannot be entered without signing in")]
    SignInNeeded,
    /// The server's disk is full.
    #[error("the server's disk is full")]
    Full,
    /// The server takes no writes (a standby, or `default_transaction_read_only`).
    #[error("the server takes no writes at present (read-only)")]
    ReadOnly,
    /// The private server could not be started or reached.
    #[error("{0}")]
    Embedded(String),
    /// The server reports an error that has nothing to do with what was sent.
    #[error("the server reports an unexpected error (SQLSTATE {code})")]
    Unexpected {
        /// SQLSTATE.
        code: String,
    },
    /// A defect of this program, or something unforeseen on the server.
    #[error("the database refused a statement of this program ({what})")]
    Internal {
        /// SQLSTATE and place, or the library's words, never values.
        what: String,
    },
}

fn refusal(table: &str, constraint: &str) -> String {
    match (table, constraint) {
        ("", "") => "a rule of the database refuses this".to_owned(),
        (table, "") => format!("a rule of {table} refuses this"),
        (table, constraint) => format!("the rule {constraint} of {table} refuses this"),
    }
}

/// What kind of failure a subcommand ends with; the numbers are those of `sysexits.h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureClass {
    /// 65: the data are not acceptable.
    BadData,
    /// 69: the database cannot be used as things are; somebody must change something.
    Unavailable,
    /// 70: a defect of this program.
    Defect,
    /// 75: trying again may succeed.
    Temporary,
}

impl FailureClass {
    /// The exit code.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::BadData => 65,
            Self::Unavailable => 69,
            Self::Defect => 70,
            Self::Temporary => 75,
        }
    }
}

impl StoreError {
    /// Whether the same request may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.nature().0
    }

    /// Whether the link is gone, and not that the server refuses something.
    #[must_use]
    pub fn is_of_link(&self) -> bool {
        matches!(self, Self::LinkLost { .. } | Self::ServerAbsent { .. })
    }

    /// Whether the write itself is what is refused: it must leave the outbox. Everything else is a state of the
    /// connection or of the server, and the write waits.
    #[must_use]
    pub fn rejects_write(&self) -> bool {
        self.nature().1
    }

    /// The class that decides the exit code of a subcommand.
    #[must_use]
    pub fn class(&self) -> FailureClass {
        self.nature().2
    }

    /// Whether it passes by itself, whether the write is what is refused, and its class.
    fn nature(&self) -> (bool, bool, FailureClass) {
        match self {
            Self::Timeout { .. }
            | Self::LinkLost { .. }
            | Self::Busy { .. }
            | Self::Full
            | Self::ReadOnly => (true, false, FailureClass::Temporary),
            Self::ServerAbsent { .. } => (true, false, FailureClass::Unavailable),
            Self::Constraint { .. } | Self::BadValue { .. } | Self::Gone => {
                (false, true, FailureClass::BadData)
            }
            Self::Conflict => (false, true, FailureClass::Temporary),
            Self::Internal { .. } => (false, true, FailureClass::Defect),
            // Of a right that is missing, or a table that is being restored, the write is not at fault.
            Self::Forbidden
            | Self::Unexpected { .. }
            | Self::Refused { .. }
            | Self::WrongPassword { .. }
            | Self::UnknownDatabase { .. }
            | Self::MissingRight { .. }
            | Self::TooOld { .. }
            | Self::Newer { .. }
            | Self::Altered { .. }
            | Self::Unprepared { .. }
            | Self::Certificate { .. }
            | Self::BadAddress(_)
            | Self::SignInNeeded
            | Self::Embedded(_) => (false, false, FailureClass::Unavailable),
        }
    }

    /// The exit code of a subcommand that ends with this error.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.class().exit_code()
    }
}
