//! What becomes of a change that meets what was written elsewhere in the meantime.
//!
//! Words are never replaced unseen: of two texts both stay, one below the other. Of two figures the
//! later one stays. Taking something back takes back what was written here and nothing else.

use serde_json::{Map, Value};

use super::log::LogPatch;
use super::secret::Exit;

/// What a change takes for granted of the fields that it changes.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Base {
    /// Nothing: it holds whatever is there.
    #[default]
    Any,
    /// What the person saw as they made it; a field that is not named was seen without an answer.
    Seen {
        /// Free texts.
        texts: LogPatch,
        /// Everything else.
        figures: LogPatch,
    },
    /// Exactly this, or the field is left as it is.
    Exactly(LogPatch),
}

/// A field whose change met another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// Key of the field.
    pub field: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Both texts are there.
    Joined,
    /// What was written elsewhere stayed.
    Stayed,
}

impl LogPatch {
    /// What of this change is to be done where a day holds `held`. `held_is_later` tells whether the
    /// day was changed after this change was made.
    #[must_use]
    pub fn meet(
        &self,
        base: &Base,
        held: &Map<String, Value>,
        held_is_later: bool,
    ) -> (Self, Vec<Met>) {
        let mut patch = Self::default();
        let mut met = Vec::new();
        let Value::Object(wanted) = self.to_json(Exit::Database) else {
            return (patch, met);
        };
        for (field, wanted) in wanted {
            let there = held.get(&field).unwrap_or(&Value::Null);
            let (value, outcome) = one(&field, &wanted, base, there, held_is_later);
            if let Some(value) = value {
                patch.merge(Self::one(field.clone(), Some(value)));
            }
            met.extend(outcome.map(|outcome| Met { field, outcome }));
        }
        (patch, met)
    }

    fn value(&self, field: &str) -> Value {
        let json = self.to_json(Exit::Database);
        json.get(field).cloned().unwrap_or(Value::Null)
    }

    fn names(&self, field: &str) -> bool {
        self.keys().any(|key| key == field)
    }
}

/// The value to write, if any, and what is to be told.
fn one(
    field: &str,
    wanted: &Value,
    base: &Base,
    there: &Value,
    is_later: bool,
) -> (Option<Value>, Option<Outcome>) {
    let as_wanted = (Some(wanted.clone()), None);
    let stays = (None, Some(Outcome::Stayed));
    if there == wanted {
        return as_wanted;
    }
    match base {
        Base::Any => as_wanted,
        Base::Exactly(expected) if expected.value(field) == *there => as_wanted,
        Base::Exactly(_) => stays,
        Base::Seen { texts, .. } if texts.names(field) => {
            if texts.value(field) == *there {
                return as_wanted;
            }
            match (wanted, there) {
                (Value::String(wanted), Value::String(there)) => join(wanted, there),
                (_, Value::Null) => as_wanted,
                _ => stays,
            }
        }
        Base::Seen { figures, .. } => {
            if figures.value(field) == *there || there.is_null() || !is_later {
                as_wanted
            } else {
                stays
            }
        }
    }
}

/// Both texts, unless one of them is in the other already.
fn join(wanted: &str, there: &str) -> (Option<Value>, Option<Outcome>) {
    if wanted.contains(there.trim()) {
        (Some(Value::from(wanted)), None)
    } else if there.contains(wanted.trim()) {
        (None, None)
    } else {
        let both = format!("{}\n\n{wanted}", there.trim_end());
        (Some(Value::from(both)), Some(Outcome::Joined))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patch(value: &Value) -> LogPatch {
        LogPatch::one("it", Some(value.clone()))
    }

    /// The value that is written, and what is told.
    fn meet(
        base: &Base,
        there: &Value,
        wanted: &Value,
        later: bool,
    ) -> (Option<Value>, Option<Outcome>) {
        let mut held = Map::new();
        held.insert("it".to_owned(), there.clone());
        let (done, met) = patch(wanted).meet(base, &held, later);
        let value = done.names("it").then(|| done.value("it"));
        (value, met.first().map(|met| met.outcome))
    }

    #[test]
    fn of_two_texts_both_stay() {
        let saw = |text: Value| Base::Seen {
            texts: patch(&text),
            figures: LogPatch::default(),
        };
        let both = || (Some(json!("theirs\n\nmine")), Some(Outcome::Joined));
        for later in [false, true] {
            assert_eq!(
                meet(&saw(json!(null)), &json!("theirs"), &json!("mine"), later),
                both()
            );
            assert_eq!(
                meet(
                    &saw(json!("old")),
                    &json!("theirs\n"),
                    &json!("mine"),
                    later
                ),
                both()
            );
        }
        let is = |there: Value, seen: Value, wanted: Value, becomes: Option<Value>, told| {
            assert_eq!(meet(&saw(seen), &there, &wanted, true), (becomes, told));
        };
        // As seen, or nothing there: the change as it is.
        is(
            json!("old"),
            json!("old"),
            json!("new"),
            Some(json!("new")),
            None,
        );
        is(
            json!(null),
            json!("old"),
            json!("new"),
            Some(json!("new")),
            None,
        );
        is(
            json!("old"),
            json!("old"),
            json!(null),
            Some(json!(null)),
            None,
        );
        // One is in the other: nothing is there twice.
        is(
            json!("a"),
            json!(null),
            json!("a and b"),
            Some(json!("a and b")),
            None,
        );
        is(json!("a and b"), json!(null), json!("a"), None, None);
        // Clearing clears what was seen.
        is(
            json!("theirs"),
            json!("old"),
            json!(null),
            None,
            Some(Outcome::Stayed),
        );
    }

    #[test]
    fn of_two_figures_the_later_stays() {
        let saw = |figure: Value| Base::Seen {
            texts: LogPatch::default(),
            figures: patch(&figure),
        };
        assert_eq!(
            meet(&saw(json!(7)), &json!(9), &json!(5), true),
            (None, Some(Outcome::Stayed))
        );
        assert_eq!(
            meet(&saw(json!(7)), &json!(9), &json!(5), false),
            (Some(json!(5)), None)
        );
        assert_eq!(
            meet(&saw(json!(7)), &json!(7), &json!(5), true),
            (Some(json!(5)), None)
        );
        assert_eq!(
            meet(&saw(json!(7)), &json!(null), &json!(5), true),
            (Some(json!(5)), None)
        );
        assert_eq!(
            meet(&saw(json!(null)), &json!(5), &json!(5), true),
            (Some(json!(5)), None)
        );
    }

    #[test]
    fn taking_back_leaves_what_others_wrote() {
        let base = Base::Exactly(patch(&json!(5)));
        assert_eq!(
            meet(&base, &json!(5), &json!(7), false),
            (Some(json!(7)), None)
        );
        assert_eq!(
            meet(&base, &json!(9), &json!(7), false),
            (None, Some(Outcome::Stayed))
        );
        assert_eq!(
            meet(&Base::Any, &json!(9), &json!(7), true),
            (Some(json!(7)), None)
        );
    }
}
