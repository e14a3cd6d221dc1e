//! `wildlands retention`: off by default, dry first, exported before it goes, and back.

use serde_json::Value;

use super::Home;

#[test]
fn nothing_goes_unless_a_policy_is_enabled_and_what_goes_comes_back() {
    let home = Home::external();
    home.run(&["log", "2020-01-05", "energy=3"]).ended(0, &[]);
    let made = home.run_with_input(&["idea", "-"], b"planted-needle\n");
    made.ended(0, &[]);
    let none = home.run(&["retention"]).ended(0, &[]).out;
    assert!(none.contains("no policy; everything is kept"), "{none}");
    let set = [
        "retention",
        "set",
        "logs",
        "--days",
        "365",
        "--action",
        "delete",
    ];
    let told = home.run(&set).ended(0, &[]).out;
    assert!(told.contains("off"), "{told}");
    let idle = home.run(&["retention", "--run", "--yes"]).ended(0, &[]).out;
    assert!(idle.contains("no policy is enabled"), "{idle}");
    let dry = home
        .run(&["retention", "--dry-run", "--json"])
        .ended(0, &[])
        .out;
    let dry: Value = serde_json::from_str(&dry).unwrap();
    assert_eq!(dry[0]["concerned"], 1);
    assert_eq!(dry[0]["oldest"][0]["day"], "2020-01-05");
    let id = dry[0]["oldest"][0]["id"].as_str().unwrap().to_owned();

    home.run(&["retention", "enable", "logs"]).ended(0, &[]);
    home.run(&["retention", "--run"]).ended(64, &["--yes"]);
    let file = home.directory.path().join("gone.json");
    let path = file.to_str().unwrap();
    let run = home.run(&["retention", "--run", "--yes", "--export", path]);
    let run = run.ended(0, &[]).out;
    assert!(
        run.contains("logs: 1 deleted") && run.contains("gone.json"),
        "{run}"
    );
    let gone: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(gone["data"]["logs"][0]["id"], id.as_str());
    let day = home.run(&["log", "2020-01-05"]).ended(0, &[]).out;
    assert!(day.contains("Nothing is logged"), "{day}");

    home.run(&["retention", "bring-back", "logs", &id])
        .ended(0, &[]);
    let day = home.run(&["log", "2020-01-05", "--json"]).ended(0, &[]).out;
    let day: Value = serde_json::from_str(&day).unwrap();
    assert_eq!(day["data"]["energy"], 3);
    home.run(&["retention", "bring-back", "logs", &id])
        .ended(65, &["neither archived nor deleted"]);
    home.run(&["retention", "enable", "ideas"])
        .ended(65, &["no policy"]);
    home.run(&["retention", "enable", "users"])
        .ended(64, &["no table of yours"]);
    let history = [
        "retention",
        "set",
        "record_history",
        "--days",
        "9",
        "--action",
        "archive",
    ];
    home.run(&history).ended(65, &["no archive"]);
}

#[test]
fn what_is_archived_is_listed_masked_and_comes_back() {
    let home = Home::external();
    home.run(&["log", "2020-01-05", "energy=3"]).ended(0, &[]);
    for order in [
        &["set", "logs", "--days", "365", "--action", "archive"][..],
        &["enable", "logs"],
    ] {
        home.run(&[&["retention"], order].concat()).ended(0, &[]);
    }
    let file = home.directory.path().join("archived.json");
    let path = file.to_str().unwrap();
    home.run(&["retention", "--run", "--yes", "--export", path])
        .ended(0, &[]);
    let listed = home
        .run(&["retention", "archived", "logs"])
        .ended(0, &[])
        .out;
    assert_eq!(listed.lines().count(), 1, "{listed}");
    let back = home.run(&["retention", "bring-back", "logs", "--all"]);
    assert_eq!(back.ended(0, &[]).out, "1 brought back\n");
    let listed = home.run(&["retention", "archived"]).ended(0, &[]).out;
    assert_eq!(listed, "nothing is archived\n");
}
