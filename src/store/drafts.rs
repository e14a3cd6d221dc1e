//! Texts that are being typed, on disk, so that they survive the process.
//!
//! Each process has a directory of its own and holds a lock in it. A draft is one file, replaced
//! whole. Drafts of processes that are gone stay where they are, under their own names, until each
//! of them is kept or given up: nothing that is typed later touches them. Every draft says for which
//! database and person it is.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::draft::{Draft, OldDraft, Place};
use crate::domain::ids::DraftId;
use crate::domain::secret::{Exit, Secret};

use super::address::Address;
use super::places::make_private;
use super::{edits, files};

/// The directory under the state directory.
pub const DIRECTORY: &str = "drafts";

const LOCK: &str = "lock";
const EXTENSION: &str = "draft";

/// This process's drafts, and those of processes that are gone.
#[derive(Debug)]
pub struct DraftStore {
    state: PathBuf,
    root: PathBuf,
    address: Address,
    own: Option<Own>,
    /// Directories of processes that are gone, with their locks.
    taken: Vec<(PathBuf, File)>,
    /// Where the drafts with an id of their own are.
    found: BTreeMap<DraftId, PathBuf>,
}

#[derive(Debug)]
struct Own {
    path: PathBuf,
    /// Keeps others from taking the drafts over.
    _lock: File,
}

/// A draft as a file has it.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    pub place: Place,
    pub text: String,
    #[serde(rename = "savedAt")]
    pub saved_at: Timestamp,
    /// Which database and person; empty for any.
    #[serde(default)]
    pub r#for: String,
}

impl Stored {
    pub fn new(draft: &Draft, address: &Address) -> Self {
        Self {
            place: draft.place.clone(),
            text: draft.text.expose(Exit::Draft).clone(),
            saved_at: draft.saved_at,
            r#for: address.written().to_owned(),
        }
    }
}

impl DraftStore {
    /// The drafts in a state directory that are for this address. Makes nothing yet.
    #[must_use]
    pub fn open(state: &Path, address: Address) -> Self {
        Self {
            state: state.to_owned(),
            root: state.join(DIRECTORY),
            address,
            own: None,
            taken: Vec::new(),
            found: BTreeMap::new(),
        }
    }

    /// Puts a draft on disk; it replaces the one that this process had of the same place.
    ///
    /// # Errors
    /// As the system reports them; the earlier draft of that place is still there then.
    pub fn save(&mut self, draft: &Draft) -> io::Result<()> {
        self.put(draft, &file_name(&draft.place)?).map(drop)
    }

    /// Puts a draft on disk under a name of its own, for the next start to offer; nothing that this
    /// process does later touches it.
    ///
    /// # Errors
    /// As the system reports them.
    pub fn save_apart(&mut self, draft: &Draft) -> io::Result<PathBuf> {
        self.put(draft, &format!("{}.{EXTENSION}", Uuid::now_v7()))
    }

    /// Puts a text on disk under its own id, in the place of what that id had, until it is forgotten.
    ///
    /// # Errors
    /// As the system reports them.
    pub fn keep(&mut self, kept: &OldDraft) -> io::Result<()> {
        if let Some(path) = self.found.get(&kept.id) {
            let json = serde_json::to_vec(&Stored::new(&kept.draft, &self.address))?;
            return files::replace(path, &json);
        }
        let path = self.save_apart(&kept.draft)?;
        self.found.insert(kept.id, path);
        Ok(())
    }

    fn put(&mut self, draft: &Draft, name: &str) -> io::Result<PathBuf> {
        let json = serde_json::to_vec(&Stored::new(draft, &self.address))?;
        let path = self.own()?.join(name);
        files::replace(&path, &json)?;
        Ok(path)
    }

    /// What this process had of this place is safe elsewhere, or given up.
    pub fn drop(&mut self, place: &Place) {
        if let (Some(own), Ok(name)) = (&self.own, file_name(place)) {
            let _ = fs::remove_file(own.path.join(name));
        }
    }

    /// This draft with its own id is safe elsewhere, or given up.
    pub fn forget(&mut self, id: DraftId) {
        let Some(path) = self.found.remove(&id) else {
            return;
        };
        let _ = fs::remove_file(&path);
        self.taken.retain(|(directory, _)| {
            path.parent() != Some(directory.as_path()) || !remove_if_empty(directory)
        });
    }

