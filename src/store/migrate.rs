//! The schema's migrations: numbered SQL files, append-only, and the runner that applies them.
//!
//! Each runs in a transaction of its own, under an advisory lock of that transaction: a lock of the session
//! would be left behind on a pooled connection, and with a lock of the transaction any number of programs may
//! start at once, each finding the work done or doing it. An applied file never changes: its SHA-256 is kept.

use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Transaction};

use super::error::StoreError;
use super::files;

/// The schema that holds every table of this program.
pub const SCHEMA: &str = "wildlands";

/// Under this key the programs take turns; the letters of "wildland".
const LOCK_KEY: i64 = 0x7769_6c64_6c61_6e64;

const APPLIED: &str =
    "select version, name, checksum from wildlands.schema_migrations order by version";

/// One step of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Its number; they begin with 1 and have no gaps.
    pub version: i32,
    /// The file's name without number and ending.
    pub name: &'static str,
    /// The statements.
    pub sql: &'static str,
}

impl Migration {
    /// The SHA-256 of the statements, in hexadecimal. Line ends count as one character on every system.
    #[must_use]
    pub fn checksum(&self) -> String {
        files::digest(self.sql.replace("\r\n", "\n").as_bytes())
    }
}

macro_rules! migrations {
    ($($version:literal $name:literal $file:literal),+ $(,)?) => {
        &[$(Migration { version: $version, name: $name, sql: include_str!(concat!("../../migrations/", $file)) }),+]
    };
}

/// Every migration, in order. Append; never change or remove.
pub const MIGRATIONS: &[Migration] = migrations![
    1 "foundation" "0001_foundation.sql",
    2 "accounts" "0002_accounts.sql",
    3 "lanes" "0003_lanes.sql",
    4 "signals_and_upkeep" "0004_signals_and_upkeep.sql",
    5 "rights" "0005_rights.sql",
    6 "records" "0006_records.sql",
    7 "search" "0007_search.sql",
    8 "similar_words" "0008_similar_words.sql",
    9 "reviews" "0009_reviews.sql",
    10 "import" "0010_import.sql",
    11 "changes_told" "0011_changes_told.sql",
    12 "words_seen" "0012_words_seen.sql",
    13 "temporary_tables" "0013_temporary_tables.sql",
    14 "index_later" "0014_index_later.sql",
    15 "many_at_once" "0015_many_at_once.sql",
    16 "one_reference" "0016_one_reference.sql",
];

/// The newest schema version this program knows.
#[must_use]
pub fn latest() -> i32 {
    newest(MIGRATIONS)
}

fn newest(migrations: &[Migration]) -> i32 {
    migrations.last().map_or(0, |last| last.version)
}

/// How far a database's schema is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemaStatus {
    /// The newest version that was applied; 0 where there is none.
    pub applied: i32,
    /// The newest version this program knows.
    pub known: i32,
}

impl SchemaStatus {
    /// Whether nothing is to be done.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.applied == self.known
    }

    /// How many migrations are to be applied.
    #[must_use]
    pub fn pending(&self) -> usize {
        usize::try_from(self.known - self.applied).unwrap_or(0)
    }
}

/// A migration is about to run: what is shown while it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The version it brings.
    pub version: i32,
    /// The version at the end of all steps.
    pub last: i32,
    /// The migration's name.
    pub name: &'static str,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The schema version that this run found, 0 for an empty database.
    pub before: i32,
    /// The versions this run applied; empty where another program was first or nothing was to do.
    pub versions: Vec<i32>,
}

/// How far the schema of this database is: one query, which the application role may make too.
///
/// # Errors
/// [`StoreError::Newer`] and [`StoreError::Altered`] where the database is not one this program may touch,
/// [`StoreError::Forbidden`] where the role may not look.
pub async fn status(client: &Client) -> Result<SchemaStatus, StoreError> {
    status_of(client, MIGRATIONS).await
}

/// [`status`] against a given list of migrations.
///
/// # Errors
/// As [`status`].
pub async fn status_of(
    client: &Client,
    migrations: &[Migration],
) -> Result<SchemaStatus, StoreError> {
    let known = newest(migrations);
    match client.query_typed(APPLIED, &[]).await {
        Ok(rows) => {
            let rows = rows.iter().map(Row::read).collect::<Result<Vec<_>, _>>()?;
            Ok(SchemaStatus {
                applied: compare(&rows, migrations)?,
                known,
            })
        }
        Err(error) if is_missing(&error) => Ok(SchemaStatus { applied: 0, known }),
        Err(error) => Err(error.into()),
    }
}

/// Brings the schema to this program's version. Any number of programs may do so at once.
///
/// # Errors
/// As [`status`]; [`StoreError::MissingRight`] where the role may not create the schema or does not own it.
/// What was applied before an error stays, whole; the migration that failed leaves nothing.
pub async fn migrate(
    client: &mut Client,
    progress: &mut (dyn FnMut(Step) + Send),
) -> Result<Applied, StoreError> {
    migrate_with(client, MIGRATIONS, progress).await
}

