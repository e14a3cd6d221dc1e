//! Saying what there is, and stopping it on request. Neither starts anything.

use std::fs;
use std::path::{Path, PathBuf};

use super::Settings;
use super::error::EmbeddedError;
use super::find::{self, Programs};
use super::identity;
use super::layout::Layout;
use super::locks::Which;
use super::run;
use super::stale::{Found, PidFile, examine};
use super::user::ServerUser;

/// Whether the server runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerState {
    /// There is no cluster yet: the first start makes it.
    Absent,
    /// There is a cluster, and no server runs.
    Stopped,
    /// It is starting or stopping just now.
    Busy,
    /// It runs.
    Running {
        /// The main process.
        pid: i32,
        /// Where its socket is.
        socket_dir: PathBuf,
        /// The number in the socket's name.
        port: u16,
        /// How many programs use it, where the system tells.
        programs: Option<usize>,
    },
}

/// What `data server status` and the Data screen show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerStatus {
    /// Whether it runs.
    pub state: ServerState,
    /// The major version that made the cluster.
    pub cluster_major: Option<u32>,
    /// The programs that run it or would, where they are found.
    pub programs: Option<Programs>,
    /// The cluster's directory (`PGDATA`).
    pub directory: PathBuf,
    /// Its size on disk, in bytes.
    pub size: u64,
    /// The server's log.
    pub log: PathBuf,
}

/// What a stop did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// No server was running.
    WasNotRunning,
    /// It was stopped in fast mode.
    Stopped {
        /// How many programs were using it, where the system tells. They see a lost link and may start it again.
        programs: Option<usize>,
    },
}

/// Looks at the server without starting it. Not for every frame: it sums file sizes and may run `postgres --version`.
///
/// # Errors
/// When the cluster's directory is not one, or root has no user for the server.
pub fn status(settings: &Settings) -> Result<ServerStatus, EmbeddedError> {
    let user = ServerUser::needed()?;
    let layout = Layout::new(&settings.places);
    let cluster_major = find::cluster_major(&layout.cluster)?;
    let state = match examine(&layout, &identity(&layout, user.as_ref())) {
        Found::Ready(file) => running(&layout, file),
        Found::Busy(_) | Found::Deaf(_) => ServerState::Busy,
        Found::Nothing if cluster_major.is_some() => ServerState::Stopped,
        Found::Nothing => ServerState::Absent,
    };
    Ok(ServerStatus {
        state,
        cluster_major,
        programs: find::programs(settings, &layout, user.as_ref()).ok(),
        size: size(&layout.cluster),
        directory: layout.cluster,
        log: layout.log,
    })
}

/// Stops the server in fast mode, whoever uses it. Nothing that was acknowledged is lost.
///
/// # Errors
/// When the lock cannot be had or the server does not end.
pub fn stop(settings: &Settings) -> Result<Stopped, EmbeddedError> {
    let user = ServerUser::needed()?;
    let layout = Layout::new(&settings.places);
    if !layout.cluster.exists() {
        return Ok(Stopped::WasNotRunning);
    }
    let identity = identity(&layout, user.as_ref());
    let _start = Which::Start.exclusive(&layout)?;
    let programs = users(&layout);
    Ok(if run::settle_and_stop(&layout, &identity)? {
        Stopped::Stopped { programs }
    } else {
        Stopped::WasNotRunning
    })
}

fn running(layout: &Layout, file: PidFile) -> ServerState {
    ServerState::Running {
        pid: file.pid,
        socket_dir: file.socket_directory,
        port: file.port,
        programs: users(layout),
    }
}

/// How many hold the `use` lock: lines such as `1: FLOCK  ADVISORY  READ 812 fe:00:1234 0 EOF`, where there is /proc.
fn users(layout: &Layout) -> Option<usize> {
    use std::os::unix::fs::MetadataExt;
    let inode = fs::metadata(Which::Use.path(layout)).ok()?.ino();
    let locks = fs::read_to_string("/proc/locks").ok()?;
    Some(count_shared(&locks, inode))
}

fn count_shared(locks: &str, inode: u64) -> usize {
    let ending = format!(":{inode}");
    locks
        .lines()
        .filter(|line| {
            let mut words = line.split_whitespace().skip(1);
            words.next() == Some("FLOCK")
                && words.nth(1) == Some("READ")
                && words.nth(1).is_some_and(|place| place.ends_with(&ending))
        })
        .count()
}

fn size(directory: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(directory) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => size(&entry.path()),
            Ok(meta) => meta.len(),
            // Gone since it was listed.
            Err(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use super::*;

    #[test]
    fn only_shared_holders_of_this_file_count() {
        let locks = "1: FLOCK  ADVISORY  READ 812 fe:00:1234 0 EOF\n\
                     2: FLOCK  ADVISORY  READ 813 fe:00:1234 0 EOF\n\
                     2: -> FLOCK  ADVISORY  WRITE 814 fe:00:1234 0 EOF\n\
                     3: FLOCK  ADVISORY  READ 815 fe:00:51234 0 EOF\n\
                     4: POSIX  ADVISORY  READ 816 fe:00:1234 0 EOF\n";
        assert_eq!(count_shared(locks, 1234), 2);
    }
}
