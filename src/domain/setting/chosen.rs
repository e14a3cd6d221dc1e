//! What was chosen, and by whom.

use std::collections::BTreeMap;

use super::{Kind, Setting, THEMES, Value};
use crate::domain::text::nearest;

/// Where the word that holds comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Nobody has said anything.
    Default,
    /// The file of settings.
    File,
    /// A variable of the environment, which goes before the file.
    Environment,
}

impl Origin {
    /// In a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
        }
    }
}

/// What a person has set. The environment goes before the file, the file before the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    themes: Vec<String>,
    file: BTreeMap<Setting, Value>,
    environment: BTreeMap<Setting, Value>,
}

impl Default for Chosen {
    fn default() -> Self {
        Self::with_themes([])
    }
}

impl Chosen {
    /// Nothing is set; besides the themes of the program there are these.
    #[must_use]
    pub fn with_themes(own: impl IntoIterator<Item = String>) -> Self {
        let mut themes: Vec<String> = THEMES.iter().map(|name| (*name).to_owned()).collect();
        for name in own {
            if !themes.contains(&name) {
                themes.push(name);
            }
        }
        Self {
            themes,
            file: BTreeMap::new(),
            environment: BTreeMap::new(),
        }
    }

    /// The names of the themes that there are.
    #[must_use]
    pub fn themes(&self) -> &[String] {
        &self.themes
    }

    /// This theme of one's own cannot be used. One of the program's of the same name still can.
    pub fn leave_out_theme(&mut self, name: &str) {
        let is_own = !THEMES.contains(&name);
        self.themes.retain(|known| !is_own || known != name);
    }

    /// The word that holds, if anybody has said one.
    #[must_use]
    pub fn value(&self, setting: Setting) -> Option<&Value> {
        let environment = self.environment.get(&setting);
        environment.or_else(|| self.file.get(&setting))
    }

    /// The word that the file says, whether it holds or not.
    #[must_use]
    pub fn in_file(&self, setting: Setting) -> Option<&Value> {
        self.file.get(&setting)
    }

    /// Where it comes from.
    #[must_use]
    pub fn origin(&self, setting: Setting) -> Origin {
        if self.environment.contains_key(&setting) {
            Origin::Environment
        } else if self.file.contains_key(&setting) {
            Origin::File
        } else {
            Origin::Default
        }
    }

    /// The word that holds, as it is shown.
    #[must_use]
    pub fn shown(&self, setting: Setting) -> String {
        self.value(setting)
            .map_or_else(|| setting.otherwise().to_owned(), ToString::to_string)
    }

    /// A name, where one is set.
    #[must_use]
    pub fn word(&self, setting: Setting) -> Option<&str> {
        match self.value(setting)? {
            Value::Word(word) => Some(word),
            Value::Number(_) | Value::Switch(_) => None,
        }
    }

    /// A number, or what holds otherwise.
    #[must_use]
    pub fn number(&self, setting: Setting) -> u32 {
        match (self.value(setting), setting.kind()) {
            (Some(Value::Number(number)), _) => *number,
            (_, Kind::Number { otherwise, .. }) => otherwise,
            (
                _,
                Kind::Theme
                | Kind::Choice(_)
                | Kind::Switch
                | Kind::Zone
                | Kind::File
                | Kind::Directory,
            ) => 0,
        }
    }

    /// On or off, where one is set.
    #[must_use]
    pub fn switch(&self, setting: Setting) -> Option<bool> {
        match self.value(setting)? {
            Value::Switch(on) => Some(*on),
            Value::Word(_) | Value::Number(_) => None,
        }
    }

    /// The value, in the spelling that is kept.
    ///
    /// # Errors
    /// What the setting's values are, in words, and which was probably meant.
    pub fn accept(&self, setting: Setting, value: Value) -> Result<Value, String> {
        let meant = match &value {
            Value::Word(word) => nearest(word.trim(), self.options(setting).into_iter()),
            Value::Number(_) | Value::Switch(_) => None,
        };
        setting.accept(value, &self.themes).ok_or_else(|| {
            let expected = setting.expected(&self.themes);
            match meant {
                Some(meant) => format!("{expected}; did you mean \"{meant}\"?"),
                None => expected,
            }
        })
    }

    /// The value that a typed text means.
    ///
    /// # Errors
    /// As [`Chosen::accept`].
    pub fn read(&self, setting: Setting, text: &str) -> Result<Value, String> {
        match setting.typed(text) {
            Some(value) => self.accept(setting, value),
            None => Err(setting.expected(&self.themes)),
        }
    }

    /// The names that may be set; none where there is no list of them.
    #[must_use]
    pub fn options(&self, setting: Setting) -> Vec<&str> {
        match setting.kind() {
            Kind::Theme => self.themes.iter().map(String::as_str).collect(),
            Kind::Choice(words) => words.to_vec(),
            Kind::Number { .. } | Kind::Switch | Kind::Zone | Kind::File | Kind::Directory => {
                Vec::new()
            }
        }
    }

    /// The file says this now; nothing takes the key out of it.
    pub fn set(&mut self, setting: Setting, value: Option<Value>) {
        match value {
            Some(value) => self.file.insert(setting, value),
            None => self.file.remove(&setting),
        };
    }

    /// A variable says this.
    pub fn set_by_variable(&mut self, setting: Setting, value: Value) {
        self.environment.insert(setting, value);
    }

