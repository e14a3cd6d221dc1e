//! Who may use whom. Reads the paths in the sources and holds the arrows of the architecture: nothing imports upward,
//! the domain and the core know neither the runtime nor the terminal library.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A module and what it may use of this package; of the store, `app` may use only its vocabulary.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain"]),
    ("transfer", &["store", "domain"]),
    ("app", &["store::api", "store::error", "domain"]),
    ("ui", &["app", "domain"]),
    (
        "screens",
        &["app", "ui", "domain", "store::api", "store::error"],
    ),
    (
        "shell",
        &["app", "screens", "ui", "store", "transfer", "domain"],
    ),
    ("cli", &["transfer", "store", "domain", "app::keymap"]),
    ("main", &["cli", "shell"]),
];

/// Crates that a module must not name.
const FOREIGN: &[(&str, &[&str])] = &[
    (
        "domain",
        &[
            "tokio",
            "tokio_postgres",
            "ratatui",
            "crossterm",
            "clap",
            "std::fs",
            "std::net",
            "std::process",
        ],
    ),
    (
        "app",
        &[
            "tokio",
            "tokio_postgres",
            "ratatui",
            "clap",
            "std::fs",
            "std::net",
            "std::process",
        ],
    ),
    (
        "ui",
        &[
            "tokio",
            "tokio_postgres",
            "std::fs",
            "std::net",
            "std::process",
        ],
    ),
    (
        "screens",
        &[
            "tokio",
            "tokio_postgres",
            "std::fs",
            "std::net",
            "std::process",
        ],
    ),
    ("store", &["ratatui", "crossterm", "clap"]),
    ("transfer", &["ratatui", "crossterm", "clap"]),
    ("cli", &["ratatui"]),
];

