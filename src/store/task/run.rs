//! The life of the task: connecting, online, offline, and the end.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::domain::secret::Secret;
use crate::store::api::{Answer, DriftRequest, Event, Link, Request, Write, Written};
use crate::store::connect::{self, Failure, Opened, Source, Steps};
use crate::store::embedded::EmbeddedServer;
use crate::store::error::StoreError;
use crate::store::queries;
use crate::store::session::Session;

use super::Options;
use super::keeper::Binding;
use super::questions::{Asked, Questions};
use super::waiting::{Pending, at, of};
use super::watcher::{News, Noticed, Watch};
use super::writes::{Progress, Writes};

/// The way to the database.
enum Way {
    Connecting(Pending<Result<Opened, Failure>>),
    Online(Session),
    Offline { retry: Option<Instant> },
}

/// How long a link has to last to count as one of use.
const STEADY: Duration = Duration::from_secs(5);

pub(super) struct Task {
    source: Source,
    options: Options,
    events: mpsc::UnboundedSender<Event>,
    signed_in: watch::Sender<Option<Session>>,
    way: Way,
    /// Attempts to connect since a link last was of use.
    attempt: u32,
    /// When the link that is there counts as one of use, though nothing was asked.
    steady_at: Option<Instant>,
    offline_since: Option<Timestamp>,
    guard: Option<EmbeddedServer>,
    writes: Writes,
    questions: Questions,
    /// What the search is to know of words, and the work of making it so.
    language: Option<String>,
    indexing: Option<Pending<Result<(), StoreError>>>,
    warned: Vec<String>,
    watch: Watch,
    /// Until when writes in flight are waited for, once nobody gives requests any more.
    end_by: Option<Instant>,
}

/// What the task waits for.
enum Step {
    Requested(Option<Request>),
    Writes(Progress),
    Connected(Box<Result<Opened, Failure>>),
    Lost,
    Retry,
    Answered(Asked, Result<Answer, StoreError>),
    Indexed(Result<(), StoreError>),
    Noticed(Noticed),
    Over,
}

impl Task {
    pub fn new(
        source: Source,
        options: Options,
        events: mpsc::UnboundedSender<Event>,
        signed_in: watch::Sender<Option<Session>>,
    ) -> Self {
        let binding = Binding {
            state: options.state.clone(),
            fingerprint: source.fingerprint(),
            person: options.account.username.clone(),
        };
        let writes = Writes::begin(binding, events.clone());
        Self {
            source,
            options,
            events,
            signed_in,
            way: Way::Offline { retry: None },
            attempt: 0,
            steady_at: None,
            offline_since: None,
            guard: None,
            writes,
            questions: Questions::default(),
            language: None,
            indexing: None,
            warned: Vec::new(),
            watch: Watch::new(),
            end_by: None,
        }
    }

    pub async fn run(mut self, mut requests: mpsc::UnboundedReceiver<Request>) {
        self.connect();
        while !self.is_over() {
            if let Way::Online(session) = &self.way {
                self.writes.send(session, self.options.patience);
            }
            self.start_indexing();
            self.start_watching();
            match self.next(&mut requests).await {
                Step::Requested(Some(request)) => self.requested(request),
                Step::Requested(None) => {
                    self.end_by = Some(Instant::now() + self.options.grace);
                }
                Step::Writes(Progress::Found(writes)) if writes.is_empty() => {}
                Step::Writes(Progress::Found(writes)) => self.tell(Event::Recovered(writes)),
                Step::Writes(Progress::Sent(result)) => self.wrote(*result),
                Step::Connected(result) => match *result {
                    Ok(opened) => self.connected(opened).await,
                    Err(failure) => self.failed(failure.error, failure.retry),
                },
                Step::Lost => {
                    self.link_lost(StoreError::LinkLost {
                        reason: "the server ended it".into(),
                    });
                }
                Step::Retry => self.connect(),
                Step::Answered(asked, result) => self.answered(asked, result),
                Step::Indexed(result) => self.indexed(result),
                Step::Noticed(noticed) => self.noticed(noticed),
                Step::Over => break,
            }
        }
        self.end().await;
    }

