//! Where the data is, how the way to it is, how much there is.

use jiff::Timestamp;

use super::lines::Line;
use crate::app::cache::Remote;
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::export_format::spoken;
use crate::domain::text::size;
use crate::store::api::{DataStatus, Link, Query};
use crate::ui::Role;

pub(super) fn place_lines(world: &World, lines: &mut Vec<Line>) {
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

pub(super) fn link_lines(world: &World, lines: &mut Vec<Line>) {
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

pub(super) fn count_lines(world: &World, lines: &mut Vec<Line>) {
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
        .map(|(table, count)| Line::Count(spoken(table), *count))
}
