//! The pages of a list that are held: which follows which, and what is asked for next to them.

use crate::app::cache::Remote;
use crate::app::world::World;
use crate::store::api::{Listing, Query};

use super::RecordList;
use super::records::End;

impl RecordList {
    pub(super) fn is_known(&self, page: usize, world: &World) -> bool {
        let Some(listing) = self.pages.get(page) else {
            return false;
        };
        is_known(listing, world)
    }

    /// The page behind this one, as the database last said; none where that one is held by what is
    /// behind it.
    pub(super) fn behind(&self, page: usize, world: &World) -> Option<Listing> {
        if self.pages.get(page + 1).is_some_and(|next| next.back) {
            return None;
        }
        let listing = self.pages.get(page)?;
        let after = world.cache.next_page(listing)?.clone();
        Some(Listing {
            after: Some(after),
            back: false,
            ..listing.clone()
        })
    }

    /// The page before this one, as the database last said, where this one holds it.
    pub(super) fn ahead(&self, page: usize, world: &World) -> Option<Listing> {
        let listing = self.pages.get(page).filter(|listing| listing.back)?;
        let after = world.cache.page_before(listing)?.clone();
        Some(Listing {
            after: Some(after),
            ..listing.clone()
        })
    }

    pub(super) fn page_of(&self, end: End) -> Listing {
        Listing {
            back: end == End::Last,
            ..self.base.clone()
        }
    }

    /// Makes the pages around the cursor follow one another again, and holds on to the record.
    pub(super) fn settle(&mut self, world: &World) {
        self.place = self.place(world);
        for page in around(self.place.page).rev() {
            self.settle_ahead(page, world);
        }
        let at = self.place(world);
        for page in around(at.page) {
            let is_held = self.pages.get(page + 1).is_some_and(|next| next.back);
            if is_held || !self.is_known(page, world) {
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

    /// The same for the page before one that is reached from the end.
    fn settle_ahead(&mut self, page: usize, world: &World) {
        let is_back = self.pages.get(page).is_some_and(|listing| listing.back);
        if !is_back || !self.is_known(page, world) {
            return;
        }
        let before = page.checked_sub(1).and_then(|page| self.pages.get(page));
        let ahead = self.ahead(page, world);
        if before == ahead.as_ref() && ahead.is_some() {
            return;
        }
        match ahead {
            Some(new) if is_known(&new, world) => {
                self.pages.splice(..page, [new]);
                self.place.page = (self.place.page + 1).saturating_sub(page);
            }
            // It is the first page by now, where new records come in.
            None if is_known(&self.base, world) => {
                self.pages = vec![self.base.clone()];
                self.place.page = 0;
            }
            Some(_) | None => {}
        }
    }

    /// Whether all pages are held, from the first on.
    pub(super) fn is_whole(&self, world: &World) -> bool {
        let last = self.pages.len().saturating_sub(1);
        let begins = self.pages.first().is_some_and(Listing::is_first);
        let ends = self.pages.get(last);
        let ends = ends.is_some_and(|last| world.cache.next_page(last).is_none());
        begins && ends && self.is_known(last, world)
    }
}

pub(super) fn is_known(listing: &Listing, world: &World) -> bool {
    let query = Query::Records(listing.clone());
    match world.cache.state(&query) {
        Remote::Ready(_) | Remote::Loading(Some(_)) | Remote::Failed(_, Some(_)) => true,
        Remote::Absent | Remote::Loading(None) | Remote::Failed(_, None) => false,
    }
}

/// A page, the one before and the one behind.
pub(super) fn around(page: usize) -> std::ops::RangeInclusive<usize> {
    page.saturating_sub(1)..=page + 1
}
