//! What the drift rules look at, the settings they go by, and the signals that are stored.
//!
//! A history is figures alone: the texts of a day stay in the database.

mod flags;
mod history;
mod settings;

pub use flags::{Outcome, STORED, recalculate, reconcile};
pub use history::{CHECK_INS, GOALS, IDEAS, Known, LOGS, load_history};
pub use settings::{READ as SETTINGS, change_settings, read_settings};
