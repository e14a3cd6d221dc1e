//! The key table: a name, words for help and default keys per command.
//!
//! Keys, hints, help and the documentation are all made from these tables, so that a remapped
//! key never leaves a hint that lies.

use std::collections::BTreeMap;

use crokey::{KeyCombination, KeyCombinationFormat};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One thing that a person can ask for by a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    /// Name within its scope, for key files and the palette: `next-day`.
    pub name: &'static str,
    /// What it does, as a line of the help.
    pub words: &'static str,
    /// A word or two for the hint line; neighbours with the same hint share one.
    pub hint: Option<&'static str>,
    /// Default keys, the first one is shown in hints.
    pub keys: &'static [&'static str],
}

/// A table of commands and where it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// `everywhere`, or the name of the part.
    pub scope: &'static str,
    /// The commands, in the order of the help.
    pub commands: &'static [Command],
}

/// Which key means what in which scope.
#[derive(Debug, Clone, Default)]
pub struct Keymap {
    bound: BTreeMap<(&'static str, KeyCombination), &'static str>,
    shown: BTreeMap<(&'static str, &'static str), Vec<KeyCombination>>,
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
        let mut map = Self::default();
        for table in tables {
            for command in table.commands {
                for key in command.keys {
                    map.bind(table.scope, command.name, key)?;
                }
            }
        }
        Ok(map)
    }

    fn bind(
        &mut self,
        scope: &'static str,
        command: &'static str,
        key: &str,
    ) -> Result<(), KeymapError> {
        let combination = parse_key(key).ok_or_else(|| KeymapError::UnknownKey {
            scope,
            command,
            key: key.to_owned(),
        })?;
        if let Some(first) = self.bound.insert((scope, combination), command)
            && first != command
        {
            return Err(KeymapError::Conflict {
                scope,
                key: key.to_owned(),
                first,
                second: command,
            });
        }
        self.shown
            .entry((scope, command))
            .or_default()
            .push(combination);
        Ok(())
    }

    /// The command that this key means in this scope.
    #[must_use]
    pub fn lookup(&self, scope: &'static str, key: KeyEvent) -> Option<&'static str> {
        self.bound.get(&(scope, combination(key))).copied()
    }

    /// The keys of a command in words, the first one first: `j`, `down`.
    #[must_use]
    pub fn keys(&self, scope: &'static str, command: &'static str) -> Vec<String> {
        let format = KeyCombinationFormat::default()
            .with_implicit_shift()
            .with_lowercase_modifiers()
            .with_control("ctrl-")
            .with_alt("alt-");
        self.shown
            .get(&(scope, command))
            .map(|keys| {
                keys.iter()
                    .map(|key| name_key(&format.to_string(*key)))
                    .collect()
            })
            .unwrap_or_default()
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
            let keys = self.keys(scope, command);
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

/// Names as people write them rather than as enum variants.
fn name_key(shown: &str) -> String {
    let (modifiers, last) = shown
        .rfind('-')
        .filter(|at| *at + 1 < shown.len())
        .map_or(("", shown), |at| shown.split_at(at + 1));
    let name = match last {
        "Space" | " " => "space",
        "Enter" => "enter",
        "Esc" => "esc",
        "Tab" => "tab",
        "BackTab" => "shift-tab",
        "Up" => "up",
        "Down" => "down",
        "Left" => "left",
        "Right" => "right",
        "PageUp" => "pgup",
        "PageDown" => "pgdn",
        "Home" => "home",
        "End" => "end",
        "Hyphen" => "-",
        "Backspace" => "backspace",
        "Delete" => "del",
        other => other,
    };
    format!("{modifiers}{name}")
}

/// Reads `j`, `G`, `ctrl-p`, `alt-1`, `f5`, `?`, `space`.
fn parse_key(key: &str) -> Option<KeyCombination> {
    let mut chars = key.chars();
    if let (Some(only), None) = (chars.next(), chars.next())
        && only.is_ascii_uppercase()
    {
        let event = KeyEvent::new(KeyCode::Char(only), KeyModifiers::SHIFT);
        return Some(combination(event));
    }
    let parsed = crokey::parse(key).ok()?;
    Some(combination(parsed.into()))
}

/// One form for the several that terminals send: shift belongs to letters, not to signs.
fn combination(mut key: KeyEvent) -> KeyCombination {
    if let KeyCode::Char(c) = key.code {
        if c.is_ascii_uppercase() {
            key.modifiers |= KeyModifiers::SHIFT;
        } else if key.modifiers.contains(KeyModifiers::SHIFT) && c.is_ascii_lowercase() {
            key.code = KeyCode::Char(c.to_ascii_uppercase());
        } else {
            key.modifiers -= KeyModifiers::SHIFT;
        }
    } else if key.code == KeyCode::BackTab {
        key.modifiers |= KeyModifiers::SHIFT;
    }
    KeyCombination::from(key)
}
