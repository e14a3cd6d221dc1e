//! Databases that are made up: rows in every table, of the columns' own kinds, with what is hard to write down, and a
//! past. The columns come from the shipped schema, so a new one is in here by itself.

use std::collections::BTreeSet;

use harriswildlands::domain::import::shape::{Column, Kind, Shape, shapes};
use harriswildlands::transfer::import::key;
use proptest::collection::{btree_map, vec};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// What one person has, and what happens to it.
#[derive(Clone, Debug)]
pub struct Made {
    pub id: uuid::Uuid,
    pub profile: Map<String, Value>,
    /// Rows by the names of the database, in the order of the shapes; the history is made by what happens.
    pub tables: Vec<(&'static Shape, Vec<Map<String, Value>>)>,
    /// What happens to the rows, one after another.
    pub fates: Vec<Fate>,
}

/// What happens to a row after it was written.
#[derive(Clone, Copy, Debug)]
pub enum Fate {
    Stays,
    Changes,
    ChangesTwice,
    IsArchived,
    IsDeleted,
}

/// A table, and the columns of each of its rows.
type Rows = (&'static Shape, Vec<Map<String, Value>>);

pub fn made() -> impl Strategy<Value = Made> {
    let tables: Vec<BoxedStrategy<Rows>> = shapes()
        .filter(|(_, shape)| shape.table.sql != "record_history")
        .map(|(_, shape)| {
            // More goals than check-ins would leave most of them alone.
            let most = if shape.table.sql == "check_ins" {
                12
            } else {
                5
            };
            vec(row(shape), 0..=most)
                .prop_map(move |rows| (shape, rows))
                .boxed()
        })
        .collect();
    let fates = vec(
        prop_oneof![
            3 => Just(Fate::Stays),
            1 => Just(Fate::Changes),
            1 => Just(Fate::ChangesTwice),
            1 => Just(Fate::IsArchived),
            1 => Just(Fate::IsDeleted),
        ],
        80,
    );
    (uuid(), profile(), tables, fates, any::<u64>()).prop_map(
        |(id, profile, mut tables, fates, chance)| {
            fit(&mut tables, chance);
            Made {
                id,
                profile,
                tables,
                fates,
            }
        },
    )
}

fn profile() -> impl Strategy<Value = Map<String, Value>> {
    let zones = [
        "UTC",
        "Europe/Berlin",
        "America/Argentina/Buenos_Aires",
        "Asia/Kathmandu",
        "Pacific/Apia",
    ];
    (text(1, 60), select(zones.to_vec()), 1..=7, object(), moment()).prop_map(
        |(name, zone, first, settings, made)| {
            let profile = json!({
                "display_name": name, "timezone": zone, "week_start": first, "settings": settings, "created_at": made,
            });
            profile.as_object().unwrap().clone()
        },
    )
}

fn row(shape: &'static Shape) -> impl Strategy<Value = Map<String, Value>> {
    let columns = shape
        .columns
        .iter()
        .filter(|column| column.sql != "user_id");
    let values: Vec<BoxedStrategy<(String, Value)>> = columns
        .map(|column| {
            let value = value(shape.table.sql, column);
            value
                .prop_map(|value| (column.sql.to_owned(), value))
                .boxed()
        })
        .collect();
    values.prop_map(|values| values.into_iter().collect())
}

/// A value of a column.
fn value(table: &str, column: &'static Column) -> BoxedStrategy<Value> {
    let some: BoxedStrategy<Value> = match column.kind {
        Kind::Uuid => uuid().prop_map(|id| json!(id)).boxed(),
        Kind::Date => date(matches!(column.sql, "date" | "week_start")),
        Kind::Moment => moment().boxed(),
        Kind::Text if !column.words.is_empty() => select(column.words.as_slice())
            .prop_map(|word| json!(word))
            .boxed(),
        Kind::Text => {
            let needed = [
                "title",
                "subject",
                "sentence",
                "source",
                "kind",
                "source_id",
            ];
            // A signal may have no subject; a lesson has one.
            let least = usize::from(
                needed.contains(&column.sql) && table != "drift_flags" || column.sql == "sentence",
            );
            let most = column.longest.min(200);
            text(least, most).prop_map(|text| json!(text)).boxed()
        }
        Kind::Integer => integer(table, column),
        Kind::Number => number().boxed(),
        Kind::Bool => any::<bool>().prop_map(|yes| json!(yes)).boxed(),
        Kind::Transaction => Just(json!("1")).boxed(),
        Kind::Texts => vec(text(0, 40), 0..5).prop_map(|list| json!(list)).boxed(),
        Kind::Object => object().boxed(),
        Kind::List => vec(any_value(), 0..4).prop_map(|list| json!(list)).boxed(),
        Kind::Any => any_value().boxed(),
    };
    if column.nullable {
        weighted(0.6, some)
            .prop_map(|value| value.unwrap_or(Value::Null))
            .boxed()
    } else {
        some
    }
}

fn uuid() -> impl Strategy<Value = uuid::Uuid> {
    any::<u128>().prop_map(uuid::Uuid::from_u128)
}

/// A day as the table takes it: most are of a life, some are the first and the last.
fn date(since_1900: bool) -> BoxedStrategy<Value> {
    let least: i16 = if since_1900 { 1900 } else { 1 };
    let of = |year: i16, month: i8, day: i8| {
        jiff::civil::Date::new(year, month, 1)
            .unwrap()
            .with()
            .day(day.min(28))
            .build()
            .unwrap()
    };
    prop_oneof![
        4 => (1980_i16..2040, 1_i8..=12, 1_i8..=28).prop_map(move |(y, m, d)| json!(of(y, m, d))),
        1 => Just(json!(of(least, 1, 1))),
        1 => Just(json!("9999-12-31")),
        1 => Just(json!("2024-02-29")),
        1 => (least..=9999, 1_i8..=12, 1_i8..=28).prop_map(move |(y, m, d)| json!(of(y, m, d))),
    ]
    .boxed()
}

fn moment() -> impl Strategy<Value = Value> {
    let micros = |micros| {
        json!(
            jiff::Timestamp::from_microsecond(micros)
                .unwrap()
                .to_string()
        )
    };
    prop_oneof![
        5 => (1_500_000_000_000_000_i64..1_900_000_000_000_000).prop_map(micros),
        1 => (1_500_000_000_i64..1_900_000_000).prop_map(move |second| micros(second * 1_000_000)),
        1 => Just(json!("0001-01-01T00:00:00Z")),
        1 => Just(json!("9999-12-30T21:59:59.999999Z")),
        1 => Just(json!("1969-12-31T23:59:59.999999Z")),
    ]
}

fn integer(table: &str, column: &Column) -> BoxedStrategy<Value> {
    let (least, mut most) = column.range;
    match (table, column.sql) {
        // A change of the row counts on.
        (_, "version") => most = 2_000_000_000,
        ("goals", "weekly_minimum") => most = 100_000,
        ("retention_policies", "keep_days") => most = 36_500,
        ("teaching_requests", "duration_minutes") => {
            return (10..=240).prop_map(|n| json!(n)).boxed();
        }
        _ => {}
    }
    prop_oneof![Just(least), Just(most), least..=most]
        .prop_map(|n| json!(n))
        .boxed()
}

/// An amount of a check-in.
fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(0)),
        Just(json!(1_000_000)),
        Just(json!(5e-324)),
        Just(json!(f64::MIN_POSITIVE)),
        Just(json!(0.1 + 0.2)),
        (0.0..1_000_000.0).prop_map(|n| json!(n)),
    ]
}

