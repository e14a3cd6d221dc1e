#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;

use jiff::ToSpan;

use super::*;

fn plan(directory: &Path) -> Plan {
    Plan {
        directory: directory.join("backups"),
        export_days: 7,
        export_keep: 4,
        snapshot_days: 30,
        snapshot_keep: 1,
        migration_keep: 2,
    }
}

fn at(text: &str) -> Zoned {
    text.parse::<Timestamp>()
        .unwrap()
        .to_zoned(jiff::tz::TimeZone::UTC)
}

/// A file as the program makes them, recorded.
fn made(plan: &Plan, kind: Kind, of: &str, now: &Zoned) -> (PathBuf, Vec<PathBuf>) {
    let path = plan.new_file(kind, "wildlands", now).unwrap();
    let text = format!("{now} {kind:?}");
    fs::write(&path, &text).unwrap();
    let size = text.len() as u64;
    let sum = crate::store::files::digest(text.as_bytes());
    let pruned = record(plan, kind, of, &path, (size, &sum), now.timestamp()).unwrap();
    (path, pruned)
}

fn due(plan: &Plan, of: &str, now: &Zoned, kind: Kind) -> Due {
    let all = status(plan, of, now.timestamp());
    all.into_iter().find(|due| due.kind == kind).unwrap()
}

#[test]
fn an_export_is_due_every_week_and_four_are_kept() {
    let directory = tempfile::tempdir().unwrap();
    let plan = plan(directory.path());
    let mut now = at("2026-01-01T08:00:00Z");
    assert!(due(&plan, "a", &now, Kind::Export).due);
    let mut all = Vec::new();
    for week in 0..6 {
        let (path, pruned) = made(&plan, Kind::Export, "a", &now);
        assert_eq!(pruned.len(), usize::from(week >= 4), "week {week}");
        all.push(path);
        let fresh = due(&plan, "a", &now, Kind::Export);
        assert!(!fresh.due);
        assert_eq!(fresh.path.as_ref(), all.last());
        now = now.checked_add(6.days()).unwrap();
        assert!(!due(&plan, "a", &now, Kind::Export).due);
        now = now.checked_add(1.day()).unwrap();
        assert!(due(&plan, "a", &now, Kind::Export).due);
    }
    let there: Vec<bool> = all.iter().map(|path| path.exists()).collect();
    assert_eq!(there, [false, false, true, true, true, true]);
    assert_eq!(due(&plan, "a", &now, Kind::Export).files, 4);
    // Another database of the same directory has its own.
    assert_eq!(due(&plan, "b", &now, Kind::Export).last, None);
    // A clock that was set back puts nothing off for ever.
    assert!(due(&plan, "a", &at("2025-06-01T08:00:00Z"), Kind::Export).due);
}

#[test]
fn only_what_the_program_made_and_nobody_touched_is_removed() {
    let directory = tempfile::tempdir().unwrap();
    let plan = plan(directory.path());
    let mine = plan.directory.join("wildlands-snapshot-2025-01-01.dump");
    let (first, _) = made(&plan, Kind::Snapshot, "a", &at("2026-01-01T08:00:00Z"));
    fs::write(&mine, "put there by hand").unwrap();
    let changed = fs::read_to_string(&first).unwrap().replace("Snap", "Same");
    fs::write(&first, changed).unwrap();
    let (second, pruned) = made(&plan, Kind::Snapshot, "a", &at("2026-02-01T08:00:00Z"));
    assert_eq!(pruned, Vec::<PathBuf>::new());
    assert!(mine.exists() && first.exists());
    let (third, pruned) = made(&plan, Kind::Snapshot, "a", &at("2026-03-01T08:00:00Z"));
    assert_eq!(pruned, [second]);
    // What was asked for stays, and counts.
    let (asked, pruned) = made(&plan, Kind::Asked, "a", &at("2026-03-20T08:00:00Z"));
    assert_eq!(pruned, Vec::<PathBuf>::new());
    let now = due(&plan, "a", &at("2026-04-05T08:00:00Z"), Kind::Snapshot);
    assert!(!now.due && now.path == Some(asked) && third.exists());
}

