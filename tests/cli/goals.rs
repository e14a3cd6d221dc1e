//! `wildlands goal` and `wildlands checkin`.

use serde_json::{Value, json};

use super::Home;

const NEEDLE: &str = "planted-needle";

fn json_of(home: &Home, words: &[&str]) -> Value {
    let out = home.run(words).ended(0, &[]).out;
    serde_json::from_str(&out).unwrap()
}

fn home() -> Home {
    let home = Home::external();
    for words in [
        ["goal", "add", "Morning run", "domain=health", "minimum=3"],
        ["goal", "add", "Reading", "domain=ideas", "minimum=2h30"],
        ["goal", "add", "Prayer", "domain=faith", "minimum=5"],
    ] {
        let run = home.run(&words).ended(0, &[]);
        assert!(run.out.ends_with("saved\n"), "{}", run.out);
    }
    home
}

#[test]
fn goals_are_made_listed_and_kept_apart() {
    let home = home();
    let list = home.run(&["goal", "list"]).ended(0, &[]).out;
    for words in ["faith\n  Prayer", "0 of 3", "0 of 150 min"] {
        assert!(list.contains(words), "{words} is not in {list}");
    }
    home.run(&["goal", "pause", "mor"]).ended(0, &[]);
    home.run(&["goal", "archive", "READING"]).ended(0, &[]);
    let list = home.run(&["goal", "list"]).ended(0, &[]).out;
    assert!(!list.contains("run") && list.contains("Prayer"), "{list}");
    let all = home.run(&["goal", "list", "--all"]).ended(0, &[]).out;
    for words in ["health, paused", "ideas, archived"] {
        assert!(all.contains(words), "{words} is not in {all}");
    }
    home.run(&["goal", "reactivate", "read"]).ended(0, &[]);
    home.run(&["goal", "set", "read", "minimum=20x", "priority=1"])
        .ended(0, &[]);
    let shown = json_of(&home, &["goal", "show", "read", "--json"]);
    for (key, value) in [
        ("status", json!("active")),
        ("targetType", json!("count")),
        ("weeklyMinimum", json!(20)),
        ("priority", json!(1)),
    ] {
        assert_eq!(shown["data"][key], value, "{key}");
    }
    let id = shown["id"].as_str().unwrap();
    home.run(&["checkin", "read", "5"]).ended(0, &[]);
    home.run(&["goal", "delete", id]).ended(0, &[]);
    home.run(&["goal", "show", "read"])
        .ended(65, &["no goal begins with"]);
    home.run(&["goal", "restore", id]).ended(0, &[]);
    let back = json_of(&home, &["goal", "show", "read", "--json"]);
    assert_eq!(back["checkIns"][0]["data"]["amount"], json!(5));
}

#[test]
fn a_goal_is_deleted_and_brought_back_by_its_title() {
    let home = home();
    home.run(&["checkin", "morn"]).ended(0, &[]);
    let ids = home.run(&["goal", "list", "--ids"]).ended(0, &[]).out;
    let id = json_of(&home, &["goal", "show", "morn", "--json"])["id"].clone();
    assert!(ids.contains(id.as_str().unwrap()), "{ids}");
    home.run(&["goal", "delete", "nothing like it"])
        .ended(65, &["no goal begins with"]);
    home.run(&["goal", "delete", "morn"]).ended(0, &[]);
    home.run(&["goal", "delete", "morn"])
        .ended(65, &["no goal begins with"]);
    home.run(&["goal", "restore", "read"])
        .ended(65, &["of the goals deleted last: no goal begins with"]);
    let back = home.run(&["goal", "restore", "MORN"]).ended(0, &[]).out;
    assert!(back.contains("brought back"), "{back}");
    assert_eq!(
        json_of(&home, &["goal", "show", "morn", "--json"])["week"]["done"],
        1.0
    );
}

#[test]
fn a_day_that_does_not_count_and_one_that_is_too_long_are_told() {
    let home = home();
    home.run(&["goal", "set", "morn", "startDate=2026-01-05"])
        .ended(0, &[]);
    let early = home
        .run(&["checkin", "morn", "2026-01-04"])
        .ended(0, &[])
        .out;
    assert!(
        early.contains("kept, but not counted: the goal begins on Mon 5 Jan 2026"),
        "{early}"
    );
    home.run(&["checkin", "reading", "25h"])
        .ended(65, &["“25h” is above the 24 hours of a day"]);
    home.run(&["checkin", "reading", "amount=1500"])
        .ended(65, &["nothing was saved"]);
    home.run(&["checkin", "reading", "24h"]).ended(0, &[]);
}

