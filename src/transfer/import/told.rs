//! What the database says of a table's merge, and of what it refuses.

use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use crate::domain::import::report::{Difference, Fate, TableReport};
use crate::store::error::StoreError;

use super::ImportError;
use super::refusal::Refusal;
use super::statements::Merge;

/// How many records have something to be told of them, and how many are kept aside.
pub(super) struct Counted {
    pub told: u64,
    pub kept: u64,
}

pub(super) async fn counted(
    client: &Client,
    merge: &Merge<'_>,
    report: &mut TableReport,
) -> Result<Counted, ImportError> {
    let (read, table) = (report.read, std::mem::take(&mut report.table));
    *report = TableReport {
        table,
        read,
        ..TableReport::default()
    };
    let mut lost = 0;
    for row in client.query_typed(&merge.count(), &[]).await? {
        let count = number(&row, 1)?;
        match row.try_get::<_, &str>(0)? {
            "new" => report.new = count,
            "changed" => report.changed = count,
            "merged" => report.merged = count,
            "same" => report.unchanged = count,
            "older" => report.older = count,
            "aside" => report.set_aside = count,
            _ => lost = count,
        }
    }
    Ok(Counted {
        told: report.changed + report.merged + report.older + report.set_aside + lost,
        kept: report.set_aside + lost,
    })
}

pub(super) fn difference(table: &str, row: &Row) -> Result<Difference, ImportError> {
    let place: i64 = row.try_get(0)?;
    let fate = match row.try_get::<_, &str>(1)? {
        "changed" => Fate::Changed,
        "merged" => Fate::Merged,
        "aside" => Fate::SetAside,
        _ => Fate::Older,
    };
    Ok(Difference {
        table: table.to_owned(),
        place: u64::try_from(place).unwrap_or(0),
        record: row.try_get(2)?,
        fate,
        fields: row.try_get(3)?,
        reason: row.try_get(4)?,
    })
}

pub(super) fn number(row: &Row, column: usize) -> Result<u64, ImportError> {
    let number: i64 = row.try_get(column)?;
    Ok(u64::try_from(number).unwrap_or(0))
}

/// The rules of a table: names and conditions.
pub(super) async fn rules(
    client: &Client,
    table: &str,
) -> Result<Vec<(String, String)>, ImportError> {
    let sql = "select conname::text, pg_get_expr(conbin, conrelid) from pg_catalog.pg_constraint \
         where contype = 'c' and conrelid = ('wildlands.' || quote_ident($1))::regclass order by conname";
    let rows = client.query_typed(sql, &[(&table, Type::TEXT)]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}

/// A value that the database does not hold after all.
pub(super) fn not_held(error: tokio_postgres::Error, table: &str) -> ImportError {
    refused(error.into(), table)
}

pub(super) fn refused(error: ImportError, table: &str) -> ImportError {
    let problem = match &error {
        ImportError::Store(StoreError::Constraint { constraint, .. }) => {
            format!("the rule {constraint} refuses a row")
        }
        ImportError::Store(StoreError::BadValue { code }) => {
            format!("the database cannot hold a value (SQLSTATE {code})")
        }
        _ => return error,
    };
    ImportError::Refused(Refusal {
        path: format!("data.{table}"),
        line: None,
        problem,
    })
}

impl From<tokio_postgres::Error> for ImportError {
    fn from(error: tokio_postgres::Error) -> Self {
        let code = error.code();
        let meanwhile = [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
        ];
        if code.is_some_and(|code| meanwhile.contains(code)) {
            return Self::Changed;
        }
        Self::Store(error.into())
    }
}

/// Whether temporary tables may be made. Asked first: what the server says of the refusal is not told from that of a row.
///
/// # Errors
/// [`StoreError::MissingRight`] with the statement that gives the right.
pub(super) async fn may_stage(client: &Client) -> Result<(), ImportError> {
    let row = client
        .query_typed_one(
            "select has_database_privilege(current_database(), 'TEMPORARY'), current_user::text, current_database()::text",
            &[],
        )
        .await?;
    let (may, user, database): (bool, String, String) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    if may {
        return Ok(());
    }
    Err(ImportError::Store(StoreError::MissingRight {
        action: format!("make temporary tables in database \"{database}\""),
        remedy: format!(
            "The database's owner or an administrator runs: GRANT TEMPORARY ON DATABASE \"{database}\" TO \"{user}\";"
        ),
        user,
    }))
}
