//! What leaves the database as a whole, and in which form.

/// Everything of the person as versioned JSON.
pub mod backup;
pub mod doctor;
pub mod document;
pub mod export;
pub mod ground;
pub mod import;
pub mod restore;
pub mod schedule;
