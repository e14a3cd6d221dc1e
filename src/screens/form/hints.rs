//! The hint line of the form: what the keys do to the field under the cursor.

use crate::app::everywhere;
use crate::app::world::World;
use crate::domain::form::Kind;
use crate::domain::log::Shown;

use super::{FormPane, TABLE};

/// Commands of the form, each with the word for what it does to a field.
type Words = &'static [(&'static str, &'static str)];

const MOVE: Words = &[("next-field", "field"), ("previous-field", "field")];
impl FormPane {
    /// What the keys do now, for the hint line.
    #[must_use]
    pub fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        let form = |words: Words| world.keymap.pairs(TABLE.scope, words);
        let mut hints = form(MOVE);
        if let Some(field) = self.field(world) {
            if let Some(word) = self.reveal_word(world) {
                hints.extend(world.keymap.pairs(everywhere::TABLE.scope, word));
            }
            hints.extend(form(words_of(&field.kind)));
        }
        hints
    }

    /// For an answer that is masked, or would be.
    fn reveal_word(&self, world: &World) -> Option<Words> {
        let field = self.field(world)?;
        let Shown::Sealed(_) = self.subject.value(field, world) else {
            return None;
        };
        let is_seen = world.mask.shows(&self.subject.item(&field.key));
        Some(if is_seen {
            &[("reveal", "mask")]
        } else {
            &[("reveal", "reveal")]
        })
    }
}

fn words_of(kind: &Kind) -> Words {
    match kind {
        Kind::Scale { .. } => &[("set", "set"), ("less", "step"), ("more", "step")],
        Kind::Number { .. } => &[("set", "enter"), ("less", "step"), ("more", "step")],
        Kind::Toggle => &[("toggle", "yes/no")],
        Kind::Choice { .. } => &[("set", "pick"), ("toggle", "next"), ("edit", "list")],
        Kind::Many { .. } => &[("set", "tick"), ("edit", "list")],
        Kind::Text | Kind::Lines => &[("edit", "write"), ("editor", "own editor")],
        Kind::Date => &[
            ("edit", "pick"),
            ("set", "type"),
            ("less", "day"),
            ("more", "day"),
        ],
    }
}
