//! What was written about one goal on one date.

use jiff::civil::Date;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::domain::ids::RecordId;

/// A check-in as far as figures are concerned; its note stays in the record, sealed. There is one per goal and
/// date.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckIn {
    /// Made by the client.
    pub id: RecordId,
    /// Which goal.
    pub goal: RecordId,
    /// The person's local date.
    pub date: Date,
    /// Whether the person calls the day done; `false` is a “no” that was written down.
    pub completed: bool,
    /// A count or minutes, not negative.
    pub amount: Option<f64>,
    /// 1–10.
    pub score: Option<u8>,
    /// Whether there is a note; tells nothing of it.
    pub has_note: bool,
}

impl CheckIn {
    /// The id of a goal's check-in of a date. Every program that makes it makes the same one, so that
    /// what is done to it next finds it, whoever was first. It is a `UUIDv8`: the goal's id, with the
    /// number of the date's day in its last four bytes.
    #[must_use]
    pub fn id_of(goal: RecordId, date: Date) -> RecordId {
        let days = date.duration_since(Date::ZERO).as_hours() / 24;
        let days = u32::try_from(days).unwrap_or(0).to_be_bytes();
        let mut bytes = *goal.0.as_bytes();
        for (byte, day) in bytes.iter_mut().rev().zip(days.into_iter().rev()) {
            *byte ^= day;
        }
        if let Some(version) = bytes.get_mut(6) {
            *version = (*version & 0x0f) | 0x80;
        }
        RecordId(Uuid::from_bytes(bytes))
    }

    /// The check-in of a record's fields; nothing where its goal or its date is missing.
    #[must_use]
    pub fn of_fields(id: RecordId, fields: &Map<String, Value>) -> Option<Self> {
        let word = |key: &str| fields.get(key).and_then(Value::as_str);
        let number = |key: &str| fields.get(key).and_then(Value::as_f64);
        Some(Self {
            id,
            goal: word("goalId")?.parse().ok()?,
            date: word("date")?.parse().ok()?,
            completed: fields
                .get("completed")
                .and_then(Value::as_bool)
                .unwrap_or(true),
            amount: number("amount").filter(|amount| amount.is_finite() && *amount >= 0.0),
            score: number("score").and_then(|score| {
                (1..=10_u8).find(|&whole| (f64::from(whole) - score).abs() < f64::EPSILON)
            }),
            has_note: word("note").is_some_and(|note| !note.is_empty()),
        })
    }
}
