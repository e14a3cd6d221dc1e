//! A weekly review: what is read of a week, what is kept of it, and its questions at many rows.

use harriswildlands::domain::form::LogForm;
use harriswildlands::domain::goal::Week;
use harriswildlands::domain::ids::{RecordId, RequestId};
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::review::{Review, completing, figures, id_of, words};
use harriswildlands::domain::secret::Exit;
use harriswildlands::store::api::{Answer, Listing, Mutation, Query, RecordChange, Write, Written};
use harriswildlands::store::queries::{self, records, review, writes};
use harriswildlands::store::session::Session;
use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tokio_postgres::types::Type;

use crate::driver::{patch, patch_log, sign_in};
use crate::plans::{Params, rows_read, seq_scans};
use crate::support::TestServer;

const TODAY: Date = date(2026, 11, 24);

fn week() -> Week {
    Week::of(date(2026, 11, 16), Weekday::Monday)
}

fn query() -> Query {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    Query::review(week(), TODAY, &zone, &LogForm::builtin())
}

fn of_review(id: RecordId, change: RecordChange) -> Write {
    Write {
        request: RequestId::new(),
        mutation: Mutation::Record {
            lane: Lane::Reviews,
            id,
            change,
        },
    }
}

async fn create(session: &Session, lane: Lane, fields: Value) -> RecordId {
    let id = RecordId::new();
    let write = Write {
        request: RequestId::new(),
        mutation: Mutation::Record {
            lane,
            id,
            change: RecordChange::Create(patch(fields)),
        },
    };
    writes::apply(session, &write).await.unwrap();
    id
}

#[allow(clippy::too_many_lines)] // one story, with its rows
#[tokio::test]
async fn a_week_is_read_with_what_it_is_held_against() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let (other, _) = sign_in(&database, "anna").await;
    for (day, energy) in [(16, 5), (17, 7), (19, 9)] {
        let log = json!({"energy": energy, "exercise": day != 17, "topWin": "x"});
        writes::apply(&session, &patch_log(date(2026, 11, day), log))
            .await
            .unwrap();
    }
    let log = json!({"energy": 3});
    writes::apply(&session, &patch_log(date(2025, 11, 18), log.clone()))
        .await
        .unwrap();
    writes::apply(&other, &patch_log(date(2026, 11, 18), log))
        .await
        .unwrap();
    let goal = create(
        &session,
        Lane::Goals,
        json!({"title": "Run", "domain": "health", "weeklyMinimum": 3}),
    )
    .await;
    for day in [16, 20] {
        let check_in = json!({"goalId": goal, "date": date(2026, 11, day)});
        create(&session, Lane::CheckIns, check_in).await;
    }
    let parked = create(
        &session,
        Lane::Ideas,
        json!({"title": "late", "status": "parked", "reviewOn": "2026-11-01"}),
    )
    .await;
    create(&session, Lane::Ideas, json!({"title": "fresh"})).await;
    create(
        &session,
        Lane::Teaching,
        json!({"subject": "Maths", "topic": "Fractions"}),
    )
    .await;
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute(&format!(
            "select set_config('wildlands.user_id', '{user}', false); \
             alter table wildlands.ideas disable trigger user; \
             alter table wildlands.teaching_requests disable trigger user; \
             update wildlands.ideas set created_at = '2026-09-01', updated_at = '2026-10-01'; \
             update wildlands.teaching_requests set created_at = '2026-11-20T12:00Z'; \
             alter table wildlands.ideas enable trigger user; \
             alter table wildlands.teaching_requests enable trigger user; \
             update wildlands.goals set created_at = '2026-01-01'; \
             insert into wildlands.drift_flags (user_id, id, type, subject, value, window_start, window_end, sentence, state, \
                 first_seen, last_seen, resolved_at) values \
             ('{user}', gen_random_uuid(), 'level_shift', 'energy', '{{}}', '2026-11-10', '2026-11-17', 'A new one.', 'open', \
                 '2026-11-17', '2026-11-24', null), \
             ('{user}', gen_random_uuid(), 'missed_days', '', '{{}}', '2026-10-10', '2026-11-17', 'An old one.', 'resolved', \
                 '2026-10-17', '2026-11-22', '2026-11-22T23:30Z'), \
             ('{user}', gen_random_uuid(), 'overload', '', '{{}}', '2026-10-10', '2026-11-17', 'Before it.', 'resolved', \
                 '2026-10-17', '2026-11-14', '2026-11-15T23:30Z')",
            user = person.id.0
        ))
        .await
        .unwrap_or_else(|error| panic!("{error:?}"));

    let Answer::Review(material) = queries::answer(&session, &query()).await.unwrap() else {
        panic!("another answer")
    };
    let seen = figures(&material, week(), &LogForm::builtin(), TODAY);
    assert_eq!(
        seen.days.each,
        [true, true, false, true, false, false, false]
    );
    assert_eq!(seen.days.year_ago, Some(1));
    let lines: Vec<String> = seen
        .fields
        .iter()
        .map(|field| format!("{} {}", field.label, words::against_typical(field)))
        .collect();
    assert_eq!(lines, ["energy 7.0", "exercise 2 of 3"]);
    assert_eq!(seen.goals.len(), 1);
    assert_eq!(words::done(&seen.goals[0]), "2 of 3");
    let signals: Vec<(String, String)> = seen
        .signals
        .iter()
        .map(|signal| {
            (
                signal.sentence.expose(Exit::Output).clone(),
                words::seen(signal),
            )
        })
        .collect();
    // 23:30 UTC on the 22nd is the 23rd in Berlin, and on the 15th it is the 16th.
    assert_eq!(
        signals,
        [
            ("Before it.".to_owned(), "ended 16 Nov".to_owned()),
            ("A new one.".to_owned(), "new 17 Nov".to_owned()),
        ]
    );
    assert_eq!((seen.ideas.past_review, seen.ideas.untouched), (1, 1));
    assert_eq!(seen.ideas.named.len(), 2);
    assert!(seen.ideas.named.iter().any(|idea| idea.id == parked));
    assert_eq!(seen.lessons.named[0].title, "Maths: Fractions");
    assert_eq!(material.review, None);
}

