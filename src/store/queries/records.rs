//! Records of the lanes: pages of lists, one record, what was deleted.
//!
//! The statements are the same for every lane but for the names of table and columns, which come from
//! this program and never from what a person wrote.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use crate::domain::export_format::{camel_case, snake_case};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::domain::secret::Secret;
use crate::store::api::{After, Deleted, Listing, Order, Page};
use crate::store::error::StoreError;
use crate::store::session::Session;

use super::history::together;

pub(super) type Param<'a> = (&'a (dyn ToSql + Sync), Type);

/// The statement of a page: the row without its long fields, and its sort key.
#[must_use]
pub fn page_sql(listing: &Listing) -> String {
    let table = listing.lane.table();
    let Sort {
        key,
        kind,
        down,
        id_down,
    } = sort(listing.order);
    let mut sql = format!(
        "select to_jsonb(t) - $3::text[], ({key})::text as sort_key from wildlands.{table} t \
         where user_id = $1 and archived_at is null"
    );
    let mut next = 4;
    for (field, words) in held(listing) {
        let column = snake_case(field);
        let kind = if column == "goal_id" { "uuid" } else { "text" };
        let _ = match words.len() {
            1 => write!(sql, " and t.{column} = ${next}::text::{kind}").map(drop),
            _ => write!(sql, " and t.{column} = any(${next}::text[]::{kind}[])"),
        };
        next += 1;
    }
    if listing.dates.is_some() {
        let _ = write!(sql, " and date between ${next} and ${}", next + 1);
        next += 2;
    }
    if listing.made.is_some() {
        let _ = write!(
            sql,
            " and created_at >= ${next} and created_at < ${}",
            next + 1
        );
        next += 2;
    }
    // Backwards, everything is the other way round.
    let (down, id_down) = (down != listing.back, id_down != listing.back);
    if listing.after.is_some() {
        let (value, id) = (format!("${next}::text::{kind}"), next + 1);
        let sign = |down: bool| if down { '<' } else { '>' };
        let (of_key, of_id) = (sign(down), sign(id_down));
        let _ = if down == id_down {
            write!(sql, " and ({key}, id) {of_key} ({value}, ${id})")
        } else {
            write!(
                sql,
                " and {key} {of_key}= {value} and ({key} {of_key} {value} or id {of_id} ${id})"
            )
        };
    }
    let direction = |down: bool| if down { " desc" } else { "" };
    let (of_key, of_id) = (direction(down), direction(id_down));
    let _ = write!(sql, " order by {key}{of_key}, id{of_id} limit $2");
    sql
}

/// What a list is sorted by, as its index has it.
struct Sort {
    key: &'static str,
    /// The key's type.
    kind: &'static str,
    /// Whether the highest comes first.
    down: bool,
    /// Whether of equal ones the latest id comes first. Where many are equal it goes with `down`, so
    /// that a page begins in the index where the one before it ended.
    id_down: bool,
}

const fn sort(order: Order) -> Sort {
    let (key, kind, down, id_down) = match order {
        Order::Touched => ("updated_at", "timestamptz", true, false),
        Order::Newest => ("created_at", "timestamptz", true, true),
        Order::Oldest => ("created_at", "timestamptz", false, false),
        Order::Score => ("score", "integer", true, true),
        Order::Priority => ("priority", "smallint", true, true),
        Order::Date => ("date", "date", true, false),
        Order::Week => ("week_start", "date", true, false),
    };
    Sort {
        key,
        kind,
        down,
        id_down,
    }
}

fn held(listing: &Listing) -> impl Iterator<Item = &(&'static str, Vec<String>)> {
    listing.only.iter().filter(|(_, words)| !words.is_empty())
}

