//! What the store has delivered, and the changes that it has not acknowledged yet.
//!
//! A view shows base + pending. Answers carry a generation: a late one is dropped.

mod known;
mod outdated;
mod records;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::domain::ids::{RecordId, RequestId};
use crate::domain::log::DailyLog;
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::domain::secret::Exit;
use crate::domain::subject::Subject;
use crate::store::api::{Answer, Mutation, Query, Write, Written};
use crate::store::error::StoreError;

/// Something that lives in the database, as far as it is known here.
#[derive(Debug, Clone, PartialEq)]
pub enum Remote<T> {
    /// Never asked for.
    Absent,
    /// Asked for; what was known before, if anything.
    Loading(Option<T>),
    /// Known.
    Ready(T),
    /// The question failed; what was known before, if anything.
    Failed(StoreError, Option<T>),
}

impl<T> Remote<T> {
    /// What is known, new or old.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Absent => None,
            Self::Loading(known) | Self::Failed(_, known) => known.as_ref(),
            Self::Ready(known) => Some(known),
        }
    }

    fn into_known(self) -> Option<T> {
        match self {
            Self::Absent => None,
            Self::Loading(known) | Self::Failed(_, known) => known,
            Self::Ready(known) => Some(known),
        }
    }
}

#[derive(Debug)]
struct Entry {
    generation: u64,
    stale: bool,
    answer: Remote<Answer>,
}

/// A change on its way to the database.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// The change and its id.
    pub write: Write,
    /// Whether it is on disk.
    pub kept: bool,
}

/// What the store delivered, and what is on its way to it.
#[derive(Debug, Default)]
pub struct Cache {
    entries: HashMap<Query, Entry>,
    pending: Vec<Pending>,
    /// Logs with pending changes applied.
    shown: HashMap<Date, DailyLog>,
    /// Records with pending changes applied; nothing where one will be gone.
    changed: HashMap<RecordId, Option<Record>>,
    generation: u64,
    /// The last question that was asked before a write was answered.
    folded: u64,
}

/// How many answers are kept; the ones asked for longest ago go first.
const CAPACITY: usize = 160;

impl Cache {
    /// The question to send for this need, if its answer is missing or out of date.
    pub fn ask(&mut self, query: &Query) -> Option<u64> {
        if let Query::Search(_) = query {
            self.forget_older_search(query);
        }
        let fresh = |entry: &Entry| !entry.stale && entry.answer != Remote::Absent;
        if self.entries.get(query).is_some_and(fresh) {
            return None;
        }
        self.generation += 1;
        let known = self
            .entries
            .remove(query)
            .and_then(|entry| entry.answer.into_known());
        let answer = Remote::Loading(known);
        let entry = Entry {
            generation: self.generation,
            stale: false,
            answer,
        };
        self.entries.insert(query.clone(), entry);
        self.evict();
        Some(self.generation)
    }

    /// Only the latest question of a search counts: an answer to one before it is late.
    fn forget_older_search(&mut self, latest: &Query) {
        self.entries.retain(|query, entry| {
            let is_search = matches!(query, Query::Search(_));
            !is_search || query == latest || !matches!(entry.answer, Remote::Loading(_))
        });
    }

    fn evict(&mut self) {
        if self.entries.len() > CAPACITY {
            let oldest = self
                .entries
                .iter()
                .min_by_key(|(_, entry)| entry.generation);
            if let Some(query) = oldest.map(|(query, _)| query.clone()) {
                self.entries.remove(&query);
            }
        }
    }

    /// Takes an answer; a late one is dropped. True if it changed anything.
    pub fn answered(
        &mut self,
        generation: u64,
        query: &Query,
        result: Result<Answer, StoreError>,
    ) -> bool {
        let Some(entry) = self
            .entries
            .get_mut(query)
            .filter(|e| e.generation == generation)
        else {
            return false;
        };
        let known = std::mem::replace(&mut entry.answer, Remote::Absent).into_known();
        entry.answer = match result {
            // Asked before a write was answered, and answered after it. What is asked later is as the database has it,
            // also where that is older: a backup may have been restored.
            Ok(answer) if generation <= self.folded && is_older(&answer, known.as_ref()) => {
                known.map_or(Remote::Absent, Remote::Ready)
            }
            Ok(answer) => Remote::Ready(answer),
            Err(error) => Remote::Failed(error, known),
        };
        match query {
            Query::Day(date) => self.overlay(*date),
            Query::Records(_) | Query::Record(..) => self.overlay_records(),
            Query::Month(_)
            | Query::Series { .. }
            | Query::OnThisDay(_)
            | Query::Statuses(_)
            | Query::Deleted { .. }
            | Query::Versions(_)
            | Query::Upkeep { .. }
            | Query::Search(_)
            | Query::Review(_)
            | Query::DataStatus
            | Query::RecentChanges { .. } => {}
        }
        true
    }

    /// Everything may have changed (a reconnect, another program): ask again when it is shown.
    pub fn outdate(&mut self) {
        for entry in self.entries.values_mut() {
            entry.stale = true;
        }
    }

    /// The answer of one kind may have changed.
    pub fn outdate_query(&mut self, query: &Query) {
        if let Some(entry) = self.entries.get_mut(query) {
            entry.stale = true;
        }
    }

