//! What is kept of a review: answers, the figures of its day, and where a guided one was left.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{Detail, Figures};
use crate::domain::patch::Patch;
use crate::domain::secret::Secret;

/// The field that says where a guided review was left; nothing where none is under way.
pub const PLACE: &str = "stats.place";

/// The keys of answers begin so.
const ANSWERS: &str = "answers.";

/// The keys of figures begin so.
const STATS: &str = "stats.";

/// A review as its record holds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Review {
    /// The first day of its week.
    pub week_start: Option<Date>,
    /// When it was completed last.
    pub completed_at: Option<Timestamp>,
    /// Where a guided one was left.
    pub place: Option<String>,
    /// The answers by their fields' keys; those of questions that are no longer asked, too.
    pub answers: BTreeMap<String, Secret<String>>,
    /// The figures of the day on which it was completed.
    pub figures: Option<Figures>,
}

impl Review {
    /// Reads the fields of a record; what is missing or of another kind is not there.
    #[must_use]
    pub fn read(fields: &Map<String, Value>) -> Self {
        let text = |key: &str| fields.get(key).and_then(Value::as_str);
        let part = |key: &str, of: &str| key.strip_prefix(of).map(str::to_owned);
        let answers = fields.iter().filter_map(|(key, value)| {
            part(key, ANSWERS)?;
            Some((key.clone(), Secret::new(value.as_str()?.to_owned())))
        });
        let stats = fields
            .iter()
            .filter_map(|(key, value)| Some((part(key, STATS)?, value.clone())));
        Self {
            week_start: text("weekStart").and_then(|date| date.parse().ok()),
            completed_at: text("completedAt").and_then(|moment| moment.parse().ok()),
            place: text(PLACE).map(str::to_owned),
            answers: answers.collect(),
            figures: Figures::from_json(&stats.collect()),
        }
    }
}

/// The change that completes a review: the figures of the day, the moment, and no place any more.
#[must_use]
pub fn completing(figures: &Figures, now: Timestamp) -> Patch {
    let mut patch = Patch::one("completedAt", Some(Value::from(now.to_string())));
    for (key, value) in figures.to_json(Detail::Kept) {
        patch.merge(Patch::one(format!("{STATS}{key}"), Some(value)));
    }
    patch.merge(Patch::one(PLACE, None));
    patch
}