/// A page of a list.
///
/// # Errors
/// As the database reports them.
pub async fn page(session: &Session, listing: &Listing) -> Result<Page, StoreError> {
    let user = session.user().0;
    // One more tells whether there is a next page.
    let one_more = i64::from(listing.limit) + 1;
    let left_out = left_out(listing.lane);
    let mut params: Vec<Param<'_>> = vec![
        (&user, Type::UUID),
        (&one_more, Type::INT8),
        (&left_out, Type::TEXT_ARRAY),
    ];
    for (_, words) in held(listing) {
        params.push(match words.as_slice() {
            [word] => (word, Type::TEXT),
            _ => (words, Type::TEXT_ARRAY),
        });
    }
    if let Some((from, to)) = &listing.dates {
        params.extend([(from as _, Type::DATE), (to as _, Type::DATE)]);
    }
    if let Some((from, before)) = &listing.made {
        params.extend([
            (from as _, Type::TIMESTAMPTZ),
            (before as _, Type::TIMESTAMPTZ),
        ]);
    }
    if let Some(after) = &listing.after {
        params.extend([
            (&after.key as _, Type::TEXT),
            (&after.id.0 as _, Type::UUID),
        ]);
    }
    let rows = session.read(&page_sql(listing), &params).await?;
    let is_more = rows.len() > usize::from(listing.limit);
    let mut page = Page::default();
    let mut edges = Vec::new();
    for row in rows.iter().take(usize::from(listing.limit)) {
        let mut record = read_record(listing.lane, row)?;
        record.whole = listing.lane.long_columns() == ["imported"];
        let key: String = row.try_get(1)?;
        edges.push(After { key, id: record.id });
        page.records.push(record);
    }
    let is_inner = listing.after.is_some();
    if listing.back {
        page.records.reverse();
        edges.reverse();
    }
    let (above, below) = if listing.back {
        (is_more, is_inner)
    } else {
        (is_inner, is_more)
    };
    page.before = edges.first().filter(|_| above).cloned();
    page.next = edges.pop().filter(|_| below);
    Ok(page)
}

fn left_out(lane: Lane) -> Vec<&'static str> {
    let mut columns = lane.long_columns().to_vec();
    columns.push("user_id");
    columns
}

/// The statement of one record, archived or not.
#[must_use]
pub fn record_sql(lane: Lane) -> String {
    format!(
        "select to_jsonb(t) - '{{user_id,imported}}'::text[] from wildlands.{} t \
         where user_id = $1 and id = $2",
        lane.table()
    )
}

/// One record, archived or not.
///
/// # Errors
/// As the database reports them.
pub async fn record(
    session: &Session,
    lane: Lane,
    id: RecordId,
) -> Result<Option<Record>, StoreError> {
    let user = session.user().0;
    let params = [(&user as _, Type::UUID), (&id.0 as _, Type::UUID)];
    let rows = session.read(&record_sql(lane), &params).await?;
    rows.first().map(|row| read_record(lane, row)).transpose()
}

/// The statement behind [`statuses`].
#[must_use]
pub fn statuses_sql(lane: Lane) -> String {
    format!(
        "select {status}, count(*) from wildlands.{} \
         where user_id = $1 and archived_at is null group by {status}",
        lane.table(),
        status = lane.status_field()
    )
}

/// How many records have each status; a check-in and a review have none.
///
/// # Errors
/// As the database reports them.
pub async fn statuses(session: &Session, lane: Lane) -> Result<BTreeMap<String, u64>, StoreError> {
    if matches!(lane, Lane::CheckIns | Lane::Reviews) {
        return Ok(BTreeMap::new());
    }
    let user = session.user().0;
    let rows = session
        .read(&statuses_sql(lane), &[(&user, Type::UUID)])
        .await?;
    rows.iter()
        .map(|row| {
            let count: i64 = row.try_get(1)?;
            Ok((row.try_get(0)?, u64::try_from(count).unwrap_or(0)))
        })
        .collect()
}

/// The last deletions, latest first: table, row, moment, and how many check-ins went with it. Those
/// that went with their goal are not among them.
#[must_use]
pub fn deleted_sql() -> String {
    let mut there = String::new();
    for lane in Lane::ALL {
        let table = lane.table();
        let _ = write!(
            there,
            " and not (h.table_name = '{table}' and exists \
             (select from wildlands.{table} t where t.user_id = $1 and t.id = h.record_id))"
        );
    }
    let tables: Vec<&str> = Lane::ALL.iter().map(|lane| lane.table()).collect();
    let tables = tables.join("', '");
    format!(
        "select h.table_name, h.\"row\", h.changed_at, case when h.table_name = 'goals' then \
             (select count(*) from wildlands.record_history c where c.user_id = $1 \
              and c.table_name = 'check_ins' and c.operation = 'delete' \
              and {with_goal} and c.\"row\" ->> 'goal_id' = h.record_id::text) \
             else 0 end \
         from wildlands.record_history h where h.user_id = $1 and h.operation = 'delete' \
             and h.table_name in ('{tables}'){there} \
             and not (h.table_name = 'check_ins' and exists (\
                 select from wildlands.record_history g where g.user_id = $1 \
                 and g.table_name = 'goals' and g.operation = 'delete' \
                 and {of_goal})) \
         order by h.changed_at desc, h.id limit $2",
        with_goal = together("c", "h"),
        of_goal = together("g", "h"),
    )
}

