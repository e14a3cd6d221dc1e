//! What of the form is seen at every size.

use crate::stage::{FakeStore, Stage, TODAY};
use jiff::ToSpan;
use serde_json::json;

#[test]
fn one_row_shows_the_field_under_the_cursor() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.resize(10, 3);
    stage.keys("8");
    let row = |stage: &Stage| stage.screen().lines().nth(1).unwrap().to_owned();
    assert_eq!(row(&stage), "sle… 8");
    stage.keys("j4");
    assert_eq!(row(&stage), "ene… 4");
    stage.keys("j<Space>");
    assert!(row(&stage).ends_with("no"), "{}", row(&stage));
}

#[test]
fn the_title_says_where_in_time_a_day_is() {
    let mut stage = Stage::online(FakeStore::default());
    for (keys, title) in [
        ("", "Mon 23 Nov 2026 · today · quick"),
        ("]", "Tue 24 Nov · tomorrow · quick"),
        ("]]", "Thu 26 Nov · in 3 days · quick"),
        ("t[", "Sun 22 Nov · yesterday · quick"),
        ("d2026-11-11<Enter>", "Wed 11 Nov 2026 · 12 days ago"),
    ] {
        stage.keys(keys).sees(title);
    }
    stage.resize(40, 12);
    stage.keys("t").sees("Mon 23 Nov 2026 · today");
}

#[test]
fn the_cursor_keeps_rows_around_it() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.resize(40, 12);
    stage.keys("f");
    let at = |stage: &Stage| {
        stage
            .screen()
            .lines()
            .position(|row| row.contains('▸'))
            .unwrap()
    };
    for _ in 0..20 {
        stage.keys("j");
        assert!((3..=8).contains(&at(&stage)), "{}", stage.screen());
    }
    for _ in 0..15 {
        stage.keys("k");
        assert!((4..=8).contains(&at(&stage)), "{}", stage.screen());
    }
}

#[test]
fn a_jump_to_a_section_shows_as_much_of_it_as_fits() {
    let mut stage = Stage::online(FakeStore::default());
    stage.resize(80, 24);
    stage.keys("f}}");
    stage.sees("Frictions");
    stage.sees("excess caffeine");
    stage.keys("}}");
    stage.sees("Plan and recovery");
    stage.sees("friction upgrade");
}

#[test]
fn names_are_whole_under_the_cursor() {
    let mut stage = Stage::online(FakeStore::default());
    stage.resize(40, 12);
    stage.keys("f}j<Up>}");
    stage.keys("kk");
    stage.sees("hydration before noon");
    stage.resize(160, 50);
    stage.keys("f");
    stage.sees("sleep quality ");
    stage.sees("30 days");
    stage.resize(80, 24);
    stage.sees("30 days, 2 a bar");
}

#[test]
fn free_rows_are_for_whole_texts() {
    let mut store = FakeStore::default();
    let long = "a long text ".repeat(12);
    store.put(TODAY, json!({"topWin": format!("{long} END")}));
    let mut stage = Stage::online(store);
    stage.resize(160, 50);
    stage.sees("END");
    stage.resize(40, 12);
    stage.does_not_see("END");
}

#[test]
fn yesterdays_plan_stands_above_the_quick_form_and_is_no_answer() {
    let mut store = FakeStore::default();
    let yesterday = TODAY.saturating_sub(1.day());
    store.put(yesterday, json!({"tomorrowPriority": "Call the bank"}));
    let mut stage = Stage::online(store);
    stage.sees("planned yesterday: Call the bank");
    stage.keys("G");
    assert!(stage.store.writes.is_empty());
    stage.resize(40, 12);
    stage.keys("g");
    stage.sees("planned yesterday: Call the bank");
}

#[test]
fn hints_are_those_of_the_field_under_the_cursor() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.resize(40, 12);
    let hints = |stage: &Stage| stage.screen().lines().last().unwrap().to_owned();
    assert_eq!(hints(&stage), " j/k field  0-9 set  h/l step  ? help");
    stage.keys("jj");
    assert_eq!(hints(&stage), " j/k field  space yes/no  ? help");
    stage.keys("G");
    assert_eq!(hints(&stage), " j/k field  enter write  ? help");
    stage.keys("f").show("data").show("lifeops").keys("G");
    assert_eq!(hints(&stage), " j/k field  v reveal  ? help");
    stage.sees("(v shows it)");
    stage.keys("v");
    assert_eq!(hints(&stage), " j/k field  v mask  enter write  ? help");
    stage.resize(160, 50);
    let wide = hints(&stage);
    assert!(
        wide.contains("u undo") && wide.ends_with("? help"),
        "{wide}"
    );
    stage.show("data");
    let data = hints(&stage);
    assert!(!data.contains("reveal") && !data.contains("undo"), "{data}");
    assert!(data.contains("q quit"), "{data}");
}
