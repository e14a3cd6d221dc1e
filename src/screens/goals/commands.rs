//! The keys of Goals beside those of every list.

use crate::app::command::{Command, Table};

/// Scope and commands of Goals.
pub const TABLE: Table = Table {
    scope: "goals",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "check-in",
        words: "check in on the day; where it is done already, take that back; amounts are asked for",
        hint: Some("check in"),
        keys: &["space"],
    },
    Command {
        name: "set",
        words: "the day's amount; of a goal that counts days, the day's score (0 is 10)",
        hint: Some("amount or score"),
        keys: &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    },
    Command {
        name: "previous-day",
        words: "the day before",
        hint: Some("day"),
        keys: &["[", "h", "left"],
    },
    Command {
        name: "next-day",
        words: "the day after, up to today",
        hint: Some("day"),
        keys: &["]", "l", "right"],
    },
    Command {
        name: "previous-week",
        words: "the same day a week before",
        hint: None,
        keys: &["{"],
    },
    Command {
        name: "next-week",
        words: "the same day a week later, up to today",
        hint: None,
        keys: &["}"],
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
        name: "note",
        words: "write a note to the day's check-in",
        hint: Some("note"),
        keys: &["w"],
    },
    Command {
        name: "score",
        words: "the score of the day's check-in, 1 to 10",
        hint: Some("score"),
        keys: &["s"],
    },
    Command {
        name: "not-done",
        words: "write down that it was not done on the day",
        hint: None,
        keys: &["!"],
    },
    Command {
        name: "take-back",
        words: "take the day's check-in back",
        hint: None,
        keys: &["backspace"],
    },
    Command {
        name: "new",
        words: "a new goal: title, domain, weekly minimum",
        hint: Some("new"),
        keys: &["a", "n"],
    },
    Command {
        name: "edit",
        words: "all fields of the goal",
        hint: Some("edit"),
        keys: &["e"],
    },
    Command {
        name: "show",
        words: "active, paused or archived goals",
        hint: Some("paused, archived"),
        keys: &["f"],
    },
    Command {
        name: "pause",
        words: "pause the goal, or take it up again",
        hint: None,
        keys: &["p"],
    },
    Command {
        name: "archive",
        words: "archive the goal, or take it up again",
        hint: None,
        keys: &["A"],
    },
    Command {
        name: "year",
        words: "a year of the goal",
        hint: Some("year"),
        keys: &["Y"],
    },
];