/// A character that PostgreSQL keeps in a text: any but NUL.
fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        6 => proptest::char::range(' ', '~'),
        2 => proptest::char::range('\u{1}', '\u{1f}'),
        1 => proptest::char::range('\u{7f}', '\u{9f}'),
        1 => proptest::char::range('\u{5d0}', '\u{6ff}'), // right to left
        1 => proptest::char::range('\u{300}', '\u{36f}'), // combining
        1 => proptest::char::range('\u{4e00}', '\u{9fff}'),
        1 => proptest::char::range('\u{1f300}', '\u{1faff}'),
        1 => proptest::char::range('\u{e000}', '\u{f8ff}'),
        1 => any::<char>().prop_map(|c| if c == '\0' { '\u{10ffff}' } else { c }),
    ]
}

fn text(least: usize, most: usize) -> BoxedStrategy<String> {
    let known = [
        "\\N",
        "\\.",
        "{}",
        "\"",
        "null",
        "[redacted]",
        "'; drop table",
        "\u{202e}abc\u{202c}",
        "שלום עולם",
        "日本語の日記",
        "👩‍👩‍👧‍👦🏳️‍🌈",
        "e\u{301}\u{327}\u{323}",
        "\u{feff}",
        "\u{2028}\u{2029}",
        "\u{fffd}\u{ffff}",
        "\u{1b}[2J\u{7}\u{8}",
        "a\r\nb\rc\n\td",
        "\\u0000",
        "\u{85}",
    ];
    let piece = prop_oneof![
        2 => vec(character(), 0..30).prop_map(|list| list.into_iter().collect::<String>()),
        1 => select(known.to_vec()).prop_map(str::to_owned),
        1 => "[a-z]{2,9}( [a-z]{1,9}){0,8}",
    ];
    vec(piece, 0..4)
        .prop_map(move |pieces| {
            let mut text: String = pieces.concat().chars().take(most).collect();
            while text.chars().count() < least {
                text.push('x');
            }
            text
        })
        .boxed()
}

