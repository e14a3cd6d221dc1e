//! `wildlands history`: versions listed, shown, compared, brought back; private texts masked.

use serde_json::Value;

use super::Home;

fn document(home: &Home, words: &[&str]) -> Value {
    serde_json::from_str(&home.run(words).ended(0, &[]).out).unwrap()
}

#[test]
fn the_versions_of_a_day_are_listed_compared_and_one_comes_back() {
    let home = Home::external();
    home.run(&["log", "2026-11-23", "energy=3"]).ended(0, &[]);
    home.run_with_input(
        &["log", "2026-11-23", "energy=7", "driftCheck=-"],
        b"planted-needle",
    )
    .ended(0, &[]);
    let day = ["history", "log", "2026-11-23"];
    let listed = home.run(&day).ended(0, &[]).out;
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(
        listed.lines().next().unwrap().contains("energy"),
        "{listed}"
    );
    assert!(!listed.contains("needle"), "{listed}");

    let shown = home
        .run(&[&day[..], &["show", "2"]].concat())
        .ended(0, &[])
        .out;
    assert!(!shown.contains("needle") && shown.contains('7'), "{shown}");
    let two = home.run(&[&day[..], &["compare", "1", "2"]].concat());
    let two = two.ended(0, &[]).out;
    assert!(two.contains("   1  3") && two.contains("   2  7"), "{two}");
    assert!(!two.contains("needle"), "{two}");
    let two = document(
        &home,
        &[&day[..], &["compare", "2", "1", "--json", "--reveal"]].concat(),
    );
    assert_eq!(two["fields"]["driftCheck"][1], "planted-needle");

    home.run(&[&day[..], &["bring-back", "1"]].concat())
        .ended(0, &[]);
    let log = document(&home, &["log", "2026-11-23", "--json"]);
    assert_eq!(log["data"]["energy"], 3);
    let versions = document(&home, &[&day[..], &["--json"]].concat());
    assert_eq!(versions[0]["version"], 3);
    assert_eq!(versions[1]["masked"][0], "driftCheck");
    home.run(&[&day[..], &["show", "9"]].concat())
        .ended(65, &["no version 9"]);
    home.run(&["history", "log", "2020-01-01"])
        .ended(65, &["nothing was ever saved"]);
    home.run(&["history", "clouds", "2020-01-01"])
        .ended(64, &["no kind of record"]);
}

#[test]
fn a_deleted_idea_comes_back_in_any_version_but_only_with_a_status_it_may_have() {
    let home = Home::external();
    let made = home.run_with_input(&["idea", "-"], b"first title\n");
    let id = made.ended(0, &[]).out;
    let id = id.split_whitespace().next().unwrap().to_owned();
    home.run(&["idea", "set", &id, "title=second"])
        .ended(0, &[]);
    home.run(&["idea", "move", &id, "parked"]).ended(0, &[]);
    home.run(&["idea", "move", &id, "promoted"]).ended(0, &[]);
    home.run(&["idea", "delete", &id]).ended(0, &[]);
    let listed = home.run(&["history", "ideas", &id]).ended(0, &[]).out;
    assert!(listed.contains("deleted"), "{listed}");
    let back = home.run(&["history", "ideas", &id, "bring-back", "1"]);
    let back = back.ended(0, &[]).out;
    assert!(back.contains("its status stays promoted"), "{back}");
    let idea = document(&home, &["idea", "show", &id, "--json", "--reveal"]);
    assert_eq!(idea["data"]["title"], "first title");
    assert_eq!(idea["status"], "promoted");
    // A version that changed nothing is told by what it did.
    let listed = home.run(&["history", "ideas", &id]).ended(0, &[]).out;
    assert!(listed.contains("brought back"), "{listed}");
}
