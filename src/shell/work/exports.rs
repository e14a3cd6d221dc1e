//! Exports to new files and folders.

use std::path::PathBuf;

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;

use super::{Desk, counted, failed, of_store, rows, shown};
use crate::app::job::{ExportOrder, JobEnd, JobLine, JobReport, Progress};
use crate::domain::export_format::ExportReport;
use crate::domain::secret::Exit;
use crate::domain::text::size;
use crate::store::session::Session;
use crate::transfer::export::{self, ExportError, Form, Request, Step};
use crate::transfer::seal::{Lock, Passphrase};

/// How many exports of one day get a name of their own.
const EXPORTS_A_DAY: u32 = 1000;

impl Desk {
    pub(super) async fn export(
        &self,
        session: &Session,
        file: Option<PathBuf>,
        progress: &UnboundedSender<Progress>,
    ) -> JobEnd {
        let mut tell = rows(progress);
        let written = match file {
            Some(file) => export::to_file(session, &file, false, &mut tell, &self.cancel).await,
            None => self.to_new_file(session, &mut tell).await,
        };
        match written {
            Ok(report) => JobEnd::Finished(exported(&report)),
            Err(ExportError::Cancelled) => JobEnd::Cancelled,
            Err(ExportError::Store(error)) => of_store(&error),
            Err(error) => failed(&error),
        }
    }

    pub(super) async fn export_as(
        &self,
        session: &Session,
        order: ExportOrder,
        progress: &UnboundedSender<Progress>,
    ) -> JobEnd {
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
        match self.to_new_place(session, &request, progress).await {
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
            Err(ExportError::Store(error)) => of_store(&error),
            Err(error) => failed(&error),
        }
    }

    /// The same for what was chosen, which may be a folder.
    async fn to_new_place(
        &self,
        session: &Session,
        request: &Request,
        progress: &UnboundedSender<Progress>,
    ) -> Result<ExportReport, ExportError> {
        let mut tell = |step: Step| {
            let _ = progress.send(Progress::rows(step.done, step.total));
        };
        let today = Timestamp::now().to_zoned(self.zone.clone()).date();
        let cancel = &self.cancel;
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

    /// The first name of today that is free; one that is taken meanwhile is passed over.
    async fn to_new_file(
        &self,
        session: &Session,
        tell: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<ExportReport, ExportError> {
        let today = Timestamp::now().to_zoned(self.zone.clone()).date();
        let mut number = 1;
        loop {
            let file = self.exports.join(file_name(today, number));
            match export::to_file(session, &file, false, &mut *tell, &self.cancel).await {
                Err(ExportError::Exists { .. }) if number < EXPORTS_A_DAY => number += 1,
                other => return other,
            }
        }
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
        ..JobReport::default()
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
