//! Clicks of the mouse: what was drawn where it points, the cursor goes to, or the screen comes to the front.

use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::part::{Behaviour, Toolkit};

use super::{input, timers};

/// A popup has the click to itself; a text that is being written is not left by one.
pub(super) fn click<K: Toolkit>(model: &mut Model<K>, at: (u16, u16), out: &mut Vec<Effect>) {
    let is_covered = model.front().is_some_and(Behaviour::covers);
    if is_covered || !model.world.settings.mouse {
        return;
    }
    timers::touched(model, out);
    model.undo.waits = false;
    model.world.first_word = None;
    let scopes = model.front().map(Behaviour::scopes).unwrap_or_default();
    model.world.so_far.take(&scopes);
    input::pass_by(model, 0);
    if let Some(layer) = model.layers.last_mut() {
        return layer.click(at, &model.world);
    }
    if let Some(screen) = model.tabs.at(at) {
        input::go(model, screen, out);
    } else if let Some(screen) = model.screens.get_mut(model.active) {
        screen.click(at, &model.world);
    }
}
