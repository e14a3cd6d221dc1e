//! Everything of the person as versioned JSON, from one snapshot of the database.
//!
//! Rows are streamed: memory stays flat at any size. A file appears whole or not at all, readable
//! by this user alone, and never in the place of another unless that was asked for. The same data
//! give the same bytes apart from `exportedAt`; each row is a line.

mod sink;
mod stream;

use std::io::Write;
use std::path::{Path, PathBuf};

use tokio::sync::{mpsc, watch};

use crate::domain::export_format::ExportReport;
use crate::store::error::StoreError;
use crate::store::session::Session;

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

/// Exports everything to a new file.
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
    let file = NewFile::create(path, overwrite)?;
    let (counts, written) = run(session, file, progress, cancel).await?;
    let sink::Written {
        sink: file,
        bytes,
        sha256,
    } = written.map_err(|error| {
        let reason = error.to_string();
        ExportError::CannotCreate {
            path: path.to_owned(),
            reason,
        }
    })?;
    // A click of the disk; what comes after it is not stopped any more.
    tokio::task::spawn_blocking(move || file.finish())
        .await
        .map_err(|_| broke_off())??;
    Ok(ExportReport {
        path: path.to_owned(),
        counts,
        bytes,
        sha256,
    })
}

/// Exports everything to a writer, such as standard output.
///
/// # Errors
/// As [`ExportError`] lists them; the writer may have got a part of the document.
pub async fn to_writer<W: Write + Send + 'static>(
    session: &Session,
    writer: W,
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Result<ExportReport, ExportError> {
    let (counts, written) = run(session, writer, progress, cancel).await?;
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

/// A panic has said where it was; its own words may hold anything.
fn broke_off() -> ExportError {
    ExportError::Store(StoreError::Internal {
        what: "writing the export broke off".to_owned(),
    })
}

type Ran<W> = (Vec<(String, u64)>, std::io::Result<sink::Written<W>>);

/// Streams on this task and writes on another thread, so that one does not wait for the other.
async fn run<W: Write + Send + 'static>(
    session: &Session,
    sink: W,
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Result<Ran<W>, ExportError> {
    let client = session.alone().await?;
    let (batches, received) = mpsc::channel(WAITING);
    let writing = tokio::task::spawn_blocking(move || sink::write(sink, received));
    let streamed = tokio::select! {
        streamed = stream::everything(session, &client, batches, progress) => streamed,
        () = cancel.cancelled() => {
            session.stop(&client).await;
            Err(stream::Stopped::Error(ExportError::Cancelled))
        }
    };
    drop(client);
    let written = writing.await.map_err(|_| broke_off())?;
    match streamed {
        Ok(counts) => Ok((counts, written)),
        Err(stream::Stopped::SinkClosed) => Ok((Vec::new(), written)),
        Err(stream::Stopped::Error(error)) => Err(error),
    }
}
