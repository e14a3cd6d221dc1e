//! Texts that are with the person's own editor, on disk, so that they survive the process.
//!
//! Each has a directory of its own under the state directory (0700, the files 0600), so that what an
//! editor puts beside it is as private. A lock in it is held by the program and by the editor: when
//! both are gone, the next start takes the text over. A text that cannot be used is not removed, nor
//! is what an editor saved for itself: the directory is set aside then.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::domain::draft::{Draft, Place};
use crate::domain::secret::{Exit, Secret};
use crate::domain::text::{self, MAX_TEXT};

use super::address::Address;
use super::drafts::{Stored, read_stored};
use super::files;
use super::places::make_private;

const PREFIX: &str = "edit-";
const TEXT: &str = "text.md";
/// Where the text belongs, and what it was at first.
const BEGAN: &str = "began.json";
const LOCK: &str = "lock";

/// A text that is with an editor.
#[derive(Debug)]
pub struct EditFile {
    directory: PathBuf,
    file: PathBuf,
    began: Secret<String>,
    lock: File,
}

impl EditFile {
    /// Writes a text for an editor, into a new directory.
    ///
    /// # Errors
    /// As the system reports them; nothing is left behind then.
    pub fn write(
        state: &Path,
        address: &Address,
        place: &Place,
        began: &Secret<String>,
    ) -> io::Result<Self> {
        make_private(state)?;
        let directory = tempfile::Builder::new()
            .prefix(PREFIX)
            .permissions(fs::Permissions::from_mode(0o700))
            .tempdir_in(state)?;
        let lock = files::create_locked(&directory.path().join(LOCK))?;
        let draft = Draft {
            place: place.clone(),
            text: began.clone(),
            saved_at: Timestamp::now(),
        };
        let stored = serde_json::to_vec(&Stored::new(&draft, address))?;
        files::replace(&directory.path().join(BEGAN), &stored)?;
        let file = directory.path().join(TEXT);
        let mut written = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&file)?;
        let text = began.expose(Exit::Editor);
        written.write_all(text.as_bytes())?;
        if !text.is_empty() && !text.ends_with('\n') {
            written.write_all(b"\n")?;
        }
        Ok(Self {
            directory: directory.keep(),
            file,
            began: began.clone(),
            lock,
        })
    }

    /// The file to be edited.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.file
    }

    /// What keeps others from taking the text over.
    #[must_use]
    pub fn lock(&self) -> &File {
        &self.lock
    }

    /// The text as it is now.
    ///
    /// # Errors
    /// Why it cannot be used, in words.
    pub fn text(&self) -> Result<Secret<String>, String> {
        read(&self.file, self.began.expose(Exit::Editor))
    }

    /// The text as it is now, if it differs from what it was.
    ///
    /// # Errors
    /// Why it cannot be used, in words.
    pub fn changed(&self) -> Result<Option<Secret<String>>, String> {
        changed(&self.file, self.began.expose(Exit::Editor))
    }

    /// Whether there is something that only an editor can have put there.
    #[must_use]
    pub fn holds_something(&self) -> bool {
        holds_something(&self.directory)
    }

    /// Whether an editor left files of its own beside the text.
    #[must_use]
    pub fn holds_more(&self) -> bool {
        holds_more(&self.directory)
    }

    /// The text is safe elsewhere, or nobody needs it. Gives what is to be said if the editor left
    /// more there.
    #[must_use]
    pub fn remove(self) -> Option<String> {
        remove(&self.directory)
    }
}

/// What a program and its editor left behind, held by this process.
#[derive(Debug)]
pub(super) struct Abandoned {
    directory: PathBuf,
    _lock: File,
    /// The text, if it differs from what it was.
    pub draft: Option<Draft>,
}

impl Abandoned {
    /// The text is safe elsewhere. Gives what is to be said if the editor left more there.
    #[must_use]
    pub fn remove(self) -> Option<String> {
        remove(&self.directory)
    }

    /// Where the text is.
    pub fn place(&self) -> String {
        shown(&self.directory.join(TEXT))
    }
}

/// What programs that are gone left with editors that are gone too. Texts of other databases or
/// persons stay as they are; one that cannot be used is set aside, and told.
pub(super) fn abandoned(
    state: &Path,
    address: &Address,
    problems: &mut Vec<String>,
) -> Vec<Abandoned> {
    let mut found = Vec::new();
    for entry in fs::read_dir(state).into_iter().flatten().flatten() {
        let directory = entry.path();
        let name = entry.file_name();
        let is_one = name.to_string_lossy().starts_with(PREFIX)
            && directory.extension().is_none()
            && entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_one {
            continue;
        }
        match files::lock_abandoned(&directory.join(LOCK)) {
            Ok(Some(lock)) => match take(&directory, address) {
                Ok(Taken::Elsewhere) => {}
                Ok(Taken::Here(draft)) => found.push(Abandoned {
                    directory,
                    _lock: lock,
                    draft,
                }),
                Err(reason) => problems.push(set_aside(&directory, &reason)),
            },
            Ok(None) => {}
            Err(error) => problems.push(format!(
                "a text of an earlier editor could not be read: {error}; it stays in {}",
                shown(&directory)
            )),
        }
    }
    found
}

