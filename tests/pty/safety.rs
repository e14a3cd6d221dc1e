//! Words are never lost: `kill -9`, servers that go away, damaged files, a full disk.

use std::fs;
use std::sync::Arc;

use nix::sys::signal::Signal;

use super::home::{Home, until, wait_online, wait_saved};
use super::pty_support::Terminal;
use super::support::{Options, TestServer};
use super::typing::open_top_win;

/// A server of the test's own, which it can stop.
fn own_server() -> Arc<TestServer> {
    TestServer::launch(&Options::default())
}

/// Asks for the database until it is there.
fn reconnect(terminal: &mut Terminal) {
    terminal.types("R");
    wait_online(terminal);
}

#[test]
fn without_a_database_the_day_is_written_and_each_answer_arrives_once() {
    let server = own_server();
    let home = Home::on(&server);
    server.stop_immediate();
    let mut terminal = home.start(160, 30);
    terminal.wait_text("○ offline");
    terminal.wait_text("no PostgreSQL server answers at");
    terminal.wait_text("Start the server");
    terminal.types("8\r7\r");
    terminal.wait_text("2 unsent");
    open_top_win(&mut terminal);
    terminal.types("written without a database\x13");
    terminal.wait_text("3 unsent");
    // What, where and what to do, on the Data screen too.
    terminal.enters("\x1b[Z", "what to do");
    terminal.wait_text(server.socket_dir().to_str().unwrap());
    terminal.wait_text("3 changes, 3 of them on this disk");
    terminal.enters("\x1b1", "3 unsent");
    server.start();
    reconnect(&mut terminal);
    terminal.wait_text("Welcome");
    terminal.enters("\r", "saved ");
    home.wait_field("topWin", "written without a database");
    assert_eq!(home.field("sleepQuality"), "8");
    assert_eq!(home.field("energy"), "7");
    // A row that is made and changed twice: each answer had its effect once.
    assert_eq!(home.versions(), ["3"]);
    assert_eq!(
        home.ask("select count(*)::text from wildlands.record_history"),
        ["2"]
    );
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    assert!(!terminal.text().contains("kept on this machine"));
}

