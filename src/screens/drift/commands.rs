//! The keys of Drift beside those of every list.

use crate::app::command::{Command, Table};

/// Scope and commands of Drift.
pub const TABLE: Table = Table {
    scope: "drift",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "acknowledge",
        words: "acknowledge the signal: it is not among the open ones again while it lasts",
        hint: Some("acknowledge"),
        keys: &["a"],
    },
    Command {
        name: "snooze",
        words: "set the signal aside until a date, and write why",
        hint: Some("snooze"),
        keys: &["s"],
    },
    Command {
        name: "explain",
        words: "the formula in words, with the numbers of this signal; once more shows the keys",
        hint: Some("formula"),
        keys: &["?"],
    },
    Command {
        name: "previous-status",
        words: "the list before: open, acknowledged, snoozed, resolved",
        hint: Some("list"),
        keys: &["h", "left"],
    },
    Command {
        name: "next-status",
        words: "the list behind",
        hint: Some("list"),
        keys: &["l", "right"],
    },
    Command {
        name: "fields",
        words: "which fields and domains take part",
        hint: Some("fields"),
        keys: &["f"],
    },
    Command {
        name: "note",
        words: "write about the signal",
        hint: None,
        keys: &["e"],
    },
    Command {
        name: "reopen",
        words: "put an acknowledged or snoozed signal back among the open ones",
        hint: None,
        keys: &["o"],
    },
    Command {
        name: "recalculate",
        words: "calculate all signals anew",
        hint: None,
        keys: &["r"],
    },
    Command {
        name: "back",
        words: "from the rows back to the list",
        hint: None,
        keys: &["esc", "backspace"],
    },
];
