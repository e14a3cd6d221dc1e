//! Documents of ours.

use harriswildlands::domain::import::report::{Fate, Profile};
use harriswildlands::store::queries::search::index_waiting;
use serde_json::json;
use tokio_postgres::Client;

use super::driver::sign_in;
use super::support::TestServer;
use super::*;

/// A row in every table, with what is hard to write, and with a past: changed, archived, deleted.
async fn fill(client: &Client, user: Uuid) {
    let rows = format!(
        r#"
        begin;
        select set_config('wildlands.user_id', '{user}', true);
        update wildlands.users set email = 'b@example.org', display_name = 'Bruce ☾', week_start = 7,
            settings = '{{"theme": "lab", "ü": null}}' where id = '{user}';
        insert into wildlands.logs (user_id, id, date, data) values
            ('{user}', gen_random_uuid(), '2026-11-24', '{{"energy": 6.50, "topWin": "line\nline \u001b[2J \u202e 🌲 \" \\ \t", "x": null, "big": 123456789012345678901234567890.5}}'),
            ('{user}', gen_random_uuid(), '1951-01-01', '{{}}');
        update wildlands.logs set data = data || '{{"mood": 7}}' where user_id = '{user}' and date = '2026-11-24';
        update wildlands.logs set archived_at = now(), imported = '{{"id": 3}}' where date = '2026-11-24' and user_id = '{user}';
        insert into wildlands.ideas (user_id, id, title, milestones, reality_check, pitch) values
            ('{user}', gen_random_uuid(), E'tab\there', '[{{"a": 1}}]', '{{"known": []}}', E'back\\slash \\N \\. end'),
            ('{user}', gen_random_uuid(), 'plain', '[]', null, ''),
            ('{user}', gen_random_uuid(), 'to be deleted', '[]', null, 'gone');
        update wildlands.ideas set status = 'parked' where title = 'plain' and user_id = '{user}';
        delete from wildlands.ideas where title = 'to be deleted' and user_id = '{user}';
        insert into wildlands.goals (user_id, id, title, domain) values
            ('{user}', '018f0000-0000-7000-8000-000000000001', 'walk', 'health'),
            ('{user}', '018f0000-0000-7000-8000-000000000002', 'given up', 'health');
        insert into wildlands.check_ins (user_id, id, goal_id, date, amount, score) values
            ('{user}', gen_random_uuid(), '018f0000-0000-7000-8000-000000000001', '2026-11-24', 1.5, 10),
            ('{user}', gen_random_uuid(), '018f0000-0000-7000-8000-000000000001', '2026-11-25', 1e-7, null),
            ('{user}', gen_random_uuid(), '018f0000-0000-7000-8000-000000000002', '2026-11-24', null, null);
        delete from wildlands.goals where user_id = '{user}' and title = 'given up';
        insert into wildlands.drift_flags (user_id, id, type, subject, value, window_start, window_end, sentence, first_seen, last_seen)
            values ('{user}', gen_random_uuid(), 'missed_days', '', '{{}}', '2026-11-10', '2026-11-16', '5 of 7 days logged.', '2026-11-16', '2026-11-16');
        insert into wildlands.teaching_requests (user_id, id, subject, standards) values
            ('{user}', gen_random_uuid(), 'Maths', array['a', 'b,"c"', '', 'NULL', E'\\\\']),
            ('{user}', gen_random_uuid(), 'Physics', '{{}}');
        insert into wildlands.harris_content (user_id, id, type, title) values ('{user}', gen_random_uuid(), 'blog', 'On 日本語');
        insert into wildlands.reviews (user_id, id, week_start) values ('{user}', gen_random_uuid(), '2026-11-23');
        insert into wildlands.retention_policies (user_id, id, table_name, keep_days, action) values ('{user}', gen_random_uuid(), 'logs', 365, 'archive');
        insert into wildlands.imported_records (user_id, id, source, kind, source_id, payload) values
            ('{user}', gen_random_uuid(), 'web', 'transcripts', '1', '[1, null]'),
            ('{user}', gen_random_uuid(), 'web', 'settings', '1', 'null');
        commit;
        "#
    );
    client.batch_execute(&rows).await.unwrap();
}