    /// A change is on its way.
    pub fn add(&mut self, write: Write) {
        let subject = write.mutation.subject();
        self.pending.push(Pending { write, kept: false });
        self.overlay_subject(subject);
    }

    /// The change is on disk.
    pub fn kept(&mut self, request: RequestId) {
        for pending in &mut self.pending {
            if pending.write.request == request {
                pending.kept = true;
            }
        }
    }

    /// The database has answered the change: take it out and fold in what it made.
    pub fn settle(&mut self, request: RequestId, made: Option<&Written>) -> Option<Write> {
        let at = self
            .pending
            .iter()
            .position(|pending| pending.write.request == request)?;
        let write = self.pending.remove(at).write;
        self.folded = self.generation;
        let subject = write.mutation.subject();
        match made {
            Some(Written::Log { log, .. } | Written::Already { log: Some(log) }) => self.fold(log),
            Some(Written::Record { record, .. }) => {
                if let Subject::Record(lane, id) = subject {
                    self.fold_record(lane, id, record.as_ref());
                }
            }
            Some(Written::Already { log: None }) | None => {
                self.outdate_query(&Query::of(subject));
            }
        }
        self.overlay_subject(subject);
        Some(write)
    }

    /// Puts the row that the database now has into every answer that it touches.
    fn fold(&mut self, log: &DailyLog) {
        for (query, entry) in &mut self.entries {
            match query {
                Query::Day(date) if *date == log.date => {
                    entry.answer = Remote::Ready(Answer::Day(Some(log.clone())));
                }
                Query::Month(first) if first.first_of_month() == log.date.first_of_month() => {
                    if let Remote::Ready(Answer::Month(dates)) = &mut entry.answer {
                        dates.retain(|date| *date != log.date);
                        if !log.is_blank() {
                            let at = dates.partition_point(|date| *date < log.date);
                            dates.insert(at, log.date);
                        }
                    }
                }
                Query::Series { fields, from, to } if (*from..=*to).contains(&log.date) => {
                    if let Remote::Ready(Answer::Series(series)) = &mut entry.answer {
                        fold_series(series, fields, log);
                    }
                }
                Query::Versions(list) if list.of == Subject::Log(log.date) => entry.stale = true,
                Query::OnThisDay(date) if log.date < *date && log.date.month() == date.month() => {
                    entry.stale = true;
                }
                Query::DataStatus
                | Query::Upkeep { .. }
                | Query::RecentChanges { .. }
                | Query::Search(_)
                | Query::Review(_) => {
                    entry.stale = true;
                }
                Query::Day(_)
                | Query::Month(_)
                | Query::Series { .. }
                | Query::OnThisDay(_)
                | Query::Records(_)
                | Query::Record(..)
                | Query::Statuses(_)
                | Query::Versions(_)
                | Query::Deleted { .. } => {}
            }
        }
    }

    fn overlay_subject(&mut self, subject: Subject) {
        match subject {
            Subject::Log(date) => self.overlay(date),
            Subject::Record(lane, id) => self.overlay_record(lane, id),
        }
    }

    /// Applies what is pending for this date to what the database last said.
    fn overlay(&mut self, date: Date) {
        let changes = || {
            self.pending
                .iter()
                .filter_map(move |pending| of_date(pending, date))
        };
        let Some((id, _)) = changes().next() else {
            self.shown.remove(&date);
            return;
        };
        let mut log = self
            .base(date)
            .cloned()
            .unwrap_or_else(|| DailyLog::empty(id, date, Timestamp::UNIX_EPOCH));
        for (_, patch) in changes() {
            log.apply(patch);
        }
        self.shown.insert(date, log);
    }

    fn base(&self, date: Date) -> Option<&DailyLog> {
        let Answer::Day(log) = self.entries.get(&Query::Day(date))?.answer.known()? else {
            return None;
        };
        log.as_ref()
    }
}

/// Whether an answer tells of a version of the day before the one that is known.
fn is_older(answer: &Answer, known: Option<&Answer>) -> bool {
    match (answer, known) {
        (Answer::Day(Some(new)), Some(Answer::Day(Some(known)))) => {
            new.id == known.id && new.version < known.version
        }
        (Answer::Day(None), Some(Answer::Day(Some(known)))) => known.version > 0,
        (Answer::Record(Some(new)), Some(Answer::Record(Some(known)))) => {
            new.id == known.id && new.version < known.version
        }
        _ => false,
    }
}

fn of_date(pending: &Pending, wanted: Date) -> Option<(RecordId, &Patch)> {
    match &pending.write.mutation {
        Mutation::PatchLog {
            id, date, patch, ..
        } if *date == wanted => Some((*id, patch)),
        Mutation::PatchLog { .. } | Mutation::Record { .. } => None,
    }
}

fn fold_series(
    series: &mut BTreeMap<String, BTreeMap<Date, f64>>,
    fields: &[String],
    log: &DailyLog,
) {
    for field in fields {
        let days = series.entry(field.clone()).or_default();
        match number(log, field) {
            Some(number) => days.insert(log.date, number),
            None => days.remove(&log.date),
        };
    }
}

/// A scale, number or toggle (1 or 0) as a number, the way the store's series have it.
fn number(log: &DailyLog, key: &str) -> Option<f64> {
    match log.data.expose(Exit::Database).get(key)? {
        Value::Bool(yes) => Some(f64::from(u8::from(*yes))),
        Value::Number(number) => number.as_f64(),
        Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
