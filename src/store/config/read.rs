//! Reading the settings, from the file and from the environment.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::setting::{Setting, Value};
use crate::domain::text::printable;

use super::{CONFIG_FILE, Config, FormFile};

impl Config {
    /// Takes what the file of settings says.
    pub(super) fn read_file(&mut self, text: &str) {
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let words = format!("this is not TOML: {}", printable(error.message()));
            self.mistake(text, &error.span().unwrap_or(0..0), &words);
        }
        if !errors.is_empty() {
            // What it names is not to be relied on, nor that it names none.
            let names_form = |key: &Spanned<_>| key.get_ref() == Setting::Form.key();
            if root.get_ref().keys().any(names_form) {
                self.form_file = FormFile::Refused;
            }
            return;
        }
        for (key, value) in root.get_ref() {
            let name: &str = key.get_ref();
            // Here a key is spelled in one way only.
            let setting = Setting::of(name).filter(|setting| setting.key() == name);
            let Some(setting) = setting else {
                let words = format!(
                    "`{}` is not a setting; {}",
                    printable(name),
                    Setting::meant(name)
                );
                self.mistake(text, &key.span(), &words);
                continue;
            };
            match self.accepted(setting, value) {
                Ok(value) => self.chosen.set(setting, Some(value)),
                Err(expected) => {
                    self.mistake(text, &value.span(), &format!("`{name}` is {expected}"));
                    self.refuse(setting);
                }
            }
        }
    }

    fn accepted(&self, setting: Setting, written: &Spanned<DeValue<'_>>) -> Result<Value, String> {
        match value(written.get_ref()) {
            Some(value) => self.chosen.accept(setting, value),
            None => Err(setting.expected(self.chosen.themes())),
        }
    }

    /// Takes what the environment says; a variable that is empty says nothing.
    pub(super) fn read_environment(&mut self, variable: &dyn Fn(&str) -> Option<String>) {
        for setting in Setting::ALL {
            let name = setting.variable();
            let Some(text) = variable(&name).filter(|text| !text.is_empty()) else {
                continue;
            };
            match self.chosen.read(setting, &text) {
                Ok(value) => self.chosen.set_by_variable(setting, value),
                Err(expected) => {
                    let words =
                        format!("{name} in the environment is not heeded; it is {expected}");
                    self.mistakes.push(words);
                    self.refuse(setting);
                }
            }
        }
    }

    /// What is wrong keeps its default, but a form that was meant may call more private than the default does.
    fn refuse(&mut self, setting: Setting) {
        if setting == Setting::Form {
            self.form_file = FormFile::Refused;
        }
    }

    fn mistake(&mut self, text: &str, span: &Range<usize>, words: &str) {
        let place = place(text, span.start);
        self.mistakes
            .push(format!("{CONFIG_FILE}:{place}: {words}"));
    }
}

/// Line and column of a byte, both from 1.
pub(super) fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let begins = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(begins..).unwrap_or_default().chars().count() + 1;
    format!("{line}:{column}")
}

fn value(written: &DeValue<'_>) -> Option<Value> {
    let number = || {
        let number = written.as_integer()?;
        u32::from_str_radix(number.as_str(), number.radix()).ok()
    };
    let word = || written.as_str().map(|word| Value::Word(word.to_owned()));
    word()
        .or_else(|| written.as_bool().map(Value::Switch))
        .or_else(|| number().map(Value::Number))
}
