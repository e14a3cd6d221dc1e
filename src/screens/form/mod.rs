//! Forms: one widget for a day's log and for the records of the lanes.

mod commands;

pub use commands::TABLE;
