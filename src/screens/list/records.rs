//! The cursor of a list whose rows come in pages, and what it asks for.

use std::cell::Cell;

use crate::app::part::{Handled, Intent};
use crate::app::world::World;
use crate::app::zones::Zones;
use crate::domain::ids::RecordId;
use crate::domain::record::Record;
use crate::screens::form::RecordForm;
use crate::screens::{Tui, open};
use crate::store::api::{Listing, Query};

use super::pages::{around, is_known};
use super::{Deletion, TABLE, Window};

/// Records of a page: more than a screen has rows, so that three of them hold all that a move can show.
pub const PAGE: u16 = 64;

/// A list of records.
#[derive(Debug, Clone)]
pub struct RecordList {
    /// The page with which the list begins.
    pub(super) base: Listing,
    /// Pages that follow one another, those around the cursor among them.
    pub(super) pages: Vec<Listing>,
    /// The end that is wanted as soon as it is known.
    wanted: Option<End>,
    /// Where the cursor is, as far as its record is not found elsewhere.
    pub(super) place: Place,
    on: Option<RecordId>,
    /// Rows above the cursor that are seen.
    pub(super) above: Cell<usize>,
    /// Rows that are seen, as of the last drawing.
    pub(super) height: Cell<usize>,
    deletion: Deletion,
    /// Which of the records around the cursor is drawn where.
    pub(super) drawn: Zones,
}

/// An end of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    First,
    Last,
}

/// A row of a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub page: usize,
    pub row: usize,
}

impl RecordList {
    /// The list from its first record on.
    #[must_use]
    pub fn new(listing: Listing) -> Self {
        let base = first(listing);
        Self {
            pages: vec![base.clone()],
            base,
            wanted: None,
            place: Place::default(),
            on: None,
            above: Cell::new(0),
            height: Cell::new(1),
            deletion: Deletion::default(),
            drawn: Zones::default(),
        }
    }

    /// Shows other records, or in another order; the cursor stays on its record if that is among the
    /// first of them.
    pub fn show(&mut self, listing: Listing) {
        let listing = first(listing);
        if self.base != listing {
            self.pages = vec![listing.clone()];
            self.base = listing;
            self.wanted = None;
            self.place = Place::default();
            self.above.set(0);
        }
    }

    /// Puts the cursor on this record as soon as it is among those that are known.
    pub fn select(&mut self, id: RecordId) {
        self.on = Some(id);
    }

    /// What is listed, from the first record on.
    #[must_use]
    pub fn listing(&self) -> &Listing {
        &self.base
    }

    /// The pages around the cursor, so that a move never waits.
    #[must_use]
    pub fn needs(&self, world: &World) -> Vec<Query> {
        let at = self.place(world).page;
        let mut wanted: Vec<Listing> = Vec::new();
        for page in around(at) {
            let own = self.pages.get(page).cloned();
            let behind = self.behind(page, world).filter(|_| page <= at);
            let ahead = self.ahead(page, world).filter(|_| page >= at);
            for listing in own.into_iter().chain(behind).chain(ahead) {
                if !wanted.contains(&listing) {
                    wanted.push(listing);
                }
            }
        }
        wanted.extend(self.wanted.map(|end| self.page_of(end)));
        let is_back = self.pages.first().is_some_and(|first| first.back);
        wanted.extend(Some(self.base.clone()).filter(|_| is_back));
        wanted.into_iter().map(Query::Records).collect()
    }

