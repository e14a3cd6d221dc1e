//! Names of keys and of keys pressed one after another: `j`, `G`, `ctrl-p`, `space`, `g g`.

use std::fmt;

use crokey::{KeyCombination, KeyCombinationFormat, OneToThree};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// How many keys a sequence has at most.
pub const LONGEST: usize = 4;

/// Names of our own beside the library's.
const NAMES: [(&str, KeyCode); 8] = [
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("del", KeyCode::Delete),
    ("ins", KeyCode::Insert),
    ("tab", KeyCode::Tab),
    ("escape", KeyCode::Esc),
    ("return", KeyCode::Enter),
    ("space", KeyCode::Char(' ')),
];

/// Keys pressed one after another; most have one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence(Vec<KeyCombination>);

impl Sequence {
    /// Reads `j`, `ctrl-p`, `g g`, `space f`. Nothing where a name is unknown, or where there are no
    /// keys or too many.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let keys: Option<Vec<_>> = text.split_whitespace().map(parse_key).collect();
        keys.filter(|keys| (1..=LONGEST).contains(&keys.len()))
            .map(Self)
    }

    /// These keys one after another.
    #[must_use]
    pub fn of(keys: Vec<KeyCombination>) -> Self {
        Self(keys)
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &[KeyCombination] {
        &self.0
    }

    /// Whether the one begins with the other: pressed, both could be meant.
    #[must_use]
    pub fn clashes(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0) || other.0.starts_with(&self.0)
    }

    /// Whether the first key is one that types a character.
    #[must_use]
    pub fn begins_with_text(&self) -> bool {
        self.0.first().is_some_and(|key| {
            let is_char = matches!(key.codes, OneToThree::One(KeyCode::Char(_)));
            is_char && (key.modifiers - KeyModifiers::SHIFT).is_empty()
        })
    }

    /// The same as one press, where it is one key.
    #[must_use]
    pub fn event(&self) -> Option<KeyEvent> {
        match self.0.as_slice() {
            [only] => Some((*only).into()),
            _ => None,
        }
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, key) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            f.write_str(&name(*key))?;
        }
        Ok(())
    }
}

/// The name of a key, as it is written in a file of keys.
#[must_use]
pub fn name(key: KeyCombination) -> String {
    let code = match key.codes {
        OneToThree::One(code) | OneToThree::Two(code, _) | OneToThree::Three(code, ..) => code,
    };
    let mut shown = String::new();
    for (modifier, name) in [
        (KeyModifiers::CONTROL, "ctrl-"),
        (KeyModifiers::ALT, "alt-"),
        (KeyModifiers::SHIFT, "shift-"),
    ] {
        // A letter is written as a capital instead; shift and tab are one key.
        let is_implied = matches!(code, KeyCode::Char(_) | KeyCode::BackTab);
        if key.modifiers.contains(modifier) && !(modifier == KeyModifiers::SHIFT && is_implied) {
            shown.push_str(name);
        }
    }
    shown.push_str(&people_write(code));
    shown
}

/// Names as people write them rather than as enum variants.
fn people_write(code: KeyCode) -> String {
    let name = match code {
        KeyCode::Char(' ') => "space",
        KeyCode::Char(c) => return c.to_string(),
        KeyCode::BackTab => "shift-tab",
        KeyCode::PageUp => "pgup",
        KeyCode::PageDown => "pgdn",
        KeyCode::Delete => "del",
        KeyCode::Insert => "ins",
        KeyCode::F(number) => return format!("F{number}"),
        other => {
            let format = KeyCombinationFormat::default();
            return format.to_string(KeyCombination::from(other)).to_lowercase();
        }
    };
    name.to_owned()
}

/// Reads one key.
fn parse_key(text: &str) -> Option<KeyCombination> {
    let (mut modifiers, mut rest) = (KeyModifiers::NONE, text);
    while let Some((modifier, after)) = modifier(rest) {
        modifiers |= modifier;
        rest = after;
    }
    let mut chars = rest.chars();
    let code = match (chars.next(), chars.next()) {
        (Some(only), None) => KeyCode::Char(only),
        _ => named(rest)?,
    };
    let sign = |code| matches!(code, KeyCode::Char(c) if !c.is_alphabetic() && c != ' ');
    if modifiers.contains(KeyModifiers::SHIFT) && sign(code) {
        // What shift makes of a sign depends on the keyboard: the sign itself is written.
        return None;
    }
    let code = match code {
        // `ctrl-P` is what other programs' documents call ctrl-p.
        KeyCode::Char(c) if modifiers.intersects(KeyModifiers::CONTROL) => {
            KeyCode::Char(c.to_ascii_lowercase())
        }
        KeyCode::Char(c) if c.is_control() => return None,
        other => other,
    };
    Some(pressed(KeyEvent::new(code, modifiers)))
}

