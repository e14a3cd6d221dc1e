//! Which backups are there, which databases were kept aside, and what is due.

use std::time::Duration;

use jiff::Timestamp;

use super::backups::release;
use crate::domain::backup::{KeptAside, Shelf};
use crate::domain::text::printable;
use crate::store::connect::Source;
use crate::store::embedded::DATABASE;
use crate::transfer::backup::BackupError;
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
        kept.ok().flatten()
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

/// A login without the right to look sees none. Of a server that did not answer nothing is known, which is not the same.
async fn kept(source: &Source) -> Option<Vec<KeptAside>> {
    let ground = match Ground::open(source).await {
        Ok(ground) => ground,
        Err(error) => return (!error.is_transient()).then(Vec::new),
    };
    let mut found = Some(Vec::new());
    for looked in [
        restore::kept(&ground).await,
        restore::unfinished(&ground).await,
    ] {
        match looked {
            Ok(more) => found = found.map(|found| [found, more].concat()),
            Err(BackupError::Store(error)) if error.is_transient() => found = None,
            Err(_) => {}
        }
    }
    release(ground).await;
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::target::Target;

    #[tokio::test]
    async fn of_a_server_that_does_not_answer_it_is_not_said_that_nothing_is_kept_aside() {
        let directory = tempfile::tempdir().unwrap();
        let nobody = |name: &str| {
            let url = "postgresql://bruce@127.0.0.1:1/pgbruce";
            (name == "DATABASE_URL").then(|| url.to_owned())
        };
        let source = Source::External(Target::from_env(&nobody).unwrap());
        let plan = Plan {
            directory: directory.path().to_owned(),
            export_days: 7,
            export_keep: 4,
            snapshot_days: 30,
            snapshot_keep: 1,
            migration_keep: 2,
        };
        let shelf = look(source, plan, true).await.unwrap();
        assert_eq!(shelf.kept, None);
    }
}
