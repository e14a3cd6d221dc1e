//! `H`: the versions of a day and of records, shown, compared, brought back.

use crate::stage::{FakeStore, PLANTED, Stage, TODAY};
use harriswildlands::app::message::Msg;
use harriswildlands::domain::ids::{RecordId, RequestId};
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::patch::Patch;
use harriswildlands::domain::subject::Subject;
use harriswildlands::store::api::{Ended, Event, Mutation, Write};
use serde_json::{Value, json};

/// A change that another program made.
fn elsewhere(stage: &mut Stage, of: Subject, fields: Value) {
    let patch = Patch::from_json(fields).unwrap();
    let write = Write {
        request: RequestId::new(),
        mutation: Mutation::set(of, RecordId::new(), patch),
    };
    stage.write_now(&write);
    stage.send(Msg::Store(Event::Recovered(Vec::new())));
}

#[test]
fn a_day_has_its_versions_and_one_comes_back_and_can_be_taken_back() {
    let mut store = FakeStore::default();
    store.put(TODAY, json!({"energy": 3, "driftCheck": PLANTED}));
    let mut stage = Stage::online(store);
    for energy in [7, 4] {
        let fields = json!({ "energy": energy });
        elsewhere(&mut stage, Subject::Log(TODAY), fields);
    }
    stage.keys("RH");
    stage.sees("History of");
    stage.sees("bruce");
    stage.does_not_see(PLANTED);
    // The first version, its private text masked until it is revealed.
    stage.keys("G<Enter>");
    stage.sees("Version 1 of");
    // The hints are those of a version, not of the list.
    stage.sees("b bring back  c compare  esc list");
    stage.does_not_see("space mark");
    stage.does_not_see(PLANTED);
    stage.keys("v");
    stage.sees(PLANTED);
    stage.keys("m<Esc>");
    // Against the one before, and against a marked one.
    stage.keys("gc");
    stage.sees("Versions 2 and 3 of");
    stage.keys("<Esc>");
    // A version that is shown is compared as it would be from the list.
    stage.keys("g<Enter>c");
    stage.sees("Versions 2 and 3 of");
    stage.sees("esc list  b bring the older one back");
    stage.keys("<Esc>");
    stage.keys("G<Space>");
    stage.keys("gc");
    stage.sees("Versions 1 and 3 of");
    stage.sees("1  3");
    stage.sees("3  4");
    stage.does_not_see(PLANTED);
    stage.keys("<Esc>");
    stage.keys("Gb");
    stage.sees("version 1 is back");
    assert_eq!(stage.stored(TODAY, "energy"), Some(json!(3)));
    stage.keys("u");
    assert_eq!(stage.stored(TODAY, "energy"), Some(json!(4)));
    stage.keys("<Esc>");
    stage.keys("q");
}

#[test]
fn an_idea_gets_its_words_back_but_no_status_that_no_move_leads_to() {
    let mut store = FakeStore::default();
    let id = store.put_record(
        Lane::Ideas,
        json!({"title": "first title", "status": "shipped", "captureMode": "quick"}),
    );
    let mut stage = Stage::online(store);
    let of = Subject::Record(Lane::Ideas, id);
    elsewhere(&mut stage, of, json!({"title": "second title"}));
    elsewhere(&mut stage, of, json!({"status": "draft"}));
    stage.show("thinkops");
    stage.keys("H");
    stage.sees("History of an idea");
    stage.keys("<Enter>");
    stage.sees("capture mode");
    stage.keys("<Esc>");
    stage.keys("Gb");
    assert_eq!(stage.store.held(id, "title"), Some(json!("first title")));
    assert_eq!(stage.store.held(id, "status"), Some(json!("draft")));
}

#[test]
fn where_no_record_is_there_is_no_history() {
    let mut stage = Stage::online(FakeStore::default());
    stage.show("thinkops");
    stage.keys("H");
    stage.sees("no record is under the cursor");
}

#[test]
fn the_cursor_stays_on_its_version_when_another_program_adds_one() {
    let mut store = FakeStore::default();
    let id = store.put_record(
        Lane::Ideas,
        json!({"title": "first", "status": "draft", "captureMode": "quick"}),
    );
    let mut stage = Stage::online(store);
    let of = Subject::Record(Lane::Ideas, id);
    for title in ["second", "third", "fourth"] {
        elsewhere(&mut stage, of, json!({ "title": title }));
    }
    stage.show("thinkops");
    let past = stage.store.past.get_mut(&of).unwrap();
    past[1].ended = Some(Ended {
        at: past[1].made_at,
        by: "bruce".to_owned(),
        deleted: true,
    });
    stage.keys("Hjj");
    stage.sees("brought back, title");
    elsewhere(&mut stage, of, json!({"title": "fifth"}));
    stage.send(Msg::Store(Event::Changed(Some("ideas".to_owned()))));
    stage.keys("b");
    stage.sees("version 2 is back");
    assert_eq!(stage.store.held(id, "title"), Some(json!("second")));
}
