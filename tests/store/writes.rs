//! Changes: merged field by field, once each.

use harriswildlands::domain::meeting::{Base, Outcome};
use harriswildlands::store::api::{Answer, Mutation, Query, Write, Written};
use harriswildlands::store::error::StoreError;
use harriswildlands::store::queries::{answer, writes};
use jiff::civil::date;
use serde_json::json;

use crate::driver::{data, patch, patch_log, sign_in};
use crate::support::TestServer;

#[tokio::test]
async fn a_patch_merges_only_what_it_names_and_says_how_to_take_it_back() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let day = date(2026, 11, 24);
    writes::apply(&session, &patch_log(day, json!({"energy": 5, "mood": 7})))
        .await
        .unwrap();
    let second = patch_log(day, json!({"energy": 6, "mood": null, "topWin": "walk"}));
    let Written::Log { log, inverse, .. } = writes::apply(&session, &second).await.unwrap() else {
        panic!("no log")
    };
    assert_eq!(json!(data(&log)), json!({"energy": 6, "topWin": "walk"}));
    assert_eq!(log.version, 2);
    assert_eq!(
        inverse,
        patch(json!({"energy": 5, "mood": 7, "topWin": null}))
    );
}

#[tokio::test]
async fn a_patch_that_changes_nothing_writes_nothing() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let day = date(2026, 11, 24);
    let nothing = writes::apply(&session, &patch_log(day, json!({"energy": null})))
        .await
        .unwrap();
    assert_eq!(nothing, Written::Already { log: None });
    assert_eq!(
        answer(&session, &Query::Day(day)).await.unwrap(),
        Answer::Day(None)
    );
    writes::apply(&session, &patch_log(day, json!({"energy": 5})))
        .await
        .unwrap();
    let same = patch_log(day, json!({"energy": 5, "mood": null}));
    let Written::Log { log, .. } = writes::apply(&session, &same).await.unwrap() else {
        panic!("no log")
    };
    assert_eq!(log.version, 1);
    let history = database
        .superuser_client()
        .await
        .query_one("select count(*) from wildlands.record_history", &[])
        .await
        .unwrap();
    assert_eq!(history.get::<_, i64>(0), 0);
}

#[tokio::test]
async fn a_write_sent_again_is_not_applied_again() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let day = date(2026, 11, 24);
    let first = patch_log(day, json!({"energy": 5}));
    writes::apply(&session, &first).await.unwrap();
    writes::apply(&session, &patch_log(day, json!({"energy": 9})))
        .await
        .unwrap();
    let Written::Already { log: Some(log) } = writes::apply(&session, &first).await.unwrap() else {
        panic!("applied again")
    };
    assert_eq!(data(&log)["energy"], 9);
}

#[tokio::test]
async fn a_write_that_is_broken_off_half_way_is_made_when_it_is_sent_again() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let day = date(2026, 11, 24);
    writes::apply(&session, &patch_log(day, json!({"energy": 5})))
        .await
        .unwrap();
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute("begin; select from wildlands.logs for update")
        .await
        .unwrap();
    let write = patch_log(day, json!({"topWin": "walk"}));
    let waits = async {
        // Its id is remembered; it waits for the day, which is locked.
        let waiting = "select count(*) from pg_stat_activity \
             where datname = current_database() and wait_event_type = 'Lock'";
        while superuser
            .query_one(waiting, &[])
            .await
            .unwrap()
            .get::<_, i64>(0)
            == 0
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        made = writes::apply(&session, &write) => panic!("not broken off: {made:?}"),
        () = waits => {}
    }
    superuser.batch_execute("rollback").await.unwrap();
    // What else the session does must not end the transaction that was left.
    answer(&session, &Query::Day(day)).await.unwrap();
    writes::apply(&session, &patch_log(day, json!({"mood": 7})))
        .await
        .unwrap();
    let made = writes::apply(&session, &write).await.unwrap();
    assert!(matches!(made, Written::Log { .. }), "{made:?}");
    let Answer::Day(Some(log)) = answer(&session, &Query::Day(day)).await.unwrap() else {
        panic!("no day")
    };
    assert_eq!(
        json!(data(&log)),
        json!({"energy": 5, "mood": 7, "topWin": "walk"})
    );
}

#[tokio::test]
async fn a_refused_write_leaves_the_connection_usable() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let long = "x".repeat(70_000);
    let refused = writes::apply(
        &session,
        &patch_log(date(2026, 1, 1), json!({"topWin": long})),
    )
    .await;
    let error = refused.unwrap_err();
    assert!(matches!(error, StoreError::Constraint { .. }), "{error:?}");
    assert!(!format!("{error:?} {error}").contains("xxx"));
    for _ in 0..4 {
        let write = patch_log(date(2026, 1, 1), json!({"topWin": "short"}));
        writes::apply(&session, &write).await.unwrap();
    }
}

