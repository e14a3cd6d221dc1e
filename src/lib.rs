//! Harris Wildlands: a private ledger for one person's life and work, kept in PostgreSQL.
//!
//! The map of the house, from the ground up; nothing imports upward:
//!
//! - [`domain`]: entities, the log form, validation, the export document, privacy. No I/O, no clock.
//! - [`store`]: PostgreSQL; requests in, events out; connections, migrations, the private server,
//!   the outbox, the person's settings.
//! - [`transfer`]: export of everything a person has; backup, restore, what is made by itself, doctor.
//! - [`app`]: pure; model, message, update, effect, the cache of what was delivered, keys, undo.
//! - [`ui`]: what every screen draws with; theme, widgets, text width, hints.
//! - [`screens`]: one module per screen and one row in the registry.
//! - [`shell`]: everything that touches the world; event loop, terminal, signals, editor.
//! - [`cli`]: one module per subcommand.

pub mod app;
pub mod cli;
pub mod domain;
pub mod screens;
pub mod shell;
pub mod store;
pub mod transfer;
pub mod ui;
