//! How policies, what they concern, and what a run did are printed.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cli::exit::Failure;
use crate::cli::output::{self, Output};
use crate::domain::retention::{Concerned, Policy};
use crate::domain::secret::Exit as Way;
use crate::domain::text::size;
use crate::transfer::retention::Report;

/// How it is printed.
pub(super) struct Paper {
    output: Output,
    json: bool,
    reveal: bool,
}

impl Paper {
    pub(super) fn new(json: bool, reveal: bool) -> Self {
        Self {
            output: Output::standard(),
            json,
            reveal,
        }
    }

    /// Each policy with how many rows it concerns; with the oldest of them in a dry run.
    pub(super) fn policies(
        &self,
        previews: &[(Policy, u64, Vec<Concerned>)],
        with_oldest: bool,
    ) -> Result<(), Failure> {
        if self.json {
            let documents = previews.iter().map(|(policy, count, oldest)| {
                let rows = oldest.iter().filter(|_| with_oldest);
                json!({
                    "table": policy.table.sql(),
                    "keepDays": policy.keep_days,
                    "action": policy.action.word(),
                    "enabled": policy.enabled,
                    "lastRun": policy.last_run.map(|at| at.to_string()),
                    "concerned": count,
                    "oldest": rows.map(|row| self.document(row)).collect::<Vec<_>>(),
                })
            });
            return output::print(&self.output.json(&documents.collect()));
        }
        if previews.is_empty() {
            let text = "no policy; everything is kept\n\
                        wildlands retention set TABLE --days N --action archive|delete makes one\n";
            return output::print(text);
        }
        let mut text = String::new();
        for (policy, count, oldest) in previews {
            let _ = writeln!(text, "{}  concerns {count}", line(policy));
            for row in oldest.iter().filter(|_| with_oldest) {
                let _ = writeln!(text, "    {}", self.row(row));
            }
        }
        output::print(&text)
    }

    pub(super) fn policy_set(&self, policy: Option<&Policy>) -> Result<(), Failure> {
        let text = policy.map_or_else(String::new, line);
        output::print(&format!("{}\n", self.output.line(&text)))
    }

    pub(super) fn archived(&self, rows: &[Concerned]) -> Result<(), Failure> {
        if self.json {
            let documents = rows.iter().map(|row| self.document(row));
            return output::print(&self.output.json(&documents.collect()));
        }
        if rows.is_empty() {
            return output::print("nothing is archived\n");
        }
        let mut text = String::new();
        for row in rows {
            let _ = writeln!(text, "{:<17}  {}", row.table.sql(), self.row(row));
        }
        output::print(&text)
    }

    fn name(&self, row: &Concerned) -> String {
        let name = row.name.expose(Way::Output);
        if name.is_empty() {
            String::new()
        } else if row.table.is_masked() && !self.reveal {
            self.output.mask().to_owned()
        } else {
            self.output.line(name).into_owned()
        }
    }

    fn row(&self, row: &Concerned) -> String {
        let text = format!("{}  {}  {}", row.day, row.id, self.name(row));
        text.trim_end().to_owned()
    }

    fn document(&self, row: &Concerned) -> Value {
        let masked = row.table.is_masked() && !self.reveal;
        let name = row.name.expose(Way::Output);
        json!({
            "table": row.table.sql(),
            "id": row.id.to_string(),
            "day": row.day.to_string(),
            "name": if masked { None } else { Some(name) },
            "masked": masked,
        })
    }

    pub(super) fn report(&self, report: &Report) -> Result<(), Failure> {
        if self.json {
            let done = report.done.iter().map(|done| {
                json!({
                    "table": done.table.sql(), "action": done.action.word(),
                    "rows": done.rows, "stayed": done.stayed,
                })
            });
            return output::print(&self.output.json(&json!({
                "export": report.path.as_ref().map(|path| path.display().to_string()),
                "bytes": report.bytes,
                "sha256": report.sha256,
                "done": done.collect::<Vec<_>>(),
                "forgottenWrites": report.forgotten,
                "stopped": report.stopped,
            })));
        }
        let mut text = String::new();
        if let Some(path) = &report.path {
            let rows: u64 = report.counts.iter().map(|(_, rows)| rows).sum();
            let path = path.display().to_string();
            let _ = writeln!(
                text,
                "exported {rows} rows to {} ({}, SHA-256 {})",
                self.output.line(&path),
                size(report.bytes),
                report.sha256
            );
        }
        for done in &report.done {
            let _ = write!(
                text,
                "{}: {} {}",
                done.table.sql(),
                done.rows,
                done.action.done()
            );
            if done.stayed > 0 {
                let _ = write!(text, ", {} changed meanwhile and stayed", done.stayed);
            }
            text.push('\n');
        }
        output::print(&text)
    }
}

/// A policy in a line.
fn line(policy: &Policy) -> String {
    let state = if policy.enabled { "enabled" } else { "off" };
    let last = policy.last_run.map_or_else(String::new, |at| {
        format!("  last run {}", at.strftime("%Y-%m-%d"))
    });
    format!(
        "{:<17}  {:<7}  after {} days {}  {state}{last}",
        policy.table.sql(),
        policy.action.word(),
        policy.keep_days,
        policy.table.age()
    )
}
