//! Documents of a person in files: Markdown as it is, or set in pages by a program of the machine.
//!
//! A file appears whole or not at all, readable by this user alone, and never in the place of another unless that was
//! asked for.

mod pdf;

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::domain::document::{Document, Paper};
use crate::domain::secret::Exit;

use super::export::{ExportError, NewFile};

pub use pdf::PdfError;

/// How many documents of one name stand beside each other.
const OF_ONE_NAME: u32 = 1000;

/// Why there is no file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The file cannot be made or written.
    #[error(transparent)]
    File(#[from] ExportError),
    /// The pages cannot be set.
    #[error(transparent)]
    Pdf(#[from] PdfError),
}

/// Writes a document into a directory, under the first name of its own that is free; gives the file. Programs are
/// looked for in `path`, the directories that `PATH` names.
///
/// # Errors
/// As [`DocumentError`] lists them; no file is left then.
pub async fn to_directory(
    document: &Document,
    directory: &Path,
    path: Option<&OsStr>,
) -> Result<PathBuf, DocumentError> {
    let bytes = bytes(document, path).await?;
    let mut number = 1;
    loop {
        let file = directory.join(file_name(document, number));
        match write(&bytes, &file, false) {
            Err(ExportError::Exists { .. }) if number < OF_ONE_NAME => number += 1,
            Ok(()) => return Ok(file),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Writes a document into this file.
///
/// # Errors
/// As [`DocumentError`] lists them; no file is left then, and one that was there is untouched.
pub async fn to_file(
    document: &Document,
    file: &Path,
    overwrite: bool,
    path: Option<&OsStr>,
) -> Result<(), DocumentError> {
    let bytes = bytes(document, path).await?;
    write(&bytes, file, overwrite)?;
    Ok(())
}

fn file_name(document: &Document, number: u32) -> String {
    let (stem, ending) = (&document.stem, document.paper.ending());
    match number {
        1 => format!("{stem}.{ending}"),
        more => format!("{stem}-{more}.{ending}"),
    }
}

async fn bytes(document: &Document, path: Option<&OsStr>) -> Result<Vec<u8>, PdfError> {
    let markdown = document.markdown.expose(Exit::Export);
    match document.paper {
        Paper::Markdown => Ok(markdown.clone().into_bytes()),
        Paper::Pdf => pdf::set(markdown, path).await,
    }
}

/// A few kilobytes and a click of the disk.
fn write(bytes: &[u8], path: &Path, overwrite: bool) -> Result<(), ExportError> {
    let mut file = NewFile::create(path, overwrite)?;
    file.write_all(bytes)
        .map_err(|error| ExportError::CannotCreate {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
    file.finish()
}

#[cfg(test)]
mod tests;
