//! Stored signals: what holds today is compared with what is stored, in one transaction.
//!
//! The programs of a person take turns by a lock of the transaction, so that two that calculate at once make one
//! row of one episode; the second finds what the first wrote. What has not changed is not written.

use std::collections::HashMap;

use futures_util::future::{join, join3};
use jiff::civil::Date;
use serde_json::{Value, json};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use crate::domain::drift::{self, FlagChange, Signal, SignalType, State, Stored};
use crate::domain::form::LogForm;
use crate::domain::ids::RecordId;
use crate::store::error::StoreError;
use crate::store::queries::records::{Param, unexpected};
use crate::store::session::{Kind, Session};

use super::history::Known;
use super::settings;

/// The programs of one person take turns.
const TAKE_TURN: &str =
    "select pg_advisory_xact_lock(hashtextextended('wildlands drift ' || $1::uuid, 0))";

/// What runs, and what has ended and has the type, subject and first date of one of `$2`, `$3`, `$4`.
pub const STORED: &str = "select id, type, subject, window_start, window_end, state, first_seen, last_seen, \
         snoozed_until, sentence, value, archived_at is not null \
     from wildlands.drift_flags \
     where user_id = $1 and id in (\
         select f.id from wildlands.drift_flags f \
         where f.user_id = $1 and f.state in ('open', 'acknowledged', 'snoozed') \
         union all \
         select f.id from unnest($2::text[], $3::text[], $4::date[]) as l (type, subject, start) \
         join wildlands.drift_flags f on f.user_id = $1 and f.type = l.type and f.subject = l.subject \
             and f.window_start = l.start) \
     order by id for update";

const OPEN: &str = "insert into wildlands.drift_flags \
         (user_id, id, type, subject, value, window_start, window_end, sentence, first_seen, last_seen) \
     select $1, r.id, r.type, r.subject, r.value, r.window_start, r.window_end, r.sentence, $3, $3 \
     from jsonb_to_recordset($2) as r (id uuid, type text, subject text, value jsonb, window_start date, \
         window_end date, sentence text)";

/// What an ended one was answered is forgotten when it begins anew; its note stays.
const CONTINUE: &str = "update wildlands.drift_flags f set window_end = r.window_end, sentence = r.sentence, \
         value = r.value, state = r.state, last_seen = greatest(f.last_seen, $3), archived_at = null, \
         resolved_at = null, \
         acknowledged_at = case when f.state <> 'resolved' then f.acknowledged_at end, \
         snoozed_until = case when r.state = 'snoozed' then f.snoozed_until end \
     from jsonb_to_recordset($2) as r (id uuid, window_end date, sentence text, value jsonb, state text) \
     where f.user_id = $1 and f.id = r.id";

const RESOLVE: &str = "update wildlands.drift_flags set state = 'resolved', resolved_at = clock_timestamp() \
     where user_id = $1 and id = any($2)";

/// What came of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Episodes that began.
    pub opened: usize,
    /// Signals that hold on and have changed.
    pub continued: usize,
    /// Episodes that ended.
    pub resolved: usize,
    /// How many are open now.
    pub open: usize,
}

impl Outcome {
    /// Whether anything was written.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.opened + self.continued + self.resolved > 0
    }
}

/// Calculates everything anew: loads, evaluates and stores. Gives what it was calculated from, too.
///
/// # Errors
/// As the database reports them; then what was stored stays as it was, unless the link was lost at the commit.
pub async fn recalculate(
    session: &Session,
    form: &LogForm,
    today: Date,
    week_start: jiff::civil::Weekday,
) -> Result<(Outcome, Known), StoreError> {
    let writer = session.writer().await?;
    let client = writer.client()?;
    let known = Known::of_now(session, client, form, week_start).await?;
    let found = drift::evaluate(&known.history, today, &known.settings);
    let outcome = reconcile(session, client, found, today).await;
    writer.give_back();
    Ok((outcome?, known))
}

impl Known {
    /// The whole history and the settings as they now are, read on this connection.
    ///
    /// # Errors
    /// As the database reports them.
    pub async fn of_now(
        session: &Session,
        client: &Client,
        form: &LogForm,
        week_start: jiff::civil::Weekday,
    ) -> Result<Self, StoreError> {
        let mut settings = settings::read_on(session, client).await?;
        settings.week_start = week_start;
        Self::load(session, client, form, settings, None).await
    }
}

/// A stored signal with what is compared beside its episode.
struct Kept {
    stored: Stored,
    sentence: String,
    value: Value,
    is_archived: bool,
}

/// Compares what was found on a day with what is stored, and writes the difference.
///
/// # Errors
/// As the database reports them; then nothing was changed, unless the link was lost at the commit.
pub async fn reconcile(
    session: &Session,
    client: &Client,
    found: Vec<Signal>,
    today: Date,
) -> Result<Outcome, StoreError> {
    let made = compare(session, client, found, today).await;
    if made.is_err() {
        // The connection must not stay in a transaction; where this fails, it is closed.
        let _ = client.batch_execute("ROLLBACK").await;
    }
    made
}

