//! `wildlands restore`: puts a backup back, beside the present data, which are kept until the person drops them.

use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf, absolute};

use crate::domain::text;
use crate::transfer::ground::Ground;
use crate::transfer::restore::{self, Present, RestoreReport, State, Step};

use super::connection::source;
use super::exit::{Exit, Failure};
use super::output::{self, Output};
use super::settings;
use super::work::{Meter, Stoppable, failure};

/// Put a backup back
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The backup is restored into an empty database, or beside the present one, which is then exchanged for it in one step and
kept aside as NAME_before_DATE. Whatever stops it before that step leaves the present data in use. Connections of other
programs are ended at that step; programs of this kind come again by themselves. Roles that the backup gives rights to are
made where they are missing; a backup of a newer schema than this program's is refused.

The database's name is typed to confirm; --yes does without, for scripts. On another server than the private one the login
needs CREATEDB and owns the database, or is a superuser.

Examples:
  wildlands restore ~/.local/share/harriswildlands/backups/wildlands-backup-2026-11-28.dump
  wildlands restore --list-kept
  wildlands restore --back                           the last one that was kept aside is used again
  wildlands restore --drop-kept wildlands_before_20261128_071530")]
pub struct Arguments {
    /// The backup: an archive of `wildlands backup` or `pg_dump -Fc`
    #[arg(value_name = "FILE", required_unless_present_any = ["list_kept", "back", "drop_kept"])]
    file: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// List the databases that restores kept aside
    #[arg(long, conflicts_with_all = ["file", "back", "drop_kept"])]
    list_kept: bool,
    /// Use one that was kept aside again, the newest where none is named
    #[arg(long, value_name = "NAME", num_args = 0..=1, conflicts_with_all = ["file", "drop_kept"])]
    #[allow(clippy::option_option)] // absent, without a name, with one
    back: Option<Option<String>>,
    /// Drop one that was kept aside, with everything in it
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    drop_kept: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.list_kept {
        return super::block_on(list());
    }
    if let Some(name) = &arguments.drop_kept {
        return super::block_on(drop_kept(name, arguments.yes));
    }
    if let Some(name) = &arguments.back {
        return super::block_on(back(name.as_deref(), arguments.yes));
    }
    match &arguments.file {
        Some(file) => super::block_on(put_back(file, arguments.yes)),
        None => Ok(()),
    }
}

/// Goes on only when the name was typed, or `--yes` was given.
fn confirmed(name: &str, what: &str, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        let line =
            format!("{what} is confirmed by typing \"{name}\"; without a terminal give --yes");
        return Err(Failure::new(Exit::Usage, line));
    }
    output::say(&format!("{what}. Type {name} to go on:"));
    let mut typed = String::new();
    let read = io::stdin().lock().read_line(&mut typed);
    if read.is_ok() && typed.trim() == name {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Interrupted,
        "that is not its name: nothing was changed",
    ))
}

async fn put_back(file: &Path, yes: bool) -> Result<(), Failure> {
    let now = settings::heeded().now();
    let path = absolute(file).unwrap_or_else(|_| file.to_owned());
    let ground = Ground::open(&source()?).await?;
    let present = Present::look(&ground)
        .await
        .map_err(|error| failure(&error))?;
    let name = ground.database().to_owned();
    let what = match present.state {
        State::Absent | State::Empty => {
            format!("\"{name}\" is empty; the backup is restored into it")
        }
        State::Full => format!(
            "the present data of \"{name}\" are exchanged for the backup, and kept aside as {name}_before_DATE"
        ),
    };
    confirmed(&name, &what, yes)?;
    let stoppable = Stoppable::listen();
    let mut meter = Meter::new("restoring");
    let mut told = |step: Step| output::say(&format!("wildlands: {}", step.words()));
    let report = restore::restore(
        &ground,
        &path,
        &now,
        &mut told,
        &mut |done, total| meter.tell(done, total),
        &stoppable.cancel,
    )
    .await
    .map_err(|error| failure(&error).and("the present data are in use, as they were"))?;
    drop(meter);
    tell(&report)
}

