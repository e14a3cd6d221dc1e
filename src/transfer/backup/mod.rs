//! A backup of the whole database: an archive of `pg_dump -Fc`, verified before it gets its name.
//!
//! The file is a plain archive that `pg_restore` of the same major version takes, with nothing of our own in it. It is made
//! under a temporary name, listed and read to its end, and for a full verification restored beside the database and compared
//! with the very state that was dumped. Only then is it renamed; whatever stops it before leaves nothing.

pub(in crate::transfer) mod archive;
mod error;
pub(in crate::transfer) mod look;
pub(in crate::transfer) mod meter;
pub(in crate::transfer) mod program;
pub(in crate::transfer) mod scratch;
mod sums;

use std::io;
use std::path::{Path, PathBuf};

use tokio_postgres::Client;

pub use crate::domain::backup::Depth;
pub use archive::Contents;
pub use error::BackupError;
pub use sums::TableSum;

use crate::store::files;
use crate::store::target;
use crate::store::tools::{Tool, Tools};
use crate::transfer::export::{Cancel, NewFile, Progress};
use crate::transfer::ground::Ground;
use archive::Reading;
use look::{Facts, Sight};
use meter::Meter;

/// How a backup is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How far it is verified.
    pub depth: Depth,
    /// Whether everything else on the machine goes first.
    pub gently: bool,
}

/// A backup that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// The file.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// What is in it.
    pub contents: Contents,
    /// Rows and checksum of each table, of the restored copy, where that was asked for.
    pub compared: Option<Vec<TableSum>>,
    /// Whether it was dumped as the only person of the database, for want of a right to see all rows.
    pub as_only_person: bool,
    /// The major version of the server, where the programs are newer.
    pub newer_than: Option<u32>,
}

impl BackupReport {
    /// What is to be known of a backup by a newer program. Nothing where it was restored into that server after all.
    #[must_use]
    pub fn of_newer(&self) -> Option<String> {
        let server = self.newer_than.filter(|_| self.compared.is_none())?;
        Some(format!(
            "the programs are newer than the server ({server}): it goes into a server of their version, and may not go back into \
             this one; --verify=full tries, and PostgreSQL {server}'s own programs make one that does"
        ))
    }
}

