//! Retention, the way back out of the archive, and the end of sessions.

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use uuid::Uuid;

use super::{Desk, counted, failed, of_store, rows, said, shown};
use crate::app::job::{JobEnd, JobLine, JobReport, PolicyOrder, Progress};
use crate::domain::export_format::spoken;
use crate::domain::retention::Table;
use crate::domain::text::size;
use crate::store::queries;
use crate::store::session::Session;
use crate::transfer::retention::{self, Today};

impl Desk {
    pub(super) async fn retention(
        &self,
        session: &Session,
        progress: &UnboundedSender<Progress>,
    ) -> JobEnd {
        let policies = match queries::retention::policies(session).await {
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
        let cancel = &self.cancel;
        match retention::run(session, &policies, &today, &path, &mut tell, cancel).await {
            Ok(report) if report.stopped && report.done.is_empty() => JobEnd::Cancelled,
            Ok(report) => JobEnd::Finished(retained(&report)),
            Err(error) => failed(&error),
        }
    }

    pub(super) async fn bring_back(&self, session: &Session, table: Table, id: Uuid) -> JobEnd {
        match queries::retention::unarchive(session, table, Some(&[id])).await {
            Ok(0) => JobEnd::Failed("it is not in the archive any more".to_owned()),
            Ok(_) => JobEnd::Finished(said(format!(
                "brought back from the archive of {}",
                spoken(table.sql())
            ))),
            Err(error) => of_store(&error),
        }
    }

    pub(super) async fn sign_out(&self, session: &Session) -> JobEnd {
        match queries::upkeep::sign_out(session).await {
            Ok(ended) => JobEnd::Finished(said(match ended {
                1 => "1 session ended".to_owned(),
                ended => format!("{ended} sessions ended"),
            })),
            Err(error) => of_store(&error),
        }
    }

    /// A policy as it is to be from now on. What is older than it is concerned by the next run, and by nothing before.
    pub(super) async fn policy(&self, session: &Session, order: PolicyOrder) -> JobEnd {
        let PolicyOrder {
            table,
            keep_days,
            action,
            enabled,
        } = order;
        let set = async {
            queries::retention::set(session, table, keep_days, action).await?;
            queries::retention::enable(session, table, enabled).await
        };
        match set.await {
            Ok(_) if enabled => JobEnd::Finished(said(format!(
                "{}: {} after {keep_days} days, with the next run",
                spoken(table.sql()),
                action.word(),
            ))),
            Ok(_) => JobEnd::Finished(said(format!("{}: everything is kept", spoken(table.sql())))),
            Err(error) => of_store(&error),
        }
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
            let table = spoken(done.table.sql());
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
        ..JobReport::default()
    }
}
