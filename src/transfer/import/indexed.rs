//! What the search reads of the records that came: made after they are there for good, many at a time.
//!
//! Whatever ends this early leaves the records whole. Those that wait are not found by a search until the next import or the
//! program itself goes on.

use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::store::error::StoreError;
use crate::store::session::{Kind, Session};

use super::merge::Steps;

/// Records of one transaction: a write of the person's waits no longer than that takes.
const AT_A_TIME: i32 = 1000;

/// Makes it for those that wait, of all of the person's. A record with texts of megabytes takes its time.
pub(super) async fn index(
    session: &Session,
    client: &Client,
    steps: &mut Steps<'_>,
) -> Result<(), StoreError> {
    loop {
        client.batch_execute(&session.begin(Kind::Write)).await?;
        client
            .batch_execute("SET LOCAL statement_timeout = 0")
            .await?;
        let sql = "select wildlands.index_again($1)";
        let made = client
            .query_typed_one(sql, &[(&AT_A_TIME, Type::INT4)])
            .await?;
        client.batch_execute("COMMIT").await?;
        let made: i32 = made.try_get(0)?;
        if made == 0 {
            return Ok(());
        }
        steps.add(u64::try_from(made).unwrap_or(0));
    }
}

/// How many wait.
pub(super) async fn waiting(session: &Session) -> Result<u64, StoreError> {
    let rows = session
        .read("select wildlands.records_waiting()", &[])
        .await?;
    let count: i64 = match rows.first() {
        Some(row) => row.try_get(0)?,
        None => 0,
    };
    Ok(u64::try_from(count).unwrap_or(0))
}
