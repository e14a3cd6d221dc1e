//! `ThinkOps`: ideas by status, as columns when wide and as groups when narrow.
//!
//! The screen owns the cursor, the filter and the order; ideas live in the cache. Nothing moves an idea
//! but the person.

mod actions;
mod capture;
mod commands;
mod pages;
mod row;
mod view;

use std::cell::Cell;

use crate::app::command::Table;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent};
use crate::app::world::World;
use crate::domain::idea::{AgeBand, CATEGORIES, Sift, SortBy, Status};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::domain::subject::Subject;
use crate::store::api::{Listing, Query};

use super::{Tui, list};

pub use capture::Capture;
use pages::{PAGE, Pages};

/// The key tables of the popups that only this screen has.
pub const POPUPS: &[Table] = &[capture::TABLE];

/// Ideas by status.
#[derive(Debug, Default)]
pub struct ThinkOps {
    /// A list for each status, in the order of the pipeline.
    groups: [Pages; Status::ALL.len()],
    /// The status under the cursor: an index of [`Status::ALL`].
    at: usize,
    /// The first column that is seen.
    left: Cell<usize>,
    /// The first idea that is seen, where groups stand one below the other.
    top: Cell<Option<RecordId>>,
    /// Rows of ideas that fit, as of the last drawing.
    page: Cell<usize>,
    sift: Sift,
    sort: SortBy,
    asked: Asked,
}

/// What the popup above was opened for, or the last key asked.
#[derive(Debug, Clone, PartialEq, Default)]
enum Asked {
    #[default]
    Nothing,
    /// Where this idea goes: one of these.
    Where(RecordId, &'static [Status]),
    /// When this idea, once parked, is looked at again.
    ReviewOn(RecordId),
    /// What is listed.
    What,
    /// Whether this idea is to be deleted.
    Delete(RecordId),
}

impl ThinkOps {
    fn status(&self) -> Status {
        Status::ALL.get(self.at).copied().unwrap_or(Status::Draft)
    }

    /// The list of a status, without a page.
    fn listing(&self, status: Status, world: &World) -> Listing {
        let sift = Sift {
            statuses: vec![status],
            ..self.sift.clone()
        };
        let made = sift.made(world.today, world.zone());
        Listing::ideas(&sift, made, self.sort, PAGE)
    }

    /// The statuses that are listed, with their index.
    fn listed(&self) -> impl Iterator<Item = (usize, Status)> + '_ {
        let all = Status::ALL.into_iter().enumerate();
        all.filter(|(_, status)| self.sift.takes(*status))
    }

    fn records<'w>(&self, at: usize, world: &'w World) -> Vec<&'w Record> {
        let Some((pages, status)) = self.groups.get(at).zip(Status::ALL.get(at)) else {
            return Vec::new();
        };
        pages.records(&self.listing(*status, world), world)
    }

    /// The idea under the cursor.
    fn idea<'w>(&self, world: &'w World) -> Option<&'w Record> {
        let records = self.records(self.at, world);
        let row = self.groups.get(self.at)?.at(&records);
        records.get(row).copied()
    }

    /// How many ideas of a status are listed, where that is known. Where all of them are known here,
    /// those are counted, so that what is on its way counts too.
    fn count(&self, at: usize, status: Status, world: &World) -> Option<u64> {
        let first = Query::Records(self.listing(status, world));
        let known = world.cache.state(&first).known().is_some();
        if known && self.groups.get(at)?.is_whole() {
            return u64::try_from(self.records(at, world).len()).ok();
        }
        let counts = world.cache.statuses(Lane::Ideas)?;
        let known = self.sift.categories.is_empty() && self.sift.ages.is_empty();
        known.then(|| counts.get(status.word()).copied().unwrap_or(0))
    }

    /// Whether it is known that there is no idea at all.
    fn is_empty(&self, world: &World) -> bool {
        let counts = world.cache.statuses(Lane::Ideas);
        let none = counts.is_some_and(|counts| counts.values().all(|count| *count == 0));
        none && self
            .listed()
            .all(|(at, _)| self.records(at, world).is_empty())
    }
}

/// The name of an idea's title for the mask.
fn title_item(id: RecordId) -> ItemId {
    Subject::Record(Lane::Ideas, id).item(Lane::Ideas.title_field())
}

impl Behaviour<Tui> for ThinkOps {
    fn title(&self) -> &'static str {
        "ThinkOps"
    }

    fn table(&self) -> Table {
        commands::TABLE
    }

    fn shared(&self) -> &'static [Table] {
        &[list::TABLE]
    }

    fn needs(&self, world: &World) -> Vec<Query> {
        let mut needs = vec![Query::Statuses(Lane::Ideas)];
        for (at, status) in self.listed() {
            let listing = self.listing(status, world);
            if let Some(pages) = self.groups.get(at) {
                needs.extend(pages.needs(&listing));
            }
        }
        needs
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command(name, _) => return self.command(name, world, out),
            Input::Reply(reply) => self.reply(reply, world, out),
            Input::Answered => self.learn(world),
            Input::Key(_) | Input::Paste(_) => return Handled::No,
            Input::NewDay(_) | Input::Shown => {}
        }
        Handled::Yes
    }

    fn passed_by(&mut self) {
        self.forget_question();
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        self.idea(world).map(|idea| title_item(idea.id))
    }

    fn has_masked(&self, world: &World) -> bool {
        let mut listed = self.listed();
        listed.any(|(at, _)| !self.records(at, world).is_empty())
    }
}

/// What can be listed, one after the other: statuses, categories, ages.
fn choices() -> Vec<String> {
    let statuses = Status::ALL.iter().map(|status| status.label().to_owned());
    let categories = CATEGORIES.iter().map(|&word| word.to_owned());
    let ages = AgeBand::ALL.iter().map(|age| age.label().to_owned());
    statuses.chain(categories).chain(ages).collect()
}

/// What these of the [`choices`] list.
fn chosen(choices: &[usize]) -> Sift {
    let has = |at: usize| choices.contains(&at);
    let of = |from: usize| move |(at, _): &(usize, _)| has(from + at);
    let (categories, ages) = (Status::ALL.len(), Status::ALL.len() + CATEGORIES.len());
    let statuses = Status::ALL.into_iter().enumerate();
    let words = CATEGORIES.into_iter().enumerate();
    let bands = AgeBand::ALL.into_iter().enumerate();
    Sift {
        statuses: statuses.filter(|(at, _)| has(*at)).map(|it| it.1).collect(),
        categories: words.filter(of(categories)).map(|it| it.1).collect(),
        ages: bands
            .filter(|(at, _)| has(ages + at))
            .map(|it| it.1)
            .collect(),
    }
}

/// Which of the [`choices`] are listed.
fn ticked(sift: &Sift) -> Vec<bool> {
    let statuses = Status::ALL.iter().map(|one| sift.statuses.contains(one));
    let categories = CATEGORIES.iter().map(|one| sift.categories.contains(one));
    let ages = AgeBand::ALL.iter().map(|one| sift.ages.contains(one));
    statuses.chain(categories).chain(ages).collect()
}
