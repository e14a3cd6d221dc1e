//! `wildlands export`: the file, standard output, and every way it can go wrong.

use std::fs;
use std::io::{Read, pipe};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Stdio;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::support::{APP, TestDatabase};
use super::{Home, Run, wait};

fn with_a_day() -> Home {
    let home = Home::external();
    home.run(&["log", "2026-11-23", "mood=7"]).ended(0, &[]);
    home.run_with_input(&["log", "2026-11-23", "driftCheck=-"], b"a private text")
        .ended(0, &[]);
    home
}

/// Names in the directory in which the programs of this home run.
fn files(home: &Home) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(home.directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "home")
        .collect();
    names.sort();
    names
}

fn many_days(database: &TestDatabase) {
    wait(async {
        let superuser = database.superuser_client().await;
        superuser
            .batch_execute(
                "insert into wildlands.logs (user_id, id, date, data) \
                 select u.id, gen_random_uuid(), date '1950-01-01' + n, jsonb_build_object('topWin', repeat('x', 1000)) \
                 from wildlands.users u, generate_series(1, 20000) n",
            )
            .await
            .unwrap();
    });
}

#[test]
fn a_file_is_whole_private_and_as_it_was_said() {
    let home = with_a_day();
    let run = home
        .run(&["export", "all.json"])
        .ended(0, &["all.json", "logs 1", "sha256"]);
    assert_eq!(run.out, "", "standard output is for the document");
    let path = home.directory.path().join("all.json");
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let bytes = fs::read(&path).unwrap();
    let hash = Sha256::digest(&bytes)
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    assert!(run.err.contains(&hash), "{}", run.err);
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(document["format"], json!("harriswildlands-export"));
    assert_eq!(document["counts"]["logs"], json!(1));
    assert_eq!(
        document["data"]["logs"][0]["data"],
        json!({ "mood": 7, "driftCheck": "a private text" })
    );
}

#[test]
fn without_a_name_it_is_dated_and_a_second_one_does_not_replace_it() {
    let home = with_a_day();
    let today = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    home.run(&["export"]).ended(0, &[]);
    home.run(&["export"]).ended(0, &[]);
    let names = files(&home);
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(
        names.contains(&format!("harriswildlands-{today}.json")),
        "{names:?}"
    );
}

#[test]
fn an_existing_file_is_left_alone_unless_asked() {
    let home = with_a_day();
    let path = home.directory.path().join("mine.json");
    fs::write(&path, "precious").unwrap();
    home.run(&["export", "mine.json"])
        .ended(73, &["mine.json", "--force"]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    home.run(&["export", "mine.json", "--force"]).ended(0, &[]);
    assert!(fs::read_to_string(&path).unwrap().starts_with('{'));
    assert_eq!(files(&home), ["mine.json"]);
}

#[test]
fn a_place_that_takes_no_file_is_named_and_nothing_is_left() {
    let home = with_a_day();
    fs::create_dir(home.directory.path().join("taken")).unwrap();
    symlink("nowhere/at/all", home.directory.path().join("dangling")).unwrap();
    for place in [
        "no/such/directory/all.json",
        "taken",
        "/proc/all.json",
        "/sys/all.json",
        "dangling",
    ] {
        home.run(&["export", place]).ended(73, &[place]);
    }
    home.run(&["export", "/dev/full"]).ended(73, &["/dev/full"]);
    assert_eq!(files(&home), ["dangling", "taken"]);
}

#[test]
fn standard_output_gets_the_document_and_nothing_else() {
    let home = with_a_day();
    let run = home
        .run(&["export", "-"])
        .ended(0, &["standard output", "logs 1"]);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["counts"]["logs"], json!(1));
    assert!(files(&home).is_empty());
    home.run(&["export", "-", "--force"])
        .ended(64, &["--force"]);
}

#[test]
fn a_full_disk_and_a_reader_that_goes_away_are_failures() {
    let home = with_a_day();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let child = home
        .command(&["export", "-"])
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    Run::of(&child.wait_with_output().unwrap()).ended(74, &["output"]);
    many_days(home.database());
    let (mut reader, writer) = pipe().unwrap();
    let child = home
        .command(&["export", "-"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    reader.read_exact(&mut [0; 1000]).unwrap();
    drop(reader);
    let run = Run::of(&child.wait_with_output().unwrap()).ended(74, &[]);
    assert_eq!(run.err, "", "who closed the pipe knows it");
}

#[test]
fn control_c_stops_it_and_leaves_nothing() {
    let home = with_a_day();
    many_days(home.database());
    // The pipe is not read, so the export is under way and cannot end before the signal.
    let (mut reader, writer) = pipe().unwrap();
    let child = home
        .command(&["export", "-"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    reader.read_exact(&mut [0; 1000]).unwrap();
    kill(
        Pid::from_raw(child.id().try_into().unwrap()),
        Signal::SIGINT,
    )
    .unwrap();
    std::thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
    let run = Run::of(&child.wait_with_output().unwrap());
    assert_eq!(run.code, 130, "{}", run.err);
    assert!(files(&home).is_empty());
}

#[test]
fn without_a_database_nothing_is_exported() {
    let home = Home::private().with(
        "DATABASE_URL",
        &format!("postgresql://{APP}:planted-needle@127.0.0.1:1/x"),
    );
    let run = home
        .run(&["export", "all.json"])
        .ended(69, &["nothing was exported"]);
    assert!(!run.err.contains("needle"));
    assert!(files(&home).is_empty());
}
