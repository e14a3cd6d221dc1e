//! The hint line: what the keys do to the goal under the cursor.

use crate::app::everywhere;
use crate::app::world::World;
use crate::domain::goal::{Status, TargetType};
use crate::screens::list;

use super::{Goals, commands};

impl Goals {
    /// The hint line: what the keys do to the goal under the cursor.
    pub(super) fn hints_of_day(&self, world: &World) -> Vec<(String, &'static str)> {
        let own = |words: &[(&'static str, &'static str)]| {
            world.keymap.pairs(commands::TABLE.scope, words)
        };
        let entries = self.entries(world);
        let Some((_, entry)) = self.current(&entries) else {
            return own(&[("new", "new goal"), ("show", "paused, archived")]);
        };
        let is_done = entry.check_in.as_ref().is_some_and(|one| one.completed);
        let mut hints = match (entry.goal.target, is_done) {
            (TargetType::Binary, false) => own(&[("check-in", "check in"), ("set", "score")]),
            (TargetType::Binary, true) => own(&[("check-in", "take back"), ("set", "score")]),
            (TargetType::Count | TargetType::Duration, _) => {
                own(&[("set", "amount"), ("score", "score")])
            }
        };
        let keymap = &world.keymap;
        hints.extend(keymap.pairs(list::TABLE.scope, &[("next", "goal"), ("previous", "goal")]));
        hints.extend(own(&[("previous-day", "day"), ("next-day", "day")]));
        if entry.check_in.is_some() {
            hints.extend(own(&[("note", "note")]));
        }
        if let Some(item) = self.private_note(world) {
            let word = if world.mask.shows(&item) {
                "mask"
            } else {
                "reveal"
            };
            hints.extend(keymap.pairs(everywhere::TABLE.scope, &[("reveal", word)]));
        }
        hints.extend(own(&[("new", "new"), ("edit", "edit")]));
        hints.extend(match self.shown {
            Status::Active => own(&[("pause", "pause"), ("archive", "archive")]),
            Status::Paused => own(&[("pause", "take up"), ("archive", "archive")]),
            Status::Archived => own(&[("archive", "take up")]),
        });
        hints.extend(own(&[("show", "paused, archived"), ("year", "year")]));
        hints
    }
}
