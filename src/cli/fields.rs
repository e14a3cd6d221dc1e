//! Reading `FIELD=VALUE` words against a form, for every subcommand that sets fields.
//!
//! Everything is read and checked before anything is done, and every problem is told at once.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Read};
use std::os::unix::ffi::OsStrExt;

use crate::domain::form::{Field, Kind, LogForm};
use crate::domain::patch::Patch;
use crate::domain::text;

use super::exit::{Exit, Failure};
use super::output;

/// The most that is read from standard input, in bytes: far above what a field takes, so that the message can say
/// how long a text was, and far below what would hurt.
const INPUT_CAP: u64 = 16 << 20;

/// Reads the whole of standard input for the field of this name.
pub type ReadInput<'a> = &'a mut dyn FnMut(&str) -> io::Result<Vec<u8>>;

/// What is wrong with one word.
pub type Problem = (Exit, String);

/// What is to be set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Set {
    /// The fields and their values.
    pub patch: Patch,
    /// Sensitive fields whose text stood in the arguments, where others can see it.
    pub exposed: Vec<String>,
}

/// The words read so far, and what is wrong with them.
pub struct Fields<'a> {
    form: &'a LogForm,
    input: ReadInput<'a>,
    set: Set,
    problems: Vec<Problem>,
    /// The field that took standard input.
    piped: Option<String>,
}

impl<'a> Fields<'a> {
    /// Nothing read yet.
    pub fn of(form: &'a LogForm, input: ReadInput<'a>) -> Self {
        Self {
            form,
            input,
            set: Set::default(),
            problems: Vec::new(),
            piped: None,
        }
    }

    /// Reads one `FIELD=VALUE`. `instead` completes “… nor FIELD=VALUE” for a word that is none:
    /// `neither a date in first place`.
    pub fn word(&mut self, word: &OsStr, instead: &str) {
        if let Err(problem) = self.field(word, instead) {
            self.problem(problem);
        }
    }

    /// Something else that is wrong.
    pub fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// What is to be set.
    ///
    /// # Errors
    /// Every problem, a line each: [`Exit::Usage`] where a word has no meaning, [`Exit::BadData`] otherwise.
    pub fn finish(self) -> Result<Set, Failure> {
        let worst = self.problems.iter().map(|(exit, _)| *exit);
        let Some(worst) = worst.min_by_key(|exit| exit.code()) else {
            return Ok(self.set);
        };
        let lines = self.problems.into_iter().map(|(_, line)| line).collect();
        Err(Failure::all(worst, lines))
    }

    fn field(&mut self, word: &OsStr, instead: &str) -> Result<(), Problem> {
        let bytes = word.as_bytes();
        let Some(sign) = bytes.iter().position(|&byte| byte == b'=') else {
            let shown = text::printable(&word.to_string_lossy()).into_owned();
            return Err((
                Exit::Usage,
                format!("“{shown}” is {instead} nor FIELD=VALUE"),
            ));
        };
        let (key, value) = bytes.split_at(sign);
        let key = text::decode(key)
            .map_err(|error| (Exit::BadData, format!("a field's name: {error}")))?;
        let value = value.get(1..).unwrap_or_default();
        let field = self
            .form
            .field(key)
            .ok_or_else(|| (Exit::BadData, self.form.unknown(key).to_string()))?;
        if self.set.patch.keys().any(|known| known == field.key) {
            return Err((
                Exit::Usage,
                format!("{} is given twice; give it once", field.key),
            ));
        }
        let value = if takes_input(field, value) {
            self.piped(field)?
        } else {
            self.inline(field, value)?
        };
        self.set.patch.merge(Patch::one(field.key.as_str(), value));
        Ok(())
    }

    fn inline(
        &mut self,
        field: &Field,
        value: &[u8],
    ) -> Result<Option<serde_json::Value>, Problem> {
        let value = text::decode(value)
            .map_err(|error| (Exit::BadData, format!("{}: {error}", field.key)))?;
        let value = field
            .parse(value)
            .map_err(|error| (Exit::BadData, error.to_string()))?;
        if field.sensitive && value.is_some() {
            self.set.exposed.push(field.key.clone());
        }
        Ok(value)
    }

    fn piped(&mut self, field: &Field) -> Result<Option<serde_json::Value>, Problem> {
        if let Some(first) = &self.piped {
            return Err((
                Exit::Usage,
                format!(
                    "{} and {first} both read standard input; only one of them can",
                    field.key
                ),
            ));
        }
        self.piped = Some(field.key.clone());
        let bytes = (self.input)(&field.key).map_err(|error| {
            (
                Exit::Io,
                format!("{}: cannot read standard input: {error}", field.key),
            )
        })?;
        let input = text::decode(&bytes).map_err(|error| {
            (
                Exit::BadData,
                format!("{}: on standard input, {error}", field.key),
            )
        })?;
        // `echo` and editors end a text with a line break that nobody meant to store.
        let input = input
            .strip_suffix('\n')
            .map_or(input, |text| text.strip_suffix('\r').unwrap_or(text));
        match field.kind {
            Kind::Text | Kind::Lines => field.text(input),
            Kind::Scale { .. }
            | Kind::Number { .. }
            | Kind::Toggle
            | Kind::Choice { .. }
            | Kind::Many { .. }
            | Kind::Date => field.parse(input),
        }
        .map_err(|error| (Exit::BadData, error.to_string()))
    }
}

/// `@-` reads standard input for any field; `-` for a text, as tools do it. On other fields `-` clears, as in the
/// program.
fn takes_input(field: &Field, value: &[u8]) -> bool {
    value == b"@-" || (value == b"-" && field.is_written())
}

/// An argument as text.
///
/// # Errors
/// Not UTF-8.
pub fn utf8(word: &OsStr) -> Result<&str, Problem> {
    text::decode(word.as_bytes()).map_err(|error| (Exit::BadData, format!("an argument: {error}")))
}

/// The whole of standard input, for the field of this name.
///
/// # Errors
/// As standard input gives them.
pub fn standard_input(key: &str) -> io::Result<Vec<u8>> {
    let mut input = io::stdin().lock();
    if input.is_terminal() {
        output::say(&format!(
            "{key}: type the text, end it with Ctrl-D on a line of its own"
        ));
    }
    let mut bytes = Vec::new();
    Read::by_ref(&mut input)
        .take(INPUT_CAP)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Says which private texts stood in the arguments.
pub fn warn_of_exposed(keys: &[String]) {
    for key in keys {
        output::say(&format!(
            "wildlands: note: {key} is private, and arguments can be seen by others on this machine; \
             `{key}=-` reads it from standard input"
        ));
    }
}
