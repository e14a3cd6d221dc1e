//! What of a row is red zone, and what stands in its place in a redacted export.
//!
//! A column is kept only where it is known to hold nothing private: one that is new here is covered until
//! somebody has thought about it. The structure stays: rows, keys, dates, states, and which texts are empty.
//! What a column can hold as text becomes [`REDACTED`]; a number, a choice or a date becomes null.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::export_format::{REDACTED, camel_case};
use super::form::{Field, Kind, LogForm};
use super::goal::Domain;
use super::lane::Lane;

/// Columns of every record that say nothing of what is in it.
const FRAME: [&str; 6] = [
    "id",
    "userId",
    "createdAt",
    "updatedAt",
    "version",
    "archivedAt",
];

/// Keys and identifiers that are longer were not made by a program.
const LONGEST_KEY: usize = 64;

/// Covers the red zone of rows.
#[derive(Debug, Clone)]
pub struct Redaction {
    form: LogForm,
    open_goals: BTreeSet<String>,
}

impl Redaction {
    /// Days are covered as this form says; what it does not know is covered too. `open_goals` are the
    /// identifiers of goals whose check-ins' notes were never red zone; the notes of others are covered.
    #[must_use]
    pub fn new(form: LogForm, open_goals: BTreeSet<String>) -> Self {
        Self { form, open_goals }
    }

    /// Covers a row of a table, named as in the database. The row's columns may be named as in the database
    /// or as in the document.
    pub fn row(&self, table: &str, row: &mut Map<String, Value>) {
        let goal = of(row, "goalId", "goal_id");
        let notes_open = goal.is_some_and(|goal| self.open_goals.contains(&goal));
        let signal_open = table == "drift_flags"
            && self.is_open_signal(
                &of(row, "type", "type").unwrap_or_default(),
                &of(row, "subject", "subject").unwrap_or_default(),
            );
        let inner = of(row, "tableName", "table_name").unwrap_or_default();
        for (column, value) in row.iter_mut() {
            let column: &str = &camel_case(column);
            if FRAME.contains(&column) || value.is_null() {
                continue;
            }
            match (table, column) {
                ("logs", "date")
                | ("ideas", "captureMode" | "status")
                | ("goals" | "teaching_requests", "status")
                | ("goals", "wasPrivate")
                | ("check_ins", "goalId" | "date")
                | ("harris_content", "type" | "template" | "status")
                | ("reviews", "weekStart" | "completedAt")
                | (
                    "drift_flags",
                    "type" | "windowStart" | "windowEnd" | "state" | "firstSeen" | "lastSeen"
                    | "acknowledgedAt" | "snoozedUntil" | "resolvedAt",
                )
                | (
                    "retention_policies",
                    "tableName" | "keepDays" | "action" | "enabled" | "lastRun",
                )
                | (
                    "record_history",
                    "tableName" | "recordId" | "operation" | "changedAt" | "changedBy"
                    | "transaction",
                )
                // Who the person is stands in the header as well.
                | (
                    "users",
                    "username" | "email" | "displayName" | "dbRole" | "role" | "timezone"
                    | "weekStart" | "settings",
                ) => {}
                ("drift_flags", "sentence" | "value") if signal_open => {}
                ("drift_flags", "subject") | ("imported_records", "source" | "kind" | "sourceId") => {
                    cover_unless_key(value);
                }
                ("logs", "data" | "imported") => self.answers(value),
                ("reviews", "stats") => self.figures(value),
                ("record_history", "row") => match value {
                    Value::Object(prior) => self.row(&inner, prior),
                    other => cover_leaves(other),
                },
                ("check_ins", "note") if notes_open => {}
                ("drift_flags", "value") | ("reviews", "answers") | (_, "imported") => {
                    cover_entries(value);
                }
                ("drift_flags" | "reviews", _) => cover_leaves(value),
                _ => match Lane::of_table(table) {
                    Some(lane) => record(lane, column, value),
                    None => cover_leaves(value),
                },
            }
        }
    }

    /// Answers of a day.
    fn answers(&self, value: &mut Value) {
        each(value, |key, answer| {
            if self.form.is_sensitive(key) && !answer.is_null() {
                *answer = Value::from(REDACTED);
            }
        });
    }

