//! Outbox and drafts: what was on disk comes back, whatever happened to the process or the file.
//!
//! A binary of its own: a lock counts as held for as long as any process has the file open, and a
//! process that another test has just started has, for a moment, everything open that this one has.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use harriswildlands::domain::draft::{Draft, OldDraft, Place};
use harriswildlands::domain::ids::{DraftId, RecordId, RequestId};
use harriswildlands::domain::meeting::Base;
use harriswildlands::domain::patch::Patch;
use harriswildlands::domain::secret::{Exit, Secret};
use harriswildlands::store::address::Address;
use harriswildlands::store::api::{Mutation, Write};
use harriswildlands::store::drafts::DraftStore;
use harriswildlands::store::edits::EditFile;
use harriswildlands::store::outbox::{Outbox, UNADDRESSED};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

/// Held for writing while a process is started, for reading by every test that gives up a lock.
static FORKS: RwLock<()> = RwLock::new(());

fn no_fork() -> RwLockReadGuard<'static, ()> {
    FORKS.read().unwrap_or_else(PoisonError::into_inner)
}

fn patch_log(date: Date, json: Value) -> Write {
    Write {
        request: RequestId::new(),
        mutation: Mutation::patch_log(RecordId::new(), date, Patch::from_json(json).unwrap()),
    }
}

fn outbox(state: &Path) -> Outbox {
    Outbox::new(state, "host:5432/db", "bruce")
}

fn address() -> Address {
    Address::new("host:5432/db", "bruce")
}

fn drafts_of(state: &Path) -> DraftStore {
    DraftStore::open(state, address())
}

/// What is offered, and what is said of the rest.
fn offered(store: &mut DraftStore) -> (Vec<Draft>, Vec<String>) {
    let (drafts, problems) = store.recover();
    (drafts.into_iter().map(|old| old.draft).collect(), problems)
}

