//! How long after an entry the stored signals are those of the new history: with ten days, and with ten years of all
//! fields. Measured at the store's task, whose last word is that they are stored.

use std::sync::Arc;
use std::time::Instant;

use harriswildlands::domain::form::LogForm;
use harriswildlands::store::api::{DriftRequest, Event, Observer, Request};
use jiff::civil::Weekday;
use serde_json::json;

use crate::Wanted;
use crate::driver::{Driver, patch_log, target};
use crate::figures::{Figure, Samples, Unit};
use crate::program::milliseconds;
use crate::seed::{fill, today, wait};
use crate::support::{APP, TestServer};
use crate::table::Table;

/// Ten years.
const MANY: i32 = 3650;

/// Writes an answer of today, over and over.
pub fn measure(wanted: &Wanted, table: &mut Table) {
    let mut times: [Samples; 3] = Default::default();
    for (column, days) in [(1, 10), (2, MANY)] {
        times[column] = wait(of(days, wanted.rounds(60)));
    }
    let time = Figure::new(
        "signals, entry → stored (many: 3,650 days)",
        Unit::Milliseconds,
        50.0,
    );
    table.add(time.of(times));
}

async fn of(days: i32, rounds: usize) -> Samples {
    let database = TestServer::shared().database().await;
    let directory = tempfile::tempdir().unwrap();
    let mut driver = Driver::start(target(&database, APP), directory.path());
    driver.online().await;
    fill(&database, days, 1).await;
    driver.send(Request::Drift(DriftRequest::Observe(Some(Observer {
        form: Arc::new(LogForm::builtin()),
        today: today(),
        week_start: Weekday::Monday,
    }))));
    calculated(&mut driver).await;
    let mut samples = Samples::default();
    for round in 0..rounds {
        let write = patch_log(today(), json!({ "energy": 1 + round % 10 }));
        let began = Instant::now();
        driver.write(&write);
        calculated(&mut driver).await;
        samples.0.push(milliseconds(began.elapsed()));
    }
    driver.end().await;
    samples
}

async fn calculated(driver: &mut Driver) {
    let is_it = |event: &Event| matches!(event, Event::Drift(_)).then_some(());
    driver.until("Drift", is_it).await;
}
