//! Records of the lanes, with the changes that are on their way.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::app::cache::{Cache, Remote};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::domain::subject::Subject;
use crate::store::api::{
    After, Answer, Deleted, Listing, Mutation, Page, Query, RecordChange, Write,
};

impl Cache {
    /// The records of a page, pending changes applied; what is being made comes first on the first
    /// page. Those that no longer belong to the list are left out.
    #[must_use]
    pub fn records(&self, listing: &Listing) -> Vec<&Record> {
        let known = self.page(listing).map_or(&[][..], |page| &page.records);
        let is_new = |record: &&Record| {
            listing.is_first()
                && listing.takes(record)
                && self.has_come(record, listing)
                && known.iter().all(|other| other.id != record.id)
        };
        let made = self.changed.values().flatten().filter(is_new);
        let mut records: Vec<&Record> = made.collect();
        // Ids are in the order in which they were made.
        records.sort_by_key(|record| std::cmp::Reverse(record.id));
        records.extend(
            known
                .iter()
                .filter_map(|record| self.overlaid(record))
                .filter(|record| listing.takes(record)),
        );
        records
    }

    /// Whether it is a pending change that brings the record into the list.
    fn has_come(&self, record: &Record, listing: &Listing) -> bool {
        let stored = self.stored_record(record.lane, record.id);
        record.version == 0 || stored.is_some_and(|stored| !listing.takes(stored))
    }

    /// The record as it will be.
    fn overlaid<'a>(&'a self, record: &'a Record) -> Option<&'a Record> {
        match self.changed.get(&record.id) {
            Some(overlay) => overlay.as_ref(),
            None => Some(record),
        }
    }

    /// Where the page after this one begins, if it is known that there is one.
    #[must_use]
    pub fn next_page(&self, listing: &Listing) -> Option<&After> {
        self.page(listing)?.next.as_ref()
    }

    /// Where the page before this one ends, if it is known that there may be one.
    #[must_use]
    pub fn page_before(&self, listing: &Listing) -> Option<&After> {
        self.page(listing)?.before.as_ref()
    }

    fn page(&self, listing: &Listing) -> Option<&Page> {
        let query = Query::Records(listing.clone());
        let Answer::Records(page) = self.state(&query).known()? else {
            return None;
        };
        Some(page)
    }

    /// The record, with what is pending, as far as it is known: whole, or as a list has it.
    #[must_use]
    pub fn record(&self, lane: Lane, id: RecordId) -> Option<&Record> {
        match self.changed.get(&id) {
            Some(overlay) => overlay.as_ref(),
            None => self.stored_record(lane, id),
        }
    }

    /// The record as the database last had it; whole where that is known.
    pub(super) fn stored_record(&self, lane: Lane, id: RecordId) -> Option<&Record> {
        if let Some(Answer::Record(Some(record))) = self.state(&Query::Record(lane, id)).known() {
            return Some(record);
        }
        self.entries.values().find_map(|entry| {
            let Some(Answer::Records(page)) = entry.answer.known() else {
                return None;
            };
            let mut records = page.records.iter();
            records.find(|record| record.lane == lane && record.id == id)
        })
    }

    /// Whether all that the database has of a record is known; of one that is being made, all is.
    pub(super) fn knows_record(&self, lane: Lane, id: RecordId) -> bool {
        let asked = self.state(&Query::Record(lane, id)).known().is_some();
        asked || matches!(self.changed.get(&id), Some(Some(record)) if record.whole)
    }

    /// The records that were deleted last.
    #[must_use]
    pub fn deleted(&self, query: &Query) -> Option<&[Deleted]> {
        let Answer::Deleted(deleted) = self.state(query).known()? else {
            return None;
        };
        Some(deleted)
    }

    /// How many records of a lane have each status.
    #[must_use]
    pub fn statuses(&self, lane: Lane) -> Option<&BTreeMap<String, u64>> {
        let Answer::Statuses(counts) = self.state(&Query::Statuses(lane)).known()? else {
            return None;
        };
        Some(counts)
    }

