//! No list query reads a whole table, with 36,500 logs as with ten.

use harriswildlands::domain::goal::{Status, Week};
use harriswildlands::domain::ids::RecordId;
use harriswildlands::domain::lane::Lane;
use harriswildlands::store::api::{Listing, Order};
use harriswildlands::store::queries::{history, logs, records, writes};
use jiff::civil::{Weekday, date};
use serde_json::{Value, json};
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use crate::driver::{patch_log, sign_in};
use crate::support::TestServer;

#[tokio::test]
async fn no_list_query_scans_a_table() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let superuser = database.superuser_client().await;
    let user = person.id.0;
    let set_user = format!("select set_config('wildlands.user_id', '{user}', false)");
    superuser.batch_execute(&set_user).await.unwrap();
    superuser
        .batch_execute(&format!(
            "insert into wildlands.logs (user_id, id, date, data) \
             select '{user}', gen_random_uuid(), '1920-01-01'::date + n, \
                 jsonb_build_object('energy', n % 10, 'exercise', n % 2 = 0) \
             from generate_series(0, 36499) n; \
             insert into wildlands.record_history (user_id, table_name, record_id, version, operation, \"row\", changed_at) \
             select '{user}', 'logs', id, 1, 'update', jsonb_build_object('data', data), now() - interval '1 year' \
             from wildlands.logs; \
             insert into wildlands.record_history (user_id, table_name, record_id, version, operation, \"row\", changed_at) \
             select '{user}', 'ideas', id, 1, 'update', '{{}}', now() - interval '2 years' \
             from wildlands.logs, generate_series(1, 2); \
             analyze wildlands.logs; analyze wildlands.record_history"
        ))
        .await
        .unwrap();
    writes::apply(&session, &patch_log(date(1999, 1, 1), json!({"energy": 5})))
        .await
        .unwrap();

    let client = database.app_client().await;
    client.batch_execute(&set_user).await.unwrap();
    let (from, to) = (date(1999, 1, 1), date(2000, 1, 1));
    let fields = vec!["energy".to_owned()];
    let dates = logs::earlier_years(date(2016, 2, 29));
    let limit = 50_i64;
    let cases: [(&str, &str, Params<'_>); 5] = [
        (
            "day",
            logs::DAY,
            vec![(&user, Type::UUID), (&from, Type::DATE)],
        ),
        (
            "month",
            logs::MONTH,
            vec![(&user, Type::UUID), (&from, Type::DATE), (&to, Type::DATE)],
        ),
        (
            "series",
            logs::SERIES,
            vec![
                (&user, Type::UUID),
                (&from, Type::DATE),
                (&to, Type::DATE),
                (&fields, Type::TEXT_ARRAY),
            ],
        ),
        (
            "on this day",
            logs::ON_DATES,
            vec![(&user, Type::UUID), (&dates, Type::DATE_ARRAY)],
        ),
        (
            "recent changes",
            history::RECENT,
            vec![(&user, Type::UUID), (&limit, Type::INT8)],
        ),
    ];
    for (name, sql, params) in cases {
        let explain = format!("explain (analyze, format json) {sql}");
        let row = client.query_typed_one(&explain, &params).await.unwrap();
        let plan: Value = row.get(0);
        let text = plan.to_string();
        let mut scanned = Vec::new();
        seq_scans(&plan, &mut scanned);
        assert!(scanned.is_empty(), "{name} scans {scanned:?}: {text}");
    }
}

