//! Every command by its name: what is typed is looked for in names and words, Enter runs it as if its
//! key had been pressed.

mod entries;
mod fit;
mod view;

use std::cell::Cell;

use crossterm::event::KeyEvent;

use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent};
use crate::app::world::World;
use crate::app::zones::Zones;
use crate::screens::{Tui, open};
use crate::store::api::Query;
use crate::ui::LineInput;

use super::Help;
use entries::{Entry, entries, ranked};

pub(super) const TABLE: Table = Table {
    scope: "palette",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "run",
        words: "run it",
        hint: Some("run"),
        keys: &["enter"],
    },
    Command {
        name: "next",
        words: "next command",
        hint: Some("move"),
        keys: &["down", "ctrl-n", "tab"],
    },
    Command {
        name: "previous",
        words: "the command before",
        hint: Some("move"),
        keys: &["up", "ctrl-p", "backtab"],
    },
    Command {
        name: "leave",
        words: "close",
        hint: Some("leave"),
        keys: &["esc", "ctrl-c"],
    },
    Command {
        name: "page-down",
        words: "a page down",
        hint: None,
        keys: &["pagedown"],
    },
    Command {
        name: "page-up",
        words: "a page up",
        hint: None,
        keys: &["pageup"],
    },
    Command {
        name: "empty",
        words: "empty the line",
        hint: None,
        keys: &["ctrl-u"],
    },
    Command {
        name: "help",
        words: "all keys, from within the palette",
        hint: Some("help"),
        keys: &["ctrl-g", "f1"],
    },
];

/// More than anybody types to find a command.
const MOST: usize = 60;

/// The palette.
pub struct Palette {
    entries: Vec<Entry>,
    /// Those that fit what was typed, the best first.
    found: Vec<usize>,
    input: LineInput,
    cursor: usize,
    /// Which of those found is drawn where.
    drawn: Zones,
    first: Cell<usize>,
    /// Rows that fit, as of the last drawing.
    page: Cell<usize>,
}

impl Palette {
    /// All commands, with this screen in front.
    #[must_use]
    pub fn new(world: &World, active: usize) -> Self {
        let entries = entries(world, active);
        Self {
            found: (0..entries.len()).collect(),
            entries,
            input: LineInput::new("").with_limit(MOST),
            cursor: 0,
            drawn: Zones::default(),
            first: Cell::new(0),
            page: Cell::new(1),
        }
    }

    fn selected(&self) -> Option<&Entry> {
        self.entries.get(*self.found.get(self.cursor)?)
    }

    fn look_again(&mut self) {
        self.found = ranked(&self.input.text(), &self.entries);
        self.cursor = 0;
    }

    fn move_by(&mut self, by: isize) {
        let last = self.found.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    fn run(&self, out: &mut Vec<Intent<Tui>>) {
        if let Some(entry) = self.selected() {
            out.push(Intent::Close);
            out.push(Intent::Run(entry.called));
        }
    }

    fn key(&mut self, key: KeyEvent) {
        if self.input.input(key).text() {
            self.look_again();
        }
    }
}

impl Behaviour<Tui> for Palette {
    fn title(&self) -> &'static str {
        "Commands"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn click(&mut self, at: (u16, u16), _world: &World) {
        self.cursor = self.drawn.at(at).unwrap_or(self.cursor);
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        Vec::new()
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let page = isize::try_from(self.page.get()).unwrap_or(1);
        match input {
            Input::Command("run", _) => self.run(out),
            Input::Command("next", _) => self.move_by(1),
            Input::Command("previous", _) => self.move_by(-1),
            Input::Command("page-down", _) => self.move_by(page),
            Input::Command("page-up", _) => self.move_by(-page),
            Input::Command("help", _) => out.push(open(Help::new(world, &[TABLE.scope]))),
            Input::Command("empty", key) | Input::Key(key) => self.key(key),
            Input::Command(..) => out.push(Intent::Close),
            Input::Paste(text) => {
                self.input.paste(text);
                self.look_again();
            }
            Input::Reply(_)
            | Input::NewDay(_)
            | Input::Shown
            | Input::Answered
            | Input::Visit(_) => {}
        }
        Handled::Yes
    }

    fn takes_text(&self) -> bool {
        true
    }
}
