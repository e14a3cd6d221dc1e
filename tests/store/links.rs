//! Links that break, servers that die: what was acknowledged is there, what was written is written once.

use std::path::{Path, PathBuf};
use std::time::Duration;

use harriswildlands::store::api::{Answer, Event, Link, Query, Request, Written};
use harriswildlands::store::connect::Source;
use harriswildlands::store::embedded;
use harriswildlands::store::error::StoreError;
use harriswildlands::store::places::Places;
use harriswildlands::store::target::Target;
use jiff::civil::date;
use serde_json::json;

use crate::driver::{Driver, data, patch_log, target};
use crate::support::proxy::Proxy;
use crate::support::{APP, Options, TestDatabase, TestServer};

fn durable() -> Options {
    Options {
        settings: vec!["synchronous_commit=on".to_owned()],
        ..Options::default()
    }
}

/// How often each value of `field` was written, as versions of the row.
async fn version(database: &TestDatabase) -> i64 {
    let row = database
        .superuser_client()
        .await
        .query_one(
            "select coalesce(sum(version), 0)::bigint from wildlands.logs",
            &[],
        )
        .await
        .unwrap();
    row.get(0)
}

#[tokio::test]
async fn it_connects_answers_writes_and_ends_with_nothing_left_on_disk() {
    let database = TestServer::shared().database().await;
    let state = tempfile::tempdir().unwrap();
    let mut driver = Driver::start(target(&database, APP), state.path());
    driver.online().await;
    assert!(
        driver
            .heard
            .iter()
            .any(|event| matches!(event, Event::SignedIn(_)))
    );
    assert!(matches!(
        driver.heard[0],
        Event::Link(Link::Connecting { attempt: 1, .. })
    ));
    let day = date(2026, 11, 24);
    let write = patch_log(day, json!({"energy": 5}));
    driver.write(&write);
    assert!(matches!(
        driver.written(write.request).await,
        Ok(Written::Log { .. })
    ));
    let Ok(Answer::Day(Some(log))) = driver.ask(Query::Day(day)).await else {
        panic!("no day")
    };
    assert_eq!(data(&log)["energy"], 5);
    driver.end().await;
    assert_eq!(
        std::fs::read_dir(state.path().join("outbox"))
            .unwrap()
            .count(),
        0
    );
}

#[tokio::test]
async fn a_rejected_write_is_told_and_the_next_one_goes_through() {
    let database = TestServer::shared().database().await;
    let state = tempfile::tempdir().unwrap();
    let mut driver = Driver::start(target(&database, APP), state.path());
    let bad = patch_log(date(2026, 1, 1), json!({"topWin": "y".repeat(70_000)}));
    let good = patch_log(date(2026, 1, 1), json!({"topWin": "y"}));
    driver.write(&bad);
    driver.write(&good);
    let error = driver.written(bad.request).await.unwrap_err();
    assert!(matches!(error, StoreError::Constraint { .. }), "{error:?}");
    assert!(driver.written(good.request).await.is_ok());
    driver.end().await;
}

#[tokio::test]
async fn a_slow_question_holds_up_no_write() {
    let database = TestServer::shared().database().await;
    let state = tempfile::tempdir().unwrap();
    let mut driver = Driver::start(target(&database, APP), state.path());
    driver.online().await;
    // The question cannot be answered while this lock is held; the write does not touch that table.
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute("begin; lock table wildlands.goals in access exclusive mode")
        .await
        .unwrap();
    driver.send(Request::Query {
        generation: 1,
        query: Query::DataStatus,
    });
    let write = patch_log(date(2026, 1, 1), json!({"energy": 5}));
    driver.write(&write);
    assert!(driver.written(write.request).await.is_ok());
    superuser.batch_execute("rollback").await.unwrap();
    driver
        .until("the status", |event| match event {
            Event::Answered { result, .. } => Some(result.clone()),
            _ => None,
        })
        .await
        .unwrap();
    driver.end().await;
}

