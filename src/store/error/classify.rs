//! Which failure an error of the driver is: by SQLSTATE, and below that by its chain of causes.
//!
//! Of a server's words nothing but the code and the names of table and constraint is kept.

use std::error::Error as _;
use std::{fmt, io};

use tokio_postgres::error::{DbError, SqlState};

use super::{Place, StoreError};

impl StoreError {
    /// What a failed attempt to connect means.
    #[must_use]
    pub fn from_connect(error: &tokio_postgres::Error, place: &Place) -> Self {
        if let Some(db) = error.as_db_error() {
            return refused_connection(db, place);
        }
        let words = error.to_string();
        let server = place.server.clone();
        let cause = Causes(error);
        // The library's kinds are private; its first words are what tells them apart.
        if words.starts_with("error performing TLS") || cause.tls().is_some() {
            return Self::Certificate {
                server,
                reason: cause.certificate_reason(),
            };
        }
        if words.starts_with("invalid configuration") || words.starts_with("authentication error") {
            let reason = cause.last();
            if reason.contains("password") {
                let reason = "none was given".to_owned();
                return Self::WrongPassword {
                    server,
                    user: place.user.clone(),
                    reason,
                };
            }
            return Self::BadAddress(format!("the server {server} cannot be used: {reason}"));
        }
        match cause.io() {
            Some(io) if io.kind() == io::ErrorKind::TimedOut => Self::Timeout {
                doing: format!("connecting to {server}"),
            },
            Some(io) if io.to_string() == "database does not allow writes" => Self::ReadOnly,
            Some(io) => Self::ServerAbsent {
                server,
                reason: system_reason(io),
            },
            None if error.is_closed() => Self::ServerAbsent {
                server,
                reason: "it closed the connection at once".into(),
            },
            None if words.starts_with("timeout") => Self::Timeout {
                doing: format!("connecting to {server}"),
            },
            None => Self::ServerAbsent {
                server,
                reason: cause.last(),
            },
        }
    }
}

/// What a refusal during the start of a session means.
fn refused_connection(db: &DbError, place: &Place) -> StoreError {
    let Place {
        server,
        user,
        database,
    } = place.clone();
    let code = db.code();
    if *code == SqlState::INVALID_PASSWORD {
        return StoreError::WrongPassword {
            server,
            user,
            reason: "it is wrong".into(),
        };
    }
    if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        return StoreError::Refused {
            server,
            user,
            database,
        };
    }
    if *code == SqlState::INVALID_CATALOG_NAME {
        return StoreError::UnknownDatabase { server, database };
    }
    if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        return StoreError::MissingRight {
            action: format!("connect to database \"{database}\""),
            remedy: format!(
                "An administrator runs: GRANT CONNECT ON DATABASE \"{database}\" TO \"{user}\";"
            ),
            user,
        };
    }
    // PgBouncer answers with codes of its own choosing; its words are fixed and hold no values.
    if code.code() == "08P01" {
        let words = db.message();
        if words.contains("no such database")
            || (words.starts_with("database ") && words.ends_with("does not exist"))
        {
            return StoreError::UnknownDatabase { server, database };
        }
        if words.contains("password authentication failed")
            || words.contains("SASL authentication failed")
        {
            return StoreError::WrongPassword {
                server,
                user,
                reason: "it is wrong".into(),
            };
        }
        if words.contains("no such user") {
            return StoreError::Refused {
                server,
                user,
                database,
            };
        }
    }
    statement_error(db)
}