#[tokio::test]
async fn two_who_make_one_day_at_once_both_survive() {
    let database = TestServer::shared().database().await;
    let mut sessions = Vec::new();
    for _ in 0..10 {
        sessions.push(sign_in(&database, "bruce").await.0);
    }
    for round in 1..=5 {
        let day = date(2026, 7, round);
        let patchers = sessions
            .iter()
            .enumerate()
            .map(|(index, session)| async move {
                for step in 0..5 {
                    let key = format!("field{index}");
                    let write = patch_log(day, json!({key: step}));
                    writes::apply(session, &write).await.unwrap();
                }
            });
        futures_util::future::join_all(patchers).await;
        let Answer::Day(Some(log)) = answer(&sessions[0], &Query::Day(day)).await.unwrap() else {
            panic!("no day")
        };
        assert_eq!(data(&log).len(), 10, "round {round}");
        assert!(data(&log).values().all(|value| *value == 4));
        assert_eq!(log.version, 50);
    }
}

fn over(day: jiff::civil::Date, change: serde_json::Value, base: Base) -> Write {
    let mut write = patch_log(day, change);
    let Mutation::PatchLog { base: taken, .. } = &mut write.mutation else {
        panic!("of a log")
    };
    *taken = base;
    write
}

/// Waits until what is made from now on is later than this write.
fn is_past(write: &Write) {
    while jiff::Timestamp::now() <= write.request.made_at().unwrap() {
        std::hint::spin_loop();
    }
}

#[tokio::test]
async fn a_change_that_meets_another_loses_nothing_of_either() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let day = date(2026, 11, 24);
    // Made offline in the evening, with nothing there yet.
    let evening = over(
        day,
        json!({"topWin": "unsent words", "mood": 5, "energy": 4}),
        Base::Seen {
            texts: patch(json!({"topWin": null})),
            figures: patch(json!({"mood": null, "energy": null})),
        },
    );
    is_past(&evening);
    // The next morning somebody was faster.
    let morning = patch_log(day, json!({"topWin": "newer words", "mood": 8}));
    writes::apply(&session, &morning).await.unwrap();
    let Written::Log { log, inverse, met } = writes::apply(&session, &evening).await.unwrap()
    else {
        panic!("no log")
    };
    assert_eq!(
        json!(data(&log)),
        json!({"topWin": "newer words\n\nunsent words", "mood": 8, "energy": 4})
    );
    assert_eq!(
        inverse,
        patch(json!({"topWin": "newer words", "energy": null}))
    );
    let told: Vec<_> = met.iter().map(|m| (m.field.as_str(), m.outcome)).collect();
    assert_eq!(
        told,
        [("mood", Outcome::Stayed), ("topWin", Outcome::Joined)]
    );
    // Sent again, it is there once.
    assert!(matches!(
        writes::apply(&session, &evening).await.unwrap(),
        Written::Already { .. }
    ));
    // Taking back finds something else, and leaves it.
    let expected = Base::Exactly(patch(json!({"energy": 9})));
    let back = over(day, json!({"energy": null}), expected);
    let Written::Log { log, met, .. } = writes::apply(&session, &back).await.unwrap() else {
        panic!("no log")
    };
    assert_eq!(data(&log)["energy"], 4);
    assert_eq!(met.len(), 1);
}

#[tokio::test]
async fn of_two_figures_the_later_stays_whatever_else_was_written_between() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let day = date(2026, 11, 24);
    let seen = |figures| Base::Seen {
        texts: patch(json!({})),
        figures: patch(figures),
    };
    writes::apply(&session, &patch_log(day, json!({"mood": 5, "energy": 1})))
        .await
        .unwrap();
    writes::apply(&session, &patch_log(day, json!({"mood": 6})))
        .await
        .unwrap();
    // Made offline after that, sent one after the other: the first must not make the second look old.
    let energy = over(day, json!({"energy": 7}), seen(json!({"energy": 1})));
    let mood = over(day, json!({"mood": 8}), seen(json!({"mood": 5})));
    for write in [&energy, &mood] {
        let Written::Log { met, .. } = writes::apply(&session, write).await.unwrap() else {
            panic!("no log")
        };
        assert_eq!(met, []);
    }
    // One that was made before what is there stays behind.
    let old = over(day, json!({"mood": 2}), seen(json!({"mood": 5})));
    is_past(&old);
    writes::apply(&session, &patch_log(day, json!({"mood": 9})))
        .await
        .unwrap();
    let Written::Log { log, met, .. } = writes::apply(&session, &old).await.unwrap() else {
        panic!("no log")
    };
    assert_eq!(
        (&data(&log)["mood"], &data(&log)["energy"]),
        (&json!(9), &json!(7))
    );
    assert_eq!(met.len(), 1);
}
