//! Key scripts against a fake store: what a person presses, what they see, what is stored.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "flows/backups.rs"]
mod backups;
#[path = "flows/deleted.rs"]
mod deleted;
#[path = "flows/drift.rs"]
mod drift;
#[path = "flows/due.rs"]
mod due;
#[path = "flows/export_as.rs"]
mod export_as;
#[path = "flows/form.rs"]
mod form;
#[path = "flows/goals.rs"]
mod goals;
#[path = "flows/help.rs"]
mod help;
#[path = "flows/history.rs"]
mod history;
#[path = "flows/ideas.rs"]
mod ideas;
#[path = "flows/imports.rs"]
mod imports;
#[path = "flows/keeping.rs"]
mod keeping;
#[path = "flows/keys.rs"]
mod keys;
#[path = "flows/kinds.rs"]
mod kinds;
#[path = "flows/lists.rs"]
mod lists;
#[path = "flows/masks.rs"]
mod masks;
#[path = "flows/mouse.rs"]
mod mouse;
#[path = "flows/prompts.rs"]
mod prompts;
#[path = "flows/records.rs"]
mod records;
#[path = "flows/recovered.rs"]
mod recovered;
#[path = "flows/review.rs"]
mod review;
#[path = "flows/search.rs"]
mod search;
#[path = "flows/settings.rs"]
mod settings;
mod stage;
#[path = "flows/teaching.rs"]
mod teaching;
#[path = "flows/wildlands.rs"]
mod wildlands;

use harriswildlands::app::effect::{Effect, Quit, TimerId};
use harriswildlands::app::job::{JobEnd, JobLine, JobReport, Progress};
use harriswildlands::app::message::{EditResult, Msg, Signal, TransferEvent};
use harriswildlands::domain::draft::Place;
use harriswildlands::domain::patch::Patch;
use harriswildlands::domain::secret::{Exit, Secret};
use harriswildlands::store::api::{Answer, Change, Event, Mutation, Query, Request, Write};
use harriswildlands::store::error::StoreError;
use jiff::ToSpan;
use jiff::civil::date;
use serde_json::{Value, json};
use stage::{FakeStore, PLANTED, Stage, TODAY, moment};

fn lost() -> StoreError {
    StoreError::LinkLost {
        reason: "gone".to_owned(),
    }
}

fn refused() -> StoreError {
    StoreError::Constraint {
        table: "logs".to_owned(),
        constraint: "logs_data_size".to_owned(),
    }
}

fn place(field: &str) -> Place {
    Place::Log {
        date: TODAY,
        field: field.to_owned(),
    }
}

fn saved_drafts(stage: &Stage) -> Vec<String> {
    let texts = stage.effects.iter().filter_map(|effect| match effect {
        Effect::SaveDraft(draft) => Some(draft.text.expose(Exit::Draft).clone()),
        _ => None,
    });
    texts.collect()
}

/// Texts that went to disk under an id of their own.
fn kept_texts(stage: &Stage) -> Vec<String> {
    let texts = stage.effects.iter().filter_map(|effect| match effect {
        Effect::KeepDraft(old) => Some(old.draft.text.expose(Exit::Draft).clone()),
        _ => None,
    });
    texts.collect()
}

#[test]
fn digits_set_scales_and_zero_is_ten() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("7j0");
    assert_eq!(stage.stored(TODAY, "sleepQuality"), Some(json!(7)));
    assert_eq!(stage.stored(TODAY, "energy"), Some(json!(10)));
    stage.sees("▰▰▰▰▰▰▰▱▱▱  7");
    stage.sees("saved 21:04");
}

#[test]
fn each_answer_sends_its_own_field_only() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("7");
    let Some(write) = stage.store.writes.last() else {
        panic!("nothing was written")
    };
    let Mutation::PatchLog { patch, .. } = &write.mutation else {
        panic!("of a log")
    };
    assert_eq!(patch.keys().collect::<Vec<_>>(), ["sleepQuality"]);
}

#[test]
fn space_goes_through_yes_no_and_not_answered() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("jj<Space>");
    assert_eq!(stage.stored(TODAY, "exercise"), Some(json!(true)));
    stage.keys("<Space>");
    assert_eq!(stage.stored(TODAY, "exercise"), Some(json!(false)));
    stage.keys("<Space>");
    assert_eq!(stage.stored(TODAY, "exercise"), None);
}

#[test]
fn steps_stop_at_the_ends_of_a_scale() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("9lll");
    assert_eq!(stage.stored(TODAY, "sleepQuality"), Some(json!(10)));
    stage.keys("1hhh");
    assert_eq!(stage.stored(TODAY, "sleepQuality"), Some(json!(1)));
}

