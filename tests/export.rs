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
use harriswildlands::domain::form::LogForm;
use harriswildlands::store::files::hexadecimal;
use harriswildlands::store::session::{Access, Session};
use harriswildlands::store::target::Target;
use harriswildlands::transfer::export::{
    Cancel, ExportError, Form, Request, file, folder, to_file, to_writer, writer,
};
use harriswildlands::transfer::seal::{self, Key, Lock, Passphrase, SealError};
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

/// Secrets (`needle`) in every place of the red zone, and `kept` beside them; each row changed once, some deleted.
async fn plant(superuser: &Client, user: Uuid) {
    let rows = format!(
        r#"
        select set_config('wildlands.user_id', '{user}', false);
        insert into wildlands.logs (user_id, id, date, data, imported) values ('{user}', gen_random_uuid(), '2026-11-24',
            '{{"energy": 7, "topWin": "kept day", "driftCheck": "needle", "topFriction": "needle", "leftTheForm": {{"a": ["needle"]}}, "a needle": 1}}',
            '{{"energy": 14, "diary": "needle"}}');
        insert into wildlands.ideas (user_id, id, title, pitch, who_it_helps, pain_it_solves, why_i_care, tiny_test, resources_needed,
            next_action, milestones, reality_check, notes, imported) values ('{user}', gen_random_uuid(), 'needle', 'needle', 'needle',
            'needle', 'needle', 'needle', 'needle', 'needle', '[{{"text": "needle"}}]', '{{"known": ["needle"], "reasoning": "needle"}}',
            'needle', '{{"x": "needle"}}');
        insert into wildlands.goals (user_id, id, title, domain, imported) values
            ('{user}', '018f0000-0000-7000-8000-000000000001', 'kept goal', 'health', '{{"x": "needle"}}'),
            ('{user}', '018f0000-0000-7000-8000-000000000002', 'kept family', 'family', null),
            ('{user}', '018f0000-0000-7000-8000-000000000003', 'kept once faith', 'faith', null),
            ('{user}', '018f0000-0000-7000-8000-000000000004', 'kept deleted', 'family', null),
            ('{user}', '018f0000-0000-7000-8000-000000000005', 'kept without a past', 'faith', null);
        update wildlands.goals set domain = 'work' where id = '018f0000-0000-7000-8000-000000000005';
        update wildlands.goals set domain = 'work' where id = '018f0000-0000-7000-8000-000000000003';
        insert into wildlands.check_ins (user_id, id, goal_id, date, note, imported) values
            ('{user}', gen_random_uuid(), '018f0000-0000-7000-8000-000000000001', '2026-11-24', 'kept note', '{{"x": "needle"}}'),
            ('{user}', gen_random_uuid(), '018f0000-0000-7000-8000-000000000002', '2026-11-24', 'needle', null),
            ('{user}', gen_random_uuid(), '018f0000-0000-7000-8000-000000000003', '2026-11-24', 'needle', null),
            ('{user}', gen_random_uuid(), '018f0000-0000-7000-8000-000000000004', '2026-11-24', 'needle', null),
            ('{user}', gen_random_uuid(), '018f0000-0000-7000-8000-000000000005', '2026-11-24', 'needle', null);
        insert into wildlands.drift_flags (user_id, id, type, subject, value, window_start, window_end, sentence, note, first_seen, last_seen) values
            ('{user}', gen_random_uuid(), 'missed_days', '', '{{}}', '2026-11-10', '2026-11-16', 'kept signal', 'needle', '2026-11-16', '2026-11-16'),
            ('{user}', gen_random_uuid(), 'level_shift', 'driftCheck', '{{"x": "needle"}}', '2026-11-10', '2026-11-16', 'needle', '', '2026-11-16', '2026-11-16'),
            ('{user}', gen_random_uuid(), 'ideas_stagnant', '', '{{"x": "needle"}}', '2026-11-10', '2026-11-16', 'needle', '', '2026-11-16', '2026-11-16');
        insert into wildlands.teaching_requests (user_id, id, subject, student_profile, plan, imported) values
            ('{user}', gen_random_uuid(), 'kept lesson', 'needle', '{{"objective": "kept plan", "other": "needle"}}', '{{"x": "needle"}}');
        insert into wildlands.harris_content (user_id, id, type, title, content, imported) values
            ('{user}', gen_random_uuid(), 'blog', 'kept piece', '{{"body": "kept body", "other": "needle"}}', '{{"x": "needle"}}');
        insert into wildlands.reviews (user_id, id, week_start, answers, stats) values
            ('{user}', gen_random_uuid(), '2026-11-23', '{{"kept": "needle"}}', '{{"days": 5, "best": "needle"}}');
        insert into wildlands.retention_policies (user_id, id, table_name, keep_days, action) values ('{user}', gen_random_uuid(), 'logs', 365, 'archive');
        insert into wildlands.imported_records (user_id, id, source, kind, source_id, payload, reason) values
            ('{user}', gen_random_uuid(), 'web', 'transcripts', 'a needle', '["needle", {{"x": "needle"}}]', 'needle');
        update wildlands.logs set archived_at = now() where user_id = '{user}';
        update wildlands.ideas set status = 'parked' where user_id = '{user}';
        update wildlands.check_ins set score = 3 where user_id = '{user}';
        update wildlands.drift_flags set last_seen = '2026-11-17' where user_id = '{user}';
        update wildlands.teaching_requests set status = 'planned' where user_id = '{user}';
        update wildlands.harris_content set status = 'published' where user_id = '{user}';
        update wildlands.reviews set completed_at = now() where user_id = '{user}';
        update wildlands.imported_records set archived_at = now() where user_id = '{user}';
        delete from wildlands.goals where id = '018f0000-0000-7000-8000-000000000004';
        delete from wildlands.record_history where record_id = '018f0000-0000-7000-8000-000000000005';
        "#
    );
    superuser.batch_execute(&rows).await.unwrap();
}