    /// The record under the cursor.
    #[must_use]
    pub fn record<'w>(&self, world: &'w World) -> Option<&'w Record> {
        let place = self.place(world);
        self.records(place.page, world).get(place.row).copied()
    }

    /// Takes a command of the `list` table.
    pub fn command(&mut self, name: &str, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        self.settle(world);
        self.wanted = None;
        if name != "delete" {
            self.deletion.forget();
        }
        let page = isize::try_from(self.height.get().max(2) - 1).unwrap_or(1);
        match name {
            "next" => self.move_by(1, world),
            "previous" => self.move_by(-1, world),
            "page-down" => self.move_by(page, world),
            "page-up" => self.move_by(-page, world),
            "first" => self.go_to(End::First, world),
            "last" => self.go_to(End::Last, world),
            "open" => {
                if let Some(record) = self.record(world) {
                    out.push(open(RecordForm::new(record.lane, record.id)));
                }
            }
            "delete" => {
                if let Some((lane, id)) = self.record(world).map(|record| (record.lane, record.id))
                {
                    self.deletion.press((lane, id), TABLE.scope, world, out);
                }
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }

    /// Puts the cursor on the record that is drawn at this column and row.
    pub fn click(&mut self, at: (u16, u16), world: &World) {
        self.settle(world);
        self.wanted = None;
        let Some(row) = self.drawn.at(at) else { return };
        let Window {
            records, cursor, ..
        } = self.window(world);
        let Some(id) = records.get(row).map(|record| record.id) else {
            return;
        };
        // The rows stay where they are under the pointer.
        let above = (self.above.get() + row).saturating_sub(cursor);
        self.above.set(above);
        self.select(id);
        self.hold(self.place(world), world);
    }

    /// Follows what has become of the pages; to be called when the database has answered.
    pub fn answered(&mut self, world: &World) {
        self.settle(world);
        if let Some(end) = self.wanted {
            self.go_to(end, world);
        }
    }

    /// What was asked is no longer being answered.
    pub fn passed_by(&mut self) {
        self.deletion.forget();
    }

    /// The records of a page, as far as they are known.
    pub(super) fn records<'w>(&self, page: usize, world: &'w World) -> Vec<&'w Record> {
        let listing = self.pages.get(page);
        listing.map_or_else(Vec::new, |listing| world.cache.records(listing))
    }

    /// Where the cursor is: on its record, wherever that is by now; else on the row where it was.
    pub(super) fn place(&self, world: &World) -> Place {
        let on = |record: &&Record| Some(record.id) == self.on;
        for page in around(self.place.page) {
            if let Some(row) = self.records(page, world).iter().position(on) {
                return Place { page, row };
            }
        }
        let mut place = self.place;
        place.page = place.page.min(self.pages.len().saturating_sub(1));
        if self.is_known(place.page, world) {
            let mut rows = self.records(place.page, world).len();
            if rows == 0 && place.page > 0 {
                place.page -= 1;
                rows = self.records(place.page, world).len();
                place.row = rows;
            }
            place.row = place.row.min(rows.saturating_sub(1));
        }
        place
    }

    /// The cursor is here, and on the record that is here.
    pub(super) fn hold(&mut self, place: Place, world: &World) {
        self.place = place;
        if let Some(record) = self.records(place.page, world).get(place.row) {
            self.on = Some(record.id);
        }
    }

    /// The first record or the last one, at once or as soon as its page is known.
    fn go_to(&mut self, end: End, world: &World) {
        if end == End::Last && self.is_whole(world) {
            self.wanted = None;
            return self.move_by(isize::MAX, world);
        }
        let page = self.page_of(end);
        self.wanted = Some(end).filter(|_| !is_known(&page, world));
        if self.wanted.is_some() {
            return;
        }
        self.pages = vec![page];
        let rows = self.records(0, world).len();
        let row = match end {
            End::First => 0,
            End::Last => rows.saturating_sub(1),
        };
        let above = row.min(self.height.get().saturating_sub(1));
        self.above.set(above);
        self.hold(Place { page: 0, row }, world);
    }

    /// As far as records are known.
    fn move_by(&mut self, by: isize, world: &World) {
        let mut at = self.place;
        let mut left = by.unsigned_abs();
        let mut moved: usize = 0;
        while left > 0 {
            let rows = self.records(at.page, world).len();
            let room = if by > 0 {
                rows.saturating_sub(at.row + 1)
            } else {
                at.row
            };
            let step = room.min(left);
            at.row = at.row.saturating_add_signed(if by > 0 {
                step.cast_signed()
            } else {
                -step.cast_signed()
            });
            (left, moved) = (left - step, moved + step);
            if left == 0 {
                break;
            }
            let Some(next) = self.neighbour(at, by > 0, world) else {
                break;
            };
            at = next;
            (left, moved) = (left - 1, moved + 1);
        }
        let above = if by > 0 {
            (self.above.get() + moved).min(self.height.get().saturating_sub(1))
        } else {
            self.above.get().saturating_sub(moved)
        };
        self.above.set(above);
        self.hold(at, world);
    }

    /// The first row of the page behind, or the last one of the page before, if it is known.
    fn neighbour(&mut self, at: Place, down: bool, world: &World) -> Option<Place> {
        let page = if down {
            at.page + 1
        } else if let Some(page) = at.page.checked_sub(1) {
            page
        } else {
            let ahead = self.ahead(0, world);
            self.pages
                .insert(0, ahead.filter(|page| is_known(page, world))?);
            0
        };
        if down && page == self.pages.len() {
            let behind = self.behind(at.page, world)?;
            if !is_known(&behind, world) {
                return None;
            }
            self.pages.push(behind);
        }
        let rows = self.records(page, world).len();
        let row = if down { 0 } else { rows.saturating_sub(1) };
        (rows > 0).then_some(Place { page, row })
    }
}

fn first(listing: Listing) -> Listing {
    Listing {
        after: None,
        back: false,
        limit: PAGE,
        ..listing
    }
}
