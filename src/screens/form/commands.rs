//! The keys of every form.

use crate::app::command::{Command, Table};

/// Scope and commands of forms.
pub const TABLE: Table = Table {
    scope: "form",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "next-field",
        words: "next field",
        hint: Some("field"),
        keys: &["j", "down"],
    },
    Command {
        name: "previous-field",
        words: "previous field",
        hint: Some("field"),
        keys: &["k", "up"],
    },
    Command {
        name: "set",
        words: "set a scale (0 is 10 where it ends at 10), begin a number, pick an option",
        hint: Some("set"),
        keys: &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    },
    Command {
        name: "toggle",
        words: "yes, no, not answered; the next option of a choice",
        hint: Some("yes/no"),
        keys: &["space"],
    },
    Command {
        name: "edit",
        words: "write the text, enter the number, pick from the list; on a scale: next field",
        hint: Some("edit"),
        keys: &["enter"],
    },
    Command {
        name: "less",
        words: "one step down",
        hint: None,
        keys: &["h", "left"],
    },
    Command {
        name: "more",
        words: "one step up",
        hint: None,
        keys: &["l", "right"],
    },
    Command {
        name: "clear",
        words: "clear the answer",
        hint: None,
        keys: &["backspace", "delete"],
    },
    Command {
        name: "editor",
        words: "write the text in your own editor",
        hint: None,
        keys: &["e"],
    },
    Command {
        name: "copy",
        words: "copy the field to the clipboard",
        hint: None,
        keys: &["y"],
    },
    Command {
        name: "next-section",
        words: "next section",
        hint: None,
        keys: &["}", "pagedown"],
    },
    Command {
        name: "previous-section",
        words: "previous section",
        hint: None,
        keys: &["{", "pageup"],
    },
    Command {
        name: "first-field",
        words: "first field",
        hint: None,
        keys: &["g", "home"],
    },
    Command {
        name: "last-field",
        words: "last field",
        hint: None,
        keys: &["G", "end"],
    },
];
