//! What is made by itself: an export every week, a backup every month, a dump before the schema changes; how many of each are
//! kept, and which is due.
//!
//! Pruning removes only files that this program recorded when it made them and that are still the same; the newest stay,
//! and the last one always.

mod before;
mod ledger;
mod shelf;

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use jiff::{Timestamp, Zoned};

pub use crate::domain::backup::{Archive, Due, Kind};
pub use before::{BeforeMigration, before_migration};
pub use shelf::{archives, as_recorded, tested};

use super::backup::{self, BackupError, Depth, Options};
use super::export::{self, Cancel, Progress};
use super::ground::Ground;
use crate::domain::backup::is_due;
use crate::domain::setting::Setting;
use crate::store::config::Config;
use crate::store::places::{Places, make_private};
use crate::store::queries::search;
use crate::store::queries::status::data_status;
use crate::store::session::Session;
use ledger::{Entry, Ledger};

/// What the settings say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Where the files are.
    pub directory: PathBuf,
    /// Days between exports; 0 is never.
    pub export_days: u32,
    /// How many exports are kept.
    pub export_keep: u32,
    /// Days between backups; 0 is never.
    pub snapshot_days: u32,
    /// How many backups are kept.
    pub snapshot_keep: u32,
    /// How many dumps before migrations are kept; 0 makes none.
    pub migration_keep: u32,
}

impl Plan {
    /// The plan of these settings.
    #[must_use]
    pub fn of(config: &Config, places: &Places) -> Self {
        let number = |setting| config.chosen.number(setting);
        let otherwise = || places.data.join("backups");
        Self {
            directory: config.backup_dir.clone().unwrap_or_else(otherwise),
            export_days: number(Setting::ExportEveryDays),
            export_keep: number(Setting::ExportKeep),
            snapshot_days: number(Setting::SnapshotEveryDays),
            snapshot_keep: number(Setting::SnapshotKeep),
            migration_keep: number(Setting::MigrationKeep),
        }
    }

    /// The plan of a database that is thrown away: nothing is made by itself, and what is asked for goes with it.
    #[must_use]
    pub fn beside(self, places: &Places) -> Self {
        Self {
            directory: places.data.join("backups"),
            export_days: 0,
            snapshot_days: 0,
            ..self
        }
    }

    /// Days between two of them: `None` where it goes by no clock, or is switched off.
    fn every(&self, kind: Kind) -> Option<u32> {
        let days = match kind {
            Kind::Export => self.export_days,
            Kind::Snapshot => self.snapshot_days,
            Kind::Migration | Kind::Asked => 0,
        };
        (days > 0).then_some(days)
    }

    /// How many are kept; `None` for all.
    fn keep(&self, kind: Kind) -> Option<u32> {
        match kind {
            Kind::Export => Some(self.export_keep),
            Kind::Snapshot => Some(self.snapshot_keep),
            Kind::Migration => Some(self.migration_keep),
            Kind::Asked => None,
        }
    }

    /// A name for a new file, with today's date, and with the time where there is one already; the directory is made.
    ///
    /// # Errors
    /// The directory cannot be made.
    pub fn new_file(&self, kind: Kind, database: &str, now: &Zoned) -> io::Result<PathBuf> {
        make_private(&self.directory)?;
        let of = match safe(database) {
            name if name.is_empty() || name == "wildlands" => "wildlands".to_owned(),
            name => format!("wildlands-{name}"),
        };
        let named = |when: String| {
            let (kind, ending) = (kind.word(), kind.ending());
            self.directory.join(format!("{of}-{kind}-{when}.{ending}"))
        };
        let today = named(now.strftime("%F").to_string());
        if today.symlink_metadata().is_ok() {
            return Ok(named(now.strftime("%F-%H%M%S").to_string()));
        }
        Ok(today)
    }
}

/// The letters of a name that are harmless in a file's name.
fn safe(name: &str) -> String {
    let fits = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '_' || *letter == '-';
    name.chars().filter(fits).take(60).collect()
}

/// How it stands with each kind, for the database of this fingerprint ([`Ground::fingerprint`], `Source::fingerprint`).
/// Reads one small file; asks no database.
#[must_use]
pub fn status(plan: &Plan, of: &str, now: Timestamp) -> Vec<Due> {
    let ledger = Ledger::look(&plan.directory);
    [Kind::Export, Kind::Snapshot, Kind::Migration]
        .into_iter()
        .map(|kind| {
            let counts = |entry: &&Entry| {
                entry.kind == kind.word()
                    || (kind == Kind::Snapshot && entry.kind == Kind::Asked.word())
            };
            let newest = ledger.of(of).find(counts);
            let last = newest.map(|entry| entry.at);
            let every = plan.every(kind);
            Due {
                kind,
                last,
                every,
                keep: plan.keep(kind).unwrap_or(0),
                files: ledger.of(of).filter(counts).count(),
                due: every.is_some_and(|days| is_due(last, days, now)),
                path: newest.map(|entry| ledger.path(entry)),
            }
        })
        .collect()
}

/// A file that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Which kind.
    pub kind: Kind,
    /// Where.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// Older ones that were removed.
    pub pruned: Vec<PathBuf>,
}