fn redacted(form: Form) -> Request {
    Request {
        form,
        redacted: true,
        ..Request::everything(LogForm::builtin())
    }
}

#[tokio::test]
async fn nothing_of_the_red_zone_is_in_a_redacted_export_of_any_form() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    plant(&database.superuser_client().await, person.id.0).await;
    let directory = tempfile::tempdir().unwrap();
    let (cancel, mut quiet) = (Cancel::default(), |_| ());

    let path = directory.path().join("open.json");
    let open = exported(&session, &path).await.to_string();
    assert!(
        open.matches("needle").count() > 60,
        "the secrets are planted"
    );

    let path = directory.path().join("covered.json");
    let request = redacted(Form::Json);
    let report = file(&session, &request, &path, false, &mut quiet, &cancel).await;
    let text = fs::read_to_string(&path).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let left = text.lines().filter(|line| line.contains("needle"));
    assert_eq!(left.collect::<Vec<_>>(), [] as [&str; 0]);
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<_> = validator
        .iter_errors(&document)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
    assert_eq!(document["redacted"], true);
    for (table, rows) in report.unwrap().counts {
        let written = document["data"][&table].as_array().unwrap();
        assert_eq!(written.len() as u64, rows, "{table}");
        assert!(rows > 0, "{table} is not filled");
    }
    let kept = [
        "kept day",
        "kept goal",
        "kept family",
        "kept note",
        "kept signal",
        "kept lesson",
        "kept plan",
        "kept piece",
        "kept body",
        "kept deleted",
    ];
    for kept in kept {
        assert!(text.contains(kept), "{kept}");
    }

    for form in [Form::Markdown, Form::Csv] {
        let path = directory.path().join(form.word());
        let report = folder(&session, &redacted(form), &path, &mut quiet, &cancel).await;
        assert!(report.unwrap().bytes > 1000);
        let texts = texts(&path);
        for (name, text) in &texts {
            assert!(!text.contains("needle"), "{name}: {text}");
        }
        let all: String = texts.into_iter().map(|(_, text)| text).collect();
        for kept in kept {
            assert!(all.contains(kept), "{kept}");
        }
    }
}

