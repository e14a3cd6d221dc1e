//! Where the document goes: counted, hashed, and for a file whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::store::files;

use super::ExportError;

/// A sink that has taken everything.
pub(super) struct Written<W> {
    pub sink: W,
    pub bytes: u64,
    pub sha256: String,
}

/// Writes batches until there are no more. Blocking.
pub(super) fn write<W: Write>(
    mut sink: W,
    mut batches: mpsc::Receiver<Vec<u8>>,
) -> io::Result<Written<W>> {
    let mut hash = Sha256::new();
    let mut bytes = 0;
    while let Some(batch) = batches.blocking_recv() {
        sink.write_all(&batch)?;
        hash.update(&batch);
        bytes += u64::try_from(batch.len()).unwrap_or(0);
    }
    sink.flush()?;
    let sha256 = files::hexadecimal(&hash.finalize());
    Ok(Written {
        sink,
        bytes,
        sha256,
    })
}

/// A file under a name of its own beside its place; dropping it before [`NewFile::finish`] removes it.
#[derive(Debug)]
pub(super) struct NewFile {
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
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.part", Uuid::now_v7().simple()));
        let unnamed = path.with_file_name(hidden);
        let file = files::create_private(&unnamed).map_err(|error| cannot(error.to_string()))?;
        Ok(Self {
            file,
            unnamed,
            path: path.to_owned(),
            overwrite,
        })
    }

    /// Gives the file its name, on disk when this returns. Blocking.
    pub fn finish(self) -> Result<(), ExportError> {
        let named = self.file.sync_all().and_then(|()| self.name());
        match named.and_then(|()| files::sync_directory(&self.path)) {
            Ok(()) => Ok(()),
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
            Ok(()) => fs::remove_file(&self.unnamed),
            // A file system without links: the look and the renaming are two steps there.
            Err(_) if self.path.symlink_metadata().is_err() => {
                fs::rename(&self.unnamed, &self.path)
            }
            Err(_) => Err(io::ErrorKind::AlreadyExists.into()),
        }
    }
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
