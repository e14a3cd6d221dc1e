//! The private server from the command line: made at the first write, looked at, held, stopped; and the demo's guard.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use super::Home;

#[test]
fn it_is_made_by_the_first_write_and_tells_where_it_is() {
    let home = Home::private();
    let before = home.run(&["data", "where"]).ended(0, &[]).out;
    assert!(before.contains("not made yet"), "{before}");
    assert!(
        !home.path().join("data/server/cluster").exists(),
        "looking starts nothing"
    );
    assert_eq!(
        home.run(&["data", "server", "stop"]).ended(0, &[]).out,
        "it was not running\n"
    );

    home.run(&["log", "2026-11-23", "mood=7"]).ended(0, &[]);
    let facts: Value =
        serde_json::from_str(&home.run(&["data", "where", "--json"]).ended(0, &[]).out).unwrap();
    assert_eq!(
        (&facts["mode"], &facts["running"]),
        (&json!("embedded"), &json!(true))
    );
    assert_eq!(facts["counts"]["logs"], json!(1));
    let directory = facts["directory"].as_str().unwrap();
    assert!(
        directory.starts_with(home.path().to_str().unwrap())
            && facts["directoryBytes"].as_u64() > Some(1_000_000)
    );
    assert!(
        home.run(&["data", "server", "status"])
            .ended(0, &[])
            .out
            .starts_with("running (process ")
    );
    assert!(
        home.run(&["data", "migrate"])
            .ended(0, &[])
            .out
            .contains("nothing to do")
    );

    assert_eq!(
        home.run(&["data", "server", "stop"]).ended(0, &[]).out,
        "stopped\n"
    );
    let stopped = home.run(&["data", "where"]).ended(0, &[]).out;
    assert!(
        stopped.contains("stopped") && stopped.contains("PostgreSQL "),
        "{stopped}"
    );
    assert_eq!(
        home.day("2026-11-23")["data"]["mood"],
        json!(7),
        "and it starts again by itself"
    );
}

#[test]
fn held_it_stays_until_the_holder_is_asked_to_end() {
    let home = Home::private();
    let mut holder = home
        .command(&["data", "server", "start", "--hold"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    assert!(
        lines
            .next()
            .unwrap()
            .unwrap()
            .starts_with("running (process ")
    );
    assert!(
        home.run(&["data", "server", "status"])
            .ended(0, &[])
            .out
            .contains("used by 1 program")
    );
    // Stopped under an open program it will not stay down, and a script can tell.
    let stopped = home.run(&["data", "server", "stop"]);
    let stopped = stopped.ended(75, &["close them first"]);
    assert_eq!(
        stopped.out,
        "stopped; 1 program is open and will start it again\n"
    );
    kill(
        Pid::from_raw(holder.id().try_into().unwrap()),
        Signal::SIGTERM,
    )
    .unwrap();
    assert_eq!(holder.wait().unwrap().code(), Some(0));
}

#[test]
fn without_server_programs_the_command_that_installs_them_is_named() {
    let home = Home::private();
    let empty = home.directory.path().join("nothing-here");
    fs::create_dir(&empty).unwrap();
    let home = home.with("WILDLANDS_PG_BINDIR", empty.to_str().unwrap());
    home.run(&["log", "mood=7"])
        .ended(69, &["WILDLANDS_PG_BINDIR", "install", "nothing was saved"]);
    home.run(&["log"]).ended(69, &["WILDLANDS_PG_BINDIR"]);
    home.run(&["data", "server", "start"])
        .ended(69, &["install"]);
    let status = home.run(&["data", "server", "status"]).ended(0, &[]).out;
    assert!(status.contains("none found"), "{status}");
}

#[test]
fn without_any_home_the_way_out_is_named() {
    let home = Home::private();
    let mut command = home.command(&["log", "mood=7"]);
    command.env("WILDLANDS_HOME", home.directory.path().join("file/below"));
    fs::write(home.directory.path().join("file"), "").unwrap();
    super::Run::of(&command.output().unwrap()).ended(69, &["file", "nothing was saved"]);
}
