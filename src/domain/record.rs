//! A record of a lane: an idea, a goal, a check-in, a lesson request, a piece of content.
//!
//! Its fields are those of its table in camelCase; those of a JSON column stand under the column's
//! name and a dot: `realityCheck.known`. A field that is empty is not there.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::form::Field;
use super::ids::RecordId;
use super::lane::Lane;
use super::log::Shown;
use super::patch::Patch;
use super::secret::{Exit, Secret};

/// A record of a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its lane.
    pub lane: Lane,
    /// Made by the client.
    pub id: RecordId,
    /// Values by the field's key.
    pub fields: Secret<Map<String, Value>>,
    /// Grows by one with each change in the database; 0 for a record that is not stored yet.
    pub version: i32,
    /// The moment it was made.
    pub created_at: Timestamp,
    /// The moment of the last change.
    pub updated_at: Timestamp,
    /// Whether all its fields are here; a list leaves the long ones out.
    pub whole: bool,
}

impl Record {
    /// A record with these fields that is not stored yet.
    #[must_use]
    pub fn new(lane: Lane, id: RecordId, fields: &Patch, now: Timestamp) -> Self {
        let mut record = Self {
            lane,
            id,
            fields: Secret::default(),
            version: 0,
            created_at: now,
            updated_at: now,
            whole: true,
        };
        record.fields.update(|data| lane.begin(data));
        record.apply(fields);
        record
    }

    /// Puts the patch's values in.
    pub fn apply(&mut self, patch: &Patch) {
        self.fields.update(|fields| patch.apply(fields));
    }

    /// The field's value, sealed where the field is sensitive.
    #[must_use]
    pub fn value(&self, field: &Field) -> Shown<'_> {
        match self.fields.expose(Exit::Screen).get(&field.key) {
            None | Some(Value::Null) => Shown::Absent,
            Some(value) if field.sensitive => Shown::Sealed(Secret::new(value)),
            Some(value) => Shown::Open(value),
        }
    }

    /// A free text, sealed whatever the field is.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<Secret<&str>> {
        self.get(key)?.as_str().map(Secret::new)
    }

    /// A word of an enumeration, such as a status, by which records are grouped and told apart.
    #[must_use]
    pub fn word(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// A number.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<f64> {
        self.get(key)?.as_f64()
    }

    /// A whole number.
    #[must_use]
    pub fn whole_number(&self, key: &str) -> Option<i64> {
        self.get(key)?.as_i64()
    }

    /// Yes or no.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.get(key)?.as_bool()
    }

    /// A date.
    #[must_use]
    pub fn date(&self, key: &str) -> Option<Date> {
        self.get(key)?.as_str()?.parse().ok()
    }

    /// The record that another one belongs to, such as a check-in's goal.
    #[must_use]
    pub fn reference(&self, key: &str) -> Option<RecordId> {
        self.get(key)?.as_str()?.parse().ok()
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.fields.expose(Exit::Database).get(key)
    }
}
