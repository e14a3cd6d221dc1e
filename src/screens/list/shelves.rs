//! The records of a lane on shelves, one for each status or group of them, one list at a time.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::part::{Handled, Intent, Target};
use crate::app::world::World;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::screens::form::RecordForm;
use crate::screens::{Tui, ViewCx, open};
use crate::store::api::{Listing, Query};
use crate::ui::{EmptyState, Role, Row, width};

use super::{PAGE, RecordList};

/// A shelf: its name, and the statuses of the records on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shelf {
    /// On the screen.
    pub name: &'static str,
    /// As stored.
    pub statuses: &'static [&'static str],
}

/// The shelves of a lane, and which of them is in front.
#[derive(Debug)]
pub struct Shelves {
    lane: Lane,
    all: &'static [Shelf],
    lists: Vec<RecordList>,
    at: usize,
    /// What else is held back, on every shelf.
    only: Vec<(&'static str, Vec<String>)>,
}

impl Shelves {
    /// The first shelf in front.
    #[must_use]
    pub fn new(lane: Lane, shelves: &'static [Shelf]) -> Self {
        let mut new = Self {
            lane,
            all: shelves,
            lists: Vec::new(),
            at: 0,
            only: Vec::new(),
        };
        new.lists = shelves
            .iter()
            .map(|shelf| RecordList::new(new.listing(shelf)))
            .collect();
        new
    }

    fn listing(&self, shelf: &Shelf) -> Listing {
        let statuses = shelf.statuses.iter().map(|&status| status.to_owned());
        let mut listing = Listing::new(self.lane, PAGE);
        listing.only = vec![(self.lane.status_field(), statuses.collect())];
        listing.only.extend(self.only.clone());
        listing
    }

    /// Lists only records whose field has one of these words; all where there is none.
    pub fn hold_back(&mut self, field: &'static str, words: Vec<String>) {
        self.only.retain(|(other, _)| *other != field);
        if !words.is_empty() {
            self.only.push((field, words));
        }
        for at in 0..self.all.len() {
            let listing = self.all.get(at).map(|shelf| self.listing(shelf));
            if let Some((list, listing)) = self.lists.get_mut(at).zip(listing) {
                list.show(listing);
            }
        }
    }

    /// The words of a field that are listed; none where all are.
    #[must_use]
    pub fn held_to(&self, field: &str) -> &[String] {
        let only = self.only.iter().find(|(other, _)| *other == field);
        only.map_or(&[], |(_, words)| words.as_slice())
    }

    fn list(&self) -> Option<&RecordList> {
        self.lists.get(self.at)
    }

    /// What is asked for: the list in front, how many there are, and the record under the cursor,
    /// whole.
    #[must_use]
    pub fn needs(&self, world: &World) -> Vec<Query> {
        let mut needs = vec![Query::Statuses(self.lane)];
        needs.extend(
            self.list()
                .map(|list| list.needs(world))
                .unwrap_or_default(),
        );
        needs.extend(
            self.record(world)
                .map(|record| Query::Record(self.lane, record.id)),
        );
        needs
    }

