//! Drives a store task: sends requests, waits for events with a deadline.

use std::path::Path;
use std::time::Duration;

use harriswildlands::domain::ids::{RecordId, RequestId};
use harriswildlands::domain::log::DailyLog;
use harriswildlands::domain::patch::Patch;
use harriswildlands::domain::secret::Exit;
use harriswildlands::store::api::{
    Answer, Event, Link, Mutation, Person, Query, Request, Write, Written,
};
use harriswildlands::store::connect::Source;
use harriswildlands::store::error::StoreError;
use harriswildlands::store::queries::users::Account;
use harriswildlands::store::session::{Access, Session};
use harriswildlands::store::target::Target;
use harriswildlands::store::task::{self, Backoff, Handle, Options};
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::support::{APP, OWNER, TestDatabase};

pub const DEADLINE: Duration = Duration::from_mins(1);

pub fn account(name: &str) -> Account {
    Account {
        username: name.to_owned(),
        timezone: "Europe/Berlin".to_owned(),
        former: None,
    }
}

pub fn target(database: &TestDatabase, role: &str) -> Target {
    let server = &database.server;
    Target::embedded(server.socket_dir(), server.port(), role, &database.name)
}

pub fn access(database: &TestDatabase) -> Access {
    Access {
        target: target(database, APP),
        owner: target(database, OWNER),
        place: "test server".to_owned(),
        directory: None,
    }
}

pub async fn sign_in(database: &TestDatabase, name: &str) -> (Session, Person) {
    Session::open(access(database), &account(name), &|_| ())
        .await
        .unwrap()
}

pub fn patch(json: Value) -> Patch {
    Patch::from_json(json).unwrap()
}

pub fn patch_log(date: Date, json: Value) -> Write {
    let mutation = Mutation::patch_log(RecordId::new(), date, patch(json));
    Write {
        request: RequestId::new(),
        mutation,
    }
}

pub fn data(log: &DailyLog) -> &Map<String, Value> {
    log.data.expose(Exit::Output)
}

/// A running task.
pub struct Driver {
    pub handle: Handle,
    /// Everything that was said, for a failed test's message.
    pub heard: Vec<Event>,
}

impl Driver {
    pub fn start(target: Target, state: &Path) -> Self {
        Self::start_source(Source::External(target), state)
    }

    pub fn start_source(source: Source, state: &Path) -> Self {
        let mut options = Options::new(state.to_owned());
        options.account = account("bruce");
        options.backoff = Backoff {
            first: Duration::from_millis(10),
            cap: Duration::from_millis(200),
        };
        Self {
            handle: task::spawn(source, options),
            heard: Vec::new(),
        }
    }

    pub fn send(&self, request: Request) {
        self.handle.requests.send(request).unwrap();
    }

    pub fn write(&self, write: &Write) {
        self.send(Request::Write(write.clone()));
    }

    /// The first event from now on that the test looks for.
    pub async fn until<T>(&mut self, what: &str, mut wanted: impl FnMut(&Event) -> Option<T>) -> T {
        let search = async {
            while let Some(event) = self.handle.events.recv().await {
                let found = wanted(&event);
                self.heard.push(event);
                if let Some(found) = found {
                    return found;
                }
            }
            panic!("the task ended before {what}: {:?}", self.heard);
        };
        let found = tokio::time::timeout(DEADLINE, search).await;
        let Ok(found) = found else {
            panic!("no {what}: {:?}", self.heard)
        };
        found
    }

    pub async fn online(&mut self) {
        self.until("Online", |event| {
            matches!(event, Event::Link(Link::Online { .. })).then_some(())
        })
        .await;
    }

    pub async fn offline(&mut self) -> (Option<jiff::Timestamp>, StoreError) {
        self.until("Offline", |event| match event {
            Event::Link(Link::Offline {
                retry_at, error, ..
            }) => Some((*retry_at, error.clone())),
            _ => None,
        })
        .await
    }

    pub async fn kept(&mut self, request: RequestId) {
        self.until("Kept", |event| {
            (*event == Event::Kept(request)).then_some(())
        })
        .await;
    }

    pub async fn written(&mut self, request: RequestId) -> Result<Written, StoreError> {
        self.until("Written", |event| match event {
            Event::Written {
                request: of,
                result,
            } if *of == request => Some(result.clone()),
            _ => None,
        })
        .await
    }

    pub async fn ask(&mut self, query: Query) -> Result<Answer, StoreError> {
        self.send(Request::Query {
            generation: 1,
            query: query.clone(),
        });
        self.until("Answered", |event| match event {
            Event::Answered {
                query: of, result, ..
            } if *of == query => Some(result.clone()),
            _ => None,
        })
        .await
    }

    /// Ends the task and waits until everything is released.
    pub async fn end(self) {
        let Handle {
            requests,
            events,
            session,
            ended,
        } = self.handle;
        drop((requests, session));
        tokio::time::timeout(DEADLINE, ended)
            .await
            .expect("the task does not end")
            .unwrap();
        drop(events);
    }
}
