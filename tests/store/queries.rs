//! Each query says what is there, and nothing of what is not.

use std::collections::BTreeMap;

use harriswildlands::domain::secret::Exit;
use harriswildlands::store::api::{Answer, Mutation, Query, Written};
use harriswildlands::store::queries::{answer, writes};
use jiff::civil::{Date, date};
use serde_json::json;

use crate::driver::{data, patch_log, sign_in};
use crate::support::TestServer;

#[tokio::test]
async fn the_first_sign_in_prepares_an_empty_database_and_makes_the_person() {
    let database = TestServer::shared().empty_database().await;
    let (_, person) = sign_in(&database, "Bruce").await;
    assert!(person.is_new);
    assert_eq!(person.username, "Bruce");
    assert_eq!(person.timezone, "Europe/Berlin");
    let (again, same) = sign_in(&database, "bruce").await;
    assert!(!same.is_new);
    assert_eq!(same.id, person.id);
    assert_eq!(again.user(), person.id);
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused_and_not_touched() {
    let database = TestServer::shared().database().await;
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute("insert into wildlands.schema_migrations values (9999, 'later', 'x', now())")
        .await
        .unwrap();
    let refused = harriswildlands::store::session::Session::open(
        crate::driver::access(&database),
        &crate::driver::account("bruce"),
        &|_| (),
    )
    .await;
    let error = refused.unwrap_err();
    assert!(!error.is_transient(), "{error:?}");
    let users = superuser
        .query_one("select count(*) from wildlands.users", &[])
        .await
        .unwrap();
    assert_eq!(users.get::<_, i64>(0), 0);
}

#[tokio::test]
async fn a_day_a_month_and_the_same_day_in_other_years() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    for day in [
        date(2026, 11, 1),
        date(2026, 11, 24),
        date(2026, 12, 1),
        date(2025, 11, 24),
        date(2014, 11, 24),
        date(2013, 11, 24),
    ] {
        let write = patch_log(day, json!({"energy": 6, "topWin": "Grüße 🌲 \u{202e}x"}));
        writes::apply(&session, &write).await.unwrap();
    }
    // A day whose only answer was taken back is not logged.
    let emptied = date(2026, 11, 9);
    writes::apply(&session, &patch_log(emptied, json!({"energy": 1})))
        .await
        .unwrap();
    writes::apply(&session, &patch_log(emptied, json!({"energy": null})))
        .await
        .unwrap();

    let Answer::Day(Some(log)) = answer(&session, &Query::Day(date(2026, 11, 24)))
        .await
        .unwrap()
    else {
        panic!("no day")
    };
    assert_eq!(log.date, date(2026, 11, 24));
    assert_eq!(data(&log)["topWin"], "Grüße 🌲 \u{202e}x");
    assert_eq!(log.version, 1);
    assert_eq!(
        answer(&session, &Query::Day(date(2026, 11, 23)))
            .await
            .unwrap(),
        Answer::Day(None)
    );
    assert_eq!(
        answer(&session, &Query::Month(date(2026, 11, 1)))
            .await
            .unwrap(),
        Answer::Month(vec![date(2026, 11, 1), date(2026, 11, 24)])
    );
    let Answer::OnThisDay(logs) = answer(&session, &Query::OnThisDay(date(2026, 11, 24)))
        .await
        .unwrap()
    else {
        panic!("another answer")
    };
    let dates: Vec<Date> = logs.iter().map(|log| log.date).collect();
    assert_eq!(dates, [date(2025, 11, 24), date(2014, 11, 24)]);
}

