//! The text editor: one text of one record, soft-wrapped, saved as it closes.
//!
//! Whatever ends it, the text ends in the outbox or in a draft, never nowhere.

mod commands;
mod view;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde_json::Value;

use crate::app::cache::Remote;
use crate::app::command::Table;
use crate::app::draft::Place;
use crate::app::effect::EditJob;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply, Tone};
use crate::app::subject::Subject;
use crate::app::update::text_change;
use crate::app::world::World;
use crate::domain::ids::DraftId;
use crate::domain::secret::{Exit, Secret};
use crate::domain::text::MAX_TEXT;
use crate::screens::{Tui, open};
use crate::store::api::{Link, Query};
use crate::ui::{Changed, TextEditor};

use super::Help;
use commands::EDITING;

pub(super) use commands::TABLE;

/// The editor.
pub struct Editor {
    place: Place,
    label: String,
    sensitive: bool,
    text: TextEditor,
    prompt: Option<String>,
    before: Secret<String>,
    /// It is not known yet what stands there.
    blind: bool,
    /// The draft of an earlier run that is being written on.
    of: Option<DraftId>,
    edits: u64,
    leaving: bool,
}

impl Editor {
    /// Edits the text that stands in this place.
    #[must_use]
    pub fn new(world: &World, place: Place, text: Secret<String>) -> Self {
        let subject = Subject::of(&place);
        let form = subject.form(world);
        let field = form.field(place.field());
        Self {
            label: field.map_or_else(|| place.field().to_owned(), |field| field.label.clone()),
            prompt: field.and_then(|field| field.prompt.clone()),
            sensitive: form.is_sensitive(place.field()),
            text: TextEditor::new(text.expose(Exit::Editor)).with_limit(MAX_TEXT),
            before: text,
            blind: !subject.is_known(world),
            of: None,
            edits: 0,
            leaving: false,
            place,
        }
    }

    /// Edits a text that is not in its place yet (refused, or of an earlier run).
    #[must_use]
    pub fn holding(world: &World, place: Place, text: Secret<String>) -> Self {
        let mut editor = Self::new(world, place, text);
        editor.before = Secret::default();
        editor.blind = false;
        editor.edits = 1;
        editor
    }

    /// Says which draft of an earlier run the text is of; it is there until the text is saved.
    #[must_use]
    pub fn of(mut self, draft: DraftId) -> Self {
        self.of = Some(draft);
        self
    }

    /// Once it is known what stands there, it stands here too, before what was typed meanwhile.
    fn catch_up(&mut self, world: &World) {
        let is_news = self.blind || (self.edits == 0 && self.of.is_none());
        let subject = Subject::of(&self.place);
        if !is_news || !subject.is_known(world) {
            return;
        }
        self.blind = false;
        let fields = subject.fields(world);
        let value = fields.and_then(|fields| fields.expose(Exit::Editor).get(self.place.field()));
        let there = value.and_then(|value| self.written(value, world));
        let Some(there) = there else {
            return;
        };
        if there == *self.before.expose(Exit::Editor) {
            return;
        }
        self.before = Secret::new(there.clone());
        let typed = self.text.text();
        if typed.is_empty() || self.edits == 0 {
            self.text.replace(&there);
        } else {
            self.text.replace(&format!("{there}\n{typed}"));
            self.edits += 1;
        }
    }

    /// What is stored, as it is written here.
    fn written(&self, value: &Value, world: &World) -> Option<String> {
        let form = Subject::of(&self.place).form(world);
        let field = form.field(self.place.field());
        let plain = || value.as_str().map(str::to_owned);
        field.map_or_else(plain, |field| field.as_text(value))
    }

    /// What keeps it from being saved: an answer that is required, cleared.
    fn refusal(&self, world: &World) -> Option<String> {
        let form = Subject::of(&self.place).form(world);
        let field = form.field(self.place.field())?;
        let is_cleared = self.is_changed() && self.text.text().trim().is_empty();
        let refused = field.cleared().err().filter(|_| is_cleared);
        refused.map(|error| error.on_screen())
    }

    /// Whether saving would replace what nobody has seen, though it is on its way.
    fn must_wait(&self, world: &World) -> bool {
        let comes = matches!(
            world.link,
            Link::Online { .. } | Link::Connecting { attempt: 1, .. }
        );
        let asked = world.cache.state(&Subject::of(&self.place).query());
        self.blind && comes && !matches!(asked, Remote::Failed(..)) && self.is_changed()
    }

