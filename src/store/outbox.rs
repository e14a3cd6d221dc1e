//! Writes that the database has not acknowledged, on disk.
//!
//! Each process appends to a file of its own and holds its lock. A record is on disk before it
//! counts as kept. Every record names the database and the person it is for by a digest and has a
//! check sum, so that a file of another database is left alone and a damaged one gives up what can
//! still be read. Sending a write twice has one effect, so a file goes only when all of it is done.

mod contents;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::domain::ids::RequestId;

use super::address::Address;
use super::api::Write;
use super::files;
use super::places::make_private;

use contents::{Contents, line};

/// The directory under the state directory.
pub const DIRECTORY: &str = "outbox";

/// The fingerprint of writes that were made while no database was known: they are for the next one
/// that is.
pub const UNADDRESSED: &str = "";

const EXTENSION: &str = "outbox";

/// The unacknowledged writes of this process and those it took over.
#[derive(Debug)]
pub struct Outbox {
    directory: PathBuf,
    /// The database and the person.
    address: Address,
    own: Option<Segment>,
    taken_over: Vec<Segment>,
}

/// A file and the writes in it that are not acknowledged.
#[derive(Debug)]
struct Segment {
    path: PathBuf,
    file: File,
    length: u64,
    pending: BTreeSet<RequestId>,
}

/// What processes that are gone left behind.
#[derive(Debug, Default, PartialEq)]
pub struct Recovered {
    /// In the order in which they were made.
    pub writes: Vec<Write>,
    /// What could not be read, and where it is now.
    pub problems: Vec<String>,
}

/// How many files hold writes that no database has acknowledged, whoever makes or made them. Takes nothing over.
#[must_use]
pub fn waiting(state: &Path) -> usize {
    let files = fs::read_dir(state.join(DIRECTORY)).into_iter().flatten();
    files
        .flatten()
        .filter(|file| {
            file.metadata()
                .is_ok_and(|meta| meta.is_file() && meta.len() > 0)
        })
        .count()
}

impl Outbox {
    /// The outbox in a state directory for the writes to one database by one person. Makes nothing yet.
    #[must_use]
    pub fn new(state: &Path, fingerprint: &str, person: &str) -> Self {
        Self {
            directory: state.join(DIRECTORY),
            address: Address::new(fingerprint, person),
            own: None,
            taken_over: Vec::new(),
        }
    }

    /// Puts writes on disk, all or none.
    ///
    /// # Errors
    /// As the system reports them.
    pub fn keep(&mut self, writes: &[Write]) -> io::Result<()> {
        let mut lines = String::new();
        for write in writes {
            lines.push_str(&line(self.address.written(), write)?);
        }
        let segment = match &mut self.own {
            Some(segment) => segment,
            None => self.own.insert(Segment::create(&self.directory)?),
        };
        if let Err(error) = segment.append(lines.as_bytes()) {
            // What was written of it goes. Where even that fails, a later write gets another file.
            if segment.file.set_len(segment.length).is_err() {
                self.taken_over.extend(self.own.take());
            }
            return Err(error);
        }
        segment
            .pending
            .extend(writes.iter().map(|write| write.request));
        Ok(())
    }

    /// The database has answered this write.
    pub fn remove(&mut self, request: RequestId) {
        if let Some(own) = &mut self.own
            && own.pending.remove(&request)
            && own.pending.is_empty()
            && own.file.set_len(0).is_ok()
        {
            own.length = 0;
        }
        for segment in &mut self.taken_over {
            segment.pending.remove(&request);
        }
        self.taken_over.retain(|segment| {
            let is_done = segment.pending.is_empty();
            if is_done {
                let _ = fs::remove_file(&segment.path);
            }
            !is_done
        });
    }

    /// Takes over what processes that are gone left for the same database and person, and what the
    /// person wrote while no database was known.
    pub fn take_over(&mut self) -> Recovered {
        let mut recovered = Recovered::default();
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return recovered,
            Err(error) => {
                recovered.problems.push(unreadable(&self.directory, &error));
                return recovered;
            }
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| {
            path.extension()
                .is_some_and(|extension| extension == EXTENSION)
        });
        paths.sort();
        for path in paths {
            if self.own.as_ref().is_some_and(|own| own.path == path) {
                continue;
            }
            match files::lock_abandoned(&path) {
                Ok(Some(file)) => {
                    if let Err(error) = self.take_over_one(&path, file, &mut recovered) {
                        recovered.problems.push(unreadable(&path, &error));
                    }
                }
                Ok(None) => {}
                Err(error) => recovered.problems.push(unreadable(&path, &error)),
            }
        }
        recovered.writes.sort_by_key(|write| write.request);
        recovered.writes.dedup_by_key(|write| write.request);
        recovered
    }

    fn take_over_one(
        &mut self,
        path: &Path,
        mut file: File,
        recovered: &mut Recovered,
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let Contents {
            bound_to,
            writes,
            damaged,
        } = Contents::read(&bytes);
        if bound_to.iter().any(|one| !self.address.takes(one)) {
            return Ok(());
        }
        if !damaged.is_empty() {
            let aside = files::aside(path);
            files::replace(&aside, &damaged)?;
            recovered.problems.push(format!(
                "a part of the unsent changes could not be read; it was kept as {}",
                aside.display()
            ));
            // The readable rest moves, so that the damage is not met again.
            if !writes.is_empty() && self.keep(&writes).is_err() {
                self.taken_over
                    .push(Segment::of(path, file, &bytes, &writes));
                recovered.writes.extend(writes);
                return Ok(());
            }
            fs::remove_file(path)?;
        } else if writes.is_empty() {
            fs::remove_file(path)?;
        } else {
            self.taken_over
                .push(Segment::of(path, file, &bytes, &writes));
        }
        recovered.writes.extend(writes);
        Ok(())
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        if let Some(own) = &self.own
            && own.pending.is_empty()
        {
            let _ = fs::remove_file(&own.path);
        }
    }
}

impl Segment {
    fn create(directory: &Path) -> io::Result<Self> {
        // From the top, because parents that are made on the way are open to the server's group.
        for directory in [directory.parent(), Some(directory)].into_iter().flatten() {
            make_private(directory)?;
        }
        let path = directory.join(format!("{}.{EXTENSION}", Uuid::now_v7()));
        let file = files::create_locked(&path)?;
        Ok(Self {
            path,
            file,
            length: 0,
            pending: BTreeSet::new(),
        })
    }

    fn of(path: &Path, file: File, bytes: &[u8], writes: &[Write]) -> Self {
        let pending = writes.iter().map(|write| write.request).collect();
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Self {
            path: path.to_owned(),
            file,
            length,
            pending,
        }
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_data()?;
        self.length += u64::try_from(bytes.len()).unwrap_or(0);
        Ok(())
    }
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    format!(
        "unsent changes in {} could not be read: {error}; they stay there",
        path.display()
    )
}
