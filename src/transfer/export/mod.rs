//! Everything of the person, or what was asked for, from one snapshot of the database: as versioned JSON, or
//! in a form for reading.
//!
//! Rows are streamed: memory stays flat at any size. A file or folder appears whole or not at all, readable
//! by this user alone, and never in the place of another unless that was asked for. The same data
//! give the same bytes apart from `exportedAt`; each row is a line.

mod folder;
mod request;
mod sink;
mod stream;
mod written;

use std::io::Write;
use std::path::{Path, PathBuf};

use tokio::sync::{mpsc, watch};

use crate::domain::export_format::{ExportReport, Table};
use crate::store::error::StoreError;
use crate::store::session::Session;

pub use request::{Form, Request};
pub(super) use sink::NewFile;

/// How many batches may wait for a slow disk.
const WAITING: usize = 4;

/// Why there is no export. Nothing was left behind, but where it says so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// The file is there already.
    #[error(
        "{} exists already and was left as it is; name another file, or ask to overwrite it",
        path.display()
    )]
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// The file cannot be made or written.
    #[error(
        "the export could not be written to {} ({reason}); nothing was left there; choose another place",
        path.display()
    )]
    CannotCreate {
        /// Which.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file has its name and is whole, but the disk has not confirmed the name.
    #[error(
        "the export is there and whole, at {}, but the disk did not confirm it ({reason}); \
         make another one before you rely on it",
        path.display()
    )]
    NotFlushed {
        /// Which.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// Standard output, or whatever was to take the document, does not.
    #[error("the export could not be written to its output ({reason})")]
    Output {
        /// What the system says.
        reason: String,
    },
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// One file takes one table in that form.
    #[error(
        "as CSV one file takes one table and {tables} were asked for; limit the export to one, or name a folder"
    )]
    OneTable {
        /// How many were asked for.
        tables: usize,
    },
    /// A folder takes no lock.
    #[error("a folder is not sealed; export into one file, or as JSON")]
    OpenFolder,
    /// The person stopped it.
    #[error("the export was stopped; no file was left")]
    Cancelled,
}

impl ExportError {
    /// The exit code of a subcommand that ends with this error, as sysexits has them.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Exists { .. } | Self::CannotCreate { .. } => 73,
            Self::NotFlushed { .. } | Self::Output { .. } => 74,
            Self::OneTable { .. } | Self::OpenFolder => 64,
            Self::Store(error) => error.exit_code(),
            Self::Cancelled => 75,
        }
    }
}

/// Stops an export from elsewhere. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Cancel(watch::Sender<bool>);

impl Default for Cancel {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Cancel {
    /// Stops it.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether the work has been asked to end.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is stopped.
    pub async fn cancelled(&self) {
        let mut watched = self.0.subscribe();
        // The sender lives as long as `self`.
        let _ = watched.wait_for(|stopped| *stopped).await;
    }
}

/// Told how many rows are written of how many.
pub type Progress<'a> = &'a mut (dyn FnMut(u64, u64) + Send);

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The table that is being written; none before the first.
    pub table: Option<&'static Table>,
    /// Its rows that are written.
    pub rows: u64,
    /// Its rows in all.
    pub of: u64,
    /// Rows of all tables that are written.
    pub done: u64,
    /// Rows of all tables.
    pub total: u64,
}

impl Step {
    fn before(total: u64) -> Self {
        Self {
            table: None,
            rows: 0,
            of: 0,
            done: 0,
            total,
        }
    }

    fn begin(&mut self, table: &'static Table, of: u64) {
        *self = Self {
            table: Some(table),
            rows: 0,
            of,
            ..*self
        };
    }

    fn row(&mut self) {
        self.rows += 1;
        self.done += 1;
    }
}

