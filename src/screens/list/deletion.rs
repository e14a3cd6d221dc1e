//! A delete, asked for once before it is done.

use std::time::Duration;

use jiff::Timestamp;

use crate::app::everywhere;
use crate::app::part::{Intent, Tone};
use crate::app::world::World;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::screens::Tui;
use crate::store::api::{Mutation, RecordChange};

/// Which record was asked about. Anything but the same key again takes the question back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Deletion {
    asked: Option<RecordId>,
    /// When the key was pressed last that deleted, or one that followed at once.
    deleted: Option<Timestamp>,
}

/// A press so soon after one that deleted is of a key that is held down: it asks nothing.
const HELD: Duration = Duration::from_millis(600);

impl Deletion {
    /// Asks, or deletes what was asked about just before; true then. `scope` is where the key of
    /// the command `delete` is bound.
    pub fn press(
        &mut self,
        (lane, id): (Lane, RecordId),
        scope: &'static str,
        world: &World,
        out: &mut Vec<Intent<Tui>>,
    ) -> bool {
        let undo = world.keymap.named(everywhere::TABLE.scope, "undo");
        let noun = lane.noun();
        let now = world.now.instant;
        let is_held = |at: Timestamp| now > at && now.duration_since(at).unsigned_abs() < HELD;
        if self.deleted.is_some_and(is_held) {
            self.deleted = Some(now);
            return false;
        }
        self.deleted = None;
        if self.asked.take() == Some(id) {
            self.deleted = Some(now);
            let change = RecordChange::Delete;
            out.push(Intent::Change {
                mutation: Mutation::Record { lane, id, change },
                words: format!("{noun} deleted"),
            });
            let text = format!("{noun} deleted; {undo} brings it back");
            out.push(Intent::Say(Tone::Plain, text));
            return true;
        }
        self.asked = Some(id);
        let key = world.keymap.named(scope, "delete");
        let with = match lane {
            Lane::Goals => " with its check-ins",
            Lane::Ideas
            | Lane::CheckIns
            | Lane::Teaching
            | Lane::Content
            | Lane::Reviews
            | Lane::Signals => "",
        };
        let text = format!("delete this {noun}{with}? {key} again deletes, {undo} brings it back");
        out.push(Intent::Say(Tone::Plain, text));
        false
    }

    /// Takes the question back.
    pub fn forget(&mut self) {
        self.asked = None;
    }
}
