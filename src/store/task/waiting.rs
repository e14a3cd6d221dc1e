//! Waiting for what may not be there: then it never comes.

use std::future::{Future, pending};
use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use crate::store::error::StoreError;

/// Work under way.
pub(super) type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The result of work that may be under way.
pub(super) async fn of<F: Future + Unpin>(future: Option<F>) -> F::Output {
    match future {
        Some(future) => future.await,
        None => pending().await,
    }
}

/// A moment that may come.
pub(super) async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => pending().await,
    }
}

/// A request's result; a link over which none comes in time counts as lost.
pub(super) async fn within<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    timeout(patience, work).await.unwrap_or_else(|_| {
        Err(StoreError::LinkLost {
            reason: "no answer came in time".into(),
        })
    })
}
