//! What is kept for how long: policies, the rows they concern, the archive, and the way back.
//!
//! Which rows go is decided once, in a snapshot, by id and version; a row that has changed since then
//! stays. Names of tables and columns come from this program alone.

mod back;
mod policies;

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::domain::export_format;
use crate::domain::retention::{Action, Concerned, Policy, Table};
use crate::domain::secret::Secret;
use crate::store::error::StoreError;
use crate::store::queries::counted;
use crate::store::session::Session;

pub use back::{archived, archived_sql, unarchive, undelete};
pub use policies::{enable, policies, ran, set};

/// How long the id of an applied write is remembered. A write that waits on a machine for longer than
/// that after its acknowledgement was lost is applied again: records are made with ids of the sender
/// and texts are held against what was seen, so that even then nothing is made twice.
pub const REMEMBERED_DAYS: i32 = 90;

/// A column by which a row's age goes, and what a row is known by.
struct Age {
    /// The condition that a row is older than the date `$2` or the moment `$3`; by index.
    older: &'static str,
    /// The date that its age goes by.
    day: &'static str,
    /// What it is known by, as text.
    name: &'static str,
}

const fn age(table: Table) -> Age {
    let (older, day, name) = match table {
        Table::Logs | Table::CheckIns => ("t.date < $2", "t.date", "''"),
        Table::Ideas | Table::Content => ("t.updated_at < $3", "t.updated_at::date", "t.title"),
        Table::Goals => (
            "t.updated_at < $3 and not exists (select from wildlands.check_ins c \
             where c.user_id = t.user_id and c.goal_id = t.id and c.date >= $2)",
            "t.updated_at::date",
            "t.title",
        ),
        Table::DriftFlags => ("t.last_seen < $2", "t.last_seen", "t.sentence"),
        Table::Teaching => ("t.updated_at < $3", "t.updated_at::date", "t.subject"),
        Table::Reviews => ("t.week_start < $2", "t.week_start", "''"),
        Table::Imported => ("t.created_at < $3", "t.created_at::date", "t.kind"),
        Table::History => ("t.changed_at < $3", "t.changed_at::date", "t.table_name"),
    };
    Age { older, day, name }
}

/// The condition of what a policy concerns.
fn concerned(policy: &Policy) -> String {
    let Age { older, .. } = age(policy.table);
    let there = match policy.action {
        Action::Archive => " and t.archived_at is null",
        Action::Delete => "",
    };
    format!(
        "t.user_id = $1 and $2::date is not null and $3::timestamptz is not null and {older}{there}"
    )
}

/// The statement that counts what a policy concerns.
#[must_use]
pub fn count_sql(policy: &Policy) -> String {
    let (table, held) = (policy.table.sql(), concerned(policy));
    format!("select count(*) from wildlands.{table} t where {held}")
}

/// The statement of the oldest rows that a policy concerns: id, version, day, name.
#[must_use]
pub fn oldest_sql(policy: &Policy) -> String {
    let (table, held) = (policy.table.sql(), concerned(policy));
    let Age { day, name, .. } = age(policy.table);
    let version = version(policy.table);
    format!(
        "select t.id, {version}, {day}, {name} from wildlands.{table} t where {held} \
         order by {day}, t.id limit $4"
    )
}

/// An entry of the history is never changed; its `version` is that of what it keeps.
const fn version(table: Table) -> &'static str {
    if table.has_archive() {
        "t.version"
    } else {
        "0"
    }
}

/// The bounds of a policy on a day: the date, and the moment at which it begins in the person's zone.
#[must_use]
pub fn bounds(policy: &Policy, today: Date, zone: &TimeZone) -> (Date, Timestamp) {
    let date = policy.cutoff(today);
    let moment = date.to_zoned(zone.clone());
    (
        date,
        moment.map_or(Timestamp::UNIX_EPOCH, |moment| moment.timestamp()),
    )
}

