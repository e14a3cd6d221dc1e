//! Keeps the signals current, behind everything else: what the person writes is taken into a history that is kept,
//! calculated once nothing else is asked or written, and compared with what is stored.
//!
//! It has a connection of its own, on which it hears what other programs change, so that neither a question nor a
//! write waits for it. Without one (a pooler stands before the database) it borrows one and keeps no history, since
//! nobody would tell when that is no longer true.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_postgres::Client;

use crate::domain::drift;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::log::DailyLog;
use crate::domain::record::Record;
use crate::store::api::{DriftRequest, Mutation, Observer, RecordChange, Standing, Written};
use crate::store::error::StoreError;
use crate::store::queries::drift::{Known, change_settings, reconcile};
use crate::store::queries::search::index_waiting;
use crate::store::session::Session;

use super::waiting::{Pending, at, of};

/// How long after a change by another program it is calculated, so that a row of changes is one.
const SETTLE: Duration = Duration::from_millis(250);

/// How long after its connection ended by itself another one is tried, once.
const LISTEN_AGAIN: Duration = Duration::from_secs(5);

type Heard = mpsc::UnboundedReceiver<String>;
type Listening = Result<Option<(Client, Heard)>, StoreError>;

/// The connection on which other programs are heard.
enum Ear {
    /// There is none, and none is to come.
    Deaf,
    /// Tried again at this moment.
    Waits(Instant),
    Opening(Pending<Listening>),
    Open(Arc<Client>, Heard),
}

/// What the person changed, as the database then had it.
enum Touch {
    Log(DailyLog),
    Record(Lane, RecordId, Option<Record>),
}

/// What is to be done.
#[derive(Default)]
struct Due {
    calculate: bool,
    /// What is kept is no longer true.
    reload: bool,
    not_before: Option<Instant>,
    touches: Vec<Touch>,
    choices: Vec<(String, Option<bool>)>,
}

/// Calculates in the background.
pub(super) struct Watch {
    observer: Option<Observer>,
    known: Option<Known>,
    ear: Ear,
    due: Due,
    work: Option<JoinHandle<Result<Box<Calculated>, StoreError>>>,
    /// Whether a failure was told; one is enough.
    told: bool,
}

pub(super) struct Calculated {
    known: Known,
    standing: Standing,
}

/// Something that happened to the watch.
pub(super) enum Noticed {
    Ear(Listening),
    Heard(Option<String>),
    Calculated(Result<Box<Calculated>, StoreError>),
    /// A moment has come that was waited for.
    Due,
}

/// What is to be told.
pub(super) enum News {
    Nothing,
    /// Another program changed this table, or nobody knows which.
    Changed(Option<String>),
    Standing(Box<Standing>),
    /// Why nothing was calculated.
    Trouble(String),
}

impl Watch {
    pub fn new() -> Self {
        Self {
            observer: None,
            known: None,
            ear: Ear::Deaf,
            due: Due::default(),
            work: None,
            told: false,
        }
    }

    /// There is a link: everything may have changed since the last one.
    pub fn connected(&mut self, session: &Session) {
        self.listen(session);
        self.anew();
    }

    /// The link has gone, with all that hangs on it. What runs on it ends by itself.
    pub fn lost(&mut self) {
        self.ear = Ear::Deaf;
        self.known = None;
        self.work = None;
    }

    fn listen(&mut self, session: &Session) {
        let session = session.clone();
        self.ear = Ear::Opening(Box::pin(async move { session.listen().await }));
    }

    fn anew(&mut self) {
        self.due.calculate = true;
        self.due.reload = true;
    }

    /// Does what is wanted as soon as it can be done.
    pub fn requested(&mut self, request: DriftRequest) {
        match request {
            DriftRequest::Observe(observer) => {
                let same_form = match (&self.observer, &observer) {
                    (Some(was), Some(is)) => was.form == is.form && was.week_start == is.week_start,
                    (None, _) | (_, None) => false,
                };
                self.observer = observer;
                self.due.calculate = true;
                self.due.reload |= !same_form;
            }
            DriftRequest::Calculate => self.anew(),
            DriftRequest::TakesPart { name, choice } => {
                self.due.choices.push((name, choice));
                self.anew();
            }
        }
    }

