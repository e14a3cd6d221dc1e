//! Versions of a record: what differs between two of them, and what brings one back.

use serde_json::{Map, Value};

use super::idea::Status;
use super::lane::Lane;
use super::patch::Patch;
use super::subject::Subject;

/// The fields that two versions do not have in common, in the order of their keys.
#[must_use]
pub fn differing<'a>(one: &'a Map<String, Value>, other: &'a Map<String, Value>) -> Vec<&'a str> {
    let mut keys: Vec<&str> = one
        .keys()
        .chain(other.keys().filter(|key| !one.contains_key(*key)))
        .filter(|key| one.get(*key) != other.get(*key))
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

/// The patch that makes `after` of `before`.
#[must_use]
pub fn difference(before: &Map<String, Value>, after: &Map<String, Value>) -> Patch {
    let mut patch = Patch::default();
    for key in differing(before, after) {
        patch.merge(Patch::one(key, after.get(key).cloned()));
    }
    patch
}

/// What brings a version back.
#[derive(Debug, Clone, PartialEq)]
pub struct Back {
    /// The change, from what is there now.
    pub patch: Patch,
    /// The status that stays as it is, because the pipeline does not lead to the one of the version.
    pub status_stays: Option<Status>,
}

/// What brings the version `then` back where `now` is there. Whether a record is archived stays as it
/// is: that is no content of it. An idea takes the version's status only where a move leads there.
#[must_use]
pub fn bring_back(subject: Subject, now: &Map<String, Value>, then: &Map<String, Value>) -> Back {
    let mut then = then.clone();
    let mut keep = |key: &str| match now.get(key) {
        Some(value) => drop(then.insert(key.to_owned(), value.clone())),
        None => drop(then.remove(key)),
    };
    let mut status_stays = None;
    if let Subject::Record(lane, _) = subject {
        keep("archivedAt");
        if lane == Lane::Ideas {
            let status = |fields: &Map<String, Value>| {
                Status::read(fields.get("status").and_then(Value::as_str)?)
            };
            let (from, to) = (status(now), status(&then));
            if let (Some(from), Some(to)) = (from, to)
                && from != to
                && from.check_move(to).is_err()
            {
                status_stays = Some(from);
                if let Some(value) = now.get("status") {
                    then.insert("status".to_owned(), value.clone());
                }
            }
        }
    }
    Back {
        patch: difference(now, &then),
        status_stays,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use serde_json::json;

    use super::*;
    use crate::domain::ids::RecordId;
    use crate::domain::secret::Exit;

    fn map(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn what_came_went_and_changed_differs_and_nothing_else() {
        let before = map(json!({"a": 1, "b": 2, "c": 3}));
        let after = map(json!({"b": 2, "c": 4, "d": 5}));
        assert_eq!(differing(&before, &after), ["a", "c", "d"]);
        let patch = difference(&before, &after);
        let mut made = before.clone();
        patch.apply(&mut made);
        assert_eq!(made, after);
    }

    #[test]
    fn a_version_comes_back_but_the_archive_stays() {
        let now = map(json!({"title": "new", "notes": "x"}));
        let then = map(json!({"title": "old", "archivedAt": "2026-01-01T00:00:00Z"}));
        let subject = Subject::Record(Lane::Goals, RecordId::new());
        let back = bring_back(subject, &now, &then);
        let patch = back.patch.to_json(Exit::Database);
        assert_eq!(patch, json!({"title": "old", "notes": null}));
    }

    #[test]
    fn an_idea_goes_only_where_a_move_leads() {
        let subject = Subject::Record(Lane::Ideas, RecordId::new());
        let back = |now: &str, then: &str| {
            let now = map(json!({"title": "a", "status": now}));
            let then = map(json!({"title": "b", "status": then}));
            let back = bring_back(subject, &now, &then);
            (back.patch.to_json(Exit::Database), back.status_stays)
        };
        assert_eq!(
            back("parked", "draft"),
            (json!({"title": "b", "status": "draft"}), None)
        );
        assert_eq!(
            back("shipped", "draft"),
            (json!({"title": "b"}), Some(Status::Shipped))
        );
    }
}
