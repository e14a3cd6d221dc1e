//! `wildlands history`: the versions of a day or of a record; one printed, two compared, one brought back.

mod paper;

use clap::Subcommand;
use serde_json::Map;

use crate::domain::dates;
use crate::domain::ids::{RecordId, RequestId};
use crate::domain::lane::Lane;
use crate::domain::patch::Patch;
use crate::domain::secret::Exit as Way;
use crate::domain::subject::Subject;
use crate::domain::text::printable;
use crate::domain::version::bring_back;
use crate::store::api::{Mutation, RecordChange, Version, VersionList, Write};
use crate::store::queries::{logs, records, versions};

use crate::cli::connection::Connection;
use crate::cli::exit::{Exit, Failure};
use crate::cli::form;
use crate::cli::output::{self, Output};
use crate::cli::record;
use crate::cli::settings;
use crate::cli::sheet::Sheet;
use paper::Paper;

/// Versions that are asked for at once.
const PAGE: u16 = 200;

/// The versions of a day or a record: list, show, compare, bring back
#[derive(Debug, clap::Args)]
#[command(after_help = "\
KIND is log (with a DATE), ideas, goals, check-ins, teaching or content (with an ID).
What changed a version is named by its fields; private values are shown with --reveal.

Examples:
  wildlands history log yesterday
  wildlands history ideas 0193b2e1-5c1f-7c4e-9a54-0a3c4f1d2b11 show 3 --reveal
  wildlands history log 2026-11-23 compare 3 5
  wildlands history log 2026-11-23 bring-back 3")]
pub struct Arguments {
    /// log, or a kind of record
    kind: String,
    /// The day, or the record's id
    #[arg(value_name = "DATE | ID", allow_negative_numbers = true)]
    which: String,
    #[command(subcommand)]
    action: Option<Action>,
    /// Print JSON; masked values are null and named under `masked`
    #[arg(long, global = true)]
    json: bool,
    /// Show private values
    #[arg(long, global = true)]
    reveal: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print one version
    Show {
        /// Its number
        version: i32,
    },
    /// Print the fields in which two versions differ
    Compare {
        /// The number of one
        one: i32,
        /// The number of the other
        other: i32,
    },
    /// Bring a version back; the present one stays in the history
    BringBack {
        /// Its number
        version: i32,
    },
}

pub(super) fn run(arguments: &Arguments, form: &form::Choice) -> Result<(), Failure> {
    let of = subject(&arguments.kind, &arguments.which)?;
    let log = form.load()?;
    let form = match of {
        Subject::Log(_) => &log,
        Subject::Record(lane, _) => lane.form(),
    };
    let paper = Paper {
        of,
        sheet: Sheet {
            form,
            output: Output::standard(),
            reveal: arguments.reveal,
            full: false,
        },
        json: arguments.json,
        zone: settings::heeded().zone.now(),
    };
    crate::cli::block_on(async {
        let mut connection = Connection::open().await?;
        let versions = all(&connection, of).await?;
        if versions.is_empty() {
            return Err(none(of));
        }
        let find = |number: i32| {
            let found = versions.iter().find(|version| version.number == number);
            found.ok_or_else(|| no_version(of, number))
        };
        match arguments.action {
            None => paper.list(&versions),
            Some(Action::Show { version }) => paper.one(find(version)?),
            Some(Action::Compare { one, other }) => {
                paper.two(find(one.min(other))?, find(one.max(other))?)
            }
            Some(Action::BringBack { version }) => {
                let version = find(version)?;
                let said = back(&mut connection, of, version).await?;
                output::print(&paper.sheet.output.line(&said))
            }
        }
    })
}

fn none(of: Subject) -> Failure {
    let line = format!(
        "nothing was ever saved of {}",
        match of {
            Subject::Log(date) => dates::long(date),
            Subject::Record(lane, id) => format!("a {} {id}", lane.noun()),
        }
    );
    Failure::new(Exit::BadData, line)
}

fn no_version(of: Subject, number: i32) -> Failure {
    let line = format!(
        "{} has no version {number}; without a subcommand all are listed",
        of.name()
    );
    Failure::new(Exit::BadData, line)
}

/// What is meant by two words.
fn subject(kind: &str, which: &str) -> Result<Subject, Failure> {
    let word = kind.trim().to_lowercase().replace(['-', ' '], "_");
    let lane = match word.as_str() {
        "log" | "logs" | "day" => {
            let today = settings::heeded().today();
            let date = dates::parse_date(which, today)
                .map_err(|error| Failure::new(Exit::BadData, error.to_string()))?;
            return Ok(Subject::Log(date));
        }
        "idea" => Some(Lane::Ideas),
        "goal" => Some(Lane::Goals),
        "checkin" | "checkins" | "check_in" => Some(Lane::CheckIns),
        "teach" | "teaching" | "lesson" | "lessons" => Some(Lane::Teaching),
        "content" => Some(Lane::Content),
        table => Lane::of_table(table),
    };
    let Some(lane) = lane else {
        let line = format!(
            "“{}” is no kind of record; there are log, ideas, goals, check-ins, teaching, content",
            printable(kind)
        );
        return Err(Failure::new(Exit::Usage, line));
    };
    Ok(Subject::Record(lane, record::id(which)?))
}

/// All versions, newest first.
async fn all(connection: &Connection, of: Subject) -> Result<Vec<Version>, Failure> {
    let mut list = VersionList {
        of,
        after: None,
        limit: PAGE,
    };
    let mut found = Vec::new();
    loop {
        let page = versions::page(connection.session(), &list).await?;
        found.extend(page.list);
        match page.next {
            Some(next) => list.after = Some(next),
            None => return Ok(found),
        }
    }
}

/// Brings a version back, as a change like any other; says what was done.
async fn back(
    connection: &mut Connection,
    of: Subject,
    version: &Version,
) -> Result<String, Failure> {
    let (now, log) = match of {
        Subject::Log(date) => {
            let day = logs::day(connection.session(), date).await?;
            let id = day.as_ref().map_or_else(RecordId::new, |day| day.id);
            (day.map(|day| day.data), id)
        }
        Subject::Record(lane, id) => {
            let mut one = records::record(connection.session(), lane, id).await?;
            if one.is_none() {
                let change = RecordChange::Restore;
                one = record::change(connection, lane, id, change, "the record").await?;
            }
            (one.map(|one| one.fields), id)
        }
    };
    let empty = Map::new();
    let now = now.as_ref().map_or(&empty, |now| now.expose(Way::Output));
    let back = bring_back(of, now, version.fields.expose(Way::Output));
    let stays = back.status_stays.map_or_else(String::new, |status| {
        format!("; its status stays {status}: no move leads from there to the one of the version")
    });
    if back.patch.is_empty() {
        return Ok(format!(
            "version {} is what is there now{stays}",
            version.number
        ));
    }
    write(connection, of, log, back.patch).await?;
    Ok(format!("version {} is back{stays}", version.number))
}

async fn write(
    connection: &mut Connection,
    of: Subject,
    log: RecordId,
    patch: Patch,
) -> Result<(), Failure> {
    let write = Write {
        request: RequestId::new(),
        mutation: Mutation::set(of, log, patch),
    };
    match of {
        Subject::Log(_) => connection.write(&write).await.map(drop),
        Subject::Record(..) => connection.write_record(&write).await.map(drop),
    }
    .map_err(|failure| failure.and("the version was not brought back"))
}
