//! Long jobs on the person's data: one at a time, each with a name, progress, a way to stop it, and
//! exactly one end.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::domain::backup::Depth;
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
    /// Change a policy of retention.
    Policy(PolicyOrder),
    /// End every session that is signed in by password.
    SignOut,
    /// Make a backup of the whole database, verified so far.
    Backup(Depth),
    /// Look at a backup that is there.
    Verify(PathBuf, Depth),
    /// Put a backup back; the present data are kept aside.
    Restore(PathBuf),
    /// Use a database again that a restore kept aside; the present one is kept aside in its turn.
    UseKept(String),
    /// Drop a database that a restore kept aside.
    DropKept(String),
    /// Take an export in, or only tell what that would change.
    Import(ImportOrder),
    /// Make what is due by the schedule: nobody asked for it just now.
    Due,
}

/// What is to hold for a table from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyOrder {
    /// Whose rows.
    pub table: retention::Table,
    /// Rows older than so many days are concerned.
    pub keep_days: i32,
    /// What happens to them.
    pub action: retention::Action,
    /// Whether the next run carries it out.
    pub enabled: bool,
}

/// A document to be taken in.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportOrder {
    /// The file, as the person wrote it: a leading `~/` is their own directory.
    pub file: PathBuf,
    /// Whether to tell what would change, and to change nothing.
    pub dry_run: bool,
    /// What it was sealed with.
    pub words: Option<Secret<Zeroizing<String>>>,
    /// The questions of a day, for documents of the web application.
    pub questions: Arc<LogForm>,
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
    /// [`Job::Policy`].
    Policy,
    /// [`Job::SignOut`].
    SignOut,
    /// [`Job::Backup`].
    Backup,
    /// [`Job::Verify`].
    Verify,
    /// [`Job::Restore`].
    Restore,
    /// [`Job::UseKept`].
    UseKept,
    /// [`Job::DropKept`].
    DropKept,
    /// [`Job::Import`] as a dry run.
    ImportTrial,
    /// [`Job::Import`].
    Import,
    /// [`Job::Due`].
    Due,
}

impl Job {
    /// Which job it is.
    #[must_use]
    pub const fn kind(&self) -> JobKind {
        match self {
            Self::Export(_) | Self::ExportAs(_) => JobKind::Export,
            Self::Retention => JobKind::Retention,
            Self::BringBack(..) => JobKind::BringBack,
            Self::Policy(_) => JobKind::Policy,
            Self::SignOut => JobKind::SignOut,
            Self::Backup(_) => JobKind::Backup,
            Self::Verify(..) => JobKind::Verify,
            Self::Restore(_) => JobKind::Restore,
            Self::UseKept(_) => JobKind::UseKept,
            Self::DropKept(_) => JobKind::DropKept,
            Self::Import(order) if order.dry_run => JobKind::ImportTrial,
            Self::Import(_) => JobKind::Import,
            Self::Due => JobKind::Due,
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
            Self::Policy => "a change of retention",
            Self::SignOut => "a sign-out",
            Self::Backup => "a backup",
            Self::Verify => "a look at a backup",
            Self::Restore => "a restore",
            Self::UseKept => "an exchange of databases",
            Self::DropKept => "the removal of a database",
            Self::ImportTrial => "the trial of an import",
            Self::Import => "an import",
            Self::Due => "a backup that was due",
        }
    }

