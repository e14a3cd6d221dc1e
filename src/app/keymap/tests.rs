#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use crossterm::event::{KeyCode, KeyModifiers};
use proptest::prelude::*;

use super::*;
use crate::app::command::{Command, Table};

const fn command(name: &'static str, keys: &'static [&'static str]) -> Command {
    Command {
        name,
        words: "words",
        hint: Some(name),
        keys,
    }
}

const LIST: Table = Table {
    scope: "list",
    commands: &[
        command("next", &["j", "down"]),
        command("first", &["g", "home"]),
        command("delete", &["D"]),
        command("export", &["x"]),
    ],
};
const TEXT: Table = Table {
    scope: "text",
    commands: &[
        command("save", &["esc", "ctrl-s"]),
        command("undo", &["ctrl-u"]),
    ],
};
const PICKER: Table = Table {
    scope: "picker",
    commands: &[
        command("number", &["1", "2", "3", "4", "5", "6", "7", "8", "9"]),
        command("close", &["esc", "q"]),
    ],
};
const TABLES: [Table; 4] = [everywhere::TABLE, LIST, TEXT, PICKER];

fn press(text: &str) -> KeyEvent {
    Sequence::parse(text).unwrap().event().unwrap()
}

fn read(text: &str) -> (Keymap, Vec<String>) {
    let (map, problems) = Keymap::read(&TABLES, Preset::Plain, text).unwrap();
    (map, problems.iter().map(ToString::to_string).collect())
}

/// The map of a file without mistakes.
fn map(text: &str) -> Keymap {
    let (map, problems) = read(text);
    assert_eq!(problems, Vec::<String>::new());
    map
}

#[test]
fn every_default_key_is_found() {
    let map = map("");
    for table in TABLES {
        for command in table.commands {
            for key in command.keys {
                let found = map.lookup(table.scope, press(key));
                assert_eq!(found, Some(command.name), "{} {key}", table.scope);
            }
        }
    }
}

#[test]
fn a_key_that_is_named_takes_the_place_of_all_the_command_had() {
    let map = map("[list]\nnext = \"n\"\nfirst = [\"ctrl-home\", \"t\"]\n");
    assert_eq!(map.keys("list", "next"), ["n"]);
    assert_eq!(map.keys("list", "first"), ["ctrl-home", "t"]);
    assert_eq!(map.lookup("list", press("j")), None);
    assert_eq!(map.lookup("list", press("t")), Some("first"));
    assert_eq!(map.hints(&LIST)[0].0, "n");
}

#[test]
fn an_empty_list_or_false_unbinds() {
    for nothing in ["[]", "false"] {
        let map = map(&format!("[list]\nexport = {nothing}\n"));
        assert_eq!(map.keys("list", "export"), Vec::<String>::new());
        assert_eq!(map.lookup("list", press("x")), None);
        assert_eq!(map.named("list", "export"), ":export");
    }
}

#[test]
fn a_key_is_taken_from_the_command_that_had_it() {
    let (map, problems) = read("[list]\nfirst = [\"g\", \"j\"]\nexport = \"D\"\n");
    assert_eq!(map.lookup("list", press("j")), Some("first"));
    assert_eq!(map.keys("list", "next"), ["down"]);
    assert_eq!(map.lookup("list", press("D")), Some("export"));
    // Only what is left without a key is told.
    assert_eq!(
        problems,
        [
            "keymap.toml:3:10: `delete` of [list] has no key any more, `D` is `export` now; \
          give it another, or write delete = false"
        ]
    );
}

#[test]
fn keys_one_after_another_are_found_key_by_key() {
    let map = map("[list]\nfirst = \"g g\"\nexport = [\"g e x\", \"x\"]\n");
    let (g, e, x) = (press("g"), press("e"), press("x"));
    assert_eq!(map.find("list", &[], g), Some(Found::Prefix));
    assert_eq!(map.lookup("list", g), None);
    let after_g = [pressed(g)];
    // It stands for the table's own key.
    assert_eq!(
        map.find("list", &after_g, g),
        Some(Found::Command("first", g))
    );
    assert_eq!(map.find("list", &after_g, e), Some(Found::Prefix));
    assert_eq!(map.find("list", &after_g, x), None);
    let after_ge = [pressed(g), pressed(e)];
    assert_eq!(
        map.find("list", &after_ge, x),
        Some(Found::Command("export", x))
    );
    let mut left: Vec<String> = map
        .after("list", &after_g)
        .iter()
        .map(|(keys, command)| format!("{keys}: {command}"))
        .collect();
    left.sort();
    assert_eq!(left, ["e x: export", "g: first"]);
    assert_eq!(map.keys("list", "export"), ["g e x", "x"]);
}

#[test]
fn a_key_of_ones_own_stands_for_the_tables_key_in_its_place() {
    let map = map("[picker]\nnumber = [\"a\", \"b\", \"3\", \"d\"]\n[text]\nundo = \"ctrl-z\"\n");
    let stands_for = |scope, key| match map.find(scope, &[], press(key)) {
        Some(Found::Command(_, key)) => key.code,
        other => panic!("{other:?}"),
    };
    assert_eq!(stands_for("picker", "a"), KeyCode::Char('1'));
    assert_eq!(stands_for("picker", "3"), KeyCode::Char('3'));
    assert_eq!(stands_for("picker", "d"), KeyCode::Char('4'));
    assert_eq!(stands_for("text", "ctrl-z"), KeyCode::Char('u'));
}

#[test]
fn each_mistake_is_told_with_its_place_and_the_rest_holds() {
    for (line, told) in [
        (
            "nxt = \"n\"",
            "3:1: `nxt` is not a command of [list]; did you mean `next`?",
        ),
        (
            "undo = \"U\"",
            "3:1: `undo` is not a command of [list]; it is one of [everywhere]",
        ),
        (
            "whatever-else = \"U\"",
            "3:1: `whatever-else` is not a command of [list]; `wildlands keys` lists them",
        ),
        (
            "next = \"hyper-n\"",
            "3:8: `hyper-n` is not a key; write for example \"ctrl-p\"",
        ),
        (
            "next = [\"n\", 1]",
            "3:14: a key of `next` is a text in quotes",
        ),
        ("next = 7", "3:8: `next` is a key, a list of keys, or false"),
        (
            "next = true",
            "3:8: `next` is a key, a list of keys, or false",
        ),
        (
            "next = \"n\"\ndelete = \"n\"",
            "4:10: `n` is `next` already in [list]",
        ),
        (
            "next = \"n\"\ndelete = \"n n\"",
            "4:10: `n n` and `n`, which is `next` in [list], begin alike",
        ),
        (
            "next = [\"n n\", \"n\"]",
            "3:16: `n` and `n n`, which is `next` in [list], begin alike",
        ),
    ] {
        let (map, problems) = read(&format!("# mine\n[list]\n{line}\nfirst = \"F\"\n"));
        assert_eq!(problems.len(), 1, "{line}: {problems:?}");
        let told = format!("keymap.toml:{told}");
        assert!(problems[0].starts_with(&told), "{}", problems[0]);
        assert_eq!(map.keys("list", "first"), ["F"], "{line}");
        assert!(!map.keys("list", "delete").is_empty() && !map.keys("list", "next").is_empty());
    }
    for (text, told) in [
        (
            "[lst]\nnext = \"n\"",
            "1:2: [lst] is not a scope of keys; did you mean [list]?",
        ),
        (
            "[heaven]\n",
            "1:2: [heaven] is not a scope of keys; known are everywhere, list",
        ),
        (
            "preset = \"emacs\"\n",
            "1:10: `preset` is \"plain\" or \"vim\"",
        ),
        ("next = \"n\"\n", "1:1: `next` stands outside of any scope"),
        (
            "[text]\nundo = [\"u\", \"ctrl-z\"]",
            "2:9: `u` is text in [text]; take one with ctrl or alt",
        ),
    ] {
        let (_, problems) = read(text);
        assert_eq!(problems.len(), 1, "{text}: {problems:?}");
        assert!(
            problems[0].starts_with(&format!("keymap.toml:{told}")),
            "{}",
            problems[0]
        );
    }
}

#[test]
fn a_line_that_is_no_toml_leaves_the_others() {
    let (map, problems) = read("[list]\nfirst = \"F\"\nnext = \nexport = \"E\"\n");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("keymap.toml:3:"), "{problems:?}");
    assert_eq!(map.keys("list", "first"), ["F"]);
    assert_eq!(map.keys("list", "export"), ["E"]);
    assert_eq!(map.keys("list", "next"), ["j", "down"]);
}

