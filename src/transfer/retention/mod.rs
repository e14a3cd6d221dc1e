//! Retention: what policies concern is exported, and then archived or deleted in batches.
//!
//! The rows are picked in one snapshot, by id and version, and written to a file of the export's format
//! that is on disk before the first of them is touched. A row that has changed since then stays. Each
//! batch is a transaction: whoever stops a run, or is killed in it, loses nothing, and the next run goes on.

mod document;

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::domain::retention::{Action, Policy, Table};
use crate::store::error::StoreError;
use crate::store::queries::retention::{self, bounds};
use crate::store::queries::search;
use crate::store::session::{Kind, Session};

use super::export::{Cancel, ExportError, Progress};

/// Rows of a transaction.
const BATCH: usize = 500;

/// What was done for one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its table.
    pub table: Table,
    /// What was done to its rows.
    pub action: Action,
    /// To how many of them; check-ins that went with their goal are not counted.
    pub rows: u64,
    /// How many stay because they have changed while the run went on.
    pub stayed: u64,
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The export of what was concerned; nothing where nothing was.
    pub path: Option<PathBuf>,
    /// Rows in it, per table by its name in the document.
    pub counts: Vec<(String, u64)>,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256, in lower-case hexadecimal.
    pub sha256: String,
    /// For each enabled policy.
    pub done: Vec<Done>,
    /// How many ids of applied writes were forgotten.
    pub forgotten: u64,
    /// Whether it was stopped between two batches.
    pub stopped: bool,
}

/// Why a run ended early. What a batch has done is done, and is in the export.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RetentionError {
    /// There is no export, so nothing was touched.
    #[error(
        "nothing was archived or deleted, because what is concerned could not be exported: {0}"
    )]
    Export(ExportError),
    /// The database, before anything was touched.
    #[error("nothing was archived or deleted: {0}")]
    Store(#[from] StoreError),
    /// The database, between two batches.
    #[error(
        "{rows} rows were archived or deleted and the rest was not: {error}; what was concerned is in {}, \
         and the next run goes on",
        path.display()
    )]
    Broken {
        /// How many.
        rows: u64,
        /// The export.
        path: PathBuf,
        /// Why.
        error: StoreError,
    },
}

impl RetentionError {
    /// The exit code of a subcommand that ends with this error, as sysexits has them.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Export(error) => error.exit_code(),
            Self::Store(error) | Self::Broken { error, .. } => error.exit_code(),
        }
    }
}

/// The day and the zone by which ages go.
#[derive(Debug, Clone)]
pub struct Today {
    /// The person's date.
    pub date: Date,
    /// The person's zone.
    pub zone: TimeZone,
}

/// Rows that were picked of one table.
#[derive(Debug)]
pub(super) struct Picked {
    pub table: Table,
    /// What happens to them; nothing of its own to check-ins that go with their goal.
    pub action: Option<Action>,
    /// Id and version, oldest first.
    pub rows: Vec<(Uuid, i32)>,
}

/// The first name of this day that is free in a directory.
#[must_use]
pub fn new_file(directory: &Path, date: Date) -> PathBuf {
    let name = |number: u32| match number {
        1 => format!("harriswildlands-retention-{date}.json"),
        more => format!("harriswildlands-retention-{date}-{more}.json"),
    };
    let mut number = 1;
    loop {
        let path = directory.join(name(number));
        if number >= 10_000 || path.symlink_metadata().is_err() {
            return path;
        }
        number += 1;
    }
}