#[tokio::test]
async fn everything_comes_back_byte_for_byte_and_twice_is_as_once() {
    let server = TestServer::shared();
    let (old, new) = (server.database().await, server.database().await);
    let (session, person) = sign_in(&old, "bruce").await;
    fill(&old.superuser_client().await, person.id.0).await;
    let document = exported(&session).await;
    for table in TABLES {
        assert_ne!(
            parsed(&document)["counts"][table.json()],
            0,
            "{}",
            table.sql
        );
    }

    let restored = sign_in_as(&new, "bruce", person.id.0).await;
    let report = imported(&restored, document.clone()).await;
    assert_eq!(report.profile, Profile::Restored);
    for table in &report.tables {
        assert_eq!(table.new, table.read, "{table:?}");
    }
    let again = exported(&restored).await;
    assert_eq!(timeless(&again), timeless(&document));

    let before = rows(&new).await;
    let report = imported(&restored, document.clone()).await;
    assert!(!report.changes_anything(), "{report:#?}");
    for table in &report.tables {
        assert_eq!(table.unchanged, table.read, "{table:?}");
    }
    assert_eq!(rows(&new).await, before, "nothing is written for nothing");
    assert_eq!(timeless(&exported(&restored).await), timeless(&document));
    // The search knows of it what the triggers have made there, although it is made in sets here.
    for sql in [
        "select string_agg(d::text, E'\n' order by d.table_name, d.record_id) from wildlands.search_documents d",
        // Without those of what is deleted, which stay there until the list is made anew.
        "select string_agg(w.word || w.pieces::text, E'\n' order by w.word collate \"C\") from wildlands.search_words w \
         where w.word in (select l.lexeme from wildlands.search_documents d, unnest(d.words) l)",
    ] {
        let (there, here): (Client, Client) =
            (old.superuser_client().await, new.superuser_client().await);
        let there: String = there.query_one(sql, &[]).await.unwrap().get(0);
        let here: String = here.query_one(sql, &[]).await.unwrap().get(0);
        assert_eq!(here, there);
    }
}

#[tokio::test]
async fn of_a_long_history_only_what_is_refused_is_set_aside() {
    let server = TestServer::shared();
    let (old, new) = (server.database().await, server.database().await);
    let (session, person) = sign_in(&old, "bruce").await;
    // Longer than what is handed to the server at a time; some entries longer than a page, some than that altogether.
    let history = "insert into wildlands.record_history (user_id, table_name, record_id, version, operation, \"row\", changed_at) \
         select $1::uuid, 'ideas', gen_random_uuid(), n, 'update', \
             jsonb_build_object('user_id', $1::uuid, 'n', n, 'pitch', case when n % 100 = 0 then repeat('word ' || n, 20000) \
                 when n % 10 = 0 then repeat('word ' || n, 500) else 'short' end), timestamptz '2026-01-01' + n * interval '1 s' \
         from generate_series(1, 2000) n";
    let client = old.superuser_client().await;
    client.execute(history, &[&person.id.0]).await.unwrap();
    let whole = exported(&session).await;
    let mut document = parsed(&whole);
    document["data"]["recordHistory"][1500]["operation"] = json!("dream");
    let (session, _) = sign_in(&new, "bruce").await;
    let report = imported(&session, document.to_string()).await;
    let told = table(&report, "recordHistory");
    assert_eq!((told.read, told.new, told.set_aside), (2000, 1999, 1));
    let sql = "select count(*), count(distinct version) from wildlands.record_history";
    let client = new.superuser_client().await;
    let row = client.query_one(sql, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (1999, 1999));
    // What was refused comes with the document that is whole; what is here stays as it is.
    let report = imported(&session, whole).await;
    let told = table(&report, "recordHistory");
    assert_eq!((told.new, told.unchanged, told.set_aside), (1, 1999, 0));
    // Entries that stand twice.
    let twin = document["data"]["recordHistory"][7].clone();
    let entries = document["data"]["recordHistory"].as_array_mut().unwrap();
    entries[1500] = twin;
    let (session, _) = sign_in(&server.database().await, "bruce").await;
    let report = imported(&session, document.to_string()).await;
    let told = table(&report, "recordHistory");
    assert_eq!((told.new, told.unchanged, told.set_aside), (1999, 1, 0));
}

