//! The types of the columns, as the JSON Schema that ships with the program names them.
//!
//! Ranges and enumerations are the database's to hold; here stands what a value has to be so that it
//! can be handed to a column at all.

use std::sync::LazyLock;

use serde_json::Value;

use crate::domain::export_format::{SCHEMA, TABLES, Table, camel_case};

/// What a column takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An identifier.
    Uuid,
    /// `2026-11-23`.
    Date,
    /// A moment with its offset.
    Moment,
    /// Any text but NUL.
    Text,
    /// A whole number of 32 bits.
    Integer,
    /// A number that a double holds.
    Number,
    /// Yes or no.
    Bool,
    /// The number of a transaction, as text.
    Transaction,
    /// A list of texts.
    Texts,
    /// An object, as a document.
    Object,
    /// A list, as a document.
    List,
    /// Any value, as a document.
    Any,
}

impl Kind {
    /// In words, for a message.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Uuid => "an identifier (UUID)",
            Self::Date => "a date such as 2026-11-23",
            Self::Moment => "a moment such as 2026-11-23T20:04:05+00:00",
            Self::Text => "a text",
            Self::Integer => "a whole number of at most 32 bits",
            Self::Number => "a number of double precision",
            Self::Bool => "true or false",
            Self::Transaction => "a number, as a text",
            Self::Texts => "a list of texts",
            Self::Object => "an object",
            Self::List => "a list",
            Self::Any => "a value",
        }
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the database.
    pub sql: &'static str,
    /// Its name in the document.
    pub json: String,
    /// What it takes.
    pub kind: Kind,
    /// Whether it may be null.
    pub nullable: bool,
    /// The words that it takes; empty where it takes any.
    pub words: Vec<String>,
    /// The lowest and the highest number that it takes.
    pub range: (i64, i64),
    /// How many characters it takes.
    pub longest: usize,
}

/// A table with its columns, in the order of [`TABLES`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Which.
    pub table: &'static Table,
    /// Its name in the document.
    pub json: String,
    /// In the order of [`Table::columns`].
    pub columns: Vec<Column>,
}

impl Shape {
    /// The place of a column by its name in the database.
    #[must_use]
    pub fn position(&self, sql: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.sql == sql)
    }
}

/// Every table, in the order of [`TABLES`].
pub static SHAPES: LazyLock<Vec<Shape>> = LazyLock::new(read);

/// The tables in the order in which they are written, with their places in [`SHAPES`].
pub fn shapes() -> impl Iterator<Item = (usize, &'static Shape)> {
    static LIST: &LazyLock<Vec<Shape>> = &SHAPES;
    LIST.iter().enumerate()
}

/// The shape of a table by its name in the database or in the document.
#[must_use]
pub fn shape(name: &str) -> Option<(usize, &'static Shape)> {
    shapes().find(|(_, shape)| shape.table.sql == name || shape.json == name)
}

fn read() -> Vec<Shape> {
    static LIST: &[Table] = &TABLES;
    // It ships with the program; a test reads it.
    let schema: Value = serde_json::from_str(SCHEMA).unwrap_or_default();
    LIST.iter()
        .map(|table| {
            let json = table.json();
            let items = schema.pointer(&format!("/properties/data/properties/{json}/items"));
            let row = items.and_then(|items| followed(&schema, items));
            let columns = table
                .columns
                .iter()
                .map(|&sql| column(&schema, row, sql))
                .collect();
            Shape {
                table,
                json,
                columns,
            }
        })
        .collect()
}

fn column(schema: &Value, row: Option<&Value>, sql: &'static str) -> Column {
    let json = camel_case(sql);
    let rule = row.and_then(|row| row.get("properties")?.get(&json));
    let (kind, nullable) = match sql {
        "transaction" => (Kind::Transaction, false),
        _ => rule.map_or((Kind::Any, true), |rule| understood(schema, rule)),
    };
    let followed = rule.and_then(|rule| followed(schema, rule));
    let number = |name: &str| followed.and_then(|rule| rule.get(name)?.as_i64());
    let words = followed.and_then(|rule| rule.get("enum")?.as_array());
    Column {
        sql,
        json,
        kind,
        nullable,
        words: words
            .into_iter()
            .flatten()
            .filter_map(|word| word.as_str().map(str::to_owned))
            .collect(),
        range: (
            number("minimum").unwrap_or(i64::from(i32::MIN)),
            number("maximum").unwrap_or(i64::from(i32::MAX)),
        ),
        longest: number("maxLength")
            .and_then(|most| usize::try_from(most).ok())
            .unwrap_or(65_536),
    }
}

