//! The commands that work on every screen.

use super::command::{Command, Table};

/// Scope and commands of the keys that work everywhere.
pub const TABLE: Table = Table {
    scope: "everywhere",
    commands: COMMANDS,
};

/// Whether it still works while a popup is open.
#[must_use]
pub fn holds_in_popups(command: &str) -> bool {
    matches!(
        command,
        "reveal"
            | "reveal-screen"
            | "mask"
            | "redraw"
            | "suspend"
            | "cover"
            | "capture"
            | "history"
            | "help"
            | "next-theme"
    )
}

const COMMANDS: &[Command] = &[
    Command {
        name: "next-screen",
        words: "next screen",
        hint: None,
        keys: &["tab"],
    },
    Command {
        name: "previous-screen",
        words: "previous screen",
        hint: None,
        keys: &["backtab"],
    },
    Command {
        name: "screen",
        words: "screen by its number",
        hint: None,
        keys: &[
            "alt-1", "alt-2", "alt-3", "alt-4", "alt-5", "alt-6", "alt-7", "alt-8", "f1", "f2",
            "f3", "f4", "f5", "f6", "f7", "f8",
        ],
    },
    Command {
        name: "reveal",
        words: "reveal the item under the cursor for a moment, or mask it again",
        hint: None,
        keys: &["v"],
    },
    Command {
        name: "reveal-screen",
        words: "reveal the whole screen for a moment, or mask it again",
        hint: None,
        keys: &["V"],
    },
    Command {
        name: "mask",
        words: "mask everything at once",
        hint: None,
        keys: &["m"],
    },
    Command {
        name: "cover",
        words: "cover the screen until it is uncovered (a curtain, not a password)",
        hint: None,
        keys: &["L"],
    },
    Command {
        name: "undo",
        words: "take the last change back",
        hint: None,
        keys: &["u"],
    },
    Command {
        name: "redo",
        words: "make it again",
        hint: None,
        keys: &["ctrl-r"],
    },
    Command {
        name: "reconnect",
        words: "reach for the database now, and load everything shown again",
        hint: None,
        keys: &["R"],
    },
    Command {
        name: "capture",
        words: "capture an idea: its title, and done",
        hint: None,
        keys: &["i"],
    },
    Command {
        name: "history",
        words: "the versions of the record under the cursor: show, compare, bring back",
        hint: None,
        keys: &["H"],
    },
    Command {
        name: "search",
        words: "search everything that is written down",
        hint: Some("search"),
        keys: &["/"],
    },
    Command {
        name: "palette",
        words: "any command by its name, and every screen",
        hint: None,
        keys: &[":", "ctrl-p"],
    },
    Command {
        name: "help",
        words: "all keys",
        hint: Some("help"),
        keys: &["?"],
    },
    Command {
        name: "next-theme",
        words: "the next theme",
        hint: None,
        keys: &["T"],
    },
    Command {
        name: "settings",
        words: "all settings: theme, week, reveal, idle cover, mouse, search …",
        hint: None,
        keys: &[","],
    },
    Command {
        name: "redraw",
        words: "draw the screen anew",
        hint: None,
        keys: &["ctrl-l"],
    },
    Command {
        name: "suspend",
        words: "stop the program and go back to the shell (`fg` returns)",
        hint: None,
        keys: &["ctrl-z"],
    },
    Command {
        name: "quit",
        words: "quit; nothing that was typed is lost",
        hint: Some("quit"),
        keys: &["q", "ctrl-c"],
    },
    Command {
        name: "export",
        words: "export everything as JSON; while a job runs, stop it",
        hint: Some("export"),
        keys: &["x"],
    },
    Command {
        name: "export-as",
        words: "export a part, covered, sealed with a passphrase, as pages or tables",
        hint: None,
        keys: &["X"],
    },
];
