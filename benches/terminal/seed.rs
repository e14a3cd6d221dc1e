//! The homes that are measured: one with ten days, one with a hundred years of them.

use std::sync::Arc;

use harriswildlands::domain::sample;
use harriswildlands::domain::secret::Exit;
use jiff::civil::Date;
use serde_json::Value;

use crate::Homes;
use crate::home::Home;
use crate::support::{TestDatabase, TestServer};

/// Between two of the ten days, so that a jump from one to the next finds nothing in the cache.
pub const STEP: i32 = 3;

/// The text that a day shows, and no other day does.
pub fn win(date: Date) -> String {
    format!("won on {date}")
}

/// Today, where the homes are.
pub fn today() -> Date {
    jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date()
}

/// Runs a future to its end.
pub fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

/// Both homes, on one server.
pub fn homes() -> Homes {
    let server = TestServer::shared();
    Homes {
        few: with_days(&server, 10, STEP, 10),
        many: with_days(&server, 36_500, 1, 100_000),
    }
}

/// A home with so many days, that many apart, the last one today, and so many ideas.
fn with_days(server: &Arc<TestServer>, count: i32, step: i32, ideas: i32) -> Home {
    let home = Home::on(wait(server.database()));
    let set = format!("topWin={}", win(today()));
    home.run(&["log", "today", &set]);
    let database = home.database.as_ref().unwrap();
    wait(fill(database, count, step));
    wait(have_ideas(database, ideas));
    home
}

/// Invented days, over and over.
pub async fn fill(database: &TestDatabase, count: i32, step: i32) {
    let days: Vec<Value> = sample::days(1, today())
        .into_iter()
        .map(|day| Value::Object(day.data.into_exposed(Exit::Database)))
        .collect();
    let superuser = database.superuser_client().await;
    let sql = "with days as (select data, row_number() over () - 1 as number \
                             from unnest($1::jsonb[]) as data)
         insert into wildlands.logs (user_id, id, date, data) \
         select u.id, gen_random_uuid(), d.date, \
                days.data || jsonb_build_object('topWin', 'won on ' || d.date::text) \
         from generate_series(0, $2 - 1) n, \
              lateral (select $4::date - n * $3 as date) d, wildlands.users u, days \
         where days.number = n % $5 \
         on conflict (user_id, date) do update set data = excluded.data";
    let kinds = i32::try_from(days.len()).unwrap();
    let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
        [&days, &count, &step, &today(), &kinds];
    superuser.execute(sql, &parameters).await.unwrap();
    superuser.batch_execute("vacuum analyze").await.unwrap();
}

/// So many ideas, the last one touched first.
async fn have_ideas(database: &TestDatabase, count: i32) {
    let superuser = database.superuser_client().await;
    let sql = "insert into wildlands.ideas \
             (user_id, id, title, status, excitement, feasibility, created_at, updated_at) \
         select u.id, gen_random_uuid(), 'idea ' || lpad(n::text, 6, '0'), 'draft', \
                1 + n % 10, 1 + n % 7, now() - n * interval '1 hour', now() - n * interval '1 minute' \
         from generate_series(1, $1) n, wildlands.users u";
    superuser.execute(sql, &[&count]).await.unwrap();
    superuser.batch_execute("vacuum analyze").await.unwrap();
}
