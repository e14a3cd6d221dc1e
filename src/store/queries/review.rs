//! What a weekly review looks at: the week, what it is held against, and what waits.

use std::collections::BTreeMap;

use futures_util::future::{join, join5};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Map, Value};
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use crate::domain::dates::local_date;
use crate::domain::drift::{Evidence, Settings, SignalType};
use crate::domain::goal::{CheckIn, Goal, Week};
use crate::domain::idea;
use crate::domain::ids::RecordId;
use crate::domain::review::{
    LOOK_BACK, Material, NAMED, OpenLesson, SeenSignal, UNTOUCHED, WaitingIdea, seen_on,
    year_before,
};
use crate::domain::secret::{Exit, Secret};
use crate::domain::teaching::{self, LessonRequest};
use crate::store::api::{Listing, ReviewQuery};
use crate::store::error::StoreError;
use crate::store::session::Session;

use super::counted;
use super::records::{of_json, page};

/// What the person has set for drift, and the review of the week where there is one.
pub const SETTINGS: &str = "select u.settings -> 'drift', \
         (select r.id from wildlands.reviews r where r.user_id = $1 and r.week_start = $2) \
     from wildlands.users u where u.id = $1";

/// For each logged date the fields' figures, in the order of `$4`; those in the red zone where they are among what
/// was opted in.
pub const LOGS: &str = "select date, array(\
         select case jsonb_typeof(data -> key) \
             when 'number' then case when (data ->> key)::numeric between -1e300 and 1e300 \
                 then (data ->> key)::float8 end \
             when 'boolean' then (data -> key)::boolean::integer::float8 end \
         from unnest($4::text[]) with ordinality as field (key, place) order by place) \
     from wildlands.logs \
     where user_id = $1 and date >= $2 and date <= $3 and archived_at is null and data <> '{}' order by date";

/// Goals with the moment they were made.
pub const GOALS: &str = "select to_jsonb(t) - '{user_id,imported,description}'::text[], created_at \
     from wildlands.goals t where user_id = $1 and archived_at is null \
     order by updated_at desc, id limit 1000";

/// Signals that were first seen on these dates, and those that ended between these moments.
pub const SIGNALS: &str = "(select id, type, subject, sentence, first_seen, \
         case when state = 'resolved' then resolved_at end, value \
     from wildlands.drift_flags where user_id = $1 and first_seen between $2 and $3 and archived_at is null \
     order by first_seen, id limit 100) \
     union all \
     (select id, type, subject, sentence, first_seen, resolved_at, value \
     from wildlands.drift_flags where user_id = $1 and resolved_at >= $4 and resolved_at < $5 \
         and state = 'resolved' and first_seen < $2 and archived_at is null \
     order by resolved_at, id limit 100)";

/// Parked ideas whose review date is before `$2`, and how many there are.
pub const PARKED: &str = "select id, title, status, updated_at, review_on, count(*) over () \
     from wildlands.ideas where user_id = $1 and review_on < $2 and status = 'parked' and created_at < $3 \
         and archived_at is null order by review_on, id limit $4";

/// Drafts that were not changed since before the moment `$2`, and how many there are.
pub const DRAFTS: &str = "select id, title, status, updated_at, review_on, count(*) over () \
     from wildlands.ideas where user_id = $1 and status = 'draft' and updated_at < $2 \
         and archived_at is null order by updated_at, id limit $3";

/// Lesson requests that are open and were made before the moment `$2`, and how many there are.
pub const LESSONS: &str = "select id, subject, topic, status, created_at, count(*) over () \
     from wildlands.teaching_requests where user_id = $1 and status in ('requested', 'planned') \
         and created_at < $2 and archived_at is null order by created_at, id limit $3";

