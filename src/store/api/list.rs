//! Lists of records, a page at a time.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::record::Record;

/// What a list shows, and from where on. Records that retention has archived are not listed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Listing {
    /// Whose records.
    pub lane: Lane,
    /// Only those whose field has one of these words; an empty list holds nothing back.
    pub only: Vec<(&'static str, Vec<String>)>,
    /// Only check-ins of these dates, both included.
    pub dates: Option<(Date, Date)>,
    /// Only records that were made from the one moment on and before the other.
    pub made: Option<(Timestamp, Timestamp)>,
    /// In which order.
    pub order: Order,
    /// Behind this one; from the first on without it.
    pub after: Option<After>,
    /// The other way: the page that ends before `after`, or the last one.
    pub back: bool,
    /// At most this many.
    pub limit: u16,
}

impl Listing {
    /// A lane's records, the one that was changed last first.
    #[must_use]
    pub fn new(lane: Lane, limit: u16) -> Self {
        Self {
            lane,
            only: Vec::new(),
            dates: None,
            made: None,
            order: Order::Touched,
            after: None,
            back: false,
            limit,
        }
    }

    /// Whether it is the page with which the list begins.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.after.is_none() && !self.back
    }

    /// Whether a record belongs to the list, whatever the page.
    #[must_use]
    pub fn takes(&self, record: &Record) -> bool {
        let has = |(field, words): &(&str, Vec<String>)| {
            words.is_empty()
                || record
                    .word(field)
                    .is_some_and(|has| words.iter().any(|word| word == has))
        };
        let in_dates = |(from, to): (Date, Date)| {
            record
                .date("date")
                .is_some_and(|date| (from..=to).contains(&date))
        };
        let in_time = |(from, before): (Timestamp, Timestamp)| {
            // One that is on its way has not been made yet as the database sees it.
            record.version == 0 || (from..before).contains(&record.created_at)
        };
        record.lane == self.lane
            && self.only.iter().all(has)
            && self.dates.is_none_or(in_dates)
            && self.made.is_none_or(in_time)
    }
}

/// The order of a list. Records that are equal by it are in an order of
/// their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Order {
    /// By their last change, latest first.
    Touched,
    /// By when they were made, latest first.
    Newest,
    /// By when they were made, earliest first.
    Oldest,
    /// Ideas: by excitement × feasibility, highest first.
    Score,
    /// Ideas: by priority, highest first.
    Priority,
    /// Check-ins: by date, latest first.
    Date,
    /// Reviews: by their week, latest first.
    Week,
}

/// A place between two records of a list: the sort key of one of them, as text, and its id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct After {
    /// The sort key as the database writes it.
    pub key: String,
    /// Of the last record before it; of the first record behind it, where a page ends there.
    pub id: RecordId,
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// In the list's order; without their long fields.
    pub records: Vec<Record>,
    /// Where the next page begins, if there is one.
    pub next: Option<After>,
    /// Where the page before ends, if there may be one.
    pub before: Option<After>,
}

/// A record that was deleted and can be brought back.
#[derive(Debug, Clone, PartialEq)]
pub struct Deleted {
    /// As it was, without its long fields.
    pub record: Record,
    /// When it was deleted.
    pub deleted_at: Timestamp,
    /// How many check-ins went with it.
    pub check_ins: u64,
}
