//! A stage for the whole program without terminal and database: a model, a fake store that answers
//! what is asked, keys in, screens out.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod backups;
pub mod drift;
mod goals;
mod ideas;
pub mod review;
mod teaching;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use harriswildlands::app::effect::{Effect, TimerId};
use harriswildlands::app::message::{Msg, Now};
use harriswildlands::app::model::Model;
use harriswildlands::app::update::{begin, update};
use harriswildlands::app::world::{Settings, World};
use harriswildlands::domain::backup::Shelf;
use harriswildlands::domain::form::LogForm;
use harriswildlands::domain::ids::{RecordId, UserId};
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::log::DailyLog;
use harriswildlands::domain::meeting::Base;
use harriswildlands::domain::patch::Patch;
use harriswildlands::domain::record::Record;
use harriswildlands::domain::retention::Concerned;
use harriswildlands::domain::review::SeenSignal;
use harriswildlands::domain::search::{Area, Found, Hit, Search};
use harriswildlands::domain::secret::{Exit, Secret};
use harriswildlands::domain::subject::Subject;
use harriswildlands::screens::{self, Tui, frame};
use harriswildlands::store::api::{
    After, Answer, ArchivePage, ArchivePlace, Change, DataStatus, Deleted, DriftRequest, Ended,
    Event, Link, Listing, Mutation, Order, Page, Person, Query, RecordChange, Request, Standing,
    Upkeep, Version, Versions, Write, Written,
};
use harriswildlands::store::error::StoreError;
use harriswildlands::ui::Look;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::{Value, json};

/// The text that must never be seen while masked.
pub const PLANTED: &str = "PLANTED in the red zone";

/// The day on which everything here happens.
pub const TODAY: Date = date(2026, 11, 23);

/// A moment on that day.
pub fn moment() -> Timestamp {
    "2026-11-23T21:04:00Z".parse().unwrap()
}

/// Rows of a made-up database, and what is wrong with it.
#[derive(Default)]
pub struct FakeStore {
    pub logs: BTreeMap<Date, DailyLog>,
    /// Records of the lanes, and those that were deleted.
    pub records: BTreeMap<RecordId, Record>,
    pub deleted: BTreeMap<RecordId, Record>,
    /// Answers nothing while set.
    pub silent: bool,
    /// Fails every query while set.
    pub failing: Option<StoreError>,
    /// Rejects every write while set.
    pub rejecting: Option<StoreError>,
    /// Says nothing of writes being on disk while set.
    pub forgets: bool,
    pub writes: Vec<Write>,
    /// What was asked, in order.
    pub asked: Vec<Query>,
    /// Puts nothing on disk while set.
    pub disk_is_full: bool,
    /// What earlier runs changed, latest first.
    pub recent: Vec<Change>,
    /// What a search looks through.
    pub hits: Vec<Hit>,
    /// How it stands with the signals, said as soon as there is a link.
    pub standing: Option<Standing>,
    /// Signals that were seen.
    pub signals: Vec<SeenSignal>,
    /// Fields of the red zone that take part in drift.
    pub opted_in: BTreeSet<String>,
    /// Versions before the present ones, newest first.
    pub past: BTreeMap<Subject, Vec<Version>>,
    /// Retention and sessions.
    pub upkeep: Upkeep,
    /// Rows of further tables.
    pub more_counts: Vec<(String, u64)>,
    /// Which backups are there; nothing that is known where there is none.
    pub shelf: Option<Shelf>,
}