/// All that is seen of a week.
///
/// # Errors
/// As the database reports them.
pub async fn material(session: &Session, asked: &ReviewQuery) -> Result<Material, StoreError> {
    let zone = TimeZone::get(&asked.zone).unwrap_or(TimeZone::UTC);
    let week = Week::of(asked.first, asked.first.weekday());
    let keys: Vec<String> = asked.open.iter().chain(&asked.private).cloned().collect();
    let on = seen_on(week, asked.today);
    let ((settings, logs, goals, check_ins, signals), (ideas, lessons)) = join(
        Box::pin(join5(
            settings(session, week),
            logs(session, week, &keys),
            goals(session, &zone),
            check_ins(session, week),
            signals(session, week, &zone),
        )),
        Box::pin(join(ideas(session, on, &zone), lessons(session, on, &zone))),
    )
    .await;
    let (settings, review) = settings?;
    let (logged, mut answers) = logs?;
    answers.retain(|key, _| !asked.private.contains(key) || settings.opted_in.contains(key));
    let (ideas, ideas_waiting) = ideas?;
    let (lessons, lessons_open) = lessons?;
    Ok(Material {
        logged,
        answers: Secret::new(answers),
        goals: goals?,
        check_ins: check_ins?,
        signals: signals?,
        ideas,
        ideas_waiting,
        lessons,
        lessons_open,
        settings,
        review,
    })
}

async fn settings(
    session: &Session,
    week: Week,
) -> Result<(Settings, Option<RecordId>), StoreError> {
    let user = session.user().0;
    let first = week.first();
    let params = [(&user as _, Type::UUID), (&first as _, Type::DATE)];
    let rows = session.read(SETTINGS, &params).await?;
    let Some(row) = rows.first() else {
        return Ok((Settings::default(), None));
    };
    let settings: Option<Value> = row.try_get(0)?;
    let review: Option<uuid::Uuid> = row.try_get(1)?;
    let (settings, _) = Settings::read(&settings.unwrap_or(Value::Null));
    Ok((settings, review.map(RecordId)))
}

type Answers = BTreeMap<String, Vec<(Date, f64)>>;

async fn logs(
    session: &Session,
    week: Week,
    keys: &[String],
) -> Result<(Vec<Date>, Answers), StoreError> {
    let user = session.user().0;
    let (from, to) = (week.first().saturating_sub(LOOK_BACK.days()), week.last());
    let params = [
        (&user as _, Type::UUID),
        (&from as _, Type::DATE),
        (&to as _, Type::DATE),
        (&keys as _, Type::TEXT_ARRAY),
    ];
    let rows = session.read(LOGS, &params).await?;
    let mut logged = Vec::with_capacity(rows.len());
    let mut answers: Answers = keys.iter().map(|key| (key.clone(), Vec::new())).collect();
    for row in &rows {
        let date: Date = row.try_get(0)?;
        let figures: Vec<Option<f64>> = row.try_get(1)?;
        logged.push(date);
        for (key, figure) in keys.iter().zip(figures) {
            if let (Some(answers), Some(figure)) = (answers.get_mut(key), figure) {
                answers.push((date, figure));
            }
        }
    }
    Ok((logged, answers))
}

async fn goals(session: &Session, zone: &TimeZone) -> Result<Vec<(Goal, Date)>, StoreError> {
    let user = session.user().0;
    let rows = session.read(GOALS, &[(&user, Type::UUID)]).await?;
    let mut goals = Vec::with_capacity(rows.len());
    for row in &rows {
        let record = of_json(crate::domain::lane::Lane::Goals, row.try_get(0)?)?;
        let made: Timestamp = row.try_get(1)?;
        let goal = Goal::of_fields(record.id, record.fields.expose(Exit::Screen));
        goals.extend(goal.map(|goal| (goal, local_date(made, zone))));
    }
    Ok(goals)
}

/// Those of the week and of the same week a year before.
async fn check_ins(session: &Session, week: Week) -> Result<Vec<CheckIn>, StoreError> {
    let (now, before) = (
        Listing::check_ins_of_week(week),
        Listing::check_ins_of_week(year_before(week)),
    );
    let (now, before) = join(page(session, &now), page(session, &before)).await;
    let records = now?.records.into_iter().chain(before?.records);
    Ok(records
        .filter_map(|record| CheckIn::of_fields(record.id, record.fields.expose(Exit::Screen)))
        .collect())
}

async fn signals(
    session: &Session,
    week: Week,
    zone: &TimeZone,
) -> Result<Vec<SeenSignal>, StoreError> {
    let user = session.user().0;
    let (first, last) = (week.first(), week.last());
    let (from, before) = (begin(first, zone), begin(next(last), zone));
    let params = [
        (&user as _, Type::UUID),
        (&first as _, Type::DATE),
        (&last as _, Type::DATE),
        (&from as _, Type::TIMESTAMPTZ),
        (&before as _, Type::TIMESTAMPTZ),
    ];
    let rows = session.read(SIGNALS, &params).await?;
    let mut signals = Vec::with_capacity(rows.len());
    for row in &rows {
        signals.extend(read_signal(row, zone)?);
    }
    Ok(signals)
}

