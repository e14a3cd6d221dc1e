//! Terminals of every kind: none, dumb, without colour, without Unicode, with all colours.

use std::fs::File;
use std::process::Stdio;

use super::home::{Home, wait_online};
use super::pty_support::Terminal;

/// Goes through what there is to see and ends; every byte that was sent.
fn looked_around(home: &Home) -> Vec<u8> {
    let mut terminal = home.start(160, 40);
    terminal.wait_text("nothing logged");
    terminal.enters("8", "saved ");
    terminal.enters("\x1b[Z", "Your rows");
    terminal.enters("\x1b1", "Morning");
    terminal.enters("?", "next section");
    terminal.types("\x1b");
    terminal.wait_gone("next section");
    terminal.enters("f", "full");
    terminal.enters("gjY", "a year to");
    terminal.types("\x1b");
    terminal.wait_gone("a year to");
    terminal.enters("\x0cd", "go to date");
    terminal.types("\x1b");
    terminal.wait_gone("go to date");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.wait_for("the end of output", |seen| seen.ended);
    terminal.seen().bytes.clone()
}

/// The parameters of every SGR sequence among these bytes.
fn pens(bytes: &[u8]) -> Vec<String> {
    let sent = String::from_utf8(bytes.to_vec()).unwrap();
    let sequences = sent.split("\x1b[").skip(1);
    let pens = sequences.filter_map(|rest| {
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let (parameters, end) = rest.split_at(end);
        end.starts_with('m').then(|| parameters.to_owned())
    });
    pens.collect()
}

fn is_colour(pen: &str) -> bool {
    let mut parts = pen.split([';', ':']);
    parts.any(|part| {
        let number = part.parse().unwrap_or(0);
        (30..=49).contains(&number) || (90..=107).contains(&number)
    })
}

/// A home in which the welcome has been seen.
fn greeted() -> Home {
    let home = Home::external();
    assert_eq!(home.run(&["log", "2020-01-01", "mood=5"]).0, 0);
    home
}

#[test]
fn without_a_terminal_it_says_what_there_is_for_scripts_and_ends_with_64() {
    let home = Home::private();
    let mut terminal = Terminal::start(home.program(&[]), 200, 10);
    terminal.wait_text("LifeOps");
    terminal.types("q");
    terminal.exit_code();
    let told = |input: Stdio, output: Stdio| {
        let mut command = home.command(&[]);
        let child = command.stdin(input).stdout(output).stderr(Stdio::piped());
        let output = child.spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(64));
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    let nothing = || Stdio::from(File::open("/dev/null").unwrap());
    let input = told(nothing(), Stdio::piped());
    assert!(
        input.contains("standard input is not a terminal"),
        "{input}"
    );
    assert!(input.contains("wildlands export"), "{input}");
    // Only one of the two is a terminal.
    for (script, words) in [
        ("\"$0\" | cat", "standard output is not a terminal"),
        (
            "\"$0\" < /dev/null; echo ended-$?",
            "standard input is not a terminal",
        ),
    ] {
        let words_of_shell = ["sh", "-c", script, env!("CARGO_BIN_EXE_wildlands")];
        let mut terminal = Terminal::start(home.started_by(&words_of_shell), 300, 10);
        terminal.wait_text(words);
        assert_eq!(terminal.exit_code(), 0);
        assert!(!terminal.seen().has_sent(b"\x1b[?1049h"));
    }
}

#[test]
fn on_a_dumb_terminal_it_ends_with_64_before_anything_is_made() {
    let home = Home::private().with("TERM", "dumb");
    for words in [&[][..], &["demo"]] {
        let mut terminal = Terminal::start(home.program(words), 300, 10);
        terminal.wait_text("of the kind `dumb`");
        assert_eq!(terminal.exit_code(), 64);
        assert!(!terminal.seen().has_sent(b"\x1b["));
    }
    assert!(!home.path().exists());
}

#[test]
fn no_colour_is_sent_when_none_is_wanted() {
    let home = greeted()
        .with("NO_COLOR", "1")
        .with("COLORTERM", "truecolor");
    let sent = looked_around(&home);
    let pens = pens(&sent);
    assert!(!pens.is_empty(), "bold and reverse are left");
    let coloured: Vec<_> = pens.iter().filter(|pen| is_colour(pen)).collect();
    assert!(coloured.is_empty(), "{coloured:?}");
}

