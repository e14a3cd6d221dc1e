//! Long jobs: one at a time, their progress, and what their end leaves.
//!
//! A job that nobody asked for gives way to one that somebody asks for: it is stopped, and leaves nothing.

use crate::app::effect::{Effect, Job};
use crate::app::job::{Failure, JobEnd, JobKind, JobReport, Progress};
use crate::app::message::TransferEvent;
use crate::app::model::Model;
use crate::app::part::{Tone, Toolkit};
use crate::app::undo::Undo;

use super::say;

/// Exports everything, or stops what runs.
pub(super) fn export<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    match &model.world.jobs.running {
        Some((kind, _)) if *kind != JobKind::Due => stop(model, out),
        Some(_) | None => start(model, Job::Export(None), out),
    }
}

/// Stops what runs, and what waits for its end.
pub(super) fn stop<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    model.next_job = None;
    model.world.jobs.waiting = None;
    if model.world.jobs.running.is_some() {
        out.push(Effect::CancelTransfer);
    }
}

/// Starts a job, unless another one runs that somebody asked for.
pub(super) fn start<K: Toolkit>(model: &mut Model<K>, job: Job, out: &mut Vec<Effect>) {
    if let Some(kind) = model.world.jobs.in_the_way() {
        let key = model.world.keymap.everywhere("export");
        let text = format!("{} is running; {key} stops it", kind.one());
        return say(model, Tone::Plain, text, out);
    }
    if replaces_everything(job.kind()) && !model.world.cache.pending().is_empty() {
        let text = "changes wait to be sent; the data are not exchanged under them".to_owned();
        return say(model, Tone::Trouble, text, out);
    }
    // Who follows a job sees its own end, not that of the one before; the last export keeps its place.
    if job.kind() != JobKind::Export {
        model.world.jobs.ended.remove(&job.kind());
        model.world.jobs.last.take_if(|last| *last == job.kind());
    }
    if model.world.jobs.running.is_some() {
        model.world.jobs.waiting = Some(job.kind());
        model.next_job = Some(job);
        out.push(Effect::CancelTransfer);
        return;
    }
    model.world.jobs.running = Some((job.kind(), Progress::share("begun", 0, 0)));
    out.push(Effect::Transfer(job));
}

/// Whether another database stands in the place of this one afterwards.
pub(super) const fn replaces_everything(kind: JobKind) -> bool {
    matches!(kind, JobKind::Restore | JobKind::UseKept)
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
    match end {
        JobEnd::Finished(report) => finished(model, kind, report, out),
        // It made way for another one.
        JobEnd::Cancelled if model.next_job.is_some() => {}
        JobEnd::Cancelled => say(model, Tone::Plain, kind.stopped().to_owned(), out),
        JobEnd::Failed(reason) => {
            let passes = false;
            failed(model, kind, Failure { reason, passes }, out);
        }
        JobEnd::Interrupted(reason) => {
            let passes = true;
            failed(model, kind, Failure { reason, passes }, out);
        }
    }
    // What it changed is asked for anew; an export changes nothing but the time of the last one.
    model.world.cache.outdate();
    let aside = model.world.shelf_is_whole() || replaces_everything(kind);
    out.push(Effect::LookAtBackups { aside });
    model.world.jobs.waiting = None;
    if let Some(next) = model.next_job.take() {
        start(model, next, out);
    }
}

fn failed<K: Toolkit>(
    model: &mut Model<K>,
    kind: JobKind,
    failure: Failure,
    out: &mut Vec<Effect>,
) {
    let reason = &failure.reason;
    let text = format!("{}: {reason}", kind.not_done());
    let is_known = kind == JobKind::Due && model.due.failed.as_ref() == Some(reason);
    if kind == JobKind::Due {
        model.due.failed = Some(reason.clone());
    }
    model.world.jobs.ended.insert(kind, Err(failure));
    model.world.jobs.last = Some(kind);
    // Of a trial the popup says it, which was opened for nothing else.
    if !is_known && kind != JobKind::ImportTrial {
        say(model, Tone::Trouble, text, out);
    }
}

fn finished<K: Toolkit>(
    model: &mut Model<K>,
    kind: JobKind,
    report: JobReport,
    out: &mut Vec<Effect>,
) {
    if replaces_everything(kind) {
        // What could be taken back is not in these data.
        model.undo = Undo::default();
    }
    if kind == JobKind::Due {
        model.due.failed = None;
    }
    let said = report.said.clone();
    let is_silent = said.is_empty();
    model.world.jobs.ended.insert(kind, Ok(report));
    if !is_silent {
        model.world.jobs.last = Some(kind);
        say(model, Tone::Plain, said, out);
    }
}