#[tokio::test]
async fn another_person_takes_it_in_as_theirs_and_nobody_elses_rows_change() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let (other, anna) = sign_in(&database, "anna").await;
    fill(&database.superuser_client().await, person.id.0).await;
    let (before, document) = (
        timeless(&exported(&session).await),
        exported(&session).await,
    );
    let report = imported(&other, document.clone()).await;
    assert_eq!(report.profile, Profile::Restored);
    assert_eq!(timeless(&exported(&session).await), before);
    let theirs = parsed(&exported(&other).await);
    assert_eq!(theirs["user"]["displayName"], "Bruce ☾");
    // The address is another's, and is not told.
    assert_eq!(theirs["user"]["email"], Value::Null);
    assert_eq!(theirs["counts"], parsed(&document)["counts"]);
    for table in TABLES {
        for row in theirs["data"][table.json()].as_array().unwrap() {
            assert_eq!(row["userId"], anna.id.to_string());
            if let Some(inner) = row["row"].get("user_id") {
                assert_eq!(*inner, anna.id.to_string());
            }
            if row["tableName"] == "users" && table.sql == "record_history" {
                assert_eq!(row["recordId"], anna.id.to_string());
                assert_eq!(row["row"]["id"], anna.id.to_string());
            }
        }
    }
    assert!(!imported(&other, document).await.changes_anything());
}

#[tokio::test]
async fn the_newer_one_wins_and_what_it_replaces_stays_in_the_history() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let client = database.superuser_client().await;
    fill(&client, person.id.0).await;
    let document = exported(&session).await;
    // Here: one newer, one older than the document, one that the document does not have.
    client
        .batch_execute(&format!(
            "begin; select set_config('wildlands.user_id', '{0}', true); \
             update wildlands.goals set title = 'walk far' where user_id = '{0}'; \
             insert into wildlands.ideas (user_id, id, title) values ('{0}', gen_random_uuid(), 'only here'); commit",
            person.id
        ))
        .await
        .unwrap();
    let mut newer = parsed(&document);
    newer["data"]["harrisContent"][0]["title"] = json!("Another title");
    newer["data"]["harrisContent"][0]["status"] = json!("published");
    newer["data"]["harrisContent"][0]["updatedAt"] = json!("2027-01-01T00:00:00+00:00");
    newer["data"]["ideas"][0]["status"] = json!("archived"); // no move that a person could make
    newer["data"]["ideas"][0]["updatedAt"] = json!("2027-01-01T00:00:00+00:00");
    let before = rows(&database).await;

    let dry = Options {
        dry_run: true,
        ..Options::default()
    };
    let would = imported_with(&session, newer.to_string(), dry)
        .await
        .unwrap();
    assert_eq!(rows(&database).await, before, "a dry run changes nothing");
    let did = imported(&session, newer.to_string()).await;
    assert_eq!(would.tables, did.tables);
    assert_eq!(would.differences, did.differences);
    let content = did
        .differences
        .iter()
        .find(|d| d.table == "harrisContent")
        .unwrap();
    assert_eq!(
        (content.fate, &content.fields),
        (
            Fate::Changed,
            &vec!["title".to_owned(), "status".to_owned()]
        )
    );
    assert_eq!(table(&did, "goals").older, 1);
    assert_eq!(table(&did, "ideas").changed, 1);
    assert!(
        !format!("{did:?}").contains("Another title"),
        "no value is told"
    );

    let after = parsed(&exported(&session).await);
    assert_eq!(after["data"]["goals"][0]["title"], "walk far");
    assert_eq!(after["data"]["harrisContent"][0]["title"], "Another title");
    assert_eq!(after["data"]["harrisContent"][0]["version"], 2);
    assert_eq!(
        after["data"]["harrisContent"][0]["updatedAt"],
        "2027-01-01T00:00:00+00:00"
    );
    assert_eq!(after["data"]["ideas"].as_array().unwrap().len(), 3);
    let history = after["data"]["recordHistory"].as_array().unwrap();
    assert!(
        history
            .iter()
            .any(|entry| entry["row"]["title"] == "On 日本語")
    );
    let counts = rows(&database).await;
    assert!(
        !imported(&session, newer.to_string())
            .await
            .changes_anything()
    );
    assert_eq!(rows(&database).await, counts);
}

