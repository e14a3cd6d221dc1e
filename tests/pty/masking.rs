//! What is private stays where it belongs: masked screens, closed files, no traces elsewhere.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::home::{Home, below, until};
use super::pty_support::Terminal;

/// The fields that the form calls sensitive, with a question each that the editor shows.
const SENSITIVE: [(&str, &str, &str); 4] = [
    ("topFriction", "▸ top friction", "needle-one 私的な"),
    ("familyConnection", "▸ family", "needle-two"),
    ("faithAlignment", "▸ faith", "needle-three"),
    ("driftCheck", "▸ drift check", "needle-four"),
];

/// A private home with a text in every sensitive field, given by standard input.
fn planted() -> Home {
    let home = Home::private().with("WILDLANDS_LOG", "trace");
    for (field, _, text) in SENSITIVE {
        let file = home.directory().join("input");
        fs::write(&file, text).unwrap();
        let mut command = home.command(&["log", &format!("{field}=-")]);
        let output = command.stdin(fs::File::open(&file).unwrap()).output();
        assert!(output.unwrap().status.success());
        fs::remove_file(&file).unwrap();
    }
    home
}

/// Arguments and environment of every process, but for this one.
fn of_processes() -> Vec<(String, Vec<u8>)> {
    let own = std::process::id().to_string();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.bytes().all(|byte| byte.is_ascii_digit()) && name != own {
            for part in ["cmdline", "environ", "comm"] {
                // A process may have ended meanwhile.
                let read = fs::read(entry.path().join(part)).unwrap_or_default();
                found.push((format!("{part} of {name}"), read));
            }
        }
    }
    found
}

fn has_needle(bytes: &[u8]) -> bool {
    bytes.windows(7).any(|window| window == b"needle-")
}

/// Files outside the database's own that hold a needle, or whose name does.
fn telling_files(home: &Home) -> Vec<String> {
    let mut found = Vec::new();
    for path in below(home.directory()) {
        let name = path.strip_prefix(home.directory()).unwrap();
        let is_database = name.starts_with("home/data/server/cluster");
        let holds = path.is_file() && !is_database && fs::read(&path).is_ok_and(|b| has_needle(&b));
        if holds || has_needle(name.as_os_str().as_encoded_bytes()) {
            found.push(name.display().to_string());
        }
    }
    found
}

fn masked_everywhere(home: &Home, terminal: &mut Terminal) {
    terminal.wait_text("saved ");
    terminal.types("fG");
    for ((_, marker, _), up) in SENSITIVE.iter().rev().zip(["", "k", "k", "kkkk"]) {
        terminal.enters(up, marker);
        terminal.wait_text("masked, v shows it");
    }
    terminal.enters("gjc", "enter open");
    terminal.types("\x1b");
    terminal.wait_gone("enter open");
    terminal.enters("\x0cY", "a year to");
    terminal.types("\x1b");
    terminal.wait_gone("a year to");
    terminal.enters("o", "esc close");
    terminal.types("\x1b");
    terminal.wait_gone("esc close");
    // Clearing and taking back show the answer to nobody.
    terminal.enters("G\x7f", "cleared: drift check");
    terminal.enters("u", "taken back: drift check");
    terminal.enters("", "masked, v shows it");
    terminal.enters("\x1b[Z", "Your rows");
    terminal.enters("\x1b1", "Red zone");
    terminal.types("[");
    terminal.wait_gone("masked, v shows it");
    terminal.enters("]", "masked, v shows it");
    terminal.resize(40, 12);
    terminal.wait_for("narrow", |seen| !seen.text().contains("Harris Wildlands"));
    terminal.resize(160, 50);
    terminal.enters("L", "covered");
    terminal.enters("\r", "masked, v shows it");
    // The server's own log of a statement that fails would quote it.
    let _ = home.run(&["log", "mood=99"]);
}

#[test]
fn masked_texts_leave_no_trace_on_screens_in_logs_names_and_arguments() {
    let home = planted();
    let mut terminal = home.start(160, 50);
    masked_everywhere(&home, &mut terminal);
    let told: Vec<String> = of_processes()
        .into_iter()
        .filter(|(_, bytes)| has_needle(bytes))
        .map(|(of, _)| of)
        .collect();
    assert!(told.is_empty(), "{told:?}");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    assert!(!has_needle(&terminal.seen().bytes));
    let log = fs::read(home.path().join("data/server/server.log")).unwrap();
    assert!(!log.is_empty() && !has_needle(&log));
    assert_eq!(telling_files(&home), Vec::<String>::new());
    // They were there all the while.
    let day = home.today();
    for (field, _, text) in SENSITIVE {
        assert_eq!(day[field], text);
    }
}

