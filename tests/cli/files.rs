//! Files: the person's form and settings.

use std::fs;

use serde_json::{Value, json};

use super::Home;

const TWICE: &str = "\
[[section]]
title = \"One\"
field = [
  { key = \"energy\", label = \"energy\", kind = \"scale\" },
  { key = \"energy\", label = \"again\", kind = \"scale\" },
]
";

#[test]
fn a_form_with_a_mistake_is_told_with_its_line_and_nothing_is_saved() {
    let home = Home::external();
    let config = home.path().join("config");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("log-form.toml"), TWICE).unwrap();
    for words in [&["log"][..], &["log", "energy=6"]] {
        home.run(words)
            .ended(65, &["log-form.toml:5:", "energy", "twice"]);
    }
    fs::write(config.join("log-form.toml"), "not toml at all = = =\n").unwrap();
    home.run(&["log"]).ended(65, &["log-form.toml:1:"]);
    fs::write(config.join("log-form.toml"), b"\xff\xfe").unwrap();
    home.run(&["log"]).ended(65, &["log-form.toml", "UTF-8"]);
    fs::remove_file(config.join("log-form.toml")).unwrap();
    home.run(&["log", "energy=6"]).ended(0, &[]);
}

#[test]
fn a_form_can_be_named_and_answers_to_other_questions_stay() {
    let home = Home::external();
    let file = home.directory.path().join("mine.toml");
    fs::write(&file, "[[section]]\ntitle = \"Mine\"\nfield = [{ key = \"rowing\", label = \"rowing\", kind = \"toggle\" }]\n")
        .unwrap();
    let file = file.to_str().unwrap();
    home.run(&["log", "mood=7"]).ended(0, &[]);
    home.run(&["log", "rowing=yes", "--form", file])
        .ended(0, &[]);
    home.run(&["log", "mood=8", "--form", file])
        .ended(65, &["no field `mood`"]);
    let shown = home.run(&["log", "--form", file]).ended(0, &[]).out;
    assert!(
        shown.contains("rowing  yes") && shown.contains("Not in the form any more"),
        "{shown}"
    );
    assert!(
        shown.contains("●●●●●●"),
        "what the form does not know is masked"
    );
    home.run(&["log", "--form", "/nowhere/at-all.toml"])
        .ended(65, &["/nowhere/at-all.toml"]);
}

/// Two zones of which at least one always has another date than UTC.
const FAR: [&str; 2] = ["Pacific/Kiritimati", "Etc/GMT+12"];

#[test]
fn the_zone_that_is_set_decides_what_today_is() {
    let home = Home::external();
    let config = home.path().join("config");
    fs::create_dir_all(&config).unwrap();
    let utc = jiff::tz::TimeZone::UTC;
    let mut others = 0;
    for name in FAR {
        fs::write(
            config.join("config.toml"),
            format!("timezone = \"{name}\"\n"),
        )
        .unwrap();
        let now = jiff::Timestamp::now();
        let zone = jiff::tz::TimeZone::get(name).unwrap();
        let today = now.to_zoned(zone).date();
        others += usize::from(today != now.to_zoned(utc.clone()).date());
        home.run(&["log", "mood=7"]).ended(0, &[]);
        let dated = home.day("today")["date"].clone();
        assert_eq!(dated, json!(today.to_string()));
        home.run(&["export"]).ended(0, &[]);
        let file = format!("harriswildlands-{today}.json");
        assert!(home.directory.path().join(&file).exists(), "{file}");
    }
    assert!(others > 0);
}

#[test]
fn mistakes_in_the_settings_are_listed_and_stop_nothing() {
    let home = Home::external();
    let config = home.path().join("config");
    fs::create_dir_all(&config).unwrap();
    let known = |home: &Home| -> Value {
        serde_json::from_str(&home.run(&["data", "where", "--json"]).ended(0, &[]).out).unwrap()
    };
    assert_eq!(known(&home)["mistakes"], json!([]));
    let wrong = "timezone = \"Mars/Base\"\nreveal_seconds = 0\n";
    fs::write(config.join("config.toml"), wrong).unwrap();
    fs::write(config.join("log-form.toml"), TWICE).unwrap();
    let places = ["config.toml:1:12:", "config.toml:2:18:", "log-form.toml:5:"];
    let text = home.run(&["data", "where"]).ended(0, &[]).out;
    let facts = known(&home);
    for (at, place) in places.iter().enumerate() {
        assert!(text.contains(place), "{place} is not in {text}");
        let told = facts["mistakes"][at].as_str().unwrap();
        assert!(told.starts_with(place), "{told}");
    }
    fs::remove_file(config.join("log-form.toml")).unwrap();
    home.run(&["log", "mood=7"])
        .ended(0, &["note: config.toml:1:12:", "time zone"]);
    // Keys and themes too, which only the program knows; the doctor tells the same.
    fs::create_dir(config.join("themes")).unwrap();
    let torn = "colors = 16\n[roles]\nkey = 1\n";
    fs::write(config.join("themes/torn.toml"), torn).unwrap();
    fs::write(
        config.join("keymap.toml"),
        "[everywhere]\nhelp = [\"?\"]\nhlep = \"x\"\n",
    )
    .unwrap();
    let text = home.run(&["data", "where"]).ended(0, &[]).out;
    let facts = known(&home)["mistakes"].to_string();
    let doctor = home.run(&["doctor"]).out;
    for place in [
        "config.toml:1:12:",
        "themes/torn.toml:3:7:",
        "keymap.toml:3:1:",
    ] {
        for told in [&text, &facts, &doctor] {
            assert!(told.contains(place), "{place} is not in {told}");
        }
    }
}

#[test]
fn the_form_that_the_settings_name_is_used_by_subcommands_or_refused() {
    let home = Home::external();
    let config = home.path().join("config");
    fs::create_dir_all(&config).unwrap();
    let file = home.path().join("mine.toml");
    let path = file.to_str().unwrap();
    home.run(&["settings", "form", path]).ended(0, &[]);
    home.run(&["log"])
        .ended(65, &["cannot read the form", path]);
    fs::write(&file, TWICE).unwrap();
    home.run(&["log"]).ended(65, &["mine.toml:5:", "twice"]);
    fs::write(&file, TWICE.replacen("energy", "rowing", 1)).unwrap();
    home.run(&["log", "rowing=7"]).ended(0, &[]);
    fs::write(config.join("config.toml"), "form = \"mine.toml\"\n").unwrap();
    home.run(&["log"])
        .ended(65, &["config.toml:1:8:", "absolute path"]);
}
