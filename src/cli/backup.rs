//! `wildlands backup`: an archive of the whole database, verified; what is due by itself; a look at one that is there.

use std::path::{Path, PathBuf, absolute};

use clap::ValueEnum;

use crate::domain::text;
use crate::store::before_migration::Done;
use crate::store::error::StoreError;
use crate::store::places::Places;
use crate::store::target::Target;
use crate::transfer::backup::{self, BackupError, BackupReport, Depth, Options};
use crate::transfer::ground::Ground;
use crate::transfer::schedule::{self, BeforeMigration, Kind, Plan};

use super::connection::{Connection, source};
use super::exit::{Exit, Failure};
use super::output;
use super::settings;
use super::work::{Meter, Stoppable, failure};

/// Make a backup of the whole database, and verify it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The file is an archive as pg_dump -Fc makes it, and pg_restore of the same major version of PostgreSQL takes it; here it
is `wildlands restore`. It holds everything of everybody in the database, private texts included, and has mode 0600. It is
listed and read to its end before it gets its name; --verify=full restores it beside the database as well, compares rows
and checksums of every table with the state that was dumped, and drops the copy. Ctrl-C leaves nothing behind.

Without FILE it goes into the directory of backups (setting backup_dir, else `backups` beside the data). The login must be
a superuser, have BYPASSRLS, or own a database of one person; on the private server nothing is needed.

Examples:
  wildlands backup
  wildlands backup --verify=full
  wildlands backup /media/stick/journal.dump
  wildlands backup --check /media/stick/journal.dump --verify=full
  0 4 * * *  wildlands backup --due       what is due by the settings, by cron")]
pub struct Arguments {
    /// The file [default: wildlands-backup-DATE.dump in the directory of backups]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// How far it is verified
    #[arg(
        long,
        value_name = "DEPTH",
        num_args = 0..=1,
        require_equals = true,
        default_value = "list",
        default_missing_value = "full"
    )]
    verify: Verify,
    /// Make no backup: look at this one
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    check: Option<PathBuf>,
    /// Make what is due by the settings, and nothing else
    #[arg(long, conflicts_with_all = ["file", "check", "verify"])]
    due: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Verify {
    /// Its contents are listed and it is read to its end
    List,
    /// It is restored into a scratch database, too, and compared
    Full,
}

