//! Dates, lists of short texts and answers that are required, in a form of a person's own.

use crate::stage::{FakeStore, Stage, TODAY};
use harriswildlands::domain::form::LogForm;
use serde_json::json;

const FORM: &str = r#"
view = "full"
[[section]]
title = "Own"
field = [
  { key = "due", label = "due", kind = "date" },
  { key = "known", label = "known", kind = "lines", prompt = "One a line." },
  { key = "name", label = "name", kind = "text", required = true },
  { key = "lane", label = "lane", kind = "choice", options = ["a", "b"], required = true },
  { key = "secretDay", label = "secret day", kind = "date", sensitive = true },
]
"#;

fn stage() -> Stage {
    let form = LogForm::parse(FORM, "log-form.toml").unwrap();
    let mut stage = Stage::with_form(FakeStore::default(), form);
    stage.connect();
    stage.keys("f");
    stage
}

#[test]
fn a_date_is_picked_typed_and_stepped() {
    let mut stage = stage();
    stage.keys("<Enter>").sees("due · Nov 2026");
    stage.keys("jl<Enter>");
    assert_eq!(stage.stored(TODAY, "due"), Some(json!("2026-12-01")));
    stage.sees("Tue 1 Dec 2026 · in 8 days");
    stage.keys("gl");
    assert_eq!(stage.stored(TODAY, "due"), Some(json!("2026-12-02")));
    stage.keys("hh");
    assert_eq!(stage.stored(TODAY, "due"), Some(json!("2026-11-30")));
    stage.keys("2").sees("tomorrow, +7");
    stage.keys("4<Enter>");
    assert_eq!(stage.stored(TODAY, "due"), Some(json!("2026-10-24")));
    stage.keys("g2026-02-31<Enter>").sees("28 days");
    stage.keys("<Esc><Del>");
    assert_eq!(stage.stored(TODAY, "due"), None);
    stage.keys("l");
    assert_eq!(stage.stored(TODAY, "due"), Some(json!("2026-11-23")));
}

#[test]
fn the_day_that_is_shown_stays_when_a_field_takes_a_date() {
    let mut stage = stage();
    stage
        .keys("<Enter>l<Enter>")
        .sees("Mon 23 Nov 2026 · today");
    stage.keys("c<Esc>").keys("g<Enter><Esc>cl<Enter>");
    stage.sees("Tue 24 Nov");
    assert_eq!(stage.stored(TODAY, "due"), Some(json!("2026-11-24")));
}

#[test]
fn lines_are_written_one_a_line_and_shown_so() {
    let mut stage = stage();
    stage.keys("j<Enter>first<M-Enter><M-Enter>  second  <Esc>");
    assert_eq!(
        stage.stored(TODAY, "known"),
        Some(json!(["first", "second"]))
    );
    stage.sees("first");
    stage.sees("second");
    stage.does_not_see("first, second");
    stage.keys("<Enter><M-Enter>third<Esc>");
    assert_eq!(
        stage.stored(TODAY, "known"),
        Some(json!(["first", "second", "third"]))
    );
    stage.keys("u");
    assert_eq!(
        stage.stored(TODAY, "known"),
        Some(json!(["first", "second"]))
    );
    stage.keys("<Del>");
    assert_eq!(stage.stored(TODAY, "known"), None);
}

#[test]
fn what_is_required_is_changed_but_not_cleared() {
    let mut stage = stage();
    stage.keys("jj<Enter>me<Esc>");
    stage.keys("<Del>").sees("name is required");
    stage.keys("<Enter><C-u><C-w><Esc>");
    stage.sees("name is required");
    stage.keys("you<Esc>");
    assert_eq!(stage.stored(TODAY, "name"), Some(json!("you")));
    stage.keys("j<Space><Space><Space>");
    assert_eq!(stage.stored(TODAY, "lane"), Some(json!("a")));
    stage.keys("<Enter><Space><Enter>");
    assert_eq!(stage.stored(TODAY, "lane"), Some(json!("a")));
}

#[test]
fn a_private_date_is_not_told_by_its_calendar() {
    let mut stage = stage();
    stage.keys("G<Enter>jj<Enter>");
    assert_eq!(stage.stored(TODAY, "secretDay"), Some(json!("2026-12-07")));
    stage.does_not_see("2026-12-07");
    stage.does_not_see("7 Dec");
    stage.keys("<Enter>").sees("Nov 2026");
    stage.keys("<Esc>v").sees("Mon 7 Dec 2026");
    stage.keys("<Enter>").sees("Dec 2026");
}
