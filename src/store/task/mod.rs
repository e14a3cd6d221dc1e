//! The task that owns the connections: requests in, events out.
//!
//! A lost database is a state. Writes are on disk before they count as kept, go out in the order in
//! which they were made, one at a time, and wait through any number of reconnects; only a rejection
//! by the database takes one out. Nothing wakes the task while there is nothing to do: a timer
//! exists only while an attempt to connect, a request or the end is waited for.

mod backoff;
mod keeper;
mod questions;
mod run;
mod waiting;
mod watcher;
mod writes;

use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::api::{Event, Request};
use super::connect::Source;
use super::queries::users::Account;
use super::session::Session;

pub use backoff::Backoff;

/// How the task works.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where unacknowledged writes are kept.
    pub state: PathBuf,
    /// Who signs in.
    pub account: Account,
    /// The waits between attempts to connect.
    pub backoff: Backoff,
    /// How long a request may go without an answer before the link counts as lost.
    pub patience: Duration,
    /// How long the end waits for writes in flight; what is left stays on disk.
    pub grace: Duration,
}

impl Options {
    /// The usual ones, for the operating system's user.
    #[must_use]
    pub fn new(state: PathBuf) -> Self {
        Self {
            state,
            account: Account::of_system(),
            backoff: Backoff::default(),
            patience: Duration::from_secs(20),
            grace: Duration::from_secs(2),
        }
    }
}

/// The way to the task. Dropping `requests` lets it end; `ended` is done when everything is
/// released, the hold on the private server included.
#[derive(Debug)]
pub struct Handle {
    /// What is asked and changed.
    pub requests: mpsc::UnboundedSender<Request>,
    /// What comes of it.
    pub events: mpsc::UnboundedReceiver<Event>,
    /// Signed-in access while there is any, for transfers.
    pub session: watch::Receiver<Option<Session>>,
    /// The task itself.
    pub ended: JoinHandle<()>,
}

/// Starts the task on the current runtime; it connects at once.
#[must_use]
pub fn spawn(source: Source, options: Options) -> Handle {
    let (requests, received) = mpsc::unbounded_channel();
    let (events, delivered) = mpsc::unbounded_channel();
    let (signed_in, session) = watch::channel(None);
    let task = run::Task::new(source, options, events, signed_in);
    let ended = tokio::spawn(task.run(received));
    Handle {
        requests,
        events: delivered,
        session,
        ended,
    }
}