    /// Drafts of processes that are gone, oldest first, and what could not be read. The same text in
    /// the same place is given once. What an editor was left with becomes a draft before.
    pub fn recover(&mut self) -> (Vec<OldDraft>, Vec<String>) {
        let mut problems = Vec::new();
        let mut found = self.left_by_editors(&mut problems);
        for (directory, lock) in self.abandoned(&mut problems) {
            if let Some(drafts) = self.left_in(&directory, &mut problems) {
                found.extend(drafts);
                self.taken.push((directory, lock));
            }
        }
        found.sort_by_key(|(_, draft)| draft.saved_at);
        let mut drafts: Vec<OldDraft> = Vec::new();
        for (path, draft) in found.into_iter().rev() {
            let text = |draft: &Draft| draft.text.expose(Exit::Draft).trim_end().to_owned();
            let is_same = |later: &OldDraft| {
                later.draft.place == draft.place && text(&later.draft) == text(&draft)
            };
            if drafts.iter().any(is_same) {
                let _ = fs::remove_file(path);
                continue;
            }
            let id = DraftId::new();
            self.found.insert(id, path);
            drafts.push(OldDraft { id, draft });
        }
        drafts.reverse();
        self.taken
            .retain(|(directory, _)| !remove_if_empty(directory));
        (drafts, problems)
    }

    /// Texts that were with an editor, as drafts of this process's directory.
    fn left_by_editors(&mut self, problems: &mut Vec<String>) -> Vec<(PathBuf, Draft)> {
        let mut found = Vec::new();
        for left in edits::abandoned(&self.state, &self.address, problems) {
            let kept = left.draft.as_ref().map(|draft| self.save_apart(draft));
            match kept.transpose() {
                Ok(path) => {
                    found.extend(path.zip(left.draft.clone()));
                    problems.extend(left.remove());
                }
                Err(error) => problems.push(format!(
                    "a text of an earlier editor could not be offered: {error}; it stays as {}",
                    left.place()
                )),
            }
        }
        found
    }

    /// The drafts in a directory; none if it is another database's or person's, which is left as it is.
    fn left_in(
        &self,
        directory: &Path,
        problems: &mut Vec<String>,
    ) -> Option<Vec<(PathBuf, Draft)>> {
        let mut read: Vec<_> = listed(directory, problems)
            .into_iter()
            .map(|path| (read_stored(&path), path))
            .collect();
        let is_foreign = |(stored, _): &(Result<Stored, String>, PathBuf)| {
            let stored = stored.as_ref().ok();
            stored.is_some_and(|stored| !self.address.takes(&stored.r#for))
        };
        if read.iter().any(is_foreign) {
            return None;
        }
        // Interrupted replacements come after what they were to replace.
        read.sort_by_key(|(_, path)| is_unnamed(path));
        let mut found: BTreeMap<PathBuf, Draft> = BTreeMap::new();
        for (stored, mut path) in read {
            match stored {
                Ok(stored) => {
                    let named = path.with_extension(EXTENSION);
                    if is_unnamed(&path) && fs::rename(&path, &named).is_ok() {
                        path = named;
                    }
                    let draft = Draft {
                        place: stored.place,
                        text: Secret::new(stored.text),
                        saved_at: stored.saved_at,
                    };
                    found.insert(path, draft);
                }
                // Half of a newer text, whose older one is whole.
                Err(_) if is_unnamed(&path) && path.with_extension(EXTENSION).exists() => {
                    let _ = fs::remove_file(&path);
                }
                Err(reason) => problems.push(self.set_aside(&path, &reason)),
            }
        }
        Some(found.into_iter().collect())
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

    fn set_aside(&self, path: &Path, reason: &str) -> String {
        let name = path.file_name().unwrap_or_default();
        let aside = files::aside(&self.root.join(name));
        let (words, place) = match fs::rename(path, &aside) {
            Ok(()) => ("was kept as", aside.as_path()),
            Err(_) => ("stays as", path),
        };
        format!(
            "a draft could not be read: {reason}; it {words} {}",
            place.display()
        )
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

/// Removes a directory in which nothing but the lock is left; true if that was so.
fn remove_if_empty(directory: &Path) -> bool {
    let is_left = |path: &PathBuf| path.file_name().is_some_and(|name| name != LOCK);
    let is_empty = fs::read_dir(directory)
        .is_ok_and(|entries| !entries.flatten().any(|entry| is_left(&entry.path())));
    if is_empty {
        let _ = fs::remove_file(directory.join(LOCK));
        let _ = fs::remove_dir(directory);
    }
    is_empty
}

fn is_unnamed(path: &Path) -> bool {
    path.extension().is_some_and(|name| name == files::UNNAMED)
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

pub(super) fn read_stored(path: &Path) -> Result<Stored, String> {
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
    let digest = files::short_digest(&serde_json::to_vec(place)?, 32);
    Ok(format!("{digest}.{EXTENSION}"))
}
