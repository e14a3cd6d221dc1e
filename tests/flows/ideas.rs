//! `ThinkOps` and quick capture: every action, by keys.

use harriswildlands::app::effect::{Effect, TimerId};
use harriswildlands::app::message::Msg;
use harriswildlands::app::part::{Input, Intent, Target};
use harriswildlands::domain::draft::{Draft, OldDraft, Place};
use harriswildlands::domain::idea::Status;
use harriswildlands::domain::ids::{DraftId, RecordId};
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::secret::{Exit, Secret};
use harriswildlands::store::error::StoreError;
use serde_json::{Value, json};

use super::stage::{FakeStore, PLANTED, Stage, moment};

/// `ThinkOps` in front.
fn thinkops(store: FakeStore) -> Stage {
    let mut stage = Stage::online(store);
    stage.keys("<F2>");
    stage
}

/// The only idea, whose id is made as it is captured.
fn only(stage: &Stage) -> RecordId {
    let mut ideas = stage.store.records.values().map(|record| record.id);
    let first = ideas.next().expect("an idea");
    assert_eq!(ideas.next(), None);
    first
}

fn one(fields: Value) -> (Stage, RecordId) {
    let mut store = FakeStore::default();
    let id = store.put_idea(1, fields);
    (thinkops(store), id)
}

#[test]
fn an_idea_is_captured_from_any_screen_and_what_was_open_stays() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("jj");
    let before = stage.screen();
    stage.keys("iA reading corner<Enter>");
    let id = only(&stage);
    assert_eq!(
        stage.store.held(id, "title"),
        Some(json!("A reading corner"))
    );
    assert_eq!(stage.store.held(id, "status"), Some(json!("draft")));
    assert_eq!(stage.store.held(id, "captureMode"), Some(json!("quick")));
    stage.sees("captured, among the drafts of ThinkOps");
    stage.after(6, TimerId::Notice);
    let shown = |screen: &str| {
        screen
            .lines()
            .take(20)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        shown(&stage.screen()),
        shown(&before),
        "the day is as it was"
    );
    stage.keys("u");
    assert!(stage.store.records.is_empty(), "u takes it back");
}

#[test]
fn a_popup_beneath_the_capture_keeps_its_state() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("?jjj");
    let before = stage.screen();
    stage.keys("iA thought<Enter>");
    stage.after(6, TimerId::Notice);
    assert_eq!(stage.screen(), before);
    assert_eq!(stage.store.records.len(), 1);
}

#[test]
fn a_title_is_never_lost() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("iHalf a thou");
    stage.after(1, TimerId::Draft);
    let saved = stage.effects.iter().find_map(|effect| match effect {
        Effect::SaveDraft(draft) => Some(draft.clone()),
        _ => None,
    });
    let draft = saved.expect("a draft");
    assert_eq!(draft.text.expose(Exit::Draft), "Half a thou");
    // Leaving asks once.
    stage.keys("<Esc>");
    stage.sees("once more leaves the title behind");
    stage.keys("<Esc>");
    let dropped = Effect::DropDraft(draft.place.clone());
    assert!(stage.effects.contains(&dropped));
    assert!(stage.store.records.is_empty());

    // After a kill, the next start offers it, and it becomes the idea that it was to be.
    let mut stage = Stage::online(FakeStore::default());
    let Place::Record { id, .. } = draft.place else {
        panic!("{draft:?}")
    };
    let old = OldDraft {
        id: DraftId::new(),
        draft,
    };
    stage.send(Msg::Drafts(vec![old]));
    stage.does_not_see("Half a thou");
    stage.keys("v");
    stage.sees("Half a thou");
    stage.keys("<Enter>");
    assert_eq!(stage.store.held(id, "title"), Some(json!("Half a thou")));
}

#[test]
fn capture_goes_on_in_the_form() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("iDeeper<Tab>");
    let id = only(&stage);
    assert_eq!(stage.store.held(id, "captureMode"), Some(json!("deep")));
    stage.sees("excitement");
    stage.keys("jjj87");
    assert_eq!(stage.store.held(id, "excitement"), Some(json!(7)));
    stage.keys("<Esc>");
    stage.does_not_see("excitement");
}

