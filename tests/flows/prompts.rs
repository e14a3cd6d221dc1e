//! Lines and pastes: what is taken, what is refused and how that is said.

use crate::stage::{FakeStore, Stage, TODAY};
use harriswildlands::app::message::Msg;
use serde_json::json;

#[test]
fn a_paste_on_a_text_opens_it_with_the_paste() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("Gk");
    stage.send(Msg::Paste("jjq7".to_owned()));
    stage.keys("<Esc>");
    assert_eq!(stage.stored(TODAY, "topWin"), Some(json!("jjq7")));
    stage.send(Msg::Paste("and more".to_owned()));
    stage.keys("<Esc>");
    let both = Some(json!("jjq7\nand more"));
    assert_eq!(stage.stored(TODAY, "topWin"), both);
}

#[test]
fn a_paste_elsewhere_says_where_it_goes_and_does_nothing() {
    let mut stage = Stage::online(FakeStore::default());
    stage.send(Msg::Paste("777".to_owned()));
    stage.sees("a paste goes into a text");
    stage.keys("?");
    stage.send(Msg::Paste("777".to_owned()));
    stage.sees("nothing here takes a paste");
    assert!(stage.store.writes.is_empty());
}

#[test]
fn a_key_without_a_meaning_is_told_once() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("z");
    stage.sees("no such key here; ? shows all");
    stage.keys("?<Esc>z");
    stage.does_not_see("no such key here");
}

#[test]
fn a_number_takes_a_comma_and_is_refused_by_its_name() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("fg7,5<Enter>");
    assert_eq!(stage.stored(TODAY, "sleepHours"), Some(json!(7.5)));
    stage.keys("k<Enter><C-u>30<Enter>");
    stage.sees("sleep is 0–24 h, got 30");
    stage.does_not_see("sleepHours");
    stage.does_not_see("give a number");
    stage.keys("<Esc>j0");
    stage.keys("<Esc>");
}

#[test]
fn ctrl_u_empties_a_line() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("d2026-01-0<C-u>2026/11/20<Enter>");
    stage.sees("Fri 20 Nov · 3 days ago");
}

#[test]
fn an_empty_date_closes_and_an_untouched_number_writes_nothing() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("d<Enter>");
    assert!(stage.model.layers.is_empty());
    stage.keys("fg<Enter><Enter>");
    assert!(stage.model.layers.is_empty());
    assert!(stage.store.writes.is_empty());
}

#[test]
fn dates_are_whole_and_mistakes_are_told_whole_on_forty_columns() {
    let mut stage = Stage::online(FakeStore::default());
    stage.resize(40, 12);
    stage.keys("d");
    for word in ["2026-11-23,", "11-23,", "-3,"] {
        stage.sees(word);
    }
    stage.keys("whenever<Enter>");
    stage.sees("is not a date");
    stage.sees("-3 or mon");
}

#[test]
fn what_a_paste_left_out_is_said_in_words() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("Gk");
    stage.send(Msg::Paste("bell \u{7} and \u{1b}[31mred".to_owned()));
    stage.sees("pasted 17 characters; 2 control characters left out");
}
