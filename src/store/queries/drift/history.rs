//! The history that the rules look at, in a few questions sent together.

use futures_util::future::join4;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use crate::domain::dates::local_date;
use crate::domain::drift::{FieldHistory, FieldKind, History, IdeaTrace, Observation, Settings};
use crate::domain::form::{Field, LogForm};
use crate::domain::goal::{CheckIn, Goal};
use crate::domain::idea;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::log::DailyLog;
use crate::domain::record::Record;
use crate::domain::secret::Exit;
use crate::store::error::StoreError;
use crate::store::queries::records::{Param, read_record};
use crate::store::session::Session;

/// For each logged date its row and the figures of the fields `$3`, in their order: numbers as they are, yes and no
/// as 1 and 0. The inner select is kept apart by its `offset`, so that a long day is unpacked once and not for each
/// field.
pub const LOGS: &str = "select l.date, l.id, array(\
         select case jsonb_typeof(l.data -> key) \
             when 'number' then case when (l.data ->> key)::numeric between -1e300 and 1e300 \
                 then (l.data ->> key)::float8 end \
             when 'boolean' then (l.data -> key)::boolean::integer::float8 end \
         from unnest($3::text[]) with ordinality as field (key, place) order by place) \
     from (select date, id, data || '{}'::jsonb as data from wildlands.logs \
         where user_id = $1 and archived_at is null and data <> '{}' \
             and date >= coalesce($2, '-infinity'::date) \
         order by date offset 0) l";

/// The goals, without their descriptions.
pub const GOALS: &str = "select to_jsonb(t) - '{user_id,imported,description}'::text[] from wildlands.goals t \
     where user_id = $1 and archived_at is null";

/// The check-ins' figures, by date.
pub const CHECK_INS: &str = "select id, goal_id, date, completed, amount::float8, score::integer, note <> '' \
     from wildlands.check_ins \
     where user_id = $1 and archived_at is null and date >= coalesce($2, '-infinity'::date) \
     order by date, id";

/// Where each idea is and when it was last changed, and the person's zone.
pub const IDEAS: &str = "select u.timezone, i.id, i.status, i.updated_at, i.review_on from wildlands.users u \
     left join wildlands.ideas i on i.user_id = u.id and i.archived_at is null where u.id = $1";

/// How many rows are read before others get their turn.
const BATCH: usize = 256;

/// A history that is kept and follows the person's changes.
#[derive(Debug, Clone)]
pub struct Known {
    /// What the rules look at.
    pub history: History,
    /// What they go by.
    pub settings: Settings,
    zone: TimeZone,
}

/// Loads the history of the fields that take part, from a date on or from the beginning.
///
/// # Errors
/// As the database and the way to it report them.
pub async fn load_history(
    session: &Session,
    form: &LogForm,
    settings: &Settings,
    from: Option<Date>,
) -> Result<History, StoreError> {
    let client = session.reader().await?;
    let known = Known::load(session, &client, form, settings.clone(), from).await?;
    Ok(known.history)
}