#[test]
fn an_evening_is_typed_in_one_pass() {
    let mut stage = Stage::online(FakeStore::default());
    // Quick form: two scales, exercise, seven frictions, three scales, two texts.
    stage.keys("8<Enter>7<Enter><Space>jjjjjjjj4<Enter>6<Enter>5<Enter><Enter>");
    stage.keys("Finished the plan<Enter>Call the bank<Enter>");
    let stored = |key| stage.stored(TODAY, key);
    assert_eq!(stored("energy"), Some(json!(7)));
    assert_eq!(stored("stress"), Some(json!(4)));
    assert_eq!(stored("focus"), Some(json!(5)));
    assert_eq!(stored("topWin"), Some(json!("Finished the plan")));
    assert_eq!(stored("tomorrowPriority"), Some(json!("Call the bank")));
}

#[test]
fn a_number_takes_halves_and_refuses_what_is_out_of_range() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("fg6.5<Enter>");
    assert_eq!(
        stage.stored(TODAY, "sleepHours").map(|v| v.to_string()),
        Some("6.5".to_owned())
    );
    stage.keys("g25<Enter>");
    stage.sees("25");
    assert!(stage.screen().contains("0 to 24") || stage.screen().contains("24"));
    stage.keys("<Esc>");
    assert_eq!(
        stage.stored(TODAY, "sleepHours").map(|v| v.to_string()),
        Some("6.5".to_owned())
    );
}

#[test]
fn undo_and_redo_go_both_ways_and_never_mix_fields() {
    let mut stage = Stage::online(FakeStore::with_days());
    let before = stage.stored(TODAY, "sleepQuality");
    stage.keys("3j9");
    stage.keys("u");
    assert_ne!(stage.stored(TODAY, "energy"), Some(json!(9)));
    assert_eq!(stage.stored(TODAY, "sleepQuality"), Some(json!(3)));
    stage.keys("u");
    assert_eq!(stage.stored(TODAY, "sleepQuality"), before);
    stage.keys("<C-r><C-r>");
    assert_eq!(stage.stored(TODAY, "sleepQuality"), Some(json!(3)));
    assert_eq!(stage.stored(TODAY, "energy"), Some(json!(9)));
    stage.keys("u1u");
    assert_eq!(stage.stored(TODAY, "sleepQuality"), Some(json!(3)));
}

#[test]
fn undo_of_a_change_made_before_the_day_was_known_waits_for_the_database() {
    let mut stage = Stage::new(FakeStore::with_days());
    let before = stage.stored(TODAY, "sleepQuality");
    stage.keys("3u");
    stage.sees("not known until the database answers");
    let request = stage.model.world.cache.pending()[0].write.clone();
    stage.connect();
    // What the store does after a reconnect: it sends what was kept.
    let result = Ok(stage.write_now(&request));
    stage.send(Msg::Store(Event::Written {
        request: request.request,
        result,
    }));
    assert_eq!(stage.stored(TODAY, "sleepQuality"), Some(json!(3)));
    stage.keys("u");
    assert_eq!(stage.stored(TODAY, "sleepQuality"), before);
}

#[test]
fn sensitive_texts_stay_masked_until_asked_for_and_are_masked_again_by_time() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("fG");
    stage.sees("●●●●●●");
    stage.does_not_see(PLANTED);
    stage.keys("v");
    stage.sees(PLANTED);
    assert!(
        stage
            .effects
            .iter()
            .any(|e| matches!(e, Effect::After(TimerId::Mask, _)))
    );
    stage.after(31, TimerId::Mask);
    stage.does_not_see(PLANTED);
    stage.keys("V");
    stage.sees(PLANTED);
    stage.keys("m");
    stage.does_not_see(PLANTED);
}

#[test]
fn a_clock_that_jumps_either_way_masks() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("fGv");
    stage.sees(PLANTED);
    stage.now = moment().saturating_sub(2.hours()).unwrap();
    stage.keys("j");
    stage.does_not_see(PLANTED);
}

#[test]
fn suspension_the_cover_and_another_screen_mask() {
    for keys in ["<C-z>", "L<Enter>", "<Tab><BackTab>"] {
        let mut stage = Stage::online(FakeStore::with_days());
        stage.keys("fGv").sees(PLANTED);
        stage.keys(keys).does_not_see(PLANTED);
    }
}

#[test]
fn the_cover_hides_everything_after_idleness() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.after(601, TimerId::Idle);
    stage.sees("covered");
    stage.does_not_see("Finished the lesson plan");
    stage.keys("x7");
    stage.sees("covered");
    stage.keys("<Enter>");
    stage.sees("Finished the lesson plan");
}

