//! Long jobs on the person's data: one at a time, each with a name, progress, a way to stop it, and
//! exactly one end.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::domain::export_format::{ExportForm, Table};
use crate::domain::form::LogForm;
use crate::domain::retention;
use crate::domain::secret::Secret;

/// A job on the person's data that may take a while.
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    /// Export everything as JSON; to a new file in the person's export directory, or to this one.
    Export(Option<PathBuf>),
    /// Export what was chosen, to a new file or folder in the person's export directory.
    ExportAs(Box<ExportOrder>),
    /// Carry the enabled policies of retention out, after an export of what they concern.
    Retention,
    /// Bring a row out of the archive.
    BringBack(retention::Table, Uuid),
    /// End every session that is signed in by password.
    SignOut,
}

/// What an export holds and how it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportOrder {
    /// How it is written.
    pub form: ExportForm,
    /// Whether the red zone is covered.
    pub redacted: bool,
    /// Rows that were changed on this date or later.
    pub since: Option<Date>,
    /// These tables alone.
    pub only: Option<Vec<&'static Table>>,
    /// What it is sealed with.
    pub words: Option<Secret<Zeroizing<String>>>,
    /// The questions of a day, which say what is covered.
    pub questions: Arc<LogForm>,
}

/// Which job it is, without its particulars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobKind {
    /// [`Job::Export`].
    Export,
    /// [`Job::Retention`].
    Retention,
    /// [`Job::BringBack`].
    BringBack,
    /// [`Job::SignOut`].
    SignOut,
}

impl Job {
    /// Which job it is.
    #[must_use]
    pub const fn kind(&self) -> JobKind {
        match self {
            Self::Export(_) | Self::ExportAs(_) => JobKind::Export,
            Self::Retention => JobKind::Retention,
            Self::BringBack(..) => JobKind::BringBack,
            Self::SignOut => JobKind::SignOut,
        }
    }
}

impl JobKind {
    /// What it is called, with its article: `an export`.
    #[must_use]
    pub const fn one(self) -> &'static str {
        match self {
            Self::Export => "an export",
            Self::Retention => "retention",
            Self::BringBack => "a return from the archive",
            Self::SignOut => "a sign-out",
        }
    }

    /// While it runs: `exporting`.
    #[must_use]
    pub const fn doing(self) -> &'static str {
        match self {
            Self::Export => "exporting",
            Self::Retention => "retention",
            Self::BringBack => "bringing back",
            Self::SignOut => "signing out",
        }
    }

    /// Begins the reason why it failed: `not exported`.
    #[must_use]
    pub const fn not_done(self) -> &'static str {
        match self {
            Self::Export => "not exported",
            Self::Retention => "retention ended early",
            Self::BringBack => "not brought back",
            Self::SignOut => "not signed out",
        }
    }

    /// Said once the person has stopped it, with what that leaves.
    #[must_use]
    pub const fn stopped(self) -> &'static str {
        match self {
            Self::Export => "export stopped; no file was left",
            Self::Retention => "retention stopped before anything was touched; no file was left",
            Self::BringBack | Self::SignOut => "stopped; nothing was done",
        }
    }
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// So many of them.
    pub done: u64,
    /// Of so many in all; 0 while that is not known.
    pub total: u64,
    /// What is counted: `rows`; or, while nothing is, what is being done.
    pub words: String,
}

impl Progress {
    /// Rows, as most jobs count.
    #[must_use]
    pub fn rows(done: u64, total: u64) -> Self {
        Self {
            done,
            total,
            words: "rows".to_owned(),
        }
    }

    /// In words: `3 of 10 rows`.
    #[must_use]
    pub fn said(&self) -> String {
        let Self { done, total, words } = self;
        match total {
            0 => words.clone(),
            total => format!("{done} of {total} {words}"),
        }
    }
}

/// What a job made, as the Data screen shows it. Holds no text of any record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobReport {
    /// One sentence for the status row.
    pub said: String,
    /// Line by line.
    pub lines: Vec<JobLine>,
    /// The file that it made, to be copied.
    pub path: Option<PathBuf>,
}

/// A line of a [`JobReport`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobLine {
    /// A name and what it is.
    Fact(&'static str, String),
    /// A sentence.
    Remark(String),
    /// A sentence that the person is to see.
    Warning(String),
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobEnd {
    /// As asked.
    Finished(JobReport),
    /// The person stopped it.
    Cancelled,
    /// Why it failed and what that leaves, in words without any text of a record.
    Failed(String),
}

/// The jobs of this run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Jobs {
    /// The one that runs.
    pub running: Option<(JobKind, Progress)>,
    /// How the last of each kind ended; one that was stopped leaves what was there before it.
    pub ended: BTreeMap<JobKind, Result<JobReport, String>>,
    /// Which of them ended last.
    pub last: Option<JobKind>,
}

impl Jobs {
    /// The report of the last one of a kind, if it ended as asked.
    #[must_use]
    pub fn report(&self, kind: JobKind) -> Option<&JobReport> {
        self.ended.get(&kind)?.as_ref().ok()
    }
}
