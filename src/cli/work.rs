//! Work that takes a while: one line that says how far it is, and Ctrl-C, SIGTERM or SIGHUP stop it cleanly.

use crate::transfer::backup::BackupError;
use crate::transfer::export::Cancel;

use super::exit::{Exit, Failure, with_advice};
use super::output;

/// A cancel that signals give; listening ends with it.
pub(super) struct Stoppable {
    pub cancel: Cancel,
    waiting: tokio::task::JoinHandle<()>,
}

impl Stoppable {
    /// Listens from here on.
    pub fn listen() -> Self {
        let cancel = Cancel::default();
        let stopper = cancel.clone();
        let waiting = tokio::spawn(async move {
            if super::asked_to_end().await.is_ok() {
                stopper.cancel();
            }
        });
        Self { cancel, waiting }
    }
}

impl Drop for Stoppable {
    fn drop(&mut self) {
        self.waiting.abort();
    }
}

/// One line on the terminal that says how far it is, at most once for each per cent.
pub(super) struct Meter {
    what: &'static str,
    shown: bool,
    told: Option<u64>,
}

impl Meter {
    pub fn new(what: &'static str) -> Self {
        Self {
            what,
            shown: output::seen(),
            told: None,
        }
    }

    pub fn tell(&mut self, done: u64, total: u64) {
        let percent = done.saturating_mul(100).checked_div(total).unwrap_or(100);
        if self.shown && self.told.is_none_or(|told| percent > told) {
            self.told = Some(percent);
            output::again(&format!("{} {percent} %", self.what));
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if self.told.is_some() {
            output::again("");
        }
    }
}

/// How a backup or a restore that failed ends.
pub(super) fn failure(error: &BackupError) -> Failure {
    let line = error.to_string();
    let exit = match error {
        BackupError::Store(error) => {
            return Failure::new(error.class().into(), with_advice(error));
        }
        BackupError::Tools { .. }
        | BackupError::MissingRight { .. }
        | BackupError::Nothing { .. } => Exit::Unavailable,
        BackupError::Exists { .. } | BackupError::CannotCreate { .. } => Exit::CannotCreate,
        BackupError::NotFlushed { .. }
        | BackupError::CannotRead { .. }
        | BackupError::Program { .. } => Exit::Io,
        BackupError::Unfit { .. }
        | BackupError::Altered { .. }
        | BackupError::Differs { .. }
        | BackupError::NotKept { .. } => Exit::BadData,
        BackupError::InUse { .. } => Exit::TryAgain,
        BackupError::Cancelled => Exit::Interrupted,
    };
    Failure::new(exit, line)
}
