//! Time: what is armed only while something waits for it, and what happens when it runs out.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::app::effect::{Effect, TimerId};
use crate::app::model::{DRAFT_DELAY, Model};
use crate::app::part::{Behaviour, Input, Tone, Toolkit};
use crate::domain::dates;

pub(super) fn notice_time(tone: Tone) -> Duration {
    match tone {
        Tone::Plain => Duration::from_secs(5),
        Tone::Trouble => Duration::from_secs(20),
    }
}

pub(super) fn fired<K: Toolkit>(model: &mut Model<K>, timer: TimerId, out: &mut Vec<Effect>) {
    match timer {
        // The mask has expired in `update` already, unless the clock says that it is early.
        TimerId::Mask => {
            if let Some(until) = model.world.mask.until() {
                let left = until.duration_since(model.world.now.instant).unsigned_abs();
                out.push(Effect::After(
                    TimerId::Mask,
                    left.max(Duration::from_millis(10)),
                ));
            }
        }
        TimerId::Idle => {
            model.idle_armed = false;
            idle(model, out);
        }
        TimerId::Draft => {
            model.draft_armed = false;
            out.extend(model.unsaved().into_iter().map(Effect::SaveDraft));
        }
        TimerId::Midnight => arm_midnight(model, out),
        TimerId::Notice => model.world.notice = None,
        TimerId::Due => super::due::fired(model, out),
    }
}

/// After so long without a key, what is shown may have been changed by another program.
const FRESH: Duration = Duration::from_mins(1);

/// What was said stays so long at least, also under a quick hand; then it goes with the next key.
const READ: Duration = Duration::from_millis(1500);

/// Somebody is there.
pub(super) fn touched<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    let now = model.world.now.instant;
    let quiet = |at: Timestamp| now.duration_since(at).unsigned_abs() >= FRESH;
    if model.last_input.is_some_and(quiet) {
        model.world.cache.outdate();
    }
    model.last_input = Some(now);
    model.leaving.when_safe = false;
    let read = |at: Timestamp| now.duration_since(at).unsigned_abs() >= READ;
    if model.said_at.is_none_or(read) {
        model.world.drop_plain_notice();
    }
    arm_idle(model, out);
}

pub(super) fn arm_idle<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    let time = model.world.settings.idle_cover;
    if !model.idle_armed && !time.is_zero() {
        model.idle_armed = true;
        out.push(Effect::After(TimerId::Idle, time));
    }
}

/// Covers the screen if nobody has pressed a key for long enough, else waits for the rest.
fn idle<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    let time = model.world.settings.idle_cover;
    if time.is_zero() {
        return;
    }
    let now = model.world.now.instant;
    let since = model
        .last_input
        .map_or(time, |at| now.duration_since(at).unsigned_abs());
    if since >= time {
        cover(model);
    } else {
        model.idle_armed = true;
        out.push(Effect::After(TimerId::Idle, time.saturating_sub(since)));
    }
}

/// Masks everything and puts the cover on top.
pub(super) fn cover<K: Toolkit>(model: &mut Model<K>) {
    model.world.mask.mask_all();
    model.world.drop_plain_notice();
    if !model.front().is_some_and(Behaviour::covers) {
        let cover = (model.parts.cover)(&model.world);
        model.layers.push(cover);
    }
}

/// Typed text goes to disk soon, if there is any that is not there yet.
pub(super) fn arm_draft<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    let parts = model.layers.iter().chain(model.screens.iter());
    let now: u64 = parts.map(|part| part.edits()).sum();
    if now == 0 {
        model.drafted = 0;
    } else if now != model.drafted && !model.draft_armed {
        model.drafted = now;
        model.draft_armed = true;
        out.push(Effect::After(TimerId::Draft, DRAFT_DELAY));
    }
}

/// Waits for the next local date.
pub(super) fn arm_midnight<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    let now = &model.world.now;
    let next = dates::next_midnight(now.instant, &now.zone);
    let left = next.duration_since(now.instant).unsigned_abs();
    // A second late rather than early, so that the date has changed when it fires.
    let late = left + Duration::from_secs(1);
    out.push(Effect::After(TimerId::Midnight, late));
}

/// The local date is another one: the screens decide what follows.
pub(super) fn new_day<K: Toolkit>(model: &mut Model<K>, was: Date, out: &mut Vec<Effect>) {
    let mut wanted = Vec::new();
    for screen in &mut model.screens {
        screen.on(Input::NewDay(was), &model.world, &mut wanted);
    }
    super::intents::carry_out(model, wanted, out);
    if model.world.person.is_some() {
        super::store::observe(model, out);
    }
}