#[tokio::test]
async fn series_hold_numbers_and_yes_and_no_and_nothing_else() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let days = [
        (
            date(2026, 1, 1),
            json!({"energy": 7, "exercise": true, "sleepHours": 6.5}),
        ),
        (
            date(2026, 1, 2),
            json!({"energy": "seven", "exercise": false, "sleepHours": [1]}),
        ),
        (date(2026, 1, 4), json!({"sleepHours": 8})),
        (date(2026, 1, 6), json!({"energy": 1})),
    ];
    for (day, fields) in days {
        writes::apply(&session, &patch_log(day, fields))
            .await
            .unwrap();
    }
    // A number that no float holds costs only itself.
    database
        .superuser_client()
        .await
        .batch_execute("update wildlands.logs set data = data || '{\"energy\": 1e400}' where date = '2026-01-04'")
        .await
        .unwrap();
    let fields = ["energy", "exercise", "sleepHours", "absent"]
        .map(str::to_owned)
        .to_vec();
    let query = Query::Series {
        fields,
        from: date(2026, 1, 1),
        to: date(2026, 1, 5),
    };
    let Answer::Series(series) = answer(&session, &query).await.unwrap() else {
        panic!("another answer")
    };
    let of = |pairs: &[(Date, f64)]| pairs.iter().copied().collect::<BTreeMap<_, _>>();
    assert_eq!(series["energy"], of(&[(date(2026, 1, 1), 7.0)]));
    assert_eq!(
        series["exercise"],
        of(&[(date(2026, 1, 1), 1.0), (date(2026, 1, 2), 0.0)])
    );
    assert_eq!(
        series["sleepHours"],
        of(&[(date(2026, 1, 1), 6.5), (date(2026, 1, 4), 8.0)])
    );
    assert_eq!(series["absent"], of(&[]));
}

#[tokio::test]
async fn the_status_counts_only_the_persons_own_rows() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let (other, _) = sign_in(&database, "anna").await;
    for day in 1..=3 {
        let write = patch_log(date(2026, 3, day), json!({"mood": 5}));
        writes::apply(&session, &write).await.unwrap();
    }
    writes::apply(&other, &patch_log(date(2020, 1, 1), json!({"mood": 1})))
        .await
        .unwrap();
    // A day whose only answer was taken back is a row, and no logged day.
    let last = date(2026, 3, 9);
    for state in [json!({"mood": 5}), json!({"mood": null})] {
        let write = patch_log(last, state);
        writes::apply(&session, &write).await.unwrap();
    }
    let Answer::DataStatus(status) = answer(&session, &Query::DataStatus).await.unwrap() else {
        panic!("another answer")
    };
    assert_eq!(status.counts[0], ("logs".to_owned(), 4));
    assert_eq!(status.span, Some((date(2026, 3, 1), date(2026, 3, 3))));
    assert_eq!(status.place, "test server");
    assert!(status.database_bytes > 1_000_000);
    assert_eq!(
        status.schema_version,
        harriswildlands::store::migrate::latest()
    );
    assert!(
        status
            .server_version
            .chars()
            .all(|c| c.is_ascii_digit() || c == '.')
    );
}

#[tokio::test]
async fn recent_changes_can_be_taken_back_one_by_one() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let day = date(2026, 5, 5);
    let states = [
        json!({"energy": 5}),
        json!({"energy": 6, "topWin": "a"}),
        json!({"energy": null, "topWin": "b"}),
    ];
    let mut shown = vec![json!({})];
    for state in states {
        let Written::Log { log, .. } = writes::apply(&session, &patch_log(day, state))
            .await
            .unwrap()
        else {
            panic!("no log")
        };
        shown.push(json!(data(&log)));
    }
    let query = Query::RecentChanges { limit: 10 };
    let Answer::RecentChanges(changes) = answer(&session, &query).await.unwrap() else {
        panic!("another answer")
    };
    assert_eq!(changes.len(), 3);
    for change in &changes {
        let after = shown.pop().unwrap();
        let Mutation::PatchLog { date, patch, .. } = &change.inverse else {
            panic!("of a log")
        };
        assert_eq!(*date, day);
        let mut now = after.as_object().unwrap().clone();
        patch.apply(&mut now);
        assert_eq!(&json!(now), shown.last().unwrap(), "taking back {after}");
        let Mutation::PatchLog { patch, .. } = &change.forward else {
            panic!("of a log")
        };
        patch.apply(&mut now);
        assert_eq!(json!(now), after);
        assert!(patch.to_json(Exit::Output).is_object());
    }
    let Answer::RecentChanges(last) = answer(&session, &Query::RecentChanges { limit: 1 })
        .await
        .unwrap()
    else {
        panic!("another answer")
    };
    assert_eq!(last, changes[..1]);
}