/// Names and contents of the files of a folder.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut names = only_entry(folder);
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let text = fs::read_to_string(folder.join(&name)).unwrap();
            (name, text)
        })
        .collect()
}

#[tokio::test]
async fn a_part_says_that_it_is_one() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute(&format!(
            "select set_config('wildlands.user_id', '{0}', false);
             update wildlands.users set timezone = 'America/New_York' where id = '{0}';
             insert into wildlands.logs (user_id, id, date, updated_at) values
                ('{0}', gen_random_uuid(), '2020-01-01', '2026-11-20 04:59:59Z'),
                ('{0}', gen_random_uuid(), '2020-01-02', '2026-11-20 05:00:00Z');
             insert into wildlands.goals (user_id, id, title, domain, updated_at) values ('{0}', gen_random_uuid(), 'x', 'work', '2026-11-21Z');",
            person.id
        ))
        .await
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("part.json");
    let request = Request {
        only: Some(harriswildlands::domain::export_format::tables_of("check-ins,logs").unwrap()),
        since: Some(jiff::civil::date(2026, 11, 20)),
        ..Request::everything(LogForm::builtin())
    };
    let cancel = Cancel::default();
    let mut steps = Vec::new();
    let mut tell = |step| steps.push(step);
    let report = file(&session, &request, &path, false, &mut tell, &cancel)
        .await
        .unwrap();
    assert_eq!(
        report.counts,
        [("logs".to_owned(), 1), ("checkIns".to_owned(), 0)]
    );
    let document: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert!(jsonschema::is_valid(&schema, &document));
    assert_eq!(document["only"], serde_json::json!(["logs", "checkIns"]));
    assert_eq!(document["since"], "2026-11-20");
    assert_eq!(
        document["data"]["logs"][0]["date"], "2020-01-02",
        "midnight is the person's"
    );
    assert_eq!(document["data"].as_object().unwrap().len(), 2);
    let last = steps.last().unwrap();
    assert_eq!(
        (last.done, last.total, last.table.unwrap().sql),
        (1, 1, "check_ins")
    );
}

fn words(words: &str) -> Passphrase {
    Passphrase::new(words.to_owned()).unwrap()
}

#[tokio::test]
async fn a_sealed_export_is_the_same_document_for_who_knows_the_words() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    fill(&database.superuser_client().await, person.id.0).await;
    add_rows(&database.superuser_client().await, person.id.0, 500).await;
    let directory = tempfile::tempdir().unwrap();
    let open = exported(&session, &directory.path().join("open.json")).await;
    let path = directory.path().join("all.json.age");
    let request = Request {
        lock: Some(Lock::Passphrase(words("planted-words"))),
        ..Request::default()
    };
    assert!(!format!("{request:?}").contains("planted-words"));
    let (cancel, mut quiet) = (Cancel::default(), |_| ());
    let report = file(&session, &request, &path, false, &mut quiet, &cancel)
        .await
        .unwrap();
    let bytes = fs::read(&path).unwrap();
    assert!(seal::is_sealed(&bytes));
    assert_eq!(
        report.sha256,
        hexadecimal(&Sha256::digest(&bytes)),
        "of the file as it is"
    );
    assert_eq!(report.bytes, bytes.len() as u64);
    assert!(!bytes.windows(10).any(|piece| piece == b"exportedAt"));
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let opened = seal::open(bytes.as_slice(), &Key::Passphrase(words("planted-words"))).unwrap();
    let document: Value = serde_json::from_reader(opened).unwrap();
    assert_eq!(document["data"], open["data"]);
    let wrong = seal::open(bytes.as_slice(), &Key::Passphrase(words("other"))).unwrap_err();
    assert_eq!(wrong, SealError::WrongPassphrase);
    let refused = folder(
        &session,
        &request,
        &directory.path().join("f"),
        &mut quiet,
        &cancel,
    )
    .await;
    assert_eq!(refused.unwrap_err(), ExportError::OpenFolder);
}

