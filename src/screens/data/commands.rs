//! The keys of the Data screen.

use crate::app::command::{Command, Table};

/// Scope and commands of the Data screen.
pub const TABLE: Table = Table {
    scope: "data",
    commands: COMMANDS,
};

/// A row of a table of the data screen's parts.
pub(super) const fn row(
    name: &'static str,
    words: &'static str,
    hint: Option<&'static str>,
    keys: &'static [&'static str],
) -> Command {
    Command {
        name,
        words,
        hint,
        keys,
    }
}

const COMMANDS: &[Command] = &[
    row("down", "a line down", Some("scroll"), &["j", "down"]),
    row("up", "a line up", Some("scroll"), &["k", "up"]),
    row("page-down", "a page down", None, &["pagedown", "space"]),
    row("page-up", "a page up", None, &["pageup"]),
    row("top", "to the top", None, &["g", "home"]),
    row("bottom", "to the end", None, &["G", "end"]),
    row(
        "back-up",
        "make a backup of the whole database now, or stop the one that is being made",
        Some("back up"),
        &["B"],
    ),
    row(
        "backups",
        "the backups that are there: verify one, restore one",
        Some("backups"),
        &["l"],
    ),
    row(
        "import",
        "take an export in: first what it would change, then the import",
        Some("import"),
        &["I"],
    ),
    row(
        "kept-aside",
        "databases that restores kept aside: use one again, drop one",
        None,
        &["K"],
    ),
    row("stop", "stop the job that runs", None, &["esc"]),
    row("refresh", "count again", Some("count again"), &["r"]),
    row(
        "deleted",
        "records that were deleted, to bring them back",
        Some("deleted"),
        &["b"],
    ),
    row(
        "archive",
        "what retention has archived, to bring it back",
        Some("archive"),
        &["a"],
    ),
    row(
        "retention",
        "retention, dry: what each policy concerns, and the oldest rows",
        Some("retention"),
        &["d"],
    ),
    row(
        "policies",
        "what is kept for how long: change the policies of retention",
        Some("policies"),
        &["e"],
    ),
    row(
        "run-retention",
        "carry the enabled policies out, after an export of what they concern; the tables' names are typed",
        None,
        &["D"],
    ),
    row(
        "sign-out",
        "end all sessions that are signed in by password; the word is typed",
        None,
        &["S"],
    ),
    row(
        "copy",
        "copy the path of the last export or backup",
        None,
        &["y"],
    ),
];
