//! The model: what parts may look at, the parts themselves, and what only the core needs.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::domain::ids::{DraftId, RecordId, RequestId};
use crate::domain::lane::Lane;

use super::command::Table;
use super::draft::{Draft, OldDraft, Place};
use super::everywhere;
use super::keymap::{Keymap, KeymapError, Preset, Problem};
use super::part::{Behaviour, Toolkit};
use super::subject::Subject;
use super::undo::Undo;
use super::world::{ScreenKeys, World};
use super::zones::Zones;

/// Makes the parts that the core itself opens.
pub struct Parts<K: Toolkit> {
    /// All keys, generated from the tables; those of these scopes first.
    pub help: fn(&World, scopes: &[&'static str]) -> Box<K::Part>,
    /// The form of a record.
    pub record: fn(Lane, RecordId) -> Box<K::Part>,
    /// Looks through everything.
    pub search: fn(&World) -> Box<K::Part>,
    /// Every command by its name, with this screen in front.
    pub palette: fn(&World, active: usize) -> Box<K::Part>,
    /// Covers everything.
    pub cover: fn(&World) -> Box<K::Part>,
    /// What can be set, to look at and to change.
    pub settings: fn(&World) -> Box<K::Part>,
    /// Offers texts that were not saved.
    pub recovered: fn(&World, Vec<OldDraft>) -> Box<K::Part>,
    /// Greets somebody who is here for the first time.
    pub welcome: fn(&World) -> Box<K::Part>,
    /// Captures an idea.
    pub capture: fn(&World) -> Box<K::Part>,
    /// Asks what an export is to hold and how it is written.
    pub export_as: fn(&World) -> Box<K::Part>,
    /// The versions of the first of these; nothing where there is none.
    pub history: fn(Vec<Subject>) -> Option<Box<K::Part>>,
}

/// Everything the program knows.
pub struct Model<K: Toolkit> {
    /// What parts may look at.
    pub world: World,
    /// The screens, in the order of the tabs.
    pub screens: Vec<Box<K::Part>>,
    /// Which of them is in front.
    pub active: usize,
    /// Where the tabs are, as of the last drawing.
    pub tabs: Zones,
    /// Popups, the topmost last.
    pub layers: Vec<Box<K::Part>>,
    /// Makes the parts that the core opens.
    pub parts: Parts<K>,
    /// Changes to take back.
    pub undo: Undo,
    /// The person's file of keys.
    pub(super) key_file: String,
    pub(super) last_input: Option<jiff::Timestamp>,
    pub(super) drafted: u64,
    /// What was said when the connection was lost; it goes when it is back.
    pub(super) lost: Option<String>,
    /// Places whose draft goes once the write is on disk.
    pub(super) drafts_due: Vec<(RequestId, Place)>,
    /// Changes that could not be put on disk.
    pub(super) not_kept: BTreeSet<RequestId>,
    /// Whether to leave without them.
    pub(super) leaving: Leaving,
    /// Drafts of earlier runs that go once the write is on disk.
    pub(super) old_drafts_due: Vec<(RequestId, DraftId)>,
    /// What opens by itself, before the next frame that interrupts nobody.
    pub(super) to_open: ToOpen,
    /// When it was said what stands in the status row.
    pub(super) said_at: Option<jiff::Timestamp>,
    /// That a key has no meaning was said.
    pub(super) told_unknown: bool,
    pub(super) draft_armed: bool,
    pub(super) idle_armed: bool,
    /// What begins once the job that runs has made way.
    pub(super) next_job: Option<super::job::Job>,
    /// What is made by itself.
    pub(super) due: super::update::Due,
}

/// An end that was asked for and held back.
#[derive(Debug, Default)]
pub(super) struct Leaving {
    /// When it was last asked whether to leave all the same.
    pub asked: Option<jiff::Timestamp>,
    /// No key came since: it ends once nothing would be lost.
    pub when_safe: bool,
}

/// What is to be opened without a key.
#[derive(Debug, Default)]
pub(super) struct ToOpen {
    /// Drafts of earlier runs and refused texts, to be offered.
    pub drafts: Vec<OldDraft>,
    /// Why texts among these were refused; said once more when they are offered.
    pub refusal: Option<String>,
    /// Somebody is here for the first time.
    pub welcome: bool,
}

/// How long after a key the typed text goes to disk.
pub const DRAFT_DELAY: Duration = Duration::from_millis(500);

impl<K: Toolkit> Model<K> {
    /// A model with these screens; `others` are the tables that screens share and those of the
    /// popups, for keys and help.
    ///
    /// # Errors
    /// A key table that contradicts itself.
    pub fn new(
        mut world: World,
        screens: Vec<Box<K::Part>>,
        others: &[Table],
        parts: Parts<K>,
    ) -> Result<Self, KeymapError> {
        let mut tables = vec![everywhere::TABLE];
        tables.extend(screens.iter().map(|screen| screen.table()));
        tables.extend_from_slice(others);
        world.keymap = Keymap::new(&tables)?;
        world.tables = tables;
        world.screens = screens
            .iter()
            .map(|screen| ScreenKeys {
                title: screen.title(),
                scopes: screen.scopes(),
            })
            .collect();
        Ok(Self {
            world,
            screens,
            active: 0,
            tabs: Zones::default(),
            layers: Vec::new(),
            parts,
            undo: Undo::default(),
            key_file: String::new(),
            last_input: None,
            drafted: 0,
            lost: None,
            drafts_due: Vec::new(),
            not_kept: BTreeSet::new(),
            leaving: Leaving::default(),
            old_drafts_due: Vec::new(),
            to_open: ToOpen::default(),
            said_at: None,
            told_unknown: false,
            draft_armed: false,
            idle_armed: false,
            next_job: None,
            due: super::update::Due::default(),
        })
    }

    /// Puts the keys of a person's file in force; gives what is wrong in it. It begins with the set
    /// that the settings name where the file names none.
    ///
    /// # Errors
    /// Never for what the file says: as [`Model::new`].
    pub fn remap(&mut self, file: &str) -> Result<Vec<Problem>, KeymapError> {
        let preset = Preset::named(&self.world.settings.keys).unwrap_or_default();
        let (keymap, problems) = Keymap::read(&self.world.tables, preset, file)?;
        self.world.keymap = keymap;
        self.look_from_front();
        file.clone_into(&mut self.key_file);
        Ok(problems)
    }

    /// Lets hints know where keys are looked up.
    pub(super) fn look_from_front(&mut self) {
        let scopes = self.front().map(Behaviour::scopes).unwrap_or_default();
        self.world.keymap.look_from(scopes);
    }

    /// The part that input goes to first.
    #[must_use]
    pub fn front(&self) -> Option<&K::Part> {
        self.layers
            .last()
            .or_else(|| self.screens.get(self.active))
            .map(AsRef::as_ref)
    }

    /// Whether [`super::message::Msg::Frame`] is wanted before the next frame.
    #[must_use]
    pub fn waits_for_frame(&self) -> bool {
        self.to_open.welcome || !self.to_open.drafts.is_empty()
    }

    /// The texts that would be lost if the program ended now.
    #[must_use]
    pub fn unsaved(&self) -> Vec<Draft> {
        let parts = self.layers.iter().chain(self.screens.iter());
        parts
            .filter_map(|part| part.unsaved())
            .map(|(place, text)| Draft {
                place,
                text,
                saved_at: self.world.now.instant,
            })
            .collect()
    }
}