impl FakeStore {
    /// Some weeks of days.
    pub fn with_days() -> Self {
        let mut store = Self::default();
        for back in 0..60_i64 {
            if back % 9 == 4 {
                continue;
            }
            let day = TODAY.saturating_sub(back.days());
            let wave = |offset: i64| 1 + (back * 7 + offset * 3) % 10;
            let data = json!({
                "energy": wave(1), "stress": wave(2), "mood": wave(3), "focus": wave(4),
                "sleepQuality": wave(5), "sleepHours": 7.5, "exercise": back % 2 == 0,
                "topWin": "Finished the lesson plan", "tomorrowPriority": "Call the bank",
                "familyConnection": PLANTED, "topFriction": PLANTED, "driftCheck": PLANTED,
                "gratitudeNote": "日本語 and 👩‍👩‍👧 and é",
            });
            store.put(day, data);
        }
        store.put(
            date(2025, 11, 23),
            json!({"energy": 8, "mood": 9, "topWin": "A year ago"}),
        );
        store.put_ideas();
        store.put_goals();
        store.put_lessons();
        store.put_content();
        store.put_signals();
        store.shelf = Some(backups::shelf());
        store.put_drift();
        store
    }

    /// Some days, and a record of several lanes to be searched for.
    pub fn with_hits() -> Self {
        let mut store = Self::with_days();
        let mut hit = |area, day, title: Option<&str>, texts: Value| {
            let texts: BTreeMap<String, String> = serde_json::from_value(texts).unwrap();
            store.hits.push(Hit {
                area,
                id: RecordId::new(),
                day,
                title: title.map(|title| Secret::new(title.to_owned())),
                status: None,
                archived: false,
                of_private_goal: false,
                similar: false,
                texts: Secret::new(texts),
            });
        };
        hit(
            Area::Log,
            date(2026, 11, 20),
            None,
            json!({"topWin": "Finished the lesson plan", "driftCheck": format!("{PLANTED} lesson")}),
        );
        hit(
            Area::Lane(Lane::Ideas),
            date(2026, 10, 2),
            Some(&format!("{PLANTED} lesson title")),
            json!({"pitch": format!("a lesson in it: {PLANTED}")}),
        );
        hit(
            Area::Lane(Lane::CheckIns),
            date(2026, 11, 2),
            Some("Pray"),
            json!({"note": format!("{PLANTED} after the lesson")}),
        );
        hit(
            Area::Lane(Lane::Teaching),
            date(2026, 9, 14),
            Some("Science 家 \u{1b}[31m"),
            json!({"topic": "photosynthesis, the second lesson of three ".repeat(9)}),
        );
        let known = store.hits.len();
        store.hits[known - 3].status = Some("reality_checked".to_owned());
        store.hits[known - 3].archived = true;
        store.hits[known - 2].of_private_goal = true;
        store
    }

    pub fn put(&mut self, date: Date, data: Value) {
        let Value::Object(data) = data else {
            panic!("an object")
        };
        let log = DailyLog {
            id: RecordId::new(),
            date,
            data: Secret::new(data),
            version: 1,
            updated_at: moment(),
        };
        self.logs.insert(date, log);
    }

    fn found(&self, search: &Search) -> Found {
        let word = search.first_word().unwrap_or_default().to_lowercase();
        let has_word = |hit: &&Hit| {
            let title = hit.title.iter().map(|title| title.expose(Exit::Database));
            let mut texts = title.chain(hit.texts.expose(Exit::Database).values());
            texts.any(|text| text.to_lowercase().contains(&word))
        };
        let hits: Vec<Hit> = self.hits.iter().filter(has_word).cloned().collect();
        Found {
            total: hits.iter().filter(|hit| !hit.similar).count() as u64,
            capped: false,
            hits,
            alike: None,
        }
    }

