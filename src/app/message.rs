//! Everything that can happen to the program, as data.

use std::path::PathBuf;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::backup::Shelf;
use crate::domain::secret::Secret;
use crate::domain::setting::Setting;
use crate::store::api::Event;

use super::draft::OldDraft;
use super::effect::{EditJob, TimerId};
use super::job::{JobEnd, Progress};

/// The moment a message is handled at, and the person's zone. `update` has no other clock.
#[derive(Debug, Clone)]
pub struct Now {
    /// The moment.
    pub instant: Timestamp,
    /// The person's zone.
    pub zone: TimeZone,
}

impl Now {
    /// The local date.
    #[must_use]
    pub fn date(&self) -> jiff::civil::Date {
        self.instant.to_zoned(self.zone.clone()).date()
    }
}

/// Something that happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// The mouse was pressed at this column and row, both from 0.
    Click(u16, u16),
    /// Text was pasted (bracketed paste).
    Paste(String),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// The store says something.
    Store(Event),
    /// A timer that was asked for has run out.
    Timer(TimerId),
    /// The person's own editor has ended.
    Edited(EditResult),
    /// The system says something.
    Signal(Signal),
    /// A job on the person's data has moved on.
    Transfer(TransferEvent),
    /// Which backups are there and what is due, or why that is not known.
    Shelf(Result<Shelf, String>),
    /// A document is written into this file, or why it is not.
    Written(Result<PathBuf, String>),
    /// Unsaved texts of an earlier run were found.
    Drafts(Vec<OldDraft>),
    /// A frame is about to be drawn, and something waits for that.
    Frame,
    /// A draft could not be put on disk.
    DraftFailed(String),
    /// A changed setting is in the person's file, or why it is not.
    SettingKept(Setting, Result<(), NotKept>),
}

/// Why a changed setting is not in the person's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotKept {
    /// This run writes none, as a demo.
    NotHere,
    /// The file cannot be understood, or the system refuses: the reason, in words.
    Failed(String),
}

/// A signal of the operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The terminal has gone (SIGHUP).
    Hangup,
    /// The program is asked to end (SIGTERM, SIGINT).
    Terminate,
    /// The program is back after having been stopped (SIGCONT).
    Continued,
}

/// What came of an [`EditJob`].
#[derive(Debug)]
pub struct EditResult {
    /// The job that was asked for.
    pub job: EditJob,
    /// The text as it is now, or why there is none.
    pub outcome: Result<Secret<String>, String>,
}

/// What is heard of the job that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferEvent {
    /// It has moved on.
    Progress(Progress),
    /// The last that is heard of it.
    Ended(JobEnd),
}
