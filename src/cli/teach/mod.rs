//! `wildlands teach`: lesson requests and their plans.

mod plan;

use std::ffi::OsString;

use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use serde_json::Value;

use super::exit::{Exit, Failure};
use super::lane::{Delete, Kind, Printing, Restore, Set, Show};
use super::paper::Target;
use super::{output, settings};
use crate::domain::dates;
use crate::domain::document::Paper;
use crate::domain::lane::Lane;
use crate::domain::markdown::file_stem;
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::domain::secret::Exit as Way;
use crate::domain::teaching::{LessonRequest, Plan, Status, document};

const KIND: Kind = Kind {
    lane: Lane::Teaching,
    facts,
    open: |_| Vec::new(),
};

/// Lesson requests and their plans
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Fields may be written durationMinutes, duration_minutes or duration-minutes; those of the plan are plan.objective,
plan.warmUp, plan.warmUpMinutes and so on. FIELD=- reads a text from standard input, FIELD= clears the field.

Examples:
  wildlands teach add subject=Maths topic=\"Adding fractions\" grade=5 durationMinutes=45
  wildlands teach list --status requested
  wildlands teach plan 0193…                    the plan that the template gives, and the checklist
  wildlands teach set 0193… plan.exitTicketKey=-
  wildlands teach export 0193… lesson.pdf
  wildlands teach export 0193… - --redacted     without what describes the students")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(List),
    Show(Show),
    Add(Add),
    Set(Set),
    Plan(plan::Arguments),
    Status(Move),
    Export(Export),
    Delete(Delete),
    Restore(Restore),
}

/// List lesson requests, the one changed last first
#[derive(Debug, clap::Args)]
struct List {
    /// Only of these statuses
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = PossibleValuesParser::new(Status::ALL.map(Status::name)))]
    status: Vec<String>,
    /// At most so many
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    printing: Printing,
}

/// Make a lesson request
#[derive(Debug, clap::Args)]
struct Add {
    /// What to set; the subject at least
    #[arg(value_name = "FIELD=VALUE", required = true)]
    words: Vec<OsString>,
    #[command(flatten)]
    printing: Printing,
}

/// Set the status: requested, planned, taught, archived
#[derive(Debug, clap::Args)]
struct Move {
    /// Its id, as `list` shows it
    id: String,
    /// The status
    #[arg(value_parser = PossibleValuesParser::new(Status::ALL.map(Status::name)))]
    status: String,
    /// When the lesson was taught [default: today, for the status taught]
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
    #[command(flatten)]
    printing: Printing,
}

/// Write a request with its plan as Markdown, or as PDF where a program for it is installed
#[derive(Debug, clap::Args)]
struct Export {
    /// Its id, as `list` shows it
    id: String,
    #[command(flatten)]
    target: Target,
    /// As PDF; so does a file whose name ends with .pdf
    #[arg(long)]
    pdf: bool,
    /// Leave out what describes the students
    #[arg(long)]
    redacted: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::List(arguments) => list(arguments),
        Command::Show(arguments) => KIND.show(arguments),
        Command::Add(arguments) => add(arguments),
        Command::Set(arguments) => KIND.set(arguments),
        Command::Plan(arguments) => plan::run(arguments),
        Command::Status(arguments) => status(arguments),
        Command::Export(arguments) => export(arguments),
        Command::Delete(arguments) => KIND.delete(arguments, "teach"),
        Command::Restore(arguments) => KIND.restore(arguments),
    }
}

fn list(arguments: &List) -> Result<(), Failure> {
    let only = vec![("status", arguments.status.clone())];
    let none = "No lesson requests here; `wildlands teach add subject=…` makes one.";
    KIND.list(only, arguments.limit, arguments.printing, none)
}

fn add(arguments: &Add) -> Result<(), Failure> {
    let set = KIND.read(&arguments.words)?;
    if set.patch.keys().all(|key| key != "subject") {
        let line =
            "a lesson request needs a subject: wildlands teach add subject=…; nothing was saved";
        return Err(Failure::new(Exit::Usage, line));
    }
    let made = KIND.make(set.patch.clone())?;
    KIND.tell(arguments.printing, &made, "saved", &set.patch)
}

fn status(arguments: &Move) -> Result<(), Failure> {
    let today = settings::heeded().today();
    let is_taught = arguments.status == Status::Taught.name();
    let on = match &arguments.on {
        Some(_) if !is_taught => {
            let line = "--on belongs to the status taught; nothing was saved";
            return Err(Failure::new(Exit::Usage, line));
        }
        Some(date) => dates::parse_date(date, today)
            .map(Some)
            .map_err(|error| Failure::new(Exit::BadData, error.to_string()))?,
        None => is_taught.then_some(today),
    };
    let one = KIND.one(&arguments.id)?;
    let mut patch = Patch::one("status", Some(Value::from(arguments.status.as_str())));
    if let Some(date) = on {
        patch.merge(Patch::one("taughtOn", Some(Value::from(date.to_string()))));
    }
    let one = KIND.change(one.id, patch.clone())?;
    KIND.tell(
        arguments.printing,
        &one,
        &format!("now {}", arguments.status),
        &patch,
    )
}

fn export(arguments: &Export) -> Result<(), Failure> {
    let one = KIND.one(&arguments.id)?;
    let (request, plan) = read(&one);
    let paper = if arguments.pdf {
        Paper::Pdf
    } else {
        arguments.target.paper()
    };
    if !arguments.redacted && !request.student_profile.trim().is_empty() {
        output::say(
            "wildlands: note: what describes the students is private and is written too; \
             --redacted leaves it out",
        );
    }
    let text = document(&request, &plan, arguments.redacted);
    let stem = file_stem("lesson", &request.title());
    arguments.target.write(stem, text, paper)
}

fn read(record: &Record) -> (LessonRequest, Plan) {
    let fields = record.fields.expose(Way::Output);
    (LessonRequest::read(fields), Plan::read(fields))
}

fn facts(record: &Record) -> String {
    let (request, _) = read(record);
    let minutes = request
        .duration
        .map_or_else(|| "any".to_owned(), |minutes| format!("{minutes} min"));
    format!(
        "{:<9}  {minutes:>7}  {}  {}",
        request.status.name(),
        request.format.name(),
        request.title()
    )
}
