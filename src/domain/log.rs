//! One day's log. Nothing here prints a value: `Debug` shows keys at most.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::form::{Field, LogForm};
use super::ids::RecordId;
use super::patch::Patch;
use super::secret::{Exit, Secret};

/// What the person wrote on one date. There is one per user and date.
#[derive(Clone, Debug, PartialEq)]
pub struct DailyLog {
    /// Made by the client.
    pub id: RecordId,
    /// The person's local date.
    pub date: Date,
    /// Values by the field's key. Keys that have left the form stay.
    pub data: Secret<Map<String, Value>>,
    /// Grows by one with each change in the database; 0 for a day that is not stored yet.
    pub version: i32,
    /// The moment of the last change.
    pub updated_at: Timestamp,
}

/// What a field of a day shows.
#[derive(Clone, PartialEq)]
pub enum Shown<'a> {
    /// Not answered.
    Absent,
    /// A value that needs no mask.
    Open(&'a Value),
    /// A value of the red zone.
    Sealed(Secret<&'a Value>),
}

impl<'a> Shown<'a> {
    /// The field's value among these, sealed where the field is sensitive.
    #[must_use]
    pub fn of(fields: &'a Secret<Map<String, Value>>, field: &Field) -> Self {
        match fields.expose(Exit::Screen).get(&field.key) {
            None | Some(Value::Null) => Self::Absent,
            Some(value) if field.sensitive => Self::Sealed(Secret::new(value)),
            Some(value) => Self::Open(value),
        }
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
            Self::Open(_) => "Open(..)",
            Self::Sealed(_) => "Sealed(..)",
        })
    }
}

impl DailyLog {
    /// A day without answers that is not stored yet.
    #[must_use]
    pub fn empty(id: RecordId, date: Date, now: Timestamp) -> Self {
        Self {
            id,
            date,
            data: Secret::default(),
            version: 0,
            updated_at: now,
        }
    }

    /// Whether nothing is logged, as after the only answer was taken back.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.data.expose(Exit::Database).is_empty()
    }

    /// The field's value, sealed where the field is sensitive.
    #[must_use]
    pub fn value(&self, field: &Field) -> Shown<'_> {
        Shown::of(&self.data, field)
    }

    /// Whether the field has an answer; tells nothing of what it is.
    #[must_use]
    pub fn has(&self, field: &Field) -> bool {
        !matches!(self.value(field), Shown::Absent)
    }

    /// How many fields of the form have an answer.
    #[must_use]
    pub fn answered(&self, form: &LogForm) -> usize {
        form.sections
            .iter()
            .flat_map(|section| &section.fields)
            .filter(|f| self.has(f))
            .count()
    }

    /// Keys with a value that the form does not know (any more), in stored order.
    pub fn left_over<'a>(&'a self, form: &'a LogForm) -> impl Iterator<Item = &'a str> {
        self.data
            .expose(Exit::Screen)
            .iter()
            .filter(|(key, value)| !value.is_null() && !form.has_key(key))
            .map(|(key, _)| key.as_str())
    }

    /// Puts the patch's values in.
    pub fn apply(&mut self, patch: &Patch) {
        self.data.update(|data| patch.apply(data));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    type Data = Map<String, Value>;

    fn data(json: Value) -> Data {
        match json {
            Value::Object(data) => data,
            other => unreachable!("{other}"),
        }
    }

    fn log(json: Value) -> DailyLog {
        let date = jiff::civil::date(2026, 11, 23);
        let mut log = DailyLog::empty(RecordId::new(), date, Timestamp::UNIX_EPOCH);
        log.data = Secret::new(data(json));
        log
    }

    #[test]
    fn sensitive_values_are_sealed_and_nothing_prints_a_value() {
        let form = LogForm::builtin();
        let log = log(json!({
            "driftCheck": "needle one", "topWin": "needle two", "energy": null, "oldKey": "needle three",
        }));
        let shown = |key: &str| log.value(form.exact(key).unwrap());
        assert!(matches!(shown("driftCheck"), Shown::Sealed(_)));
        assert!(matches!(shown("topWin"), Shown::Open(Value::String(_))));
        assert_eq!(shown("energy"), Shown::Absent);
        assert_eq!(shown("mood"), Shown::Absent);
        assert_eq!(log.answered(&form), 2);
        assert_eq!(log.left_over(&form).collect::<Vec<_>>(), ["oldKey"]);
        let patch = Patch::one("topWin", Some(json!("needle four")));
        for printed in [
            format!("{log:?}"),
            format!("{log:#?}"),
            format!("{:?} {:?}", shown("driftCheck"), shown("topWin")),
            format!("{patch:?}"),
        ] {
            assert!(!printed.contains("needle"), "{printed}");
        }
        assert_eq!(format!("{patch:?}"), "Patch{\"topWin\"}");
    }
}