#[test]
fn a_record_that_cannot_be_read_or_lies_removes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let plan = plan(directory.path());
    let (first, _) = made(&plan, Kind::Snapshot, "a", &at("2026-01-01T08:00:00Z"));
    fs::write(plan.directory.join("made.json"), "{ torn").unwrap();
    let (second, pruned) = made(&plan, Kind::Snapshot, "a", &at("2026-02-01T08:00:00Z"));
    assert_eq!(pruned, Vec::<PathBuf>::new());
    assert!(first.exists() && second.exists());
    assert!(plan.directory.join("made.damaged").exists());

    let outside = directory.path().join("letter");
    fs::write(&outside, "dear").unwrap();
    let sum = crate::store::files::digest(b"dear");
    let lie = format!(
        r#"{{"files":[{{"name":"../letter","kind":"snapshot","of":"a","at":"2020-01-01T00:00:00Z","bytes":4,"sha256":"{sum}"}}]}}"#
    );
    fs::write(plan.directory.join("made.json"), lie).unwrap();
    made(&plan, Kind::Snapshot, "a", &at("2026-03-01T08:00:00Z"));
    assert!(outside.exists());
}

#[test]
fn switched_off_is_never_due() {
    let directory = tempfile::tempdir().unwrap();
    let mut plan = plan(directory.path());
    (plan.export_days, plan.snapshot_days) = (0, 0);
    let all = status(&plan, "a", at("2026-01-01T08:00:00Z").timestamp());
    assert!(all.iter().all(|due| !due.due));
}

#[test]
fn backups_are_listed_with_what_is_known_of_them() {
    let directory = tempfile::tempdir().unwrap();
    let plan = plan(directory.path());
    assert_eq!(archives(&plan, "a"), []);
    let now = at("2026-03-01T08:00:00Z");
    let (asked, _) = made(&plan, Kind::Asked, "a", &now);
    made(&plan, Kind::Export, "a", &now);
    let other = plan.directory.join("of-another-machine.dump");
    fs::write(&other, "PGDMP").unwrap();
    fs::write(plan.directory.join("letter.txt"), "no backup").unwrap();

    let listed = archives(&plan, "a");
    let kinds: Vec<_> = listed.iter().map(|one| (&one.path, one.kind)).collect();
    // That file was written just now, and the clock of the test is behind.
    assert_eq!(kinds, [(&other, None), (&asked, Some(Kind::Asked))]);

    let sum = crate::store::files::size_and_digest(&asked).unwrap().1;
    let later = at("2026-03-02T08:00:00Z").timestamp();
    assert!(!tested(&plan, &asked, "another sum", later).unwrap());
    assert!(!tested(&plan, &other, &sum, later).unwrap());
    assert_eq!(archives(&plan, "a")[1].restored, None);
    assert!(tested(&plan, &asked, &sum, later).unwrap());
    assert_eq!(archives(&plan, "a")[1].restored, Some(later));
    assert!(as_recorded(&plan, &asked, &sum).is_ok());
    // Of one that nobody recorded nothing can be said.
    assert!(as_recorded(&plan, &other, "another sum").is_ok());
    let elsewhere = directory.path().join(asked.file_name().unwrap());
    assert!(as_recorded(&plan, &elsewhere, "another sum").is_ok());
    let told = as_recorded(&plan, &asked, "another sum").unwrap_err();
    assert!(
        told.to_string().contains("was made 2026-03-01 08:00 UTC:"),
        "{told}"
    );
    // Of another database nothing is known, but that there are files.
    let elsewhere = archives(&plan, "b");
    assert!(elsewhere.iter().all(|one| one.kind.is_none()));
}

#[test]
fn what_is_due_is_made_by_one_program_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let plan = plan(directory.path());
    let first = turn(&plan).unwrap();
    assert!(first.is_some() && turn(&plan).is_err());
    drop(first);
    assert!(turn(&plan).unwrap().is_some());
}