/// Makes a backup of the database at `path`, mode 0600. `progress` counts bytes of tables, over all the passes.
///
/// # Errors
/// See [`BackupError`]; there is no file then, unless it says so.
pub async fn backup(
    ground: &Ground,
    path: &Path,
    options: Options,
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Result<BackupReport, BackupError> {
    let client = ground.connect().await?;
    let facts = look::look(&client, ground).await?;
    let tools = tools(ground, facts.major).await?;
    let user = ground.user();
    let reading = Reading {
        tools: &tools,
        user: user.as_ref(),
        gently: options.gently,
    };
    let mut meter = Meter::new(&facts, options.depth, progress);
    let file = NewFile::create(path, false)?;

    // The state that is dumped is the one that is counted.
    sums::begin(&client, facts.sight).await?;
    let snapshot: String = client
        .query_one("select pg_export_snapshot()", &[])
        .await?
        .try_get(0)?;
    dump(
        ground, &facts, reading, &file, &snapshot, &mut meter, cancel,
    )
    .await?;
    let contents = examine(file.unfinished(), &facts, reading, &mut meter, cancel).await?;
    let compared = match options.depth {
        Depth::List => None,
        Depth::Full => {
            let here = count(ground, &client, &facts, &mut meter, cancel).await?;
            let made = file.unfinished();
            let there =
                scratch::restored(ground, made, &facts, reading, &mut meter, cancel).await?;
            Some(compare(&here, there)?)
        }
    };
    drop(client);
    if cancel.is_cancelled() {
        return Err(BackupError::Cancelled);
    }
    let (bytes, sha256) = finish(file, path).await?;
    meter.end();
    Ok(BackupReport {
        path: path.to_owned(),
        bytes,
        sha256,
        contents,
        compared,
        as_only_person: facts.sight != Sight::All,
        newer_than: tools.newer_than(),
    })
}

/// Looks at a backup that is there. The full depth restores it into a scratch database on this server, and gives the rows
/// and checksums of what was restored.
///
/// # Errors
/// See [`BackupError`].
pub async fn verify(
    ground: &Ground,
    path: &Path,
    options: Options,
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Result<BackupReport, BackupError> {
    let client = ground.connect().await?;
    let major: i32 = client
        .query_one("select current_setting('server_version_num')::int", &[])
        .await?
        .try_get(0)?;
    drop(client);
    let tools = tools(ground, u32::try_from(major / 10_000).unwrap_or(0)).await?;
    let user = ground.user();
    let reading = Reading {
        tools: &tools,
        user: user.as_ref(),
        gently: options.gently,
    };
    let listed = archive::list(path, reading, cancel).await?;
    let facts = Facts {
        major: tools.major,
        sight: Sight::All,
        tables: look::unmeasured(&listed.tables),
    };
    let mut meter = Meter::new(&facts, options.depth, progress);
    let contents = examine(path, &facts, reading, &mut meter, cancel).await?;
    let compared = match options.depth {
        Depth::List => None,
        Depth::Full => {
            Some(scratch::restored(ground, path, &facts, reading, &mut meter, cancel).await?)
        }
    };
    let (bytes, sha256) = sha256_of(path.to_owned()).await?;
    meter.end();
    Ok(BackupReport {
        path: path.to_owned(),
        bytes,
        sha256,
        contents,
        compared,
        as_only_person: false,
        newer_than: tools.newer_than(),
    })
}

/// The programs for this server.
pub(in crate::transfer) async fn tools(ground: &Ground, major: u32) -> Result<Tools, BackupError> {
    let settings = ground.settings().clone();
    let of_compose = !ground.is_private();
    let found = tokio::task::spawn_blocking(move || Tools::find(&settings, major)).await;
    found
        .map_err(|_| broke_off("looking for pg_dump"))?
        .map_err(|error| BackupError::Tools { error, of_compose })
}

fn broke_off(what: &str) -> BackupError {
    BackupError::Program {
        program: "wildlands",
        reason: format!("{what} broke off"),
    }
}

async fn dump(
    ground: &Ground,
    facts: &Facts,
    reading: Reading<'_>,
    file: &NewFile,
    snapshot: &str,
    meter: &mut Meter<'_>,
    cancel: &Cancel,
) -> Result<(), BackupError> {
    let cannot = |error: io::Error| BackupError::CannotCreate {
        path: file.unfinished().to_owned(),
        reason: error.to_string(),
    };
    let way = match facts.sight {
        Sight::All => target::libpq(ground.target()),
        Sight::OnlyPerson(user) => target::libpq(&ground.target().with_user_setting(user)),
    }
    .map_err(cannot)?;
    let mut command = reading
        .tools
        .command(Tool::Dump, Some(&way), reading.user, reading.gently);
    command.args([
        "--format=custom",
        "--compress=1",
        "--no-password",
        "--verbose",
    ]);
    command.arg(format!("--snapshot={snapshot}"));
    if facts.sight != Sight::All {
        command.arg("--enable-row-security");
    }
    command.stdout(file.for_another_program().map_err(cannot)?);
    meter.pass();
    let mut line = |line: &str| {
        if let Some(table) = program::table_begun(line) {
            meter.begun(table);
        }
    };
    program::run(command, "pg_dump", &mut line, cancel).await
}

/// Lists it, looks for every table in it, and reads it to its end.
async fn examine(
    path: &Path,
    facts: &Facts,
    reading: Reading<'_>,
    meter: &mut Meter<'_>,
    cancel: &Cancel,
) -> Result<Contents, BackupError> {
    let contents = archive::list(path, reading, cancel).await?;
    let expected = facts.tables.iter().map(|table| table.name.as_str());
    let expected = expected.chain(archive::SINCE_THE_FIRST.iter().copied());
    contents.lacks_none(path, expected)?;
    meter.pass();
    archive::read_through(path, reading, &mut |table| meter.begun(table), cancel).await?;
    Ok(contents)
}

/// Counts every table in the transaction that is open.
async fn count(
    ground: &Ground,
    client: &Client,
    facts: &Facts,
    meter: &mut Meter<'_>,
    cancel: &Cancel,
) -> Result<Vec<TableSum>, BackupError> {
    meter.pass();
    let mut all = Vec::new();
    for table in &facts.tables {
        meter.begun(&table.name);
        let sum = tokio::select! {
            sum = sums::of(client, &table.name) => sum?,
            () = cancel.cancelled() => {
                // The server would go on counting for nobody.
                let _ = target::cancel(ground.target(), client).await;
                return Err(BackupError::Cancelled);
            }
        };
        all.push(sum);
    }
    Ok(all)
}

fn compare(here: &[TableSum], there: Vec<TableSum>) -> Result<Vec<TableSum>, BackupError> {
    let differing: Vec<&str> = here
        .iter()
        .filter(|sum| !there.contains(sum))
        .map(|sum| sum.table.as_str())
        .collect();
    if differing.is_empty() && here.len() == there.len() {
        return Ok(there);
    }
    Err(BackupError::Differs {
        tables: differing.join(", "),
    })
}

async fn finish(file: NewFile, path: &Path) -> Result<(u64, String), BackupError> {
    let summed = sha256_of(file.unfinished().to_owned()).await?;
    tokio::task::spawn_blocking(move || file.finish())
        .await
        .map_err(|_| broke_off("writing"))?
        .map_err(BackupError::from)
        .map_err(|error| named(error, path))?;
    Ok(summed)
}

fn named(error: BackupError, path: &Path) -> BackupError {
    match error {
        BackupError::CannotRead { reason, .. } => BackupError::CannotRead {
            path: path.to_owned(),
            reason,
        },
        other => other,
    }
}

/// Size and SHA-256 of a file.
pub(in crate::transfer) async fn sha256_of(path: PathBuf) -> Result<(u64, String), BackupError> {
    let read = move || {
        files::size_and_digest(&path).map_err(|error| BackupError::CannotRead {
            reason: error.to_string(),
            path: path.clone(),
        })
    };
    tokio::task::spawn_blocking(read)
        .await
        .map_err(|_| broke_off("reading"))?
}