    /// The value that lies so many steps on, for settings that have steps: `None` is to leave it to
    /// the default, where that is a step of its own. Names go round, numbers end.
    #[must_use]
    pub fn stepped(&self, setting: Setting, on: bool) -> Option<Option<Value>> {
        match setting.kind() {
            Kind::Theme | Kind::Choice(_) => {
                let names = self.options(setting);
                let default = names.iter().position(|name| *name == setting.otherwise());
                let now = match self.word(setting) {
                    Some(word) => names.iter().position(|name| *name == word),
                    None => default,
                };
                // Where the default is none of the names it is one more step.
                let steps = names.len() + usize::from(default.is_none());
                let now = now.unwrap_or(names.len());
                let next = (now + if on { 1 } else { steps - 1 }) % steps;
                Some(names.get(next).map(|name| Value::Word((*name).to_owned())))
            }
            Kind::Number {
                range: (least, most),
                step,
                ..
            } => {
                let now = self.number(setting);
                let next = if on {
                    // To the next round number, as the eye expects after 1.
                    (now / step + 1) * step
                } else {
                    now.saturating_sub(1) / step * step
                };
                Some(Some(Value::Number(next.clamp(least, most))))
            }
            Kind::Switch if setting == Setting::Ascii => Some(match (self.switch(setting), on) {
                (None, true) | (Some(false), false) => Some(Value::Switch(true)),
                (Some(true), true) | (None, false) => Some(Value::Switch(false)),
                (Some(false), true) | (Some(true), false) => None,
            }),
            Kind::Switch => {
                let is_on = self.switch(setting).unwrap_or(false);
                Some(Some(Value::Switch(!is_on)))
            }
            Kind::Zone | Kind::File | Kind::Directory => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn word(word: &str) -> Value {
        Value::Word(word.to_owned())
    }

    #[test]
    fn the_environment_goes_before_the_file() {
        let mut chosen = Chosen::default();
        assert_eq!(chosen.shown(Setting::Theme), "lab");
        assert_eq!(chosen.origin(Setting::Theme), Origin::Default);
        chosen.set(Setting::Theme, Some(word("field")));
        assert_eq!(chosen.origin(Setting::Theme), Origin::File);
        chosen.set_by_variable(Setting::Theme, word("light"));
        assert_eq!(chosen.origin(Setting::Theme), Origin::Environment);
        assert_eq!(chosen.word(Setting::Theme), Some("light"));
        assert_eq!(chosen.in_file(Setting::Theme), Some(&word("field")));
    }

    #[test]
    fn names_are_taken_as_the_list_spells_them() {
        let chosen = Chosen::with_themes(["Mine".to_owned(), "lab".to_owned()]);
        assert_eq!(chosen.themes().len(), THEMES.len() + 1);
        assert_eq!(chosen.read(Setting::Theme, "mine"), Ok(word("Mine")));
        assert_eq!(
            chosen.read(Setting::WeekStart, " Sunday"),
            Ok(word("sunday"))
        );
        let wrong = chosen.read(Setting::WeekStart, "sunda").unwrap_err();
        assert!(wrong.ends_with("did you mean \"sunday\"?"), "{wrong}");
        let wrong = chosen.read(Setting::View, "short").unwrap_err();
        assert_eq!(wrong, "\"quick\" or \"full\"");
        let wrong = chosen.read(Setting::SearchLanguage, "klingon").unwrap_err();
        assert!(wrong.starts_with("a name such as \"english\""), "{wrong}");
    }

    #[test]
    fn values_out_of_range_and_of_another_kind_are_refused() {
        let chosen = Chosen::default();
        for (setting, text) in [
            (Setting::RevealSeconds, "0"),
            (Setting::RevealSeconds, "3601"),
            (Setting::RevealSeconds, "-1"),
            (Setting::RevealSeconds, "soon"),
            (Setting::Mouse, "perhaps"),
            (Setting::Timezone, "Mars/Base"),
            (Setting::ExportDir, "exports"),
            (Setting::Form, "form.toml"),
        ] {
            assert!(chosen.read(setting, text).is_err(), "{setting:?} {text}");
        }
        let refused = chosen.accept(Setting::Mouse, word("on"));
        assert_eq!(refused, Err("true or false".to_owned()));
    }

    #[test]
    fn names_go_round_and_numbers_end() {
        let mut chosen = Chosen::default();
        let next = |chosen: &Chosen, setting| chosen.stepped(setting, true).unwrap();
        assert_eq!(next(&chosen, Setting::Theme), Some(word("field")));
        assert_eq!(
            chosen.stepped(Setting::Theme, false),
            Some(Some(word("none")))
        );
        // The default of the view is none of its names.
        let mut seen = Vec::new();
        for _ in 0..3 {
            let value = next(&chosen, Setting::View);
            seen.push(value.clone());
            chosen.set(Setting::View, value);
        }
        assert_eq!(seen, [Some(word("quick")), Some(word("full")), None]);
        chosen.set(Setting::RevealSeconds, Some(Value::Number(1)));
        assert_eq!(
            next(&chosen, Setting::RevealSeconds),
            Some(Value::Number(5))
        );
        assert_eq!(
            chosen.stepped(Setting::RevealSeconds, false),
            Some(Some(Value::Number(1)))
        );
        let mut seen = Vec::new();
        for _ in 0..3 {
            let value = next(&chosen, Setting::Ascii);
            seen.push(value.clone());
            chosen.set(Setting::Ascii, value);
        }
        let switch = |on| Some(Value::Switch(on));
        assert_eq!(seen, [switch(true), switch(false), None]);
        assert_eq!(chosen.stepped(Setting::Timezone, true), None);
    }
}
