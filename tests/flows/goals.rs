//! Check-ins, and the going and coming of goals, by keys.

use harriswildlands::app::effect::TimerId;
use harriswildlands::domain::ids::RecordId;
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::search::Area;
use harriswildlands::store::error::StoreError;
use jiff::ToSpan as _;
use serde_json::{Value, json};

use crate::stage::{FakeStore, PLANTED, Stage, TODAY};

/// The Goals screen with this goal alone.
fn with_goal(more: &Value) -> (Stage, RecordId) {
    let mut store = FakeStore::default();
    let goal = store.put_goal("Run", "health", more);
    (on_goals(store), goal)
}

fn on_goals(store: FakeStore) -> Stage {
    let mut stage = Stage::online(store);
    stage.show("goals");
    stage
}

/// The check-in of a goal so many days before today.
fn of_day(stage: &Stage, goal: RecordId, back: i64) -> Option<RecordId> {
    let date = TODAY.saturating_sub(back.days());
    let mut all = stage.store.records.values();
    all.find(|one| {
        one.lane == Lane::CheckIns
            && one.reference("goalId") == Some(goal)
            && one.date("date") == Some(date)
    })
    .map(|one| one.id)
}

fn held(stage: &Stage, goal: RecordId, back: i64, key: &str) -> Option<Value> {
    stage.store.held(of_day(stage, goal, back)?, key)
}

#[test]
fn a_key_checks_in_and_again_takes_it_back() {
    let (mut stage, goal) = with_goal(&json!({ "weeklyMinimum": 4 }));
    stage.sees("0 of 4");
    stage.sees("no check-in");
    stage.keys("<Space>");
    assert_eq!(held(&stage, goal, 0, "completed"), Some(json!(true)));
    stage.sees("1 of 4");
    stage.keys("<Space>");
    stage.sees("taken back");
    assert_eq!(of_day(&stage, goal, 0), None);
    stage.keys("u");
    assert_eq!(held(&stage, goal, 0, "completed"), Some(json!(true)));
    stage.sees("1 of 4");
}

#[test]
fn an_earlier_day_is_checked_in_on_its_own_date() {
    let (mut stage, goal) = with_goal(&json!({ "weeklyMinimum": 4 }));
    stage.keys("[h<Space>");
    assert!(of_day(&stage, goal, 2).is_some());
    assert_eq!(of_day(&stage, goal, 0), None);
    stage.sees("16 Nov to 22 Nov");
    stage.keys("]]]");
    stage.sees("23 Nov to 29 Nov");
    stage.keys("{{<Space>");
    assert!(of_day(&stage, goal, 14).is_some());
    stage.keys("d-5<Enter><Space>");
    assert!(of_day(&stage, goal, 5).is_some());
    stage.keys("t<Space>");
    assert!(of_day(&stage, goal, 0).is_some());
    stage.keys("dtomorrow<Enter>").sees("has not come yet");
}

#[test]
fn digits_are_the_score_of_a_day_and_ten_is_zero() {
    let (mut stage, goal) = with_goal(&json!({}));
    stage.keys("7");
    assert_eq!(held(&stage, goal, 0, "completed"), Some(json!(true)));
    assert_eq!(held(&stage, goal, 0, "score"), Some(json!(7)));
    stage.keys("0");
    assert_eq!(held(&stage, goal, 0, "score"), Some(json!(10)));
    stage.sees("done, score 10");
    // One that holds more than its being done is asked about.
    stage.keys("<Space>").sees("has a score");
    stage.keys("j<Space>").sees("has a score");
    stage.keys("<Space>");
    assert_eq!(of_day(&stage, goal, 0), None);
}

#[test]
fn a_no_is_written_down_and_is_not_a_missing_day() {
    let (mut stage, goal) = with_goal(&json!({}));
    stage.keys("!").sees("not done");
    assert_eq!(held(&stage, goal, 0, "completed"), Some(json!(false)));
    stage.keys("<BS>");
    assert_eq!(of_day(&stage, goal, 0), None);
    stage.keys("!<Space>");
    assert_eq!(held(&stage, goal, 0, "completed"), Some(json!(true)));
}

