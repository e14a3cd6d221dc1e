//! `wildlands log`: printing, setting, refusing.

use std::ffi::OsStr;
use std::io::pipe;
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;

use serde_json::json;

use super::Home;

#[test]
fn fields_are_set_and_printed_masked() {
    let home = Home::external();
    let run = home.run(&[
        "log",
        "2026-11-23",
        "mood=7",
        "mental_clarity=4",
        "sleep-hours=6.5",
        "exercise=yes",
    ]);
    let run = run.ended(0, &[]);
    assert!(
        run.out.contains("Mon 23 Nov 2026") && run.out.ends_with("saved\n"),
        "{}",
        run.out
    );
    home.run_with_input(&["log", "2026-11-23", "driftCheck=-"], b"planted-needle\n")
        .ended(0, &[]);

    let shown = home.run(&["log", "2026-11-23"]).ended(0, &[]).out;
    for words in ["Evening", "mood", "6.5 h", "yes", "●●●●●●"] {
        assert!(shown.contains(words), "{words} is not in {shown}");
    }
    assert!(!shown.contains("needle"));
    let masked = home.run(&["log", "2026-11-23", "--json"]).ended(0, &[]).out;
    assert!(
        !masked.contains("needle") && masked.contains("\"masked\": [\n    \"driftCheck\""),
        "{masked}"
    );
    assert!(
        home.run(&["log", "2026-11-23", "--reveal"])
            .ended(0, &[])
            .out
            .contains("planted-needle")
    );
    assert_eq!(
        home.day("2026-11-23")["data"],
        json!({ "mood": 7, "exercise": true, "sleepHours": 6.5, "mentalClarity": 4, "driftCheck": "planted-needle" })
    );
}

#[test]
fn a_day_without_a_log_is_said_to_be_one() {
    let home = Home::external();
    assert!(
        home.run(&["log"])
            .ended(0, &[])
            .out
            .contains("Nothing is logged")
    );
    assert_eq!(home.day("yesterday")["logged"], json!(false));
    home.run(&["log", "mood=7"]).ended(0, &[]);
    home.run(&["log", "mood="]).ended(0, &[]);
    assert_eq!(
        home.day("today")["logged"],
        json!(false),
        "all answers were taken back"
    );
    let full = home.run(&["log", "--full"]).ended(0, &[]).out;
    assert!(
        full.contains("tomorrow's priority") && full.contains('–'),
        "{full}"
    );
}

#[test]
fn what_the_form_refuses_is_told_at_once_and_nothing_is_saved() {
    let home = Home::external();
    for (words, told) in [
        (&["mood=11", "energy=6"][..], "1–10"),
        (&["energy=6", "mood=-1"], "1–10"),
        (&["energy=6", "moood=7"], "did you mean `mood`?"),
        (&["energy=6", "sleepHours=25"], "0–24"),
        (&["energy=6", "sleepHours=6.3"], "sleepHours"),
        (&["energy=6", "sleepHours=nan"], "sleepHours"),
        (&["energy=6", "exercise=maybe"], "yes or no"),
        (&["energy=6", "dayType=holiday"], "work"),
        (&["energy=6", "leakTypes=phone,attic"], "leakTypes"),
        (&["energy=6", "mood=٧"], "mood"),
    ] {
        let words: Vec<&str> = ["log"].iter().chain(words).copied().collect();
        home.run(&words).ended(65, &[told, "nothing was saved"]);
    }
    for date in [
        "2026-02-30",
        "2026-13-01",
        "31-31",
        "someday",
        "0000-01-01",
        "99999-01-01",
    ] {
        home.run(&["log", date, "energy=6"])
            .ended(65, &[date, "nothing was saved"]);
        home.run(&["log", date]).ended(65, &[date]);
    }
    home.run(&["log", "2026-02-30"])
        .ended(65, &["February 2026 has 28 days"]);
    let all = home
        .run(&["log", "mood=11", "moood=7", "energy=x"])
        .ended(65, &[]);
    assert_eq!(
        all.err.lines().count(),
        4,
        "every problem is told: {}",
        all.err
    );
    assert_eq!(home.day("today")["logged"], json!(false));
}