#[test]
fn a_note_stays_masked_when_its_goal_leaves_faith() {
    let home = home();
    home.run_with_input(&["checkin", "pray", "note=-"], NEEDLE.as_bytes())
        .ended(0, &[]);
    home.run(&["goal", "set", "pray", "domain=work"])
        .ended(0, &[]);
    for words in [
        &["goal", "show", "pray"][..],
        &["checkin", "pray", "score=7", "--json"],
        &["search", NEEDLE],
    ] {
        let out = home.run(words).ended(0, &[]).out;
        assert!(!out.contains(NEEDLE), "{words:?}: {out}");
    }
}

#[test]
fn a_check_in_is_made_changed_and_taken_back() {
    let home = home();
    let done = home.run(&["checkin", "mor"]).ended(0, &[]).out;
    for words in ["Morning run, ", ": done\n", "1 of 3, ", "saved\n"] {
        assert!(done.contains(words), "{words} is not in {done}");
    }
    home.run(&["checkin", "mor", "yesterday", "score=7"])
        .ended(0, &[]);
    home.run(&["checkin", "mor", "score=8"]).ended(0, &[]);
    home.run(&["checkin", "read", "45"]).ended(0, &[]);
    let changed = json_of(&home, &["checkin", "read", "1h30", "--json"]);
    assert_eq!(changed["checkIn"]["data"]["amount"], json!(90));
    assert_eq!(changed["week"]["done"], json!(90.0));
    let run = json_of(&home, &["goal", "show", "mor", "--json"]);
    let scores: Vec<&Value> = run["checkIns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["data"]["score"])
        .collect();
    assert_eq!(scores, [&json!(8), &json!(7)]);
    home.run(&["checkin", "mor", "completed=no"]).ended(0, &[]);
    let shown = home.run(&["goal", "show", "mor"]).ended(0, &[]).out;
    assert!(shown.contains("not done, score 8"), "{shown}");
    home.run(&["checkin", "mor", "--take-back"]).ended(0, &[]);
    home.run(&["checkin", "mor", "--take-back"])
        .ended(65, &["there is no check-in on", "nothing was saved"]);
    let run = json_of(&home, &["goal", "show", "mor", "--json"]);
    assert_eq!(run["checkIns"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_no_check_in_is_refused_with_the_reason() {
    let home = home();
    for (words, code, told) in [
        (&["checkin", "swim"][..], 65, "no goal begins with “swim”"),
        (&["checkin", "raeding", "5"], 65, "did you mean “Reading”?"),
        (&["checkin", "mor", "tomorrow"], 65, "has not come yet"),
        (&["checkin", "mor", "45"], 65, "is not a date"),
        (&["checkin", "read"], 64, "counts an amount"),
        (&["checkin", "read", "45x"], 65, "nor an amount"),
        (&["checkin", "mor", "score=11"], 65, "score is 1–10"),
        (&["checkin", "mor", "scor=7"], 65, "did you mean `score`?"),
        (
            &["checkin", "mor", "score=7", "--take-back"],
            64,
            "no fields to set",
        ),
        (&["goal", "add", "X", "domain=sport"], 65, "domain"),
        (
            &["goal", "add", "X", "minimum=3"],
            65,
            "a goal has a domain",
        ),
        (
            &["goal", "add", "X", "domain=work", "minimum=9"],
            65,
            "a week has 7 days",
        ),
    ] {
        home.run(words).ended(code, &[told]);
    }
    home.run(&["goal", "add", "Reader", "domain=work", "minimum=1"])
        .ended(0, &[]);
    home.run(&["checkin", "rea", "5"])
        .ended(65, &["several goals", "“Reader”", "“Reading”"]);
    for goal in ["mor", "reader", "reading"] {
        let shown = json_of(&home, &["goal", "show", goal, "--json"]);
        assert_eq!(shown["checkIns"], json!([]), "{goal}");
    }
}

#[test]
fn notes_of_faith_and_family_stay_masked() {
    let home = home();
    for goal in ["prayer", "mor"] {
        let words = ["checkin", goal, "note=-"];
        let run = home.run_with_input(&words, NEEDLE.as_bytes()).ended(0, &[]);
        assert!(!run.out.contains(NEEDLE), "{}", run.out);
    }
    let shown = |words: &[&str]| home.run(words).ended(0, &[]).out.contains(NEEDLE);
    assert!(!shown(&["goal", "show", "prayer"]));
    assert!(!shown(&["goal", "show", "prayer", "--json"]));
    assert!(!shown(&["checkin", "prayer", "--json"]));
    assert!(shown(&["goal", "show", "prayer", "--reveal"]));
    assert!(shown(&["goal", "show", "prayer", "--json", "--reveal"]));
    assert!(shown(&["goal", "show", "mor"]));
    let warned = home.run(&["checkin", "prayer", "note=x"]).ended(0, &[]);
    assert!(warned.err.contains("note is private"), "{}", warned.err);
    let open = home.run(&["checkin", "mor", "note=x"]).ended(0, &[]);
    assert_eq!(open.err, "");
}
