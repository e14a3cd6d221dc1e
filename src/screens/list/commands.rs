//! The keys of every list of records.

use crate::app::command::{Command, Table};

/// Scope and commands of lists of records.
pub const TABLE: Table = Table {
    scope: "list",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "next",
        words: "next one",
        hint: Some("move"),
        keys: &["j", "down"],
    },
    Command {
        name: "previous",
        words: "the one before",
        hint: Some("move"),
        keys: &["k", "up"],
    },
    Command {
        name: "open",
        words: "open it",
        hint: Some("open"),
        keys: &["enter"],
    },
    Command {
        name: "delete",
        words: "delete it; asked once more",
        hint: Some("delete"),
        keys: &["D", "delete"],
    },
    Command {
        name: "page-down",
        words: "a page down",
        hint: None,
        keys: &["pagedown"],
    },
    Command {
        name: "page-up",
        words: "a page up",
        hint: None,
        keys: &["pageup"],
    },
    Command {
        name: "first",
        words: "first one",
        hint: None,
        keys: &["g", "home"],
    },
    Command {
        name: "last",
        words: "last one",
        hint: None,
        keys: &["G", "end"],
    },
];