#[test]
fn an_idea_without_a_title_is_not_captured() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("i  <Enter>");
    stage.sees("an idea needs a title");
    stage.keys("<Esc>");
    assert!(stage.store.records.is_empty());
    stage.keys("i");
    stage.send(Msg::Paste("x".repeat(600)));
    stage.keys("<Enter>");
    let id = only(&stage);
    let title = stage.store.held(id, "title").unwrap();
    assert_eq!(title.as_str().map(str::len), Some(500));
}

#[test]
fn offline_an_idea_is_there_at_once_and_goes_where_it_is_moved() {
    let mut stage = thinkops(FakeStore::default());
    stage.disconnect(StoreError::LinkLost {
        reason: "gone".to_owned(),
    });
    stage.keys("nWhile away<Enter>V");
    stage.sees("While away");
    stage.sees("draft");
    stage.keys("s3");
    stage.sees("discarded");
    stage.sees("While away");

    // One that the database has does not vanish while its move is on its way.
    let (mut stage, _) = one(json!({ "title": "Stored" }));
    stage.disconnect(StoreError::LinkLost {
        reason: "gone".to_owned(),
    });
    stage.keys("s3V");
    stage.sees("discarded");
    stage.sees("Stored");
}

#[test]
fn the_pipeline_offers_what_may_follow_and_nothing_else() {
    for from in Status::ALL {
        let (mut stage, id) = one(json!({ "title": "x", "status": from.word() }));
        stage.resize(120, 36);
        for _ in Status::ALL.iter().take_while(|one| **one != from) {
            stage.keys("l");
        }
        if from.moves().is_empty() {
            stage.keys("s");
            stage.sees("stays so");
            continue;
        }
        stage.keys("s");
        for to in Status::ALL {
            let offered = stage.screen().contains(&format!("{to}: "));
            assert_eq!(offered, from.check_move(to).is_ok(), "{from} to {to}");
        }
        let last = from.moves().len();
        let to = from.moves()[last - 1];
        stage.keys(&format!("{last}"));
        assert_eq!(stage.store.held(id, "status"), Some(json!(to.word())));
        stage.sees(&format!("now {to}"));
        stage.keys("u");
        assert_eq!(stage.store.held(id, "status"), Some(json!(from.word())));
    }
}

#[test]
fn parking_asks_for_a_review_date() {
    let (mut stage, id) = one(json!({ "title": "x" }));
    stage.keys("s1");
    stage.sees("look at it again on");
    stage.sees("2026-12-21");
    assert_eq!(stage.store.held(id, "status"), Some(json!("draft")));
    stage.keys("<Enter>");
    assert_eq!(stage.store.held(id, "status"), Some(json!("parked")));
    assert_eq!(stage.store.held(id, "reviewOn"), Some(json!("2026-12-21")));
    stage.sees("to be looked at again on Mon 21 Dec 2026");
    stage.keys("u");
    assert_eq!(stage.store.held(id, "status"), Some(json!("draft")));
    assert_eq!(stage.store.held(id, "reviewOn"), None);
    stage.keys("s1<C-u>2027-03-01<Enter>");
    assert_eq!(stage.store.held(id, "reviewOn"), Some(json!("2027-03-01")));
    // Leaving the question leaves the idea.
    let (mut stage, id) = one(json!({ "title": "x" }));
    stage.keys("s1<Esc>");
    assert_eq!(stage.store.held(id, "status"), Some(json!("draft")));
}

#[test]
fn a_move_that_the_database_refuses_is_taken_out_and_said() {
    let (mut stage, id) = one(json!({ "title": "x" }));
    stage.store.rejecting = Some(StoreError::Constraint {
        table: "ideas".to_owned(),
        constraint: "ideas_moves".to_owned(),
    });
    stage.keys("s3");
    assert_eq!(stage.store.held(id, "status"), Some(json!("draft")));
    stage.sees("not saved");
    stage.sees("draft 1");
}

