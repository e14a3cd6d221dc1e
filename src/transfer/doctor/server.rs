//! The server: its version, what it promises about what was saved, its clock, and how far the schema is.

use jiff::Timestamp;
use tokio_postgres::Client;

use super::{Line, Patient};
use crate::store::error::{OLDEST_SERVER, StoreError};
use crate::store::migrate;
use crate::transfer::backup::BackupError;
use crate::transfer::ground::Ground;

/// More than this and the order of changes made on two machines is not to be trusted. Seconds.
const SKEW: i64 = 5;

/// Looks at the server; gives the size of the database in bytes.
pub(super) async fn examine(
    client: &Client,
    ground: &Ground,
    patient: &Patient<'_>,
    lines: &mut Vec<Line>,
) -> Result<u64, BackupError> {
    let asked = Timestamp::now();
    let row = client
        .query_one(
            "select current_setting('server_version_num')::int, current_setting('server_version'), clock_timestamp(), \
                    current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on', \
                    current_setting('synchronous_commit'), current_setting('data_checksums') = 'on', \
                    pg_database_size(current_database()), current_setting('TimeZone'), pg_is_in_recovery()",
            &[],
        )
        .await?;
    let answered = Timestamp::now();
    lines.push(version(
        &row.try_get::<_, String>(1)?,
        row.try_get(0)?,
        row.try_get(9)?,
        ground,
    ));
    lines.extend(durability(
        row.try_get(3)?,
        row.try_get(4)?,
        &row.try_get::<_, String>(5)?,
        row.try_get(6)?,
    ));
    let theirs: Timestamp = row.try_get(2)?;
    lines.push(clock(asked, theirs, answered));
    lines.push(zone(patient.zone.as_deref(), &row.try_get::<_, String>(8)?));
    Ok(u64::try_from(row.try_get::<_, i64>(7)?).unwrap_or(0))
}

fn version(version: &str, number: i32, is_standby: bool, ground: &Ground) -> Line {
    let place = if ground.is_private() {
        "private server".to_owned()
    } else {
        ground.target().describe()
    };
    let number_only = version.split(' ').next().unwrap_or_default();
    let found = format!("PostgreSQL {number_only}, {place}");
    if number < OLDEST_SERVER {
        return Line::fail("server", found, "PostgreSQL 14 or newer is needed");
    }
    if is_standby {
        let todo = "connect to the primary: target_session_attrs=read-write";
        return Line::fail(
            "server",
            format!("{found}; it is a standby and takes no writes"),
            todo,
        );
    }
    Line::pass("server", found)
}

fn durability(fsync: bool, whole_pages: bool, commit: &str, checksums: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    lines.push(if fsync && whole_pages {
        Line::pass("durability", "fsync on, full_page_writes on")
    } else {
        let off: Vec<&str> = [("fsync", fsync), ("full_page_writes", whole_pages)]
            .iter()
            .filter(|(_, on)| !on)
            .map(|(name, _)| *name)
            .collect();
        let todo = off
            .iter()
            .map(|name| format!("ALTER SYSTEM SET {name} = on;"));
        let todo: Vec<String> = todo.collect();
        Line::fail(
            "durability",
            format!(
                "{} off: a power cut can destroy the database",
                off.join(" and ")
            ),
            format!(
                "a superuser runs: {} SELECT pg_reload_conf();",
                todo.join(" ")
            ),
        )
    });
    lines.push(if commit == "off" {
        Line::warn(
            "commits",
            "synchronous_commit off: what was acknowledged in the last moments before a crash is lost",
            "a superuser runs: ALTER SYSTEM SET synchronous_commit = on; SELECT pg_reload_conf();",
        )
    } else {
        Line::pass("commits", format!("synchronous_commit {commit}"))
    });
    lines.push(if checksums {
        Line::pass("checksums", "data_checksums on")
    } else {
        Line::warn(
            "checksums",
            "data_checksums off: what the disk damages is not noticed",
            "with the server stopped: pg_checksums --enable -D DATA_DIRECTORY",
        )
    });
    lines
}

fn clock(asked: Timestamp, theirs: Timestamp, answered: Timestamp) -> Line {
    let early = asked.as_second() - theirs.as_second();
    let late = theirs.as_second() - answered.as_second();
    let skew = early.max(late).max(0);
    if skew <= SKEW {
        return Line::pass("clock", "this machine and the server agree");
    }
    Line::warn(
        "clock",
        format!("this machine and the server are {skew} s apart"),
        "set the clocks by NTP (timedatectl set-ntp true)",
    )
}

fn zone(local: Option<&str>, theirs: &str) -> Line {
    match local {
        Some(zone) => Line::pass(
            "zone",
            format!("{zone} decides what today is (the server's {theirs} does not)"),
        ),
        None => Line::warn(
            "zone",
            "the zone of this machine has no name; its offset decides what today is",
            "wildlands settings timezone Europe/Berlin",
        ),
    }
}

/// Whether what an import needs is missing to the role under which statements run; nothing is said where it is not.
pub(super) async fn temporary(client: &Client) -> Result<Option<Line>, BackupError> {
    let sql = "with who as (select coalesce((select rolname from pg_roles where rolname = $1 \
         and pg_has_role(session_user, oid, 'MEMBER')), current_user) as name) \
         select has_database_privilege(name, current_database(), 'TEMPORARY'), quote_ident(name), \
         quote_ident(current_database()) from who";
    let row = client
        .query_one(sql, &[&crate::store::target::APP_ROLE])
        .await?;
    if row.try_get(0)? {
        return Ok(None);
    }
    let (who, database): (&str, &str) = (row.try_get(1)?, row.try_get(2)?);
    Ok(Some(Line::warn(
        "imports",
        format!("{who} may not make temporary tables, in which an import compares"),
        format!("an administrator runs: GRANT TEMPORARY ON DATABASE {database} TO {who};"),
    )))
}

/// How far the schema is.
pub(super) async fn schema(client: &Client) -> Result<Line, BackupError> {
    Ok(match migrate::status(client).await {
        Ok(status) if status.is_current() => Line::pass(
            "schema",
            format!("version {}, nothing pending", status.applied),
        ),
        Ok(status) => Line::warn(
            "schema",
            format!("version {}, {} pending", status.applied, status.pending()),
            "the next start applies them, or: wildlands data migrate",
        ),
        Err(error @ StoreError::Newer { .. }) => {
            Line::fail("schema", error.to_string(), "update this program")
        }
        Err(error) => Line::fail("schema", error.to_string(), error.advice()),
    })
}