    pub fn answer(&self, query: &Query) -> Answer {
        match query {
            Query::Search(search) => Answer::Search(self.found(search)),
            Query::Day(date) => Answer::Day(self.logs.get(date).cloned()),
            Query::Month(first) => Answer::Month(
                self.logs
                    .keys()
                    .filter(|d| d.first_of_month() == *first)
                    .copied()
                    .collect(),
            ),
            Query::Series { fields, from, to } => Answer::Series(
                fields
                    .iter()
                    .map(|field| {
                        let days = self.logs.range(*from..=*to).filter_map(|(date, log)| {
                            let value = log.data.expose(Exit::Database).get(field)?;
                            let number = value.as_f64().or(value.as_bool().map(f64::from));
                            Some((*date, number?))
                        });
                        (field.clone(), days.collect())
                    })
                    .collect(),
            ),
            Query::OnThisDay(day) => Answer::OnThisDay(
                self.logs
                    .values()
                    .rev()
                    .filter(|log| {
                        (log.date.month(), log.date.day()) == (day.month(), day.day())
                            && log.date < *day
                    })
                    .cloned()
                    .collect(),
            ),
            Query::Review(asked) => Answer::Review(Box::new(self.review(asked))),
            Query::DataStatus => Answer::DataStatus(DataStatus {
                place: "private server".to_owned(),
                server_version: "15.18".to_owned(),
                directory: Some("/home/bruce/.local/share/harriswildlands".into()),
                database_bytes: 12_345_678,
                schema_version: 5,
                counts: [("logs".to_owned(), self.logs.len() as u64)]
                    .into_iter()
                    .chain(self.more_counts.clone())
                    .collect(),
                span: self
                    .logs
                    .keys()
                    .next()
                    .copied()
                    .zip(self.logs.keys().last().copied()),
            }),
            Query::Records(listing) => Answer::Records(self.page(listing)),
            Query::Record(lane, id) => {
                let record = self.records.get(id);
                Answer::Record(record.filter(|record| record.lane == *lane).cloned())
            }
            Query::Statuses(lane) => {
                let mut counts = BTreeMap::new();
                for record in self.records.values().filter(|one| one.lane == *lane) {
                    if let Some(status) = record.word(lane.status_field()) {
                        *counts.entry(status.to_owned()).or_insert(0) += 1;
                    }
                }
                Answer::Statuses(counts)
            }
            Query::Deleted { limit } => {
                let gone = self
                    .deleted
                    .values()
                    .filter(|one| one.lane != Lane::CheckIns);
                let deleted = gone.rev().take(usize::from(*limit)).map(|record| Deleted {
                    record: record.clone(),
                    deleted_at: moment(),
                    check_ins: Self::of_goal(&self.deleted, record.id).len() as u64,
                });
                Answer::Deleted(deleted.collect())
            }
            Query::Versions(list) => {
                let mut versions: Vec<Version> = self.present(list.of).into_iter().collect();
                versions.extend(self.past.get(&list.of).into_iter().flatten().cloned());
                Answer::Versions(Versions {
                    list: versions,
                    next: None,
                })
            }
            Query::Upkeep { .. } => Answer::Upkeep(self.upkeep.clone()),
            Query::Archive(after) => Answer::Archive(self.archive(*after)),
            Query::RecentChanges { .. } => Answer::RecentChanges(self.recent.clone()),
        }
    }

    /// A page of what is archived.
    fn archive(&self, after: Option<ArchivePlace>) -> ArchivePage {
        let all = &self.upkeep.archived;
        let behind = after.and_then(|after| all.iter().position(|one| one.id == after.id));
        let from = behind.map_or(0, |at| at + 1);
        let to = all.len().min(from + usize::from(Upkeep::LISTED));
        let rows = all[from..to].to_vec();
        let place = |one: &Concerned| ArchivePlace {
            table: one.table,
            at: moment(),
            id: one.id,
        };
        ArchivePage {
            next: rows.last().map(place).filter(|_| to < all.len()),
            rows,
        }
    }