#[test]
fn a_reality_check_is_written_and_moves_nothing() {
    let (mut stage, id) = one(json!({ "title": "x" }));
    stage.resize(80, 40);
    stage.keys("c");
    stage.sees("speculation");
    stage.keys("G");
    // Decision: promote.
    stage.keys("k1");
    assert_eq!(
        stage.store.held(id, "realityCheck.decision"),
        Some(json!("promote"))
    );
    assert_eq!(stage.store.held(id, "status"), Some(json!("draft")));
}

#[test]
fn titles_are_masked_until_they_are_asked_for() {
    let mut stage = thinkops(FakeStore::with_days());
    for size in [(40, 12), (80, 24), (160, 50)] {
        stage.resize(size.0, size.1);
        stage.keys("m");
        stage.does_not_see(PLANTED);
        stage.sees("●●●●●●");
        stage.keys("V");
        stage.sees("PLANTED");
        stage.keys("m");
        stage.does_not_see("PLANTED");
        // The title under the cursor alone.
        stage.keys("gjv");
        let seen = stage.screen().matches("PLANTED").count();
        assert_eq!(seen, 1, "{}", stage.screen());
        stage.keys("m");
    }
}

#[test]
fn a_delete_asks_once_and_u_brings_it_back() {
    let (mut stage, id) = one(json!({ "title": "x", "notes": "kept" }));
    stage.keys("D");
    stage.sees("D again deletes");
    stage.keys("jD");
    stage.sees("D again deletes");
    assert!(stage.store.records.contains_key(&id));
    stage.keys("D");
    assert!(stage.store.records.is_empty());
    stage.sees("brings it back");
    stage.keys("u");
    assert_eq!(stage.store.held(id, "notes"), Some(json!("kept")));
}

#[test]
fn ideas_are_sifted_by_status_category_and_age() {
    let mut store = FakeStore::default();
    store.put_idea(1, json!({ "title": "young tech", "category": "tech" }));
    store.put_idea(40, json!({ "title": "older tech", "category": "tech" }));
    store.put_idea(
        1,
        json!({ "title": "of faith", "category": "faith", "status": "parked" }),
    );
    let mut stage = thinkops(store);
    stage.keys("mV");
    for title in ["young tech", "older tech", "of faith"] {
        stage.sees(title);
    }
    // The eighth is the first category.
    stage.keys("f8<Enter>mV");
    stage.sees("tech");
    stage.sees("older tech");
    stage.does_not_see("of faith");
    // The ages are behind the categories.
    stage.keys("fjjjjjjjjjjjjjj<Space><Enter>mV");
    stage.sees("young tech");
    stage.does_not_see("older tech");
    stage.sees("last 7 days");
    stage.keys("FmV");
    stage.sees("older tech");
    stage.keys("f2<Enter>mV");
    stage.sees("of faith");
    stage.does_not_see("young tech");
    stage.keys("f8<Enter>");
    stage.sees("No idea is listed by this filter");
}

#[test]
fn ideas_have_four_orders() {
    let mut store = FakeStore::default();
    store.put_idea(
        5,
        json!({ "title": "aaa", "excitement": 2, "feasibility": 2, "priority": 1 }),
    );
    store.put_idea(
        2,
        json!({ "title": "bbb", "excitement": 9, "feasibility": 9 }),
    );
    store.put_idea(9, json!({ "title": "ccc", "priority": 5 }));
    let mut stage = thinkops(store);
    let order = |stage: &mut Stage| -> String {
        stage.keys("mV");
        let screen = stage.screen();
        stage.keys("m");
        let mut found: Vec<(usize, &str)> = ["aaa", "bbb", "ccc"]
            .into_iter()
            .map(|title| (screen.find(title).expect(title), title))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, title)| &title[..1]).collect()
    };
    assert_eq!(order(&mut stage), "bac", "last changed");
    stage.keys("o");
    assert_eq!(order(&mut stage), "bac", "score");
    stage.sees("by score");
    stage.keys("o");
    assert_eq!(order(&mut stage), "cab", "priority");
    stage.keys("o");
    assert_eq!(order(&mut stage), "cab", "oldest");
    stage.keys("o");
    assert_eq!(order(&mut stage), "bac", "last changed");
}

