//! The only place where state changes: a message in, effects out.

mod click;
mod due;
mod input;
mod intents;
mod jobs;
mod leave;
mod settings;
mod store;
mod timers;
mod undo;

pub use due::Due;
pub use intents::text_change;

use std::path::PathBuf;

use super::effect::{Effect, Quit, TimerId};
use super::message::{EditResult, Msg, Now, Signal};
use super::model::Model;
use super::part::{Behaviour, Handled, Input, Tone, Toolkit};
use super::world::Notice;
use crate::domain::secret::{Exit, Secret};

/// Handles one message. Pure but for ids: all it knows of time is `now`.
pub fn update<K: Toolkit>(model: &mut Model<K>, msg: Msg, now: Now) -> Vec<Effect> {
    let mut out = Vec::new();
    let was = model.world.today;
    model.world.today = now.date();
    model.world.now = now;
    let (instant, longest) = (model.world.now.instant, model.world.settings.reveal);
    model.world.mask.expire(instant, longest);
    if model.world.today != was {
        timers::new_day(model, was, &mut out);
    }
    match msg {
        Msg::Key(key) => input::key(model, key, &mut out),
        Msg::Click(column, row) => click::click(model, (column, row), &mut out),
        Msg::Paste(text) => input::paste(model, &text, &mut out),
        Msg::Resize(columns, rows) => model.world.size = (columns, rows),
        Msg::Store(event) => store::event(model, event, &mut out),
        Msg::Timer(timer) => timers::fired(model, timer, &mut out),
        Msg::Edited(result) => edited(model, result, &mut out),
        Msg::Signal(signal) => signalled(model, signal, &mut out),
        Msg::Transfer(event) => jobs::heard(model, event, &mut out),
        Msg::Shelf(shelf) => due::looked(model, shelf, &mut out),
        Msg::Written(file) => written(model, file, &mut out),
        Msg::Drafts(drafts) => model.to_open.drafts.extend(drafts),
        Msg::Frame => offer(model, &mut out),
        Msg::SettingKept(setting, result) => settings::kept(model, setting, result, &mut out),
        Msg::DraftFailed(reason) => say(
            model,
            Tone::Trouble,
            format!("what you type could not be put on disk: {reason}; keep this window open"),
            &mut out,
        ),
    }
    leave::once_safe(model, &mut out);
    ask_for_what_is_missing(model, &mut out);
    timers::arm_draft(model, &mut out);
    model.look_from_front();
    out
}

/// The effects with which a program begins.
pub fn begin<K: Toolkit>(model: &mut Model<K>) -> Vec<Effect> {
    let mut out = Vec::new();
    model.look_from_front();
    ask_for_what_is_missing(model, &mut out);
    timers::arm_midnight(model, &mut out);
    timers::arm_idle(model, &mut out);
    if model.world.settings.mouse {
        out.push(Effect::Mouse(true));
    }
    if let Some(notice) = &model.world.notice {
        let time = timers::notice_time(notice.tone);
        out.push(Effect::After(TimerId::Notice, time));
    }
    out
}

/// Greets, and offers texts that were not saved, as late as can be: no key that was typed before it
/// could be seen is for it, nobody is interrupted while writing, and a covered screen stays covered.
fn offer<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    let is_busy = |part: &K::Part| part.takes_text() || part.covers();
    if model.front().is_some_and(is_busy) {
        return;
    }
    if std::mem::take(&mut model.to_open.welcome) {
        let welcome = (model.parts.welcome)(&model.world);
        model.layers.push(welcome);
    }
    if !model.to_open.drafts.is_empty() {
        let drafts = std::mem::take(&mut model.to_open.drafts);
        let offer = (model.parts.recovered)(&model.world, drafts);
        model.layers.push(offer);
        if let Some(reason) = model.to_open.refusal.take() {
            say(model, Tone::Trouble, reason, out);
        }
    }
}

/// Compares what the visible parts show with the cache and asks for the rest.
fn ask_for_what_is_missing<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    let world = &model.world;
    let mut needs = Vec::new();
    if let Some(screen) = model.screens.get(model.active) {
        needs.extend(screen.needs(world));
    }
    for layer in &model.layers {
        needs.extend(layer.needs(world));
    }
    for screen in &model.screens {
        needs.extend(screen.tab_needs(world));
    }
    store::ask(model, needs, out);
}

/// Puts a line into the status row.
fn say<K: Toolkit>(model: &mut Model<K>, tone: Tone, text: String, out: &mut Vec<Effect>) {
    model.world.notice = Some(Notice { tone, text });
    model.said_at = Some(model.world.now.instant);
    out.push(Effect::After(TimerId::Notice, timers::notice_time(tone)));
}

fn edited<K: Toolkit>(model: &mut Model<K>, result: EditResult, out: &mut Vec<Effect>) {
    match result.outcome {
        Ok(text) if is_same_text(&text, &result.job.text) => {
            say(model, Tone::Plain, "nothing was changed".to_owned(), out);
        }
        Ok(text) => {
            intents::write_text(model, &result.job.place, &text, &result.job.text, out);
        }
        Err(reason) => say(model, Tone::Trouble, reason, out),
    }
}

/// Editors end a file with a new line; that alone is no change.
fn is_same_text(one: &Secret<String>, other: &Secret<String>) -> bool {
    one.expose(Exit::Editor).trim_end() == other.expose(Exit::Editor).trim_end()
}

fn signalled<K: Toolkit>(model: &mut Model<K>, signal: Signal, out: &mut Vec<Effect>) {
    match signal {
        Signal::Hangup | Signal::Terminate => {
            out.extend(model.unsaved().into_iter().map(Effect::SaveDraft));
            out.push(Effect::Quit(Quit::Signalled));
        }
        Signal::Continued => {
            model.world.mask.mask_all();
            model.world.cache.outdate();
            out.push(Effect::Redraw);
        }
    }
}

fn written<K: Toolkit>(model: &mut Model<K>, file: Result<PathBuf, String>, out: &mut Vec<Effect>) {
    match file {
        Ok(file) => {
            let text = format!("written to {}", file.display());
            say(model, Tone::Plain, text, out);
        }
        Err(reason) => say(model, Tone::Trouble, format!("not written: {reason}"), out),
    }
}

/// Gives an input to the layers from the top, then to the screen, and carries intents out.
fn give<K: Toolkit>(model: &mut Model<K>, input: Input<'_>, out: &mut Vec<Effect>) -> Handled {
    let mut wanted = Vec::new();
    let world = &model.world;
    let part = match model.layers.last_mut() {
        Some(layer) => Some(layer),
        None => model.screens.get_mut(model.active),
    };
    let handled = part.map_or(Handled::No, |part| part.on(input, world, &mut wanted));
    intents::carry_out(model, wanted, out);
    handled
}