#[test]
fn an_idle_timer_that_fires_early_waits_for_the_rest() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.now = moment().saturating_add(500.seconds()).unwrap();
    stage.keys("j");
    stage.after(101, TimerId::Idle);
    stage.does_not_see("covered");
    stage.after(600, TimerId::Idle);
    stage.sees("covered");
}

#[test]
fn a_sensitive_text_is_visible_while_it_is_written_and_covered_when_nobody_types() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("fG<Enter>");
    stage.sees(PLANTED);
    stage.after(119, TimerId::Mask);
    stage.sees(PLANTED);
    stage.after(2, TimerId::Mask);
    stage.does_not_see(PLANTED);
    stage.keys("z");
    stage.sees(PLANTED);
    stage.keys("!<Esc>");
    stage.does_not_see(PLANTED);
    assert_eq!(
        stage.stored(TODAY, "driftCheck"),
        Some(json!(format!("{PLANTED}!")))
    );
}

#[test]
fn typed_text_goes_to_a_draft_and_the_draft_goes_when_the_write_is_on_disk() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("Gk<Enter>half a sen");
    assert!(
        stage
            .effects
            .iter()
            .any(|e| matches!(e, Effect::After(TimerId::Draft, _)))
    );
    stage.after(1, TimerId::Draft);
    assert_eq!(saved_drafts(&stage), ["half a sen"]);
    assert!(!stage.effects.contains(&Effect::DropDraft(place("topWin"))));
    stage.keys("tence<Esc>");
    assert!(stage.effects.contains(&Effect::DropDraft(place("topWin"))));
    assert_eq!(
        stage.stored(TODAY, "topWin"),
        Some(json!("half a sentence"))
    );
}

#[test]
fn a_hangup_saves_what_is_being_typed_before_the_program_ends() {
    for signal in [Signal::Hangup, Signal::Terminate] {
        let mut stage = Stage::online(FakeStore::default());
        stage.keys("Gk<Enter>mid-sen");
        stage.send(Msg::Signal(signal));
        assert_eq!(saved_drafts(&stage), ["mid-sen"]);
        assert_eq!(stage.effects.last(), Some(&Effect::Quit(Quit::Signalled)));
    }
}

#[test]
fn plain_keys_are_text_while_a_text_is_written() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("Gk<Enter>quit? m v L x 123<M-Enter>second<Esc>");
    assert_eq!(
        stage.stored(TODAY, "topWin"),
        Some(json!("quit? m v L x 123\nsecond"))
    );
}

#[test]
fn leaving_a_changed_text_is_asked_once_and_gives_the_draft_up() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("Gk<Enter> more<C-c>");
    stage.sees("once more");
    stage.keys("<C-c>");
    assert_eq!(
        stage.stored(TODAY, "topWin"),
        Some(json!("Finished the lesson plan"))
    );
    assert!(stage.effects.contains(&Effect::DropDraft(place("topWin"))));
    assert!(stage.store.writes.is_empty());
}

#[test]
fn only_two_presses_in_a_row_leave_a_changed_text() {
    let paste = |stage: &mut Stage| stage.send(Msg::Paste("pasted".to_owned()));
    let help = |stage: &mut Stage| {
        stage.keys("<C-g><Esc>");
    };
    let redraw = |stage: &mut Stage| {
        stage.keys("<C-l>");
    };
    for between in [paste, help, redraw] {
        let mut stage = Stage::online(FakeStore::with_days());
        stage.keys("Gk<Enter> more<C-c>");
        between(&mut stage);
        stage.keys("<C-c>");
        stage.sees("once more");
        assert!(!stage.effects.contains(&Effect::DropDraft(place("topWin"))));
        stage.keys("<C-c>");
        assert!(stage.effects.contains(&Effect::DropDraft(place("topWin"))));
    }
}

/// What another program does to today.
fn elsewhere(stage: &mut Stage, key: &str, value: Value) {
    let log = stage.store.logs.get(&TODAY).expect("today is logged");
    let mut data = log.data.expose(Exit::Output).clone();
    data.insert(key.to_owned(), value);
    stage.store.put(TODAY, Value::Object(data));
}

#[test]
fn of_a_text_that_another_program_wrote_meanwhile_nothing_is_lost() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("Gk<Enter> and more");
    elsewhere(&mut stage, "topWin", json!("written on the phone"));
    stage.keys("<Esc>");
    assert_eq!(
        stage.stored(TODAY, "topWin"),
        Some(json!(
            "written on the phone\n\nFinished the lesson plan and more"
        ))
    );
    stage.sees("both texts are there");
    stage.keys("u");
    assert_eq!(
        stage.stored(TODAY, "topWin"),
        Some(json!("written on the phone")),
        "what was written here goes, what was written elsewhere stays"
    );
}

