//! Files of the person: exports, the form, the configuration.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::Value;

use super::home::{Home, wait_online};
use super::pty_support::Terminal;

/// Exports in the directory in which the programs of this home are started.
fn exports(home: &Home) -> Vec<PathBuf> {
    let entries = fs::read_dir(home.directory()).unwrap();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    paths
}

#[test]
fn x_writes_a_whole_private_file_and_a_second_one_beside_it() {
    let home = Home::external();
    let mut terminal = home.open_in(200, 40);
    terminal.enters("8", "saved ");
    terminal.enters("x", "exported, private texts included");
    let first = exports(&home);
    assert_eq!(first.len(), 1, "{first:?}");
    terminal.wait_text(first[0].to_str().unwrap());
    let bytes = fs::read(&first[0]).unwrap();
    assert_eq!(
        fs::metadata(&first[0]).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(document["format"], "harriswildlands-export");
    assert_eq!(document["counts"]["logs"], 1);
    assert_eq!(document["data"]["logs"][0]["data"]["sleepQuality"], 8);
    terminal.enters("\x1b[Z", "SHA-256");
    terminal.wait_text(&sha256(&bytes));
    terminal.wait_text("logs 1");
    terminal.enters("x", "-2.json");
    assert_eq!(
        fs::read(&first[0]).unwrap(),
        bytes,
        "the first is as it was"
    );
    assert_eq!(exports(&home).len(), 2);
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

#[test]
fn an_export_that_cannot_be_written_is_told_and_leaves_nothing() {
    let home = Home::external();
    home.greet();
    // Nobody may write there, not even root.
    home.configure("config.toml", "export_dir = \"/proc/self\"\n");
    let mut terminal = home.open_again();
    terminal.enters("x", "not exported: ");
    terminal.enters("\x1b[Z", "/proc/self");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    // A disk that is full, as far as the program can tell.
    fs::remove_file(home.path().join("config/config.toml")).unwrap();
    let script = "ulimit -f 0; exec \"$@\"";
    let words = ["sh", "-c", script, "sh", env!("CARGO_BIN_EXE_wildlands")];
    let mut terminal = Terminal::start(home.started_by(&words), 200, 30);
    wait_online(&terminal);
    terminal.enters("x", "not exported: ");
    assert_eq!(exports(&home), Vec::<PathBuf>::new());
    terminal.enters("8", "▰▰▰▰▰▰▰▰▱▱  8");
    home.wait_field("sleepQuality", "8");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

const TWICE: &str = "\
[[section]]
title = \"One\"
field = [
  { key = \"energy\", label = \"energy\", kind = \"scale\" },
  { key = \"energy\", label = \"again\", kind = \"scale\" },
]
";

#[test]
fn a_form_that_the_settings_name_is_asked_and_one_that_is_gone_masks_everything() {
    let home = Home::external();
    let file = home.path().join("mine.toml");
    fs::write(&file, TWICE.replacen("energy", "rowing", 2)).unwrap();
    home.configure("config.toml", &format!("form = \"{}\"\n", file.display()));
    let mut terminal = home.open_again();
    terminal.wait_text("rowing");
    terminal.enters("8", "saved ");
    home.wait_field("rowing", "8");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    fs::remove_file(&file).unwrap();
    let mut terminal = home.open_in(160, 50);
    terminal.wait_text("mine.toml is not used, and every answer is masked");
    terminal.enters("j", "masked, v shows it");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_form_with_a_mistake_is_told_with_its_line_and_the_usual_one_is_used() {
    let home = Home::external();
    home.configure("log-form.toml", TWICE);
    let mut terminal = home.open_in(160, 50);
    terminal.wait_text("sleep quality");
    terminal.enters("\x1b[Z", "log-form.toml:5:");
    terminal.wait_text("twice");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    // A file that is named on the command line must be right.
    let file = home.path().join("config/log-form.toml");
    let words = ["--form", file.to_str().unwrap()];
    let mut terminal = Terminal::start(home.program(&words), 160, 20);
    terminal.wait_text("log-form.toml:5:");
    assert_eq!(terminal.exit_code(), 65);
    assert!(!terminal.seen().has_sent(b"\x1b[?1049h"));
    // A form of one's own that is right takes its place.
    home.configure(
        "log-form.toml",
        &TWICE
            .replacen("energy", "rowing", 1)
            .replacen("energy", "rowing", 1),
    );
    let mut terminal = home.open_again();
    terminal.wait_text("again");
    terminal.enters("8", "saved ");
    home.wait_field("rowing", "8");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn mistakes_in_the_configuration_are_told_at_once_with_their_lines_and_the_rest_holds() {
    let home = Home::external();
    home.greet();
    home.configure(
        "config.toml",
        "view = \"full\"\nreveal_seconds = \"soon\"\ncolour = 1\n",
    );
    let mut terminal = home.start(160, 50);
    terminal.wait_text("· full");
    terminal.wait_text("config.toml:2:");
    terminal.wait_text("and 1 more");
    terminal.enters("\x1b[Z", "config.toml:3:");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    home.configure("config.toml", "not toml at all = = =\n");
    let mut terminal = home.open_again();
    terminal.wait_text("config.toml:1:");
    terminal.enters("8", "saved ");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn an_export_has_the_date_of_the_zone_that_is_set() {
    // At any moment at least one of these has another date than UTC.
    for zone in ["Pacific/Kiritimati", "Etc/GMT+12"] {
        let home = Home::external();
        home.configure("config.toml", &format!("timezone = \"{zone}\"\n"));
        let mut terminal = home.open();
        terminal.enters("x", "exported, private texts included");
        let zone = jiff::tz::TimeZone::get(zone).unwrap();
        let today = jiff::Timestamp::now().to_zoned(zone).date();
        let name = format!("harriswildlands-{today}.json");
        assert!(home.directory().join(&name).exists(), "{name}");
        terminal.types("q");
        assert_eq!(terminal.exit_code(), 0);
    }
}