#[test]
fn a_way_out_is_never_lost() {
    for (text, at, command) in [
        ("[everywhere]\nquit = []\n", "2:1", ("everywhere", "quit")),
        (
            "[everywhere]\nexport = [\"q\", \"ctrl-c\"]\n",
            "2:",
            ("everywhere", "quit"),
        ),
        (
            "[everywhere]\nhelp = false\n",
            "2:1",
            ("everywhere", "help"),
        ),
        ("[picker]\nclose = false\n", "2:1", ("picker", "close")),
        (
            "[text]\nundo = [\"esc\", \"ctrl-s\"]\n",
            "2:",
            ("text", "save"),
        ),
    ] {
        let (map, problems) = read(text);
        let (scope, name) = command;
        let table = TABLES.iter().find(|table| table.scope == scope).unwrap();
        let default = table.commands.iter().find(|c| c.name == name).unwrap().keys;
        assert_eq!(map.keys(scope, name), default, "{text}");
        let told = problems.iter().find(|told| told.contains("no way out"));
        let told = told.unwrap_or_else(|| panic!("{text}: {problems:?}"));
        assert!(told.starts_with(&format!("keymap.toml:{at}")), "{told}");
    }
}

#[test]
fn no_scope_hides_every_key_of_a_way_out() {
    let (map, problems) = read("[list]\nnext = \"?\"\nfirst = \"q\"\n");
    // ctrl-c still quits; nothing else would have helped.
    assert_eq!(map.lookup("list", press("q")), Some("first"));
    assert_eq!(map.lookup("list", press("?")), None);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].starts_with("keymap.toml:2:1: `help` of [everywhere] keeps `?`"),
        "{problems:?}"
    );
}