fn listed(directory: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

fn only_file(state: &Path) -> PathBuf {
    let files = listed(&state.join("outbox"));
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

fn draft(field: &str, text: &str, second: i64) -> Draft {
    Draft {
        place: Place::Log {
            date: date(2026, 11, 24),
            field: field.to_owned(),
        },
        text: Secret::new(text.to_owned()),
        saved_at: Timestamp::from_second(second).unwrap(),
    }
}

#[test]
fn kept_writes_come_back_in_order_until_they_are_acknowledged() {
    let _held = no_fork();
    let state = tempfile::tempdir().unwrap();
    let writes: Vec<_> = (0..3)
        .map(|n| patch_log(date(2026, 1, 1), json!({"topWin": format!("ü {n}\n")})))
        .collect();
    let mut first = outbox(state.path());
    for write in &writes {
        first.keep(std::slice::from_ref(write)).unwrap();
    }
    let file = only_file(state.path());
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        fs::metadata(state.path().join("outbox"))
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o700
    );
    // While its process lives, nobody else takes it.
    assert_eq!(outbox(state.path()).take_over().writes, []);
    drop(first);
    // Another database or person leaves it alone.
    assert_eq!(
        Outbox::new(state.path(), "other", "bruce")
            .take_over()
            .writes,
        []
    );
    assert_eq!(
        Outbox::new(state.path(), "host:5432/db", "anna")
            .take_over()
            .writes,
        []
    );

    let mut second = outbox(state.path());
    let recovered = second.take_over();
    assert_eq!(recovered.writes, writes);
    assert!(recovered.problems.is_empty());
    for write in &writes {
        second.remove(write.request);
    }
    drop(second);
    assert!(listed(&state.path().join("outbox")).is_empty());
}

#[test]
fn what_a_change_takes_for_granted_is_kept_with_it() {
    let _held = no_fork();
    let state = tempfile::tempdir().unwrap();
    let one = |value: &str| Patch::one("topWin", Some(Value::from(value)));
    let seen = Base::Seen {
        texts: one("seen"),
        figures: Patch::one("mood", Some(Value::from(7))),
    };
    let writes: Vec<Write> = [Base::Any, seen, Base::Exactly(one("this"))]
        .into_iter()
        .map(|given| {
            let mut write = patch_log(date(2026, 1, 1), json!({"topWin": "new"}));
            let Mutation::PatchLog { base, .. } = &mut write.mutation else {
                panic!("of a log")
            };
            *base = given;
            write
        })
        .collect();
    let mut first = outbox(state.path());
    first.keep(&writes).unwrap();
    drop(first);
    assert_eq!(outbox(state.path()).take_over().writes, writes);
}

#[test]
fn what_was_written_while_no_database_was_known_is_for_the_next_one() {
    let _held = no_fork();
    let state = tempfile::tempdir().unwrap();
    let write = patch_log(date(2026, 1, 1), json!({"energy": 7}));
    let mut unaddressed = Outbox::new(state.path(), UNADDRESSED, "bruce");
    unaddressed.keep(std::slice::from_ref(&write)).unwrap();
    drop(unaddressed);
    let mut annas = Outbox::new(state.path(), "host:5432/db", "anna");
    assert_eq!(annas.take_over().writes, []);
    drop(annas);
    let mut known = outbox(state.path());
    assert_eq!(known.take_over().writes, [write]);
}

#[test]
fn an_acknowledged_outbox_is_empty_at_once_and_gone_at_the_end() {
    let _held = no_fork();
    let state = tempfile::tempdir().unwrap();
    let mut outbox = outbox(state.path());
    let write = patch_log(date(2026, 1, 1), json!({"driftCheck": "secret words"}));
    outbox.keep(std::slice::from_ref(&write)).unwrap();
    outbox.remove(write.request);
    assert_eq!(fs::read(only_file(state.path())).unwrap(), b"");
    outbox.keep(std::slice::from_ref(&write)).unwrap();
    assert!(
        fs::read_to_string(only_file(state.path()))
            .unwrap()
            .contains("secret words")
    );
    outbox.remove(write.request);
    drop(outbox);
    assert!(listed(&state.path().join("outbox")).is_empty());
}

type Damage = fn(&mut Vec<u8>);

#[test]
fn a_damaged_outbox_gives_what_can_be_read_and_keeps_the_rest_aside() {
    let _held = no_fork();
    let damages: [(&str, usize, Damage); 4] = [
        ("truncated", 2, |bytes| bytes.truncate(bytes.len() - 9)),
        ("a flipped digit", 2, |bytes| {
            let at = bytes.iter().position(|byte| *byte == b'7').unwrap();
            bytes[at] = b'8';
        }),
        ("garbage behind", 3, |bytes| {
            bytes.extend_from_slice(b"\xff\xfe\0garbage");
        }),
        ("garbage alone", 0, |bytes| *bytes = vec![0xff; 5000]),
    ];
    for (name, readable, damage) in damages {
        let state = tempfile::tempdir().unwrap();
        let mut first = outbox(state.path());
        let writes: Vec<_> = (0..3)
            .map(|n| {
                patch_log(
                    date(2026, 1, 1),
                    json!({"energy": n, "topWin": "planted words"}),
                )
            })
            .collect();
        first.keep(&writes).unwrap();
        drop(first);
        let file = only_file(state.path());
        let mut bytes = fs::read(&file).unwrap();
        damage(&mut bytes);
        fs::write(&file, bytes).unwrap();

        let mut second = outbox(state.path());
        let recovered = second.take_over();
        assert_eq!(recovered.writes.len(), readable, "{name}");
        assert!(
            recovered.writes.iter().all(|write| writes.contains(write)),
            "{name}"
        );
        assert_eq!(recovered.problems.len(), 1, "{name}");
        assert!(!recovered.problems[0].contains("planted words"), "{name}");
        let aside: Vec<_> = listed(&state.path().join("outbox"))
            .into_iter()
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "damaged")
            })
            .collect();
        assert_eq!(aside.len(), 1, "{name}");
        assert!(fs::metadata(&aside[0]).unwrap().len() > 0);
        drop(second);
        // The damage is told once; the readable rest is still there.
        let mut third = outbox(state.path());
        let again = third.take_over();
        assert_eq!(again.writes.len(), readable, "{name}");
        assert!(again.problems.is_empty(), "{name}");
    }
}

