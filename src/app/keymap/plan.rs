//! From the tables to the keys in force: what a preset and the person's file change, in that order.
//!
//! A key that a file names is taken from whatever had it before. What was taken is told where it
//! leaves a command without any key, and a way out is never taken.

use crate::app::command::Table;
use crate::app::everywhere;

use super::file::{Bindings, Place, Problem, Wanted};
use super::key::Sequence;
use super::{Keymap, KeymapError};

/// Commands without which there is no way out of a screen.
const WAYS_OUT: [&str; 2] = ["quit", "help"];

/// A command and its keys.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub scope: &'static str,
    pub command: &'static str,
    /// Those in force.
    pub keys: Vec<Sequence>,
    /// Those of the table.
    pub defaults: Vec<Sequence>,
    /// Where the person's file names it.
    set: Option<Place>,
    /// Where the file took its last key for another command, and which.
    lost: Option<(Place, Sequence, &'static str)>,
    /// Whether it leads out of where it holds.
    is_way_out: bool,
}

impl Row {
    fn is(&self, wanted: &Wanted) -> bool {
        (self.scope, self.command) == (wanted.scope, wanted.command)
    }
}

/// All commands with their keys.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    rows: Vec<Row>,
    /// Scopes that one leaves only by what holds everywhere.
    without_way_out: Vec<&'static str>,
}

impl Plan {
    /// The tables as they are.
    pub fn of(tables: &[Table]) -> Result<Self, KeymapError> {
        let mut rows: Vec<Row> = Vec::new();
        for table in tables {
            let first = rows.len();
            for command in table.commands {
                let mut keys = Vec::new();
                for key in command.keys {
                    let sequence = Sequence::parse(key).ok_or_else(|| KeymapError::UnknownKey {
                        scope: table.scope,
                        command: command.name,
                        key: (*key).to_owned(),
                    })?;
                    let mut of_table = rows.iter().skip(first);
                    let clash = of_table.find(|row| row.keys.iter().any(|k| k.clashes(&sequence)));
                    if let Some(row) = clash {
                        return Err(KeymapError::Conflict {
                            scope: table.scope,
                            key: (*key).to_owned(),
                            first: row.command,
                            second: command.name,
                        });
                    }
                    keys.push(sequence);
                }
                rows.push(Row {
                    scope: table.scope,
                    command: command.name,
                    defaults: keys.clone(),
                    keys,
                    set: None,
                    lost: None,
                    is_way_out: is_way_out(table, command.name),
                });
            }
        }
        let has_own = |scope| {
            let mut of_scope = rows.iter().filter(|row| row.scope == scope);
            of_scope.any(|row| row.is_way_out)
        };
        let scopes = tables.iter().map(|table| table.scope);
        let without_way_out = scopes.filter(|scope| !has_own(*scope)).collect();
        Ok(Self {
            rows,
            without_way_out,
        })
    }

    /// Changes what a preset changes.
    pub fn preset(&mut self, bindings: Bindings) {
        for wanted in bindings.wanted {
            let keys: Vec<Sequence> = wanted.keys.iter().map(|(key, _)| key.clone()).collect();
            for row in &mut self.rows {
                if row.is(&wanted) {
                    row.keys.clone_from(&keys);
                } else if row.scope == wanted.scope {
                    row.keys
                        .retain(|had| !keys.iter().any(|key| had.clashes(key)));
                }
            }
        }
    }

    /// Changes what the person's file changes, and tells what cannot be.
    pub fn person(&mut self, mut bindings: Bindings) -> Vec<Problem> {
        let mut problems = std::mem::take(&mut bindings.problems);
        let before = self.clone();
        let kept = unambiguous(bindings.wanted, &mut problems);
        for wanted in &kept {
            for row in self.rows.iter_mut().filter(|row| row.is(wanted)) {
                row.keys = wanted.keys.iter().map(|(key, _)| key.clone()).collect();
                row.set = Some(wanted.place);
            }
        }
        for wanted in &kept {
            for (key, place) in &wanted.keys {
                self.take(key, *place, wanted);
            }
        }
        self.tell_losses(&mut problems);
        self.keep_ways_out(&before, &mut problems);
        problems.sort_by_key(|problem| problem.place);
        problems
    }

    /// Takes a key from the commands that the file does not name.
    fn take(&mut self, key: &Sequence, place: Place, wanted: &Wanted) {
        let others = self.rows.iter_mut();
        for row in others.filter(|row| row.scope == wanted.scope && row.set.is_none()) {
            let had = row.keys.len();
            row.keys.retain(|own| !own.clashes(key));
            if row.keys.is_empty() && had > 0 {
                row.lost = Some((place, key.clone(), wanted.command));
            }
        }
    }

    fn tell_losses(&self, problems: &mut Vec<Problem>) {
        for row in self.rows.iter().filter(|row| !row.is_way_out) {
            let Some((place, key, thief)) = &row.lost else {
                continue;
            };
            let command = row.command;
            problems.push(Problem {
                place: *place,
                words: format!(
                    "`{command}` of [{}] has no key any more, `{key}` is `{thief}` now; give it another, or write {command} = false",
                    row.scope
                ),
            });
        }
    }