enum Taken {
    Here(Option<Draft>),
    Elsewhere,
}

fn take(directory: &Path, address: &Address) -> Result<Taken, String> {
    let file = directory.join(TEXT);
    let stored = match read_stored(&directory.join(BEGAN)) {
        Ok(stored) if !address.takes(&stored.r#for) => return Ok(Taken::Elsewhere),
        Ok(stored) => stored,
        // Ended before the editor had been given anything.
        Err(_) if !holds_something(directory) => return Ok(Taken::Here(None)),
        Err(reason) => return Err(reason),
    };
    if !holds_something(directory) {
        return Ok(Taken::Here(None));
    }
    let draft = changed(&file, &stored.text)?.map(|text| Draft {
        place: stored.place,
        text,
        saved_at: written_at(&file).unwrap_or(stored.saved_at),
    });
    Ok(Taken::Here(draft))
}

fn set_aside(directory: &Path, reason: &str) -> String {
    format!(
        "a text of an earlier editor cannot be used: {reason}; it is in {}",
        shown(&moved_aside(directory))
    )
}

/// Where the directory is then; no start looks into it any more.
fn moved_aside(directory: &Path) -> PathBuf {
    let aside = files::aside(directory);
    match fs::rename(directory, &aside) {
        Ok(()) => aside,
        Err(_) => directory.to_owned(),
    }
}

/// Removes what this program put there, and the directory. One in which an editor left files of its
/// own, such as a swap file with what was typed last, is set aside as it is, and told.
fn remove(directory: &Path) -> Option<String> {
    if holds_more(directory) {
        return Some(format!(
            "an editor left files of its own beside a text, which may hold more; they are in {}",
            shown(&moved_aside(directory))
        ));
    }
    for name in names(directory) {
        let _ = fs::remove_file(directory.join(name));
    }
    // Not with what may have come meanwhile.
    let _ = fs::remove_dir(directory);
    None
}

fn written_at(file: &Path) -> Option<Timestamp> {
    let modified = fs::metadata(file).and_then(|found| found.modified()).ok()?;
    Timestamp::try_from(modified).ok()
}

fn holds_something(directory: &Path) -> bool {
    names(directory).iter().any(|name| !is_ours(name))
}

/// Besides the text. A copy of the version before, which some editors leave after each save, holds
/// no words that are not elsewhere.
fn holds_more(directory: &Path) -> bool {
    let is_backup = |name: &OsStr| name.as_encoded_bytes().ends_with(b"~");
    names(directory)
        .iter()
        .any(|name| !is_ours(name) && name != TEXT && !is_backup(name))
}

fn names(directory: &Path) -> Vec<OsString> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name()).collect()
}

/// Whether this program put it there, besides the text.
fn is_ours(name: &OsStr) -> bool {
    let of = |ours: &str| {
        let ours = Path::new(ours);
        name == ours || name == ours.with_extension(files::UNNAMED)
    };
    of(LOCK) || of(BEGAN)
}

fn changed(file: &Path, began: &str) -> Result<Option<Secret<String>>, String> {
    let text = read(file, began)?;
    // Editors end a file with a new line; that alone is no change.
    let is_same = text.expose(Exit::Editor).trim_end() == began.trim_end();
    Ok((!is_same).then_some(text))
}

/// The file's text without the line end that editors add.
fn read(file: &Path, began: &str) -> Result<Secret<String>, String> {
    let length = fs::metadata(file)
        .map_err(|error| format!("the text is gone: {error}"))?
        .len();
    // Read no more than could be used; the exact cap is checked below.
    if length > 8 * MAX_TEXT as u64 {
        return Err(format!("the text is too long ({length} bytes)"));
    }
    let bytes = fs::read(file).map_err(|error| format!("the text cannot be read: {error}"))?;
    let decoded = text::decode(&bytes).map_err(|error| error.to_string())?;
    let ours = if began.ends_with('\n') {
        decoded
    } else {
        decoded.strip_suffix('\n').unwrap_or(decoded)
    };
    text::check(ours, MAX_TEXT).map_err(|error| error.to_string())?;
    Ok(Secret::new(ours.to_owned()))
}

fn shown(path: &Path) -> String {
    text::printable(&path.to_string_lossy()).into_owned()
}
