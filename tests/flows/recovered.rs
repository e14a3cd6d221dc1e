//! Texts of an earlier run: offered when nobody writes, gone only when that very text is safe.

use harriswildlands::app::effect::{Effect, TimerId};
use harriswildlands::app::message::Msg;
use harriswildlands::domain::draft::{Draft, OldDraft};
use harriswildlands::domain::ids::DraftId;
use harriswildlands::domain::secret::Secret;
use harriswildlands::store::api::{Event, Query, Request, Write};
use harriswildlands::store::error::StoreError;
use serde_json::json;

use super::stage::{FakeStore, PLANTED, Stage, TODAY, moment};
use super::{kept_texts, lost, place, refused, saved_drafts};

pub fn old(field: &str, text: &str) -> OldDraft {
    OldDraft {
        id: DraftId::new(),
        draft: Draft {
            place: place(field),
            text: Secret::new(text.to_owned()),
            saved_at: moment(),
        },
    }
}

/// The drafts of earlier runs that were to be removed.
fn forgotten(stage: &Stage) -> Vec<DraftId> {
    let ids = stage.effects.iter().filter_map(|effect| match effect {
        Effect::ForgetDraft(id) => Some(*id),
        _ => None,
    });
    ids.collect()
}

#[test]
fn enter_puts_a_recovered_text_into_the_day_and_d_twice_gives_one_up() {
    let mut stage = Stage::online(FakeStore::default());
    let drafts = [
        old("topWin", "from before the crash"),
        old("driftCheck", PLANTED),
    ];
    let ids = drafts.clone().map(|draft| draft.id);
    stage.send(Msg::Drafts(drafts.into()));
    stage.sees("from before the crash");
    stage.sees("enter put it in");
    stage.keys("<Enter>");
    assert_eq!(
        stage.stored(TODAY, "topWin"),
        Some(json!("from before the crash"))
    );
    assert_eq!(forgotten(&stage), ids[..1]);
    stage.does_not_see(PLANTED);
    stage.sees("●●●●●●");
    stage.keys("d");
    stage.sees("d once more");
    stage.sees("Unsaved text");
    // Another key between makes it the first again.
    stage.keys("zd");
    assert_eq!(forgotten(&stage), ids[..1]);
    stage.keys("d");
    assert_eq!(forgotten(&stage), ids);
    stage.does_not_see("Unsaved text");
    assert!(stage.stored(TODAY, "driftCheck").is_none());
}

#[test]
fn what_stands_in_the_day_stays_when_a_recovered_text_is_put_there() {
    let mut stage = Stage::online(FakeStore::with_days());
    let draft = old("topWin", "from before the crash");
    stage.send(Msg::Drafts(vec![draft.clone()]));
    stage.keys("<Enter>");
    assert_eq!(
        stage.stored(TODAY, "topWin"),
        Some(json!("Finished the lesson plan\n\nfrom before the crash"))
    );
    assert_eq!(forgotten(&stage), [draft.id]);
}

#[test]
fn writing_a_recovered_draft_on_saves_it_and_only_then_it_goes() {
    let mut stage = Stage::online(FakeStore::default());
    let drafts = [old("topWin", "half"), old("lessonsLearned", "other")];
    let ids = drafts.clone().map(|draft| draft.id);
    stage.send(Msg::Drafts(drafts.into()));
    stage.keys("e way");
    stage.after(1, TimerId::Draft);
    assert_eq!(saved_drafts(&stage), ["half way"]);
    assert_eq!(forgotten(&stage), []);
    stage.keys("<Esc>");
    assert_eq!(stage.stored(TODAY, "topWin"), Some(json!("half way")));
    assert_eq!(forgotten(&stage), ids[..1]);
    // Left as it was: it is there the next time.
    stage.sees("other");
    stage.keys("e more<C-c><C-c>");
    stage.sees("offered again at the next start");
    assert_eq!(forgotten(&stage), ids[..1]);
}

#[test]
fn later_leaves_a_draft_alone_whatever_is_written_in_its_place() {
    let mut stage = Stage::online(FakeStore::default());
    stage.send(Msg::Drafts(vec![old("topWin", "from before")]));
    stage.keys("<Esc>");
    stage.sees("offered again at the next start");
    stage.keys("Gk<Enter>something else");
    stage.after(1, TimerId::Draft);
    stage.keys("<Esc>");
    assert_eq!(stage.stored(TODAY, "topWin"), Some(json!("something else")));
    assert_eq!(forgotten(&stage), []);
}

