//! Everything the program wants done in the world, as data; the shell does it.

use std::time::Duration;

use crate::domain::document::Document;
use crate::domain::ids::DraftId;
use crate::domain::secret::Secret;
use crate::domain::setting::{Setting, Value};
use crate::store::api::Request;

use super::draft::{Draft, OldDraft, Place};
pub use super::job::Job;

/// Something to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send this to the store task.
    Store(Request),
    /// Send `Msg::Timer` after this time; arming an armed timer replaces it.
    After(TimerId, Duration),
    /// Put this draft on disk, replacing what this run had of the same place.
    SaveDraft(Draft),
    /// Put this text on disk under its own id: nothing that is typed in its place touches it.
    KeepDraft(OldDraft),
    /// The text of this place is safe in the outbox or given up: remove what this run had of it.
    DropDraft(Place),
    /// This draft with its own id is safe in the outbox or given up: remove it.
    ForgetDraft(DraftId),
    /// Open the text in the person's own editor.
    OpenEditor(EditJob),
    /// Put this text on the person's clipboard.
    Copy(Secret<String>),
    /// Start a job on the person's data.
    Transfer(Job),
    /// Look which backups are there and what is due, and say so.
    LookAtBackups {
        /// Whether to ask the server, too, which databases were kept aside.
        aside: bool,
    },
    /// Write this document into a new file in the person's export directory.
    Write(Document),
    /// Stop the job that runs.
    CancelTransfer,
    /// Put this setting into the person's file; `None` takes it out.
    KeepSetting(Setting, Option<Value>),
    /// Listen to the mouse, or no longer.
    Mouse(bool),
    /// Give the terminal back and stop the program until it is continued.
    Suspend,
    /// Draw everything anew (the terminal may hold something else).
    Redraw,
    /// End.
    Quit(Quit),
}

/// Why the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quit {
    /// The person asked for it.
    Asked,
    /// The system asked for it (SIGTERM, SIGHUP).
    Signalled,
}

/// Timers that somebody waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimerId {
    /// What was revealed is masked again.
    Mask,
    /// Nobody has pressed a key for a while: cover the screen.
    Idle,
    /// The typed text goes to disk.
    Draft,
    /// The local date changes.
    Midnight,
    /// The notice goes away.
    Notice,
    /// What is due by the schedule may be made.
    Due,
}

/// A text to be edited in the person's own editor.
#[derive(Debug, Clone, PartialEq)]
pub struct EditJob {
    /// Where the text belongs.
    pub place: Place,
    /// The text to begin with.
    pub text: Secret<String>,
}
