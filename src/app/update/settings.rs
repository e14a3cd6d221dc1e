//! A setting is changed: heeded at once where it can be, and put into the file.

use crate::app::effect::{Effect, TimerId};
use crate::app::keymap::KEYMAP_FILE;
use crate::app::message::NotKept;
use crate::app::model::Model;
use crate::app::part::{Tone, Toolkit};
use crate::domain::setting::{Origin, Setting, Value};
use crate::store::api::Request;

use super::say;

/// Heeds the change and has it kept; nothing as a value leaves the setting to its default.
pub(super) fn set<K: Toolkit>(
    model: &mut Model<K>,
    setting: Setting,
    value: Option<Value>,
    out: &mut Vec<Effect>,
) {
    let world = &mut model.world;
    world.chosen.set(setting, value.clone());
    out.push(Effect::KeepSetting(setting, value));
    if world.chosen.origin(setting) == Origin::Environment {
        let text = format!(
            "kept in the file; {} in the environment goes before it",
            setting.variable()
        );
        return say(model, Tone::Plain, text, out);
    }
    let was = world.settings.clone();
    world.heed_chosen();
    let now = &world.settings;
    if (&now.theme, now.ascii) != (&was.theme, was.ascii) {
        out.push(Effect::Redraw);
    }
    if now.keys != was.keys {
        take_keys(model, out);
    }
    let now = &model.world.settings;
    if now.mouse != was.mouse {
        out.push(Effect::Mouse(now.mouse));
    }
    if now.search_language != was.search_language {
        take_language(model, out);
    }
    if model.world.settings.week_start != was.week_start && model.world.person.is_some() {
        super::store::observe(model, out);
    }
    if model.world.settings.due_after != was.due_after {
        super::due::arm(model, out);
    }
    let now = &model.world.settings;
    if now.idle_cover != was.idle_cover && !now.idle_cover.is_zero() {
        // Arming an armed timer replaces it.
        out.push(Effect::After(TimerId::Idle, now.idle_cover));
        model.idle_armed = true;
    }
}

/// Has what is searched follow the chosen language.
pub(super) fn take_language<K: Toolkit>(model: &Model<K>, out: &mut Vec<Effect>) {
    let language = model.world.settings.search_language.clone();
    out.push(Effect::Store(Request::SearchLanguage(language)));
}

/// Puts the chosen set of keys in force; what the person's own file changes in it was told already.
fn take_keys<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    let file = std::mem::take(&mut model.key_file);
    // The tables themselves held together when the program began.
    let taken = model.remap(&file).is_ok();
    let begun_with = model.world.keymap.begun_with().name();
    if taken && begun_with != model.world.settings.keys {
        let text = format!("kept; {KEYMAP_FILE} names the set {begun_with}, which goes before it");
        say(model, Tone::Plain, text, out);
    }
}

/// The theme after the present one.
pub(super) fn next_theme<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    let Some(next) = model.world.chosen.stepped(Setting::Theme, true) else {
        return;
    };
    set(model, Setting::Theme, next, out);
    if model.world.chosen.origin(Setting::Theme) != Origin::Environment {
        let text = format!("theme {}", model.world.settings.theme);
        say(model, Tone::Plain, text, out);
    }
}

/// What came of keeping a change.
pub(super) fn kept<K: Toolkit>(
    model: &mut Model<K>,
    setting: Setting,
    result: Result<(), NotKept>,
    out: &mut Vec<Effect>,
) {
    let key = setting.key();
    let (tone, text) = match result {
        Ok(()) => return,
        Err(NotKept::NotHere) => {
            let now = model.world.chosen.shown(setting);
            let text = format!("{key} {now}, for this run only: a demo writes no settings");
            (Tone::Plain, text)
        }
        Err(NotKept::Failed(reason)) => {
            let text = format!("{key} holds for this run only: {reason}");
            (Tone::Trouble, text)
        }
    };
    say(model, tone, text, out);
}
