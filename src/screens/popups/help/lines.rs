//! What the help says: a heading and the keys of each table, all of them or those that are looked for.

use crate::app::command::Table;
use crate::app::everywhere;
use crate::app::world::World;
use crate::ui::width;

/// One line of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Heading(String),
    Key(Entry),
    Blank,
}

/// A command with its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its name, by which the palette and `keymap.toml` call it.
    name: &'static str,
    /// Those in force, in few letters.
    pub keys: String,
    pub words: String,
    /// Every key in force.
    all_keys: Vec<String>,
}

impl Entry {
    /// Whether one of its keys is this, or its name or its words have it.
    fn has(&self, asked: &str) -> bool {
        let is_key = |key: &String| key == asked || key.split(' ').any(|part| part == asked);
        let small = asked.to_lowercase();
        self.all_keys.iter().any(is_key)
            || self.name.contains(&small)
            || self.words.to_lowercase().contains(&small)
    }
}

/// The keys of these scopes first, then those that work everywhere, then those of texts, lines and lists, which
/// nobody could ask for while they are open and wanted.
pub(super) fn lines(world: &World, scopes: &[&'static str]) -> Vec<Line> {
    let mut lines = Vec::new();
    let of = |scope: &&str| world.tables.iter().find(|table| table.scope == *scope);
    let other = |scope: &&&str| !scopes.contains(*scope);
    let tables = scopes.iter().filter_map(of);
    let tables = tables
        .chain([&everywhere::TABLE])
        .chain(TYPING.iter().filter(other).filter_map(of));
    for table in tables {
        if !lines.is_empty() {
            lines.push(Line::Blank);
        }
        lines.push(Line::Heading(heading(table.scope, scopes)));
        lines.extend(entries(world, table));
    }
    lines
}

fn entries(world: &World, table: &Table) -> impl Iterator<Item = Line> {
    table.commands.iter().map(|command| {
        let all_keys = world.keymap.keys(table.scope, command.name);
        Line::Key(Entry {
            name: command.name,
            keys: shorten(&all_keys),
            words: command.words.to_owned(),
            all_keys,
        })
    })
}

/// The lines that have each of these words, below their headings; all of them where nothing is asked.
pub(super) fn found(lines: &[Line], asked: &str) -> Vec<Line> {
    let asked: Vec<&str> = asked.split_whitespace().collect();
    if asked.is_empty() {
        return lines.to_vec();
    }
    let mut found = Vec::new();
    let mut heading = None;
    for line in lines {
        match line {
            Line::Heading(_) => heading = Some(line),
            Line::Key(entry) if asked.iter().all(|asked| entry.has(asked)) => {
                if let Some(heading) = heading.take() {
                    if !found.is_empty() {
                        found.push(Line::Blank);
                    }
                    found.push(heading.clone());
                }
                found.push(line.clone());
            }
            Line::Key(_) | Line::Blank => {}
        }
    }
    found
}

/// The lines with their words wrapped to this many columns.
pub(super) fn wrapped(lines: Vec<Line>, columns: usize) -> Vec<Line> {
    let mut wrapped = Vec::new();
    for line in lines {
        let Line::Key(entry) = line else {
            wrapped.push(line);
            continue;
        };
        let rows = width::wrap(&entry.words, columns.max(8));
        for (at, range) in rows.into_iter().enumerate() {
            let keys = if at == 0 {
                entry.keys.clone()
            } else {
                String::new()
            };
            let words = entry.words.get(range).unwrap_or_default().to_owned();
            wrapped.push(Line::Key(Entry {
                keys,
                words,
                ..entry.clone()
            }));
        }
    }
    wrapped
}

/// Scopes whose keys every help shows.
const TYPING: [&str; 3] = ["text", "line", "picker"];

pub(in crate::screens::popups) fn heading(scope: &str, from: &[&str]) -> String {
    match scope {
        "everywhere" if from.iter().any(|from| TYPING.contains(from)) => {
            "On the screens".to_owned()
        }
        "everywhere" => "Everywhere".to_owned(),
        "text" => "While writing a text".to_owned(),
        "line" => "In a line to fill in".to_owned(),
        "palette" => "In the palette".to_owned(),
        "picker" => "In a list of options".to_owned(),
        "help-filter" => "While the help is filtered".to_owned(),
        "lifeops" => "LifeOps".to_owned(),
        "form" => "In a form".to_owned(),
        "record" => "In the form of a record".to_owned(),
        "list" => "In a list of records".to_owned(),
        other => {
            let mut chars = other.chars();
            chars
                .next()
                .map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
        }
    }
}

/// `0-9` instead of ten digits, `alt-1…8` instead of eight numbers.
fn shorten(keys: &[String]) -> String {
    let digits = |key: &&String| key.len() == 1 && key.starts_with(|c: char| c.is_ascii_digit());
    match keys.iter().filter(digits).count() {
        10 => return "0-9".to_owned(),
        9 => return "1-9".to_owned(),
        _ => {}
    }
    if keys.first().is_some_and(|key| key == "alt-1") {
        return "alt-1 … f1 …".to_owned();
    }
    keys.join(" ")
}
