//! The names that an export uses for tables and columns, and its header.
//!
//! Column names are the database's in camelCase, by one rule both ways. The document is described by
//! `assets/export.schema.json`; a change that an older reader cannot take raises [`VERSION`].

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ids::UserId;
use super::text::{folded, nearest, printable};

/// What `format` says.
pub const FORMAT: &str = "harriswildlands-export";

/// What `version` says.
pub const VERSION: u32 = 1;

/// What stands for a red-zone text in a redacted export.
pub const REDACTED: &str = "[redacted]";

/// The JSON Schema of the document.
pub const SCHEMA: &str = include_str!("../../assets/export.schema.json");

/// A table of the person's, as an export writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// The table's name in the database.
    pub sql: &'static str,
    /// The columns that make the order of its rows, for `ORDER BY`: the same rows give the same
    /// document.
    pub order: &'static str,
    /// Its columns in the database, in the order written.
    pub columns: &'static [&'static str],
}

/// The tables, in the order written: what refers to a row comes after it.
pub const TABLES: [Table; 11] = [
    Table {
        sql: "logs",
        order: "date",
        columns: &[
            "id",
            "user_id",
            "date",
            "data",
            "imported",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "ideas",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "title",
            "pitch",
            "category",
            "capture_mode",
            "status",
            "who_it_helps",
            "pain_it_solves",
            "why_i_care",
            "tiny_test",
            "resources_needed",
            "time_estimate",
            "excitement",
            "feasibility",
            "priority",
            "next_action",
            "review_on",
            "milestones",
            "reality_check",
            "notes",
            "imported",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "goals",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "title",
            "description",
            "domain",
            "target_type",
            "weekly_minimum",
            "start_date",
            "due_date",
            "status",
            "priority",
            "was_private",
            "imported",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "check_ins",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "goal_id",
            "date",
            "completed",
            "amount",
            "score",
            "note",
            "imported",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "drift_flags",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "type",
            "subject",
            "value",
            "window_start",
            "window_end",
            "sentence",
            "state",
            "first_seen",
            "last_seen",
            "acknowledged_at",
            "snoozed_until",
            "note",
            "resolved_at",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "teaching_requests",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "subject",
            "grade",
            "topic",
            "standards",
            "duration_minutes",
            "materials",
            "student_profile",
            "constraints",
            "assessment_type",
            "format",
            "status",
            "plan",
            "taught_on",
            "notes",
            "imported",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "harris_content",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "type",
            "tone",
            "template",
            "title",
            "status",
            "content",
            "imported",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "reviews",
        order: "week_start",
        columns: &[
            "id",
            "user_id",
            "week_start",
            "answers",
            "stats",
            "completed_at",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "retention_policies",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "table_name",
            "keep_days",
            "action",
            "enabled",
            "last_run",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "imported_records",
        order: "id",
        columns: &[
            "id",
            "user_id",
            "source",
            "kind",
            "source_id",
            "payload",
            "reason",
            "created_at",
            "updated_at",
            "version",
            "archived_at",
        ],
    },
    Table {
        sql: "record_history",
        order: "changed_at, id",
        columns: &[
            "id",
            "user_id",
            "table_name",
            "record_id",
            "version",
            "operation",
            "row",
            "changed_at",
            "changed_by",
            "transaction",
        ],
    },
];

/// The columns of `users` that make [`ExportUser`], in its order. Rights in a certain database
/// (`role`, `db_role`) and the password's hash are not the person's data and stay behind.
pub const USER_COLUMNS: [&str; 8] = [
    "id",
    "username",
    "email",
    "display_name",
    "timezone",
    "week_start",
    "settings",
    "created_at",
];

impl Table {
    /// The table's name in the document.
    #[must_use]
    pub fn json(&self) -> String {
        camel_case(self.sql)
    }

    /// Its columns: the name in the database and the name in the document.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.columns
            .iter()
            .map(|&column| (column, camel_case(column)))
    }

    /// The column in the database that says when a row was last changed.
    #[must_use]
    pub fn changed_column(&self) -> &'static str {
        if self.columns.contains(&"updated_at") {
            "updated_at"
        } else {
            // The history is written once.
            "changed_at"
        }
    }
}

/// A name that is no table's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no table “{name}”{}", .suggestion.as_ref().map_or_else(
    || format!("; there are {}", TABLES.map(|table| table.json()).join(", ")),
    |near| format!("; did you mean “{near}”?"),
))]
pub struct UnknownTable {
    /// Harmless and short.
    pub name: String,
    /// The name that was probably meant, as the document writes it.
    pub suggestion: Option<String>,
}

