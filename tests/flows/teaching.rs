//! Teaching, every action by keys.

use harriswildlands::app::effect::Effect;
use harriswildlands::app::message::Msg;
use harriswildlands::domain::document::{Document, Paper};
use harriswildlands::domain::ids::RecordId;
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::secret::Exit;
use serde_json::{Value, json};

use super::stage::{FakeStore, PLANTED, Stage};

/// The screen of this name in front.
pub fn in_front(store: FakeStore, name: &str) -> Stage {
    let mut stage = Stage::online(store);
    stage.show(name);
    stage
}

fn lesson() -> Value {
    json!({
        "subject": "Maths", "topic": "Adding fractions", "durationMinutes": 45,
        "format": "lesson plan", "assessmentType": "quiz", "materials": "strips\nwhiteboard",
        "studentProfile": PLANTED,
    })
}

fn one(fields: Value) -> (Stage, RecordId) {
    let mut store = FakeStore::default();
    let id = store.put_record(Lane::Teaching, fields);
    (in_front(store, "teaching"), id)
}

fn only(stage: &Stage) -> RecordId {
    let mut all = stage.store.records.values().map(|record| record.id);
    let first = all.next().expect("a record");
    assert_eq!(all.next(), None);
    first
}

pub fn written(stage: &Stage) -> Document {
    let document = stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::Write(document) => Some(document.clone()),
        _ => None,
    });
    document.expect("a document")
}

#[test]
fn a_request_is_typed_in_one_go() {
    let mut stage = in_front(FakeStore::default(), "teaching");
    stage.resize(40, 12);
    stage.sees("n begins one");
    stage.keys("nMaths<Enter><Enter>Adding fractions<C-s>");
    let id = only(&stage);
    assert_eq!(stage.store.held(id, "subject"), Some(json!("Maths")));
    assert_eq!(
        stage.store.held(id, "topic"),
        Some(json!("Adding fractions"))
    );
    assert_eq!(stage.store.held(id, "status"), Some(json!("requested")));
}

#[test]
fn a_plan_is_made_checked_and_replaced_only_by_the_same_key_again() {
    let (mut stage, id) = one(lesson());
    stage.keys("p");
    stage.sees("planned: 45 minutes");
    assert_eq!(stage.store.held(id, "plan.youDoMinutes"), Some(json!(15)));
    assert_eq!(
        stage.store.held(id, "status"),
        Some(json!("requested")),
        "no status changes itself"
    );
    stage.keys("p");
    stage.sees("the plan is what the template gives");

    stage.keys("c");
    stage.sees("The phases take 45 minutes, as asked for.");
    stage.sees("missing: The exit ticket has no key.");
    stage.keys("<Esc>");
    stage.keys("e<Enter>Mine.<C-s><Esc>");
    let edited = stage.store.held(id, "plan.objective").unwrap();
    assert!(edited.as_str().unwrap().contains("Mine."), "{edited}");
    stage.keys("p");
    stage.sees("once more puts the template's in its place");
    stage.keys("jp");
    assert_eq!(
        stage.store.held(id, "plan.objective").unwrap(),
        edited,
        "another key between"
    );
    stage.keys("pp");
    assert_ne!(stage.store.held(id, "plan.objective").unwrap(), edited);
    stage.keys("u");
    assert_eq!(stage.store.held(id, "plan.objective").unwrap(), edited);
}

#[test]
fn undo_takes_a_plan_back_as_a_whole() {
    let (mut stage, id) = one(lesson());
    stage.keys("pu");
    for key in ["plan.objective", "plan.iDoMinutes", "plan.preparation"] {
        assert_eq!(stage.store.held(id, key), None, "{key}");
    }
}