#[test]
fn a_kept_draft_goes_only_when_the_write_is_on_disk() {
    let mut stage = Stage::online(FakeStore::default());
    stage.store.rejecting = Some(refused());
    stage.store.forgets = true;
    let draft = old("topWin", "from before");
    stage.send(Msg::Drafts(vec![draft.clone()]));
    stage.keys("<Enter>");
    // Refused before it was on disk.
    assert_eq!(forgotten(&stage), []);
    stage.sees("from before");
    // It is still the same draft.
    stage.store.rejecting = None;
    stage.store.forgets = false;
    stage.keys("<Enter>");
    assert_eq!(forgotten(&stage), [draft.id]);
    // On disk, and refused later: the text is offered as another one.
    let mut stage = Stage::online(FakeStore::default());
    stage.store.rejecting = Some(refused());
    stage.send(Msg::Drafts(vec![draft.clone()]));
    stage.keys("<Enter>");
    assert_eq!(forgotten(&stage), [draft.id]);
    assert_eq!(kept_texts(&stage), ["from before"]);
    stage.store.rejecting = None;
    stage.keys("<Enter>");
    let gone = forgotten(&stage);
    assert!(gone.len() == 2 && gone[1] != draft.id, "{gone:?}");
}

#[test]
fn both_drafts_of_one_field_are_offered() {
    let mut stage = Stage::online(FakeStore::default());
    let drafts = [old("topWin", "the earlier"), old("topWin", "the later")];
    let ids = drafts.clone().map(|draft| draft.id);
    stage.send(Msg::Drafts(drafts.into()));
    stage.sees("2 left");
    stage.sees("the earlier");
    stage.keys("dd");
    stage.sees("the later");
    assert_eq!(forgotten(&stage), ids[..1]);
    stage.keys("<Enter>");
    assert_eq!(stage.stored(TODAY, "topWin"), Some(json!("the later")));
    assert_eq!(forgotten(&stage), ids);
}

#[test]
fn keys_that_were_typed_before_the_offer_was_drawn_are_not_for_it() {
    let mut stage = Stage::online(FakeStore::default());
    let drafts = vec![old("topWin", "from before")];
    let now = stage.model.world.now.clone();
    let _ = harriswildlands::app::update::update(&mut stage.model, Msg::Drafts(drafts), now);
    stage.keys_ahead("jdd<Esc>");
    assert_eq!(forgotten(&stage), []);
    stage.sees("▸ energy");
    stage.does_not_see("Unsaved text");
    stage.send(Msg::Resize(80, 24));
    stage.sees("from before");
}

#[test]
fn an_offer_waits_until_the_text_that_is_written_is_closed() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("Gk<Enter>wri");
    stage.send(Msg::Drafts(vec![old("lessonsLearned", "from before")]));
    stage.does_not_see("Unsaved text");
    stage.keys("tten");
    stage.does_not_see("Unsaved text");
    stage.keys("<Esc>");
    assert_eq!(stage.stored(TODAY, "topWin"), Some(json!("written")));
    stage.sees("Unsaved text");
    stage.sees("from before");
}

#[test]
fn the_offer_says_what_the_day_has_now_masked_where_it_must_be() {
    let mut stage = Stage::online(FakeStore::with_days());
    let drafts = vec![
        old("topWin", "Finished the lesson plan"),
        old("topWin", "other words"),
        old("driftCheck", "words of one's own"),
        old("lessonsLearned", "new words"),
    ];
    stage.send(Msg::Drafts(drafts));
    stage.does_not_see("The day has");
    stage.keys("dd");
    stage.sees("The day has: Finished the lesson plan");
    stage.keys("dd");
    stage.sees("The day has: ●●●●●●");
    stage.does_not_see(PLANTED);
    stage.does_not_see("words of one's own");
    stage.keys("dd");
    stage.sees("The day has nothing there yet");
}

#[test]
fn an_acknowledged_write_does_not_take_the_draft_of_what_is_typed_meanwhile() {
    let mut stage = Stage::online(FakeStore::default());
    stage.disconnect(lost());
    stage.store.forgets = true;
    stage.keys("Gk<Enter>first<Esc>");
    let Some(Request::Write(write)) = stage.requests.last().cloned() else {
        panic!("a write")
    };
    let dropped = Effect::DropDraft(place("topWin"));
    stage.keys("<Enter> and more");
    stage.after(1, TimerId::Draft);
    assert_eq!(saved_drafts(&stage), ["first and more"]);
    stage.send(Msg::Store(Event::Kept(write.request)));
    assert!(!stage.effects.contains(&dropped));
    stage.keys("<Esc>");
    let Some(Request::Write(write)) = stage.requests.last().cloned() else {
        panic!("a write")
    };
    stage.send(Msg::Store(Event::Kept(write.request)));
    assert!(stage.effects.contains(&dropped));
}

#[test]
fn only_two_presses_in_a_row_give_a_text_up() {
    for between in ["v", "V", "m", "?<Esc>", "L<Enter>", "<C-l>", "z"] {
        let mut stage = Stage::online(FakeStore::default());
        stage.send(Msg::Drafts(vec![old("driftCheck", "from before")]));
        stage.keys("d").keys(between).keys("d");
        assert_eq!(forgotten(&stage), [], "{between}");
        stage.sees("d once more");
        stage.keys("d");
        assert_eq!(forgotten(&stage).len(), 1, "{between}");
    }
}

