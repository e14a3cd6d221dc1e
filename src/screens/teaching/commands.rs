//! The keys of Teaching.

use crate::app::command::{Command, Table};

/// Scope and commands of Teaching.
pub const TABLE: Table = Table {
    scope: "teaching",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "new",
        words: "a new lesson request",
        hint: Some("new"),
        keys: &["n"],
    },
    Command {
        name: "plan",
        words: "make the plan from the template",
        hint: Some("plan"),
        keys: &["p"],
    },
    Command {
        name: "edit-plan",
        words: "edit the plan's sections and minutes",
        hint: Some("edit plan"),
        keys: &["e"],
    },
    Command {
        name: "read",
        words: "read the checklist and the plan",
        hint: Some("read"),
        keys: &["c", "space"],
    },
    Command {
        name: "write",
        words: "write it as Markdown or PDF into the export directory",
        hint: Some("write"),
        keys: &["w"],
    },
    Command {
        name: "taught",
        words: "mark it taught: asks the date, then notes",
        hint: Some("taught"),
        keys: &["t"],
    },
    Command {
        name: "status",
        words: "set the status",
        hint: Some("status"),
        keys: &["s"],
    },
    Command {
        name: "previous-status",
        words: "the list before: open, requested, planned, taught, archived",
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
        name: "duplicate",
        words: "make a second one like it, with its plan",
        hint: None,
        keys: &["C"],
    },
    Command {
        name: "archive",
        words: "put it away; the list of the archived keeps it",
        hint: None,
        keys: &["a"],
    },
];
