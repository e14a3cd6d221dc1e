//! What is due is made once nothing else is done: it waits for a rest, gives way, says what failed once, and can be
//! switched off.

use std::time::Duration;

use crate::stage::backups::{due, end, finish, progress, shelf, started, stops};
use crate::stage::{FakeStore, Stage};
use harriswildlands::app::effect::{Effect, Job, TimerId};
use harriswildlands::app::job::{JobEnd, JobReport, Progress};
use harriswildlands::domain::backup::Kind;
use harriswildlands::domain::setting::Setting;

/// An export is due.
fn overdue() -> Stage {
    let mut store = FakeStore::with_days();
    let mut there = shelf();
    there.due = vec![due(Kind::Export, Some(8), Some(7))];
    store.shelf = Some(there);
    Stage::online(store)
}

/// How long the last timer for what is due was armed for.
fn armed(stage: &Stage) -> Option<Duration> {
    let mut effects = stage.effects.iter().rev();
    effects.find_map(|effect| match effect {
        Effect::After(TimerId::Due, after) => Some(*after),
        _ => None,
    })
}

#[test]
fn it_is_made_after_a_rest_and_said_quietly() {
    let mut stage = overdue();
    assert_eq!(armed(&stage), Some(Duration::from_mins(2)));
    stage.after(60, TimerId::Notice);
    stage.keys("j");
    // Half a rest is none.
    stage.after(60, TimerId::Due);
    assert_eq!(armed(&stage), Some(Duration::from_mins(1)));
    assert_eq!(started(&stage), [] as [&Job; 0]);
    stage.after(60, TimerId::Due);
    assert_eq!(started(&stage), [&Job::Due]);
    stage.store.shelf = Some(shelf());
    finish(&mut stage, "export was due, and made: /x/e.json");
    stage.sees("export was due, and made: /x/e.json");
    // The next is days off: one timer, and nothing before it.
    assert_eq!(armed(&stage), Some(Duration::from_mins(6 * 24 * 60 - 3)));
}

#[test]
fn it_gives_way_to_what_somebody_asks_for() {
    let mut stage = overdue();
    stage.after(120, TimerId::Due);
    stage.keys("x");
    assert_eq!((started(&stage).len(), stops(&stage)), (1, 1));
    stage.show("data").sees("an export is about to begin");
    end(&mut stage, JobEnd::Cancelled);
    assert_eq!(started(&stage), [&Job::Due, &Job::Export(None)]);
    stage.does_not_see("backup stopped");
    // The export that somebody asked for is stopped by its key, as ever.
    stage.keys("x");
    assert_eq!(stops(&stage), 2);
}

#[test]
fn it_never_begins_while_a_job_runs_or_the_database_is_away() {
    let mut stage = overdue();
    stage.keys("x");
    stage.after(300, TimerId::Due);
    assert_eq!(started(&stage), [&Job::Export(None)]);
    progress(&mut stage, Progress::rows(1, 2));
    finish(&mut stage, "exported");
    assert_eq!(armed(&stage), Some(Duration::ZERO));
    stage.disconnect(crate::lost());
    stage.after(1, TimerId::Due);
    assert_eq!(started(&stage).len(), 1);
    stage.connect();
    stage.after(1, TimerId::Due);
    assert_eq!(started(&stage).len(), 2);
}

#[test]
fn a_failure_is_said_once_and_tried_again_an_hour_later() {
    let mut stage = overdue();
    let full = || JobEnd::Failed("the disk is full".to_owned());
    stage.after(120, TimerId::Due);
    end(&mut stage, full());
    stage.sees("what is due was not made: the disk is full");
    assert_eq!(armed(&stage), Some(Duration::from_hours(1)));
    stage.after(3600, TimerId::Notice);
    stage.after(0, TimerId::Due);
    assert_eq!(started(&stage).len(), 2);
    end(&mut stage, full());
    stage.does_not_see("was not made");
    stage.show("data").sees("the disk is full");
    // Nothing to be made is nothing to be said.
    stage.after(3600, TimerId::Due);
    end(&mut stage, JobEnd::Finished(JobReport::default()));
    assert_eq!(started(&stage).len(), 3);
}

#[test]
fn zero_switches_it_off() {
    let mut stage = overdue();
    stage.effects.clear();
    let off = stage.model.world.chosen.read(Setting::DueIdleSeconds, "0");
    stage
        .model
        .world
        .chosen
        .set(Setting::DueIdleSeconds, Some(off.unwrap()));
    stage.model.world.heed_chosen();
    stage.after(500, TimerId::Due);
    stage.show("data");
    assert_eq!((started(&stage).len(), armed(&stage)), (0, None));
}