#[test]
fn all_colours_are_used_where_the_terminal_has_them_and_the_plain_ones_elsewhere() {
    let home = greeted().with("COLORTERM", "truecolor");
    let with_all = pens(&looked_around(&home));
    assert!(with_all.iter().any(|pen| pen.contains("38;2;")));
    let home = greeted().with("TERM", "xterm");
    let plain = pens(&looked_around(&home));
    assert!(plain.iter().any(|pen| is_colour(pen)));
    assert!(!plain.iter().any(|pen| pen.contains("38;2;")));
}

#[test]
fn where_the_locale_is_not_unicode_only_ascii_is_sent() {
    let home = greeted().with("LC_ALL", "C");
    let (code, _, err) = home.run(&["log", "top-win=plain words"]);
    assert_eq!(code, 0, "{err}");
    let mut terminal = home.start(160, 40);
    terminal.wait_text("plain words");
    terminal.enters("8", "########--  8");
    terminal.enters("\x1b[Z", "Your rows");
    terminal.enters("?", "Keys");
    terminal.types("\x1b");
    terminal.enters("\x1b1", "Morning");
    terminal.enters("f", "full");
    terminal.enters("L", "covered");
    terminal.enters("\r", "Morning");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    let seen = terminal.seen();
    let foreign: Vec<_> = seen.bytes.iter().filter(|byte| !byte.is_ascii()).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

#[test]
fn the_window_title_and_the_mouse_are_left_alone() {
    let home = greeted();
    let sent = looked_around(&home);
    let sent = String::from_utf8(sent).unwrap();
    for sequence in [
        "\x1b]0;",
        "\x1b]2;",
        "\x1b[?1000h",
        "\x1b[?1002h",
        "\x1b[?1003h",
        "\x1b[?1006h",
    ] {
        assert!(!sent.contains(sequence), "{sequence:?}");
    }
    assert_eq!(sent.matches("\x1b[?1049h").count(), 1);
    assert_eq!(sent.matches("\x1b[?1049l").count(), 1);
}

#[test]
fn the_clock_of_the_person_says_which_day_it_is() {
    // At every moment it is another date on these two sides of the date line.
    let mut home = Home::external().with("TZ", "Etc/GMT+12");
    let now = jiff::Timestamp::now();
    let date = |zone: &str| now.in_tz(zone).unwrap().date();
    let (west, east) = (date("Etc/GMT+12"), date("Etc/GMT-14"));
    assert!(west < east);
    let mut terminal = home.open();
    terminal.wait_text(&west.strftime("%a %-d %b %Y").to_string());
    terminal.enters("3", "saved ");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    home.set("TZ", "Etc/GMT-14");
    let mut terminal = home.open_again();
    terminal.wait_text(&east.strftime("%a %-d %b %Y").to_string());
    terminal.wait_text("nothing logged");
    terminal.enters("4", "saved ");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    // A zone of the configuration goes before the system's.
    home.configure("config.toml", "timezone = \"Etc/GMT+12\"\n");
    let mut terminal = home.start(100, 30);
    wait_online(&terminal);
    terminal.wait_text(&west.strftime("%a %-d %b %Y").to_string());
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    let days = "select date || ' ' || (data ->> 'sleepQuality') from wildlands.logs order by date";
    assert_eq!(home.ask(days), [format!("{west} 3"), format!("{east} 4")]);
}

#[test]
fn a_mistake_is_told_in_ascii_where_the_terminal_has_eight_bits() {
    let home = Home::external().with("LANG", "C");
    let words = ["log", "mood=70", "naïve", "énergie=7"];
    let mut terminal = Terminal::start(home.program(&words), 160, 30);
    assert_eq!(terminal.exit_code(), 64);
    terminal.wait_text("is neither a date");
    terminal.wait_for("the end of output", |seen| seen.ended);
    assert!(terminal.seen().bytes.is_ascii(), "{}", terminal.text());
}
