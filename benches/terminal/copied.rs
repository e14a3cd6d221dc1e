//! An export of everything beside PostgreSQL's own `copy (select row_to_json …)` of the same rows.

use std::time::Instant;

use futures_util::TryStreamExt as _;

use crate::figures::{Figure, Samples, Unit};
use crate::home::Home;
use crate::seed::wait;
use crate::support::{TestDatabase, TestServer};
use crate::table::Table;
use crate::{Wanted, process};

const ROWS: i64 = 100_000;

/// Takes turns.
pub fn measure(wanted: &Wanted, table: &mut Table) {
    let home = Home::on(wait(TestServer::shared().database()));
    home.run(&["log", "today", "mood=7"]);
    let database = home.database.as_ref().unwrap();
    wait(fill(database));
    let (mut floor, mut ours, mut ratios) =
        (Samples::default(), Samples::default(), Samples::default());
    for round in 0..=wanted.rounds(7) {
        let copied = wait(copy(database));
        let path = home.file("all.json");
        let _ = std::fs::remove_file(&path);
        let started = Instant::now();
        home.run(&["export", path.to_str().unwrap()]);
        let exported = started.elapsed().as_secs_f64();
        // The first one warms the server's memory.
        if round > 0 {
            floor.0.push(copied);
            ours.0.push(exported);
            ratios.0.push(exported / copied);
        } else {
            let size = process::megabytes(std::fs::metadata(&path).unwrap().len());
            eprintln!("the export has {size:.0} MB");
        }
    }
    let limit = (floor.median().unwrap() * 150.0).round() / 100.0;
    let time = Figure::new("export of 100,000 rows of 1 KB", Unit::Seconds, limit);
    table.add(time.of([floor, ours, Samples::default()]));
    let ratio = Figure::new("export: times the copy", Unit::Ratio, 1.5);
    table.add(ratio.of([1.0.into(), ratios, Samples::default()]));
}

async fn fill(database: &TestDatabase) {
    let superuser = database.superuser_client().await;
    let sql = "insert into wildlands.ideas (user_id, id, title, pitch, notes) \
         select u.id, gen_random_uuid(), 'idea ' || n, \
                repeat('a line of words about it, \"quoted\" ', 10), \
                repeat('and what came of it: ', 12) \
         from wildlands.users u, generate_series(1, $1::bigint) n";
    superuser.execute(sql, &[&ROWS]).await.unwrap();
    superuser.batch_execute("vacuum analyze").await.unwrap();
}

/// Seconds for the rows to arrive here.
async fn copy(database: &TestDatabase) -> f64 {
    let client = database.superuser_client().await;
    let started = Instant::now();
    let sql =
        "copy (select row_to_json(r) from (select * from wildlands.ideas order by id) r) to stdout";
    let stream = client.copy_out(sql).await.unwrap();
    let bytes = stream
        .try_fold(0, async |sum, piece| Ok(sum + piece.len()))
        .await
        .unwrap();
    assert!(bytes > 50_000_000, "{bytes}");
    started.elapsed().as_secs_f64()
}
