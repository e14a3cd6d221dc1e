//! Backups on the Data screen: made, listed, verified, restored after their database's name was typed.

use crate::stage::backups::{directory, end, finish, progress, shelf, started, stops};
use crate::stage::{FakeStore, Stage, TODAY};
use harriswildlands::app::effect::Job;
use harriswildlands::app::job::{JobEnd, JobLine, JobReport, Progress};
use harriswildlands::app::message::Msg;
use harriswildlands::domain::backup::{Depth, KeptAside};
use harriswildlands::domain::retention::{Action, Policy, Table};
use harriswildlands::domain::setting::Setting;
use harriswildlands::store::api::Upkeep;

fn data() -> Stage {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.show("data");
    stage
}

#[test]
fn ages_stand_at_the_top_and_what_is_due_is_said() {
    let mut stage = data();
    stage.sees("yesterday; every 7 days");
    stage.sees("12 days ago; every 30 days");
    stage.sees("3 days ago, by a test restore");
    stage.sees("none was needed so far");
    stage.sees("the next is due Sun 29 Nov 2026");
    stage.sees("1 database of before a restore; K lists them");
    let mut later = shelf();
    later.due = vec![crate::stage::backups::due(
        harriswildlands::domain::backup::Kind::Export,
        Some(8),
        Some(7),
    )];
    stage.store.shelf = Some(later);
    stage.keys("r");
    stage.sees("8 days ago; every 7 days: due");
    stage.sees("what is due is made after 120 seconds without a key");
    let off = stage.model.world.chosen.read(Setting::DueIdleSeconds, "0");
    stage
        .model
        .world
        .chosen
        .set(Setting::DueIdleSeconds, Some(off.unwrap()));
    stage.model.world.heed_chosen();
    stage.sees("wildlands backup --due");
    stage.send(Msg::Shelf(Err("no server is named".to_owned())));
    stage.sees("not known: no server is named");
}

#[test]
fn a_backup_is_made_and_its_key_stops_it() {
    let mut stage = data();
    stage.keys("B");
    assert_eq!(started(&stage), [&Job::Backup(Depth::List)]);
    progress(&mut stage, Progress::share("", 45, 100));
    stage.sees("backing up: 45 %; x stops it");
    stage.keys("B");
    assert_eq!((started(&stage).len(), stops(&stage)), (1, 1));
    end(&mut stage, JobEnd::Cancelled);
    stage.sees("backup stopped; no file was left");
    stage.keys("B<Esc>");
    assert_eq!((started(&stage).len(), stops(&stage)), (2, 2));
    let path = directory().join("wildlands-backup-2026-11-23.dump");
    let report = JobReport {
        said: format!("backed up to {}", path.display()),
        lines: vec![JobLine::Fact("SHA-256", "ab".repeat(32))],
        path: Some(path),
        ..JobReport::default()
    };
    end(&mut stage, JobEnd::Finished(report));
    stage.sees(&"ab".repeat(16));
    stage.keys("y");
    stage.sees("path copied");
    stage.keys("B");
    end(
        &mut stage,
        JobEnd::Failed("No space left on device".to_owned()),
    );
    stage.sees("no backup was made: No space left on device");
}

#[test]
fn a_backup_of_the_list_is_verified_quickly_or_fully() {
    let mut stage = data();
    stage.keys("l");
    stage.sees("12 days ago");
    stage.sees("wildlands-snapshot-2026-11-11.dump: backup; restored as a test");
    stage.keys("j");
    stage.sees("laptop-2025.dump: not recorded here");
    stage.keys("<Enter>");
    let other = directory().join("laptop-2025.dump");
    assert_eq!(started(&stage), [&Job::Verify(other, Depth::List)]);
    stage.does_not_see("not recorded here");
    let reason = "it is no archive of pg_dump -Fc";
    end(&mut stage, JobEnd::Failed(reason.to_owned()));
    stage.sees("not verified: it is no archive of pg_dump -Fc");
    stage.keys("lF");
    let first = directory().join("wildlands-snapshot-2026-11-11.dump");
    assert_eq!(started(&stage)[1], &Job::Verify(first, Depth::Full));
    finish(&mut stage, "can be restored");
    // One from elsewhere stands first.
    stage.keys("lo~/stick/journal.dump<Enter>");
    stage.sees("~/stick/journal.dump is looked at once you verify it");
    stage.keys("<Enter>");
    let elsewhere = "~/stick/journal.dump".into();
    assert_eq!(started(&stage)[2], &Job::Verify(elsewhere, Depth::List));
}

