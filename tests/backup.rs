//! Backups against a real PostgreSQL: made, verified, restored, drilled; and what must stop them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "backup/made.rs"]
mod made;
#[path = "backup/restored.rs"]
mod restored;
mod support;

use std::path::{Path, PathBuf};

use harriswildlands::store::connect::Source;
use harriswildlands::store::target::Target;
use harriswildlands::transfer::backup::{self, BackupError, BackupReport, Depth, Options};
use harriswildlands::transfer::export::Cancel;
use harriswildlands::transfer::ground::Ground;
use support::TestDatabase;

/// How the program reaches a database when a person names it.
fn source(database: &TestDatabase, role: &str) -> Source {
    let url = database.url(role);
    let environment = move |name: &str| (name == "DATABASE_URL").then(|| url.clone());
    Source::External(Target::from_env(&environment).unwrap())
}

async fn ground(database: &TestDatabase, role: &str) -> Ground {
    Ground::open(&source(database, role)).await.unwrap()
}

async fn back_up(ground: &Ground, path: &Path, depth: Depth) -> Result<BackupReport, BackupError> {
    let options = Options {
        depth,
        gently: false,
    };
    backup::backup(ground, path, options, &mut |_, _| (), &Cancel::default()).await
}

/// Rows of every kind of value for a person: texts of all scripts, nulls, changed and deleted rows with their history.
async fn seed(database: &TestDatabase, username: &str) {
    let user = database.add_user(username).await;
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute(&format!(
            "insert into wildlands.logs (user_id, id, date, data)
                 select '{user}', gen_random_uuid(), date '2026-01-01' + n,
                        jsonb_build_object('mood', n % 10 + 1, 'topWin', 'a 日本語 é \\ \" \t' || n)
                 from generate_series(1, 40) n;
             insert into wildlands.goals (user_id, id, title, domain, target_type, weekly_minimum, start_date)
                 select '{user}', gen_random_uuid(), 'goal ' || n, 'health', 'count', 3, date '2026-01-01'
                 from generate_series(1, 3) n;
             insert into wildlands.check_ins (user_id, id, goal_id, date, completed)
                 select user_id, gen_random_uuid(), id, date '2026-02-02', true from wildlands.goals where user_id = '{user}';
             update wildlands.logs set data = data || '{{\"mood\": 9}}' where user_id = '{user}' and date < '2026-01-10';
             delete from wildlands.logs where user_id = '{user}' and date = '2026-01-20';"
        ))
        .await
        .unwrap();
}

/// Every table of the schema with its rows, in an order, as text.
async fn everything(database: &TestDatabase, name: &str) -> Vec<(String, Vec<String>)> {
    let client = database.server.client(support::SUPERUSER, name).await;
    let tables = client
        .query(
            "select relname::text from pg_class where relnamespace = 'wildlands'::regnamespace and relkind = 'r' order by 1",
            &[],
        )
        .await
        .unwrap();
    let mut all = Vec::new();
    for table in tables {
        let table: String = table.get(0);
        let rows = client
            .query(
                &format!("select t::text from wildlands.{table} t order by 1"),
                &[],
            )
            .await
            .unwrap();
        all.push((table, rows.iter().map(|row| row.get(0)).collect()));
    }
    all
}

async fn databases(database: &TestDatabase) -> Vec<String> {
    let client = database.server.client(support::SUPERUSER, "postgres").await;
    let rows = client
        .query("select datname::text from pg_database order by 1", &[])
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Waits until no database of this kind is left: other tests of this process have theirs for a while.
async fn none_left(database: &TestDatabase, prefix: &str) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
    loop {
        let all = databases(database).await;
        let left: Vec<_> = all.iter().filter(|name| name.starts_with(prefix)).collect();
        if left.is_empty() {
            return;
        }
        assert!(std::time::Instant::now() < deadline, "{left:?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

fn names(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}