/// What was deleted last and is still gone, latest first.
///
/// # Errors
/// As the database reports them.
pub async fn deleted(session: &Session, limit: u16) -> Result<Vec<Deleted>, StoreError> {
    let user = session.user().0;
    let limit = i64::from(limit);
    let params = [(&user as _, Type::UUID), (&limit as _, Type::INT8)];
    let rows = session.read(&deleted_sql(), &params).await?;
    let mut deleted: Vec<Deleted> = Vec::with_capacity(rows.len());
    for row in &rows {
        let table: String = row.try_get(0)?;
        let Some(lane) = Lane::of_table(&table) else {
            continue;
        };
        let json: Value = row.try_get(1)?;
        let deleted_at: Timestamp = row.try_get(2)?;
        let check_ins: i64 = row.try_get(3)?;
        let mut record = of_json(lane, json)?;
        record.whole = false;
        // Deleted, brought back and deleted again: the last time counts.
        if deleted.iter().all(|one| one.record.id != record.id) {
            deleted.push(Deleted {
                record,
                deleted_at,
                check_ins: u64::try_from(check_ins).unwrap_or(0),
            });
        }
    }
    Ok(deleted)
}

/// A record of a row whose first column is the row as JSON.
pub(super) fn read_record(lane: Lane, row: &Row) -> Result<Record, StoreError> {
    of_json(lane, row.try_get(0)?)
}

/// A record of a row as JSON.
///
/// # Errors
/// A row that lacks what every record has.
pub(super) fn of_json(lane: Lane, json: Value) -> Result<Record, StoreError> {
    let Value::Object(columns) = json else {
        return Err(unexpected("a row is not an object"));
    };
    let text = |name: &str| columns.get(name).and_then(Value::as_str);
    let moment = |name: &str| text(name).and_then(|text| text.parse().ok());
    let id = text("id").and_then(|id| Uuid::parse_str(id).ok());
    let version = columns.get("version").and_then(Value::as_i64);
    let (Some(id), Some(version), Some(created_at), Some(updated_at)) = (
        id,
        version.and_then(|version| i32::try_from(version).ok()),
        moment("created_at"),
        moment("updated_at"),
    ) else {
        return Err(unexpected("a row lacks what every record has"));
    };
    Ok(Record {
        lane,
        id: RecordId(id),
        fields: Secret::new(fields(lane, columns)),
        version,
        created_at,
        updated_at,
        whole: true,
    })
}

/// The fields of a row: what is empty is left out, the parts of a JSON object stand behind a dot.
fn fields(lane: Lane, columns: Map<String, Value>) -> Map<String, Value> {
    let mut fields = Map::new();
    for (column, value) in columns {
        if !is_field(lane, &column) {
            continue;
        }
        let name = camel_case(&column);
        match value {
            Value::Object(parts) => fields.extend(
                parts
                    .into_iter()
                    .filter(|(_, value)| !is_empty(value))
                    .map(|(part, value)| (format!("{name}.{part}"), value)),
            ),
            value if is_empty(&value) => {}
            value => {
                fields.insert(name, value);
            }
        }
    }
    fields
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

/// Columns that no lane has as a field.
const COMMON: [&str; 6] = [
    "id",
    "user_id",
    "version",
    "created_at",
    "updated_at",
    "imported",
];

/// Whether a column is a field of the lane's records. The score of an idea is computed by the database, the
/// score of a check-in is the person's.
pub(super) fn is_field(lane: Lane, column: &str) -> bool {
    !COMMON.contains(&column) && (lane, column) != (Lane::Ideas, "score")
}

pub(super) fn unexpected(what: &str) -> StoreError {
    StoreError::Internal {
        what: what.to_owned(),
    }
}
