//! `wildlands drift`: signals from an export, without a database; those of the database, and what is answered to them.

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
        [
            "type", "subject", "window", "masked", "sentence", "evidence"
        ]
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
    newer["version"] = json!(3);
    written(&home, &newer);
    home.run(&words)
        .ended(65, &["version 3 of the format is newer"]);
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

/// A home whose last eighty days are those of [`export`], and its today.
fn lived_in() -> (Home, Date) {
    let home = Home::private();
    let told = |words: &[&str]| -> Value {
        let run = home.run(words).ended(0, &[]);
        serde_json::from_str(&run.out).unwrap()
    };
    let today: Date = serde_json::from_value(told(&["drift", "--json"])["asOf"].clone()).unwrap();
    let mut document = told(&["export", "-"]);
    let mut logs = export(&json!({}))["data"]["logs"].clone();
    let user = document["user"]["id"].clone();
    for (log, back) in logs.as_array_mut().unwrap().iter_mut().zip((0..80).rev()) {
        log["date"] = json!(today.saturating_sub(jiff::Span::new().days(back)));
        log["userId"] = user.clone();
        log["imported"] = Value::Null;
    }
    document["counts"]["logs"] = json!(80);
    document["data"]["logs"] = logs;
    let file = written(&home, &document);
    home.run(&["import", file.to_str().unwrap()]).ended(0, &[]);
    (home, today)
}

fn listed(home: &Home, words: &[&str]) -> Vec<Value> {
    let run = home.run(words).ended(0, &[]);
    let told: Value = serde_json::from_str(&run.out).unwrap();
    told["signals"].as_array().unwrap().clone()
}

fn states(home: &Home) -> Vec<String> {
    let signals = listed(home, &["drift", "--all", "--json"]);
    let state = |signal: &Value| signal["state"].as_str().unwrap().to_owned();
    signals.iter().map(state).collect()
}

#[test]
fn the_database_and_its_export_say_the_same() {
    let (home, today) = lived_in();
    let open = listed(&home, &["drift", "--json"]);
    assert_eq!(open.len(), 1, "{open:?}");
    let signal = &open[0];
    assert_eq!(
        (&signal["type"], &signal["subject"]),
        (&json!("level_shift"), &json!("energy"))
    );
    assert_eq!(signal["firstSeen"], json!(today));
    assert_eq!(signal["evidence"]["rows"].as_array().unwrap().len(), 20);
    let run = home.run(&["drift"]).ended(0, &[]);
    assert!(
        run.out
            .starts_with("level-shift      Energy averaged 3.5 over "),
        "{}",
        run.out
    );
    assert!(
        run.out
            .contains(&format!("id {}", signal["id"].as_str().unwrap())),
        "{}",
        run.out
    );

    let file = home.directory.path().join("whole.json");
    home.run(&["export", file.to_str().unwrap()]).ended(0, &[]);
    let file = file.to_str().unwrap();
    let early = today.saturating_sub(40.days()).to_string();
    let time = format!("{early}..{today}");
    for words in [
        vec!["--as-of", "today", "--json"],
        vec!["--as-of", &early, "--json"],
        vec!["--replay", &time, "--json"],
    ] {
        let stored = home.run(&[&["drift"], &words[..]].concat()).ended(0, &[]);
        let mut of_file = words.clone();
        let of_today = today.to_string();
        if of_file[1] == "today" {
            of_file[1] = &of_today;
        }
        let exported = [&["drift", "--input", file], &of_file[..]].concat();
        let exported = home.run(&exported).ended(0, &[]);
        assert_eq!(stored.out, exported.out, "{words:?}");
    }
}

#[test]
fn signals_are_answered_and_fields_left_out() {
    let (home, today) = lived_in();
    let id = listed(&home, &["drift", "--json"])[0]["id"].clone();
    let id = id.as_str().unwrap();
    home.run(&["drift", "acknowledge", id]).ended(0, &[]);
    assert_eq!(states(&home), ["acknowledged"]);
    let run = home.run(&["drift"]).ended(0, &[]);
    assert!(run.out.starts_with("No open signals"), "{}", run.out);

    let run = home.run_with_input(&["drift", "snooze", id, "+14", "-"], b"planted-needle\n");
    run.ended(0, &[]);
    let snoozed = listed(&home, &["drift", "--all", "--json"]);
    assert_eq!(snoozed[0]["state"], "snoozed");
    assert_eq!(snoozed[0]["snoozedUntil"], json!(today + 14.days()));
    assert_eq!(snoozed[0]["note"], Value::Null, "masked");
    let revealed = listed(&home, &["drift", "--all", "--json", "--reveal"]);
    assert_eq!(revealed[0]["note"], "planted-needle");
    home.run(&["drift", "snooze", id, "yesterday"])
        .ended(65, &["nothing was saved"]);

    home.run(&["drift", "reopen", id]).ended(0, &[]);
    assert_eq!(states(&home), ["open"]);
    home.run(&["drift", "--all", "acknowledge", id])
        .ended(64, &["--all is about the list"]);
    home.run(&["drift", "acknowledge", "nonsense"])
        .ended(65, &["is not an id"]);

    let run = home.run(&["drift", "exclude", "energy"]).ended(0, &[]);
    assert!(run.out.contains("energy takes no part"), "{}", run.out);
    assert_eq!(states(&home), ["resolved"]);
    home.run(&["drift", "acknowledge", id])
        .ended(65, &["has ended", "nothing was saved"]);
    let run = home.run(&["drift", "fields"]).ended(0, &[]);
    assert!(run.out.contains("no part, as you chose"), "{}", run.out);
    home.run(&["drift", "default", "energy"]).ended(0, &[]);
    assert_eq!(states(&home), ["open"], "one row an episode");
    home.run(&["drift", "include", "enregy"])
        .ended(65, &["energy may be meant"]);
}

#[test]
fn what_is_said_of_a_sensitive_field_is_masked_unless_asked_for() {
    let (home, _) = lived_in();
    let form = home.directory.path().join("form.toml");
    fs::write(
        &form,
        "[[section]]\ntitle = \"Day\"\nfield = [\n  { key = \"energy\", label = \"energy\", kind = \"scale\", sensitive = true, drift = true },\n]\n",
    )
    .unwrap();
    let form = form.to_str().unwrap();
    let with_form = |words: &[&str]| home.run(&[words, &["--form", form]].concat());
    with_form(&["drift", "include", "energy"]).ended(0, &[]);
    let run = with_form(&["drift"]).ended(0, &[]);
    assert!(
        run.out.contains("(masked; --reveal shows it)"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("averaged"), "{}", run.out);
    let run = with_form(&["drift", "--json"]).ended(0, &[]);
    let told: Value = serde_json::from_str(&run.out).unwrap();
    let signal = &told["signals"][0];
    assert_eq!(
        (&signal["masked"], &signal["sentence"], &signal["evidence"]),
        (&json!(true), &Value::Null, &Value::Null)
    );
    let run = with_form(&["drift", "--reveal"]).ended(0, &[]);
    assert!(run.out.contains("Energy averaged 3.5"), "{}", run.out);
}
