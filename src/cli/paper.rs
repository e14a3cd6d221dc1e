//! Documents that subcommands write: to standard output, or into a file of their own.

use std::path::{Path, PathBuf};

use super::exit::{Exit, Failure};
use super::output;
use crate::domain::document::{Document, Paper};
use crate::domain::secret::{Exit as Way, Secret};
use crate::domain::text::printable;
use crate::transfer::document::{self, DocumentError};
use crate::transfer::export::ExportError;

/// Where a document goes.
#[derive(Debug, clap::Args)]
pub struct Target {
    /// The file; `-` is standard output [default: a new file in this directory, named by the title]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
}

impl Target {
    /// What the file's name asks for.
    #[must_use]
    pub fn paper(&self) -> Paper {
        let ending = self.file.as_deref().and_then(Path::extension);
        if ending.is_some_and(|ending| ending.eq_ignore_ascii_case("pdf")) {
            Paper::Pdf
        } else {
            Paper::Markdown
        }
    }

    /// Writes a document and says where it is.
    ///
    /// # Errors
    /// Standard output cannot have it; the file exists or cannot be written; no program makes PDF.
    pub fn write(&self, stem: String, markdown: String, paper: Paper) -> Result<(), Failure> {
        let to_output = self.file.as_deref() == Some(Path::new("-"));
        if to_output && (self.force || paper == Paper::Pdf) {
            let line = "--force and --pdf are about a file; with - there is none";
            return Err(Failure::new(Exit::Usage, line));
        }
        let document = Document {
            stem,
            markdown: Secret::new(markdown),
            paper,
        };
        if to_output {
            return output::print(document.markdown.expose(Way::Output));
        }
        let file = super::block_on(async {
            let path = std::env::var_os("PATH");
            let write = async {
                match &self.file {
                    Some(file) => document::to_file(&document, file, self.force, path.as_deref())
                        .await
                        .map(|()| file.clone()),
                    None => {
                        document::to_directory(&document, Path::new("."), path.as_deref()).await
                    }
                }
            };
            // Asked to end, the program that sets the pages ends too, and its directory goes.
            tokio::select! {
                written = write => written.map_err(|error| failure(&error)),
                asked = super::asked_to_end() => {
                    asked?;
                    Err(Failure::new(Exit::Interrupted, "stopped; no file was left"))
                }
            }
        })?;
        let file = std::path::absolute(&file).unwrap_or(file);
        output::say(&format!("written to {}", file.display()));
        Ok(())
    }
}

fn failure(error: &DocumentError) -> Failure {
    let line = printable(&error.to_string()).into_owned();
    match error {
        DocumentError::File(ExportError::Exists { path }) => Failure::new(
            Exit::CannotCreate,
            format!(
                "{} exists and was left as it is; name another file, or replace it with --force",
                path.display()
            ),
        ),
        DocumentError::File(ExportError::NotFlushed { .. } | ExportError::Output { .. }) => {
            Failure::new(Exit::Io, line)
        }
        DocumentError::File(
            ExportError::CannotCreate { .. }
            | ExportError::OneTable { .. }
            | ExportError::OpenFolder
            | ExportError::Store(_)
            | ExportError::Cancelled,
        ) => Failure::new(Exit::CannotCreate, line),
        DocumentError::Pdf(_) => Failure::new(Exit::Unavailable, line),
    }
}
