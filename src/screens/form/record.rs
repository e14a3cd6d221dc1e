//! The form of a record of a lane, over the whole of its screen.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::{Command, Table};
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent};
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::domain::form::FormView;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::log::Shown;
use crate::domain::secret::{Exit, Secret};
use crate::screens::list::Deletion;
use crate::screens::popups::Editor;
use crate::screens::{Screen, Tui, ViewCx, open};
use crate::store::api::Query;
use crate::ui::width;

use super::FormPane;

/// Scope and commands of a record's form beside those of every form.
pub const RECORD_TABLE: Table = Table {
    scope: "record",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "close",
        words: "close; every answer is saved already",
        hint: Some("close"),
        keys: &["esc", "q"],
    },
    Command {
        name: "delete",
        words: "delete the record; asked once more",
        hint: None,
        keys: &["D"],
    },
];

/// The form of a record, as a popup.
#[derive(Debug)]
pub struct RecordForm {
    lane: Lane,
    id: RecordId,
    pane: FormPane,
    deletion: Deletion,
}

impl RecordForm {
    /// Opens the record, the cursor on its first field.
    #[must_use]
    pub fn new(lane: Lane, id: RecordId) -> Self {
        Self {
            lane,
            id,
            pane: FormPane::new(Subject::Record(lane, id), FormView::Full),
            deletion: Deletion::default(),
        }
    }

    /// The same, the cursor on this field.
    #[must_use]
    pub fn at(mut self, key: &str) -> Self {
        self.pane.move_to(key, self.lane.form());
        self
    }

    /// Opens the record with the text of this field open for writing.
    pub fn write_in(
        lane: Lane,
        id: RecordId,
        key: &str,
        world: &World,
        out: &mut Vec<Intent<Tui>>,
    ) {
        out.push(open(Self::new(lane, id).at(key)));
        let subject = Subject::Record(lane, id);
        let fields = subject.fields(world);
        let text = fields.and_then(|fields| fields.expose(Exit::Editor).get(key)?.as_str());
        let text = Secret::new(text.unwrap_or_default().to_owned());
        out.push(open(Editor::new(world, subject.place(key), text)));
    }

    /// What kind of record it is, and its title as far as it may be seen.
    fn heading(&self, cx: ViewCx<'_>, room: usize) -> String {
        let noun = self.lane.noun();
        match title(cx, self.lane, self.id) {
            Some(title) => {
                let dot = cx.look.glyphs.separator;
                let taken = width::width(noun) + width::width(dot) + 2;
                let title = width::truncate(&title, room.saturating_sub(taken)).into_owned();
                format!("{noun} {dot} {title}")
            }
            None => noun.to_owned(),
        }
    }
}

/// The first line of a record's title; the mask's signs where it may not be seen.
#[must_use]
pub fn title(cx: ViewCx<'_>, lane: Lane, id: RecordId) -> Option<String> {
    let field = lane.form().exact(lane.title_field())?;
    let subject = Subject::Record(lane, id);
    let title = match subject.value(field, cx.world) {
        Shown::Absent => return None,
        Shown::Open(value) => field.show(value),
        Shown::Sealed(value) => match cx.reveal(&value, &subject.item(&field.key)) {
            Some(value) => field.show(value),
            None => return Some(cx.look.glyphs.masked.to_owned()),
        },
    };
    title.lines().next().map(str::to_owned)
}

/// Draws what a record holds, to be looked at beside a list. Whoever shows it needs
/// [`Query::Record`].
pub fn draw_record(cx: ViewCx<'_>, lane: Lane, id: RecordId, area: Rect, buf: &mut Buffer) {
    FormPane::preview(Subject::Record(lane, id)).draw(cx, area, buf);
}

impl Behaviour<Tui> for RecordForm {
    fn title(&self) -> &'static str {
        "Record"
    }

    fn table(&self) -> Table {
        RECORD_TABLE
    }

    fn shared(&self) -> &'static [Table] {
        const { &[super::TABLE] }
    }

    fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        let mut hints = self.pane.hints(world);
        let behind_moves = hints.len().min(1);
        let close = world.keymap.hints(&RECORD_TABLE);
        hints.splice(behind_moves..behind_moves, close);
        hints
    }

    fn click(&mut self, at: (u16, u16), _world: &World) {
        self.pane.click(at);
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![self.pane.subject().query()]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let is_second_thought = !matches!(
            input,
            Input::Command("delete", _) | Input::Answered | Input::NewDay(_) | Input::Shown
        );
        if is_second_thought {
            self.deletion.forget();
        }
        match input {
            Input::Command("close", _) => out.push(Intent::Close),
            Input::Command("delete", _) => {
                let record = (self.lane, self.id);
                if self.deletion.press(record, RECORD_TABLE.scope, world, out) {
                    out.push(Intent::Close);
                }
            }
            Input::Command(name, key) => return self.pane.command(name, key, world, out),
            Input::Reply(reply) => self.pane.reply(&reply, world, out),
            Input::Paste(text) => self.pane.paste(text, world, out),
            Input::Key(_) => return Handled::No,
            Input::NewDay(_) | Input::Shown | Input::Answered | Input::Visit(_) => {}
        }
        Handled::Yes
    }

    fn passed_by(&mut self) {
        self.deletion.forget();
    }

    fn changes_records(&self) -> bool {
        true
    }

    fn subjects(&self, _world: &World) -> Vec<Subject> {
        vec![Subject::Record(self.lane, self.id)]
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
        cx.look.card(area, buf);
        if area.height == 1 {
            self.pane.draw_one_field(cx, area, buf);
            return None;
        }
        let (state, role) = self.pane.state(cx.world);
        let heading = self.heading(cx, ViewCx::title_room(area, buf, &state));
        let inner = cx.panel(area, buf, &heading, Some((&state, role)));
        self.pane.draw(cx, inner, buf);
        None
    }
}
