//! `wildlands idea`: captured, listed, shown, set, moved, deleted, brought back, refused.

use serde_json::{Value, json};

use super::{Home, Run};

/// The id that the first line of the output begins with.
fn id(run: &Run) -> String {
    run.out.split_whitespace().next().unwrap().to_owned()
}

fn document(home: &Home, words: &[&str]) -> Value {
    serde_json::from_str(&home.run(words).ended(0, &[]).out).unwrap()
}

#[test]
fn an_idea_is_captured_and_nothing_of_it_is_shown_unasked() {
    let home = Home::external();
    let none = home.run(&["idea", "list"]).ended(0, &[]).out;
    assert!(none.contains("wildlands idea \"TITLE\""), "{none}");
    let made = home.run(&[
        "idea",
        "planted-needle",
        "one",
        "excitement=8",
        "feasibility=7",
    ]);
    let made = made.ended(0, &["title is private", "title=-"]);
    assert!(
        made.out.ends_with("captured\n") && !made.out.contains("needle"),
        "{}",
        made.out
    );
    let id = id(&made);
    let piped = home.run_with_input(&["idea", "-", "category=tech"], b"planted-needle two\n");
    assert!(!piped.ended(0, &[]).err.contains("title is private"));

    for words in [
        &["idea", "list"][..],
        &["idea", "list", "--json"],
        &["idea", "show", &id],
        &["idea", "show", &id, "--full"],
        &["idea", "show", &id, "--json"],
    ] {
        let shown = home.run(words).ended(0, &[]).out;
        assert!(!shown.contains("needle"), "{words:?}: {shown}");
        assert!(
            shown.contains("draft") && shown.contains("56"),
            "{words:?}: {shown}"
        );
    }
    let listed = home.run(&["idea", "list", "--reveal"]).ended(0, &[]).out;
    assert_eq!(listed.matches("planted-needle").count(), 2, "{listed}");
    let idea = document(&home, &["idea", "show", &id, "--json", "--reveal"]);
    assert_eq!(idea["data"]["title"], json!("planted-needle one"));
    assert_eq!(
        (&idea["status"], &idea["score"], &idea["priority"]),
        (&json!("draft"), &json!(56), &json!(0))
    );
}

