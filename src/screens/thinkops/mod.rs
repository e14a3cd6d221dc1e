//! `ThinkOps`: ideas by status, as columns when wide and as groups when narrow.
//!
//! The screen owns the cursor, the filter and the order; ideas live in the cache. Nothing moves an idea
//! but the person.

mod actions;
mod capture;
mod commands;
mod row;
mod view;

use std::cell::Cell;

use crate::app::command::Table;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Target};
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::app::zones::Zones;
use crate::domain::idea::{AgeBand, CATEGORIES, Sift, SortBy, Status};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::store::api::{Listing, Query};

use super::Tui;
use super::list::{self, RecordList, Window};

pub use capture::Capture;

/// The key tables of the popups that only this screen has.
pub const POPUPS: &[Table] = &[capture::TABLE];

/// Ideas by status.
#[derive(Debug)]
pub struct ThinkOps {
    /// A list for each status, in the order of the pipeline.
    groups: [RecordList; Status::ALL.len()],
    /// The status under the cursor: an index of [`Status::ALL`].
    at: usize,
    /// The first column that is seen.
    left: Cell<usize>,
    /// The first idea that is seen of each column, and of the groups one below the other.
    tops: [Cell<Option<RecordId>>; Status::ALL.len()],
    top: Cell<Option<RecordId>>,
    /// Which idea of which list is drawn where.
    drawn: Zones<(usize, RecordId)>,
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
}

impl ThinkOps {
    /// All ideas, those that were changed last first.
    #[must_use]
    pub fn new(world: &World) -> Self {
        let (sift, sort) = (Sift::default(), SortBy::default());
        Self {
            groups: Status::ALL.map(|status| RecordList::new(listing(status, &sift, sort, world))),
            at: 0,
            left: Cell::default(),
            tops: Default::default(),
            top: Cell::default(),
            drawn: Zones::default(),
            sift,
            sort,
            asked: Asked::default(),
        }
    }

    fn status(&self) -> Status {
        Status::ALL.get(self.at).copied().unwrap_or(Status::Draft)
    }

    fn list(&self) -> Option<&RecordList> {
        self.groups.get(self.at)
    }

    /// The statuses that are listed, with their index.
    fn listed(&self) -> impl Iterator<Item = (usize, Status)> + '_ {
        let all = Status::ALL.into_iter().enumerate();
        all.filter(|(_, status)| self.sift.takes(*status))
    }

    fn window<'w>(&self, at: usize, world: &'w World) -> Option<Window<'w>> {
        self.groups.get(at).map(|list| list.window(world))
    }

    /// Whether an idea of this status is listed.
    fn has_any(&self, at: usize, world: &World) -> bool {
        let window = self.window(at, world);
        window.is_some_and(|window| !window.records.is_empty())
    }

    /// The idea under the cursor.
    fn idea<'w>(&self, world: &'w World) -> Option<&'w Record> {
        self.list()?.record(world)
    }

    /// How many ideas of a status are listed, where that is known. Where all of them are known here,
    /// those are counted, so that what is on its way counts too.
    fn count(&self, at: usize, status: Status, world: &World) -> Option<u64> {
        let list = self.groups.get(at)?;
        let first = Query::Records(list.listing().clone());
        let known = world.cache.state(&first).known().is_some();
        let window = list.window(world);
        if known && !window.above && !window.below {
            return u64::try_from(window.records.len()).ok();
        }
        let counts = world.cache.statuses(Lane::Ideas)?;
        let known = self.sift.categories.is_empty() && self.sift.ages.is_empty();
        known.then(|| counts.get(status.word()).copied().unwrap_or(0))
    }

    /// Whether it is known that there is no idea at all.
    fn is_empty(&self, world: &World) -> bool {
        let counts = world.cache.statuses(Lane::Ideas);
        let none = counts.is_some_and(|counts| counts.values().all(|count| *count == 0));
        none && self.listed().all(|(at, _)| !self.has_any(at, world))
    }
}

/// The ideas of a status that are listed, in this order.
fn listing(status: Status, sift: &Sift, sort: SortBy, world: &World) -> Listing {
    let sift = Sift {
        statuses: vec![status],
        ..sift.clone()
    };
    let made = sift.made(world.today, world.zone());
    Listing::ideas(&sift, made, sort, list::PAGE)
}

/// The name of an idea's title for the mask.
fn title_item(id: RecordId) -> ItemId {
    Subject::Record(Lane::Ideas, id).item(Lane::Ideas.title_field())
}

impl Behaviour<Tui> for ThinkOps {
    fn title(&self) -> &'static str {
        "ThinkOps"
    }

    fn short_title(&self) -> &'static str {
        "Think"
    }

    fn table(&self) -> Table {
        commands::TABLE
    }

    fn shared(&self) -> &'static [Table] {
        &[list::TABLE]
    }

    fn needs(&self, world: &World) -> Vec<Query> {
        let mut needs = vec![Query::Statuses(Lane::Ideas)];
        for (at, _) in self.listed() {
            needs.extend(
                self.groups
                    .get(at)
                    .map(|list| list.needs(world))
                    .unwrap_or_default(),
            );
        }
        needs
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command(name, _) => return self.command(name, world, out),
            Input::Reply(reply) => self.reply(reply, world, out),
            Input::Answered => self.groups.iter_mut().for_each(|list| list.answered(world)),
            // Ages are counted from today.
            Input::NewDay(_) => self.relist(world),
            Input::Key(_) | Input::Paste(_) => return Handled::No,
            Input::Visit(target) => self.visit(target, world, out),
            Input::Shown => {}
        }
        Handled::Yes
    }

    fn click(&mut self, at: (u16, u16), _world: &World) {
        if let Some((group, idea)) = self.drawn.at(at) {
            self.at = group;
            if let Some(list) = self.groups.get_mut(group) {
                list.select(idea);
            }
        }
    }

    fn takes(&self, target: &Target) -> bool {
        matches!(
            target,
            Target::Record {
                lane: Lane::Ideas,
                ..
            }
        )
    }

    fn passed_by(&mut self) {
        self.groups.iter_mut().for_each(RecordList::passed_by);
    }

    fn subjects(&self, world: &World) -> Vec<Subject> {
        let idea = self.idea(world);
        let subject = idea.map(|idea| Subject::Record(Lane::Ideas, idea.id));
        subject.into_iter().collect()
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        self.idea(world).map(|idea| title_item(idea.id))
    }

    fn has_masked(&self, world: &World) -> bool {
        self.listed().any(|(at, _)| self.has_any(at, world))
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
