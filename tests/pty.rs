//! The real program in a terminal, on a real database: what a person types, sees, and keeps,
//! whatever ends.
//!
//! Each test has a home of its own. Where the private server is not what is looked at, the database
//! is a fresh one on a throw-away server. Everything that a test starts ends with it, after a
//! failure too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod pty_support;
mod support;

#[path = "pty/backups.rs"]
mod backups;
#[path = "pty/drift.rs"]
mod drift;
#[path = "pty/ends.rs"]
mod ends;
#[path = "pty/evening.rs"]
mod evening;
#[path = "pty/files.rs"]
mod files;
#[path = "pty/goals.rs"]
mod goals;
#[path = "pty/home.rs"]
mod home;
#[path = "pty/ideas.rs"]
mod ideas;
#[path = "pty/keys.rs"]
mod keys;
#[path = "pty/masking.rs"]
mod masking;
#[path = "pty/other_programs.rs"]
mod other_programs;
#[path = "pty/review.rs"]
mod review;
#[path = "pty/safety.rs"]
mod safety;
#[path = "pty/servers.rs"]
mod servers;
#[path = "pty/settings.rs"]
mod settings;
#[path = "pty/terminal.rs"]
mod terminal;
#[path = "pty/typing.rs"]
mod typing;
