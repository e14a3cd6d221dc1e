//! The settings layer and the live switch of the theme.

use harriswildlands::app::effect::{Effect, TimerId};
use harriswildlands::app::keymap::Preset;
use harriswildlands::app::message::{Msg, NotKept};
use harriswildlands::domain::setting::{Chosen, Setting, Value};
use harriswildlands::domain::text::printable;
use jiff::civil::Weekday;
use std::time::Duration;

use crate::stage::{FakeStore, Stage};

fn stage() -> Stage {
    Stage::online(FakeStore::with_days())
}

/// With the cursor of the settings layer on this one.
fn on(setting: Setting) -> Stage {
    let mut stage = stage();
    let at = Setting::ALL.iter().position(|one| *one == setting).unwrap();
    stage.keys(",").keys(&"j".repeat(at));
    stage.effects.clear();
    stage
}

/// What was to be put into the file, the last of each setting.
fn kept(stage: &Stage) -> Vec<(Setting, Option<Value>)> {
    let kept = stage.effects.iter().filter_map(|effect| match effect {
        Effect::KeepSetting(setting, value) => Some((*setting, value.clone())),
        _ => None,
    });
    kept.collect()
}

fn word(word: &str) -> Value {
    Value::Word(word.to_owned())
}

#[test]
fn one_key_goes_through_the_themes_and_keeps_the_last() {
    let mut stage = stage();
    stage.effects.clear();
    stage.keys("T").sees("theme field");
    assert_eq!(stage.model.world.settings.theme, "field");
    assert!(stage.effects.contains(&Effect::Redraw), "a full repaint");
    assert_eq!(kept(&stage), [(Setting::Theme, Some(word("field")))]);
    stage.keys("TTTTT").sees("theme lab");
    assert_eq!(kept(&stage).len(), 6);
    // A popup stays open beneath it, a text does not take it for a command.
    stage.keys(",T").sees("Settings");
    assert_eq!(stage.model.world.settings.theme, "field");
    stage.keys("<Esc>Gk<Enter>T<Esc>");
    assert_eq!(stage.model.world.settings.theme, "field");
}

#[test]
fn the_layer_says_what_holds_where_it_comes_from_and_what_it_is_for() {
    let mut stage = stage();
    let mut chosen = Chosen::default();
    chosen.set(Setting::RevealSeconds, Some(Value::Number(20)));
    chosen.set_by_variable(Setting::Theme, Value::Word("light".to_owned()));
    stage.model.world.chosen = chosen;
    stage.model.world.heed_chosen();
    stage.keys(",").sees("WILDLANDS_THEME, before the file.");
    for row in [
        "theme                 light",
        "reveal seconds        20",
        "week start            monday",
    ] {
        stage.sees(row);
    }
    stage.keys("jjjj").sees("Set in config.toml; else 30.");
    stage.keys("k").sees("heeded at the next start.");
    stage
        .keys("G")
        .sees("After how many seconds without a key an export or backup that is due is");
}

#[test]
fn steps_take_effect_at_once_and_are_kept() {
    let mut stage = on(Setting::WeekStart);
    stage.keys("h");
    assert_eq!(stage.model.world.settings.week_start, Weekday::Sunday);
    stage.keys("l<Space>");
    assert_eq!(stage.model.world.settings.week_start, Weekday::Tuesday);
    assert_eq!(kept(&stage).last().unwrap().1, Some(word("tuesday")));
    stage.sees("file");
    stage.keys("<BS>");
    assert_eq!(stage.model.world.settings.week_start, Weekday::Monday);
    assert_eq!(kept(&stage).last().unwrap(), &(Setting::WeekStart, None));
    let mut stage = on(Setting::RevealSeconds);
    stage.keys("ll");
    assert_eq!(stage.model.world.settings.reveal, Duration::from_secs(40));
}

