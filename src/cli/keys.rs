//! `wildlands keys`: which key does what, and what is wrong in the person's own file of keys.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::app::keymap::{KEYMAP_FILE, Listing};
use crate::store::places::Places;

use super::exit::{Exit, Failure};
use super::output::{self, Output};

/// Columns of a command's name.
const NAMES: usize = 18;
/// Columns of its keys.
const KEYS: usize = 22;

/// Print which key does what, as keymap.toml makes it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
By scope: the command's name in keymap.toml, its keys (a blank between keys that are pressed one after another, two between
keys of which each is enough), what it does. Mistakes in keymap.toml are told on standard error, and the exit code is 65;
everything else in the file holds.

Examples:
  wildlands keys
  wildlands keys --check
  wildlands keys --json | jq '.scopes.everywhere[] | select(.keys == [])'")]
pub struct Arguments {
    /// Print only what is wrong in keymap.toml
    #[arg(long, conflicts_with = "json")]
    check: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// The configuration directory, if there is a home.
    #[must_use]
    pub fn configuration(&self) -> Option<PathBuf> {
        Places::from_env().ok().map(|places| places.config)
    }

    /// Prints the keys.
    ///
    /// # Errors
    /// [`Exit::BadData`] when the file of keys has mistakes; each is told.
    pub fn print(&self, listing: &Listing) -> Result<(), Failure> {
        let file = self.configuration().map(|at| at.join(KEYMAP_FILE));
        let file = file.filter(|file| file.exists());
        let output = Output::standard();
        if self.json {
            output::print(&output.json(&document(listing, file.as_deref())))?;
        } else if !self.check {
            output::print(&text(listing, file.as_deref(), output))?;
        } else if listing.problems.is_empty() {
            let line = match &file {
                Some(file) => format!("no mistakes in {}", file.display()),
                None => format!("there is no {KEYMAP_FILE}; the keys are those of the program"),
            };
            output::print(&output.line(&line))?;
        }
        if listing.problems.is_empty() {
            return Ok(());
        }
        Err(Failure::all(Exit::BadData, listing.problems.clone()))
    }
}

fn text(listing: &Listing, file: Option<&Path>, output: Output) -> String {
    let mut text = format!("the set {}", listing.preset);
    if let Some(file) = file {
        let path = file.display().to_string();
        let _ = write!(text, ", changed by {}", output.line(&path));
    }
    text.push('\n');
    for scope in &listing.scopes {
        let _ = write!(text, "\n[{}]\n", scope.name);
        for command in &scope.commands {
            let (name, keys) = (command.name, command.keys.join("  "));
            let keys = if keys.is_empty() { "-" } else { &keys };
            let line = format!("{name:<NAMES$} {keys:<KEYS$} {}", command.words);
            for line in output.wrapped(&line, 0) {
                text.push_str(&line);
                text.push('\n');
            }
        }
    }
    text
}

fn document(listing: &Listing, file: Option<&Path>) -> Value {
    let scopes: Map<String, Value> = listing
        .scopes
        .iter()
        .map(|scope| {
            let commands = scope.commands.iter().map(|command| {
                json!({ "command": command.name, "does": command.words, "keys": command.keys })
            });
            (scope.name.to_owned(), Value::Array(commands.collect()))
        })
        .collect();
    json!({
        "preset": listing.preset,
        "file": file.map(|file| file.display().to_string()),
        "scopes": scopes,
        "mistakes": listing.problems,
    })
}
