//! Where the document goes: counted, hashed, and for a file whole or not at all.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::store::files;
use crate::transfer::seal::{Lock, Sealer};

use super::ExportError;

/// What the thread that writes is given.
pub(super) enum Piece {
    /// What follows is in this file of the folder; of no account where all goes to one place.
    File(String),
    Bytes(Vec<u8>),
}

/// A sink that has taken everything.
pub(super) struct Written<W> {
    pub sink: W,
    pub bytes: u64,
    pub sha256: String,
}

/// Writes pieces to one place until there are no more, sealed where there is a lock. Blocking.
pub(super) fn write<W: Write>(
    sink: W,
    lock: Option<&Lock>,
    mut pieces: mpsc::Receiver<Piece>,
) -> io::Result<Written<W>> {
    let mut sink = Counted::new(sink);
    if let Some(lock) = lock {
        let mut sealer = Sealer::new(lock, sink).map_err(io::Error::other)?;
        pass(&mut pieces, &mut sealer)?;
        sink = sealer.finish()?;
    } else {
        pass(&mut pieces, &mut sink)?;
    }
    sink.flush()?;
    Ok(sink.end())
}

fn pass(pieces: &mut mpsc::Receiver<Piece>, sink: &mut impl Write) -> io::Result<()> {
    while let Some(piece) = pieces.blocking_recv() {
        match piece {
            Piece::File(_) => {}
            Piece::Bytes(bytes) => sink.write_all(&bytes)?,
        }
    }
    Ok(())
}

