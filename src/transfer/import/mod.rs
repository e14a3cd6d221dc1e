//! The way back: an export of ours, of this version or older, or the web application's.
//!
//! The document is read on a thread of its own, row by row, and copied into temporary tables; then it
//! is merged by statements over whole tables, in the same transaction. All of it or nothing: whatever
//! ends an import early leaves the database as it was. Nothing that is here is deleted.

mod document;
mod feed;
mod history;
mod indexed;
mod input;
mod json;
mod merge;
mod refusal;
mod statements;
mod told;
mod web;

use std::io::Read;

use tokio::sync::mpsc;

use crate::domain::form::LogForm;
use crate::domain::import::report::ImportReport;
use crate::store::error::StoreError;
use crate::store::session::Session;

use super::export::{Cancel, Progress};
use feed::Message;

pub use document::{Begun, Sink, read};
pub use input::MOST;
pub use refusal::{Refusal, Stop};
pub use statements::key;

/// Why nothing was imported. The database is as it was, but for [`ImportError::Unsure`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The document is not taken.
    #[error("the document cannot be imported: {0}")]
    Refused(Refusal),
    /// A newer program has written it.
    #[error(
        "the document has version {found}, and this program knows versions up to {known}; \
         import it with the program that wrote it or a newer one"
    )]
    Newer {
        /// Its version.
        found: u64,
        /// The newest that is known.
        known: u32,
    },
    /// Its red-zone texts are replaced, and that was not agreed to.
    #[error(
        "the document is redacted: its private values are left out. Records that are here stay as they are, \
         but new ones would come without them; --redacted imports it all the same"
    )]
    Redacted,
    /// It could not be read.
    #[error("the document could not be read ({reason})")]
    Unreadable {
        /// What the system says.
        reason: String,
    },
    /// The same records were changed by another program meanwhile.
    #[error("another program changed the same records meanwhile; import it again")]
    Changed,
    /// The connection was lost while everything was to be kept: it may be in, all of it, or not at all.
    #[error(
        "the connection was lost at the last step ({reason}): whether everything is in now or nothing is not known. \
         Import it again once the database is there; what is in already is left as it is"
    )]
    Unsure {
        /// What ended it.
        reason: String,
    },
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The person stopped it.
    #[error("the import was stopped; nothing was changed")]
    Cancelled,
}

impl ImportError {
    /// The exit code of a subcommand that ends with this error, as sysexits has them.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_) | Self::Newer { .. } | Self::Redacted => 65,
            Self::Unreadable { .. } => 74,
            Self::Changed | Self::Unsure { .. } => 75,
            Self::Store(error) => error.exit_code(),
            Self::Cancelled => 130,
        }
    }
}

impl From<Stop> for ImportError {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(refusal) => Self::Refused(refusal),
            Stop::Newer(found) => Self::Newer {
                found,
                known: crate::domain::export_format::VERSION,
            },
            Stop::Unreadable(reason) => Self::Unreadable { reason },
            Stop::Gone => broke_off(),
        }
    }
}

/// What is to be done with a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Do everything, tell it, and take it back.
    pub dry_run: bool,
    /// Take a redacted document too; of it only what is not here comes in.
    pub redacted: bool,
}

/// A document whose beginning has been read.
pub struct Incoming {
    begun: Begun,
    messages: mpsc::Receiver<Message>,
}

impl Incoming {
    /// Begins to read. The answers of a day are read with this form where the web application wrote
    /// the document.
    ///
    /// # Errors
    /// As [`ImportError`] lists them: it is no export, or it cannot be read.
    pub async fn open<R: Read + Send + 'static>(
        input: R,
        form: LogForm,
    ) -> Result<Self, ImportError> {
        let mut messages = feed::start(input, form).map_err(|error| ImportError::Unreadable {
            reason: error.to_string(),
        })?;
        match messages.recv().await {
            Some(Message::Begun(begun)) => Ok(Self { begun, messages }),
            Some(Message::Ended(Err(stop))) => Err(stop.into()),
            Some(Message::Ended(Ok(_)) | Message::Batch(_) | Message::Whole(_)) | None => {
                Err(broke_off())
            }
        }
    }

    /// What the document says about itself.
    #[must_use]
    pub const fn begun(&self) -> &Begun {
        &self.begun
    }

    /// Merges the document into the account of this session. `progress` is told steps done of all, two
    /// for each row: it is here, it is merged; and one for each record that the search learns of, which is after
    /// the commit. Stopped there, the import is done all the same.
    ///
    /// # Errors
    /// As [`ImportError`] lists them; the database is as it was then.
    pub async fn merge(
        self,
        session: &Session,
        options: Options,
        progress: Progress<'_>,
        cancel: &Cancel,
    ) -> Result<ImportReport, ImportError> {
        if self.begun.redacted && !options.redacted {
            return Err(ImportError::Redacted);
        }
        let client = session.alone().await?;
        let mut steps = merge::Steps::new(progress);
        let mut report = tokio::select! {
            merged = merge::run(self, session, &client, options, &mut steps) => merged?,
            () = cancel.cancelled() => {
                session.stop(&client).await;
                // The connection ends here, and with it whatever was not committed.
                return Err(ImportError::Cancelled);
            }
        };
        // It is not stopped at this point: nobody would know what became of it.
        merge::end(&client, options).await?;
        if !options.dry_run {
            let broke_off = tokio::select! {
                made = indexed::index(session, &client, &mut steps) => made.is_err(),
                () = cancel.cancelled() => {
                    session.stop(&client).await;
                    true
                }
            };
            if broke_off {
                report.not_searched = indexed::waiting(session)
                    .await
                    .unwrap_or_else(|_| steps.left());
            }
        }
        Ok(report)
    }
}

/// A panic has said where it was; its own words may hold anything.
fn broke_off() -> ImportError {
    ImportError::Store(StoreError::Internal {
        what: "reading the document broke off".to_owned(),
    })
}

/// Whether the person has no record yet: an import into their account asks for no confirmation.
///
/// # Errors
/// As the database reports them.
pub async fn is_empty(session: &Session) -> Result<bool, StoreError> {
    let shapes = crate::domain::import::shape::shapes().map(|(_, shape)| shape);
    let rows = session
        .read(&statements::is_empty(shapes, session.user()), &[])
        .await?;
    match rows.first() {
        Some(row) => Ok(row.try_get(0)?),
        None => Ok(false),
    }
}
