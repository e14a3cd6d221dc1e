//! The document, batch by batch, from one snapshot.
//!
//! PostgreSQL writes each row as JSON (`row_to_json`) under the names of the document; nothing is
//! parsed here, so that every value passes as it is.

use std::fmt::Write as _;
use std::pin::pin;

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio_postgres::binary_copy::BinaryCopyOutStream;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use crate::domain::export_format::{ExportUser, Header, TABLES, Table, USER_COLUMNS};
use crate::domain::ids::UserId;
use crate::store::error::StoreError;
use crate::store::session::{Kind, Session};

use super::{ExportError, Progress};

/// Bytes of a batch.
const BATCH: usize = 256 * 1024;

/// Why the stream ended early.
pub(super) enum Stopped {
    /// Nobody takes the batches any more; the sink knows why.
    SinkClosed,
    Error(ExportError),
}

impl<E: Into<StoreError>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Error(ExportError::Store(error.into()))
    }
}

/// Sends the whole document; gives back the rows of each table.
pub(super) async fn everything(
    session: &Session,
    client: &Client,
    batches: mpsc::Sender<Vec<u8>>,
    progress: Progress<'_>,
) -> Result<Vec<(String, u64)>, Stopped> {
    client.batch_execute(&session.begin(Kind::Snapshot)).await?;
    let user = session.user();
    let (moment, person) = read_user(client, user).await?;
    let counts = count(client, user).await?;
    let total = counts.iter().map(|(_, rows)| rows).sum();
    let listed: Map<String, Value> = counts
        .iter()
        .map(|(table, rows)| (table.clone(), Value::from(*rows)))
        .collect();
    let header = serde_json::to_string_pretty(&Header::whole(moment, person, listed))
        .map_err(|_| internal("the header"))?;
    let mut out = Batches {
        batches,
        batch: Vec::with_capacity(BATCH + 64 * 1024),
    };
    // The header's closing brace moves behind the data.
    let open = header
        .strip_suffix("\n}")
        .ok_or_else(|| internal("the header"))?;
    out.text(open);
    out.text(",\n  \"data\": {");
    let mut done = 0;
    for (index, table) in TABLES.iter().enumerate() {
        out.text(if index == 0 { "\n" } else { ",\n" });
        out.text(&format!("    \"{}\": [", table.json()));
        let mut is_first = true;
        let copy = client.copy_out(&copy_statement(table, user)).await?;
        let mut rows = pin!(BinaryCopyOutStream::new(copy, &[Type::TEXT]));
        while let Some(row) = rows.try_next().await? {
            out.text(if is_first { "\n" } else { ",\n" });
            is_first = false;
            out.text(row.try_get::<&str>(0)?);
            done += 1;
            if out.is_full() {
                out.send().await?;
                progress(done, total);
            }
        }
        out.text(if is_first { "]" } else { "\n    ]" });
    }
    out.text("\n  }\n}\n");
    out.send().await?;
    client.batch_execute("COMMIT").await?;
    progress(done, total);
    Ok(counts)
}

struct Batches {
    batches: mpsc::Sender<Vec<u8>>,
    batch: Vec<u8>,
}

impl Batches {
    fn text(&mut self, text: &str) {
        self.batch.extend_from_slice(text.as_bytes());
    }

    fn is_full(&self) -> bool {
        self.batch.len() >= BATCH
    }

    async fn send(&mut self) -> Result<(), Stopped> {
        let next = Vec::with_capacity(self.batch.capacity());
        let batch = std::mem::replace(&mut self.batch, next);
        self.batches
            .send(batch)
            .await
            .map_err(|_| Stopped::SinkClosed)
    }
}

/// All rows of the person in a table, archived ones too, as JSON in the document's names and order.
fn copy_statement(table: &Table, user: UserId) -> String {
    let mut columns = String::new();
    for (sql, json) in table.columns() {
        let comma = if columns.is_empty() { "" } else { ", " };
        let _ = write!(columns, "{comma}\"{sql}\" as \"{json}\"");
    }
    let (name, order) = (table.sql, table.order);
    format!(
        "copy (select row_to_json(r)::text from (select {columns} from wildlands.{name} \
         where user_id = '{user}' order by {order}) r) to stdout (format binary)"
    )
}

async fn count(client: &Client, user: UserId) -> Result<Vec<(String, u64)>, Stopped> {
    let mut counts = String::new();
    for table in TABLES {
        let comma = if counts.is_empty() { "" } else { ", " };
        let _ = write!(
            counts,
            "{comma}(select count(*) from wildlands.{} where user_id = $1)",
            table.sql
        );
    }
    let sql = format!("select array[{counts}]");
    let row = client
        .query_typed_one(&sql, &[(&user.0, Type::UUID)])
        .await?;
    let counts: Vec<i64> = row.try_get(0)?;
    let counted = TABLES.iter().zip(counts);
    Ok(counted
        .map(|(table, rows)| (table.json(), u64::try_from(rows).unwrap_or(0)))
        .collect())
}

async fn read_user(client: &Client, user: UserId) -> Result<(Timestamp, ExportUser), Stopped> {
    let sql = format!(
        "select now(), {} from wildlands.users where id = $1",
        USER_COLUMNS.join(", ")
    );
    let row = client
        .query_typed_one(&sql, &[(&user.0, Type::UUID)])
        .await?;
    Ok((row.try_get(0)?, read_person(&row)?))
}

fn read_person(row: &Row) -> Result<ExportUser, Stopped> {
    let Value::Object(settings) = row.try_get(7)? else {
        return Err(internal("the settings"));
    };
    let week_start: i16 = row.try_get(6)?;
    Ok(ExportUser {
        id: UserId(row.try_get(1)?),
        username: row.try_get(2)?,
        email: row.try_get(3)?,
        display_name: row.try_get(4)?,
        timezone: row.try_get(5)?,
        week_start: i8::try_from(week_start).unwrap_or(1),
        settings,
        created_at: row.try_get(8)?,
    })
}

fn internal(what: &str) -> Stopped {
    let what = format!("{what} of the export has an unforeseen form");
    Stopped::Error(ExportError::Store(StoreError::Internal { what }))
}
