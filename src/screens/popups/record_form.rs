//! The form of one record of a lane.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::{Command, Table};
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent};
use crate::app::world::World;
use crate::domain::form::FormView;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::subject::Subject;
use crate::screens::form::{self, FormPane};
use crate::screens::{Screen, Tui, ViewCx};
use crate::store::api::Query;

pub(super) const TABLE: Table = Table {
    scope: "record",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[Command {
    name: "close",
    words: "close the form; every answer is saved already",
    hint: Some("close"),
    keys: &["esc", "q"],
}];

/// A record's form.
#[derive(Debug)]
pub struct RecordForm {
    pane: FormPane,
}

impl RecordForm {
    /// The whole form of a record.
    #[must_use]
    pub fn new(lane: Lane, id: RecordId, _world: &World) -> Self {
        let subject = Subject::Record(lane, id);
        Self {
            pane: FormPane::new(subject, FormView::Full),
        }
    }

    /// The same, beginning at this field.
    #[must_use]
    pub fn at(mut self, key: &str, world: &World) -> Self {
        self.pane.go_to(key, world);
        self
    }
}

impl Behaviour<Tui> for RecordForm {
    fn title(&self) -> &'static str {
        "Record"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn shared(&self) -> &'static [Table] {
        &[form::TABLE]
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![Query::of(self.pane.subject())]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command("close", _) => out.push(Intent::Close),
            Input::Command(name, key) => return self.pane.command(name, key, world, out),
            Input::Reply(reply) => self.pane.reply(&reply, world, out),
            Input::Paste(text) => self.pane.paste(text, world, out),
            Input::Key(_) => return Handled::No,
            Input::NewDay(_) | Input::Shown | Input::Answered => {}
        }
        Handled::Yes
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        self.pane.item(world)
    }

    fn has_masked(&self, world: &World) -> bool {
        self.pane.has_masked(world)
    }
}

impl Screen for RecordForm {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let title = self.pane.subject().name();
        let inner = cx.popup(area, buf, &title, (84, area.height));
        self.pane.draw(cx, inner, buf);
        None
    }
}
