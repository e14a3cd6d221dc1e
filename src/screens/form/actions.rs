//! What the keys of a form do to its record.

use crossterm::event::{KeyCode, KeyEvent};
use serde_json::Value;

use crate::app::effect::EditJob;
use crate::app::part::{Handled, Intent, Tone};
use crate::app::world::World;
use crate::domain::form::{Field, Kind};
use crate::domain::log::Shown;
use crate::domain::patch::Patch;
use crate::domain::secret::{Exit, Secret};
use crate::screens::popups::{Editor, Picker, Prompt};
use crate::screens::{Tui, open};
use crate::store::api::Link;

use super::FormPane;

type Out = Vec<Intent<Tui>>;

impl FormPane {
    /// Takes a command of the `form` table.
    pub fn command(&mut self, name: &str, key: KeyEvent, world: &World, out: &mut Out) -> Handled {
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
    fn current<'w>(&self, world: &'w World) -> Option<(&'w Field, Option<&'w Value>)> {
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
        match &field.kind {
            Kind::Scale { .. } => match field.digit(digit) {
                Some(value) => self.write(field, Some(value), world, out),
                None => out.push(Intent::Say(Tone::Plain, out_of_range(field, digit))),
            },
            Kind::Number { .. } => {
                let prompt = self.prompt(field, now, world);
                out.push(open(prompt.begun_with(&char.to_string())));
            }
            Kind::Toggle => match digit {
                0 => self.write(field, Some(Value::Bool(false)), world, out),
                1 => self.write(field, Some(Value::Bool(true)), world, out),
                _ => {
                    let text = format!("{} takes 1 for yes, 0 for no", field.label);
                    out.push(Intent::Say(Tone::Plain, text));
                }
            },
            Kind::Choice { options } => {
                let chosen = usize::from(digit)
                    .checked_sub(1)
                    .and_then(|at| options.get(at));
                if let Some(option) = chosen {
                    self.write(field, Some(Value::from(option.as_str())), world, out);
                } else {
                    out.push(Intent::Say(
                        Tone::Plain,
                        no_option(field, digit, options.len()),
                    ));
                }
            }
            Kind::Many { options } => {
                if let Some(at) = usize::from(digit)
                    .checked_sub(1)
                    .filter(|at| *at < options.len())
                    && !self.is_on_its_way(now, world, out)
                {
                    self.write(field, field.toggle_option(now, at), world, out);
                } else {
                    out.push(Intent::Say(
                        Tone::Plain,
                        no_option(field, digit, options.len()),
                    ));
                }
            }
            Kind::Text => {
                let text = format!("{} is a text: enter writes it", field.label);
                out.push(Intent::Say(Tone::Plain, text));
            }
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
            Kind::Many { .. } | Kind::Text | Kind::Number { .. } => self.edit(world, out),
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
            Kind::Many { .. } | Kind::Text => None,
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
            Kind::Text => {
                let text = Secret::new(now.and_then(Value::as_str).unwrap_or_default().to_owned());
                let editor = Editor::new(world, self.subject.place(&field.key), text);
                out.push(open(editor));
            }
        }
    }

    fn prompt(&self, field: &Field, now: Option<&Value>, world: &World) -> Prompt {
        let answer = now.map(|value| field.show(value)).unwrap_or_default();
        Prompt::number(field, &answer, self.subject.item(&field.key), world)
    }

    /// A paste on a text opens it with the paste at its end; elsewhere it would be keys.
    pub fn paste(&mut self, text: &str, world: &World, out: &mut Out) {
        let Some((field, now)) = self.current(world) else {
            return;
        };
        if let Kind::Text = field.kind {
            let before = Secret::new(now.and_then(Value::as_str).unwrap_or_default().to_owned());
            let mut editor = Editor::new(world, self.subject.place(&field.key), before);
            let mut said = Vec::new();
            editor.append(text, &mut said);
            out.push(open(editor));
            out.append(&mut said);
        } else {
            let text = format!("{} is no text; a paste goes into a text", field.label);
            out.push(Intent::Say(Tone::Plain, text));
        }
    }

    fn clear(&mut self, world: &World, out: &mut Out) {
        let Some((field, now)) = self.current(world) else {
            return;
        };
        if now.is_some() {
            let text = format!("cleared: {}; u takes it back", field.label);
            self.write(field, None, world, out);
            out.push(Intent::Say(Tone::Plain, text));
        }
    }

    pub(super) fn enter_line(&mut self, line: &str, world: &World, out: &mut Out) {
        let Some((field, now)) = self.current(world) else {
            return;
        };
        match field.parse(line) {
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
            Kind::Scale { .. } | Kind::Number { .. } | Kind::Toggle | Kind::Text => return,
        };
        if value.as_ref() != now {
            self.write(field, value, world, out);
        }
        self.move_by(1, world);
    }

    fn external(&mut self, world: &World, out: &mut Out) {
        let Some((field, now)) = self.current(world) else {
            return;
        };
        if let Kind::Text = field.kind {
            let text = Secret::new(now.and_then(Value::as_str).unwrap_or_default().to_owned());
            out.push(Intent::Edit(EditJob {
                place: self.subject.place(&field.key),
                text,
            }));
        } else {
            self.edit(world, out);
        }
    }

    fn copy(&mut self, world: &World, out: &mut Out) {
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

    fn write(&mut self, field: &Field, value: Option<Value>, world: &World, out: &mut Out) {
        let patch = Patch::one(field.key.as_str(), value);
        let mutation = self.subject.change(patch, world);
        let words = format!("{}, {}", field.label, self.subject.name());
        out.push(Intent::Change { mutation, words });
    }
}

fn no_option(field: &Field, digit: u8, options: usize) -> String {
    let label = &field.label;
    format!("{label} has {options} options, {digit} is none of them; enter lists them")
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