#[tokio::test]
async fn records_of_one_date_under_two_ids_become_one_and_nothing_is_lost() {
    let server = TestServer::shared();
    let (there, here) = (server.database().await, server.database().await);
    let (theirs, person) = sign_in(&there, "bruce").await;
    let (ours, _) = sign_in(&here, "bruce").await;
    let sql = |user: Uuid, mood: u8, at: &str, note: &str| {
        format!(
            "begin; select set_config('wildlands.user_id', '{user}', true); \
             insert into wildlands.logs (user_id, id, date, data, updated_at) values \
                 ('{user}', gen_random_uuid(), '2026-11-01', '{{\"mood\": {mood}, \"only{mood}\": 1}}', '{at}'), \
                 ('{user}', gen_random_uuid(), '2026-11-0{mood}', '{{\"mood\": {mood}}}', '{at}'); \
             insert into wildlands.goals (user_id, id, title, domain, created_at, updated_at) values \
                 ('{user}', '018f0000-0000-7000-8000-000000000001', 'walk', 'health', '2026-01-01', '2026-01-01'); \
             insert into wildlands.check_ins (user_id, id, goal_id, date, note, updated_at) values \
                 ('{user}', gen_random_uuid(), '018f0000-0000-7000-8000-000000000001', '2026-11-01', '{note}', '{at}'); \
             insert into wildlands.reviews (user_id, id, week_start, answers, updated_at) values \
                 ('{user}', gen_random_uuid(), '2026-11-02', '{{\"a{mood}\": \"x\"}}', '{at}'); \
             insert into wildlands.retention_policies (user_id, id, table_name, keep_days, action, updated_at) values \
                 ('{user}', gen_random_uuid(), 'logs', {mood}, 'archive', '{at}'); \
             insert into wildlands.drift_flags (user_id, id, type, value, window_start, window_end, sentence, first_seen, \
                     last_seen, updated_at) \
                 values ('{user}', gen_random_uuid(), 'missed_days', '{{}}', '2026-11-10', '2026-11-16', 's{mood}', \
                     '2026-11-16', '2026-11-16', '{at}'); commit"
        )
    };
    let (older, newer) = ("2026-11-05", "2026-11-06");
    let me = ours.user().0;
    there
        .superuser_client()
        .await
        .batch_execute(&sql(person.id.0, 4, older, ""))
        .await
        .unwrap();
    here.superuser_client()
        .await
        .batch_execute(&sql(me, 5, newer, "kept"))
        .await
        .unwrap();
    let report = imported(&ours, exported(&theirs).await).await;
    assert_eq!(
        (table(&report, "logs").new, table(&report, "logs").merged),
        (1, 1),
        "{report:#?}"
    );
    let document = parsed(&exported(&ours).await);
    let data = &document["data"];
    assert_eq!(
        data["logs"][0]["data"],
        json!({"mood": 5, "only5": 1, "only4": 1})
    );
    assert_eq!(data["checkIns"].as_array().unwrap().len(), 1);
    assert_eq!(data["checkIns"][0]["note"], "kept");
    assert_eq!(data["reviews"][0]["answers"], json!({"a4": "x", "a5": "x"}));
    assert_eq!(data["retentionPolicies"][0]["keepDays"], 5);
    assert_eq!(data["driftFlags"][0]["sentence"], "s5");
    // What lost against the newer one is kept, with its reason.
    let kept = data["importedRecords"].as_array().unwrap();
    let kinds: Vec<&str> = kept
        .iter()
        .map(|kept| kept["kind"].as_str().unwrap())
        .collect();
    for kind in ["logs", "retentionPolicies", "driftFlags"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    assert!(kept.iter().any(|kept| kept["payload"]["data"]["mood"] == 4));
    let before = rows(&here).await;
    assert!(
        !imported(&ours, exported(&theirs).await)
            .await
            .changes_anything()
    );
    assert_eq!(rows(&here).await, before);

    // The other way round the document's are newer: they win, and the others stay in the history.
    let report = imported(&theirs, exported(&ours).await).await;
    assert_eq!(table(&report, "logs").merged, 1);
    let document = parsed(&exported(&theirs).await);
    assert_eq!(document["data"]["logs"][0]["data"]["mood"], 5);
    let history = document["data"]["recordHistory"].as_array().unwrap();
    assert!(
        history
            .iter()
            .any(|entry| entry["row"]["data"]["mood"] == 4)
    );
    let before = rows(&there).await;
    assert!(
        !imported(&theirs, exported(&ours).await)
            .await
            .changes_anything()
    );
    assert_eq!(rows(&there).await, before);
}

#[tokio::test]
async fn what_does_not_fit_is_kept_with_its_reason() {
    let server = TestServer::shared();
    let (old, new) = (server.database().await, server.database().await);
    let (session, person) = sign_in(&old, "bruce").await;
    fill(&old.superuser_client().await, person.id.0).await;
    let mut document = parsed(&exported(&session).await);
    document["data"]["ideas"][0]["excitement"] = json!(99_999);
    document["data"]["ideas"][1]["status"] = json!("wonderful");
    document["data"]["checkIns"][0]["goalId"] = json!("018f0000-0000-7000-8000-00000000000f");
    let twin = document["data"]["logs"][0].clone();
    document["data"]["logs"].as_array_mut().unwrap().push(twin);
    document["counts"]["logs"] = json!(3);
    document["data"]["recordHistory"][0]["operation"] = json!("dream");
    let (session, _) = sign_in(&new, "bruce").await;
    let report = imported(&session, document.to_string()).await;
    for (name, set_aside) in [
        ("ideas", 2),
        ("checkIns", 1),
        ("logs", 1),
        ("recordHistory", 1),
    ] {
        assert_eq!(table(&report, name).set_aside, set_aside, "{report:#?}");
    }
    let after = parsed(&exported(&session).await);
    assert_eq!(after["counts"]["importedRecords"], 2 + 5);
    let kept = after["data"]["importedRecords"].as_array().unwrap();
    assert!(
        kept.iter()
            .any(|kept| kept["payload"]["excitement"] == 99_999)
    );
    let before = rows(&new).await;
    assert!(
        !imported(&session, document.to_string())
            .await
            .changes_anything()
    );
    assert_eq!(rows(&new).await, before);
}

#[tokio::test]
async fn a_redacted_document_is_refused_and_never_replaces_a_text() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    fill(&database.superuser_client().await, person.id.0).await;
    let whole = exported(&session).await;
    let mut document = parsed(&whole);
    document["redacted"] = json!(true);
    let later = json!("2027-01-01T00:00:00+00:00");
    for table in ["logs", "ideas", "teachingRequests", "harrisContent"] {
        for row in document["data"][table].as_array_mut().unwrap() {
            row["updatedAt"] = later.clone();
        }
    }
    document["data"]["ideas"][0]["title"] = json!("[redacted]");
    document["data"]["ideas"][0]["priority"] = json!(5);
    document["data"]["logs"][1]["data"] = json!({"topWin": "[redacted]", "energy": 3});
    document["data"]["teachingRequests"][0]["standards"] = json!(["[redacted]"]);
    document["data"]["harrisContent"][0]["content"] = json!({"body": {"deep": "[redacted]"}});
    let refused = imported_with(&session, document.to_string(), Options::default()).await;
    assert_eq!(refused.unwrap_err(), ImportError::Redacted);
    let options = Options {
        redacted: true,
        ..Options::default()
    };
    imported_with(&session, document.to_string(), options)
        .await
        .unwrap();
    let after = exported(&session).await;
    assert!(!after.contains("[redacted]"));
    let (after, whole) = (parsed(&after), parsed(&whole));
    assert_eq!(
        after["data"]["ideas"][0]["title"],
        whole["data"]["ideas"][0]["title"]
    );
    assert_eq!(after["data"], whole["data"], "nothing that is here changes");
    assert_eq!(
        after["data"]["logs"][1]["data"]["topWin"],
        whole["data"]["logs"][1]["data"]["topWin"]
    );

    // Into an empty account the markers come in, and the texts take their places once they come.
    let other = TestServer::shared().database().await;
    let (session, _) = sign_in(&other, "bruce").await;
    imported_with(&session, document.to_string(), options)
        .await
        .unwrap();
    assert!(exported(&session).await.contains("[redacted]"));
    let mut real = document.clone();
    real["redacted"] = json!(false);
    real["data"] = whole["data"].clone();
    for table in ["logs", "ideas", "teachingRequests", "harrisContent"] {
        for row in real["data"][table].as_array_mut().unwrap() {
            row["updatedAt"] = later.clone();
        }
    }
    imported(&session, real.to_string()).await;
    let after = parsed(&exported(&session).await);
    assert_eq!(
        after["data"]["ideas"][0]["title"],
        whole["data"]["ideas"][0]["title"]
    );
}

