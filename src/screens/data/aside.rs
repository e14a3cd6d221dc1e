//! Databases that restores kept aside: used again, or dropped.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::lines::Line;
use super::typed::Typed;
use crate::app::command::{Command, Table};
use crate::app::effect::Job;
use crate::app::part::{Behaviour, Handled, Input, Intent, Tone};
use crate::app::world::World;
use crate::domain::backup;
use crate::domain::text::{printable, size};
use crate::screens::popups::paragraph;
use crate::screens::{Screen, Tui, ViewCx, open};
use crate::store::api::Query;
use crate::ui::list::first_visible;
use crate::ui::{ListView, Role, Row, Run};

/// Scope and commands of the list.
pub const TABLE: Table = Table {
    scope: "aside",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "next",
        words: "the one before",
        hint: Some("move"),
        keys: &["j", "down"],
    },
    Command {
        name: "previous",
        words: "the one after",
        hint: Some("move"),
        keys: &["k", "up"],
    },
    Command {
        name: "use",
        words: "use it again; the present data are kept aside, and the database's name is typed",
        hint: Some("use again"),
        keys: &["enter"],
    },
    Command {
        name: "drop",
        words: "drop it with everything in it; its name is typed",
        hint: Some("drop"),
        keys: &["D"],
    },
    Command {
        name: "close",
        words: "close",
        hint: Some("close"),
        keys: &["esc", "q"],
    },
];

/// From this width on a row has room for a name.
const WIDE: u16 = 50;

/// The list.
#[derive(Debug, Default)]
pub struct KeptAside {
    cursor: usize,
}

fn known(world: &World) -> &[backup::KeptAside] {
    let kept = world.known_shelf().and_then(|shelf| shelf.kept.as_deref());
    kept.unwrap_or_default()
}

impl KeptAside {
    fn use_again(&self, world: &World, out: &mut Vec<Intent<Tui>>) {
        let (Some(kept), Some(shelf)) = (known(world).get(self.cursor), world.known_shelf()) else {
            return;
        };
        if kept.is_unfinished {
            let text = "it was not filled to its end and cannot be used; it can be dropped";
            return out.push(Intent::Say(Tone::Plain, text.to_owned()));
        }
        let text = format!(
            "{} is used again as {}. What is there now is kept aside in its turn.",
            kept.name, shelf.database
        );
        let text = vec![Line::Remark(text, Role::Text)];
        let job = Job::UseKept(kept.name.clone());
        out.push(Intent::Close);
        out.push(open(Typed::new("Use again", text, &shelf.database, job)));
    }

    fn drop(&self, world: &World, out: &mut Vec<Intent<Tui>>) {
        let Some(kept) = known(world).get(self.cursor) else {
            return;
        };
        let text = if kept.is_unfinished {
            format!(
                "{} ({}) is what a restore or a test restore was filling when it was killed. The data in use are not touched.",
                kept.name,
                size(kept.bytes)
            )
        } else {
            gone(kept)
        };
        let text = vec![Line::Remark(text, Role::Warn)];
        let job = Job::DropKept(kept.name.clone());
        out.push(Intent::Close);
        out.push(open(Typed::new("Drop", text, &kept.name, job)));
    }
}

fn gone(kept: &backup::KeptAside) -> String {
    format!(
        "{} ({}) and everything in it is gone then, and does not come back.",
        kept.name,
        size(kept.bytes)
    )
}

impl Behaviour<Tui> for KeptAside {
    fn title(&self) -> &'static str {
        "Kept aside by restores"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        Vec::new()
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        let last = known(world).len().saturating_sub(1);
        self.cursor = self.cursor.min(last);
        match name {
            "next" => self.cursor = (self.cursor + 1).min(last),
            "previous" => self.cursor = self.cursor.saturating_sub(1),
            "use" => self.use_again(world, out),
            "drop" => self.drop(world, out),
            _ => out.push(Intent::Close),
        }
        Handled::Yes
    }
}

impl Screen for KeptAside {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let kept = known(cx.world);
        let rows = u16::try_from(kept.len()).unwrap_or(u16::MAX);
        let height = rows.saturating_add(2).clamp(5, area.height.max(5));
        let inner = cx.popup(area, buf, self.title(), (72, height));
        if kept.is_empty() {
            let text = match &cx.world.shelf {
                Some(Err(_)) => "Not known.",
                Some(Ok(shelf)) if shelf.kept.is_some() => "No database is kept aside.",
                None | Some(Ok(_)) => "Looking.",
            };
            paragraph(cx, inner, buf, text, Role::Placeholder);
            return None;
        }
        let cursor = self.cursor.min(kept.len() - 1);
        let height = usize::from(inner.height).max(1);
        let first = first_visible(0, cursor, height, kept.len());
        let rows: Vec<Row<'_>> = kept
            .iter()
            .skip(first)
            .take(height)
            .map(|kept| line(kept, inner.width))
            .collect();
        ListView {
            rows: &rows,
            selected: Some(cursor - first),
            more_above: first > 0,
            more_below: first + height < kept.len(),
        }
        .render(inner, buf, cx.look);
        None
    }
}

fn line<'r>(kept: &backup::KeptAside, columns: u16) -> Row<'r> {
    // Where the name is cut, what tells one from another would be lost: the moment.
    let moment = moment(&kept.name).filter(|_| columns < WIDE);
    let name = moment.unwrap_or_else(|| printable(&kept.name).into_owned());
    let row = if kept.is_unfinished {
        vec![
            Run::new("unfinished ", Role::Warn),
            Run::new(name, Role::Muted),
        ]
    } else {
        vec![Run::new(name, Role::Text)]
    };
    let mut row = Row::new(row);
    row.right = vec![Run::new(size(kept.bytes), Role::Muted)];
    row
}

/// `before 2026-11-01 07:15:30`, of a name that ends with `_before_20261101_071530`.
fn moment(name: &str) -> Option<String> {
    let (_, moment) = name.rsplit_once("_before_")?;
    let moment = jiff::civil::DateTime::strptime("%Y%m%d_%H%M%S", moment).ok()?;
    Some(moment.strftime("before %Y-%m-%d %H:%M:%S").to_string())
}
