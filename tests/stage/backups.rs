//! A shelf of backups, and jobs that are answered by hand.

use std::path::PathBuf;

use harriswildlands::app::effect::{Effect, Job};
use harriswildlands::app::job::{JobEnd, JobReport, Progress};
use harriswildlands::app::message::{Msg, TransferEvent};
use harriswildlands::domain::backup::{Archive, Due, KeptAside, Kind, Shelf};
use jiff::{Timestamp, ToSpan};

use super::{Stage, moment};

/// So many days before the moment of the tests.
pub fn ago(days: i64) -> Timestamp {
    moment().checked_sub((24 * days).hours()).unwrap()
}

/// Where backups are.
pub fn directory() -> PathBuf {
    "/home/bruce/.local/share/harriswildlands/backups".into()
}

fn archive(name: &str, kind: Option<Kind>, days: i64) -> Archive {
    Archive {
        path: directory().join(name),
        kind,
        at: ago(days),
        bytes: 1_234_567,
        restored: None,
    }
}

pub fn due(kind: Kind, last: Option<i64>, every: Option<u32>) -> Due {
    Due {
        kind,
        last: last.map(ago),
        every,
        keep: 4,
        files: usize::from(last.is_some()),
        due: every.is_some_and(|every| last.is_none_or(|last| last >= i64::from(every))),
        path: None,
    }
}

/// An export of yesterday, a backup of twelve days ago that was restored as a test, one of another machine, a database
/// that was kept aside.
pub fn shelf() -> Shelf {
    let mut tested = archive(
        "wildlands-snapshot-2026-11-11.dump",
        Some(Kind::Snapshot),
        12,
    );
    tested.restored = Some(ago(3));
    Shelf {
        database: "wildlands".to_owned(),
        directory: directory(),
        due: vec![
            due(Kind::Export, Some(1), Some(7)),
            due(Kind::Snapshot, Some(12), Some(30)),
            due(Kind::Migration, None, None),
        ],
        archives: vec![tested, archive("laptop-2025.dump", None, 300)],
        kept: Some(vec![KeptAside {
            name: "wildlands_before_20261101_071530".to_owned(),
            bytes: 9_876_543,
            is_unfinished: false,
        }]),
    }
}

/// The jobs that were started, in order.
pub fn started(stage: &Stage) -> Vec<&Job> {
    let jobs = stage.effects.iter().filter_map(|effect| match effect {
        Effect::Transfer(job) => Some(job),
        _ => None,
    });
    jobs.collect()
}

/// How often the job that ran was asked to stop.
pub fn stops(stage: &Stage) -> usize {
    let stops = stage.effects.iter();
    stops
        .filter(|effect| **effect == Effect::CancelTransfer)
        .count()
}

pub fn progress(stage: &mut Stage, progress: Progress) {
    stage.send(Msg::Transfer(TransferEvent::Progress(progress)));
}

pub fn end(stage: &mut Stage, end: JobEnd) {
    stage.send(Msg::Transfer(TransferEvent::Ended(end)));
}

pub fn finish(stage: &mut Stage, said: &str) {
    let report = JobReport {
        said: said.to_owned(),
        ..JobReport::default()
    };
    end(stage, JobEnd::Finished(report));
}
