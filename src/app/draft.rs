//! Text that is being typed and has not become a write yet, by the name the core knows it.

pub use crate::domain::draft::{Draft, OldDraft, Place};
