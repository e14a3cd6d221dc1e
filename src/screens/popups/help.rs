//! All keys, made from the tables that the keys themselves come from.

use std::cell::Cell;

use crate::app::command::{Command, Table};
use crate::app::everywhere;
use crate::app::part::{Behaviour, Handled, Input, Intent};
use crate::app::world::World;
use crate::screens::Tui;
use crate::store::api::Query;
use crate::ui::width;

pub(super) const TABLE: Table = Table {
    scope: "help",
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
        name: "page-down",
        words: "a page down",
        hint: None,
        keys: &["pagedown", "space"],
    },
    Command {
        name: "page-up",
        words: "a page up",
        hint: None,
        keys: &["pageup"],
    },
    Command {
        name: "top",
        words: "to the top",
        hint: None,
        keys: &["g", "home"],
    },
    Command {
        name: "bottom",
        words: "to the end",
        hint: None,
        keys: &["G", "end"],
    },
    Command {
        name: "close",
        words: "close",
        hint: Some("close"),
        keys: &["esc", "q", "?", "enter"],
    },
];

/// One line of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Heading(String),
    Key { keys: String, words: String },
    Blank,
}

/// The help.
#[derive(Debug, Clone)]
pub struct Help {
    lines: Vec<Line>,
    pub(super) scroll: Cell<usize>,
    /// Lines that fit, and lines in all, as of the last drawing.
    pub(super) page: Cell<usize>,
    pub(super) length: Cell<usize>,
}

impl Help {
    /// The keys of these scopes first, then those that work everywhere, then those of texts, lines
    /// and lists, which nobody could ask for while they are open and wanted.
    #[must_use]
    pub fn new(world: &World, scopes: &[&'static str]) -> Self {
        let mut lines = Vec::new();
        let of = |scope: &&str| world.tables.iter().find(|table| table.scope == *scope);
        let other = |scope: &&&str| !scopes.contains(*scope);
        let tables = scopes.iter().filter_map(of);
        let tables = tables
            .chain([&everywhere::TABLE])
            .chain(TYPING.iter().filter(other).filter_map(of));
        for table in tables {
            if !lines.is_empty() {
                lines.push(Line::Blank);
            }
            lines.push(Line::Heading(heading(table.scope, scopes)));
            lines.extend(table.commands.iter().map(|command| Line::Key {
                keys: shorten(&world.keymap.keys(table.scope, command.name)),
                words: command.words.to_owned(),
            }));
        }
        Self {
            lines,
            scroll: Cell::new(0),
            page: Cell::new(10),
            length: Cell::new(0),
        }
    }

    /// The lines with their words wrapped to this many columns.
    pub(super) fn wrapped(&self, columns: usize) -> Vec<Line> {
        let mut wrapped = Vec::new();
        for line in &self.lines {
            let Line::Key { keys, words } = line else {
                wrapped.push(line.clone());
                continue;
            };
            for (at, range) in width::wrap(words, columns.max(8)).into_iter().enumerate() {
                let keys = if at == 0 { keys.clone() } else { String::new() };
                let words = words.get(range).unwrap_or_default().to_owned();
                wrapped.push(Line::Key { keys, words });
            }
        }
        wrapped
    }

    fn move_by(&self, by: isize) {
        let last = self.length.get().saturating_sub(self.page.get());
        self.scroll
            .set(self.scroll.get().saturating_add_signed(by).min(last));
    }
}

/// Scopes whose keys every help shows.
const TYPING: [&str; 3] = ["text", "line", "picker"];

pub(super) fn heading(scope: &str, from: &[&str]) -> String {
    match scope {
        "everywhere" if from.iter().any(|from| TYPING.contains(from)) => {
            "On the screens".to_owned()
        }
        "everywhere" => "Everywhere".to_owned(),
        "text" => "While writing a text".to_owned(),
        "line" => "In a line to fill in".to_owned(),
        "palette" => "In the palette".to_owned(),
        "picker" => "In a list of options".to_owned(),
        "lifeops" => "LifeOps".to_owned(),
        "form" => "In a form".to_owned(),
        "record" => "In the form of a record".to_owned(),
        "list" => "In a list of records".to_owned(),
        other => {
            let mut chars = other.chars();
            chars
                .next()
                .map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
        }
    }
}

/// `0-9` instead of ten digits, `alt-1…8` instead of eight numbers.
fn shorten(keys: &[String]) -> String {
    let digits = |key: &&String| key.len() == 1 && key.starts_with(|c: char| c.is_ascii_digit());
    match keys.iter().filter(digits).count() {
        10 => return "0-9".to_owned(),
        9 => return "1-9".to_owned(),
        _ => {}
    }
    if keys.first().is_some_and(|key| key == "alt-1") {
        return "alt-1 … f1 …".to_owned();
    }
    keys.join(" ")
}

impl Behaviour<Tui> for Help {
    fn title(&self) -> &'static str {
        "Keys"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        Vec::new()
    }

    fn on(&mut self, input: Input<'_>, _world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        let page = isize::try_from(self.page.get()).unwrap_or(1);
        match name {
            "down" => self.move_by(1),
            "up" => self.move_by(-1),
            "page-down" => self.move_by(page),
            "page-up" => self.move_by(-page),
            "top" => self.scroll.set(0),
            "bottom" => self.move_by(isize::MAX),
            _ => out.push(Intent::Close),
        }
        Handled::Yes
    }
}