/// What a refused statement means. Only code, table and constraint are taken from the server's words.
fn statement_error(db: &DbError) -> StoreError {
    let code = db.code().code();
    let named = |name: Option<&str>| name.unwrap_or_default().to_owned();
    match code {
        "57014" => StoreError::Timeout {
            doing: "a statement took too long and was cancelled".into(),
        },
        "57P01" | "57P02" | "57P04" | "57P05" => StoreError::LinkLost {
            reason: "the server ended it".into(),
        },
        "57P03" => StoreError::Busy {
            reason: "it is starting or stopping".into(),
        },
        "53300" => StoreError::Busy {
            reason: "too many connections".into(),
        },
        "53400" | "53200" | "53000" => StoreError::Busy {
            reason: "it is short of resources".into(),
        },
        "53100" => StoreError::Full,
        "40001" | "40P01" | "55P03" => StoreError::Busy {
            reason: "another transaction was in the way".into(),
        },
        "25006" => StoreError::ReadOnly,
        "25P03" | "25P04" => StoreError::LinkLost {
            reason: "the server ended an idle transaction".into(),
        },
        "42501" => StoreError::Forbidden,
        "3D000" => StoreError::UnknownDatabase {
            server: "in use".into(),
            database: String::new(),
        },
        "WL001" => StoreError::SignInNeeded,
        _ => match code.get(..2).unwrap_or_default() {
            "08" => StoreError::LinkLost {
                reason: "the server, or what stands before it, closed it".into(),
            },
            "23" => StoreError::Constraint {
                table: named(db.table()),
                constraint: named(db.constraint()),
            },
            "22" => StoreError::BadValue {
                code: code.to_owned(),
            },
            "58" => StoreError::Busy {
                reason: format!("its operating system reports an error, SQLSTATE {code}"),
            },
            _ => StoreError::Unexpected {
                code: code.to_owned(),
            },
        },
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&tokio_postgres::Error> for StoreError {
    fn from(error: &tokio_postgres::Error) -> Self {
        if let Some(db) = error.as_db_error() {
            return statement_error(db);
        }
        if error.is_closed() {
            return Self::LinkLost {
                reason: "it is closed".into(),
            };
        }
        let cause = Causes(error);
        let words = error.to_string();
        if words.starts_with("error communicating") {
            let reason = cause
                .io()
                .map_or_else(|| "the network failed".into(), system_reason);
            return Self::LinkLost { reason };
        }
        if words.starts_with("timeout") {
            return Self::Timeout {
                doing: "waiting for an answer".into(),
            };
        }
        // Conversions of parameters and columns: the words hold a position or a column's name, never a value.
        Self::Internal { what: words }
    }
}

impl From<deadpool_postgres::PoolError> for StoreError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        use deadpool_postgres::{PoolError, TimeoutType};
        match error {
            PoolError::Backend(error) => Self::from_connect(&error, &Place::default()),
            PoolError::Timeout(TimeoutType::Wait) => Self::Busy {
                reason: "both connections are in use".into(),
            },
            PoolError::Timeout(TimeoutType::Create) => Self::Timeout {
                doing: "connecting".into(),
            },
            PoolError::Timeout(TimeoutType::Recycle) => Self::LinkLost {
                reason: "it does not answer".into(),
            },
            PoolError::Closed => Self::LinkLost {
                reason: "the program is ending".into(),
            },
            PoolError::NoRuntimeSpecified => Self::Internal {
                what: "the pool has no runtime".into(),
            },
            PoolError::PostCreateHook(_) => Self::Internal {
                what: "the pool's hook failed".into(),
            },
        }
    }
}

/// The chain of causes below an error.
struct Causes<'a>(&'a tokio_postgres::Error);

impl Causes<'_> {
    fn chain(&self) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
        // An io::Error that wraps another error names that error's source as its own: look inside it first.
        std::iter::successors(self.0.source(), |error| {
            let error = *error;
            let inside = error
                .downcast_ref::<io::Error>()
                .and_then(io::Error::get_ref);
            inside
                .map(|inner| inner as &(dyn std::error::Error + 'static))
                .or_else(|| error.source())
        })
    }

    fn io(&self) -> Option<&io::Error> {
        self.chain()
            .find_map(|error| error.downcast_ref::<io::Error>())
    }

    fn tls(&self) -> Option<&rustls::Error> {
        self.chain()
            .find_map(|error| error.downcast_ref::<rustls::Error>())
    }

    fn last(&self) -> String {
        self.chain()
            .last()
            .map_or_else(|| self.0.to_string(), ToString::to_string)
    }

    fn certificate_reason(&self) -> String {
        self.tls()
            .map_or_else(|| self.last(), |error| TlsReason(error).to_string())
    }
}

/// A TLS failure in a person's words.
struct TlsReason<'a>(&'a rustls::Error);

impl fmt::Display for TlsReason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use rustls::CertificateError as Certificate;
        match self.0 {
            rustls::Error::InvalidCertificate(Certificate::UnknownIssuer) => {
                f.write_str("its certificate is signed by an authority that is not trusted here")
            }
            rustls::Error::InvalidCertificate(
                Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
            ) => f.write_str("its certificate is for another host name"),
            rustls::Error::InvalidCertificate(
                Certificate::Expired | Certificate::ExpiredContext { .. },
            ) => f.write_str("its certificate has expired"),
            rustls::Error::InvalidCertificate(Certificate::Revoked) => {
                f.write_str("its certificate was revoked")
            }
            other => write!(f, "{other}"),
        }
    }
}

fn system_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".into(),
        io::ErrorKind::NotFound => "no such socket".into(),
        io::ErrorKind::PermissionDenied => "no right to open the socket".into(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => "connection reset".into(),
        io::ErrorKind::UnexpectedEof => "the other side closed it".into(),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "network unreachable".into()
        }
        _ => error.to_string(),
    }
}
