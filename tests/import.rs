//! The import: everything comes back as it was, twice is as once, nothing is lost or deleted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr
)]

#[path = "store/driver.rs"]
#[allow(dead_code)]
mod driver;
mod support;

#[path = "import/generated.rs"]
mod generated;
#[path = "import/own.rs"]
mod own;
#[path = "import/round_trip.rs"]
mod round_trip;
#[path = "import/versions.rs"]
mod versions;
#[path = "import/web.rs"]
mod web;

use std::io::Cursor;
use std::sync::{Arc, Mutex};

use harriswildlands::domain::export_format::TABLES;
use harriswildlands::domain::form::LogForm;
use harriswildlands::domain::import::report::{ImportReport, TableReport};
use harriswildlands::store::queries::users::Account;
use harriswildlands::store::session::Session;
use harriswildlands::transfer::export::{Cancel, to_writer};
use harriswildlands::transfer::import::{ImportError, Incoming, Options};
use serde_json::Value;
use uuid::Uuid;

use driver::{access, account};
use support::TestDatabase;

/// Bytes that a writer leaves behind.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything of the person, as text.
async fn exported(session: &Session) -> String {
    let written = Written::default();
    to_writer(session, written.clone(), &mut |_, _| (), &Cancel::default())
        .await
        .unwrap();
    let bytes = written.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

/// Without the line of the moment at which it was made.
fn timeless(document: &str) -> String {
    let lines = document
        .lines()
        .filter(|line| !line.contains("\"exportedAt\""));
    lines.collect::<Vec<_>>().join("\n")
}

fn parsed(document: &str) -> Value {
    serde_json::from_str(document).unwrap()
}

async fn imported_with(
    session: &Session,
    document: impl Into<Vec<u8>>,
    options: Options,
) -> Result<ImportReport, ImportError> {
    let incoming = Incoming::open(Cursor::new(document.into()), LogForm::builtin()).await?;
    incoming
        .merge(session, options, &mut |_, _| (), &Cancel::default())
        .await
}

async fn imported(session: &Session, document: impl Into<Vec<u8>>) -> ImportReport {
    imported_with(session, document, Options::default())
        .await
        .unwrap()
}

/// Signs in a person who has had this identifier elsewhere.
async fn sign_in_as(database: &TestDatabase, name: &str, former: Uuid) -> Session {
    let account = Account {
        former: Some(harriswildlands::domain::ids::UserId(former)),
        ..account(name)
    };
    let (session, _) = Session::open(access(database), &account, &|_| ())
        .await
        .unwrap();
    session
}

fn table<'a>(report: &'a ImportReport, name: &str) -> &'a TableReport {
    report
        .tables
        .iter()
        .find(|table| table.table == name)
        .unwrap()
}

/// Rows of each table, the history too.
async fn rows(database: &TestDatabase) -> Vec<i64> {
    let client = database.superuser_client().await;
    let mut counts = Vec::new();
    for table in TABLES {
        let sql = format!("select count(*) from wildlands.{}", table.sql);
        counts.push(client.query_one(&sql, &[]).await.unwrap().get(0));
    }
    counts
}
