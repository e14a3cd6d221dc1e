//! Long jobs and documents, done with what `transfer` has.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use uuid::Uuid;

use crate::app::effect::Job;
use crate::app::job::{ExportOrder, JobEnd, JobLine, JobReport, Progress};
use crate::domain::document::Document;
use crate::domain::export_format::ExportReport;
use crate::domain::retention::Table;
use crate::domain::secret::Exit;
use crate::domain::text::{printable, size};
use crate::store::queries;
use crate::store::session::Session;
use crate::store::zone::Zone;
use crate::transfer::document;
use crate::transfer::export::{self, Cancel, ExportError, Form, Request, Step};
use crate::transfer::retention::{self, Today};
use crate::transfer::seal::{Lock, Passphrase};

use super::outside::{Task, Worker};

/// How many exports of one day get a name of their own.
const EXPORTS_A_DAY: u32 = 1000;

/// What jobs work on.
pub(super) struct Work {
    /// The way to the database, once there is one.
    pub session: watch::Receiver<Option<Session>>,
    /// Where exports and documents go.
    pub exports: PathBuf,
    /// Whose dates files are named by.
    pub zone: Zone,
}

impl Worker for Work {
    fn work(
        &self,
        job: Job,
        progress: UnboundedSender<Progress>,
        cancelled: watch::Receiver<bool>,
    ) -> Task<JobEnd> {
        let session = self.session.borrow().clone();
        let exports = self.exports.clone();
        let mut zone = self.zone.clone();
        zone.look_again();
        Box::pin(async move {
            let Some(session) = session else {
                return JobEnd::Failed(
                    "the database is not reachable; try again once it is".to_owned(),
                );
            };
            let cancel = Cancel::default();
            let watching = tokio::spawn(stop_when(cancelled, cancel.clone()));
            let desk = Desk {
                session,
                exports,
                zone: zone.now(),
                cancel,
            };
            let end = match job {
                Job::Export(file) => desk.export(file, &progress).await,
                Job::ExportAs(order) => desk.export_as(*order, &progress).await,
                Job::Retention => desk.retention(&progress).await,
                Job::BringBack(table, id) => desk.bring_back(table, id).await,
                Job::SignOut => desk.sign_out().await,
            };
            watching.abort();
            end
        })
    }

    fn document(&self, document: Document) -> Task<Result<PathBuf, String>> {
        let directory = self.exports.clone();
        Box::pin(async move {
            let path = std::env::var_os("PATH");
            let written = document::to_directory(&document, &directory, path.as_deref()).await;
            written.map_err(|error| printable(&error.to_string()).into_owned())
        })
    }
}

async fn stop_when(mut cancelled: watch::Receiver<bool>, cancel: Cancel) {
    if cancelled.wait_for(|cancelled| *cancelled).await.is_ok() {
        cancel.cancel();
    }
}

/// One job with what it works on.
struct Desk {
    session: Session,
    exports: PathBuf,
    zone: TimeZone,
    cancel: Cancel,
}

impl Desk {
    async fn export(&self, file: Option<PathBuf>, progress: &UnboundedSender<Progress>) -> JobEnd {
        let mut tell = rows(progress);
        let written = match file {
            Some(file) => {
                export::to_file(&self.session, &file, false, &mut tell, &self.cancel).await
            }
            None => self.to_new_file(&mut tell).await,
        };
        match written {
            Ok(report) => JobEnd::Finished(exported(&report)),
            Err(ExportError::Cancelled) => JobEnd::Cancelled,
            Err(error) => failed(&error),
        }
    }

    async fn export_as(&self, order: ExportOrder, progress: &UnboundedSender<Progress>) -> JobEnd {
        let lock = order.words.map(|words| {
            let words = words.into_exposed(Exit::Export);
            Passphrase::new(words.as_str().to_owned()).map(Lock::Passphrase)
        });
        let request = Request {
            form: order.form,
            only: order.only,
            since: order.since,
            redacted: order.redacted,
            questions: (*order.questions).clone(),
            lock: match lock.transpose() {
                Ok(lock) => lock,
                Err(error) => return failed(&error),
            },
        };
        match self.to_new_place(&request, progress).await {
            Ok(report) => {
                let mut made = exported(&report);
                let held = request.said();
                made.said = format!("exported {held}, to {}", shown(&report.path));
                made.lines.pop();
                made.lines
                    .push(JobLine::Warning(format!("It holds {held}.")));
                JobEnd::Finished(made)
            }
            Err(ExportError::Cancelled) => JobEnd::Cancelled,
            Err(error) => failed(&error),
        }
    }

    async fn retention(&self, progress: &UnboundedSender<Progress>) -> JobEnd {
        let policies = match queries::retention::policies(&self.session).await {
            Ok(policies) => policies,
            Err(error) => return failed(&error),
        };
        let date = Timestamp::now().to_zoned(self.zone.clone()).date();
        let today = Today {
            date,
            zone: self.zone.clone(),
        };
        let path = retention::new_file(&self.exports, date);
        let mut tell = rows(progress);
        let (session, cancel) = (&self.session, &self.cancel);
        match retention::run(session, &policies, &today, &path, &mut tell, cancel).await {
            Ok(report) if report.stopped && report.done.is_empty() => JobEnd::Cancelled,
            Ok(report) => JobEnd::Finished(retained(&report)),
            Err(error) => failed(&error),
        }
    }