async fn compare(
    session: &Session,
    client: &Client,
    found: Vec<Signal>,
    today: Date,
) -> Result<Outcome, StoreError> {
    let user = session.user().0;
    let begin = session.begin(Kind::Write);
    let kinds: Vec<&str> = found.iter().map(|signal| signal.kind.word()).collect();
    let subjects: Vec<&str> = found.iter().map(|signal| signal.subject.as_str()).collect();
    let starts: Vec<Date> = found.iter().map(|signal| signal.window_start).collect();
    let of_user: [Param<'_>; 1] = [(&user, Type::UUID)];
    let looked_for: [Param<'_>; 4] = [
        (&user, Type::UUID),
        (&kinds, Type::TEXT_ARRAY),
        (&subjects, Type::TEXT_ARRAY),
        (&starts, Type::DATE_ARRAY),
    ];
    let (opened, turn, rows) = join3(
        client.batch_execute(&begin),
        client.query_typed(TAKE_TURN, &of_user),
        client.query_typed(STORED, &looked_for),
    )
    .await;
    opened?;
    turn?;
    let rows: Vec<Kept> = rows?.iter().map(read).collect::<Result<_, _>>()?;
    let stored: Vec<Stored> = rows.iter().map(|row| row.stored.clone()).collect();
    let changes = Changes::of(drift::reconcile(&stored, found, today), &rows, today);
    changes.write(session, client, today).await
}

fn read(row: &Row) -> Result<Kept, StoreError> {
    let kind: String = row.try_get(1)?;
    let state: String = row.try_get(5)?;
    let (Some(kind), Some(state)) = (SignalType::of_word(&kind), State::of_word(&state)) else {
        return Err(unexpected("a signal is of a type that is not known"));
    };
    Ok(Kept {
        stored: Stored {
            id: RecordId(row.try_get(0)?),
            kind,
            subject: row.try_get(2)?,
            window_start: row.try_get(3)?,
            window_end: row.try_get(4)?,
            state,
            first_seen: row.try_get(6)?,
            last_seen: row.try_get(7)?,
            snoozed_until: row.try_get(8)?,
        },
        sentence: row.try_get(9)?,
        value: row.try_get(10)?,
        is_archived: row.try_get(11)?,
    })
}

/// What is to be written.
struct Changes {
    opened: Vec<Value>,
    continued: Vec<Value>,
    resolved: Vec<uuid::Uuid>,
    open: usize,
}

impl Changes {
    fn of(changes: Vec<FlagChange>, rows: &[Kept], today: Date) -> Self {
        let rows: HashMap<RecordId, &Kept> = rows.iter().map(|row| (row.stored.id, row)).collect();
        let mut all = Self {
            opened: Vec::new(),
            continued: Vec::new(),
            resolved: Vec::new(),
            open: 0,
        };
        for change in changes {
            match change {
                FlagChange::Open(signal) => {
                    all.open += 1;
                    all.opened.push(json!({
                        "id": RecordId::new(),
                        "type": signal.kind.word(),
                        "subject": signal.subject,
                        "value": signal.evidence.to_json(),
                        "window_start": signal.window_start,
                        "window_end": signal.window_end,
                        "sentence": signal.sentence,
                    }));
                }
                FlagChange::Continue { id, signal, state } => {
                    all.open += usize::from(state == State::Open);
                    let value = signal.evidence.to_json();
                    let is_same = rows.get(&id).is_some_and(|row| {
                        row.stored.state == state
                            && row.stored.window_end == signal.window_end
                            && row.stored.last_seen >= today
                            && row.sentence == signal.sentence
                            && row.value == value
                            && !row.is_archived
                    });
                    if !is_same {
                        all.continued.push(json!({
                            "id": id,
                            "window_end": signal.window_end,
                            "sentence": signal.sentence,
                            "value": value,
                            "state": state.word(),
                        }));
                    }
                }
                FlagChange::Resolve { id } => all.resolved.push(id.0),
            }
        }
        all
    }

    /// Writes them and commits, in one round trip.
    async fn write(
        self,
        session: &Session,
        client: &Client,
        today: Date,
    ) -> Result<Outcome, StoreError> {
        let user = session.user().0;
        let outcome = Outcome {
            opened: self.opened.len(),
            continued: self.continued.len(),
            resolved: self.resolved.len(),
            open: self.open,
        };
        let (opened, continued) = (Value::Array(self.opened), Value::Array(self.continued));
        let with =
            |rows: &'_ Value| -> bool { rows.as_array().is_some_and(|rows| !rows.is_empty()) };
        let of_opened: [Param<'_>; 3] = [
            (&user, Type::UUID),
            (&opened, Type::JSONB),
            (&today, Type::DATE),
        ];
        let of_continued: [Param<'_>; 3] = [
            (&user, Type::UUID),
            (&continued, Type::JSONB),
            (&today, Type::DATE),
        ];
        let of_resolved: [Param<'_>; 2] = [(&user, Type::UUID), (&self.resolved, Type::UUID_ARRAY)];
        // Resolved ones first, as an episode may give its place to another of the same first date.
        let resolve = run(client, RESOLVE, &of_resolved, !self.resolved.is_empty());
        let go_on = run(client, CONTINUE, &of_continued, with(&continued));
        let open = run(client, OPEN, &of_opened, with(&opened));
        let (written, committed) =
            join(join3(resolve, go_on, open), client.batch_execute("COMMIT")).await;
        written.0?;
        written.1?;
        written.2?;
        committed?;
        Ok(outcome)
    }
}

/// A statement, where there is something for it to do: one that changes nothing would be told to others all the same.
async fn run(
    client: &Client,
    sql: &str,
    params: &[Param<'_>],
    is_due: bool,
) -> Result<(), StoreError> {
    if is_due {
        client.query_typed(sql, params).await?;
    }
    Ok(())
}
