//! What earlier runs left on this machine is in what subcommands show, or is said.

use std::fs;
use std::path::PathBuf;

use harriswildlands::domain::ids::{RecordId, RequestId};
use harriswildlands::domain::log::LogPatch;
use harriswildlands::domain::meeting::Base;
use harriswildlands::store::api::{Mutation, Write};
use harriswildlands::store::connect::Source;
use harriswildlands::store::outbox::Outbox;
use harriswildlands::store::queries::users::Account;
use harriswildlands::store::target::Target;
use jiff::civil::date;
use serde_json::{Value, json};

use super::Home;

fn change(patch: Value) -> Write {
    Write {
        request: RequestId::new(),
        mutation: Mutation::patch_log(
            RecordId::new(),
            date(2026, 11, 23),
            LogPatch::from_json(patch).unwrap(),
        ),
    }
}

/// The outbox of a program of this home, with these changes in it.
fn outbox(home: &Home, changes: &[Write]) -> Outbox {
    let url = home.variables[0].1.clone();
    let env = |name: &str| (name == "DATABASE_URL").then(|| url.clone());
    let source = Source::External(Target::from_env(&env).unwrap());
    let state = home.path().join("state");
    let person = Account::of_system().username;
    let mut outbox = Outbox::new(&state, &source.fingerprint(), &person);
    outbox.keep(changes).unwrap();
    outbox
}

fn files(home: &Home) -> Vec<PathBuf> {
    let entries = fs::read_dir(home.path().join("state/outbox")).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// The same, left behind by a program that is gone. A copy was never locked by this process.
fn abandoned(home: &Home, changes: &[Write]) {
    let held = outbox(home, changes);
    let files = files(home);
    assert_eq!(files.len(), 1, "{files:?}");
    let name = format!("{}.outbox", uuid::Uuid::now_v7());
    fs::copy(&files[0], files[0].with_file_name(name)).unwrap();
    drop(held);
    fs::remove_file(&files[0]).unwrap();
}

fn exported(home: &Home) -> (Value, String) {
    let run = home.run(&["export", "-"]).ended(0, &[]);
    (serde_json::from_str(&run.out).unwrap(), run.err)
}

#[test]
fn changes_that_wait_are_in_the_export_and_in_the_day_once() {
    let home = Home::external();
    let waiting = [change(json!({"mood": 3})), change(json!({"energy": 6}))];
    abandoned(&home, &waiting);
    let (document, err) = exported(&home);
    assert_eq!(
        document["data"]["logs"][0]["data"],
        json!({"mood": 3, "energy": 6})
    );
    assert!(!err.contains("not in the database"), "{err}");
    assert_eq!(files(&home), Vec::<PathBuf>::new());
    // An older change that comes again has no second effect.
    home.run(&["log", "2026-11-23", "mood=8"]).ended(0, &[]);
    abandoned(&home, &waiting);
    let day = home.day("2026-11-23");
    assert_eq!(
        (&day["data"]["mood"], &day["version"]),
        (&json!(8), &json!(3))
    );
}

#[test]
fn a_new_answer_goes_after_those_that_wait() {
    let home = Home::external();
    abandoned(&home, &[change(json!({"mood": 3, "energy": 6}))]);
    home.run(&["log", "2026-11-23", "mood=8"]).ended(0, &[]);
    let day = home.day("2026-11-23");
    assert_eq!(day["data"], json!({"mood": 8, "energy": 6}));
}

#[test]
fn what_was_changed_elsewhere_meanwhile_is_said() {
    let home = Home::external();
    let seen = Base::Seen {
        texts: LogPatch::default(),
        figures: LogPatch::default(),
    };
    let mut waits = change(json!({"mood": 3}));
    let Mutation::PatchLog { base, .. } = &mut waits.mutation;
    *base = seen;
    home.run(&["log", "2026-11-23", "mood=8"]).ended(0, &[]);
    abandoned(&home, &[waits]);
    let words = "mood of 2026-11-23 was changed elsewhere meanwhile; that stays";
    let run = home.run(&["log", "2026-11-23"]).ended(0, &[words]);
    assert!(run.out.contains("mood  8"), "{}", run.out);
}

#[test]
fn what_cannot_be_applied_is_said_and_stays() {
    let home = Home::external();
    let planted = format!("planted-needle {}", "x".repeat(70_000));
    abandoned(
        &home,
        &[
            change(json!({ "topWin": planted })),
            change(json!({"mood": 3})),
        ],
    );
    let words = "1 change on this machine is not in the database yet: ";
    let run = home.run(&["log", "2026-11-23"]).ended(0, &[words]);
    assert!(!run.err.contains("needle") && !run.out.contains("needle"));
    assert!(run.out.contains("mood  3"), "{}", run.out);
    let kept = files(&home);
    assert_eq!(kept.len(), 1);
    assert!(fs::read_to_string(&kept[0]).unwrap().contains("needle"));
    home.run(&["export", "-"]).ended(0, &[words]);
}

#[test]
fn a_program_that_is_open_keeps_its_own() {
    let home = Home::external();
    let held = outbox(&home, &[change(json!({"mood": 3}))]);
    let (document, _) = exported(&home);
    assert_eq!(document["counts"]["logs"], json!(0));
    assert_eq!(files(&home).len(), 1);
    drop(held);
}

#[test]
fn unsaved_texts_are_mentioned_and_left_alone() {
    let home = Home::external();
    let directory = home.path().join("state/drafts/018f");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("lock"), "").unwrap();
    fs::write(directory.join("0123.draft"), "planted-needle").unwrap();
    let words = "1 unsaved text waits for you in the program";
    for command in [&["log"][..], &["log", "mood=7"], &["export", "-"]] {
        let run = home.run(command).ended(0, &[words]);
        assert!(!run.err.contains("needle") && !run.out.contains("needle"));
    }
    assert!(directory.join("0123.draft").exists());
    fs::write(directory.join("4567.draft"), "").unwrap();
    home.run(&["log"])
        .ended(0, &["2 unsaved texts wait for you in the program"]);
}
