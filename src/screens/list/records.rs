//! The cursor of a list whose rows come in pages, and what it asks for.

use std::cell::Cell;

use crate::app::cache::Remote;
use crate::app::part::{Handled, Intent};
use crate::app::world::World;
use crate::domain::ids::RecordId;
use crate::domain::record::Record;
use crate::screens::form::RecordForm;
use crate::screens::{Tui, open};
use crate::store::api::{Listing, Query};

use super::{Deletion, TABLE};

/// Records of a page: more than a screen has rows, so that three of them hold all that a move can show.
pub const PAGE: u16 = 64;

/// A list of records.
#[derive(Debug, Clone)]
pub struct RecordList {
    /// Pages that follow one another, those around the cursor among them.
    pub(super) pages: Vec<Listing>,
    /// Where the cursor is, as far as its record is not found elsewhere.
    pub(super) place: Place,
    on: Option<RecordId>,
    /// Rows above the cursor that are seen.
    pub(super) above: Cell<usize>,
    /// Rows that are seen, as of the last drawing.
    pub(super) height: Cell<usize>,
    deletion: Deletion,
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
        Self {
            pages: vec![first(listing)],
            place: Place::default(),
            on: None,
            above: Cell::new(0),
            height: Cell::new(1),
            deletion: Deletion::default(),
        }
    }

    /// Shows other records, or in another order; the cursor stays on its record if that is among the
    /// first of them.
    pub fn show(&mut self, listing: Listing) {
        let listing = first(listing);
        if self.pages.first() != Some(&listing) {
            self.pages = vec![listing];
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
    pub fn listing(&self) -> Option<&Listing> {
        self.pages.first()
    }

    /// The pages around the cursor, so that a move never waits.
    #[must_use]
    pub fn needs(&self, world: &World) -> Vec<Query> {
        let at = self.place(world).page;
        let mut wanted: Vec<Listing> = Vec::new();
        for page in around(at) {
            let own = self.pages.get(page).cloned();
            let behind = self.behind(page, world).filter(|_| page <= at);
            for listing in own.into_iter().chain(behind) {
                if !wanted.contains(&listing) {
                    wanted.push(listing);
                }
            }
        }
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
        if name != "delete" {
            self.deletion.forget();
        }
        let page = isize::try_from(self.height.get().max(2) - 1).unwrap_or(1);
        match name {
            "next" => self.move_by(1, world),
            "previous" => self.move_by(-1, world),
            "page-down" => self.move_by(page, world),
            "page-up" => self.move_by(-page, world),
            "first" => self.go_first(world),
            "last" => self.move_by(isize::MAX, world),
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

    /// Follows what has become of the pages; to be called when the database has answered.
    pub fn answered(&mut self, world: &World) {
        self.settle(world);
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

    pub(super) fn is_known(&self, page: usize, world: &World) -> bool {
        let Some(listing) = self.pages.get(page) else {
            return false;
        };
        is_known(listing, world)
    }

    /// The page behind this one, as the database last said.
    fn behind(&self, page: usize, world: &World) -> Option<Listing> {
        let listing = self.pages.get(page)?;
        let after = world.cache.next_page(listing)?.clone();
        Some(Listing {
            after: Some(after),
            ..listing.clone()
        })
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

    /// Makes the pages around the cursor follow one another again, and holds on to the record.
    fn settle(&mut self, world: &World) {
        let at = self.place(world);
        for page in around(at.page) {
            if !self.is_known(page, world) {
                continue;
            }
            let behind = self.behind(page, world);
            match (behind, self.pages.get(page + 1)) {
                (Some(new), Some(old)) if new == *old => {}
                // What is there is shown until what takes its place is.
                (Some(new), Some(_)) if !is_known(&new, world) => {}
                (Some(new), Some(_) | None) => {
                    self.pages.truncate(page + 1);
                    self.pages.push(new);
                }
                (None, _) => self.pages.truncate(page + 1),
            }
        }
        self.hold(self.place(world), world);
    }

    /// The cursor is here, and on the record that is here.
    fn hold(&mut self, place: Place, world: &World) {
        self.place = place;
        if let Some(record) = self.records(place.page, world).get(place.row) {
            self.on = Some(record.id);
        }
    }

    fn go_first(&mut self, world: &World) {
        self.on = None;
        self.place = Place::default();
        self.above.set(0);
        self.hold(Place::default(), world);
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
        } else {
            at.page.checked_sub(1)?
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
        limit: PAGE,
        ..listing
    }
}

fn is_known(listing: &Listing, world: &World) -> bool {
    let query = Query::Records(listing.clone());
    match world.cache.state(&query) {
        Remote::Ready(_) | Remote::Loading(Some(_)) | Remote::Failed(_, Some(_)) => true,
        Remote::Absent | Remote::Loading(None) | Remote::Failed(_, None) => false,
    }
}

/// A page, the one before and the one behind.
fn around(page: usize) -> std::ops::RangeInclusive<usize> {
    page.saturating_sub(1)..=page + 1
}
