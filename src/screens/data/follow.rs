//! What popups have in common that start a job and stay until it has ended.

use super::commands::row;
use super::lines::Line;
use crate::app::command::{Command, Table};
use crate::app::job::JobKind;
use crate::app::world::World;
use crate::ui::Role;

/// Scope and commands while a job is followed.
pub const TABLE: Table = Table {
    scope: "job",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    row("down", "a line down", None, &["j", "down"]),
    row("up", "a line up", None, &["k", "up"]),
    row("page-down", "a page down", None, &["pagedown", "space"]),
    row("page-up", "a page up", None, &["pageup"]),
    row("top", "to the top", None, &["home"]),
    row("bottom", "to the end", None, &["end"]),
    row("take", "go on; close what has ended", None, &["enter"]),
    row(
        "close",
        "stop it while it runs; close it",
        None,
        &["esc", "q", "ctrl-c"],
    ),
];

/// How it stands with a job that was started here.
pub(super) enum Stand<'w> {
    /// It runs; so far.
    Runs(String),
    /// It ended as asked.
    Done(&'w crate::app::job::JobReport),
    /// It failed, for this reason.
    Failed(&'w str),
    /// It was stopped, or never began.
    Stopped,
}

/// How it stands with the job of this kind.
pub(super) fn stand(kind: JobKind, world: &World) -> Stand<'_> {
    if let Some(progress) = world.jobs.progress(kind) {
        return Stand::Runs(progress);
    }
    match world.jobs.end(kind) {
        Some(Ok(report)) => Stand::Done(report),
        Some(Err(reason)) => Stand::Failed(reason),
        None => Stand::Stopped,
    }
}

/// That in lines.
pub(super) fn lines(kind: JobKind, world: &World) -> Vec<Line> {
    match stand(kind, world) {
        Stand::Runs(progress) => vec![
            Line::Fact(kind.doing(), progress, Role::Value),
            Line::Blank,
            Line::Remark(
                format!("{} stops it.", world.keymap.named(TABLE.scope, "close")),
                Role::Muted,
            ),
        ],
        Stand::Done(report) => {
            let lines = report.lines.iter().chain(&report.more);
            lines.map(Line::from).collect()
        }
        Stand::Failed(reason) => vec![
            Line::Remark(format!("{}:", kind.not_done()), Role::Warn),
            Line::Remark(reason.to_owned(), Role::Danger),
        ],
        Stand::Stopped => vec![Line::Remark(kind.stopped().to_owned(), Role::Text)],
    }
}

/// The hints: words for the two keys that mean something else at each step.
pub(super) fn hints(
    take: Option<&'static str>,
    close: &'static str,
    world: &World,
) -> Vec<(String, &'static str)> {
    let mut pairs = Vec::new();
    if let Some(take) = take {
        pairs.push(("take", take));
    }
    pairs.push(("close", close));
    world.keymap.pairs(TABLE.scope, &pairs)
}