#[test]
fn drafts_survive_until_they_are_dropped() {
    let _held = no_fork();
    let state = tempfile::tempdir().unwrap();
    let mut first = drafts_of(state.path());
    first.save(&draft("topWin", "on", 1)).unwrap();
    first.save(&draft("topWin", "one 🌲\u{1b}[2J", 2)).unwrap();
    first.save(&draft("driftCheck", "two", 3)).unwrap();
    first.save(&draft("lessonsLearned", "three", 4)).unwrap();
    first.drop(&draft("lessonsLearned", "", 0).place);
    assert_eq!(drafts_of(state.path()).recover().0, [], "its process lives");
    drop(first);
    let expected = [
        draft("topWin", "one 🌲\u{1b}[2J", 2),
        draft("driftCheck", "two", 3),
    ];
    for _ in 0..2 {
        // Taken over, and left behind again.
        let mut next = drafts_of(state.path());
        let (drafts, problems) = offered(&mut next);
        assert_eq!(drafts, expected);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(next.recover().0, [], "offered once");
    }
    let mut last = drafts_of(state.path());
    for OldDraft { id, .. } in last.recover().0 {
        last.forget(id);
    }
    assert!(listed(&state.path().join("drafts")).is_empty());
}

#[test]
fn a_draft_that_was_left_for_later_survives_what_is_typed_in_its_place() {
    let _held = no_fork();
    let state = tempfile::tempdir().unwrap();
    let mut first = drafts_of(state.path());
    first.save(&draft("topWin", "from before", 1)).unwrap();
    drop(first);
    let mut second = drafts_of(state.path());
    assert_eq!(second.recover().0.len(), 1);
    // Typed, saved, and the draft of it dropped.
    second.save(&draft("topWin", "typed now", 2)).unwrap();
    second.drop(&draft("topWin", "", 0).place);
    second.save(&draft("topWin", "typed last", 3)).unwrap();
    drop(second);
    let mut third = drafts_of(state.path());
    let (drafts, problems) = third.recover();
    let texts: Vec<_> = drafts.iter().map(|old| old.draft.clone()).collect();
    assert_eq!(
        texts,
        [
            draft("topWin", "from before", 1),
            draft("topWin", "typed last", 3)
        ]
    );
    assert!(problems.is_empty(), "{problems:?}");
    // One of them is settled: the other is still there.
    third.forget(drafts[1].id);
    third.drop(&drafts[0].draft.place);
    drop(third);
    assert_eq!(offered(&mut drafts_of(state.path())).0, texts[..1]);
}

#[test]
fn a_refused_text_has_its_own_file_until_that_very_text_is_forgotten() {
    let _held = no_fork();
    let state = tempfile::tempdir().unwrap();
    let mut store = drafts_of(state.path());
    let kept = |text: &str| OldDraft {
        id: DraftId::new(),
        draft: draft("topWin", text, 1),
    };
    let (mut first, second) = (kept("first"), kept("second"));
    store.keep(&first).unwrap();
    store.keep(&second).unwrap();
    store.save(&draft("topWin", "typed", 2)).unwrap();
    store.drop(&first.draft.place);
    first.draft.text = Secret::new("first, refused again".to_owned());
    store.keep(&first).unwrap();
    store.forget(second.id);
    drop(store);
    let (drafts, problems) = offered(&mut drafts_of(state.path()));
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(drafts, [first.draft]);
}

