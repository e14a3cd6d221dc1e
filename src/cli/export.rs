//! `wildlands export`: everything of the person as versioned JSON, into a file or to standard output.
//!
//! What is said about it goes to standard error, so that standard output holds the document and nothing else.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::export_format::ExportReport;
use crate::domain::text;
use crate::transfer::export::{self, Cancel, ExportError};

use super::connection::Connection;
use super::exit::{Exit, Failure, with_advice};
use super::output;
use super::settings;

/// Write everything you have as JSON
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The file holds everything, private texts included, as one consistent state. It is made with mode 0600 and is there only
when it is whole. Ctrl-C stops the export and leaves nothing behind. Changes that wait on this machine are sent first;
what cannot be sent is said.

Examples:
  wildlands export
  wildlands export ~/backups/wildlands.json --force
  wildlands export - | gzip > everything.json.gz
  ssh host wildlands export - > backup.json")]
pub struct Arguments {
    /// The file; `-` is standard output [default: harriswildlands-DATE.json in this directory]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let to_output = arguments.file.as_deref() == Some(Path::new("-"));
    if to_output && arguments.force {
        return Err(Failure::new(
            Exit::Usage,
            "--force is about a file; with - there is none",
        ));
    }
    if to_output && io::stdout().is_terminal() {
        // It would show every private text, and whatever control characters the texts hold.
        let line = "standard output is a terminal; name a file, or send it somewhere: wildlands export - > everything.json";
        return Err(Failure::new(Exit::Usage, line));
    }
    let report = super::block_on(export(arguments, to_output))?;
    tell(&report, to_output);
    Ok(())
}

async fn export(arguments: &Arguments, to_output: bool) -> Result<ExportReport, Failure> {
    let connection = Connection::open()
        .await
        .map_err(|failure| failure.and("nothing was exported"))?;
    let cancel = Cancel::default();
    let stopper = cancel.clone();
    let waiting = tokio::spawn(async move {
        if super::asked_to_end().await.is_ok() {
            stopper.cancel();
        }
    });
    let mut progress = Progress::new();
    let mut step = |done, total| progress.tell(done, total);
    let ended = if to_output {
        let gone = Arc::new(AtomicBool::new(false));
        let writer = Pipe {
            gone: Arc::clone(&gone),
        };
        let ended = export::to_writer(connection.session(), writer, &mut step, &cancel).await;
        if gone.load(Ordering::Relaxed) {
            // The reader has gone, and knows it. What it has is not everything.
            return Err(Failure::quiet(Exit::Io));
        }
        ended
    } else {
        let path = arguments.file.clone().unwrap_or_else(dated);
        export::to_file(
            connection.session(),
            &path,
            arguments.force,
            &mut step,
            &cancel,
        )
        .await
    };
    waiting.abort();
    progress.end();
    ended.map_err(|error| failure(&error))
}

/// A name with today's date, and with the time where there is one already.
fn dated() -> PathBuf {
    let now = settings::heeded().now();
    let today = PathBuf::from(format!("harriswildlands-{}.json", now.date()));
    if today.exists() {
        PathBuf::from(now.strftime("harriswildlands-%F-%H%M%S.json").to_string())
    } else {
        today
    }
}

fn failure(error: &ExportError) -> Failure {
    let line = error.to_string();
    match error {
        ExportError::Exists { path } => Failure::new(
            Exit::CannotCreate,
            format!(
                "{} exists and was left as it is; name another file, or replace it with --force",
                path.display()
            ),
        ),
        ExportError::CannotCreate { .. } => Failure::new(Exit::CannotCreate, line),
        ExportError::NotFlushed { .. } | ExportError::Output { .. } => Failure::new(Exit::Io, line),
        ExportError::Store(error) => {
            Failure::new(error.class().into(), with_advice(error)).and("nothing was exported")
        }
        ExportError::Cancelled => Failure::new(Exit::Interrupted, line),
    }
}

fn tell(report: &ExportReport, to_output: bool) {
    let counts = report.counts.iter().filter(|(_, rows)| *rows > 0);
    let counts: Vec<String> = counts
        .map(|(table, rows)| format!("{table} {rows}"))
        .collect();
    let counts = if counts.is_empty() {
        "no rows".to_owned()
    } else {
        counts.join(", ")
    };
    let place = if to_output {
        "standard output".to_owned()
    } else {
        absolute(&report.path)
    };
    output::say(&format!("exported to {place}"));
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
struct Pipe {
    gone: Arc<AtomicBool>,
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

/// One line on the terminal that says how far it is, at most once for each per cent.
struct Progress {
    shown: bool,
    told: u64,
}

impl Progress {
    fn new() -> Self {
        Self {
            shown: output::seen(),
            told: 0,
        }
    }

    fn tell(&mut self, done: u64, total: u64) {
        let percent = done.saturating_mul(100).checked_div(total).unwrap_or(100);
        if self.shown && percent > self.told {
            self.told = percent;
            output::again(&format!("exporting {percent} %"));
        }
    }

    fn end(&self) {
        if self.told > 0 {
            output::again("");
        }
    }
}