impl Known {
    /// Loads it on a connection that may belong to this alone.
    pub(super) async fn load(
        session: &Session,
        client: &Client,
        form: &LogForm,
        settings: Settings,
        from: Option<Date>,
    ) -> Result<Self, StoreError> {
        let mut fields = taking_part(form, &settings);
        let keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
        let user = session.user().0;
        let of_user: [Param<'_>; 1] = [(&user, Type::UUID)];
        let since: [Param<'_>; 2] = [(&user, Type::UUID), (&from, Type::DATE)];
        let of_fields: [Param<'_>; 3] = [
            (&user, Type::UUID),
            (&from, Type::DATE),
            (&keys, Type::TEXT_ARRAY),
        ];
        let (logs, goals, check_ins, ideas) = join4(
            session.read_on(client, LOGS, &of_fields),
            session.read_on(client, GOALS, &of_user),
            session.read_on(client, CHECK_INS, &since),
            session.read_on(client, IDEAS, &of_user),
        )
        .await;
        let mut history = History::default();
        for rows in logs?.chunks(BATCH) {
            for row in rows {
                read_day(row, &mut history.logged, &mut fields)?;
            }
            tokio::task::yield_now().await;
        }
        history.fields = fields;
        for row in &goals? {
            history.goals.extend(goal(&read_record(Lane::Goals, row)?));
        }
        for rows in check_ins?.chunks(BATCH) {
            for row in rows {
                history.check_ins.push(read_check_in(row)?);
            }
            tokio::task::yield_now().await;
        }
        let ideas = ideas?;
        let zone = match ideas.first() {
            Some(row) => TimeZone::get(row.try_get(0)?).unwrap_or(TimeZone::UTC),
            None => TimeZone::UTC,
        };
        for row in &ideas {
            history.ideas.extend(read_idea(row, &zone)?);
        }
        Ok(Self {
            history,
            settings,
            zone,
        })
    }

    /// Takes a day as it now is. False where what is known of it does not suffice: it was there before and is not
    /// in the history, as one that retention has archived.
    #[must_use]
    pub fn take_log(&mut self, log: &DailyLog) -> bool {
        let is_known = self
            .history
            .logged
            .iter()
            .any(|(date, _)| *date == log.date);
        if !is_known && log.version > 1 {
            return false;
        }
        if log.is_blank() {
            self.history.logged.retain(|(date, _)| *date != log.date);
        } else if !is_known {
            self.history.logged.push((log.date, log.id));
        }
        let data = log.data.expose(Exit::Database);
        for field in &mut self.history.fields {
            let value = data.get(&field.key).and_then(figure);
            let at = field
                .observations
                .partition_point(|one| one.date < log.date);
            let is_there = field
                .observations
                .get(at)
                .is_some_and(|one| one.date == log.date);
            let observation = value.map(|value| Observation {
                id: log.id,
                date: log.date,
                value,
            });
            match (is_there, observation) {
                (true, Some(now)) => {
                    if let Some(one) = field.observations.get_mut(at) {
                        *one = now;
                    }
                }
                (true, None) => drop(field.observations.remove(at)),
                (false, Some(now)) => field.observations.insert(at, now),
                (false, None) => {}
            }
        }
        true
    }

    /// Takes a record as it now is, whole. False where the database must be asked: a goal that comes or goes takes
    /// its check-ins with it.
    #[must_use]
    pub fn take_record(&mut self, lane: Lane, id: RecordId, record: Option<&Record>) -> bool {
        let history = &mut self.history;
        match (lane, record) {
            (Lane::Goals, Some(record)) if record.whole && record.version > 1 => {
                let known = history.goals.iter_mut().find(|goal| goal.id == id);
                match (known, goal(record)) {
                    (Some(known), Some(now)) => *known = now,
                    (None, _) | (_, None) => return false,
                }
            }
            (Lane::Goals, Some(record)) if record.whole => history.goals.extend(goal(record)),
            (Lane::Goals, Some(_) | None) => return false,
            (Lane::CheckIns, record) => {
                history.check_ins.retain(|one| one.id != id);
                let now = record.filter(|record| !is_archived(record));
                let fields = now.map(|record| record.fields.expose(Exit::Database));
                history
                    .check_ins
                    .extend(fields.and_then(|fields| CheckIn::of_fields(id, fields)));
            }
            (Lane::Ideas, record) => {
                history.ideas.retain(|one| one.id != id);
                let now = record.filter(|record| !is_archived(record));
                history
                    .ideas
                    .extend(now.and_then(|record| trace(record, &self.zone)));
            }
            (Lane::Teaching | Lane::Content | Lane::Reviews | Lane::Signals, _) => {}
        }
        true
    }
}

/// The fields that take part, without answers.
fn taking_part(form: &LogForm, settings: &Settings) -> Vec<FieldHistory> {
    let fields = form.sections.iter().flat_map(|section| &section.fields);
    let begin = |field: &Field| {
        Some(FieldHistory {
            key: field.key.clone(),
            label: field.label.clone(),
            unit: field.unit.clone(),
            kind: FieldKind::of(field)?,
            observations: Vec::new(),
        })
    };
    fields
        .filter(|field| settings.takes(field))
        .filter_map(begin)
        .collect()
}

fn read_day(
    row: &Row,
    logged: &mut Vec<(Date, RecordId)>,
    fields: &mut [FieldHistory],
) -> Result<(), StoreError> {
    let date: Date = row.try_get(0)?;
    let id = RecordId(row.try_get(1)?);
    let figures: Vec<Option<f64>> = row.try_get(2)?;
    logged.push((date, id));
    for (field, value) in fields.iter_mut().zip(figures) {
        let observation = value.map(|value| Observation { id, date, value });
        field.observations.extend(observation);
    }
    Ok(())
}

fn read_check_in(row: &Row) -> Result<CheckIn, StoreError> {
    let score: Option<i32> = row.try_get(5)?;
    Ok(CheckIn {
        id: RecordId(row.try_get(0)?),
        goal: RecordId(row.try_get(1)?),
        date: row.try_get(2)?,
        completed: row.try_get(3)?,
        amount: row.try_get(4)?,
        score: score.and_then(|score| u8::try_from(score).ok()),
        has_note: row.try_get(6)?,
    })
}

/// Nothing for the row that only tells the zone.
fn read_idea(row: &Row, zone: &TimeZone) -> Result<Option<IdeaTrace>, StoreError> {
    let id: Option<uuid::Uuid> = row.try_get(1)?;
    let status: Option<String> = row.try_get(2)?;
    let changed: Option<Timestamp> = row.try_get(3)?;
    let (Some(id), Some(status), Some(changed)) = (id, status, changed) else {
        return Ok(None);
    };
    let Some(status) = idea::Status::read(&status) else {
        return Ok(None);
    };
    Ok(Some(IdeaTrace {
        id: RecordId(id),
        status,
        touched: local_date(changed, zone),
        review_on: row.try_get(4)?,
    }))
}

/// A stored goal; nothing where retention has put it away.
fn goal(record: &Record) -> Option<Goal> {
    let now = Some(record).filter(|record| !is_archived(record))?;
    Goal::of_fields(now.id, now.fields.expose(Exit::Database))
}

fn trace(record: &Record, zone: &TimeZone) -> Option<IdeaTrace> {
    Some(IdeaTrace {
        id: record.id,
        status: record.word("status").and_then(idea::Status::read)?,
        touched: local_date(record.updated_at, zone),
        review_on: record.date("reviewOn"),
    })
}

fn is_archived(record: &Record) -> bool {
    let fields: &Map<String, Value> = record.fields.expose(Exit::Database);
    fields.contains_key("archivedAt")
}

/// A figure of a day as [`LOGS`] reads it.
fn figure(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64().filter(|figure| figure.abs() <= 1e300),
        Value::Bool(yes) => Some(f64::from(u8::from(*yes))),
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
