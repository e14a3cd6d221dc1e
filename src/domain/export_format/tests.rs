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
        ("/version", json!(1)),
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

#[test]
fn every_column_that_was_added_is_one_and_has_a_value_for_documents_of_before() {
    for added in ADDED {
        let columns = table(added.table).unwrap().columns;
        assert!(columns.contains(&added.column), "{added:?}");
        assert!((2..=VERSION).contains(&added.version), "{added:?}");
        let value = |version| before(version, added.table, added.column);
        assert_eq!(value(added.version - 1), Some(added.value));
        assert_eq!(value(added.version), None);
    }
    assert_eq!(before(1, "goals", "title"), None);
}