    async fn next(&mut self, requests: &mut mpsc::UnboundedReceiver<Request>) -> Step {
        let is_ending = self.end_by.is_some();
        let (mut connecting, mut online, mut retry) = (None, None, None);
        match &mut self.way {
            Way::Connecting(attempt) => connecting = Some(attempt),
            Way::Online(session) => online = Some(&*session),
            Way::Offline { retry: moment } => retry = *moment,
        }
        tokio::select! {
            biased;
            progress = self.writes.next() => Step::Writes(progress),
            result = of(connecting) => Step::Connected(Box::new(result)),
            (asked, result) = self.questions.next() => Step::Answered(asked, result),
            result = of(self.indexing.as_mut()) => {
                self.indexing = None;
                Step::Indexed(result)
            }
            () = lost(online) => Step::Lost,
            noticed = self.watch.next(), if !is_ending => Step::Noticed(noticed),
            request = requests.recv(), if !is_ending => Step::Requested(request),
            () = at(retry) => Step::Retry,
            () = at(self.end_by) => Step::Over,
        }
    }

    /// Whether nobody gives requests any more and nothing in flight is worth waiting for.
    fn is_over(&self) -> bool {
        let is_hopeless = matches!(self.way, Way::Offline { .. });
        self.end_by.is_some() && (is_hopeless || self.writes.all_settled())
    }

    fn tell(&self, event: Event) {
        // The receiver goes before the task only when the program ends.
        let _ = self.events.send(event);
    }

    fn requested(&mut self, request: Request) {
        match request {
            Request::Query { generation, query } => self.ask((generation, query)),
            Request::Write(write) => {
                let request = write.request;
                if !self.writes.add(write) {
                    let reason = "no thread could be started for it".to_owned();
                    self.tell(Event::NotKept { request, reason });
                }
            }
            Request::SearchLanguage(language) => {
                self.language = Some(language);
                self.indexing = None;
            }
            Request::Drift(request) => {
                let is_online = matches!(self.way, Way::Online(_));
                if matches!(request, DriftRequest::TakesPart { .. }) && !is_online {
                    let text = "what takes part in signals was not changed: there is no link to the database";
                    self.tell(Event::Notice(Secret::new(text.to_owned())));
                } else {
                    self.watch.requested(request);
                }
            }
            Request::Reconnect => {
                if let Way::Offline { .. } = self.way {
                    self.connect();
                }
            }
        }
    }

    fn connect(&mut self) {
        self.attempt = self.attempt.saturating_add(1);
        let (events, attempt) = (self.events.clone(), self.attempt);
        let steps: Steps = Arc::new(move |step| {
            let _ = events.send(Event::Link(Link::Connecting { attempt, step }));
        });
        let (source, account) = (self.source.clone(), self.options.account.clone());
        self.way = Way::Connecting(Box::pin(async move {
            connect::open_or_why(&source, &account, steps).await
        }));
    }

    async fn connected(&mut self, opened: Opened) {
        let Opened {
            session,
            person,
            guard,
            place,
            warnings,
        } = opened;
        if let Some(before) = std::mem::replace(&mut self.guard, guard) {
            connect::release(before).await;
        }
        self.offline_since = None;
        self.steady_at = Some(Instant::now() + STEADY);
        self.tell(Event::SignedIn(person));
        for warning in warnings {
            if !self.warned.contains(&warning) {
                self.tell(Event::Notice(Secret::new(warning.clone())));
                self.warned.push(warning);
            }
        }
        self.signed_in.send_replace(Some(session.clone()));
        self.watch.connected(&session);
        self.tell(Event::Link(Link::Online { place }));
        self.questions.send_held(&session, self.options.patience);
        self.way = Way::Online(session);
    }

    /// The link has gone that was there: the first attempt to get it back comes soon. One that a
    /// server ends again and again right after the sign-in was of no use, and the waits grow.
    fn link_lost(&mut self, error: StoreError) {
        if self.steady_at.take().is_some_and(|at| at <= Instant::now()) {
            self.attempt = 0;
        }
        self.failed(error, true);
    }