    fn is_changed(&self) -> bool {
        self.edits > 0 && self.text.text() != *self.before.expose(Exit::Editor)
    }

    /// Puts the text into its place, if it is another one.
    fn save(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        if self.is_changed() {
            let text = Secret::new(self.text.text());
            let (mutation, words) = text_change(&self.place, &text, &self.before, world);
            out.push(Intent::Change { mutation, words });
            out.extend(self.of.take().map(Intent::Kept));
        } else if self.edits > 0 {
            out.push(Intent::DropDraft(self.place.clone()));
        }
        if self.sensitive {
            out.push(Intent::Mask);
        }
    }

    fn command(&mut self, name: &str, world: &World, out: &mut Vec<Intent<Tui>>) {
        let leaving = std::mem::take(&mut self.leaving);
        let saves = matches!(name, "onward" | "save" | "external");
        if let Some(refusal) = self.refusal(world).filter(|_| saves) {
            let leave = world.keymap.named(TABLE.scope, "leave");
            let text = format!("{refusal}; {leave} leaves it");
            return out.push(Intent::Say(Tone::Plain, text));
        }
        match name {
            "onward" | "save" | "external" if self.must_wait(world) => {
                let noun = Subject::of(&self.place).noun();
                let text =
                    format!("this {noun} is not loaded yet; once it is, the text can be saved");
                out.push(Intent::Say(Tone::Plain, text));
            }
            "onward" => {
                self.save(world, out);
                out.push(Intent::CloseWith(Reply::Onward));
            }
            "save" => {
                self.save(world, out);
                out.push(Intent::Close);
            }
            "line" => {
                self.key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE), out);
            }
            "external" => {
                // The other editor may not start, or may be killed: what was typed here is kept.
                let text = Secret::new(self.text.text());
                self.save(world, out);
                out.push(Intent::Close);
                out.push(Intent::Edit(EditJob {
                    place: self.place.clone(),
                    text,
                }));
            }
            _ if self.is_changed() && !leaving => {
                self.leaving = true;
                let key = |command| world.keymap.named(TABLE.scope, command);
                let (leave, save) = (key("leave"), key("save"));
                let text = format!("{leave} once more leaves the text as it was; {save} saves it");
                out.push(Intent::Say(Tone::Plain, text));
            }
            _ => {
                if self.of.is_some() {
                    let text = "kept as it was; it is offered again at the next start".to_owned();
                    out.push(Intent::Say(Tone::Plain, text));
                }
                out.push(Intent::DropDraft(self.place.clone()));
                out.push(Intent::Mask);
                out.push(Intent::Close);
            }
        }
    }

    fn key(&mut self, key: KeyEvent, out: &mut Vec<Intent<Tui>>) {
        self.leaving = false;
        match self.text.input(key) {
            Changed::Text => self.edits += 1,
            Changed::Full => {
                let text = format!("this text is as long as it can be, {MAX_TEXT} characters");
                out.push(Intent::Say(Tone::Trouble, text));
            }
            Changed::Ignored | Changed::Moved => {}
        }
    }

    /// Puts a paste under the text that is there.
    pub fn append(&mut self, text: &str, out: &mut Vec<Intent<Tui>>) {
        if !self.text.is_empty() && !self.text.text().ends_with('\n') {
            self.key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE), out);
        }
        self.paste(text, out);
    }

    fn paste(&mut self, text: &str, out: &mut Vec<Intent<Tui>>) {
        self.leaving = false;
        let report = self.text.paste(text);
        self.edits += 1;
        if let Some(words) = report.message() {
            out.push(Intent::Say(Tone::Trouble, words));
        }
    }
}

impl Behaviour<Tui> for Editor {
    fn title(&self) -> &'static str {
        "Text"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![Subject::of(&self.place).query()]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        self.catch_up(world);
        match input {
            Input::Command("help", _) => {
                self.leaving = false;
                out.push(open(Help::new(world, &[TABLE.scope])));
            }
            Input::Command(name, key) if EDITING.contains(&name) => self.key(key, out),
            Input::Command(name, _) => self.command(name, world, out),
            Input::Key(key) => self.key(key, out),
            Input::Paste(text) => self.paste(text, out),
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
        let text = || (self.place.clone(), Secret::new(self.text.text()));
        (self.edits > 0).then(text)
    }

    fn edits(&self) -> u64 {
        self.edits
    }

    fn item(&self, _world: &World) -> Option<ItemId> {
        self.sensitive
            .then(|| Subject::of(&self.place).item(self.place.field()))
    }
}
