//! What is masked, what shows it, and what is said of it.

use crate::lost;
use crate::recovered::old;
use crate::stage::{FakeStore, PLANTED, Stage, TODAY};
use harriswildlands::app::effect::TimerId;
use harriswildlands::app::message::Msg;
use harriswildlands::domain::form::{FormView, LogForm};
use serde_json::{Value, json};

/// Today with this answer, every field private, and the cursor on it.
fn on_private(key: &str, answer: &Value) -> Stage {
    let mut store = FakeStore::default();
    store.put(TODAY, json!({ key: answer }));
    let form = LogForm::builtin().all_sensitive();
    let mut fields = form.fields(FormView::Full);
    let at = fields.position(|(_, field)| field.key == key).unwrap();
    let mut stage = Stage::with_form(store, form.clone());
    stage.connect();
    stage.keys("fgg").keys(&"j".repeat(at));
    stage
}

#[test]
fn the_list_of_a_private_choice_shows_its_tick_while_it_is_revealed() {
    let mut stage = on_private("dayType", &json!("mixed"));
    stage.keys("<Enter>");
    stage.does_not_see("✓");
    stage.sees("▸   1 work");
    stage.sees(" v reveal");
    stage.keys("v");
    stage.sees("▸ ✓ 4 mixed");
    stage.sees(" v mask");
    stage.keys("m");
    stage.does_not_see("✓");
    stage.sees("▸   1 work");
    // Left as it was, and masked again.
    stage.keys("v<Esc>");
    assert!(!stage.model.world.mask.is_open());
    assert_eq!(stage.stored(TODAY, "dayType"), Some(json!("mixed")));
    // Taken blindly: what the cursor is on.
    stage.keys("<Enter>j<Enter>");
    assert!(!stage.model.world.mask.is_open());
    assert_eq!(stage.stored(TODAY, "dayType"), Some(json!("rest")));
}

#[test]
fn a_choice_that_is_picked_while_revealed_is_masked_as_the_list_closes() {
    for keys in ["v<Enter>", "<Enter>v<Enter>", "<Enter>V2", "V<Enter>q"] {
        let mut stage = on_private("dayType", &json!("mixed"));
        stage.keys(keys);
        if keys == "v<Enter>" {
            stage.sees("▸ ✓ 4 mixed");
            stage.keys("<Enter>");
        }
        assert!(stage.model.layers.is_empty(), "{keys}");
        assert!(!stage.model.world.mask.is_open(), "{keys}");
        stage.does_not_see("mixed");
    }
}

#[test]
fn ticks_that_are_not_seen_are_kept() {
    let ticked = json!(["red", "green"]);
    let mut stage = on_private("triggersEncountered", &ticked);
    stage.keys("<Enter>");
    stage.does_not_see("✓");
    stage.keys("<Enter>");
    assert_eq!(stage.stored(TODAY, "triggersEncountered"), Some(ticked));
    stage.keys("k<Enter>2<Enter>");
    let all = json!(["red", "yellow", "green"]);
    assert_eq!(stage.stored(TODAY, "triggersEncountered"), Some(all));
}

#[test]
fn the_line_of_a_private_number_begins_empty_while_it_is_masked() {
    let mut stage = on_private("sleepHours", &json!(6.5));
    stage.keys("<Enter>");
    stage.does_not_see("6.5");
    stage.sees(" v reveal");
    // An untouched line changes nothing.
    stage.keys("<Enter>");
    assert!(stage.model.layers.is_empty());
    assert!(stage.store.writes.is_empty());
    // What is typed is seen for as long as a text that is being written.
    stage.keys("<Enter>8");
    stage.sees("│ 8 ");
    stage.does_not_see("6.5");
    stage.after(121, TimerId::Mask);
    stage.sees("masked; any key shows it again");
    stage.keys("1.5<Enter>");
    assert_eq!(
        stage.stored(TODAY, "sleepHours"),
        Some(json!(8.5)),
        "1 showed it"
    );
    stage.does_not_see("8.5");
    assert!(!stage.model.world.mask.is_open());
    // Emptied by the person, it clears the answer.
    stage.keys("k<Enter><C-u><Enter>");
    assert_eq!(stage.stored(TODAY, "sleepHours"), None);
}

#[test]
fn v_shows_the_answer_in_the_line_of_a_private_number_and_m_masks_it() {
    let mut stage = on_private("sleepHours", &json!(6.5));
    stage.keys("<Enter>v");
    stage.sees("6.5");
    stage.sees(" v mask");
    stage.keys("m");
    stage.does_not_see("6.5");
    stage.sees("masked; any key shows it again");
    stage.keys("<Esc>");
    assert!(
        stage.model.layers.is_empty(),
        "it need not be seen to be left"
    );
    stage.keys("v<Enter>");
    stage.sees("6.5");
    stage.keys("<BS>0<Enter>");
    assert_eq!(stage.stored(TODAY, "sleepHours"), Some(json!(6)));
    assert!(!stage.model.world.mask.is_open());
}

#[test]
fn a_digit_on_a_private_number_shows_what_is_typed_only() {
    let mut stage = on_private("sleepHours", &json!(6.5));
    stage.keys("9");
    stage.sees("│ 9 ");
    stage.does_not_see("6.5");
    stage.keys("9<Enter>");
    stage.sees("sleep is 0–24 h");
    stage.does_not_see("got 99");
    stage.keys("<C-u>9,123<Enter>");
    stage.does_not_see("write 9123");
    stage.keys("<C-u>9.1<Enter>");
    stage.does_not_see("give 9");
    stage.keys("<Esc>");
    assert!(!stage.model.world.mask.is_open());
    assert!(stage.store.writes.is_empty());
}

#[test]
fn what_is_set_on_a_private_scale_is_masked() {
    let mut stage = on_private("energy", &json!(3));
    for keys in ["7", "l", "h", "y", "<BS>", "9", "u"] {
        stage.keys(keys);
        stage.does_not_see("▰");
    }
    assert_eq!(stage.stored(TODAY, "energy"), None);
}

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
    let form = LogForm::builtin().all_sensitive();
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
        .keys("gj")
        .show("data")
        .show("lifeops")
        .keys("Y")
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
    let mut fields = form.fields(FormView::Full);
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
        let item = harriswildlands::app::subject::Subject::Log(TODAY).item(item);
        assert!(!stage.model.world.mask.shows(&item));
    }
    stage.does_not_see(PLANTED);
}
