//! A job on its way: its progress, throttled, and its end.

use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::effect::Job;
use crate::app::job::{JobEnd, Progress};
use crate::app::message::{Msg, TransferEvent};

use super::outside::Worker;

/// Least time between two reports of progress.
const BETWEEN: Duration = Duration::from_millis(100);

/// The handle of a job that runs.
#[derive(Debug)]
pub struct RunningJob {
    cancel: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl RunningJob {
    /// Starts one; `tell` hears of its progress and exactly once of its end.
    pub fn start(
        runtime: &Handle,
        worker: &dyn Worker,
        job: Job,
        tell: UnboundedSender<Msg>,
    ) -> Self {
        let (cancel, cancelled) = watch::channel(false);
        let (progress, heard) = unbounded_channel();
        let work = runtime.spawn(worker.work(job, progress, cancelled));
        let task = runtime.spawn(async move {
            pass_on(heard, &tell).await;
            // A panic in the task is in the log already.
            let end = work.await.unwrap_or_else(|_| {
                JobEnd::Failed("it broke off; the log has the place".to_owned())
            });
            let _ = tell.send(Msg::Transfer(TransferEvent::Ended(end)));
        });
        Self { cancel, task }
    }

    /// Asks it to stop.
    pub fn cancel(&self) {
        self.cancel.send_replace(true);
    }

    /// Asks it to stop and waits until it has cleaned up.
    pub async fn end(self) {
        self.cancel();
        let _ = self.task.await;
    }
}

/// Ends when the job drops its end of the channel.
async fn pass_on(mut heard: UnboundedReceiver<Progress>, tell: &UnboundedSender<Msg>) {
    let mut told: Option<Instant> = None;
    while let Some(progress) = heard.recv().await {
        if told.is_none_or(|told| told.elapsed() >= BETWEEN) {
            told = Some(Instant::now());
            let _ = tell.send(Msg::Transfer(TransferEvent::Progress(progress)));
        }
    }
}
