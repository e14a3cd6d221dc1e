//! The keys of `LifeOps` beside those of every form.

use crate::app::command::{Command, Table};

/// Scope and commands of `LifeOps`.
pub const TABLE: Table = Table {
    scope: "lifeops",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "previous-day",
        words: "the day before",
        hint: Some("day"),
        keys: &["["],
    },
    Command {
        name: "next-day",
        words: "the day after",
        hint: Some("day"),
        keys: &["]"],
    },
    Command {
        name: "form",
        words: "quick or full form",
        hint: Some("quick/full"),
        keys: &["f"],
    },
    Command {
        name: "today",
        words: "today",
        hint: None,
        keys: &["t"],
    },
    Command {
        name: "go-to-date",
        words: "go to a date",
        hint: None,
        keys: &["d"],
    },
    Command {
        name: "calendar",
        words: "pick a day in the calendar",
        hint: None,
        keys: &["c"],
    },
    Command {
        name: "year",
        words: "a year of the field under the cursor",
        hint: None,
        keys: &["Y"],
    },
    Command {
        name: "on-this-day",
        words: "this day in earlier years",
        hint: None,
        keys: &["o"],
    },
];
