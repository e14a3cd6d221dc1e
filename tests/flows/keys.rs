//! Keys of one's own, keys one after another, and commands by their names.

use crate::stage::{FakeStore, Stage, TODAY};
use harriswildlands::app::effect::{Effect, Quit, TimerId};
use harriswildlands::app::keymap::{Keymap, Preset, Sequence};
use harriswildlands::domain::setting::Setting;
use serde_json::json;

/// The program with this file of keys, which has no mistakes.
fn with_keys(file: &str) -> Stage {
    let mut stage = Stage::online(FakeStore::with_days());
    let problems = stage.model.remap(file).unwrap();
    assert_eq!(problems, []);
    stage
}

fn has_quit(stage: &Stage) -> bool {
    stage
        .effects
        .iter()
        .any(|effect| matches!(effect, Effect::Quit(Quit::Asked)))
}

#[test]
fn a_key_of_ones_own_works_and_hints_help_and_palette_name_it() {
    let mut stage = with_keys("[everywhere]\nhelp = \"K\"\n[lifeops]\nform = \"F\"\n");
    stage.sees("F quick/full");
    stage.sees("K help");
    stage.keys("f").sees("no such key here; K shows all");
    stage.keys("F").sees("bedtime");
    stage.keys("K").resize(120, 120);
    stage.sees("F");
    assert!(
        stage
            .screen()
            .lines()
            .any(|line| line.contains("│ F ") && line.contains("quick or full")),
        "{}",
        stage.screen()
    );
    stage.keys("<Esc>:quick full").sees("F");
    stage.keys("<Enter>").does_not_see("bedtime");
}

#[test]
fn keys_one_after_another_show_what_may_follow() {
    let mut stage = with_keys("[form]\nlast-field = \"g e\"\nfirst-field = \"g g\"\n");
    stage.keys("g");
    stage.sees("g …");
    stage.sees("first field");
    stage.sees("last field");
    stage.sees("esc drop it");
    stage.keys("<Esc>").does_not_see("last field");
    stage
        .keys("gx")
        .sees("g x means nothing here; ? shows all keys");
    // Neither key was taken for itself.
    assert!(
        stage
            .effects
            .iter()
            .all(|effect| !matches!(effect, Effect::Transfer(_)))
    );
    stage.keys("fge");
    let item = |stage: &Stage| {
        stage
            .model
            .front()
            .and_then(|part| part.item(&stage.model.world))
    };
    assert!(item(&stage).is_some(), "the last field is a private one");
    stage.keys("gg");
    assert!(item(&stage).is_none());
}

#[test]
fn what_opens_meanwhile_knows_nothing_of_the_first_key() {
    let mut stage = with_keys("preset = \"vim\"\n");
    stage.keys("Z").after(601, TimerId::Idle);
    stage.keys("Z<Enter>Z");
    assert!(!has_quit(&stage));
    stage.keys("Z");
    assert!(has_quit(&stage));
}

#[test]
fn vim_hands_find_their_keys() {
    let mut stage = with_keys("preset = \"vim\"\n");
    stage.keys("dd");
    assert_eq!(stage.stored(TODAY, "sleepQuality"), None);
    stage.keys("u");
    assert!(stage.stored(TODAY, "sleepQuality").is_some());
    stage.resize(40, 12);
    stage.keys("gT").sees("12 days ago");
    stage.keys("G").does_not_see("12 days ago");
    stage.keys("gg").sees("12 days ago");
    stage.keys("gt").sees("energy");
    stage.keys("gd").sees("go to date");
    stage.keys("<Esc>q");
    assert!(!has_quit(&stage), "q records, or nothing");
    stage.keys("ZQ");
    assert!(has_quit(&stage));
}

#[test]
fn another_set_of_keys_holds_at_once() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.model.remap("[everywhere]\nhelp = \"K\"\n").unwrap();
    let at = Setting::ALL.iter().position(|one| *one == Setting::Keys);
    stage
        .keys(",")
        .keys(&"j".repeat(at.unwrap()))
        .keys("l<Esc>");
    assert_eq!(stage.model.world.keymap.begun_with(), Preset::Vim);
    stage.sees("K help");
    stage.keys("Z").sees("quit; nothing that was typed is lost");
    stage.keys("<Esc>,").keys("<Esc>");
    stage.model.remap("preset = \"plain\"\n").unwrap();
    stage
        .keys(",")
        .keys(&"j".repeat(at.unwrap()))
        .keys("ll<Esc>");
    assert_eq!(stage.model.world.keymap.begun_with(), Preset::Plain);
}

#[test]
fn no_hint_names_a_key_that_an_inner_scope_has_taken() {
    let mut stage = with_keys(
        "[lifeops]\ntoday = \"j\"\nform = \"space\"\nyear = [\"u\", \"?\"]\n[everywhere]\nhelp = [\"?\", \"K\"]\n",
    );
    stage.sees("down/k field");
    stage.sees("K help");
    stage.does_not_see("j/k");
    stage
        .keys("<BS>")
        .sees("cleared: sleep quality; :undo takes it back");
    stage
        .after(60, TimerId::Notice)
        .keys("<BackTab>")
        .sees("j/k scroll");
    stage.sees("? help");
}