#[test]
fn a_revealed_text_is_masked_again_by_a_key_and_by_leaving() {
    let home = planted();
    let mut terminal = home.start(160, 50);
    terminal.wait_text("saved ");
    terminal.enters("fG", "▸ drift check");
    for hide in ["v", "m", "\x1b[Z", "L"] {
        terminal.enters("v", "needle-four");
        terminal.wait_text("revealed");
        assert!(
            !terminal.text().contains("needle-one"),
            "one is revealed, not all"
        );
        terminal.types(hide);
        terminal.wait_gone("needle-four");
        match hide {
            "\x1b[Z" => terminal.types("\x1b1"),
            "L" => terminal.types("\r"),
            _ => {}
        }
        terminal.wait_text("masked, v shows it");
    }
    terminal.enters("V", "needle-one 私的な");
    terminal.wait_text("needle-three");
    terminal.types("m");
    terminal.wait_gone("needle-");
    // After a time of its own, too.
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    assert!(
        !terminal.text().contains("needle-"),
        "nothing stays on the normal screen"
    );
    home.configure("config.toml", "reveal_seconds = 1\n");
    let mut terminal = home.start(160, 50);
    terminal.wait_text("saved ");
    terminal.enters("fG", "▸ drift check");
    terminal.enters("v", "needle-four");
    terminal.wait_gone("needle-four");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(telling_files(&home), Vec::<String>::new());
}

#[test]
fn a_sensitive_draft_is_offered_masked() {
    let home = Home::external();
    let mut terminal = home.open();
    terminal.enters("fG\r", "Where are you drifting");
    terminal.enters("needle-five", "needle-five");
    home.wait_draft("needle-five");
    terminal.signal(nix::sys::signal::Signal::SIGKILL);
    terminal.exit_code();
    let mut terminal = home.open_again();
    terminal.wait_text("Unsaved text");
    terminal.types("\r");
    home.wait_field("driftCheck", "needle-five");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    assert!(!has_needle(&terminal.seen().bytes));
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_log_that_comes_before_everything_else_leaves_the_private_server_its_way() {
    // A level that is no level is the first thing that there is to say.
    let home = Home::private().with("WILDLANDS_LOG", "loud");
    let mut terminal = home.open();
    terminal.enters("8", "saved ");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    let log = home.state().join("wildlands.log");
    assert!(fs::read_to_string(&log).unwrap().contains("WILDLANDS_LOG"));
    assert_eq!((mode(&log), mode(&home.state())), (0o600, 0o700));
}

#[test]
fn what_the_program_makes_is_closed_to_everybody_else() {
    // Whatever the person's own files are open to.
    let home = Home::private().with("WILDLANDS_LOG", "trace");
    let script = "umask 0; exec \"$@\"";
    let words = ["sh", "-c", script, "sh", env!("CARGO_BIN_EXE_wildlands")];
    let mut terminal = Terminal::start(home.started_by(&words), 160, 30);
    terminal.wait_text("Welcome");
    terminal.enters("\r", "nothing logged");
    terminal.enters("8", "saved ");
    terminal.enters("x", "exported, private texts included");
    super::typing::open_top_win(&mut terminal);
    terminal.types("a text");
    home.wait_draft("a text");
    // A write that waits: the server is gone and its programs too.
    let state = home.state();
    until("an outbox", || !below(&state.join("outbox")).is_empty());
    let mut kinds = std::collections::BTreeSet::new();
    for path in below(&home.path()) {
        let name = path.strip_prefix(home.path()).unwrap().to_owned();
        if name.starts_with("data/server/cluster") {
            continue;
        }
        let is_socket = name.to_string_lossy().contains(".s.PGSQL.");
        let closed = if is_socket { 0o000 } else { 0o007 };
        assert_eq!(
            mode(&path) & closed,
            0,
            "{}: {:o}",
            name.display(),
            mode(&path)
        );
        if name.starts_with("state") && path != state {
            let wanted = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode(&path), wanted, "{}", name.display());
            kinds.insert(name.iter().nth(1).unwrap().to_owned());
        }
    }
    for kind in ["drafts", "outbox"] {
        assert!(kinds.contains(std::ffi::OsStr::new(kind)), "{kinds:?}");
    }
    assert_eq!(mode(&home.path().join("data/server/cluster")), 0o700);
    let exports: Vec<_> = fs::read_dir(home.directory())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    assert_eq!(exports.len(), 1);
    assert_eq!(mode(&exports[0]), 0o600);
    terminal.signal(nix::sys::signal::Signal::SIGTERM);
    assert_eq!(terminal.exit_code(), 143);
}
