//! Files and directories: nobody else reads them, and there is room for more.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::sys::statvfs::statvfs;

use super::Line;
use crate::domain::text::size;
use crate::store::places::Places;

/// Below this the next writes may fail. Bytes.
const LEAST: u64 = 64 * 1024 * 1024;
/// Below this somebody wants to know. Bytes.
const LITTLE: u64 = 512 * 1024 * 1024;
/// How many of the open ones are named.
const NAMED: usize = 3;

/// State and backups are for their owner alone. As root the directories above the server's are passable for its group.
pub(super) fn permissions(places: &Places, backups: &Path) -> Vec<Line> {
    let mut open = Vec::new();
    let mut seen = 0;
    for root in [places.state.as_path(), backups] {
        walk(root, &mut open, &mut seen);
    }
    for directory in [&places.data, &places.config] {
        if fs::metadata(directory).is_ok_and(|meta| meta.mode() & 0o066 != 0)
            && *directory == places.data
        {
            open.push(directory.clone());
        }
    }
    if open.is_empty() {
        let found = format!("{seen} files and directories, for their owner alone");
        return vec![Line::pass("permissions", found)];
    }
    let names: Vec<String> = open
        .iter()
        .take(NAMED)
        .map(|path| path.display().to_string())
        .collect();
    let more = match open.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    vec![Line::fail(
        "permissions",
        format!("others on this machine may read {}{more}", names.join(", ")),
        format!("chmod -R go-rwx {}", names.join(" ")),
    )]
}

fn walk(path: &Path, open: &mut Vec<PathBuf>, seen: &mut usize) {
    let Ok(meta) = fs::symlink_metadata(path) else {
        return;
    };
    if meta.is_symlink() {
        return;
    }
    *seen += 1;
    // Passable is not readable: that is as root for the server's user.
    let closed = if meta.is_dir() { 0o066 } else { 0o077 };
    if meta.mode() & closed != 0 {
        open.push(path.to_owned());
    }
    if meta.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            walk(&entry.path(), open, seen);
        }
    }
}

/// Room for data, state and a backup.
pub(super) fn space(places: &Places, backups: &Path, database: u64) -> Vec<Line> {
    let mut told: Vec<(u64, Line)> = Vec::new();
    let wanted = [
        ("data", places.data.as_path(), 0),
        ("state", places.state.as_path(), 0),
        ("backups", backups, database),
    ];
    for (what, path, room) in wanted {
        let Some((device, free)) = free(path) else {
            continue;
        };
        let found = format!("{} free for {what}", size(free));
        let todo = format!("free some space on the disk of {}", path.display());
        let line = if free < LEAST {
            Line::fail("disk", found, todo)
        } else if free < LITTLE.max(room) {
            Line::warn("disk", found, todo)
        } else if told.iter().any(|(known, _)| *known == device) {
            continue;
        } else {
            Line::pass("disk", found)
        };
        told.push((device, line));
    }
    told.into_iter().map(|(_, line)| line).collect()
}

/// Which disk, and how much is free there for this user; of a directory that is not there yet, the one above.
fn free(path: &Path) -> Option<(u64, u64)> {
    let there = path.ancestors().find(|path| path.exists())?;
    let device = fs::metadata(there).ok()?.dev();
    let disk = statvfs(there).ok()?;
    // The types differ from system to system.
    #[allow(clippy::useless_conversion, clippy::unnecessary_fallible_conversions)]
    let bytes = |blocks, each| {
        u64::try_from(blocks)
            .ok()?
            .checked_mul(u64::try_from(each).ok()?)
    };
    Some((
        device,
        bytes(disk.blocks_available(), disk.fragment_size())?,
    ))
}
