//! A list of any length, of which a few pages around the cursor are known.
//!
//! The cursor is on a record, not on a row: what is made, moved or deleted elsewhere does not shift it.

use std::cell::Cell;

use crate::app::world::World;
use crate::domain::ids::RecordId;
use crate::domain::record::Record;
use crate::store::api::{After, Listing, Query};
use crate::ui::list::first_visible;

/// Records of a page: more than a screen has rows.
pub const PAGE: u16 = 60;
/// Pages that are known around the cursor.
const KNOWN: usize = 3;

/// The pages of a list, and the cursor in it.
#[derive(Debug, Default)]
pub struct Pages {
    /// Where each page begins that has been seen, but for the first, which begins at the start.
    begins: Vec<After>,
    /// The first of the pages that are known.
    first: usize,
    /// The record under the cursor, and its row the last time it was seen.
    cursor: Option<RecordId>,
    row: usize,
    /// The first record that is seen.
    top: Cell<Option<RecordId>>,
}

impl Pages {
    /// From the start again.
    pub fn restart(&mut self) {
        *self = Self::default();
    }

    fn page(&self, at: usize, base: &Listing) -> Option<Listing> {
        let after = match at.checked_sub(1) {
            None => None,
            Some(before) => Some(self.begins.get(before)?.clone()),
        };
        let base = base.clone();
        Some(Listing { after, ..base })
    }

    fn known<'p>(&'p self, base: &'p Listing) -> impl Iterator<Item = Listing> + 'p {
        (self.first..self.first + KNOWN).map_while(|at| self.page(at, base))
    }

    /// What is asked of the database.
    pub fn needs<'p>(&'p self, base: &'p Listing) -> impl Iterator<Item = Query> + 'p {
        self.known(base).map(Query::Records)
    }

    /// The records of the pages that are known.
    #[must_use]
    pub fn records<'w>(&self, base: &Listing, world: &'w World) -> Vec<&'w Record> {
        let mut records: Vec<&Record> = Vec::new();
        for page in self.known(base) {
            for record in world.cache.records(&page) {
                // A record may have moved to the next page between two answers.
                if records.iter().all(|other| other.id != record.id) {
                    records.push(record);
                }
            }
        }
        records
    }

    /// Learns where further pages begin.
    pub fn learn(&mut self, base: &Listing, world: &World) {
        for at in self.first..self.first + KNOWN {
            let Some(page) = self.page(at, base) else {
                return;
            };
            match world.cache.next_page(&page) {
                Some(next) if self.begins.get(at) != Some(next) => {
                    self.begins.truncate(at);
                    self.begins.push(next.clone());
                }
                Some(_) => {}
                None if world.cache.state(&Query::Records(page)).known().is_some() => {
                    self.begins.truncate(at);
                }
                None => return,
            }
        }
    }

    /// Whether there are pages before and behind those that are known.
    #[must_use]
    pub fn more(&self) -> (bool, bool) {
        (self.first > 0, self.begins.len() >= self.first + KNOWN)
    }

    /// Whether the list has no more pages than are known.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.first == 0 && self.begins.len() < KNOWN
    }

    /// The row of the cursor.
    #[must_use]
    pub fn at(&self, records: &[&Record]) -> usize {
        let is_cursor = |record: &&Record| Some(record.id) == self.cursor;
        let found = records.iter().position(is_cursor);
        found.unwrap_or(self.row.min(records.len().saturating_sub(1)))
    }

    /// Moves the cursor by so many rows; true if it could move at all.
    pub fn go(&mut self, by: isize, base: &Listing, world: &World) -> bool {
        self.learn(base, world);
        let records = self.records(base, world);
        let (from, last) = (self.at(&records), records.len().saturating_sub(1));
        let to = from.saturating_add_signed(by).min(last);
        let (length, half) = (records.len(), usize::from(PAGE) / 2);
        self.cursor = records.get(to).map(|record| record.id);
        self.row = to;
        let (above, below) = self.more();
        if to + half >= length && below {
            self.shift(true, base, world);
        } else if to < half && above {
            self.shift(false, base, world);
        }
        to != from
    }

    /// Knows the next page instead of the first one, or the one before instead of the last one.
    fn shift(&mut self, onward: bool, base: &Listing, world: &World) {
        if onward {
            let gone = self.page(self.first, base);
            let gone = gone.map_or(0, |page| world.cache.records(&page).len());
            self.row = self.row.saturating_sub(gone);
            self.first += 1;
        } else {
            self.first -= 1;
            let back = self.page(self.first, base);
            self.row += back.map_or(0, |page| world.cache.records(&page).len());
        }
    }

    /// To the first or the last record that is known.
    pub fn end(&mut self, last: bool, base: &Listing, world: &World) {
        if last {
            self.go(isize::MAX, base, world);
        } else {
            self.restart();
            self.go(isize::MIN, base, world);
        }
    }

    /// The first row to show, moving as little as needed.
    #[must_use]
    pub fn scroll(&self, records: &[&Record], height: usize) -> usize {
        let top = self.top.get();
        let was = records.iter().position(|record| Some(record.id) == top);
        let first = first_visible(was.unwrap_or(0), self.at(records), height, records.len());
        self.top.set(records.get(first).map(|record| record.id));
        first
    }
}
