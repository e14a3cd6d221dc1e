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
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Ok(false);
    };
    if path.parent() != Some(&plan.directory) || !plan.directory.is_dir() {
        return Ok(false);
    }
    let unkept = |error| cannot(&plan.directory.join("made.json"), &error);
    let mut ledger = Ledger::lock(&plan.directory).map_err(unkept)?;
    ledger.tested(name, sha256, at).map_err(unkept)
}
