//! `wildlands import`: exit codes, what is told, and that nothing is changed where it says so.

use std::fs::{self, File};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::pty::openpty;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use super::{Home, Run, wait};

/// A home with two days and an idea.
fn filled() -> Home {
    let home = Home::external();
    home.run(&["log", "2026-11-22", "mood=4"]).ended(0, &[]);
    home.run(&["log", "2026-11-23", "mood=7"]).ended(0, &[]);
    home.run_with_input(&["log", "2026-11-23", "driftCheck=-"], b"a private text")
        .ended(0, &[]);
    home.run_with_input(&["idea", "add", "-"], b"a planted idea")
        .ended(0, &[]);
    home
}

/// Everything of the person, without the moment at which it was made.
fn all(home: &Home) -> String {
    let run = home.run(&["export", "-"]).ended(0, &[]);
    let lines = run.out.lines();
    let lines: Vec<&str> = lines
        .filter(|line| !line.contains("\"exportedAt\""))
        .collect();
    lines.join("\n")
}

/// The document of a home as a file in another.
fn carried(from: &Home, to: &Home, arguments: &[&str]) -> Value {
    let run = from
        .run(&[&["export", "-"], arguments].concat())
        .ended(0, &[]);
    fs::write(to.directory.path().join("all.json"), &run.out).unwrap();
    serde_json::from_str(&run.out).unwrap()
}

fn put(home: &Home, name: &str, text: impl AsRef<[u8]>) {
    fs::write(home.directory.path().join(name), text).unwrap();
}

#[test]
fn it_comes_back_whole_and_the_second_time_changes_nothing() {
    let (old, new) = (filled(), Home::external());
    carried(&old, &new, &[]);
    let run = new.run(&["import", "all.json"]).ended(
        0,
        &[
            "imported\n",
            "logs ",
            " 2 new",
            "ideas ",
            " 1 new",
            "the profile",
        ],
    );
    assert_eq!(run.out, "", "what was done is told on standard error");
    assert!(!run.err.contains("planted"), "{}", run.err);
    let whole = all(&old);
    assert_eq!(all(&new), whole);

    // An account in use: a name is asked for, and standard input is no terminal.
    new.run(&["import", "all.json"])
        .ended(64, &["has records", "--yes", "nothing was changed"]);
    new.run(&["import", "all.json", "--yes"])
        .ended(0, &["everything was here already", "2 unchanged"]);
    assert_eq!(all(&new), whole);
    let run = new
        .run(&["import", "all.json", "-y", "--json"])
        .ended(0, &[]);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["dryRun"], json!(false));
    assert_eq!(report["tables"][0]["unchanged"], json!(2));
    assert_eq!(report["differencesTotal"], json!(0));
}

#[test]
fn a_dry_run_tells_what_would_change_and_changes_nothing() {
    let (old, new) = (filled(), Home::external());
    let mut document = carried(&old, &new, &[]);
    let run = new.run(&["import", "all.json", "--dry-run"]).ended(0, &[]);
    assert!(
        run.out
            .starts_with("this would change; nothing was changed:\n"),
        "{}",
        run.out
    );
    assert!(all(&new).contains("\"logs\": 0"), "the account stays empty");

    new.run(&["import", "all.json"]).ended(0, &[]);
    let before = all(&new);
    let run = new.run(&["import", "all.json", "--dry-run"]).ended(0, &[]);
    assert!(
        run.out.starts_with("this would change nothing\n"),
        "{}",
        run.out
    );

    // A newer day, an older one, an idea that does not fit.
    let days = document["data"]["logs"].as_array_mut().unwrap();
    days[0]["data"] = json!({ "mood": 9, "energy": 3 });
    days[0]["updatedAt"] = json!("2099-01-01T00:00:00+00:00");
    days[1]["data"]["mood"] = json!(1);
    days[1]["updatedAt"] = json!("2001-01-01T00:00:00+00:00");
    document["data"]["ideas"][0]["excitement"] = json!(99);
    document["data"]["ideas"][0]["updatedAt"] = json!("2099-01-01T00:00:00+00:00");
    put(&new, "changed.json", document.to_string());
    let run = new
        .run(&["import", "changed.json", "--dry-run"])
        .ended(0, &[]);
    for line in [
        "logs               1 changed, 1 older than here",
        "ideas              1 set aside",
        "logs[0] 2026-11-22: changed (data.energy, data.mood)",
        "logs[1] 2026-11-23: older than here, left as it is",
        "the rule ideas_excitement_check refuses it",
    ] {
        assert!(run.out.contains(line), "“{line}” is not in: {}", run.out);
    }
    assert!(!run.out.contains("planted") && !run.out.contains("private text"));
    assert_eq!(all(&new), before);
    let run = new
        .run(&["import", "changed.json", "--dry-run", "--json"])
        .ended(0, &[]);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["differencesTotal"], json!(3));
    assert_eq!(all(&new), before);
}

