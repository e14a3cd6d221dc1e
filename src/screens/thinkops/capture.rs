//! Quick capture: a line for a title, from any screen. What was open stays as it is.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use serde_json::Value;

use crate::app::command::{Command, Table};
use crate::app::draft::Place;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Tone};
use crate::app::world::World;
use crate::domain::idea::TITLE;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::patch::Patch;
use crate::domain::secret::Secret;
use crate::domain::subject::Subject;
use crate::screens::form::RecordForm;
use crate::screens::popups::Help;
use crate::screens::{Screen, Tui, ViewCx, open};
use crate::store::api::{Mutation, Query, RecordChange};
use crate::ui::{Changed, LineInput, Role};

use super::title_item;

pub(super) const TABLE: Table = Table {
    scope: "capture",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "save",
        words: "capture the idea",
        hint: Some("capture"),
        keys: &["enter"],
    },
    Command {
        name: "onward",
        words: "capture it, and go on in its form",
        hint: Some("go deeper"),
        keys: &["tab", "ctrl-e"],
    },
    Command {
        name: "leave",
        words: "leave; a title that was typed is asked about once",
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
        hint: None,
        keys: &["ctrl-g", "f1"],
    },
];

/// The line.
pub struct Capture {
    /// The idea's, whether it is kept or not: a draft has to name it.
    id: RecordId,
    input: LineInput,
    edits: u64,
    leaving: bool,
}

impl Capture {
    /// An empty line.
    #[must_use]
    pub fn new() -> Self {
        Self {
            id: RecordId::new(),
            input: LineInput::new("").with_limit(TITLE),
            edits: 0,
            leaving: false,
        }
    }

    fn place(&self) -> Place {
        Subject::Record(Lane::Ideas, self.id).place(Lane::Ideas.title_field())
    }

    fn is_blank(&self) -> bool {
        self.input.text().trim().is_empty()
    }

    /// Makes the idea; false where there is no title yet.
    fn keep(&self, mode: &str, world: &World, out: &mut Vec<Intent<Tui>>) -> bool {
        if self.is_blank() {
            let leave = world.keymap.named(TABLE.scope, "leave");
            let text = format!("an idea needs a title; {leave} leaves");
            out.push(Intent::Say(Tone::Plain, text));
            return false;
        }
        let title = Value::from(self.input.text().trim());
        let mut patch = Patch::one("title", Some(title));
        patch.merge(Patch::one("captureMode", Some(Value::from(mode))));
        let mutation = Mutation::Record {
            lane: Lane::Ideas,
            id: self.id,
            change: RecordChange::Create(patch),
        };
        let words = "capturing an idea".to_owned();
        out.push(Intent::Change { mutation, words });
        out.push(Intent::Mask);
        out.push(Intent::Close);
        true
    }

    fn leave(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        if !self.is_blank() && !std::mem::replace(&mut self.leaving, true) {
            let save = world.keymap.named(TABLE.scope, "save");
            let text = format!("once more leaves the title behind; {save} captures it");
            return out.push(Intent::Say(Tone::Plain, text));
        }
        if self.edits > 0 {
            out.push(Intent::DropDraft(self.place()));
        }
        out.push(Intent::Mask);
        out.push(Intent::Close);
    }

    fn key(&mut self, key: KeyEvent, world: &World, out: &mut Vec<Intent<Tui>>) {
        match self.input.input(key) {
            Changed::Text => self.edits += 1,
            Changed::Full => {
                let onward = world.keymap.named(TABLE.scope, "onward");
                let text = format!(
                    "a title has at most {TITLE} characters; {onward} goes on to the pitch"
                );
                out.push(Intent::Say(Tone::Trouble, text));
            }
            Changed::Ignored | Changed::Moved => {}
        }
    }
}

impl Default for Capture {
    fn default() -> Self {
        Self::new()
    }
}

impl Behaviour<Tui> for Capture {
    fn title(&self) -> &'static str {
        "New idea"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        Vec::new()
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        if !matches!(input, Input::Command("leave", _) | Input::Answered) {
            self.leaving = false;
        }
        match input {
            Input::Command("save", _) => {
                if self.keep("quick", world, out) {
                    let text = "captured, among the drafts of ThinkOps".to_owned();
                    out.push(Intent::Say(Tone::Plain, text));
                }
            }
            Input::Command("onward", _) => {
                if self.keep("deep", world, out) {
                    out.push(open(RecordForm::new(Lane::Ideas, self.id)));
                }
            }
            Input::Command("empty", key) | Input::Key(key) => self.key(key, world, out),
            Input::Command("help", _) => out.push(open(Help::new(world, &[TABLE.scope]))),
            Input::Command(..) => self.leave(world, out),
            Input::Paste(text) => {
                let pasted = self.input.paste(text);
                self.edits += 1;
                if let Some(words) = pasted.message() {
                    out.push(Intent::Say(Tone::Trouble, words));
                }
            }
            Input::Reply(_)
            | Input::NewDay(_)
            | Input::Shown
            | Input::Answered
            | Input::Visit(_) => {}
        }
        Handled::Yes
    }

    fn passed_by(&mut self) {
        self.leaving = false;
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn unsaved(&self) -> Option<(Place, Secret<String>)> {
        let text = || (self.place(), Secret::new(self.input.text()));
        (self.edits > 0 && !self.is_blank()).then(text)
    }

    fn edits(&self) -> u64 {
        self.edits
    }

    fn item(&self, _world: &World) -> Option<ItemId> {
        Some(title_item(self.id))
    }
}

impl Screen for Capture {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let inner = cx.popup(area, buf, "New idea", (64, 5));
        let second = Rect {
            y: inner.y.saturating_add(1),
            height: inner.height.saturating_sub(1),
            ..inner
        };
        if !cx.world.mask.shows(&title_item(self.id)) {
            cx.put(buf, inner, 0, cx.look.glyphs.masked, Role::Masked);
            let text = "masked; any key shows it again";
            cx.put(buf, second, 0, text, Role::Placeholder);
            return None;
        }
        self.input.render(inner, buf, cx.look);
        if second.height > 0 {
            let text = "What is the idea, in a few words?";
            cx.put(buf, second, 0, text, Role::Placeholder);
        }
        self.input.cursor_position(inner)
    }
}
