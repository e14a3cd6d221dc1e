//! Retention on a real server, as the application role: what goes is exported first, goes in batches, and
//! comes back.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use harriswildlands::domain::ids::{RecordId, RequestId};
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::retention::{Action, Policy, Table};
use harriswildlands::domain::search::Search;
use harriswildlands::domain::secret::Exit;
use harriswildlands::store::api::{Listing, Mutation, RecordChange, Write};
use harriswildlands::store::queries::{logs, records, retention, search, upkeep, writes};
use harriswildlands::store::session::Session;
use harriswildlands::transfer::export::Cancel;
use harriswildlands::transfer::retention::{Report, Today, new_file, run};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::driver::{patch, patch_log, sign_in};
use crate::support::{TestDatabase, TestServer};

const TODAY: Date = date(2026, 11, 23);

fn today() -> Today {
    Today {
        date: TODAY,
        zone: TimeZone::UTC,
    }
}

async fn policy(session: &Session, table: Table, days: i32, action: Action) {
    retention::set(session, table, days, action).await.unwrap();
    assert!(retention::enable(session, table, true).await.unwrap());
}

async fn go(session: &Session, path: &Path) -> Report {
    let policies = retention::policies(session).await.unwrap();
    let mut silent = |_: u64, _: u64| ();
    let cancel = Cancel::default();
    run(session, &policies, &today(), path, &mut silent, &cancel)
        .await
        .unwrap()
}

async fn create(session: &Session, lane: Lane, fields: Value) -> RecordId {
    let id = RecordId::new();
    let change = RecordChange::Create(patch(fields));
    let write = Write {
        request: RequestId::new(),
        mutation: Mutation::Record { lane, id, change },
    };
    writes::apply(session, &write).await.unwrap();
    id
}

async fn number(session: &Session, sql: &str) -> i64 {
    let user = session.user().0;
    let rows = session.read(sql, &[(&user, Type::UUID)]).await.unwrap();
    rows[0].get(0)
}

