//! Answers that a form gives to the database, and what is opened to write them.

use serde_json::Value;

use crate::app::effect::EditJob;
use crate::app::part::{Intent, Tone};
use crate::app::world::World;
use crate::domain::form::{Field, Kind};
use crate::domain::patch::Patch;
use crate::domain::secret::Secret;
use crate::screens::open;
use crate::screens::popups::{Calendar, Editor, Prompt};

use super::FormPane;
use super::actions::Out;

impl FormPane {
    pub(super) fn prompt(&self, field: &Field, now: Option<&Value>, world: &World) -> Prompt {
        let answer = now.map(|value| field.show(value)).unwrap_or_default();
        Prompt::field(field, &answer, self.subject.item(&field.key), world)
    }

    /// A paste on a text opens it with the paste at its end; elsewhere it would be keys.
    pub fn paste(&mut self, text: &str, world: &World, out: &mut Out) {
        let Some((field, now)) = self.current(world) else {
            return;
        };
        if field.is_written() {
            let mut editor =
                Editor::new(world, self.subject.place(&field.key), written(field, now));
            let mut said = Vec::new();
            editor.append(text, &mut said);
            out.push(open(editor));
            out.append(&mut said);
        } else {
            let text = format!("{} is no text; a paste goes into a text", field.label);
            out.push(Intent::Say(Tone::Plain, text));
        }
    }

    pub(super) fn clear(&mut self, world: &World, out: &mut Out) {
        let Some((field, now)) = self.current(world) else {
            return;
        };
        if now.is_some() && self.write(field, None, world, out) {
            let undo = world.keymap.everywhere("undo");
            let text = format!("cleared: {}; {undo} takes it back", field.label);
            out.push(Intent::Say(Tone::Plain, text));
        }
    }

    pub(super) fn enter_line(&mut self, line: &str, world: &World, out: &mut Out) {
        let Some((field, now)) = self.current(world) else {
            return;
        };
        match field.parse_on(line, world.today) {
            Ok(value) if value.as_ref() == now => self.move_by(1, world),
            Ok(value) => {
                self.write(field, value, world, out);
                self.move_by(1, world);
            }
            Err(error) => out.push(Intent::Say(Tone::Trouble, error.on_screen())),
        }
    }

    pub(super) fn choose(&mut self, chosen: &[usize], world: &World, out: &mut Out) {
        let Some((field, now)) = self.current(world) else {
            return;
        };
        let name =
            |at: &usize, options: &[String]| options.get(*at).map(|o| Value::from(o.as_str()));
        let value = match &field.kind {
            Kind::Choice { options } => chosen.first().and_then(|at| name(at, options)),
            Kind::Many { options } => {
                let picked: Vec<Value> = chosen.iter().filter_map(|at| name(at, options)).collect();
                (!picked.is_empty()).then_some(Value::Array(picked))
            }
            Kind::Scale { .. }
            | Kind::Number { .. }
            | Kind::Toggle
            | Kind::Text
            | Kind::Lines
            | Kind::Date => return,
        };
        if value.as_ref() != now {
            self.write(field, value, world, out);
        }
        self.move_by(1, world);
    }

    pub(super) fn external(&mut self, world: &World, out: &mut Out) {
        let Some((field, now)) = self.current(world) else {
            return;
        };
        if field.is_written() {
            let text = written(field, now);
            out.push(Intent::Edit(EditJob {
                place: self.subject.place(&field.key),
                text,
            }));
        } else {
            self.edit(world, out);
        }
    }

    pub(super) fn copy(&mut self, world: &World, out: &mut Out) {
        let Some((field, now)) = self.current(world) else {
            return;
        };
        let Some(value) = now else {
            out.push(Intent::Say(
                Tone::Plain,
                format!("{} is empty", field.label),
            ));
            return;
        };
        out.push(Intent::Copy(Secret::new(field.show(value))));
        out.push(Intent::Say(Tone::Plain, format!("{} copied", field.label)));
    }

    /// The calendar at the answer, where that may be seen, else at today.
    pub(super) fn pick_date(&self, field: &Field, now: Option<&Value>, world: &World) -> Calendar {
        let item = self.subject.item(&field.key);
        let is_seen = !field.sensitive || world.mask.shows(&item);
        let date = now.and_then(|value| field.as_date(value));
        let date = date.filter(|_| is_seen).unwrap_or(world.today);
        Calendar::new(date).for_field(&field.label)
    }

    /// Sends the answer; true unless it is refused.
    pub(super) fn write(
        &mut self,
        field: &Field,
        value: Option<Value>,
        world: &World,
        out: &mut Out,
    ) -> bool {
        if value.is_none()
            && let Err(error) = field.cleared()
        {
            out.push(Intent::Say(Tone::Plain, error.on_screen()));
            return false;
        }
        let patch = Patch::one(field.key.as_str(), value);
        let mutation = self.subject.change(patch, world);
        let words = format!("{}, {}", field.label, self.subject.name());
        out.push(Intent::Change { mutation, words });
        true
    }
}

/// A written answer as its editor begins with it.
pub(super) fn written(field: &Field, now: Option<&Value>) -> Secret<String> {
    let text = now.and_then(|value| field.as_text(value));
    Secret::new(text.unwrap_or_default())
}
