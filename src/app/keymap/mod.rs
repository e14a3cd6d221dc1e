//! Which key means which command: the tables' keys, changed by a preset and by the person's file.
//!
//! Hints, help, palette and documents ask here for the keys in force; no text of the program names a
//! key by itself.

mod file;
mod key;
mod listing;
mod plan;
mod preset;
mod so_far;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crokey::KeyCombination;
use crossterm::event::KeyEvent;

use super::command::{Command, Table};
use super::everywhere;

pub use file::{KEYMAP_FILE, Place, Problem};
pub use key::{LONGEST, Sequence, name, pressed};
pub use listing::{ListedCommand, ListedScope, Listing};
pub use preset::Preset;
pub use so_far::SoFar;

use file::Bindings;
use plan::{Plan, Row};

/// Which key means what in which scope.
#[derive(Debug, Clone, Default)]
pub struct Keymap {
    /// First keys.
    bound: BTreeMap<(&'static str, KeyCombination), Meaning>,
    /// Second keys and further ones, by all keys so far.
    further: BTreeMap<(&'static str, Sequence), Meaning>,
    shown: BTreeMap<(&'static str, &'static str), Vec<Sequence>>,
    preset: Preset,
    /// Where keys are looked up at present, the innermost scope first.
    front: Vec<&'static str>,
}

/// What a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// A command. A key that a file has given stands for one of the table: a command may ask which.
    Command(&'static str, Option<KeyEvent>),
    /// The beginning of a longer one.
    Prefix,
}

/// What a key means after those that were pressed before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// This command, by this one of the keys in its table.
    Command(&'static str, KeyEvent),
    /// More keys are to come.
    Prefix,
}

/// A table that cannot be used as it stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// The key's spelling is unknown.
    #[error("{scope}.{command}: `{key}` is not a key; write for example ctrl-p, alt-1, f5, G")]
    UnknownKey {
        /// Scope of the table.
        scope: &'static str,
        /// Command of the table.
        command: &'static str,
        /// As it is written.
        key: String,
    },
    /// Two commands of one scope want one key.
    #[error("{scope}: `{key}` is bound to both `{first}` and `{second}`; change one of them")]
    Conflict {
        /// Scope of the table.
        scope: &'static str,
        /// The key.
        key: String,
        /// The command that has it.
        first: &'static str,
        /// The command that wants it too.
        second: &'static str,
    },
}

impl Keymap {
    /// Makes the map of these tables' default keys.
    ///
    /// # Errors
    /// The first key that cannot be read or that is bound twice in a scope.
    pub fn new(tables: &[Table]) -> Result<Self, KeymapError> {
        Ok(Plan::of(tables)?.finish())
    }

    /// Makes the map of a preset.
    ///
    /// # Errors
    /// As [`Keymap::new`].
    pub fn preset(tables: &[Table], preset: Preset) -> Result<(Self, Vec<Problem>), KeymapError> {
        let problems = Bindings::parse(preset.text(), tables).problems;
        Ok((Self::read(tables, preset, "")?.0, problems))
    }

    /// Makes the map that a person's file asks for, and tells what is wrong in the file. It begins
    /// with this preset where the file names none.
    ///
    /// # Errors
    /// As [`Keymap::new`]: never for what the file says.
    pub fn read(
        tables: &[Table],
        preset: Preset,
        text: &str,
    ) -> Result<(Self, Vec<Problem>), KeymapError> {
        let mut plan = Plan::of(tables)?;
        let bindings = Bindings::parse(text, tables);
        let preset = bindings.preset.unwrap_or(preset);
        plan.preset(Bindings::parse(preset.text(), tables));
        let problems = plan.person(bindings);
        let map = Self {
            preset,
            ..plan.finish()
        };
        Ok((map, problems))
    }

    fn add(&mut self, row: &Row) {
        for (at, sequence) in row.keys.iter().enumerate() {
            let stands_for = if row.defaults.contains(sequence) {
                None
            } else {
                let default = row.defaults.get(at).or(row.defaults.first());
                default.and_then(Sequence::event)
            };
            let keys = sequence.keys();
            for length in 1..=keys.len() {
                let meaning = if length == keys.len() {
                    Meaning::Command(row.command, stands_for)
                } else {
                    Meaning::Prefix
                };
                match keys.get(..length).unwrap_or_default() {
                    [] => {}
                    [first] => {
                        self.bound.insert((row.scope, *first), meaning);
                    }
                    longer => {
                        let so_far = Sequence::of(longer.to_vec());
                        self.further.insert((row.scope, so_far), meaning);
                    }
                }
            }
        }
        let keys = row.keys.clone();
        self.shown.insert((row.scope, row.command), keys);
    }

    /// What this key means in this scope after the keys before it.
    #[must_use]
    pub fn find(
        &self,
        scope: &'static str,
        before: &[KeyCombination],
        key: KeyEvent,
    ) -> Option<Found> {
        let pressed = pressed(key);
        let meaning = if before.is_empty() {
            self.bound.get(&(scope, pressed))
        } else {
            let keys = before.iter().copied().chain([pressed]).collect();
            self.further.get(&(scope, Sequence::of(keys)))
        };
        Some(match *meaning? {
            Meaning::Command(command, stands_for) => {
                Found::Command(command, stands_for.unwrap_or(key))
            }
            Meaning::Prefix => Found::Prefix,
        })
    }