fn document(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn ids(rows: &Value) -> BTreeSet<String> {
    let rows = rows.as_array().unwrap();
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Whether a word is in anybody's list of words.
async fn is_known(database: &TestDatabase, word: &str) -> bool {
    let superuser = database.superuser_client().await;
    let sql = "select count(*) from wildlands.search_words where word = $1";
    let row = superuser.query_one(sql, &[&word]).await.unwrap();
    row.get::<_, i64>(0) > 0
}

#[tokio::test]
async fn words_of_what_is_deleted_for_good_are_forgotten() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let home = tempfile::tempdir().unwrap();
    create(&session, Lane::Ideas, json!({"title": "an orchard"})).await;
    let id = create(&session, Lane::Ideas, json!({"title": "a zeppelin"})).await;
    let delete = Write {
        request: RequestId::new(),
        mutation: Mutation::Record {
            lane: Lane::Ideas,
            id,
            change: RecordChange::Delete,
        },
    };
    writes::apply(&session, &delete).await.unwrap();
    // It can still be brought back; what is archived is not gone either.
    policy(&session, Table::Ideas, 36_500, Action::Archive).await;
    go(&session, &home.path().join("archive.json")).await;
    assert!(is_known(&database, "zeppelin").await);
    policy(&session, Table::History, 1, Action::Delete).await;
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute(
            "set session_replication_role = replica; \
             update wildlands.record_history set changed_at = changed_at - interval '60 days'",
        )
        .await
        .unwrap();
    let report = go(&session, &home.path().join("history.json")).await;
    let deleted = report
        .done
        .iter()
        .filter(|done| done.table == Table::History);
    assert!(deleted.map(|done| done.rows).sum::<u64>() > 0);
    assert!(!is_known(&database, "zeppelin").await);
    assert!(is_known(&database, "orchard").await);
}

#[tokio::test]
async fn archived_days_leave_lists_and_figures_stay_in_search_and_come_back() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let (other, _) = sign_in(&database, "eve").await;
    for (day, win) in [
        (date(2026, 1, 5), "an old heron"),
        (date(2026, 11, 20), "a new heron"),
    ] {
        let write = patch_log(day, json!({"energy": 5, "topWin": win}));
        writes::apply(&session, &write).await.unwrap();
        writes::apply(&other, &patch_log(day, json!({"energy": 5})))
            .await
            .unwrap();
    }
    let directory = tempfile::tempdir().unwrap();
    let path = new_file(directory.path(), TODAY);
    // A policy that is not enabled does nothing.
    retention::set(&session, Table::Logs, 30, Action::Archive)
        .await
        .unwrap();
    let idle = go(&session, &path).await;
    assert!(idle.path.is_none() && !path.exists());
    assert!(
        retention::enable(&session, Table::Logs, true)
            .await
            .unwrap()
    );

    let report = go(&session, &path).await;
    assert_eq!((report.done[0].rows, report.done[0].stayed), (1, 0));
    let file = document(&path);
    assert_eq!(file["data"]["logs"][0]["date"], "2026-01-05");
    assert_eq!(file["counts"]["logs"], 1);
    let mode = path.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_ne!(new_file(directory.path(), TODAY), path);

    assert!(
        logs::month(&session, date(2026, 1, 1))
            .await
            .unwrap()
            .is_empty()
    );
    let fields = ["energy".to_owned()];
    let series = logs::series(&session, &fields, date(2026, 1, 1), date(2026, 12, 1));
    assert_eq!(series.await.unwrap()["energy"].len(), 1);
    let form = harriswildlands::domain::form::LogForm::builtin();
    let asked = Search::whole("heron", &form, TODAY);
    let found = search::find(&session, &asked.unwrap(), 50).await.unwrap();
    assert_eq!(found.hits.len(), 2);
    assert_eq!(found.hits.iter().filter(|hit| hit.archived).count(), 1);
    let seen = number(
        &other,
        "select count(*) from wildlands.logs where user_id = $1 and archived_at is null",
    );
    assert_eq!(seen.await, 2);

    let archived = retention::archived(&session, Table::Logs, 10)
        .await
        .unwrap();
    assert_eq!(archived.len(), 1);
    // A day is known by its date, not by the day it was archived.
    assert_eq!(archived[0].name.expose(Exit::Output), "2026-01-05");
    let one = [archived[0].id];
    let back = retention::unarchive(&session, Table::Logs, Some(&one));
    assert_eq!(back.await.unwrap(), 1);
    assert_eq!(
        logs::month(&session, date(2026, 1, 1)).await.unwrap().len(),
        1
    );
}

#[tokio::test]
async fn a_goal_goes_with_its_check_ins_only_as_exported_and_comes_back_with_them() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let old = create(
        &session,
        Lane::Goals,
        json!({"title": "Old", "domain": "health"}),
    )
    .await;
    let used = create(
        &session,
        Lane::Goals,
        json!({"title": "Used", "domain": "health"}),
    )
    .await;
    for (goal, day) in [
        (old, "2026-01-05"),
        (old, "2026-01-06"),
        (used, "2026-11-20"),
    ] {
        create(
            &session,
            Lane::CheckIns,
            json!({"goalId": goal, "date": day}),
        )
        .await;
    }
    // As if both had last been changed long ago.
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute(&format!(
            "set session_replication_role = replica; \
             update wildlands.goals set updated_at = '2026-01-01' where user_id = '{}'",
            person.id
        ))
        .await
        .unwrap();
    policy(&session, Table::Goals, 90, Action::Delete).await;
    let policies = retention::policies(&session).await.unwrap();
    let bounds = retention::bounds(&policies[0], TODAY, &TimeZone::UTC);
    let (count, oldest) = retention::preview(&session, &policies[0], bounds, 5)
        .await
        .unwrap();
    assert_eq!((count, oldest[0].id), (1, old.0));

    let directory = tempfile::tempdir().unwrap();
    let path = new_file(directory.path(), TODAY);
    let report = go(&session, &path).await;
    assert_eq!(report.done[0].rows, 1);
    let file = document(&path);
    assert_eq!(ids(&file["data"]["goals"]), [old.to_string()].into());
    assert_eq!(file["data"]["checkIns"].as_array().unwrap().len(), 2);
    let left = "select count(*) from wildlands.check_ins where user_id = $1";
    assert_eq!(number(&session, left).await, 1);

    let back = retention::undelete(&session, Table::Goals, old.0)
        .await
        .unwrap();
    assert_eq!((back, number(&session, left).await), (3, 3));
    let twice = retention::undelete(&session, Table::Goals, old.0)
        .await
        .unwrap();
    assert_eq!(twice, 0);
    let listed = records::page(&session, &Listing::new(Lane::Goals, 10))
        .await
        .unwrap();
    assert_eq!(listed.records.len(), 2);
}

