//! Backups made, verified, put back; what is due; databases that were kept aside.

use std::path::Path;

use tokio::sync::mpsc::UnboundedSender;

use super::{Desk, counted, failed, of_store, said, shown, without_numbers};
use crate::app::job::{JobEnd, JobLine, JobReport, Progress};
use crate::domain::backup::{Depth, Kind};
use crate::domain::text::{printable, size};
use crate::store::queries::users::Account;
use crate::store::session::Session;
use crate::transfer::backup::{self, BackupError, BackupReport, Options};
use crate::transfer::ground::Ground;
use crate::transfer::restore::{self, RestoreReport, Step};
use crate::transfer::schedule::{self, Made};

impl Desk {
    /// Makes a backup and records it.
    pub(super) async fn backup(
        &self,
        depth: Depth,
        progress: &UnboundedSender<Progress>,
    ) -> JobEnd {
        let ground = match Ground::open(&self.source).await {
            Ok(ground) => ground,
            Err(error) => return failed(&error),
        };
        let made = self.made(&ground, depth, progress).await;
        release(ground).await;
        if let Err(error @ BackupError::Program { .. }) = &made {
            let place = shown(&self.plan.directory);
            return JobEnd::Failed(format!(
                "{}. Nothing was left in {place}; see whether it has room and may be written to.",
                words(error)
            ));
        }
        ended(made, |(report, notes)| {
            let path = shown(&report.path);
            let mut made = JobReport {
                said: format!("backed up to {path}"),
                lines: vec![JobLine::Fact("backed up to", path)],
                path: Some(report.path.clone()),
                ..JobReport::default()
            };
            made.lines.extend(facts(&report));
            made.lines.extend(notes);
            made
        })
    }

    async fn made(
        &self,
        ground: &Ground,
        depth: Depth,
        progress: &UnboundedSender<Progress>,
    ) -> Result<(BackupReport, Vec<JobLine>), BackupError> {
        let now = self.now();
        let path = schedule::new_file(&self.plan, Kind::Asked, ground, &now)?;
        let options = Options {
            depth,
            gently: false,
        };
        let mut tell = share("", progress);
        let report = backup::backup(ground, &path, options, &mut tell, &self.cancel).await?;
        let size = (report.bytes, report.sha256.as_str());
        let (of, at) = (ground.fingerprint(), now.timestamp());
        let recorded = schedule::record(&self.plan, Kind::Asked, of, &path, size, at);
        let mut notes = Vec::new();
        // The file is there and whole all the same.
        notes.extend(recorded.err().map(|error| JobLine::Warning(words(&error))));
        notes.extend(self.note_test(&report));
        Ok((report, notes))
    }

    /// Looks at a backup that is there.
    pub(super) async fn verify(
        &self,
        path: &Path,
        depth: Depth,
        progress: &UnboundedSender<Progress>,
    ) -> JobEnd {
        let ground = match Ground::open(&self.source).await {
            Ok(ground) => ground,
            Err(error) => return failed(&error),
        };
        let options = Options {
            depth,
            gently: false,
        };
        let path = super::imports::of_person(path);
        let mut tell = share("reading", progress);
        let looked = backup::verify(&ground, &path, options, &mut tell, &self.cancel).await;
        release(ground).await;
        let looked = looked.and_then(|report| {
            schedule::as_recorded(&self.plan, &report.path, &report.sha256).map(|()| report)
        });
        ended(looked, |report| {
            let path = shown(&report.path);
            let mut looked = JobReport {
                said: format!("can be restored: {path}"),
                lines: vec![JobLine::Fact("can be restored", path)],
                ..JobReport::default()
            };
            looked.lines.extend(facts(&report));
            looked.lines.extend(self.note_test(&report));
            looked
        })
    }

    /// A backup that was restored as a test is known as one.
    fn note_test(&self, report: &BackupReport) -> Option<JobLine> {
        report.compared.as_ref()?;
        let at = self.now().timestamp();
        let noted = schedule::tested(&self.plan, &report.path, &report.sha256, at);
        noted.err().map(|error| JobLine::Warning(words(&error)))
    }