#[test]
fn a_list_is_sifted_and_sorted() {
    let home = Home::external();
    for (title, fields) in [
        (
            "aaa",
            [
                "excitement=2",
                "feasibility=2",
                "priority=1",
                "category=tech",
            ],
        ),
        (
            "bbb",
            [
                "excitement=9",
                "feasibility=9",
                "priority=0",
                "category=faith",
            ],
        ),
        (
            "ccc",
            [
                "excitement=5",
                "feasibility=5",
                "priority=5",
                "category=tech",
            ],
        ),
    ] {
        let words: Vec<&str> = ["idea", title].into_iter().chain(fields).collect();
        home.run(&words).ended(0, &[]);
    }
    let titles = |words: &[&str]| -> Vec<String> {
        let words: Vec<&str> = ["idea", "list", "--json", "--reveal"]
            .iter()
            .chain(words)
            .copied()
            .collect();
        let ideas = document(&home, &words);
        let ideas = ideas.as_array().unwrap().iter();
        ideas
            .map(|idea| idea["data"]["title"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(titles(&[]), ["ccc", "bbb", "aaa"]);
    assert_eq!(titles(&["--sort", "score"]), ["bbb", "ccc", "aaa"]);
    assert_eq!(titles(&["--sort", "priority"]), ["ccc", "aaa", "bbb"]);
    assert_eq!(titles(&["--sort", "age"]), ["aaa", "bbb", "ccc"]);
    assert_eq!(titles(&["--category", "tech"]), ["ccc", "aaa"]);
    assert_eq!(titles(&["--age", "week", "--limit", "1"]), ["ccc"]);
    assert!(titles(&["--age", "older"]).is_empty());
    assert!(titles(&["--status", "parked,shipped"]).is_empty());
    assert_eq!(titles(&["--status", "draft"]).len(), 3);
    home.run(&["idea", "list", "--status", "done"])
        .ended(65, &["reality_checked"]);
    home.run(&["idea", "list", "--category", "sports"])
        .ended(64, &["faith"]);
}

#[test]
fn an_idea_goes_along_the_pipeline_and_nowhere_else() {
    let home = Home::external();
    let id = id(&home.run(&["idea", "x"]).ended(0, &[]));
    let go = |words: &[&str]| {
        let words: Vec<&str> = ["idea", "move", &id].iter().chain(words).copied().collect();
        home.run(&words)
    };
    go(&["shipped"]).ended(
        65,
        &[
            "a draft idea becomes parked, reality checked or discarded, not shipped",
            "nothing was saved",
        ],
    );
    let parked = go(&["parked"]).ended(0, &[]).out;
    assert!(
        parked.contains("parked") && parked.contains("review on"),
        "{parked}"
    );
    go(&["reality-checked", "--review-on", "2027-01-01"]).ended(64, &["belongs to parking"]);
    go(&["reality-checked"]).ended(0, &[]);
    go(&["parked", "--review-on", "2027-01-04"]).ended(0, &[]);
    let idea = document(&home, &["idea", "show", &id, "--json"]);
    assert_eq!(
        (&idea["status"], &idea["reviewOn"]),
        (&json!("parked"), &json!("2027-01-04"))
    );
    go(&["parked"]).ended(65, &["parked already"]);
    go(&["finished"]).ended(65, &["is no status"]);
    for step in ["promoted", "shipped", "archived"] {
        go(&[step]).ended(0, &[]);
    }
    go(&["draft"]).ended(65, &["an archived idea stays archived"]);
}

#[test]
fn fields_are_set_and_an_idea_is_deleted_and_brought_back() {
    let home = Home::external();
    let id = id(&home.run(&["idea", "x"]).ended(0, &[]));
    let set = home.run(&[
        "idea",
        "set",
        &id,
        "realityCheck.decision=park",
        "realityCheck.flags=perfection,time optimism",
        "review-on=2027-01-04",
    ]);
    set.ended(0, &[]);
    home.run_with_input(&["idea", "set", &id, "milestones=-"], b"[x] one\ntwo\n")
        .ended(0, &[]);
    let idea = document(&home, &["idea", "show", &id, "--json", "--reveal"]);
    assert_eq!(idea["data"]["realityCheck.decision"], json!("park"));
    assert_eq!(
        idea["data"]["realityCheck.flags"],
        json!(["perfection", "time optimism"])
    );
    assert_eq!(idea["data"]["milestones"], json!(["[x] one", "two"]));
    assert_eq!(idea["status"], json!("draft"), "a decision moves nothing");

    home.run(&["idea", "set", &id, "excitement=11", "pich=planted-needle"])
        .ended(65, &["1–10", "did you mean `pitch`?", "nothing was saved"]);
    home.run(&["idea", "set", &id, "status=shipped"])
        .ended(65, &["nothing was saved"]);
    home.run(&["idea", "delete", &id])
        .ended(0, &[])
        .out
        .contains("restore");
    home.run(&["idea", "show", &id])
        .ended(65, &["there is no idea"]);
    home.run(&["idea", "restore", &id]).ended(0, &[]);
    let back = document(&home, &["idea", "show", &id, "--json", "--reveal"]);
    assert_eq!(back["data"], idea["data"]);
}

#[test]
fn what_is_wrong_with_the_command_is_said() {
    let home = Home::external();
    home.run(&["idea"]).ended(64, &[]);
    home.run(&["idea", "category=tech"])
        .ended(64, &["an idea needs a title"]);
    home.run(&["idea", "show", "7"])
        .ended(65, &["is not an id"]);
    home.run(&["idea", "x", "planted=needle"])
        .ended(65, &["there is no field", "nothing was saved"]);
    // A title may be a word that is a command, or hold a sign.
    home.run(&["idea", "--", "list"]).ended(0, &[]);
    home.run(&["idea", "E=mc2"]).ended(0, &[]);
    let long = "x".repeat(501);
    home.run(&["idea", &long]).ended(65, &["nothing was saved"]);
    let listed = home.run(&["idea", "list", "--reveal"]).ended(0, &[]).out;
    assert!(
        listed.contains("E=mc2") && listed.contains("  list\n"),
        "{listed}"
    );
}

#[test]
fn a_stored_title_reaches_no_terminal_raw() {
    let home = Home::external();
    let title = "日本 \u{1b}[31mred \u{202e}over\u{9b}2J";
    home.run_with_input(&["idea", "-"], title.as_bytes())
        .ended(0, &[]);
    for words in [
        &["idea", "list", "--reveal"][..],
        &["idea", "list", "--reveal", "--json"],
    ] {
        let out = home.run(words).ended(0, &[]).out;
        assert!(out.contains("日本"), "{out}");
        assert!(
            out.chars()
                .all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}')),
            "{}",
            out.escape_debug()
        );
    }
}
