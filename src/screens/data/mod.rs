//! Data: where the data is, how the way to it is, how much there is, what was done with it as a whole,
//! what is kept for how long.

mod commands;
mod rows;
mod upkeep;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::cache::Remote;
use crate::app::command::Table;
use crate::app::effect::Job;
use crate::app::job::{JobKind, JobLine};
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply, Tone};
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::secret::Secret;
use crate::domain::text::{printable_lines, size};
use crate::store::api::{DataStatus, Link, Query};
use crate::ui::{Role, width};

use super::popups::{DeletedRecords, Prompt};
use super::scroll::Scroll;
use super::{Screen, Tui, ViewCx, open};
use rows::{Kept, Listed};

/// The key tables of this screen's popups.
pub const POPUPS: &[Table] = &[rows::TABLE];

/// The Data screen.
#[derive(Debug, Default)]
pub struct Data {
    scroll: Scroll,
    /// What the line that is being typed confirms.
    asked: Option<Asked>,
}

/// Something that is done once its name has been typed.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    /// What has to be typed.
    name: String,
    /// What is done then.
    job: Job,
}

/// A line: a heading, a named fact, or a remark.
enum Line {
    Heading(&'static str),
    Fact(&'static str, String, Role),
    Count(String, u64),
    Remark(String, Role),
    Blank,
}

impl Data {
    /// Asks for a name; nothing is done before it has been typed.
    fn ask(&mut self, name: &str, label: &str, job: Job, out: &mut Vec<Intent<Tui>>) {
        let help = format!("type {name} to go on; esc leaves everything as it is");
        self.asked = Some(Asked {
            name: name.to_owned(),
            job,
        });
        out.push(open(Prompt::line(label, &help, |_| Ok(()))));
    }

    fn confirmed(&mut self, typed: &str, out: &mut Vec<Intent<Tui>>) {
        let Some(asked) = self.asked.take() else {
            return;
        };
        if typed.trim() == asked.name {
            out.push(Intent::Start(asked.job));
        } else {
            let text = format!("nothing was done: that was not {}", asked.name);
            out.push(Intent::Say(Tone::Plain, text));
        }
    }

    fn ask_for_retention(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        let Some(names) = upkeep::enabled(world) else {
            let text = "what is enabled is not known yet".to_owned();
            return out.push(Intent::Say(Tone::Plain, text));
        };
        if names.is_empty() {
            let text = "no policy is enabled; everything is kept".to_owned();
            return out.push(Intent::Say(Tone::Plain, text));
        }
        self.ask(&names, "Carry retention out", Job::Retention, out);
    }
}

impl Behaviour<Tui> for Data {
    fn title(&self) -> &'static str {
        "Data"
    }

    fn table(&self) -> Table {
        commands::TABLE
    }

    fn needs(&self, world: &World) -> Vec<Query> {
        vec![Query::DataStatus, rows::query(world)]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let name = match input {
            Input::Command(name, _) => name,
            Input::Reply(Reply::Line(typed)) => {
                self.confirmed(&typed, out);
                return Handled::Yes;
            }
            _ => return Handled::No,
        };
        match name {
            _ if self.scroll.command(name) => {}
            "refresh" => {
                out.push(Intent::Refresh(Query::DataStatus));
                out.push(Intent::Refresh(rows::query(world)));
            }
            "archive" => out.push(open(Kept::new(Listed::Archived))),
            "retention" => out.push(open(Kept::new(Listed::Concerned))),
            "run-retention" => self.ask_for_retention(world, out),
            "sign-out" => self.ask("sign out", "Sign out everywhere", Job::SignOut, out),
            "deleted" => out.push(open(DeletedRecords::default())),
            "copy" => {
                let report = world.jobs.report(JobKind::Export);
                if let Some(path) = report.and_then(|report| report.path.as_ref()) {
                    out.push(Intent::Copy(Secret::new(path.display().to_string())));
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
        job_lines(cx.world, &mut lines);
        upkeep::lines(cx.world, &mut lines);
        count_lines(cx.world, &mut lines);
        let rows = rows(&lines, inside.width);
        let seen = self.scroll.over(rows.len(), usize::from(inside.height));
        for (row, place) in rows.iter().skip(seen.first).zip(inside.rows()) {
            cx.put(buf, place, 1, row.name, row.name_role);
            cx.put(buf, place, row.column, &row.text, row.role);
        }
        cx.mark_more(inside, buf, seen.above, seen.below);
        None
    }
}

/// A line of the screen: a name and a text beside it.
struct Row<'l> {
    name: &'l str,
    name_role: Role,
    column: u16,
    text: String,
    role: Role,
}

/// The lines, their texts wrapped to this many columns.
fn rows(lines: &[Line], columns: u16) -> Vec<Row<'_>> {
    let column = if columns < 50 { 11 } else { 18 };
    let names = lines.iter().filter_map(|line| match line {
        Line::Count(name, _) => u16::try_from(width::width(name)).ok(),
        _ => None,
    });
    let counts = names.max().unwrap_or(0).saturating_add(3).max(column);
    let mut rows = Vec::new();
    for line in lines {
        let (name, name_role, column, text, role) = match line {
            Line::Heading(name) => (*name, Role::Heading, 1, String::new(), Role::Text),
            Line::Fact(name, text, role) => (*name, Role::Muted, column, text.clone(), *role),
            Line::Count(name, count) => (
                name.as_str(),
                Role::Muted,
                counts,
                count.to_string(),
                Role::Value,
            ),
            Line::Remark(text, role) => ("", Role::Muted, 1, text.clone(), *role),
            Line::Blank => ("", Role::Text, 1, String::new(), Role::Text),
        };
        let text = printable_lines(&text).into_owned();
        let room = columns.saturating_sub(column + 1);
        for (at, range) in width::wrap(&text, room.into()).into_iter().enumerate() {
            rows.push(Row {
                name: if at == 0 { name } else { "" },
                name_role,
                column,
                text: text.get(range).unwrap_or_default().to_owned(),
                role,
            });
        }
    }
    rows
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
        let key = world.keymap.everywhere("reconnect");
        let text = match retry_at {
            Some(at) => format!(
                "next attempt by itself at {}; {key} tries now",
                clock(world, *at)
            ),
            None => format!("{key} tries again"),
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

fn job_lines(world: &World, lines: &mut Vec<Line>) {
    lines.push(Line::Heading("The way out"));
    let key = world.keymap.everywhere("export");
    let jobs = &world.jobs;
    if let Some((kind, progress)) = &jobs.running {
        let text = format!("{}; {key} stops it", progress.said());
        lines.push(Line::Fact(kind.doing(), text, Role::Value));
    }
    match jobs.last.and_then(|kind| jobs.ended.get(&kind)) {
        Some(Ok(report)) => lines.extend(report.lines.iter().map(|line| match line {
            JobLine::Fact(name, text) => Line::Fact(name, text.clone(), Role::Value),
            JobLine::Remark(text) => Line::Remark(text.clone(), Role::Text),
            JobLine::Warning(text) => Line::Remark(text.clone(), Role::Warn),
        })),
        Some(Err(reason)) => lines.push(Line::Fact("failed", reason.clone(), Role::Danger)),
        None if jobs.running.is_none() => {
            let text = format!(
                "{key} writes everything as JSON to a new file; so does `wildlands export`."
            );
            lines.push(Line::Remark(text, Role::Text));
        }
        None => {}
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