#[test]
fn a_draft_stays_while_a_newer_write_of_its_place_is_not_on_disk() {
    let mut stage = Stage::online(FakeStore::default());
    stage.disconnect(lost());
    stage.store.forgets = true;
    stage.keys("Gk<Enter>first<Esc>");
    stage.keys("Gk<Enter> and more");
    stage.after(1, TimerId::Draft);
    stage.keys("<Esc>");
    let writes = stage.requests.iter().filter_map(|request| match request {
        Request::Write(write) => Some(write.request),
        _ => None,
    });
    let writes: Vec<_> = writes.collect();
    assert_eq!(writes.len(), 2);
    let dropped = Effect::DropDraft(place("topWin"));
    stage.send(Msg::Store(Event::Kept(writes[0])));
    assert!(!stage.effects.contains(&dropped));
    stage.send(Msg::Store(Event::Kept(writes[1])));
    assert!(stage.effects.contains(&dropped));
}

/// Offline: writes that wait, one after another, none of them acknowledged.
fn waiting(stage: &Stage) -> Vec<Write> {
    let writes = stage.requests.iter().filter_map(|request| match request {
        Request::Write(write) => Some(write.clone()),
        _ => None,
    });
    writes.collect()
}

fn refuse(stage: &mut Stage, write: &Write, constraint: &str) {
    stage.send(Msg::Store(Event::Kept(write.request)));
    stage.send(Msg::Store(Event::Written {
        request: write.request,
        result: Err(StoreError::Constraint {
            table: "logs".to_owned(),
            constraint: constraint.to_owned(),
        }),
    }));
}

#[test]
fn two_refused_texts_of_one_place_are_both_kept_and_offered() {
    let mut stage = Stage::online(FakeStore::default());
    stage.disconnect(lost());
    stage.store.forgets = true;
    stage.keys("Gk<Enter>older<Esc>Gk<Enter> and newest<Esc>");
    let writes = waiting(&stage);
    assert_eq!(writes.len(), 2);
    // Somebody writes: both wait for the end of that.
    stage.keys("<Enter>, third");
    for write in &writes {
        refuse(&mut stage, write, "logs_text_length");
        stage.sees("too long together with the text");
        stage.does_not_see("Unsaved text");
    }
    assert_eq!(kept_texts(&stage), ["older", "older and newest"]);
    stage.after(1, TimerId::Draft);
    stage.after(21, TimerId::Notice);
    stage.store.forgets = false;
    stage.connect();
    stage.keys("<Esc>");
    stage.sees("Unsaved text (2 left)");
    stage.sees("too long together with the text");
    stage.keys("dd");
    stage.sees("older and newest");
    assert_eq!(forgotten(&stage).len(), 1);
    stage.keys("<Enter>");
    assert_eq!(forgotten(&stage).len(), 2);
    let stored = stage.stored(TODAY, "topWin").expect("written");
    let stored = stored.as_str().expect("a text");
    assert!(stored.contains("older and newest") && stored.contains("third"));
}

#[test]
fn a_refused_text_waits_behind_the_cover_and_is_offered_over_a_popup() {
    let mut stage = Stage::online(FakeStore::default());
    stage.disconnect(lost());
    stage.store.forgets = true;
    stage.keys("Gk<Enter>refused<Esc>");
    let writes = waiting(&stage);
    stage.keys("?L");
    refuse(&mut stage, &writes[0], "logs_data_size");
    stage.sees("covered");
    stage.does_not_see("Unsaved text");
    stage.keys("<Enter>");
    stage.sees("Unsaved text");
    stage.sees("not saved: top win");
    stage.keys("<Esc>");
    assert_eq!(kept_texts(&stage), ["refused"]);
    assert_eq!(forgotten(&stage), []);
}

#[test]
fn the_welcome_waits_for_the_text_that_is_written_and_for_the_cover() {
    let mut stage = Stage::new(FakeStore::default());
    stage.keys("Gk<Enter>wri");
    stage.greet();
    stage.does_not_see("Welcome");
    stage.keys("tten<Esc>");
    stage.sees("Welcome");
    assert_eq!(stage.stored(TODAY, "topWin"), Some(json!("written")));
    stage.keys("<Enter>");
    stage.does_not_see("Welcome");

    let mut stage = Stage::new(FakeStore::default());
    stage.keys("L");
    stage.greet();
    stage.sees("covered");
    stage.keys("<Enter>");
    stage.sees("Welcome");
}

#[test]
fn an_answer_of_the_database_between_two_presses_changes_nothing() {
    let mut stage = Stage::online(FakeStore::default());
    let draft = old("topWin", "from before the crash");
    let id = draft.id;
    stage.send(Msg::Drafts(vec![draft]));
    stage.keys("d").sees("d once more");
    stage.send(Msg::Store(Event::Answered {
        generation: 0,
        query: Query::DataStatus,
        result: Err(lost()),
    }));
    stage.keys("d");
    assert_eq!(forgotten(&stage), [id]);
}
