//! `wildlands review`: a week printed, its questions answered from a script, its figures kept, refused.

use std::fs;

use serde_json::{Value, json};

use super::Home;

fn document(home: &Home, words: &[&str]) -> Value {
    serde_json::from_str(&home.run(words).ended(0, &[]).out).unwrap()
}

#[test]
fn a_week_is_looked_at_answered_and_completed_from_a_script() {
    let home = Home::external();
    for (day, energy) in [("2026-03-02", "5"), ("2026-03-03", "8")] {
        home.run(&["log", day, &format!("energy={energy}"), "exercise=yes"])
            .ended(0, &[]);
    }
    let shown = home.run(&["review", "2026-W10"]).ended(0, &[]).out;
    for words in [
        "2026-W10, Mon 2 to Sun 8 Mar 2026",
        "days logged 2 of 7",
        "energy    6.5",
        "exercise  2 of 2",
        "What was in the way?",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let answer = ["review", "2026-03-05", "answer", "in-the-way", "-"];
    let said = home
        .run_with_input(&answer, b"planted-needle\n")
        .ended(0, &[]);
    assert!(
        said.out.ends_with("saved\n") && !said.out.contains("needle"),
        "{}",
        said.out
    );
    home.run_with_input(&["review", "2026-W10", "answer", "3", "-"], b"Rest.\n")
        .ended(0, &[]);

    let masked = document(&home, &["review", "2026-W10", "--json"]);
    assert_eq!(masked["review"]["answers"]["inTheWay"], Value::Null);
    assert_eq!(
        masked["review"]["masked"],
        json!(["comingWeek", "inTheWay"])
    );
    let open = document(&home, &["review", "2026-W10", "--json", "--reveal"]);
    assert_eq!(
        open["review"]["answers"]["inTheWay"],
        json!("planted-needle")
    );
    assert_eq!(open["daysLogged"]["logged"], json!(2));
    let energy = &open["fields"][0];
    assert_eq!(energy["observed"], json!({"answered": 2, "value": 6.5}));

    home.run(&["review", "2026-W10", "complete"]).ended(0, &[]);
    home.run(&["log", "2026-03-04", "energy=2"]).ended(0, &[]);
    let kept = document(&home, &["review", "2026-W10", "--json"]);
    assert_eq!(kept["review"]["kept"]["daysLogged"]["logged"], json!(2));
    assert_eq!(kept["daysLogged"]["logged"], json!(3));
    assert_eq!(
        kept["review"]["differences"],
        json!(["days logged", "energy"])
    );

    let markdown = home
        .run(&["review", "2026-W10", "--markdown"])
        .ended(0, &[])
        .out;
    assert!(
        markdown.starts_with("# Week 2026-W10\n") && !markdown.contains("needle"),
        "{markdown}"
    );
    let markdown = home
        .run(&["review", "2026-W10", "--markdown", "--reveal"])
        .ended(0, &[])
        .out;
    assert!(markdown.contains("planted-needle"), "{markdown}");

    let listed = home.run(&["review", "--list"]).ended(0, &[]).out;
    assert!(
        listed.starts_with("2026-W10  Mon 2 to Sun 8 Mar 2026  completed "),
        "{listed}"
    );
    assert_eq!(
        document(&home, &["review", "--list", "--json"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // Answers are found, without being shown.
    let found = home.run(&["search", "planted-needle"]).ended(0, &[]).out;
    assert!(
        found.contains("reviews") && !found.contains("planted-needle"),
        "{found}"
    );
}

#[test]
fn what_is_no_week_and_no_question_is_refused_with_what_there_is() {
    let home = Home::external();
    home.run(&["review", "sometime"])
        .ended(65, &["“sometime” is not a week", "2026-W47"]);
    home.run(&["review", "2026-W60"])
        .ended(65, &["2026 has no week 60"]);
    home.run(&["review", "last", "answer", "why", "-"])
        .ended(65, &["notInFigures, inTheWay, comingWeek"]);
    home.run(&["review", "last", "answer", "1"])
        .ended(64, &["answer QUESTION TEXT"]);
    home.run(&["review", "last", "dance"])
        .ended(64, &["complete"]);
    let empty = home.run(&["review", "-2"]).ended(0, &[]).out;
    assert!(empty.contains("days logged 0 of 7"), "{empty}");
    home.run(&["review", "--list"]).ended(0, &[]);
}

#[test]
fn own_questions_are_asked() {
    let home = Home::external();
    let config = home.path().join("config");
    fs::create_dir_all(&config).unwrap();
    let toml = "[[section]]\ntitle = \"Q\"\nfield = [ { key = \"answers.rest\", label = \"rest\", kind = \"text\", \
        sensitive = false, prompt = \"Where was rest?\" } ]\n";
    fs::write(config.join("reviews.toml"), toml).unwrap();
    let shown = home
        .run(&["review", "answer", "rest", "In the garden"])
        .ended(0, &[]);
    assert!(shown.out.ends_with("saved\n"), "{}", shown.out);
    let shown = home.run(&["review"]).ended(0, &[]).out;
    assert!(
        shown.contains("Where was rest?\n    In the garden"),
        "{shown}"
    );
    assert!(!shown.contains("in the way"), "{shown}");
}
