//! Data: where the data is, how the way to it is, how much there is, and the last export.

use std::cell::Cell;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::cache::Remote;
use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent, Tone};
use crate::app::world::{Export, World};
use crate::domain::dates;
use crate::domain::secret::Secret;
use crate::domain::text::size;
use crate::store::api::{DataStatus, Link, Query};
use crate::ui::{Paragraph, Role};

use super::{Screen, Tui, ViewCx};

const TABLE: Table = Table {
    scope: "data",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "down",
        words: "a line down",
        hint: Some("scroll"),
        keys: &["j", "down"],
    },
    Command {
        name: "up",
        words: "a line up",
        hint: Some("scroll"),
        keys: &["k", "up"],
    },
    Command {
        name: "refresh",
        words: "count again",
        hint: Some("count again"),
        keys: &["r"],
    },
    Command {
        name: "copy",
        words: "copy the path of the last export",
        hint: None,
        keys: &["y"],
    },
];

/// The Data screen.
#[derive(Debug, Default)]
pub struct Data {
    scroll: Cell<usize>,
}

/// A line: a heading, a named fact, or a remark.
enum Line {
    Heading(&'static str),
    Fact(&'static str, String, Role),
    Count(String, u64),
    Remark(String, Role),
    Blank,
}

impl Behaviour<Tui> for Data {
    fn title(&self) -> &'static str {
        "Data"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![Query::DataStatus]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        match name {
            "down" => self.scroll.set(self.scroll.get().saturating_add(1)),
            "up" => self.scroll.set(self.scroll.get().saturating_sub(1)),
            "refresh" => out.push(Intent::Refresh(Query::DataStatus)),
            "copy" => {
                if let Export::Finished(report) = &world.export {
                    out.push(Intent::Copy(Secret::new(report.path.display().to_string())));
                    out.push(Intent::Say(Tone::Plain, "path copied".to_owned()));
                } else {
                    out.push(Intent::Say(Tone::Plain, "no export in this run".to_owned()));
                }
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }
}

impl Screen for Data {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let inside = cx.panel(area, buf, "Data", None);
        let mut lines = Vec::new();
        place_lines(cx.world, &mut lines);
        link_lines(cx.world, &mut lines);
        export_lines(cx.world, &mut lines);
        count_lines(cx.world, &mut lines);
        let last = lines
            .len()
            .saturating_sub(usize::from(inside.height).max(1));
        self.scroll.set(self.scroll.get().min(last));
        draw(cx, lines.iter().skip(self.scroll.get()), inside, buf);
        None
    }
}

fn draw<'l>(cx: ViewCx<'_>, lines: impl Iterator<Item = &'l Line>, area: Rect, buf: &mut Buffer) {
    let column = if area.width < 50 { 11 } else { 18 };
    let mut rest = area;
    for line in lines {
        if rest.height == 0 {
            break;
        }
        let row = Rect { height: 1, ..rest };
        let used = match line {
            Line::Heading(text) => {
                cx.put(buf, row, 1, text, Role::Heading);
                1
            }
            Line::Fact(name, text, role) => {
                cx.put(buf, row, 1, name, Role::Muted);
                let width = rest.width.saturating_sub(column + 1);
                wrapped(
                    cx,
                    Rect {
                        x: rest.x + column.min(rest.width),
                        width,
                        ..rest
                    },
                    buf,
                    text,
                    *role,
                )
            }
            Line::Count(name, count) => {
                cx.put(buf, row, 1, name, Role::Muted);
                cx.put(buf, row, column, &count.to_string(), Role::Value);
                1
            }
            Line::Remark(text, role) => {
                let width = rest.width.saturating_sub(2);
                wrapped(
                    cx,
                    Rect {
                        x: rest.x + 1.min(rest.width),
                        width,
                        ..rest
                    },
                    buf,
                    text,
                    *role,
                )
            }
            Line::Blank => 1,
        };
        let used = used.clamp(1, rest.height);
        rest = Rect {
            y: rest.y + used,
            height: rest.height - used,
            ..rest
        };
    }
}

fn wrapped(cx: ViewCx<'_>, area: Rect, buf: &mut Buffer, text: &str, role: Role) -> u16 {
    let rows = Paragraph {
        text,
        role,
        skip: 0,
    }
    .render(area, buf, cx.look);
    u16::try_from(rows).unwrap_or(u16::MAX)
}

fn place_lines(world: &World, lines: &mut Vec<Line>) {
    lines.push(Line::Heading("Where it is"));
    match world.cache.data_status() {
        Some(status) => {
            lines.push(Line::Fact("database", status.place.clone(), Role::Value));
            if let Some(directory) = &status.directory {
                lines.push(Line::Fact(
                    "directory",
                    directory.display().to_string(),
                    Role::Value,
                ));
            }
            let version = format!(
                "PostgreSQL {}, schema {}",
                status.server_version, status.schema_version
            );
            lines.push(Line::Fact("server", version, Role::Value));
            lines.push(Line::Fact("size", size(status.database_bytes), Role::Value));
        }
        None => lines.push(Line::Remark(not_known(world), Role::Placeholder)),
    }
    if let Some(person) = &world.person {
        lines.push(Line::Fact("person", person.username.clone(), Role::Value));
    }
    for notice in &world.standing_notices {
        lines.push(Line::Remark(notice.clone(), Role::Warn));
    }
    lines.push(Line::Blank);
}

fn not_known(world: &World) -> String {
    match world.cache.state(&Query::DataStatus) {
        Remote::Failed(error, _) => format!("not known: {error}"),
        Remote::Absent | Remote::Loading(_) | Remote::Ready(_) => "not known yet".to_owned(),
    }
}

fn link_lines(world: &World, lines: &mut Vec<Line>) {
    lines.push(Line::Heading("The way to it"));
    let (text, role) = match &world.link {
        Link::Online { .. } => ("connected".to_owned(), Role::Ok),
        Link::Connecting { attempt, step } => (format!("{step} (attempt {attempt})"), Role::Muted),
        Link::Offline { since, error, .. } => (
            format!("offline since {}: {error}", clock(world, *since)),
            Role::Warn,
        ),
    };
    lines.push(Line::Fact("link", text, role));
    if let Link::Offline {
        retry_at, error, ..
    } = &world.link
    {
        lines.push(Line::Fact("what to do", error.advice().clone(), Role::Text));
        let text = match retry_at {
            Some(at) => format!(
                "next attempt by itself at {}; R tries now",
                clock(world, *at)
            ),
            None => "R tries again".to_owned(),
        };
        lines.push(Line::Fact("retry", text, Role::Muted));
    }
    let pending = world.cache.pending();
    if !pending.is_empty() {
        let kept = pending.iter().filter(|pending| pending.kept).count();
        let text = format!("{} changes, {kept} of them on this disk", pending.len());
        lines.push(Line::Fact("unsent", text, Role::Warn));
    }
    lines.push(Line::Blank);
}

fn clock(world: &World, moment: Timestamp) -> String {
    moment
        .to_zoned(world.zone().clone())
        .strftime("%H:%M:%S")
        .to_string()
}

fn export_lines(world: &World, lines: &mut Vec<Line>) {
    lines.push(Line::Heading("The way out"));
    match &world.export {
        Export::None => {
            let text = "x writes everything as JSON to a new file; so does `wildlands export`.";
            lines.push(Line::Remark(text.to_owned(), Role::Text));
        }
        Export::Running(done, total) => {
            lines.push(Line::Fact(
                "exporting",
                format!("{done} of {total} rows; x stops it"),
                Role::Value,
            ));
        }
        Export::Finished(report) => {
            lines.push(Line::Fact(
                "exported to",
                report.path.display().to_string(),
                Role::Value,
            ));
            lines.push(Line::Fact("size", size(report.bytes), Role::Value));
            lines.push(Line::Fact("SHA-256", report.sha256.clone(), Role::Value));
            let rows: Vec<String> = report
                .counts
                .iter()
                .filter(|(_, count)| *count > 0)
                .map(|(table, count)| format!("{table} {count}"))
                .collect();
            let rows = if rows.is_empty() {
                "none yet".to_owned()
            } else {
                rows.join(", ")
            };
            lines.push(Line::Fact("rows", rows, Role::Value));
            lines.push(Line::Remark(
                "It holds everything, sensitive texts too.".to_owned(),
                Role::Warn,
            ));
        }
        Export::Failed(reason) => {
            lines.push(Line::Fact("failed", reason.clone(), Role::Danger));
        }
    }
    lines.push(Line::Blank);
}

fn count_lines(world: &World, lines: &mut Vec<Line>) {
    let Some(status) = world.cache.data_status() else {
        return;
    };
    lines.push(Line::Heading("Your rows"));
    if let Some((first, last)) = status.span {
        let text = format!("{} to {}", dates::long(first), dates::long(last));
        lines.push(Line::Fact("days", text, Role::Value));
    }
    lines.extend(counts(status));
}

fn counts(status: &DataStatus) -> impl Iterator<Item = Line> + '_ {
    status
        .counts
        .iter()
        .map(|(table, count)| Line::Count(table.replace('_', " "), *count))
}
