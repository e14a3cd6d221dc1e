//! Keys and pastes: which command a key is, and who gets it.

use crokey::KeyCombination;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::effect::{Effect, TimerId};
use crate::app::everywhere;
use crate::app::keymap::{self, Found, Keymap, Sequence};
use crate::app::mask::{ItemId, WRITING};
use crate::app::model::Model;
use crate::app::part::{Behaviour, Called, Handled, Input, Intent, Target, Tone, Toolkit};
use crate::store::api::Request;

use super::{give, intents, jobs, leave, say, settings, timers, undo};

/// How many commands that were called by name come first the next time.
const RECENT: usize = 12;

pub(super) fn key<K: Toolkit>(model: &mut Model<K>, key: KeyEvent, out: &mut Vec<Effect>) {
    timers::touched(model, out);
    model.undo.waits = false;
    model.world.first_word = None;
    let Some(front) = model.front() else { return };
    let (scopes, text) = (front.scopes(), front.takes_text());
    let (popup, records) = (!model.layers.is_empty(), front.changes_records());
    let before = model.world.so_far.take(&scopes);
    if !before.is_empty() && key.code == KeyCode::Esc {
        return;
    }
    let keymap = &model.world.keymap;
    let own = scopes
        .iter()
        .find_map(|scope| keymap.find(scope, &before, key));
    pass_by(model, 1);
    let ends = matches!(own, Some(Found::Command(command, _)) if ends_text(command));
    // A text need not be seen to be saved or left.
    if !(text && ends) && text_was_masked(model, out) {
        pass_by(model, 0);
        return;
    }
    let is_there = |command: &str| {
        let first = before.first().map_or(key, |first| (*first).into());
        (text && in_text(command, first))
            || (!text
                && (!popup
                    || everywhere::holds_in_popups(command)
                    || (records && of_records(command))))
    };
    match own.or_else(|| of_everywhere(&model.world.keymap, &before, key, is_there)) {
        Some(Found::Prefix) => model.world.so_far.press(&scopes, before, key),
        Some(Found::Command(command, key)) if own.is_some() => {
            give(model, Input::Command(command, key), out);
        }
        Some(Found::Command(command, key)) => {
            pass_by(model, 0);
            everywhere_command(model, command, key, &scopes, out);
        }
        None if !before.is_empty() => {
            let mut keys = before;
            keys.push(keymap::pressed(key));
            let keys = Sequence::of(keys);
            let help = model.world.keymap.everywhere("help");
            let text = format!("{keys} means nothing here; {help} shows all keys");
            say(model, Tone::Plain, text, out);
        }
        None => {
            if give(model, Input::Key(key), out) == Handled::No {
                unknown(model, &scopes, out);
            }
        }
    }
}

/// Runs what was called by its name, as if its key had been pressed.
pub(super) fn run<K: Toolkit>(model: &mut Model<K>, called: Called, out: &mut Vec<Effect>) {
    if let Some(screen) = called.screen.filter(|screen| *screen != model.active) {
        go(model, screen, out);
    }
    let Some((scope, name)) = called.command else {
        return;
    };
    let recent = &mut model.world.recent;
    recent.retain(|known| *known != (scope, name));
    recent.insert(0, (scope, name));
    recent.truncate(RECENT);
    let scopes = model.front().map(Behaviour::scopes).unwrap_or_default();
    let command = model.world.command(scope, name);
    let key = command.and_then(keymap::first_key);
    let key = key.unwrap_or(KeyEvent::new(KeyCode::Null, KeyModifiers::NONE));
    if scope == everywhere::TABLE.scope {
        everywhere_command(model, name, key, &scopes, out);
    } else {
        give(model, Input::Command(name, key), out);
    }
}

/// What a key means everywhere, as far as that is to be had here.
fn of_everywhere(
    keymap: &Keymap,
    before: &[KeyCombination],
    key: KeyEvent,
    is_there: impl Fn(&str) -> bool,
) -> Option<Found> {
    let scope = everywhere::TABLE.scope;
    let found = keymap.find(scope, before, key)?;
    let is_there = match found {
        Found::Command(command, _) => is_there(command),
        Found::Prefix => {
            let keys: Vec<_> = before
                .iter()
                .copied()
                .chain([keymap::pressed(key)])
                .collect();
            let mut after = keymap.after(scope, &keys).into_iter();
            after.any(|(_, command)| is_there(command))
        }
    };
    is_there.then_some(found)
}

/// Tells the parts, but for so many from the top, that this key is not for them.
pub(super) fn pass_by<K: Toolkit>(model: &mut Model<K>, but: usize) {
    let screen = model.screens.get_mut(model.active);
    for part in model.layers.iter_mut().rev().chain(screen).skip(but) {
        part.passed_by();
    }
}

/// A key without a meaning is told once, not at every slip.
fn unknown<K: Toolkit>(model: &mut Model<K>, scopes: &[&'static str], out: &mut Vec<Effect>) {
    if !std::mem::replace(&mut model.told_unknown, true) && !scopes.contains(&"help") {
        let help = model.world.keymap.everywhere("help");
        let text = format!("no such key here; {help} shows all");
        say(model, Tone::Plain, text, out);
    }
}

/// What works over a popup that changes records.
fn of_records(command: &str) -> bool {
    matches!(command, "undo" | "redo" | "reconnect")
}

/// What ends the writing of a text, seen or masked.
fn ends_text(command: &str) -> bool {
    matches!(command, "save" | "onward" | "leave")
}

/// What still works while plain keys are text.
fn in_text(command: &str, key: KeyEvent) -> bool {
    !key.modifiers.is_empty() && matches!(command, "redraw" | "suspend")
}

pub(super) fn paste<K: Toolkit>(model: &mut Model<K>, text: &str, out: &mut Vec<Effect>) {
    timers::touched(model, out);
    text_was_masked(model, out);
    if give(model, Input::Paste(text), out) == Handled::No {
        let text = "nothing here takes a paste; open a text first".to_owned();
        say(model, Tone::Plain, text, out);
    }
}

/// A sensitive text that is being written stays visible while keys come. True if it had been
/// masked meanwhile: that key only shows it again.
pub(super) fn text_was_masked<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) -> bool {
    let item = model
        .front()
        .filter(|part| part.takes_text())
        .and_then(|p| p.item(&model.world));
    let Some(item) = item else { return false };
    let time = model.world.settings.reveal.max(WRITING);
    let Ok(until) = model.world.now.instant.checked_add(time) else {
        return false;
    };
    let was_masked = model.world.mask.keep_item(item, until);
    if was_masked {
        out.push(Effect::After(TimerId::Mask, time));
    }
    was_masked
}