    fn write(&mut self, write: &Write) -> Result<Written, StoreError> {
        self.writes.push(write.clone());
        if let Some(error) = &self.rejecting {
            return Err(error.clone());
        }
        let of = write.mutation.subject();
        let gone = matches!(
            &write.mutation,
            Mutation::Record {
                change: RecordChange::Delete,
                ..
            }
        );
        if let Some(mut version) = self.present(of) {
            version.ended = Some(Ended {
                at: moment(),
                by: "bruce".to_owned(),
                deleted: gone,
            });
            self.past.entry(of).or_default().insert(0, version);
        }
        let (id, date, patch, base) = match &write.mutation {
            Mutation::PatchLog {
                id,
                date,
                patch,
                base,
            } => (id, date, patch, base),
            Mutation::Record { lane, id, change } => {
                return self.change_record(*lane, *id, change);
            }
        };
        let log = self
            .logs
            .entry(*date)
            .or_insert_with(|| DailyLog::empty(*id, *date, moment()));
        let held = log.data.expose(Exit::Database);
        let is_later = write
            .request
            .made_at()
            .is_some_and(|at| log.updated_at > at);
        let (patch, met) = patch.meet(base, held, |_| is_later);
        let inverse: Patch = patch.inverse(held);
        log.apply(&patch);
        log.version += 1;
        log.updated_at = moment();
        Ok(Written::Log {
            log: log.clone(),
            inverse,
            met,
        })
    }
}

impl FakeStore {
    fn present(&self, of: Subject) -> Option<Version> {
        let (fields, number) = match of {
            Subject::Log(date) => {
                let log = self.logs.get(&date)?;
                (log.data.clone(), log.version)
            }
            Subject::Record(_, id) => {
                let record = self.records.get(&id)?;
                (record.fields.clone(), record.version)
            }
        };
        Some(Version {
            entry: None,
            number,
            fields,
            made_at: moment(),
            made_by: Some("bruce".to_owned()),
            ended: None,
        })
    }

    /// Puts a record in, and gives its id.
    pub fn put_record(&mut self, lane: Lane, fields: Value) -> RecordId {
        let id = RecordId::new();
        let patch = Patch::from_json(fields).unwrap();
        let mut record = Record::new(lane, id, &patch, moment());
        record.version = 1;
        self.records.insert(id, record);
        id
    }

    /// What the fake database holds for a field of a record.
    pub fn held(&self, id: RecordId, key: &str) -> Option<Value> {
        let fields = &self.records.get(&id)?.fields;
        fields.expose(Exit::Database).get(key).cloned()
    }

    fn page(&self, listing: &Listing) -> Page {
        let key = |record: &Record| -> (i128, RecordId) {
            let number = |key: &str| i128::from(record.whole_number(key).unwrap_or(0));
            let up = match listing.order {
                Order::Touched => record.updated_at.as_nanosecond(),
                Order::Newest => record.created_at.as_nanosecond(),
                Order::Oldest => -record.created_at.as_nanosecond(),
                Order::Score => number("excitement") * number("feasibility"),
                Order::Priority => number("priority"),
                Order::Week => record.date("weekStart").map_or(0, |date| {
                    i128::from(date.duration_since(Date::MIN).as_secs())
                }),
                Order::Date => record.date("date").map_or(0, |date| {
                    i128::from(date.duration_since(Date::MIN).as_secs())
                }),
            };
            (-up, record.id)
        };
        let mut records: Vec<&Record> = self.records.values().collect();
        records.retain(|record| listing.takes(record));
        records.sort_by_key(|record| key(record));
        if let Some(after) = &listing.after {
            let edge: (i128, RecordId) = (after.key.parse().unwrap(), after.id);
            records.retain(|record| {
                if listing.back {
                    key(record) < edge
                } else {
                    key(record) > edge
                }
            });
        }
        let limit = usize::from(listing.limit);
        let (is_more, is_inner) = (records.len() > limit, listing.after.is_some());
        let (above, below) = if listing.back {
            records.drain(..records.len().saturating_sub(limit));
            (is_more, is_inner)
        } else {
            records.truncate(limit);
            (is_inner, is_more)
        };
        let edge = |record: &&Record| After {
            key: key(record).0.to_string(),
            id: record.id,
        };
        let before = records.first().filter(|_| above).map(edge);
        let next = records.last().filter(|_| below).map(edge);
        let whole = listing.lane.long_columns() == ["imported"];
        let listed = records.into_iter().map(|record| Record {
            whole,
            ..record.clone()
        });
        Page {
            records: listed.collect(),
            next,
            before,
        }
    }

