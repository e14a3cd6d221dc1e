//! The way back: out of the archive, and out of the history.

use std::fmt::Write as _;

use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{age, read};
use crate::domain::export_format;
use crate::domain::retention::{Concerned, Table};
use crate::store::error::StoreError;
use crate::store::queries::counted;
use crate::store::queries::history::went_with_goal;
use crate::store::queries::records::unexpected;
use crate::store::session::Session;

/// What an archived row is known by; of one without a title by its day, since its age is told by the day it was archived.
const fn known_by(table: Table) -> &'static str {
    match table {
        Table::Logs => "to_char(t.date, 'YYYY-MM-DD')",
        Table::CheckIns => {
            "to_char(t.date, 'YYYY-MM-DD') || coalesce((select ' ' || g.title from wildlands.goals g \
             where g.user_id = t.user_id and g.id = t.goal_id), '')"
        }
        Table::Reviews => "'week of ' || to_char(t.week_start, 'YYYY-MM-DD')",
        Table::Ideas
        | Table::Goals
        | Table::DriftFlags
        | Table::Teaching
        | Table::Content
        | Table::Imported
        | Table::History => age(table).name,
    }
}

/// The statement of archived rows of a table, those archived last first.
#[must_use]
pub fn archived_sql(table: Table) -> String {
    let name = known_by(table);
    format!(
        "select t.id, t.version, t.archived_at::date, {name} from wildlands.{} t \
         where t.user_id = $1 and t.archived_at is not null order by t.archived_at desc, t.id limit $2",
        table.sql()
    )
}

/// What is archived in a table, what was archived last first.
///
/// # Errors
/// As the database reports them.
pub async fn archived(
    session: &Session,
    table: Table,
    most: u16,
) -> Result<Vec<Concerned>, StoreError> {
    if !table.has_archive() {
        return Ok(Vec::new());
    }
    let user = session.user().0;
    let most = i64::from(most);
    let params = [(&user as _, Type::UUID), (&most as _, Type::INT8)];
    let rows = session.read(&archived_sql(table), &params).await?;
    rows.iter().map(|row| read(table, row)).collect()
}

/// Brings rows out of the archive; gives how many.
///
/// # Errors
/// As the database reports them.
pub async fn unarchive(
    session: &Session,
    table: Table,
    ids: Option<&[Uuid]>,
) -> Result<u64, StoreError> {
    let user = session.user().0;
    let sql = format!(
        "with back as (update wildlands.{} t set archived_at = null \
         where t.user_id = $1 and t.archived_at is not null and ($2::uuid[] is null or t.id = any($2)) \
         returning 1) select count(*) from back",
        table.sql()
    );
    let params = [(&user as _, Type::UUID), (&ids as _, Type::UUID_ARRAY)];
    let rows = session.change(&sql, &params).await?;
    counted(&rows, 0)
}

/// Brings a deleted row back from the history, a goal with the check-ins that went with it; gives how
/// many rows came back. A row that is there, or whose place is taken, stays as it is.
///
/// # Errors
/// As the database reports them.
pub async fn undelete(session: &Session, table: Table, id: Uuid) -> Result<u64, StoreError> {
    let user = session.user().0;
    let own = "h.id = (select d.id from wildlands.record_history d where d.user_id = $1 \
               and d.table_name = h.table_name and d.record_id = $2 and d.operation = 'delete' \
               order by d.changed_at desc limit 1)";
    let mut sql = format!("with own as ({})", insert_back(table, own)?);
    if table == Table::Goals {
        let with_it = format!("exists (select from own) and {}", went_with_goal());
        let check_ins = insert_back(Table::CheckIns, &with_it)?;
        let _ = write!(
            sql,
            ", with_it as ({check_ins}) select (select count(*) from own) + (select count(*) from with_it)"
        );
    } else {
        sql.push_str(" select count(*) from own");
    }
    let params = [(&user as _, Type::UUID), (&id as _, Type::UUID)];
    let rows = session.change(&sql, &params).await?;
    counted(&rows, 0)
}

/// The statement that makes rows anew of their last versions.
fn insert_back(table: Table, which: &str) -> Result<String, StoreError> {
    let Some(document) = export_format::table(table.sql()) else {
        return Err(unexpected(
            "what is deleted of the history does not come back",
        ));
    };
    let columns = document.columns;
    let name = table.sql();
    Ok(format!(
        "insert into wildlands.{name} as t ({}) select r.{} \
         from wildlands.record_history h, lateral jsonb_populate_record(\
             null::wildlands.{name}, h.\"row\" || jsonb_build_object(\
                 'version', h.version + 1, 'updated_at', clock_timestamp(), 'archived_at', null)) r \
         where h.user_id = $1 and h.table_name = '{name}' and h.operation = 'delete' and {which} \
         on conflict do nothing returning 1",
        columns.join(", "),
        columns.join(", r.")
    ))
}
