//! Many days at once, for the demonstration: one statement, one transaction.

use jiff::civil::Date;
use serde_json::Value;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::domain::ids::RecordId;
use crate::domain::sample::Day;
use crate::domain::secret::Exit;
use crate::store::error::StoreError;
use crate::store::session::{Kind, Session};

/// Days that exist stay as they are.
const INSERT: &str = "insert into wildlands.logs (user_id, id, date, data) \
     select $1, day.id, day.date, day.data \
     from unnest($2::uuid[], $3::date[], $4::jsonb[]) as day (id, date, data) \
     on conflict do nothing";

/// Adds the days that are not there yet.
///
/// # Errors
/// As the database and the way to it report them; then no day was added.
pub async fn insert_days(session: &Session, days: Vec<Day>) -> Result<(), StoreError> {
    let user = session.user().0;
    let ids: Vec<Uuid> = days.iter().map(|_| RecordId::new().0).collect();
    let dates: Vec<Date> = days.iter().map(|day| day.date).collect();
    let data: Vec<Value> = days
        .into_iter()
        .map(|day| Value::Object(day.data.into_exposed(Exit::Database)))
        .collect();
    let client = session.writer().await?;
    client.batch_execute(&session.begin(Kind::Write)).await?;
    let inserted = client
        .execute_typed(
            INSERT,
            &[
                (&user, Type::UUID),
                (&ids, Type::UUID_ARRAY),
                (&dates, Type::DATE_ARRAY),
                (&data, Type::JSONB_ARRAY),
            ],
        )
        .await;
    let end = if inserted.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    };
    let ended = client.batch_execute(end).await;
    inserted?;
    Ok(ended?)
}
