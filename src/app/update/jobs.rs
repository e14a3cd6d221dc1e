//! Long jobs: one at a time, their progress, and what their end leaves.

use crate::app::effect::{Effect, Job};
use crate::app::job::{JobEnd, JobKind, Progress};
use crate::app::message::TransferEvent;
use crate::app::model::Model;
use crate::app::part::{Tone, Toolkit};

use super::say;

/// Exports everything, or stops what runs.
pub(super) fn export<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    if model.world.jobs.running.is_some() {
        out.push(Effect::CancelTransfer);
    } else {
        start(model, Job::Export(None), out);
    }
}

/// Starts a job, unless another one runs.
pub(super) fn start<K: Toolkit>(model: &mut Model<K>, job: Job, out: &mut Vec<Effect>) {
    if let Some((kind, _)) = &model.world.jobs.running {
        let key = model.world.keymap.everywhere("export");
        let text = format!("{} is running; {key} stops it", kind.one());
        return say(model, Tone::Plain, text, out);
    }
    model.world.jobs.running = Some((job.kind(), Progress::rows(0, 0)));
    out.push(Effect::Transfer(job));
}

/// What is heard of the job that runs.
pub(super) fn heard<K: Toolkit>(model: &mut Model<K>, event: TransferEvent, out: &mut Vec<Effect>) {
    match event {
        TransferEvent::Progress(progress) => {
            if let Some((_, known)) = &mut model.world.jobs.running {
                *known = progress;
            }
        }
        TransferEvent::Ended(end) => {
            if let Some((kind, _)) = model.world.jobs.running.take() {
                ended(model, kind, end, out);
            }
        }
    }
}

fn ended<K: Toolkit>(model: &mut Model<K>, kind: JobKind, end: JobEnd, out: &mut Vec<Effect>) {
    let jobs = &mut model.world.jobs;
    match end {
        JobEnd::Finished(report) => {
            let said = report.said.clone();
            jobs.ended.insert(kind, Ok(report));
            jobs.last = Some(kind);
            say(model, Tone::Plain, said, out);
        }
        JobEnd::Cancelled => say(model, Tone::Plain, kind.stopped().to_owned(), out),
        JobEnd::Failed(reason) => {
            let text = format!("{}: {reason}", kind.not_done());
            jobs.ended.insert(kind, Err(reason));
            jobs.last = Some(kind);
            say(model, Tone::Trouble, text, out);
        }
    }
    // What it changed is asked for anew; an export changes nothing but the time of the last one.
    model.world.cache.outdate();
}