#[tokio::test]
async fn pages_and_tables_hold_everything_and_are_private() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    fill(&database.superuser_client().await, person.id.0).await;
    let directory = tempfile::tempdir().unwrap();
    let (cancel, mut quiet) = (Cancel::default(), |_| ());
    for form in [Form::Markdown, Form::Csv] {
        let path = directory.path().join(form.word());
        let request = Request {
            form,
            ..Request::everything(LogForm::builtin())
        };
        folder(&session, &request, &path, &mut quiet, &cancel)
            .await
            .unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o700
        );
        let texts = texts(&path);
        let sums = &texts
            .iter()
            .find(|(name, _)| name == "SHA256SUMS")
            .unwrap()
            .1;
        assert_eq!(sums.lines().count(), texts.len() - 1);
        for (name, text) in texts.iter().filter(|(name, _)| name != "SHA256SUMS") {
            let mode = fs::metadata(path.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
            let sum = hexadecimal(&Sha256::digest(text.as_bytes()));
            assert!(sums.contains(&format!("{sum}  {name}\n")), "{name}");
        }
        let of = |name: &str| {
            texts
                .iter()
                .find(|(known, _)| known == name)
                .unwrap()
                .1
                .clone()
        };
        if form == Form::Markdown {
            let day = of("logs-2026-11.md");
            assert!(day.starts_with("# 2026-11\n"), "{day}");
            assert!(day.contains("energy**: 6.5"), "{day}");
            assert!(
                !day.contains('\u{1b}') && !day.contains('\u{202e}'),
                "control characters"
            );
            assert!(of("checkIns.md").contains("2026-11-24 walk"));
            assert!(of("README.md").contains("- harrisContent: 1"));
        } else {
            let mut table = csv::Reader::from_reader(of("logs.csv").into_bytes().leak() as &[u8]);
            let names = table.headers().unwrap().clone();
            let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
            assert_eq!(rows.len(), 2);
            let cell = |name: &str| {
                rows[1]
                    .get(names.iter().position(|known| known == name).unwrap())
                    .unwrap()
            };
            assert_eq!(cell("energy"), "6.50");
            assert_eq!(cell("topWin"), "line\nline \u{1b}[2J \u{202e} 🌲 \" \\");
            assert!(cell("otherAnswers").contains("123456789012345678901234567890.5"));
            assert_eq!(texts.len(), TABLES.len() + 1);
        }
    }
    let csv = |only: Option<&str>| Request {
        form: Form::Csv,
        only: only.map(|only| harriswildlands::domain::export_format::tables_of(only).unwrap()),
        ..Request::everything(LogForm::builtin())
    };
    let taken = Arc::new(Mutex::new(Vec::new()));
    let output = || Output(Arc::clone(&taken), usize::MAX);
    let refused = writer(&session, &csv(None), output(), &mut quiet, &cancel).await;
    assert_eq!(
        refused.unwrap_err(),
        ExportError::OneTable {
            tables: TABLES.len()
        }
    );
    writer(&session, &csv(Some("goals")), output(), &mut quiet, &cancel)
        .await
        .unwrap();
    let table = String::from_utf8(taken.lock().unwrap().clone()).unwrap();
    assert!(
        table.starts_with("id,userId,title,") && table.contains(",walk,"),
        "{table}"
    );
}

