//! Everything that can be set: what holds, where that comes from, and what it is for.

mod line;
mod view;

use std::cell::Cell;

use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply, Tone};
use crate::app::world::World;
use crate::app::zones::Zones;
use crate::domain::setting::{Kind, Setting};
use crate::screens::{Tui, open};
use crate::store::api::Query;

use line::Line;

pub(super) const TABLE: Table = Table {
    scope: "settings",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "next",
        words: "next setting",
        hint: Some("move"),
        keys: &["j", "down"],
    },
    Command {
        name: "previous",
        words: "previous setting",
        hint: Some("move"),
        keys: &["k", "up"],
    },
    Command {
        name: "first",
        words: "first setting",
        hint: None,
        keys: &["g", "home"],
    },
    Command {
        name: "last",
        words: "last setting",
        hint: None,
        keys: &["G", "end"],
    },
    Command {
        name: "step-down",
        words: "one step down, or the name before",
        hint: Some("step"),
        keys: &["h", "left"],
    },
    Command {
        name: "step-up",
        words: "one step up, or the next name",
        hint: Some("step"),
        keys: &["l", "right"],
    },
    Command {
        name: "toggle",
        words: "on or off, or the next name",
        hint: None,
        keys: &["space"],
    },
    Command {
        name: "edit",
        words: "enter it as a line; on or off",
        hint: Some("edit"),
        keys: &["enter", "e"],
    },
    Command {
        name: "reset",
        words: "leave it to its default: takes the key out of the file",
        hint: Some("default"),
        keys: &["backspace", "delete"],
    },
    Command {
        name: "close",
        words: "close; every change is kept already",
        hint: Some("close"),
        keys: &["esc", "q", ","],
    },
];

/// The list of settings.
#[derive(Debug, Default)]
pub struct Settings {
    cursor: usize,
    /// Which setting is drawn where.
    drawn: Zones,
    /// The first row that is seen, as of the last drawing.
    top: Cell<usize>,
}

impl Settings {
    fn setting(&self) -> Setting {
        let at = Setting::ALL.get(self.cursor);
        at.copied().unwrap_or(Setting::Theme)
    }

    fn step(&self, on: bool, world: &World, out: &mut Vec<Intent<Tui>>) {
        let setting = self.setting();
        match world.chosen.stepped(setting, on) {
            Some(value) if value.as_ref() == world.chosen.value(setting) => {}
            Some(value) => out.push(Intent::Set(setting, value)),
            None => {
                let text = format!("{} writes it", world.keymap.named(TABLE.scope, "edit"));
                out.push(Intent::Say(Tone::Plain, text));
            }
        }
    }

    fn edit(&self, world: &World, out: &mut Vec<Intent<Tui>>) {
        match self.setting().kind() {
            Kind::Switch => self.step(true, world, out),
            Kind::Theme
            | Kind::Choice(_)
            | Kind::Number { .. }
            | Kind::Zone
            | Kind::File
            | Kind::Directory => {
                out.push(open(Line::new(self.setting(), world)));
            }
        }
    }

    /// Takes what was entered, which has been looked at by the line.
    fn entered(&self, text: &str, world: &World, out: &mut Vec<Intent<Tui>>) {
        let setting = self.setting();
        if text.trim().is_empty() {
            return out.push(Intent::Set(setting, None));
        }
        match world.chosen.read(setting, text) {
            Ok(value) => out.push(Intent::Set(setting, Some(value))),
            Err(expected) => out.push(Intent::Say(Tone::Trouble, expected)),
        }
    }
}

impl Behaviour<Tui> for Settings {
    fn title(&self) -> &'static str {
        "Settings"
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
        let last = Setting::ALL.len() - 1;
        match input {
            Input::Command("next", _) => self.cursor = (self.cursor + 1).min(last),
            Input::Command("previous", _) => self.cursor = self.cursor.saturating_sub(1),
            Input::Command("first", _) => self.cursor = 0,
            Input::Command("last", _) => self.cursor = last,
            Input::Command("step-down", _) => self.step(false, world, out),
            Input::Command("step-up" | "toggle", _) => self.step(true, world, out),
            Input::Command("edit", _) => self.edit(world, out),
            Input::Command("reset", _) => out.push(Intent::Set(self.setting(), None)),
            Input::Command(..) => out.push(Intent::Close),
            Input::Reply(Reply::Line(text)) => self.entered(&text, world, out),
            Input::Key(_)
            | Input::Paste(_)
            | Input::Reply(_)
            | Input::NewDay(_)
            | Input::Shown
            | Input::Answered
            | Input::Visit(_) => return Handled::No,
        }
        Handled::Yes
    }
}