    /// Gives ways out that have lost their keys, or whose keys are hidden, what they had.
    fn keep_ways_out(&mut self, before: &Self, problems: &mut Vec<Problem>) {
        // What one is given back may be what another one was given: its own it gets back then.
        let twice = (0..self.rows.len()).chain(0..self.rows.len());
        for at in twice {
            let Some(row) = self.rows.get(at).filter(|row| row.is_way_out).cloned() else {
                continue;
            };
            let had = match before.rows.get(at) {
                Some(before) if !before.keys.is_empty() => &before.keys,
                Some(_) | None => &row.defaults,
            };
            let hidden = self.hidden_in(&row, before);
            if had.is_empty() || (!row.keys.is_empty() && hidden.is_empty()) {
                continue;
            }
            let mut place = row.set.or(row.lost.as_ref().map(|(place, ..)| *place));
            self.give_back(at, had);
            for scope in self.hidden_in(&row, before) {
                let taken = self.clear(scope, had);
                place = place.or(taken);
            }
            let (command, scope) = (row.command, row.scope);
            problems.push(Problem {
                place: place.unwrap_or(Place { line: 1, column: 1 }),
                words: format!(
                    "`{command}` of [{scope}] keeps {}: without there would be no way out",
                    in_words(had)
                ),
            });
        }
    }

    /// Scopes that hide every key of a command that holds everywhere, though they did not before.
    fn hidden_in(&self, row: &Row, before: &Self) -> Vec<&'static str> {
        if row.scope != everywhere::TABLE.scope {
            return Vec::new();
        }
        let hides = |plan: &Self, scope: &str| {
            let own = plan
                .rows
                .iter()
                .find(|own| (own.scope, own.command) == (row.scope, row.command));
            let in_scope = || plan.rows.iter().filter(|other| other.scope == scope);
            own.is_some_and(|own| {
                !own.keys.is_empty()
                    && own.keys.iter().all(|key| {
                        in_scope().any(|other| other.keys.iter().any(|k| k.clashes(key)))
                    })
            })
        };
        let scopes = self.without_way_out.iter().copied();
        scopes
            .filter(|scope| hides(self, scope) && !hides(before, scope))
            .collect()
    }

    /// Puts these keys in force again, beside what the command has by now.
    fn give_back(&mut self, at: usize, keys: &[Sequence]) {
        let scope = self.rows.get(at).map(|row| row.scope);
        for (other, row) in self.rows.iter_mut().enumerate() {
            if Some(row.scope) == scope {
                row.keys
                    .retain(|own| !keys.iter().any(|key| own.clashes(key)));
            }
            if other == at {
                row.keys.extend_from_slice(keys);
            }
        }
    }

    /// Takes these keys out of a scope; gives where the person's file put one of them.
    fn clear(&mut self, scope: &str, keys: &[Sequence]) -> Option<Place> {
        let mut place = None;
        for row in self.rows.iter_mut().filter(|row| row.scope == scope) {
            let had = row.keys.len();
            row.keys
                .retain(|own| !keys.iter().any(|key| own.clashes(key)));
            if row.keys.len() < had {
                place = place.or(row.set);
            }
        }
        place
    }

    /// The map.
    pub fn finish(self) -> Keymap {
        let mut map = Keymap::default();
        for row in &self.rows {
            map.add(row);
        }
        map
    }
}

/// The rows without the keys that clash with an earlier one of the same scope.
fn unambiguous(wanted: Vec<Wanted>, problems: &mut Vec<Problem>) -> Vec<Wanted> {
    let mut kept: Vec<Wanted> = Vec::new();
    let mut taken: Vec<(&'static str, Sequence, &'static str)> = Vec::new();
    for mut row in wanted {
        let (asked, scope) = (row.keys.len(), row.scope);
        row.keys.retain(|(key, place)| {
            let clash = taken
                .iter()
                .find(|(of, other, _)| *of == scope && other.clashes(key));
            let Some((_, other, command)) = clash else {
                taken.push((scope, key.clone(), row.command));
                return true;
            };
            let words = if other == key {
                format!("`{key}` is `{command}` already in [{scope}]")
            } else {
                format!(
                    "`{key}` and `{other}`, which is `{command}` in [{scope}], begin alike: one of them could never be meant"
                )
            };
            let place = *place;
            problems.push(Problem { place, words });
            false
        });
        // Left with nothing it keeps what it had.
        if asked == 0 || !row.keys.is_empty() {
            kept.push(row);
        }
    }
    kept
}

/// Whether a command is how one leaves: what Escape does, or the only thing there is.
fn is_way_out(table: &Table, command: &str) -> bool {
    if table.scope == everywhere::TABLE.scope {
        return WAYS_OUT.contains(&command);
    }
    let leaves = |keys: &[&str]| keys.contains(&"esc");
    let mut commands = table.commands.iter();
    table.commands.len() == 1 || commands.any(|known| known.name == command && leaves(known.keys))
}

fn in_words(keys: &[Sequence]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    keys.join(", ")
}
