//! The three locks that several programs share one server by. The kernel frees them on `kill -9`.
//!
//! - `use`: shared, held by each program for as long as it uses the server. Whoever gets it exclusively knows that
//!   nobody does.
//! - `start`: exclusive, held while the server is made, started or stopped, and never while waiting for `use`.
//! - `keeper`: exclusive, held by the one process that waits for the last program to leave. Taken and probed only
//!   under `start`, so that a probe is never mistaken for a keeper.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::error::EmbeddedError;
use super::layout::Layout;

/// How long another program may take to start or stop the server before this one gives up waiting.
const PATIENCE: Duration = Duration::from_mins(2);
const STEP: Duration = Duration::from_millis(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Use,
    Start,
    Keeper,
}

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    _file: File,
}

impl Which {
    pub fn path(self, layout: &Layout) -> PathBuf {
        layout.root.join(match self {
            Self::Use => "use.lock",
            Self::Start => "start.lock",
            Self::Keeper => "keeper.lock",
        })
    }

    fn open(self, layout: &Layout) -> Result<File, EmbeddedError> {
        let path = self.path(layout);
        open(&path, layout.makes_locks)
            .map_err(|error| EmbeddedError::io("open the lock file", &path, &error))
    }

    /// Waits, within [`PATIENCE`], for a shared hold.
    pub fn shared(self, layout: &Layout) -> Result<Held, EmbeddedError> {
        self.within(layout, PATIENCE, File::try_lock_shared)
    }

    /// Waits, within [`PATIENCE`], for the exclusive hold.
    pub fn exclusive(self, layout: &Layout) -> Result<Held, EmbeddedError> {
        self.within(layout, PATIENCE, File::try_lock)
    }

    /// The exclusive hold, if nobody has the lock now.
    pub fn try_exclusive(self, layout: &Layout) -> Result<Option<Held>, EmbeddedError> {
        let file = self.open(layout)?;
        self.attempt(layout, file.try_lock())
            .map(|got| got.then_some(Held { _file: file }))
    }

    /// Whether somebody has it exclusively.
    pub fn is_held(self, layout: &Layout) -> Result<bool, EmbeddedError> {
        let file = self.open(layout)?;
        self.attempt(layout, file.try_lock_shared()).map(|got| !got)
    }

    /// Sleeps in the kernel until nobody has the lock, without a single wake-up before that.
    pub fn wait_until_free(self, layout: &Layout) -> Result<(), EmbeddedError> {
        let file = self.open(layout)?;
        file.lock()
            .map_err(|error| EmbeddedError::io("wait for", &self.path(layout), &error))
    }

    fn within(
        self,
        layout: &Layout,
        patience: Duration,
        take: fn(&File) -> Result<(), TryLockError>,
    ) -> Result<Held, EmbeddedError> {
        let file = self.open(layout)?;
        let since = Instant::now();
        while !self.attempt(layout, take(&file))? {
            if since.elapsed() > patience {
                return Err(EmbeddedError::Slow {
                    what: "another program's start or stop of the private PostgreSQL server",
                    seconds: patience.as_secs(),
                    log: layout.log.clone(),
                });
            }
            sleep(STEP);
        }
        Ok(Held { _file: file })
    }

    fn attempt(
        self,
        layout: &Layout,
        result: Result<(), TryLockError>,
    ) -> Result<bool, EmbeddedError> {
        match result {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => {
                Err(EmbeddedError::io("lock", &self.path(layout), &error))
            }
        }
    }
}

fn open(path: &Path, make: bool) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(make)
        .truncate(false)
        .mode(0o600)
        .open(path)
}