#[test]
fn drafts_of_another_database_or_person_stay_as_they_are() {
    let _held = no_fork();
    let state = tempfile::tempdir().unwrap();
    let others = [
        Address::new("other:5432/db", "bruce"),
        Address::new("host:5432/db", "clark"),
    ];
    for (n, other) in others.iter().enumerate() {
        let mut store = DraftStore::open(state.path(), other.clone());
        let place = draft("topWin", &format!("of other {n}"), 1);
        store.save(&place).unwrap();
    }
    let mut unaddressed = DraftStore::open(state.path(), Address::new(UNADDRESSED, "bruce"));
    let for_any = draft("topWin", "for any", 2);
    unaddressed.save(&for_any).unwrap();
    drop(unaddressed);
    // As a program wrote it that knew of no address.
    let mut old = drafts_of(state.path());
    let of_old = draft("topWin", "of an old program", 3);
    old.save(&of_old).unwrap();
    drop(old);
    for directory in listed(&state.path().join("drafts")) {
        for path in listed(&directory) {
            let text = fs::read_to_string(&path).unwrap();
            if text.contains("of an old program") {
                let mut json: Value = serde_json::from_str(&text).unwrap();
                json.as_object_mut().unwrap().remove("for").unwrap();
                fs::write(&path, json.to_string()).unwrap();
            }
        }
    }
    let mut here = drafts_of(state.path());
    let (drafts, problems) = here.recover();
    let texts: Vec<_> = drafts.iter().map(|old| old.draft.clone()).collect();
    assert_eq!(texts, [for_any, of_old]);
    assert!(problems.is_empty(), "{problems:?}");
    for OldDraft { id, .. } in drafts {
        here.forget(id);
    }
    // The others are offered where they belong, even now.
    for (n, other) in others.into_iter().enumerate() {
        let mut store = DraftStore::open(state.path(), other);
        let place = draft("topWin", &format!("of other {n}"), 1);
        assert_eq!(offered(&mut store).0, [place]);
    }
}

#[test]
fn an_interrupted_replacement_is_carried_out_or_forgotten() {
    let _held = no_fork();
    let state = tempfile::tempdir().unwrap();
    for whole in [true, false] {
        let mut store = drafts_of(state.path());
        store.save(&draft("topWin", "older", 1)).unwrap();
        drop(store);
        let directory = listed(&state.path().join("drafts")).remove(0);
        let of_draft = |path: &PathBuf| path.extension().is_some_and(|name| name == "draft");
        let named = listed(&directory).into_iter().find(of_draft).unwrap();
        let text = fs::read_to_string(&named).unwrap();
        let newer = text.replace("older", "newer");
        let length = if whole { newer.len() } else { newer.len() / 2 };
        fs::write(named.with_extension("new"), &newer[..length]).unwrap();
        let mut next = drafts_of(state.path());
        let (drafts, problems) = next.recover();
        assert!(problems.is_empty(), "{problems:?}");
        let expected = if whole { "newer" } else { "older" };
        assert_eq!(drafts.len(), 1);
        assert_eq!(drafts[0].draft, draft("topWin", expected, 1));
        next.forget(drafts[0].id);
        assert!(listed(&state.path().join("drafts")).is_empty());
    }
}

/// A text with an editor, and what the editor made of it; both are gone.
fn left_by_an_editor(state: &Path, address: &Address, field: &str, made: Option<&[u8]>) -> PathBuf {
    let place = draft(field, "", 0).place;
    let began = Secret::new("at first".to_owned());
    let file = EditFile::write(state, address, &place, &began).unwrap();
    let path = file.path().to_owned();
    for entry in listed(path.parent().unwrap()) {
        let mode = fs::metadata(&entry).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", entry.display());
    }
    if let Some(made) = made {
        fs::write(&path, made).unwrap();
    }
    path.parent().unwrap().to_owned()
}

