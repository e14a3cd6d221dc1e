//! A curtain over everything: after a while without a key, or by `L`.
//!
//! It hides; it does not ask for a password. Whoever can press Enter sees the masked screen.

use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent};
use crate::app::world::World;
use crate::screens::Tui;
use crate::store::api::Query;

pub(super) const TABLE: Table = Table {
    scope: "cover",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[Command {
    name: "uncover",
    words: "show the screen, masked",
    hint: Some("uncover"),
    keys: &["enter"],
}];

/// The curtain.
#[derive(Debug, Clone, Copy)]
pub struct Cover;

impl Behaviour<Tui> for Cover {
    fn title(&self) -> &'static str {
        "Covered"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        Vec::new()
    }

    fn on(&mut self, input: Input<'_>, _world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        if let Input::Command(..) = input {
            out.push(Intent::Close);
        }
        Handled::Yes
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn covers(&self) -> bool {
        true
    }
}
