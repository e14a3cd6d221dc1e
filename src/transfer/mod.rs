//! What leaves the database as a whole and what comes back, and in which form.

pub mod backup;
pub mod doctor;
pub mod document;
pub mod export;
pub mod ground;
pub mod import;
pub mod restore;
pub mod retention;
pub mod schedule;
pub mod seal;
