//! Retention, the archive and sessions on the Data screen: dry first, and nothing destructive before its
//! name has been typed.

use crate::stage::{FakeStore, PLANTED, Stage, TODAY};
use harriswildlands::app::effect::{Effect, Job};
use harriswildlands::app::job::{JobEnd, JobReport, Progress};
use harriswildlands::app::message::{Msg, TransferEvent};
use harriswildlands::domain::retention::{Action, Concerned, Policy, Table};
use harriswildlands::domain::secret::Secret;
use harriswildlands::store::api::{SignedIn, Upkeep};

fn idea() -> Concerned {
    Concerned {
        table: Table::Ideas,
        id: uuid::Uuid::from_u128(7),
        version: 3,
        day: TODAY,
        name: Secret::new(PLANTED.to_owned()),
    }
}

fn policy(table: Table, enabled: bool) -> Policy {
    Policy {
        table,
        keep_days: 365,
        action: Action::Archive,
        enabled,
        last_run: None,
    }
}

fn stage(enabled: bool) -> Stage {
    let store = FakeStore {
        upkeep: Upkeep {
            policies: vec![
                (policy(Table::Logs, enabled), 12, Vec::new()),
                (policy(Table::Ideas, enabled), 1, vec![idea()]),
            ],
            archived: vec![idea()],
            sessions: vec![SignedIn {
                id: uuid::Uuid::from_u128(8),
                since: crate::stage::moment(),
                until: crate::stage::moment(),
            }],
        },
        ..FakeStore::default()
    };
    let mut stage = Stage::online(store);
    stage.show("data");
    stage
}

fn started(stage: &Stage) -> Vec<&Job> {
    let jobs = stage.effects.iter().filter_map(|effect| match effect {
        Effect::Transfer(job) => Some(job),
        _ => None,
    });
    jobs.collect()
}

#[test]
fn a_dry_run_shows_the_oldest_rows_masked_and_a_run_wants_the_names() {
    let mut stage = stage(true);
    stage.keys("d");
    stage.sees("archive logs after 365 days, enabled: 12");
    stage.does_not_see(PLANTED);
    stage.keys("Gv");
    stage.sees(PLANTED);
    stage.keys("m<Esc>D");
    // What is done to how many rows stands above the line.
    stage.sees("archive 12 rows older than 365 days");
    stage.sees("archive 1 row older than 365 days");
    stage.sees("Type logs,ideas to go on");
    stage.keys("logs<Enter>");
    stage.sees("nothing was done");
    assert!(started(&stage).is_empty());
    stage.keys("<C-u>logs,ideas<Enter>");
    assert_eq!(started(&stage), [&Job::Retention]);
    let progress = Progress::rows(3, 13);
    stage.send(Msg::Transfer(TransferEvent::Progress(progress)));
    stage.sees("3 of 13 rows; x stops it");
    stage.keys("<Enter>");
    stage.sees("Carry retention out");
    let report = JobReport {
        said: "retention: 12 logs archived".to_owned(),
        path: Some("/home/bruce/retention.json".into()),
        ..JobReport::default()
    };
    let end = JobEnd::Finished(report);
    stage.send(Msg::Transfer(TransferEvent::Ended(end)));
    stage.sees("retention: 12 logs archived");
    // The export of what went is a file like others.
    stage.keys("<Enter>y");
    stage.sees("path copied");
}

#[test]
fn an_archived_day_is_known_by_its_date_and_policies_by_the_words_of_the_screen() {
    let mut stage = stage(true);
    let day = Concerned {
        table: Table::Logs,
        name: Secret::new("2025-01-05".to_owned()),
        ..idea()
    };
    stage.store.upkeep.archived = vec![day];
    let signals = policy(Table::DriftFlags, true);
    stage.store.upkeep.policies = vec![(signals, 1, Vec::new())];
    stage.keys("ra");
    stage.sees("Sun 5 Jan 2025");
    stage.sees("archived Mon 23 Nov 2026");
    stage.sees("enter bring back  esc close");
    stage.resize(40, 12);
    stage.sees("logs       2025-01-05");
    stage.resize(80, 24);
    stage.keys("<Esc>d");
    stage.sees("archive signals after 365 days, enabled: 1 row");
    stage.does_not_see("bring back");
    stage.keys("<Esc>D");
    stage.sees("Type signals to go on");
}

#[test]
fn what_is_archived_comes_back_and_sessions_end_by_their_name() {
    let mut stage = stage(false);
    stage.keys("D");
    stage.sees("no policy is enabled");
    stage.keys("a");
    stage.sees("Archive");
    stage.does_not_see(PLANTED);
    stage.keys("<Enter>");
    let back = Job::BringBack(Table::Ideas, uuid::Uuid::from_u128(7));
    assert_eq!(started(&stage), [&back]);
    // One at a time.
    stage.keys("<Esc>Ssign out<Enter>");
    stage.sees("a return from the archive is running");
    stage.keys("a");
    let end = JobEnd::Failed("it is not in the archive any more".to_owned());
    stage.send(Msg::Transfer(TransferEvent::Ended(end)));
    stage.sees("not brought back: it is not in the archive");
    stage.keys("<Esc>S");
    stage.sees("sign out");
    stage.keys("<Esc>");
    assert_eq!(started(&stage).len(), 1);
    stage.keys("Ssign out<Enter>");
    assert_eq!(started(&stage).len(), 2);
}

#[test]
fn the_whole_archive_is_reached_page_by_page_and_what_is_not_listed_of_a_policy_is_said() {
    let mut stage = stage(true);
    let day = |number: u16| Concerned {
        table: Table::Logs,
        id: uuid::Uuid::from_u128(number.into()),
        name: Secret::new(format!("day {number}")),
        ..idea()
    };
    stage.store.upkeep.archived = (1..=250).map(day).collect();
    let logs = policy(Table::Logs, true);
    stage.store.upkeep.policies = vec![(logs, 250, (1..=100).map(day).collect())];
    stage.keys("ra");
    stage.sees("day 1 ");
    // The end of the first page is not the end of the archive.
    stage.keys("G");
    stage.sees("▸ there are more; j goes on");
    stage.sees("  logs       day 100");
    stage.keys("j");
    stage.sees("▸ logs       day 101");
    stage.keys("GjG");
    stage.sees("▸ logs       day 250");
    stage.keys("j");
    stage.sees("▸ logs       day 250");
    stage.keys("<Enter>");
    let back = Job::BringBack(Table::Logs, uuid::Uuid::from_u128(250));
    assert_eq!(started(&stage), [&back]);
    let end = JobEnd::Failed("it is not in the archive any more".to_owned());
    stage.send(Msg::Transfer(TransferEvent::Ended(end)));
    // Up again, over the border of two pages, and to the beginning at once.
    stage.keys(&"k".repeat(51));
    stage.sees("▸ logs       day 200");
    stage.keys("k");
    stage.sees("▸ logs       day 199");
    stage.keys("g");
    stage.sees("▸ logs       day 1 ");
    stage.keys("<Esc>dG");
    stage.sees("and 150 more, which are newer");
}
