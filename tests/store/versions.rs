//! The versions of days and records, with who made them.

use harriswildlands::domain::ids::{RecordId, RequestId};
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::meeting::Base;
use harriswildlands::domain::secret::Exit;
use harriswildlands::domain::subject::Subject;
use harriswildlands::store::api::{Mutation, RecordChange, VersionList, Write};
use harriswildlands::store::queries::{versions, writes};
use harriswildlands::store::session::Session;
use jiff::civil::date;
use serde_json::{Value, json};
use tokio_postgres::types::Type;

use crate::driver::{patch, patch_log, sign_in};
use crate::support::TestServer;

fn list(of: Subject, limit: u16) -> VersionList {
    VersionList {
        of,
        after: None,
        limit,
    }
}

async fn change(session: &Session, id: RecordId, change: RecordChange) {
    let write = Write {
        request: RequestId::new(),
        mutation: Mutation::Record {
            lane: Lane::Goals,
            id,
            change,
        },
    };
    writes::apply(session, &write).await.unwrap();
}

fn set(fields: Value) -> RecordChange {
    RecordChange::Set {
        patch: patch(fields),
        base: Base::Any,
    }
}

#[tokio::test]
async fn a_record_tells_its_versions_and_who_made_them_after_its_end_too() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let id = RecordId::new();
    let create = RecordChange::Create(patch(json!({"title": "Run", "domain": "health"})));
    change(&session, id, create).await;
    for title in ["Walk", "Swim"] {
        change(&session, id, set(json!({ "title": title }))).await;
    }
    let of = Subject::Record(Lane::Goals, id);
    let found = versions::page(&session, &list(of, 10)).await.unwrap();
    assert_eq!(found.next, None);
    let told: Vec<(i32, Value, Option<&str>)> = found
        .list
        .iter()
        .map(|one| {
            let title = one.fields.expose(Exit::Output)["title"].clone();
            (one.number, title, one.made_by.as_deref())
        })
        .collect();
    assert_eq!(
        told,
        [
            (3, json!("Swim"), Some("bruce")),
            (2, json!("Walk"), Some("bruce")),
            (1, json!("Run"), None)
        ]
    );
    assert!(found.list[0].ended.is_none());
    assert!(found.list[1].made_at > found.list[2].made_at);

    change(&session, id, RecordChange::Delete).await;
    let mut pages = list(of, 2);
    let first = versions::page(&session, &pages).await.unwrap();
    assert!(first.list[0].ended.as_ref().unwrap().deleted);
    assert_eq!(first.list[0].number, 3);
    pages.after = first.next;
    let second = versions::page(&session, &pages).await.unwrap();
    assert_eq!((second.list[0].number, second.next), (1, None));

    change(&session, id, RecordChange::Restore).await;
    let back = versions::page(&session, &list(of, 10)).await.unwrap();
    assert_eq!((back.list[0].number, back.list.len()), (4, 4));
    // Nobody else sees them.
    let (other, _) = sign_in(&database, "eve").await;
    let none = versions::page(&other, &list(of, 10)).await.unwrap();
    assert!(none.list.is_empty());
}

#[tokio::test]
async fn a_day_tells_its_versions_by_its_date_after_it_was_deleted_too() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let day = date(2026, 11, 23);
    for energy in [3, 7] {
        let write = patch_log(day, json!({ "energy": energy }));
        writes::apply(&session, &write).await.unwrap();
    }
    let of = Subject::Log(day);
    let energies = async || -> Vec<Value> {
        let found = versions::page(&session, &list(of, 10)).await.unwrap();
        let list = found.list.iter();
        list.map(|one| one.fields.expose(Exit::Output)["energy"].clone())
            .collect()
    };
    assert_eq!(energies().await, [json!(7), json!(3)]);
    let delete = "delete from wildlands.logs where user_id = $1";
    let params = [(&person.id.0 as _, Type::UUID)];
    session.change(delete, &params).await.unwrap();
    assert_eq!(energies().await, [json!(7), json!(3)]);
}

#[tokio::test]
async fn no_page_of_versions_scans_the_history() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let superuser = database.superuser_client().await;
    let user = person.id.0;
    let id = RecordId::new();
    superuser
        .batch_execute(&format!(
            "select set_config('wildlands.user_id', '{user}', false); \
             insert into wildlands.goals (user_id, id, title, domain, version) \
             values ('{user}', '{id}', 'Run', 'health', 5001); \
             insert into wildlands.goals (user_id, id, title, domain) \
             select '{user}', gen_random_uuid(), 'Run', 'health' from generate_series(1, 3000); \
             insert into wildlands.record_history (user_id, table_name, record_id, version, operation, \"row\") \
             select '{user}', 'goals', '{id}', n, 'update', jsonb_build_object('id', '{id}', 'version', n, \
                 'title', 'Run', 'created_at', now(), 'updated_at', now()) from generate_series(1, 5000) n; \
             insert into wildlands.record_history (user_id, table_name, record_id, version, operation, \"row\") \
             select '{user}', case n % 9 when 0 then 'ideas' else 'goals' end, gen_random_uuid(), 1, 'update', '{{}}' \
             from generate_series(1, 60000) n; \
             analyze wildlands.record_history; analyze wildlands.goals"
        ))
        .await
        .unwrap();
    let client = database.app_client().await;
    let set_user = format!("select set_config('wildlands.user_id', '{user}', false)");
    client.batch_execute(&set_user).await.unwrap();
    let mut pages = list(Subject::Record(Lane::Goals, id), 30);
    let limit = 31_i64;
    for page in 0..3 {
        let explain = format!(
            "explain (analyze, format json) {}",
            versions::page_sql(&pages)
        );
        let mut params: Vec<(&(dyn tokio_postgres::types::ToSql + Sync), Type)> = vec![
            (&user, Type::UUID),
            (&id.0, Type::UUID),
            (&limit, Type::INT8),
        ];
        let after = pages.after;
        if let Some((version, entry)) = &after {
            params.extend([(version as _, Type::INT4), (entry as _, Type::UUID)]);
        }
        let row = client.query_typed_one(&explain, &params).await.unwrap();
        let plan: Value = row.get(0);
        let (mut scanned, mut most) = (Vec::new(), 0);
        crate::plans::seq_scans(&plan, &mut scanned);
        crate::plans::rows_read(&plan, &mut most);
        assert!(scanned.is_empty(), "page {page} scans {scanned:?}: {plan}");
        assert!(most <= 70, "page {page} reads {most} rows: {plan}");
        let found = versions::page(&session, &pages).await.unwrap();
        assert_eq!(found.list.len(), 30);
        pages.after = found.next;
    }
}
