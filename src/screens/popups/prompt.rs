//! One line to enter: a number or a date, checked before it is taken.

use crossterm::event::KeyEvent;

use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply};
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::form::Field;
use crate::screens::{Tui, open};
use crate::store::api::Query;
use crate::ui::LineInput;

use super::Help;

pub(super) const TABLE: Table = Table {
    scope: "line",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "take",
        words: "take it",
        hint: Some("take"),
        keys: &["enter"],
    },
    Command {
        name: "close",
        words: "leave it as it was",
        hint: Some("leave"),
        keys: &["esc", "ctrl-c"],
    },
    Command {
        name: "empty",
        words: "empty the line",
        hint: None,
        keys: &["ctrl-u"],
    },
    Command {
        name: "help",
        words: "all keys, from within a line",
        hint: Some("help"),
        keys: &["ctrl-g", "f1"],
    },
];

/// What the line is for, and so how it is checked.
#[derive(Debug, Clone)]
enum For {
    Date,
    Field(Box<Field>),
}

/// The line.
pub struct Prompt {
    what: For,
    pub(super) label: String,
    pub(super) help: String,
    pub(super) input: LineInput,
    pub(super) error: Option<String>,
}

impl Prompt {
    /// Asks for a date.
    #[must_use]
    pub fn date(_world: &World) -> Self {
        Self {
            what: For::Date,
            label: "go to date".to_owned(),
            help: "2026-11-23, 23, 11-23, yesterday, -3, mon".to_owned(),
            input: LineInput::new(""),
            error: None,
        }
    }

    /// Asks for the number of a field, beginning with this.
    #[must_use]
    pub fn number(field: &Field, text: &str, _world: &World) -> Self {
        let range = field
            .bounds()
            .map(|(low, high)| format!("{low} to {high}"))
            .unwrap_or_default();
        let unit = field.unit.as_deref().unwrap_or_default();
        Self {
            what: For::Field(Box::new(field.clone())),
            label: field.label.clone(),
            help: format!("{range} {unit}").trim().to_owned(),
            input: LineInput::new(text),
            error: None,
        }
    }

    fn take(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        let text = self.input.text();
        let taken = match &self.what {
            For::Date if text.trim().is_empty() => return out.push(Intent::Close),
            For::Date => dates::parse_date(&text, world.today)
                .map(Reply::Date)
                .map_err(|error| error.to_string()),
            For::Field(field) => field
                .parse(&text)
                .map(|_| Reply::Line(text.clone()))
                .map_err(|error| error.on_screen()),
        };
        match taken {
            Ok(reply) => out.push(Intent::CloseWith(reply)),
            Err(error) => self.error = Some(error),
        }
    }

    fn key(&mut self, key: KeyEvent) {
        if self.input.input(key).text() {
            self.error = None;
        }
    }
}

impl Behaviour<Tui> for Prompt {
    fn title(&self) -> &'static str {
        "Enter"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        Vec::new()
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command("take", _) => self.take(world, out),
            Input::Command("empty", key) | Input::Key(key) => self.key(key),
            Input::Command("help", _) => out.push(open(Help::new(world, TABLE.scope))),
            Input::Command(..) => out.push(Intent::Close),
            Input::Paste(text) => {
                self.input.paste(text);
                self.error = None;
            }
            Input::Reply(_) | Input::NewDay(_) | Input::Shown | Input::Answered => {}
        }
        Handled::Yes
    }

    fn takes_text(&self) -> bool {
        true
    }
}
