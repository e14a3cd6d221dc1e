//! What may be asked of the database and what it answers: plain data, no I/O.
//!
//! Screens declare a [`Query`]; the core turns what is missing into a [`Request`]; the store
//! task answers with an [`Event`]. A write carries its own [`RequestId`], so that sending it
//! twice has one effect.

mod change;
mod drift;
mod goals;
mod ideas;
mod list;
mod review;
mod upkeep;
mod version;

pub use change::{Change, Mutation, RecordChange, Write, Written};
pub use drift::{DriftRequest, Observer, Standing};
pub use list::{After, Deleted, Listing, Order, Page};
pub use review::ReviewQuery;
pub use upkeep::{ArchivePage, ArchivePlace, SignedIn, Upkeep};
pub use version::{Ended, Version, VersionList, Versions};

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::ids::{RecordId, RequestId, UserId};
use crate::domain::lane::Lane;
use crate::domain::log::DailyLog;
use crate::domain::record::Record;
use crate::domain::review::Material;
use crate::domain::search::{Found, Search};
use crate::domain::secret::Secret;
use crate::domain::subject::Subject;

use super::error::StoreError;

/// Something a screen shows. Each is bounded: it returns one screenful.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Query {
    /// The log of one date.
    Day(Date),
    /// Which dates of the calendar month that begins at this date have a log.
    Month(Date),
    /// Daily values of fields, both ends included, at most 400 dates.
    Series {
        /// Keys of fields that are not sensitive, as in the form.
        fields: Vec<String>,
        /// First date.
        from: Date,
        /// Last date.
        to: Date,
    },
    /// The same month and day in the twelve years before, latest first.
    OnThisDay(Date),
    /// What answers a question typed by the person. Only the latest counts.
    Search(Search),
    /// A page of a list of records.
    Records(Listing),
    /// One record, whole.
    Record(Lane, RecordId),
    /// How many records of a lane have each status.
    Statuses(Lane),
    /// The records that were deleted last and are still gone, latest first.
    Deleted {
        /// At most this many.
        limit: u16,
    },
    /// What there is to see of a week.
    Review(Box<ReviewQuery>),
    /// A page of the versions of a day's log or of a record.
    Versions(VersionList),
    /// What is kept for how long as of this date, what is archived, where the person is signed in.
    Upkeep {
        /// The person's date.
        today: Date,
    },
    /// A page of what is archived; the first one without a place.
    Archive(Option<ArchivePlace>),
    /// Where the data is, and how much of it there is.
    DataStatus,
    /// The last changes of the person's records, latest first, to be undone after a restart.
    RecentChanges {
        /// At most this many.
        limit: u16,
    },
}

impl Query {
    /// The question for a day's log or a record.
    #[must_use]
    pub fn of(subject: Subject) -> Self {
        match subject {
            Subject::Log(date) => Self::Day(date),
            Subject::Record(lane, id) => Self::Record(lane, id),
        }
    }
}

/// What the database said to a [`Query`].
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// To [`Query::Day`]; `None` when nothing was logged.
    Day(Option<DailyLog>),
    /// To [`Query::Month`], ascending.
    Month(Vec<Date>),
    /// To [`Query::Series`]: for each field a number per logged date.
    Series(BTreeMap<String, BTreeMap<Date, f64>>),
    /// To [`Query::OnThisDay`].
    OnThisDay(Vec<DailyLog>),
    /// To [`Query::Search`].
    Search(Found),
    /// To [`Query::Records`].
    Records(Page),
    /// To [`Query::Record`]; `None` when there is none.
    Record(Option<Record>),
    /// To [`Query::Statuses`].
    Statuses(BTreeMap<String, u64>),
    /// To [`Query::Deleted`].
    Deleted(Vec<Deleted>),
    /// To [`Query::Review`].
    Review(Box<Material>),
    /// To [`Query::Upkeep`].
    Upkeep(Upkeep),
    /// To [`Query::Archive`].
    Archive(ArchivePage),
    /// To [`Query::Versions`].
    Versions(Versions),
    /// To [`Query::DataStatus`].
    DataStatus(DataStatus),
    /// To [`Query::RecentChanges`].
    RecentChanges(Vec<Change>),
}

/// Where the data is, and how much of it there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataStatus {
    /// In words, without a password: `private server` or the target's description.
    pub place: String,
    /// Version of the server, for example `15.18`.
    pub server_version: String,
    /// Directory of the private server's data.
    pub directory: Option<PathBuf>,
    /// Bytes the database takes on the server.
    pub database_bytes: u64,
    /// Version of the schema.
    pub schema_version: i32,
    /// Rows of the person per table, in the order of the export.
    pub counts: Vec<(String, u64)>,
    /// Date of the first and of the last log.
    pub span: Option<(Date, Date)>,
}

/// A message to the store task.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Ask; the answer carries the generation.
    Query {
        /// Grows with each asking; an older answer to the same query is dropped.
        generation: u64,
        /// What is asked.
        query: Query,
    },
    /// Change; kept on disk until acknowledged.
    Write(Write),
    /// The language whose word forms the search knows; what is indexed follows it.
    SearchLanguage(String),
    /// Something about the signals.
    Drift(DriftRequest),
    /// Try to connect now, whatever the backoff says.
    Reconnect,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Id of the user's row.
    pub id: UserId,
    /// Sign-in name.
    pub username: String,
    /// Whether this is the first time that this person is here.
    pub is_new: bool,
    /// IANA name of the person's zone, as stored.
    pub timezone: String,
}

/// State of the way to the database.
#[derive(Debug, Clone, PartialEq)]
pub enum Link {
    /// On the way; `step` says in words what is being done.
    Connecting {
        /// First attempt is 1.
        attempt: u32,
        /// For example `starting the private server`.
        step: &'static str,
    },
    /// Connected and signed in.
    Online {
        /// `local`, `host` …: one word for the status line.
        place: String,
    },
    /// Not reachable; tries again by itself.
    Offline {
        /// Since when.
        since: Timestamp,
        /// Next attempt; `None` when retrying is pointless until something changes.
        retry_at: Option<Timestamp>,
        /// Why.
        error: StoreError,
    },
}

/// A message from the store task.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The way to the database changed.
    Link(Link),
    /// Signed in.
    SignedIn(Person),
    /// An answer to a query.
    Answered {
        /// That of the request.
        generation: u64,
        /// What was asked.
        query: Query,
        /// What came of it.
        result: Result<Answer, StoreError>,
    },
    /// A write is on disk and will be sent until the database has it.
    Kept(RequestId),
    /// A write could not be put on disk (it is sent all the same).
    NotKept {
        /// Which.
        request: RequestId,
        /// The system's reason, in words.
        reason: String,
    },
    /// The database answered a write. An error here is final: the write was rejected.
    Written {
        /// Which.
        request: RequestId,
        /// The row it made, or why it was rejected.
        result: Result<Written, StoreError>,
    },
    /// Another program of the person has changed this table; nothing where it is not known what changed.
    Changed(Option<String>),
    /// The signals have been calculated.
    Drift(Box<Standing>),
    /// Writes of an earlier run that were not acknowledged; they are being sent.
    Recovered(Vec<Write>),
    /// Something the person should know, in words (for example that TLS is not verified).
    Notice(Secret<String>),
}