    fn of_goal(records: &BTreeMap<RecordId, Record>, goal: RecordId) -> Vec<RecordId> {
        records
            .values()
            .filter(|record| record.reference("goalId") == Some(goal))
            .map(|record| record.id)
            .collect()
    }

    fn change_record(
        &mut self,
        lane: Lane,
        id: RecordId,
        change: &RecordChange,
    ) -> Result<Written, StoreError> {
        let then = |id, change| Some(Mutation::Record { lane, id, change });
        match change {
            RecordChange::Create(patch) => {
                let made = Record::new(lane, id, patch, moment());
                let same_day = self.records.values().find(|one| {
                    let same_day = lane == Lane::CheckIns
                        && one.reference("goalId") == made.reference("goalId")
                        && one.date("date") == made.date("date");
                    let same_week =
                        lane == Lane::Reviews && one.date("weekStart") == made.date("weekStart");
                    one.lane == lane && (same_day || same_week)
                });
                if let Some(there) = same_day.map(|there| there.id) {
                    let base = Base::Any;
                    let patch = patch.clone();
                    return self.change_record(lane, there, &RecordChange::Set { patch, base });
                }
                let made = Record { version: 1, ..made };
                self.records.insert(id, made.clone());
                Ok(Written::Record {
                    record: Some(made),
                    inverse: then(id, RecordChange::Delete),
                    met: Vec::new(),
                })
            }
            RecordChange::Set { patch, base } => {
                let record = self.records.get_mut(&id).ok_or(StoreError::Gone)?;
                let held = record.fields.expose(Exit::Database);
                let (patch, met) = patch.meet(base, held, |_| false);
                let inverse = RecordChange::Set {
                    patch: patch.inverse(held),
                    base: Base::Any,
                };
                record.apply(&patch);
                record.version += 1;
                Ok(Written::Record {
                    record: Some(record.clone()),
                    inverse: then(id, inverse),
                    met,
                })
            }
            RecordChange::Delete => {
                for id in Self::of_goal(&self.records, id).into_iter().chain([id]) {
                    if let Some(gone) = self.records.remove(&id) {
                        self.deleted.insert(id, gone);
                    }
                }
                Ok(Written::Record {
                    record: None,
                    inverse: then(id, RecordChange::Restore),
                    met: Vec::new(),
                })
            }
            RecordChange::Restore => {
                for id in Self::of_goal(&self.deleted, id).into_iter().chain([id]) {
                    if let Some(back) = self.deleted.remove(&id) {
                        self.records.insert(id, back);
                    }
                }
                let record = self.records.get(&id).cloned().ok_or(StoreError::Gone)?;
                Ok(Written::Record {
                    record: Some(record),
                    inverse: then(id, RecordChange::Delete),
                    met: Vec::new(),
                })
            }
        }
    }
}

/// The program on its stage.
pub struct Stage {
    pub model: Model<Tui>,
    pub store: FakeStore,
    pub now: Timestamp,
    pub zone: TimeZone,
    /// Effects that were not for the store, in order.
    pub effects: Vec<Effect>,
    /// Requests that the fake store has no answer to.
    pub requests: Vec<Request>,
    /// What was wanted of the signals.
    pub drift: Vec<DriftRequest>,
    pub look: Look,
    pub size: (u16, u16),
}

impl Stage {
    pub fn new(store: FakeStore) -> Self {
        Self::with_form(store, LogForm::builtin())
    }

    pub fn with_form(store: FakeStore, form: LogForm) -> Self {
        let zone = TimeZone::UTC;
        let now = Now {
            instant: moment(),
            zone: zone.clone(),
        };
        let world = World::new(now, Arc::new(form), Settings::default());
        let mut stage = Self {
            model: screens::model(world).expect("the key tables agree"),
            store,
            now: moment(),
            zone,
            effects: Vec::new(),
            requests: Vec::new(),
            drift: Vec::new(),
            look: Look::plain(),
            size: (80, 24),
        };
        let effects = begin(&mut stage.model);
        stage.settle(effects);
        stage
    }

