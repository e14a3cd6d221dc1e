//! `wildlands export`: everything of the person as versioned JSON, or in a form for reading, into a file, a folder
//! or to standard output.
//!
//! What is said about it goes to standard error, so that standard output holds the document and nothing else.

mod told;

use std::ffi::OsStr;
use std::io::{self, IsTerminal};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::dates;
use crate::domain::export_format::{self, ExportReport};
use crate::domain::form::LogForm;
use crate::transfer::export::{self, ExportError, Form, Request};
use crate::transfer::seal::{self, Lock, Recipients};

use super::connection::Connection;
use super::exit::{Exit, Failure, with_advice};
use super::work::Stoppable;
use super::{form, passphrase, settings};
use told::{Pipe, Progress};

/// Write everything you have as JSON, or in a form for reading
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The file holds everything, private texts included, as one consistent state. It is made with mode 0600 and is there only
when it is whole. Ctrl-C stops the export and leaves nothing behind. Changes that wait on this machine are sent first;
what cannot be sent is said.

--redact puts [redacted] in the place of private texts: the answers that your form calls sensitive or does not know,
ideas, notes on goals of faith and family, reviews, and what an import kept. --since takes what was changed on that date
or later, --only takes some tables: logs, ideas, goals, checkIns, driftFlags, teachingRequests, harrisContent, reviews,
retentionPolicies, importedRecords, recordHistory.

--encrypt seals the file in the format of the age tool, which opens it without this program: age --decrypt FILE. The
passphrase is asked for twice, or read from --passphrase-file or from WILDLANDS_PASSPHRASE. It cannot be recovered.

--format markdown and --format csv are for reading and cannot be imported. They make a folder; a name that ends with .md
or .csv, and -, make one file (as CSV of one table). In CSV a text that begins with = + - @ ' or a tab has an apostrophe
before it, since spreadsheets would run it.

Examples:
  wildlands export
  wildlands export ~/backups/wildlands.json --force
  wildlands export --encrypt everything.json.age
  wildlands export shared.json --redact --since -30
  wildlands export pages --format markdown
  wildlands export - --format csv --only logs > logs.csv
  wildlands export - | gzip > everything.json.gz
  ssh host wildlands export - > backup.json")]
pub struct Arguments {
    /// The file or folder; `-` is standard output [default: harriswildlands-DATE.json in this directory]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Replace the file if it exists; a folder is never replaced
    #[arg(long)]
    force: bool,
    /// The form: json, markdown or csv
    #[arg(long, value_name = "FORM", default_value = "json", value_parser = read_form)]
    format: Form,
    /// Put a marker in the place of private texts
    #[arg(long)]
    redact: bool,
    /// Only what was changed on this date or later: 2026-11-23, yesterday, -30, mon
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only these tables, with commas between
    #[arg(long, value_name = "TABLES")]
    only: Option<String>,
    /// Seal the file with a passphrase, in the format of the age tool
    #[arg(long)]
    encrypt: bool,
    /// Seal it with the first line of this file
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Seal it for the holder of this public key (age1…), instead of with a passphrase; may be repeated
    #[arg(long, value_name = "KEY", conflicts_with = "passphrase_file")]
    recipient: Vec<String>,
}

fn read_form(word: &str) -> Result<Form, String> {
    let known = Form::ALL.into_iter().find(|form| form.word() == word);
    known.ok_or_else(|| "write json, markdown or csv".to_owned())
}

/// Where it goes.
enum Place {
    Output,
    File(PathBuf),
    Folder(PathBuf),
}

pub(super) fn run(arguments: &Arguments, form: &form::Choice) -> Result<(), Failure> {
    let place = place(arguments)?;
    let request = request(arguments, form)?;
    let request = super::block_on(sealed(arguments, request))?;
    let report = super::block_on(export(arguments, &request, &place))?;
    told::tell(&report, &request);
    Ok(())
}

fn place(arguments: &Arguments) -> Result<Place, Failure> {
    let usage = |line: &str| Err(Failure::new(Exit::Usage, line));
    let form = arguments.format;
    let Some(file) = &arguments.file else {
        return Ok(dated(form, is_sealed(arguments)));
    };
    if file == Path::new("-") {
        if arguments.force {
            return usage("--force is about a file; with - there is none");
        }
        if io::stdout().is_terminal() {
            // It would show every private text, and whatever control characters the texts hold.
            return usage(
                "standard output is a terminal; name a file, or send it somewhere: wildlands export - > everything.json",
            );
        }
        return Ok(Place::Output);
    }
    let name = file.file_name().map(OsStr::as_bytes).unwrap_or_default();
    let name = name.strip_suffix(seal::SUFFIX.as_bytes()).unwrap_or(name);
    if form == Form::Json || name.ends_with(form.suffix().as_bytes()) {
        return Ok(Place::File(file.clone()));
    }
    if arguments.force {
        return usage("--force is about a file; a folder is never replaced, so name another one");
    }
    Ok(Place::Folder(file.clone()))
}

