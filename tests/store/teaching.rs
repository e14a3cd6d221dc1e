//! Lesson requests and content: what is stored comes back, and their lists at many rows.

use harriswildlands::domain::ids::{RecordId, RequestId};
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::secret::Exit;
use harriswildlands::domain::teaching::{LessonRequest, Plan, plan};
use harriswildlands::store::api::{Listing, Mutation, RecordChange, Write};
use harriswildlands::store::queries::{records, writes};
use harriswildlands::store::session::Session;
use serde_json::{Value, json};
use tokio_postgres::types::Type;

use crate::driver::{patch, sign_in};
use crate::plans::{Params, seq_scans};
use crate::support::TestServer;

/// A field, and the words it is held to.
type Only = (&'static str, &'static [&'static str]);

async fn make(session: &Session, lane: Lane, fields: Value) -> Result<RecordId, String> {
    let id = RecordId::new();
    let write = Write {
        request: RequestId::new(),
        mutation: Mutation::Record {
            lane,
            id,
            change: RecordChange::Create(patch(fields)),
        },
    };
    let written = writes::apply(session, &write).await;
    written.map(|_| id).map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_request_and_its_plan_come_back_as_they_were_written() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let mut fields = json!({
        "subject": "Maths", "topic": "Adding fractions", "durationMinutes": 45,
        "standards": ["5.NF.A.1 Add", "日本語, \"quoted\""], "materials": "strips\nglue",
        "assessmentType": "quiz", "format": "worksheet",
    });
    let request = LessonRequest::read(fields.as_object().unwrap());
    let made = plan(&request);
    for (key, value) in made.fields() {
        fields[key] = value;
    }
    let id = make(&session, Lane::Teaching, fields).await.unwrap();
    let record = records::record(&session, Lane::Teaching, id)
        .await
        .unwrap()
        .unwrap();
    let stored = record.fields.expose(Exit::Output);
    assert_eq!(Plan::read(stored), made);
    let read = LessonRequest::read(stored);
    assert_eq!(read.standards, request.standards);
    assert_eq!((read.duration, read.format), (Some(45), request.format));
    assert_eq!(stored["status"], "requested");
    assert!(
        make(
            &session,
            Lane::Teaching,
            json!({ "subject": "x", "durationMinutes": 241 })
        )
        .await
        .is_err()
    );
}

#[tokio::test]
async fn a_template_belongs_to_its_type() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let piece = |kind: &str, template: &str| json!({ "type": kind, "template": template, "title": "Sheds" });
    for kind in harriswildlands::domain::content::ContentType::ALL {
        for template in kind.templates() {
            make(&session, Lane::Content, piece(kind.name(), template))
                .await
                .unwrap();
        }
    }
    assert!(
        make(&session, Lane::Content, piece("blog", "welcome"))
            .await
            .is_err()
    );
    let listing = Listing {
        only: vec![("type", vec!["blog".to_owned()])],
        ..Listing::new(Lane::Content, 50)
    };
    let page = records::page(&session, &listing).await.unwrap();
    assert_eq!(page.records.len(), 3);
}

#[tokio::test]
async fn no_shelf_of_requests_or_pieces_scans_a_table() {
    let database = TestServer::shared().database().await;
    let (_, person) = sign_in(&database, "bruce").await;
    let superuser = database.superuser_client().await;
    let user = person.id.0;
    let set_user = format!("select set_config('wildlands.user_id', '{user}', false)");
    superuser.batch_execute(&set_user).await.unwrap();
    superuser
        .batch_execute(&format!(
            "insert into wildlands.teaching_requests (user_id, id, subject, status, updated_at) \
             select '{user}', gen_random_uuid(), 'lesson ' || n, \
                 case when n % 1000 = 0 then 'requested' when n % 2 = 0 then 'archived' else 'taught' end, \
                 now() - n * interval '1 minute' \
             from generate_series(1, 10000) n; \
             insert into wildlands.harris_content (user_id, id, type, title, status, updated_at) \
             select '{user}', gen_random_uuid(), case n % 3 when 0 then 'blog' else 'social' end, 'piece ' || n, \
                 case when n % 1000 = 0 then 'draft' else 'archived' end, now() - n * interval '1 minute' \
             from generate_series(1, 10000) n; \
             analyze wildlands.teaching_requests; analyze wildlands.harris_content"
        ))
        .await
        .unwrap();
    let client = database.app_client().await;
    client.batch_execute(&set_user).await.unwrap();
    let shelves: [(Lane, &[Only]); 6] = [
        (Lane::Teaching, &[("status", &["requested", "planned"])]),
        (Lane::Teaching, &[("status", &["taught"])]),
        (Lane::Teaching, &[("status", &["planned"])]),
        (Lane::Content, &[("status", &["draft", "published"])]),
        (Lane::Content, &[("status", &["archived"])]),
        (
            Lane::Content,
            &[("status", &["draft", "published"]), ("type", &["blog"])],
        ),
    ];
    for (lane, only) in shelves {
        let owned = |words: &[&str]| {
            words
                .iter()
                .map(|&word| word.to_owned())
                .collect::<Vec<_>>()
        };
        let listing = Listing {
            only: only
                .iter()
                .map(|(field, words)| (*field, owned(words)))
                .collect(),
            ..Listing::new(lane, 64)
        };
        let (limit, left_out) = (65_i64, vec!["notes"]);
        let mut params: Params<'_> = vec![
            (&user, Type::UUID),
            (&limit, Type::INT8),
            (&left_out, Type::TEXT_ARRAY),
        ];
        for (_, words) in &listing.only {
            match words.as_slice() {
                [word] => params.push((word, Type::TEXT)),
                _ => params.push((words, Type::TEXT_ARRAY)),
            }
        }
        let explain = format!(
            "explain (analyze, format json) {}",
            records::page_sql(&listing)
        );
        let row = client.query_typed_one(&explain, &params).await.unwrap();
        let explained: Value = row.get(0);
        let mut scanned = Vec::new();
        seq_scans(&explained, &mut scanned);
        assert!(
            scanned.is_empty(),
            "{lane:?} {only:?} scans {scanned:?}: {explained}"
        );
    }
}
