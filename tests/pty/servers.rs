//! The private server: shared by all programs of a person, stopped by the last one, back after it
//! was killed; and databases that the program cannot use.

use std::fs;
use std::path::{Path, PathBuf};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::home::{Home, below, until, wait_online, wait_saved};
use super::pty_support::{Seen, Terminal};
use super::support;
use super::typing::open_top_win;

/// The server's main process, if it runs.
fn postmaster(home: &Home) -> Option<Pid> {
    let file = home.path().join("data/server/cluster/postmaster.pid");
    let pid = fs::read_to_string(file)
        .ok()?
        .lines()
        .next()?
        .parse()
        .ok()?;
    let pid = Pid::from_raw(pid);
    kill(pid, None).is_ok().then_some(pid)
}

fn processes_of(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let read = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let words = String::from_utf8_lossy(&read).replace('\0', " ");
        let there = fs::read_link(entry.path().join("cwd"));
        if words.contains(directory.to_str().unwrap())
            || there.is_ok_and(|there| there.starts_with(directory) && there != directory)
        {
            found.push(words);
        }
    }
    found
}

#[test]
fn two_programs_share_the_private_server_and_the_last_one_out_stops_it() {
    let home = Home::private();
    let mut first = home.open();
    let server = postmaster(&home).expect("it runs");
    let mut second = home.open_again();
    assert_eq!(postmaster(&home), Some(server), "there is one");
    first.types("q");
    assert_eq!(first.exit_code(), 0);
    second.enters("8", "saved ");
    // The last one out goes by a signal, with a text half typed.
    open_top_win(&mut second);
    second.enters("half a sente", "half a sente");
    second.signal(Signal::SIGHUP);
    assert_eq!(second.exit_code(), 129);
    until("the server has stopped", || postmaster(&home).is_none());
    until("nobody is left", || {
        processes_of(home.directory()).is_empty()
    });
    let mut third = home.open_again();
    third.wait_text("Unsaved text");
    third.enters("\r", "half a sente");
    third.types("q");
    assert_eq!(third.exit_code(), 0);
    let day = home.today();
    assert_eq!(
        day,
        serde_json::json!({ "sleepQuality": 8, "topWin": "half a sente" })
    );
}

#[test]
fn answers_given_while_the_private_server_is_killed_arrive_once_by_themselves() {
    let home = Home::private();
    let mut terminal = home.open();
    let mut last = None;
    for round in 1..=3 {
        terminal.enters("0", "▰▰▰▰▰▰▰▰▰▰ 10");
        let server = postmaster(&home).expect("it runs");
        assert_ne!(Some(server), last, "a new one each time");
        last = Some(server);
        for digit in 1..=9 {
            terminal.types(digit.to_string());
            if digit == 2 * round {
                kill(server, Signal::SIGKILL).unwrap();
            }
        }
        terminal.types("jj");
        terminal.types(" ");
        terminal.types("kk");
        until("another server runs", || {
            postmaster(&home).is_some_and(|running| running != server)
        });
        wait_online(&terminal);
        wait_saved(&terminal);
    }
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    // Yes, no, not answered.
    assert_eq!(home.today(), serde_json::json!({ "sleepQuality": 9 }));
    let (_, out, err) = home.run(&["export", "-"]);
    let document: serde_json::Value = serde_json::from_str(&out).expect(&err);
    // Thirty-three answers: the row was made by the first, and changed by each of the others.
    assert_eq!(document["data"]["logs"][0]["version"], 33);
}

/// A home with a directory for temporary files of its own.
fn with_temporary() -> (Home, PathBuf) {
    let mut home = Home::private();
    let temporary = home.directory().join("temporary");
    fs::create_dir(&temporary).unwrap();
    home.set("TMPDIR", temporary.to_str().unwrap());
    (home, temporary)
}

fn nothing_is_left(home: &Home, temporary: &Path) {
    assert_eq!(below(temporary), Vec::<PathBuf>::new());
    until("nobody is left", || processes_of(temporary).is_empty());
    assert!(!home.path().exists(), "nothing of the person's own is made");
}

