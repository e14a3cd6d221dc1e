//! The core: a model, messages in, effects out. Pure: no I/O, no clock, no terminal, no runtime.
//!
//! [`update::update`] is the only place where state changes. Screens and popups are parts
//! ([`part::Behaviour`]); what they show comes from the [`cache::Cache`], what they want is an
//! [`part::Intent`].

pub mod cache;
pub mod command;
pub mod draft;
pub mod effect;
pub mod everywhere;
pub mod job;
pub mod keymap;
pub mod mask;
pub mod message;
pub mod model;
pub mod part;
pub mod settings;
pub mod subject;
pub mod undo;
pub mod update;
pub mod world;
pub mod zones;
