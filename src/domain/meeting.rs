//! What becomes of a change that meets what was written elsewhere in the meantime.
//!
//! Words are never replaced unseen: of two texts both stay, one below the other. Of two figures the
//! later one stays. Taking something back takes back what was written here and nothing else.

use std::ops::Range;

use serde_json::{Map, Value};

use super::patch::Patch;
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
        texts: Patch,
        /// Everything else.
        figures: Patch,
    },
    /// Exactly this, or the field is left as it is.
    Exactly(Patch),
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

impl Patch {
    /// The fields of which it matters whether what a day holds is later than this change.
    #[must_use]
    pub fn contested(&self, base: &Base, held: &Map<String, Value>) -> Vec<String> {
        let Base::Seen { texts, figures } = base else {
            return Vec::new();
        };
        self.keys()
            .filter(|field| !texts.names(field))
            .filter(|field| {
                let there = held.get(*field).unwrap_or(&Value::Null);
                !there.is_null() && *there != figures.value(field) && *there != self.value(field)
            })
            .map(str::to_owned)
            .collect()
    }

    /// What of this change is to be done where a day holds `held`. `is_later` tells of a field
    /// whether what the day holds was written after this change was made.
    #[must_use]
    pub fn meet(
        &self,
        base: &Base,
        held: &Map<String, Value>,
        is_later: impl Fn(&str) -> bool,
    ) -> (Self, Vec<Met>) {
        let mut patch = Self::default();
        let mut met = Vec::new();
        let Value::Object(wanted) = self.to_json(Exit::Database) else {
            return (patch, met);
        };
        for (field, wanted) in wanted {
            let there = held.get(&field).unwrap_or(&Value::Null);
            let (value, outcome) = one(&field, &wanted, base, there, &is_later);
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
    is_later: &dyn Fn(&str) -> bool,
) -> (Option<Value>, Option<Outcome>) {
    let as_wanted = (Some(wanted.clone()), None);
    let stays = (None, Some(Outcome::Stayed));
    if there == wanted {
        return as_wanted;
    }
    match base {
        Base::Any => as_wanted,
        Base::Exactly(expected) if expected.value(field) == *there => as_wanted,
        // A text that was joined to another one: its part goes.
        Base::Exactly(expected) => match (expected.value(field), there) {
            (Value::String(expected), Value::String(there)) => {
                let part = there.strip_suffix(&expected);
                let other = part.and_then(|other| other.strip_suffix(BETWEEN));
                match (other, wanted) {
                    (Some(other), Value::Null) => (Some(Value::from(other)), None),
                    (Some(other), Value::String(wanted)) if other != wanted => {
                        (Some(Value::from(format!("{other}{BETWEEN}{wanted}"))), None)
                    }
                    (Some(_), Value::String(_)) => as_wanted,
                    _ => stays,
                }
            }
            _ => stays,
        },
        Base::Seen { texts, .. } if texts.names(field) => {
            if texts.value(field) == *there {
                return as_wanted;
            }
            let seen = texts.value(field);
            let seen = seen.as_str().unwrap_or_default();
            match (wanted, there) {
                (Value::String(wanted), Value::String(there)) => join(seen, wanted, there),
                (Value::Array(_) | Value::Null, Value::Array(there)) => {
                    join_lists(&texts.value(field), wanted, there)
                }
                (_, Value::Null) => as_wanted,
                (Value::Null, Value::String(there)) => match replaced(there, seen, "") {
                    Some(rest) => (Some(Value::from(rest.trim())), Some(Outcome::Stayed)),
                    None => stays,
                },
                _ => stays,
            }
        }
        Base::Seen { figures, .. } => {
            if figures.value(field) == *there || there.is_null() || !is_later(field) {
                as_wanted
            } else {
                stays
            }
        }
    }
}

/// What stands between two texts that were joined.
const BETWEEN: &str = "\n\n";

/// Both texts, unless one of them is in the other already. Where the text that was seen is still
/// there, the new one takes its place.
fn join(seen: &str, wanted: &str, there: &str) -> (Option<Value>, Option<Outcome>) {
    if wanted.contains(there.trim()) {
        (Some(Value::from(wanted)), None)
    } else if let Some(both) = replaced(there, seen, wanted) {
        (Some(Value::from(both)), Some(Outcome::Joined))
    } else if lines_of(there, wanted).is_some() {
        (None, Some(Outcome::Stayed))
    } else {
        let both = format!("{}{BETWEEN}{wanted}", there.trim_end());
        (Some(Value::from(both)), Some(Outcome::Joined))
    }
}

/// What is wanted of a list, and behind it what was added to it elsewhere.
fn join_lists(seen: &Value, wanted: &Value, there: &[Value]) -> (Option<Value>, Option<Outcome>) {
    let items = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let (seen, mut both) = (items(seen), items(wanted));
    let is_added = |item: &&Value| !seen.contains(item) && !both.contains(item);
    let added: Vec<Value> = there.iter().filter(is_added).cloned().collect();
    if added.is_empty() {
        return (Some(wanted.clone()), None);
    }
    let outcome = if both.is_empty() {
        Outcome::Stayed
    } else {
        Outcome::Joined
    };
    both.extend(added);
    (Some(Value::Array(both)), Some(outcome))
}

/// The text with `old`, where it is there as whole lines, replaced by `new`.
fn replaced(text: &str, old: &str, new: &str) -> Option<String> {
    let place = lines_of(text, old)?;
    let (before, after) = (text.get(..place.start)?, text.get(place.end..)?);
    Some(format!("{before}{new}{after}"))
}

/// Where the last whole lines of a text are that are this part.
fn lines_of(text: &str, part: &str) -> Option<Range<usize>> {
    let part = part.trim();
    if part.is_empty() {
        return None;
    }
    text.rmatch_indices(part)
        .map(|(start, _)| start..start + part.len())
        .find(|place| {
            let before = text.get(..place.start).unwrap_or_default();
            let after = text.get(place.end..).unwrap_or_default();
            (before.is_empty() || before.ends_with('\n'))
                && (after.is_empty() || after.starts_with('\n'))
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patch(value: &Value) -> Patch {
        Patch::one("it", Some(value.clone()))
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
        let (done, met) = patch(wanted).meet(base, &held, |_| later);
        let value = done.names("it").then(|| done.value("it"));
        (value, met.first().map(|met| met.outcome))
    }

    #[test]
    fn of_two_texts_both_stay() {
        let saw = |text: Value| Base::Seen {
            texts: patch(&text),
            figures: Patch::default(),
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
            json!("a\nand b"),
            Some(json!("a\nand b")),
            None,
        );
        is(
            json!("a\nand b"),
            json!(null),
            json!("a"),
            None,
            Some(Outcome::Stayed),
        );
        // A word is no line.
        is(
            json!("not good"),
            json!(null),
            json!("good"),
            Some(json!("not good\n\ngood")),
            Some(Outcome::Joined),
        );
        // What was seen is still there among other words: the new text takes its place.
        is(
            json!("theirs\n\nold"),
            json!("old"),
            json!("old and new"),
            Some(json!("theirs\n\nold and new")),
            Some(Outcome::Joined),
        );
        is(
            json!("one two three four"),
            json!("one two three"),
            json!("one two"),
            Some(json!("one two three four\n\none two")),
            Some(Outcome::Joined),
        );
        is(
            json!("theirs\n\nold"),
            json!("old"),
            json!(null),
            Some(json!("theirs")),
            Some(Outcome::Stayed),
        );
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
    fn of_two_lists_the_items_of_both_stay() {
        let saw = |list: Value| Base::Seen {
            texts: patch(&list),
            figures: Patch::default(),
        };
        let is = |seen: Value, there: Value, wanted: Value, becomes: Value, told| {
            let met = meet(&saw(seen), &there, &wanted, true);
            assert_eq!(met, (Some(becomes), told));
        };
        is(
            json!(["a"]),
            json!(["a", "theirs"]),
            json!(["a", "mine"]),
            json!(["a", "mine", "theirs"]),
            Some(Outcome::Joined),
        );
        // What was taken out here stays out; what was taken out there and is wanted here comes back.
        is(
            json!(["a", "b"]),
            json!(["a"]),
            json!(["b"]),
            json!(["b"]),
            None,
        );
        is(
            json!(["a"]),
            json!(["a", "theirs"]),
            json!(null),
            json!(["theirs"]),
            Some(Outcome::Stayed),
        );
    }

    #[test]
    fn of_two_figures_the_later_stays() {
        let saw = |figure: Value| Base::Seen {
            texts: Patch::default(),
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

    #[test]
    fn taking_back_takes_its_part_out_of_what_was_joined() {
        let base = Base::Exactly(patch(&json!("mine")));
        let there = json!("theirs\n\nmine");
        let without = (Some(json!("theirs")), None);
        assert_eq!(meet(&base, &there, &json!(null), false), without);
        assert_eq!(meet(&base, &there, &json!("theirs"), false), without);
        let other = (Some(json!("theirs\n\nbefore")), None);
        assert_eq!(meet(&base, &there, &json!("before"), false), other);
    }

    #[test]
    fn only_figures_that_differ_from_everything_known_are_contested() {
        let mut held = Map::new();
        for (field, value) in [
            ("a", json!(1)),
            ("b", json!(2)),
            ("c", json!(3)),
            ("t", json!("x")),
        ] {
            held.insert(field.to_owned(), value);
        }
        let mut change = Patch::one("a", Some(json!(9)));
        change.merge(Patch::one("b", Some(json!(9))));
        change.merge(Patch::one("c", Some(json!(3))));
        change.merge(Patch::one("d", Some(json!(9))));
        change.merge(Patch::one("t", Some(json!("y"))));
        let base = Base::Seen {
            texts: Patch::one("t", Some(json!("z"))),
            figures: Patch::one("b", Some(json!(2))),
        };
        assert_eq!(change.contested(&base, &held), ["a"]);
        assert!(change.contested(&Base::Any, &held).is_empty());
    }
}
