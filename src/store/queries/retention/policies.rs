//! Policies: read, made, switched on and off.

use tokio_postgres::types::Type;

use crate::domain::ids::RecordId;
use crate::domain::retention::{Action, Policy, Table};
use crate::store::error::StoreError;
use crate::store::session::Session;

/// The policies of the person, in the order of the tables.
///
/// # Errors
/// As the database reports them.
pub async fn policies(session: &Session) -> Result<Vec<Policy>, StoreError> {
    let user = session.user().0;
    let sql = "select table_name, keep_days, action, enabled, last_run \
               from wildlands.retention_policies where user_id = $1 and archived_at is null";
    let rows = session.read(sql, &[(&user, Type::UUID)]).await?;
    let mut policies: Vec<Policy> = Vec::new();
    for row in &rows {
        let (table, action): (String, String) = (row.try_get(0)?, row.try_get(2)?);
        let (Some(table), Some(action)) = (Table::read(&table), Action::read(&action)) else {
            continue;
        };
        policies.push(Policy {
            table,
            keep_days: row.try_get(1)?,
            action,
            enabled: row.try_get(3)?,
            last_run: row.try_get(4)?,
        });
    }
    policies.sort_by_key(|policy| policy.table);
    Ok(policies)
}

/// Makes a policy or changes it; a new one is not enabled.
///
/// # Errors
/// As the database reports them.
pub async fn set(
    session: &Session,
    table: Table,
    keep_days: i32,
    action: Action,
) -> Result<(), StoreError> {
    let (user, id) = (session.user().0, RecordId::new().0);
    let sql = "insert into wildlands.retention_policies (user_id, id, table_name, keep_days, action) \
               values ($1, $2, $3, $4, $5) on conflict (user_id, table_name) do update \
               set keep_days = excluded.keep_days, action = excluded.action, archived_at = null";
    let (table, action) = (table.sql(), action.word());
    let params = [
        (&user as _, Type::UUID),
        (&id as _, Type::UUID),
        (&table as _, Type::TEXT),
        (&keep_days as _, Type::INT4),
        (&action as _, Type::TEXT),
    ];
    session.change(sql, &params).await.map(drop)
}

/// Switches a policy on or off; false where there is none.
///
/// # Errors
/// As the database reports them.
pub async fn enable(session: &Session, table: Table, on: bool) -> Result<bool, StoreError> {
    let user = session.user().0;
    let sql = "update wildlands.retention_policies set enabled = $3 \
               where user_id = $1 and table_name = $2 and archived_at is null returning true";
    let table = table.sql();
    let params = [
        (&user as _, Type::UUID),
        (&table as _, Type::TEXT),
        (&on as _, Type::BOOL),
    ];
    Ok(!session.change(sql, &params).await?.is_empty())
}

/// The moment of the end of a run.
///
/// # Errors
/// As the database reports them.
pub async fn ran(session: &Session, table: Table) -> Result<(), StoreError> {
    let user = session.user().0;
    let sql = "update wildlands.retention_policies set last_run = now() \
               where user_id = $1 and table_name = $2";
    let table = table.sql();
    let params = [(&user as _, Type::UUID), (&table as _, Type::TEXT)];
    session.change(sql, &params).await.map(drop)
}
