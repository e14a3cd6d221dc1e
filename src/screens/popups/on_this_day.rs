//! The same day in earlier years.

use jiff::civil::Date;

use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply};
use crate::app::world::World;
use crate::screens::Tui;
use crate::store::api::Query;

pub(super) const TABLE: Table = Table {
    scope: "on-this-day",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "next",
        words: "a year earlier",
        hint: Some("year"),
        keys: &["j", "down"],
    },
    Command {
        name: "previous",
        words: "a year later",
        hint: Some("year"),
        keys: &["k", "up"],
    },
    Command {
        name: "open",
        words: "open that day",
        hint: Some("open"),
        keys: &["enter"],
    },
    Command {
        name: "close",
        words: "close",
        hint: Some("close"),
        keys: &["esc", "q", "o"],
    },
];

/// The list of earlier years.
#[derive(Debug, Clone, Copy)]
pub struct OnThisDay {
    pub(super) date: Date,
    pub(super) cursor: usize,
}

impl OnThisDay {
    /// The years before this day.
    #[must_use]
    pub fn new(date: Date) -> Self {
        Self { date, cursor: 0 }
    }
}

impl Behaviour<Tui> for OnThisDay {
    fn title(&self) -> &'static str {
        "On this day"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![Query::OnThisDay(self.date)]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        let logs = world.cache.on_this_day(self.date);
        match name {
            "next" => self.cursor = (self.cursor + 1).min(logs.len().saturating_sub(1)),
            "previous" => self.cursor = self.cursor.saturating_sub(1),
            "open" => match logs.get(self.cursor) {
                Some(log) => out.push(Intent::CloseWith(Reply::Date(log.date))),
                None => out.push(Intent::Close),
            },
            _ => out.push(Intent::Close),
        }
        Handled::Yes
    }
}
