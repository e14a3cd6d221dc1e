//! The thread that puts writes on disk, so that a slow disk holds up nothing else.
//!
//! It takes what has piled up in one go and puts it on disk with one flush. It sleeps while there is
//! nothing to do.

use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;

use tokio::sync::{mpsc as events, oneshot};

use crate::domain::ids::RequestId;
use crate::domain::secret::Secret;
use crate::store::api::{Event, Write};
use crate::store::outbox::Outbox;

/// What the thread is to do.
enum Order {
    Keep(Write),
    Remove(RequestId),
}

/// Gives orders to the thread. Dropping it lets the thread end when all is done.
pub(super) struct Keeper {
    orders: mpsc::Sender<Order>,
}

/// What the outbox of a task is bound to.
pub(super) struct Binding {
    pub state: PathBuf,
    pub fingerprint: String,
    pub person: String,
}

/// Writes of earlier runs, once they are known.
pub(super) type Found = oneshot::Receiver<Vec<Write>>;

impl Keeper {
    /// Begins; what earlier runs left behind comes through [`Found`], and the end of the thread
    /// through the second receiver.
    pub fn begin(
        binding: Binding,
        events: events::UnboundedSender<Event>,
    ) -> (Self, Found, oneshot::Receiver<()>) {
        let (orders, received) = mpsc::channel();
        let (found_there, found) = oneshot::channel();
        let (ended_there, ended) = oneshot::channel();
        let work = move || {
            let mut outbox = Outbox::new(&binding.state, &binding.fingerprint, &binding.person);
            let recovered = outbox.take_over();
            for problem in recovered.problems {
                let _ = events.send(Event::Notice(Secret::new(problem)));
            }
            let _ = found_there.send(recovered.writes);
            follow(&mut outbox, &received, &events);
            drop(outbox);
            let _ = ended_there.send(());
        };
        // Without a thread the writes are sent all the same; each says that it is not on disk.
        let _ = thread::Builder::new().name("outbox".to_owned()).spawn(work);
        (Self { orders }, found, ended)
    }

    /// Puts a write on disk; false if there is nobody to do it.
    pub fn keep(&self, write: Write) -> bool {
        self.orders.send(Order::Keep(write)).is_ok()
    }

    /// The database has answered a write.
    pub fn remove(&self, request: RequestId) {
        let _ = self.orders.send(Order::Remove(request));
    }
}

fn follow(
    outbox: &mut Outbox,
    orders: &mpsc::Receiver<Order>,
    events: &events::UnboundedSender<Event>,
) {
    while let Ok(order) = orders.recv() {
        let mut to_keep = Vec::new();
        for order in std::iter::once(order).chain(orders.try_iter()) {
            match order {
                Order::Keep(write) => to_keep.push(write),
                Order::Remove(request) => {
                    keep(outbox, &mut to_keep, events);
                    outbox.remove(request);
                }
            }
        }
        keep(outbox, &mut to_keep, events);
    }
}

fn keep(outbox: &mut Outbox, writes: &mut Vec<Write>, events: &events::UnboundedSender<Event>) {
    if writes.is_empty() {
        return;
    }
    let kept = outbox.keep(writes);
    for write in writes.drain(..) {
        let request = write.request;
        let _ = events.send(match &kept {
            Ok(()) => Event::Kept(request),
            Err(error) => Event::NotKept {
                request,
                reason: error.to_string(),
            },
        });
    }
}