/// Counts and hashes what a sink takes.
pub(super) struct Counted<W> {
    sink: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Counted<W> {
    pub fn new(sink: W) -> Self {
        Self {
            sink,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    pub fn end(self) -> Written<W> {
        Written {
            sink: self.sink,
            bytes: self.bytes,
            sha256: files::hexadecimal(&self.hash.finalize()),
        }
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.sink.write(bytes)?;
        self.hash.update(bytes.get(..taken).unwrap_or_default());
        self.bytes += u64::try_from(taken).unwrap_or(0);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// A file under a name of its own beside its place; dropping it before [`NewFile::finish`] removes it.
#[derive(Debug)]
pub(in crate::transfer) struct NewFile {
    file: File,
    unnamed: PathBuf,
    path: PathBuf,
    overwrite: bool,
}

impl NewFile {
    pub fn create(path: &Path, overwrite: bool) -> Result<Self, ExportError> {
        let cannot = |reason: String| ExportError::CannotCreate {
            path: path.to_owned(),
            reason,
        };
        let Some(name) = path.file_name() else {
            return Err(cannot("it names no file".to_owned()));
        };
        if path.is_dir() {
            return Err(cannot("it is a directory".to_owned()));
        }
        if !overwrite && path.symlink_metadata().is_ok() {
            return Err(ExportError::Exists {
                path: path.to_owned(),
            });
        }
        remove_left_overs(path, name);
        let (unnamed, file) = create_part(path, name).map_err(|error| cannot(error.to_string()))?;
        Ok(Self {
            file,
            unnamed,
            path: path.to_owned(),
            overwrite,
        })
    }

    /// The file for a program that goes back in it: the one here is only added to.
    pub fn for_another_program(&self) -> io::Result<File> {
        File::options().write(true).open(&self.unnamed)
    }

    /// Where the bytes are until [`NewFile::finish`].
    pub fn unfinished(&self) -> &Path {
        &self.unnamed
    }

    /// Gives the file its name, on disk when this returns. Blocking.
    pub fn finish(self) -> Result<(), ExportError> {
        self.finish_with(files::sync_directory)
    }

    fn finish_with(self, sync: impl Fn(&Path) -> io::Result<()>) -> Result<(), ExportError> {
        match self.file.sync_all().and_then(|()| self.name()) {
            // Whole and under its name, whatever the directory's own flush says.
            Ok(()) => sync(&self.path).map_err(|error| ExportError::NotFlushed {
                path: self.path.clone(),
                reason: error.to_string(),
            }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(ExportError::Exists {
                    path: self.path.clone(),
                })
            }
            Err(error) => {
                let reason = error.to_string();
                Err(ExportError::CannotCreate {
                    path: self.path.clone(),
                    reason,
                })
            }
        }
    }

    fn name(&self) -> io::Result<()> {
        if self.overwrite {
            return fs::rename(&self.unnamed, &self.path);
        }
        // A link fails where something has that name, even if it came this moment.
        match fs::hard_link(&self.unnamed, &self.path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            Ok(()) => {
                // The file has its name; what cannot be removed is removed by the next export.
                let _ = fs::remove_file(&self.unnamed);
                Ok(())
            }
            // A file system without links: the look and the renaming are two steps there.
            Err(_) if self.path.symlink_metadata().is_err() => {
                fs::rename(&self.unnamed, &self.path)
            }
            Err(_) => Err(io::ErrorKind::AlreadyExists.into()),
        }
    }
}

/// What the name of a file ends with that is not whole yet.
pub(super) const PART: &str = ".part";

/// A new file beside the place of the export, locked while this process lives.
fn create_part(path: &Path, name: &OsStr) -> io::Result<(PathBuf, File)> {
    loop {
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}{PART}", Uuid::now_v7().simple()));
        let unnamed = path.with_file_name(hidden);
        let file = files::create_private(&unnamed)?;
        if files::lock_new(&unnamed, &file)? {
            return Ok((unnamed, file));
        }
    }
}

/// Removes what an export to the same place left behind that was killed: it holds everything.
fn remove_left_overs(path: &Path, name: &OsStr) {
    let directory = match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        Some(_) | None => Path::new("."),
    };
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && is_part_of(&entry.file_name(), name) {
            // The lock is held until the name is gone, so that nobody else writes to it.
            if let Ok(Some(_lock)) = files::lock_abandoned(&entry.path()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Whether this is the name of an unfinished export to `target`; those with the date of any day in
/// their name count as one.
pub(super) fn is_part_of(name: &OsStr, target: &OsStr) -> bool {
    let Some((of, id)) = name
        .as_bytes()
        .strip_prefix(b".")
        .and_then(|name| name.strip_suffix(PART.as_bytes()))
        .and_then(|name| name.split_at_checked(name.len().checked_sub(33)?))
    else {
        return false;
    };
    let is_id = id
        .strip_prefix(b".")
        .is_some_and(|id| id.iter().all(u8::is_ascii_hexdigit));
    let is_dated = |name: &[u8]| {
        (name.starts_with(b"harriswildlands-")
            && (name.ends_with(b".json") || name.ends_with(b".json.age")))
            || (name.starts_with(b"wildlands-") && name.ends_with(b".dump"))
    };
    is_id && (of == target.as_bytes() || (is_dated(of) && is_dated(target.as_bytes())))
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // After `finish` there is nothing under this name.
        let _ = fs::remove_file(&self.unnamed);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_a_killed_export_left_goes_with_the_next_one_and_nothing_else_does() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("all.json");
        let left = format!(".all.json.{}.part", Uuid::now_v7().simple());
        let others = [
            ".all.json.mine.part".to_owned(),
            format!(".other.json.{}.part", Uuid::now_v7().simple()),
            format!("all.json.{}.part", Uuid::now_v7().simple()),
        ];
        for name in others.iter().chain([&left]) {
            fs::write(directory.path().join(name), "everything").unwrap();
        }
        // One that another export is writing at this moment.
        let running = NewFile::create(&path, false).unwrap();
        let now = NewFile::create(&path, false).unwrap();
        let found = names(directory.path());
        assert!(!found.contains(&left), "{found:?}");
        assert!(others.iter().all(|other| found.contains(other)));
        assert!(running.unnamed.exists() && now.unnamed.exists());
        drop((running, now));
        assert_eq!(names(directory.path()).len(), others.len());
    }

    #[test]
    fn exports_with_a_date_in_their_name_clean_up_after_each_other() {
        let id = Uuid::now_v7().simple();
        let of = |name: &str, target: &str| is_part_of(OsStr::new(name), OsStr::new(target));
        let yesterday = format!(".harriswildlands-2026-11-22.json.{id}.part");
        assert!(of(&yesterday, "harriswildlands-2026-11-23.json"));
        assert!(!of(&yesterday, "all.json"));
        assert!(!of(".part", "all.json") && !of(&format!(".{id}.part"), "all.json"));
    }

    #[test]
    fn a_file_that_has_its_name_is_never_said_to_be_missing() {
        let directory = tempfile::tempdir().unwrap();
        for overwrite in [false, true] {
            let path = directory.path().join(format!("{overwrite}.json"));
            let mut file = NewFile::create(&path, overwrite).unwrap();
            file.write_all(b"{}").unwrap();
            let told = file.finish_with(|_| Err(io::Error::other("no answer")));
            let told = told.unwrap_err().to_string();
            assert!(!told.contains("nothing was left"), "{told}");
            assert!(
                told.contains("is there") && told.contains("no answer"),
                "{told}"
            );
            assert_eq!(fs::read(&path).unwrap(), b"{}");
        }
    }
}