#[tokio::test]
async fn a_wrong_address_waits_for_the_person_and_an_absent_server_is_tried_again() {
    let database = TestServer::shared().database().await;
    let state = tempfile::tempdir().unwrap();
    let server = &database.server;
    let unknown = Target::embedded(server.socket_dir(), server.port(), APP, "no_such_database");
    let mut driver = Driver::start(unknown, state.path());
    let (retry_at, error) = driver.offline().await;
    assert_eq!(retry_at, None);
    assert!(
        matches!(error, StoreError::UnknownDatabase { .. }),
        "{error:?}"
    );
    driver.send(Request::Reconnect);
    assert_eq!(driver.offline().await.0, None);
    driver.end().await;

    let nowhere = tempfile::tempdir().unwrap();
    let absent = Target::embedded(nowhere.path(), 5432, APP, "x");
    let mut driver = Driver::start(absent, state.path());
    for _ in 0..3 {
        let (retry_at, error) = driver.offline().await;
        assert!(retry_at.is_some());
        assert!(
            matches!(error, StoreError::ServerAbsent { .. }),
            "{error:?}"
        );
    }
    driver.end().await;
}

#[tokio::test]
async fn a_lost_idle_link_is_noticed_and_comes_back() {
    let database = TestServer::shared().database().await;
    let state = tempfile::tempdir().unwrap();
    let proxy = Proxy::before(database.server.socket_dir(), database.server.port());
    let through = Target::embedded(proxy.socket_dir(), proxy.port(), APP, &database.name);
    let mut driver = Driver::start(through, state.path());
    driver.online().await;
    proxy.cut();
    assert!(driver.offline().await.0.is_some());
    let Err(error) = driver.ask(Query::Day(date(2026, 1, 1))).await else {
        panic!("answered")
    };
    assert!(error.is_transient(), "{error:?}");
    proxy.heal();
    driver.online().await;
    assert!(driver.ask(Query::Day(date(2026, 1, 1))).await.is_ok());
    driver.end().await;
}

#[tokio::test]
async fn a_server_that_ends_every_link_at_once_is_asked_less_and_less() {
    let database = TestServer::shared().database().await;
    let state = tempfile::tempdir().unwrap();
    let proxy = Proxy::before(database.server.socket_dir(), database.server.port());
    let through = Target::embedded(proxy.socket_dir(), proxy.port(), APP, &database.name);
    let mut driver = Driver::start(through, state.path());
    let mut attempts = Vec::new();
    for round in 0..4 {
        driver.online().await;
        let connecting = driver.heard.iter().rev().find_map(|event| match event {
            Event::Link(Link::Connecting { attempt, .. }) => Some(*attempt),
            _ => None,
        });
        attempts.push(connecting.unwrap());
        if round == 2 {
            // A link that has answered is one of use: the next one is soon looked for again.
            driver.ask(Query::Day(date(2026, 1, 1))).await.unwrap();
        }
        proxy.cut();
        driver.offline().await;
        proxy.heal();
    }
    assert!(
        attempts[0] < attempts[1] && attempts[1] < attempts[2],
        "{attempts:?}"
    );
    let after_the_answer = driver.heard.iter().rev();
    let first = after_the_answer
        .take_while(|event| !matches!(event, Event::Answered { .. }))
        .filter_map(|event| match event {
            Event::Link(Link::Connecting { attempt, .. }) => Some(*attempt),
            _ => None,
        })
        .min();
    assert_eq!(first, Some(1));
    driver.end().await;
}

