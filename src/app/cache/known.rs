//! What views ask the cache: what is known, new or old, with pending changes applied.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{Cache, Pending, Remote};
use crate::domain::log::DailyLog;
use crate::domain::review::Material;
use crate::domain::search::{Found, Search};
use crate::domain::secret::Secret;
use crate::domain::subject::Subject;
use crate::store::api::{Answer, Change, DataStatus, Query, Upkeep, VersionList, Versions};

impl Cache {
    /// The generation of the last question of this kind.
    #[must_use]
    pub fn generation(&self, query: &Query) -> Option<u64> {
        self.entries.get(query).map(|entry| entry.generation)
    }

    /// The log of this date with what is pending, if anything is known of it.
    #[must_use]
    pub fn log(&self, date: Date) -> Option<&DailyLog> {
        self.shown.get(&date).or_else(|| self.base(date))
    }

    /// What is known of an answer, and whether it is on its way or failed.
    #[must_use]
    pub fn state(&self, query: &Query) -> &Remote<Answer> {
        self.entries
            .get(query)
            .map_or(&Remote::Absent, |entry| &entry.answer)
    }

    /// The dates of this month on which something is logged, with what is pending.
    #[must_use]
    pub fn month(&self, first: Date) -> BTreeSet<Date> {
        let known = self.state(&Query::Month(first)).known();
        let known = if let Some(Answer::Month(dates)) = known {
            dates.as_slice()
        } else {
            &[]
        };
        let mut dates: BTreeSet<Date> = known.iter().copied().collect();
        for (date, log) in &self.shown {
            if log.is_blank() {
                dates.remove(date);
            } else if date.first_of_month() == first {
                dates.insert(*date);
            }
        }
        dates
    }

    /// The numbers of one field, as delivered for this query.
    #[must_use]
    pub fn series(&self, query: &Query, field: &str) -> Option<&BTreeMap<Date, f64>> {
        let Answer::Series(series) = self.state(query).known()? else {
            return None;
        };
        series.get(field)
    }

    /// Logs of the same day in earlier years.
    #[must_use]
    pub fn on_this_day(&self, date: Date) -> &[DailyLog] {
        let known = self.state(&Query::OnThisDay(date)).known();
        if let Some(Answer::OnThisDay(logs)) = known {
            logs
        } else {
            &[]
        }
    }

    /// Changes of earlier runs, latest first.
    #[must_use]
    pub fn recent_changes(&self, query: &Query) -> Option<&[Change]> {
        let entry = self.entries.get(query).filter(|entry| !entry.stale)?;
        let Remote::Ready(Answer::RecentChanges(changes)) = &entry.answer else {
            return None;
        };
        Some(changes)
    }

    /// Whether it is known what the database has for this date.
    #[must_use]
    pub fn knows_day(&self, date: Date) -> bool {
        self.state(&Query::Day(date)).known().is_some()
    }

    /// What a search found, and the way to it.
    #[must_use]
    pub fn found(&self, search: &Search) -> Option<&Found> {
        let known = self.state(&Query::Search(search.clone())).known()?;
        let Answer::Search(found) = known else {
            return None;
        };
        Some(found)
    }

    /// Whether it is known what the database has of this day or of this record, all of it.
    #[must_use]
    pub fn knows(&self, subject: Subject) -> bool {
        match subject {
            Subject::Log(date) => self.knows_day(date),
            Subject::Record(lane, id) => self.knows_record(lane, id),
        }
    }

    /// The values of a day or of a record with what is pending, as far as they are known.
    #[must_use]
    pub fn fields(&self, subject: Subject) -> Option<&Secret<Map<String, Value>>> {
        match subject {
            Subject::Log(date) => self.log(date).map(|log| &log.data),
            Subject::Record(lane, id) => self.record(lane, id).map(|record| &record.fields),
        }
    }

    /// What there is to see of a week.
    #[must_use]
    pub fn review(&self, query: &Query) -> Option<&Material> {
        let Answer::Review(material) = self.state(query).known()? else {
            return None;
        };
        Some(material)
    }

    /// A page of versions, as it was last told.
    #[must_use]
    pub fn versions(&self, list: &VersionList) -> Option<&Versions> {
        let known = self.state(&Query::Versions(list.clone())).known()?;
        let Answer::Versions(versions) = known else {
            return None;
        };
        Some(versions)
    }

    /// What is kept for how long, as it was last told.
    #[must_use]
    pub fn upkeep(&self, query: &Query) -> Option<&Upkeep> {
        let Answer::Upkeep(upkeep) = self.state(query).known()? else {
            return None;
        };
        Some(upkeep)
    }

    /// Where the data is.
    #[must_use]
    pub fn data_status(&self) -> Option<&DataStatus> {
        let known = self.state(&Query::DataStatus).known()?;
        let Answer::DataStatus(status) = known else {
            return None;
        };
        Some(status)
    }

    /// Changes that the database has not acknowledged.
    #[must_use]
    pub fn pending(&self) -> &[Pending] {
        &self.pending
    }
}
