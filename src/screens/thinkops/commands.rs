//! The keys of `ThinkOps`.

use crate::app::command::{Command, Table};

/// Scope and commands of `ThinkOps`.
pub const TABLE: Table = Table {
    scope: "thinkops",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "new",
        words: "capture an idea",
        hint: Some("new"),
        keys: &["n"],
    },
    Command {
        name: "move",
        words: "move it along the pipeline; what may follow is offered",
        hint: Some("move on"),
        keys: &["s", ">"],
    },
    Command {
        name: "check",
        words: "reality check: known, likely, speculation, patterns, decision",
        hint: Some("check"),
        keys: &["c"],
    },
    Command {
        name: "previous-status",
        words: "the status before",
        hint: Some("status"),
        keys: &["h", "left"],
    },
    Command {
        name: "next-status",
        words: "the status behind",
        hint: Some("status"),
        keys: &["l", "right"],
    },
    Command {
        name: "filter",
        words: "list some only: by status, category, age",
        hint: Some("filter"),
        keys: &["f"],
    },
    Command {
        name: "order",
        words: "another order: last changed, excitement × feasibility, priority, oldest",
        hint: Some("order"),
        keys: &["o"],
    },
    Command {
        name: "all",
        words: "list all again",
        hint: None,
        keys: &["F"],
    },
    Command {
        name: "copy",
        words: "copy the title to the clipboard",
        hint: None,
        keys: &["y"],
    },
];