/// A file that is sealed, and folders: they end as a file does.
fn others(directory: &Path) -> [(Request, PathBuf); 3] {
    let everything = || Request::everything(LogForm::builtin());
    let of = |form| Request {
        form,
        ..everything()
    };
    [
        (
            Request {
                lock: Some(Lock::Passphrase(words("x"))),
                ..everything()
            },
            directory.join("x.json.age"),
        ),
        (of(Form::Markdown), directory.join("pages")),
        (of(Form::Csv), directory.join("tables")),
    ]
}

async fn written(
    session: &Session,
    (request, path): &(Request, PathBuf),
    tell: &mut (dyn FnMut(harriswildlands::transfer::export::Step) + Send),
    cancel: &Cancel,
) -> Result<(), ExportError> {
    let ended = if request.lock.is_some() {
        file(session, request, path, false, tell, cancel).await
    } else {
        folder(session, request, path, tell, cancel).await
    };
    ended.map(drop)
}

#[tokio::test]
async fn whatever_stops_another_form_leaves_nothing_behind() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    add_rows(&database.superuser_client().await, person.id.0, 8_000).await;
    let directory = tempfile::tempdir().unwrap();
    for one in others(directory.path()) {
        let cancel = Cancel::default();
        let stopped = written(&session, &one, &mut |_| cancel.cancel(), &cancel).await;
        assert_eq!(stopped.unwrap_err(), ExportError::Cancelled);
        assert_eq!(only_entry(directory.path()), [] as [&str; 0]);

        let proxy = Proxy::before(database.server.socket_dir(), database.server.port());
        let target = Target::embedded(proxy.socket_dir(), proxy.port(), APP, &database.name);
        let access = Access {
            owner: target.clone(),
            target,
            place: String::new(),
            directory: None,
        };
        let (through, _) = Session::open(access, &account("bruce"), &|_| ())
            .await
            .unwrap();
        let cancel = Cancel::default();
        let lost = written(&through, &one, &mut |_| proxy.cut(), &cancel).await;
        let lost = lost.unwrap_err();
        assert!(
            matches!(&lost, ExportError::Store(error) if error.is_transient()),
            "{lost:?}"
        );
        assert_eq!(only_entry(directory.path()), [] as [&str; 0]);

        // What is there stays as it is, also when it comes meanwhile.
        let path = one.1.clone();
        let late = written(
            &session,
            &one,
            &mut |_| drop(fs::write(&path, "late")),
            &cancel,
        )
        .await;
        assert_eq!(
            late.unwrap_err(),
            ExportError::Exists { path: path.clone() }
        );
        let there = written(&session, &one, &mut |_| (), &cancel).await;
        assert_eq!(
            there.unwrap_err(),
            ExportError::Exists { path: path.clone() }
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "late");
        fs::remove_file(&path).unwrap();
        let nowhere = (one.0, directory.path().join("missing/x"));
        let refused = written(&session, &nowhere, &mut |_| (), &cancel)
            .await
            .unwrap_err();
        assert!(
            matches!(refused, ExportError::CannotCreate { .. }),
            "{refused:?}"
        );
    }
    assert_eq!(only_entry(directory.path()), [] as [&str; 0]);
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
    for one in others(&directory) {
        let full = written(&session, &one, &mut |_| (), &Cancel::default()).await;
        let full = full.unwrap_err();
        assert!(matches!(full, ExportError::CannotCreate { .. }), "{full:?}");
    }
    assert_eq!(only_entry(&directory), [] as [&str; 0]);
}

#[tokio::test]
async fn a_full_disk_leaves_nothing_behind() {
    let database = TestServer::shared().database().await;
    let (_, person) = sign_in(&database, "bruce").await;
    let superuser = database.superuser_client().await;
    add_rows(&superuser, person.id.0, 3_000).await;
    // Days are in pages of a month; one page has to be too long as well.
    superuser
        .batch_execute(&format!(
            "insert into wildlands.ideas (user_id, id, title, notes) \
             select '{}', gen_random_uuid(), 'long', repeat('word ', 13000) from generate_series(1, 20)",
            person.id
        ))
        .await
        .unwrap();
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
