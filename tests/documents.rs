//! Documents that are made from the program itself: they say what the program does, or this fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use harriswildlands::app::message::Now;
use harriswildlands::app::model::Model;
use harriswildlands::app::world::{Settings, World};
use harriswildlands::domain::form::LogForm;
use harriswildlands::screens::{self, Tui};
use jiff::Timestamp;
use jiff::tz::TimeZone;

fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn model() -> Model<Tui> {
    let now = Now {
        instant: Timestamp::UNIX_EPOCH,
        zone: TimeZone::UTC,
    };
    let world = World::new(now, Arc::new(LogForm::builtin()), Settings::default());
    screens::model(world).unwrap()
}

/// Every command of every table with its keys in each set of keys, as Markdown.
fn keys() -> String {
    let mut model = model();
    model.remap("preset = \"vim\"\n").unwrap();
    let vim = model.world.keymap.clone();
    model.remap("").unwrap();
    let mut text = String::from(
        "# Keys\n\nMade from the program's own tables by `WRITE_DOCUMENTS=1 cargo test --test documents`; \
         `?` shows the keys in force in the program, `wildlands keys` prints them. They are changed in \
         [`keymap.toml`](configuration.md#keymaptoml), by scope and command.\n\n\
         Two keys with a blank between are pressed one after another: while the first is pressed, a box shows \
         what may follow, and esc drops it. The set `vim` has the keys of `plain` where its column is empty.\n",
    );
    let in_words = |keys: Vec<String>| {
        let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
        keys.join(" ")
    };
    for table in &model.world.tables {
        let head = "| command | does | plain | vim |\n|---|---|---|---|\n";
        write!(text, "\n## {}\n\n{head}", table.scope).unwrap();
        for command in table.commands {
            let plain = in_words(model.world.keymap.keys(table.scope, command.name));
            let vim = in_words(vim.keys(table.scope, command.name));
            let vim = if vim == plain { "" } else { &vim };
            let (name, words) = (command.name, command.words.replace('|', "\\|"));
            writeln!(text, "| {name} | {words} | {plain} | {vim} |").unwrap();
        }
    }
    text
}

#[test]
fn the_page_of_keys_is_what_the_program_has() {
    let (path, made) = (place("docs/keys.md"), keys());
    if std::env::var_os("WRITE_DOCUMENTS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "docs/keys.md is not what the tables say: run `WRITE_DOCUMENTS=1 cargo test --test documents` and commit it"
    );
}

/// The targets of the links in a Markdown text that lead to files of this project.
fn links(text: &str) -> BTreeSet<&str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .collect()
}

#[test]
fn every_link_between_the_documents_leads_somewhere() {
    for document in [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/operations.md",
        "docs/configuration.md",
        "docs/benchmarks.md",
        "docs/goals.md",
    ] {
        let path = place(document);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{document}: {error}"));
        for link in links(&text) {
            let target = path.parent().unwrap().join(link);
            assert!(
                target.exists(),
                "{document} links to {link}, which is not there"
            );
        }
    }
}

#[test]
fn the_example_of_a_file_of_keys_has_no_mistakes() {
    let text = fs::read_to_string(place("docs/configuration.md")).unwrap();
    let example = text
        .split("```toml\n")
        .filter_map(|rest| rest.split("```").next())
        .find(|block| block.contains("[everywhere]"))
        .unwrap();
    let problems = model().remap(example).unwrap();
    assert_eq!(problems, []);
}

#[test]
fn every_setting_is_in_the_documents_with_its_key() {
    let text = fs::read_to_string(place("docs/configuration.md")).unwrap();
    for setting in harriswildlands::domain::setting::Setting::ALL {
        let key = setting.key();
        assert!(text.contains(&format!("| `{key}` |")), "{key}");
    }
}
