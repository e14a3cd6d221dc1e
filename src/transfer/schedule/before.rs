//! The dump before the schema of a database with data changes.
//!
//! A migration is a transaction: one that fails leaves what was there. The dump is for the migration that succeeds and is
//! regretted. On the private server it must succeed, since everything it needs is there; on another server whose tools or
//! rights are missing, that is said aloud and the migration goes on.

use jiff::Zoned;

use super::{Kind, Made, Plan, new_file, record};
use crate::store::migrate;
use crate::store::target::Target;
use crate::transfer::backup::{self, BackupError, Depth, Options};
use crate::transfer::export::Cancel;
use crate::transfer::ground::Ground;

/// What was done before a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BeforeMigration {
    /// The database holds nothing yet, or such dumps are switched off.
    Nothing,
    /// A dump is there.
    Dumped(Made),
    /// None could be made on this server, and that is no reason not to go on; in words.
    Without(String),
}

/// Makes a dump of the database that `owner` is about to migrate.
///
/// # Errors
/// A dump that should be there could not be made: the migration is to wait.
pub async fn before_migration(
    plan: &Plan,
    owner: &Target,
    now: &Zoned,
) -> Result<BeforeMigration, BackupError> {
    if plan.migration_keep == 0 {
        return Ok(BeforeMigration::Nothing);
    }
    let ground = Ground::beside(owner)?;
    let client = ground.connect().await?;
    // A schema that is to be made has nothing in it; one that is not this program's is refused by the migration itself.
    let schema = migrate::status(&client).await;
    if !schema.is_ok_and(|schema| schema.applied > 0 && !schema.is_current()) {
        return Ok(BeforeMigration::Nothing);
    }
    let holds_data: bool = client
        .query_one(
            "select exists (select from wildlands.account_directory)",
            &[],
        )
        .await?
        .try_get(0)?;
    drop(client);
    if !holds_data {
        return Ok(BeforeMigration::Nothing);
    }
    let path = new_file(plan, Kind::Migration, &ground, now)?;
    let options = Options {
        depth: Depth::List,
        gently: false,
    };
    match backup::backup(&ground, &path, options, &mut |_, _| (), &Cancel::default()).await {
        Ok(report) => {
            let made = (report.bytes, report.sha256.as_str());
            let of = ground.fingerprint();
            let pruned = record(plan, Kind::Migration, of, &path, made, now.timestamp())?;
            Ok(BeforeMigration::Dumped(Made {
                kind: Kind::Migration,
                path,
                bytes: report.bytes,
                sha256: report.sha256,
                pruned,
            }))
        }
        Err(error @ (BackupError::Tools { .. } | BackupError::MissingRight { .. }))
            if !ground.is_private() =>
        {
            Ok(BeforeMigration::Without(error.to_string()))
        }
        Err(error) => Err(error),
    }
}