#[test]
fn a_long_list_is_walked_through_a_page_at_a_time() {
    let mut store = FakeStore::default();
    for number in 0..1000 {
        store.put_idea(number, json!({ "title": format!("number {number:04}") }));
    }
    let mut stage = thinkops(store);
    stage.keys("mV");
    stage.sees("number 0000");
    for _ in 0..999 {
        stage.keys("j");
    }
    stage.keys("mV");
    stage.sees("number 0999");
    stage.sees("draft 1000");
    stage.keys("k");
    stage.sees("number 0998");
    for _ in 0..997 {
        stage.keys("k");
    }
    stage.keys("mV");
    stage.sees("number 0001");
    stage.keys("g");
    stage.sees("number 0000");
}

#[test]
fn groups_follow_one_another_and_columns_stand_side_by_side() {
    let mut stage = thinkops(FakeStore::with_days());
    // Down through all groups to the last idea.
    stage.keys(&"j".repeat(20));
    stage.keys("v");
    stage.sees("First book");
    stage.keys(&"k".repeat(20));
    stage.keys("v");
    stage.sees("turned");
    stage.resize(160, 50);
    stage.keys("llllll");
    stage.sees("archived 1");
    stage.keys("v");
    stage.sees("First book");
    stage.keys("hhhhhh");
    stage.sees("draft 2");
}

#[test]
fn an_idea_that_was_found_is_opened_on_its_screen() {
    let mut store = FakeStore::default();
    store.put_idea(1, json!({ "title": "first" }));
    let id = store.put_idea(1, json!({ "title": "second", "status": "parked" }));
    let mut stage = thinkops(store);
    stage.show("data");
    let found = Target::Record {
        lane: Lane::Ideas,
        id,
    };
    assert!(
        stage
            .model
            .screens
            .iter()
            .any(|screen| screen.takes(&found))
    );
    let mut wanted = Vec::new();
    let (screens, world) = (&mut stage.model.screens, &stage.model.world);
    let screen = screens.iter_mut().find(|screen| screen.takes(&found));
    screen.unwrap().on(Input::Visit(&found), world, &mut wanted);
    assert!(matches!(wanted.as_slice(), [Intent::Open(_)]));
    stage.show("thinkops");
    stage.keys("v").sees("second");
}

#[test]
fn the_empty_screen_says_what_belongs_here() {
    let mut stage = thinkops(FakeStore::default());
    for size in [(40, 12), (80, 24), (160, 50)] {
        stage.resize(size.0, size.1);
        let screen = stage.screen();
        let frame = |c: char| c.is_whitespace() || c == '│';
        let words: Vec<&str> = screen
            .split(frame)
            .filter(|word| !word.is_empty())
            .collect();
        let words = words.join(" ");
        assert!(words.contains("n captures an"), "{screen}");
    }
    stage.keys("s");
    stage.sees("there is no idea here");
}

#[test]
fn a_draft_of_an_idea_s_text_is_offered_under_its_name() {
    let (mut stage, id) = one(json!({ "title": "x" }));
    let draft = Draft {
        place: Place::Record {
            lane: Lane::Ideas,
            id,
            field: "pitch".to_owned(),
        },
        text: Secret::new("a sentence".to_owned()),
        saved_at: moment(),
    };
    let old = OldDraft {
        id: DraftId::new(),
        draft,
    };
    stage.send(Msg::Drafts(vec![old]));
    stage.sees("pitch");
    stage.does_not_see("a sentence");
    stage.keys("<Enter>");
    assert_eq!(stage.store.held(id, "pitch"), Some(json!("a sentence")));
}
