//! What the schedule asks for, made once the person does nothing else: looked for when the database is there and after each
//! job, then waited for by one timer, however far off it is. Nothing looks again and again.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::app::effect::{Effect, Job, TimerId};
use crate::app::model::Model;
use crate::app::part::Toolkit;
use crate::domain::backup::Shelf;
use crate::store::api::Link;

use super::jobs;

/// After an attempt the next one waits so long, whatever came of it: a full disk is not filled again every minute.
const PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// What is known of making what is due.
#[derive(Debug, Default)]
pub struct Due {
    /// When somebody looked first: since then at least nobody has pressed a key, if nobody has.
    pub(super) since: Option<Timestamp>,
    /// When it was last attempted in this run.
    pub(super) attempted: Option<Timestamp>,
    /// Why the last attempt failed; it is said once.
    pub(super) failed: Option<String>,
}

/// Which backups are there was looked at.
pub(super) fn looked<K: Toolkit>(
    model: &mut Model<K>,
    mut shelf: Result<Shelf, String>,
    out: &mut Vec<Effect>,
) {
    if let (Ok(now), Some(before)) = (&mut shelf, model.world.known_shelf())
        && now.kept.is_none()
    {
        now.kept.clone_from(&before.kept);
    }
    model.world.shelf = Some(shelf);
    model.due.since.get_or_insert(model.world.now.instant);
    arm(model, out);
}

/// Waits until something is due and the person has done nothing for long enough.
pub(super) fn arm<K: Toolkit>(model: &Model<K>, out: &mut Vec<Effect>) {
    if let Some(wait) = wait(model) {
        out.push(Effect::After(TimerId::Due, wait));
    }
}

/// How long that is; nothing where nothing goes by the clock or the person wants none.
fn wait<K: Toolkit>(model: &Model<K>) -> Option<Duration> {
    let quiet = model.world.settings.due_after;
    if quiet.is_zero() {
        return None;
    }
    let now = model.world.now.instant;
    let until = |at: Timestamp| {
        let left = at.duration_since(now);
        if left.is_positive() {
            left.unsigned_abs()
        } else {
            Duration::ZERO
        }
    };
    let due = until(model.world.known_shelf()?.next()?);
    let pause = model.due.attempted.map_or(Duration::ZERO, |at| {
        until(at.saturating_add(PAUSE).unwrap_or(Timestamp::MAX))
    });
    let rest = model.last_input.or(model.due.since).map_or(quiet, |at| {
        quiet.saturating_sub(now.duration_since(at).unsigned_abs())
    });
    Some(due.max(pause).max(rest))
}

/// It may be time.
pub(super) fn fired<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    // The end of a job, and the database when it is back, look again by themselves.
    let is_there = matches!(model.world.link, Link::Online { .. });
    if model.world.jobs.running.is_some() || !is_there {
        return;
    }
    match wait(model) {
        Some(wait) if wait.is_zero() => {
            model.due.attempted = Some(model.world.now.instant);
            jobs::start(model, Job::Due, out);
        }
        Some(wait) => out.push(Effect::After(TimerId::Due, wait)),
        None => {}
    }
}
