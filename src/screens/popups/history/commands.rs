//! The keys of the history.

use crate::app::command::{Command, Table};

/// Scope and commands of the history of a record.
pub(crate) const TABLE: Table = Table {
    scope: "history",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "next",
        words: "the version before; a line down",
        hint: Some("move"),
        keys: &["j", "down"],
    },
    Command {
        name: "previous",
        words: "the version after; a line up",
        hint: Some("move"),
        keys: &["k", "up"],
    },
    Command {
        name: "show",
        words: "show the version; back to the list",
        hint: Some("show"),
        keys: &["enter"],
    },
    Command {
        name: "compare",
        words: "compare with the marked version, or with the one before",
        hint: Some("compare"),
        keys: &["c"],
    },
    Command {
        name: "mark",
        words: "mark the version, to compare another with it",
        hint: Some("mark"),
        keys: &["space"],
    },
    Command {
        name: "bring-back",
        words: "bring the version back; that is a change like any other",
        hint: Some("bring back"),
        keys: &["b"],
    },
    Command {
        name: "other",
        words: "the history of the other record under the cursor: of a goal's check-in",
        hint: None,
        keys: &["H"],
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
        words: "the present version; to the top",
        hint: None,
        keys: &["g", "home"],
    },
    Command {
        name: "last",
        words: "the oldest version that is known; to the end",
        hint: None,
        keys: &["G", "end"],
    },
    Command {
        name: "close",
        words: "back to the list; close",
        hint: Some("close"),
        keys: &["esc", "q"],
    },
];