#[test]
fn minutes_are_typed_at_once_in_every_form() {
    let (mut stage, goal) = with_goal(&json!({ "targetType": "duration", "weeklyMinimum": 150 }));
    stage.keys("1h05<Enter>");
    assert_eq!(held(&stage, goal, 0, "amount"), Some(json!(65.0)));
    stage.sees("65 of 150 min");
    stage.sees("85 min left");
    stage.keys("<Space>").sees("65");
    stage.keys("<C-u>1:30<Enter>");
    assert_eq!(held(&stage, goal, 0, "amount"), Some(json!(90.0)));
    stage.keys("9x<Enter>").sees("is not a duration");
    stage.keys("<Esc>");
    assert_eq!(held(&stage, goal, 0, "amount"), Some(json!(90.0)));
    stage.keys("s8<Enter>").sees("90 min, score 8");
    stage
        .keys("s<C-u>11<Enter>")
        .sees("whole number from 1 to 10");
    stage.keys("<C-u><Enter>");
    assert_eq!(held(&stage, goal, 0, "score"), None);
}

#[test]
fn several_goals_in_a_row_are_a_few_keys() {
    let mut store = FakeStore::default();
    let titles = ["Alpha", "Beta", "Gamma", "Delta"];
    let goals = titles.map(|title| {
        let kind = if title == "Beta" {
            "duration"
        } else {
            "binary"
        };
        store.put_goal(title, "health", &json!({ "targetType": kind }))
    });
    let mut stage = on_goals(store);
    stage.resize(40, 12);
    // By title: Alpha, Beta, Delta, Gamma.
    stage.keys("<Space>j45<Enter>j7j<Space>");
    assert!(goals.iter().all(|goal| of_day(&stage, *goal, 0).is_some()));
    assert_eq!(held(&stage, goals[1], 0, "amount"), Some(json!(45.0)));
    assert_eq!(held(&stage, goals[3], 0, "score"), Some(json!(7)));
}

#[test]
fn a_note_is_masked_only_where_the_domain_is_private() {
    for (domain, private) in [("faith", true), ("family", true), ("health", false)] {
        let mut store = FakeStore::default();
        let goal = store.put_goal("Goal", domain, &json!({}));
        let mut stage = on_goals(store);
        stage.keys("w").sees("no check-in on this day");
        stage.keys("<Space>w").keys(PLANTED).keys("<Esc>");
        assert_eq!(held(&stage, goal, 0, "note"), Some(json!(PLANTED)));
        stage.after(121, TimerId::Mask);
        if private {
            stage.does_not_see(PLANTED);
            stage.keys("v").sees(PLANTED);
            stage.keys("m").does_not_see(PLANTED);
        } else {
            stage.sees(PLANTED);
        }
    }
}

#[test]
fn a_goal_is_made_of_three_answers() {
    let mut stage = on_goals(FakeStore::default());
    stage.sees("makes a goal");
    stage.keys("aRead aloud<Enter>2").sees("weekly minimum");
    stage.keys("9<Enter>").sees("a week has 7 days");
    stage.keys("<C-u>2h30<Enter>");
    let (_, goal) = stage.store.records.iter().next().unwrap();
    for (key, value) in [
        ("title", json!("Read aloud")),
        ("domain", json!("family")),
        ("targetType", json!("duration")),
        ("weeklyMinimum", json!(150)),
        ("status", json!("active")),
    ] {
        assert_eq!(stage.store.held(goal.id, key), Some(value), "{key}");
    }
    stage.sees("0 of 150 min");
    // Left half-way, nothing is made.
    stage.keys("aX<Enter><Esc>a<Enter>aY<Esc>");
    assert_eq!(stage.store.records.len(), 1);
}

#[test]
fn paused_and_archived_goals_are_kept_apart() {
    let (mut stage, goal) = with_goal(&json!({}));
    let status = |stage: &Stage| stage.store.held(goal, "status").unwrap();
    stage.keys("p");
    assert_eq!(status(&stage), json!("paused"));
    stage.does_not_see("0 of 1");
    stage.keys("f").sees("paused goals");
    stage.sees("0 of 1");
    stage.keys("p");
    assert_eq!(status(&stage), json!("active"));
    stage.keys("fA");
    assert_eq!(status(&stage), json!("active"), "nothing is listed there");
    stage.keys("fA");
    assert_eq!(status(&stage), json!("archived"));
    stage.keys("ff").sees("archived goals");
    stage.sees("0 of 1");
    stage.keys("A");
    assert_eq!(status(&stage), json!("active"));
    stage.keys("u");
    assert_eq!(status(&stage), json!("archived"));
}

