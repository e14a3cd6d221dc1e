//! There and back: an export of any database, into an empty one, is exported again byte for byte.
//!
//! The cases are the same in every run. `WILDLANDS_ROUND_TRIPS` says how many (12 without it),
//! `WILDLANDS_ROUND_TRIPS_SEED` begins elsewhere.

use harriswildlands::domain::import::shape::Kind;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;
use tokio_postgres::types::Json;

use super::generated::{Fate, Made, made};
use super::support::TestServer;
use super::*;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect(name))
}

#[test]
fn whatever_a_database_holds_comes_back_byte_for_byte() {
    let cases = number("WILDLANDS_ROUND_TRIPS", 12);
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&number("WILDLANDS_ROUND_TRIPS_SEED", 1).to_le_bytes());
    let config = Config {
        cases: u32::try_from(cases).unwrap(),
        // Each try is two databases' work.
        max_shrink_iters: 100,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let server = TestServer::shared();
    let (old, new) = runtime.block_on(async { (server.database().await, server.database().await) });
    let mut seen = vec![0; TABLES.len()];
    let mut nth = 0;
    let seen_here = Mutex::new((&mut seen, &mut nth));
    let ran = runner.run(&made(), |made| {
        let mut guard = seen_here
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let (seen, nth) = &mut *guard;
        **nth += 1;
        let name = format!("person{nth}");
        let document = runtime.block_on(there_and_back(&old, &new, &name, &made));
        for (count, table) in seen.iter_mut().zip(TABLES) {
            *count += document["counts"][table.json()].as_u64().unwrap();
        }
        Ok(())
    });
    if let Err(error) = ran {
        panic!("{error}");
    }
    assert!(seen.iter().all(|rows| *rows > 0), "every table: {seen:?}");
    eprintln!("{nth} databases; rows of each table: {seen:?}");
}

/// Gives the document.
async fn there_and_back(old: &TestDatabase, new: &TestDatabase, name: &str, made: &Made) -> Value {
    let session = sign_in_as(old, name, made.id).await;
    let user = session.user().0;
    fill(old, user, made).await;
    let document = exported(&session).await;
    let restored = sign_in_as(new, name, user).await;
    let report = imported(&restored, document.clone()).await;
    for table in &report.tables {
        assert_eq!((table.new, table.set_aside), (table.read, 0), "{table:?}");
    }
    let again = exported(&restored).await;
    if let Some((was, is)) = timeless(&document)
        .lines()
        .zip(timeless(&again).lines())
        .find(|(was, is)| was != is)
    {
        panic!("was {was}\nis  {is}");
    }
    assert_eq!(timeless(&document), timeless(&again));
    let report = imported(&restored, document.clone()).await;
    assert!(!report.changes_anything(), "{report:#?}");
    assert_eq!(report.differences_total, 0, "{report:#?}");
    assert_eq!(timeless(&exported(&restored).await), timeless(&document));
    parsed(&document)
}

/// The rows as they were made up, then what happens to each of them, in a transaction of its own.
async fn fill(database: &TestDatabase, user: Uuid, made: &Made) {
    let client = database.superuser_client().await;
    let begin = format!("begin; select set_config('wildlands.user_id', '{user}', true)");
    let write = format!("{begin}, set_config('wildlands.importing', 'on', true)");
    client.batch_execute(&write).await.unwrap();
    for (shape, rows) in &made.tables {
        let names: Vec<String> = shape
            .columns
            .iter()
            .map(|column| format!("\"{}\"", column.sql))
            .collect();
        // A null of JSON is a value where anything may stand.
        let values: Vec<String> = shape
            .columns
            .iter()
            .map(|column| match column.kind {
                Kind::Any => format!("coalesce(\"{}\", 'null')", column.sql),
                _ => format!("\"{}\"", column.sql),
            })
            .collect();
        let sql = format!(
            "insert into wildlands.{0} ({1}) select {2} from jsonb_populate_record(null::wildlands.{0}, $1)",
            shape.table.sql,
            names.join(", "),
            values.join(", ")
        );
        for row in rows {
            let mut row = row.clone();
            row.insert("user_id".to_owned(), json!(user));
            let inserted = client.execute(&sql, &[&Json(&row)]).await;
            inserted.unwrap_or_else(|error| panic!("{}: {error:?}\n{row:?}", shape.table.sql));
        }
    }
    client.batch_execute("commit").await.unwrap();
    let profile = "update wildlands.users set display_name = p.display_name, timezone = p.timezone, \
         week_start = p.week_start, settings = p.settings, created_at = p.created_at \
         from jsonb_populate_record(null::wildlands.users, $2) p where users.id = $1";
    client.batch_execute(&begin).await.unwrap();
    client
        .execute(profile, &[&user, &Json(&made.profile)])
        .await
        .unwrap();
    client.batch_execute("commit").await.unwrap();
    let rows = made
        .tables
        .iter()
        .flat_map(|(shape, rows)| rows.iter().map(move |row| (*shape, row)));
    for ((shape, row), fate) in rows.zip(&made.fates) {
        let id: Uuid = row["id"].as_str().unwrap().parse().unwrap();
        let table = shape.table.sql;
        let change = format!(
            "update wildlands.{table} set archived_at = null where user_id = $1 and id = $2"
        );
        let archive = format!(
            "update wildlands.{table} set archived_at = now() where user_id = $1 and id = $2"
        );
        let delete = format!("delete from wildlands.{table} where user_id = $1 and id = $2");
        let statements: &[&String] = match fate {
            Fate::Stays => &[],
            Fate::Changes => &[&change],
            Fate::ChangesTwice => &[&archive, &change],
            Fate::IsArchived => &[&archive],
            Fate::IsDeleted => &[&delete],
        };
        for sql in statements {
            client.batch_execute(&begin).await.unwrap();
            client.execute(*sql, &[&user, &id]).await.unwrap();
            client.batch_execute("commit").await.unwrap();
        }
    }
}
