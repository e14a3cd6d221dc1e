//! The keys of Review beside those of every list.

use crate::app::command::{Command, Table};

/// Scope and commands of Review.
pub const TABLE: Table = Table {
    scope: "review",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "guide",
        words: "go through the week step by step, then the questions; a review that was left goes on where it was",
        hint: Some("go through it"),
        keys: &["r"],
    },
    Command {
        name: "previous-week",
        words: "the week before",
        hint: Some("week"),
        keys: &["[", "h", "left"],
    },
    Command {
        name: "next-week",
        words: "the week after, up to this one",
        hint: Some("week"),
        keys: &["]", "l", "right"],
    },
    Command {
        name: "this-week",
        words: "this week",
        hint: None,
        keys: &["t"],
    },
    Command {
        name: "go-to-date",
        words: "the week of a date",
        hint: None,
        keys: &["d"],
    },
    Command {
        name: "answer",
        words: "write the answer to the question under the cursor, else to the first without one",
        hint: Some("answer"),
        keys: &["e"],
    },
    Command {
        name: "earlier",
        words: "earlier reviews, each with the figures that it kept",
        hint: Some("earlier"),
        keys: &["o"],
    },
    Command {
        name: "kept",
        words: "the figures as the review kept them, or as they are now",
        hint: None,
        keys: &["f"],
    },
    Command {
        name: "write",
        words: "write the week as Markdown or PDF, answers and ideas masked or not",
        hint: Some("write"),
        keys: &["w"],
    },
    Command {
        name: "back",
        words: "while going through it, the step before",
        hint: None,
        keys: &["backspace"],
    },
    Command {
        name: "leave",
        words: "leave it half-way; it goes on there the next time",
        hint: None,
        keys: &["esc"],
    },
];
