//! The last changes of the person's logs and records, so that they can be undone after a restart.
//!
//! The history holds the version *before* each change; what a change did is the difference to the
//! version after it. The first version of a record has no entry: its beginning is read from the
//! log, by the time that its identifier holds.

use futures_util::future::{join, join_all};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::meeting::Base;
use crate::domain::patch::Patch;
use crate::domain::review::PLACE;
use crate::domain::secret::Exit;
use crate::domain::version::difference;
use crate::store::api::{Change, Mutation, RecordChange};
use crate::store::error::StoreError;
use crate::store::session::Session;

use super::records::of_json;

/// Log, date, moment, data before and after; at most `2 * $2` rows, in no order.
pub const RECENT: &str = "with changed as materialized (\
         select record_id, version, changed_at, h.\"row\" -> 'data' as before \
         from wildlands.record_history h \
         where user_id = $1 and table_name = 'logs' and operation = 'update' \
         order by changed_at desc, id limit $2), \
     made as materialized (\
         select id, date, version, created_at, data from wildlands.logs \
         where user_id = $1 order by id desc limit $2) \
     select l.id, l.date, c.changed_at, c.before, coalesce(\
         (select n.\"row\" -> 'data' from wildlands.record_history n \
          where n.user_id = $1 and n.table_name = 'logs' and n.record_id = c.record_id \
              and n.version = c.version + 1 limit 1), \
         case when l.version = c.version + 1 then l.data end) \
     from changed c, lateral (\
         select id, date, version, data from wildlands.logs where user_id = $1 and id = c.record_id) l \
     union all \
     select m.id, m.date, m.created_at, '{}'::jsonb, case when m.version = 1 then m.data else \
         (select n.\"row\" -> 'data' from wildlands.record_history n \
          where n.user_id = $1 and n.table_name = 'logs' and n.record_id = m.id and n.version = 1 limit 1) end \
     from made m";

/// Whether two entries of the history, by these names, are of one transaction. Its number alone does not tell: an import
/// brings entries with the numbers of another server, which this one reaches at some other time. What goes together goes in
/// one statement, which takes seconds at most.
#[must_use]
pub fn together(one: &str, other: &str) -> String {
    format!(
        "{one}.transaction = {other}.transaction and {one}.changed_at \
         between {other}.changed_at - interval '1 minute' and {other}.changed_at + interval '1 minute'"
    )
}

/// The condition that the entry `h` is of a check-in that went with the goal `$2` when that was deleted last.
#[must_use]
pub fn went_with_goal() -> String {
    format!(
        "h.\"row\" ->> 'goal_id' = $2::text and exists (select from (\
             select d.transaction, d.changed_at from wildlands.record_history d where d.user_id = $1 \
             and d.table_name = 'goals' and d.record_id = $2 and d.operation = 'delete' \
             order by d.changed_at desc limit 1) g where {})",
        together("h", "g")
    )
}

/// For a lane: record, what was done, moment, row before and after, and whether it is there now; at
/// most `2 * $2` rows, in no order. What went with its goal is no change of its own.
#[must_use]
pub fn recent_of_lane(lane: Lane) -> String {
    let table = lane.table();
    let with_goal = match lane {
        Lane::CheckIns => format!(
            " and not (h.operation = 'delete' and exists (\
             select from wildlands.record_history g where g.user_id = $1 and g.table_name = 'goals' \
             and g.operation = 'delete' and {}))",
            together("g", "h")
        ),
        Lane::Ideas
        | Lane::Goals
        | Lane::Teaching
        | Lane::Content
        | Lane::Reviews
        | Lane::Signals => String::new(),
    };
    // The id of a check-in or a review does not tell when it was made.
    let newest = match lane {
        Lane::CheckIns | Lane::Reviews => "created_at",
        Lane::Ideas | Lane::Goals | Lane::Teaching | Lane::Content | Lane::Signals => "id",
    };
    // A signal is made by the program, so that there is nothing to take back.
    let of_person = match lane {
        Lane::Signals => " and false",
        Lane::Ideas
        | Lane::Goals
        | Lane::CheckIns
        | Lane::Teaching
        | Lane::Content
        | Lane::Reviews => "",
    };
    format!(
        "with changed as materialized (\
             select record_id, version, operation, changed_at, h.\"row\" as before \
             from wildlands.record_history h \
             where user_id = $1 and table_name = '{table}'{with_goal} \
             order by changed_at desc, id limit $2), \
         made as materialized (\
             select id, created_at from wildlands.{table} where user_id = $1{of_person} order by {newest} desc limit $2) \
         select c.record_id, c.operation, c.changed_at, c.before, coalesce(\
             (select n.\"row\" from wildlands.record_history n \
              where n.user_id = $1 and n.table_name = '{table}' and n.record_id = c.record_id \
                  and n.version = c.version + 1 limit 1), \
             (select to_jsonb(t) from wildlands.{table} t \
              where t.user_id = $1 and t.id = c.record_id and t.version = c.version + 1)), \
             exists (select from wildlands.{table} t where t.user_id = $1 and t.id = c.record_id) \
         from changed c \
         union all \
         select id, 'create', created_at, null, null, true from made"
    )
}

