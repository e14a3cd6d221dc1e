//! Finding the keys, and seeing that there is more than fits.

use crate::stage::{FakeStore, Stage, TODAY};
use jiff::civil::date;
use serde_json::json;

#[test]
fn keys_are_found_from_within_a_text_and_a_line() {
    for open in ["Gk<Enter>", "d"] {
        let mut stage = Stage::online(FakeStore::default());
        stage.resize(160, 50);
        stage.keys(open).sees("ctrl-g help");
        stage.keys("abc<C-g>").sees("take back what was typed last");
        stage.keys("<Esc>").sees("abc");
        stage.keys("<F1>").sees("Keys");
        stage.keys("G").sees("In a list of options");
        stage.keys("<Esc><Esc>");
        assert!(stage.model.layers.is_empty());
    }
}

#[test]
fn the_keys_of_texts_are_those_of_the_table() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("Gk<Enter>one two<C-w><C-u><M-b><M-d><Esc>");
    assert_eq!(stage.stored(TODAY, "topWin"), Some(json!("one")));
}

#[test]
fn help_lists_texts_lines_and_lists_too() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("?");
    stage.sees("↓");
    stage.resize(120, 120);
    for heading in [
        "LifeOps",
        "In a form",
        "Everywhere",
        "While writing a text",
        "In a line to fill in",
        "In a list of options",
    ] {
        stage.sees(heading);
    }
    stage.does_not_see("↓");
}

#[test]
fn the_help_finds_a_key_by_its_key_its_words_or_its_name() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("?/").sees("esc all");
    // By words, below the heading that they stand under; nothing of the rest.
    stage.keys("export").sees("Everywhere");
    stage.sees("export");
    stage.does_not_see("In a form");
    stage.does_not_see("next theme");
    // By a key, which is no word of the line; by a name, which is not shown.
    stage.keys("<C-u>ctrl-r").sees("make it again");
    stage.does_not_see("take back the last change");
    stage.keys("<C-u>next-screen").sees("next screen");
    stage
        .keys("<C-u>zzz")
        .sees("no key, word or command has that");
    // What is typed is text: no key of the help or of the screens applies.
    stage.keys("<C-u>q").sees("Keys");
    // Esc shows all again, and only then closes.
    stage.keys("<Esc>").sees("In a form");
    stage.keys("<Esc>");
    assert!(stage.model.layers.is_empty());
    // What is kept can be moved in, and is left the same way.
    stage.keys("?/screen<Enter>").sees("/screen");
    stage.does_not_see("In a form");
    stage.keys("<Esc>").sees("In a form");
    assert_eq!(stage.model.layers.len(), 1);
    stage.keys("<Esc>");
    assert!(stage.model.layers.is_empty());
}

#[test]
fn the_data_screen_scrolls_by_pages_and_to_its_ends() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.resize(40, 12);
    stage.show("data").sees("12 days ago");
    stage.sees("↓");
    for (down, up) in [
        ("G", "g"),
        (
            "<PgDn><PgDn><PgDn><PgDn><PgDn>",
            "<PgUp><PgUp><PgUp><PgUp><PgUp>",
        ),
    ] {
        stage.keys(down).sees("Your rows");
        stage.sees("↑");
        stage.does_not_see("↓");
        stage.keys(up).sees("12 days ago");
    }
    stage.keys("<Space>").does_not_see("12 days ago");
}

#[test]
fn a_long_text_says_that_there_is_more_of_it() {
    let mut stage = Stage::online(FakeStore::default());
    stage.resize(40, 12);
    stage.keys("Gk<Enter>");
    stage.does_not_see("↑");
    stage.keys(&"line<C-j>".repeat(20)).sees("↑");
    stage.keys("<PgUp><PgUp>").sees("↓");
}

#[test]
fn the_welcome_is_whole_on_forty_columns() {
    let mut stage = Stage::new(FakeStore::default());
    stage.greet();
    for (columns, rows) in [(40, 12), (80, 24)] {
        stage.resize(columns, rows);
        stage.sees("ledger of bruce");
        stage.sees("full form");
        stage.sees("drift check");
    }
}

#[test]
fn this_day_in_earlier_years_uses_the_rows_there_are() {
    let mut store = FakeStore::default();
    let win = format!("{} END", "a long win ".repeat(9));
    let day = json!({"topWin": win, "energy": 8, "mood": 9, "stress": 2, "focus": 4});
    store.put(date(2025, 11, 23), day);
    let mut stage = Stage::online(store);
    stage.resize(40, 12);
    stage.keys("o");
    stage.sees("END");
    stage.sees("energy 8");
}

#[test]
fn a_change_of_this_day_in_an_earlier_year_is_seen_from_today() {
    let mut store = FakeStore::default();
    store.put(date(2025, 11, 23), json!({"topWin": "a walk", "energy": 8}));
    let mut stage = Stage::online(store);
    stage.resize(40, 12);
    stage.keys("o").sees("energy 8");
    // The first field of that day, and back to today.
    stage.keys("<Enter>gg3to").sees("sleep quality 3, energy 8");
}

#[test]
fn counts_stand_beside_their_names() {
    let mut stage = Stage::new(FakeStore::with_days());
    stage.store.more_counts = vec![("imported_records".to_owned(), 12)];
    stage.connect();
    stage.resize(40, 12);
    stage.show("data").keys("G");
    stage.sees("imported   12");
    stage.sees("logs       54");
}

#[test]
fn no_part_has_two_commands_of_one_name() {
    let stage = Stage::online(FakeStore::default());
    for screen in &stage.model.screens {
        let own = screen.table();
        let tables = std::iter::once(&own).chain(screen.shared());
        let mut names: Vec<&str> = tables
            .flat_map(|table| table.commands)
            .map(|command| command.name)
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "{}: {names:?}", screen.title());
    }
}
