//! What a setting may be.

use std::fmt;

use jiff::tz::TimeZone;

use super::Setting;

/// What is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A name, a path.
    Word(String),
    /// A whole number.
    Number(u32),
    /// On or off.
    Switch(bool),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Number(number) => write!(f, "{number}"),
            Self::Switch(true) => f.write_str("on"),
            Self::Switch(false) => f.write_str("off"),
        }
    }
}

/// What the values of a setting are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One of the themes that there are.
    Theme,
    /// One of these.
    Choice(&'static [&'static str]),
    /// A whole number.
    Number {
        /// The least and the most.
        range: (u32, u32),
        /// How far one step goes.
        step: u32,
        /// What holds where nothing is set.
        otherwise: u32,
    },
    /// On or off.
    Switch,
    /// The name of a time zone.
    Zone,
    /// A file, absolute or beginning with `~/`.
    File,
    /// A directory, absolute or beginning with `~/`.
    Directory,
}

/// Which form a day opens with.
pub const VIEWS: [&str; 2] = ["quick", "full"];
/// The days of the week.
pub const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
/// The text search configurations that every PostgreSQL since 14 has; the first is the default.
pub const LANGUAGES: [&str; 29] = [
    "english",
    "simple",
    "arabic",
    "armenian",
    "basque",
    "catalan",
    "danish",
    "dutch",
    "finnish",
    "french",
    "german",
    "greek",
    "hindi",
    "hungarian",
    "indonesian",
    "irish",
    "italian",
    "lithuanian",
    "nepali",
    "norwegian",
    "portuguese",
    "romanian",
    "russian",
    "serbian",
    "spanish",
    "swedish",
    "tamil",
    "turkish",
    "yiddish",
];

impl Setting {
    /// What its values are, in words for a message; `themes` are those that there are.
    #[must_use]
    pub fn expected(self, themes: &[String]) -> String {
        match self.kind() {
            Kind::Theme => one_of(&themes.iter().map(String::as_str).collect::<Vec<_>>()),
            Kind::Choice(words) => one_of(words),
            Kind::Number {
                range: (least, most),
                ..
            } => format!("a whole number from {least} to {most}"),
            Kind::Switch => "true or false".to_owned(),
            Kind::Zone => "the name of a time zone such as \"Europe/Berlin\"".to_owned(),
            Kind::File => "a file, as an absolute path or beginning with ~/".to_owned(),
            Kind::Directory => "a directory, as an absolute path or beginning with ~/".to_owned(),
        }
    }

    /// The value, in the spelling that is kept, if it may be set.
    pub(super) fn accept(self, value: Value, themes: &[String]) -> Option<Value> {
        match (self.kind(), value) {
            (Kind::Theme, Value::Word(word)) => {
                find(themes.iter().map(String::as_str), &word).map(Value::Word)
            }
            (Kind::Choice(words), Value::Word(word)) => {
                find(words.iter().copied(), &word).map(Value::Word)
            }
            (Kind::Number { range, .. }, Value::Number(number)) => {
                let fits = (range.0..=range.1).contains(&number);
                fits.then_some(Value::Number(number))
            }
            (Kind::Switch, Value::Switch(on)) => Some(Value::Switch(on)),
            (Kind::Zone, Value::Word(word)) => {
                TimeZone::get(&word).is_ok().then_some(Value::Word(word))
            }
            (Kind::File | Kind::Directory, Value::Word(word)) => {
                let fits = word.starts_with('/') || word.starts_with("~/");
                fits.then_some(Value::Word(word))
            }
            (
                Kind::Theme
                | Kind::Choice(_)
                | Kind::Number { .. }
                | Kind::Switch
                | Kind::Zone
                | Kind::File
                | Kind::Directory,
                Value::Word(_) | Value::Number(_) | Value::Switch(_),
            ) => None,
        }
    }

    /// The value that a typed text means, not yet accepted.
    pub(super) fn typed(self, text: &str) -> Option<Value> {
        let text = text.trim();
        match self.kind() {
            Kind::Number { .. } => text.parse().ok().map(Value::Number),
            Kind::Switch => match text.to_lowercase().as_str() {
                "true" | "on" | "yes" | "1" => Some(Value::Switch(true)),
                "false" | "off" | "no" | "0" => Some(Value::Switch(false)),
                _ => None,
            },
            Kind::Theme | Kind::Choice(_) | Kind::Zone | Kind::File | Kind::Directory => {
                Some(Value::Word(text.to_owned()))
            }
        }
    }
}

/// The word of the list, as the list spells it.
fn find<'a>(mut words: impl Iterator<Item = &'a str>, word: &str) -> Option<String> {
    words
        .find(|known| known.eq_ignore_ascii_case(word))
        .map(str::to_owned)
}

/// `"one", "two" or "three"`; of many only some.
fn one_of(words: &[&str]) -> String {
    const MANY: usize = 12;
    let quoted = |words: &[&str]| {
        let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        quoted.join(", ")
    };
    match words.split_last() {
        Some((_, _)) if words.len() > MANY => {
            let some = words.get(..MANY).unwrap_or(words);
            format!("a name such as {}", quoted(some))
        }
        Some((last, [])) => format!("\"{last}\""),
        Some((last, before)) => format!("{} or \"{last}\"", quoted(before)),
        None => "a name".to_owned(),
    }
}
