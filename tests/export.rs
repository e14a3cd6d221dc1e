//! The export: everything of one person, valid, the same bytes each time, whole or not there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "store/driver.rs"]
#[allow(dead_code)]
mod driver;
mod support;

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use harriswildlands::domain::export_format::{SCHEMA, TABLES};
use harriswildlands::store::files::hexadecimal;
use harriswildlands::store::session::{Access, Session};
use harriswildlands::store::target::Target;
use harriswildlands::transfer::export::{Cancel, ExportError, to_file, to_writer};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio_postgres::Client;
use uuid::Uuid;

use driver::{account, sign_in};
use support::proxy::Proxy;
use support::{APP, TestServer};

/// A row in every table for this person, with what is hard to write: Unicode, escapes, nulls.
async fn fill(superuser: &Client, user: Uuid) {
    let rows = format!(
        r#"
        select set_config('wildlands.user_id', '{user}', false);
        update wildlands.users set email = 'b@example.org', password_hash = '$argon2id$needle',
            settings = '{{"theme": "lab", "ü": null}}' where id = '{user}';
        insert into wildlands.sessions (user_id, id, sid, expire) values ('{user}', gen_random_uuid(), sha256('needle'), now());
        insert into wildlands.logs (user_id, id, date, data) values
            ('{user}', gen_random_uuid(), '2026-11-24', '{{"energy": 6.50, "topWin": "line\nline \u001b[2J \u202e 🌲 \" \\", "x": null, "big": 123456789012345678901234567890.5}}'),
            ('{user}', gen_random_uuid(), '0001-01-01'::date + interval '1950 years', '{{}}');
        update wildlands.logs set archived_at = now(), imported = '{{"id": 3}}' where date = '2026-11-24' and user_id = '{user}';
        insert into wildlands.ideas (user_id, id, title, milestones, reality_check) values
            ('{user}', gen_random_uuid(), E'tab\there', '[{{"a": 1}}]', '{{"known": []}}'),
            ('{user}', gen_random_uuid(), 'plain', '[]', null);
        insert into wildlands.goals (user_id, id, title, domain) values ('{user}', '018f0000-0000-7000-8000-000000000001', 'walk', 'health');
        insert into wildlands.check_ins (user_id, id, goal_id, date, amount, score) values
            ('{user}', gen_random_uuid(), '018f0000-0000-7000-8000-000000000001', '2026-11-24', 1.5, 10);
        insert into wildlands.drift_flags (user_id, id, type, subject, value, window_start, window_end, sentence, first_seen, last_seen)
            values ('{user}', gen_random_uuid(), 'missed_days', '', '{{}}', '2026-11-10', '2026-11-16', '5 of 7 days logged.', '2026-11-16', '2026-11-16');
        insert into wildlands.teaching_requests (user_id, id, subject, standards) values ('{user}', gen_random_uuid(), 'Maths', array['a', 'b,"c"']);
        insert into wildlands.harris_content (user_id, id, type, title) values ('{user}', gen_random_uuid(), 'blog', 'On 日本語');
        insert into wildlands.reviews (user_id, id, week_start) values ('{user}', gen_random_uuid(), '2026-11-23');
        insert into wildlands.retention_policies (user_id, id, table_name, keep_days, action) values ('{user}', gen_random_uuid(), 'logs', 365, 'archive');
        insert into wildlands.imported_records (user_id, id, source, kind, source_id, payload) values ('{user}', gen_random_uuid(), 'web', 'transcripts', '1', '[1, null]');
        "#
    );
    superuser.batch_execute(&rows).await.unwrap();
}