#[test]
fn one_text_written_on_twice_is_joined_once() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.disconnect(lost());
    stage.keys("Gk<Enter> beta<Esc><Enter> two<Esc>");
    let waiting: Vec<Write> = stage
        .model
        .world
        .cache
        .pending()
        .iter()
        .map(|p| p.write.clone())
        .collect();
    assert_eq!(waiting.len(), 2);
    elsewhere(&mut stage, "topWin", json!("written on the phone"));
    for write in &waiting {
        stage.write_now(write);
    }
    assert_eq!(
        stage.stored(TODAY, "topWin"),
        Some(json!(
            "written on the phone\n\nFinished the lesson plan beta two"
        ))
    );
}

#[test]
fn an_editor_that_was_only_opened_shows_what_another_program_wrote_meanwhile() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("Gk");
    elsewhere(&mut stage, "topWin", json!("written on the phone"));
    stage.now += jiff::SignedDuration::from_secs(61);
    stage.keys("<Enter>").sees("written on the phone");
    stage.keys(" and here<Esc>");
    assert_eq!(
        stage.stored(TODAY, "topWin"),
        Some(json!("written on the phone and here"))
    );
}

#[test]
fn what_this_run_took_back_is_not_brought_back_by_taking_back() {
    let mut stage = Stage::online(FakeStore::default());
    let id = harriswildlands::domain::ids::RecordId::new();
    stage.keys("3u");
    let change =
        |value: Option<Value>| Mutation::patch_log(id, TODAY, Patch::one("sleepQuality", value));
    stage.store.recent = vec![Change {
        changed_at: stage.now + jiff::SignedDuration::from_millis(5),
        forward: change(None),
        inverse: change(Some(json!(3))),
    }];
    stage.keys("u");
    assert_eq!(stage.stored(TODAY, "sleepQuality"), None);
    stage.sees("nothing to take back");
}

#[test]
fn of_several_that_met_none_hides_another() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.resize(160, 24);
    stage.disconnect(lost());
    stage.keys("Gk<Enter> and more<Esc>g5");
    elsewhere(&mut stage, "topWin", json!("on the phone"));
    elsewhere(&mut stage, "sleepQuality", json!(9));
    let pending = stage.model.world.cache.pending().iter();
    let waiting: Vec<Write> = pending.map(|pending| pending.write.clone()).collect();
    for write in waiting {
        let log = stage.store.logs.get_mut(&TODAY).expect("today is logged");
        log.updated_at = jiff::Timestamp::MAX;
        let written = stage.write_now(&write);
        stage.send(Msg::Store(Event::Written {
            request: write.request,
            result: Ok(written),
        }));
    }
    stage.sees("both texts are there");
    stage.sees("sleep quality was changed elsewhere");
    let standing = &stage.model.world.standing_notices;
    assert_eq!(standing.len(), 2, "{standing:?}");
}

#[test]
fn taking_back_does_not_take_back_what_another_program_did() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("j5");
    elsewhere(&mut stage, "energy", json!(9));
    stage.keys("u");
    assert_eq!(stage.stored(TODAY, "energy"), Some(json!(9)));
    stage.sees("changed elsewhere meanwhile; that stays");
}

#[test]
fn one_key_takes_back_what_an_earlier_run_did_once_the_database_has_told_it() {
    let mut store = FakeStore::with_days();
    let id = store.logs.get(&TODAY).expect("today is logged").id;
    let energy = |value: i32| {
        let patch = Patch::one("energy", Some(json!(value)));
        Mutation::patch_log(id, TODAY, patch)
    };
    store.put(TODAY, json!({ "energy": 8 }));
    store.recent = vec![Change {
        changed_at: moment(),
        forward: energy(8),
        inverse: energy(3),
    }];
    let mut stage = Stage::online(store);
    stage.keys("u");
    assert_eq!(stage.stored(TODAY, "energy"), Some(json!(3)));
    stage.sees("taken back: energy");
}

#[test]
fn after_a_quiet_minute_a_key_looks_at_what_others_did() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("j");
    elsewhere(&mut stage, "topWin", json!("written on the phone"));
    stage.keys("k").does_not_see("written on the phone");
    stage.now += jiff::SignedDuration::from_secs(61);
    stage.keys("j").sees("written on the phone");
    elsewhere(&mut stage, "topWin", json!("and again"));
    stage.show("data").show("lifeops").sees("and again");
}

