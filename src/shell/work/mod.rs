//! Long jobs and documents, done with what `transfer` has.

mod backups;
mod exports;
mod imports;
mod shelf;
mod upkeep;

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use crate::app::effect::Job;
use crate::app::job::{JobEnd, JobLine, JobReport, Progress};
use crate::domain::backup::Shelf;
use crate::domain::document::Document;
use crate::domain::export_format::spoken;
use crate::domain::text::printable;
use crate::store::connect::Source;
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::zone::Zone;
use crate::transfer::document;
use crate::transfer::export::Cancel;
use crate::transfer::schedule::Plan;

use super::outside::{Task, Worker};

/// What jobs work on.
pub(super) struct Work {
    /// The way to the database, once there is one.
    pub session: watch::Receiver<Option<Session>>,
    /// Which database it is.
    pub source: Source,
    /// Where exports and documents go.
    pub exports: PathBuf,
    /// Where backups go, and what is made by itself.
    pub plan: Plan,
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
        let (source, plan) = (self.source.clone(), self.plan.clone());
        let exports = self.exports.clone();
        let mut zone = self.zone.clone();
        zone.look_again();
        Box::pin(async move {
            let cancel = Cancel::default();
            let watching = tokio::spawn(stop_when(cancelled, cancel.clone()));
            let desk = Desk {
                source,
                exports,
                plan,
                zone: zone.now(),
                cancel,
            };
            let end = desk.carry_out(job, session.as_ref(), &progress).await;
            watching.abort();
            end
        })
    }

    fn shelf(&self, aside: bool) -> Task<Result<Shelf, String>> {
        // Looking starts no server.
        let asks = aside && self.session.borrow().is_some();
        let (source, plan) = (self.source.clone(), self.plan.clone());
        Box::pin(shelf::look(source, plan, asks))
    }

    fn document(&self, document: Document) -> Task<Result<PathBuf, String>> {
        let directory = self.exports.clone();
        Box::pin(async move {
            let path = std::env::var_os("PATH");
            let written = document::to_directory(&document, &directory, path.as_deref()).await;
            written.map_err(|error| {
                let text = without_numbers(&error.to_string());
                printable(&text).into_owned()
            })
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
    source: Source,
    exports: PathBuf,
    plan: Plan,
    zone: TimeZone,
    cancel: Cancel,
}

impl Desk {
    async fn carry_out(
        &self,
        job: Job,
        session: Option<&Session>,
        progress: &UnboundedSender<Progress>,
    ) -> JobEnd {
        match (job, session) {
            (Job::Backup(depth), _) => self.backup(depth, progress).await,
            (Job::Verify(path, depth), _) => self.verify(&path, depth, progress).await,
            (Job::Restore(path), _) => self.restore(&path, progress).await,
            (Job::UseKept(name), _) => self.use_kept(&name).await,
            (Job::DropKept(name), _) => self.drop_kept(&name).await,
            (_, None) => JobEnd::Interrupted(
                "the database is not reachable; try again once it is".to_owned(),
            ),
            (Job::Export(file), Some(session)) => self.export(session, file, progress).await,
            (Job::ExportAs(order), Some(session)) => {
                self.export_as(session, *order, progress).await
            }
            (Job::Retention, Some(session)) => self.retention(session, progress).await,
            (Job::BringBack(table, id), Some(session)) => self.bring_back(session, table, id).await,
            (Job::Policy(order), Some(session)) => self.policy(session, order).await,
            (Job::SignOut, Some(session)) => self.sign_out(session).await,
            (Job::Import(order), Some(session)) => self.import(session, order, progress).await,
            (Job::Due, Some(session)) => self.due(session, progress).await,
        }
    }

    fn now(&self) -> Zoned {
        Timestamp::now().to_zoned(self.zone.clone())
    }
}

/// Progress that counts rows.
fn rows(progress: &UnboundedSender<Progress>) -> impl FnMut(u64, u64) + Send + '_ {
    |done, total| {
        let _ = progress.send(Progress::rows(done, total));
    }
}

fn failed(error: &dyn std::error::Error) -> JobEnd {
    JobEnd::Failed(printable(&without_numbers(&error.to_string())).into_owned())
}

/// Without ` (os error 28)`: the number that a system gives a reason says nothing beside the reason.
fn without_numbers(text: &str) -> String {
    const BEFORE: &str = " (os error ";
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEFORE) {
        plain.push_str(before);
        let number = after.trim_start_matches(|c: char| c.is_ascii_digit());
        if let Some(behind) = number.strip_prefix(')') {
            rest = behind;
        } else {
            plain.push_str(BEFORE);
            rest = after;
        }
    }
    plain.push_str(rest);
    plain
}

/// What the database or the way to it refused, and what to do. The link comes back by itself; a job that went with it does
/// not.
fn of_store(error: &StoreError) -> JobEnd {
    let told = |todo: &str| printable(&format!("{error}. {todo}")).into_owned();
    if error.is_transient() {
        JobEnd::Interrupted(told("Start it again once the database is there."))
    } else {
        JobEnd::Failed(told(&error.advice()))
    }
}

fn shown(path: &Path) -> String {
    printable(&path.display().to_string()).into_owned()
}

/// A report that is one sentence.
fn said(text: String) -> JobReport {
    JobReport {
        lines: vec![JobLine::Remark(text.clone())],
        said: text,
        ..JobReport::default()
    }
}

/// `logs 54, ideas 3`.
fn counted(counts: &[(String, u64)]) -> String {
    let counts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(table, count)| format!("{} {count}", spoken(table)))
        .collect();
    if counts.is_empty() {
        "none yet".to_owned()
    } else {
        counts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_told_without_the_systems_number() {
        let told = without_numbers(
            "b.dump cannot be read (Is a directory (os error 21)); twice (os error 2)",
        );
        assert_eq!(told, "b.dump cannot be read (Is a directory); twice");
        let other = "a file (os error one)";
        assert_eq!(without_numbers(other), other);
    }
}