#[test]
fn a_screen_by_a_number_of_ones_own() {
    let mut stage = with_keys("[everywhere]\nscreen = [\"ctrl-y\", \"f2\"]\n");
    let screens = stage.model.screens.len();
    stage.keys("<Tab>");
    assert_eq!(stage.model.active, 1);
    stage.keys("<C-y>");
    assert_eq!(stage.model.active, 0);
    stage.keys("<F2>");
    assert_eq!(stage.model.active, 1 % screens);
}

#[test]
fn the_palette_runs_what_is_chosen_as_its_key_would() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("9").keys(":undo<Enter>");
    assert!(stage.model.layers.is_empty());
    assert_ne!(stage.stored(TODAY, "energy"), Some(json!(9)));
    stage.sees("taken back: ");
    stage.keys("<C-p>redo<Enter>");
    assert!(stage.model.layers.is_empty());
    stage.keys(":calendar<Enter>").sees("Nov 2026");
    assert_eq!(stage.model.front().unwrap().name(), "calendar");
}

#[test]
fn the_palette_goes_to_screens_and_to_their_commands() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys(":go data<Enter>").sees("Where it is");
    let data = stage.model.active;
    stage.keys(":today<Enter>").sees("energy");
    assert_eq!(stage.model.active, 0);
    stage.keys(":data count again<Enter>");
    assert_eq!(stage.model.active, data);
}

#[test]
fn the_palette_quits_as_other_programs_do() {
    for typed in [":q<Enter>", ":quit<Enter>"] {
        let mut stage = Stage::online(FakeStore::with_days());
        stage.keys(typed);
        assert!(has_quit(&stage), "{typed}");
    }
}

#[test]
fn what_was_called_last_comes_first() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys(":mask<Enter>:");
    let screen = stage.screen();
    let first = screen
        .lines()
        .find(|line| line.contains('▸') && line.contains("mask"));
    assert!(first.is_some(), "{screen}");
    stage.keys("<Enter>");
    assert!(stage.model.layers.is_empty());
}

#[test]
fn the_palette_is_left_as_it_was_entered() {
    let mut stage = Stage::online(FakeStore::with_days());
    let before = stage.screen();
    stage.keys(":qqqzzz").sees("no command fits");
    stage.keys("<Enter><C-u><Down><Up><PgDn><PgUp><Esc>");
    assert_eq!(stage.screen(), before);
    stage.keys(":").keys("<C-g>").sees("In the palette");
    stage.keys("<Esc><Esc>");
    assert_eq!(stage.screen(), before);
}

#[test]
fn keys_that_only_count_are_not_called_by_name() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.resize(160, 50);
    stage.keys(":set a scale").does_not_see("set a scale (");
    stage
        .keys("<C-u>palette")
        .does_not_see("any command by its name");
}

#[test]
fn the_sets_of_keys_have_no_mistakes_and_hide_nothing_they_name() {
    let stage = Stage::online(FakeStore::default());
    let world = &stage.model.world;
    for preset in Preset::ALL {
        let (map, problems) = Keymap::preset(&world.tables, preset).unwrap();
        assert_eq!(problems, [], "{}", preset.name());
        assert_eq!(map.begun_with(), preset);
        for table in &world.tables {
            for command in table.commands {
                let keys = map.keys(table.scope, command.name);
                let all = !keys.is_empty() || command.keys.is_empty();
                assert!(
                    all,
                    "{}: {} {} has no key",
                    preset.name(),
                    table.scope,
                    command.name
                );
            }
        }
        // What an inner scope has on a key is never reached in an outer one.
        let keys_of = |scope: &'static str| -> Vec<(Sequence, &'static str)> {
            let table = world.tables.iter().find(|table| table.scope == scope);
            let commands = table.into_iter().flat_map(|table| table.commands);
            let keys = commands.flat_map(|command| {
                let keys = map.keys(scope, command.name).into_iter();
                keys.map(move |key| (Sequence::parse(&key).unwrap(), command.name))
            });
            keys.collect()
        };
        for screen in &world.screens {
            let mut inner: Vec<(Sequence, &str, &str)> = Vec::new();
            for scope in screen.scopes.iter().copied().chain(["everywhere"]) {
                let own = keys_of(scope);
                for (key, command) in &own {
                    let hides = |(other, ..): &&(Sequence, &str, &str)| {
                        other != key && other.clashes(key)
                            || (other == key && scope != "everywhere")
                    };
                    // A sequence and one that begins alike in another scope go together.
                    let both_long = |(other, ..): &&(Sequence, &str, &str)| {
                        other.keys().len() == 1 || key.keys().len() == 1
                    };
                    let hidden = inner.iter().find(|other| hides(other) && both_long(other));
                    assert!(
                        hidden.is_none(),
                        "{} on {}: `{key}` is {scope} {command} and {hidden:?}; change assets/keymap/{}.toml",
                        preset.name(),
                        screen.title,
                        preset.name()
                    );
                }
                inner.extend(own.into_iter().map(|(key, command)| (key, scope, command)));
            }
        }
    }
}
