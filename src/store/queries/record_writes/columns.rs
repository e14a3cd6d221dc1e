//! What a change puts into which column.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::domain::export_format::{snake_case, table};
use crate::domain::lane::Lane;
use crate::domain::patch::Patch;
use crate::domain::secret::Exit;
use crate::store::error::StoreError;
use crate::store::queries::records::{is_field, unexpected};

/// A change by the table's columns, each held against the table's own.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Columns and their values; of a JSON column the parts that get a value.
    pub set: Map<String, Value>,
    /// Columns that get what the table gives by itself.
    cleared: Vec<String>,
    /// Parts that go, by column.
    removed: BTreeMap<String, Vec<String>>,
    /// Columns of which only parts change.
    parts: Vec<String>,
}

impl Columns {
    pub fn of(lane: Lane, patch: &Patch) -> Result<Self, StoreError> {
        let known = table(lane.table()).map_or(&[][..], |table| table.columns);
        let Value::Object(fields) = patch.to_json(Exit::Database) else {
            return Err(unexpected("a change is not an object"));
        };
        let mut change = Self::default();
        for (field, value) in fields {
            let (name, part) = match field.split_once('.') {
                Some((name, part)) => (name, Some(part)),
                None => (field.as_str(), None),
            };
            let column = snake_case(name);
            if !is_field(lane, &column) || !known.contains(&column.as_str()) {
                return Err(unexpected("a change names a column that there is not"));
            }
            change.put(column, part, value);
        }
        Ok(change)
    }

    fn put(&mut self, column: String, part: Option<&str>, value: Value) {
        let Some(part) = part else {
            if value.is_null() {
                self.cleared.push(column);
            } else {
                self.set.insert(column, value);
            }
            return;
        };
        if !self.parts.contains(&column) {
            self.parts.push(column.clone());
        }
        if value.is_null() {
            let parts = self.removed.entry(column).or_default();
            parts.push(part.to_owned());
            return;
        }
        let whole = self.set.entry(column).or_insert_with(|| Map::new().into());
        if let Value::Object(parts) = whole {
            parts.insert(part.to_owned(), value);
        }
    }

    pub fn json(&self) -> Value {
        Value::Object(self.set.clone())
    }

    /// What an `update` sets, with the values in a row `r`.
    pub fn assignments(&self) -> String {
        let mut list: Vec<String> = Vec::new();
        for column in self.set.keys().filter(|name| !self.parts.contains(name)) {
            list.push(format!("{column} = r.{column}"));
        }
        for column in &self.cleared {
            list.push(format!("{column} = default"));
        }
        for column in &self.parts {
            let removed = self.removed.get(column).map_or(&[][..], Vec::as_slice);
            let removed: Vec<String> = removed.iter().map(|part| literal(part)).collect();
            list.push(format!(
                "{column} = (coalesce(t.{column}, '{{}}') || coalesce(r.{column}, '{{}}')) \
                 - array[{}]::text[]",
                removed.join(", ")
            ));
        }
        list.join(", ")
    }
}

/// A text as SQL has it.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Where a field's value is in its row as JSON, as an array of the database.
pub(super) fn path(field: &str) -> String {
    match field.split_once('.') {
        Some((name, part)) => format!("{{{},\"{}\"}}", snake_case(name), part.replace('"', "")),
        None => format!("{{{}}}", snake_case(field)),
    }
}