#[test]
fn a_late_answer_does_not_hide_a_newer_write() {
    let mut stage = Stage::online(FakeStore::with_days());
    let old = stage.store.logs.get(&TODAY).cloned();
    stage.store.silent = true;
    stage.keys("R");
    let asked = stage.requests.iter().find_map(|request| match request {
        Request::Query { generation, query } if *query == Query::Day(TODAY) => Some(*generation),
        _ => None,
    });
    stage.store.silent = false;
    stage.keys("j5");
    stage.send(Msg::Store(Event::Answered {
        generation: asked.expect("the day is asked for again"),
        query: Query::Day(TODAY),
        result: Ok(Answer::Day(old)),
    }));
    let shown = stage.model.world.cache.log(TODAY).expect("known");
    assert_eq!(shown.data.expose(Exit::Output)["energy"], 5);
}

#[test]
fn an_unchanged_text_is_not_written() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("Gk<Enter><Esc>");
    assert!(stage.store.writes.is_empty());
}

#[test]
fn changes_made_offline_are_shown_counted_and_not_lost_from_view() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.disconnect(lost());
    stage.keys("9j8");
    stage.sees("2 unsent");
    stage.sees("▰▰▰▰▰▰▰▰▰▱  9");
    stage.sees("offline");
    assert_eq!(stage.model.world.cache.pending().len(), 2);
    assert!(
        stage
            .model
            .world
            .cache
            .pending()
            .iter()
            .all(|pending| pending.kept)
    );
}

#[test]
fn the_screen_works_before_the_first_connection() {
    let mut stage = Stage::new(FakeStore::default());
    stage.keys("7jj<Space>");
    stage.sees("▰▰▰▰▰▰▰▱▱▱  7");
    stage.sees("2 unsent");
    stage.keys("]").sees("Tue 24 Nov 2026");
}

#[test]
fn a_rejected_text_is_offered_with_the_reason() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.store.rejecting = Some(refused());
    stage.keys("Gk<Enter> and much more<Esc>");
    stage.sees("not saved");
    stage.sees("Finished the lesson plan and much more");
    assert!(stage.model.world.cache.pending().is_empty());
    assert_eq!(
        kept_texts(&stage),
        ["Finished the lesson plan and much more"]
    );
    stage.store.rejecting = None;
    stage.keys("<Enter>");
    let stored = stage.stored(TODAY, "topWin");
    assert_eq!(
        stored,
        Some(json!("Finished the lesson plan and much more"))
    );
}

#[test]
fn a_rejected_answer_leaves_the_view_and_undo_does_not_know_it() {
    let mut stage = Stage::online(FakeStore::with_days());
    let before = stage.screen();
    stage.store.rejecting = Some(refused());
    stage.keys("2");
    stage.store.rejecting = None;
    stage.after(21, TimerId::Notice);
    assert_eq!(stage.screen(), before);
    assert!(stage.model.undo.is_empty());
}

#[test]
fn days_are_walked_picked_and_typed() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("[").sees("Sun 22 Nov · yesterday");
    stage.keys("[[").sees("Fri 20 Nov · 3 days ago");
    stage.keys("t").sees("Mon 23 Nov 2026 · today");
    stage.keys("d2026-02-30<Enter>");
    stage.sees("2026-02-30");
    stage
        .keys("<C-u>2026-02-28<Enter>")
        .sees("Sat 28 Feb 2026 · 268 days ago");
    stage
        .keys("t")
        .keys("ckk<Enter>")
        .sees("Mon 9 Nov · 14 days ago");
    stage.keys("to<Enter>").sees("Sun 23 Nov 2025");
}

#[test]
fn midnight_leaves_the_person_on_the_day_they_are_writing() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("Gk<Enter>late ");
    stage.now = "2026-11-24T00:00:05Z".parse().unwrap();
    stage.keys("thought<Esc>");
    assert_eq!(
        stage.stored(TODAY, "topWin"),
        Some(json!("Finished the lesson planlate thought"))
    );
    stage.sees("Mon 23 Nov · yesterday");
    stage.keys("t").sees("Tue 24 Nov 2026");
}

#[test]
fn a_zone_change_changes_the_day_that_t_goes_to() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.zone = jiff::tz::TimeZone::get("Pacific/Auckland").unwrap();
    stage.keys("t").sees("Tue 24 Nov 2026");
}

#[test]
fn neighbouring_days_are_fetched_before_they_are_asked_for() {
    let stage = Stage::online(FakeStore::with_days());
    for day in [TODAY.yesterday().unwrap(), TODAY.tomorrow().unwrap()] {
        assert!(stage.model.world.cache.knows_day(day), "{day}");
    }
}