/// The last changes, latest first.
///
/// # Errors
/// As the database reports them.
pub async fn recent_changes(session: &Session, limit: u16) -> Result<Vec<Change>, StoreError> {
    let user = session.user().0;
    let params = [
        (&user as _, Type::UUID),
        (&i64::from(limit) as _, Type::INT8),
    ];
    let lanes = Lane::ALL.map(|lane| async move {
        let params = [
            (&user as _, Type::UUID),
            (&i64::from(limit) as _, Type::INT8),
        ];
        let rows = session.read(&recent_of_lane(lane), &params).await;
        rows.map(|rows| (lane, rows))
    });
    let (logs, lanes) = join(session.read(RECENT, &params), join_all(lanes)).await;
    let mut changes = Vec::new();
    for row in &logs? {
        changes.extend(read_change(row)?);
    }
    for rows in lanes {
        let (lane, rows) = rows?;
        for row in &rows {
            changes.extend(read_lane_change(lane, row)?);
        }
    }
    changes.sort_by_key(|change: &Change| std::cmp::Reverse(change.changed_at));
    changes.truncate(usize::from(limit));
    Ok(changes)
}

/// What one row of [`RECENT`] says; nothing where no field changed or a version is gone.
fn read_change(row: &Row) -> Result<Option<Change>, StoreError> {
    let id = RecordId(row.try_get(0)?);
    let date: Date = row.try_get(1)?;
    let changed_at: Timestamp = row.try_get(2)?;
    let before: Option<Value> = row.try_get(3)?;
    let after: Option<Value> = row.try_get(4)?;
    let (Some(Value::Object(before)), Some(Value::Object(after))) = (before, after) else {
        return Ok(None);
    };
    let forward = difference(&before, &after);
    if forward.is_empty() {
        return Ok(None);
    }
    let inverse = forward.inverse(&before);
    Ok(Some(Change {
        changed_at,
        forward: Mutation::patch_log(id, date, forward),
        inverse: Mutation::patch_log(id, date, inverse),
    }))
}

/// What one row of [`recent_of_lane`] says; nothing where no field changed, a version is gone, or
/// there is nothing to take back any more.
fn read_lane_change(lane: Lane, row: &Row) -> Result<Option<Change>, StoreError> {
    let id = RecordId(row.try_get(0)?);
    let operation: String = row.try_get(1)?;
    let changed_at: Timestamp = row.try_get(2)?;
    let before: Option<Value> = row.try_get(3)?;
    let after: Option<Value> = row.try_get(4)?;
    let is_there: bool = row.try_get(5)?;
    let then = |change| Mutation::Record { lane, id, change };
    let (forward, inverse) = match (operation.as_str(), before, after) {
        ("create", ..) => (RecordChange::Restore, RecordChange::Delete),
        ("delete", ..) if !is_there => (RecordChange::Delete, RecordChange::Restore),
        ("update", Some(before), Some(after)) if is_there => {
            let before = of_json(lane, before)?.fields;
            let after = of_json(lane, after)?.fields;
            let before = before.expose(Exit::Database);
            let mut patch = difference(before, after.expose(Exit::Database));
            // Where a guided review was left is nothing to take back.
            patch.forget(PLACE);
            if patch.is_empty() || (lane == Lane::Signals && !is_answer(&patch)) {
                return Ok(None);
            }
            let inverse = patch.inverse(before);
            let set = |patch| RecordChange::Set {
                patch,
                base: Base::Any,
            };
            (set(patch), set(inverse))
        }
        _ => return Ok(None),
    };
    Ok(Some(Change {
        changed_at,
        forward: then(forward),
        inverse: then(inverse),
    }))
}

/// Whether a change of a signal is the person's: the program changes what was seen, too.
fn is_answer(patch: &Patch) -> bool {
    patch
        .keys()
        .all(|key| matches!(key, "state" | "acknowledgedAt" | "snoozedUntil" | "note"))
}