#[tokio::test]
async fn figures_of_the_red_zone_are_read_only_where_they_are_opted_in() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let toml = "[[section]]\ntitle = \"Day\"\nfield = [ \
        { key = \"prayer\", label = \"prayer\", kind = \"scale\", sensitive = true, drift = true } ]\n";
    let form = LogForm::parse(toml, "form.toml").unwrap();
    let log = json!({"prayer": 9});
    writes::apply(&session, &patch_log(date(2026, 11, 17), log))
        .await
        .unwrap();
    let query = Query::review(week(), TODAY, &TimeZone::UTC, &form);
    let fields = async || {
        let Answer::Review(material) = queries::answer(&session, &query).await.unwrap() else {
            panic!("another answer")
        };
        let seen = figures(&material, week(), &form, TODAY);
        (
            material.answers.expose(Exit::Database).len(),
            seen.fields.len(),
        )
    };
    assert_eq!(fields().await, (0, 0));
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute(&format!(
            "update wildlands.users set settings = '{{\"drift\": {{\"optedIn\": [\"prayer\"]}}}}' where id = '{}'",
            person.id.0
        ))
        .await
        .unwrap();
    assert_eq!(fields().await, (1, 1));
}

#[tokio::test]
async fn a_review_is_made_once_for_a_week_and_keeps_the_figures_of_its_day() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let begun = json!({"weekStart": "2026-11-16", "stats.place": "days"});
    let id = id_of(person.id, week());
    let first = of_review(id, RecordChange::Create(patch(begun)));
    writes::apply(&session, &first).await.unwrap();
    // Another program, with an id of its own, as an import might bring one.
    let answer = json!({"weekStart": "2026-11-16", "answers.inTheWay": "trains"});
    let second = of_review(RecordId::new(), RecordChange::Create(patch(answer)));
    let Written::Record { record, .. } = writes::apply(&session, &second).await.unwrap() else {
        panic!("a record")
    };
    assert_eq!(record.unwrap().id, id);

    let Answer::Review(material) = queries::answer(&session, &query()).await.unwrap() else {
        panic!("another answer")
    };
    assert_eq!(material.review, Some(id));
    let seen = figures(&material, week(), &LogForm::builtin(), TODAY);
    let now = "2026-11-24T20:00:00Z".parse().unwrap();
    let complete = of_review(
        id,
        RecordChange::Set {
            patch: completing(&seen, now),
            base: harriswildlands::domain::meeting::Base::Any,
        },
    );
    let Written::Record { inverse, .. } = writes::apply(&session, &complete).await.unwrap() else {
        panic!("a record")
    };
    let read = async || {
        let record = records::record(&session, Lane::Reviews, id)
            .await
            .unwrap()
            .unwrap();
        Review::read(record.fields.expose(Exit::Output))
    };
    let kept = read().await;
    assert_eq!(kept.week_start, Some(week().first()));
    assert_eq!((kept.place, kept.completed_at), (None, Some(now)));
    assert_eq!(
        kept.answers["answers.inTheWay"].expose(Exit::Output),
        "trains"
    );
    assert_eq!(kept.figures.unwrap(), seen);
    // Taking it back leaves the answers, and the place where it was.
    let back = Write {
        request: RequestId::new(),
        mutation: inverse.unwrap(),
    };
    writes::apply(&session, &back).await.unwrap();
    let kept = read().await;
    assert_eq!(
        (kept.place.as_deref(), kept.completed_at),
        (Some("days"), None)
    );
    assert_eq!(kept.figures, None);
    let page = records::page(&session, &Listing::reviews(10))
        .await
        .unwrap();
    assert_eq!(page.records.len(), 1);
    let listed = page.records[0].fields.expose(Exit::Output);
    assert!(
        listed.keys().all(|key| !key.starts_with("answers")),
        "{:?}",
        listed.keys()
    );
}