#[test]
fn a_late_answer_to_an_old_question_is_dropped() {
    let mut stage = Stage::new(FakeStore::with_days());
    stage.store.silent = true;
    stage.connect();
    let query = Query::Day(TODAY);
    let answer = |energy: i32| {
        let mut store = FakeStore::default();
        store.put(TODAY, json!({ "energy": energy }));
        Answer::Day(store.logs.get(&TODAY).cloned())
    };
    let newest = stage.model.world.cache.generation(&query).unwrap();
    let deliver = |stage: &mut Stage, generation, energy| {
        let result = Ok(answer(energy));
        let event = Event::Answered {
            generation,
            query: query.clone(),
            result,
        };
        stage.send(Msg::Store(event));
    };
    deliver(&mut stage, newest, 8);
    deliver(&mut stage, newest - 1, 2);
    stage.sees("▰▰▰▰▰▰▰▰▱▱  8");
}

#[test]
fn yesterdays_plan_is_a_reminder_and_never_an_answer() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("f");
    let form = &stage.model.world.form;
    let fields: Vec<_> = form
        .fields(harriswildlands::domain::form::FormView::Full)
        .collect();
    let at = fields
        .iter()
        .position(|(_, field)| field.prompt_from.is_some())
        .unwrap();
    let key = fields[at].1.key.clone();
    stage.keys("g").keys(&"j".repeat(at));
    stage.sees("planned yesterday: Call the bank");
    assert_eq!(stage.stored(TODAY, &key), None);
}

#[test]
fn a_choice_and_a_list_are_picked() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("f");
    let go = |stage: &mut Stage, key: &str| {
        let form = &stage.model.world.form;
        let mut fields = form.fields(harriswildlands::domain::form::FormView::Full);
        let at = fields.position(|(_, field)| field.key == key).unwrap();
        drop(fields);
        stage.keys("g").keys(&"j".repeat(at));
    };
    go(&mut stage, "movementLevel");
    stage.keys("<Enter>jj<Enter>");
    assert_eq!(
        stage.stored(TODAY, "movementLevel"),
        Some(json!("moderate"))
    );
    go(&mut stage, "triggersEncountered");
    stage.keys("<Enter><Space>jj<Space><Enter>");
    assert_eq!(
        stage.stored(TODAY, "triggersEncountered"),
        Some(json!(["red", "green"]))
    );
    stage.keys("k2");
    assert_eq!(
        stage.stored(TODAY, "triggersEncountered"),
        Some(json!(["red", "yellow", "green"]))
    );
    go(&mut stage, "movementLevel");
    stage.keys("l");
    assert_eq!(stage.stored(TODAY, "movementLevel"), Some(json!("hard")));
    stage.keys("lhh");
    assert_eq!(stage.stored(TODAY, "movementLevel"), Some(json!("light")));
    stage.keys("<Enter>");
    stage.sees("3 moderate");
    stage.keys("9").sees("there are 4 options");
    stage.keys("1");
    assert_eq!(stage.stored(TODAY, "movementLevel"), Some(json!("none")));
    stage.keys("k7").sees("movement has 4 options");
    go(&mut stage, "triggersEncountered");
    stage.keys("<Enter>31<Enter>");
    assert_eq!(
        stage.stored(TODAY, "triggersEncountered"),
        Some(json!(["yellow"]))
    );
    go(&mut stage, "exercise");
    stage.keys("5").sees("exercise takes 1 for yes");
}

#[test]
fn copying_is_asked_for_and_nothing_else_reaches_the_clipboard() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("fGvVm");
    assert!(!stage.effects.iter().any(|e| matches!(e, Effect::Copy(_))));
    stage.keys("y");
    let copied = stage.effects.iter().find_map(|e| match e {
        Effect::Copy(text) => Some(text.expose(Exit::Clipboard).clone()),
        _ => None,
    });
    assert_eq!(copied.as_deref(), Some(PLANTED));
}