#[test]
fn what_is_no_export_is_refused_with_its_place_and_changes_nothing() {
    let (old, home) = (
        filled(),
        Home::external().with("WILDLANDS_PASSPHRASE", "words"),
    );
    let document = carried(&old, &home, &[]);
    let text = fs::read_to_string(home.directory.path().join("all.json")).unwrap();
    let before = all(&home);
    let mut newer = document.clone();
    newer["version"] = json!(99);
    let mut wrong = document.clone();
    wrong["data"]["logs"][1]["date"] = json!("the 23rd");
    let mut counted = document;
    counted["counts"]["logs"] = json!(3);
    let half = &text[..text.len() / 2];
    for (content, words) in [
        (half.as_bytes(), &["line ", "incomplete"][..]),
        (
            wrong.to_string().as_bytes(),
            &["line 1, column", "data.logs[1].date", "a date such as"],
        ),
        (
            counted.to_string().as_bytes(),
            &["data.logs", "counts 3 rows, and 2 came"],
        ),
        (newer.to_string().as_bytes(), &["version 99", "newer"]),
        (b"", &["incomplete"]),
        (b"{}", &["\"data\""]),
        (b"Dear diary", &["line 1, column 1", "not JSON"]),
        (
            b"{\"version\": \"2.0.0\", \"data\": {}}",
            &["only version 1.0.0 is known"],
        ),
        (
            b"{\"format\": \"x\", \"data\": {}}",
            &["another program wrote this"],
        ),
        (b"{\"format\": \"\xff\"}", &["UTF-8"]),
        (
            b"age-encryption.org/v1\n-> X25519",
            &["the file is sealed", "damaged"],
        ),
    ] {
        put(&home, "bad.json", content);
        let run = home.run(&["import", "bad.json", "--yes"]);
        assert_eq!(run.out, "");
        assert_eq!(run.code, 65, "{}", run.err);
        for word in words {
            assert!(run.err.contains(word), "“{word}” is not in: {}", run.err);
        }
        assert!(!run.err.contains("private text"), "{}", run.err);
    }
    // A file that is not there or is none, as everywhere in this program.
    home.run(&["import", "nowhere.json"]).ended(
        65,
        &["nowhere.json", "cannot be read", "nothing was changed"],
    );
    home.run(&["import", "."]).ended(65, &["cannot be read"]);
    home.run(&["import"]).ended(64, &["FILE"]);
    assert_eq!(all(&home), before);
}

#[test]
fn without_a_database_nothing_is_imported() {
    let old = filled();
    let home = Home::private().with(
        "DATABASE_URL",
        "postgresql://app:planted-needle@127.0.0.1:1/x",
    );
    carried(&old, &home, &[]);
    let run = home
        .run(&["import", "all.json"])
        .ended(69, &["nothing was imported"]);
    assert!(!run.err.contains("needle"), "{}", run.err);
}

#[test]
fn standard_input_is_taken_and_asks_for_yes_where_there_are_records() {
    let (old, new) = (filled(), Home::external());
    let text = old.run(&["export", "-"]).ended(0, &[]).out;
    new.run_with_input(&["import", "-"], text.as_bytes())
        .ended(0, &["imported\n"]);
    let whole = all(&new);
    assert_eq!(whole, all(&old));
    new.run_with_input(&["import", "-"], text.as_bytes())
        .ended(64, &["--yes", "--dry-run"]);
    new.run_with_input(&["import", "-", "--yes"], text.as_bytes())
        .ended(0, &["everything was here already"]);
    new.run_with_input(
        &["import", "-", "--yes"],
        &text.as_bytes()[..text.len() - 9],
    )
    .ended(65, &["incomplete"]);
    assert_eq!(all(&new), whole);
}

/// Runs with a terminal as standard input, on which this is typed.
fn typing(mut command: Command, typed: &[u8]) -> Run {
    let terminal = openpty(None, None).unwrap();
    let child = command
        .stdin(terminal.slave)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The other end holds what is typed until it is asked for.
    let mut master = File::from(terminal.master);
    master.write_all(typed).unwrap();
    let run = Run::of(&child.wait_with_output().unwrap());
    drop(master);
    run
}