/// Carries the enabled ones of these policies out, after an export of what they concern to a new file.
///
/// # Errors
/// As [`RetentionError`] lists them.
pub async fn run(
    session: &Session,
    policies: &[Policy],
    today: &Today,
    path: &Path,
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Result<Report, RetentionError> {
    let client = session.alone().await?;
    let begun = client.batch_execute(&session.begin(Kind::Snapshot)).await;
    begun.map_err(StoreError::from)?;
    let picked = pick(session, &client, policies, today).await?;
    let total: u64 = picked.iter().map(|one| count(&one.rows)).sum();
    let mut report = Report::default();
    if total > 0 {
        let written = document::write(session, &client, &picked, path, progress, cancel).await;
        let written = written.map_err(|error| match error {
            document::Ended::Cancelled => None,
            document::Ended::Export(error) => Some(RetentionError::Export(error)),
        });
        match written {
            Ok(written) => {
                report.path = Some(path.to_owned());
                report.counts = written.counts;
                report.bytes = written.bytes;
                report.sha256 = written.sha256;
            }
            Err(None) => {
                report.stopped = true;
                return Ok(report);
            }
            Err(Some(error)) => return Err(error),
        }
    }
    drop(client);
    act(session, &picked, &mut report, progress, cancel).await?;
    let has_deleted = |done: &Done| done.action == Action::Delete;
    if report.done.iter().any(has_deleted) {
        let learned = search::learn_words_again(session).await;
        learned.map_err(|error| RetentionError::Broken {
            rows: report.done.iter().map(|done| done.rows).sum(),
            path: report.path.clone().unwrap_or_default(),
            error,
        })?;
    }
    if !report.stopped {
        for done in &report.done {
            retention::ran(session, done.table).await?;
        }
        report.forgotten = retention::forget_writes(session).await?;
    }
    Ok(report)
}

async fn pick(
    session: &Session,
    client: &tokio_postgres::Client,
    policies: &[Policy],
    today: &Today,
) -> Result<Vec<Picked>, StoreError> {
    let user = session.user().0;
    let mut picked: Vec<Picked> = Vec::new();
    for policy in policies.iter().filter(|policy| policy.enabled) {
        let bounds = bounds(policy, today.date, &today.zone);
        let rows = retention::pick(client, user, policy, bounds).await?;
        if (policy.table, policy.action) == (Table::Goals, Action::Delete) && !rows.is_empty() {
            let ids: Vec<Uuid> = rows.iter().map(|(id, _)| *id).collect();
            let params = [(&user as _, Type::UUID), (&ids as _, Type::UUID_ARRAY)];
            let with_them = client.query_typed(retention::WITH_GOALS, &params).await?;
            let with_them: Result<Vec<(Uuid, i32)>, StoreError> = with_them
                .iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
                .collect();
            picked.push(Picked {
                table: Table::CheckIns,
                action: None,
                rows: with_them?,
            });
        }
        picked.push(Picked {
            table: policy.table,
            action: Some(policy.action),
            rows,
        });
    }
    Ok(picked)
}

fn count(rows: &[(Uuid, i32)]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

/// Batch by batch, a transaction each.
async fn act(
    session: &Session,
    picked: &[Picked],
    report: &mut Report,
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Result<(), RetentionError> {
    let own = || picked.iter().filter(|one| one.action.is_some());
    let total: u64 = own().map(|one| count(&one.rows)).sum();
    let with_goals: Vec<(Uuid, i32)> = picked
        .iter()
        .filter(|one| one.action.is_none())
        .flat_map(|one| one.rows.iter().copied())
        .collect();
    let (mut seen, mut touched) = (0, 0);
    for one in own() {
        let Some(action) = one.action else { continue };
        let mut done = Done {
            table: one.table,
            action,
            rows: 0,
            stayed: 0,
        };
        for batch in one.rows.chunks(BATCH) {
            if cancel.is_cancelled() {
                report.stopped = true;
                report.done.push(done);
                return Ok(());
            }
            let rows = act_on(session, one.table, action, batch, &with_goals).await;
            let rows = rows.map_err(|error| RetentionError::Broken {
                rows: touched,
                path: report.path.clone().unwrap_or_default(),
                error,
            })?;
            touched += rows;
            seen += count(batch);
            done.rows += rows;
            done.stayed += count(batch).saturating_sub(rows);
            progress(seen, total);
        }
        report.done.push(done);
    }
    Ok(())
}

async fn act_on(
    session: &Session,
    table: Table,
    action: Action,
    batch: &[(Uuid, i32)],
    with_goals: &[(Uuid, i32)],
) -> Result<u64, StoreError> {
    let user = session.user().0;
    let (ids, versions): (Vec<Uuid>, Vec<i32>) = batch.iter().copied().unzip();
    let (of_ids, of_versions): (Vec<Uuid>, Vec<i32>) = with_goals.iter().copied().unzip();
    let mut params: Vec<(&(dyn tokio_postgres::types::ToSql + Sync), Type)> = vec![
        (&user, Type::UUID),
        (&ids, Type::UUID_ARRAY),
        (&versions, Type::INT4_ARRAY),
    ];
    if (table, action) == (Table::Goals, Action::Delete) {
        params.extend([
            (&of_ids as _, Type::UUID_ARRAY),
            (&of_versions as _, Type::INT4_ARRAY),
        ]);
    }
    let sql = format!("{} returning 1", retention::act_sql(table, action));
    let rows = session.change(&sql, &params).await?;
    Ok(u64::try_from(rows.len()).unwrap_or(0))
}
