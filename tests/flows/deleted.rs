//! What was deleted comes back from the Data screen, with what went with it.

use crate::stage::{FakeStore, PLANTED, Stage};
use harriswildlands::app::message::Msg;
use harriswildlands::domain::ids::{RecordId, RequestId};
use harriswildlands::domain::lane::Lane;
use harriswildlands::store::api::{Event, Mutation, RecordChange, Write};
use serde_json::json;

fn delete(stage: &mut Stage, lane: Lane, id: RecordId) {
    let change = RecordChange::Delete;
    let write = Write {
        request: RequestId::new(),
        mutation: Mutation::Record { lane, id, change },
    };
    stage.write_now(&write);
    stage.send(Msg::Store(Event::Recovered(Vec::new())));
}

#[test]
fn a_goal_comes_back_with_its_check_ins_and_an_idea_is_masked_until_revealed() {
    let mut store = FakeStore::default();
    let goal = store.put_record(Lane::Goals, json!({"title": "Run", "domain": "health"}));
    for day in 1..4 {
        let date = format!("2026-11-{day:02}");
        store.put_record(Lane::CheckIns, json!({"goalId": goal, "date": date}));
    }
    let idea = store.put_record(Lane::Ideas, json!({"title": PLANTED}));
    let mut stage = Stage::online(store);
    delete(&mut stage, Lane::Goals, goal);
    delete(&mut stage, Lane::Ideas, idea);
    stage.keys("<BackTab>b");
    stage.sees("Deleted records");
    stage.sees("goal Run, with 3 check-ins");
    stage.does_not_see(PLANTED);
    // The idea was made last, so it is first here.
    stage.keys("v");
    stage.sees(PLANTED);
    stage.keys("j<Enter>");
    stage.sees("goal is back, with 3 check-ins");
    assert_eq!(stage.store.records.len(), 4);
    stage.does_not_see("goal Run");
    stage.keys("<Enter>");
    assert_eq!(stage.store.records.len(), 5);
    stage.sees("Nothing was deleted.");
    stage.keys("q");
    stage.keys("u");
    assert_eq!(stage.store.records.len(), 4);
}

#[test]
fn the_cursor_stays_on_its_record_and_the_end_of_what_is_listed_is_not_the_end() {
    let mut store = FakeStore::default();
    let goals: Vec<RecordId> = (0..205)
        .map(|number| {
            let title = format!("goal {number}");
            store.put_record(Lane::Goals, json!({"title": title, "domain": "health"}))
        })
        .collect();
    let mut stage = Stage::online(store);
    let (last, others) = goals.split_last().unwrap();
    for goal in others {
        delete(&mut stage, Lane::Goals, *goal);
    }
    stage.keys("<BackTab>bj");
    stage.sees("▸ goal goal 202");
    // Another program deletes one more: it stands first.
    delete(&mut stage, Lane::Goals, *last);
    stage.send(Msg::Store(Event::Changed(Some("goals".to_owned()))));
    stage.sees("goal goal 204");
    stage.sees("▸ goal goal 202");
    stage.keys("<Enter>");
    assert!(stage.store.records.contains_key(&goals[202]));
    stage.keys(&"j".repeat(205));
    stage.sees("▸ goal goal 0");
    stage.keys("<Enter>");
    assert!(stage.store.records.contains_key(&goals[0]));
}
