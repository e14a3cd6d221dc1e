//! Screens and popups as the core sees them: they take input, declare needs, state intents.
//!
//! A part owns its cursor and its filter, never data. How a part is drawn is not known here:
//! a [`Toolkit`] names the drawable kind, so that the core stays free of any terminal library.

use crossterm::event::KeyEvent;
use jiff::civil::Date;

use crate::domain::document::Document;
use crate::domain::form::FormView;
use crate::domain::ids::{DraftId, RecordId};
use crate::domain::lane::Lane;
use crate::domain::patch::Patch;
use crate::domain::secret::Secret;
use crate::domain::setting::{Setting, Value};
use crate::store::api::{DriftRequest, Mutation, Query, RecordChange};

use super::command::Table;
use super::draft::Place;
use super::effect::{EditJob, Job};
use super::mask::ItemId;
use super::subject::Subject;
use super::world::World;

/// The family of drawable parts that a program is made of.
pub trait Toolkit: 'static {
    /// A screen or popup of this family.
    type Part: Behaviour<Self> + ?Sized;
}

/// Input for a part.
#[derive(Debug)]
pub enum Input<'a> {
    /// A key that the key table knows; `key` tells which of the command's keys it was.
    Command(&'static str, KeyEvent),
    /// Any other key.
    Key(KeyEvent),
    /// Pasted text.
    Paste(&'a str),
    /// What the popup above this part had to say as it closed.
    Reply(Reply),
    /// The local date has changed from this one.
    NewDay(Date),
    /// The part came to the front.
    Shown,
    /// The database has answered a question.
    Answered,
    /// The part came to the front to show this.
    Visit(&'a Target),
}

/// Something that a screen can show, wherever it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The log of a date.
    Day(Date),
    /// A field of the log of a date, by its key.
    Field(Date, String),
    /// A record of a lane.
    Record {
        /// Its lane.
        lane: Lane,
        /// Its id.
        id: RecordId,
    },
}

/// What a popup leaves behind for the part beneath it.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// A date was chosen.
    Date(Date),
    /// A line was entered for this field of the part.
    Line(String),
    /// A text was saved and the person wants the next field.
    Onward,
    /// The quick or the full form.
    Form(FormView),
    /// Items of a list were chosen.
    Choices(Vec<usize>),
}

/// Whether a part made use of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handled {
    /// Consumed.
    Yes,
    /// Let it fall through to what lies beneath.
    No,
}

/// Kinds of one-line notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something happened as asked.
    Plain,
    /// Something did not.
    Trouble,
}

/// What a part wants; the core turns it into changes of the model and effects.
pub enum Intent<K: Toolkit + ?Sized> {
    /// Change a record; `words` name the change without values.
    Change {
        /// The change.
        mutation: Mutation,
        /// For undo and notices.
        words: String,
    },
    /// Put this popup on top.
    Open(Box<K::Part>),
    /// Close the part itself (a popup).
    Close,
    /// Close the part itself and tell the one beneath.
    CloseWith(Reply),
    /// Reveal this item, or mask it again.
    Reveal(ItemId),
    /// Mask everything.
    Mask,
    /// Put this on the clipboard.
    Copy(Secret<String>),
    /// Make this change without a step to take back: it is nothing that the person wrote, such as where something was
    /// left.
    Note(Mutation),
    /// Open this in the person's own editor.
    Edit(EditJob),
    /// What this run has as a draft of this place is no longer needed.
    DropDraft(Place),
    /// The text of this draft of an earlier run is in the change that was made just before.
    Kept(DraftId),
    /// This draft of an earlier run is given up.
    GiveUp(DraftId),
    /// Say something in the status line.
    Say(Tone, String),
    /// Write this document into a new file in the person's export directory.
    Write(Document),
    /// Export everything, or stop the job that runs.
    Export,
    /// Start this job, unless another one runs.
    Start(Job),
    /// Stop the job that runs.
    StopJob,
    /// Look which backups are there.
    LookAtBackups,
    /// Run this, as if its key had been pressed.
    Run(Called),
    /// Change a setting; `None` leaves it to its default.
    Set(Setting, Option<Value>),
    /// Show this on the screen that it belongs to.
    Visit(Target),
    /// Have this done to the signals.
    Drift(DriftRequest),
    /// Ask this again.
    Refresh(Query),
    /// Try to connect now.
    Reconnect,
}