#[test]
fn what_could_not_be_sent_before_the_end_is_sent_by_the_next_start() {
    let server = own_server();
    let home = Home::on(&server);
    let mut terminal = home.open();
    terminal.enters("8", "saved ");
    server.stop_immediate();
    terminal.wait_text("offline");
    terminal.types("j7j ");
    terminal.wait_text("2 unsent");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.wait_text("2 changes are kept on this machine and will be sent next time");
    server.start();
    let mut terminal = home.open_again();
    terminal.wait_text("2 unsent changes of an earlier run");
    home.wait_field("exercise", "true");
    assert_eq!(home.field("energy"), "7");
    assert_eq!(home.versions(), ["3"]);
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

/// Kills the program as `kill -9` does, and waits for its end.
pub fn kill(mut terminal: Terminal) {
    terminal.signal(Signal::SIGKILL);
    terminal.exit_code();
}

#[test]
fn killed_at_any_moment_of_typing_the_next_start_has_the_text() {
    let home = Home::external();
    let mut terminal = home.open();
    let text = "abcdefghijklmnopqrstuvwxyz日本語";
    for round in 0..24 {
        terminal.enters("Gk", "▸ top win");
        if !home.field("topWin").is_empty() {
            // The text of the round before.
            terminal.enters("\x7f", "cleared: top win");
            home.wait_field("topWin", "");
        }
        open_top_win(&mut terminal);
        let typed: String = text.chars().take(1 + round).collect();
        let typed = format!("<{round}>{typed}");
        terminal.enters(&typed, &typed);
        match round % 3 {
            // Right after the key was seen: what is on disk is a beginning of it, or nothing yet.
            0 => {
                kill(terminal);
                let drafts = home.drafts();
                assert!(drafts.iter().all(|draft| typed.starts_with(draft.as_str())));
                terminal = home.open_again();
                if drafts.is_empty() {
                    assert!(!terminal.text().contains("Unsaved text"));
                    continue;
                }
                terminal.wait_text("Unsaved text");
                terminal.wait_text(&drafts[0]);
                terminal.types("\r");
                home.wait_field("topWin", &drafts[0]);
            }
            // A moment later: all of it is on disk, and more that was typed since may be.
            1 => {
                home.wait_draft(&typed);
                terminal.enters("+", &format!("{typed}+"));
                kill(terminal);
                terminal = home.open_again();
                terminal.wait_text("Unsaved text");
                terminal.wait_text(&typed);
                terminal.types("\r");
                until("the offered text is saved", || {
                    home.field("topWin").starts_with(&typed)
                });
            }
            // Saved by a key: whatever the screen shows as saved is in the database for good.
            _ => {
                terminal.types("\x13");
                terminal.wait_gone("What went well today?");
                terminal.wait_text(&typed);
                wait_saved(&terminal);
                kill(terminal);
                assert_eq!(home.field("topWin"), typed);
                terminal = home.open_again();
                assert!(!terminal.text().contains("Unsaved text"));
            }
        }
        terminal.wait_gone("Unsaved text");
    }
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(home.drafts(), Vec::<String>::new());
}

#[test]
fn answers_given_while_the_server_dies_and_comes_back_arrive_once() {
    let server = own_server();
    let home = Home::on(&server);
    let mut terminal = home.open();
    let mut given = 0;
    for round in 0..4 {
        // Ten answers, each another than the one before; the server dies among them.
        for digit in 1..=9 {
            terminal.types(digit.to_string());
            given += 1;
            if digit == 2 + round {
                server.stop_immediate();
            }
        }
        terminal.wait_text("offline");
        server.start();
        reconnect(&mut terminal);
        terminal.wait_text("saved ");
        let versions = [given.to_string()];
        until("every answer is there", || home.versions() == versions);
        assert_eq!(home.field("sleepQuality"), "9");
        let requests = "select count(*)::text from wildlands.record_history";
        assert_eq!(home.ask(requests), [(given - 1).to_string()]);
    }
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_damaged_draft_is_told_and_kept_aside_and_the_whole_one_is_offered() {
    let home = Home::external();
    let mut terminal = home.open();
    open_top_win(&mut terminal);
    terminal.types("the whole one");
    home.wait_draft("the whole one");
    kill(terminal);
    let drafts = home.state().join("drafts");
    let of_the_killed = fs::read_dir(&drafts).unwrap().next().unwrap().unwrap();
    let damaged = "{\"place\": planted-needle";
    fs::write(of_the_killed.path().join("0123.draft"), damaged).unwrap();
    let mut terminal = home.start(160, 30);
    terminal.wait_text("a draft could not be read: it is damaged at line 1, column");
    terminal.wait_text("the whole one");
    terminal.types("\r");
    home.wait_field("topWin", "the whole one");
    let aside = super::home::below(&drafts);
    let aside: Vec<_> = aside
        .iter()
        .filter(|path| path.is_file())
        .filter(|path| fs::read_to_string(path).is_ok_and(|text| text == damaged))
        .collect();
    assert_eq!(aside.len(), 1, "{aside:?}");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    let seen = terminal.seen();
    assert!(!seen.has_sent(b"needle"), "nothing of it is shown");
}

#[test]
fn a_damaged_outbox_is_told_and_kept_aside_and_the_rest_is_sent() {
    let server = own_server();
    let home = Home::on(&server);
    let mut terminal = home.open();
    server.stop_immediate();
    terminal.wait_text("offline");
    terminal.types("8j7");
    terminal.wait_text("2 unsent");
    terminal.types("q");
    terminal.exit_code();
    let outbox = home.state().join("outbox");
    let file = fs::read_dir(&outbox)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().count(), 2);
    // The first write is damaged by one letter.
    fs::write(&file, text.replacen("sleepQuality", "sleepQualitx", 1)).unwrap();
    server.start();
    let mut terminal = home.start(160, 30);
    wait_online(&terminal);
    terminal.enters(
        "\x1b[Z",
        "a part of the unsent changes could not be read; it was kept as",
    );
    home.wait_field("energy", "7");
    assert_eq!(home.field("sleepQuality"), "");
    let kept = fs::read_dir(&outbox).unwrap().any(|entry| {
        fs::read_to_string(entry.unwrap().path()).is_ok_and(|text| text.contains("sleepQualitx"))
    });
    assert!(kept);
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_full_disk_is_told_and_typing_and_saving_go_on() {
    let home = Home::external();
    home.greet();
    let script = "ulimit -f 0; exec \"$@\"";
    let words = ["sh", "-c", script, "sh", env!("CARGO_BIN_EXE_wildlands")];
    let mut terminal = Terminal::start(home.started_by(&words), 160, 30);
    wait_online(&terminal);
    open_top_win(&mut terminal);
    terminal.enters("typed on a full disk", "typed on a full disk");
    terminal.wait_text("what you type could not be put on disk");
    terminal.enters(", and on", "typed on a full disk, and on");
    terminal.types("\x13");
    home.wait_field("topWin", "typed on a full disk, and on");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn what_is_neither_on_disk_nor_sent_is_asked_about_and_never_said_to_be_kept() {
    let server = own_server();
    let home = Home::on(&server);
    home.open().types("q");
    server.stop_immediate();
    // A file stands where the unsent changes would go.
    let _ = fs::remove_dir_all(home.state().join("outbox"));
    fs::create_dir_all(home.state()).unwrap();
    fs::write(home.state().join("outbox"), "").unwrap();
    let mut terminal = home.start(160, 30);
    terminal.wait_text("○ offline");
    terminal.enters("8", "the change is not on this disk yet");
    terminal.enters(
        "q",
        "q once more quits without 1 change that is NOT on disk",
    );
    terminal.enters("j7", "the change is not on this disk yet");
    terminal.enters("q", "");
    assert_eq!(terminal.exit_code(), 0);
    terminal.wait_text("2 changes are NOT on disk and not in the database: sleep quality, energy");
    assert!(!terminal.text().contains("kept on this machine"));
}