    /// Puts a backup back, beside the present data, which are kept aside.
    pub(super) async fn restore(
        &self,
        path: &Path,
        progress: &UnboundedSender<Progress>,
    ) -> JobEnd {
        let ground = match Ground::open(&self.source).await {
            Ok(ground) => ground,
            Err(error) => return failed(&error),
        };
        let path = super::imports::of_person(path);
        let step = std::sync::Mutex::new(Step::Reading);
        let tell = |done, total| {
            let at = step.lock().map_or(Step::Restoring, |step| *step);
            let _ = progress.send(Progress::share(words_of(at), done, total));
        };
        let mut tell = tell;
        let mut stepped = |now: Step| {
            if let Ok(mut step) = step.lock() {
                *step = now;
            }
            let _ = progress.send(Progress::share(words_of(now), 0, 0));
        };
        let (now, cancel) = (self.now(), &self.cancel);
        let restored =
            restore::restore(&ground, &path, &now, &mut stepped, &mut tell, cancel).await;
        release(ground).await;
        if let Err(error @ BackupError::InUse { .. }) = &restored {
            let command = format!("wildlands restore {}", path.display());
            return JobEnd::Failed(format!(
                "{}, or run `{}`",
                words(error),
                printable(&command)
            ));
        }
        ended(restored, |report| restored_from(&path, &report))
    }

    /// Uses a database again that was kept aside.
    pub(super) async fn use_kept(&self, name: &str) -> JobEnd {
        let ground = match Ground::open(&self.source).await {
            Ok(ground) => ground,
            Err(error) => return failed(&error),
        };
        let back = restore::bring_back(&ground, name, &self.now()).await;
        let database = ground.database().to_owned();
        release(ground).await;
        ended(back, |(kept, _)| {
            said(format!(
                "{name} is {database} again; what was there is kept as {kept}"
            ))
        })
    }

    /// Drops a database that was kept aside.
    pub(super) async fn drop_kept(&self, name: &str) -> JobEnd {
        let ground = match Ground::open(&self.source).await {
            Ok(ground) => ground,
            Err(error) => return failed(&error),
        };
        let dropped = restore::drop_kept(&ground, name).await;
        release(ground).await;
        ended(dropped, |()| said(format!("{name} is gone")))
    }

    /// Makes what is due.
    pub(super) async fn due(
        &self,
        session: &Session,
        progress: &UnboundedSender<Progress>,
    ) -> JobEnd {
        let ground = match Ground::open(&self.source).await {
            Ok(ground) => ground,
            Err(error) => return failed(&error),
        };
        let mut tell = share("what is due", progress);
        let (plan, now) = (&self.plan, self.now());
        let made = schedule::make_due(plan, &ground, session, &now, &mut tell, &self.cancel).await;
        release(ground).await;
        due_made(made)
    }
}

/// Gives up the way to the database, which may stop a server and take a while.
pub(super) async fn release(ground: Ground) {
    let _ = tokio::task::spawn_blocking(move || drop(ground)).await;
}

/// Progress as a share.
fn share<'p>(
    what: &'static str,
    progress: &'p UnboundedSender<Progress>,
) -> impl FnMut(u64, u64) + Send + 'p {
    move |done, total| {
        let _ = progress.send(Progress::share(what, done, total));
    }
}

/// A step beside the word that something is being restored.
const fn words_of(step: Step) -> &'static str {
    match step {
        Step::Restoring => "putting the rows in",
        Step::Reading | Step::Making | Step::Preparing | Step::Exchanging => step.words(),
    }
}

fn words(error: &BackupError) -> String {
    printable(&without_numbers(&error.to_string())).into_owned()
}

fn ended<T>(result: Result<T, BackupError>, report: impl FnOnce(T) -> JobReport) -> JobEnd {
    match result {
        Ok(done) => JobEnd::Finished(report(done)),
        Err(BackupError::Cancelled) => JobEnd::Cancelled,
        Err(BackupError::Store(error)) => of_store(&error),
        Err(error) => failed(&error),
    }
}

