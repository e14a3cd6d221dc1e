//! The backups that are there: verified and restored from here.

use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::backups::ago;
use super::commands::row;
use super::lines::Line;
use super::typed::Typed;
use crate::app::command::{Command, Table};
use crate::app::effect::Job;
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply};
use crate::app::world::World;
use crate::domain::backup::{Archive, Depth, Shelf};
use crate::domain::dates;
use crate::domain::text::{printable, size};
use crate::screens::popups::{Prompt, below, paragraph};
use crate::screens::{Screen, Tui, ViewCx, open};
use crate::store::api::Query;
use crate::ui::list::first_visible;
use crate::ui::{ListView, Paragraph, Role, Row, Run};

/// Scope and commands of the list.
pub const TABLE: Table = Table {
    scope: "backups",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    row("next", "the backup before", Some("move"), &["j", "down"]),
    row("previous", "the backup after", Some("move"), &["k", "up"]),
    row("first", "the newest", None, &["home"]),
    row("last", "the oldest", None, &["G", "end"]),
    row(
        "verify",
        "verify it: list its contents, read it to its end",
        Some("verify"),
        &["enter"],
    ),
    row(
        "verify-fully",
        "verify it fully: restore it into a scratch database, count and compare",
        Some("verify fully"),
        &["F"],
    ),
    row(
        "restore",
        "restore it; the present data are kept aside, and the database's name is typed",
        Some("restore"),
        &["r"],
    ),
    row(
        "other",
        "a backup that is elsewhere, by its path",
        Some("other file"),
        &["o"],
    ),
    row("close", "close", Some("close"), &["esc", "q"]),
];

/// The widest it is.
const COLUMNS: u16 = 78;

/// Rows below the list, at least, that tell of the one under the cursor.
const DETAIL: u16 = 3;

/// The list.
#[derive(Debug, Default)]
pub struct Archives {
    cursor: usize,
    /// A file from elsewhere, which stands first.
    other: Option<PathBuf>,
}

impl Archives {
    fn count(&self, world: &World) -> usize {
        let known = world.known_shelf().map_or(0, |shelf| shelf.archives.len());
        known + usize::from(self.other.is_some())
    }

    /// The file under the cursor, and what is known of it.
    fn selected<'a>(&'a self, world: &'a World) -> Option<(&'a PathBuf, Option<&'a Archive>)> {
        let before = usize::from(self.other.is_some());
        if let (Some(other), 0) = (&self.other, self.cursor) {
            return Some((other, None));
        }
        let archive = world
            .known_shelf()?
            .archives
            .get(self.cursor.checked_sub(before)?)?;
        Some((&archive.path, Some(archive)))
    }

    /// What is known of the one under the cursor.
    fn told(&self, world: &World) -> String {
        let text = match self.selected(world) {
            Some((_, Some(archive))) => what(archive, world),
            Some((path, None)) => format!("{} is looked at once you verify it.", path.display()),
            None => String::new(),
        };
        printable(&text).into_owned()
    }

    fn restore(&self, world: &World, out: &mut Vec<Intent<Tui>>) {
        let (Some((path, archive)), Some(shelf)) = (self.selected(world), world.known_shelf())
        else {
            return;
        };
        let text = replaced(path, archive, shelf, world);
        let job = Job::Restore(path.clone());
        out.push(Intent::Close);
        out.push(open(Typed::new("Restore", text, &shelf.database, job)));
    }

    fn verify(&self, depth: Depth, world: &World, out: &mut Vec<Intent<Tui>>) {
        if let Some((path, _)) = self.selected(world) {
            out.push(Intent::Close);
            out.push(Intent::Start(Job::Verify(path.clone(), depth)));
        }
    }
}

/// What is going to be replaced, by what.
fn replaced(path: &Path, archive: Option<&Archive>, shelf: &Shelf, world: &World) -> Vec<Line> {
    let name = &shelf.database;
    let there = match world.cache.data_status() {
        Some(status) => {
            let rows: u64 = status.counts.iter().map(|(_, count)| count).sum();
            let span = status.span.map_or_else(String::new, |(first, last)| {
                format!(
                    ", days from {} to {}",
                    dates::long(first),
                    dates::long(last)
                )
            });
            format!("{name}: {rows} rows of yours{span}")
        }
        None => format!("{name}: what is in it is not known now"),
    };
    let by = match archive {
        Some(archive) => archive.name(),
        None => path.display().to_string(),
    };
    let mut lines = vec![
        Line::Fact("replaces", there, Role::Warn),
        Line::Fact("by", by, Role::Value),
    ];
    if let Some(archive) = archive {
        let text = format!("{}, {}", ago(archive.at, world), size(archive.bytes));
        lines.push(Line::Fact("made", text, Role::Value));
    }
    lines.push(Line::Remark(
        format!(
            "The backup is restored beside it, and the two are exchanged in one step. What is there now is kept aside as {name}_before_DATE until you drop it. Connections of other programs end at that step; this program connects again by itself."
        ),
        Role::Text,
    ));
    lines
}