#[test]
fn the_own_editor_gets_the_text_and_its_result_is_saved() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("Gke");
    let job = stage.effects.iter().find_map(|e| match e {
        Effect::OpenEditor(job) => Some(job.clone()),
        _ => None,
    });
    let job = job.expect("an editor was asked for");
    assert_eq!(job.text.expose(Exit::Editor), "Finished the lesson plan");
    // An editor that only added its new line has changed nothing, whatever another program wrote meanwhile.
    let writes = stage.store.writes.len();
    let outcome = Ok(Secret::new("Finished the lesson plan\n".to_owned()));
    stage.send(Msg::Edited(EditResult {
        job: job.clone(),
        outcome,
    }));
    stage.sees("nothing was changed");
    assert_eq!(stage.store.writes.len(), writes);
    let outcome = Ok(Secret::new("edited elsewhere\n".to_owned()));
    stage.send(Msg::Edited(EditResult {
        job: job.clone(),
        outcome,
    }));
    assert_eq!(
        stage.stored(TODAY, "topWin"),
        Some(json!("edited elsewhere"))
    );
    let outcome = Err("the editor ended with 1".to_owned());
    stage.send(Msg::Edited(EditResult { job, outcome }));
    stage.sees("the editor ended with 1");
    assert_eq!(
        stage.stored(TODAY, "topWin"),
        Some(json!("edited elsewhere"))
    );
}

#[test]
fn export_runs_shows_its_result_and_is_stopped_by_the_same_key() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("x");
    assert!(
        stage
            .effects
            .iter()
            .any(|e| matches!(e, Effect::Transfer(_)))
    );
    stage.send(Msg::Transfer(TransferEvent::Progress(Progress::rows(
        10, 54,
    ))));
    stage.sees("10 of 54");
    stage.keys("x");
    assert!(stage.effects.contains(&Effect::CancelTransfer));
    stage.send(Msg::Transfer(TransferEvent::Ended(JobEnd::Cancelled)));
    stage.keys("x");
    let report = JobReport {
        said: "exported, private texts included, to /home/bruce/export.json".to_owned(),
        lines: vec![
            JobLine::Fact("rows", "logs 54".to_owned()),
            JobLine::Fact("SHA-256", "ab".repeat(32)),
        ],
        path: Some("/home/bruce/export.json".into()),
        ..JobReport::default()
    };
    let end = JobEnd::Finished(report);
    stage.send(Msg::Transfer(TransferEvent::Ended(end)));
    stage.sees("exported, private texts included, to /home/bruce/export.json");
    stage.show("data");
    stage.sees("logs 54");
    stage.sees(&"ab".repeat(16));
}

#[test]
fn the_pasted_text_is_one_text_whatever_it_holds() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("Gk<Enter>");
    stage.send(Msg::Paste("a\u{1b}[2Jb\r\nq\u{7}uit\u{0}".to_owned()));
    stage.keys("<Esc>");
    let stored = stage.stored(TODAY, "topWin").unwrap();
    let text = stored.as_str().unwrap();
    assert!(text.starts_with('a') && text.ends_with("quit"), "{text:?}");
    assert!(!text.contains(['\u{1b}', '\u{7}', '\0', '\r']), "{text:?}");
}

#[test]
fn a_megabyte_is_cut_and_the_loss_is_said() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("Gk<Enter>");
    stage.send(Msg::Paste("word ".repeat(200_000)));
    assert!(stage.model.world.notice.is_some(), "the loss is said");
    stage.keys("<Esc>");
    let stored = stage.stored(TODAY, "topWin").unwrap();
    let length = stored.as_str().unwrap().chars().count();
    assert!((60_000..=65_536).contains(&length), "{length}");
}

#[test]
fn screens_change_by_tab_numbers_and_function_keys_but_never_by_digits() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("<BackTab>").sees("Where it is");
    stage.keys("<Tab>").sees("sleep quality");
    stage.show("data").sees("Where it is");
    stage.keys("<F1>").sees("sleep quality");
    stage.keys("2").sees("sleep quality");
    assert_eq!(stage.stored(TODAY, "sleepQuality"), Some(json!(2)));
}

#[test]
fn reconnecting_asks_again_for_what_is_shown() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.disconnect(lost());
    stage
        .store
        .put(TODAY, json!({ "energy": 1, "sleepQuality": 2 }));
    stage.connect();
    stage.sees("▰▰▱▱▱▱▱▱▱▱  2");
    stage.keys("R");
    assert!(stage.requests.contains(&Request::Reconnect));
}

#[test]
fn a_day_that_failed_to_load_says_so_and_is_asked_again_on_reconnect() {
    let mut store = FakeStore::with_days();
    store.failing = Some(lost());
    let mut stage = Stage::online(store);
    stage.sees("not loaded");
    stage.store.failing = None;
    stage.disconnect(lost());
    stage.connect();
    stage.sees("saved");
}

#[test]
fn stored_escape_sequences_are_shown_not_sent() {
    let mut store = FakeStore::default();
    store.put(
        TODAY,
        json!({ "topWin": "a\u{1b}[31mred\u{202e}x\u{9b}2J" }),
    );
    let mut stage = Stage::online(store);
    for keys in ["G", "k", "<Enter>"] {
        stage.keys(keys);
        let screen = stage.screen();
        let raw = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!screen.contains(raw), "{screen:?}");
    }
}