#[tokio::test]
async fn what_is_no_document_changes_nothing_and_names_the_place() {
    let server = TestServer::shared();
    let (old, new) = (server.database().await, server.database().await);
    let (session, person) = sign_in(&old, "bruce").await;
    fill(&old.superuser_client().await, person.id.0).await;
    let document = exported(&session).await;
    let (session, _) = sign_in(&new, "bruce").await;
    let before = rows(&new).await;
    let change = |path: &str, value: Value| {
        let mut changed = parsed(&document);
        *changed.pointer_mut(path).unwrap() = value;
        changed.to_string()
    };
    let cases: Vec<(String, &str)> = vec![
        (
            document[..document.find("\"plain\"").unwrap() + 3].to_owned(),
            "incomplete",
        ),
        (
            document.replace(
                "\"counts\": {\n    \"logs\": 2",
                "\"counts\": {\n    \"logs\": 3",
            ),
            "data.logs: the header counts 3 rows, and 2 came",
        ),
        (
            change("/data/logs/1/date", json!("2026-02-30")),
            "data.logs[1].date): a date",
        ),
        (
            change("/data/ideas/0/title", json!(7)),
            "data.ideas[0].title): a text is expected",
        ),
        // By then everything else is merged.
        (
            change("/data/recordHistory/0/tableName", json!(7)),
            "data.recordHistory[0].tableName): a text is expected",
        ),
        (change("/data/ideas/0/pitch", json!("a\u{0}b")), "NUL"),
        (
            change("/data/ideas/0/version", json!(99_999_999_999_u64)),
            "whole number",
        ),
        (
            document.replace("\"energy\": 6.50", "\"energy\": 1e999"),
            "beyond what the database holds",
        ),
        (
            document.replace("\"energy\": 6.50", "\"energy\": 1, \"energy\": 2"),
            "twice",
        ),
        (
            document.replace("\"version\": 2,", "\"version\": 2, \"version\": 1,"),
            "twice",
        ),
        (
            document.replace("\"whyICare\":", "\"whyiCare\":"),
            "no such column",
        ),
        (format!("{document} x"), "follows the end"),
        (document.replace("🌲", "\\ud800"), "surrogate"),
        ("[".repeat(100_000), "an object"),
        (
            document.replace(
                "\"known\": []",
                &format!("\"known\": {}{}", "[".repeat(500), "]".repeat(500)),
            ),
            "nested",
        ),
        (String::new(), "incomplete"),
        ("{}".to_owned(), "there is none"),
    ];
    for (text, words) in cases {
        assert_ne!(text, document, "{words}");
        let error = imported_with(&session, text, Options::default())
            .await
            .unwrap_err();
        assert!(matches!(error, ImportError::Refused(_)), "{error:?}");
        assert!(error.to_string().contains(words), "{error} for {words}");
        assert_eq!(error.exit_code(), 65);
    }
    let mut bytes = document.clone().into_bytes();
    let at = document.find("🌲").unwrap();
    bytes[at] = 0xff;
    let error = imported_with(&session, bytes, Options::default())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("UTF-8"), "{error}");
    let newer = document.replacen("\"version\": 2", "\"version\": 99", 1);
    let error = imported_with(&session, newer, Options::default())
        .await
        .unwrap_err();
    assert!(
        matches!(error, ImportError::Newer { found: 99, .. }),
        "{error:?}"
    );
    assert_eq!(rows(&new).await, before);
    // A byte order mark is no mistake.
    imported(&session, format!("\u{feff}{document}")).await;
}

