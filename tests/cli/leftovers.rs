//! What earlier runs left on this machine is in what subcommands show, or is said.

use std::fs;
use std::path::PathBuf;

use harriswildlands::domain::ids::{RecordId, RequestId};
use harriswildlands::domain::meeting::Base;
use harriswildlands::domain::patch::Patch;
use harriswildlands::domain::secret::Secret;
use harriswildlands::store::address::Address;
use harriswildlands::store::api::{Mutation, Write};
use harriswildlands::store::connect::Source;
use harriswildlands::store::drafts::DraftStore;
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
            Patch::from_json(patch).unwrap(),
        ),
    }
}

fn source(home: &Home) -> Source {
    let url = home.variables[0].1.clone();
    let env = |name: &str| (name == "DATABASE_URL").then(|| url.clone());
    Source::External(Target::from_env(&env).unwrap())
}

/// The outbox of a program of this home, with these changes in it.
fn outbox(home: &Home, changes: &[Write]) -> Outbox {
    let source = source(home);
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
        texts: Patch::default(),
        figures: Patch::default(),
    };
    let mut waits = change(json!({"mood": 3}));
    let Mutation::PatchLog { base, .. } = &mut waits.mutation else {
        panic!("of a log")
    };
    *base = seen;
    home.run(&["log", "2026-11-23", "mood=8"]).ended(0, &[]);
    abandoned(&home, &[waits]);
    let words = "mood of 2026-11-23 was changed elsewhere meanwhile; that stays";
    let run = home.run(&["log", "2026-11-23"]).ended(0, &[words]);
    assert!(run.out.contains("mood  8"), "{}", run.out);
}

#[test]
fn what_is_refused_is_said_once_and_its_texts_are_offered() {
    let home = Home::external();
    let planted = format!("planted-needle {}", "x".repeat(70_000));
    abandoned(
        &home,
        &[
            change(json!({ "topWin": planted, "energy": 4, "stress": null })),
            change(json!({"mood": 3})),
        ],
    );
    let words = "a change of 2026-11-23 was refused: ";
    let figures = "not saved: energy, stress; its text is offered in the program";
    let waits = "1 unsaved text waits for you in the program";
    let run = home
        .run(&["log", "2026-11-23"])
        .ended(0, &[words, figures, waits]);
    assert!(!run.err.contains("needle") && !run.out.contains("needle"));
    assert!(run.out.contains("mood  3"), "{}", run.out);
    assert_eq!(files(&home), Vec::<PathBuf>::new());
    let run = home.run(&["export", "-"]).ended(0, &[waits]);
    assert!(!run.err.contains("refused") && !run.err.contains("not in the database"));
    let address = Address::new(&source(&home).fingerprint(), &Account::of_system().username);
    let (drafts, problems) = DraftStore::open(&home.path().join("state"), address).recover();
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(drafts.len(), 1);
    assert_eq!(drafts[0].draft.place.field(), "topWin");
    assert_eq!(drafts[0].draft.text, Secret::new(planted));
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