/// Makes what is due, gently, and prunes. A database with nothing in it has nothing due; while another program makes what
/// is due here, there is nothing to be done either.
///
/// # Errors
/// None of its own: each kind's failure stands in its place, and the next kind is tried all the same.
pub async fn make_due(
    plan: &Plan,
    ground: &Ground,
    session: &Session,
    now: &Zoned,
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Vec<(Kind, Result<Made, BackupError>)> {
    let due: Vec<Kind> = status(plan, ground.fingerprint(), now.timestamp())
        .into_iter()
        .filter(|due| due.due)
        .map(|due| due.kind)
        .collect();
    if due.is_empty() {
        return Vec::new();
    }
    let first = |error: BackupError| {
        due.first()
            .map(|kind| (*kind, Err(error)))
            .into_iter()
            .collect()
    };
    let looked = tokio::select! {
        looked = data_status(session) => looked,
        () = cancel.cancelled() => return first(BackupError::Cancelled),
    };
    match looked {
        Ok(status) if status.counts.iter().all(|(_, rows)| *rows == 0) => return Vec::new(),
        Ok(_) => {}
        Err(error) => return first(error.into()),
    }
    let Ok(_turn) = turn(plan) else {
        return Vec::new();
    };
    // Looked at again: the program that had its turn just before may have made it.
    let still = status(plan, ground.fingerprint(), now.timestamp());
    let is_due = |kind: &Kind| still.iter().any(|due| due.kind == *kind && due.due);
    let mut ended = Vec::new();
    for kind in due.into_iter().filter(is_due) {
        let made = make(kind, plan, ground, session, now, progress, cancel).await;
        ended.push((kind, made));
    }
    ended
}

/// One program at a time, as long as the file lives. Where no lock can be had, the making itself says why.
fn turn(plan: &Plan) -> Result<Option<File>, TryLockError> {
    let lock = make_private(&plan.directory).and_then(|()| {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(plan.directory.join(".due.lock"))
    });
    let Ok(lock) = lock else { return Ok(None) };
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(busy @ TryLockError::WouldBlock) => Err(busy),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

async fn make(
    kind: Kind,
    plan: &Plan,
    ground: &Ground,
    session: &Session,
    now: &Zoned,
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Result<Made, BackupError> {
    let path = new_file(plan, kind, ground, now)?;
    let (bytes, sha256) = match kind {
        Kind::Export => {
            let report = export::to_file(session, &path, false, progress, cancel).await?;
            // As good a moment as any, a week apart, to forget the words of what was deleted. Another will come.
            let _ = search::learn_words_again(session).await;
            (report.bytes, report.sha256)
        }
        Kind::Snapshot | Kind::Migration | Kind::Asked => {
            let options = Options {
                depth: Depth::List,
                gently: true,
            };
            let report = backup::backup(ground, &path, options, progress, cancel).await?;
            (report.bytes, report.sha256)
        }
    };
    let pruned = record(
        plan,
        kind,
        ground.fingerprint(),
        &path,
        (bytes, &sha256),
        now.timestamp(),
    )?;
    Ok(Made {
        kind,
        path,
        bytes,
        sha256,
        pruned,
    })
}

/// A name for a new file of this kind.
///
/// # Errors
/// The directory cannot be made.
pub fn new_file(
    plan: &Plan,
    kind: Kind,
    ground: &Ground,
    now: &Zoned,
) -> Result<PathBuf, BackupError> {
    plan.new_file(kind, ground.database(), now)
        .map_err(|error| cannot(&plan.directory, &error))
}

/// Records a file that was made in the directory of the plan, and removes what goes beyond what is kept. A file that is
/// somewhere else is not recorded.
///
/// # Errors
/// The record cannot be written; the file is there all the same.
pub fn record(
    plan: &Plan,
    kind: Kind,
    of: &str,
    path: &Path,
    (bytes, sha256): (u64, &str),
    at: Timestamp,
) -> Result<Vec<PathBuf>, BackupError> {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Ok(Vec::new());
    };
    if path.parent() != Some(&plan.directory) {
        return Ok(Vec::new());
    }
    let unkept = |error: io::Error| cannot(&plan.directory.join("made.json"), &error);
    let mut ledger = Ledger::lock(&plan.directory).map_err(unkept)?;
    let entry = Entry {
        name: name.to_owned(),
        kind: kind.word().to_owned(),
        of: of.to_owned(),
        at,
        bytes,
        sha256: sha256.to_owned(),
        restored: None,
    };
    ledger.add(entry).map_err(unkept)?;
    Ok(prune(&mut ledger, plan, kind, of))
}

/// Removes all but the newest. What cannot be removed stays, and is tried again with the next.
fn prune(ledger: &mut Ledger, plan: &Plan, kind: Kind, of: &str) -> Vec<PathBuf> {
    let Some(keep) = plan.keep(kind) else {
        return Vec::new();
    };
    let keep = usize::try_from(keep.max(1)).unwrap_or(usize::MAX);
    let old: Vec<Entry> = ledger
        .of(of)
        .filter(|entry| entry.kind == kind.word())
        .skip(keep)
        .cloned()
        .collect();
    old.into_iter()
        .filter(|entry| matches!(ledger.remove(entry), Ok(true)))
        .map(|entry| plan.directory.join(entry.name))
        .collect()
}

fn cannot(path: &Path, error: &io::Error) -> BackupError {
    BackupError::CannotCreate {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests;
