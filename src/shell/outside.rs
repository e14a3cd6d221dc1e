//! What the event loop needs of store and transfer, as narrow as it can be.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;

use crate::app::draft::{Draft, OldDraft, Place};
use crate::app::effect::Job;
use crate::app::job::{JobEnd, Progress};
use crate::app::message::NotKept;
use crate::domain::backup::Shelf;
use crate::domain::document::Document;
use crate::domain::ids::DraftId;
use crate::domain::setting::{Setting, Value};
use crate::store::address::Address;
use crate::store::api::{Event, Request};

/// The two ends of the store task that the loop holds.
pub struct StoreLink {
    /// To the task. Dropping it tells the task to finish what it has and to end.
    pub requests: UnboundedSender<Request>,
    /// From the task; closed when it has ended.
    pub events: UnboundedReceiver<Event>,
    /// Done when the task has released everything.
    pub ended: Task<()>,
}

/// Where drafts are kept. Calls may wait for a disk; they are not made on the loop's thread, but
/// after a panic.
pub trait DraftSink: Send + Sync {
    /// The drafts of earlier runs, and what is wrong with those that cannot be read, in words
    /// without any text.
    fn recover(&self) -> (Vec<OldDraft>, Vec<String>);
    /// Puts a draft on disk, in the place of the one that this run had of the same place.
    ///
    /// # Errors
    /// The system's reason, in words.
    fn save(&self, draft: &Draft) -> Result<(), String>;
    /// Puts a draft on disk that nothing else of this run touches.
    ///
    /// # Errors
    /// The system's reason, in words.
    fn save_apart(&self, draft: &Draft) -> Result<(), String>;
    /// Puts a text on disk under its own id, which [`DraftSink::forget`] takes.
    ///
    /// # Errors
    /// The system's reason, in words.
    fn keep(&self, draft: &OldDraft) -> Result<(), String>;
    /// Removes what this run had of this place, if there is anything.
    fn remove(&self, place: &Place);
    /// Removes this draft with its own id.
    fn forget(&self, id: DraftId);
}

/// Where settings are kept.
pub trait SettingSink: Send + Sync {
    /// Puts a setting into the person's file, or takes it out.
    ///
    /// # Errors
    /// Why not; the file is as it was.
    fn keep(&self, setting: Setting, value: Option<&Value>) -> Result<(), NotKept>;
}

/// A future that may move between threads.
pub type Task<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Does long jobs and writes documents.
pub trait Worker: Send + Sync {
    /// Does a job. Says how far it is through `progress`; when `cancel` turns true it stops and leaves
    /// nothing half-done behind. Gives how it ended.
    fn work(
        &self,
        job: Job,
        progress: UnboundedSender<Progress>,
        cancel: watch::Receiver<bool>,
    ) -> Task<JobEnd>;
    /// Looks which backups are there and what is due, and with `aside` which databases were kept aside; or says why that
    /// is not known.
    fn shelf(&self, aside: bool) -> Task<Result<Shelf, String>>;
    /// Writes a document into a new file in the person's export directory. Gives the file, or why
    /// there is none, in words without any text.
    fn document(&self, document: Document) -> Task<Result<PathBuf, String>>;
}

/// The world beyond the terminal.
pub trait Outside {
    /// Starts the store task on this runtime. Called once, after the first frame; does not wait.
    fn connect(&mut self, runtime: &Handle) -> StoreLink;
    /// Where drafts are kept.
    fn drafts(&self) -> Arc<dyn DraftSink>;
    /// Whose texts they are.
    fn address(&self) -> Address;
    /// Where settings are kept.
    fn settings(&self) -> Arc<dyn SettingSink>;
    /// What does long jobs and writes documents.
    fn worker(&self) -> Arc<dyn Worker>;
}
