//! The life of the task: connecting, online, offline, and the end.

use std::collections::VecDeque;
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep_until, timeout};

use crate::domain::ids::RequestId;
use crate::domain::secret::Secret;
use crate::store::api::{Answer, DriftRequest, Event, Link, Query, Request, Write, Written};
use crate::store::connect::{self, Failure, Opened, Source, Steps};
use crate::store::embedded::EmbeddedServer;
use crate::store::error::StoreError;
use crate::store::queries;
use crate::store::session::Session;

use super::Options;
use super::keeper::{Binding, Found, Keeper};
use super::watcher::{News, Noticed, Watch};

pub(super) type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Asked = (u64, Query);

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
    keeper: Option<Keeper>,
    kept_all: oneshot::Receiver<()>,
    found: Option<Found>,
    way: Way,
    /// Attempts to connect since a link last was of use.
    attempt: u32,
    /// When the link that is there counts as one of use, though nothing was asked.
    steady_at: Option<Instant>,
    offline_since: Option<Timestamp>,
    guard: Option<EmbeddedServer>,
    /// Not acknowledged, in order; the first is the one in flight, if any is.
    writes: VecDeque<Write>,
    writing: Option<Pending<Result<Written, StoreError>>>,
    /// Asked and not answered.
    asked: Vec<Asked>,
    asking: FuturesUnordered<Pending<(Asked, Result<Answer, StoreError>)>>,
    /// What the search is to know of words, and the work of making it so.
    language: Option<String>,
    indexing: Option<Pending<Result<(), StoreError>>>,
    /// The latest search, while an earlier one is being answered. Those between are not worth asking.
    next_search: Option<Asked>,
    warned: Vec<String>,
    watch: Watch,
    /// Until when writes in flight are waited for, once nobody gives requests any more.
    end_by: Option<Instant>,
}

