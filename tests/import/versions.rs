//! Documents of every earlier version, as the program of then wrote them: `versions/` has them.
//!
//! `1-foundation.json` is as the first program that exported wrote it, whose history says nothing of what was deleted
//! together; `1-goals.json` is as the last one before goals remembered that they were private. Both have a row in every
//! table, and are of this program's export without the columns that came since: a row is written the same way.

use harriswildlands::domain::export_format::{ADDED, VERSION};
use serde_json::json;

use super::driver::sign_in;
use super::support::TestServer;
use super::*;

const FOUNDATION: &str = include_str!("versions/1-foundation.json");
const GOALS: &str = include_str!("versions/1-goals.json");

/// The document as this version writes it.
fn of_today(document: &str) -> Value {
    let mut document = parsed(document);
    let head = document.as_object_mut().unwrap();
    head.shift_remove("exportedAt");
    head["version"] = json!(VERSION);
    for goal in document["data"]["goals"].as_array_mut().unwrap() {
        // By its domain of now or of before, as the history says.
        let private = matches!(
            goal["title"].as_str(),
            Some("call home" | "once a matter of faith")
        );
        goal.as_object_mut()
            .unwrap()
            .insert("wasPrivate".to_owned(), json!(private));
    }
    for entry in document["data"]["recordHistory"].as_array_mut().unwrap() {
        let entry = entry.as_object_mut().unwrap();
        entry.entry("transaction").or_insert_with(|| json!("0"));
    }
    document
}

#[tokio::test]
async fn documents_of_every_version_come_in_whole() {
    for document in [FOUNDATION, GOALS] {
        let read = parsed(document);
        assert_eq!(read["version"], json!(1));
        for table in TABLES {
            assert_ne!(read["counts"][table.json()], json!(0), "{}", table.sql);
        }
        assert!(read["data"]["goals"][0].get("wasPrivate").is_none());
        let database = TestServer::shared().database().await;
        let id = read["user"]["id"].as_str().unwrap().parse().unwrap();
        let session = sign_in_as(&database, read["user"]["username"].as_str().unwrap(), id).await;
        let report = imported(&session, document).await;
        for table in &report.tables {
            assert_eq!((table.new, table.set_aside), (table.read, 0), "{table:?}");
        }
        let mut now = parsed(&exported(&session).await);
        now.as_object_mut().unwrap().shift_remove("exportedAt");
        assert_eq!(now, of_today(document));
        let before = rows(&database).await;
        let again = imported(&session, document).await;
        assert!(
            !again.changes_anything() && again.differences_total == 0,
            "{again:#?}"
        );
        assert_eq!(rows(&database).await, before);
    }
    assert!(
        parsed(FOUNDATION)["data"]["recordHistory"][0]
            .get("transaction")
            .is_none()
    );
    assert_eq!(
        ADDED.len(),
        2,
        "a column was added: is there a document of before it?"
    );
}

#[tokio::test]
async fn a_goal_that_is_private_here_stays_so_whatever_an_earlier_document_says() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    imported(&session, GOALS).await;
    database
        .superuser_client()
        .await
        .batch_execute(&format!(
            "begin; select set_config('wildlands.user_id', '{0}', true), set_config('wildlands.importing', 'on', true); \
             update wildlands.goals set domain = 'family' where title = 'walk'; \
             update wildlands.goals set domain = 'health' where title = 'walk'; commit",
            person.id
        ))
        .await
        .unwrap();
    let report = imported(&session, GOALS).await;
    assert_eq!(table(&report, "goals").unchanged, 3, "{report:#?}");
    let now = parsed(&exported(&session).await);
    for goal in now["data"]["goals"].as_array().unwrap() {
        assert_eq!(goal["wasPrivate"], json!(true), "{goal}");
    }
}

#[tokio::test]
async fn a_document_of_this_version_has_every_column() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    imported(&session, GOALS).await;
    let whole = parsed(&exported(&session).await);
    for (table, column) in [("goals", "wasPrivate"), ("recordHistory", "transaction")] {
        let mut document = whole.clone();
        let row = document["data"][table][0].as_object_mut().unwrap();
        row.shift_remove(column).unwrap();
        let error = imported_with(&session, document.to_string(), Options::default())
            .await
            .unwrap_err();
        let said = format!("the row has no \"{column}\"");
        assert!(error.to_string().contains(&said), "{error}");
    }
}

/// Its goals are merged before its history comes.
#[tokio::test]
async fn a_goal_whose_history_is_private_is_so_whatever_a_document_of_this_version_says() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    imported(&session, GOALS).await;
    let mut whole = parsed(&exported(&session).await);
    for goal in whole["data"]["goals"].as_array_mut().unwrap() {
        goal["wasPrivate"] = json!(false);
    }
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let report = imported(&session, whole.to_string()).await;
    assert_eq!(table(&report, "goals").new, 3, "{report:#?}");
    let now = parsed(&exported(&session).await);
    for goal in now["data"]["goals"].as_array().unwrap() {
        let private = goal["title"] != json!("walk");
        assert_eq!(goal["wasPrivate"], json!(private), "{goal}");
    }
}

/// Tables are merged while the document is being read; a program that ordered its tables anew changes nothing by it.
#[tokio::test]
async fn the_tables_of_a_document_may_have_any_order() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    imported(&session, GOALS).await;
    let whole = exported(&session).await;
    let mut turned = parsed(&whole);
    let tables = turned["data"].as_object_mut().unwrap();
    *tables = std::mem::take(tables).into_iter().rev().collect();
    assert_ne!(turned.to_string(), parsed(&whole).to_string());
    let database = TestServer::shared().database().await;
    let session = sign_in_as(&database, "bruce", person.id.0).await;
    let report = imported(&session, turned.to_string()).await;
    for table in &report.tables {
        assert_eq!((table.new, table.set_aside), (table.read, 0), "{table:?}");
    }
    assert_eq!(timeless(&exported(&session).await), timeless(&whole));
}
