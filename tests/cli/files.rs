//! Files: the person's form.

use std::fs;

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