#[test]
fn on_another_date_the_form_is_that_of_the_date() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("[5");
    let yesterday = date(2026, 11, 22);
    assert_eq!(stage.stored(yesterday, "sleepQuality"), Some(json!(5)));
}

/// How often the program was asked to end.
fn ends(stage: &Stage) -> usize {
    let is_end = |effect: &&Effect| matches!(effect, Effect::Quit(_));
    stage.effects.iter().filter(is_end).count()
}

#[test]
fn what_is_nowhere_is_not_lost_by_one_key() {
    let store = FakeStore {
        disk_is_full: true,
        ..FakeStore::default()
    };
    let mut stage = Stage::online(store);
    stage.disconnect(lost());
    stage.resize(160, 24);
    stage.keys("7j8q");
    assert_eq!(ends(&stage), 0);
    stage.sees("q once more quits without 2 changes that are NOT on disk and not in the database");
    stage.sees("sleep quality, energy");
    // Much later the question is asked again.
    stage.after(60, TimerId::Notice).keys("q");
    assert_eq!(ends(&stage), 0);
    stage.keys("q");
    assert_eq!(ends(&stage), 1);
}

#[test]
fn what_was_said_goes_with_the_next_key_once_it_could_be_read() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("u").sees("nothing to take back");
    stage.keys("j").sees("nothing to take back");
    stage.now = stage.now.saturating_add(2.seconds()).unwrap();
    stage.keys("j").does_not_see("nothing to take back");
}

/// What the database says at last to everything that waits.
fn answer_what_waits(stage: &mut Stage) {
    let pending = stage.model.world.cache.pending().iter();
    let waiting: Vec<Write> = pending.map(|pending| pending.write.clone()).collect();
    for write in waiting {
        let written = stage.write_now(&write);
        stage.send(Msg::Store(Event::Written {
            request: write.request,
            result: Ok(written),
        }));
    }
}

#[test]
fn a_quit_that_was_held_back_is_carried_out_once_nothing_would_be_lost() {
    let full_disk = || FakeStore {
        disk_is_full: true,
        silent: true,
        ..FakeStore::default()
    };
    let mut stage = Stage::online(full_disk());
    stage.keys("7j8q");
    assert_eq!(ends(&stage), 0, "the database has not answered yet");
    answer_what_waits(&mut stage);
    assert_eq!(ends(&stage), 1);

    // Whoever goes on typing stays.
    let mut stage = Stage::online(full_disk());
    stage.keys("7qj");
    answer_what_waits(&mut stage);
    assert_eq!(ends(&stage), 0);

    // What was refused is to be seen.
    let mut stage = Stage::online(full_disk());
    stage.keys("7q");
    let request = stage.model.world.cache.pending()[0].write.request;
    stage.send(Msg::Store(Event::Written {
        request,
        result: Err(lost()),
    }));
    assert_eq!(ends(&stage), 0);
    stage.sees("not saved: sleep quality");
}

#[test]
fn a_signal_and_a_quit_with_everything_kept_ask_nothing() {
    let mut stage = Stage::online(FakeStore::default());
    stage.disconnect(lost());
    stage.keys("7q");
    assert_eq!(ends(&stage), 1);
    stage.store.disk_is_full = true;
    stage.keys("j8");
    stage.send(Msg::Signal(Signal::Terminate));
    assert_eq!(ends(&stage), 2);
    // The database has it: nothing is left to ask about.
    let mut stage = Stage::online(FakeStore {
        disk_is_full: true,
        ..FakeStore::default()
    });
    stage.keys("7q");
    assert_eq!(ends(&stage), 1);
}

#[test]
fn a_standing_notice_is_listed_once() {
    let mut stage = Stage::online(FakeStore::default());
    for _ in 0..3 {
        let notice = Secret::new("the same again".to_owned());
        stage.send(Msg::Store(Event::Notice(notice)));
    }
    assert_eq!(stage.model.world.standing_notices, ["the same again"]);
}

#[test]
fn a_day_whose_only_answer_was_taken_back_is_not_logged() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("[7");
    let month = TODAY.first_of_month();
    assert_eq!(stage.model.world.cache.month(month).len(), 1);
    stage.keys("u");
    stage.sees("nothing logged");
    assert!(stage.model.world.cache.month(month).is_empty());
    stage.store.silent = true;
    stage.keys("7");
    assert_eq!(stage.model.world.cache.month(month).len(), 1);
    stage.keys("<BS>");
    assert!(stage.model.world.cache.month(month).is_empty());
}
