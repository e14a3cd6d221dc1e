//! The transaction of an import: the document's rows into temporary tables, then table by table into
//! the account.

use std::pin::pin;

use futures_util::SinkExt as _;
use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};

use crate::domain::export_format::ExportUser;
use crate::domain::import::report::{ImportReport, LISTED, Profile, Remark, TableReport};
use crate::domain::import::shape;
use crate::store::error::StoreError;
use crate::store::session::{Kind, Session};

use super::feed::{Batch, Message};
use super::history::History;
use super::refusal::Refusal;
use super::statements::{self, Merge};
use super::told::{counted, difference, may_stage, not_held, refused, rules};
use super::{ImportError, Incoming, Options, Progress, broke_off};

/// The bytes that a connection takes at a time of rows that are large.
const PIECE: usize = 1024 * 1024;

/// Memory of the server for what stands in temporary tables, which is written to its disk and read again otherwise. It cannot
/// be given in a session that has used such tables, as one behind a pool may have; there the import is slower.
const ROOM: &str = "do $$ begin perform set_config('temp_buffers', '64MB', true); \
     exception when invalid_parameter_value then null; end $$";

/// Everything before the commit.
pub(super) async fn run(
    mut incoming: Incoming,
    session: &Session,
    client: &Client,
    options: Options,
    steps: &mut Steps<'_>,
) -> Result<ImportReport, ImportError> {
    let begun = incoming.begun.clone();
    client.batch_execute(&session.begin(Kind::Import)).await?;
    client.batch_execute(ROOM).await?;
    may_stage(client).await?;
    let merges: Vec<Merge<'_>> = shape::shapes()
        .map(|(_, shape)| Merge {
            shape,
            user: session.user(),
            source: begun.source,
            redacted: begun.redacted,
        })
        .collect();
    steps.total = begun.rows.map_or(0, |rows| rows * 2);
    let mut run = Run {
        client,
        steps,
        report: ImportReport::new(begun.source, options.dry_run, begun.redacted),
        merges,
        awaited: begun.awaited,
        next: 0,
        history: History::default(),
    };
    // While there is nothing of the account yet.
    run.profile(session, begun.user.as_ref()).await?;
    run.stage(&mut incoming).await?;
    while run.next < run.merges.len() {
        run.merge_next().await?;
    }
    if !options.dry_run {
        run.index_later().await?;
    }
    Ok(run.report)
}

/// Keeps what was done, or takes a dry run back.
pub(super) async fn end(client: &Client, options: Options) -> Result<(), ImportError> {
    let end = if options.dry_run {
        "ROLLBACK"
    } else {
        "COMMIT"
    };
    let ended = client.batch_execute(end).await.map_err(ImportError::from);
    match ended {
        Err(ImportError::Store(
            StoreError::LinkLost { reason } | StoreError::Timeout { doing: reason },
        )) if !options.dry_run => Err(ImportError::Unsure { reason }),
        other => other,
    }
}

/// How far it is.
pub(super) struct Steps<'a> {
    done: u64,
    total: u64,
    progress: Progress<'a>,
}

impl<'a> Steps<'a> {
    pub fn new(progress: Progress<'a>) -> Self {
        Self {
            done: 0,
            total: 0,
            progress,
        }
    }

    /// What is not done yet.
    pub const fn left(&self) -> u64 {
        self.total.saturating_sub(self.done)
    }

    pub fn add(&mut self, steps: u64) {
        self.done += steps;
        (self.progress)(self.done, self.total.max(self.done));
    }
}

struct Run<'a, 's> {
    client: &'a Client,
    steps: &'a mut Steps<'s>,
    report: ImportReport,
    merges: Vec<Merge<'a>>,
    /// Which tables have rows to come, where tables are merged in their turn.
    awaited: Vec<bool>,
    /// The first table that is not merged.
    next: usize,
    history: History,
}

