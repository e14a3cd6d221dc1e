//! The keys of Wildlands.

use crate::app::command::{Command, Table};

/// Scope and commands of Wildlands.
pub const TABLE: Table = Table {
    scope: "wildlands",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "new",
        words: "a new piece: asks type and template, then the title",
        hint: Some("new"),
        keys: &["n"],
    },
    Command {
        name: "edit-body",
        words: "write the body",
        hint: Some("body"),
        keys: &["e"],
    },
    Command {
        name: "insert",
        words: "put the template's skeleton into the body",
        hint: Some("template"),
        keys: &["i"],
    },
    Command {
        name: "status",
        words: "move it: draft, published, archived",
        hint: Some("status"),
        keys: &["s"],
    },
    Command {
        name: "read",
        words: "read it, with counts and what is longer than its type takes",
        hint: Some("read"),
        keys: &["c", "space"],
    },
    Command {
        name: "write",
        words: "write it as Markdown into the export directory",
        hint: Some("write"),
        keys: &["w"],
    },
    Command {
        name: "type",
        words: "another type and template",
        hint: None,
        keys: &["t"],
    },
    Command {
        name: "filter",
        words: "list some types only",
        hint: Some("filter"),
        keys: &["f"],
    },
    Command {
        name: "all",
        words: "list all types again",
        hint: None,
        keys: &["F"],
    },
    Command {
        name: "previous-status",
        words: "the list before: current, draft, published, archived",
        hint: Some("list"),
        keys: &["h", "left"],
    },
    Command {
        name: "next-status",
        words: "the list behind",
        hint: Some("list"),
        keys: &["l", "right"],
    },
];