#[tokio::test]
async fn no_list_of_100_000_ideas_scans_the_table() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let superuser = database.superuser_client().await;
    let user = person.id.0;
    let set_user = format!("select set_config('wildlands.user_id', '{user}', false)");
    superuser.batch_execute(&set_user).await.unwrap();
    superuser
        .batch_execute(&format!(
            "insert into wildlands.ideas (user_id, id, title, status, excitement, feasibility, priority, created_at, updated_at) \
             select '{user}', gen_random_uuid(), 'idea ' || n, \
                 case n % 100 when 0 then 'parked' else 'draft' end, 1 + n % 10, 1 + n % 7, n % 6, \
                 now() - n * interval '1 hour', now() - n * interval '1 minute' \
             from generate_series(1, 100000) n; \
             insert into wildlands.record_history (user_id, table_name, record_id, version, operation, \"row\", changed_at) \
             select '{user}', 'logs', gen_random_uuid(), 1, 'update', '{{}}', now() - n * interval '1 second' \
             from generate_series(1, 50000) n; \
             insert into wildlands.record_history (user_id, table_name, record_id, version, operation, \"row\", changed_at) \
             select '{user}', 'ideas', gen_random_uuid(), 1, 'delete', to_jsonb(i), now() - interval '1 day' \
             from (select * from wildlands.ideas limit 200) i; \
             analyze wildlands.ideas; analyze wildlands.record_history"
        ))
        .await
        .unwrap_or_else(|error| panic!("{error:?}"));
    let client = database.app_client().await;
    client.batch_execute(&set_user).await.unwrap();
    let explained = async |name: &str, sql: &str, params: Params<'_>| {
        let explain = format!("explain (analyze, format json) {sql}");
        let row = client.query_typed_one(&explain, &params).await.unwrap();
        let plan: Value = row.get(0);
        let mut scanned = Vec::new();
        seq_scans(&plan, &mut scanned);
        assert!(scanned.is_empty(), "{name} scans {scanned:?}: {plan}");
        let mut most = 0;
        rows_read(&plan, &mut most);
        most
    };
    for order in [
        Order::Touched,
        Order::Newest,
        Order::Oldest,
        Order::Score,
        Order::Priority,
    ] {
        let ways = [false, true];
        let ways = ways.map(|back| [None, Some("parked")].map(|status| (back, status)));
        for (back, status) in ways.into_iter().flatten() {
            let mut listing = Listing {
                order,
                back,
                only: vec![("status", status.iter().map(ToString::to_string).collect())],
                ..Listing::new(Lane::Ideas, 100)
            };
            // Page by page into the list, so that the page in its middle is explained too.
            for page in 0..3 {
                let limit = i64::from(listing.limit) + 1;
                let left_out = vec!["notes"];
                let words = status.map(str::to_owned).unwrap_or_default();
                let mut params: Params<'_> = vec![
                    (&user, Type::UUID),
                    (&limit, Type::INT8),
                    (&left_out, Type::TEXT_ARRAY),
                ];
                if status.is_some() {
                    params.push((&words, Type::TEXT));
                }
                let after = listing.after.clone();
                if let Some(after) = &after {
                    params.push((&after.key, Type::TEXT));
                    params.push((&after.id.0, Type::UUID));
                }
                let way = if back { "back" } else { "on" };
                let name = format!("{order:?} {status:?} page {page} {way}");
                let most = explained(&name, &records::page_sql(&listing), params).await;
                assert!(
                    most <= 202,
                    "{name} reads {most} rows: {}",
                    records::page_sql(&listing)
                );
                let page = records::page(&session, &listing).await.unwrap();
                listing.after = if back { page.before } else { page.next };
            }
        }
    }
    let limit = 50_i64;
    let two = || -> Params<'_> { vec![(&user, Type::UUID), (&limit, Type::INT8)] };
    explained("deleted", &records::deleted_sql(), two()).await;
    for lane in Lane::ALL {
        let most = explained("recent", &history::recent_of_lane(lane), two()).await;
        assert!(most <= 250, "recent changes of {lane:?} read {most} rows");
    }
}

