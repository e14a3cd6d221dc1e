//! The transaction of an import: the document's rows into temporary tables, then table by table into
//! the account.

use std::pin::pin;

use futures_util::SinkExt as _;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use crate::domain::export_format::ExportUser;
use crate::domain::import::report::{
    Difference, Fate, ImportReport, LISTED, Profile, Remark, TableReport,
};
use crate::domain::import::shape;
use crate::store::error::StoreError;
use crate::store::session::{Kind, Session};

use super::feed::{Batch, Message};
use super::refusal::Refusal;
use super::statements::{self, Merge};
use super::{ImportError, Incoming, Options, Progress, broke_off};

/// The bytes that a connection takes at a time of rows that are large.
const PIECE: usize = 1024 * 1024;

/// Everything, to the commit or the end of a dry run.
pub(super) async fn run(
    mut incoming: Incoming,
    session: &Session,
    client: &Client,
    options: Options,
    progress: Progress<'_>,
) -> Result<ImportReport, ImportError> {
    let begun = incoming.begun.clone();
    client.batch_execute(&session.begin(Kind::Import)).await?;
    let merges: Vec<Merge<'_>> = shape::shapes()
        .map(|(_, shape)| Merge {
            shape,
            user: session.user(),
            source: begun.source,
            redacted: begun.redacted,
        })
        .collect();
    let mut run = Run {
        client,
        steps: Steps {
            done: 0,
            total: begun.rows.map_or(0, |rows| rows * 2),
            progress,
        },
        report: ImportReport::new(begun.source, options.dry_run, begun.redacted),
        merges,
    };
    run.stage(&mut incoming).await?;
    let user = begun.user.as_ref();
    run.profile(session, user).await?;
    for table in 0..run.merges.len() {
        run.table(table).await?;
    }
    let end = if options.dry_run {
        "ROLLBACK"
    } else {
        "COMMIT"
    };
    client.batch_execute(end).await?;
    Ok(run.report)
}

struct Steps<'a> {
    done: u64,
    total: u64,
    progress: Progress<'a>,
}

impl Steps<'_> {
    fn add(&mut self, steps: u64) {
        self.done += steps;
        (self.progress)(self.done, self.total.max(self.done));
    }
}

struct Run<'a> {
    client: &'a Client,
    steps: Steps<'a>,
    report: ImportReport,
    merges: Vec<Merge<'a>>,
}

impl Run<'_> {
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
                Some(Message::Ended(ended)) => {
                    let (remarks, total) = ended?;
                    self.report.remarks = remarks;
                    self.report.remarks_total = total;
                    break;
                }
                Some(Message::Begun(_)) | None => return Err(broke_off()),
            }
        }
        let analyze: Vec<String> = self
            .merges
            .iter()
            .map(|merge| format!("analyze pg_temp.import_{}", merge.shape.table.sql))
            .collect();
        self.client.batch_execute(&analyze.join(";\n")).await?;
        Ok(())
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
        if let Some(report) = self.report.tables.get_mut(table) {
            report.read += rows;
        }
        self.steps.add(rows);
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

    async fn table(&mut self, table: usize) -> Result<(), ImportError> {
        let rows = self
            .report
            .tables
            .get(table)
            .map_or(0, |report| report.read);
        if rows == 0 {
            return Ok(());
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
            let row = client
                .query_typed_one(statements::RESTORE_HISTORY, &[])
                .await?;
            report.new = number(&row, 0)?;
            report.set_aside = number(&row, 1)?;
            report.unchanged = report.read - report.new - report.set_aside;
            if report.set_aside > 0 {
                client.batch_execute(&merge.keep_history_aside()).await?;
            }
            return Ok(());
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

/// How many records have something to be told of them, and how many are kept aside.
struct Counted {
    told: u64,
    kept: u64,
}

async fn counted(
    client: &Client,
    merge: &Merge<'_>,
    report: &mut TableReport,
) -> Result<Counted, ImportError> {
    let (read, table) = (report.read, std::mem::take(&mut report.table));
    *report = TableReport {
        table,
        read,
        ..TableReport::default()
    };
    let mut lost = 0;
    for row in client.query_typed(&merge.count(), &[]).await? {
        let count = number(&row, 1)?;
        match row.try_get::<_, &str>(0)? {
            "new" => report.new = count,
            "changed" => report.changed = count,
            "merged" => report.merged = count,
            "same" => report.unchanged = count,
            "older" => report.older = count,
            "aside" => report.set_aside = count,
            _ => lost = count,
        }
    }
    Ok(Counted {
        told: report.changed + report.merged + report.older + report.set_aside + lost,
        kept: report.set_aside + lost,
    })
}

fn difference(table: &str, row: &Row) -> Result<Difference, ImportError> {
    let place: i64 = row.try_get(0)?;
    let fate = match row.try_get::<_, &str>(1)? {
        "changed" => Fate::Changed,
        "merged" => Fate::Merged,
        "aside" => Fate::SetAside,
        _ => Fate::Older,
    };
    Ok(Difference {
        table: table.to_owned(),
        place: u64::try_from(place).unwrap_or(0),
        record: row.try_get(2)?,
        fate,
        fields: row.try_get(3)?,
        reason: row.try_get(4)?,
    })
}

fn number(row: &Row, column: usize) -> Result<u64, ImportError> {
    let number: i64 = row.try_get(column)?;
    Ok(u64::try_from(number).unwrap_or(0))
}

/// The rules of a table: names and conditions.
async fn rules(client: &Client, table: &str) -> Result<Vec<(String, String)>, ImportError> {
    let sql = "select conname::text, pg_get_expr(conbin, conrelid) from pg_catalog.pg_constraint \
         where contype = 'c' and conrelid = ('wildlands.' || quote_ident($1))::regclass order by conname";
    let rows = client.query_typed(sql, &[(&table, Type::TEXT)]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}

/// A value that the database does not hold after all.
fn not_held(error: tokio_postgres::Error, table: &str) -> ImportError {
    refused(error.into(), table)
}

fn refused(error: ImportError, table: &str) -> ImportError {
    let problem = match &error {
        ImportError::Store(StoreError::Constraint { constraint, .. }) => {
            format!("the rule {constraint} refuses a row")
        }
        ImportError::Store(StoreError::BadValue { code }) => {
            format!("the database cannot hold a value (SQLSTATE {code})")
        }
        _ => return error,
    };
    ImportError::Refused(Refusal {
        path: format!("data.{table}"),
        line: None,
        problem,
    })
}

impl From<tokio_postgres::Error> for ImportError {
    fn from(error: tokio_postgres::Error) -> Self {
        let code = error.code();
        let meanwhile = [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
        ];
        if code.is_some_and(|code| meanwhile.contains(code)) {
            return Self::Changed;
        }
        Self::Store(error.into())
    }
}
