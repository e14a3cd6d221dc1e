//! What an earlier server left behind, and whether one runs. Nothing is cleared blindly: a process counts as the server
//! only when it proves to be (see `process`), and files are removed only when no such process lives.

use std::fs;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::error::EmbeddedError;
use super::layout::{Layout, PORT, socket_in};
use super::process::{self, Identity};

/// A backend notices the end of its postmaster by itself, unless it is in the middle of something.
const PATIENCE: Duration = Duration::from_secs(3);
const STEP: Duration = Duration::from_millis(4);

/// The lines of `postmaster.pid` that matter here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PidFile {
    pub pid: i32,
    pub port: u16,
    pub socket_directory: PathBuf,
    status: String,
}

/// What there is of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// It takes connections.
    Ready(PidFile),
    /// It is ours, and starting or stopping.
    Busy(i32),
    /// It runs, but its socket is gone: nobody new can reach it.
    Deaf(i32),
    /// No server. There may be leftovers.
    Nothing,
}

impl Found {
    /// The server's main process, if there is one.
    pub fn pid(&self) -> Option<i32> {
        match self {
            Self::Ready(file) => Some(file.pid),
            Self::Busy(pid) | Self::Deaf(pid) => Some(*pid),
            Self::Nothing => None,
        }
    }
}

impl PidFile {
    pub fn read(cluster: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(cluster.join("postmaster.pid")).ok()?)
    }

    /// It was told to stop, and may be waiting for its sessions to leave by themselves.
    pub fn is_stopping(&self) -> bool {
        self.status == "stopping"
    }

    // pid, data directory, start time, port, socket directory, listen address, shared memory, status.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let pid = lines.next()?.trim().parse().ok()?;
        let port = lines
            .nth(2)
            .and_then(|line| line.trim().parse().ok())
            .unwrap_or(PORT);
        let socket_directory = lines.next().map(PathBuf::from).unwrap_or_default();
        let status = lines.nth(2).unwrap_or_default().trim().to_owned();
        Some(Self {
            pid,
            port,
            socket_directory,
            status,
        })
    }
}

/// Looks for the server, without a subprocess where there is /proc.
pub(super) fn examine(layout: &Layout, identity: &Identity) -> Found {
    let Some(file) = PidFile::read(&layout.cluster) else {
        return Found::Nothing;
    };
    if identity.find(file.pid).is_none() {
        return Found::Nothing;
    }
    if file.status != "ready" {
        return Found::Busy(file.pid);
    }
    match UnixStream::connect(socket_in(&file.socket_directory, file.port)) {
        Ok(_) => Found::Ready(file),
        Err(error) => match (error.kind(), identity.find(file.pid)) {
            (_, None) => Found::Nothing,
            (io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused, Some(process)) => {
                Found::Deaf(process.pid)
            }
            // A full queue, or a limit of this program's own: the server is there.
            (_, Some(_)) => Found::Ready(file),
        },
    }
}

/// Clears what a dead server left: waits for backends that outlived it and tells them to end, then removes the pid file
/// and the socket's lock where their pid is a zombie's or somebody else's. A pid file whose pid is simply gone is left
/// to PostgreSQL, which checks the old shared memory with it.
pub(super) fn clear(
    layout: &Layout,
    identity: &Identity,
    socket_directory: &Path,
) -> Result<(), EmbeddedError> {
    end_survivors(layout, identity)?;
    // A file that names no pid, such as one that a full disk left empty, would stop PostgreSQL for ever.
    if PidFile::read(&layout.cluster).is_none_or(|file| exists(file.pid)) {
        remove(&layout.cluster.join("postmaster.pid"))?;
    }
    // Only this server uses its socket directory, and no process of this server lives.
    let socket = socket_in(socket_directory, PORT);
    remove(&socket)?;
    remove(&socket.with_extension(format!("{PORT}.lock")))
}

/// Whether the pid exists in any form, zombies included: what PostgreSQL itself would take for a living server.
fn exists(pid: i32) -> bool {
    pid > 0
        && nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None)
            != Err(nix::errno::Errno::ESRCH)
}

fn end_survivors(layout: &Layout, identity: &Identity) -> Result<(), EmbeddedError> {
    if gone_within(identity, PATIENCE) {
        return Ok(());
    }
    for signal in [Signal::SIGTERM, Signal::SIGQUIT] {
        for process in identity.all() {
            // One that ended meanwhile is what we want; one we may not signal shows in the wait below.
            let _ = process::signal(process.pid, signal);
        }
        if gone_within(identity, PATIENCE) {
            return Ok(());
        }
    }
    match identity.all().first() {
        None => Ok(()),
        Some(process) => Err(EmbeddedError::Lingering {
            pid: process.pid,
            cluster: layout.cluster.clone(),
        }),
    }
}

fn gone_within(identity: &Identity, patience: Duration) -> bool {
    let since = Instant::now();
    loop {
        if identity.all().is_empty() {
            return true;
        }
        if since.elapsed() > patience {
            return false;
        }
        sleep(STEP);
    }
}

fn remove(path: &Path) -> Result<(), EmbeddedError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(EmbeddedError::io("remove the stale file", path, &error))
        }
        _ => Ok(()),
    }
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
    fn the_pid_file_is_read_whole_or_half_written() {
        let whole = "71\n/d/cluster\n1700000000\n5433\n/d/run\n\n  123  456\nready   \n";
        let file = PidFile::parse(whole).unwrap();
        assert_eq!(
            (file.pid, file.port, file.status.as_str()),
            (71, 5433, "ready")
        );
        assert_eq!(file.socket_directory, Path::new("/d/run"));
        let half = PidFile::parse("71\n/d/cluster\n1700000000\n").unwrap();
        assert_eq!((half.pid, half.status.as_str()), (71, ""));
        assert_eq!(PidFile::parse("not a pid\n"), None);
        assert_eq!(PidFile::parse(""), None);
    }
}