impl Verify {
    const fn depth(self) -> Depth {
        match self {
            Self::List => Depth::List,
            Self::Full => Depth::Full,
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.due {
        return super::block_on(due());
    }
    let options = Options {
        depth: arguments.verify.depth(),
        gently: false,
    };
    if let Some(path) = &arguments.check {
        return super::block_on(check(path, options));
    }
    super::block_on(make(arguments.file.as_deref(), options))
}

/// The plan of the settings.
pub(super) fn plan() -> Result<Plan, Failure> {
    let places =
        Places::from_env().map_err(|error| Failure::new(Exit::Unavailable, error.to_string()))?;
    Ok(Plan::of(&settings::heeded(), &places))
}

async fn make(file: Option<&Path>, options: Options) -> Result<(), Failure> {
    let plan = plan()?;
    let now = settings::read_quietly().now();
    let stoppable = Stoppable::listen();
    let ground = Ground::open(&source()?).await?;
    let path = match file {
        Some(file) => absolute(file).unwrap_or_else(|_| file.to_owned()),
        None => schedule::new_file(&plan, Kind::Asked, &ground, &now)
            .map_err(|error| failure(&error))?,
    };
    let mut meter = Meter::new("backing up");
    let report = backup::backup(
        &ground,
        &path,
        options,
        &mut |done, total| meter.tell(done, total),
        &stoppable.cancel,
    )
    .await
    .map_err(|error| failure(&error).and("no backup was made"))?;
    drop(meter);
    let made = (report.bytes, report.sha256.as_str());
    let recorded = schedule::record(
        &plan,
        Kind::Asked,
        ground.fingerprint(),
        &path,
        made,
        now.timestamp(),
    );
    if let Err(error) = recorded {
        output::say(&format!("wildlands: note: {error}"));
    }
    note_test(&plan, &report);
    tell(&report, "backed up to")
}

async fn check(path: &Path, options: Options) -> Result<(), Failure> {
    let stoppable = Stoppable::listen();
    let ground = Ground::open(&source()?).await?;
    let mut meter = Meter::new("reading");
    let path = absolute(path).unwrap_or_else(|_| path.to_owned());
    let report = backup::verify(
        &ground,
        &path,
        options,
        &mut |done, total| meter.tell(done, total),
        &stoppable.cancel,
    )
    .await
    .map_err(|error| failure(&error))?;
    drop(meter);
    let plan = plan()?;
    schedule::as_recorded(&plan, &report.path, &report.sha256).map_err(|error| failure(&error))?;
    note_test(&plan, &report);
    tell(&report, "can be restored:")
}

/// A backup that was restored as a test is known as one.
fn note_test(plan: &Plan, report: &BackupReport) {
    if report.compared.is_none() {
        return;
    }
    let now = settings::read_quietly().now().timestamp();
    if let Err(error) = schedule::tested(plan, &report.path, &report.sha256, now) {
        output::say(&format!("wildlands: note: {error}"));
    }
}

fn tell(report: &BackupReport, what: &str) -> Result<(), Failure> {
    let mut lines = vec![
        format!("{what} {}", report.path.display()),
        format!(
            "of        database {} (pg_dump {})",
            report.contents.database, report.contents.made_by
        ),
        format!(
            "verified  {} tables listed, the file read to its end",
            report.contents.tables.len()
        ),
    ];
    if let Some(compared) = &report.compared {
        lines.push("restored into a scratch database, rows and checksum of each table:".to_owned());
        lines.extend(
            compared
                .iter()
                .map(|sum| format!("  {:<20} {:>10}  {}", sum.table, sum.rows, sum.checksum)),
        );
    }
    if report.as_only_person {
        lines.push(
            "as the owner, who is bound by row-level security: it holds everything of the one person of this database"
                .to_owned(),
        );
    }
    if let Some(text) = report.of_newer() {
        lines.push(format!("note      {text}"));
    }
    lines.push(format!("size      {}", text::size(report.bytes)));
    lines.push(format!("sha256    {}", report.sha256));
    let output = output::Output::standard();
    let lines: Vec<_> = lines.iter().map(|line| output.line(line)).collect();
    output::print(&lines.join("\n"))
}

async fn due() -> Result<(), Failure> {
    let plan = plan()?;
    let now = settings::read_quietly().now();
    let stoppable = Stoppable::listen();
    let connection = Connection::open().await?;
    let ground = Ground::open(&source()?).await?;
    let mut meter = Meter::new("backing up");
    let ended = schedule::make_due(
        &plan,
        &ground,
        connection.session(),
        &now,
        &mut |done, total| meter.tell(done, total),
        &stoppable.cancel,
    )
    .await;
    drop(meter);
    if ended.is_empty() {
        return output::print("nothing is due");
    }
    let mut failed = None;
    for (kind, made) in ended {
        match made {
            Ok(made) => {
                let (path, size) = (made.path.display(), text::size(made.bytes));
                let pruned = match made.pruned.len() {
                    0 => String::new(),
                    1 => ", 1 older one removed".to_owned(),
                    more => format!(", {more} older ones removed"),
                };
                output::print(&format!("{:<9} {path} ({size}){pruned}", kind.words()))?;
            }
            Err(error) => {
                let failure = failure(&error);
                for line in &failure.lines {
                    output::say(&format!("wildlands: {}: {line}", kind.words()));
                }
                failed = Some(Failure::quiet(failure.exit));
            }
        }
    }
    failed.map_or(Ok(()), Err)
}

/// The dump before the schema of a database with data changes. Nothing is printed: the program may have the terminal.
pub(super) fn before_migration(owner: Target) -> Done {
    Box::pin(async move {
        let config = settings::read_quietly();
        let Ok(places) = Places::from_env() else {
            return Ok(None);
        };
        let plan = Plan::of(&config, &places);
        match schedule::before_migration(&plan, &owner, &config.now()).await {
            Ok(BeforeMigration::Nothing | BeforeMigration::Dumped(_)) => Ok(None),
            Ok(BeforeMigration::Without(why)) => Ok(Some(format!(
                "the schema was changed without a dump before it: {why}"
            ))),
            Err(BackupError::Store(error)) => Err(error),
            Err(error) => Err(StoreError::Embedded(format!(
                "no dump could be made before the change of the schema, which waits for it: {error} \
                 (`wildlands settings migration-keep 0` goes on without one)"
            ))),
        }
    })
}
