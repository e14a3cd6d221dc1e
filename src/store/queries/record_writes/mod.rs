//! Changes of the lanes' records.
//!
//! A change is one typed row that the database makes of the fields' JSON, so that a column's type and
//! its constraints decide what is taken. Only the fields that change are written; of a JSON column
//! only the parts that change.

mod columns;

use std::fmt::Write as _;

use futures_util::future::{join, join3};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use tokio_postgres::Client;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::domain::export_format::table;
use crate::domain::ids::{RecordId, RequestId};
use crate::domain::lane::Lane;
use crate::domain::meeting::{Base, Met};
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::domain::secret::Exit;
use crate::store::api::{Mutation, RecordChange, Written};
use crate::store::error::StoreError;
use crate::store::session::{Kind, Session};

use super::history::went_with_goal;
use super::records::{Param, read_record};
use super::writes::REMEMBER;
use columns::{Columns, path};

/// What the row of a record gives back.
const RETURNING: &str = "to_jsonb(t) - '{user_id,imported}'::text[]";

/// The constraints that a second check-in of a goal and date, and a second review of a week, break.
const ONE_OF_A_KIND: [&str; 2] = ["check_ins_one_per_day", "reviews_one_per_week"];

/// A record, and the connection on which it is changed.
pub(super) struct Work<'a> {
    pub session: &'a Session,
    pub client: &'a Client,
    pub lane: Lane,
    pub id: RecordId,
}