async fn exported(session: &Session, path: &Path) -> Value {
    to_file(session, path, false, &mut |_, _| (), &Cancel::default())
        .await
        .unwrap();
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn only_entry(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[tokio::test]
async fn everything_of_one_person_is_there_and_valid() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let (_, other) = sign_in(&database, "anna").await;
    let superuser = database.superuser_client().await;
    fill(&superuser, person.id.0).await;
    superuser
        .batch_execute(&format!(
            "insert into wildlands.logs (user_id, id, date) values ('{}', gen_random_uuid(), '2020-02-02')",
            other.id
        ))
        .await
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("all.json");
    let mut told = Vec::new();
    let report = to_file(
        &session,
        &path,
        false,
        &mut |done, total| told.push((done, total)),
        &Cancel::default(),
    )
    .await
    .unwrap();
    let bytes = fs::read(&path).unwrap();
    let document: Value = serde_json::from_slice(&bytes).unwrap();

    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<_> = validator
        .iter_errors(&document)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");

    for table in TABLES {
        let rows = document["data"][table.json()].as_array().unwrap();
        assert!(!rows.is_empty(), "{} is not filled", table.sql);
        assert_eq!(
            document["counts"][table.json()],
            rows.len(),
            "{}",
            table.sql
        );
        for row in rows {
            assert_eq!(row["userId"], person.id.to_string(), "{}", table.sql);
        }
    }
    let counts: Vec<(String, u64)> = TABLES
        .iter()
        .map(|table| {
            (
                table.json(),
                document["counts"][table.json()].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(report.counts, counts);
    assert_eq!(report.bytes, bytes.len() as u64);
    assert_eq!(report.sha256, hexadecimal(&Sha256::digest(&bytes)));
    let total = counts.iter().map(|(_, rows)| rows).sum::<u64>();
    assert_eq!(told.last(), Some(&(total, total)));
    assert!(!String::from_utf8_lossy(&bytes).contains("argon2id"));
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(only_entry(directory.path()), ["all.json"]);

    // Numbers and texts pass as they are.
    let log = &document["data"]["logs"][1]["data"];
    assert_eq!(log["energy"].to_string(), "6.50");
    assert_eq!(log["big"].to_string(), "123456789012345678901234567890.5");
    assert_eq!(log["topWin"], "line\nline \u{1b}[2J \u{202e} 🌲 \" \\");
    assert!(
        document["data"]["logs"][1]["archivedAt"]
            .as_str()
            .unwrap()
            .ends_with("+00:00")
    );
}

#[tokio::test]
async fn the_same_data_give_the_same_bytes() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    fill(&database.superuser_client().await, person.id.0).await;
    let directory = tempfile::tempdir().unwrap();
    let mut documents = Vec::new();
    for name in ["a.json", "b.json"] {
        let path = directory.path().join(name);
        let document = exported(&session, &path).await;
        let text = fs::read_to_string(&path).unwrap();
        documents.push(text.replace(document["exportedAt"].as_str().unwrap(), ""));
    }
    assert_eq!(documents[0], documents[1]);
}

#[tokio::test]
async fn an_empty_account_gives_a_whole_document() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let directory = tempfile::tempdir().unwrap();
    let document = exported(&session, &directory.path().join("e.json")).await;
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert!(jsonschema::is_valid(&schema, &document));
    assert_eq!(document["counts"]["logs"], 0);
}

#[tokio::test]
async fn a_file_that_is_there_is_left_alone_unless_asked() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("mine.json");
    fs::write(&path, "mine").unwrap();
    let (cancel, mut quiet) = (Cancel::default(), |_, _| ());
    let refused = to_file(&session, &path, false, &mut quiet, &cancel)
        .await
        .unwrap_err();
    assert_eq!(refused, ExportError::Exists { path: path.clone() });
    assert_eq!(refused.exit_code(), 73);
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    // One that comes while the export runs is left alone too.
    let late = directory.path().join("late.json");
    let mut made = |_, _| fs::write(&late, "late").unwrap();
    let refused = to_file(&session, &late, false, &mut made, &cancel)
        .await
        .unwrap_err();
    assert_eq!(refused, ExportError::Exists { path: late.clone() });
    assert_eq!(fs::read_to_string(&late).unwrap(), "late");
    to_file(&session, &path, true, &mut quiet, &cancel)
        .await
        .unwrap();
    assert!(
        fs::read_to_string(&path)
            .unwrap()
            .contains("harriswildlands-export")
    );
    assert_eq!(only_entry(directory.path()).len(), 2);
}

#[tokio::test]
async fn a_place_that_takes_no_file_is_named_with_its_reason() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("file"), "").unwrap();
    for path in [
        directory.path().join("missing/x.json"),
        directory.path().join("file/x.json"),
        directory.path().to_owned(),
        PathBuf::from("/proc/x.json"),
        PathBuf::from("/"),
    ] {
        let refused = to_file(&session, &path, true, &mut |_, _| (), &Cancel::default()).await;
        let error = refused.unwrap_err();
        assert!(
            matches!(&error, ExportError::CannotCreate { path: named, .. } if *named == path),
            "{error:?}"
        );
        assert_eq!(error.exit_code(), 73);
    }
    assert_eq!(only_entry(directory.path()), ["file"]);
}

