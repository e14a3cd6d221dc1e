//! Harris Wildlands: a private ledger for one person's life and work, kept in PostgreSQL.
//!
//! The map of the house, from the ground up; nothing imports upward:

/// Pure: model, message, update, effect, the cache of what the store delivered, keys, undo.
pub mod app;
/// One module per subcommand.
pub mod cli;
/// Pure: entities, the log form, validation, the export document, privacy. No I/O, no clock.
pub mod domain;
/// One module per screen and one row in the registry.
pub mod screens;
/// Everything that touches the world: event loop, terminal, signals, editor, configuration.
pub mod shell;
/// PostgreSQL: requests in, events out; connections, migrations, the private server, the outbox.
pub mod store;
/// Export of everything a person has.
pub mod transfer;
/// What every screen draws with: theme, widgets, text width, hints.
pub mod ui;