fn modifier(text: &str) -> Option<(KeyModifiers, &str)> {
    [
        ("ctrl-", KeyModifiers::CONTROL),
        ("alt-", KeyModifiers::ALT),
        ("shift-", KeyModifiers::SHIFT),
    ]
    .into_iter()
    .find_map(|(name, modifier)| {
        let head = text.get(..name.len())?;
        let rest = text.get(name.len()..).filter(|rest| !rest.is_empty())?;
        head.eq_ignore_ascii_case(name).then_some((modifier, rest))
    })
}

fn named(name: &str) -> Option<KeyCode> {
    let own = NAMES.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    if let Some((_, code)) = own {
        return Some(*code);
    }
    // The library would read `a-b` as two keys held together, which no terminal tells.
    match crokey::parse(name).ok()?.codes {
        OneToThree::One(code) => Some(code),
        OneToThree::Two(..) | OneToThree::Three(..) => None,
    }
}

/// One form for the several that terminals send: shift belongs to letters, not to signs.
#[must_use]
pub fn pressed(mut key: KeyEvent) -> KeyCombination {
    if let KeyCode::Char(c) = key.code {
        if c.is_ascii_uppercase() {
            key.modifiers |= KeyModifiers::SHIFT;
        } else if key.modifiers.contains(KeyModifiers::SHIFT) && c.is_ascii_lowercase() {
            key.code = KeyCode::Char(c.to_ascii_uppercase());
        } else {
            key.modifiers -= KeyModifiers::SHIFT;
        }
    } else if key.code == KeyCode::Tab && key.modifiers.contains(KeyModifiers::SHIFT) {
        key.code = KeyCode::BackTab;
    } else if key.code == KeyCode::BackTab {
        key.modifiers |= KeyModifiers::SHIFT;
    }
    KeyCombination::from(key)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_read_back() {
        for text in [
            "j",
            "G",
            "?",
            "-",
            "ctrl-p",
            "alt-1",
            "alt-<",
            "F5",
            "space",
            "enter",
            "esc",
            "tab",
            "shift-tab",
            "pgup",
            "pgdn",
            "del",
            "ins",
            "backspace",
            "ctrl-left",
            "ctrl-_",
            "g g",
            "space f",
            "ctrl-x ctrl-s",
            "Z Z",
            "ä",
            "alt-enter",
            "shift-up",
            "<",
            "#",
            "\"",
            "ctrl-alt-del",
            "ctrl-space",
            "ctrl--",
            "alt--",
            "ctrl-shift-up",
        ] {
            let sequence = Sequence::parse(text).unwrap_or_else(|| Sequence(Vec::new()));
            assert_eq!(sequence.to_string(), text);
        }
    }

    #[test]
    fn other_spellings_mean_the_same_key() {
        for (one, other) in [
            ("ctrl-P", "ctrl-p"),
            ("Ctrl-p", "ctrl-p"),
            ("pageup", "pgup"),
            ("delete", "del"),
            ("backtab", "shift-tab"),
            ("Escape", "esc"),
            ("shift-g", "G"),
            ("minus", "-"),
        ] {
            assert_eq!(Sequence::parse(one), Sequence::parse(other), "{one}");
            assert!(Sequence::parse(one).is_some(), "{one}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in [
            "",
            "  ",
            "foo",
            "a-b",
            "shift-1",
            "ctrl-",
            "g g g g g",
            "hyper-x",
            "\u{7}",
        ] {
            assert_eq!(Sequence::parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,20}") {
            if let Some(sequence) = Sequence::parse(&text) {
                let again = Sequence::parse(&sequence.to_string());
                prop_assert_eq!(again, Some(sequence));
            }
        }
    }
}