fn any_value() -> BoxedStrategy<Value> {
    let digits = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|yes| json!(yes)),
        any::<i64>().prop_map(|n| json!(n)),
        any::<f64>().prop_map(|n| json!(n)),
        Just(digits("1.50")),
        Just(digits("-0.000000000000000000000000000001")),
        Just(digits(
            "123456789012345678901234567890123456789012345678901234567890.12345678901234567890"
        )),
        Just(digits("1e308")),
        Just(digits("2.5E-300")),
        Just(digits("-0")),
        Just(digits(&format!("9{}", "0".repeat(5000)))),
        text(0, 100).prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|list| json!(list)),
            btree_map(text(0, 12), inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
    .boxed()
}

fn object() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => btree_map(text(0, 12), any_value(), 0..5).prop_map(|map| json!(map)),
        // As deep as an import takes it: the document, its table and its row have four levels.
        1 => any_value().prop_map(|leaf| (0..100).fold(json!({ "leaf": leaf }), |inner, _| json!({ "": inner }))),
    ]
}

/// What the rules of the database ask of several values together.
fn fit(tables: &mut [(&'static Shape, Vec<Map<String, Value>>)], mut chance: u64) {
    let mut pick = |of: usize| {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(chance >> 33).unwrap() % of
    };
    let ids: Vec<Value> = tables
        .iter()
        .filter(|(shape, _)| shape.table.sql == "goals")
        .flat_map(|(_, rows)| rows.iter().map(|row| row["id"].clone()))
        .collect();
    for (shape, rows) in tables {
        let table = shape.table.sql;
        for row in rows.iter_mut() {
            match table {
                "goals" => ordered(row, "start_date", "due_date"),
                "check_ins" if ids.is_empty() => row["goal_id"] = Value::Null,
                "check_ins" => row["goal_id"] = ids[pick(ids.len())].clone(),
                "drift_flags" => {
                    ordered(row, "window_start", "window_end");
                    ordered(row, "first_seen", "last_seen");
                    for (state, its) in [
                        ("acknowledged", "acknowledged_at"),
                        ("snoozed", "snoozed_until"),
                        ("resolved", "resolved_at"),
                    ] {
                        if row["state"] == state && row[its].is_null() {
                            row[its] = row["first_seen"].clone();
                        }
                    }
                }
                "harris_content" => {
                    let templates = match row["type"].as_str().unwrap() {
                        "website" => ["landing page", "about story", "services page"],
                        "social" => ["thread hook", "value post", "personal story"],
                        "email" => ["welcome", "nurture sequence", "launch announcement"],
                        "blog" => ["how-to", "listicle", "opinion"],
                        _ => ["tutorial", "course module", "talking head"],
                    };
                    if !row["template"].is_null() {
                        row["template"] = json!(templates[pick(3)]);
                    }
                }
                "retention_policies" if row["table_name"] == "record_history" => {
                    row["action"] = json!("delete");
                }
                _ => {}
            }
        }
        let mut known = BTreeSet::new();
        rows.retain(|row| {
            let key: Vec<String> = key(table)
                .iter()
                .map(|column| row[*column].to_string())
                .collect();
            let fits = table != "check_ins" || !row["goal_id"].is_null();
            let first = key.is_empty() || known.insert(key.join(" "));
            fits && first && known.insert(row["id"].to_string())
        });
    }
}

fn ordered(row: &mut Map<String, Value>, first: &str, second: &str) {
    if let (Some(a), Some(b)) = (row[first].as_str(), row[second].as_str())
        && a > b
    {
        let (a, b) = (row[first].clone(), row[second].clone());
        row[first] = b;
        row[second] = a;
    }
}