    /// The figures of a review: numbers stay, but for those about sensitive fields.
    fn figures(&self, value: &mut Value) {
        match value {
            Value::Object(_) => each(value, |key, figure| {
                if self.form.exact(key).is_some_and(|field| field.sensitive) {
                    cover_leaves(figure);
                } else {
                    self.figures(figure);
                }
            }),
            Value::Array(list) => list.iter_mut().for_each(|figure| self.figures(figure)),
            Value::String(text) => {
                if text.parse::<Date>().is_err() && text.parse::<Uuid>().is_err() {
                    cover(text);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Whether what a signal says is about nothing of the red zone.
    fn is_open_signal(&self, kind: &str, subject: &str) -> bool {
        if kind.starts_with("ideas_") {
            return false;
        }
        let subject = subject.strip_prefix("domain:").unwrap_or(subject);
        if let Some(domain) = Domain::of_word(subject) {
            return !domain.has_private_notes();
        }
        if let Some(field) = self.form.exact(subject) {
            return !field.sensitive;
        }
        subject.is_empty() || self.open_goals.contains(subject)
    }
}

fn of(row: &Map<String, Value>, json: &str, sql: &str) -> Option<String> {
    let value = row.get(json).or_else(|| row.get(sql))?;
    value.as_str().map(str::to_owned)
}

/// A column of a lane's record.
fn record(lane: Lane, column: &str, value: &mut Value) {
    let form = lane.form();
    match form.exact(column) {
        Some(field) if field.sensitive => cover_answer(field, value),
        Some(_) => {}
        None if value.is_object() => each(value, |key, part| {
            let field = form.exact(&format!("{column}.{key}"));
            if field.is_none_or(|field| field.sensitive) {
                cover_leaves(part);
            }
        }),
        None => cover_leaves(value),
    }
}

/// As the column's type takes it.
fn cover_answer(field: &Field, value: &mut Value) {
    match &field.kind {
        Kind::Text | Kind::Lines | Kind::Many { .. } => cover_leaves(value),
        Kind::Scale { min, .. } if field.required => *value = Value::from(*min),
        Kind::Scale { .. }
        | Kind::Number { .. }
        | Kind::Toggle
        | Kind::Choice { .. }
        | Kind::Date => *value = Value::Null,
    }
}

/// Does something with each entry of an object; a key that is more than a name is covered as well.
fn each(value: &mut Value, mut change: impl FnMut(&str, &mut Value)) {
    let Value::Object(entries) = value else {
        return cover_leaves(value);
    };
    if entries.keys().all(|key| is_key(key)) {
        for (key, value) in entries {
            change(key, value);
        }
        return;
    }
    let mut covered = 0;
    let kept = std::mem::take(entries);
    for (key, mut value) in kept {
        let name = if is_key(&key) {
            change(&key, &mut value);
            key
        } else {
            covered += 1;
            cover_leaves(&mut value);
            format!("{REDACTED} {covered}")
        };
        entries.insert(name, value);
    }
}

/// Covers all entries of an object, each as a whole.
fn cover_entries(value: &mut Value) {
    each(value, |_, entry| {
        if !entry.is_null() {
            *entry = Value::from(REDACTED);
        }
    });
}

/// Covers every text, keeps lists and objects, and takes numbers and yes or no out.
fn cover_leaves(value: &mut Value) {
    match value {
        Value::Null => {}
        Value::String(text) => cover(text),
        Value::Bool(_) | Value::Number(_) => *value = Value::Null,
        Value::Array(list) => list.iter_mut().for_each(cover_leaves),
        Value::Object(_) => each(value, |_, entry| cover_leaves(entry)),
    }
}

fn cover_unless_key(value: &mut Value) {
    match value {
        Value::String(text) if text.is_empty() || is_key(text) => {}
        other => cover_leaves(other),
    }
}

fn cover(text: &mut String) {
    if !text.is_empty() {
        REDACTED.clone_into(text);
    }
}

/// Whether it can be a key or an identifier: letters, digits and a few signs, no words beside each other.
fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST_KEY
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use serde_json::json;

    use super::*;

    const OPEN: &str = "018f0000-0000-7000-8000-000000000001";
    const CLOSED: &str = "018f0000-0000-7000-8000-000000000002";

    fn redacted(table: &str, row: Value) -> Value {
        let Value::Object(mut row) = row else {
            return row;
        };
        let redaction = Redaction::new(LogForm::builtin(), BTreeSet::from([OPEN.to_owned()]));
        redaction.row(table, &mut row);
        Value::Object(row)
    }

    #[test]
    fn a_day_keeps_what_the_form_knows_as_open() {
        let row = json!({
            "id": OPEN, "date": "2026-11-23", "version": 2,
            "data": { "energy": 7, "topWin": "won", "driftCheck": "needle", "faithAlignment": null, "gone": ["needle"], "needle in a key": 1 },
            "imported": { "energy": 14, "diary": "needle" },
        });
        assert_eq!(
            redacted("logs", row),
            json!({
                "id": OPEN, "date": "2026-11-23", "version": 2,
                "data": { "energy": 7, "topWin": "won", "driftCheck": REDACTED, "faithAlignment": null, "gone": REDACTED, "[redacted] 1": null },
                "imported": { "energy": 14, "diary": REDACTED },
            })
        );
    }

    #[test]
    fn nothing_of_an_idea_is_left_but_its_place_in_the_pipeline() {
        let row = json!({
            "id": OPEN, "title": "needle", "pitch": "", "category": "faith", "captureMode": "deep", "status": "parked",
            "excitement": 9, "priority": 3, "reviewOn": "2026-11-23", "milestones": [{ "text": "needle", "done": true }],
            "realityCheck": { "known": ["needle"], "decision": "park" }, "notes": "needle", "imported": { "a": "needle" },
            "somethingNew": "needle",
        });
        assert_eq!(
            redacted("ideas", row),
            json!({
                "id": OPEN, "title": REDACTED, "pitch": "", "category": null, "captureMode": "deep", "status": "parked",
                "excitement": null, "priority": 0, "reviewOn": null, "milestones": [{ "text": REDACTED, "done": null }],
                "realityCheck": { "known": [REDACTED], "decision": REDACTED }, "notes": REDACTED, "imported": { "a": REDACTED },
                "somethingNew": REDACTED,
            })
        );
    }

    #[test]
    fn a_note_is_kept_only_for_a_goal_that_is_known_to_be_open() {
        let row = |goal: &str| json!({ "goalId": goal, "date": "2026-11-23", "score": 3, "note": "walked" });
        assert_eq!(redacted("check_ins", row(OPEN)), row(OPEN));
        assert_eq!(redacted("check_ins", row(CLOSED))["note"], REDACTED);
        let prior = |goal: &str| json!({ "tableName": "check_ins", "row": { "goal_id": goal, "note": "walked" } });
        assert_eq!(redacted("record_history", prior(OPEN)), prior(OPEN));
        assert_eq!(
            redacted("record_history", prior(CLOSED))["row"]["note"],
            REDACTED
        );
    }

    #[test]
    fn a_prior_version_is_covered_like_the_row_itself() {
        let row = json!({
            "tableName": "ideas", "recordId": OPEN, "operation": "update", "changedBy": "app",
            "row": { "id": OPEN, "user_id": CLOSED, "title": "needle", "capture_mode": "quick", "why_i_care": "needle", "score": 81 },
        });
        let row = redacted("record_history", row);
        assert_eq!(
            row["row"],
            json!({ "id": OPEN, "user_id": CLOSED, "title": REDACTED, "capture_mode": "quick", "why_i_care": REDACTED, "score": null })
        );
        let unknown = json!({ "tableName": "other", "row": { "text": "needle", "n": 1 } });
        assert_eq!(
            redacted("record_history", unknown)["row"],
            json!({ "text": REDACTED, "n": null })
        );
    }

    #[test]
    fn signals_are_covered_where_they_are_about_the_red_zone() {
        let row = |kind: &str, subject: &str| {
            redacted(
                "drift_flags",
                json!({ "type": kind, "subject": subject, "sentence": "said", "note": "mine", "state": "open", "value": { "statistic": 3 } }),
            )
        };
        for (kind, subject) in [
            ("missed_days", ""),
            ("level_shift", "energy"),
            ("streak_broken", OPEN),
            ("domain_neglect", "health"),
        ] {
            let row = row(kind, subject);
            assert_eq!(
                (&row["sentence"], &row["note"]),
                (&json!("said"), &json!(REDACTED)),
                "{kind}"
            );
        }
        for (kind, subject) in [
            ("ideas_crowded", ""),
            ("level_shift", "driftCheck"),
            ("level_shift", "gone"),
            ("streak_broken", CLOSED),
            ("domain_neglect", "faith"),
            ("domain_neglect", "domain:family"),
        ] {
            let row = row(kind, subject);
            assert_eq!(row["sentence"], REDACTED, "{kind} {subject}");
            assert_eq!(row["value"], json!({ "statistic": REDACTED }));
        }
    }

    #[test]
    fn other_lanes_keep_what_their_forms_call_open() {
        let row = json!({ "subject": "Maths", "studentProfile": "needle", "status": "planned", "standards": ["a"],
            "plan": { "objective": "add", "secret": "needle" }, "imported": { "x": ["needle"] } });
        assert_eq!(
            redacted("teaching_requests", row),
            json!({ "subject": "Maths", "studentProfile": REDACTED, "status": "planned", "standards": ["a"],
                "plan": { "objective": "add", "secret": REDACTED }, "imported": { "x": REDACTED } })
        );
        let row = json!({ "weekStart": "2026-11-23", "answers": { "kept": "needle" },
            "stats": { "days": 5, "from": "2026-11-23", "best": "needle", "driftCheck": 3 } });
        assert_eq!(
            redacted("reviews", row),
            json!({ "weekStart": "2026-11-23", "answers": { "kept": REDACTED },
                "stats": { "days": 5, "from": "2026-11-23", "best": REDACTED, "driftCheck": null } })
        );
        let row = json!({ "source": "web", "kind": "transcripts", "sourceId": "a needle", "payload": ["needle", 7], "reason": "needle" });
        assert_eq!(
            redacted("imported_records", row),
            json!({ "source": "web", "kind": "transcripts", "sourceId": REDACTED, "payload": [REDACTED, null], "reason": REDACTED })
        );
    }
}
