//! `wildlands import`: an export of this program or of the web application, into the account.
//!
//! What is told goes to standard error, but for what `--dry-run` and `--json` are asked for.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use crate::domain::form::LogForm;
use crate::domain::import::report::ImportReport;
use crate::domain::import::words::lines;
use crate::transfer::import::{self, ImportError, Incoming, Options};

use super::connection::Connection;
use super::exit::{Exit, Failure, with_advice};
use super::form;
use super::output::{self, Output};
use super::unsealed::unsealed;
use super::work::Stoppable;

/// Take an export in: this program's, or the web application's
#[derive(Debug, clap::Args)]
#[command(after_help = "\
All of the file is taken or nothing. A record that is here already, by its id, takes the file's values where the file's
are newer; nothing is deleted, and what is replaced stays in the history. Importing twice changes nothing. What does not
fit is kept among the imported records and in every export. Into an account that has records, --yes or the account's
name typed on the terminal is asked for. A file that is sealed in the format of the age tool is opened with the
passphrase: asked for, of --passphrase-file, or of WILDLANDS_PASSPHRASE. Ctrl-C stops the import and changes nothing.

Examples:
  wildlands import harriswildlands-2026-11-28.json
  wildlands import all.json --dry-run
  gunzip -c everything.json.gz | wildlands import - --yes")]
#[allow(clippy::struct_excessive_bools)] // independent switches of the command line
pub struct Arguments {
    /// The file; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Tell what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
    /// Import into an account that has records, without asking
    #[arg(long, short)]
    yes: bool,
    /// Take a redacted export too: what is not here comes in, and what is here stays as it is
    #[arg(long)]
    redacted: bool,
    /// Open a sealed file with the first line of this file
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Open it with a key of this file, as age-keygen writes it
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file")]
    identity: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, form: &form::Choice) -> Result<(), Failure> {
    let form = form.load()?;
    let input = open(&arguments.file)?;
    let (words, keys) = (&arguments.passphrase_file, &arguments.identity);
    let unsealed = unsealed(input, words.as_deref(), keys.as_deref());
    let input = super::block_on(unsealed)?;
    let report = super::block_on(take_in(arguments, input, form))?;
    tell(arguments, &report)
}

/// The file, or standard input.
fn open(path: &Path) -> Result<Box<dyn Read + Send>, Failure> {
    if path == Path::new("-") {
        if io::stdin().is_terminal() {
            let line = "standard input is a terminal; name a file, or send one: wildlands import - < all.json";
            return Err(Failure::new(Exit::Usage, line));
        }
        return Ok(Box::new(io::stdin()));
    }
    let cannot = |error: &io::Error| {
        let exit = match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::IsADirectory => Exit::BadData,
            _ => Exit::Io,
        };
        let line = format!("{} cannot be read: {error}", path.display());
        Failure::new(exit, line).and("nothing was changed")
    };
    let file = File::open(path).map_err(|error| cannot(&error))?;
    if file.metadata().is_ok_and(|found| found.is_dir()) {
        return Err(cannot(&io::ErrorKind::IsADirectory.into()));
    }
    Ok(Box::new(file))
}

async fn take_in(
    arguments: &Arguments,
    input: Box<dyn Read + Send>,
    form: LogForm,
) -> Result<ImportReport, Failure> {
    let stoppable = Stoppable::listen();
    let cancel = &stoppable.cancel;
    let opened = tokio::select! {
        opened = Incoming::open(input, form) => opened,
        () = cancel.cancelled() => Err(ImportError::Cancelled),
    };
    let incoming = opened.map_err(|error| failure(&error))?;
    if incoming.begun().redacted && !arguments.redacted {
        return Err(failure(&ImportError::Redacted));
    }
    let former = incoming.begun().user.as_ref().map(|user| user.id);
    let connection = Connection::open_as_before(former)
        .await
        .map_err(|failure| failure.and("nothing was imported"))?;
    if !arguments.dry_run && !arguments.yes {
        confirm(&connection, arguments).await?;
    }
    let options = Options {
        dry_run: arguments.dry_run,
        redacted: arguments.redacted,
    };
    let mut progress = Progress::new();
    let mut step = |done, total| progress.tell(done, total);
    let ended = incoming
        .merge(connection.session(), options, &mut step, cancel)
        .await;
    progress.end();
    ended.map_err(|error| failure(&error))
}

/// Asks before anything is put between the records of an account in use.
async fn confirm(connection: &Connection, arguments: &Arguments) -> Result<(), Failure> {
    if import::is_empty(connection.session()).await? {
        return Ok(());
    }
    let name = connection.username().to_owned();
    let refused = |line: String| Err(Failure::new(Exit::Usage, line).and("nothing was changed"));
    if arguments.file == Path::new("-") || !io::stdin().is_terminal() {
        return refused(format!(
            "the account {name} has records; --yes imports into it, --dry-run tells what would change"
        ));
    }
    output::say(&format!(
        "The account {name} has records. Type its name to import into it:"
    ));
    // A thread of its own: Ctrl-C ends the wait.
    let typed = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        io::stdin().read_line(&mut line).map(|_| line)
    });
    let line = tokio::select! {
        line = typed => line.ok().and_then(Result::ok).unwrap_or_default(),
        ended = super::asked_to_end() => {
            ended?;
            return Err(failure(&ImportError::Cancelled));
        }
    };
    if line.trim() == name {
        Ok(())
    } else {
        refused(format!("that is not the name of the account, {name}"))
    }
}

fn failure(error: &ImportError) -> Failure {
    let line = error.to_string();
    let nothing = "nothing was changed";
    match error {
        ImportError::Refused(_) | ImportError::Newer { .. } | ImportError::Redacted => {
            Failure::new(Exit::BadData, line).and(nothing)
        }
        ImportError::Unreadable { .. } => Failure::new(Exit::Io, line).and(nothing),
        ImportError::Changed => Failure::new(Exit::TryAgain, line).and(nothing),
        ImportError::Store(error) => {
            Failure::new(error.class().into(), with_advice(error)).and(nothing)
        }
        ImportError::Cancelled => Failure::new(Exit::Interrupted, line),
    }
}

fn tell(arguments: &Arguments, report: &ImportReport) -> Result<(), Failure> {
    if arguments.json {
        let document = serde_json::to_value(report)
            .map_err(|_| Failure::new(Exit::Defect, "the report cannot be written as JSON"))?;
        return output::print(&Output::standard().json(&document));
    }
    let out = Output::standard();
    let lines: Vec<String> = lines(report)
        .iter()
        .map(|line| out.line(line).into_owned())
        .collect();
    if arguments.dry_run {
        return output::print(&lines.join("\n"));
    }
    for line in &lines {
        output::say(line);
    }
    Ok(())
}

/// One line on the terminal that says how far it is, at most once for each thousand rows.
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
        if self.shown && (done >= self.told + 1000 || (done == total && self.told > 0)) {
            self.told = done;
            output::again(&format!("importing, step {done} of {total}"));
        }
    }

    fn end(&self) {
        if self.told > 0 {
            output::again("");
        }
    }
}