fn is_sealed(arguments: &Arguments) -> bool {
    arguments.encrypt || arguments.passphrase_file.is_some() || !arguments.recipient.is_empty()
}

fn request(arguments: &Arguments, form: &form::Choice) -> Result<Request, Failure> {
    let bad = |line: String| Failure::new(Exit::BadData, line);
    let today = || settings::heeded().today();
    let since = arguments.since.as_deref().map(|date| {
        dates::parse_date(date, today()).map_err(|error| bad(format!("--since: {error}")))
    });
    let only = arguments.only.as_deref().map(|tables| {
        export_format::tables_of(tables).map_err(|error| bad(format!("--only: {error}")))
    });
    // A form with a mistake in it does not keep anybody from what is theirs.
    let asks_the_form = arguments.redact || arguments.format != Form::Json;
    let questions = if asks_the_form {
        form.load()?
    } else {
        LogForm::default()
    };
    Ok(Request {
        form: arguments.format,
        only: only.transpose()?,
        since: since.transpose()?,
        redacted: arguments.redact,
        questions,
        lock: None,
    })
}

/// The same with its lock, for which the person may have to be asked.
async fn sealed(arguments: &Arguments, request: Request) -> Result<Request, Failure> {
    let lock = if !arguments.recipient.is_empty() {
        let keys = Recipients::read(arguments.recipient.iter().map(String::as_str));
        let keys = keys.map_err(|error| Failure::new(Exit::BadData, error.to_string()))?;
        Some(Lock::Recipients(keys))
    } else if is_sealed(arguments) {
        let file = arguments.passphrase_file.as_deref();
        Some(Lock::Passphrase(passphrase::obtain(file, true).await?))
    } else {
        None
    };
    Ok(Request { lock, ..request })
}

async fn export(
    arguments: &Arguments,
    request: &Request,
    place: &Place,
) -> Result<ExportReport, Failure> {
    let connection = Connection::open()
        .await
        .map_err(|failure| failure.and("nothing was exported"))?;
    let session = connection.session();
    let stoppable = Stoppable::listen();
    let cancel = &stoppable.cancel;
    let mut progress = Progress::new();
    let mut step = |step| progress.tell(step);
    let ended = match place {
        Place::Output => {
            let gone = Arc::new(AtomicBool::new(false));
            let writer = Pipe {
                gone: Arc::clone(&gone),
            };
            let ended = export::writer(session, request, writer, &mut step, cancel).await;
            if gone.load(Ordering::Relaxed) {
                // The reader has gone, and knows it. What it has is not everything.
                return Err(Failure::quiet(Exit::Io));
            }
            ended
        }
        Place::File(path) => {
            let force = arguments.force;
            export::file(session, request, path, force, &mut step, cancel).await
        }
        Place::Folder(path) => export::folder(session, request, path, &mut step, cancel).await,
    };
    progress.end();
    ended.map_err(|error| failure(&error))
}

/// A name with today's date, and with the time where there is one already.
fn dated(form: Form, sealed: bool) -> Place {
    let now = settings::heeded().now();
    let end = match form {
        Form::Json if sealed => ".json.age",
        Form::Json => ".json",
        Form::Markdown => "-markdown",
        Form::Csv => "-csv",
    };
    let mut path = PathBuf::from(format!("harriswildlands-{}{end}", now.date()));
    if path.exists() {
        path = PathBuf::from(format!(
            "harriswildlands-{}{end}",
            now.strftime("%F-%H%M%S")
        ));
    }
    match form {
        Form::Json => Place::File(path),
        Form::Markdown | Form::Csv => Place::Folder(path),
    }
}

fn failure(error: &ExportError) -> Failure {
    let line = error.to_string();
    match error {
        ExportError::Exists { path } => Failure::new(
            Exit::CannotCreate,
            format!(
                "{} exists and was left as it is; name another one, or replace a file with --force",
                path.display()
            ),
        ),
        ExportError::CannotCreate { .. } => Failure::new(Exit::CannotCreate, line),
        ExportError::NotFlushed { .. } | ExportError::Output { .. } => Failure::new(Exit::Io, line),
        ExportError::OneTable { .. } => {
            Failure::new(Exit::Usage, line).and("limit it with --only TABLE")
        }
        ExportError::OpenFolder => Failure::new(Exit::Usage, line),
        ExportError::Store(error) => {
            Failure::new(error.class().into(), with_advice(error)).and("nothing was exported")
        }
        ExportError::Cancelled => Failure::new(Exit::Interrupted, line),
    }
}