/// The tables of a list with commas, in any spelling (`checkIns`, `check_ins`, `check-ins`), in the order written.
///
/// # Errors
/// The first name that is none; an empty list.
pub fn tables_of(list: &str) -> Result<Vec<&'static Table>, UnknownTable> {
    static ALL: &[Table] = &TABLES;
    let names = TABLES.map(|table| table.json());
    let mut wanted = Vec::new();
    for name in list.split(',').map(str::trim) {
        let same = |table: &&Table| folded(table.sql).eq(folded(name));
        let known = ALL.iter().find(same).ok_or_else(|| UnknownTable {
            name: printable(name).chars().take(64).collect(),
            suggestion: nearest(name, names.iter().map(String::as_str)).map(str::to_owned),
        })?;
        wanted.push(known.sql);
    }
    Ok(ALL
        .iter()
        .filter(|table| wanted.contains(&table.sql))
        .collect())
}

/// The table of a name as the database or the document writes it.
#[must_use]
pub fn table(name: &str) -> Option<&'static Table> {
    static LIST: &[Table] = &TABLES;
    LIST.iter()
        .find(|table| table.sql == name || table.sql == snake_case(name))
}

/// Everything of the document before `data`, in the order written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The moment of the snapshot.
    pub exported_at: Timestamp,
    /// Whose data it is.
    pub user: ExportUser,
    /// Whether red-zone text is replaced by [`REDACTED`].
    pub redacted: bool,
    /// The tables that the export was limited to, by their names in the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<String>>,
    /// The date from which on rows were taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// Rows in each table, by its name in the document, in the order of [`TABLES`].
    pub counts: Map<String, Value>,
}

/// The person, as the header names them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportUser {
    /// The person's identifier in the database that was exported.
    pub id: UserId,
    /// The name they sign in with.
    pub username: String,
    /// Their address, where there is one.
    pub email: Option<String>,
    /// The name shown.
    pub display_name: String,
    /// A name of the IANA time zone database.
    pub timezone: String,
    /// ISO: 1 is Monday.
    pub week_start: i8,
    /// An object.
    pub settings: Map<String, Value>,
    /// When the account was made.
    pub created_at: Timestamp,
}

impl Header {
    /// The header of a whole export that is not redacted.
    #[must_use]
    pub fn whole(exported_at: Timestamp, user: ExportUser, counts: Map<String, Value>) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            exported_at,
            user,
            redacted: false,
            only: None,
            since: None,
            counts,
        }
    }
}

/// How an export is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ExportForm {
    /// The documented document, which an import takes back.
    #[default]
    Json,
    /// Pages to be read: a folder, or one file.
    Markdown,
    /// Tables for a spreadsheet: a folder, or one table in one file.
    Csv,
}

impl ExportForm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Json, Self::Markdown, Self::Csv];

    /// Its word; a file of it ends with its suffix.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
        }
    }

    /// What the name of one file of it ends with.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Json => ".json",
            Self::Markdown => ".md",
            Self::Csv => ".csv",
        }
    }
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportReport {
    /// The file; `-` for standard output.
    pub path: PathBuf,
    /// Rows per table, by its name in the document, in the order of the file.
    pub counts: Vec<(String, u64)>,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the document, in lower-case hexadecimal.
    pub sha256: String,
}

/// `weeklyMinimum` for `weekly_minimum`.
#[must_use]
pub fn camel_case(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut capital = false;
    for c in name.chars() {
        if c == '_' {
            capital = !camel.is_empty();
        } else if capital {
            camel.push(c.to_ascii_uppercase());
            capital = false;
        } else {
            camel.push(c);
        }
    }
    camel
}

