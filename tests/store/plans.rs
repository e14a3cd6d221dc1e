//! No list query reads a whole table, with 36,500 logs as with ten.

use harriswildlands::store::queries::{history, logs, writes};
use jiff::civil::date;
use serde_json::{Value, json};
use tokio_postgres::types::{ToSql, Type};

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

type Params<'a> = Vec<(&'a (dyn ToSql + Sync), Type)>;

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