impl Run<'_, '_> {
    /// The whole document into temporary tables.
    async fn stage(&mut self, incoming: &mut Incoming) -> Result<(), ImportError> {
        let stages: Vec<String> = self.merges.iter().map(Merge::stage).collect();
        self.client.batch_execute(&stages.join(";\n")).await?;
        self.report.tables = self
            .merges
            .iter()
            .map(|merge| TableReport {
                table: merge.shape.json.clone(),
                ..TableReport::default()
            })
            .collect();
        loop {
            match incoming.messages.recv().await {
                Some(Message::Batch(batch)) => self.copy(batch).await?,
                Some(Message::Whole(table)) => self.in_turn(table).await?,
                Some(Message::Ended(ended)) => {
                    let (remarks, total) = ended?;
                    self.report.remarks.extend(remarks);
                    self.report.remarks_total += total;
                    break;
                }
                Some(Message::Begun(_)) | None => return Err(broke_off()),
            }
        }
        Ok(())
    }

    /// Merges the tables whose turn it is now that this one is whole: the server works while the rest is being read.
    async fn in_turn(&mut self, whole: usize) -> Result<(), ImportError> {
        if let Some(awaited) = self.awaited.get_mut(whole) {
            *awaited = false;
        }
        while self.awaited.get(self.next) == Some(&false) {
            self.merge_next().await?;
        }
        Ok(())
    }

    async fn merge_next(&mut self) -> Result<(), ImportError> {
        let table = self.next;
        self.next += 1;
        self.table(table).await
    }

    async fn copy(&mut self, batch: Batch) -> Result<(), ImportError> {
        let Batch {
            table,
            lines,
            rows,
            taken,
        } = batch;
        let Some(merge) = self.merges.get(table) else {
            return Err(broke_off());
        };
        let sink = self.client.copy_in(&merge.copy_in()).await?;
        let mut sink = pin!(sink);
        let mut lines = bytes::Bytes::from(lines);
        while !lines.is_empty() {
            let piece = lines.split_to(lines.len().min(PIECE));
            sink.send(piece).await?;
        }
        sink.finish()
            .await
            .map_err(|error| not_held(error, &merge.shape.json))?;
        drop(taken);
        let is_history = merge.shape.table.sql == "record_history" && !merge.redacted;
        if let Some(report) = self.report.tables.get_mut(table) {
            report.read += rows;
        }
        self.steps.add(rows);
        if is_history {
            self.history.take(self.client).await?;
        }
        Ok(())
    }

    /// Name, zone and settings, where the account is not in use yet.
    async fn profile(
        &mut self,
        session: &Session,
        user: Option<&ExportUser>,
    ) -> Result<(), ImportError> {
        let Some(user) = user else {
            return Ok(());
        };
        let shapes = shape::shapes().map(|(_, shape)| shape);
        let sql = statements::is_empty(shapes, session.user());
        let empty: bool = self.client.query_typed_one(&sql, &[]).await?.try_get(0)?;
        let known_zone = jiff::tz::TimeZone::get(&user.timezone).is_ok();
        if !known_zone {
            self.report.remarks_total += 1;
            self.report.remarks.push(Remark {
                place: "user.timezone".to_owned(),
                text: "this zone is not known here; the profile was left as it is".to_owned(),
            });
        }
        if !empty || !known_zone {
            self.report.profile = Profile::Kept;
            return Ok(());
        }
        let settings = serde_json::Value::Object(user.settings.clone());
        let params: [(&(dyn ToSql + Sync), Type); 6] = [
            (&user.display_name, Type::TEXT),
            (&user.timezone, Type::TEXT),
            (&i16::from(user.week_start), Type::INT2),
            (&settings, Type::JSONB),
            (&user.created_at, Type::TIMESTAMPTZ),
            (&user.email, Type::TEXT),
        ];
        let sql = "select wildlands.restore_profile($1, $2, $3, $4, $5, $6)";
        self.client
            .query_typed(sql, &params)
            .await
            .map_err(|error| match StoreError::from(error) {
                StoreError::Constraint { constraint, .. } => ImportError::Refused(Refusal {
                    path: "user".to_owned(),
                    line: None,
                    problem: format!("the rule {constraint} refuses it"),
                }),
                other => ImportError::Store(other),
            })?;
        self.report.profile = Profile::Restored;
        Ok(())
    }

