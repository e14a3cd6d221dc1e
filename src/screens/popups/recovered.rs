//! Texts of an earlier run that were typed but not saved: each is kept or given up, one by one.

use crate::app::command::{Command, Table};
use crate::app::draft::Draft;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Tone};
use crate::app::update::text_change;
use crate::app::world::World;
use crate::domain::secret::Secret;
use crate::screens::lifeops::item;
use crate::screens::{Tui, open};
use crate::store::api::Query;

use super::Editor;

pub(super) const TABLE: Table = Table {
    scope: "recovered",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "keep",
        words: "put the text into its field",
        hint: Some("keep"),
        keys: &["enter"],
    },
    Command {
        name: "edit",
        words: "go on writing it",
        hint: Some("write on"),
        keys: &["e"],
    },
    Command {
        name: "give-up",
        words: "give the text up",
        hint: Some("give up"),
        keys: &["d"],
    },
    Command {
        name: "later",
        words: "ask again at the next start",
        hint: Some("later"),
        keys: &["esc", "q"],
    },
];

/// The offer.
#[derive(Debug, Clone)]
pub struct Recovered {
    pub(super) drafts: Vec<Draft>,
}

impl Recovered {
    /// Offers these.
    #[must_use]
    pub fn new(drafts: Vec<Draft>) -> Self {
        Self { drafts }
    }

    /// The one that is being asked about.
    #[must_use]
    pub fn draft(&self) -> Option<&Draft> {
        self.drafts.first()
    }

    fn next(&mut self, out: &mut Vec<Intent<Tui>>) {
        if !self.drafts.is_empty() {
            self.drafts.remove(0);
        }
        if self.drafts.is_empty() {
            out.push(Intent::Close);
        }
    }
}

impl Behaviour<Tui> for Recovered {
    fn title(&self) -> &'static str {
        "Unsaved text"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        let days = self
            .drafts
            .iter()
            .map(|draft| Query::Day(draft.place.date()));
        days.take(1).collect()
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        let Some(draft) = self.draft().cloned() else {
            out.push(Intent::Close);
            return Handled::Yes;
        };
        match name {
            "keep" => {
                let (mutation, words) =
                    text_change(&draft.place, &draft.text, &Secret::default(), world);
                out.push(Intent::Change { mutation, words });
                self.next(out);
            }
            "edit" => {
                self.next(out);
                let editor = Editor::holding(world, draft.place, draft.text);
                out.push(open(editor));
            }
            "give-up" => {
                out.push(Intent::DropDraft(draft.place));
                self.next(out);
            }
            _ => {
                let text = "kept; it is offered again at the next start".to_owned();
                out.push(Intent::Say(Tone::Plain, text));
                out.push(Intent::Close);
            }
        }
        Handled::Yes
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        let place = &self.draft()?.place;
        world
            .form
            .is_sensitive(place.field())
            .then(|| item(place.date(), place.field()))
    }
}
