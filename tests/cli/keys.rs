//! `wildlands keys`: the keys in force, and what is wrong in the file of keys.

use std::fs;

use serde_json::Value;

use super::Home;

fn with_keys(file: &str) -> Home {
    let home = Home::private();
    let config = home.path().join("config");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("keymap.toml"), file).unwrap();
    home
}

#[test]
fn without_a_file_the_keys_are_those_of_the_program() {
    let home = Home::private();
    let run = home.run(&["keys"]).ended(0, &[]);
    assert!(run.out.starts_with("the set plain\n"), "{}", run.out);
    let undo = |line: &str| line.split_whitespace().take(2).eq(["undo", "u"]);
    assert!(run.out.lines().any(undo), "{}", run.out);
    let run = home.run(&["keys", "--check"]).ended(0, &[]);
    assert!(run.out.contains("there is no keymap.toml"), "{}", run.out);
    assert!(!home.path().exists(), "nothing is made");
}

#[test]
fn the_file_and_the_settings_are_heeded() {
    let home = with_keys("[everywhere]\nundo = [\"U\", \"g u\"]\nexport = false\n");
    fs::write(home.path().join("config/config.toml"), "keys = \"vim\"\n").unwrap();
    let run = home.run(&["keys", "--json"]).ended(0, &[]);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["preset"], "vim");
    assert_eq!(document["mistakes"], serde_json::json!([]));
    let keys = |name: &str| {
        let commands = document["scopes"]["everywhere"].as_array().unwrap();
        let command = commands.iter().find(|command| command["command"] == name);
        command.unwrap()["keys"].clone()
    };
    assert_eq!(keys("undo"), serde_json::json!(["U", "g u"]));
    assert_eq!(keys("export"), serde_json::json!([]));
    assert_eq!(keys("quit"), serde_json::json!(["Z Z", "Z Q", "ctrl-c"]));
    let run = home.run(&["keys"]).ended(0, &[]);
    assert!(
        run.out.starts_with("the set vim, changed by /"),
        "{}",
        run.out
    );
    home.run(&["keys", "--check"]).ended(0, &[]);
}

#[test]
fn each_mistake_is_told_and_the_rest_holds() {
    let home = with_keys("[everywhere]\nund = \"U\"\nhelp = \"K\"\n[lifops]\nform = \"F\"\n");
    let told = [
        "keymap.toml:2:1: `und` is not a command of [everywhere]; did you mean `undo`?",
        "keymap.toml:4:2: [lifops] is not a scope of keys; did you mean [lifeops]?",
    ];
    let run = home.run(&["keys", "--check"]).ended(65, &told);
    assert_eq!(run.out, "");
    let run = home.run(&["keys"]).ended(65, &told);
    let help = |line: &str| line.split_whitespace().take(2).eq(["help", "K"]);
    assert!(run.out.lines().any(help), "{}", run.out);
    let run = home.run(&["keys", "--json"]).ended(65, &told);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["mistakes"].as_array().unwrap().len(), 2);
}

#[test]
fn a_file_that_is_no_text_is_told() {
    let home = with_keys("");
    fs::write(home.path().join("config/keymap.toml"), b"\xff\xfe").unwrap();
    home.run(&["keys", "--check"])
        .ended(65, &["keymap.toml cannot be read: line 1 is not UTF-8"]);
}
