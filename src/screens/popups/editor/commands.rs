//! The keys of a text.

use crate::app::command::{Command, Table};

pub(in crate::screens::popups) const TABLE: Table = Table {
    scope: "text",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "onward",
        words: "save, and on to the next field",
        hint: Some("save, next"),
        keys: &["enter", "tab"],
    },
    Command {
        name: "save",
        words: "save and close",
        hint: Some("save"),
        keys: &["esc", "ctrl-s"],
    },
    Command {
        name: "line",
        words: "begin a new line",
        hint: Some("new line"),
        keys: &["alt-enter", "ctrl-j"],
    },
    Command {
        name: "external",
        words: "go on in your own editor",
        hint: Some("own editor"),
        keys: &["ctrl-e"],
    },
    Command {
        name: "leave",
        words: "leave the text as it was before",
        hint: Some("leave"),
        keys: &["ctrl-c"],
    },
    Command {
        name: "help",
        words: "all keys, from within a text",
        hint: Some("help"),
        keys: &["ctrl-g", "f1"],
    },
    Command {
        name: "undo",
        words: "take back what was typed last",
        hint: None,
        keys: &["ctrl-u", "ctrl-_"],
    },
    Command {
        name: "redo",
        words: "type it again",
        hint: None,
        keys: &["ctrl-r", "ctrl-y"],
    },
    Command {
        name: "word-left",
        words: "a word back",
        hint: None,
        keys: &["ctrl-left", "alt-b"],
    },
    Command {
        name: "word-right",
        words: "a word on",
        hint: None,
        keys: &["ctrl-right", "alt-f"],
    },
    Command {
        name: "row-start",
        words: "to the start of the row",
        hint: None,
        keys: &["home", "ctrl-a"],
    },
    Command {
        name: "row-end",
        words: "to the end of the row",
        hint: None,
        keys: &["end"],
    },
    Command {
        name: "text-start",
        words: "to the start of the text",
        hint: None,
        keys: &["ctrl-home", "alt-<"],
    },
    Command {
        name: "text-end",
        words: "to the end of the text",
        hint: None,
        keys: &["ctrl-end", "alt->"],
    },
    Command {
        name: "delete-word",
        words: "delete the word before the cursor",
        hint: None,
        keys: &["ctrl-w"],
    },
    Command {
        name: "delete-next-word",
        words: "delete the word behind the cursor",
        hint: None,
        keys: &["alt-d"],
    },
    Command {
        name: "delete-line-end",
        words: "delete to the end of the line",
        hint: None,
        keys: &["ctrl-k"],
    },
];

/// Commands that the text itself carries out, by their keys.
pub(super) const EDITING: &[&str] = &[
    "undo",
    "redo",
    "word-left",
    "word-right",
    "row-start",
    "row-end",
    "text-start",
    "text-end",
    "delete-word",
    "delete-next-word",
    "delete-line-end",
];