    /// The person changed something, and the database has it.
    pub fn wrote(&mut self, mutation: &Mutation, written: &Written) {
        let touch = match (mutation, written) {
            (_, Written::Log { log, .. } | Written::Already { log: Some(log) }) => {
                Touch::Log(log.clone())
            }
            (Mutation::Record { lane, .. }, _) if !has_part(lane.table()) => return,
            // A goal that is brought back has its check-ins again.
            (
                Mutation::Record {
                    lane: Lane::Goals,
                    change: RecordChange::Restore,
                    ..
                },
                _,
            ) => return self.anew(),
            (
                Mutation::Record { lane, .. },
                Written::Record {
                    record, inverse, ..
                },
            ) => {
                // A change that met another's record has that one's id.
                let of_inverse = inverse.as_ref().map(Mutation::subject);
                let id = match (record, of_inverse) {
                    (Some(record), _) => record.id,
                    (None, Some(crate::domain::subject::Subject::Record(_, id))) => id,
                    (None, Some(_) | None) => return self.anew(),
                };
                Touch::Record(*lane, id, record.clone())
            }
            (_, Written::Already { log: None } | Written::Record { .. }) => return self.anew(),
        };
        self.due.calculate = true;
        self.due.touches.push(touch);
    }

    /// Begins to calculate where that is due. Called when nothing else is asked or written.
    pub fn start(&mut self, session: &Session) {
        let is_early = self.due.not_before.is_some_and(|at| at > Instant::now());
        let (Some(observer), None, false) = (&self.observer, &self.work, is_early) else {
            return;
        };
        if !self.due.calculate || matches!(self.ear, Ear::Opening(_)) {
            return;
        }
        let due = std::mem::take(&mut self.due);
        let known = self.known.take().filter(|_| !due.reload);
        let own = match &self.ear {
            Ear::Open(client, _) => Some(Arc::clone(client)),
            Ear::Deaf | Ear::Waits(_) | Ear::Opening(_) => None,
        };
        let job = Job {
            session: session.clone(),
            observer: observer.clone(),
            own,
            known,
            touches: due.touches,
            choices: due.choices,
        };
        // Not within the store's task: a long history is read on another thread.
        self.work = Some(tokio::spawn(job.run()));
    }

