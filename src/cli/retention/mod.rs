//! `wildlands retention`: policies, what they would concern, a run, the archive and the way back.

mod paper;

use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;

use clap::Subcommand;
use uuid::Uuid;

use crate::cli::connection::Connection;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::cli::settings;
use crate::domain::retention::{Action, Concerned, Policy, Table};
use crate::domain::text::printable;
use crate::store::queries::retention;
use crate::transfer::export::Cancel;
use crate::transfer::retention::{self as work, Report, Today};

use paper::Paper;

/// The oldest rows that a dry run shows of each policy.
const OLDEST: u16 = 5;
/// Archived rows that are listed of a table.
const LISTED: u16 = 1000;

/// What is kept for how long; nothing is archived or deleted unless a policy is enabled
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools)] // as flags are
#[command(after_help = "\
Tables: logs, ideas, goals, check_ins, drift_flags, teaching_requests, harris_content, reviews,
imported_records, record_history (which can only be deleted).

A run first exports what it concerns to a new file, which `wildlands import` reads. Archived rows leave
lists and drift, stay in search and exports, and come back; deleted rows come back as long as the history
keeps them.

Examples:
  wildlands retention
  wildlands retention set logs --days 1825 --action archive
  wildlands retention --dry-run
  wildlands retention enable logs
  wildlands retention --run --yes
  wildlands retention bring-back logs --all")]
pub struct Arguments {
    #[command(subcommand)]
    order: Option<Order>,
    /// Count what the policies concern, enabled or not, and show the oldest rows; changes nothing
    #[arg(long, conflicts_with = "run")]
    dry_run: bool,
    /// Carry the enabled policies out
    #[arg(long)]
    run: bool,
    /// With --run: do not ask
    #[arg(long, requires = "run")]
    yes: bool,
    /// With --run: the file of the export of what is concerned [default: a new one here, named by date]
    #[arg(long, value_name = "FILE", requires = "run")]
    export: Option<PathBuf>,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    /// Show private titles
    #[arg(long, global = true)]
    reveal: bool,
}

#[derive(Debug, Subcommand)]
enum Order {
    /// Make a policy or change it; a new one is not enabled
    Set {
        /// Whose rows
        table: String,
        /// Rows older than this are concerned
        #[arg(long, value_parser = clap::value_parser!(i32).range(1..=36500))]
        days: i32,
        /// archive or delete
        #[arg(long)]
        action: String,
    },
    /// Enable a policy; it is carried out by the next --run
    Enable {
        /// Its table
        table: String,
    },
    /// Disable a policy
    Disable {
        /// Its table
        table: String,
    },
    /// List what is archived
    Archived {
        /// Only of this table
        table: Option<String>,
    },
    /// Bring rows back: out of the archive, or deleted ones from the history
    BringBack {
        /// Whose rows
        table: String,
        /// Their ids, as `archived` lists them
        ids: Vec<String>,
        /// All archived rows of the table
        #[arg(long, conflicts_with = "ids")]
        all: bool,
    },
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let paper = Paper::new(arguments.json, arguments.reveal);
    crate::cli::block_on(async {
        let connection = Connection::open().await?;
        match &arguments.order {
            Some(order) => carry_out(&connection, order, &paper).await,
            None if arguments.run => go(&connection, arguments, &paper).await,
            None => {
                let policies = retention::policies(connection.session()).await?;
                let mut previews = Vec::new();
                let today = today();
                for policy in policies {
                    let bounds = retention::bounds(&policy, today.date, &today.zone);
                    let (count, oldest) =
                        retention::preview(connection.session(), &policy, bounds, OLDEST).await?;
                    previews.push((policy, count, oldest));
                }
                paper.policies(&previews, arguments.dry_run)
            }
        }
    })
}

fn today() -> Today {
    let heeded = settings::heeded();
    Today {
        date: heeded.today(),
        zone: heeded.zone.now(),
    }
}

fn table(word: &str) -> Result<Table, Failure> {
    Table::read(word).ok_or_else(|| {
        let names: Vec<&str> = Table::ALL.iter().map(|table| table.sql()).collect();
        let line = format!(
            "“{}” is no table of yours; there are {}",
            printable(word),
            names.join(", ")
        );
        Failure::new(Exit::Usage, line)
    })
}

async fn carry_out(connection: &Connection, order: &Order, paper: &Paper) -> Result<(), Failure> {
    let session = connection.session();
    match order {
        Order::Set {
            table: word,
            days,
            action,
        } => {
            let table = table(word)?;
            let action = Action::read(action).ok_or_else(|| {
                Failure::new(Exit::Usage, "--action is archive or delete".to_owned())
            })?;
            if action == Action::Archive && !table.has_archive() {
                let line = "the history has no archive to go to; its rows can only be deleted";
                return Err(Failure::new(Exit::BadData, line.to_owned()));
            }
            retention::set(session, table, *days, action).await?;
            let policies = retention::policies(session).await?;
            let policy = policies.iter().find(|policy| policy.table == table);
            paper.policy_set(policy)
        }
        Order::Enable { table: word } => switch(connection, table(word)?, true).await,
        Order::Disable { table: word } => switch(connection, table(word)?, false).await,
        Order::Archived { table: word } => {
            let tables = match word {
                Some(word) => vec![table(word)?],
                None => Table::ALL.to_vec(),
            };
            let mut rows: Vec<Concerned> = Vec::new();
            for table in tables {
                rows.extend(retention::archived(session, table, LISTED).await?);
            }
            paper.archived(&rows)
        }
        Order::BringBack {
            table: word,
            ids,
            all,
        } => bring_back(connection, table(word)?, ids, *all).await,
    }
}

