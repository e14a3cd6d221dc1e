//! The form of a record: the same keys as a day's log, over the whole screen.

use crate::stage::{FakeStore, PLANTED, Stage};
use harriswildlands::domain::ids::RecordId;
use harriswildlands::domain::lane::Lane;
use harriswildlands::screens::form::RecordForm;
use harriswildlands::store::error::StoreError;
use serde_json::json;

fn opened(lane: Lane, fields: serde_json::Value) -> (Stage, RecordId) {
    let mut store = FakeStore::default();
    let id = store.put_record(lane, fields);
    let mut stage = Stage::online(store);
    stage.model.layers.push(Box::new(RecordForm::new(lane, id)));
    stage.keys("<C-l>");
    (stage, id)
}

fn goal() -> (Stage, RecordId) {
    let fields = json!({ "title": "Read more", "domain": "work", "weeklyMinimum": 3 });
    opened(Lane::Goals, fields)
}

fn idea() -> (Stage, RecordId) {
    let fields = json!({ "title": PLANTED, "notes": "planted notes", "excitement": 7 });
    opened(Lane::Ideas, fields)
}

#[test]
fn a_record_is_shown_and_changed_with_the_keys_of_a_form() {
    let (mut stage, id) = goal();
    stage.sees("goal · Read more");
    stage.sees("Goal");
    stage.keys("<Enter>, slowly<Esc>");
    assert_eq!(
        stage.store.held(id, "title"),
        Some(json!("Read more, slowly"))
    );
    stage.sees("goal · Read more, slowly");
    stage.keys("j2");
    assert_eq!(stage.store.held(id, "domain"), Some(json!("family")));
    stage.keys("G<Enter>jl<Enter>");
    assert_eq!(stage.store.held(id, "dueDate"), Some(json!("2026-12-01")));
    stage.keys("q");
    assert!(stage.model.layers.is_empty());
}

#[test]
fn undo_and_redo_work_over_a_record_and_the_way_out_is_not_export() {
    let (mut stage, id) = goal();
    stage.keys("j2u");
    assert_eq!(stage.store.held(id, "domain"), Some(json!("work")));
    stage.sees("taken back");
    stage.keys("<C-r>");
    assert_eq!(stage.store.held(id, "domain"), Some(json!("family")));
    stage.keys("x<Tab>");
    stage.sees("goal · Read more");
}

#[test]
fn all_of_an_idea_is_masked_its_title_in_the_heading_too() {
    let (mut stage, _) = idea();
    stage.resize(120, 60);
    stage.sees("idea · ●●●●●●");
    stage.does_not_see(PLANTED);
    stage.does_not_see("planted notes");
    stage.keys("v").sees(PLANTED);
    stage.does_not_see("planted notes");
    stage.keys("V").sees("planted notes");
    stage.keys("m");
    stage.does_not_see(PLANTED);
}

#[test]
fn lines_of_an_idea_are_written_and_stay_masked() {
    let (mut stage, id) = idea();
    let form = RecordForm::new(Lane::Ideas, id).at("milestones");
    stage.model.layers.pop();
    stage.model.layers.push(Box::new(form));
    stage.keys("<Enter>").sees("One a line");
    stage.keys("draw it<M-Enter>build it<Esc>");
    assert_eq!(
        stage.store.held(id, "milestones"),
        Some(json!(["draw it", "build it"]))
    );
    stage.does_not_see("draw it");
    stage.keys("v").sees("build it");
}

#[test]
fn a_record_is_deleted_by_two_presses_in_a_row_and_comes_back() {
    let (mut stage, id) = goal();
    stage
        .keys("D")
        .sees("delete this goal with its check-ins? D again deletes");
    for between in ["j", "m", "<Enter><Esc>"] {
        stage.keys(between).keys("D");
        assert!(stage.store.records.contains_key(&id), "{between}");
    }
    stage.keys("D");
    assert!(!stage.store.records.contains_key(&id));
    assert!(stage.model.layers.is_empty());
    stage.sees("goal deleted; u brings it back");
    stage.keys("u").sees("taken back: goal deleted");
    assert_eq!(stage.store.held(id, "title"), Some(json!("Read more")));
}

#[test]
fn a_record_that_is_not_there_says_so_and_takes_nothing() {
    let mut stage = Stage::online(FakeStore::default());
    let form = RecordForm::new(Lane::Ideas, RecordId::new());
    stage.model.layers.push(Box::new(form));
    stage.keys("<C-l>");
    stage.sees("this idea is not there");
    stage.keys("<Enter>5<Space><Del>");
    assert!(stage.store.writes.is_empty());
}

#[test]
fn what_is_not_loaded_is_not_shown_as_empty() {
    let mut store = FakeStore::default();
    let id = store.put_record(Lane::Goals, json!({ "title": "Read", "domain": "work" }));
    let mut stage = Stage::online(store);
    stage.disconnect(StoreError::LinkLost {
        reason: "gone".to_owned(),
    });
    let form = RecordForm::new(Lane::Goals, id);
    stage.model.layers.push(Box::new(form));
    stage.keys("<C-l>");
    stage.sees("not loaded yet");
    stage.sees("…");
    stage.does_not_see("this goal is not there");
    stage.keys("j").keys("2").sees("1 unsent");
    stage.connect();
    stage.sees("Read");
}

#[test]
fn the_words_fit_a_phone() {
    for (columns, rows) in [(40, 12), (20, 6), (10, 3)] {
        let (mut stage, id) = goal();
        stage.resize(columns, rows);
        stage.keys("j3");
        assert_eq!(stage.store.held(id, "domain"), Some(json!("work")));
        assert!(stage.screen().contains("work"), "{}", stage.screen());
    }
}