#[tokio::test]
async fn a_stopped_run_loses_nothing_and_the_next_one_goes_on() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let user = person.id.0;
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute(&format!(
            "select set_config('wildlands.user_id', '{user}', false); \
             insert into wildlands.logs (user_id, id, date, data) \
             select '{user}', gen_random_uuid(), '2020-01-01'::date + n, '{{\"energy\": 5}}' \
             from generate_series(0, 1299) n"
        ))
        .await
        .unwrap();
    policy(&session, Table::Logs, 30, Action::Delete).await;
    let policies = retention::policies(&session).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let (first, second) = (
        directory.path().join("1.json"),
        directory.path().join("2.json"),
    );

    // Stopped while the export is being written: there is no file, and nothing is touched.
    let cancel = Cancel::default();
    let stop = cancel.clone();
    let mut at_once = move |_: u64, _: u64| stop.cancel();
    let report = run(&session, &policies, &today(), &first, &mut at_once, &cancel)
        .await
        .unwrap();
    assert!(report.stopped && !first.exists());
    let count = "select count(*) from wildlands.logs where user_id = $1";
    assert_eq!(number(&session, count).await, 1300);

    // Stopped after the first batch of deletions: the whole export has been told by then.
    let cancel = Cancel::default();
    let stop = cancel.clone();
    let mut exported = false;
    let mut after_a_batch = move |done: u64, total: u64| {
        if exported {
            stop.cancel();
        }
        exported |= done == total;
    };
    let report = run(
        &session,
        &policies,
        &today(),
        &first,
        &mut after_a_batch,
        &cancel,
    )
    .await
    .unwrap();
    assert!(report.stopped);
    assert_eq!(report.done[0].rows, 500);
    assert_eq!(number(&session, count).await, 800);
    assert_eq!(
        document(&first)["data"]["logs"].as_array().unwrap().len(),
        1300
    );
    assert!(
        retention::policies(&session).await.unwrap()[0]
            .last_run
            .is_none()
    );

    let report = go(&session, &second).await;
    assert_eq!((report.done[0].rows, report.stopped), (800, false));
    assert_eq!(number(&session, count).await, 0);
    let all = ids(&document(&first)["data"]["logs"]);
    assert!(all.is_superset(&ids(&document(&second)["data"]["logs"])));
    assert!(
        retention::policies(&session).await.unwrap()[0]
            .last_run
            .is_some()
    );
    // The history keeps them.
    let one: Uuid = all.first().unwrap().parse().unwrap();
    assert_eq!(
        retention::undelete(&session, Table::Logs, one)
            .await
            .unwrap(),
        1
    );
}

#[tokio::test]
async fn what_changed_after_it_was_picked_stays_and_old_requests_are_forgotten() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let user = person.id.0;
    let write = patch_log(date(2026, 1, 5), json!({"energy": 5}));
    writes::apply(&session, &write).await.unwrap();
    let day = logs::day(&session, date(2026, 1, 5))
        .await
        .unwrap()
        .unwrap();
    let sql = format!(
        "{} returning 1",
        retention::act_sql(Table::Logs, Action::Delete)
    );
    let act = async |version: i32| {
        let (ids, versions) = (vec![day.id.0], vec![version]);
        let params = [
            (&user as _, Type::UUID),
            (&ids as _, Type::UUID_ARRAY),
            (&versions as _, Type::INT4_ARRAY),
        ];
        session.change(&sql, &params).await.unwrap().len()
    };
    assert_eq!(act(day.version - 1).await, 0);
    assert_eq!(act(day.version).await, 1);

    database
        .superuser_client()
        .await
        .batch_execute(&format!(
            "insert into wildlands.applied_writes (user_id, request_id, applied_at) \
             select '{user}', gen_random_uuid(), now() - interval '91 days' from generate_series(1, 3)"
        ))
        .await
        .unwrap();
    assert_eq!(retention::forget_writes(&session).await.unwrap(), 3);
    let left = "select count(*) from wildlands.applied_writes where user_id = $1";
    assert_eq!(number(&session, left).await, 1);
}

