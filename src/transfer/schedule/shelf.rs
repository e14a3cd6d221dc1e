//! Which backups are in the directory: those that this program recorded, and those that somebody put there.

use std::fs;
use std::path::Path;

use jiff::Timestamp;

use super::{Ledger, Plan, cannot};
use crate::domain::backup::{Archive, Kind};
use crate::transfer::backup::BackupError;

/// So many are listed.
const MOST: usize = 500;

/// The backups in the directory of the plan, the newest first; what is recorded of them is for the database of this
/// fingerprint. Reads the directory and one small file; asks no database, opens no backup.
#[must_use]
pub fn archives(plan: &Plan, of: &str) -> Vec<Archive> {
    let ledger = Ledger::look(&plan.directory);
    let mut found: Vec<Archive> = ledger
        .of(of)
        .filter_map(|entry| {
            let kind = Kind::read(&entry.kind).filter(|kind| *kind != Kind::Export)?;
            Some(Archive {
                path: ledger.path(entry),
                kind: Some(kind),
                at: entry.at,
                bytes: entry.bytes,
                restored: entry.restored,
            })
        })
        .collect();
    let there = fs::read_dir(&plan.directory)
        .into_iter()
        .flatten()
        .flatten();
    for file in there {
        let path = file.path();
        let is_known = found.iter().any(|known| known.path == path);
        let is_dump = path.extension().is_some_and(|ending| ending == "dump");
        let Some(meta) = file.metadata().ok().filter(fs::Metadata::is_file) else {
            continue;
        };
        if is_known || !is_dump {
            continue;
        }
        let written = meta.modified().ok();
        let at = written.and_then(|at| Timestamp::try_from(at).ok());
        found.push(Archive {
            path,
            kind: None,
            at: at.unwrap_or(Timestamp::UNIX_EPOCH),
            bytes: meta.len(),
            restored: None,
        });
    }
    found.sort_by(|one, other| (other.at, &other.path).cmp(&(one.at, &one.path)));
    found.truncate(MOST);
    found
}

/// Notes that a backup was restored into a scratch database and compared, where the plan's directory has a record of it.
///
/// # Errors
/// The record cannot be written.
pub fn tested(plan: &Plan, path: &Path, sha256: &str, at: Timestamp) -> Result<bool, BackupError> {
    let Some(name) = of_plan(plan, path).filter(|_| plan.directory.is_dir()) else {
        return Ok(false);
    };
    let unkept = |error| cannot(&plan.directory.join("made.json"), &error);
    let mut ledger = Ledger::lock(&plan.directory).map_err(unkept)?;
    ledger.tested(name, sha256, at).map_err(unkept)
}

/// Holds a backup that was read against the record of its directory: the names of its tables and what restores them have no
/// checksum of their own in an archive.
///
/// # Errors
/// Another file was made under this name.
pub fn as_recorded(plan: &Plan, path: &Path, sha256: &str) -> Result<(), BackupError> {
    let ledger = Ledger::look(&plan.directory);
    match of_plan(plan, path).and_then(|name| ledger.named(name)) {
        Some(entry) if entry.sha256 != sha256 => Err(BackupError::Altered {
            path: path.to_owned(),
            made: entry.at,
        }),
        Some(_) | None => Ok(()),
    }
}

/// Its name, where it is in the directory of the plan.
fn of_plan<'p>(plan: &Plan, path: &'p Path) -> Option<&'p str> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.filter(|_| path.parent() == Some(&plan.directory))
}
