//! The history of a document. It comes last and is most of it, so the server adds what is here while the rest is being
//! read, and keeps nothing of it beside.

use tokio_postgres::Client;

use crate::domain::import::report::TableReport;
use crate::store::error::StoreError;

use super::ImportError;
use super::statements::{self, Merge};
use super::told::number;

/// How far it is taken over.
#[derive(Default)]
pub(super) struct History {
    /// How many entries that are done were not here.
    new: u64,
    /// A rule refused one: it and what comes behind it wait until all have come.
    waits: bool,
}

impl History {
    /// Takes over what has come. What a rule refuses is left to the end.
    pub async fn take(&mut self, client: &Client) -> Result<(), ImportError> {
        if self.waits {
            return Ok(());
        }
        client.batch_execute("savepoint import_history").await?;
        match restore(client).await {
            Ok(new) => {
                self.new += new;
                let taken =
                    "release savepoint import_history; truncate pg_temp.import_record_history";
                Ok(client.batch_execute(taken).await?)
            }
            Err(ImportError::Store(
                StoreError::Constraint { .. } | StoreError::BadValue { .. },
            )) => {
                self.waits = true;
                let undone =
                    "rollback to savepoint import_history; release savepoint import_history";
                Ok(client.batch_execute(undone).await?)
            }
            Err(error) => Err(error),
        }
    }

    /// Takes over what was not while it came.
    pub async fn rest(
        &self,
        client: &Client,
        merge: &Merge<'_>,
        report: &mut TableReport,
    ) -> Result<(), ImportError> {
        report.new = self.new + restore(client).await?;
        let aside = client
            .query_typed_one(statements::HISTORY_ASIDE, &[])
            .await?;
        report.set_aside = number(&aside, 0)?;
        report.unchanged = report.read - report.new - report.set_aside;
        if report.set_aside > 0 {
            client.batch_execute(&merge.keep_history_aside()).await?;
        }
        let private = statements::keep_private_by_history(merge.user);
        Ok(client.batch_execute(&private).await?)
    }
}

/// Adds the entries that have come; how many were not here.
async fn restore(client: &Client) -> Result<u64, ImportError> {
    let sql = statements::RESTORE_HISTORY;
    number(&client.query_typed_one(sql, &[]).await?, 0)
}
