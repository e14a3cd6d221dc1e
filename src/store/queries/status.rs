//! Where the data is, and how much of it there is.

use std::fmt::Write as _;

use tokio_postgres::types::Type;

use crate::domain::export_format::TABLES;
use crate::store::api::DataStatus;
use crate::store::error::StoreError;
use crate::store::session::Session;

use super::records::unexpected;

/// Facts about the server, the database and the person's rows, as one row.
#[must_use]
pub fn statement() -> String {
    let mut counts = String::new();
    for table in TABLES {
        let table = table.sql;
        let comma = if counts.is_empty() { "" } else { ", " };
        let _ = write!(
            counts,
            "{comma}(select count(*) from wildlands.{table} where user_id = $1)"
        );
    }
    format!(
        "select current_setting('server_version'), pg_database_size(current_database()), \
         (select max(version) from wildlands.schema_migrations), \
         (select min(date) from wildlands.logs where user_id = $1 and data <> '{{}}'), \
         (select max(date) from wildlands.logs where user_id = $1 and data <> '{{}}'), \
         array[{counts}]"
    )
}

/// Where the data is, and how much of it there is.
///
/// # Errors
/// As the database reports them.
pub async fn data_status(session: &Session) -> Result<DataStatus, StoreError> {
    let user = session.user().0;
    let rows = session.read(&statement(), &[(&user, Type::UUID)]).await?;
    let row = rows.first().ok_or_else(|| unexpected("no row of facts"))?;
    let version: String = row.try_get(0)?;
    let bytes: i64 = row.try_get(1)?;
    let counts: Vec<i64> = row.try_get(5)?;
    let counted = TABLES.iter().zip(counts);
    Ok(DataStatus {
        place: session.place().to_owned(),
        // Distributions add their own words after the number.
        server_version: version.split(' ').next().unwrap_or_default().to_owned(),
        directory: session.directory().map(ToOwned::to_owned),
        database_bytes: u64::try_from(bytes).unwrap_or(0),
        schema_version: row.try_get::<_, Option<i32>>(2)?.unwrap_or(0),
        counts: counted
            .map(|(table, rows)| (table.sql.to_owned(), u64::try_from(rows).unwrap_or(0)))
            .collect(),
        span: Option::zip(row.try_get(3)?, row.try_get(4)?),
    })
}