/// Every acknowledgement may be lost: the link is cut while writes are on their way, again and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_over_a_link_that_keeps_breaking_are_each_applied_once_and_in_order() {
    const ROUNDS: i64 = 25;
    const EACH: i64 = 8;
    let database = TestServer::shared().database().await;
    let state = tempfile::tempdir().unwrap();
    let proxy = Proxy::before(database.server.socket_dir(), database.server.port());
    let through = Target::embedded(proxy.socket_dir(), proxy.port(), APP, &database.name);
    let mut driver = Driver::start(through, state.path());
    driver.online().await;
    let day = date(2026, 11, 24);
    for round in 0..ROUNDS {
        let writes: Vec<_> = (0..EACH)
            .map(|step| patch_log(day, json!({"count": round * EACH + step})))
            .collect();
        for write in &writes {
            driver.write(write);
        }
        // Cut at another moment each round: after so many acknowledgements, or before any.
        let after = usize::try_from(round % 4).unwrap();
        for write in writes.iter().take(after) {
            driver.written(write.request).await.unwrap();
        }
        proxy.cut();
        driver.offline().await;
        proxy.heal();
        for write in writes.iter().skip(after) {
            // Acknowledged before the cut was noticed, or after the return.
            let is_heard = |event: &Event| matches!(event, Event::Written { request, .. } if *request == write.request);
            if !driver.heard.iter().any(is_heard) {
                driver.written(write.request).await.unwrap();
            }
        }
    }
    let Ok(Answer::Day(Some(log))) = driver.ask(Query::Day(day)).await else {
        panic!("no day")
    };
    assert_eq!(data(&log)["count"], ROUNDS * EACH - 1);
    assert_eq!(
        version(&database).await,
        ROUNDS * EACH,
        "each write is one version"
    );
    driver.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_during_saves_loses_and_doubles_nothing() {
    const ROUNDS: i64 = 4;
    const EACH: i64 = 30;
    let server = TestServer::launch(&durable());
    let database = server.database().await;
    let state = tempfile::tempdir().unwrap();
    let mut driver = Driver::start(target(&database, APP), state.path());
    driver.online().await;
    let day = date(2026, 11, 24);
    for round in 0..ROUNDS {
        let writes: Vec<_> = (0..EACH)
            .map(|step| patch_log(day, json!({"count": round * EACH + step})))
            .collect();
        for write in &writes {
            driver.write(write);
        }
        driver.written(writes[2].request).await.unwrap();
        kill(&server);
        driver.offline().await;
        server.start();
        let last = writes.last().unwrap().request;
        let is_heard =
            |event: &Event| matches!(event, Event::Written { request, .. } if *request == last);
        if !driver.heard.iter().any(is_heard) {
            driver.written(last).await.unwrap();
        }
        if !matches!(driver.heard.last(), Some(Event::Link(Link::Online { .. }))) {
            assert!(driver.ask(Query::Day(day)).await.is_ok());
        }
    }
    let Ok(Answer::Day(Some(log))) = driver.ask(Query::Day(day)).await else {
        panic!("no day")
    };
    assert_eq!(data(&log)["count"], ROUNDS * EACH - 1);
    assert_eq!(version(&database).await, ROUNDS * EACH);
    driver.end().await;
}

