//! The first minute: who you are, where the data is, what to press. Any of its keys ends it.

use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply};
use crate::app::world::World;
use crate::domain::form::FormView;
use crate::screens::Tui;
use crate::store::api::Query;

pub(super) const TABLE: Table = Table {
    scope: "welcome",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "quick",
        words: "begin with the quick form",
        hint: Some("quick form"),
        keys: &["enter"],
    },
    Command {
        name: "full",
        words: "begin with the full form",
        hint: Some("full form"),
        keys: &["f"],
    },
    Command {
        name: "skip",
        words: "skip",
        hint: Some("skip"),
        keys: &["esc", "q", "space"],
    },
];

/// The greeting.
#[derive(Debug, Clone, Copy)]
pub struct Welcome;

impl Behaviour<Tui> for Welcome {
    fn title(&self) -> &'static str {
        "Welcome"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![Query::DataStatus]
    }

    fn on(&mut self, input: Input<'_>, _world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        match name {
            "quick" => out.push(Intent::CloseWith(Reply::Form(FormView::Quick))),
            "full" => out.push(Intent::CloseWith(Reply::Form(FormView::Full))),
            _ => out.push(Intent::Close),
        }
        Handled::Yes
    }
}
