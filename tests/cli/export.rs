//! `wildlands export`: the file, standard output, and every way it can go wrong.

use std::fs;
use std::io::{Read, pipe};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Stdio;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use harriswildlands::transfer::seal::{Key, Passphrase, open};

use super::support::{APP, TestDatabase};
use super::{Home, Run, wait};

const KEY: &str = "age1t2835z6mq546cg0qg3g6mamsez43dv2cjg5ec6sqdf2suxs7xp4qjfy7yn";

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

#[test]
fn parts_and_covered_exports_say_so_and_slips_are_answered() {
    let home = with_a_day();
    home.run(&[
        "export",
        "safe.json",
        "--redact",
        "--only",
        "check_ins,logs",
        "--since",
        "2020-01-01",
    ])
    .ended(0, &["logs, checkIns", "since 2020-01-01", "covered"]);
    let text = fs::read_to_string(home.directory.path().join("safe.json")).unwrap();
    assert!(!text.contains("a private text") && text.contains("[redacted]"));
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["only"], json!(["logs", "checkIns"]));
    assert_eq!(document["redacted"], json!(true));
    home.run(&["export", "x.json", "--only", "idees"])
        .ended(65, &["idees", "did you mean", "ideas"]);
    home.run(&["export", "x.json", "--since", "someday"])
        .ended(65, &["--since", "someday"]);
    home.run(&["export", "x", "--format", "xml"])
        .ended(64, &["markdown"]);
    assert_eq!(files(&home), ["safe.json"]);
}

#[test]
fn a_sealed_file_takes_its_words_from_a_file_or_the_environment() {
    let home = with_a_day().with("WILDLANDS_PASSPHRASE", "of the environment");
    let words = home.directory.path().join("words");
    fs::write(&words, "of the file\r\nmore\n").unwrap();
    home.run(&["export", "--encrypt", "--passphrase-file", "words", "a.age"])
        .ended(0, &["a.age"]);
    home.run(&["export", "--encrypt", "b.age"]).ended(0, &[]);
    for (name, words) in [("a.age", "of the file"), ("b.age", "of the environment")] {
        let bytes = fs::read(home.directory.path().join(name)).unwrap();
        let words = Key::Passphrase(Passphrase::new(words.to_owned()).unwrap());
        let document: Value =
            serde_json::from_reader(open(bytes.as_slice(), &words).unwrap()).unwrap();
        assert_eq!(document["counts"]["logs"], json!(1), "{name}");
    }
    // The way back: of the file, with the words of the environment; and not with others.
    let import = |words: &[&str], code, said: &[&str]| {
        let mut line = vec!["import", "--dry-run"];
        line.extend(words);
        home.run(&line).ended(code, said);
    };
    import(&["b.age"], 0, &[]);
    import(&["a.age", "--passphrase-file", "words"], 0, &[]);
    import(&["a.age"], 65, &["passphrase does not open it"]);
    fs::write(&words, "\n").unwrap();
    home.run(&["export", "--passphrase-file", "words", "c.age"])
        .ended(65, &["words", "empty"]);
    home.run(&["export", "--passphrase-file", "nowhere", "c.age"])
        .ended(65, &["nowhere"]);
    let run = home
        .run(&["export", "--recipient", "AGE-SECRET-KEY-1NEEDLE", "c.age"])
        .ended(65, &["age1"]);
    assert!(!run.err.contains("NEEDLE"));
    assert_eq!(files(&home), ["a.age", "b.age", "words"]);
}

#[test]
fn pages_and_tables_are_folders_or_one_file() {
    let home = with_a_day();
    home.run(&["export", "pages", "--format", "markdown"])
        .ended(0, &["pages"]);
    let page = home.directory.path().join("pages/logs-2026-11.md");
    assert!(fs::read_to_string(page).unwrap().contains("a private text"));
    home.run(&["export", "pages", "--format", "csv"])
        .ended(73, &["pages", "exists"]);
    home.run(&["export", "pages", "--format", "csv", "--force"])
        .ended(64, &["never replaced"]);
    home.run(&["export", "all.md", "--format", "markdown"])
        .ended(0, &["all.md"]);
    home.run(&["export", "all.csv", "--format", "csv"])
        .ended(64, &["one table", "--only"]);
    let run = home
        .run(&["export", "-", "--format", "csv", "--only", "logs"])
        .ended(0, &["standard output"]);
    assert!(run.out.starts_with("id,userId,date,"), "{}", run.out);
    assert_eq!(run.out.lines().count(), 2);
    home.run(&[
        "export",
        "safe",
        "--format",
        "csv",
        "--encrypt",
        "--recipient",
        KEY,
    ])
    .ended(64, &["folder"]);
    assert_eq!(files(&home), ["all.md", "pages"]);
}