#[allow(clippy::too_many_lines)] // one story, with its rows
#[tokio::test]
async fn no_question_of_a_review_scans_a_table() {
    let database = TestServer::shared().database().await;
    let (_, person) = sign_in(&database, "bruce").await;
    let superuser = database.superuser_client().await;
    let user = person.id.0;
    let set_user = format!("select set_config('wildlands.user_id', '{user}', false)");
    superuser.batch_execute(&set_user).await.unwrap();
    superuser
        .batch_execute(&format!(
            "insert into wildlands.logs (user_id, id, date, data) \
             select '{user}', gen_random_uuid(), '1990-01-01'::date + n, jsonb_build_object('energy', n % 10) \
             from generate_series(0, 19999) n; \
             insert into wildlands.ideas (user_id, id, title, status, review_on, created_at, updated_at) \
             select '{user}', gen_random_uuid(), 'idea ' || n, case when n % 50 = 0 then 'parked' when n % 50 = 1 then 'draft' \
                 else 'discarded' end, case when n % 50 = 0 then '2026-01-01'::date end, \
                 '2026-11-24'::timestamptz - n * interval '1 hour', '2026-11-24'::timestamptz - n * interval '1 hour' \
             from generate_series(1, 20000) n; \
             insert into wildlands.goals (user_id, id, title, domain) \
             select '{user}', gen_random_uuid(), 'goal ' || n, 'work' from generate_series(1, 5000) n; \
             insert into wildlands.teaching_requests (user_id, id, subject, status, created_at) \
             select '{user}', gen_random_uuid(), 'Maths', case when n % 50 = 0 then 'requested' else 'taught' end, \
                 '2026-11-24'::timestamptz - n * interval '1 hour' \
             from generate_series(1, 20000) n; \
             insert into wildlands.reviews (user_id, id, week_start) \
             select '{user}', gen_random_uuid(), '1990-01-01'::date + 7 * n from generate_series(0, 3999) n; \
             insert into wildlands.drift_flags (user_id, id, type, subject, window_start, window_end, sentence, state, \
                 first_seen, last_seen, resolved_at) \
             select '{user}', gen_random_uuid(), 'trend', 'f' || n, '1990-01-01'::date + n, '1990-01-01'::date + n, 'x', 'resolved', \
                 '1990-01-01'::date + n, '1990-01-01'::date + n, '1990-01-20'::timestamptz + n * interval '1 day' \
             from generate_series(0, 19999) n; \
             analyze wildlands.logs; analyze wildlands.ideas; analyze wildlands.goals; analyze wildlands.teaching_requests; \
             analyze wildlands.drift_flags; analyze wildlands.reviews"
        ))
        .await
        .unwrap_or_else(|error| panic!("{error:?}"));
    let client = database.app_client().await;
    client.batch_execute(&set_user).await.unwrap();
    let (first, last) = (date(2026, 11, 16), date(2026, 11, 22));
    let (from, before) = (date(2025, 10, 12), date(2026, 11, 23));
    let moments: [jiff::Timestamp; 2] =
        ["2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"].map(|text| text.parse().unwrap());
    let keys = vec!["energy".to_owned()];
    let limit = 20_i64;
    let left_out = vec!["stats".to_owned()];
    let page = records::page_sql(&Listing::reviews(19));
    let cases: [(&str, &str, Params<'_>, i64); 8] = [
        (
            "settings",
            review::SETTINGS,
            vec![(&user, Type::UUID), (&first, Type::DATE)],
            2,
        ),
        (
            "logs",
            review::LOGS,
            vec![
                (&user, Type::UUID),
                (&from, Type::DATE),
                (&last, Type::DATE),
                (&keys, Type::TEXT_ARRAY),
            ],
            410,
        ),
        ("goals", review::GOALS, vec![(&user, Type::UUID)], 1000),
        (
            "signals",
            review::SIGNALS,
            vec![
                (&user, Type::UUID),
                (&first, Type::DATE),
                (&last, Type::DATE),
                (&moments[0], Type::TIMESTAMPTZ),
                (&moments[1], Type::TIMESTAMPTZ),
            ],
            20,
        ),
        (
            "parked",
            review::PARKED,
            vec![
                (&user, Type::UUID),
                (&before, Type::DATE),
                (&moments[1], Type::TIMESTAMPTZ),
                (&limit, Type::INT8),
            ],
            450,
        ),
        (
            "drafts",
            review::DRAFTS,
            vec![
                (&user, Type::UUID),
                (&moments[0], Type::TIMESTAMPTZ),
                (&limit, Type::INT8),
            ],
            450,
        ),
        (
            "lessons",
            review::LESSONS,
            vec![
                (&user, Type::UUID),
                (&moments[1], Type::TIMESTAMPTZ),
                (&limit, Type::INT8),
            ],
            450,
        ),
        (
            "reviews",
            &page,
            vec![
                (&user, Type::UUID),
                (&limit, Type::INT8),
                (&left_out, Type::TEXT_ARRAY),
            ],
            40,
        ),
    ];
    for (name, sql, params, fits) in cases {
        let explain = format!("explain (analyze, format json) {sql}");
        let row = client.query_typed_one(&explain, &params).await.unwrap();
        let plan: Value = row.get(0);
        let (mut scanned, mut most) = (Vec::new(), 0);
        seq_scans(&plan, &mut scanned);
        rows_read(&plan, &mut most);
        scanned.retain(|table| table != "users");
        assert!(scanned.is_empty(), "{name} scans {scanned:?}: {plan}");
        assert!(most <= fits, "{name} reads {most} rows: {plan}");
    }
}
