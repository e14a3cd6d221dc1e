//! Changes of a record's fields.
//!
//! A change is a patch of the fields that changed, never the whole record, so that two sessions on
//! one record do not overwrite one another. Nothing here prints a value: `Debug` shows keys at most.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};
use thiserror::Error;

use super::form::{LogForm, ValueError};
use super::secret::{Exit, Secret};

/// Changed fields of a record: a value sets the key, `Null` removes it.
#[derive(Clone, PartialEq, Default)]
pub struct Patch(Secret<BTreeMap<String, Value>>);

/// Why a patch is refused. Holds no value of a sensitive field.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PatchError {
    /// Not an object of fields.
    #[error("a change of a record is an object of fields, not {found}")]
    NotAnObject {
        /// What it is instead: `a list`, `a text`, …
        found: &'static str,
    },
    /// A field that the form does not have.
    #[error(
        "there is no field `{key}` in the form{}",
        suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default()
    )]
    UnknownField {
        /// As given, safe to show.
        key: String,
        /// The nearest key of the form.
        suggestion: Option<String>,
    },
    /// A value that the field refuses.
    #[error(transparent)]
    Value(#[from] ValueError),
}

impl Patch {
    /// A change of one field; nothing clears it.
    #[must_use]
    pub fn one(key: impl Into<String>, value: Option<Value>) -> Self {
        Self(Secret::new(BTreeMap::from([(
            key.into(),
            value.unwrap_or(Value::Null),
        )])))
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields().is_empty()
    }

    /// The number of fields it changes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields().len()
    }

    /// The keys it changes, in alphabetical order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.fields().keys().map(String::as_str)
    }

    /// Adds a later change; where both name a key, the later one holds.
    pub fn merge(&mut self, later: Self) {
        let later = later.0.into_exposed(Exit::Draft);
        self.0.update(|fields| fields.extend(later));
    }

    /// Leaves a field as it is.
    pub fn forget(&mut self, key: &str) {
        self.0.update(|fields| drop(fields.remove(key)));
    }

    /// Puts the values into a day's data. Other keys keep their value and their place.
    pub fn apply(&self, data: &mut Map<String, Value>) {
        for (key, value) in self.fields() {
            if value.is_null() {
                data.shift_remove(key);
            } else {
                data.insert(key.clone(), value.clone());
            }
        }
    }

    /// The patch that takes this one back, given the data before it.
    #[must_use]
    pub fn inverse(&self, before: &Map<String, Value>) -> Self {
        let fields = self
            .fields()
            .keys()
            .map(|key| (key.clone(), before.get(key).cloned().unwrap_or(Value::Null)));
        Self(Secret::new(fields.collect()))
    }

    /// The patch without what is there already.
    #[must_use]
    pub fn without_what_is(&self, held: &Map<String, Value>) -> Self {
        let is_news = |(key, value): &(&String, &Value)| match held.get(*key) {
            Some(now) => now != *value,
            None => !value.is_null(),
        };
        let fields = self.fields().iter().filter(is_news);
        Self(Secret::new(
            fields.map(|(k, v)| (k.clone(), v.clone())).collect(),
        ))
    }

    /// Whether every field is one of the form and takes its value. Clearing is always allowed, so
    /// that a key that has left the form can be removed.
    ///
    /// # Errors
    /// The first field, in alphabetical order, that is unknown or refuses its value.
    pub fn check(&self, form: &LogForm) -> Result<(), PatchError> {
        for (key, value) in self.fields() {
            match form.exact(key) {
                Some(field) if value.is_null() => drop(field.cleared()?),
                Some(field) => field.check(value)?,
                None if value.is_null() => {}
                None => return Err(form.unknown(key)),
            }
        }
        Ok(())
    }

    /// The patch as a JSON object, for the stated reason.
    #[must_use]
    pub fn to_json(&self, exit: Exit) -> Value {
        let fields = self.0.expose(exit);
        Value::Object(
            fields
                .iter()
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        )
    }

    /// The patch that [`Patch::to_json`] wrote.
    ///
    /// # Errors
    /// Anything but an object.
    pub fn from_json(json: Value) -> Result<Self, PatchError> {
        match json {
            Value::Object(fields) => Ok(Self(Secret::new(fields.into_iter().collect()))),
            Value::Null => Err(PatchError::NotAnObject { found: "nothing" }),
            Value::Bool(_) => Err(PatchError::NotAnObject { found: "yes or no" }),
            Value::Number(_) => Err(PatchError::NotAnObject { found: "a number" }),
            Value::String(_) => Err(PatchError::NotAnObject { found: "a text" }),
            Value::Array(_) => Err(PatchError::NotAnObject { found: "a list" }),
        }
    }

    fn fields(&self) -> &BTreeMap<String, Value> {
        self.0.expose(Exit::Draft)
    }
}