#[test]
fn a_deleted_goal_comes_back_with_its_check_ins() {
    let (mut stage, goal) = with_goal(&json!({}));
    stage
        .keys("<Space>D")
        .sees("delete this goal with its check-ins?");
    stage.keys("jDj");
    assert!(stage.store.records.contains_key(&goal), "asked anew");
    stage.keys("DD").sees("goal deleted");
    assert!(stage.store.records.is_empty());
    stage.keys("u");
    assert!(stage.store.records.contains_key(&goal));
    assert!(of_day(&stage, goal, 0).is_some());
    stage.keys("j").sees("Run");
    stage.sees("1 of 1");
}

#[test]
fn without_a_database_check_ins_wait_and_are_shown() {
    let (mut stage, goal) = with_goal(&json!({ "weeklyMinimum": 2 }));
    stage.disconnect(StoreError::LinkLost {
        reason: "gone".to_owned(),
    });
    stage.keys("<Space>");
    stage.sees("1 of 2");
    stage.sees("1 unsent");
    assert_eq!(of_day(&stage, goal, 0), None);
}

#[test]
fn the_year_of_a_goal_opens_and_closes() {
    let mut stage = on_goals(FakeStore::with_days());
    stage.keys("jY").sees("Dinner with all of us");
    stage.sees("weeks in a row");
    stage.keys("<Esc>");
    assert!(stage.model.layers.is_empty());
}

#[test]
fn all_fields_of_a_goal_are_edited_in_its_form() {
    let (mut stage, goal) = with_goal(&json!({}));
    stage.keys("e").sees("weekly minimum");
    stage.keys("jjjj4<Enter>");
    assert_eq!(stage.store.held(goal, "weeklyMinimum"), Some(json!(4)));
    stage.keys("<Esc>").sees("0 of 4");
}

#[test]
fn what_was_found_elsewhere_is_shown_in_its_place() {
    let mut store = FakeStore::with_hits();
    let goal = store.put_goal("Old course", "work", &json!({ "status": "archived" }));
    let check_in = store.put_check_in(goal, 40, &json!({}));
    for (area, id) in [(Lane::Goals, goal), (Lane::CheckIns, check_in)] {
        for hit in &mut store.hits {
            if hit.area == Area::Lane(area) {
                hit.id = id;
            }
        }
    }
    let mut stage = Stage::online(store);
    stage.keys("/lesson<Down><Down><Enter>");
    stage.sees("archived goals");
    stage.sees("Old course");
    stage.sees("Wed 14 Oct, 40 days ago: done");
    let mut stage = Stage::online(FakeStore::with_hits());
    stage.keys("/lesson<Down><Down><Enter>");
    stage.sees("this check-in is no longer there");
}

#[test]
fn a_day_before_the_goal_begins_is_kept_with_a_word() {
    let (mut stage, goal) = with_goal(&json!({ "weeklyMinimum": 4, "startDate": "2026-11-23" }));
    stage.resize(120, 30);
    stage.keys("[<Space>");
    stage.sees("kept, but not counted: the goal begins on Mon 23 Nov 2026");
    assert_eq!(held(&stage, goal, 1, "completed"), Some(json!(true)));
}

#[test]
fn weeks_in_a_row_stand_beside_the_present_week_alone() {
    let mut store = FakeStore::default();
    let goal = store.put_goal("Run", "health", &json!({ "weeklyMinimum": 1 }));
    for back in [7, 14] {
        let date = TODAY.saturating_sub(back.days()).to_string();
        let fields = json!({ "goalId": goal.to_string(), "date": date, "completed": true });
        store.put_record(Lane::CheckIns, fields);
    }
    let mut stage = on_goals(store);
    stage.resize(60, 24);
    stage.sees("2 weeks in a row");
    stage.keys("{").does_not_see("weeks in a row");
}
