//! Everything that touches the world: event loop, terminal, signals, editor, clipboard, drafts on
//! their way to disk, configuration, log and reports.
//!
//! State changes nowhere here: what happens becomes a message for the core, and what the core wants
//! is carried out.

pub mod backing;
pub mod canvas;
pub mod clipboard;
mod draft_desk;
pub mod editor;
pub mod event_loop;
mod key_list;
pub mod keys;
pub mod log;
mod looks;
mod open;
pub mod outside;
pub mod report;
mod run;
mod running_job;
mod setting_desk;
pub mod signals;
pub mod terminal;
mod timers;
mod work;
pub use crate::store::zone;

pub use key_list::{keys_in_force, mistakes};
pub use open::{OpenError, Opening, open};
pub use run::{Program, RunError, run};
