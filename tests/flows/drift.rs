//! Drift, every action by keys.

use std::collections::BTreeMap;

use harriswildlands::domain::drift::{SignalType, State};
use harriswildlands::domain::ids::RecordId;
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::search::{Area, Hit};
use harriswildlands::domain::secret::Secret;
use harriswildlands::store::api::DriftRequest;
use jiff::civil::date;
use serde_json::{Value, json};

use super::stage::{FakeStore, PLANTED, Stage, TODAY, drift::standing};

fn in_front() -> Stage {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.show("drift");
    stage
}

fn the(stage: &Stage, kind: SignalType, subject: &str) -> RecordId {
    let mut signals = stage.store.records.values();
    let found = signals.find(|record| {
        record.lane == Lane::Signals
            && record.word("type") == Some(kind.word())
            && record.word("subject").unwrap_or_default() == subject
    });
    found.expect("the signal").id
}

fn energy(stage: &Stage) -> RecordId {
    the(stage, SignalType::LevelShift, "energy")
}

fn asked(stage: &Stage) -> Vec<DriftRequest> {
    let requests = stage.drift.iter().cloned();
    requests
        .filter(|request| !matches!(request, DriftRequest::Observe(_)))
        .collect()
}

/// Puts the cursor on the signal about energy.
fn on_energy(stage: &mut Stage) {
    for _ in 0..3 {
        let pane = stage.screen();
        if pane.contains("first seen 10 Nov") && pane.contains("rows that count, band") {
            return;
        }
        stage.keys("j");
    }
    panic!("no chart of energy:\n{}", stage.screen());
}

#[test]
fn the_tab_tells_how_many_are_open_and_the_lists_how_many_of_each_state() {
    let stage = {
        let mut stage = in_front();
        stage.resize(160, 50);
        stage
    };
    stage.sees("4 Drift·2");
    stage.sees("open 2  acknowledged 1  snoozed 1  resolved 1");
    stage.sees("Energy averaged 3.0 over 10–23 Nov");
}

#[test]
fn a_signal_shows_its_series_with_the_band_and_a_row_opens_its_day() {
    let mut stage = in_front();
    stage.resize(160, 50);
    on_energy(&mut stage);
    stage.sees("14 rows that count");
    stage.sees("band: typical 6.8");
    stage.sees("Mon 23 Nov 2026  3");
    stage.keys("<Enter>kk<Enter>");
    assert_eq!(stage.model.screens[stage.model.active].name(), "lifeops");
    stage.sees("Sat 21 Nov");
}

#[test]
fn on_a_small_terminal_enter_shows_the_signal_and_escape_the_list_again() {
    let mut stage = in_front();
    stage.resize(40, 12);
    stage.sees("open 2");
    stage.keys("<Enter>");
    stage.sees("rows that count");
    stage.sees("first seen 10 Nov");
    stage.keys("<Esc>");
    stage.sees("open 2");
}

#[test]
fn acknowledged_it_leaves_the_open_ones_and_undo_brings_it_back() {
    let mut stage = in_front();
    stage.resize(160, 50);
    on_energy(&mut stage);
    let id = energy(&stage);
    stage.keys("a");
    assert_eq!(stage.store.held(id, "state"), Some(json!("acknowledged")));
    assert_eq!(
        stage.store.held(id, "acknowledgedAt"),
        Some(json!("2026-11-23T21:04:00Z"))
    );
    stage.sees("acknowledged; u takes that back");
    stage.sees("4 Drift·1");
    stage.keys("j");
    stage.sees("open 1  acknowledged 2");
    stage.keys("u");
    assert_eq!(stage.store.held(id, "state"), Some(json!("open")));
    assert_eq!(stage.store.held(id, "acknowledgedAt"), None);
}

#[test]
fn snoozing_asks_until_when_and_why() {
    let mut stage = in_front();
    stage.resize(160, 50);
    on_energy(&mut stage);
    let id = energy(&stage);
    stage.keys("s");
    stage.sees("snooze until");
    stage.keys("<C-u>+10<Enter>");
    assert_eq!(stage.store.held(id, "state"), Some(json!("snoozed")));
    assert_eq!(
        stage.store.held(id, "snoozedUntil"),
        Some(json!("2026-12-03"))
    );
    stage.keys("exam weeks<C-s>");
    assert_eq!(stage.store.held(id, "note"), Some(json!("exam weeks")));
    stage.keys("ll");
    stage.sees("snoozed until 3 Dec");
    stage.does_not_see("exam weeks");
}

#[test]
fn a_day_that_has_come_is_no_day_to_snooze_until() {
    let mut stage = in_front();
    stage.resize(160, 50);
    on_energy(&mut stage);
    let id = energy(&stage);
    stage.keys("s<C-u>today<Enter>");
    stage.sees("has come already");
    assert_eq!(stage.store.held(id, "state"), Some(json!("open")));
}

#[test]
fn what_was_answered_is_opened_again_without_what_belonged_to_the_answer() {
    let mut stage = in_front();
    let snoozed = the(&stage, SignalType::IdeasCrowded, "");
    stage.keys("llo");
    assert_eq!(stage.store.held(snoozed, "state"), Some(json!("open")));
    assert_eq!(stage.store.held(snoozed, "snoozedUntil"), None);
    let note = stage.store.held(snoozed, "note");
    assert!(note.is_some(), "what was written stays");
}