#[test]
fn a_lesson_is_marked_taught_with_its_date_and_notes() {
    let (mut stage, id) = one(lesson());
    stage.keys("t");
    stage.sees("taught on");
    stage.keys("<C-u>2026-11-20<Enter>");
    assert_eq!(stage.store.held(id, "taughtOn"), Some(json!("2026-11-20")));
    assert_eq!(stage.store.held(id, "status"), Some(json!("taught")));
    stage.keys("Went well<C-s><Esc>");
    assert_eq!(stage.store.held(id, "notes"), Some(json!("Went well")));
    stage.does_not_see("Adding fractions");
    stage.keys("lll");
    stage.sees("Adding fractions");
}

#[test]
fn statuses_are_set_and_the_lists_follow() {
    let (mut stage, id) = one(lesson());
    stage.sees("open 1");
    stage.keys("s2");
    assert_eq!(stage.store.held(id, "status"), Some(json!("planned")));
    stage.sees("Adding fractions");
    stage.keys("a");
    assert_eq!(stage.store.held(id, "status"), Some(json!("archived")));
    stage.does_not_see("Adding fractions");
    stage.keys("u");
    stage.sees("Adding fractions");
}

#[test]
fn a_second_one_has_the_plan_and_nothing_of_what_came_of_the_first() {
    let mut fields = lesson();
    fields["status"] = json!("taught");
    fields["taughtOn"] = json!("2026-11-02");
    fields["notes"] = json!("Too long");
    fields["plan.objective"] = json!("Add");
    let (mut stage, first) = one(fields);
    stage.keys("lllC");
    let second = stage
        .store
        .records
        .keys()
        .find(|id| **id != first)
        .copied()
        .unwrap();
    assert_eq!(
        stage.store.held(second, "plan.objective"),
        Some(json!("Add"))
    );
    assert_eq!(
        stage.store.held(second, "studentProfile"),
        Some(json!(PLANTED))
    );
    assert_eq!(stage.store.held(second, "status"), Some(json!("planned")));
    assert_eq!(stage.store.held(second, "taughtOn"), None);
    assert_eq!(stage.store.held(second, "notes"), None);
    stage.keys("c");
    stage.sees("planned");
}

#[test]
fn a_lesson_is_written_with_or_without_the_students() {
    let (mut stage, _) = one(lesson());
    stage.keys("pw1");
    let document = written(&stage);
    assert_eq!(
        (document.stem.as_str(), document.paper),
        ("lesson-maths-adding-fractions", Paper::Markdown)
    );
    assert!(document.markdown.expose(Exit::Export).contains(PLANTED));
    stage.keys("w4");
    let document = written(&stage);
    assert_eq!(document.paper, Paper::Pdf);
    assert!(!document.markdown.expose(Exit::Export).contains(PLANTED));
    stage.send(Msg::Written(Ok("/home/bruce/lesson.md".into())));
    stage.sees("written to /home/bruce/lesson.md");
    stage.send(Msg::Written(Err(
        "no program that makes PDF was found".to_owned()
    )));
    stage.sees("not written: no program that makes PDF was found");
    let (mut stage, _) = one(json!({ "subject": "Art" }));
    stage.keys("w");
    stage.does_not_see("without the students");
}

#[test]
fn what_describes_students_is_masked() {
    let (mut stage, _) = one(lesson());
    stage.resize(160, 50);
    stage.sees("Students");
    stage.does_not_see(PLANTED);
    stage.keys("v").sees(PLANTED);
    stage.keys("m");
    stage.does_not_see(PLANTED);
    stage.resize(80, 24);
    stage.keys("c");
    stage.does_not_see(PLANTED);
    stage.keys("v").sees(PLANTED);
}

#[test]
fn a_request_is_deleted_at_the_second_key_and_brought_back() {
    let (mut stage, id) = one(lesson());
    stage.keys("D");
    stage.sees("delete this lesson request?");
    stage.keys("D");
    assert!(!stage.store.records.contains_key(&id));
    stage.keys("u");
    assert!(stage.store.records.contains_key(&id));
    stage.sees("Adding fractions");
}