    /// Connected and signed in, everything answered.
    pub fn online(store: FakeStore) -> Self {
        let mut stage = Self::new(store);
        stage.connect();
        stage
    }

    pub fn connect(&mut self) {
        self.sign_in(false);
    }

    /// Connected and signed in for the first time ever.
    pub fn greet(&mut self) {
        self.sign_in(true);
    }

    fn sign_in(&mut self, is_new: bool) {
        let person = Person {
            id: UserId::new(),
            username: "bruce".to_owned(),
            is_new,
            timezone: "UTC".to_owned(),
        };
        self.send(Msg::Store(Event::Link(Link::Online {
            place: "local".to_owned(),
        })));
        self.send(Msg::Store(Event::SignedIn(person)));
        if let Some(standing) = self.store.standing.clone() {
            self.send(Msg::Store(Event::Drift(Box::new(standing))));
        }
    }

    pub fn disconnect(&mut self, error: StoreError) {
        let link = Link::Offline {
            since: self.now,
            retry_at: Some(self.now),
            error,
        };
        self.send(Msg::Store(Event::Link(link)));
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
        self.send(Msg::Resize(columns, rows));
    }

    /// Handles a message and everything the store says to it, until nothing is left.
    pub fn send(&mut self, msg: Msg) {
        let now = Now {
            instant: self.now,
            zone: self.zone.clone(),
        };
        let effects = update(&mut self.model, msg, now.clone());
        self.settle(effects);
        // A frame follows.
        if self.model.waits_for_frame() {
            let effects = update(&mut self.model, Msg::Frame, now);
            self.settle(effects);
        }
    }

    /// Types keys before anything is drawn.
    pub fn keys_ahead(&mut self, script: &str) {
        for key in parse_keys(script) {
            let now = Now {
                instant: self.now,
                zone: self.zone.clone(),
            };
            let effects = update(&mut self.model, Msg::Key(key), now);
            self.settle(effects);
        }
    }

    fn settle(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Store(request) => self.request(request),
                Effect::LookAtBackups { aside } => {
                    if let Some(mut shelf) = self.store.shelf.clone() {
                        // The server is asked only where that is wanted.
                        shelf.kept = shelf.kept.filter(|_| aside);
                        self.send(Msg::Shelf(Ok(shelf)));
                    }
                }
                other => self.effects.push(other),
            }
        }
    }

    fn request(&mut self, request: Request) {
        match request {
            Request::Query { generation, query } if !self.store.silent => {
                self.store.asked.push(query.clone());
                let result = match &self.store.failing {
                    Some(error) => Err(error.clone()),
                    None => Ok(self.store.answer(&query)),
                };
                self.send(Msg::Store(Event::Answered {
                    generation,
                    query,
                    result,
                }));
            }
            Request::Write(write) => {
                if self.store.disk_is_full {
                    self.send(Msg::Store(Event::NotKept {
                        request: write.request,
                        reason: "the disk is full".to_owned(),
                    }));
                } else if !self.store.forgets {
                    self.send(Msg::Store(Event::Kept(write.request)));
                }
                let online = matches!(self.model.world.link, Link::Online { .. });
                if online && !self.store.silent {
                    let result = self.store.write(&write);
                    self.send(Msg::Store(Event::Written {
                        request: write.request,
                        result,
                    }));
                } else if self.store.forgets {
                    self.requests.push(Request::Write(write));
                }
            }
            Request::Drift(request) => self.drift.push(request),
            Request::Query { .. } | Request::SearchLanguage(_) | Request::Reconnect => {
                self.requests.push(request);
            }
        }
    }

    /// Lets the fake database take a write, as after a reconnect.
    pub fn write_now(&mut self, write: &Write) -> Written {
        self.store.write(write).expect("nothing is rejected")
    }

    /// Puts the screen of this name in front.
    pub fn show(&mut self, name: &str) -> &mut Self {
        let mut screens = self.model.screens.iter();
        let at = screens.position(|screen| screen.name() == name);
        let at = at.expect("a screen of the registry");
        self.keys(&format!("<M-{}>", at + 1))
    }

    /// Types keys: plain characters, and names in angle brackets as in `<Enter>`, `<C-c>`, `<M-1>`.
    pub fn keys(&mut self, script: &str) -> &mut Self {
        for key in parse_keys(script) {
            self.send(Msg::Key(key));
        }
        self
    }

    /// Lets time pass and a timer run out.
    pub fn after(&mut self, seconds: i64, timer: TimerId) -> &mut Self {
        self.now = self.now.saturating_add(seconds.seconds()).unwrap();
        self.send(Msg::Timer(timer));
        self
    }

    pub fn buffer(&self) -> Buffer {
        let area = Rect::new(0, 0, self.size.0, self.size.1);
        let mut buf = Buffer::empty(area);
        frame::draw_into(&self.model, &self.look, area, &mut buf);
        buf
    }

    /// The picture as text, one line a row.
    pub fn screen(&self) -> String {
        text(&self.buffer())
    }

    #[track_caller]
    pub fn sees(&self, wanted: &str) {
        let screen = self.screen();
        assert!(
            screen.contains(wanted),
            "`{wanted}` is not on the screen:\n{screen}"
        );
    }

    #[track_caller]
    pub fn does_not_see(&self, unwanted: &str) {
        let screen = self.screen();
        assert!(
            !screen.contains(unwanted),
            "`{unwanted}` is on the screen:\n{screen}"
        );
    }

    /// What the fake database holds for a field.
    pub fn stored(&self, date: Date, key: &str) -> Option<Value> {
        self.store
            .logs
            .get(&date)?
            .data
            .expose(Exit::Database)
            .get(key)
            .cloned()
    }
}