/// The rule itself, where it is a reference.
fn followed<'a>(schema: &'a Value, rule: &'a Value) -> Option<&'a Value> {
    match rule.get("$ref").and_then(Value::as_str) {
        Some(reference) => schema.pointer(reference.trim_start_matches('#')),
        None => Some(rule),
    }
}

/// What a rule takes, and whether null is among it.
fn understood(schema: &Value, rule: &Value) -> (Kind, bool) {
    match rule.get("$ref").and_then(Value::as_str) {
        Some("#/$defs/uuid") => return (Kind::Uuid, false),
        Some("#/$defs/date") => return (Kind::Date, false),
        Some("#/$defs/moment") => return (Kind::Moment, false),
        Some(_) => {
            return followed(schema, rule)
                .map_or((Kind::Any, true), |rule| understood(schema, rule));
        }
        None => {}
    }
    if let Some(either) = rule.get("anyOf").and_then(Value::as_array) {
        let is_null = |rule: &Value| rule.get("type").is_some_and(|kind| kind == "null");
        let nullable = either.iter().any(is_null);
        let other = either.iter().find(|rule| !is_null(rule));
        return other.map_or((Kind::Any, true), |rule| {
            (understood(schema, rule).0, nullable)
        });
    }
    if let Some(values) = rule.get("enum").and_then(Value::as_array) {
        return (Kind::Text, values.contains(&Value::Null));
    }
    let types: Vec<&str> = match rule.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => return (Kind::Any, false),
    };
    let nullable = types.contains(&"null");
    let of_texts = |rule: &Value| {
        rule.pointer("/items/type")
            .is_some_and(|kind| kind == "string")
    };
    let kind = match types.iter().copied().find(|kind| *kind != "null") {
        Some("string") => Kind::Text,
        Some("integer") => Kind::Integer,
        Some("number") => Kind::Number,
        Some("boolean") => Kind::Bool,
        Some("object") => Kind::Object,
        Some("array") if of_texts(rule) => Kind::Texts,
        Some("array") => Kind::List,
        _ => Kind::Any,
    };
    (kind, nullable)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn every_column_has_the_type_that_the_schema_gives_it() {
        let kind = |table: &str, column: &str| {
            let shape = shape(table).unwrap().1;
            let column = &shape.columns[shape.position(column).unwrap()];
            (column.kind, column.nullable)
        };
        assert_eq!(kind("logs", "id"), (Kind::Uuid, false));
        assert_eq!(kind("logs", "date"), (Kind::Date, false));
        assert_eq!(kind("logs", "data"), (Kind::Object, false));
        assert_eq!(kind("logs", "imported"), (Kind::Object, true));
        assert_eq!(kind("logs", "archived_at"), (Kind::Moment, true));
        assert_eq!(kind("ideas", "category"), (Kind::Text, true));
        assert_eq!(kind("ideas", "milestones"), (Kind::List, false));
        assert_eq!(kind("ideas", "excitement"), (Kind::Integer, true));
        assert_eq!(kind("checkIns", "amount"), (Kind::Number, true));
        assert_eq!(kind("checkIns", "completed"), (Kind::Bool, false));
        assert_eq!(kind("teachingRequests", "standards"), (Kind::Texts, false));
        assert_eq!(kind("importedRecords", "payload"), (Kind::Any, false));
        assert_eq!(
            kind("recordHistory", "transaction"),
            (Kind::Transaction, false)
        );
        // Nothing falls back: only the payload of other programs may be anything.
        for (_, shape) in shapes() {
            for column in &shape.columns {
                let anything = shape.table.sql == "imported_records" && column.sql == "payload";
                assert_eq!(column.kind == Kind::Any, anything, "{}", column.sql);
            }
        }
    }
}
