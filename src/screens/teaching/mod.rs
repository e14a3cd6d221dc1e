//! Teaching: requests for lessons by status, the plan of the one under the cursor, its checklist.
//!
//! The screen owns which list is in front and what was asked; requests live in the cache. A plan is made by
//! `domain::teaching` and edited in the record's form; no status changes but by the person's key.

mod actions;
mod commands;
mod view;

use crate::app::command::Table;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Target};
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::domain::secret::Exit;
use crate::domain::teaching::{LessonRequest, Plan};
use crate::store::api::Query;

use super::Tui;
use super::list::{self, Shelf, Shelves};

/// The field that describes students.
const PRIVATE: &str = "studentProfile";

const SHELVES: &[Shelf] = &[
    Shelf {
        name: "open",
        statuses: &["requested", "planned"],
    },
    Shelf {
        name: "requested",
        statuses: &["requested"],
    },
    Shelf {
        name: "planned",
        statuses: &["planned"],
    },
    Shelf {
        name: "taught",
        statuses: &["taught"],
    },
    Shelf {
        name: "archived",
        statuses: &["archived"],
    },
];

/// The Teaching screen.
#[derive(Debug)]
pub struct Teaching {
    shelves: Shelves,
    asked: Asked,
}

/// What the popup above was opened for, or the last key asked.
#[derive(Debug, Clone, PartialEq, Default)]
enum Asked {
    #[default]
    Nothing,
    /// The subject of a new request.
    Subject,
    /// Whether the plan of this request is to be replaced.
    Replace(RecordId),
    /// When the lesson of this request was taught.
    TaughtOn(RecordId),
    /// Which status this request gets.
    Status(RecordId),
    /// How this request is written.
    Paper(RecordId),
}

impl Default for Teaching {
    fn default() -> Self {
        Self {
            shelves: Shelves::new(Lane::Teaching, SHELVES),
            asked: Asked::Nothing,
        }
    }
}

/// The request and the plan that a record holds, for work that shows nothing of them by itself.
fn read(record: &Record, exit: Exit) -> (LessonRequest, Plan) {
    let fields = record.fields.expose(exit);
    (LessonRequest::read(fields), Plan::read(fields))
}

/// What of a request is sensitive, where it says anything of the students.
fn private_item(record: &Record) -> Option<ItemId> {
    record.text(PRIVATE)?;
    Some(Subject::Record(Lane::Teaching, record.id).item(PRIVATE))
}

impl Behaviour<Tui> for Teaching {
    fn title(&self) -> &'static str {
        "Teaching"
    }

    fn short_title(&self) -> &'static str {
        "Teach"
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

    fn click(&mut self, at: (u16, u16), world: &World) {
        self.shelves.click(at, world);
    }

    fn takes(&self, target: &Target) -> bool {
        matches!(
            target,
            Target::Record {
                lane: Lane::Teaching,
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

    fn subjects(&self, world: &World) -> Vec<Subject> {
        let record = self.shelves.record(world);
        let subject = record.map(|record| Subject::Record(record.lane, record.id));
        subject.into_iter().collect()
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        private_item(self.shelves.record(world)?)
    }
}