    /// The same for what was chosen, which may be a folder.
    async fn to_new_place(
        &self,
        request: &Request,
        progress: &UnboundedSender<Progress>,
    ) -> Result<ExportReport, ExportError> {
        let mut tell = |step: Step| {
            let _ = progress.send(Progress::rows(step.done, step.total));
        };
        let today = Timestamp::now().to_zoned(self.zone.clone()).date();
        let (session, cancel) = (&self.session, &self.cancel);
        let mut number = 1;
        loop {
            let name = file_name(today, number);
            let name = name.trim_end_matches(".json");
            let place = |end: &str| self.exports.join(format!("{name}{end}"));
            let written = match request.form {
                Form::Json => {
                    let sealed = request.lock.is_some();
                    let path = place(if sealed { ".json.age" } else { ".json" });
                    export::file(session, request, &path, false, &mut tell, cancel).await
                }
                Form::Markdown | Form::Csv => {
                    let path = place(&format!("-{}", request.form.word()));
                    export::folder(session, request, &path, &mut tell, cancel).await
                }
            };
            match written {
                Err(ExportError::Exists { .. }) if number < EXPORTS_A_DAY => number += 1,
                other => return other,
            }
        }
    }

    async fn bring_back(&self, table: Table, id: Uuid) -> JobEnd {
        match queries::retention::unarchive(&self.session, table, Some(&[id])).await {
            Ok(0) => JobEnd::Failed("it is not in the archive any more".to_owned()),
            Ok(_) => JobEnd::Finished(said(format!(
                "brought back from the archive of {}",
                table.sql().replace('_', " ")
            ))),
            Err(error) => failed(&error),
        }
    }

    async fn sign_out(&self) -> JobEnd {
        match queries::upkeep::sign_out(&self.session).await {
            Ok(ended) => JobEnd::Finished(said(format!("{ended} sessions ended"))),
            Err(error) => failed(&error),
        }
    }

    /// The first name of today that is free; one that is taken meanwhile is passed over.
    async fn to_new_file(
        &self,
        tell: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<ExportReport, ExportError> {
        let today = Timestamp::now().to_zoned(self.zone.clone()).date();
        let mut number = 1;
        loop {
            let file = self.exports.join(file_name(today, number));
            match export::to_file(&self.session, &file, false, &mut *tell, &self.cancel).await {
                Err(ExportError::Exists { .. }) if number < EXPORTS_A_DAY => number += 1,
                other => return other,
            }
        }
    }
}

/// Progress that counts rows.
fn rows(progress: &UnboundedSender<Progress>) -> impl FnMut(u64, u64) + Send + '_ {
    |done, total| {
        let _ = progress.send(Progress::rows(done, total));
    }
}

fn failed(error: &dyn std::error::Error) -> JobEnd {
    JobEnd::Failed(printable(&error.to_string()).into_owned())
}

fn shown(path: &Path) -> String {
    printable(&path.display().to_string()).into_owned()
}

/// A report that is one sentence.
fn said(text: String) -> JobReport {
    JobReport {
        lines: vec![JobLine::Remark(text.clone())],
        said: text,
        path: None,
    }
}

fn retained(report: &retention::Report) -> JobReport {
    let mut lines = Vec::new();
    if let Some(path) = &report.path {
        lines.push(JobLine::Fact("exported to", shown(path)));
        lines.push(JobLine::Fact("size", size(report.bytes)));
        lines.push(JobLine::Fact("SHA-256", report.sha256.clone()));
        lines.push(JobLine::Fact("rows", counted(&report.counts)));
    }
    let done: Vec<String> = report
        .done
        .iter()
        .map(|done| {
            let table = done.table.sql().replace('_', " ");
            let stayed = match done.stayed {
                0 => String::new(),
                stayed => format!(" ({stayed} changed meanwhile and stayed)"),
            };
            format!("{} {table} {}{stayed}", done.rows, done.action.done())
        })
        .collect();
    let done = done.join(", ");
    lines.push(JobLine::Fact("done", done.clone()));
    let said = if report.stopped {
        lines.push(JobLine::Warning(
            "It was stopped; the next run goes on.".to_owned(),
        ));
        format!("retention stopped: {done}")
    } else {
        format!("retention: {done}")
    };
    JobReport {
        said,
        lines,
        path: report.path.clone(),
    }
}

fn exported(report: &ExportReport) -> JobReport {
    let path = shown(&report.path);
    JobReport {
        said: format!("exported, private texts included, to {path}"),
        lines: vec![
            JobLine::Fact("exported to", path),
            JobLine::Fact("size", size(report.bytes)),
            JobLine::Fact("SHA-256", report.sha256.clone()),
            JobLine::Fact("rows", counted(&report.counts)),
            JobLine::Warning("It holds everything, sensitive texts too.".to_owned()),
        ],
        path: Some(report.path.clone()),
    }
}

/// `logs 54, ideas 3`.
fn counted(counts: &[(String, u64)]) -> String {
    let counts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(table, count)| format!("{table} {count}"))
        .collect();
    if counts.is_empty() {
        "none yet".to_owned()
    } else {
        counts.join(", ")
    }
}

fn file_name(date: jiff::civil::Date, number: u32) -> String {
    match number {
        1 => format!("harriswildlands-{date}.json"),
        more => format!("harriswildlands-{date}-{more}.json"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_export_of_a_day_has_its_own_name() {
        let date = jiff::civil::date(2026, 11, 24);
        assert_eq!(file_name(date, 1), "harriswildlands-2026-11-24.json");
        assert_eq!(file_name(date, 2), "harriswildlands-2026-11-24-2.json");
    }
}
