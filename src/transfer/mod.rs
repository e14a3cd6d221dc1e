//! What leaves the database as a whole, and in which form.

/// Everything of the person as versioned JSON.
pub mod document;
pub mod export;
pub mod import;
/// Policies carried out: an export of what goes, then batches.
pub mod retention;