    /// The next thing that happens; never, where nothing is waited for.
    pub async fn next(&mut self) -> Noticed {
        let waits = match (&self.work, &self.observer) {
            (None, Some(_)) if self.due.calculate => self.due.not_before,
            (Some(_) | None, _) => None,
        };
        let (mut opening, mut heard, mut again) = (None, None, None);
        match &mut self.ear {
            Ear::Deaf => {}
            Ear::Waits(moment) => again = Some(*moment),
            Ear::Opening(attempt) => opening = Some(attempt),
            Ear::Open(_, channel) => heard = Some(channel),
        }
        let next = async {
            match heard {
                Some(channel) => channel.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            opened = of(opening) => Noticed::Ear(opened),
            table = next => Noticed::Heard(table),
            done = of(self.work.as_mut()) => {
                self.work = None;
                Noticed::Calculated(done.unwrap_or_else(|_| Err(StoreError::Internal {
                    what: "the calculation of the signals broke off".to_owned(),
                })))
            }
            () = at(waits) => Noticed::Due,
            () = at(again) => Noticed::Due,
        }
    }

    /// Takes what happened; says what is to be told.
    pub fn take(&mut self, noticed: Noticed, session: &Session) -> News {
        match noticed {
            Noticed::Ear(Ok(Some((client, heard)))) => {
                self.ear = Ear::Open(Arc::new(client), heard);
                News::Nothing
            }
            Noticed::Ear(result) => {
                if let Err(error) = result {
                    tracing::debug!(reason = %error, "other programs' changes are not told");
                }
                self.ear = Ear::Deaf;
                News::Nothing
            }
            Noticed::Heard(Some(table)) => {
                if has_part(&table) {
                    self.anew();
                    self.due.not_before = Some(Instant::now() + SETTLE);
                }
                News::Changed(Some(table))
            }
            Noticed::Heard(None) => {
                self.known = None;
                self.due.reload = true;
                self.ear = Ear::Waits(Instant::now() + LISTEN_AGAIN);
                News::Nothing
            }
            Noticed::Due => {
                self.due.not_before = None;
                if matches!(self.ear, Ear::Waits(moment) if moment <= Instant::now()) {
                    // What happened meanwhile nobody told.
                    self.listen(session);
                    self.anew();
                    return News::Changed(None);
                }
                News::Nothing
            }
            Noticed::Calculated(Ok(done)) => {
                let done = *done;
                self.told = false;
                if matches!(self.ear, Ear::Open(..)) {
                    self.known = Some(done.known);
                }
                News::Standing(Box::new(done.standing))
            }
            Noticed::Calculated(Err(error)) => {
                if error.is_transient() || std::mem::replace(&mut self.told, true) {
                    tracing::debug!(reason = %error, "the signals were not calculated");
                    return News::Nothing;
                }
                News::Trouble(format!("the signals were not calculated: {error}"))
            }
        }
    }
}

/// Whether signals may depend on a table.
fn has_part(table: &str) -> bool {
    matches!(table, "users" | "logs" | "ideas" | "goals" | "check_ins")
}

/// One calculation.
struct Job {
    session: Session,
    observer: Observer,
    own: Option<Arc<Client>>,
    known: Option<Known>,
    touches: Vec<Touch>,
    choices: Vec<(String, Option<bool>)>,
}

impl Job {
    async fn run(mut self) -> Result<Box<Calculated>, StoreError> {
        let choices = std::mem::take(&mut self.choices);
        if !choices.is_empty() {
            let choose = |settings: &mut drift::Settings| {
                for (name, choice) in choices {
                    settings.choose(&name, choice);
                }
            };
            change_settings(&self.session, choose).await?;
            self.known = None;
        }
        if let Some(client) = self.own.take() {
            return self.calculate(&client).await;
        }
        let writer = self.session.writer().await?;
        let calculated = self.calculate(writer.client()?).await;
        writer.give_back();
        calculated
    }

    async fn calculate(self, client: &Client) -> Result<Box<Calculated>, StoreError> {
        let Observer {
            form,
            today,
            week_start,
        } = self.observer;
        let followed = self.known.and_then(|known| follow(known, self.touches));
        let known = if let Some(known) = followed {
            known
        } else {
            // Once a connection, and before the history is read: an import may have been broken off.
            if let Err(error) = index_waiting(&self.session).await {
                tracing::debug!(reason = %error, "the search does not know every word");
            }
            Known::of_now(&self.session, client, &form, week_start).await?
        };
        let evaluate = move || {
            let found = drift::evaluate(&known.history, today, &known.settings);
            let needed = drift::data_needed(&known.history, today, &known.settings);
            (known, found, needed)
        };
        let (known, found, needed) =
            tokio::task::spawn_blocking(evaluate)
                .await
                .map_err(|_| StoreError::Internal {
                    what: "a rule of the signals broke off".to_owned(),
                })?;
        let outcome = reconcile(&self.session, client, found, today).await?;
        let standing = Standing {
            open: outcome.open,
            changed: outcome.has_changed(),
            settings: known.settings.clone(),
            needed,
        };
        Ok(Box::new(Calculated { known, standing }))
    }
}

/// Takes what the person changed into what is kept; nothing where the database must be asked.
fn follow(mut known: Known, touches: Vec<Touch>) -> Option<Known> {
    let took = touches.into_iter().all(|touch| match touch {
        Touch::Log(log) => known.take_log(&log),
        Touch::Record(lane, id, record) => known.take_record(lane, id, record.as_ref()),
    });
    took.then_some(known)
}
