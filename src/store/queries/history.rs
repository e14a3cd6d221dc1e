//! The last changes of the person's logs, so that they can be undone after a restart.
//!
//! The history holds the version *before* each change; what a change did is the difference to the
//! version after it. The first version of a record has no entry: its beginning is read from the
//! log, by the time that its identifier holds.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use crate::domain::ids::RecordId;
use crate::domain::patch::Patch;
use crate::store::api::{Change, Mutation};
use crate::store::error::StoreError;
use crate::store::session::Session;

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
    let rows = session.read(RECENT, &params).await?;
    let mut changes = Vec::with_capacity(rows.len());
    for row in &rows {
        changes.extend(read_change(row)?);
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

/// The patch that makes `after` of `before`.
fn difference(before: &Map<String, Value>, after: &Map<String, Value>) -> Patch {
    let mut patch = Patch::default();
    for (key, value) in after {
        if before.get(key) != Some(value) {
            patch.merge(Patch::one(key.clone(), Some(value.clone())));
        }
    }
    for key in before.keys().filter(|key| !after.contains_key(*key)) {
        patch.merge(Patch::one(key.clone(), None));
    }
    patch
}