    /// The command that this key alone means in this scope.
    #[must_use]
    pub fn lookup(&self, scope: &'static str, key: KeyEvent) -> Option<&'static str> {
        match self.find(scope, &[], key)? {
            Found::Command(command, _) => Some(command),
            Found::Prefix => None,
        }
    }

    /// Commands of a scope whose keys begin with these, each with the keys that are left.
    #[must_use]
    pub fn after(
        &self,
        scope: &'static str,
        before: &[KeyCombination],
    ) -> Vec<(Sequence, &'static str)> {
        let of_scope = self.shown.iter().filter(|((of, _), _)| *of == scope);
        of_scope
            .flat_map(|((_, command), keys)| keys.iter().map(move |keys| (keys, *command)))
            .filter_map(|(sequence, command)| {
                let left = sequence.keys().strip_prefix(before)?;
                (!left.is_empty()).then(|| (Sequence::of(left.to_vec()), command))
            })
            .collect()
    }

    /// Says where keys are looked up from now on: hints and sentences name no key that an inner scope
    /// has taken for something else.
    pub fn look_from(&mut self, scopes: Vec<&'static str>) {
        self.front = scopes;
    }

    /// Whether an inner scope takes this key before it can be meant in this one.
    fn is_hidden(&self, scope: &'static str, sequence: &Sequence) -> bool {
        let is_front = self.front.contains(&scope) || scope == everywhere::TABLE.scope;
        let mut inner = self.front.iter().take_while(|inner| **inner != scope);
        let keys = sequence.keys();
        is_front
            && inner.any(|inner| {
                (1..=keys.len()).any(|length| match keys.get(..length).unwrap_or_default() {
                    [first] => match self.bound.get(&(*inner, *first)) {
                        Some(Meaning::Command(..)) => true,
                        Some(Meaning::Prefix) => keys.len() == 1,
                        None => false,
                    },
                    longer => {
                        let so_far = Sequence::of(longer.to_vec());
                        self.further.contains_key(&(*inner, so_far)) && length == keys.len()
                    }
                })
            })
    }

    /// The keys of a command that can be pressed where one is.
    fn keys_in_reach(&self, scope: &'static str, command: &'static str) -> Vec<String> {
        let keys = self.shown.get(&(scope, command)).into_iter().flatten();
        keys.filter(|key| !self.is_hidden(scope, key))
            .map(ToString::to_string)
            .collect()
    }

    /// The set of keys that it began with.
    #[must_use]
    pub const fn begun_with(&self) -> Preset {
        self.preset
    }

    /// The keys of a command in words, the first one first: `j`, `down`.
    #[must_use]
    pub fn keys(&self, scope: &'static str, command: &'static str) -> Vec<String> {
        let keys = self.shown.get(&(scope, command));
        keys.into_iter()
            .flatten()
            .map(ToString::to_string)
            .collect()
    }

    /// How a command is asked for, for a sentence: its first key, or by its name in the palette where
    /// it has none.
    #[must_use]
    pub fn named(&self, scope: &'static str, command: &'static str) -> String {
        debug_assert!(
            self.shown.contains_key(&(scope, command)),
            "{scope} has no {command}"
        );
        let first = |scope, command| self.keys_in_reach(scope, command).into_iter().next();
        first(scope, command).unwrap_or_else(|| {
            let palette = first(everywhere::TABLE.scope, "palette").unwrap_or_default();
            let gap = if palette.chars().count() > 1 { " " } else { "" };
            format!("{palette}{gap}{command}")
        })
    }

    /// The same for a command that holds everywhere.
    #[must_use]
    pub fn everywhere(&self, command: &'static str) -> String {
        self.named(everywhere::TABLE.scope, command)
    }

    /// Pairs for the hint line: keys and word, in the order of the table.
    #[must_use]
    pub fn hints(&self, table: &Table) -> Vec<(String, &'static str)> {
        let words = table.commands.iter();
        let words: Vec<_> = words
            .filter_map(|command| Some((command.name, command.hint?)))
            .collect();
        self.pairs(table.scope, &words)
    }

    /// Keys and words of these commands; neighbours with the same word share one.
    #[must_use]
    pub fn pairs(
        &self,
        scope: &'static str,
        words: &[(&'static str, &'static str)],
    ) -> Vec<(String, &'static str)> {
        let mut hints: Vec<(String, &'static str)> = Vec::new();
        for (command, word) in words.iter().copied() {
            let keys = self.keys_in_reach(scope, command);
            let Some(first) = short_keys(&keys) else {
                continue;
            };
            match hints.last_mut() {
                Some((shown, last)) if *last == word => {
                    if first.chars().count() > 1 {
                        shown.push(' ');
                    } else {
                        shown.push('/');
                    }
                    shown.push_str(&first);
                }
                _ => hints.push((first, word)),
            }
        }
        hints
    }
}

/// `0-9` for the ten digits, otherwise the first key.
fn short_keys(keys: &[String]) -> Option<String> {
    let digits = keys
        .iter()
        .filter(|key| key.len() == 1 && key.starts_with(|c: char| c.is_ascii_digit()));
    match digits.count() {
        10 => Some("0-9".to_owned()),
        9 => Some("1-9".to_owned()),
        _ => keys.first().cloned(),
    }
}

/// The key of the table by which a command is run that is called by its name.
#[must_use]
pub fn first_key(command: &Command) -> Option<KeyEvent> {
    command
        .keys
        .iter()
        .find_map(|key| Sequence::parse(key)?.event())
}

/// Whether a command means something else by each of its keys, as the digits do.
#[must_use]
pub fn depends_on_key(command: &Command) -> bool {
    let is_counted = |key: &&&str| key.ends_with(|c: char| c.is_ascii_digit());
    command.keys.iter().filter(is_counted).count() >= 8
}