/// What the task waits for.
enum Step {
    Requested(Option<Request>),
    Found(Vec<Write>),
    Connected(Box<Result<Opened, Failure>>),
    Lost,
    Retry,
    Wrote(Result<Written, StoreError>),
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
        let (keeper, found, kept_all) = Keeper::begin(binding, events.clone());
        Self {
            source,
            options,
            events,
            signed_in,
            keeper: Some(keeper),
            kept_all,
            found: Some(found),
            way: Way::Offline { retry: None },
            attempt: 0,
            steady_at: None,
            offline_since: None,
            guard: None,
            writes: VecDeque::new(),
            writing: None,
            asked: Vec::new(),
            asking: FuturesUnordered::new(),
            language: None,
            indexing: None,
            next_search: None,
            warned: Vec::new(),
            watch: Watch::new(),
            end_by: None,
        }
    }

    pub async fn run(mut self, mut requests: mpsc::UnboundedReceiver<Request>) {
        self.connect();
        while !self.is_over() {
            self.start_write();
            self.start_indexing();
            self.start_watching();
            match self.next(&mut requests).await {
                Step::Requested(Some(request)) => self.requested(request),
                Step::Requested(None) => {
                    self.end_by = Some(Instant::now() + self.options.grace);
                }
                Step::Found(writes) => self.found(writes),
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
                Step::Wrote(result) => self.wrote(result),
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
        let retry = match &self.way {
            Way::Offline { retry } => *retry,
            Way::Connecting(_) | Way::Online(_) => None,
        };
        let (connecting, online) = match &mut self.way {
            Way::Connecting(attempt) => (Some(attempt), None),
            Way::Online(session) => (None, Some(&*session)),
            Way::Offline { .. } => (None, None),
        };
        let found = &mut self.found;
        tokio::select! {
            biased;
            writes = of(found.as_mut()), if found.is_some() => {
                self.found = None;
                Step::Found(writes.unwrap_or_default())
            }
            result = of(connecting) => Step::Connected(Box::new(result)),
            result = of(self.writing.as_mut()) => {
                self.writing = None;
                Step::Wrote(result)
            }
            Some((asked, result)) = self.asking.next() => Step::Answered(asked, result),
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
        let is_idle = self.found.is_none() && self.writes.is_empty();
        self.end_by.is_some() && (is_hopeless || is_idle)
    }

    fn tell(&self, event: Event) {
        // The receiver goes before the task only when the program ends.
        let _ = self.events.send(event);
    }

    fn requested(&mut self, request: Request) {
        match request {
            Request::Query { generation, query } => self.ask((generation, query)),
            Request::Write(write) => {
                let is_kept = self
                    .keeper
                    .as_ref()
                    .is_some_and(|keeper| keeper.keep(write.clone()));
                if !is_kept {
                    let reason = "no thread could be started for it".to_owned();
                    self.tell(Event::NotKept {
                        request: write.request,
                        reason,
                    });
                }
                self.writes.push_back(write);
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
            Request::Reconnect => match self.way {
                Way::Offline { .. } => self.connect(),
                Way::Connecting(_) | Way::Online(_) => {}
            },
        }
    }

    /// Writes of earlier runs go before those of this one.
    fn found(&mut self, writes: Vec<Write>) {
        if writes.is_empty() {
            return;
        }
        self.tell(Event::Recovered(writes.clone()));
        for write in writes.into_iter().rev() {
            self.writes.push_front(write);
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
        self.way = Way::Online(session);
        self.tell(Event::Link(Link::Online { place }));
        for asked in std::mem::take(&mut self.asked) {
            self.ask(asked);
        }
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
        self.writing = None;
        self.indexing = None;
        self.watch.lost();
        self.asking = FuturesUnordered::new();
        self.asked.extend(self.next_search.take());
        for (generation, query) in std::mem::take(&mut self.asked) {
            let result = Err(error.clone());
            self.tell(Event::Answered {
                generation,
                query,
                result,
            });
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
        let is_search = |(_, query): &Asked| matches!(query, Query::Search(_));
        if is_search(&asked) && self.asked.iter().any(is_search) {
            match self.way {
                // One at a time, so that a quick hand leaves no queue behind.
                Way::Online(_) => {
                    self.next_search = Some(asked);
                    return;
                }
                Way::Connecting(_) => self.asked.retain(|other| !is_search(other)),
                Way::Offline { .. } => {}
            }
        }
        match &self.way {
            Way::Online(session) => {
                let (session, patience) = (session.clone(), self.options.patience);
                self.asked.push(asked.clone());
                self.asking.push(Box::pin(async move {
                    let answer = queries::answer(&session, &asked.1);
                    let result = within(patience, answer).await;
                    (asked, result)
                }));
            }
            // Answered when the attempt has come to something.
            Way::Connecting(_) => self.asked.push(asked),
            Way::Offline { .. } => {
                let (generation, query) = asked;
                let result = Err(StoreError::LinkLost {
                    reason: "there is none at present".into(),
                });
                self.tell(Event::Answered {
                    generation,
                    query,
                    result,
                });
            }
        }
    }

    fn answered(&mut self, asked: Asked, result: Result<Answer, StoreError>) {
        let lost = result
            .as_ref()
            .err()
            .filter(|error| is_of_link(error))
            .cloned();
        if lost.is_none() {
            self.attempt = 0;
        }
        self.asked.retain(|other| *other != asked);
        let (generation, query) = asked;
        self.tell(Event::Answered {
            generation,
            query,
            result,
        });
        if let Some(error) = lost {
            self.link_lost(error);
        } else if let Some(next) = self.next_search.take() {
            self.ask(next);
        }
    }

    /// Sends the next write, unless one is in flight.
    fn start_write(&mut self) {
        let (Way::Online(session), None, None) = (&self.way, &self.writing, &self.found) else {
            return;
        };
        if let Some(write) = self.writes.front() {
            let (session, write) = (session.clone(), write.clone());
            let patience = self.options.patience;
            self.writing = Some(Box::pin(async move {
                within(patience, queries::writes::apply(&session, &write)).await
            }));
        }
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
        if let (Way::Online(session), true, true, None) = (
            &self.way,
            self.asking.is_empty(),
            self.writes.is_empty(),
            &self.found,
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
            Err(error) if is_of_link(&error) => self.link_lost(error),
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
                if is_of_link(&error) {
                    self.link_lost(error);
                } else {
                    // The link is there and the server cannot take it: the waits grow.
                    let retry = error.is_transient();
                    self.failed(error, retry);
                }
            }
            result => {
                self.attempt = 0;
                if let Some(write) = self.writes.pop_front() {
                    if let Ok(written) = &result {
                        self.watch.wrote(&write.mutation, written);
                    }
                    self.settle(write.request, result);
                }
            }
        }
    }

    fn settle(&mut self, request: RequestId, result: Result<Written, StoreError>) {
        self.tell(Event::Written { request, result });
        if let Some(keeper) = &self.keeper {
            keeper.remove(request);
        }
    }

    /// Lets go of everything; what was not acknowledged is on disk.
    async fn end(mut self) {
        self.writing = None;
        self.asking = FuturesUnordered::new();
        self.signed_in.send_replace(None);
        self.way = Way::Offline { retry: None };
        drop(self.keeper.take());
        let _ = self.kept_all.await;
        if let Some(guard) = self.guard.take() {
            connect::release(guard).await;
        }
    }
}

/// Whether an error says that the link is gone, and not that the server refuses something.
fn is_of_link(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::LinkLost { .. } | StoreError::ServerAbsent { .. }
    )
}

async fn within<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    timeout(patience, work).await.unwrap_or_else(|_| {
        Err(StoreError::LinkLost {
            reason: "no answer came in time".into(),
        })
    })
}

pub(super) async fn of<F: Future + Unpin>(future: Option<F>) -> F::Output {
    match future {
        Some(future) => future.await,
        None => pending().await,
    }
}

pub(super) async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => pending().await,
    }
}

async fn lost(session: Option<&Session>) {
    match session {
        Some(session) => session.lost().await,
        None => pending().await,
    }
}