    /// The record under the cursor, whole as soon as that is known.
    #[must_use]
    pub fn record<'w>(&self, world: &'w World) -> Option<&'w Record> {
        let listed = self.list()?.record(world)?;
        world.cache.record(self.lane, listed.id).or(Some(listed))
    }

    /// The records of the shelf in front, as far as they are held.
    #[must_use]
    pub fn in_front<'w>(&self, world: &'w World) -> Vec<&'w Record> {
        self.list()
            .map_or_else(Vec::new, |list| list.window(world).records)
    }

    /// The name of the shelf in front.
    #[must_use]
    pub fn front_name(&self) -> &'static str {
        self.all.get(self.at).map_or("", |shelf| shelf.name)
    }

    /// Goes to the shelf that has a status, the cursor on this record as soon as it is known.
    pub fn select(&mut self, id: RecordId, status: &str) {
        let has = |shelf: &Shelf| shelf.statuses.contains(&status);
        if !self.all.get(self.at).is_some_and(has) {
            self.at = self.all.iter().position(has).unwrap_or(self.at);
        }
        if let Some(list) = self.lists.get_mut(self.at) {
            list.select(id);
        }
    }

    /// Goes to this record, on its shelf where its status is known, and opens its form.
    pub fn visit(&mut self, target: &Target, world: &World, out: &mut Vec<Intent<Tui>>) {
        let Target::Record { lane, id } = target else {
            return;
        };
        let record = world.cache.record(*lane, *id);
        let status = record.and_then(|record| record.word("status"));
        self.select(*id, status.unwrap_or_default());
        out.push(open(RecordForm::new(*lane, *id)));
    }

    /// Takes the commands of lists, and `next-status` and `previous-status`.
    pub fn command(&mut self, name: &str, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match name {
            "next-status" => self.at = (self.at + 1).min(self.all.len().saturating_sub(1)),
            "previous-status" => self.at = self.at.saturating_sub(1),
            other => {
                return match self.lists.get_mut(self.at) {
                    Some(list) => list.command(other, world, out),
                    None => Handled::No,
                };
            }
        }
        self.passed_by();
        Handled::Yes
    }

    /// Puts the cursor on the record that is drawn at this column and row.
    pub fn click(&mut self, at: (u16, u16), world: &World) {
        if let Some(list) = self.lists.get_mut(self.at) {
            list.click(at, world);
        }
    }

    /// To be called when the database has answered.
    pub fn answered(&mut self, world: &World) {
        if let Some(list) = self.lists.get_mut(self.at) {
            list.answered(world);
        }
    }

    /// What was asked is no longer being answered.
    pub fn passed_by(&mut self) {
        self.lists.iter_mut().for_each(RecordList::passed_by);
    }

    /// A shelf's name with how many records are on it, where that is known.
    fn label(&self, shelf: &Shelf, world: &World) -> String {
        let counts = world
            .cache
            .statuses(self.lane)
            .filter(|_| self.only.is_empty());
        match counts {
            Some(counts) => {
                let count = |status: &&str| counts.get(*status).copied().unwrap_or(0);
                let count: u64 = shelf.statuses.iter().map(count).sum();
                format!("{} {count}", shelf.name)
            }
            None => shelf.name.to_owned(),
        }
    }

    /// Draws the shelves' names into the first row and the list in front below it.
    pub fn draw<'r>(
        &self,
        cx: ViewCx<'_>,
        area: Rect,
        buf: &mut Buffer,
        empty: EmptyState<'_>,
        row: impl Fn(&Record) -> Row<'r>,
    ) {
        let heading = u16::from(area.height > 1);
        if heading > 0 {
            self.names(cx, area, buf);
        }
        let below = Rect {
            y: area.y + heading,
            height: area.height - heading,
            ..area
        };
        if let Some(list) = self.list() {
            list.draw(cx, below, buf, empty, row);
        }
    }

    /// All names where they fit, else the one in front with the way to the others.
    fn names(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
        let labels: Vec<String> = self
            .all
            .iter()
            .map(|shelf| self.label(shelf, cx.world))
            .collect();
        let all: usize = labels.iter().map(|label| width::width(label) + 2).sum();
        let mut x = 1;
        if all < usize::from(area.width) {
            for (at, label) in labels.iter().enumerate() {
                let (role, mark) = if at == self.at {
                    (Role::TabActive, cx.look.glyphs.marker)
                } else {
                    (Role::Tab, " ")
                };
                cx.put(buf, area, x - 1, mark, Role::Marker);
                x = cx.put(buf, area, x, label, role) + 2;
            }
            return;
        }
        let Some(label) = labels.get(self.at) else {
            return;
        };
        let place = format!("  {} of {}", self.at + 1, labels.len());
        x = cx.put(buf, area, x, label, Role::TabActive);
        cx.put(buf, area, x, &place, Role::Muted);
    }
}