fn tell(report: &RestoreReport) -> Result<(), Failure> {
    let counts = report.rows.iter().filter(|(_, rows)| *rows > 0);
    let counts: Vec<String> = counts
        .map(|(table, rows)| format!("{table} {rows}"))
        .collect();
    let mut lines = vec![
        format!("restored  database {}", report.database),
        format!("rows      {}", counts.join(", ")),
        format!("people    {}", report.people.join(", ")),
        match report.migrated.last() {
            None => format!("schema    version {}", report.schema),
            Some(last) => format!("schema    version {}, brought to {last}", report.schema),
        },
    ];
    if !report.roles.is_empty() {
        lines.push(format!("roles     made: {}", report.roles.join(", ")));
    }
    if report.ended > 0 {
        lines.push(format!(
            "ended     {} connections of other programs",
            report.ended
        ));
    }
    if let Some(kept) = &report.kept {
        lines.push(format!("kept      {kept} has what was there before"));
        lines.push(format!(
            "          back: wildlands restore --back {kept} · away: wildlands restore --drop-kept {kept}"
        ));
    }
    let me = crate::store::queries::users::Account::of_system().username;
    if !report.people.is_empty() && !report.people.contains(&me.to_lowercase()) {
        lines.push(format!(
            "note      nobody in it is called \"{me}\", as you are here; an account is renamed by a superuser: \
             UPDATE wildlands.users SET username = '{}' WHERE username = '…';",
            me.replace('\'', "''")
        ));
    }
    let output = Output::standard();
    let lines: Vec<_> = lines.iter().map(|line| output.line(line)).collect();
    output::print(&lines.join("\n"))
}

async fn list() -> Result<(), Failure> {
    let ground = Ground::open(&source()?).await?;
    let mut kept = restore::kept(&ground)
        .await
        .map_err(|error| failure(&error))?;
    let left = restore::unfinished(&ground).await;
    kept.extend(left.map_err(|error| failure(&error))?);
    if kept.is_empty() {
        return output::print("no database is kept aside");
    }
    let output = Output::standard();
    let lines: Vec<String> = kept
        .iter()
        .map(|kept| {
            let mut line = format!("{}  {}", kept.name, text::size(kept.bytes));
            if kept.is_unfinished {
                line.push_str(
                    "  unfinished: a restore or a test restore was killed; --drop-kept drops it",
                );
            }
            output.line(&line).into_owned()
        })
        .collect();
    output::print(&lines.join("\n"))
}

async fn back(name: Option<&str>, yes: bool) -> Result<(), Failure> {
    let now = settings::heeded().now();
    let ground = Ground::open(&source()?).await?;
    let name = if let Some(name) = name {
        name.to_owned()
    } else {
        let kept = restore::kept(&ground)
            .await
            .map_err(|error| failure(&error))?;
        let newest = kept.into_iter().next().map(|newest| newest.name);
        newest.ok_or_else(|| Failure::new(Exit::BadData, "no database is kept aside"))?
    };
    let database = ground.database().to_owned();
    let what =
        format!("\"{name}\" is used again as \"{database}\"; the present data are kept aside");
    confirmed(&database, &what, yes)?;
    let (kept, _) = restore::bring_back(&ground, &name, &now)
        .await
        .map_err(|error| failure(&error).and("the present data are in use, as they were"))?;
    output::print(&format!(
        "{name} is {database} again; what was there is kept as {kept}"
    ))
}

async fn drop_kept(name: &str, yes: bool) -> Result<(), Failure> {
    let ground = Ground::open(&source()?).await?;
    let what = format!("\"{name}\" and everything in it is gone then");
    confirmed(name, &what, yes)?;
    restore::drop_kept(&ground, name)
        .await
        .map_err(|error| failure(&error).and("nothing was dropped"))?;
    output::print(&format!("{name} is gone"))
}