    /// Applies what is pending for this record to what the database last said.
    pub(super) fn overlay_record(&mut self, lane: Lane, id: RecordId) {
        let mut is_pending = false;
        let made_at = |write: &Write| write.request.made_at().unwrap_or(Timestamp::UNIX_EPOCH);
        let mut record = self.stored_record(lane, id).cloned();
        for pending in &self.pending {
            let Mutation::Record { id: of, change, .. } = &pending.write.mutation else {
                continue;
            };
            if *of != id {
                continue;
            }
            is_pending = true;
            match change {
                RecordChange::Create(fields) => {
                    let made_at = made_at(&pending.write);
                    record = Some(Record::new(lane, id, fields, made_at));
                }
                RecordChange::Set { patch, .. } => {
                    if let Some(record) = &mut record {
                        record.apply(patch);
                    }
                }
                RecordChange::Delete => record = None,
                // As it was is known only to the database.
                RecordChange::Restore => {}
            }
        }
        if is_pending {
            self.changed.insert(id, record);
        } else {
            self.changed.remove(&id);
        }
    }

    /// Applies everything that is pending anew: what the database said has changed.
    pub(super) fn overlay_records(&mut self) {
        let pending = self.pending.iter();
        let records: Vec<(Lane, RecordId)> = pending
            .filter_map(|pending| match pending.write.mutation {
                Mutation::Record { lane, id, .. } => Some((lane, id)),
                Mutation::PatchLog { .. } => None,
            })
            .collect();
        for (lane, id) in records {
            self.overlay_record(lane, id);
        }
    }

    /// Takes what the database now has of a record: into the pages where it is, and into its own answer.
    /// Lists and counts are asked again when they are shown.
    pub(super) fn fold_record(&mut self, lane: Lane, id: RecordId, now: Option<&Record>) {
        for (query, entry) in &mut self.entries {
            match query {
                Query::Record(of, which) if *of == lane && *which == id => {
                    // An answer that is on its way was asked for before.
                    entry.stale |= matches!(entry.answer, Remote::Loading(_));
                    entry.answer = Remote::Ready(Answer::Record(now.cloned()));
                }
                Query::Records(listing) if listing.lane == lane => {
                    entry.stale = true;
                    if let Remote::Ready(Answer::Records(page)) = &mut entry.answer {
                        fold_page(listing, page, id, now);
                    }
                }
                Query::Statuses(of) if *of == lane => entry.stale = true,
                Query::Versions(list) if list.of == Subject::Record(lane, id) => {
                    entry.stale = true;
                }
                Query::DataStatus
                | Query::Upkeep { .. }
                | Query::RecentChanges { .. }
                | Query::Deleted { .. }
                | Query::Search(_)
                | Query::Review(_) => {
                    entry.stale = true;
                }
                // Check-ins go and come with their goal.
                Query::Records(listing)
                    if lane == Lane::Goals && listing.lane == Lane::CheckIns =>
                {
                    entry.stale = true;
                }
                Query::Record(..)
                | Query::Records(_)
                | Query::Statuses(_)
                | Query::Versions(_)
                | Query::Day(_)
                | Query::Month(_)
                | Query::Series { .. }
                | Query::OnThisDay(_) => {}
            }
        }
    }
}

fn fold_page(listing: &Listing, page: &mut Page, id: RecordId, now: Option<&Record>) {
    let now = now.filter(|now| listing.takes(now));
    let at = page.records.iter().position(|record| record.id == id);
    match (at, now) {
        (Some(at), Some(now)) => {
            if let Some(record) = page.records.get_mut(at) {
                now.clone_into(record);
            }
        }
        (Some(at), None) => {
            page.records.remove(at);
        }
        (None, Some(now)) if listing.is_first() => page.records.insert(0, now.clone()),
        (None, Some(_) | None) => {}
    }
}
