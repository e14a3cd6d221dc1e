//! Puts drafts on disk, in order, off the loop's thread.
//!
//! Only the last word about a place counts: what came before and was not begun is skipped. Closing
//! the desk waits until everything is done.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use crate::app::draft::{Draft, OldDraft, Place};
use crate::app::message::Msg;
use crate::domain::ids::DraftId;
use crate::domain::secret::Secret;
use crate::store::api::Event;

use super::outside::DraftSink;

enum Order {
    Save(Draft),
    Keep(OldDraft),
    Remove(Place),
    Forget(DraftId),
}

/// The way to the thread that writes drafts.
pub struct DraftDesk {
    orders: UnboundedSender<Order>,
    worker: JoinHandle<()>,
}

impl DraftDesk {
    /// Reads the drafts of earlier runs first, then takes orders.
    pub fn open(runtime: &Handle, sink: Arc<dyn DraftSink>, tell: UnboundedSender<Msg>) -> Self {
        let (orders, taken) = unbounded_channel();
        let worker = runtime.spawn_blocking(move || work(&*sink, taken, &tell));
        Self { orders, worker }
    }

    /// The draft is to be put on disk.
    pub fn save(&self, draft: Draft) {
        let _ = self.orders.send(Order::Save(draft));
    }

    /// The text is to be put on disk under its own id.
    pub fn keep(&self, draft: OldDraft) {
        let _ = self.orders.send(Order::Keep(draft));
    }

    /// What this run had of this place is to go.
    pub fn remove(&self, place: Place) {
        let _ = self.orders.send(Order::Remove(place));
    }

    /// This draft with its own id is to go.
    pub fn forget(&self, id: DraftId) {
        let _ = self.orders.send(Order::Forget(id));
    }

    /// Ends when all orders are carried out.
    pub async fn close(self) {
        drop(self.orders);
        let _ = self.worker.await;
    }
}

fn work(sink: &dyn DraftSink, mut taken: UnboundedReceiver<Order>, tell: &UnboundedSender<Msg>) {
    let (drafts, problems) = sink.recover();
    for problem in problems {
        tracing::warn!(problem, "a draft of an earlier run");
        let _ = tell.send(Msg::Store(Event::Notice(Secret::new(problem))));
    }
    if !drafts.is_empty() {
        let _ = tell.send(Msg::Drafts(drafts));
    }
    while let Some(first) = taken.blocking_recv() {
        let mut last: BTreeMap<Place, Option<Draft>> = BTreeMap::new();
        let mut next = Some(first);
        while let Some(order) = next {
            match order {
                Order::Save(draft) => {
                    last.insert(draft.place.clone(), Some(draft));
                }
                Order::Remove(place) => {
                    last.insert(place, None);
                }
                Order::Keep(draft) => told(sink.keep(&draft), tell),
                Order::Forget(id) => sink.forget(id),
            }
            next = taken.try_recv().ok();
        }
        for (place, draft) in last {
            match draft {
                Some(draft) => told(sink.save(&draft), tell),
                None => sink.remove(&place),
            }
        }
    }
}

fn told(saved: Result<(), String>, tell: &UnboundedSender<Msg>) {
    if let Err(reason) = saved {
        tracing::error!(reason, "a draft was not put on disk");
        let _ = tell.send(Msg::DraftFailed(reason));
    }
}
