//! What is masked, what shows it, and what is said of it.

use crate::lost;
use crate::recovered::old;
use crate::stage::{FakeStore, PLANTED, Stage, TODAY};
use harriswildlands::app::effect::TimerId;
use harriswildlands::app::message::Msg;
use serde_json::json;

#[test]
fn an_unsaved_private_text_is_seen_before_it_is_kept_or_given_up() {
    for reveal in ["v", "V"] {
        let mut stage = Stage::online(FakeStore::default());
        stage.send(Msg::Drafts(vec![old("driftCheck", PLANTED)]));
        stage.does_not_see(PLANTED);
        stage.sees(" v reveal");
        stage.keys(reveal);
        stage.sees(PLANTED);
        stage.sees(" v mask");
        stage.keys("m");
        stage.does_not_see(PLANTED);
    }
}

#[test]
fn a_masked_text_is_saved_and_left_without_being_shown() {
    for end in ["<Esc>", "<C-s>", "<Tab>", "<Enter>"] {
        let mut stage = Stage::online(FakeStore::with_days());
        stage.keys("fG<Enter>!");
        stage.after(121, TimerId::Mask);
        stage.keys(end);
        stage.does_not_see(PLANTED);
        let written = Some(json!(format!("{PLANTED}!")));
        assert_eq!(stage.stored(TODAY, "driftCheck"), written, "{end}");
    }
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("fG<Enter>!");
    stage.after(121, TimerId::Mask);
    stage.keys("<C-c><C-c>");
    assert!(stage.model.layers.is_empty());
    assert_eq!(stage.stored(TODAY, "driftCheck"), Some(json!(PLANTED)));
}

#[test]
fn revealing_where_nothing_is_masked_says_so() {
    let mut stage = Stage::online(FakeStore::default());
    stage.keys("V");
    stage.sees("nothing is masked here");
    assert!(!stage.model.world.mask.is_open());
}

#[test]
fn what_was_said_of_a_popup_goes_with_it() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("Gk<Enter>x<C-c>");
    stage.sees("ctrl-c once more");
    stage.keys("<C-c>");
    stage.does_not_see("ctrl-c once more");
    stage.keys("<BS>");
    stage.sees("u takes it back");
    stage.keys("d");
    stage.does_not_see("u takes it back");
}

#[test]
fn a_lost_connection_is_not_news_once_it_is_back() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.disconnect(lost());
    stage.sees("gone");
    stage.connect();
    stage.does_not_see("gone");
}

#[test]
fn what_is_wrong_from_the_start_is_said_until_a_key_is_pressed() {
    let mut stage = Stage::new(FakeStore::with_days());
    let text = "log-form.toml is not used, and every answer is masked until it is mended; \
                log-form.toml:10:7: a key is used twice";
    stage.model.world.first_word = Some(text.to_owned());
    stage.connect();
    stage.after(60, TimerId::Notice);
    stage.sees("log-form.toml is not used");
    stage.sees("a key is used twice");
    stage.keys("j");
    stage.does_not_see("log-form.toml is not used");
}

#[test]
fn while_the_own_form_is_broken_no_answer_is_seen() {
    let form = harriswildlands::domain::form::LogForm::builtin().all_sensitive();
    let mut stage = Stage::with_form(FakeStore::with_days(), form);
    stage.connect();
    for form in ["", "f"] {
        stage.keys(form);
        stage.does_not_see("Finished the lesson plan");
        stage.does_not_see("Call the bank");
        stage.does_not_see("▰");
        stage.does_not_see("▆");
    }
    stage
        .keys("gj<Tab><Tab>Y")
        .sees("private fields have no year");
}

#[test]
fn the_popup_of_a_masked_text_says_nothing_of_its_length() {
    let picture = |text: &str| {
        let mut stage = Stage::online(FakeStore::default());
        stage.send(Msg::Drafts(vec![old("driftCheck", text)]));
        stage.screen()
    };
    assert_eq!(
        picture("short"),
        picture(&"a long private text ".repeat(40))
    );
}

#[test]
fn a_choice_is_not_stepped_before_the_day_is_known() {
    let mut store = FakeStore::with_days();
    store.silent = true;
    let mut stage = Stage::online(store);
    let form = stage.model.world.form.clone();
    let mut fields = form.fields(harriswildlands::domain::form::FormView::Full);
    let at = fields
        .position(|(_, field)| field.key == "dayType")
        .unwrap();
    stage.keys("fg").keys(&"j".repeat(at)).keys("l");
    stage.sees("this day is not loaded yet");
    assert!(stage.model.world.cache.pending().is_empty());
}

#[test]
fn writing_one_private_text_masks_the_others() {
    let mut store = FakeStore::default();
    store.put(TODAY, json!({"topFriction": PLANTED, "driftCheck": "mine"}));
    let mut stage = Stage::online(store);
    stage.keys("fG<Esc>V");
    stage.sees(PLANTED);
    stage.sees("mine");
    stage.keys("<Enter>!");
    stage.sees("mine!");
    stage.after(1, TimerId::Mask);
    for item in ["topFriction", "familyConnection"] {
        let item = harriswildlands::screens::lifeops::item(TODAY, item);
        assert!(!stage.model.world.mask.shows(&item));
    }
    stage.does_not_see(PLANTED);
}