/// SIGKILL to the postmaster; waits until its children, which end by themselves, are gone too.
fn kill(server: &TestServer) {
    let file = std::fs::read_to_string(server.data().join("postmaster.pid")).unwrap();
    let pid: i32 = file.lines().next().unwrap().parse().unwrap();
    let children = children_of(pid);
    assert!(children.len() > 2, "{children:?}");
    nix::sys::signal::kill(
        nix::unistd::Pid::from_raw(pid),
        nix::sys::signal::Signal::SIGKILL,
    )
    .unwrap();
    let deadline = std::time::Instant::now() + crate::driver::DEADLINE;
    while children
        .iter()
        .any(|pid| Path::new(&format!("/proc/{pid}")).exists())
    {
        assert!(
            std::time::Instant::now() < deadline,
            "a backend outlives its postmaster"
        );
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn without_a_usable_address_writes_are_kept_for_the_next_one() {
    let database = TestServer::shared().database().await;
    let state = tempfile::tempdir().unwrap();
    let wrong = StoreError::BadAddress("DATABASE_URL: it has no closing ]".to_owned());
    let mut driver = Driver::start_source(Source::Unusable(wrong.clone()), state.path());
    let told = driver
        .until("Offline", |event| match event {
            Event::Link(Link::Offline {
                error, retry_at, ..
            }) => Some((error.clone(), *retry_at)),
            _ => None,
        })
        .await;
    assert_eq!(
        told,
        (wrong, None),
        "nothing that the program does can help"
    );
    let write = patch_log(date(2026, 1, 1), json!({"energy": 7}));
    driver.write(&write);
    driver.kept(write.request).await;
    driver.end().await;
    let mut driver = Driver::start(target(&database, APP), state.path());
    driver.online().await;
    driver.written(write.request).await.unwrap();
    let Ok(Answer::Day(Some(log))) = driver.ask(Query::Day(date(2026, 1, 1))).await else {
        panic!("no day")
    };
    assert_eq!(data(&log)["energy"], 7);
    driver.end().await;
}

fn children_of(pid: i32) -> Vec<i32> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter(|child| {
        let status = std::fs::read_to_string(format!("/proc/{child}/status")).unwrap_or_default();
        status.lines().any(|line| line == format!("PPid:\t{pid}"))
    })
    .collect()
}

#[tokio::test]
async fn a_killed_private_server_is_started_again_by_the_reconnect() {
    let (_guard, places) = Places::temporary().unwrap();
    let settings = embedded::Settings::at(places.clone());
    let mut driver = Driver::start_source(Source::Embedded(settings), &places.state);
    driver.online().await;
    let first = patch_log(date(2026, 1, 1), json!({"energy": 5}));
    driver.write(&first);
    driver.written(first.request).await.unwrap();
    let file = std::fs::read_to_string(postmaster_file(&places).unwrap()).unwrap();
    let pid: i32 = file.lines().next().unwrap().parse().unwrap();
    nix::sys::signal::kill(
        nix::unistd::Pid::from_raw(pid),
        nix::sys::signal::Signal::SIGKILL,
    )
    .unwrap();
    driver.offline().await;
    let second = patch_log(date(2026, 1, 1), json!({"energy": 6}));
    driver.write(&second);
    assert!(matches!(
        driver.written(second.request).await,
        Ok(Written::Log { .. })
    ));
    let Ok(Answer::Day(Some(log))) = driver.ask(Query::Day(date(2026, 1, 1))).await else {
        panic!("no day")
    };
    assert_eq!(data(&log)["energy"], 6);
    driver.end().await;
    assert_eq!(
        postmaster_file(&places),
        None,
        "the last one out stops the server"
    );
}

fn postmaster_file(places: &Places) -> Option<PathBuf> {
    let mut directories = vec![places.data.clone()];
    while let Some(directory) = directories.pop() {
        let file = directory.join("postmaster.pid");
        if file.exists() {
            return Some(file);
        }
        let entries = std::fs::read_dir(&directory).unwrap().flatten();
        directories.extend(
            entries
                .map(|entry| entry.path())
                .filter(|path| path.is_dir()),
        );
    }
    None
}

#[tokio::test]
async fn a_write_made_offline_waits_on_disk_and_another_process_sends_it() {
    let server = TestServer::launch(&durable());
    let database = server.database().await;
    let state = tempfile::tempdir().unwrap();
    server.stop_immediate();
    let mut driver = Driver::start(target(&database, APP), state.path());
    driver.offline().await;
    let write = patch_log(date(2026, 1, 1), json!({"driftCheck": "kept"}));
    driver.write(&write);
    driver.kept(write.request).await;
    driver.end().await;

    server.start();
    let mut driver = Driver::start(target(&database, APP), state.path());
    let recovered = driver
        .until("Recovered", |event| match event {
            Event::Recovered(writes) => Some(writes.clone()),
            _ => None,
        })
        .await;
    assert_eq!(recovered, std::slice::from_ref(&write));
    driver.written(write.request).await.unwrap();
    driver.end().await;
    assert_eq!(
        std::fs::read_dir(state.path().join("outbox"))
            .unwrap()
            .count(),
        0
    );
}

#[tokio::test]
async fn a_link_that_says_nothing_counts_as_lost() {
    let database = TestServer::shared().database().await;
    let state = tempfile::tempdir().unwrap();
    let proxy = Proxy::before(database.server.socket_dir(), database.server.port());
    let through = Target::embedded(proxy.socket_dir(), proxy.port(), APP, &database.name);
    let mut options = harriswildlands::store::task::Options::new(state.path().to_owned());
    options.account = crate::driver::account("bruce");
    options.patience = Duration::from_millis(300);
    let handle = harriswildlands::store::task::spawn(Source::External(through), options);
    let mut driver = Driver {
        handle,
        heard: Vec::new(),
    };
    driver.online().await;
    proxy.stall();
    let write = patch_log(date(2026, 1, 1), json!({"energy": 5}));
    driver.write(&write);
    assert!(driver.offline().await.0.is_some());
    proxy.heal();
    driver.written(write.request).await.unwrap();
    driver.end().await;
    assert_eq!(version(&database).await, 1);
}
