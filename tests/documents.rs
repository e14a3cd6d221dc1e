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
use harriswildlands::app::world::{Settings, World};
use harriswildlands::domain::form::LogForm;
use harriswildlands::screens;
use jiff::Timestamp;
use jiff::tz::TimeZone;

fn place(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Every command of every table with its keys, as Markdown.
fn keys() -> String {
    let now = Now {
        instant: Timestamp::UNIX_EPOCH,
        zone: TimeZone::UTC,
    };
    let world = World::new(now, Arc::new(LogForm::builtin()), Settings::default());
    let model = screens::model(world).unwrap();
    let mut text = String::from(
        "# Keys\n\nMade from the program's own tables by `WRITE_DOCUMENTS=1 cargo test --test documents`; \
         `?` shows the same in the program.\n",
    );
    for table in &model.world.tables {
        write!(text, "\n## {}\n\n| keys | do |\n|---|---|\n", table.scope).unwrap();
        for command in table.commands {
            let keys = model.world.keymap.keys(table.scope, command.name);
            let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            let words = command.words.replace('|', "\\|");
            writeln!(text, "| {} | {words} |", keys.join(" ")).unwrap();
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
fn every_setting_is_in_the_documents_with_its_key() {
    let text = fs::read_to_string(place("docs/configuration.md")).unwrap();
    for setting in harriswildlands::domain::setting::Setting::ALL {
        let key = setting.key();
        assert!(text.contains(&format!("| `{key}` |")), "{key}");
    }
}
