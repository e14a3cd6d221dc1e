//! Help, version, completions, and a command line that is wrong.

use super::Home;

const COMMANDS: &[&[&str]] = &[
    &["log"],
    &["export"],
    &["data", "where"],
    &["data", "server"],
    &["data", "migrate"],
    &["keys"],
    &["settings"],
    &["demo"],
    &["completions"],
];

#[test]
fn help_has_examples_and_the_exit_codes() {
    let home = Home::private();
    let run = home.run(&["--help"]).ended(0, &[]);
    for words in [
        "Examples:",
        "wildlands log mood=7",
        "Exit codes:",
        "   69  ",
        "DATABASE_URL",
    ] {
        assert!(run.out.contains(words), "{words} is not in {}", run.out);
    }
    assert!(!run.out.contains("keep"), "the keeper is nobody's command");
    for command in COMMANDS {
        let words: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
        let run = home.run(&words).ended(0, &[]);
        assert!(run.out.contains("Example"), "{command:?}: {}", run.out);
    }
    assert!(!home.path().exists(), "help touches nothing");
}

#[test]
fn the_version_names_the_program_and_the_schema() {
    let run = Home::private().run(&["--version"]).ended(0, &[]);
    let schema = format!(
        "schema version {}",
        harriswildlands::store::migrate::latest()
    );
    assert!(
        run.out.starts_with("wildlands ") && run.out.contains(&schema),
        "{}",
        run.out
    );
}

#[test]
fn completions_are_made_for_every_shell() {
    let home = Home::private();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = home.run(&["completions", shell]).ended(0, &[]);
        assert!(
            run.out.contains("wildlands") && run.out.contains("export"),
            "{shell}"
        );
    }
    home.run(&["completions", "tcsh"]).ended(64, &["tcsh"]);
}

#[test]
fn a_wrong_command_line_ends_with_64() {
    let home = Home::private();
    for words in [
        &["lgo"][..],
        &["--nonsense"],
        &["log", "--nonsense"],
        &["data"],
        &["data", "server"],
        &["data", "server", "keep"],
        &["completions"],
        &["demo", "--seed", "many"],
        &["log", "mood", "7"],
        &["log", "mood=7", "energy"],
        &["log", "mood=7", "mood=8"],
    ] {
        let run = home.run(words).ended(64, &[]);
        assert!(!run.err.is_empty() && run.out.is_empty(), "{words:?}");
    }
    home.run(&["lgo"])
        .ended(64, &["wildlands: ", "lgo", "--help"]);
    assert!(!home.path().exists(), "nothing was begun");
}

#[test]
fn the_program_refuses_what_is_no_terminal() {
    let home = Home::private();
    for words in [&[][..], &["demo"]] {
        home.run::<&str>(words)
            .ended(64, &["terminal", "wildlands log"]);
    }
    assert!(!home.path().exists(), "nothing was begun");
}

#[test]
fn escape_sequences_in_arguments_are_not_echoed() {
    let home = Home::private();
    for words in [
        &["\u{1b}]0;title\u{7}"][..],
        &["log", "\u{1b}[2Jmood=7"],
        &["log", "\u{9b}31m"],
    ] {
        let run = home.run(words);
        assert!([64, 65].contains(&run.code));
        assert!(
            run.err.chars().all(|c| c == '\n' || !c.is_control()),
            "{}",
            run.err.escape_debug()
        );
    }
}