    /// While it runs: `exporting`.
    #[must_use]
    pub const fn doing(self) -> &'static str {
        match self {
            Self::Export => "exporting",
            Self::Retention | Self::Policy => "retention",
            Self::BringBack => "bringing back",
            Self::SignOut => "signing out",
            Self::Backup | Self::Due => "backing up",
            Self::Verify => "verifying",
            Self::Restore => "restoring",
            Self::UseKept => "exchanging",
            Self::DropKept => "dropping",
            Self::ImportTrial => "trying",
            Self::Import => "importing",
        }
    }

    /// Begins the reason why it failed: `not exported`.
    #[must_use]
    pub const fn not_done(self) -> &'static str {
        match self {
            Self::Export => "not exported",
            Self::Retention => "retention ended early",
            Self::BringBack => "not brought back",
            Self::Policy => "the policy was not changed",
            Self::SignOut => "not signed out",
            Self::Backup => "no backup was made",
            Self::Verify => "not verified",
            Self::Restore => "not restored; the present data are in use, as they were",
            Self::UseKept => "not exchanged; the present data are in use, as they were",
            Self::DropKept => "nothing was dropped",
            Self::ImportTrial | Self::Import => "not imported; nothing was changed",
            Self::Due => "what is due was not made",
        }
    }

    /// Said once the person has stopped it, with what that leaves.
    #[must_use]
    pub const fn stopped(self) -> &'static str {
        match self {
            Self::Export => "export stopped; no file was left",
            Self::Retention => "retention stopped before anything was touched; no file was left",
            Self::BringBack | Self::Policy | Self::SignOut | Self::UseKept | Self::DropKept => {
                "stopped; nothing was done"
            }
            Self::Backup | Self::Due => "backup stopped; no file was left",
            Self::Verify => "verification stopped; the file was left as it is",
            Self::Restore => "restore stopped; the present data are in use, as they were",
            Self::ImportTrial | Self::Import => "import stopped; nothing was changed",
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

    /// A share of something whose parts mean nothing to anybody: `restoring, 45 %`.
    #[must_use]
    pub fn share(what: &str, done: u64, total: u64) -> Self {
        let percent = done.saturating_mul(100).checked_div(total);
        let between = if what.is_empty() { "" } else { ", " };
        Self {
            done: 0,
            total: 0,
            words: percent.map_or_else(
                || what.to_owned(),
                |percent| format!("{what}{between}{percent} %"),
            ),
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

/// What a job made, as the Data screen shows it. Holds no private text of any record; of what an import changes the names that
/// are not private.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobReport {
    /// One sentence for the status row.
    pub said: String,
    /// Line by line.
    pub lines: Vec<JobLine>,
    /// Further lines, for whoever asked: what an import would change, record by record.
    pub more: Vec<JobLine>,
    /// The file that it made, to be copied.
    pub path: Option<PathBuf>,
    /// Whether anything is different after it, or would be.
    pub changes_anything: bool,
    /// Nothing was done yet: the file is sealed, and the words that open it are wanted.
    pub is_sealed: bool,
}

/// A line of a [`JobReport`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobLine {
    /// A name and what it is.
    Fact(&'static str, String),
    /// A name that is not known beforehand, of a table, and what it is.
    Named(String, String),
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
    /// The same, for a reason that passes: the database was away. The very same job may go well later.
    Interrupted(String),
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// In words without any text of a record.
    pub reason: String,
    /// Whether the very same job may go well later.
    pub passes: bool,
}

/// The jobs of this run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Jobs {
    /// The one that runs.
    pub running: Option<(JobKind, Progress)>,
    /// How the last of each kind ended; one that was stopped leaves what was there before it.
    pub ended: BTreeMap<JobKind, Result<JobReport, Failure>>,
    /// Which of them ended last.
    pub last: Option<JobKind>,
    /// What begins once the one that runs, which nobody asked for, has stopped.
    pub waiting: Option<JobKind>,
}

impl Jobs {
    /// How far the job of this kind is, if it runs or is about to.
    #[must_use]
    pub fn progress(&self, kind: JobKind) -> Option<String> {
        match (&self.running, self.waiting) {
            (Some((running, progress)), _) if *running == kind => Some(progress.said()),
            (_, Some(waiting)) if waiting == kind => Some("about to begin".to_owned()),
            (Some(_) | None, Some(_) | None) => None,
        }
    }

    /// How the last job of this kind ended, if it did.
    #[must_use]
    pub fn end(&self, kind: JobKind) -> Option<Result<&JobReport, &Failure>> {
        Some(self.ended.get(&kind)?.as_ref())
    }

    /// What is in the way of a job that the person starts now, if anything is. What nobody asked for gives way.
    #[must_use]
    pub fn in_the_way(&self) -> Option<JobKind> {
        let running = self.running.as_ref().map(|(kind, _)| *kind);
        self.waiting
            .or(running.filter(|kind| *kind != JobKind::Due))
    }

    /// The report of the last one of a kind, if it ended as asked.
    #[must_use]
    pub fn report(&self, kind: JobKind) -> Option<&JobReport> {
        self.ended.get(&kind)?.as_ref().ok()
    }
}