/// `weekly_minimum` for `weeklyMinimum`.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use serde_json::json;

    use super::*;

    const ID: &str = "01932b6c-0000-7000-8000-000000000001";
    const MOMENT: &str = "2026-11-23T20:04:05.123456+00:00";

    fn schema() -> Value {
        serde_json::from_str(SCHEMA).unwrap()
    }

    fn header(counts: &Value) -> Value {
        let user = ExportUser {
            id: ID.parse().unwrap(),
            username: "bruce".to_owned(),
            email: None,
            display_name: "Bruce".to_owned(),
            timezone: "America/New_York".to_owned(),
            week_start: 1,
            settings: Map::new(),
            created_at: "2026-01-01T00:00:00Z".parse().unwrap(),
        };
        let counts = counts.as_object().unwrap().clone();
        let header = Header::whole("2026-11-24T00:00:00.5Z".parse().unwrap(), user, counts);
        serde_json::to_value(header).unwrap()
    }

    /// A document with one row in each table, every column filled or null.
    fn document(filled: bool) -> Value {
        let schema = schema();
        let mut counts = json!({});
        let mut data = json!({});
        for table in TABLES {
            let name = table.json();
            let entry = schema["properties"]["data"]["properties"][&name]["items"]["$ref"]
                .as_str()
                .unwrap()
                .trim_start_matches('#');
            let columns = schema.pointer(entry).unwrap()["properties"]
                .as_object()
                .unwrap();
            let row: Map<String, Value> = columns
                .iter()
                .map(|(column, rule)| (column.clone(), sample(rule, filled)))
                .collect();
            counts[&name] = json!(1);
            data[&name] = json!([row]);
        }
        let mut document = header(&counts);
        document["data"] = data;
        document
    }

    /// A value that a column's rule allows.
    fn sample(rule: &Value, filled: bool) -> Value {
        if let Some(reference) = rule["$ref"].as_str() {
            return match reference {
                "#/$defs/uuid" => json!(ID),
                "#/$defs/date" => json!("2026-11-23"),
                "#/$defs/moment" => json!(MOMENT),
                _ => json!("words"),
            };
        }
        if let Some(either) = rule["anyOf"].as_array() {
            return if filled {
                sample(&either[0], filled)
            } else {
                Value::Null
            };
        }
        if let Some(values) = rule["enum"].as_array() {
            return if filled {
                values[0].clone()
            } else {
                values.last().unwrap().clone()
            };
        }
        let types = match &rule["type"] {
            Value::Array(types) => types.clone(),
            other => vec![other.clone()],
        };
        if !filled && types.contains(&json!("null")) {
            return Value::Null;
        }
        match types[0].as_str() {
            Some("string") => json!("users"),
            Some("integer" | "number") => rule["minimum"].clone(),
            Some("boolean") => json!(filled),
            Some("array") => json!([]),
            _ => json!({}),
        }
    }

    fn errors(document: &Value) -> Vec<String> {
        let validator = jsonschema::draft202012::new(&schema()).unwrap();
        validator
            .iter_errors(document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect()
    }

    #[test]
    fn the_schema_is_one_and_takes_a_whole_document() {
        assert!(jsonschema::meta::is_valid(&schema()));
        assert_eq!(errors(&document(true)), Vec::<String>::new());
        assert_eq!(errors(&document(false)), Vec::<String>::new());
    }

    #[test]
    fn the_schema_knows_the_same_tables_and_columns() {
        let schema = schema();
        let names: Vec<String> = TABLES.iter().map(Table::json).collect();
        for part in ["counts", "data"] {
            let known: Vec<&String> = schema["properties"][part]["properties"]
                .as_object()
                .unwrap()
                .keys()
                .collect();
            assert!(known.iter().copied().eq(&names), "{part}: {known:?}");
            assert_eq!(schema["then"]["properties"][part]["required"], json!(names));
        }
        for table in TABLES {
            let entry = schema["properties"]["data"]["properties"][table.json()]["items"]["$ref"]
                .as_str()
                .unwrap();
            let rule = schema.pointer(entry.trim_start_matches('#')).unwrap();
            let known: Vec<&str> = rule["properties"]
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            let written: Vec<String> = table.columns().map(|(_, json)| json).collect();
            assert_eq!(known, written, "{}", table.sql);
            assert_eq!(rule["required"], json!(written), "{}", table.sql);
            assert_eq!(rule["additionalProperties"], json!(false), "{}", table.sql);
            assert!(
                table.columns().all(|(sql, json)| snake_case(&json) == sql),
                "{}",
                table.sql
            );
        }
        let user: Vec<String> = USER_COLUMNS
            .iter()
            .map(|column| camel_case(column))
            .collect();
        assert_eq!(schema["$defs"]["user"]["required"], json!(user));
        let written = header(&json!({}));
        let written: Vec<&String> = written["user"].as_object().unwrap().keys().collect();
        assert!(written.into_iter().eq(&user));
    }

    #[test]
    fn no_password_and_no_session_has_a_place() {
        for word in [
            "password",
            "passwordHash",
            "sessions",
            "sid",
            "\"role\"",
            "dbRole",
        ] {
            let named = SCHEMA
                .matches(&format!("\"{}\":", word.trim_matches('"')))
                .count();
            assert_eq!(named, 0, "{word}");
        }
        assert!(table("sessions").is_none() && table("users").is_none());
    }

    #[test]
    fn the_header_comes_first_and_reads_back() {
        let document = document(true);
        let keys: Vec<&String> = document.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "format",
                "version",
                "exportedAt",
                "user",
                "redacted",
                "counts",
                "data"
            ]
        );
        let mut head = document.clone();
        head.as_object_mut().unwrap().shift_remove("data");
        let read: Header = serde_json::from_value(head.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), head);
    }

    #[test]
    fn redacted_and_partial_exports_are_of_the_same_format() {
        let mut redacted = document(true);
        redacted["redacted"] = json!(true);
        redacted["data"]["ideas"][0]["title"] = json!(REDACTED);
        redacted["data"]["ideas"][0]["pitch"] = json!(REDACTED);
        redacted["data"]["logs"][0]["data"] = json!({ "driftCheck": REDACTED, "energy": 7 });
        redacted["data"]["logs"][0]["imported"] = json!({ "energy": 14 });
        assert_eq!(errors(&redacted), Vec::<String>::new());

        let mut partial = document(true);
        partial["data"] = json!({ "logs": partial["data"]["logs"] });
        partial["counts"] = json!({ "logs": 1 });
        assert!(
            !errors(&partial).is_empty(),
            "a whole export has every table"
        );
        partial["only"] = json!(["logs"]);
        partial["since"] = json!("2026-01-01");
        assert_eq!(errors(&partial), Vec::<String>::new());
    }

    #[test]
    fn what_is_not_of_the_format_is_refused() {
        let break_at = |path: &str, value: Value| {
            let mut document = document(true);
            *document.pointer_mut(path).unwrap() = value;
            errors(&document)
        };
        for (path, value) in [
            ("/format", json!("other")),
            ("/version", json!(2)),
            ("/exportedAt", json!("yesterday")),
            ("/redacted", json!("no")),
            ("/counts/logs", json!(-1)),
            ("/user/weekStart", json!(0)),
            ("/data/logs/0/id", json!(7)),
            ("/data/logs/0/date", json!("2026-13-01")),
            ("/data/logs/0/data", json!([])),
            ("/data/ideas/0/status", json!("done")),
            ("/data/ideas/0/excitement", json!(11)),
            ("/data/goals/0/weeklyMinimum", json!(0)),
            ("/data/checkIns/0/note", Value::Null),
            ("/data/recordHistory/0/operation", json!("insert")),
        ] {
            assert_eq!(break_at(path, value).len(), 1, "{path}");
        }
        let mut more = document(true);
        more["data"]["goals"][0]["streak"] = json!(1);
        assert_eq!(errors(&more).len(), 1);
    }

    #[test]
    fn names_turn_both_ways() {
        for (sql, json) in [
            ("check_ins", "checkIns"),
            ("why_i_care", "whyICare"),
            ("id", "id"),
            ("plan", "plan"),
        ] {
            assert_eq!(camel_case(sql), json);
            assert_eq!(snake_case(json), sql);
            assert_eq!(snake_case(sql), sql);
        }
        assert_eq!(table("checkIns"), table("check_ins"));
        assert_eq!(
            table("harrisContent").map(|t| t.sql),
            Some("harris_content")
        );
        assert!(table("nothing").is_none());
    }

    #[test]
    fn tables_are_named_in_any_spelling_and_a_slip_is_answered() {
        let names = |list: &str| -> Vec<&str> {
            let tables = tables_of(list).unwrap();
            tables.iter().map(|table| table.sql).collect()
        };
        assert_eq!(names("checkIns, logs,check_ins"), ["logs", "check_ins"]);
        assert_eq!(names("Check-Ins"), ["check_ins"]);
        let slip = tables_of("logs,idees").unwrap_err();
        assert_eq!(
            slip.to_string(),
            "there is no table “idees”; did you mean “ideas”?"
        );
        assert!(
            tables_of("")
                .unwrap_err()
                .to_string()
                .contains("recordHistory")
        );
        assert!(
            !tables_of("a\u{1b}[2J")
                .unwrap_err()
                .to_string()
                .contains('\u{1b}')
        );
    }
}
