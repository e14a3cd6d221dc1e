//! What is done before a database that holds data is migrated. What that is, is known further up: it is handed down here
//! once, by whoever starts the program.

use std::pin::Pin;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::error::StoreError;
use super::target::Target;

/// What it comes to: a note for the person where it could not be done and the migration goes on all the same.
pub type Done = Pin<Box<dyn Future<Output = Result<Option<String>, StoreError>> + Send>>;

/// Told the way to the database as its owner.
pub type Before = fn(Target) -> Done;

static BEFORE: OnceLock<Before> = OnceLock::new();
static NOTES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Hands down what is to be done. The first one holds.
pub fn hand_down(before: Before) {
    // A second one is the same program's.
    let _ = BEFORE.set(before);
}

/// Does it, where something was handed down.
///
/// # Errors
/// What must not go on without it.
pub async fn run(owner: &Target) -> Result<(), StoreError> {
    let Some(before) = BEFORE.get() else {
        return Ok(());
    };
    if let Some(note) = before(owner.clone()).await? {
        tracing::warn!(note, "no dump before the migration");
        NOTES
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(note);
    }
    Ok(())
}

/// What the person is to be told, once.
pub fn take_notes() -> Vec<String> {
    std::mem::take(&mut *NOTES.lock().unwrap_or_else(PoisonError::into_inner))
}
