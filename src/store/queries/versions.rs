//! The versions of a day's log or of a record: the present one from its table, those before from the
//! history, newest first, in pages.

use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio_postgres::Row;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::domain::secret::Secret;
use crate::domain::subject::Subject;
use crate::store::api::{Ended, Version, VersionList, Versions};
use crate::store::error::StoreError;
use crate::store::session::Session;

use super::records::{Param, of_json, unexpected};

/// The table of a subject.
const fn table(of: Subject) -> &'static str {
    match of {
        Subject::Log(_) => "logs",
        Subject::Record(lane, _) => lane.table(),
    }
}

/// The id of what is asked for: that of a day is looked up, in the history where the day was deleted.
const fn id(of: Subject) -> &'static str {
    match of {
        Subject::Log(_) => {
            "(select coalesce((select l.id from wildlands.logs l where l.user_id = $1 and l.date = $2), \
             (select d.record_id from wildlands.record_history d where d.user_id = $1 \
              and d.operation = 'delete' and d.table_name = 'logs' \
              and d.\"row\" ->> 'date' = to_char($2, 'YYYY-MM-DD') order by d.changed_at desc limit 1)))"
        }
        Subject::Record(..) => "$2",
    }
}

/// Who changed it: the role that was signed in. Under the program's own role, which many may share, only the person
/// reaches their rows: then it is the person, by name.
const WHO: &str = "case when h.changed_by = 'wildlands_app' then coalesce((select u.username \
     from wildlands.users u where u.id = $1), h.changed_by) else h.changed_by end";

/// The statement of a page: entry, version, operation, moment, role, row.
#[must_use]
pub fn page_sql(list: &VersionList) -> String {
    let (table, id) = (table(list.of), id(list.of));
    let past = |behind: &str| {
        format!(
            "select h.id, h.version, h.operation, h.changed_at, {WHO}, h.\"row\" \
             from wildlands.record_history h where h.user_id = $1 and h.table_name = '{table}' \
             and h.record_id = {id}{behind} order by h.version desc, h.id desc limit $3"
        )
    };
    if list.after.is_some() {
        return past(" and (h.version, h.id) < ($4, $5)");
    }
    format!(
        "(select null::uuid, t.version, null::text, null::timestamptz, null::text, to_jsonb(t) \
         from wildlands.{table} t where t.user_id = $1 and t.id = {id}) union all ({})",
        past("")
    )
}

/// A page of versions, newest first.
///
/// # Errors
/// As the database reports them.
pub async fn page(session: &Session, list: &VersionList) -> Result<Versions, StoreError> {
    let user = session.user().0;
    let limit = usize::from(list.limit);
    // One more tells whether there is a next page, and who made the last one of this.
    let most = i64::from(list.limit) + 1;
    let which: Param<'_> = match &list.of {
        Subject::Log(date) => (date, Type::DATE),
        Subject::Record(_, id) => (&id.0, Type::UUID),
    };
    let mut params: Vec<Param<'_>> = vec![(&user, Type::UUID), which, (&most, Type::INT8)];
    if let Some((version, entry)) = &list.after {
        params.extend([(version as _, Type::INT4), (entry as _, Type::UUID)]);
    }
    let rows = session.read(&page_sql(list), &params).await?;
    let mut versions = Versions::default();
    for row in &rows {
        versions.list.push(read(list.of, row)?);
    }
    // What ended a version made the one after it, unless the record had gone meanwhile.
    let makers: Vec<Option<String>> = versions
        .list
        .iter()
        .skip(1)
        .map(|older| {
            let ended = older.ended.as_ref().filter(|ended| !ended.deleted);
            ended.map(|ended| ended.by.clone())
        })
        .collect();
    for (version, maker) in versions.list.iter_mut().zip(makers) {
        version.made_by = maker;
    }
    if versions.list.len() > limit {
        versions.list.truncate(limit);
        let last = versions.list.last();
        versions.next = last.and_then(|last| Some((last.number, last.entry?)));
    }
    Ok(versions)
}

fn read(of: Subject, row: &Row) -> Result<Version, StoreError> {
    let operation: Option<String> = row.try_get(2)?;
    let at: Option<Timestamp> = row.try_get(3)?;
    let by: Option<String> = row.try_get(4)?;
    let json: Value = row.try_get(5)?;
    let (fields, made_at) = match of {
        Subject::Record(lane, _) => {
            let record = of_json(lane, json)?;
            (record.fields, record.updated_at)
        }
        Subject::Log(_) => day(json)?,
    };
    let ended = operation.zip(at).map(|(operation, at)| Ended {
        at,
        by: by.unwrap_or_default(),
        deleted: operation == "delete",
    });
    Ok(Version {
        entry: row.try_get::<_, Option<Uuid>>(0)?,
        number: row.try_get(1)?,
        fields,
        made_at,
        made_by: None,
        ended,
    })
}

/// The answers of a day and the moment of their last change.
fn day(mut json: Value) -> Result<(Secret<Map<String, Value>>, Timestamp), StoreError> {
    let moment = json.get("updated_at").and_then(Value::as_str);
    let moment = moment.and_then(|moment| moment.parse().ok());
    match (json.get_mut("data").map(Value::take), moment) {
        (Some(Value::Object(data)), Some(moment)) => Ok((Secret::new(data), moment)),
        _ => Err(unexpected("a day in the history lacks what every day has")),
    }
}
