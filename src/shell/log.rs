//! The program's log: a file in the state directory, private, bounded, never the terminal.
//!
//! Only what this program itself says is written; other libraries might name values. The file
//! exists once there is something to say. `WILDLANDS_LOG` sets how much: off, error, warn (the
//! default), info, debug or trace.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::store::places::make_private;

/// The file under the state directory.
pub const FILE: &str = "wildlands.log";
/// The variable that sets the level.
pub const VARIABLE: &str = "WILDLANDS_LOG";

const LARGEST: u64 = 1024 * 1024;

/// Begins to log. Does nothing when something else logs already.
pub fn install(state: &Path, level: Option<&str>) {
    let wanted = level.map(str::trim).filter(|level| !level.is_empty());
    let parsed = wanted.map(str::parse::<LevelFilter>);
    let level = match parsed {
        Some(Ok(level)) => level,
        Some(Err(_)) | None => LevelFilter::WARN,
    };
    let writer = Log::new(state.join(FILE), LARGEST);
    let only_ours = Targets::new()
        .with_target("harriswildlands", level)
        .with_target("wildlands", level);
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(writer);
    let subscriber = tracing_subscriber::registry().with(only_ours).with(layer);
    if tracing::subscriber::set_global_default(subscriber).is_ok()
        && let Some(Err(_)) = parsed
    {
        tracing::warn!("{VARIABLE} is not off, error, warn, info, debug or trace; warn it is");
    }
}

/// A file that is opened by the first line and turned over when it is full.
#[derive(Debug, Clone)]
struct Log(Arc<Mutex<Turning>>);

#[derive(Debug)]
struct Turning {
    path: PathBuf,
    largest: u64,
    open: Option<(File, u64)>,
}

impl Log {
    fn new(path: PathBuf, largest: u64) -> Self {
        Self(Arc::new(Mutex::new(Turning {
            path,
            largest,
            open: None,
        })))
    }
}

/// The file, for the time of one line.
struct Line<'a>(MutexGuard<'a, Turning>);

impl<'a> MakeWriter<'a> for Log {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = bytes.len() as u64;
        if self
            .0
            .open
            .as_ref()
            .is_some_and(|(_, size)| size + length > self.0.largest)
        {
            self.0.open = None;
        }
        if self.0.open.is_none() {
            let opened = self.0.reopen(length)?;
            self.0.open = Some(opened);
        }
        let Some((file, size)) = &mut self.0.open else {
            return Ok(bytes.len());
        };
        let written = file.write(bytes)?;
        *size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Turning {
    /// Opens the file; one that has no room is turned over first.
    fn reopen(&self, wanted: u64) -> io::Result<(File, u64)> {
        if let Some(directory) = self.path.parent() {
            make_private(directory)?;
        }
        if fs::metadata(&self.path).is_ok_and(|found| found.len() + wanted > self.largest) {
            fs::rename(&self.path, self.path.with_extension("log.1"))?;
        }
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&self.path)?;
        let size = file.metadata()?.len();
        Ok((file, size))
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
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_log_is_private_and_bounded() {
        let home = tempfile::tempdir().unwrap();
        let state = home.path().join("state");
        let log = Log::new(state.join(FILE), 1000);
        assert!(!state.exists());
        for number in 0..100 {
            writeln!(log.make_writer(), "line {number:04} of the log").unwrap();
        }
        let entries: Vec<_> = fs::read_dir(&state)
            .unwrap()
            .map(|entry| entry.unwrap())
            .collect();
        assert_eq!(entries.len(), 2);
        for entry in entries {
            let found = entry.metadata().unwrap();
            assert!(found.len() <= 1000, "{} bytes", found.len());
            assert_eq!(found.permissions().mode() & 0o777, 0o600);
        }
        let last = fs::read_to_string(state.join(FILE)).unwrap();
        assert!(last.ends_with("line 0099 of the log\n"), "{last}");
    }
}
