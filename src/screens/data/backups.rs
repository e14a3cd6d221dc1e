//! How old the last export, backup and dump are, what is due, and when it is made.

use jiff::Timestamp;

use super::lines::Line;
use crate::app::world::World;
use crate::domain::backup::{Due, Kind, Shelf};
use crate::domain::dates;
use crate::ui::Role;

/// The section at the top.
pub(super) fn lines(world: &World, lines: &mut Vec<Line>) {
    lines.push(Line::Heading("Backups"));
    match &world.shelf {
        None => lines.push(Line::Remark("not known yet".to_owned(), Role::Placeholder)),
        Some(Err(reason)) => {
            let text = format!("not known: {reason}");
            lines.push(Line::Remark(text, Role::Placeholder));
        }
        Some(Ok(shelf)) => shelf_lines(shelf, world, lines),
    }
    let key = |command| world.keymap.named("data", command);
    let text = format!(
        "{} backs up · {} lists backups: verify, restore · {} exports · {} imports",
        key("back-up"),
        key("backups"),
        world.keymap.everywhere("export"),
        key("import"),
    );
    lines.push(Line::Remark(text, Role::Muted));
    lines.push(Line::Blank);
}

fn shelf_lines(shelf: &Shelf, world: &World, lines: &mut Vec<Line>) {
    let is_empty = is_empty(world);
    for due in &shelf.due {
        let (text, role) = state(due, is_empty, world);
        lines.push(Line::Fact(name(due.kind), text, role));
        if due.kind == Kind::Snapshot {
            lines.push(tested(shelf, world));
        }
    }
    if let Some((text, role)) = next(shelf, is_empty, world) {
        lines.push(Line::Fact("by itself", text, role));
    }
    let kept = shelf.kept.as_deref().unwrap_or_default();
    let left = kept.iter().filter(|kept| kept.is_unfinished).count();
    let key = world.keymap.named("data", "kept-aside");
    let noun = |count| if count == 1 { "database" } else { "databases" };
    let count = kept.len() - left;
    if count > 0 {
        let text = format!(
            "{count} {} of before a restore; {key} lists them",
            noun(count)
        );
        lines.push(Line::Fact("kept aside", text, Role::Value));
    }
    if left > 0 {
        let text = format!(
            "{left} {} of a restore that was killed; {key} drops them",
            noun(left)
        );
        lines.push(Line::Fact("unfinished", text, Role::Warn));
    }
}

const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Export => "export",
        Kind::Snapshot | Kind::Asked => "backup",
        Kind::Migration => "migration",
    }
}

/// Whether it is known that nothing was written down yet: then nothing is due.
fn is_empty(world: &World) -> bool {
    let status = world.cache.data_status();
    status.is_some_and(|status| status.counts.iter().all(|(_, count)| *count == 0))
}

fn state(due: &Due, is_empty: bool, world: &World) -> (String, Role) {
    let every = due.every.map_or_else(String::new, |days| match days {
        1 => "; every day".to_owned(),
        days => format!("; every {days} days"),
    });
    match due.last {
        Some(last) => {
            let text = format!("{}{every}", ago(last, world));
            if due.due {
                (format!("{text}: due"), Role::Warn)
            } else {
                (text, Role::Value)
            }
        }
        None if due.kind == Kind::Migration && due.keep > 0 => {
            ("none was needed so far".to_owned(), Role::Muted)
        }
        None if due.every.is_none() => ("switched off in the settings".to_owned(), Role::Muted),
        None if is_empty => ("none; nothing is written down yet".to_owned(), Role::Muted),
        None => (format!("none yet{every}: due"), Role::Warn),
    }
}

fn tested(shelf: &Shelf, world: &World) -> Line {
    if let Some((_, at)) = shelf.restored() {
        let text = format!("{}, by a test restore", ago(at, world));
        return Line::Fact("verified", text, Role::Value);
    }
    let text = "none was restored as a test yet".to_owned();
    Line::Fact("verified", text, Role::Muted)
}

/// When what is due is made.
fn next(shelf: &Shelf, is_empty: bool, world: &World) -> Option<(String, Role)> {
    let next = shelf.next()?;
    let quiet = world.settings.due_after;
    if quiet.is_zero() {
        let text = "off (setting due_idle_seconds); `wildlands backup --due` makes what is due";
        return Some((text.to_owned(), Role::Muted));
    }
    let is_due = next <= world.now.instant && !is_empty;
    let seconds = quiet.as_secs();
    let text = if is_due {
        format!("what is due is made after {seconds} seconds without a key")
    } else if next <= world.now.instant {
        "once something is written down".to_owned()
    } else {
        let day = next.to_zoned(world.zone().clone()).date();
        format!("the next is due {}", dates::long(day))
    };
    Some((text, Role::Muted))
}

/// `today 09:12`, `3 days ago`.
pub(super) fn ago(at: Timestamp, world: &World) -> String {
    let day = at.to_zoned(world.zone().clone()).date();
    match world.today.duration_since(day).as_hours() / 24 {
        0 => format!("today {}", world.clock(at)),
        1 => "yesterday".to_owned(),
        days @ 2.. => format!("{days} days ago"),
        // A clock that was set back.
        _ => dates::long(day),
    }
}