/// How many rows a policy concerns, and the oldest of them.
///
/// # Errors
/// As the database reports them.
pub async fn preview(
    session: &Session,
    policy: &Policy,
    (date, moment): (Date, Timestamp),
    most: u16,
) -> Result<(u64, Vec<Concerned>), StoreError> {
    let user = session.user().0;
    let most = i64::from(most);
    let params = [
        (&user as _, Type::UUID),
        (&date as _, Type::DATE),
        (&moment as _, Type::TIMESTAMPTZ),
        (&most as _, Type::INT8),
    ];
    let count = session
        .read(&count_sql(policy), params.get(..3).unwrap_or_default())
        .await?;
    let rows = session.read(&oldest_sql(policy), &params).await?;
    let oldest: Result<Vec<Concerned>, StoreError> =
        rows.iter().map(|row| read(policy.table, row)).collect();
    Ok((counted(&count, 0)?, oldest?))
}

/// All rows that a policy concerns, by id and version, oldest first; in the client's transaction.
///
/// # Errors
/// As the database reports them.
pub async fn pick(
    client: &Client,
    user: Uuid,
    policy: &Policy,
    (date, moment): (Date, Timestamp),
) -> Result<Vec<(Uuid, i32)>, StoreError> {
    let most = i64::MAX;
    let params = [
        (&user as _, Type::UUID),
        (&date as _, Type::DATE),
        (&moment as _, Type::TIMESTAMPTZ),
        (&most as _, Type::INT8),
    ];
    let rows = client.query_typed(&oldest_sql(policy), &params).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}

fn read(table: Table, row: &Row) -> Result<Concerned, StoreError> {
    Ok(Concerned {
        table,
        id: row.try_get(0)?,
        version: row.try_get(1)?,
        day: row.try_get(2)?,
        name: Secret::new(row.try_get(3)?),
    })
}

/// The statement that writes rows as a document has them, by their ids.
#[must_use]
pub fn rows_sql(table: Table) -> String {
    let mut columns = String::new();
    let document = export_format::table(table.sql());
    match document {
        Some(document) => {
            for (sql, json) in document.columns() {
                let comma = if columns.is_empty() { "" } else { ", " };
                let _ = write!(columns, "{comma}t.\"{sql}\" as \"{json}\"");
            }
        }
        // The history has no place in an export: as it is.
        None => columns.push_str(
            "t.id, t.user_id as \"userId\", t.table_name as \"tableName\", t.record_id as \"recordId\", \
             t.version, t.operation, t.\"row\", t.changed_at as \"changedAt\", t.changed_by as \"changedBy\"",
        ),
    }
    format!(
        "select row_to_json(r)::text from (select {columns} from wildlands.{} t \
         where t.user_id = $1 and t.id = any($2)) r",
        table.sql()
    )
}

/// The check-ins that go with these goals: id and version.
pub const WITH_GOALS: &str = "select c.id, c.version from wildlands.check_ins c \
     where c.user_id = $1 and c.goal_id = any($2)";

/// The statement that archives or deletes rows that are still as they were picked.
#[must_use]
pub fn act_sql(table: Table, action: Action) -> String {
    let name = table.sql();
    let picked = "(t.id, t.version) in (select * from unnest($2::uuid[], $3::integer[]))";
    if action == Action::Archive {
        return format!(
            "update wildlands.{name} t set archived_at = now() \
             where t.user_id = $1 and t.id = any($2) and {picked} and t.archived_at is null"
        );
    }
    let delete = format!("delete from wildlands.{name} t where t.user_id = $1 and t.id = any($2)");
    if table == Table::Goals {
        // Its check-ins go with it: each of them has to be in the export, as it is.
        return format!(
            "{delete} and {picked} and not exists (select from wildlands.check_ins c \
                 where c.user_id = $1 and c.goal_id = t.id and (c.id, c.version) not in \
                     (select * from unnest($4::uuid[], $5::integer[])))"
        );
    }
    if table.has_archive() {
        format!("{delete} and {picked}")
    } else {
        format!("{delete} and $3::integer[] is not null")
    }
}

/// Forgets applied writes of long ago; gives how many.
///
/// # Errors
/// As the database reports them.
pub async fn forget_writes(session: &Session) -> Result<u64, StoreError> {
    let user = session.user().0;
    let sql = "with gone as (delete from wildlands.applied_writes \
               where user_id = $1 and applied_at < now() - make_interval(days => $2) returning 1) \
               select count(*) from gone";
    let params = [
        (&user as _, Type::UUID),
        (&REMEMBERED_DAYS as _, Type::INT4),
    ];
    let rows = session.change(sql, &params).await?;
    counted(&rows, 0)
}
