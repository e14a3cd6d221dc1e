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

/// Ten times as many records, of all lanes: the memory, and the throughput beside the server's own copy.
pub fn measure_a_million(wanted: &Wanted, table: &mut Table) {
    let home = Home::on(wait(TestServer::shared().database()));
    home.run(&["log", "today", "mood=7"]);
    let database = home.database.as_ref().unwrap();
    wait(fill_lanes(database, 1_000_000));
    let (mut shares, mut peaks) = (Samples::default(), Samples::default());
    for round in 0..=wanted.rounds(3) {
        let copied = wait(copy_all(database));
        let path = home.file("million.json");
        let _ = std::fs::remove_file(&path);
        let started = Instant::now();
        let peak = home.peak_of(&["export", path.to_str().unwrap()]);
        let exported = started.elapsed().as_secs_f64();
        eprintln!("a million records: copy {copied:.1} s, export {exported:.1} s, {peak:.1} MB");
        if round > 0 {
            shares.0.push(exported / copied);
            peaks.0.push(peak);
        }
    }
    // 0.7 of the throughput.
    let share = Figure::new("export of 1,000,000: times the copy", Unit::Ratio, 1.43);
    table.add(share.of([1.0.into(), shares, Samples::default()]));
    let peak = Figure::new("export of 1,000,000: peak memory", Unit::Megabytes, 30.0);
    table.add(peak.of([Samples::default(), peaks, Samples::default()]));
}

/// So many records, as a long account has them: of every twenty one is a day of twelve answers, one an idea with a text,
/// seven are check-ins and eleven earlier versions of days, with ids in the order of their moments. Without the
/// triggers, which make another history and the search's documents: the export reads neither.
pub async fn fill_lanes(database: &TestDatabase, records: u32) {
    let (days, ideas, dates) = (records / 20, records / 20, records * 7 / 2000);
    let superuser = database.superuser_client().await;
    let sql = format!(
        "set session_replication_role = replica;
        create function pg_temp.moment(n bigint) returns timestamptz language sql
            return timestamptz '2000-01-01 20:00Z' + n * interval '1 hour';
        create function pg_temp.id(n bigint) returns uuid language sql
            return (lpad(to_hex((extract(epoch from pg_temp.moment(n)) * 1000)::bigint), 12, '0')
                || '7' || left(md5(n::text), 3) || '8' || right(md5(n::text), 15))::uuid;
        insert into wildlands.logs (user_id, id, date, data, created_at, updated_at)
            select u.id, pg_temp.id(n), date '2030-01-01' + n,
                   jsonb_build_object('energy', n % 10, 'stress', n % 7, 'mood', n % 9, 'focus', n % 8, 'sleepHours', 7.5,
                       'sleepQuality', n % 10, 'exercise', n % 2 = 0, 'scripture', true, 'moneyPressure', n % 5,
                       'topWin', 'walked to the river and back', 'topFriction', 'the letter that is not written',
                       'tomorrowPriority', 'write the letter before noon'),
                   pg_temp.moment(n), pg_temp.moment(n + 1)
            from wildlands.users u, generate_series(1, {days}) n;
        insert into wildlands.ideas (user_id, id, title, pitch, status, excitement, priority, created_at, updated_at)
            select u.id, pg_temp.id(n), 'idea ' || n, repeat('a line of words, \"quoted\" ', 5),
                   (array['draft', 'parked', 'promoted'])[1 + n % 3], 1 + n % 10, n % 6, pg_temp.moment(n), pg_temp.moment(n + 9)
            from wildlands.users u, generate_series(1, {ideas}) n;
        insert into wildlands.goals (user_id, id, title, domain)
            select u.id, pg_temp.id(n), 'goal ' || n, 'health' from wildlands.users u, generate_series(1, 100) n;
        insert into wildlands.check_ins (user_id, id, goal_id, date, note, created_at, updated_at)
            select g.user_id, pg_temp.id(100 * n + g.nth), g.id, date '2000-01-01' + n, 'walked and wrote it down',
                   pg_temp.moment(n), pg_temp.moment(n)
            from (select *, row_number() over (order by id) as nth from wildlands.goals) g, generate_series(1, {dates}) n;
        insert into wildlands.record_history (user_id, table_name, record_id, version, operation, \"row\", changed_at)
            select l.user_id, 'logs', l.id, n, 'update', to_jsonb(l), l.created_at + n * interval '1 minute'
            from wildlands.logs l, generate_series(1, 11) n;
        reset session_replication_role"
    );
    superuser.batch_execute(&sql).await.unwrap();
    superuser.batch_execute("vacuum analyze").await.unwrap();
}

/// Seconds for the rows of the four large tables to arrive here.
async fn copy_all(database: &TestDatabase) -> f64 {
    let client = database.superuser_client().await;
    let started = Instant::now();
    for (table, order) in [
        ("logs", "id"),
        ("ideas", "id"),
        ("check_ins", "id"),
        ("record_history", "changed_at, id"),
    ] {
        let sql = format!(
            "copy (select row_to_json(r) from (select * from wildlands.{table} order by {order}) r) to stdout"
        );
        let stream = client.copy_out(&sql).await.unwrap();
        let sum = stream.try_fold(0, async |sum, piece| Ok(sum + piece.len()));
        assert!(sum.await.unwrap() > 10_000_000);
    }
    started.elapsed().as_secs_f64()
}

async fn fill(database: &TestDatabase) {
    let superuser = database.superuser_client().await;
    let sql = "insert into wildlands.ideas (user_id, id, title, pitch, notes) \
         select u.id, gen_random_uuid(), 'idea ' || n, \
                repeat('a line of words about it, \"quoted\" ', 10), \
                repeat('and what came of it: ', 12) \
         from wildlands.users u, generate_series(1, $1::bigint) n";
    // As with the million: neither a history nor the search's documents are read.
    let without = "set session_replication_role = replica";
    superuser.batch_execute(without).await.unwrap();
    superuser.execute(sql, &[&ROWS]).await.unwrap();
    // A vacuum wants to be alone.
    let again = "reset session_replication_role";
    superuser.batch_execute(again).await.unwrap();
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
