//! Texts that are being typed, on disk, so that they survive the process.
//!
//! Each process has a directory of its own and holds a lock in it. A draft is one file, replaced
//! whole. At the next start drafts of processes that are gone move into the new process's directory,
//! so that they survive again until they are dropped.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::draft::{Draft, Place};
use crate::domain::secret::{Exit, Secret};

use super::files;
use super::places::make_private;

/// The directory under the state directory.
pub const DIRECTORY: &str = "drafts";

const LOCK: &str = "lock";
const EXTENSION: &str = "draft";

/// This process's drafts.
#[derive(Debug)]
pub struct DraftStore {
    root: PathBuf,
    own: Option<Own>,
}

#[derive(Debug)]
struct Own {
    path: PathBuf,
    /// Keeps others from taking the drafts over.
    _lock: File,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    place: Place,
    text: String,
    #[serde(rename = "savedAt")]
    saved_at: Timestamp,
}

impl DraftStore {
    /// The drafts in a state directory. Makes nothing yet.
    #[must_use]
    pub fn open(state: &Path) -> Self {
        Self {
            root: state.join(DIRECTORY),
            own: None,
        }
    }

    /// Puts a draft on disk; it replaces the one of the same place.
    ///
    /// # Errors
    /// As the system reports them; the earlier draft of that place is still there then.
    pub fn save(&mut self, draft: &Draft) -> io::Result<()> {
        let stored = Stored {
            place: draft.place.clone(),
            text: draft.text.expose(Exit::Draft).clone(),
            saved_at: draft.saved_at,
        };
        let json = serde_json::to_vec(&stored)?;
        let path = self.own()?.join(file_name(&draft.place)?);
        files::replace(&path, &json)
    }

    /// The text of this place is safe elsewhere, or given up.
    pub fn drop(&mut self, place: &Place) {
        if let (Some(own), Ok(name)) = (&self.own, file_name(place)) {
            let _ = fs::remove_file(own.path.join(name));
        }
    }

    /// Drafts of processes that are gone, oldest first, and what could not be read. Where there are
    /// several of one place the latest is given back, and the others are set aside.
    pub fn recover(&mut self) -> (Vec<Draft>, Vec<String>) {
        let mut problems = Vec::new();
        let mut found: Vec<(PathBuf, Stored)> = Vec::new();
        let mut gone: Vec<(PathBuf, File)> = Vec::new();
        for directory in self.abandoned(&mut problems) {
            for path in listed(&directory.0, &mut problems) {
                match read(&path) {
                    Ok(stored) => found.push((path, stored)),
                    // Half of a newer text, whose older one is whole: an interrupted replacement.
                    Err(_) if is_half(&path) => drop(fs::remove_file(&path)),
                    Err(reason) => {
                        problems.push(self.set_aside(&path, "could not be read", &reason));
                    }
                }
            }
            gone.push(directory);
        }
        found.sort_by_key(|(_, stored)| stored.saved_at);
        let mut drafts: Vec<Draft> = Vec::new();
        for (index, (path, stored)) in found.iter().enumerate() {
            let later = found.iter().skip(index + 1).map(|(_, later)| later);
            let mut later = later.filter(|later| later.place == stored.place).peekable();
            if later.peek().is_some() {
                // The same text again needs no second copy.
                if later.any(|later| later.text == stored.text) {
                    let _ = fs::remove_file(path);
                } else {
                    problems.push(self.set_aside(path, "is older than another of its field", ""));
                }
                continue;
            }
            let draft = Draft {
                place: stored.place.clone(),
                text: Secret::new(stored.text.clone()),
                saved_at: stored.saved_at,
            };
            // Where it cannot be moved it stays where it is, and is offered again next time.
            if self.save(&draft).is_ok() {
                let _ = fs::remove_file(path);
            }
            drafts.push(draft);
        }
        for (directory, lock) in gone {
            remove_if_empty(&directory);
            drop(lock);
        }
        (drafts, problems)
    }