#[test]
fn hostile_input_is_refused_with_its_place() {
    let home = Home::external();
    let words = ["log", "mood=7", "topWin=-"];
    home.run_with_input(&words, b"ab\xff")
        .ended(65, &["byte 3", "UTF-8", "nothing was saved"]);
    home.run_with_input(&words, b"a\0b")
        .ended(65, &["character 2", "NUL"]);
    home.run_with_input(&words, &vec![b'x'; 1_000_000])
        .ended(65, &["1000000 characters", "65536"]);
    home.run_with_input(&["log", "topWin=-", "gratitudeNote=-"], b"x")
        .ended(64, &["standard input"]);
    let bytes = OsStr::from_bytes(b"topWin=\xff\xfe");
    home.run(&[OsStr::new("log"), bytes])
        .ended(65, &["topWin", "byte 1"]);
    let refused = home
        .run(&["log", "driftCheck=planted-needle", "mood=70"])
        .ended(65, &[]);
    assert!(!refused.err.contains("needle"));
    assert_eq!(home.day("today")["logged"], json!(false));
}

#[test]
fn every_other_text_is_kept_byte_for_byte_and_shown_harmless() {
    let home = Home::external();
    let text = "日本語 🏃‍♀️ e\u{301}\ttab \u{1b}[31mred\u{9b}2J \u{202e}over\r\nline two\\u0041\"";
    home.run_with_input(&["log", "topWin=-"], text.as_bytes())
        .ended(0, &[]);
    assert_eq!(home.day("today")["data"]["topWin"], json!(text));
    for words in [&["log"][..], &["log", "--json"], &["log", "--full"]] {
        let run = home.run(words).ended(0, &[]);
        assert!(
            run.out
                .chars()
                .all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}')),
            "{}",
            run.out.escape_debug()
        );
    }
    let longest = "ü".repeat(65_536);
    home.run_with_input(&["log", "topWin=-"], longest.as_bytes())
        .ended(0, &[]);
    assert_eq!(home.day("today")["data"]["topWin"], json!(longest));
}

#[test]
fn a_private_text_in_the_arguments_is_warned_of() {
    let home = Home::external();
    let run = home
        .run(&["log", "family-connection=planted-needle"])
        .ended(0, &["familyConnection", "=-"]);
    assert!(!run.err.contains("needle") && !run.out.contains("needle"));
    let piped = home
        .run_with_input(&["log", "familyConnection=-"], b"planted-needle")
        .ended(0, &[]);
    assert_eq!(piped.err, "");
}

#[test]
fn programs_that_edit_one_day_at_once_all_have_their_say() {
    let home = Home::external();
    let fields = [
        "mood=7",
        "energy=6",
        "stress=3",
        "focus=8",
        "motivation=5",
        "connection=9",
    ];
    let children: Vec<_> = fields
        .iter()
        .map(|field| {
            home.command(&["log", field])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in children {
        super::Run::of(&child.wait_with_output().unwrap()).ended(0, &[]);
    }
    let day = home.day("today");
    assert_eq!(
        day["data"].as_object().unwrap().len(),
        fields.len(),
        "{day}"
    );
    assert_eq!(day["version"], json!(fields.len()), "each was applied once");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let home = Home::external();
    home.run(&["log", "mood=7"]).ended(0, &[]);
    for words in [
        &["log"][..],
        &["log", "--json"],
        &["--help"],
        &["data", "where"],
        &["completions", "bash"],
    ] {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let child = home
            .command(words)
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let run = super::Run::of(&child.wait_with_output().unwrap()).ended(0, &[]);
        assert_eq!(run.err, "", "{words:?}");
    }
}

#[test]
fn a_full_disk_under_the_output_is_told() {
    let home = Home::external();
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let child = home
        .command(&["log"])
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    super::Run::of(&child.wait_with_output().unwrap()).ended(74, &["standard output"]);
}

#[test]
fn a_dumb_terminal_and_another_locale_change_nothing_in_a_pipe() {
    let home = Home::external()
        .with("TERM", "dumb")
        .with("LC_ALL", "C")
        .with("NO_COLOR", "1");
    home.run(&["log", "topWin=naïve 🙂"]).ended(0, &[]);
    assert!(home.run(&["log"]).ended(0, &[]).out.contains("naïve 🙂"));
}