#[test]
fn what_has_ended_takes_no_answer_and_nothing_is_deleted() {
    let mut stage = in_front();
    let ended = the(&stage, SignalType::MissedDays, "");
    for key in ["a", "s", "o"] {
        stage.keys("lll").keys(key);
        stage.sees("ended on Thu 19 Nov 2026");
        assert_eq!(stage.store.held(ended, "state"), Some(json!("resolved")));
    }
    let before = stage.store.records.len();
    stage.keys("DD");
    stage.sees("a signal ends by itself");
    assert_eq!(stage.store.records.len(), before);
}

#[test]
fn the_formula_has_the_numbers_of_the_signal_and_the_same_key_leads_on_to_the_keys() {
    let mut stage = in_front();
    on_energy(&mut stage);
    stage.keys("?");
    stage.sees("robust centre 6.75, spread 1.25");
    stage.sees("S was 9.50 when the shift was found; the limit was 8.60.");
    stage.keys("?");
    stage.sees("┌ Keys");
    let mut empty = Stage::online(FakeStore::default());
    empty.show("drift").keys("?");
    empty.sees("┌ Keys");
}

#[test]
fn what_speaks_of_a_private_field_is_masked_with_its_figures_until_it_is_revealed() {
    let mut stage = in_front();
    stage.resize(160, 50);
    stage.does_not_see(PLANTED);
    let gone = the(&stage, SignalType::LevelShift, "gone");
    for _ in 0..2 {
        let item = stage.model.front().unwrap().item(&stage.model.world);
        if item.is_some_and(|item| item.0.contains(&gone.to_string())) {
            break;
        }
        stage.keys("j");
    }
    stage.keys("?");
    stage.does_not_see("robust centre");
    stage.does_not_see(PLANTED);
    stage.keys("<Esc>v");
    stage.sees(PLANTED);
    stage.keys("m");
    stage.does_not_see(PLANTED);
    let series = stage
        .store
        .asked
        .iter()
        .any(|query| format!("{query:?}").contains("gone"));
    assert!(!series, "the figures of a private field were asked for");
}

#[test]
fn fields_are_taken_in_and_left_out_and_follow_the_form_again() {
    let mut stage = in_front();
    stage.keys("f");
    stage.sees("what takes part");
    // The first one is ticked, as the form has it.
    stage.keys("<Space><Enter>");
    let first = stage.model.world.form.sections[0].fields[0].key.clone();
    assert_eq!(
        asked(&stage),
        [DriftRequest::TakesPart {
            name: first.clone(),
            choice: Some(false)
        }]
    );
    let mut settled = standing(2);
    settled.settings.opted_out.insert(first.clone());
    stage.store.standing = Some(settled);
    stage.connect();
    stage.drift.clear();
    stage.keys("f<Space><Enter>");
    assert_eq!(
        asked(&stage),
        [DriftRequest::TakesPart {
            name: first,
            choice: None
        }]
    );
    stage.drift.clear();
    stage.keys("f<Enter>");
    assert_eq!(asked(&stage), []);
}

#[test]
fn all_signals_are_calculated_anew_by_a_key() {
    let mut stage = in_front();
    stage.keys("r");
    assert_eq!(asked(&stage), [DriftRequest::Calculate]);
}

#[test]
fn an_empty_list_says_how_many_days_are_missing() {
    let mut stage = Stage::online(FakeStore::default());
    stage.show("drift");
    stage.sees("being calculated");
    stage.store.standing = Some(standing(0));
    stage.connect();
    stage.sees("exercise: 12 of 21 days");
    stage.does_not_see("energy: 60");
    let mut enough = standing(0);
    enough.needed.truncate(1);
    stage.store.standing = Some(enough);
    stage.connect();
    stage.sees("nothing differs from your own typical");
    stage.does_not_see("acknowledge ");
}

#[test]
fn a_signal_is_shown_where_it_was_found() {
    let mut stage = in_front();
    let acknowledged = the(&stage, SignalType::DomainNeglect, "health");
    stage.store.hits.push(Hit {
        area: Area::Lane(Lane::Signals),
        id: acknowledged,
        day: TODAY,
        title: Some(Secret::new("No check-ins in health".to_owned())),
        status: Some("acknowledged".to_owned()),
        archived: false,
        of_private_goal: false,
        similar: false,
        texts: Secret::new(BTreeMap::new()),
    });
    stage.keys("<M-1>/health");
    stage.keys("<Enter>");
    assert_eq!(stage.model.screens[stage.model.active].name(), "drift");
    stage.sees("No check-ins in health");
    stage.keys("<Enter><Enter>");
    assert_eq!(stage.model.screens[stage.model.active].name(), "goals");
}

#[test]
fn two_who_answer_one_signal_do_not_join_their_words() {
    let mut stage = in_front();
    stage.resize(160, 50);
    on_energy(&mut stage);
    let id = energy(&stage);
    stage.keys("a");
    let write = stage.store.writes.last().expect("a write");
    let base = format!("{:?}", write.mutation.base());
    assert!(base.contains("figures"), "{base}");
    let held: Option<Value> = stage.store.held(id, "state");
    assert_eq!(held, Some(json!(State::Acknowledged.word())));
    assert_eq!(TODAY, date(2026, 11, 23));
}