async fn add_rows(superuser: &Client, user: Uuid, rows: u32) {
    superuser
        .batch_execute(&format!(
            "insert into wildlands.logs (user_id, id, date, data) \
             select '{user}', gen_random_uuid(), '1910-01-01'::date + n, \
                 jsonb_build_object('topWin', repeat('word ', 190), 'energy', n % 10) \
             from generate_series(1, {rows}) n"
        ))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_lost_link_leaves_nothing_behind() {
    let database = TestServer::shared().database().await;
    let (_, person) = sign_in(&database, "bruce").await;
    add_rows(&database.superuser_client().await, person.id.0, 20_000).await;
    let proxy = Proxy::before(database.server.socket_dir(), database.server.port());
    let target = Target::embedded(proxy.socket_dir(), proxy.port(), APP, &database.name);
    let access = Access {
        owner: target.clone(),
        target,
        place: String::new(),
        directory: None,
    };
    let (session, _) = Session::open(access, &account("bruce"), &|_| ())
        .await
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.json");
    let mut cut = |_, _| proxy.cut();
    let lost = to_file(&session, &path, false, &mut cut, &Cancel::default())
        .await
        .unwrap_err();
    assert!(
        matches!(&lost, ExportError::Store(error) if error.is_transient()),
        "{lost:?}"
    );
    assert_eq!(only_entry(directory.path()), [] as [&str; 0]);
}

#[tokio::test]
async fn a_stopped_export_leaves_nothing_behind() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    add_rows(&database.superuser_client().await, person.id.0, 20_000).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.json");
    let cancel = Cancel::default();
    let stopped = to_file(&session, &path, false, &mut |_, _| cancel.cancel(), &cancel).await;
    assert_eq!(stopped.unwrap_err(), ExportError::Cancelled);
    assert_eq!(only_entry(directory.path()), [] as [&str; 0]);
}

/// Shared bytes, or an output that breaks after so many.
struct Output(Arc<Mutex<Vec<u8>>>, usize);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut taken = self.0.lock().unwrap();
        if taken.len() + bytes.len() > self.1 {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        taken.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_writer_gets_the_same_document_and_a_broken_one_is_told() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    add_rows(&database.superuser_client().await, person.id.0, 2_000).await;
    let taken = Arc::new(Mutex::new(Vec::new()));
    let whole = Output(Arc::clone(&taken), usize::MAX);
    let report = to_writer(&session, whole, &mut |_, _| (), &Cancel::default())
        .await
        .unwrap();
    assert_eq!(report.path, Path::new("-"));
    let document: Value = serde_json::from_slice(&taken.lock().unwrap()).unwrap();
    assert_eq!(document["data"]["logs"].as_array().unwrap().len(), 2_000);
    let broken = Output(Arc::default(), 300_000);
    let error = to_writer(&session, broken, &mut |_, _| (), &Cancel::default())
        .await
        .unwrap_err();
    assert!(matches!(error, ExportError::Output { .. }), "{error:?}");
}

/// Fails in a way that was not foreseen.
struct Panics;

impl Write for Panics {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        panic!("planted-needle")
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_panic_while_writing_is_told_without_its_words() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let error = to_writer(&session, Panics, &mut |_, _| (), &Cancel::default())
        .await
        .unwrap_err();
    assert!(!error.to_string().contains("needle"), "{error}");
    assert_eq!(error.exit_code(), 70);
}

/// What a process with a full disk does; run by the test below as a process of its own.
#[tokio::test]
async fn as_another_process() {
    let Some(directory) = std::env::var_os("WILDLANDS_TEST_EXPORT").map(PathBuf::from) else {
        return;
    };
    let setting = |name: &str| std::env::var(name).unwrap();
    let target = Target::embedded(
        Path::new(&setting("WILDLANDS_TEST_SOCKET")),
        setting("WILDLANDS_TEST_PORT").parse().unwrap(),
        APP,
        &setting("WILDLANDS_TEST_DATABASE"),
    );
    let access = Access {
        owner: target.clone(),
        target,
        place: String::new(),
        directory: None,
    };
    let (session, _) = Session::open(access, &account("bruce"), &|_| ())
        .await
        .unwrap();
    let path = directory.join("x.json");
    let full = to_file(&session, &path, false, &mut |_, _| (), &Cancel::default()).await;
    assert!(matches!(
        full.unwrap_err(),
        ExportError::CannotCreate { .. }
    ));
    assert_eq!(only_entry(&directory), [] as [&str; 0]);
}

#[tokio::test]
async fn a_full_disk_leaves_nothing_behind() {
    let database = TestServer::shared().database().await;
    let (_, person) = sign_in(&database, "bruce").await;
    add_rows(&database.superuser_client().await, person.id.0, 3_000).await;
    let directory = tempfile::tempdir().unwrap();
    // The limit of a file's size stands for a full disk; the signal that goes with it is ignored.
    let output = Command::new("sh")
        .arg("-c")
        .arg("trap '' XFSZ; ulimit -f 1000; exec \"$0\" --exact as_another_process --nocapture")
        .arg(std::env::current_exe().unwrap())
        .env("WILDLANDS_TEST_EXPORT", directory.path())
        .env("WILDLANDS_TEST_SOCKET", database.server.socket_dir())
        .env("WILDLANDS_TEST_PORT", database.server.port().to_string())
        .env("WILDLANDS_TEST_DATABASE", &database.name)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}