#[test]
fn a_restore_wants_the_name_of_the_database_and_is_followed_to_its_end() {
    let mut stage = data();
    stage.keys("3j");
    stage.keys("lr");
    stage.sees("replaces");
    stage.sees("kept aside as");
    stage.sees("Type wildlands to go on");
    stage.keys("wild<Enter>");
    stage.sees("nothing was done: that was not wildlands");
    assert_eq!(started(&stage), [] as [&Job; 0]);
    stage.keys("lands<Enter>");
    let file = directory().join("wildlands-snapshot-2026-11-11.dump");
    assert_eq!(started(&stage), [&Job::Restore(file)]);
    progress(&mut stage, Progress::share("restoring", 1, 2));
    stage.sees("restoring, 50 %");
    // An impatient Enter neither closes nor stops it.
    stage.keys("<Enter>");
    assert_eq!(stops(&stage), 0);
    stage.keys("<Esc><C-c>");
    assert_eq!(stops(&stage), 2);
    // Connections end at its last step, as was said: that is no trouble.
    stage.disconnect(crate::lost());
    stage.does_not_see(" ! ");
    stage.connect();
    end(&mut stage, JobEnd::Cancelled);
    stage.sees("restore stopped; the present data are in use, as they were");
    stage.keys("<Enter>lrwildlands<Enter>");
    let report = JobReport {
        said: "restored; what was there before is kept as wildlands_before_X".to_owned(),
        lines: vec![JobLine::Fact("rows", "logs 3".to_owned())],
        ..JobReport::default()
    };
    end(&mut stage, JobEnd::Finished(report));
    stage.sees("logs 3");
    stage.keys("<Esc>");
    stage.does_not_see("Type wildlands");
    // The link is made anew; the server is then asked what was kept aside.
    stage.disconnect(crate::lost());
    stage.connect();
    stage.sees("1 database of before a restore; K lists them");
}

#[test]
fn what_is_known_of_a_backup_is_read_to_its_end_where_there_is_little_room() {
    let mut stage = data();
    stage.resize(40, 12);
    stage.keys("lj");
    stage.sees("of another machine, or put here");
    stage.sees("restored as a test yet.");
}

#[test]
fn names_and_texts_stand_apart_where_there_is_little_room() {
    let mut stage = data();
    stage.resize(40, 12);
    stage.keys("B");
    let report = JobReport {
        lines: vec![JobLine::Fact("backed up to", "/home/bruce/b".to_owned())],
        said: "backed up".to_owned(),
        ..JobReport::default()
    };
    end(&mut stage, JobEnd::Finished(report));
    stage.sees("backed up to /home");
}

#[test]
fn what_was_done_before_a_restore_cannot_be_taken_back_in_other_data() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("7").show("data").keys("lrwildlands<Enter>");
    finish(&mut stage, "restored");
    let writes = stage.store.writes.len();
    stage.keys("<Esc>");
    stage.show("lifeops").keys("u");
    let later = &stage.store.writes[writes..];
    assert!(later.is_empty(), "{later:?}");
}

#[test]
fn nothing_is_exchanged_under_changes_that_wait() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.store.silent = true;
    stage.keys("7").show("data").keys("lrwildlands<Enter>");
    stage.sees("changes wait to be sent");
    assert_eq!(started(&stage), [] as [&Job; 0]);
}

#[test]
fn what_was_kept_aside_is_used_again_or_dropped_by_name() {
    let kept = "wildlands_before_20261101_071530";
    let mut stage = data();
    stage.keys("K");
    stage.sees(kept);
    stage.resize(40, 12);
    stage.sees("before 2026-11-01 07:15:30");
    stage.resize(80, 24);
    stage.keys("<Enter>");
    stage.sees("is used again as wildlands");
    stage.keys("wildlands<Enter>");
    assert_eq!(started(&stage), [&Job::UseKept(kept.to_owned())]);
    end(&mut stage, JobEnd::Failed("it is in use".to_owned()));
    stage.sees("not exchanged; the present data are in use, as they were");
    stage.keys("<Enter>KD");
    stage.sees("does not come back");
    stage.keys("wildlands<Enter>");
    stage.sees("that was not wildlands_before");
    stage.keys(&format!("<C-u>{kept}<Enter>"));
    assert_eq!(started(&stage)[1], &Job::DropKept(kept.to_owned()));
}

