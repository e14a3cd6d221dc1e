//! A backup put back: into an empty database, or beside the present one, which is then exchanged for it by name.
//!
//! Until the very last step nothing of the present data is touched. That step renames two databases in one transaction, so
//! whatever stops it, and whenever, either the present data are in use or the restored ones. The present database is kept
//! aside as `NAME_before_DATE` until the person drops it.

mod aside;
mod beside;
mod roles;
mod swap;

use std::path::Path;

use jiff::Zoned;
use tokio_postgres::Client;

pub use aside::{Kept, drop_kept, kept};
pub use swap::bring_back;

use super::backup::archive::{self, Reading};
use super::backup::look::unmeasured;
use super::backup::meter::Meter;
use super::backup::{BackupError, tools};
use super::export::{Cancel, Progress};
use super::ground::Ground;
use crate::store::embedded::OWNER_ROLE;
use crate::store::error::StoreError;
use crate::store::migrate;
use beside::Fresh;

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The file is listed and read to its end.
    Reading,
    /// The database that the file goes into is made beside the present one.
    Making,
    /// The file is restored.
    Restoring,
    /// Rights are given, the schema is brought to this program's version.
    Preparing,
    /// The two databases are exchanged.
    Exchanging,
}

impl Step {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Reading => "reading the file to its end",
            Self::Making => "making a database beside the present one",
            Self::Restoring => "restoring",
            Self::Preparing => "giving rights and bringing the schema up to date",
            Self::Exchanging => "exchanging the databases",
        }
    }
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// The database that holds it now.
    pub database: String,
    /// Where what was there before is kept; nothing where there was nothing.
    pub kept: Option<String>,
    /// The version of its schema in the file.
    pub schema: i32,
    /// The versions that were applied after it.
    pub migrated: Vec<i32>,
    /// Roles that were made, without a password or a right to log in.
    pub roles: Vec<String>,
    /// Connections of other programs that were ended. Those of this program come again by themselves.
    pub ended: u64,
    /// Rows of each table.
    pub rows: Vec<(String, u64)>,
    /// The names of the people in it.
    pub people: Vec<String>,
}

/// Restores the backup at `path` as the database of this ground. `step` is told what is being done.
///
/// # Errors
/// See [`BackupError`]; the present data are in use then, as they were.
pub async fn restore(
    ground: &Ground,
    path: &Path,
    now: &Zoned,
    step: &mut (dyn FnMut(Step) + Send),
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Result<RestoreReport, BackupError> {
    step(Step::Reading);
    let keeper = ground.maintenance().await?;
    let major: i32 = keeper
        .query_one("select current_setting('server_version_num')::int", &[])
        .await?
        .try_get(0)?;
    let tools = tools(ground, u32::try_from(major / 10_000).unwrap_or(0)).await?;
    let user = ground.user();
    let reading = Reading {
        tools: &tools,
        user: user.as_ref(),
        gently: false,
    };
    let contents = archive::complete(path, reading, cancel).await?;
    let mut meter = Meter::of(unmeasured(&contents.tables), 2, progress);
    meter.pass();
    archive::read_through(path, reading, &mut |table| meter.begun(table), cancel).await?;
    let schema = schema_of(path, reading, cancel).await?;
    let named = roles::named(&archive::statements(path, reading, cancel).await?);

    let (present, name) = (Present::look(ground).await?, ground.database());
    let roles = roles::make(&keeper, &named).await?;
    let mut fresh = Fresh {
        ground,
        keeper: &keeper,
        present: &present,
        reading,
        schema,
    };
    let (filled, kept, ended) = match present.state {
        State::Empty => {
            let filled = fresh.fill(name, path, step, &mut meter, cancel).await?;
            (filled, None, 0)
        }
        State::Absent | State::Full => {
            fresh
                .fill_and_exchange(path, now, step, &mut meter, cancel)
                .await?
        }
    };
    meter.end();
    Ok(RestoreReport {
        database: name.to_owned(),
        kept,
        schema,
        migrated: filled.migrated,
        roles,
        ended,
        rows: filled.rows,
        people: filled.people,
    })
}

/// What is there before a restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// Whether there is something to be kept.
    pub state: State,
    /// The role that owns the schema, or is to own it.
    owner: Option<String>,
}

/// Whether there is something to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// There is no such database.
    Absent,
    /// It has nothing in it.
    Empty,
    /// It has something in it.
    Full,
}

impl Present {
    /// Looks at the database of this ground.
    ///
    /// # Errors
    /// As the way to it reports them.
    pub async fn look(ground: &Ground) -> Result<Self, BackupError> {
        let ours = || ground.is_private().then(|| OWNER_ROLE.to_owned());
        let client = match ground.connect().await {
            Err(StoreError::UnknownDatabase { .. }) => {
                return Ok(Self {
                    state: State::Absent,
                    owner: ours(),
                });
            }
            other => other?,
        };
        let row = client
            .query_one(
                "select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace \
                                where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'), \
                        (select pg_get_userbyid(nspowner)::text from pg_namespace where nspname = 'wildlands' \
                         and pg_has_role(session_user, nspowner, 'MEMBER'))",
                &[],
            )
            .await?;
        Ok(Self {
            state: if row.try_get(0)? {
                State::Full
            } else {
                State::Empty
            },
            owner: row.try_get::<_, Option<String>>(1)?.or_else(ours),
        })
    }
}

/// The schema's version in the file. One that is newer than this program is refused before anything is made.
async fn schema_of(path: &Path, reading: Reading<'_>, cancel: &Cancel) -> Result<i32, BackupError> {
    let rows = archive::rows(path, "schema_migrations", reading, cancel).await?;
    let version = |row: &String| row.split('\t').next()?.parse::<i32>().ok();
    let found = rows.iter().filter_map(version).max().unwrap_or(0);
    let known = migrate::latest();
    if found > known {
        return Err(StoreError::Newer { found, known }.into());
    }
    if found == 0 {
        return Err(BackupError::Unfit {
            path: path.to_owned(),
            reason: "it does not say which version of the schema it has".to_owned(),
        });
    }
    Ok(found)
}

/// Rows of each table, as somebody who sees them all counts them; and who is in it.
async fn counted(client: &Client) -> Result<(Vec<(String, u64)>, Vec<String>), BackupError> {
    // An owner that row-level security binds sees the rows of the person it stands for; of several it would see none.
    client
        .batch_execute(
            "select set_config('wildlands.user_id', coalesce((select user_id::text from wildlands.account_directory \
             order by username_key limit 1), ''), false)",
        )
        .await?;
    let mut rows = Vec::new();
    let tables = client
        .query(
            "select relname::text from pg_class where relnamespace = 'wildlands'::regnamespace and relkind in ('r', 'p') \
             order by relname collate \"C\"",
            &[],
        )
        .await?;
    for table in tables {
        let table: String = table.try_get(0)?;
        let name = super::ground::quoted(&table);
        let row = client
            .query_one(&format!("select count(*) from wildlands.{name}"), &[])
            .await?;
        rows.push((table, u64::try_from(row.try_get::<_, i64>(0)?).unwrap_or(0)));
    }
    let people = client
        .query(
            "select username_key from wildlands.account_directory order by 1 limit 100",
            &[],
        )
        .await?;
    let people = people.iter().map(|row| row.try_get(0));
    Ok((rows, people.collect::<Result<_, _>>()?))
}