/// [`migrate`] with a given list of migrations.
///
/// # Errors
/// As [`migrate`].
pub async fn migrate_with(
    client: &mut Client,
    migrations: &[Migration],
    progress: &mut (dyn FnMut(Step) + Send),
) -> Result<Applied, StoreError> {
    let status = status_of(client, migrations).await?;
    let mut done = Applied {
        before: status.applied,
        versions: Vec::new(),
    };
    if status.is_current() {
        return Ok(done);
    }
    loop {
        let transaction = client.transaction().await?;
        // Takes no longer than another program's migration, however long that is.
        transaction
            .batch_execute("set local statement_timeout = 0; set local lock_timeout = 0")
            .await?;
        transaction
            .query_typed(
                "select pg_advisory_xact_lock($1)",
                &[(&LOCK_KEY, Type::INT8)],
            )
            .await?;
        make_ledger(&transaction).await?;
        let rows = transaction.query_typed(APPLIED, &[]).await?;
        let rows = rows.iter().map(Row::read).collect::<Result<Vec<_>, _>>()?;
        let applied = compare(&rows, migrations)?;
        let Some(next) = migrations
            .iter()
            .find(|migration| migration.version > applied)
        else {
            transaction.commit().await?;
            return Ok(done);
        };
        progress(Step {
            version: next.version,
            last: newest(migrations),
            name: next.name,
        });
        apply(&transaction, next).await?;
        transaction.commit().await?;
        done.versions.push(next.version);
    }
}

async fn apply(transaction: &Transaction<'_>, migration: &Migration) -> Result<(), StoreError> {
    transaction
        .batch_execute(migration.sql)
        .await
        .map_err(|error| in_migration(&error, migration))?;
    transaction
        .execute_typed(
            "insert into wildlands.schema_migrations (version, name, checksum) values ($1, $2, $3)",
            &[
                (&migration.version, Type::INT4),
                (&migration.name, Type::TEXT),
                (&migration.checksum(), Type::TEXT),
            ],
        )
        .await?;
    Ok(())
}

/// The schema and the table of what was applied. `create schema if not exists` asks for the right to create
/// before it looks, so it is looked first: a later start needs no more than ownership of the tables.
async fn make_ledger(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let facts = transaction
        .query_typed_one(
            "select to_regnamespace('wildlands') is not null, \
                    to_regclass('wildlands.schema_migrations') is not null, \
                    session_user::text, current_database()::text",
            &[],
        )
        .await?;
    let (has_schema, has_ledger): (bool, bool) = (facts.try_get(0)?, facts.try_get(1)?);
    if !has_schema {
        let refused = |error: tokio_postgres::Error| {
            if error.code() != Some(&SqlState::INSUFFICIENT_PRIVILEGE) {
                return StoreError::from(error);
            }
            let name = |column: usize| facts.try_get::<_, String>(column).unwrap_or_default();
            let (user, database) = (name(2), name(3));
            StoreError::MissingRight {
                action: format!("create a schema in database \"{database}\""),
                remedy: format!(
                    "The database's owner or an administrator runs: GRANT CREATE ON DATABASE \"{database}\" TO \"{user}\";"
                ),
                user,
            }
        };
        transaction
            .batch_execute("create schema wildlands")
            .await
            .map_err(refused)?;
    }
    if !has_ledger {
        transaction
            .batch_execute(
                "create table wildlands.schema_migrations (\
                    version integer primary key check (version >= 1), name text not null, checksum text not null, \
                    applied_at timestamptz not null default now())",
            )
            .await
            .map_err(|error| not_owner(&error))?;
    }
    Ok(())
}

struct Row {
    version: i32,
    name: String,
    checksum: String,
}

impl Row {
    fn read(row: &tokio_postgres::Row) -> Result<Self, StoreError> {
        Ok(Self {
            version: row.try_get(0)?,
            name: row.try_get(1)?,
            checksum: row.try_get(2)?,
        })
    }
}

/// The version the database has, where its history is a beginning of ours.
fn compare(rows: &[Row], migrations: &[Migration]) -> Result<i32, StoreError> {
    let known = newest(migrations);
    let found = rows.last().map_or(0, |row| row.version);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (position, row) in rows.iter().enumerate() {
        let altered = |reason: String| {
            Err(StoreError::Altered {
                version: row.version,
                reason,
            })
        };
        match migrations.get(position) {
            Some(ours) if ours.version != row.version => {
                return altered(format!("version {} is missing before it", ours.version));
            }
            Some(ours) if ours.checksum() != row.checksum => {
                return altered(format!(
                    "its statements \"{}\" differ from this program's",
                    row.name
                ));
            }
            Some(_) => {}
            None => return altered("this program has no such version".into()),
        }
    }
    Ok(found)
}

/// Whether an error says that the schema, or the table of what was applied, does not exist.
pub(crate) fn is_missing(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| {
        [SqlState::UNDEFINED_TABLE, SqlState::INVALID_SCHEMA_NAME].contains(code)
    })
}

fn in_migration(error: &tokio_postgres::Error, migration: &Migration) -> StoreError {
    let what = match not_owner(error) {
        StoreError::Internal { what } => what,
        StoreError::Unexpected { code } => format!("SQLSTATE {code}"),
        other => return other,
    };
    StoreError::Internal {
        what: format!(
            "{what}, in migration {} {}",
            migration.version, migration.name
        ),
    }
}

fn not_owner(error: &tokio_postgres::Error) -> StoreError {
    if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) {
        return StoreError::MissingRight {
            user: "of this connection".into(),
            action: "change the schema \"wildlands\"".into(),
            remedy:
                "Run `wildlands data migrate` once as the role that owns the schema \"wildlands\"."
                    .into(),
        };
    }
    StoreError::from(error)
}
