//! What is said of an export: how far it is, and what came of it.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::export_format::{ExportReport, Table};
use crate::domain::text;
use crate::transfer::export::{Request, Step};

use crate::cli::output;

/// Says what was written and where.
pub(super) fn tell(report: &ExportReport, request: &Request) {
    let counts = report.counts.iter().filter(|(_, rows)| *rows > 0);
    let counts: Vec<String> = counts
        .map(|(table, rows)| format!("{table} {rows}"))
        .collect();
    let counts = if counts.is_empty() {
        "no rows".to_owned()
    } else {
        counts.join(", ")
    };
    let place = if report.path == Path::new("-") {
        "standard output".to_owned()
    } else {
        absolute(&report.path)
    };
    output::say(&format!("exported to {place}"));
    output::say(&format!("holds     {}", request.said()));
    output::say(&format!("rows      {counts}"));
    output::say(&format!("size      {}", text::size(report.bytes)));
    output::say(&format!("sha256    {}", report.sha256));
}

fn absolute(path: &Path) -> String {
    std::path::absolute(path)
        .unwrap_or_else(|_| path.to_owned())
        .display()
        .to_string()
}

/// Standard output, remembering whether its reader has gone.
pub(super) struct Pipe {
    /// Whether it has.
    pub gone: Arc<AtomicBool>,
}

impl Pipe {
    fn noted<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if result
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::BrokenPipe)
        {
            self.gone.store(true, Ordering::Relaxed);
        }
        result
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = output::raw(bytes);
        self.noted(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = output::flush();
        self.noted(flushed)
    }
}

/// One line on the terminal that says how far it is, at most once for each per cent and table.
pub(super) struct Progress {
    shown: bool,
    told: Option<(u64, &'static str)>,
}

impl Progress {
    pub fn new() -> Self {
        Self {
            shown: output::seen(),
            told: None,
        }
    }

    pub fn tell(&mut self, step: Step) {
        let percent = step.done.saturating_mul(100).checked_div(step.total);
        let percent = percent.unwrap_or(100);
        let name = step.table.map_or("", |table| table.sql);
        if self.shown && self.told != Some((percent, name)) {
            self.told = Some((percent, name));
            let table = step.table.map(Table::json).unwrap_or_default();
            output::again(&format!(
                "exporting {percent} %  {table} {} of {}",
                step.rows, step.of
            ));
        }
    }

    pub fn end(&self) {
        if self.told.is_some() {
            output::again("");
        }
    }
}
