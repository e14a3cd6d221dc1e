//! Two databases exchange their names in one transaction.
//!
//! Renaming needs the database for itself. The lock that the renaming takes keeps newcomers out, so it is taken first, and
//! whoever is inside is then told to go; a newcomer that waited finds the new database under the name it asked for.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::Zoned;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::aside;
use crate::transfer::backup::BackupError;
use crate::transfer::ground::{Ground, quoted};

/// The server itself waits five seconds each time for the last one to go.
const TRIES: u32 = 3;
const STEP: Duration = Duration::from_millis(50);

/// Gives `fresh` the name of the ground's database, which gets the name `aside`. How many connections were ended.
pub(super) async fn exchange(
    ground: &Ground,
    fresh: &str,
    aside: Option<&str>,
) -> Result<u64, BackupError> {
    let present = ground.database();
    let client = ground.maintenance().await?;
    let other = ground.maintenance().await?;
    let mut renames = String::from("begin; set local statement_timeout = 0");
    if let Some(aside) = aside {
        let (present, aside) = (quoted(present), quoted(aside));
        let _ = write!(renames, "; alter database {present} rename to {aside}");
    }
    let (from, to) = (quoted(fresh), quoted(present));
    let _ = write!(renames, "; alter database {from} rename to {to}; commit");
    let mut ended = 0;
    let mut tried = 0;
    loop {
        tried += 1;
        let renamed = tokio::select! {
            renamed = client.batch_execute(&renames) => renamed,
            never = clear(&other, [present, fresh], &mut ended) => match never? {},
        };
        let Err(error) = renamed else {
            return Ok(ended);
        };
        client.batch_execute("rollback").await?;
        match error.code() {
            Some(code) if *code == SqlState::OBJECT_IN_USE && tried < TRIES => {}
            Some(code) if *code == SqlState::OBJECT_IN_USE => {
                return Err(in_use(&other, present).await);
            }
            Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => {
                return Err(no_right(&client, present).await?);
            }
            _ => return Err(error.into()),
        }
    }
}

/// Nothing: it goes on until nobody waits for it.
enum Never {}

/// Ends whoever is in these databases, again and again.
async fn clear(
    client: &Client,
    databases: [&str; 2],
    ended: &mut u64,
) -> Result<Never, BackupError> {
    loop {
        // One that may not be ended is no reason to stop: the renaming says that somebody is in there.
        let gone = client
            .query(
                "select pg_terminate_backend(a.pid) from pg_stat_activity a join pg_roles me on me.rolname = session_user \
                 where a.datname = any($1) and a.pid <> pg_backend_pid() and a.backend_type = 'client backend' \
                   and (me.rolsuper or pg_has_role(session_user, a.usesysid, 'MEMBER') \
                        or pg_has_role(session_user, 'pg_signal_backend', 'MEMBER')) \
                   and not (not me.rolsuper and (select rolsuper from pg_roles r where r.oid = a.usesysid))",
                &[&databases.as_slice()],
            )
            .await?;
        *ended += u64::try_from(gone.len()).unwrap_or(0);
        tokio::time::sleep(STEP).await;
    }
}

async fn in_use(client: &Client, database: &str) -> BackupError {
    let who = client
        .query(
            "select distinct usename::text || ' (' || application_name || ')' from pg_stat_activity where datname = $1",
            &[&database],
        )
        .await
        .unwrap_or_default();
    let who: Vec<String> = who.iter().filter_map(|row| row.try_get(0).ok()).collect();
    BackupError::InUse {
        database: database.to_owned(),
        who: who.join(", "),
    }
}

async fn no_right(client: &Client, database: &str) -> Result<BackupError, BackupError> {
    let user: String = client
        .query_one("select session_user::text", &[])
        .await?
        .try_get(0)?;
    Ok(BackupError::MissingRight {
        action: format!("rename the database \"{database}\""),
        remedy: format!(
            "it takes its owner with CREATEDB, or a superuser; an administrator runs: ALTER ROLE \"{user}\" CREATEDB; \
             ALTER DATABASE {} OWNER TO \"{user}\";",
            quoted(database)
        ),
        user,
    })
}

/// Brings a database back that was kept aside; the present one is kept aside in its turn, under the name that is returned.
///
/// # Errors
/// As [`super::restore`]; the present data are in use then.
pub async fn bring_back(
    ground: &Ground,
    name: &str,
    now: &Zoned,
) -> Result<(String, u64), BackupError> {
    aside::known(ground, name).await?;
    let kept = aside::name(ground.database(), now);
    let ended = exchange(ground, name, Some(&kept)).await?;
    Ok((kept, ended))
}