/// A buffer as text, wide characters once, trailing blanks cut.
pub fn text(buf: &Buffer) -> String {
    use unicode_width::UnicodeWidthStr as _;
    let mut rows = Vec::new();
    for y in buf.area.top()..buf.area.bottom() {
        let mut row = String::new();
        let mut skip = 0;
        for x in buf.area.left()..buf.area.right() {
            let symbol = buf[(x, y)].symbol();
            if skip > 0 {
                skip -= 1;
                continue;
            }
            row.push_str(symbol);
            skip = symbol.width().saturating_sub(1);
        }
        rows.push(row.trim_end().to_owned());
    }
    rows.join("\n")
}

fn parse_keys(script: &str) -> Vec<KeyEvent> {
    let mut keys = Vec::new();
    let mut rest = script;
    while let Some(first) = rest.chars().next() {
        if first == '<'
            && let Some(end) = rest.find('>')
        {
            keys.push(named_key(&rest[1..end]));
            rest = &rest[end + 1..];
        } else {
            let modifiers = if first.is_uppercase() {
                KeyModifiers::SHIFT
            } else {
                KeyModifiers::NONE
            };
            keys.push(KeyEvent::new(KeyCode::Char(first), modifiers));
            rest = &rest[first.len_utf8()..];
        }
    }
    keys
}

fn named_key(name: &str) -> KeyEvent {
    let (mut modifiers, mut name) = (KeyModifiers::NONE, name);
    while let Some((prefix, rest)) = name
        .split_once('-')
        .filter(|(p, r)| p.len() == 1 && !r.is_empty())
    {
        modifiers |= match prefix {
            "C" => KeyModifiers::CONTROL,
            "M" => KeyModifiers::ALT,
            "S" => KeyModifiers::SHIFT,
            other => panic!("modifier {other}"),
        };
        name = rest;
    }
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "BackTab" => KeyCode::BackTab,
        "BS" => KeyCode::Backspace,
        "Del" => KeyCode::Delete,
        "Space" => KeyCode::Char(' '),
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "lt" => KeyCode::Char('<'),
        one if one.chars().count() == 1 => KeyCode::Char(one.chars().next().unwrap()),
        f if f.starts_with('F') => KeyCode::F(f[1..].parse().unwrap()),
        other => panic!("key {other}"),
    };
    KeyEvent::new(code, modifiers)
}
