//! The mouse, where it is listened to: a click moves the cursor to the row, or brings a screen to the front.

use crate::stage::{FakeStore, PLANTED, Stage, TODAY};
use harriswildlands::app::message::Msg;
use harriswildlands::domain::lane::Lane;
use serde_json::json;

/// With the mouse listened to.
fn stage(store: FakeStore) -> Stage {
    let mut stage = Stage::online(store);
    stage.model.world.settings.mouse = true;
    stage
}

/// Presses the mouse on the first letter of this text.
#[track_caller]
fn click(stage: &mut Stage, on: &str) {
    let screen = stage.screen();
    let place = screen.lines().enumerate().find_map(|(row, line)| {
        let (before, _) = line.split_once(on)?;
        Some((before.chars().count(), row))
    });
    let (column, row) = place.unwrap_or_else(|| panic!("{on:?} is not in\n{screen}"));
    let place = |at: usize| u16::try_from(at).unwrap();
    stage.send(Msg::Click(place(column), place(row)));
}

#[track_caller]
fn is_on(stage: &Stage, text: &str) {
    let screen = stage.screen();
    let marked = screen
        .lines()
        .any(|line| line.split('▸').skip(1).any(|behind| behind.contains(text)));
    assert!(marked, "the cursor is not on {text:?} in\n{screen}");
}

#[test]
fn a_click_on_a_tab_brings_its_screen_to_the_front() {
    for size in [(160, 50), (80, 24)] {
        let mut stage = stage(FakeStore::with_days());
        stage.resize(size.0, size.1);
        click(&mut stage, "Goals");
        assert_eq!(stage.model.active, 2);
        click(&mut stage, "Data");
        let data = stage.model.screens.len() - 1;
        assert_eq!(stage.model.active, data);
        click(&mut stage, "1 Life");
        assert_eq!(stage.model.active, 0);
    }
    // By its number alone, where there is no room for names.
    let mut stage = stage(FakeStore::with_days());
    stage.resize(40, 12);
    click(&mut stage, "3 4");
    assert_eq!(stage.model.active, 2);
}

#[test]
fn what_was_revealed_is_masked_when_a_click_leaves_the_screen() {
    let mut store = FakeStore::default();
    store.put_idea(1, json!({"title": PLANTED, "status": "draft"}));
    let mut stage = stage(store);
    stage.show("thinkops").keys("V").sees(PLANTED);
    click(&mut stage, "Goals");
    click(&mut stage, "2 Think");
    stage.does_not_see(PLANTED);
}

#[test]
fn a_click_moves_the_cursor_of_a_form() {
    let mut stage = stage(FakeStore::with_days());
    is_on(&stage, "sleep quality");
    click(&mut stage, "exercise");
    is_on(&stage, "exercise");
    // Beside the rows nothing happens.
    stage.send(Msg::Click(1, 22));
    is_on(&stage, "exercise");
    let before = stage.stored(TODAY, "exercise");
    stage.keys("<Space>");
    assert_ne!(stage.stored(TODAY, "exercise"), before);
}

#[test]
fn a_click_moves_the_cursor_of_a_list_and_nothing_jumps() {
    let mut store = FakeStore::default();
    for number in 10..90 {
        store.put_record(
            Lane::Content,
            json!({"title": format!("piece {number}"), "type": "website", "template": "landing page", "status": "draft"}),
        );
    }
    let mut stage = stage(store);
    stage.show("wildlands").keys("jjjjjjjjjjjjjjjjjjjjjjjjj");
    let before = stage.screen();
    let line = before.lines().nth(10).unwrap();
    let title = line.split("piece ").nth(1).unwrap().get(..2).unwrap();
    let title = format!("piece {title}");
    click(&mut stage, &title);
    is_on(&stage, &title);
    let bare = |text: &str| text.replace(['▸', '↑', '↓'], " ");
    assert_eq!(bare(&stage.screen()), bare(&before));
    stage.keys("j").keys("k");
    is_on(&stage, &title);
    stage.keys("<Enter>").sees(&title);
}

#[test]
fn a_click_finds_ideas_in_groups_and_in_columns_and_goals_in_their_week() {
    for columns in [80, 160] {
        let mut store = FakeStore::default();
        store.put_idea(1, json!({"title": "one", "status": "draft"}));
        let wanted = store.put_idea(2, json!({"title": "two", "status": "shipped"}));
        let mut stage = stage(store);
        stage.resize(columns, 40);
        stage.show("thinkops").keys("V").sees("two");
        click(&mut stage, "two");
        let front = stage.model.front().unwrap();
        let subjects = front.subjects(&stage.model.world);
        assert_eq!(
            subjects,
            [harriswildlands::domain::subject::Subject::Record(
                Lane::Ideas,
                wanted
            )]
        );
    }
    let mut store = FakeStore::default();
    store.put_goal("Run", "health", &json!({}));
    store.put_goal("Read", "work", &json!({}));
    let mut stage = stage(store);
    stage.show("goals");
    for goal in ["Read", "Run", "Read"] {
        click(&mut stage, goal);
        is_on(&stage, goal);
    }
}

#[test]
fn a_popup_has_the_clicks_to_itself_and_a_text_is_not_left_by_one() {
    let mut stage = stage(FakeStore::with_days());
    stage.keys(",");
    click(&mut stage, "idle cover minutes");
    is_on(&stage, "idle cover minutes");
    let goals = stage
        .screen()
        .lines()
        .next()
        .unwrap()
        .find("Goals")
        .unwrap();
    stage.send(Msg::Click(u16::try_from(goals).unwrap(), 0));
    assert_eq!(stage.model.active, 0);
    stage.keys("<Esc>Gk<Enter>abc");
    stage.send(Msg::Click(u16::try_from(goals).unwrap(), 0));
    stage.sees("abc");
    assert_eq!((stage.model.active, stage.model.layers.len()), (0, 1));
    stage.keys("<Esc>:");
    stage.keys("theme");
    click(&mut stage, "settings");
    is_on(&stage, "settings");
}

#[test]
fn where_the_mouse_is_not_listened_to_a_click_means_nothing() {
    let mut stage = Stage::online(FakeStore::with_days());
    click(&mut stage, "Goals");
    click(&mut stage, "stress");
    assert_eq!(stage.model.active, 0);
    is_on(&stage, "sleep quality");
    // Nor does one on the curtain.
    stage.model.world.settings.mouse = true;
    stage.keys("L").sees("covered");
    stage.send(Msg::Click(12, 0));
    stage.sees("covered");
}