    /// Directories whose process is gone, with their locks.
    fn abandoned(&self, problems: &mut Vec<String>) -> Vec<(PathBuf, File)> {
        let mut found = Vec::new();
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return found,
            Err(error) => {
                problems.push(format!(
                    "drafts in {} could not be read: {error}; they stay there",
                    self.root.display()
                ));
                return found;
            }
        };
        let own = self.own.as_ref().map(|own| own.path.as_path());
        let directories = entries.flatten().map(|entry| entry.path());
        for directory in directories.filter(|path| path.is_dir() && Some(path.as_path()) != own) {
            match files::lock_abandoned(&directory.join(LOCK)) {
                Ok(Some(lock)) => found.push((directory, lock)),
                Ok(None) => {}
                Err(error) => problems.push(format!(
                    "drafts in {} could not be read: {error}; they stay there",
                    directory.display()
                )),
            }
        }
        found
    }

    fn set_aside(&self, path: &Path, what: &str, reason: &str) -> String {
        let name = path.file_name().unwrap_or_default();
        let aside = files::aside(&self.root.join(name));
        let colon = if reason.is_empty() { "" } else { ": " };
        match fs::rename(path, &aside) {
            Ok(()) => format!(
                "a draft {what}{colon}{reason}; it was kept as {}",
                aside.display()
            ),
            Err(_) => format!(
                "a draft {what}{colon}{reason}; it stays as {}",
                path.display()
            ),
        }
    }

    /// This process's directory, made when it is first needed.
    fn own(&mut self) -> io::Result<&Path> {
        let own = match self.own.take() {
            Some(own) => own,
            None => Own::make(&self.root)?,
        };
        Ok(&self.own.insert(own).path)
    }
}

impl Own {
    fn make(root: &Path) -> io::Result<Self> {
        // From the top, because parents that are made on the way are open to the server's group.
        for directory in [root.parent(), Some(root)].into_iter().flatten() {
            make_private(directory)?;
        }
        let path = root.join(Uuid::now_v7().to_string());
        make_private(&path)?;
        let lock = files::create_locked(&path.join(LOCK))?;
        files::sync_directory(&path)?;
        Ok(Self { path, _lock: lock })
    }
}

impl Drop for DraftStore {
    fn drop(&mut self) {
        if let Some(own) = &self.own {
            remove_if_empty(&own.path);
        }
    }
}

/// Removes a directory in which nothing but the lock is left.
fn remove_if_empty(directory: &Path) {
    let is_left = |path: &PathBuf| path.file_name().is_some_and(|name| name != LOCK);
    let is_empty = fs::read_dir(directory)
        .is_ok_and(|entries| !entries.flatten().any(|entry| is_left(&entry.path())));
    if is_empty {
        let _ = fs::remove_file(directory.join(LOCK));
        let _ = fs::remove_dir(directory);
    }
}

fn is_half(path: &Path) -> bool {
    path.extension().is_some_and(|name| name == files::UNNAMED)
        && path.with_extension(EXTENSION).exists()
}

fn listed(directory: &Path, problems: &mut Vec<String>) -> Vec<PathBuf> {
    let is_draft = |path: &PathBuf| {
        let of_draft = |name: &OsStr| name == EXTENSION || name == files::UNNAMED;
        path.extension().is_some_and(of_draft) && path.file_stem().is_some_and(|name| name != LOCK)
    };
    match fs::read_dir(directory) {
        Ok(entries) => entries
            .flatten()
            .map(|entry| entry.path())
            .filter(is_draft)
            .collect(),
        Err(error) => {
            problems.push(format!(
                "drafts in {} could not be read: {error}",
                directory.display()
            ));
            Vec::new()
        }
    }
}

fn read(path: &Path) -> Result<Stored, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    // The parser's words could quote the text; the place in the file cannot.
    serde_json::from_slice(&bytes).map_err(|error| {
        format!(
            "it is damaged at line {}, column {}",
            error.line(),
            error.column()
        )
    })
}

/// How many texts are kept in a state directory, whoever types or typed them. Takes nothing over.
#[must_use]
pub fn waiting(state: &Path) -> usize {
    let directories = fs::read_dir(state.join(DIRECTORY)).into_iter().flatten();
    let files = directories
        .flatten()
        .filter_map(|directory| fs::read_dir(directory.path()).ok());
    files
        .flatten()
        .flatten()
        .filter(|file| file.path().extension().is_some_and(|end| end == EXTENSION))
        .count()
}

/// One name per place, which tells nothing of it.
fn file_name(place: &Place) -> io::Result<String> {
    let digest = files::digest(&serde_json::to_vec(place)?);
    Ok(format!(
        "{}.{EXTENSION}",
        digest.get(..32).unwrap_or(&digest)
    ))
}