fn everywhere_command<K: Toolkit>(
    model: &mut Model<K>,
    command: &str,
    key: KeyEvent,
    scopes: &[&'static str],
    out: &mut Vec<Effect>,
) {
    if let Some(layer) = popup(model, command, scopes) {
        return open(model, layer);
    }
    match command {
        "next-screen" => go(model, model.active + 1, out),
        "previous-screen" => {
            let before = model.active + model.screens.len().saturating_sub(1);
            go(model, before, out);
        }
        "screen" => numbered(model, key, out),
        "reveal" => {
            let item = model.front().and_then(|part| part.item(&model.world));
            reveal(model, item.is_some(), item, out);
        }
        "reveal-screen" => reveal(model, !nothing_to_reveal(model), None, out),
        "mask" => model.world.mask.mask_all(),
        "cover" => timers::cover(model),
        "undo" => undo::undo(model, out),
        "redo" => undo::redo(model, out),
        "export" => jobs::export(model, out),
        "reconnect" => {
            model.world.cache.outdate();
            out.push(Effect::Store(Request::Reconnect));
        }
        "capture" => {
            let capture = (model.parts.capture)(&model.world);
            intents::carry_out(model, vec![Intent::Open(capture)], out);
        }
        "history" => history(model, out),
        "next-theme" => settings::next_theme(model, out),
        "redraw" => out.push(Effect::Redraw),
        "suspend" => {
            model.world.mask.mask_all();
            out.extend(model.unsaved().into_iter().map(Effect::SaveDraft));
            out.push(Effect::Suspend);
        }
        "quit" => leave::quit(model, out),
        _ => {}
    }
}

/// What a command opens over everything.
fn popup<K: Toolkit>(
    model: &Model<K>,
    command: &str,
    scopes: &[&'static str],
) -> Option<Box<K::Part>> {
    let (parts, world) = (&model.parts, &model.world);
    Some(match command {
        "export-as" => (parts.export_as)(world),
        "search" => (parts.search)(world),
        "help" if !scopes.contains(&"help") => (parts.help)(world, scopes),
        "palette" => (parts.palette)(world, model.active),
        "settings" => (parts.settings)(world),
        _ => return None,
    })
}

/// Puts a popup on top.
fn open<K: Toolkit>(model: &mut Model<K>, layer: Box<K::Part>) {
    model.world.drop_plain_notice();
    model.layers.push(layer);
}

/// Reveals an item or the screen, where there is something to reveal.
fn reveal<K: Toolkit>(
    model: &mut Model<K>,
    is_masked: bool,
    item: Option<ItemId>,
    out: &mut Vec<Effect>,
) {
    if is_masked {
        intents::reveal(model, item, out);
    } else {
        say(model, Tone::Plain, "nothing is masked here".to_owned(), out);
    }
}

fn history<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    let subjects = model.front().map(|part| part.subjects(&model.world));
    if let Some(history) = subjects.and_then(model.parts.history) {
        open(model, history);
    } else {
        let text = "no record is under the cursor".to_owned();
        say(model, Tone::Plain, text, out);
    }
}

fn nothing_to_reveal<K: Toolkit>(model: &Model<K>) -> bool {
    let screen = model.screens.get(model.active).into_iter();
    let mut parts = screen.chain(&model.layers);
    !model.world.mask.is_open() && !parts.any(|part| part.has_masked(&model.world))
}

fn numbered<K: Toolkit>(model: &mut Model<K>, key: KeyEvent, out: &mut Vec<Effect>) {
    let number = match key.code {
        KeyCode::F(number) => usize::from(number),
        KeyCode::Char(digit) => digit.to_digit(10).map_or(0, |digit| digit as usize),
        _ => 0,
    };
    if (1..=model.screens.len()).contains(&number) {
        go(model, number - 1, out);
    }
}

pub(super) fn go<K: Toolkit>(model: &mut Model<K>, to: usize, out: &mut Vec<Effect>) {
    model.active = to % model.screens.len().max(1);
    model.world.mask.mask_all();
    model.world.cache.outdate();
    give(model, Input::Shown, out);
}

/// Shows something on the first screen that takes it; a record that none takes in its form.
pub(super) fn visit<K: Toolkit>(model: &mut Model<K>, target: &Target, out: &mut Vec<Effect>) {
    let screen = model.screens.iter().position(|screen| screen.takes(target));
    match (screen, target) {
        (Some(screen), _) => {
            go(model, screen, out);
            give(model, Input::Visit(target), out);
        }
        (None, Target::Record { lane, id }) => {
            let form = (model.parts.record)(*lane, *id);
            model.layers.push(form);
        }
        (None, Target::Day(_) | Target::Field(..)) => {
            let text = "no screen shows a day".to_owned();
            say(model, Tone::Plain, text, out);
        }
    }
}