#[test]
fn what_an_editor_was_left_with_is_offered_and_its_directory_goes() {
    let _held = no_fork();
    let state = tempfile::tempdir().unwrap();
    let changed = left_by_an_editor(state.path(), &address(), "topWin", Some(b"and more\n"));
    let same = left_by_an_editor(state.path(), &address(), "topWin", None);
    let other = Address::new("other:5432/db", "bruce");
    let of_other = left_by_an_editor(state.path(), &other, "topWin", Some(b"of another"));
    let place = draft("driftCheck", "", 0).place;
    let text = Secret::new("still there".to_owned());
    let running = EditFile::write(state.path(), &address(), &place, &text).unwrap();
    let mut next = drafts_of(state.path());
    for _ in 0..2 {
        let (drafts, problems) = next.recover();
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(drafts.len(), 1);
        assert_eq!(drafts[0].draft.place, draft("topWin", "", 0).place);
        assert_eq!(drafts[0].draft.text, Secret::new("and more".to_owned()));
        assert!(!changed.exists() && !same.exists());
        assert!(of_other.exists() && running.path().exists());
        // Left for later: it comes back as any draft does.
        next = drafts_of(state.path());
    }
    for OldDraft { id, .. } in next.recover().0 {
        next.forget(id);
    }
    drop(next);
    assert!(listed(&state.path().join("drafts")).is_empty());
    assert_eq!(
        offered(&mut DraftStore::open(state.path(), other)).0.len(),
        1
    );
}

#[test]
fn what_an_editor_saved_for_itself_is_set_aside_and_told_once() {
    let _held = no_fork();
    for made in [Some(b"and more\n".as_slice()), None] {
        let state = tempfile::tempdir().unwrap();
        let directory = left_by_an_editor(state.path(), &address(), "topWin", made);
        fs::write(directory.join(".text.md.swp"), "not written yet").unwrap();
        let mut next = drafts_of(state.path());
        let (drafts, problems) = next.recover();
        assert_eq!(drafts.len(), usize::from(made.is_some()));
        assert_eq!(problems.len(), 1, "{problems:?}");
        let mut aside = listed(state.path());
        aside.retain(|path| !path.ends_with("drafts"));
        assert_eq!(aside.len(), 1);
        assert!(problems[0].contains(aside[0].to_str().unwrap()));
        let mode = fs::metadata(&aside[0]).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        let swap = fs::read(aside[0].join(".text.md.swp")).unwrap();
        assert_eq!(swap, b"not written yet");
        drop(next);
        let (_, problems) = offered(&mut drafts_of(state.path()));
        assert!(problems.is_empty(), "{problems:?}");
    }
}

#[test]
fn what_an_editor_made_unusable_is_set_aside_and_told_once() {
    let _held = no_fork();
    let state = tempfile::tempdir().unwrap();
    left_by_an_editor(
        state.path(),
        &address(),
        "topWin",
        Some(b"a needle \xff\xfe"),
    );
    let (drafts, problems) = drafts_of(state.path()).recover();
    assert!(drafts.is_empty());
    assert_eq!(problems.len(), 1);
    assert!(!problems[0].contains("needle"), "{problems:?}");
    let kept = listed(state.path()).remove(0);
    assert!(problems[0].contains(kept.to_str().unwrap()), "{problems:?}");
    let bytes = fs::read(kept.join("text.md")).unwrap();
    assert_eq!(bytes, b"a needle \xff\xfe");
    let (drafts, problems) = drafts_of(state.path()).recover();
    assert!(drafts.is_empty() && problems.is_empty(), "{problems:?}");
}

#[test]
fn a_damaged_draft_is_set_aside_and_the_others_come_back() {
    let _held = no_fork();
    let state = tempfile::tempdir().unwrap();
    let mut first = drafts_of(state.path());
    first.save(&draft("topWin", "one", 1)).unwrap();
    first.save(&draft("driftCheck", "a needle", 2)).unwrap();
    drop(first);
    let directory = listed(&state.path().join("drafts")).remove(0);
    for path in listed(&directory) {
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600,
            "{path:?}"
        );
        let text = fs::read_to_string(&path).unwrap();
        if text.contains("needle") {
            fs::write(&path, &text[..text.len() - 12]).unwrap();
        }
    }
    let (drafts, problems) = offered(&mut drafts_of(state.path()));
    assert_eq!(drafts, [draft("topWin", "one", 1)]);
    assert_eq!(problems.len(), 1);
    assert!(!problems[0].contains("needle"));
    let aside = listed(&state.path().join("drafts"));
    let aside = aside
        .iter()
        .find(|path| path.extension().is_some_and(|name| name == "damaged"));
    assert!(
        fs::read_to_string(aside.unwrap())
            .unwrap()
            .contains("needl")
    );
}

