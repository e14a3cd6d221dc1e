//! How a transaction begins: everything that another program would leave in the server's session.

use crate::domain::ids::UserId;

/// How long one statement may take, as the server counts it.
const STATEMENT_TIMEOUT: &str = "15s";

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Questions.
    Read,
    /// Changes.
    Write,
    /// Many questions that see one state of the data, however long they take.
    Snapshot,
    /// Records as they were, with their versions and moments, from one state of the data to another, however
    /// long it takes.
    Import,
}

/// The statements that begin a transaction.
pub(super) fn begin(kind: Kind, as_app: bool, by: Option<(UserId, &str)>) -> String {
    let mut sql = String::with_capacity(320);
    sql.push_str(match kind {
        Kind::Read => "BEGIN READ ONLY",
        Kind::Write => "BEGIN",
        Kind::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Kind::Import => "BEGIN ISOLATION LEVEL REPEATABLE READ",
    });
    if as_app {
        sql.push_str("; SET LOCAL ROLE wildlands_app");
    }
    match kind {
        Kind::Read | Kind::Write => {
            sql.push_str("; SET LOCAL statement_timeout = '");
            sql.push_str(STATEMENT_TIMEOUT);
            sql.push('\'');
        }
        Kind::Snapshot => {
            sql.push_str("; SET LOCAL statement_timeout = 0; SET LOCAL timezone = 'UTC'");
        }
        Kind::Import => {
            // A document may come slowly, from a pipe. Its rows are met and ordered whole, by plans that are not worth
            // compiling.
            sql.push_str(
                "; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; \
                 SET LOCAL work_mem = '32MB'; SET LOCAL jit = off; \
                 SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL wildlands.importing = 'on'",
            );
        }
    }
    if let Some((user, origin)) = by {
        sql.push_str("; SELECT set_config('wildlands.user_id', '");
        sql.push_str(&user.to_string());
        sql.push_str("', true)");
        if kind == Kind::Write {
            sql.push_str(", set_config('wildlands.origin', '");
            sql.push_str(origin);
            sql.push_str("', true)");
        }
    }
    sql
}
