//! A curtain over everything: after a while without a key, or by `L`.
//!
//! It hides; it does not ask for a password. Whoever can press Enter sees the masked screen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent};
use crate::app::world::World;
use crate::screens::Tui;
use crate::screens::{Screen, ViewCx};
use crate::store::api::Query;
use crate::ui::{Role, width};

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

impl Screen for Cover {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let row = area
            .rows()
            .nth(usize::from(area.height / 2))
            .unwrap_or(area);
        let key = cx.world.keymap.named("cover", "uncover");
        let text = &format!("covered; {key} shows the screen, masked");
        let taken = u16::try_from(width::width(text)).unwrap_or(0);
        cx.put(
            buf,
            row,
            row.width.saturating_sub(taken) / 2,
            text,
            Role::Muted,
        );
        None
    }
}
