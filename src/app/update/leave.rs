//! The end by a key. A change that is neither on disk nor in the database would end with the
//! program, so one press is not enough then, unless the change is safe a moment later.

use crate::app::effect::{Effect, Quit};
use crate::app::model::Model;
use crate::app::part::{Tone, Toolkit};
use crate::domain::ids::RequestId;
use crate::store::api::Write;

use super::{say, timers};

/// A change could not be put on disk.
pub(super) fn not_kept<K: Toolkit>(
    model: &mut Model<K>,
    request: RequestId,
    reason: &str,
    out: &mut Vec<Effect>,
) {
    model.not_kept.insert(request);
    let text = format!("the change is not on this disk yet: {reason}");
    say(model, Tone::Trouble, text, out);
}

/// Ends; asks once more first where something would be lost.
pub(super) fn quit<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    let lost = lost(model);
    let now = model.world.now.instant;
    let asked = model.leaving.asked.is_some_and(|asked| {
        now.duration_since(asked).unsigned_abs() < timers::notice_time(Tone::Trouble)
    });
    if lost.is_empty() || asked {
        out.push(Effect::Quit(Quit::Asked));
        return;
    }
    let mut names: Vec<String> = Vec::new();
    for name in lost
        .iter()
        .flat_map(|write| write.mutation.names(&model.world.form))
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let names = names.join(", ");
    let quit = model.world.keymap.everywhere("quit");
    let text = match lost.len() {
        1 => format!(
            "{quit} once more quits without 1 change that is NOT on disk and not in the database: {names}"
        ),
        more => format!(
            "{quit} once more quits without {more} changes that are NOT on disk and not in the database: {names}"
        ),
    };
    model.leaving.asked = Some(now);
    model.leaving.when_safe = true;
    say(model, Tone::Trouble, text, out);
}

/// Ends as was asked, now that nothing would be lost any more and no other key came since.
pub(super) fn once_safe<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    if model.leaving.when_safe && lost(model).is_empty() {
        model.leaving.when_safe = false;
        out.push(Effect::Quit(Quit::Asked));
    }
}

/// The changes that would end with the program.
fn lost<K: Toolkit>(model: &Model<K>) -> Vec<&Write> {
    let pending = model.world.cache.pending().iter();
    pending
        .filter(|pending| !pending.kept && model.not_kept.contains(&pending.write.request))
        .map(|pending| &pending.write)
        .collect()
}
