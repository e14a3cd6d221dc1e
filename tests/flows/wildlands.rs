//! Wildlands, every action by keys.

use harriswildlands::domain::document::Paper;
use harriswildlands::domain::ids::RecordId;
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::patch::Patch;
use harriswildlands::domain::secret::Exit;
use serde_json::{Value, json};

use super::stage::{FakeStore, Stage};
use super::teaching::{in_front, written};

fn one(fields: Value) -> (Stage, RecordId) {
    let mut store = FakeStore::default();
    let id = store.put_record(Lane::Content, fields);
    (in_front(store, "wildlands"), id)
}

fn page() -> Value {
    json!({
        "type": "website", "template": "landing page", "title": "Sheds", "status": "draft",
        "content.audience": "Gardeners",
    })
}

fn body(stage: &Stage, id: RecordId) -> String {
    let body = stage.store.held(id, "content.body");
    body.and_then(|body| body.as_str().map(str::to_owned))
        .unwrap_or_default()
}

#[test]
fn a_piece_is_begun_by_type_template_and_title() {
    let mut stage = in_front(FakeStore::default(), "wildlands");
    stage.sees("begins one from a template");
    stage.keys("n");
    stage.sees("website: landing page");
    stage.keys("jjj<Enter>Sheds in a day<Enter>");
    stage.sees("core message");
    stage.keys("<Esc>");
    let record = stage.store.records.values().next().unwrap();
    assert_eq!(record.word("type"), Some("social"));
    assert_eq!(record.word("template"), Some("thread hook"));
    assert_eq!(record.word("status"), Some("draft"));
    stage.sees("Sheds in a day");
    stage.keys("n<Esc>n1<Esc>");
    assert_eq!(stage.store.records.len(), 1, "leaving makes nothing");
}

#[test]
fn a_skeleton_is_put_into_an_empty_body_and_over_another_only_by_the_same_key_again() {
    let (mut stage, id) = one(page());
    stage.keys("i");
    stage.sees("the skeleton is in the body");
    assert!(body(&stage, id).starts_with("# Sheds") && body(&stage, id).contains("Gardeners"));
    let map = stage.store.held(id, "content.siteMap").unwrap();
    assert!(map.as_str().unwrap().contains("Home"));
    stage.keys("i");
    stage.sees("the body is what the template gives");
    stage.keys("u");
    assert_eq!(body(&stage, id), "");
    assert_eq!(stage.store.held(id, "content.siteMap"), None);

    let mut fields = page();
    fields["content.body"] = json!("Mine.");
    let (mut stage, id) = one(fields);
    stage.keys("i");
    stage.sees("once more puts the template's in its place");
    stage.keys("ji");
    assert_eq!(body(&stage, id), "Mine.");
    stage.keys("i");
    assert!(body(&stage, id).starts_with("# Sheds"));
    stage.keys("u");
    assert_eq!(body(&stage, id), "Mine.");
}

#[test]
fn a_status_set_in_two_places_is_one_of_them_and_texts_are_both() {
    let (mut stage, id) = one(page());
    let record = stage.store.records.get_mut(&id).unwrap();
    let elsewhere = json!({"status": "published", "content.audience": "Everybody"});
    record.apply(&Patch::from_json(elsewhere).unwrap());
    // Here it is a draft still.
    stage.keys("s").sees("archived");
    stage.keys("j<Enter>");
    assert_eq!(stage.store.held(id, "status"), Some(json!("archived")));
    let record = stage.store.records.get_mut(&id).unwrap();
    let elsewhere = json!({"type": "email", "template": "welcome"});
    record.apply(&Patch::from_json(elsewhere).unwrap());
    stage.keys("t<Enter>");
    let kind = stage.store.held(id, "type").unwrap();
    assert!(!kind.as_str().unwrap().contains('\n'), "{kind}");
}

#[test]
fn the_body_is_written_and_counted() {
    let (mut stage, id) = one(page());
    stage.keys("eTwo words<C-s><Esc>");
    assert_eq!(body(&stage, id), "Two words");
    stage.keys("c");
    stage.sees("2 words, 9 characters");
    stage.keys("<Esc>");
    stage.resize(160, 50);
    stage.sees("2 words, 9 characters");
}

#[test]
fn what_is_longer_than_its_type_takes_is_remarked() {
    let mut fields = page();
    fields["type"] = json!("social");
    fields["template"] = json!("thread hook");
    fields["content.body"] = json!(format!("One\n---\n{}", "x".repeat(300)));
    let (mut stage, _) = one(fields);
    stage.keys("c");
    stage.sees("2 words, 308 characters, 2 parts");
    stage.sees("post 2 has 300 characters, 20 more than the 280");
}

#[test]
fn a_piece_moves_only_where_it_may() {
    let (mut stage, id) = one(page());
    let status = |stage: &Stage| stage.store.held(id, "status").unwrap();
    stage.keys("s1");
    assert_eq!(status(&stage), "published");
    stage.keys("s1");
    assert_eq!(status(&stage), "archived");
    stage.does_not_see("Sheds");
    stage.keys("lll");
    stage.sees("Sheds");
    stage.keys("s");
    stage.does_not_see("published 1");
    stage.keys("1");
    assert_eq!(status(&stage), "draft");
}

#[test]
fn types_are_filtered_and_all_come_back() {
    let mut store = FakeStore::default();
    store.put_content();
    let mut stage = in_front(store, "wildlands");
    stage.sees("Sheds in a day");
    stage.sees("How to build a shed");
    stage.keys("f4<Enter>");
    stage.sees("How to build a shed");
    stage.does_not_see("Sheds in a day");
    stage.keys("l");
    stage.sees("Nothing of blog here.");
    stage.sees("F lists all types");
    stage.keys("F");
    stage.sees("Sheds in a day");
}

#[test]
fn type_and_template_change_together() {
    let (mut stage, id) = one(page());
    stage.keys("tjjj<Enter>");
    assert_eq!(stage.store.held(id, "type"), Some(json!("social")));
    assert_eq!(stage.store.held(id, "template"), Some(json!("thread hook")));
    stage.keys("u");
    assert_eq!(stage.store.held(id, "type"), Some(json!("website")));
}

#[test]
fn a_piece_is_written_as_markdown() {
    let (mut stage, _) = one(page());
    stage.keys("iw");
    let document = written(&stage);
    assert_eq!(
        (document.stem.as_str(), document.paper),
        ("website-sheds", Paper::Markdown)
    );
    let text = document.markdown.expose(Exit::Export);
    assert!(text.starts_with("---\ntitle: \"Sheds\"") && text.contains("## Site map"));
}
