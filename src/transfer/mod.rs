//! What leaves the database as a whole, and in which form.

/// A document of one record, as Markdown or PDF.
pub mod document;
/// Everything of the person as versioned JSON.
pub mod export;
pub mod import;
/// Files that only a passphrase or a key opens.
pub mod seal;
