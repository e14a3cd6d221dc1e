//! The screens: one module each, one row in the [`REGISTRY`].
//!
//! Tabs, keys, help and the snapshot tests iterate the registry; nothing else names a screen.

pub mod data;
pub mod drift;
pub mod form;
pub mod frame;
pub mod goals;
pub mod lifeops;
pub mod list;
pub mod popups;
pub mod review;
pub mod scroll;
pub mod teaching;
pub mod thinkops;
mod viewing;
mod which_key;
pub mod wildlands;

pub use viewing::ViewCx;
use viewing::zone;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::Table;
use crate::app::keymap::KeymapError;
use crate::app::model::{Model, Parts};
use crate::app::part::{Behaviour, Intent, Toolkit};
use crate::app::world::World;

/// The family of parts that are drawn in a terminal.
#[derive(Debug)]
pub struct Tui;

impl Toolkit for Tui {
    type Part = dyn Screen;
}

/// A screen or popup that can be drawn.
pub trait Screen: Behaviour<Tui> + Send {
    /// Draws into the area. Returns where the terminal's cursor belongs, if it is shown.
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position>;
}

/// One screen of the program.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Makes it, as it is when the program starts.
    pub build: fn(&World) -> Box<dyn Screen>,
    /// The key tables of popups that belong to it alone.
    pub popups: &'static [Table],
}

/// All screens, in the order of their tabs.
pub const REGISTRY: &[Entry] = &[
    Entry {
        build: |world| Box::new(lifeops::LifeOps::new(world)),
        popups: &[],
    },
    Entry {
        build: |world| Box::new(thinkops::ThinkOps::new(world)),
        popups: thinkops::POPUPS,
    },
    Entry {
        build: |world| Box::new(goals::Goals::new(world)),
        popups: goals::TABLES,
    },
    Entry {
        build: |_| Box::new(drift::Drift::default()),
        popups: &[],
    },
    Entry {
        build: |_| Box::new(teaching::Teaching::default()),
        popups: &[],
    },
    Entry {
        build: |_| Box::new(wildlands::Wildlands::default()),
        popups: &[],
    },
    Entry {
        build: |world| Box::new(review::Review::new(world)),
        popups: &[],
    },
    Entry {
        build: |_| Box::new(data::Data::default()),
        popups: data::POPUPS,
    },
];

/// Key tables that several screens and popups have in common.
const SHARED: [Table; 3] = [form::TABLE, form::RECORD_TABLE, list::TABLE];

fn boxed(part: impl Screen + 'static) -> Box<dyn Screen> {
    Box::new(part)
}

/// The wish for a popup.
fn open(part: impl Screen + 'static) -> Intent<Tui> {
    Intent::Open(boxed(part))
}

/// The program as it is when it starts.
///
/// # Errors
/// A key table that contradicts itself.
pub fn model(world: World) -> Result<Model<Tui>, KeymapError> {
    let screens = REGISTRY.iter().map(|entry| (entry.build)(&world)).collect();
    let parts = Parts {
        help: |world, scopes| boxed(popups::Help::new(world, scopes)),
        record: |lane, id| boxed(form::RecordForm::new(lane, id)),
        search: |_| boxed(popups::Search::default()),
        palette: |world, active| boxed(popups::Palette::new(world, active)),
        cover: |_| boxed(popups::Cover),
        settings: |_| boxed(popups::Settings::default()),
        recovered: |_, drafts| boxed(popups::Recovered::new(drafts)),
        welcome: |_| boxed(popups::Welcome),
        capture: |_| boxed(thinkops::Capture::new()),
        export_as: |_| boxed(popups::ExportAs::default()),
        history: |subjects| popups::History::new(subjects).map(boxed),
    };
    let own = REGISTRY.iter().flat_map(|entry| entry.popups);
    let mut others: Vec<Table> = [SHARED.as_slice(), popups::TABLES].concat();
    others.extend(own);
    Model::new(world, screens, &others, parts)
}