#[test]
fn nothing_imports_upward() {
    let mut wrong = Vec::new();
    for (module, file, text) in sources() {
        let allowed = arrows(&module);
        for path in own_paths(&text, &module) {
            let itself = path == module || path.starts_with(&format!("{module}::"));
            let below = allowed
                .iter()
                .any(|may| path == *may || path.starts_with(&format!("{may}::")));
            if !itself && !below {
                wrong.push(format!("{} uses {path}", file.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "against the arrows of the architecture:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn pure_modules_know_no_runtime_and_no_terminal() {
    let mut wrong = Vec::new();
    for (module, file, text) in sources() {
        let Some((_, foreign)) = FOREIGN.iter().find(|(name, _)| *name == module) else {
            continue;
        };
        for name in *foreign {
            if names(&text, name) {
                wrong.push(format!("{} uses {name}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_of_the_house_has_its_arrows() {
    let found: BTreeSet<String> = sources().into_iter().map(|(module, ..)| module).collect();
    let known: BTreeSet<String> = ARROWS
        .iter()
        .map(|(module, _)| (*module).to_owned())
        .collect();
    assert_eq!(
        found, known,
        "a module at the top of src/ needs a row in ARROWS, and a row needs its module"
    );
}

#[test]
fn only_the_output_of_the_command_line_and_the_last_words_of_the_shell_print() {
    for (_, file, text) in sources() {
        // The second speaks after the terminal has been given back, of what went wrong or waits.
        if file.ends_with("cli/output.rs") || file.ends_with("shell/report.rs") {
            continue;
        }
        for macro_name in [
            "println!",
            "eprintln!",
            "print!",
            "eprint!",
            "dbg!",
            "io::stderr(",
        ] {
            assert!(
                !names(&text, macro_name),
                "{} uses {macro_name}",
                file.display()
            );
        }
    }
}

#[test]
fn the_reader_of_paths_sees_what_it_must() {
    let text = "use crate::{app::{part, model::Model}, ui};\nfn f() { crate::store::api::x(); }\n// crate::shell\n";
    let found: Vec<String> = own_paths(&without_comments(text), "screens")
        .into_iter()
        .collect();
    assert_eq!(
        found,
        ["app::model::Model", "app::part", "store::api::x", "ui"]
    );
    assert!(names("use tokio::time;", "tokio") && !names("use tokio_postgres::Row;", "tokio"));
}

/// Top module, path below `src`, text without comments and without test modules.
fn sources() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut waiting = vec![root.clone()];
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let file = path.strip_prefix(&root).unwrap().to_path_buf();
                let first = file
                    .components()
                    .next()
                    .unwrap()
                    .as_os_str()
                    .to_string_lossy()
                    .into_owned();
                let module = first.trim_end_matches(".rs").to_owned();
                if module != "lib" {
                    let text = fs::read_to_string(&path).unwrap();
                    found.push((module, file, without_tests(&without_comments(&text))));
                }
            }
        }
    }
    assert!(found.len() > 50, "the sources were not found");
    found
}

fn arrows(module: &str) -> &'static [&'static str] {
    let row = ARROWS.iter().find(|(name, _)| *name == module);
    row.unwrap_or_else(|| panic!("{module} has no row in ARROWS"))
        .1
}

fn without_comments(text: &str) -> String {
    let code = text.lines().map(|line| {
        if line.trim_start().starts_with("//") {
            ""
        } else {
            line
        }
    });
    code.collect::<Vec<_>>().join("\n")
}

/// Tests may look wherever they have to. By convention their module ends a file.
fn without_tests(text: &str) -> String {
    text.split("\n#[cfg(test)]\nmod tests")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The paths that begin with `crate::`, and those of the library in `main`, without that beginning.
fn own_paths(text: &str, module: &str) -> BTreeSet<String> {
    let beginning = if module == "main" {
        "harriswildlands::"
    } else {
        "crate::"
    };
    let mut paths = BTreeSet::new();
    for (place, _) in text.match_indices(beginning) {
        if text[..place]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '$'))
        {
            continue;
        }
        expand("", &text[place + beginning.len()..], &mut paths);
    }
    paths
}

/// Adds the path or the group of paths that `rest` begins with; gives what follows it.
fn expand<'a>(before: &str, rest: &'a str, paths: &mut BTreeSet<String>) -> &'a str {
    if let Some(mut group) = rest.strip_prefix('{') {
        loop {
            group = group.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if let Some(after) = group.strip_prefix('}') {
                return after;
            }
            let after = expand(before, group, paths);
            if after.len() == group.len() {
                return after;
            }
            group = after;
        }
    }
    let end = rest
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let path = if before.is_empty() {
        name.to_owned()
    } else {
        format!("{before}::{name}")
    };
    match after.strip_prefix("::") {
        Some(deeper) if deeper.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '{') => {
            expand(&path, deeper, paths)
        }
        _ => {
            if !name.is_empty() {
                paths.insert(path);
            }
            after
        }
    }
}

/// Whether the text names this path or macro as a whole word.
fn names(text: &str, name: &str) -> bool {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let ends_in_word = word(name.chars().next_back());
    text.match_indices(name).any(|(place, _)| {
        let before = text[..place].chars().next_back();
        let after = text[place + name.len()..].chars().next();
        !word(before)
            && before != Some('.')
            && !(ends_in_word && word(after))
            && (name.contains("::")
                || !name.ends_with(char::is_alphanumeric)
                || is_path(&text[place + name.len()..], before))
    })
}

/// A crate is named where a path goes on, or in `use name;`; a field or a word of a text is not a crate.
fn is_path(after: &str, before: Option<char>) -> bool {
    after.starts_with("::") || (after.starts_with(';') && before == Some(' '))
}

/// The rows of [`ARROWS`] have no cycle: the house has a ground.
#[test]
fn the_arrows_have_no_cycle() {
    let rows: BTreeMap<&str, Vec<&str>> = ARROWS
        .iter()
        .map(|(module, uses)| {
            (
                *module,
                uses.iter()
                    .map(|path| path.split("::").next().unwrap())
                    .collect(),
            )
        })
        .collect();
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    while settled.len() < rows.len() {
        let next = rows.iter().find(|(module, uses)| {
            !settled.contains(**module) && uses.iter().all(|used| settled.contains(used))
        });
        settled.insert(next.expect("a cycle among the arrows").0);
    }
}
