//! Which files of the backup directory this program made: `made.json` beside them. Only what is written there and still is
//! what it was, by size and SHA-256, is ever removed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::store::files;
use crate::store::places::make_private;

const FILE: &str = "made.json";
const LOCK: &str = ".made.lock";

/// A file that this program made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Its name in the directory.
    pub name: String,
    /// A word of [`super::Kind`].
    pub kind: String,
    /// The database it is of.
    pub of: String,
    /// When it was made.
    pub at: Timestamp,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// When it was last restored into a scratch database and compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<Timestamp>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Document {
    files: Vec<Entry>,
}

/// The record, locked against other programs where it is to be changed.
#[derive(Debug)]
pub(super) struct Ledger {
    directory: PathBuf,
    document: Document,
    /// Held until this goes.
    lock: Option<File>,
}

impl Ledger {
    /// For looking at. One that is absent or cannot be read knows nothing, and so nothing is removed.
    pub fn look(directory: &Path) -> Self {
        let text = fs::read(directory.join(FILE)).unwrap_or_default();
        Self {
            directory: directory.to_owned(),
            document: serde_json::from_slice(&text).unwrap_or_default(),
            lock: None,
        }
    }

    /// For changing; the directory is made where it is missing.
    pub fn lock(directory: &Path) -> io::Result<Self> {
        make_private(directory)?;
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(directory.join(LOCK))?;
        lock.lock()?;
        // One that somebody damaged is set aside: what it named is nobody's to remove then.
        let path = directory.join(FILE);
        let damaged =
            fs::read(&path).is_ok_and(|text| serde_json::from_slice::<Document>(&text).is_err());
        if damaged {
            fs::rename(&path, files::aside(&path))?;
        }
        let mut ledger = Self::look(directory);
        ledger.lock = Some(lock);
        Ok(ledger)
    }

    /// Every file of this database that is still there, the newest first.
    pub fn of<'a>(&'a self, of: &'a str) -> impl Iterator<Item = &'a Entry> {
        let mut there: Vec<&Entry> = self
            .document
            .files
            .iter()
            .filter(|entry| entry.of == of && self.is_there(entry))
            .collect();
        there.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        there.into_iter()
    }

    /// Where it is.
    pub fn path(&self, entry: &Entry) -> PathBuf {
        self.directory.join(&entry.name)
    }

    /// What is recorded under a name.
    pub fn named(&self, name: &str) -> Option<&Entry> {
        self.document.files.iter().find(|entry| entry.name == name)
    }

    /// Adds a file, or what a file of this name is now.
    pub fn add(&mut self, entry: Entry) -> io::Result<()> {
        self.document.files.retain(|known| known.name != entry.name);
        self.document.files.push(entry);
        self.write()
    }

    /// Notes that what these bytes hold was restored and compared. `Ok(false)`: no such file is known.
    pub fn tested(&mut self, name: &str, sha256: &str, at: Timestamp) -> io::Result<bool> {
        let same = |entry: &&mut Entry| entry.name == name && entry.sha256 == sha256;
        let Some(entry) = self.document.files.iter_mut().find(same) else {
            return Ok(false);
        };
        entry.restored = Some(at);
        self.write()?;
        Ok(true)
    }

    /// Removes the file if it is what was recorded. `Ok(false)`: it is something else now, and stays.
    pub fn remove(&mut self, entry: &Entry) -> io::Result<bool> {
        let path = self.path(entry);
        if !self.is_there(entry) || files::size_and_digest(&path)?.1 != entry.sha256 {
            return Ok(false);
        }
        fs::remove_file(&path)?;
        self.document.files.retain(|known| known != entry);
        self.write()?;
        Ok(true)
    }

    fn is_there(&self, entry: &Entry) -> bool {
        // A name from a file is not trusted to stay in the directory.
        let is_name = Path::new(&entry.name)
            .file_name()
            .is_some_and(|name| *name == *entry.name);
        let meta = fs::symlink_metadata(self.path(entry));
        is_name && meta.is_ok_and(|meta| meta.is_file() && meta.len() == entry.bytes)
    }

    fn write(&self) -> io::Result<()> {
        debug_assert!(self.lock.is_some(), "changed without its lock");
        let text = serde_json::to_vec_pretty(&self.document).map_err(io::Error::other)?;
        files::replace(&self.directory.join(FILE), &text)
    }
}
