//! Wildlands: brand content by status and type, the piece under the cursor with its counts.
//!
//! The screen owns which list is in front, the filter and what was asked; pieces live in the cache. A template
//! gives headings and prompts; what stands there already is replaced only by the same key again.

mod actions;
mod commands;
mod view;

use crate::app::command::Table;
use crate::app::part::{Behaviour, Handled, Input, Intent, Target};
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::domain::content::{ContentType, Piece};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::domain::secret::Exit;
use crate::store::api::Query;

use super::Tui;
use super::list::{self, Shelf, Shelves};

const SHELVES: &[Shelf] = &[
    Shelf {
        name: "current",
        statuses: &["draft", "published"],
    },
    Shelf {
        name: "draft",
        statuses: &["draft"],
    },
    Shelf {
        name: "published",
        statuses: &["published"],
    },
    Shelf {
        name: "archived",
        statuses: &["archived"],
    },
];

/// The Wildlands screen.
#[derive(Debug)]
pub struct Wildlands {
    shelves: Shelves,
    asked: Asked,
}

/// What the popup above was opened for, or the last key asked.
#[derive(Debug, Clone, PartialEq, Default)]
enum Asked {
    #[default]
    Nothing,
    /// Type and template of a new piece.
    NewKind,
    /// The title of a new piece of this type and template.
    NewTitle(ContentType, &'static str),
    /// Type and template of this piece.
    Kind(RecordId),
    /// Where this piece goes.
    Status(RecordId),
    /// Whether the body of this piece is to be replaced.
    Replace(RecordId),
    /// Which types are listed.
    Types,
}

impl Default for Wildlands {
    fn default() -> Self {
        Self {
            shelves: Shelves::new(Lane::Content, SHELVES),
            asked: Asked::Nothing,
        }
    }
}

/// The piece that a record holds.
fn read(record: &Record, exit: Exit) -> Piece {
    Piece::read(record.fields.expose(exit))
}

/// Every type with each of its templates.
fn kinds() -> impl Iterator<Item = (ContentType, &'static str)> {
    let all = ContentType::ALL.into_iter();
    all.flat_map(|kind| kind.templates().map(|template| (kind, template)))
}

impl Behaviour<Tui> for Wildlands {
    fn title(&self) -> &'static str {
        "Wildlands"
    }

    fn short_title(&self) -> &'static str {
        "Wild"
    }

    fn table(&self) -> Table {
        commands::TABLE
    }

    fn shared(&self) -> &'static [Table] {
        const { &[list::TABLE] }
    }

    fn needs(&self, world: &World) -> Vec<Query> {
        self.shelves.needs(world)
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command(name, _) => return self.command(name, world, out),
            Input::Reply(reply) => self.reply(&reply, world, out),
            Input::Answered => self.shelves.answered(world),
            Input::Key(_) | Input::Paste(_) => return Handled::No,
            Input::Visit(target) => self.shelves.visit(target, world, out),
            Input::NewDay(_) | Input::Shown => {}
        }
        Handled::Yes
    }

    fn subjects(&self, world: &World) -> Vec<Subject> {
        let record = self.shelves.record(world);
        let subject = record.map(|record| Subject::Record(record.lane, record.id));
        subject.into_iter().collect()
    }

    fn click(&mut self, at: (u16, u16), world: &World) {
        self.shelves.click(at, world);
    }

    fn takes(&self, target: &Target) -> bool {
        matches!(
            target,
            Target::Record {
                lane: Lane::Content,
                ..
            }
        )
    }

    fn passed_by(&mut self) {
        if let Asked::Replace(_) = self.asked {
            self.asked = Asked::Nothing;
        }
        self.shelves.passed_by();
    }
}