/// What is known of a backup after it was made or looked at.
fn facts(report: &BackupReport) -> Vec<JobLine> {
    let tables = report.contents.tables.len();
    let mut lines = vec![
        JobLine::Fact("size", size(report.bytes)),
        JobLine::Fact("SHA-256", report.sha256.clone()),
        JobLine::Fact(
            "of",
            format!(
                "database {} (pg_dump {})",
                report.contents.database, report.contents.made_by
            ),
        ),
        JobLine::Fact(
            "verified",
            match report.compared {
                None => format!("{tables} tables listed, the file read to its end"),
                Some(_) => format!(
                    "{tables} tables listed, the file read to its end, restored into a scratch database and counted"
                ),
            },
        ),
    ];
    if let Some(compared) = &report.compared {
        let rows: Vec<(String, u64)> = compared
            .iter()
            .map(|sum| (sum.table.clone(), sum.rows))
            .collect();
        lines.push(JobLine::Fact("rows", counted(&rows)));
    }
    if report.as_only_person {
        let text = "Made as the owner, who is bound by row-level security: it holds everything of the one person of this database.";
        lines.push(JobLine::Remark(text.to_owned()));
    }
    lines.extend(report.of_newer().map(JobLine::Remark));
    lines
}

fn restored_from(path: &Path, report: &RestoreReport) -> JobReport {
    let schema = match report.migrated.last() {
        None => format!("version {}", report.schema),
        Some(last) => format!("version {}, brought to {last}", report.schema),
    };
    let mut lines = vec![
        JobLine::Fact("restored", shown(path)),
        JobLine::Fact("rows", counted(&report.rows)),
        JobLine::Fact("people", printable(&report.people.join(", ")).into_owned()),
        JobLine::Fact("schema", schema),
    ];
    if !report.roles.is_empty() {
        let roles = printable(&report.roles.join(", ")).into_owned();
        lines.push(JobLine::Fact("roles made", roles));
    }
    if let Some(kept) = &report.kept {
        lines.push(JobLine::Fact(
            "kept aside",
            format!("{} has what was there before", printable(kept)),
        ));
    }
    let me = Account::of_system().username;
    if !report.people.is_empty() && !report.people.contains(&me.to_lowercase()) {
        lines.push(JobLine::Warning(format!(
            "Nobody in it is called “{}”, as you are here: `wildlands restore` says how an account is renamed.",
            printable(&me)
        )));
    }
    let kept = report.kept.as_ref().map_or_else(String::new, |kept| {
        format!("; what was there before is kept as {}", printable(kept))
    });
    JobReport {
        said: format!("restored{kept}"),
        lines,
        ..JobReport::default()
    }
}

/// Nothing is said where nothing was to be made; what was made is told beside what was not.
fn due_made(made: Vec<(Kind, Result<Made, BackupError>)>) -> JobEnd {
    let mut report = JobReport::default();
    let (mut done, mut not_done) = (Vec::new(), Vec::new());
    for (kind, made) in made {
        match made {
            Ok(made) => {
                let path = shown(&made.path);
                report.lines.push(JobLine::Fact(kind.words(), path.clone()));
                report.lines.push(JobLine::Fact("size", size(made.bytes)));
                report.lines.push(JobLine::Fact("SHA-256", made.sha256));
                if !made.pruned.is_empty() {
                    let pruned = made.pruned.len().to_string();
                    report.lines.push(JobLine::Fact("older removed", pruned));
                }
                report.path = Some(made.path);
                done.push(format!("{} was due, and made: {path}", kind.words()));
            }
            Err(BackupError::Cancelled) => return JobEnd::Cancelled,
            Err(error) => {
                let text = format!("{}: {}", kind.words(), words(&error));
                report.lines.push(JobLine::Warning(text.clone()));
                not_done.push(text);
            }
        }
    }
    if done.is_empty() && !not_done.is_empty() {
        return JobEnd::Failed(not_done.join("; "));
    }
    done.extend(not_done.into_iter().map(|text| format!("not made: {text}")));
    report.said = done.join("; ");
    JobEnd::Finished(report)
}
