//! Changes, each applied exactly once.
//!
//! The request's id is inserted into `applied_writes` in the transaction of the change itself: when
//! it is there already, the change was made by an earlier sending whose acknowledgement was lost.
//! Only the fields that change are merged, in the database, into the row as it then is.

use futures_util::future::{join, join3};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use crate::domain::ids::{RecordId, RequestId};
use crate::domain::log::DailyLog;
use crate::domain::meeting::Base;
use crate::domain::patch::Patch;
use crate::domain::secret::Exit;
use crate::store::api::{Mutation, Write, Written};
use crate::store::error::StoreError;
use crate::store::session::{Kind, Session};

use super::logs::read_log;
use super::record_writes::Work;

pub(super) const REMEMBER: &str = "insert into wildlands.applied_writes (user_id, request_id) values ($1, $2) \
     on conflict do nothing returning true";

const LOCK_DAY: &str = "select id, date, data, version, updated_at from wildlands.logs \
     where user_id = $1 and date = $2 for update";

/// Merges `$4` into a day, making it if there is none; says whether it was made.
const MERGE: &str = "insert into wildlands.logs as l (user_id, id, date, data) values ($1, $2, $3, $4) \
     on conflict (user_id, date) do update set data = (l.data || excluded.data) - $5::text[] \
     returning id, date, data, version, updated_at, version = 1";

/// Which of the fields `$3` got their present value after `$4`: when the last version that held
/// another one was replaced, or when the day was made.
const LATER: &str = "select field.key from wildlands.logs l, unnest($3::text[]) as field (key) \
     where l.user_id = $1 and l.date = $2 and $4 < coalesce(\
         (select max(h.changed_at) from wildlands.record_history h \
          where h.user_id = $1 and h.table_name = 'logs' and h.record_id = l.id \
              and h.\"row\" -> 'data' -> field.key is distinct from l.data -> field.key), \
         l.created_at)";

/// How often a record is tried anew that another program made at the same moment.
const ATTEMPTS: usize = 5;

/// Applies a write that may have been applied before.
///
/// # Errors
/// As the database reports them; then nothing was changed, unless the link was lost at the commit.
pub async fn apply(session: &Session, write: &Write) -> Result<Written, StoreError> {
    let writer = session.writer().await?;
    let written = apply_on(writer.client()?, session, write).await;
    writer.give_back();
    written
}

async fn apply_on(
    client: &Client,
    session: &Session,
    write: &Write,
) -> Result<Written, StoreError> {
    for _ in 0..ATTEMPTS {
        let made = match &write.mutation {
            Mutation::PatchLog {
                id,
                date,
                patch,
                base,
            } => {
                let day = Day {
                    session,
                    client,
                    id: *id,
                    date: *date,
                };
                day.patch(write.request, patch, base).await
            }
            Mutation::Record { lane, id, change } => {
                let work = Work {
                    session,
                    client,
                    lane: *lane,
                    id: *id,
                };
                work.apply(write.request, change).await
            }
        };
        match made {
            Ok(Some(written)) => return Ok(written),
            Ok(None) => client.batch_execute("ROLLBACK").await?,
            Err(error) => {
                // The pool must get the connection back outside a transaction; if this fails the
                // connection is closed and the pool drops it.
                let _ = client.batch_execute("ROLLBACK").await;
                return Err(error);
            }
        }
    }
    Err(StoreError::Busy {
        reason: "others keep writing the same record".to_owned(),
    })
}

struct Day<'a> {
    session: &'a Session,
    client: &'a Client,
    id: RecordId,
    date: Date,
}