#[test]
fn two_drafts_of_one_place_are_both_offered_and_the_same_text_once() {
    let _held = no_fork();
    let state = tempfile::tempdir().unwrap();
    let texts = [("later", 9), ("earlier", 2), ("later\n", 4)];
    let mut stores = Vec::new();
    for (text, second) in texts {
        let mut store = drafts_of(state.path());
        store.save(&draft("topWin", text, second)).unwrap();
        stores.push(store);
    }
    drop(stores);
    let (drafts, problems) = offered(&mut drafts_of(state.path()));
    assert_eq!(
        drafts,
        [draft("topWin", "earlier", 2), draft("topWin", "later", 9)]
    );
    assert!(problems.is_empty(), "{problems:?}");
}

/// What a process does that is killed, or whose disk is full; run by the tests below as a process of its own.
#[test]
fn as_another_process() {
    let Some(state) = std::env::var_os("WILDLANDS_TEST_STATE").map(PathBuf::from) else {
        return;
    };
    let mut outbox = outbox(&state);
    let mut drafts = drafts_of(&state);
    let long = "x".repeat(60_000);
    let write = patch_log(date(2026, 1, 1), json!({"topWin": "fits"}));
    outbox.keep(std::slice::from_ref(&write)).unwrap();
    drafts.save(&draft("topWin", "fits", 1)).unwrap();
    if std::env::var_os("WILDLANDS_TEST_FULL").is_some() {
        let long_write = patch_log(date(2026, 1, 1), json!({"topWin": long}));
        assert!(outbox.keep(&[long_write]).is_err(), "the disk is not full");
        assert!(
            drafts.save(&draft("topWin", &long, 2)).is_err(),
            "the disk is not full"
        );
        // What fits goes on, in the same file.
        outbox
            .keep(&[patch_log(date(2026, 1, 2), json!({"topWin": "fits too"}))])
            .unwrap();
    }
    nix::sys::signal::kill(nix::unistd::Pid::this(), nix::sys::signal::Signal::SIGKILL).unwrap();
}

fn other_process(state: &Path, full: bool) {
    // The limit of a file's size stands for a full disk; the signal that goes with it is ignored.
    let limit = if full {
        "trap '' XFSZ; ulimit -f 16; "
    } else {
        ""
    };
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!(
            "{limit}exec \"$0\" --exact as_another_process --nocapture"
        ))
        .arg(std::env::current_exe().unwrap())
        .env("WILDLANDS_TEST_STATE", state);
    if full {
        command.env("WILDLANDS_TEST_FULL", "1");
    }
    command.stdout(Stdio::piped());
    let started = {
        let _alone = FORKS.write().unwrap_or_else(PoisonError::into_inner);
        command.spawn().unwrap()
    };
    let output = started.wait_with_output().unwrap();
    let signal = std::os::unix::process::ExitStatusExt::signal(&output.status);
    assert_eq!(
        signal,
        Some(9),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn what_a_killed_process_kept_is_there() {
    for full in [false, true] {
        let state = tempfile::tempdir().unwrap();
        other_process(state.path(), full);
        let recovered = outbox(state.path()).take_over();
        assert_eq!(recovered.problems, [] as [String; 0], "full: {full}");
        assert_eq!(recovered.writes.len(), if full { 2 } else { 1 });
        let (drafts, problems) = offered(&mut drafts_of(state.path()));
        assert!(problems.is_empty(), "{problems:?}");
        let texts: Vec<_> = drafts
            .iter()
            .map(|draft| draft.text.expose(Exit::Output))
            .collect();
        assert_eq!(texts, ["fits"]);
    }
}
