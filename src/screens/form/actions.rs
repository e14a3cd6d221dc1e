//! What the keys of a form do to its record.

use crossterm::event::{KeyCode, KeyEvent};
use serde_json::Value;

use crate::app::part::{Handled, Intent, Tone};
use crate::app::world::World;
use crate::domain::form::{Field, Kind};
use crate::domain::log::Shown;
use crate::domain::secret::Exit;
use crate::screens::popups::{Editor, Picker};
use crate::screens::{Tui, open};
use crate::store::api::Link;

use super::FormPane;
use super::answers::written;

pub(super) type Out = Vec<Intent<Tui>>;

impl FormPane {
    /// Takes a command of the `form` table.
    pub fn command(&mut self, name: &str, key: KeyEvent, world: &World, out: &mut Out) -> Handled {
        if self.subject.is_missing(world) {
            let text = format!("this {} is not there (any more)", self.subject.noun());
            out.push(Intent::Say(Tone::Plain, text));
            return Handled::Yes;
        }
        match name {
            "next-field" => self.move_by(1, world),
            "previous-field" => self.move_by(-1, world),
            "first-field" => self.cursor = 0,
            "last-field" => self.move_by(isize::MAX, world),
            "next-section" => self.move_section(true, world),
            "previous-section" => self.move_section(false, world),
            "set" => self.digit(key, world, out),
            "toggle" => self.toggle(world, out),
            "more" => self.step(true, world, out),
            "less" => self.step(false, world, out),
            "edit" => self.edit(world, out),
            "clear" => self.clear(world, out),
            "editor" => self.external(world, out),
            "copy" => self.copy(world, out),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    pub(super) fn move_by(&mut self, by: isize, world: &World) {
        let last = self.fields(world).len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    fn move_section(&mut self, forward: bool, world: &World) {
        let fields = self.fields(world);
        let starts = fields.iter().enumerate().filter(|(at, (section, _))| {
            let before = at.checked_sub(1).and_then(|at| fields.get(at));
            before.is_none_or(|(other, _)| other.title != section.title)
        });
        let mut starts = starts.map(|(at, _)| at);
        let to = if forward {
            starts
                .find(|at| *at > self.cursor)
                .unwrap_or(fields.len().saturating_sub(1))
        } else {
            starts.rfind(|at| *at < self.cursor).unwrap_or(0)
        };
        self.cursor = to;
        self.section_wanted.set(true);
    }

    /// The field under the cursor and its present value, for working on, not for showing.
    pub(super) fn current<'w>(&self, world: &'w World) -> Option<(&'w Field, Option<&'w Value>)> {
        let field = self.field(world)?;
        let value = match self.subject.value(field, world) {
            Shown::Absent => None,
            Shown::Open(value) => Some(value),
            Shown::Sealed(value) => Some(value.into_exposed(Exit::Database)),
        };
        Some((field, value))
    }

    /// Whether it is not known yet what is there, though it will be: what depends on it must wait.
    fn is_on_its_way(&self, now: Option<&Value>, world: &World, out: &mut Out) -> bool {
        let comes = matches!(
            world.link,
            Link::Online { .. } | Link::Connecting { attempt: 1, .. }
        );
        let waits = now.is_none() && comes && !self.subject.is_known(world);
        if waits {
            let text = format!("this {} is not loaded yet", self.subject.noun());
            out.push(Intent::Say(Tone::Plain, text));
        }
        waits
    }

    fn digit(&mut self, key: KeyEvent, world: &World, out: &mut Out) {
        let KeyCode::Char(char) = key.code else {
            return;
        };
        let Some(digit) = char.to_digit(10).and_then(|digit| u8::try_from(digit).ok()) else {
            return;
        };
        let Some((field, now)) = self.current(world) else {
            return;
        };
        let value = match &field.kind {
            Kind::Scale { .. } => field
                .digit(digit)
                .map(Some)
                .ok_or_else(|| out_of_range(field, digit)),
            Kind::Number { .. } | Kind::Date => {
                let prompt = self.prompt(field, now, world);
                return out.push(open(prompt.begun_with(&char.to_string())));
            }
            Kind::Toggle => match digit {
                0 | 1 => Ok(Some(Value::Bool(digit == 1))),
                _ => Err(format!("{} takes 1 for yes, 0 for no", field.label)),
            },
            Kind::Many { .. } if self.is_on_its_way(now, world, out) => return,
            Kind::Choice { options } | Kind::Many { options } => {
                let at = usize::from(digit).checked_sub(1);
                let option = at.and_then(|at| Some((at, options.get(at)?)));
                let ticks = matches!(field.kind, Kind::Many { .. });
                let set = |(at, option): (usize, &String)| {
                    if ticks {
                        field.toggle_option(now, at)
                    } else {
                        Some(Value::from(option.as_str()))
                    }
                };
                option
                    .map(set)
                    .ok_or_else(|| no_option(field, digit, options.len(), world))
            }
            Kind::Text | Kind::Lines => Err(format!(
                "{} is a text: {} writes it",
                field.label,
                edit_key(world)
            )),
        };
        match value {
            Ok(value) => {
                self.write(field, value, world, out);
            }
            Err(text) => out.push(Intent::Say(Tone::Plain, text)),
        }
    }

    fn toggle(&mut self, world: &World, out: &mut Out) {
        let Some((field, now)) = self.current(world) else {
            return;
        };
        match field.kind {
            Kind::Toggle | Kind::Choice { .. } => {
                // Before there is a connection a plain yes is taken at once.
                let is_online = matches!(world.link, Link::Online { .. });
                if !is_online || !self.is_on_its_way(now, world, out) {
                    self.write(field, field.toggle(now), world, out);
                }
            }
            Kind::Many { .. } | Kind::Text | Kind::Lines | Kind::Number { .. } | Kind::Date => {
                self.edit(world, out);
            }
            Kind::Scale { .. } => self.move_by(1, world),
        }
    }

    fn step(&mut self, up: bool, world: &World, out: &mut Out) {
        let Some((field, now)) = self.current(world) else {
            return;
        };
        let value = match field.kind {
            Kind::Toggle => Some(Value::Bool(up)),
            Kind::Scale { .. } | Kind::Number { .. } => {
                if self.is_on_its_way(now, world, out) {
                    return;
                }
                field.step(now, up)
            }
            Kind::Choice { ref options } => {
                if self.is_on_its_way(now, world, out) {
                    return;
                }
                neighbour(options, now, up)
            }
            Kind::Date => {
                if self.is_on_its_way(now, world, out) {
                    return;
                }
                field.day(now, up, world.today)
            }
            Kind::Many { .. } | Kind::Text | Kind::Lines => None,
        };
        if let Some(value) = value.filter(|value| Some(value) != now) {
            self.write(field, Some(value), world, out);
        }
    }

    pub(super) fn edit(&mut self, world: &World, out: &mut Out) {
        let Some((field, now)) = self.current(world) else {
            return;
        };
        match &field.kind {
            Kind::Scale { .. } => self.move_by(1, world),
            Kind::Toggle => self.toggle(world, out),
            Kind::Number { .. } => {
                out.push(open(self.prompt(field, now, world)));
            }
            Kind::Many { .. } if self.is_on_its_way(now, world, out) => {}
            Kind::Choice { options } | Kind::Many { options } => {
                let item = self.subject.item(&field.key);
                out.push(open(Picker::new(field, options, now, item)));
            }
            Kind::Text | Kind::Lines => {
                let text = written(field, now);
                out.push(open(Editor::new(
                    world,
                    self.subject.place(&field.key),
                    text,
                )));
            }
            Kind::Date => out.push(open(self.pick_date(field, now, world))),
        }
    }
}

fn no_option(field: &Field, digit: u8, options: usize, world: &World) -> String {
    let (label, edit) = (&field.label, edit_key(world));
    format!("{label} has {options} options, {digit} is none of them; {edit} lists them")
}

/// What opens a field.
fn edit_key(world: &World) -> String {
    world.keymap.named(super::TABLE.scope, "edit")
}

/// The option before or behind the chosen one; from none, the last or the first.
fn neighbour(options: &[String], now: Option<&Value>, up: bool) -> Option<Value> {
    let at = options
        .iter()
        .position(|option| now.and_then(Value::as_str) == Some(option));
    let option = match at {
        Some(at) if up => options.get(at + 1),
        Some(at) => at.checked_sub(1).and_then(|at| options.get(at)),
        None if up => options.first(),
        None => options.last(),
    };
    option.map(|option| Value::from(option.as_str()))
}

fn out_of_range(field: &Field, digit: u8) -> String {
    match field.check(&Value::from(digit)) {
        Err(error) => error.on_screen(),
        Ok(()) => format!("{} does not take {digit}", field.label),
    }
}
