//! Many days and records at once, for the demonstration: one transaction.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;
use tokio_postgres::Client;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::sample::{Day, Entry};
use crate::domain::secret::Exit;
use crate::store::error::StoreError;
use crate::store::session::{Kind, Session};

/// Days that exist stay as they are.
const INSERT: &str = "insert into wildlands.logs (user_id, id, date, data) \
     select $1, day.id, day.date, day.data \
     from unnest($2::uuid[], $3::date[], $4::jsonb[]) as day (id, date, data) \
     on conflict do nothing";

/// Adds the days and the records that are not there yet.
///
/// # Errors
/// As the database and the way to it report them; then nothing was added.
pub async fn insert(
    session: &Session,
    days: Vec<Day>,
    records: Vec<Entry>,
) -> Result<(), StoreError> {
    let writer = session.writer().await?;
    let client = writer.client()?;
    client.batch_execute(&session.begin(Kind::Write)).await?;
    let inserted = async {
        insert_days(session, client, days).await?;
        insert_records(session, client, records).await
    }
    .await;
    let end = if inserted.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    };
    let ended = client.batch_execute(end).await;
    writer.give_back();
    inserted?;
    Ok(ended?)
}

async fn insert_days(session: &Session, client: &Client, days: Vec<Day>) -> Result<(), StoreError> {
    let user = session.user().0;
    let ids: Vec<Uuid> = days.iter().map(|_| RecordId::new().0).collect();
    let dates: Vec<Date> = days.iter().map(|day| day.date).collect();
    let data: Vec<Value> = days
        .into_iter()
        .map(|day| Value::Object(day.data.into_exposed(Exit::Database)))
        .collect();
    let parameters = [
        (&user as _, Type::UUID),
        (&ids as _, Type::UUID_ARRAY),
        (&dates as _, Type::DATE_ARRAY),
        (&data as _, Type::JSONB_ARRAY),
    ];
    client.execute_typed(INSERT, &parameters).await?;
    Ok(())
}

/// One statement for all records of a lane that have the same columns; a column that is left out
/// gets its default.
async fn insert_records(
    session: &Session,
    client: &Client,
    records: Vec<Entry>,
) -> Result<(), StoreError> {
    let user = session.user().0;
    let mut alike: BTreeMap<(usize, Vec<String>), Vec<Value>> = BTreeMap::new();
    for entry in records {
        // Goals before their check-ins, as in the export.
        let place = Lane::ALL.iter().position(|lane| *lane == entry.lane);
        let names = entry.names().map(str::to_owned).collect();
        let row = Value::Object(entry.columns.into_exposed(Exit::Database));
        let key = (place.unwrap_or(Lane::ALL.len()), names);
        alike.entry(key).or_default().push(row);
    }
    for ((place, names), rows) in alike {
        let Some(table) = Lane::ALL.get(place).map(|lane| lane.table()) else {
            continue;
        };
        // The names are those of the program's own file, held against the columns by a test.
        let columns = names.join(", ");
        let sql = format!(
            "insert into wildlands.{table} (user_id, {columns}) \
             select $1, r.{} from jsonb_populate_recordset(null::wildlands.{table}, $2) as r \
             on conflict do nothing",
            names.join(", r.")
        );
        let parameters = [
            (&user as _, Type::UUID),
            (&Value::Array(rows) as _, Type::JSONB),
        ];
        client.execute_typed(&sql, &parameters).await?;
    }
    Ok(())
}
