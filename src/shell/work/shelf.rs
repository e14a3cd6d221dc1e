//! Which backups are there, which databases were kept aside, and what is due.

use std::time::Duration;

use jiff::Timestamp;

use super::backups::release;
use crate::domain::backup::{KeptAside, Shelf};
use crate::domain::text::printable;
use crate::store::connect::Source;
use crate::store::embedded::DATABASE;
use crate::transfer::ground::Ground;
use crate::transfer::restore;
use crate::transfer::schedule::{self, Plan};

/// How long the server is waited for; without it the databases that were kept aside are not listed.
const PATIENCE: Duration = Duration::from_secs(5);

/// Looks. With `asks` the server tells which databases were kept aside.
pub(super) async fn look(source: Source, plan: Plan, asks: bool) -> Result<Shelf, String> {
    let database = match &source {
        Source::Embedded(_) => DATABASE.to_owned(),
        Source::External(target) => target.database().to_owned(),
        Source::Unusable(error) => return Err(printable(&error.to_string()).into_owned()),
    };
    let kept = if asks {
        let kept = tokio::time::timeout(PATIENCE, kept(&source)).await;
        Some(kept.unwrap_or_default())
    } else {
        None
    };
    let of = source.fingerprint();
    let read = move || Shelf {
        database,
        due: schedule::status(&plan, &of, Timestamp::now()),
        archives: schedule::archives(&plan, &of),
        directory: plan.directory,
        kept,
    };
    let read = tokio::task::spawn_blocking(read).await;
    read.map_err(|_| "looking for backups broke off; the log has the place".to_owned())
}

/// A login without the right to look sees none.
async fn kept(source: &Source) -> Vec<KeptAside> {
    let Ok(ground) = Ground::open(source).await else {
        return Vec::new();
    };
    let kept = restore::kept(&ground).await.unwrap_or_default();
    release(ground).await;
    kept
}
