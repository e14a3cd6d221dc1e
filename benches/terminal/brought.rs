//! An import into an empty account, of records of several lanes, and how much memory it takes.

use std::time::Instant;

use futures_util::{StreamExt as _, pin_mut};

use crate::copied::fill_lanes;
use crate::figures::{Figure, Samples, Unit};
use crate::home::Home;
use crate::seed::wait;
use crate::support::{TestDatabase, TestServer};
use crate::table::Table;
use crate::{Wanted, process};

/// Of the kinds that [`fill_lanes`] makes.
const RECORDS: u32 = 200_000;

/// Every round has a database of its own; what an account holds already is in no figure.
pub fn measure(wanted: &Wanted, table: &mut Table) {
    let full = Home::on(wait(TestServer::shared().database()));
    full.run(&["log", "today", "mood=7"]);
    let filled = full.database.as_ref().unwrap();
    wait(fill_lanes(filled, RECORDS));
    let document = full.file("all.json");
    full.run(&["export", document.to_str().unwrap()]);
    let size = process::megabytes(std::fs::metadata(&document).unwrap().len());
    eprintln!("the document has {RECORDS} records and {size:.0} MB");
    let (mut floor, mut kept, mut known, mut peaks) = (
        Samples::default(),
        Samples::default(),
        Samples::default(),
        Samples::default(),
    );
    let speed = |seconds: f64| f64::from(RECORDS) / seconds;
    for round in 0..wanted.rounds(3) {
        let copy = wait(TestServer::shared().database());
        let copied = wait(copy_over(filled, &copy));
        drop(copy);
        let empty = Home::on(wait(TestServer::shared().database()));
        let other = Other::of(empty.database.as_ref().unwrap());
        let started = Instant::now();
        let mut there = None;
        let peak = empty.peak_of_watched(&["import", document.to_str().unwrap()], || {
            if there.is_none() && other.sees_something() {
                there = Some(started.elapsed().as_secs_f64());
            }
        });
        let ended = started.elapsed().as_secs_f64();
        // Where nobody saw it before, it was at the end.
        let there = there.unwrap_or(ended);
        eprintln!(
            "round {round}: copied in {copied:.1} s; kept after {there:.1} s, {:.0} records a second, \
             found by its words after {ended:.1} s; {peak:.1} MB",
            speed(there)
        );
        floor.0.push(speed(copied));
        kept.0.push(speed(there));
        known.0.push(speed(ended));
        peaks.0.push(peak);
    }
    let none = Samples::default;
    let figure = Figure::new("import: records a second, kept", Unit::PerSecond, 20_000.0);
    table.add(figure.at_least().of([floor, kept, none()]));
    let figure = Figure::new(
        "import: records a second, known to the search",
        Unit::PerSecond,
        8_000.0,
    );
    table.add(figure.at_least().of([none(), known, none()]));
    let peak = Figure::new("import: peak memory", Unit::Megabytes, 200.0);
    table.add(peak.of([none(), peaks, none()]));
}

/// Another connection, which sees what is committed.
struct Other {
    runtime: tokio::runtime::Runtime,
    client: tokio_postgres::Client,
}

impl Other {
    fn of(database: &TestDatabase) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let client = runtime.block_on(database.superuser_client());
        Self { runtime, client }
    }

    fn sees_something(&self) -> bool {
        let sql = "select from wildlands.check_ins limit 1";
        let rows = self.runtime.block_on(self.client.query(sql, &[]));
        !rows.unwrap().is_empty()
    }
}

/// Seconds for the same rows to be copied into the tables of another database by a superuser, with their indexes but
/// without triggers, references and policies.
async fn copy_over(from: &TestDatabase, to: &TestDatabase) -> f64 {
    let (from, to) = (from.superuser_client().await, to.superuser_client().await);
    to.batch_execute("set session_replication_role = replica")
        .await
        .unwrap();
    let started = Instant::now();
    for table in ["logs", "ideas", "goals", "check_ins", "record_history"] {
        let columns: String = from
            .query_one(
                "select string_agg(quote_ident(column_name), ', ' order by ordinal_position) \
                 from information_schema.columns \
                 where table_schema = 'wildlands' and table_name = $1 and is_generated = 'NEVER'",
                &[&table],
            )
            .await
            .unwrap()
            .get(0);
        let sql = format!("copy (select {columns} from wildlands.{table} order by id) to stdout");
        let rows = from.copy_out(&sql).await.unwrap();
        let sql = format!("copy wildlands.{table} ({columns}) from stdin");
        let sink = to.copy_in(&sql).await.unwrap();
        pin_mut!(rows, sink);
        while let Some(row) = rows.next().await {
            futures_util::SinkExt::send(&mut sink, row.unwrap())
                .await
                .unwrap();
        }
        sink.finish().await.unwrap();
    }
    started.elapsed().as_secs_f64()
}
