//! A folder of files: made under a name of its own beside its place, and there as a whole or not at all.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use tokio::sync::mpsc;
use uuid::Uuid;

use crate::store::files;

use super::ExportError;
use super::sink::{Counted, PART, Piece, Written, is_part_of};

/// The list of the files with their checksums, as `sha256sum --check` reads it.
const SUMS: &str = "SHA256SUMS";

/// A folder that is being made; dropping it before [`NewFolder::finish`] removes it.
#[derive(Debug)]
pub(super) struct NewFolder {
    unnamed: PathBuf,
    path: PathBuf,
    /// Held while this process lives: nobody else takes the folder for one that was left behind.
    folder: File,
}

impl NewFolder {
    pub fn create(path: &Path) -> Result<Self, ExportError> {
        let cannot = |error: io::Error| ExportError::CannotCreate {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        let Some(name) = path.file_name() else {
            return Err(cannot(io::Error::other("it names no folder")));
        };
        // A folder is never replaced: it may hold what this program did not make.
        if path.symlink_metadata().is_ok() {
            return Err(ExportError::Exists {
                path: path.to_owned(),
            });
        }
        remove_left_overs(path);
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}{PART}", Uuid::now_v7().simple()));
        let unnamed = path.with_file_name(hidden);
        DirBuilder::new()
            .mode(0o700)
            .create(&unnamed)
            .map_err(cannot)?;
        let lock = File::open(&unnamed).and_then(|folder| {
            folder.try_lock().map_err(io::Error::from)?;
            Ok(folder)
        });
        match lock {
            Ok(lock) => Ok(Self {
                unnamed,
                path: path.to_owned(),
                folder: lock,
            }),
            Err(error) => {
                let _ = fs::remove_dir(&unnamed);
                Err(cannot(error))
            }
        }
    }

    /// Gives the folder its name, on disk when this returns. Blocking.
    pub fn finish(self) -> Result<(), ExportError> {
        let failed = |error: io::Error| ExportError::CannotCreate {
            path: self.path.clone(),
            reason: error.to_string(),
        };
        if self.path.symlink_metadata().is_ok() {
            return Err(ExportError::Exists {
                path: self.path.clone(),
            });
        }
        self.folder.sync_all().map_err(failed)?;
        // Takes the place of an empty folder at most, even if something came this moment.
        fs::rename(&self.unnamed, &self.path).map_err(|error| {
            if self.path.symlink_metadata().is_ok() {
                ExportError::Exists {
                    path: self.path.clone(),
                }
            } else {
                failed(error)
            }
        })?;
        files::sync_directory(&self.path).map_err(|error| ExportError::NotFlushed {
            path: self.path.clone(),
            reason: error.to_string(),
        })
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        // After `finish` there is nothing under this name.
        let _ = fs::remove_dir_all(&self.unnamed);
    }
}

/// Removes what an export to the same folder left behind that was killed.
fn remove_left_overs(path: &Path) {
    let Some(name) = path.file_name() else {
        return;
    };
    let directory = match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        Some(_) | None => Path::new("."),
    };
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder
            && is_part_of(&entry.file_name(), name)
            && File::open(entry.path()).is_ok_and(|folder| folder.try_lock().is_ok())
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Writes pieces into files of the folder until there are no more. The bytes are those of all files, the
/// checksum is that of their list. Blocking.
pub(super) fn write(
    folder: NewFolder,
    mut pieces: mpsc::Receiver<Piece>,
) -> io::Result<Written<NewFolder>> {
    let mut sums = String::new();
    let mut total = 0;
    let mut open: Option<(String, Counted<File>)> = None;
    let mut close = |open: Option<(String, Counted<File>)>, sums: &mut String| {
        let Some((name, file)) = open else {
            return Ok(());
        };
        let Written {
            sink,
            bytes,
            sha256,
        } = file.end();
        sink.sync_all()?;
        total += bytes;
        let _ = writeln!(sums, "{sha256}  {name}");
        io::Result::Ok(())
    };
    while let Some(piece) = pieces.blocking_recv() {
        match (piece, &mut open) {
            (Piece::File(name), _) => {
                close(open.take(), &mut sums)?;
                let file = files::create_private(&folder.unnamed.join(&name))?;
                open = Some((name, Counted::new(file)));
            }
            (Piece::Bytes(bytes), Some((_, file))) => file.write_all(&bytes)?,
            (Piece::Bytes(_), None) => return Err(io::Error::other("no file was named")),
        }
    }
    close(open.take(), &mut sums)?;
    let mut list = Counted::new(files::create_private(&folder.unnamed.join(SUMS))?);
    list.write_all(sums.as_bytes())?;
    let list = list.end();
    list.sink.sync_all()?;
    Ok(Written {
        sink: folder,
        bytes: total + list.bytes,
        sha256: list.sha256,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_folder_is_never_replaced_and_what_was_left_behind_goes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("pages");
        let left = directory
            .path()
            .join(format!(".pages.{}.part", Uuid::now_v7().simple()));
        fs::create_dir(&left).unwrap();
        fs::write(left.join("logs.csv"), "everything").unwrap();
        let running = NewFolder::create(&path).unwrap();
        assert!(!left.exists());
        let other = NewFolder::create(&path).unwrap();
        assert!(
            running.unnamed.exists(),
            "one that another export is writing"
        );
        running.finish().unwrap();
        fs::write(path.join("mine"), "mine").unwrap();
        let refused = other.finish().unwrap_err();
        assert_eq!(refused, ExportError::Exists { path: path.clone() });
        assert_eq!(
            NewFolder::create(&path).unwrap_err(),
            ExportError::Exists { path: path.clone() }
        );
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}
