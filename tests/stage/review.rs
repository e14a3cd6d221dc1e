//! What a made-up database holds of a week.

use std::collections::BTreeMap;

use harriswildlands::domain::drift::{EvidenceRow, Settings, SignalType};
use harriswildlands::domain::goal::{CheckIn, Goal, Week};
use harriswildlands::domain::idea;
use harriswildlands::domain::ids::RecordId;
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::record::Record;
use harriswildlands::domain::review::{
    LOOK_BACK, Material, OpenLesson, SeenSignal, UNTOUCHED, WaitingIdea, seen_on,
};
use harriswildlands::domain::secret::{Exit, Secret};
use harriswildlands::domain::teaching::{self, LessonRequest};
use harriswildlands::store::api::ReviewQuery;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::{FakeStore, TODAY};

/// The Monday of the week before [`TODAY`].
pub const LAST_WEEK: Date = date(2026, 11, 16);

impl FakeStore {
    /// A signal that was first seen so many days before today.
    pub fn put_signal(&mut self, sentence: &str, subject: &str, back: i64, ended: Option<i64>) {
        let first_seen: Date = TODAY.saturating_sub(back.days());
        let rows = self.logs.range(..=first_seen).rev().take(3);
        let rows = rows.map(|(date, log)| EvidenceRow {
            table: "logs".to_owned(),
            id: log.id,
            date: *date,
            value: Some(5.0),
        });
        self.signals.push(SeenSignal {
            id: RecordId::new(),
            kind: if subject.is_empty() {
                SignalType::MissedDays
            } else {
                SignalType::LevelShift
            },
            subject: subject.to_owned(),
            sentence: Secret::new(sentence.to_owned()),
            first_seen,
            ended: ended.map(|back| TODAY.saturating_sub(back.days())),
            rows: rows.collect(),
        });
    }

    /// Two signals of last week.
    pub fn put_signals(&mut self) {
        self.put_signal(
            "energy averaged 4.6 from 12 to 18 Nov, against a typical 6.1.",
            "energy",
            5,
            None,
        );
        self.put_signal(
            "4 of 7 days were logged from 5 to 11 Nov, against a typical 6.2.",
            "",
            12,
            Some(3),
        );
    }

    fn of_lane(&self, lane: Lane) -> impl Iterator<Item = (&Record, &Map<String, Value>)> {
        let records = self.records.values();
        records
            .filter(move |record| record.lane == lane)
            .map(|record| (record, record.fields.expose(Exit::Database)))
    }

    pub(super) fn review(&self, asked: &ReviewQuery) -> Material {
        let week = Week::of(asked.first, asked.first.weekday());
        let on = seen_on(week, asked.today);
        let from = week.first().saturating_sub(LOOK_BACK.days());
        let settings = Settings {
            opted_in: self.opted_in.clone(),
            ..Settings::default()
        };
        let logs = self.logs.range(from..=week.last());
        let keys = asked.open.iter().chain(&asked.private);
        let keys = keys.filter(|key| asked.open.contains(key) || settings.opted_in.contains(*key));
        let answers: BTreeMap<String, Vec<(Date, f64)>> = keys
            .map(|key| {
                let days = logs.clone().filter_map(|(date, log)| {
                    let value = log.data.expose(Exit::Database).get(key)?;
                    Some((*date, value.as_f64().or(value.as_bool().map(f64::from))?))
                });
                (key.clone(), days.collect())
            })
            .collect();
        let local = |record: &Record| record.updated_at.to_zoned(TimeZone::UTC).date();
        let ideas: Vec<WaitingIdea> = self
            .of_lane(Lane::Ideas)
            .map(|(record, _)| WaitingIdea {
                id: record.id,
                title: Secret::new(record.text("title").map_or_else(String::new, |title| {
                    (*title.expose(Exit::Database)).to_owned()
                })),
                status: idea::Status::read(record.word("status").unwrap()).unwrap(),
                touched: local(record),
                review_on: record.date("reviewOn"),
            })
            .filter(|idea| match idea.status {
                idea::Status::Draft => idea.touched <= on.saturating_sub(UNTOUCHED.days()),
                idea::Status::Parked => idea.review_on.is_some_and(|date| date < on),
                _ => false,
            })
            .collect();
        let count = |status| {
            let of_status = ideas.iter().filter(|idea| idea.status == status);
            of_status.count() as u64
        };
        let ideas_waiting = (count(idea::Status::Parked), count(idea::Status::Draft));
        let lessons: Vec<OpenLesson> = self
            .of_lane(Lane::Teaching)
            .map(|(record, fields)| OpenLesson {
                id: record.id,
                title: LessonRequest::read(fields).title(),
                status: teaching::Status::of(record.word("status").unwrap()).unwrap(),
                since: record.created_at.to_zoned(TimeZone::UTC).date(),
            })
            .filter(|lesson| {
                matches!(
                    lesson.status,
                    teaching::Status::Requested | teaching::Status::Planned
                )
            })
            .collect();
        let mut reviews = self.of_lane(Lane::Reviews);
        let goals = self.of_lane(Lane::Goals);
        Material {
            logged: self
                .logs
                .range(from..=week.last())
                .map(|(date, _)| *date)
                .collect(),
            answers: Secret::new(answers),
            goals: goals
                .filter_map(|(record, fields)| Goal::of_fields(record.id, fields))
                .map(|goal| (goal, from))
                .collect(),
            check_ins: self
                .of_lane(Lane::CheckIns)
                .filter_map(|(record, fields)| CheckIn::of_fields(record.id, fields))
                .collect(),
            signals: self.signals.clone(),
            ideas_waiting,
            ideas,
            lessons_open: lessons.len() as u64,
            lessons,
            settings,
            review: reviews
                .find(|(record, _)| record.date("weekStart") == Some(week.first()))
                .map(|(record, _)| record.id),
        }
    }
}