impl<K: Toolkit + ?Sized> Intent<K> {
    /// Makes a record of these fields; `words` name the change without values.
    #[must_use]
    pub fn create(lane: Lane, id: RecordId, fields: Patch, words: &str) -> Self {
        let change = RecordChange::Create(fields);
        Self::Change {
            mutation: Mutation::Record { lane, id, change },
            words: words.to_owned(),
        }
    }

    /// Changes these fields of a record; `words` name the change without values.
    #[must_use]
    pub fn change(lane: Lane, id: RecordId, patch: Patch, words: &str) -> Self {
        Self::Change {
            mutation: Mutation::set(Subject::Record(lane, id), id, patch),
            words: words.to_owned(),
        }
    }

    /// Says that something happened as asked.
    #[must_use]
    pub fn say(text: impl Into<String>) -> Self {
        Self::Say(Tone::Plain, text.into())
    }
}

/// A command that is called by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Called {
    /// The screen that is to be in front for it.
    pub screen: Option<usize>,
    /// Scope and name; none to go to the screen only.
    pub command: Option<(&'static str, &'static str)>,
}

/// A screen or popup.
pub trait Behaviour<K: Toolkit + ?Sized> {
    /// Scope of its keys, and its name in files: `lifeops`.
    fn name(&self) -> &'static str {
        self.table().scope
    }
    /// Its name on the screen: `LifeOps`.
    fn title(&self) -> &'static str;
    /// How many things wait on it; its tab tells, unless it is 0.
    fn waiting(&self, _world: &World) -> usize {
        0
    }
    /// What its tab tells by, whichever screen is in front.
    fn tab_needs(&self, _world: &World) -> Vec<Query> {
        Vec::new()
    }
    /// The same in few letters, for tabs where not all names fit.
    fn short_title(&self) -> &'static str {
        self.title()
    }
    /// Its commands.
    fn table(&self) -> Table;
    /// Commands that it has in common with other parts, looked up after its own. Names are unique
    /// over all of a part's tables.
    fn shared(&self) -> &'static [Table] {
        &[]
    }
    /// Where its keys are looked up, in this order.
    fn scopes(&self) -> Vec<&'static str> {
        let own = self.table().scope;
        let shared = self.shared().iter().map(|table| table.scope);
        std::iter::once(own).chain(shared).collect()
    }
    /// Its hints: keys and a word, those that mean something now, the most useful first.
    fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        let mut hints = world.keymap.hints(&self.table());
        for table in self.shared() {
            hints.extend(world.keymap.hints(table));
        }
        hints
    }
    /// What it shows now; declared, never fetched.
    fn needs(&self, world: &World) -> Vec<Query>;
    /// Takes an input.
    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<K>>) -> Handled;
    /// The mouse was pressed at this column and row: the cursor goes to what is there.
    fn click(&mut self, _at: (u16, u16), _world: &World) {}
    /// Whether it is the screen that shows this.
    fn takes(&self, _target: &Target) -> bool {
        false
    }
    /// A key was pressed that was not for it: what it has asked is no longer being answered.
    fn passed_by(&mut self) {}
    /// Whether plain keys are text here, so that no key of the screens may apply.
    fn takes_text(&self) -> bool {
        false
    }
    /// Text that would be lost if the program ended now.
    fn unsaved(&self) -> Option<(Place, Secret<String>)> {
        None
    }
    /// How often the text that [`Behaviour::unsaved`] gives has been changed.
    fn edits(&self) -> u64 {
        0
    }
    /// Whether it changes records as a screen does, so that undo and redo work over it too.
    fn changes_records(&self) -> bool {
        false
    }
    /// The records under the cursor whose history can be asked for, the first one first.
    fn subjects(&self, _world: &World) -> Vec<Subject> {
        Vec::new()
    }
    /// The sensitive item under the cursor.
    fn item(&self, _world: &World) -> Option<ItemId> {
        None
    }
    /// Whether there is anything on it that may be masked.
    fn has_masked(&self, world: &World) -> bool {
        self.item(world).is_some()
    }
    /// Whether it hides everything beneath it, the status line included.
    fn covers(&self) -> bool {
        false
    }
}