#[tokio::test]
async fn a_stopped_import_changes_nothing() {
    let server = TestServer::shared();
    let (old, new) = (server.database().await, server.database().await);
    let (session, person) = sign_in(&old, "bruce").await;
    fill(&old.superuser_client().await, person.id.0).await;
    let document = exported(&session).await;
    let (session, _) = sign_in(&new, "bruce").await;
    let cancel = Cancel::default();
    let incoming = Incoming::open(Cursor::new(document.into_bytes()), LogForm::builtin())
        .await
        .unwrap();
    let stopped = incoming
        .merge(
            &session,
            Options::default(),
            &mut |_, _| cancel.cancel(),
            &cancel,
        )
        .await;
    assert_eq!(stopped.unwrap_err(), ImportError::Cancelled);
    assert!(rows(&new).await.iter().all(|count| *count == 0));
}

#[tokio::test]
async fn stopped_while_the_search_learns_it_is_imported_all_the_same() {
    let server = TestServer::shared();
    let (old, new) = (server.database().await, server.database().await);
    let (session, person) = sign_in(&old, "bruce").await;
    let ideas = "insert into wildlands.ideas (user_id, id, title) \
         select $1, gen_random_uuid(), 'idea ' || n from generate_series(1, 3000) n";
    let client = old.superuser_client().await;
    client.execute(ideas, &[&person.id.0]).await.unwrap();
    let document = exported(&session).await;
    let (session, _) = sign_in(&new, "bruce").await;
    let cancel = Cancel::default();
    let incoming = Incoming::open(Cursor::new(document.clone()), LogForm::builtin())
        .await
        .unwrap();
    // Two steps a row; what comes after them is after the commit.
    let mut step = |done, _| {
        if done > 2 * 3000 {
            cancel.cancel();
        }
    };
    let report = incoming
        .merge(&session, Options::default(), &mut step, &cancel)
        .await
        .unwrap();
    assert_eq!(table(&report, "ideas").new, 3000);
    let client = new.superuser_client().await;
    let waiting = "select (select count(*) from wildlands.ideas) - (select count(*) from wildlands.search_documents)";
    let waits: i64 = client.query_one(waiting, &[]).await.unwrap().get(0);
    assert!((1..3000).contains(&waits), "{waits}");
    assert_eq!(u64::try_from(waits).unwrap(), report.not_searched);
    assert_eq!(
        timeless(&exported(&session).await)
            .lines()
            .filter(|line| line.contains("\"idea "))
            .count(),
        3000
    );
    // Where the program is opened next, it goes on.
    index_waiting(&session).await.unwrap();
    let waits: i64 = client.query_one(waiting, &[]).await.unwrap().get(0);
    assert_eq!(waits, 0);
    let known = "select count(*) from wildlands.search_documents where words @@ 'idea'";
    assert_eq!(
        client.query_one(known, &[]).await.unwrap().get::<_, i64>(0),
        3000
    );
}