    /// The search learns of the new records when they are there for good.
    async fn index_later(&mut self) -> Result<(), ImportError> {
        for (merge, report) in self.merges.iter().zip(&self.report.tables) {
            let Some(sql) = merge.index_later(report.new) else {
                continue;
            };
            if report.new > 0 {
                self.client.batch_execute(&sql).await?;
            }
            self.steps.total += report.new + report.changed + report.merged;
        }
        Ok(())
    }

    async fn table(&mut self, table: usize) -> Result<(), ImportError> {
        let rows = self
            .report
            .tables
            .get(table)
            .map_or(0, |report| report.read);
        if rows == 0 {
            return Ok(());
        }
        if let Some(analyze) = self.merges.get(table).and_then(Merge::analyze) {
            self.client.batch_execute(&analyze).await?;
        }
        self.client.batch_execute("savepoint import_table").await?;
        match self.attempt(table, false).await {
            // A rule refuses some row: which ones is looked for now, and only now.
            Err(ImportError::Store(
                StoreError::Constraint { .. } | StoreError::BadValue { .. },
            )) => {
                self.client
                    .batch_execute("rollback to savepoint import_table")
                    .await?;
                self.attempt(table, true).await.map_err(|error| {
                    let Some(merge) = self.merges.get(table) else {
                        return error;
                    };
                    refused(error, &merge.shape.json)
                })?;
            }
            other => other?,
        }
        self.client
            .batch_execute("release savepoint import_table")
            .await?;
        self.steps.add(rows);
        Ok(())
    }

    /// Merges a table; with `sifted`, what its rules refuse is set aside first.
    async fn attempt(&mut self, table: usize, sifted: bool) -> Result<(), ImportError> {
        let (Some(merge), Some(report)) =
            (self.merges.get(table), self.report.tables.get_mut(table))
        else {
            return Err(broke_off());
        };
        let client = self.client;
        if sifted {
            let rules = rules(client, merge.shape.table.sql).await?;
            if let Some(sql) = merge.set_aside_refused(&rules) {
                client.batch_execute(&sql).await?;
            }
        }
        if merge.shape.table.sql == "record_history" {
            if merge.redacted {
                // An entry without its values would keep the whole one out.
                report.unchanged = report.read;
                self.report.remarks_total += 1;
                self.report.remarks.push(Remark {
                    place: "data.recordHistory".to_owned(),
                    text: "the history of a redacted document is not taken".to_owned(),
                });
                return Ok(());
            }
            return self.history.rest(self.client, merge, report).await;
        }
        if let Some(sql) = merge.keep_private() {
            client.batch_execute(&sql).await?;
        }
        let doubles = merge.set_aside_doubles().into_iter();
        let others = [merge.set_aside_orphans(), merge.set_aside_others()];
        for sql in doubles.chain(others.into_iter().flatten()) {
            client.batch_execute(&sql).await?;
        }
        client.batch_execute(&merge.meet()).await?;
        let counted = counted(client, merge, report).await?;
        let differences = if counted.told > 0 {
            client.query_typed(&merge.differences(LISTED), &[]).await?
        } else {
            Vec::new()
        };
        // What loses is kept before anything takes its place.
        if counted.kept > 0 {
            client.batch_execute(&merge.keep_aside()).await?;
        }
        client.batch_execute(&merge.insert()).await?;
        if report.changed + report.merged > 0 {
            client.batch_execute(&merge.update()).await?;
        }
        let table = merge.shape.json.clone();
        let listed = differences.len() as u64;
        for row in &differences {
            self.report.differs(difference(&table, row)?);
        }
        self.report.differences_total += counted.told.saturating_sub(listed);
        Ok(())
    }
}