impl Day<'_> {
    /// Two round trips; three for a day that does not exist yet. `None`: somebody made the day
    /// after it was looked at, so that what it held before is not known.
    async fn patch(
        &self,
        request: RequestId,
        patch: &Patch,
        base: &Base,
    ) -> Result<Option<Written>, StoreError> {
        let (is_first, before) = self.begin(request).await?;
        if !is_first {
            self.client.batch_execute("COMMIT").await?;
            return Ok(Some(Written::Already { log: before }));
        }
        let nothing = Map::new();
        let held = before
            .as_ref()
            .map_or(&nothing, |log| log.data.expose(Exit::Database));
        let contested = patch.contested(base, held);
        let later = match request.made_at() {
            Some(made_at) if !contested.is_empty() => self.later(&contested, made_at).await?,
            Some(_) | None => Vec::new(),
        };
        let (patch, met) = patch.meet(base, held, |field| later.iter().any(|it| it == field));
        let inverse = patch.inverse(held);
        let change = Fields::changed(&patch, held);
        if change.is_empty() {
            self.client.batch_execute("COMMIT").await?;
            return Ok(Some(match before {
                Some(log) => Written::Log { log, inverse, met },
                None => Written::Already { log: None },
            }));
        }
        let log = if before.is_some() {
            // The row is locked: nothing can come between.
            let (merged, committed) =
                join(self.merge(&change), self.client.batch_execute("COMMIT")).await;
            let merged = merged?;
            committed?;
            read_log(&merged)?
        } else {
            let row = self.merge(&change).await?;
            if !row.try_get::<_, bool>(5)? {
                return Ok(None);
            }
            self.client.batch_execute("COMMIT").await?;
            read_log(&row)?
        };
        Ok(Some(Written::Log { log, inverse, met }))
    }

    /// Begins, remembers the request and locks the day, in one round trip.
    async fn begin(&self, request: RequestId) -> Result<(bool, Option<DailyLog>), StoreError> {
        let user = self.session.user().0;
        let begin = self.session.begin(Kind::Write);
        let remember = [(&user as _, Type::UUID), (&request.0 as _, Type::UUID)];
        let lock = [(&user as _, Type::UUID), (&self.date as _, Type::DATE)];
        let (opened, remembered, locked) = join3(
            self.client.batch_execute(&begin),
            self.client.query_typed(REMEMBER, &remember),
            self.client.query_typed(LOCK_DAY, &lock),
        )
        .await;
        opened?;
        let is_first = !remembered?.is_empty();
        let log = locked?.first().map(read_log).transpose()?;
        Ok((is_first, log))
    }

    /// Which of these fields got their present value after a moment.
    async fn later(&self, fields: &[String], than: Timestamp) -> Result<Vec<String>, StoreError> {
        let user = self.session.user().0;
        let params = [
            (&user as _, Type::UUID),
            (&self.date as _, Type::DATE),
            (&fields as _, Type::TEXT_ARRAY),
            (&than as _, Type::TIMESTAMPTZ),
        ];
        let rows = self.client.query_typed(LATER, &params).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    async fn merge(&self, change: &Fields) -> Result<Row, tokio_postgres::Error> {
        let user = self.session.user().0;
        let params = [
            (&user as _, Type::UUID),
            (&self.id.0 as _, Type::UUID),
            (&self.date as _, Type::DATE),
            (&change.set as _, Type::JSONB),
            (&change.removed as _, Type::TEXT_ARRAY),
        ];
        self.client.query_typed_one(MERGE, &params).await
    }
}

/// What of a patch differs from what is there.
struct Fields {
    set: Value,
    removed: Vec<String>,
}

impl Fields {
    fn changed(patch: &Patch, held: &Map<String, Value>) -> Self {
        let mut set = Map::new();
        let mut removed = Vec::new();
        if let Value::Object(fields) = patch.to_json(Exit::Database) {
            for (key, value) in fields {
                match (held.get(&key), value) {
                    (Some(_), Value::Null) => removed.push(key),
                    (None, Value::Null) => {}
                    (Some(now), value) if *now == value => {}
                    (_, value) => {
                        set.insert(key, value);
                    }
                }
            }
        }
        Self {
            set: Value::Object(set),
            removed,
        }
    }

    fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.set.as_object().is_none_or(Map::is_empty)
    }
}