#[tokio::test]
async fn no_question_of_retention_scans_a_table() {
    let database = TestServer::shared().database().await;
    let (_, person) = sign_in(&database, "bruce").await;
    let user = person.id.0;
    let superuser = database.superuser_client().await;
    let set_user = format!("select set_config('wildlands.user_id', '{user}', false)");
    superuser
        .batch_execute(&format!(
            "{set_user}; \
             insert into wildlands.logs (user_id, id, date) \
             select '{user}', gen_random_uuid(), '1950-01-01'::date + n from generate_series(0, 27000) n; \
             insert into wildlands.ideas (user_id, id, title, updated_at) \
             select '{user}', gen_random_uuid(), 'idea', now() - n * interval '1 minute' \
             from generate_series(1, 50000) n; \
             insert into wildlands.record_history (user_id, table_name, record_id, version, operation, \"row\", changed_at) \
             select '{user}', 'logs', gen_random_uuid(), 1, 'update', '{{}}', now() - n * interval '1 minute' \
             from generate_series(1, 50000) n; \
             analyze wildlands.logs; analyze wildlands.ideas; analyze wildlands.record_history"
        ))
        .await
        .unwrap();
    let client = database.app_client().await;
    client.batch_execute(&set_user).await.unwrap();
    let now = jiff::Timestamp::now();
    let moment = now
        .checked_sub(jiff::SignedDuration::from_hours(24 * 34))
        .unwrap();
    let (first, most) = (date(1950, 2, 1), 5_i64);
    for table in [Table::Logs, Table::Ideas, Table::History] {
        let policy = Policy {
            table,
            keep_days: 30,
            action: Action::Delete,
            enabled: true,
            last_run: None,
        };
        for (sql, params) in [
            (retention::count_sql(&policy), 3),
            (retention::oldest_sql(&policy), 4),
        ] {
            let explain = format!("explain (analyze, format json) {sql}");
            let all: crate::plans::Params<'_> = vec![
                (&user, Type::UUID),
                (&first, Type::DATE),
                (&moment, Type::TIMESTAMPTZ),
                (&most, Type::INT8),
            ];
            let row = client
                .query_typed_one(&explain, &all[..params])
                .await
                .unwrap();
            let plan: Value = row.get(0);
            let mut scanned = Vec::new();
            crate::plans::seq_scans(&plan, &mut scanned);
            assert!(scanned.is_empty(), "{table:?} scans {scanned:?}: {plan}");
        }
    }
}

#[tokio::test]
async fn the_archive_is_read_to_its_end_page_by_page_each_row_once() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let (other, _) = sign_in(&database, "eve").await;
    let user = person.id.0;
    let superuser = database.superuser_client().await;
    // All of a batch are archived at one moment, so that the moment alone is no place.
    superuser
        .batch_execute(&format!(
            "insert into wildlands.logs (user_id, id, date, data, archived_at) \
                 select '{user}', gen_random_uuid(), date '2020-01-01' + n, '{{}}', timestamptz '2026-01-01' + n / 150 * interval '1 day' \
                 from generate_series(1, 230) n; \
             insert into wildlands.ideas (user_id, id, title, archived_at) \
                 select '{user}', gen_random_uuid(), 'idea ' || n, '2026-01-02' from generate_series(1, 3) n; \
             insert into wildlands.ideas (user_id, id, title) values ('{user}', gen_random_uuid(), 'here')"
        ))
        .await
        .unwrap();
    let (mut seen, mut after, mut pages) = (Vec::new(), None, Vec::new());
    loop {
        let page = upkeep::archive(&session, after).await.unwrap();
        pages.push(page.rows.len());
        seen.extend(page.rows.iter().map(|one| (one.table, one.id)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(pages, [100, 100, 33]);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 233);
    assert!(seen.is_sorted_by_key(|(table, _)| *table));
    let theirs = upkeep::archive(&other, None).await.unwrap();
    assert!(theirs.rows.is_empty() && theirs.next.is_none());
}