#[test]
fn a_number_and_a_name_are_entered_and_looked_at_first() {
    let mut stage = on(Setting::RevealSeconds);
    stage
        .keys("<Enter>soon<Enter>")
        .sees("a whole number from 1 to 3600");
    stage
        .keys("<C-u>12<Enter>")
        .sees("reveal seconds        12");
    assert_eq!(stage.model.world.settings.reveal, Duration::from_secs(12));
    let mut stage = on(Setting::Theme);
    stage
        .keys("<Enter>feld<Enter>")
        .sees("did you mean \"field\"?");
    stage.keys("<C-u>Field<Enter>");
    assert_eq!(stage.model.world.settings.theme, "field");
    stage.keys("<Enter><C-u><Enter>");
    assert_eq!(stage.model.world.chosen.value(Setting::Theme), None);
    stage.keys("<Enter>none<Esc>");
    assert_eq!(stage.model.world.settings.theme, "lab", "left as it was");
    let mut stage = on(Setting::Timezone);
    stage.keys("l").sees("enter writes it");
    stage
        .keys("<Enter>Mars<Enter>")
        .sees("the name of a time zone");
    stage.keys("<C-u>Asia/Tokyo<Enter>");
    assert_eq!(
        kept(&stage),
        [(Setting::Timezone, Some(word("Asia/Tokyo")))]
    );
}

#[test]
fn mouse_ascii_and_cover_are_told_to_the_shell() {
    let mut stage = on(Setting::Mouse);
    stage.keys("<Space>");
    assert!(stage.effects.contains(&Effect::Mouse(true)));
    stage.keys("<Enter>");
    assert!(stage.effects.contains(&Effect::Mouse(false)));
    let mut stage = on(Setting::Ascii);
    stage.keys("l");
    assert_eq!(stage.model.world.settings.ascii, Some(true));
    assert!(stage.effects.contains(&Effect::Redraw));
    let mut stage = on(Setting::IdleCoverMinutes);
    stage.keys("<Enter><C-u>2<Enter>");
    let minutes = Effect::After(TimerId::Idle, Duration::from_mins(2));
    assert!(stage.effects.contains(&minutes));
    stage
        .keys("<Esc>")
        .after(120, TimerId::Idle)
        .sees("covered");
    let mut stage = on(Setting::IdleCoverMinutes);
    stage.keys("<Enter><C-u>0<Enter><Esc>");
    stage.after(3600, TimerId::Idle).does_not_see("covered");
}

#[test]
fn a_variable_goes_before_the_file_and_that_is_said() {
    let mut stage = stage();
    let field = Value::Word("field".to_owned());
    stage
        .model
        .world
        .chosen
        .set_by_variable(Setting::Theme, field);
    stage.model.world.heed_chosen();
    stage.resize(120, 24);
    stage
        .keys("T")
        .sees("kept in the file; WILDLANDS_THEME in the environment goes before it");
    assert_eq!(stage.model.world.settings.theme, "field");
    assert_eq!(kept(&stage), [(Setting::Theme, Some(word("sanctuary")))]);
}

#[test]
fn what_could_not_be_kept_holds_for_this_run_and_that_is_said() {
    let mut stage = stage();
    stage.keys("T");
    let reason =
        "config.toml:2: this is not TOML; the file is left as it is, mend it first".to_owned();
    stage.send(Msg::SettingKept(
        Setting::Theme,
        Err(NotKept::Failed(reason)),
    ));
    stage.sees("theme holds for this run only: config.toml:2");
    assert_eq!(stage.model.world.settings.theme, "field");
}

#[test]
fn the_set_of_keys_holds_where_the_file_of_keys_names_none() {
    let mut stage = stage();
    stage.model.world.settings.keys = "vim".to_owned();
    for (file, begun_with) in [
        ("", Preset::Vim),
        ("[everywhere]\nquit = \"Q\"\n", Preset::Vim),
        ("preset = \"plain\"\n", Preset::Plain),
    ] {
        assert_eq!(stage.model.remap(file).unwrap(), []);
        assert_eq!(stage.model.world.keymap.begun_with(), begun_with, "{file}");
    }
}

#[test]
fn a_demo_says_that_it_keeps_nothing() {
    let mut stage = stage();
    stage.keys("T");
    stage.send(Msg::SettingKept(Setting::Theme, Err(NotKept::NotHere)));
    stage.sees("theme field, for this run only");
}

#[test]
fn a_name_from_a_file_is_shown_harmless() {
    let mut stage = stage();
    let hostile = "ember\u{1b}[2J".to_owned();
    stage.model.world.chosen = Chosen::with_themes([hostile.clone()]);
    stage.keys(",h").sees(&printable(&hostile));
}