impl Work<'_> {
    /// Two round trips: begin and look, then change and commit. `None`: somebody made the same
    /// check-in or review after it was looked for.
    pub async fn apply(
        &self,
        request: RequestId,
        change: &RecordChange,
    ) -> Result<Option<Written>, StoreError> {
        let (is_first, before) = self.begin(request, change).await?;
        if !is_first {
            self.client.batch_execute("COMMIT").await?;
            return Ok(Some(unchanged(before)));
        }
        let made = match (change, before) {
            // An id is made once: this record is there already, or its goal has one on that date.
            (RecordChange::Create(patch), Some(before)) => {
                self.set(request, before, patch, &Base::Any).await
            }
            (RecordChange::Create(patch), None) => self.create(patch).await,
            (RecordChange::Set { patch, base }, Some(before)) => {
                self.set(request, before, patch, base).await
            }
            (RecordChange::Set { .. }, None) => Err(StoreError::Gone),
            (RecordChange::Delete, before) => self.delete(before).await,
            (RecordChange::Restore, None) => self.restore().await,
            (RecordChange::Restore, before @ Some(_)) => {
                self.client.batch_execute("COMMIT").await?;
                Ok(unchanged(before))
            }
        };
        match made {
            Err(StoreError::Constraint { constraint, .. })
                if ONE_OF_A_KIND.contains(&constraint.as_str())
                    && matches!(change, RecordChange::Create(_)) =>
            {
                Ok(None)
            }
            made => made.map(Some),
        }
    }

    /// Begins, remembers the request and locks the record, in one round trip.
    async fn begin(
        &self,
        request: RequestId,
        change: &RecordChange,
    ) -> Result<(bool, Option<Record>), StoreError> {
        let user = self.session.user().0;
        let mut begin = self.session.begin(Kind::Write);
        if let RecordChange::Set {
            base: Base::Exactly(_),
            ..
        } = change
        {
            begin.push_str("; SELECT set_config('wildlands.taking_back', 'on', true)");
        }
        let mut look = format!(
            "select {RETURNING} from wildlands.{} t where user_id = $1 and ",
            self.lane.table()
        );
        let remember = [(&user as _, Type::UUID), (&request.0 as _, Type::UUID)];
        let mut which: Vec<Param<'_>> = vec![(&user, Type::UUID), (&self.id.0, Type::UUID)];
        let day = self.day_of_check_in(change);
        let week = self.week_of_review(change);
        if let Some(week) = &week {
            look.push_str("(id = $2 or week_start = $3) for update");
            which.push((week as _, Type::DATE));
        } else if let Some((goal, date)) = &day {
            look.push_str("(id = $2 or (goal_id = $3 and date = $4)) for update");
            which.extend([(goal as _, Type::UUID), (date as _, Type::DATE)]);
        } else {
            look.push_str("id = $2 for update");
        }
        let (opened, remembered, locked) = join3(
            self.client.batch_execute(&begin),
            self.client.query_typed(REMEMBER, &remember),
            self.client.query_typed(&look, &which),
        )
        .await;
        opened?;
        let is_first = !remembered?.is_empty();
        let locked = locked?;
        let record = locked.first().map(|row| read_record(self.lane, row));
        Ok((is_first, record.transpose()?))
    }

    /// The goal and date of a check-in that is to be made.
    fn day_of_check_in(&self, change: &RecordChange) -> Option<(Uuid, Date)> {
        let (Lane::CheckIns, RecordChange::Create(patch)) = (self.lane, change) else {
            return None;
        };
        let fields = patch.to_json(Exit::Database);
        let text = |key: &str| fields.get(key).and_then(Value::as_str);
        Some((text("goalId")?.parse().ok()?, text("date")?.parse().ok()?))
    }

    /// The first day of the week of a review that is to be made.
    fn week_of_review(&self, change: &RecordChange) -> Option<Date> {
        let (Lane::Reviews, RecordChange::Create(patch)) = (self.lane, change) else {
            return None;
        };
        let fields = patch.to_json(Exit::Database);
        fields.get("weekStart")?.as_str()?.parse().ok()
    }

    fn mutation(id: RecordId, lane: Lane, change: RecordChange) -> Mutation {
        Mutation::Record { lane, id, change }
    }

    async fn create(&self, patch: &Patch) -> Result<Written, StoreError> {
        let change = Columns::of(self.lane, patch)?;
        let names: Vec<&str> = change.set.keys().map(String::as_str).collect();
        let list = names.iter().fold(String::new(), |mut list, name| {
            let _ = write!(list, ", {name}");
            list
        });
        let table = self.lane.table();
        let sql = format!(
            "insert into wildlands.{table} as t (user_id, id{list}) select $1, $2{} \
             from jsonb_populate_record(null::wildlands.{table}, $3) r returning {RETURNING}",
            list.replace(", ", ", r.")
        );
        let record = self.finish(&sql, self.id, Some(&change.json())).await?;
        Ok(Written::Record {
            record,
            inverse: Some(Self::mutation(self.id, self.lane, RecordChange::Delete)),
            met: Vec::new(),
        })
    }

    async fn set(
        &self,
        request: RequestId,
        before: Record,
        patch: &Patch,
        base: &Base,
    ) -> Result<Written, StoreError> {
        let held = before.fields.expose(Exit::Database);
        let contested = patch.contested(base, held);
        let later = match request.made_at() {
            Some(made_at) if !contested.is_empty() => {
                self.later(before.id, &contested, made_at).await?
            }
            Some(_) | None => Vec::new(),
        };
        let (patch, met) = patch.meet(base, held, |field| later.iter().any(|it| it == field));
        let patch = patch.without_what_is(held);
        let inverse = patch.inverse(held);
        let change = Columns::of(self.lane, &patch)?;
        if patch.is_empty() {
            self.client.batch_execute("COMMIT").await?;
            return Ok(Written::Record {
                record: Some(before),
                inverse: None,
                met,
            });
        }
        let table = self.lane.table();
        let sql = format!(
            "update wildlands.{table} t set {} from jsonb_populate_record(null::wildlands.{table}, $3) r \
             where t.user_id = $1 and t.id = $2 returning {RETURNING}",
            change.assignments()
        );
        let record = self.finish(&sql, before.id, Some(&change.json())).await?;
        let inverse = RecordChange::Set {
            patch: inverse,
            base: Base::Any,
        };
        Ok(Written::Record {
            record,
            inverse: Some(Self::mutation(before.id, self.lane, inverse)),
            met,
        })
    }

    /// Which of these fields got their present value after a moment.
    async fn later(
        &self,
        id: RecordId,
        fields: &[String],
        than: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let user = self.session.user().0;
        let table = self.lane.table();
        let sql = format!(
            "select field.key from wildlands.{table} t, unnest($3::text[], $5::text[]) as field (key, path) \
             where t.user_id = $1 and t.id = $2 and $4 < coalesce(\
                 (select max(h.changed_at) from wildlands.record_history h \
                  where h.user_id = $1 and h.table_name = '{table}' and h.record_id = t.id \
                      and h.\"row\" #> field.path::text[] \
                          is distinct from to_jsonb(t) #> field.path::text[]), \
                 t.created_at)"
        );
        let paths: Vec<String> = fields.iter().map(|field| path(field)).collect();
        let params = [
            (&user as _, Type::UUID),
            (&id.0 as _, Type::UUID),
            (&fields as _, Type::TEXT_ARRAY),
            (&than as _, Type::TIMESTAMPTZ),
            (&paths as _, Type::TEXT_ARRAY),
        ];
        let rows = self.client.query_typed(&sql, &params).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    async fn delete(&self, before: Option<Record>) -> Result<Written, StoreError> {
        let sql = format!(
            "delete from wildlands.{} t where user_id = $1 and id = $2",
            self.lane.table()
        );
        self.finish(&sql, self.id, None).await?;
        Ok(Written::Record {
            record: None,
            inverse: before.map(|_| Self::mutation(self.id, self.lane, RecordChange::Restore)),
            met: Vec::new(),
        })
    }

    async fn restore(&self) -> Result<Written, StoreError> {
        let lane = self.lane;
        let back = |lane: Lane, which: &str| {
            let name = lane.table();
            // Not the columns that the database computes.
            let columns = table(name).map_or(&[][..], |table| table.columns);
            format!(
                "insert into wildlands.{name} as t ({}) select r.{} \
                 from wildlands.record_history h, lateral jsonb_populate_record(\
                     null::wildlands.{name}, h.\"row\" || jsonb_build_object(\
                         'version', h.version + 1, 'updated_at', clock_timestamp())) r \
                 where h.user_id = $1 \
                     and h.table_name = '{name}' and h.operation = 'delete' and {which}",
                columns.join(", "),
                columns.join(", r.")
            )
        };
        let last = "h.id = (select d.id from wildlands.record_history d where d.user_id = $1 \
             and d.table_name = h.table_name and d.record_id = $2 and d.operation = 'delete' \
             order by d.changed_at desc limit 1)";
        let record = back(lane, last) + &format!(" returning {RETURNING}");
        let user = self.session.user().0;
        let params = [(&user as _, Type::UUID), (&self.id.0 as _, Type::UUID)];
        let rows = self.client.query_typed(&record, &params).await?;
        let Some(row) = rows.first() else {
            return Err(StoreError::Gone);
        };
        let record = read_record(lane, row)?;
        if lane == Lane::Goals {
            // What went in the transaction in which the goal went.
            let check_ins = back(Lane::CheckIns, &went_with_goal());
            self.client.query_typed(&check_ins, &params).await?;
        }
        self.client.batch_execute("COMMIT").await?;
        Ok(Written::Record {
            record: Some(record),
            inverse: Some(Self::mutation(self.id, lane, RecordChange::Delete)),
            met: Vec::new(),
        })
    }

    /// Carries the statement out and commits, in one round trip.
    async fn finish(
        &self,
        sql: &str,
        id: RecordId,
        json: Option<&Value>,
    ) -> Result<Option<Record>, StoreError> {
        let user = self.session.user().0;
        let mut params: Vec<Param<'_>> = vec![(&user, Type::UUID), (&id.0, Type::UUID)];
        if let Some(json) = json {
            params.push((json, Type::JSONB));
        }
        let (made, committed) = join(
            self.client.query_typed(sql, &params),
            self.client.batch_execute("COMMIT"),
        )
        .await;
        let made = made?;
        committed?;
        let record = made.first().map(|row| read_record(self.lane, row));
        record.transpose()
    }
}

/// What a write that changes nothing answers.
fn unchanged(record: Option<Record>) -> Written {
    Written::Record {
        record,
        inverse: None,
        met: Vec::<Met>::new(),
    }
}