/// Nothing for a type that this program does not know.
fn read_signal(row: &Row, zone: &TimeZone) -> Result<Option<SeenSignal>, StoreError> {
    let kind: String = row.try_get(1)?;
    let Some(kind) = SignalType::of_word(&kind) else {
        return Ok(None);
    };
    let ended: Option<Timestamp> = row.try_get(5)?;
    let evidence: Value = row.try_get(6)?;
    Ok(Some(SeenSignal {
        id: RecordId(row.try_get(0)?),
        kind,
        subject: row.try_get(2)?,
        sentence: Secret::new(row.try_get(3)?),
        first_seen: row.try_get(4)?,
        ended: ended.map(|moment| local_date(moment, zone)),
        rows: Evidence::from_json(&evidence).map_or_else(Vec::new, |evidence| evidence.rows),
    }))
}

async fn ideas(
    session: &Session,
    on: Date,
    zone: &TimeZone,
) -> Result<(Vec<WaitingIdea>, (u64, u64)), StoreError> {
    let user = session.user().0;
    let limit = i64::try_from(NAMED).unwrap_or(i64::MAX);
    let made_before = begin(next(on), zone);
    let parked = [
        (&user as _, Type::UUID),
        (&on as _, Type::DATE),
        (&made_before as _, Type::TIMESTAMPTZ),
        (&limit as _, Type::INT8),
    ];
    // Changed on this date or before: the next one begins too late.
    let touched_before = begin(next(on.saturating_sub(UNTOUCHED.days())), zone);
    let drafts = [
        (&user as _, Type::UUID),
        (&touched_before as _, Type::TIMESTAMPTZ),
        (&limit as _, Type::INT8),
    ];
    let (parked, drafts) = join(session.read(PARKED, &parked), session.read(DRAFTS, &drafts)).await;
    let (parked, drafts) = (parked?, drafts?);
    let counts = (counted(&parked, 5)?, counted(&drafts, 5)?);
    let mut ideas = Vec::with_capacity(parked.len() + drafts.len());
    for row in parked.iter().chain(&drafts) {
        let status: String = row.try_get(2)?;
        let Some(status) = idea::Status::read(&status) else {
            continue;
        };
        let touched: Timestamp = row.try_get(3)?;
        ideas.push(WaitingIdea {
            id: RecordId(row.try_get(0)?),
            title: Secret::new(row.try_get(1)?),
            status,
            touched: local_date(touched, zone),
            review_on: row.try_get(4)?,
        });
    }
    Ok((ideas, counts))
}

async fn lessons(
    session: &Session,
    on: Date,
    zone: &TimeZone,
) -> Result<(Vec<OpenLesson>, u64), StoreError> {
    let user = session.user().0;
    let limit = i64::try_from(NAMED).unwrap_or(i64::MAX);
    let made_before = begin(next(on), zone);
    let params = [
        (&user as _, Type::UUID),
        (&made_before as _, Type::TIMESTAMPTZ),
        (&limit as _, Type::INT8),
    ];
    let rows = session.read(LESSONS, &params).await?;
    let mut lessons = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut fields = Map::new();
        for (at, key) in ["subject", "topic"].into_iter().enumerate() {
            let text: Option<String> = row.try_get(at + 1)?;
            fields.insert(key.to_owned(), text.into());
        }
        let status: String = row.try_get(3)?;
        let made: Timestamp = row.try_get(4)?;
        lessons.push(OpenLesson {
            id: RecordId(row.try_get(0)?),
            title: LessonRequest::read(&fields).title(),
            status: teaching::Status::of(&status).unwrap_or_default(),
            since: local_date(made, zone),
        });
    }
    Ok((lessons, counted(&rows, 5)?))
}

fn next(date: Date) -> Date {
    date.saturating_add(1.day())
}

/// The moment at which a date begins.
fn begin(date: Date, zone: &TimeZone) -> Timestamp {
    let begins = zone.to_ambiguous_zoned(date.at(0, 0, 0, 0)).compatible();
    begins.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}
