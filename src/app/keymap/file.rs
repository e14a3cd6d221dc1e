//! The file of keys: which keys a person, or a preset, wants for which command.
//!
//! Nothing in it stops the program: each mistake is told with its line and column, and the rest holds.

use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::app::command::Table;
use crate::domain::text::{nearest, printable};

use super::key::Sequence;
use super::preset::Preset;

/// Its name in the configuration directory.
pub const KEYMAP_FILE: &str = "keymap.toml";

/// A place in the file, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character of the line.
    pub column: usize,
}

/// Something in the file that cannot be as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What, and what to write instead.
    pub words: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column } = self.place;
        write!(f, "{KEYMAP_FILE}:{line}:{column}: {}", self.words)
    }
}

/// The keys that are wanted for a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub scope: &'static str,
    pub command: &'static str,
    /// None to leave it without a key.
    pub keys: Vec<(Sequence, Place)>,
    pub place: Place,
}

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bindings {
    /// The set to begin with, where it names one.
    pub preset: Option<Preset>,
    pub wanted: Vec<Wanted>,
    pub problems: Vec<Problem>,
}

impl Bindings {
    /// Reads a file for these tables.
    pub fn parse(text: &str, tables: &[Table]) -> Self {
        let mut reader = Reader {
            text,
            tables,
            found: Self::default(),
        };
        reader.read();
        reader.found
    }
}

struct Reader<'a> {
    text: &'a str,
    tables: &'a [Table],
    found: Bindings,
}

impl Reader<'_> {
    fn read(&mut self) {
        let (root, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            let words = format!("this is not TOML: {}", printable(error.message()));
            self.problem(&span, words);
        }
        // What is read of a line that is no TOML is anybody's guess.
        let broken: Vec<usize> = self.found.problems.iter().map(|p| p.place.line).collect();
        for (name, value) in root.get_ref() {
            let key: &str = name.get_ref();
            match value.get_ref() {
                DeValue::Table(rows) => self.section(key, &name.span(), rows, &broken),
                _ if broken.contains(&self.place(&name.span()).line) => {}
                other if key == "preset" => self.preset(other, &value.span()),
                _ => {
                    let words = format!(
                        "`{}` stands outside of any scope; put it below one, such as [everywhere]",
                        printable(key)
                    );
                    self.problem(&name.span(), words);
                }
            }
        }
    }

    fn preset(&mut self, value: &DeValue<'_>, span: &Range<usize>) {
        match value.as_str().and_then(Preset::named) {
            Some(preset) => self.found.preset = Some(preset),
            None => self.problem(span, "`preset` is \"plain\" or \"vim\"".to_owned()),
        }
    }

    fn section(&mut self, name: &str, span: &Range<usize>, rows: &DeTable<'_>, broken: &[usize]) {
        let Some(table) = self.tables.iter().find(|table| table.scope == name) else {
            let scopes = self.tables.iter().map(|table| table.scope);
            let known = match nearest(name, scopes.clone()) {
                Some(scope) => format!("did you mean [{scope}]?"),
                None => format!("known are {}", scopes.collect::<Vec<_>>().join(", ")),
            };
            let words = format!("[{}] is not a scope of keys; {known}", printable(name));
            return self.problem(span, words);
        };
        for (name, value) in rows {
            if broken.contains(&self.place(&name.span()).line) {
                continue;
            }
            let key: &str = name.get_ref();
            match table.commands.iter().find(|command| command.name == key) {
                Some(command) => self.row(table, command.name, name, value),
                None => self.unknown_command(table, key, &name.span()),
            }
        }
    }

    fn unknown_command(&mut self, table: &Table, name: &str, span: &Range<usize>) {
        let names = |table: &Table| table.commands.iter().map(|command| command.name);
        let elsewhere = self
            .tables
            .iter()
            .find(|other| names(other).any(|command| command == name));
        let known = if let Some(command) = nearest(name, names(table)) {
            format!("did you mean `{command}`?")
        } else if let Some(other) = elsewhere {
            format!("it is one of [{}]", other.scope)
        } else {
            "`wildlands keys` lists them".to_owned()
        };
        let (name, scope) = (printable(name), table.scope);
        self.problem(
            span,
            format!("`{name}` is not a command of [{scope}]; {known}"),
        );
    }

    fn row(
        &mut self,
        table: &Table,
        command: &'static str,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
    ) {
        let listed: Vec<_> = match value.get_ref() {
            DeValue::Boolean(false) => Vec::new(),
            DeValue::String(_) => vec![value],
            DeValue::Array(keys) => keys.iter().collect(),
            _ => {
                let words = format!(
                    "`{command}` is a key, a list of keys, or false to have none: \"ctrl-p\""
                );
                return self.problem(&value.span(), words);
            }
        };
        let keys: Vec<_> = listed
            .iter()
            .filter_map(|key| self.key(table, command, key))
            .collect();
        // Keys that cannot be read take no others away.
        if keys.is_empty() && !listed.is_empty() {
            return;
        }
        let place = self.place(&name.span());
        self.found.wanted.push(Wanted {
            scope: table.scope,
            command,
            keys,
            place,
        });
    }

    fn key(
        &mut self,
        table: &Table,
        command: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<(Sequence, Place)> {
        let span = value.span();
        let Some(text) = value.get_ref().as_str() else {
            let words = format!("a key of `{command}` is a text in quotes: \"ctrl-p\"");
            self.problem(&span, words);
            return None;
        };
        let Some(sequence) = Sequence::parse(text) else {
            let words = format!(
                "`{}` is not a key; write for example \"ctrl-p\", \"alt-1\", \"f5\", \"G\", \"space\" or \"g g\"",
                printable(text)
            );
            self.problem(&span, words);
            return None;
        };
        if is_of_text(table) && sequence.begins_with_text() {
            let words = format!(
                "`{sequence}` is text in [{}]; take one with ctrl or alt",
                table.scope
            );
            self.problem(&span, words);
            return None;
        }
        let place = self.place(&span);
        Some((sequence, place))
    }

    fn problem(&mut self, span: &Range<usize>, words: String) {
        let place = self.place(span);
        self.found.problems.push(Problem { place, words });
    }

    fn place(&self, span: &Range<usize>) -> Place {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let begins = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            line: before.matches('\n').count() + 1,
            column: before.get(begins..).unwrap_or_default().chars().count() + 1,
        }
    }
}

/// Whether plain keys are text where this table holds: none of them is bound there.
fn is_of_text(table: &Table) -> bool {
    let keys = |command: &'static [&'static str]| command.iter().copied();
    table
        .commands
        .iter()
        .flat_map(|command| keys(command.keys))
        .filter_map(Sequence::parse)
        .all(|key| !key.begins_with_text())
}
