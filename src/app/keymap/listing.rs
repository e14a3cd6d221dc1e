//! The keys in force as a list, for who is outside of the program.

use crate::app::command::Table;

use super::{Keymap, Problem};

/// All commands with their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The set that was begun with.
    pub preset: &'static str,
    /// By scope, in the order of the help.
    pub scopes: Vec<ListedScope>,
    /// What is wrong in the person's file, each with its place.
    pub problems: Vec<String>,
}

/// The commands of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedScope {
    /// Its name in a file of keys.
    pub name: &'static str,
    /// Its commands.
    pub commands: Vec<ListedCommand>,
}

/// A command with its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCommand {
    /// Its name in a file of keys.
    pub name: &'static str,
    /// What it does.
    pub words: &'static str,
    /// The first one is shown in hints.
    pub keys: Vec<String>,
}

impl Listing {
    /// The keys of these tables, and what was wrong on the way to them.
    #[must_use]
    pub fn new(tables: &[Table], keymap: &Keymap, problems: &[Problem]) -> Self {
        let scopes = tables.iter().map(|table| {
            let commands = table.commands.iter().map(|command| ListedCommand {
                name: command.name,
                words: command.words,
                keys: keymap.keys(table.scope, command.name),
            });
            ListedScope {
                name: table.scope,
                commands: commands.collect(),
            }
        });
        Self {
            preset: keymap.begun_with().name(),
            scopes: scopes.collect(),
            problems: problems.iter().map(ToString::to_string).collect(),
        }
    }
}
