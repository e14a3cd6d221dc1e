//! What the palette lists, and in which order.

use crate::app::command::{Command, Table};
use crate::app::everywhere;
use crate::app::keymap::depends_on_key;
use crate::app::part::Called;
use crate::app::world::World;
use crate::screens::popups::help::heading;

use super::fit::fit;

/// A command, or a screen to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub name: String,
    pub words: String,
    /// Where it holds, as the help calls that.
    pub scope: String,
    /// Those in force, the first one first.
    pub keys: Vec<String>,
    pub called: Called,
}

impl Entry {
    fn command(world: &World, table: &Table, command: &Command, screen: Option<usize>) -> Self {
        let title = screen.and_then(|at| world.screens.get(at));
        let scope = title.map_or_else(
            || heading(table.scope, &[]),
            |screen| screen.title.to_owned(),
        );
        Self {
            name: command.name.to_owned(),
            words: command.words.to_owned(),
            scope,
            keys: world.keymap.keys(table.scope, command.name),
            called: Called {
                screen,
                command: Some((table.scope, command.name)),
            },
        }
    }

    fn screen(world: &World, at: usize, title: &str) -> Self {
        let scope = everywhere::TABLE.scope;
        let keys = world.keymap.keys(scope, "screen");
        Self {
            name: format!("go to {title}"),
            words: format!("show the screen {title}"),
            scope: heading(scope, &[]),
            keys: keys.get(at).cloned().into_iter().collect(),
            called: Called {
                screen: Some(at),
                command: None,
            },
        }
    }
}

/// Everything that may be asked for while this screen is in front: what was asked for lately, then the
/// screen's own commands, those that hold everywhere, the other screens and their commands.
pub(super) fn entries(world: &World, active: usize) -> Vec<Entry> {
    let table = |scope: &&str| world.tables.iter().find(|table| table.scope == *scope);
    let of = |table: &Table, screen: Option<usize>| {
        let commands = table.commands.iter().filter(|command| is_listed(command));
        let listed = commands.map(|command| Entry::command(world, table, command, screen));
        listed.collect::<Vec<_>>()
    };
    let mut all = Vec::new();
    if let Some(screen) = world.screens.get(active) {
        let mut tables = screen.scopes.iter().filter_map(table);
        if let Some(own) = tables.next() {
            all.extend(of(own, Some(active)));
        }
        all.extend(tables.flat_map(|shared| of(shared, None)));
    }
    all.extend(of(&everywhere::TABLE, None));
    let others = || {
        world
            .screens
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != active)
    };
    all.extend(others().map(|(at, screen)| Entry::screen(world, at, screen.title)));
    for (at, screen) in others() {
        // What screens share works on what is in front: on another screen it would do so blindly.
        if let Some(own) = screen.scopes.first().and_then(table) {
            all.extend(of(own, Some(at)));
        }
    }
    let recency = |entry: &Entry| {
        let command = entry.called.command?;
        world.recent.iter().position(|known| *known == command)
    };
    all.sort_by_key(|entry| recency(entry).unwrap_or(usize::MAX));
    all
}

/// Whether a command means the same by its name alone.
fn is_listed(command: &Command) -> bool {
    command.name != "palette" && !depends_on_key(command)
}

/// The entries that fit a text, the best first; of equals the one that is listed first.
pub(super) fn ranked(text: &str, entries: &[Entry]) -> Vec<usize> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let score = |entry: &Entry| -> Option<u32> {
        let about = format!("{} {}", entry.words, entry.scope);
        let fits = words.iter().map(|word| fit(word, &entry.name, &about));
        fits.sum()
    };
    let scored = entries.iter().enumerate();
    let mut found: Vec<(u32, usize)> = scored
        .filter_map(|(at, entry)| Some((score(entry)?, at)))
        .collect();
    found.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    found.into_iter().map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;

    fn entry(name: &str, words: &str) -> Entry {
        Entry {
            name: name.to_owned(),
            words: words.to_owned(),
            scope: "Everywhere".to_owned(),
            keys: Vec::new(),
            called: Called {
                screen: None,
                command: None,
            },
        }
    }

    #[test]
    fn a_name_goes_before_words_and_a_beginning_before_a_middle() {
        let all = [
            entry("copy", "copy the quick line"),
            entry("form", "quick or full form"),
            entry("quit", "quit; nothing is lost"),
            entry("go-to-date", "go to a date"),
        ];
        let best = |text: &str| ranked(text, &all).first().map(|at| all[*at].name.clone());
        assert_eq!(best("q").as_deref(), Some("quit"));
        assert_eq!(best("QUIT").as_deref(), Some("quit"));
        assert_eq!(best("quick full").as_deref(), Some("form"));
        assert_eq!(best("gtd").as_deref(), Some("go-to-date"));
        assert_eq!(best("date go").as_deref(), Some("go-to-date"));
        assert_eq!(best("zzz"), None);
        assert_eq!(ranked("  ", &all), [0, 1, 2, 3]);
    }

    #[test]
    fn signs_of_other_programs_are_just_signs() {
        let all = [entry("copy", "copy it"), entry("quit", "quit")];
        for text in ["!copy", "^copy", "'copy", "copy$"] {
            assert!(ranked(text, &all).is_empty(), "{text}");
        }
    }
}