#[test]
fn the_demo_opens_with_two_years_and_leaves_nothing() {
    let (home, temporary) = with_temporary();
    for signal in [None, Some(Signal::SIGTERM)] {
        let mut terminal = Terminal::start(home.program(&["demo"]), 160, 40);
        terminal.wait_text(" demo: sample data, gone when you quit");
        wait_online(&terminal);
        terminal.enters("\x1b[Z", "Your rows");
        terminal.wait_text("demo: sample data, gone when you quit");
        let rows = |seen: &Seen| {
            let text = seen.text();
            let line = text.lines().find(|line| line.contains("logs "))?;
            let mut words = line.split_whitespace();
            words.find_map(|word| word.parse::<u32>().ok())
        };
        terminal.wait_for("two years of days", |seen| {
            rows(seen).is_some_and(|rows| (500..=735).contains(&rows))
        });
        terminal.enters("\x1b1", "Morning");
        assert!(!below(&temporary).is_empty());
        if let Some(signal) = signal {
            terminal.signal(signal);
            assert_eq!(terminal.exit_code(), 143);
        } else {
            terminal.types("q");
            assert_eq!(terminal.exit_code(), 0);
        }
        super::ends::is_given_back(&terminal);
        nothing_is_left(&home, &temporary);
    }
}

#[test]
fn a_demo_that_is_stopped_while_it_is_made_leaves_nothing() {
    let (home, temporary) = with_temporary();
    let mut terminal = Terminal::start(home.program(&["demo"]), 160, 40);
    terminal.wait_text("making a throw-away database");
    terminal.signal(Signal::SIGINT);
    assert_eq!(terminal.exit_code(), 130);
    nothing_is_left(&home, &temporary);
}

#[test]
fn a_database_that_is_newer_is_told_and_nothing_is_written() {
    let home = Home::external();
    home.ask(
        "insert into wildlands.schema_migrations (version, name, checksum) values (999, 'later', 'x')",
    );
    let rows = "select (select count(*) from wildlands.logs) + (select count(*) from wildlands.users)
        + (select count(*) from wildlands.record_history) + (select count(*) from wildlands.schema_migrations)";
    let before = home.ask(rows);
    let mut terminal = home.start(200, 30);
    terminal.wait_text("the database has schema version 999; this program knows versions up to");
    terminal.wait_text("Install the newest version of wildlands. Nothing was changed.");
    terminal.types("8");
    terminal.wait_text("1 unsent");
    terminal.types("R");
    terminal.wait_text("the database has schema version 999");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.wait_text("1 change is kept on this machine and will be sent next time");
    assert_eq!(home.ask(rows), before);
    // It was no empty promise.
    home.ask("delete from wildlands.schema_migrations where version = 999");
    let mut terminal = home.start(100, 30);
    terminal.wait_text("Welcome");
    terminal.types("\r");
    home.wait_field("sleepQuality", "8");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn without_server_programs_the_command_that_installs_them_is_shown() {
    let mut home = Home::private();
    let empty = home.directory().join("nothing-here");
    fs::create_dir(&empty).unwrap();
    home.set("WILDLANDS_PG_BINDIR", empty.to_str().unwrap());
    let mut terminal = home.start(200, 30);
    terminal.wait_text("WILDLANDS_PG_BINDIR");
    terminal.wait_text("offline");
    terminal.enters("\x1b[Z", "install");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn an_address_that_is_wrong_is_told_without_its_password_and_what_is_written_goes_to_the_next_one()
{
    let url = "postgresql://bruce:planted-needle@127.0.0.1:70000/pgbruce";
    let home = Home::private().with("DATABASE_URL", url);
    let mut terminal = home.start(200, 30);
    terminal.wait_text("The form is postgresql://");
    terminal.enters("8", "1 unsent");
    open_top_win(&mut terminal);
    terminal.types("nowhere to go\x13");
    terminal.wait_text("2 unsent");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.wait_text("2 changes are kept on this machine");
    assert!(!terminal.seen().has_sent(b"needle"));
    assert!(
        !home.path().join("data").exists(),
        "the private server is not touched"
    );
    let home = home.with("DATABASE_URL", "");
    let mut terminal = home.open();
    terminal.wait_text("nowhere to go");
    terminal.wait_text("saved");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_password_that_is_wrong_is_told_without_it_and_what_is_written_is_kept() {
    let server = support::TestServer::launch(&support::Options {
        tcp: true,
        hba: Some("host all all 127.0.0.1/32 scram-sha-256\n".to_owned()),
        ..support::Options::default()
    });
    let port = server.port();
    let url = format!("postgresql://wildlands_app:planted-needle@127.0.0.1:{port}/postgres");
    let home = Home::private().with("DATABASE_URL", &url);
    let mut terminal = home.start(200, 30);
    terminal.wait_text("did not accept the password");
    terminal.wait_text("~/.pgpass");
    terminal.enters("8", "1 unsent");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.wait_text("1 change is kept on this machine");
    assert!(!terminal.seen().has_sent(b"needle"));
    for path in below(&home.path()).iter().filter(|path| path.is_file()) {
        let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
        assert!(!text.contains("needle"), "{}", path.display());
    }
}
