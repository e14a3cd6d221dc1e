//! A scratch database on the same server: an archive is restored into it, counted, and the database dropped, whatever
//! happens. One that a killed program left is dropped by the next.

use std::path::Path;

use jiff::Timestamp;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use super::archive::{self, Reading};
use super::look::{Facts, Sight};
use super::meter::Meter;
use super::program::{by_newer, run, table_begun};
use super::sums::TableSum;
use super::{BackupError, count, sums};
use crate::store::target;
use crate::store::tools::Tool;
use crate::transfer::export::Cancel;
use crate::transfer::ground::{Ground, quoted};

/// How the names of scratch databases begin; the second in which they were made follows.
pub(in crate::transfer) const PREFIX: &str = "wildlands_verify_";

/// An abandoned one is left alone for so long: its maker may be between making it and entering it. Seconds.
const YOUNG: i64 = 120;

/// Restores the archive and counts what came of it.
pub(super) async fn restored(
    ground: &Ground,
    path: &Path,
    facts: &Facts,
    reading: Reading<'_>,
    meter: &mut Meter<'_>,
    cancel: &Cancel,
) -> Result<Vec<TableSum>, BackupError> {
    let keeper = ground.maintenance().await?;
    drop_abandoned(&keeper, PREFIX).await;
    let name = new_name(PREFIX);
    create_like(&keeper, &name, "").await?;
    let scratch = ground.at(&name);
    let counted = fill_and_count(&scratch, path, facts, reading, meter, cancel).await;
    let dropped = drop_database(&keeper, &name).await;
    let counted = counted?;
    dropped?;
    Ok(counted)
}

async fn fill_and_count(
    scratch: &Ground,
    path: &Path,
    facts: &Facts,
    reading: Reading<'_>,
    meter: &mut Meter<'_>,
    cancel: &Cancel,
) -> Result<Vec<TableSum>, BackupError> {
    // While somebody is in it, nobody takes it for abandoned.
    let client = scratch.connect().await?;
    let way = target::libpq(scratch.target()).map_err(|error| BackupError::CannotCreate {
        path: std::env::temp_dir(),
        reason: error.to_string(),
    })?;
    let mut command =
        reading
            .tools
            .command(Tool::Restore, Some(&way), reading.user, reading.gently);
    command.args(["--no-owner", "--no-privileges", "--exit-on-error"]);
    command.args(["--single-transaction", "--no-password", "--verbose"]);
    command.arg(format!("--dbname={}", connection(scratch.database())));
    command.stdin(archive::open(path)?);
    meter.pass();
    let mut line = |line: &str| {
        if let Some(table) = table_begun(line) {
            meter.begun(table);
        }
    };
    run(command, "pg_restore", &mut line, cancel)
        .await
        .map_err(|error| by_newer(error, reading.tools))?;
    sums::begin(&client, sight(facts, &client).await?).await?;
    count(scratch, &client, facts, meter, cancel).await
}

/// A connection string that names the database alone: the rest is in the environment. A bare name with `=` in it would be
/// read as one too.
pub(in crate::transfer) fn connection(database: &str) -> String {
    let escaped = database.replace('\\', "\\\\").replace('\'', "\\'");
    format!("dbname='{escaped}'")
}

/// The owner of a restored copy is held by its row-level security as the owner of the database is.
async fn sight(facts: &Facts, client: &Client) -> Result<Sight, BackupError> {
    if facts.sight != Sight::All {
        return Ok(facts.sight);
    }
    let above: bool = client
        .query_one(
            "select rolsuper or rolbypassrls from pg_roles where rolname = session_user",
            &[],
        )
        .await?
        .try_get(0)?;
    if above {
        return Ok(Sight::All);
    }
    let people = client
        .query(
            "select user_id from wildlands.account_directory limit 1",
            &[],
        )
        .await?;
    Ok(match people.first() {
        Some(row) => Sight::OnlyPerson(row.try_get(0)?),
        None => Sight::All,
    })
}

/// A name for a database that is in the making: it tells since when.
pub(in crate::transfer) fn new_name(prefix: &str) -> String {
    let now = Timestamp::now().as_second();
    // The end of an id is chance: several may be in the making in one second.
    let id = Uuid::now_v7().simple().to_string();
    format!("{prefix}{now}_{}", id.get(20..).unwrap_or_default())
}

/// Makes an empty database, with these options of `CREATE DATABASE`.
pub(in crate::transfer) async fn create_like(
    keeper: &Client,
    name: &str,
    options: &str,
) -> Result<(), BackupError> {
    let made = keeper
        .batch_execute(&format!(
            "create database {} template template0 encoding 'UTF8'{options}",
            quoted(name)
        ))
        .await;
    match made {
        Ok(()) => Ok(()),
        Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
            let user: String = keeper
                .query_one("select session_user::text", &[])
                .await?
                .try_get(0)?;
            Err(BackupError::MissingRight {
                action: "create a database beside this one".to_owned(),
                remedy: format!("an administrator runs: ALTER ROLE \"{user}\" CREATEDB;"),
                user,
            })
        }
        Err(error) => Err(error.into()),
    }
}

pub(in crate::transfer) async fn drop_database(
    keeper: &Client,
    name: &str,
) -> Result<(), BackupError> {
    keeper
        .batch_execute(&format!(
            "drop database if exists {} with (force)",
            quoted(name)
        ))
        .await?;
    Ok(())
}

/// What killed programs left, as far as it may be dropped.
pub(in crate::transfer) async fn drop_abandoned(keeper: &Client, prefix: &str) {
    for (name, _) in abandoned(keeper, prefix).await.unwrap_or_default() {
        // Entered meanwhile, or gone: it stays.
        let _ = drop_unused(keeper, &name).await;
    }
}

/// Drops a database that nobody is in.
pub(in crate::transfer) async fn drop_unused(
    keeper: &Client,
    name: &str,
) -> Result<(), BackupError> {
    let drop = format!("drop database if exists {}", quoted(name));
    Ok(keeper.batch_execute(&drop).await?)
}

/// Names and sizes of what killed programs left under such names, as far as this login may drop it.
pub(in crate::transfer) async fn abandoned(
    keeper: &Client,
    prefix: &str,
) -> Result<Vec<(String, u64)>, BackupError> {
    let found = keeper
        .query(
            "select d.datname::text, case when has_database_privilege(d.oid, 'CONNECT') then pg_database_size(d.oid) else 0 end \
             from pg_database d where starts_with(d.datname::text, $1) and pg_has_role(session_user, d.datdba, 'MEMBER') \
             and not exists (select from pg_stat_activity a where a.datid = d.oid) order by 1",
            &[&prefix],
        )
        .await?;
    let now = Timestamp::now().as_second();
    let mut left = Vec::new();
    for row in found {
        let name: String = row.try_get(0)?;
        let made = name.strip_prefix(prefix).and_then(|rest| {
            let (second, _) = rest.split_once('_')?;
            second.parse::<i64>().ok()
        });
        if made.is_some_and(|made| now - made > YOUNG) {
            let bytes = u64::try_from(row.try_get::<_, i64>(1)?).unwrap_or(0);
            left.push((name, bytes));
        }
    }
    Ok(left)
}