/// Exports everything to a new file, as JSON.
///
/// # Errors
/// As [`ExportError`] lists them; no file is left then, and one that was there is untouched.
pub async fn to_file(
    session: &Session,
    path: &Path,
    overwrite: bool,
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Result<ExportReport, ExportError> {
    let mut tell = |step: Step| progress(step.done, step.total);
    let everything = Request::default();
    file(session, &everything, path, overwrite, &mut tell, cancel).await
}

/// Exports everything to a writer, such as standard output, as JSON.
///
/// # Errors
/// As [`ExportError`] lists them; the writer may have got a part of the document.
pub async fn to_writer<W: Write + Send + 'static>(
    session: &Session,
    sink: W,
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Result<ExportReport, ExportError> {
    let mut tell = |step: Step| progress(step.done, step.total);
    writer(session, &Request::default(), sink, &mut tell, cancel).await
}

/// Exports what was asked for to one new file.
///
/// # Errors
/// As [`ExportError`] lists them; no file is left then, and one that was there is untouched.
pub async fn file(
    session: &Session,
    request: &Request,
    path: &Path,
    overwrite: bool,
    tell: &mut (dyn FnMut(Step) + Send),
    cancel: &Cancel,
) -> Result<ExportReport, ExportError> {
    fits_one(request)?;
    let file = NewFile::create(path, overwrite)?;
    let lock = request.lock.clone();
    let write = move |pieces| sink::write(file, lock.as_ref(), pieces);
    let (counts, written) = run(session, request, tell, cancel, write).await?;
    let written = written.map_err(|error| cannot_create(path, &error))?;
    named(path, counts, written, NewFile::finish).await
}

/// Exports what was asked for to a writer, such as standard output.
///
/// # Errors
/// As [`ExportError`] lists them; the writer may have got a part of the document.
pub async fn writer<W: Write + Send + 'static>(
    session: &Session,
    request: &Request,
    sink: W,
    tell: &mut (dyn FnMut(Step) + Send),
    cancel: &Cancel,
) -> Result<ExportReport, ExportError> {
    fits_one(request)?;
    let lock = request.lock.clone();
    let write = move |pieces| sink::write(sink, lock.as_ref(), pieces);
    let (counts, written) = run(session, request, tell, cancel, write).await?;
    let sink::Written { bytes, sha256, .. } = written.map_err(|error| ExportError::Output {
        reason: error.to_string(),
    })?;
    Ok(ExportReport {
        path: PathBuf::from("-"),
        counts,
        bytes,
        sha256,
    })
}

/// Exports what was asked for, in a form for reading, to a new folder of files. The checksum of the report is
/// that of the list of the files' checksums, `SHA256SUMS`.
///
/// # Errors
/// As [`ExportError`] lists them; nothing is left then, and what was there is untouched.
pub async fn folder(
    session: &Session,
    request: &Request,
    path: &Path,
    tell: &mut (dyn FnMut(Step) + Send),
    cancel: &Cancel,
) -> Result<ExportReport, ExportError> {
    if request.lock.is_some() {
        return Err(ExportError::OpenFolder);
    }
    let folder = folder::NewFolder::create(path)?;
    let write = move |pieces| folder::write(folder, pieces);
    let (counts, written) = run(session, request, tell, cancel, write).await?;
    let written = written.map_err(|error| cannot_create(path, &error))?;
    named(path, counts, written, folder::NewFolder::finish).await
}

/// Gives what was written its name.
async fn named<S: Send + 'static>(
    path: &Path,
    counts: Vec<(String, u64)>,
    written: sink::Written<S>,
    finish: impl FnOnce(S) -> Result<(), ExportError> + Send + 'static,
) -> Result<ExportReport, ExportError> {
    let sink::Written {
        sink,
        bytes,
        sha256,
    } = written;
    // A click of the disk; what comes after it is not stopped any more.
    tokio::task::spawn_blocking(move || finish(sink))
        .await
        .map_err(|_| broke_off())??;
    Ok(ExportReport {
        path: path.to_owned(),
        counts,
        bytes,
        sha256,
    })
}

fn fits_one(request: &Request) -> Result<(), ExportError> {
    let tables = request.tables().count();
    match request.form {
        Form::Csv if tables != 1 => Err(ExportError::OneTable { tables }),
        Form::Csv | Form::Json | Form::Markdown => Ok(()),
    }
}

fn cannot_create(path: &Path, error: &std::io::Error) -> ExportError {
    ExportError::CannotCreate {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

/// A panic has said where it was; its own words may hold anything.
fn broke_off() -> ExportError {
    ExportError::Store(StoreError::Internal {
        what: "writing the export broke off".to_owned(),
    })
}

type Ran<S> = (Vec<(String, u64)>, std::io::Result<sink::Written<S>>);

/// Streams on this task and writes on another thread, so that one does not wait for the other.
async fn run<S: Send + 'static>(
    session: &Session,
    request: &Request,
    tell: &mut (dyn FnMut(Step) + Send),
    cancel: &Cancel,
    write: impl FnOnce(mpsc::Receiver<sink::Piece>) -> std::io::Result<sink::Written<S>>
    + Send
    + 'static,
) -> Result<Ran<S>, ExportError> {
    let client = session.alone().await?;
    let (pieces, received) = mpsc::channel(WAITING);
    let writing = tokio::task::spawn_blocking(move || write(received));
    let mut out = written::Out::new(pieces);
    let streamed = tokio::select! {
        streamed = stream::everything(session, &client, request, &mut out, tell) => streamed,
        () = cancel.cancelled() => {
            session.stop(&client).await;
            Err(stream::Stopped::Error(ExportError::Cancelled))
        }
    };
    drop((client, out));
    let written = writing.await.map_err(|_| broke_off())?;
    match streamed {
        Ok(counts) => Ok((counts, written)),
        Err(stream::Stopped::SinkClosed) => Ok((Vec::new(), written)),
        Err(stream::Stopped::Error(error)) => Err(error),
    }
}
