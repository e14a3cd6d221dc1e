//! `wildlands drift`: signals from an export, without a database.

use std::fs;
use std::path::PathBuf;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use serde_json::{Map, Value, json};

use super::Home;

const BEGIN: Date = date(2026, 8, 3);

fn id(number: usize) -> String {
    format!("01932b6c-0000-7000-8000-{number:012}")
}

/// Eighty days: energy 6 7 6 7 …, from the sixtieth day on lower by three; a private answer on each day.
fn export(settings: &Value) -> Value {
    let logs: Vec<Value> = (0..80)
        .map(|place| {
            let date = BEGIN + i64::try_from(place).unwrap().days();
            let energy = 6 + place % 2 - if place >= 60 { 3 } else { 0 };
            let data = json!({ "energy": energy, "prayer": place < 60, "driftCheck": "planted-needle" });
            json!({ "id": id(place), "userId": id(0), "date": date, "data": data, "imported": {}, "createdAt": "2026-01-01T00:00:00Z",
                "updatedAt": "2026-01-01T00:00:00Z", "version": 1, "archivedAt": null })
        })
        .collect();
    let mut document = json!({
        "format": "harriswildlands-export",
        "version": 1,
        "exportedAt": "2026-10-22T03:30:00Z",
        "user": { "id": id(0), "username": "bruce", "email": null, "displayName": "Bruce", "timezone": "America/New_York",
            "weekStart": 1, "settings": { "drift": settings }, "createdAt": "2026-01-01T00:00:00Z" },
        "redacted": false,
        "only": ["logs"],
        "counts": { "logs": 80 },
    });
    document["data"] = json!({ "logs": logs });
    document
}

fn written(home: &Home, document: &Value) -> PathBuf {
    let directory = home.directory.path();
    let file = directory.join("export.json");
    fs::write(&file, serde_json::to_vec_pretty(document).unwrap()).unwrap();
    file
}

fn keys(value: &Value) -> Vec<&str> {
    let object: &Map<String, Value> = value.as_object().unwrap();
    object.keys().map(String::as_str).collect()
}

#[test]
fn an_export_is_enough() {
    let home = Home::private();
    let file = written(&home, &export(&json!({})));
    let file = file.to_str().unwrap();
    // 03:30 in UTC is the evening before in New York: the 80th day.
    let run = home.run(&["drift", "--input", file]).ended(0, &[]);
    assert_eq!(
        run.out,
        "level-shift      Energy averaged 3.5 over 2–21 Oct (typical for those weekdays: 6.5).\n"
    );
    assert!(!home.path().exists(), "no server was started");
    let run = home
        .run(&["drift", "--input", file, "--as-of", "2026-09-20"])
        .ended(0, &[]);
    assert!(
        run.out.starts_with("No signals, Sun 20 Sep 2026.\n"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("exercise: 0 of 21 days observed"),
        "{}",
        run.out
    );
}

#[test]
fn json_has_the_evidence() {
    let home = Home::private();
    let document = serde_json::to_vec(&export(&json!({}))).unwrap();
    let run = home
        .run_with_input(&["drift", "--input", "-", "--json"], &document)
        .ended(0, &[]);
    assert!(!run.out.contains("needle"));
    let told: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(keys(&told), ["asOf", "signals", "data"]);
    assert_eq!(told["asOf"], "2026-10-21");
    let signal = &told["signals"][0];
    assert_eq!(
        keys(signal),
        ["type", "subject", "window", "sentence", "evidence"]
    );
    assert_eq!(
        (&signal["type"], &signal["subject"]),
        (&json!("level_shift"), &json!("energy"))
    );
    assert_eq!(
        signal["window"],
        json!({ "from": "2026-10-02", "to": "2026-10-21" })
    );
    let evidence = &signal["evidence"];
    assert_eq!(evidence["observed"], json!({ "n": 20, "mean": 3.5 }));
    assert_eq!(evidence["rows"].as_array().unwrap().len(), 20);
    let row = json!({ "table": "logs", "id": id(60), "date": "2026-10-02", "value": 3 });
    assert_eq!(evidence["rows"][0], row);

    let words = [
        "drift",
        "--input",
        "-",
        "--json",
        "--replay",
        "2026-08-03..2026-10-21",
    ];
    let run = home.run_with_input(&words, &document).ended(0, &[]);
    let told: Value = serde_json::from_str(&run.out).unwrap();
    let episode = &told["signals"][0];
    assert_eq!(told["signals"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(episode["ended"], Value::Null);
    assert_eq!(episode["lastSeen"], "2026-10-21");
    let first: Date = episode["firstSeen"].as_str().unwrap().parse().unwrap();
    assert!(
        (date(2026, 10, 4)..date(2026, 10, 12)).contains(&first),
        "{first}"
    );
}

#[test]
fn faith_is_opted_in_by_the_person_and_archived_days_take_no_part() {
    let home = Home::private();
    let file = written(
        &home,
        &export(&json!({ "optedIn": ["prayer"], "optedOut": ["energy"] })),
    );
    let run = home
        .run(&["drift", "--input", file.to_str().unwrap()])
        .ended(0, &[]);
    assert!(run.out.contains("Prayer: yes on"), "{}", run.out);
    assert!(!run.out.contains("Energy"), "{}", run.out);
    let mut document = export(&json!({ "thresholds": { "levelBudgt": 1 } }));
    for log in document["data"]["logs"].as_array_mut().unwrap() {
        log["archivedAt"] = json!("2026-10-21T00:00:00Z");
    }
    let file = written(&home, &document);
    let words = ["drift", "--input", file.to_str().unwrap()];
    let run = home.run(&words).ended(0, &["levelBudget may be meant"]);
    assert!(run.out.starts_with("No signals"), "{}", run.out);
}

#[test]
fn what_is_no_export_is_refused_with_its_place() {
    let home = Home::private();
    let file = written(&home, &json!({}));
    let name = file.to_str().unwrap();
    let words = ["drift", "--input", name];
    for (text, place) in [
        ("{", ":1:1: the document ends too early"),
        ("{\n  \"format\": planted-needle", ":2:13: this is not JSON"),
        (
            "{\n  \"format\": [\"planted-needle\"]",
            "this is not what an export has there",
        ),
    ] {
        fs::write(&file, text).unwrap();
        let run = home.run(&words).ended(65, &["export.json", place]);
        assert!(!run.err.contains("needle"), "{}", run.err);
    }
    let mut newer = export(&json!({}));
    newer["version"] = json!(2);
    written(&home, &newer);
    home.run(&words)
        .ended(65, &["version 2 of the format is newer"]);
    let mut other = export(&json!({}));
    other["format"] = json!("other");
    written(&home, &other);
    home.run(&words)
        .ended(65, &["`format` is not harriswildlands-export"]);
    home.run(&["drift", "--input", "/nowhere/export.json"])
        .ended(65, &["cannot read /nowhere/export.json"]);
    written(&home, &export(&json!({})));
    let refused = [
        (vec!["--as-of", "2026-02-30"], 65, "28 days"),
        (vec!["--replay", "2026-02-01"], 64, "two dots"),
        (vec!["--replay", "2026-02-01..2026-01-01"], 65, "is before"),
        (
            vec!["--replay", "a..b", "--as-of", "today"],
            64,
            "cannot be used with",
        ),
    ];
    for (more, exit, line) in refused {
        home.run(&[&words[..], &more].concat()).ended(exit, &[line]);
    }
}
