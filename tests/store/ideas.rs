//! The pipeline of ideas: the database and the program allow the same moves.

use harriswildlands::domain::idea::Status;
use harriswildlands::domain::ids::{RecordId, RequestId};
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::meeting::Base;
use harriswildlands::domain::patch::Patch;
use harriswildlands::store::api::{Mutation, RecordChange, Write, Written};
use harriswildlands::store::error::StoreError;
use harriswildlands::store::queries::writes;
use harriswildlands::store::session::Session;
use serde_json::json;

use crate::driver::{patch, sign_in};
use crate::support::TestServer;

async fn apply(
    session: &Session,
    id: RecordId,
    change: RecordChange,
) -> Result<Written, StoreError> {
    let lane = Lane::Ideas;
    let write = Write {
        request: RequestId::new(),
        mutation: Mutation::Record { lane, id, change },
    };
    writes::apply(session, &write).await
}

fn to(status: Status) -> RecordChange {
    RecordChange::Set {
        patch: Patch::one("status", Some(json!(status.word()))),
        base: Base::Any,
    }
}

#[tokio::test]
async fn the_database_allows_the_moves_of_the_program_and_no_other() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    for from in Status::ALL {
        for into in Status::ALL {
            let id = RecordId::new();
            let made = patch(json!({ "title": "x", "status": from.word() }));
            apply(&session, id, RecordChange::Create(made))
                .await
                .unwrap();
            let moved = apply(&session, id, to(into)).await;
            // To stay is no move.
            let allowed = from == into || from.check_move(into).is_ok();
            match moved {
                Ok(_) => assert!(allowed, "{from} to {into} was let through"),
                Err(StoreError::Constraint { table, constraint }) => {
                    assert!(!allowed, "{from} to {into} was refused");
                    assert_eq!(
                        (table.as_str(), constraint.as_str()),
                        ("ideas", "ideas_moves")
                    );
                }
                Err(other) => panic!("{from} to {into}: {other}"),
            }
        }
    }
}

#[tokio::test]
async fn a_refused_move_is_a_check_violation_whoever_makes_it() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let made = patch(json!({ "title": "x" }));
    apply(&session, RecordId::new(), RecordChange::Create(made))
        .await
        .unwrap();
    let anyone = database.superuser_client().await;
    for (statement, refused) in [
        ("update wildlands.ideas set status = 'shipped'", true),
        (
            "update wildlands.ideas set status = 'reality_checked'",
            false,
        ),
        ("update wildlands.ideas set status = 'draft'", true),
        (
            "update wildlands.ideas set title = 'y', status = status",
            false,
        ),
    ] {
        let ended = anyone.batch_execute(statement).await;
        assert_eq!(ended.is_err(), refused, "{statement}");
        let error = ended.err();
        let told = error.as_ref().and_then(|error| error.as_db_error());
        if let Some(told) = told {
            assert_eq!(told.code().code(), "23514");
            assert_eq!(told.constraint(), Some("ideas_moves"));
            assert!(
                told.message().contains("cannot become"),
                "{}",
                told.message()
            );
        }
    }
}
