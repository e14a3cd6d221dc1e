//! One snapshot, read table by table as the server sends it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::pin::pin;

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use tokio_postgres::binary_copy::BinaryCopyOutStream;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use crate::domain::export_format::{ExportUser, Header, Table, USER_COLUMNS};
use crate::domain::ids::UserId;
use crate::domain::redaction::Redaction;
use crate::store::error::StoreError;
use crate::store::session::{Kind, Session};

use super::request::Request;
use super::written::{self, Out, Unforeseen};
use super::{ExportError, Step};

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

impl From<Unforeseen> for Stopped {
    fn from(Unforeseen(what): Unforeseen) -> Self {
        internal(&what)
    }
}

/// Sends what was asked for; gives back the rows of each table.
pub(super) async fn everything(
    session: &Session,
    client: &Client,
    request: &Request,
    out: &mut Out,
    tell: &mut (dyn FnMut(Step) + Send),
) -> Result<Vec<(String, u64)>, Stopped> {
    client.batch_execute(&session.begin(Kind::Snapshot)).await?;
    let user = session.user();
    let (moment, person) = read_user(client, user).await?;
    let rows = Rows {
        user,
        since: since(request, &person)?,
    };
    let tables: Vec<&'static Table> = request.tables().collect();
    let counts = rows.count(client, &tables).await?;
    let cover = if request.redacted {
        let open = open_goals(client, user).await?;
        Some(Redaction::new(request.questions.clone(), open))
    } else {
        None
    };
    let mut form = written::of(request, cover);
    form.begin(&header(request, moment, person, &counts), out)?;
    let total = counts.iter().map(|(_, rows)| rows).sum();
    let mut step = Step::before(total);
    for (table, (_, of)) in tables.into_iter().zip(&counts) {
        step.begin(table, *of);
        form.table(table, out)?;
        let copy = client
            .copy_out(&rows.copy_statement(table, form.order(table)))
            .await?;
        let mut copied = pin!(BinaryCopyOutStream::new(copy, &[Type::TEXT]));
        while let Some(row) = copied.try_next().await? {
            form.row(table, row.try_get::<&str>(0)?, out)?;
            step.row();
            if out.is_full() {
                out.send().await?;
                tell(step);
            }
        }
        form.end_table(out);
    }
    form.end(out);
    out.send().await?;
    client.batch_execute("COMMIT").await?;
    tell(step);
    Ok(counts)
}

fn header(
    request: &Request,
    moment: Timestamp,
    person: ExportUser,
    counts: &[(String, u64)],
) -> Header {
    let counts: Map<String, Value> = counts
        .iter()
        .map(|(table, rows)| (table.clone(), Value::from(*rows)))
        .collect();
    Header {
        redacted: request.redacted,
        only: request
            .only
            .as_ref()
            .map(|_| request.tables().map(Table::json).collect()),
        since: request.since,
        ..Header::whole(moment, person, counts)
    }
}

/// The beginning of the date in the person's zone; in UTC where this machine does not know the zone.
fn since(request: &Request, person: &ExportUser) -> Result<Option<Timestamp>, Stopped> {
    let zone = TimeZone::get(&person.timezone).unwrap_or(TimeZone::UTC);
    let begins = |date: jiff::civil::Date| date.to_zoned(zone).map(|moment| moment.timestamp());
    request
        .since
        .map(begins)
        .transpose()
        .map_err(|_| internal("the date"))
}

/// Goals whose check-ins' notes were never red zone: all that they are and were is known, and is neither
/// faith nor family. The history may have been pruned; the goal itself remembers.
async fn open_goals(client: &Client, user: UserId) -> Result<BTreeSet<String>, Stopped> {
    let rows = client
        .query_typed(
            "select id::text from (
                 select id, case when was_private then '' else domain end as domain
                 from wildlands.goals where user_id = $1
                 union all
                 select record_id, \"row\" ->> 'domain' from wildlands.record_history
                 where user_id = $1 and table_name = 'goals'
             ) g
             group by id having bool_and(coalesce(domain, '') not in ('', 'faith', 'family'))",
            &[(&user.0, Type::UUID)],
        )
        .await?;
    let ids = rows.iter().map(|row| row.try_get(0));
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Which rows of a table are taken.
struct Rows {
    user: UserId,
    since: Option<Timestamp>,
}

impl Rows {
    fn condition(&self, table: &Table) -> String {
        let mut condition = format!("user_id = '{}'", self.user);
        if let Some(since) = self.since {
            let column = table.changed_column();
            let _ = write!(condition, " and {column} >= '{since}'");
        }
        condition
    }

    /// The rows as JSON in the document's names, archived ones too.
    fn copy_statement(&self, table: &Table, order: &str) -> String {
        let mut columns = String::new();
        for (sql, json) in table.columns() {
            let comma = if columns.is_empty() { "" } else { ", " };
            let _ = write!(columns, "{comma}\"{sql}\" as \"{json}\"");
        }
        let (name, condition) = (table.sql, self.condition(table));
        format!(
            "copy (select row_to_json(r)::text from (select {columns} from wildlands.{name} \
             where {condition} order by {order}) r) to stdout (format binary)"
        )
    }

    async fn count(
        &self,
        client: &Client,
        tables: &[&'static Table],
    ) -> Result<Vec<(String, u64)>, Stopped> {
        let mut counts = String::new();
        for table in tables {
            let comma = if counts.is_empty() { "" } else { ", " };
            let (name, condition) = (table.sql, self.condition(table));
            let _ = write!(
                counts,
                "{comma}(select count(*) from wildlands.{name} where {condition})"
            );
        }
        let row = client
            .query_typed_one(&format!("select array[{counts}]"), &[])
            .await?;
        let counts: Vec<i64> = row.try_get(0)?;
        let counted = tables.iter().zip(counts);
        Ok(counted
            .map(|(table, rows)| (table.json(), u64::try_from(rows).unwrap_or(0)))
            .collect())
    }
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
