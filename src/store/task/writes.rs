//! Changes on their way: put on disk first, sent one at a time in the order in which they were made, and forgotten
//! when the database has answered.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::store::api::{Event, Write, Written};
use crate::store::error::StoreError;
use crate::store::queries::writes::apply;
use crate::store::session::Session;

use super::keeper::{Binding, Found, Keeper};
use super::waiting::{Pending, of, within};

pub(super) struct Writes {
    keeper: Keeper,
    kept_all: oneshot::Receiver<()>,
    /// What earlier runs left, until it is known: nothing is sent before it.
    found: Option<Found>,
    /// Not acknowledged, in order; the first is the one in flight, if any is.
    waiting: VecDeque<Write>,
    sending: Option<Pending<Result<Written, StoreError>>>,
}

/// Something that happened to the writes.
pub(super) enum Progress {
    /// Writes of earlier runs are known and go before those of this one.
    Found(Vec<Write>),
    /// The first write has this answer.
    Sent(Box<Result<Written, StoreError>>),
}

impl Writes {
    /// Looks for what earlier runs left behind.
    pub fn begin(binding: Binding, events: mpsc::UnboundedSender<Event>) -> Self {
        let (keeper, found, kept_all) = Keeper::begin(binding, events);
        Self {
            keeper,
            kept_all,
            found: Some(found),
            waiting: VecDeque::new(),
            sending: None,
        }
    }

    /// Takes a write; false where nobody puts it on disk. It is sent all the same.
    pub fn add(&mut self, write: Write) -> bool {
        let is_kept = self.keeper.keep(write.clone());
        self.waiting.push_back(write);
        is_kept
    }

    /// Sends the next write, unless one is in flight.
    pub fn send(&mut self, session: &Session, patience: Duration) {
        if self.found.is_some() || self.sending.is_some() {
            return;
        }
        if let Some(write) = self.waiting.front().cloned() {
            let session = session.clone();
            self.sending = Some(Box::pin(async move {
                within(patience, apply(&session, &write)).await
            }));
        }
    }

    /// The next thing that happens; never, where nothing is waited for.
    pub async fn next(&mut self) -> Progress {
        tokio::select! {
            biased;
            found = of(self.found.as_mut()) => {
                self.found = None;
                let found = found.unwrap_or_default();
                for write in found.iter().rev() {
                    self.waiting.push_front(write.clone());
                }
                Progress::Found(found)
            }
            result = of(self.sending.as_mut()) => {
                self.sending = None;
                Progress::Sent(Box::new(result))
            }
        }
    }

    /// The first write is acknowledged or rejected: it is on disk no longer.
    pub fn settle(&mut self) -> Option<Write> {
        let write = self.waiting.pop_front()?;
        self.keeper.remove(write.request);
        Some(write)
    }

    /// Waits no longer for an answer; the write is sent again.
    pub fn stop(&mut self) {
        self.sending = None;
    }

    /// Whether the database has answered everything.
    pub fn all_settled(&self) -> bool {
        self.found.is_none() && self.waiting.is_empty()
    }

    /// Done when all that is not acknowledged is on disk.
    pub async fn end(self) {
        drop(self.keeper);
        let _ = self.kept_all.await;
    }
}