#[test]
fn a_preset_is_changed_further() {
    let map = map("preset = \"vim\"\n[everywhere]\nquit = \"Q\"\n");
    assert_eq!(map.begun_with(), Preset::Vim);
    assert_eq!(map.keys("everywhere", "quit"), ["Q"]);
    assert_eq!(map.keys("everywhere", "next-screen"), ["g t", "tab"]);
}

#[test]
fn terminals_that_send_shift_otherwise_mean_the_same() {
    let map = map("");
    for key in [
        KeyEvent::new(KeyCode::Char('D'), KeyModifiers::NONE),
        KeyEvent::new(KeyCode::Char('D'), KeyModifiers::SHIFT),
        KeyEvent::new(KeyCode::Char('d'), KeyModifiers::SHIFT),
    ] {
        assert_eq!(map.lookup("list", key), Some("delete"));
    }
    let question = KeyEvent::new(KeyCode::Char('?'), KeyModifiers::SHIFT);
    assert_eq!(map.lookup("everywhere", question), Some("help"));
}

/// Texts that have much in common with a file of keys.
fn files() -> impl Strategy<Value = String> {
    let scope = prop::sample::select(vec!["everywhere", "list", "text", "picker", "lst"]);
    let command = prop::sample::select(vec![
        "next", "first", "delete", "export", "save", "undo", "close", "number", "quit", "help",
        "preset",
    ]);
    let key = prop::sample::select(vec![
        "q", "?", "esc", "ctrl-c", "g", "g g", "g g g", "ctrl-s", "j", "1", "enter", "", "a-b",
    ]);
    let value = prop_oneof![
        key.clone().prop_map(|key| format!("\"{key}\"")),
        prop::collection::vec(key, 0..4).prop_map(|keys| format!("{keys:?}")),
        prop::sample::select(vec!["false", "true", "", "1"]).prop_map(str::to_owned),
    ];
    let row = (command, value).prop_map(|(command, value)| format!("{command} = {value}\n"));
    let section = (scope, prop::collection::vec(row, 0..6))
        .prop_map(|(scope, rows)| format!("[{scope}]\n{}", rows.concat()));
    prop::collection::vec(section, 0..4).prop_map(|sections| sections.concat())
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,60}(\n\\PC{0,40}){0,4}") {
        let _ = read(&text);
    }

    #[test]
    fn whatever_a_file_says_one_key_is_one_command_and_there_is_a_way_out(text in files()) {
        let (map, _) = read(&text);
        for table in TABLES {
            let mut seen: Vec<(Sequence, &str)> = Vec::new();
            for command in table.commands {
                for key in map.keys(table.scope, command.name) {
                    let key = Sequence::parse(&key).unwrap();
                    let other = seen.iter().find(|(k, _)| k.clashes(&key));
                    prop_assert!(other.is_none(), "{key} {} {other:?}", command.name);
                    seen.push((key, command.name));
                }
            }
        }
        for (scope, command) in [
            ("everywhere", "quit"), ("everywhere", "help"), ("text", "save"), ("picker", "close"),
        ] {
            prop_assert!(!map.keys(scope, command).is_empty(), "{scope} {command}");
        }
        for command in ["quit", "help"] {
            let keys = map.keys("everywhere", command);
            let free = |key: &String| {
                let key = Sequence::parse(key).unwrap();
                let own = LIST.commands.iter().flat_map(|c| map.keys("list", c.name));
                own.filter_map(|k| Sequence::parse(&k)).all(|k| !k.clashes(&key))
            };
            prop_assert!(keys.iter().any(free), "{command} is hidden");
        }
    }
}