impl Behaviour<Tui> for Archives {
    fn title(&self) -> &'static str {
        "Backups"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![Query::DataStatus]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let name = match input {
            Input::Command(name, _) => name,
            Input::Reply(Reply::Line(path)) => {
                let path = path.trim();
                self.other = (!path.is_empty()).then(|| PathBuf::from(path));
                self.cursor = 0;
                return Handled::Yes;
            }
            Input::Key(_)
            | Input::Paste(_)
            | Input::Reply(_)
            | Input::NewDay(_)
            | Input::Shown
            | Input::Answered
            | Input::Visit(_) => return Handled::No,
        };
        let last = self.count(world).saturating_sub(1);
        self.cursor = self.cursor.min(last);
        match name {
            "next" => self.cursor = (self.cursor + 1).min(last),
            "previous" => self.cursor = self.cursor.saturating_sub(1),
            "first" => self.cursor = 0,
            "last" => self.cursor = last,
            "verify" => self.verify(Depth::List, world, out),
            "verify-fully" => self.verify(Depth::Full, world, out),
            "restore" => self.restore(world, out),
            "other" => {
                let help = "the path of an archive of `wildlands backup` or `pg_dump -Fc`; a leading ~/ is your own directory";
                out.push(open(Prompt::line("Backup", help, |_| Ok(()))));
            }
            _ => out.push(Intent::Close),
        }
        Handled::Yes
    }
}

impl Screen for Archives {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let count = self.count(cx.world);
        let rows = u16::try_from(count).unwrap_or(u16::MAX);
        let told = self.told(cx.world);
        let columns = area.width.min(COLUMNS).saturating_sub(4);
        let detail = u16::try_from(Paragraph::rows(&told, columns)).unwrap_or(DETAIL);
        let detail = detail.max(DETAIL);
        let height = rows.saturating_add(2 + detail);
        let height = height.max(7).min(area.height.max(5));
        let inner = cx.popup(area, buf, self.title(), (COLUMNS, height));
        if count == 0 {
            let (text, role) = nothing(cx.world);
            paragraph(cx, inner, buf, &text, role);
            return None;
        }
        let detail = detail.min(inner.height.saturating_sub(2));
        let list = Rect {
            height: inner.height.saturating_sub(detail),
            ..inner
        };
        let cursor = self.cursor.min(count - 1);
        let height = usize::from(list.height).max(1);
        let first = first_visible(0, cursor, height, count);
        let other = self.other.iter().map(|path| {
            let name = printable(&path.display().to_string()).into_owned();
            Row::new(vec![
                Run::new("elsewhere             ", Role::Muted),
                Run::new(name, Role::Text),
            ])
        });
        let known = cx.world.known_shelf().into_iter();
        let known = known.flat_map(|shelf| &shelf.archives);
        let all = other.chain(known.map(|archive| line(archive, cx.world)));
        let rows: Vec<Row<'_>> = all.skip(first).take(height).collect();
        ListView {
            rows: &rows,
            selected: Some(cursor - first),
            more_above: first > 0,
            more_below: first + height < count,
        }
        .render(list, buf, cx.look);
        paragraph(cx, below(inner, list.height), buf, &told, Role::Muted);
        None
    }
}

fn nothing(world: &World) -> (String, Role) {
    match &world.shelf {
        None => ("Looking.".to_owned(), Role::Muted),
        Some(Err(reason)) => (printable(reason).into_owned(), Role::Danger),
        Some(Ok(shelf)) => {
            let text = format!(
                "No backup is in {}. {} makes one; {} names one that is elsewhere.",
                shelf.directory.display(),
                world.keymap.named("data", "back-up"),
                world.keymap.named(TABLE.scope, "other"),
            );
            (printable(&text).into_owned(), Role::Placeholder)
        }
    }
}

fn line<'r>(archive: &Archive, world: &World) -> Row<'r> {
    let age = ago(archive.at, world);
    Row::new(vec![
        Run::new(format!("{age:<12.12} "), Role::Muted),
        Run::new(format!("{:>8} ", size(archive.bytes)), Role::Value),
        Run::new(printable(&archive.name()).into_owned(), Role::Text),
    ])
}

/// What is known of the one under the cursor.
fn what(archive: &Archive, world: &World) -> String {
    let kind = match archive.kind {
        Some(kind) => kind.words(),
        None => "not recorded here: of another machine, or put here",
    };
    let tested = match archive.restored {
        Some(at) => format!("restored as a test {}", ago(at, world)),
        None => "not restored as a test yet".to_owned(),
    };
    format!("{}: {kind}; {tested}.", archive.name())
}