#[test]
fn an_account_in_use_is_named_on_the_terminal() {
    let (old, new) = (filled(), filled());
    old.run(&["log", "2026-11-22", "stress=2"]).ended(0, &[]);
    carried(&old, &new, &[]);
    let before = all(&new);
    let name: Value = serde_json::from_str(&new.run(&["export", "-"]).out).unwrap();
    let name = name["user"]["username"].as_str().unwrap().to_owned();
    let import = || new.command(&["import", "all.json"]);
    for wrong in ["yes\n", "\n", "\u{4}"] {
        typing(import(), wrong.as_bytes()).ended(
            64,
            &[
                "Type its name",
                "not the name of the account",
                "nothing was changed",
            ],
        );
        assert_eq!(all(&new), before);
    }
    typing(import(), format!("{name}\n").as_bytes()).ended(
        0,
        &["Type its name", "imported\n", "merged with the record here"],
    );
    assert_ne!(all(&new), before);
    // A document is not typed.
    typing(new.command(&["import", "-"]), b"").ended(64, &["standard input is a terminal"]);
}

#[test]
fn control_c_leaves_the_database_as_it_was() {
    let home = filled();
    let before = all(&home);
    let head = r#"{"format":"harriswildlands-export","version":2,"exportedAt":"2026-11-28T00:00:00Z","user":{"id":"018f0000-0000-7000-8000-000000000001","username":"x","email":null,"displayName":"x","timezone":"UTC","weekStart":1,"settings":{},"createdAt":"2026-11-28T00:00:00Z"},"redacted":false,"counts":{"importedRecords":20000},"data":{"importedRecords":["#;
    let mut child = home
        .command(&["import", "-", "--yes"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(head.as_bytes()).unwrap();
    for n in 0..2000 {
        let comma = if n > 0 { "," } else { "" };
        let row = json!({ "id": format!("018f0000-0000-7000-8000-{n:012}"), "userId": "018f0000-0000-7000-8000-000000000001",
            "source": "x", "kind": "y", "sourceId": n.to_string(), "payload": "z".repeat(1000), "reason": "",
            "createdAt": "2026-11-28T00:00:00Z", "updatedAt": "2026-11-28T00:00:00Z", "version": 1, "archivedAt": null });
        write!(input, "{comma}{row}").unwrap();
    }
    // Rows are with the server, and the document goes on.
    let database = home.database();
    wait(async {
        let superuser = database.superuser_client().await;
        let sql = "select count(*) from pg_stat_activity \
             where datname = current_database() and query like 'copy pg_temp.import_imported_records%'";
        let deadline = Instant::now() + Duration::from_mins(1);
        while superuser
            .query_one(sql, &[])
            .await
            .unwrap()
            .get::<_, i64>(0)
            == 0
        {
            assert!(Instant::now() < deadline, "the import does not begin");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    kill(
        Pid::from_raw(child.id().try_into().unwrap()),
        Signal::SIGINT,
    )
    .unwrap();
    let run =
        Run::of(&child.wait_with_output().unwrap()).ended(130, &["stopped", "nothing was changed"]);
    assert_eq!(run.out, "");
    drop(input);
    assert_eq!(all(&home), before);
}

#[test]
fn a_redacted_export_only_adds() {
    let (old, new) = (filled(), Home::external());
    let whole = carried(&old, &new, &[]);
    new.run(&["import", "all.json"]).ended(0, &[]);
    old.run(&["log", "2026-11-24", "mood=5"]).ended(0, &[]);
    let redacted = carried(&old, &new, &["--redact"]);
    assert_eq!(redacted["redacted"], json!(true));
    let before = all(&new);
    new.run(&["import", "all.json", "--yes"])
        .ended(65, &["redacted", "--redacted", "nothing was changed"]);
    assert_eq!(all(&new), before);
    new.run(&["import", "all.json", "--yes", "--redacted"])
        .ended(
            0,
            &["1 new", "the history of a redacted document is not taken"],
        );
    let after: Value = serde_json::from_str(&new.run(&["export", "-"]).out).unwrap();
    let days = after["data"]["logs"].as_array().unwrap();
    assert_eq!(days.len(), 3);
    assert_eq!(days[..2], whole["data"]["logs"].as_array().unwrap()[..]);
    assert_eq!(after["data"]["ideas"], whole["data"]["ideas"]);
    assert_eq!(days[2]["data"]["mood"], json!(5));
}