#[tokio::test]
async fn no_list_of_100_000_check_ins_scans_the_table() {
    let database = TestServer::shared().database().await;
    let (_, person) = sign_in(&database, "bruce").await;
    let superuser = database.superuser_client().await;
    let user = person.id.0;
    let set_user = format!("select set_config('wildlands.user_id', '{user}', false)");
    superuser.batch_execute(&set_user).await.unwrap();
    superuser
        .batch_execute(&format!(
            "insert into wildlands.goals (user_id, id, title, domain, status) \
             select '{user}', gen_random_uuid(), 'goal ' || n, 'work', \
                 case n % 10 when 0 then 'active' else 'archived' end \
             from generate_series(1, 2000) n; \
             insert into wildlands.check_ins (user_id, id, goal_id, date, amount) \
             select '{user}', gen_random_uuid(), g.id, '2026-11-23'::date - n, n \
             from (select id from wildlands.goals limit 50) g, generate_series(0, 1999) n; \
             analyze wildlands.goals; analyze wildlands.check_ins"
        ))
        .await
        .unwrap();
    let one: Uuid = superuser
        .query_one("select goal_id from wildlands.check_ins limit 1", &[])
        .await
        .unwrap()
        .get(0);
    let client = database.app_client().await;
    client.batch_execute(&set_user).await.unwrap();
    let today = date(2026, 11, 23);
    let week = Week::of(today, Weekday::Monday).plus(-1);
    let year = (date(2025, 11, 17), today);
    for (name, listing, fits) in [
        ("goals", Listing::goals(Status::Active), 200),
        ("week", Listing::check_ins_of_week(week), 350),
        (
            "year",
            Listing::check_ins_of_goal(RecordId(one), year.0, year.1),
            372,
        ),
    ] {
        let limit = i64::from(listing.limit) + 1;
        let left_out = vec!["imported"];
        let mut params: Params<'_> = vec![
            (&user, Type::UUID),
            (&limit, Type::INT8),
            (&left_out, Type::TEXT_ARRAY),
        ];
        params.extend(
            listing
                .only
                .iter()
                .map(|(_, words)| -> (&(dyn ToSql + Sync), Type) { (&words[0], Type::TEXT) }),
        );
        if let Some((from, to)) = &listing.dates {
            params.extend([(from as _, Type::DATE), (to as _, Type::DATE)]);
        }
        let sql = records::page_sql(&listing);
        let explain = format!("explain (analyze, format json) {sql}");
        let row = client.query_typed_one(&explain, &params).await.unwrap();
        let plan: Value = row.get(0);
        let (mut scanned, mut most) = (Vec::new(), 0);
        seq_scans(&plan, &mut scanned);
        rows_read(&plan, &mut most);
        assert!(scanned.is_empty(), "{name} scans {scanned:?}: {plan}");
        assert!(most <= fits, "{name} reads {most} rows: {plan}");
    }
}

/// The most rows that a node of a plan gives or throws away.
pub fn rows_read(plan: &Value, most: &mut i64) {
    match plan {
        Value::Object(node) => {
            let number = |key: &str| node.get(key).and_then(Value::as_i64).unwrap_or(0);
            let read = number("Actual Rows") + number("Rows Removed by Filter");
            *most = (*most).max(read);
            node.values().for_each(|part| rows_read(part, most));
        }
        Value::Array(parts) => parts.iter().for_each(|part| rows_read(part, most)),
        _ => {}
    }
}

pub type Params<'a> = Vec<(&'a (dyn ToSql + Sync), Type)>;

/// Names of the tables that a plan reads as a whole.
pub fn seq_scans(plan: &Value, found: &mut Vec<String>) {
    match plan {
        Value::Object(node) => {
            if node.get("Node Type").is_some_and(|kind| kind == "Seq Scan") {
                let relation = node["Relation Name"].as_str().unwrap_or_default();
                // The directory of accounts has one row per person and decides who is asking.
                if relation != "account_directory" {
                    found.push(relation.to_owned());
                }
            }
            node.values().for_each(|part| seq_scans(part, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| seq_scans(part, found)),
        _ => {}
    }
}