#[test]
fn policies_are_changed_by_keys() {
    let mut stage = data();
    let policy = Policy {
        table: Table::Ideas,
        keep_days: 90,
        action: Action::Archive,
        enabled: true,
        last_run: None,
    };
    stage.store.upkeep = Upkeep {
        policies: vec![(policy, 0, Vec::new())],
        ..Upkeep::default()
    };
    stage.keys("re");
    stage.sees("archive after 90 days");
    stage.keys("<Space>");
    let job = |job: &Job| match job {
        Job::Policy(order) => (order.table, order.keep_days, order.action, order.enabled),
        other => panic!("{other:?}"),
    };
    let logs = (Table::Logs, 365, Action::Archive, true);
    assert_eq!(job(started(&stage)[0]), logs);
    // Keys that come before it is answered count: the last choice is seen at once and sent once it can be.
    stage.keys("<Space>");
    stage.sees("delete after 365 days");
    assert_eq!(started(&stage).len(), 1);
    finish(
        &mut stage,
        "logs: archive after 365 days, with the next run",
    );
    let logs = (Table::Logs, 365, Action::Delete, true);
    assert_eq!(job(started(&stage)[1]), logs);
    finish(&mut stage, "logs: delete after 365 days, with the next run");
    stage.keys("j<Space>");
    assert_eq!(
        job(started(&stage)[2]),
        (Table::Ideas, 90, Action::Delete, true)
    );
    finish(&mut stage, "ideas");
    stage.keys("<Enter><C-u>0<Enter>");
    stage.sees("a number of days from 1 to 36500");
    stage.keys("<C-u>30<Enter>");
    assert_eq!(
        job(started(&stage)[3]),
        (Table::Ideas, 30, Action::Archive, true)
    );
    finish(&mut stage, "ideas");
    // The history has no archive.
    stage.keys("jjjjjjjjjjjj<Space>");
    assert_eq!(
        job(started(&stage)[4]),
        (Table::History, 365, Action::Delete, true)
    );
    assert_eq!(stage.model.world.today, TODAY);
}

#[test]
fn what_a_restore_brings_is_shown_though_it_is_older() {
    let mut stage = Stage::online(FakeStore::with_days());
    let before = stage.store.logs[&TODAY].clone();
    stage.keys("9");
    assert!(stage.store.logs[&TODAY].version > before.version);
    stage.sees("▰▰▰▰▰▰▰▰▰▱  9");
    // The exchange of the databases ends the connections of all programs, this one's and others'.
    stage.store.logs.insert(TODAY, before);
    stage.disconnect(crate::lost());
    stage.connect();
    stage.does_not_see("▰▰▰▰▰▰▰▰▰▱  9");
}

#[test]
fn a_restore_is_not_begun_beside_another_job_and_tells_no_old_end_as_its_own() {
    let mut stage = data();
    stage.keys("lrwildlands<Enter>");
    end(&mut stage, JobEnd::Failed("the disk is full".to_owned()));
    stage.keys("<Enter>B");
    stage.keys("lrwildlands<Enter>");
    stage.sees("a backup is running; start this once it has ended");
    stage.sees("replaces");
    end(&mut stage, JobEnd::Cancelled);
    stage.keys("<Enter>");
    let file = directory().join("wildlands-snapshot-2026-11-11.dump");
    assert_eq!(started(&stage).last(), Some(&&Job::Restore(file)));
}

#[test]
fn what_a_killed_restore_left_is_named_not_used_and_dropped_by_its_name() {
    let mut stage = data();
    let mut left = shelf();
    left.kept = Some(vec![KeptAside {
        name: "wildlands_restore_1795888256_7ac2".to_owned(),
        bytes: 120_000_000,
        is_unfinished: true,
    }]);
    stage.store.shelf = Some(left);
    stage.keys("r");
    stage.sees("1 database of a restore that was killed; K drops them");
    stage.does_not_see("of before a restore");
    stage.keys("K");
    stage.sees("unfinished wildlands_restore_1795888256_7ac2");
    stage.keys("<Enter>");
    stage.sees("cannot be used");
    assert_eq!(started(&stage), [] as [&Job; 0]);
    stage.keys("D");
    stage.sees("The data in use are not touched");
    stage.keys("wildlands_restore_1795888256_7ac2<Enter>");
    let name = "wildlands_restore_1795888256_7ac2".to_owned();
    assert_eq!(started(&stage), [&Job::DropKept(name)]);
}