#[tokio::test]
async fn nobody_writes_into_anothers_history() {
    let database = TestServer::shared().database().await;
    let (_, person) = sign_in(&database, "bruce").await;
    let (_, anna) = sign_in(&database, "anna").await;
    let app = database.app_client().await;
    let call = format!(
        "select wildlands.restore_history(array[gen_random_uuid()], array['ideas'], array[gen_random_uuid()], array[1], \
         array['delete'], array['{{\"user_id\": \"{}\", \"password_hash\": \"x\"}}'::jsonb], array[now()], array['me'], \
         array['7'::xid8])",
        anna.id
    );
    app.batch_execute(&call).await.unwrap_err();
    app.batch_execute(&format!(
        "begin; select set_config('wildlands.user_id', '{}', true); {call}; commit",
        person.id
    ))
    .await
    .unwrap();
    let client = database.superuser_client().await;
    let sql = "select user_id, \"row\"::text from wildlands.record_history where changed_by = 'me'";
    let entries = client.query(sql, &[]).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].get::<_, Uuid>(0), person.id.0);
    let row: String = entries[0].get(1);
    assert!(
        row.contains(&person.id.to_string()) && !row.contains("password_hash"),
        "{row}"
    );
    // An account in use keeps its profile.
    let taken = app
        .batch_execute(&format!(
            "begin; select set_config('wildlands.user_id', '{}', true); \
             select wildlands.restore_profile('x', 'UTC', 1::smallint, '{{}}', now(), null)",
            person.id
        ))
        .await;
    taken.unwrap_err();
}

#[tokio::test]
async fn the_keys_are_those_of_the_database() {
    let database = TestServer::shared().database().await;
    let client = database.superuser_client().await;
    for table in TABLES {
        let sql = "select array_agg(a.attname::text order by k.n) from pg_constraint c, \
             unnest(c.conkey) with ordinality k (attnum, n), pg_attribute a \
             where c.contype = 'u' and c.conrelid = ('wildlands.' || $1)::regclass \
                 and a.attrelid = c.conrelid and a.attnum = k.attnum and a.attname <> 'user_id'";
        let found: Option<Vec<String>> = client.query_one(sql, &[&table.sql]).await.unwrap().get(0);
        let ours = harriswildlands::transfer::import::key(table.sql);
        assert_eq!(found.unwrap_or_default(), ours, "{}", table.sql);
    }
}