async fn switch(connection: &Connection, table: Table, on: bool) -> Result<(), Failure> {
    if !retention::enable(connection.session(), table, on).await? {
        let name = table.sql();
        let line = format!(
            "there is no policy for {name}; `wildlands retention set {name} --days N --action archive|delete` makes one"
        );
        return Err(Failure::new(Exit::BadData, line));
    }
    let (name, word) = (table.sql(), if on { "enabled" } else { "disabled" });
    output::print(&format!("{name}: {word}\n"))
}

async fn bring_back(
    connection: &Connection,
    table: Table,
    ids: &[String],
    all: bool,
) -> Result<(), Failure> {
    if ids.is_empty() && !all {
        let line = "name the ids of the rows, or --all for everything archived of the table";
        return Err(Failure::new(Exit::Usage, line.to_owned()));
    }
    if !table.has_archive() {
        let line =
            "what was deleted of the history does not come back; the export of the run has it";
        return Err(Failure::new(Exit::BadData, line.to_owned()));
    }
    let session = connection.session();
    if all {
        let rows = retention::unarchive(session, table, None).await?;
        return output::print(&format!("{rows} brought back\n"));
    }
    let read = |word: &String| {
        word.trim().parse::<Uuid>().map_err(|_| {
            let line = format!(
                "“{}” is not an id; nothing was brought back",
                printable(word)
            );
            Failure::new(Exit::BadData, line)
        })
    };
    let ids: Vec<Uuid> = ids.iter().map(read).collect::<Result<_, _>>()?;
    let mut missing = Vec::new();
    let mut rows = 0;
    for id in ids {
        let mut back = retention::unarchive(session, table, Some(&[id])).await?;
        if back == 0 {
            back = retention::undelete(session, table, id).await?;
        }
        if back == 0 {
            missing.push(id.to_string());
        }
        rows += back;
    }
    output::print(&format!("{rows} brought back\n"))?;
    if missing.is_empty() {
        return Ok(());
    }
    let line = format!(
        "neither archived nor deleted, or its place is taken: {}",
        missing.join(", ")
    );
    Err(Failure::new(Exit::BadData, line))
}

async fn go(connection: &Connection, arguments: &Arguments, paper: &Paper) -> Result<(), Failure> {
    let session = connection.session();
    let policies = retention::policies(session).await?;
    let enabled: Vec<&Policy> = policies.iter().filter(|policy| policy.enabled).collect();
    if enabled.is_empty() {
        return output::print("no policy is enabled; nothing was done\n");
    }
    if !arguments.yes {
        confirm(&enabled)?;
    }
    let today = today();
    let path = arguments.export.clone();
    let path = path.unwrap_or_else(|| work::new_file(&PathBuf::from("."), today.date));
    let cancel = Cancel::default();
    let stopper = cancel.clone();
    let waiting = tokio::spawn(async move {
        if crate::cli::asked_to_end().await.is_ok() {
            stopper.cancel();
        }
    });
    let mut silent = |_: u64, _: u64| ();
    let ended = work::run(session, &policies, &today, &path, &mut silent, &cancel).await;
    waiting.abort();
    let report: Report = ended.map_err(|error| {
        let exit = match error.exit_code() {
            73 => Exit::CannotCreate,
            74 => Exit::Io,
            75 => Exit::TryAgain,
            69 => Exit::Unavailable,
            _ => Exit::Defect,
        };
        Failure::new(exit, error.to_string())
    })?;
    paper.report(&report)?;
    if report.stopped {
        let line = "stopped; what was done is done, and the next run goes on";
        return Err(Failure::new(Exit::Interrupted, line.to_owned()));
    }
    Ok(())
}

/// The names of the tables, typed by a person.
fn confirm(enabled: &[&Policy]) -> Result<(), Failure> {
    let names: Vec<&str> = enabled.iter().map(|policy| policy.table.sql()).collect();
    let names = names.join(",");
    if !io::stdin().is_terminal() {
        let line = format!("nobody can be asked; --yes carries the policies out for {names}");
        return Err(Failure::new(Exit::Usage, line));
    }
    for policy in enabled {
        let (name, action, days) = (policy.table.sql(), policy.action.word(), policy.keep_days);
        output::say(&format!("{name}: {action} what is older than {days} days"));
    }
    output::say(&format!("type {names} to go on:"));
    let mut typed = String::new();
    let read = io::stdin().lock().read_line(&mut typed);
    if read.is_ok() && typed.trim() == names {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Interrupted,
        "not confirmed; nothing was done".to_owned(),
    ))
}