    fn failed(&mut self, error: StoreError, retry: bool) {
        self.signed_in.send_replace(None);
        self.writes.stop();
        self.indexing = None;
        self.watch.lost();
        for asked in self.questions.give_up() {
            self.answer(asked, Err(error.clone()));
        }
        let wait = self.options.backoff.after(self.attempt.max(1));
        self.way = Way::Offline {
            retry: retry.then(|| Instant::now() + wait),
        };
        let now = Timestamp::now();
        let since = *self.offline_since.get_or_insert(now);
        let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        let retry_at = retry.then(|| now.saturating_add(wait).unwrap_or(Timestamp::MAX));
        self.tell(Event::Link(Link::Offline {
            since,
            retry_at,
            error,
        }));
    }

    fn ask(&mut self, asked: Asked) {
        match &self.way {
            Way::Online(session) => self.questions.send(asked, session, self.options.patience),
            Way::Connecting(_) => self.questions.hold(asked),
            Way::Offline { .. } => {
                let reason = "there is none at present".into();
                self.answer(asked, Err(StoreError::LinkLost { reason }));
            }
        }
    }

    fn answered(&mut self, asked: Asked, result: Result<Answer, StoreError>) {
        let failure = result.as_ref().err();
        let lost = failure.filter(|error| error.is_of_link()).cloned();
        self.questions.answered(&asked);
        self.answer(asked, result);
        if let Some(error) = lost {
            self.link_lost(error);
            return;
        }
        self.attempt = 0;
        if let Some(next) = self.questions.next_search() {
            self.ask(next);
        }
    }

    fn answer(&self, (generation, query): Asked, result: Result<Answer, StoreError>) {
        self.tell(Event::Answered {
            generation,
            query,
            result,
        });
    }

    /// Takes the language over, once there is a link.
    fn start_indexing(&mut self) {
        if let (Way::Online(session), None, Some(language)) =
            (&self.way, &self.indexing, &self.language)
        {
            let (session, language) = (session.clone(), language.clone());
            self.indexing = Some(Box::pin(async move {
                queries::search::set_language(&session, &language).await
            }));
        }
    }

    /// Signals are calculated when nothing else is to be done.
    fn start_watching(&mut self) {
        if let (Way::Online(session), true, true) = (
            &self.way,
            self.questions.all_answered(),
            self.writes.all_settled(),
        ) {
            self.watch.start(session);
        }
    }

    fn noticed(&mut self, noticed: Noticed) {
        let Way::Online(session) = &self.way else {
            return;
        };
        match self.watch.take(noticed, session) {
            News::Nothing => {}
            News::Changed(table) => self.tell(Event::Changed(table)),
            News::Standing(standing) => self.tell(Event::Drift(standing)),
            News::Trouble(text) => self.tell(Event::Notice(Secret::new(text))),
        }
    }

    fn indexed(&mut self, result: Result<(), StoreError>) {
        match result {
            Err(error) if error.is_of_link() => self.link_lost(error),
            Err(error) => {
                self.language = None;
                let text = format!("the search keeps the language it had: {error}");
                self.tell(Event::Notice(Secret::new(text)));
            }
            Ok(()) => self.language = None,
        }
    }

    fn wrote(&mut self, result: Result<Written, StoreError>) {
        match result {
            Err(error) if !error.rejects_write() => {
                if error.is_of_link() {
                    self.link_lost(error);
                } else {
                    // The link is there and the server cannot take it: the waits grow.
                    let retry = error.is_transient();
                    self.failed(error, retry);
                }
            }
            result => {
                self.attempt = 0;
                if let Some(Write { request, mutation }) = self.writes.settle() {
                    if let Ok(written) = &result {
                        self.watch.wrote(&mutation, written);
                    }
                    self.tell(Event::Written { request, result });
                }
            }
        }
    }

    /// Lets go of everything; what was not acknowledged is on disk.
    async fn end(mut self) {
        self.writes.stop();
        self.questions = Questions::default();
        self.signed_in.send_replace(None);
        self.way = Way::Offline { retry: None };
        self.writes.end().await;
        if let Some(guard) = self.guard.take() {
            connect::release(guard).await;
        }
    }
}

async fn lost(session: Option<&Session>) {
    match session {
        Some(session) => session.lost().await,
        None => pending().await,
    }
}