impl fmt::Debug for Patch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Patch")?;
        f.debug_set().entries(self.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    type Data = Map<String, Value>;

    fn data(json: Value) -> Data {
        match json {
            Value::Object(data) => data,
            other => unreachable!("{other}"),
        }
    }

    #[test]
    fn a_patch_touches_its_keys_only_and_keeps_the_order() {
        let mut day = data(json!({ "b": 1, "a": 2, "c": 3 }));
        let mut patch = Patch::one("b", None);
        patch.merge(Patch::one("a", Some(json!(9))));
        patch.merge(Patch::one("d", Some(json!("x"))));
        patch.apply(&mut day);
        assert_eq!(Value::Object(day).to_string(), r#"{"a":9,"c":3,"d":"x"}"#);
        assert_eq!(patch.keys().collect::<Vec<_>>(), ["a", "b", "d"]);
        assert_eq!(patch.len(), 3);
        assert!(Patch::default().is_empty());
    }

    #[test]
    fn a_patch_is_held_against_the_form() {
        let form = LogForm::builtin();
        let check = |key: &str, value: Value| {
            Patch::one(key, Some(value))
                .check(&form)
                .map_err(|error| error.to_string())
        };
        assert_eq!(check("energy", json!(7)), Ok(()));
        assert_eq!(
            check("energy", json!(14)).unwrap_err(),
            "energy is 1–10, got 14"
        );
        assert_eq!(
            check("enrgy", json!(7)).unwrap_err(),
            "there is no field `enrgy` in the form; did you mean `energy`?"
        );
        // Stored keys have one spelling.
        assert!(check("top_win", json!("x")).is_err());
        let sealed = check("driftCheck", json!(["planted-needle"])).unwrap_err();
        assert!(!sealed.contains("needle"), "{sealed}");
        assert_eq!(Patch::one("leftTheForm", None).check(&form), Ok(()));
    }

    #[test]
    fn only_an_object_is_a_patch() {
        for (json, found) in [
            (json!([1]), "a list"),
            (json!("needle"), "a text"),
            (json!(1), "a number"),
            (json!(true), "yes or no"),
            (json!(null), "nothing"),
        ] {
            let error = Patch::from_json(json).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("a change of a record is an object of fields, not {found}")
            );
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..20_i32).prop_map(Value::from),
            "[a-z]{0,3}".prop_map(Value::from),
            prop::collection::vec("[a-z]{0,3}", 0..3).prop_map(Value::from),
        ]
    }

    fn any_fields() -> impl Strategy<Value = BTreeMap<String, Value>> {
        prop::collection::btree_map("[a-e]", any_value(), 0..5)
    }

    fn any_patch() -> impl Strategy<Value = Patch> {
        any_fields().prop_map(|fields| Patch(Secret::new(fields)))
    }

    /// A day's data: what is not answered is not there.
    fn any_data() -> impl Strategy<Value = Data> {
        any_fields().prop_map(|fields| fields.into_iter().filter(|(_, v)| !v.is_null()).collect())
    }

    fn applied(before: &Data, patch: &Patch) -> Data {
        let mut after = before.clone();
        patch.apply(&mut after);
        after
    }

    fn merged(first: &Patch, then: &Patch) -> Patch {
        let mut both = first.clone();
        both.merge(then.clone());
        both
    }

    proptest! {
        #[test]
        fn the_inverse_takes_a_patch_back(before in any_data(), patch in any_patch()) {
            let inverse = patch.inverse(&before);
            let after = applied(&before, &patch);
            prop_assert_eq!(applied(&after, &inverse), before.clone());
            // And redo is the inverse of the inverse.
            let redo = inverse.inverse(&after);
            prop_assert_eq!(applied(&before, &redo), after);
        }

        #[test]
        fn the_inverse_leaves_what_others_changed(
            before in any_data(), patch in any_patch(), others in any_patch(),
        ) {
            let inverse = patch.inverse(&before);
            let after = applied(&applied(&before, &patch), &others);
            let undone = applied(&after, &inverse);
            for (key, value) in &after {
                if !patch.keys().any(|touched| touched == key) {
                    prop_assert_eq!(undone.get(key), Some(value));
                }
            }
        }

        #[test]
        fn merging_is_applying_in_turn(
            before in any_data(), a in any_patch(), b in any_patch(), c in any_patch(),
        ) {
            let in_turn = applied(&applied(&applied(&before, &a), &b), &c);
            let left = merged(&merged(&a, &b), &c);
            let right = merged(&a, &merged(&b, &c));
            prop_assert!(left == right);
            prop_assert_eq!(applied(&before, &left), in_turn);
            prop_assert_eq!(applied(&applied(&before, &a), &a), applied(&before, &a));
        }

        #[test]
        fn a_patch_survives_its_file(patch in any_patch()) {
            let json = patch.to_json(Exit::Draft).to_string();
            let read = Patch::from_json(serde_json::from_str(&json).unwrap()).unwrap();
            prop_assert!(read == patch);
        }
    }
}
