//! Signals: the history that the rules look at, what is stored of them over days, two programs at once, and what
//! programs hear of one another.

use std::sync::Arc;

use harriswildlands::domain::drift::{Evidence, Settings, Signal, SignalType};
use harriswildlands::domain::form::LogForm;
use harriswildlands::domain::ids::{RecordId, RequestId};
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::meeting::Base;
use harriswildlands::store::api::{
    DriftRequest, Event, Listing, Mutation, Observer, RecordChange, Request, Standing, Write,
    Written,
};
use harriswildlands::store::queries::drift::{self, Known, Outcome};
use harriswildlands::store::queries::{records, writes};
use harriswildlands::store::session::Session;
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date};
use serde_json::{Value, json};
use tokio_postgres::types::Type;

use crate::driver::{Driver, patch, patch_log, sign_in, target};
use crate::plans::{Params, seq_scans};
use crate::support::{APP, TestServer};

const TODAY: Date = date(2026, 11, 28);

fn record(lane: Lane, id: RecordId, change: RecordChange) -> Write {
    Write {
        request: RequestId::new(),
        mutation: Mutation::Record { lane, id, change },
    }
}

fn set(fields: Value) -> RecordChange {
    RecordChange::Set {
        patch: patch(fields),
        base: Base::Any,
    }
}

fn create(fields: Value) -> RecordChange {
    RecordChange::Create(patch(fields))
}

fn promoted() -> Write {
    let idea = create(json!({ "title": "x", "status": "promoted" }));
    record(Lane::Ideas, RecordId::new(), idea)
}

async fn calculated(session: &Session, today: Date) -> Outcome {
    drift::recalculate(session, &LogForm::builtin(), today, Weekday::Monday)
        .await
        .unwrap()
        .0
}

async fn flags(session: &Session) -> Vec<(String, String)> {
    let page = records::page(session, &Listing::new(Lane::Signals, 50))
        .await
        .unwrap();
    let word = |record: &harriswildlands::domain::record::Record, key: &str| {
        record.word(key).unwrap_or_default().to_owned()
    };
    let mut flags: Vec<_> = page
        .records
        .iter()
        .map(|one| (word(one, "type"), word(one, "state")))
        .collect();
    flags.sort();
    flags
}

async fn id_of_first(session: &Session) -> RecordId {
    let page = records::page(session, &Listing::new(Lane::Signals, 50))
        .await
        .unwrap();
    page.records[0].id
}

fn one(kind: &str, state: &str) -> Vec<(String, String)> {
    vec![(kind.to_owned(), state.to_owned())]
}

#[tokio::test]
async fn the_history_is_figures_of_the_fields_that_take_part() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let day = date(2026, 11, 3);
    let long = "needle ".repeat(4000);
    let logged = patch_log(
        day,
        json!({ "energy": 7, "exercise": true, "prayer": true, "topWin": long, "mood": "none", "sleepHours": 6.5 }),
    );
    writes::apply(&session, &logged).await.unwrap();
    writes::apply(
        &session,
        &patch_log(day.tomorrow().unwrap(), json!({ "exercise": false })),
    )
    .await
    .unwrap();
    let form = LogForm::builtin();
    let mut settings = Settings::default();
    let history = drift::load_history(&session, &form, &settings, None)
        .await
        .unwrap();
    assert_eq!(history.logged.len(), 2);
    let values =
        |history: &harriswildlands::domain::drift::History, key: &str| -> Option<Vec<f64>> {
            let field = history.fields.iter().find(|field| field.key == key)?;
            Some(field.observations.iter().map(|one| one.value).collect())
        };
    assert_eq!(values(&history, "energy"), Some(vec![7.0]));
    assert_eq!(values(&history, "exercise"), Some(vec![1.0, 0.0]));
    assert_eq!(values(&history, "sleepHours"), Some(vec![6.5]));
    assert_eq!(values(&history, "mood"), Some(vec![]));
    assert_eq!(
        (values(&history, "prayer"), values(&history, "topWin")),
        (None, None)
    );
    assert!(!format!("{history:?}").contains("needle"));
    settings.opted_in.insert("prayer".to_owned());
    settings.opted_out.insert("energy".to_owned());
    let history = drift::load_history(&session, &form, &settings, Some(day.tomorrow().unwrap()))
        .await
        .unwrap();
    assert_eq!(
        (history.logged.len(), values(&history, "energy")),
        (1, None)
    );
    assert_eq!(values(&history, "prayer"), Some(vec![]));
}

#[tokio::test]
async fn what_is_kept_of_the_history_follows_the_persons_changes() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let form = LogForm::builtin();
    let client = database.app_client().await;
    let mut known = Known::of_now(&session, &client, &form, Weekday::Monday)
        .await
        .unwrap();
    let goal = RecordId::new();
    let idea = RecordId::new();
    let check_in = RecordId::new();
    let days = [3, 1, 2].map(|day| date(2026, 11, day));
    let mut all: Vec<Write> = days
        .iter()
        .map(|day| patch_log(*day, json!({ "energy": day.day(), "exercise": true })))
        .collect();
    all.push(patch_log(days[0], json!({ "energy": 9, "exercise": null })));
    all.push(patch_log(
        days[1],
        json!({ "energy": null, "exercise": null }),
    ));
    all.push(record(
        Lane::Goals,
        goal,
        create(json!({ "title": "g", "domain": "work" })),
    ));
    all.push(record(
        Lane::Goals,
        goal,
        set(json!({ "weeklyMinimum": 3 })),
    ));
    let done = json!({ "goalId": goal, "date": days[0], "completed": true });
    all.push(record(Lane::CheckIns, check_in, create(done)));
    all.push(record(
        Lane::CheckIns,
        check_in,
        set(json!({ "completed": false, "note": "n" })),
    ));
    all.push(record(Lane::Ideas, idea, create(json!({ "title": "i" }))));
    all.push(record(
        Lane::Ideas,
        idea,
        set(json!({ "status": "parked", "reviewOn": "2026-12-01" })),
    ));
    for write in &all {
        let took = match writes::apply(&session, write).await.unwrap() {
            Written::Log { log, .. } => known.take_log(&log),
            Written::Record { record, .. } => {
                let record = record.unwrap();
                known.take_record(record.lane, record.id, Some(&record))
            }
            Written::Already { .. } => panic!("written once"),
        };
        assert!(took);
        let mut kept = known.history.clone();
        kept.logged.sort();
        let loaded = drift::load_history(&session, &form, &Settings::default(), None)
            .await
            .unwrap();
        assert_eq!(kept, loaded);
    }
    // With its goal go its check-ins: that is asked of the database.
    let gone = writes::apply(&session, &record(Lane::Goals, goal, RecordChange::Delete))
        .await
        .unwrap();
    let Written::Record { record: None, .. } = gone else {
        panic!("{gone:?}")
    };
    assert!(!known.take_record(Lane::Goals, goal, None));
}

#[tokio::test]
async fn an_episode_is_one_row_from_its_first_day_to_its_end() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let superuser = database.superuser_client().await;
    let versions = async || -> i64 {
        let sql = "select count(*) from wildlands.record_history where user_id = $1 and table_name = 'drift_flags'";
        superuser
            .query_one(sql, &[&person.id.0])
            .await
            .unwrap()
            .get(0)
    };
    let ideas: Vec<Write> = (0..3).map(|_| promoted()).collect();
    for idea in &ideas {
        writes::apply(&session, idea).await.unwrap();
    }
    let today = jiff::Zoned::now()
        .with_time_zone(jiff::tz::TimeZone::get("Europe/Berlin").unwrap())
        .date();
    let after = |days: i64| today.saturating_add(days.days());
    assert_eq!(calculated(&session, today).await.opened, 1);
    assert_eq!(flags(&session).await, one("ideas_crowded", "open"));
    // The same once more writes nothing at all.
    assert!(!calculated(&session, today).await.has_changed());
    assert_eq!(versions().await, 0);
    let id = id_of_first(&session).await;
    let answer = set(json!({ "state": "acknowledged", "acknowledgedAt": "2026-11-28T07:00:00Z" }));
    writes::apply(&session, &record(Lane::Signals, id, answer))
        .await
        .unwrap();
    // Acknowledged, it stays so for the episode, and its last day goes on.
    let outcome = calculated(&session, after(1)).await;
    assert_eq!((outcome.continued, outcome.open), (1, 0));
    assert_eq!(flags(&session).await, one("ideas_crowded", "acknowledged"));
    let snooze = json!({ "state": "snoozed", "snoozedUntil": after(4), "note": "later" });
    writes::apply(&session, &record(Lane::Signals, id, set(snooze)))
        .await
        .unwrap();
    calculated(&session, after(3)).await;
    assert_eq!(flags(&session).await, one("ideas_crowded", "snoozed"));
    assert_eq!(calculated(&session, after(4)).await.open, 1);
    assert_eq!(flags(&session).await, one("ideas_crowded", "open"));
    // The condition ends, and with it the episode.
    let Mutation::Record { id: idea, .. } = ideas[0].mutation else {
        panic!()
    };
    let parked = set(json!({ "status": "parked", "reviewOn": "2030-01-01" }));
    writes::apply(&session, &record(Lane::Ideas, idea, parked))
        .await
        .unwrap();
    assert_eq!(calculated(&session, after(5)).await.resolved, 1);
    assert_eq!(flags(&session).await, one("ideas_crowded", "resolved"));
    let ended = records::record(&session, Lane::Signals, id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(ended.date("firstSeen"), Some(today));
    assert_eq!(ended.date("lastSeen"), Some(after(4)));
    assert!(ended.word("resolvedAt").is_some());
    assert_eq!(ended.word("note"), Some("later"));
}

fn signal(subject: &str, start: Date, end: Date) -> Signal {
    Signal {
        kind: SignalType::LevelShift,
        subject: subject.to_owned(),
        window_start: start,
        window_end: end,
        sentence: format!("{subject} moved."),
        evidence: Evidence::from_json(&json!({
            "rule": "level_shift", "version": 1, "parameters": { "limit": 4.5 },
            "window": { "from": start, "to": end }, "baseline": null,
            "observed": { "n": 9, "mean": 5.125 }, "statistic": 6, "limit": 4.5, "rows": [],
        }))
        .unwrap(),
    }
}

#[tokio::test]
async fn programs_that_calculate_at_once_make_one_row() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let (other, _) = sign_in(&database, "bruce").await;
    let clients = futures_util::future::join_all((0..8).map(|_| database.app_client())).await;
    let found = || {
        vec![
            signal("energy", date(2026, 11, 3), TODAY),
            signal("mood", TODAY, TODAY),
        ]
    };
    let runs = clients.iter().enumerate().map(|(at, client)| {
        let session = if at % 2 == 0 { &session } else { &other };
        drift::reconcile(session, client, found(), TODAY)
    });
    let outcomes = futures_util::future::join_all(runs).await;
    let opened: usize = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().unwrap().opened)
        .sum();
    assert_eq!(opened, 2, "{outcomes:?}");
    assert_eq!(flags(&session).await.len(), 2);
    // An ended one that begins anew on the same date is the same row, open again.
    let gone = drift::reconcile(&session, &clients[0], Vec::new(), TODAY)
        .await
        .unwrap();
    assert_eq!(gone.resolved, 2);
    let back = drift::reconcile(&session, &clients[0], found(), TODAY)
        .await
        .unwrap();
    assert_eq!((back.continued, back.opened, back.open), (2, 0, 2));
    let row = records::record(&session, Lane::Signals, id_of_first(&session).await)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.word("state"), row.word("resolvedAt")),
        (Some("open"), None)
    );
    // What fails leaves the connection usable.
    let mut broken = signal("x", TODAY, TODAY);
    broken.subject = "x".repeat(300);
    assert!(
        drift::reconcile(&session, &clients[0], vec![broken], TODAY)
            .await
            .is_err()
    );
    assert!(
        !drift::reconcile(&session, &clients[0], found(), TODAY)
            .await
            .unwrap()
            .has_changed()
    );
}

#[tokio::test]
async fn the_settings_of_two_programs_are_merged_and_exported_with_the_person() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let superuser = database.superuser_client().await;
    superuser
        .execute("update wildlands.users set settings = '{\"searchLanguage\": \"german\"}' where id = $1", &[&person.id.0])
        .await
        .unwrap();
    let opt = |name: &'static str| {
        let session = session.clone();
        async move {
            drift::change_settings(&session, |settings| {
                settings.opted_in.insert(name.to_owned());
            })
            .await
            .unwrap()
        }
    };
    tokio::join!(opt("prayer"), opt("domain:faith"));
    let read = drift::read_settings(&session).await.unwrap();
    assert_eq!(
        read.opted_in,
        ["domain:faith", "prayer"].map(str::to_owned).into()
    );
    let row = superuser
        .query_one(
            "select settings from wildlands.users where id = $1",
            &[&person.id.0],
        )
        .await
        .unwrap();
    let stored: Value = row.get(0);
    assert_eq!(
        stored,
        json!({ "searchLanguage": "german", "drift": { "optedIn": ["domain:faith", "prayer"] } })
    );
}

fn observe(driver: &Driver, today: Date) {
    driver.send(Request::Drift(DriftRequest::Observe(Some(Observer {
        form: Arc::new(LogForm::builtin()),
        today,
        week_start: Weekday::Monday,
    }))));
}

async fn standing(driver: &mut Driver, open: usize) -> Standing {
    driver
        .until("Drift", |event| match event {
            Event::Drift(standing) if standing.open == open => Some((**standing).clone()),
            _ => None,
        })
        .await
}

async fn changed(driver: &mut Driver, table: &str) {
    driver
        .until("Changed", |event| {
            (*event == Event::Changed(Some(table.to_owned()))).then_some(())
        })
        .await;
}

#[tokio::test]
async fn a_second_program_hears_of_a_change_and_of_the_signal_that_it_makes() {
    let database = TestServer::shared().database().await;
    let directories = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut one = Driver::start(target(&database, APP), directories[0].path());
    let mut two = Driver::start(target(&database, APP), directories[1].path());
    let today = jiff::Zoned::now()
        .with_time_zone(jiff::tz::TimeZone::get("Europe/Berlin").unwrap())
        .date();
    for driver in [&mut one, &mut two] {
        driver.online().await;
        observe(driver, today);
        let standing = standing(driver, 0).await;
        assert!(
            !standing.changed && !standing.needed.is_empty(),
            "{standing:?}"
        );
    }
    for _ in 0..3 {
        let idea = promoted();
        one.write(&idea);
        one.written(idea.request).await.unwrap();
    }
    standing(&mut one, 1).await;
    changed(&mut two, "ideas").await;
    changed(&mut two, "drift_flags").await;
    standing(&mut two, 1).await;
    // Nobody hears of oneself; what the other one wrote of the signal may be heard.
    assert!(
        !one.heard
            .contains(&Event::Changed(Some("ideas".to_owned())))
    );
    // An acknowledgement is heard too, and what takes part is asked again.
    let (session, _) = sign_in(&database, "bruce").await;
    let id = id_of_first(&session).await;
    let answer = json!({ "state": "acknowledged", "acknowledgedAt": "2026-11-28T07:00:00Z" });
    let write = record(Lane::Signals, id, set(answer));
    two.write(&write);
    two.written(write.request).await.unwrap();
    changed(&mut one, "drift_flags").await;
    one.send(Request::Drift(DriftRequest::TakesPart {
        name: "prayer".to_owned(),
        choice: Some(true),
    }));
    changed(&mut two, "users").await;
    let settings = two
        .until("Drift", |event| match event {
            Event::Drift(standing) if !standing.settings.opted_in.is_empty() => {
                Some(standing.settings.clone())
            }
            _ => None,
        })
        .await;
    assert!(settings.opted_in.contains("prayer"));
    // Where the form is broken, nothing is calculated.
    one.send(Request::Drift(DriftRequest::Observe(None)));
    one.send(Request::Drift(DriftRequest::Calculate));
    let another = patch_log(today, json!({ "energy": 5 }));
    one.write(&another);
    one.written(another.request).await.unwrap();
    standing(&mut two, 0).await;
    one.end().await;
    two.end().await;
}

#[tokio::test]
async fn a_goal_that_is_brought_back_has_its_check_ins_again() {
    let database = TestServer::shared().database().await;
    let directory = tempfile::tempdir().unwrap();
    let (session, _) = sign_in(&database, "bruce").await;
    let goal = RecordId::new();
    let fields = json!({
        "title": "Run", "domain": "health", "weeklyMinimum": 7,
        "startDate": TODAY.saturating_sub(60.days()),
    });
    writes::apply(&session, &record(Lane::Goals, goal, create(fields)))
        .await
        .unwrap();
    for back in 0..60_i64 {
        let date = TODAY.saturating_sub(back.days());
        let done = json!({ "goalId": goal, "date": date, "completed": true });
        writes::apply(
            &session,
            &record(Lane::CheckIns, RecordId::new(), create(done)),
        )
        .await
        .unwrap();
    }
    let mut driver = Driver::start(target(&database, APP), directory.path());
    driver.online().await;
    observe(&driver, TODAY);
    standing(&mut driver, 0).await;
    for change in [RecordChange::Delete, RecordChange::Restore] {
        let write = record(Lane::Goals, goal, change);
        driver.write(&write);
        driver.written(write.request).await.unwrap();
        // Without its check-ins the goal would be neglected.
        let open = driver
            .until("Drift", |event| match event {
                Event::Drift(standing) => Some(standing.open),
                _ => None,
            })
            .await;
        assert_eq!(open, 0);
    }
    driver.end().await;
}

#[tokio::test]
async fn another_person_hears_nothing() {
    let database = TestServer::shared().database().await;
    let (bruce, _) = sign_in(&database, "bruce").await;
    let (ann, _) = sign_in(&database, "ann").await;
    let (_own, mut of_bruce) = bruce.listen().await.unwrap().unwrap();
    let (_other, mut of_ann) = ann.listen().await.unwrap().unwrap();
    writes::apply(&bruce, &promoted()).await.unwrap();
    writes::apply(&ann, &patch_log(TODAY, json!({ "energy": 5 })))
        .await
        .unwrap();
    let (again, _) = sign_in(&database, "bruce").await;
    writes::apply(&again, &patch_log(TODAY, json!({ "energy": 5 })))
        .await
        .unwrap();
    let (ann_again, _) = sign_in(&database, "ann").await;
    writes::apply(&ann_again, &promoted()).await.unwrap();
    assert_eq!(of_bruce.recv().await.as_deref(), Some("logs"));
    assert_eq!(of_ann.recv().await.as_deref(), Some("ideas"));
}

#[tokio::test]
async fn no_question_about_signals_scans_a_table() {
    let database = TestServer::shared().database().await;
    let (_, person) = sign_in(&database, "bruce").await;
    let superuser = database.superuser_client().await;
    let user = person.id.0;
    let set_user = format!("select set_config('wildlands.user_id', '{user}', false)");
    superuser.batch_execute(&set_user).await.unwrap();
    superuser
        .batch_execute(&format!(
            "set session_replication_role = replica; \
             insert into wildlands.drift_flags (user_id, id, type, subject, sentence, window_start, window_end, \
                 first_seen, last_seen, state, resolved_at, value) \
             select '{user}', gen_random_uuid(), 'level_shift', 'field' || n % 12, 'x', '1990-01-01'::date + n, \
                 '1990-01-09'::date + n, '1990-01-09'::date + n, '1990-01-09'::date + n, \
                 case n % 1000 when 0 then 'open' else 'resolved' end, now(), '{{}}' \
             from generate_series(1, 20000) n; \
             analyze wildlands.drift_flags"
        ))
        .await
        .unwrap();
    let client = database.app_client().await;
    client.batch_execute(&set_user).await.unwrap();
    let (kinds, subjects, starts) = (vec!["level_shift"], vec!["field3"], vec![date(1990, 1, 4)]);
    let (limit, left_out, open) = (101_i64, vec!["value"], "open".to_owned());
    let mut of_state = Listing::new(Lane::Signals, 100);
    of_state.only = vec![("state", vec![open.clone()])];
    let cases: [(&str, String, Params<'_>); 3] = [
        (
            "stored",
            drift::STORED.replace(" for update", ""),
            vec![
                (&user, Type::UUID),
                (&kinds, Type::TEXT_ARRAY),
                (&subjects, Type::TEXT_ARRAY),
                (&starts, Type::DATE_ARRAY),
            ],
        ),
        (
            "all",
            records::page_sql(&Listing::new(Lane::Signals, 100)),
            vec![
                (&user, Type::UUID),
                (&limit, Type::INT8),
                (&left_out, Type::TEXT_ARRAY),
            ],
        ),
        (
            "of a state",
            records::page_sql(&of_state),
            vec![
                (&user, Type::UUID),
                (&limit, Type::INT8),
                (&left_out, Type::TEXT_ARRAY),
                (&open, Type::TEXT),
            ],
        ),
    ];
    for (name, sql, params) in cases {
        let explain = format!("explain (analyze, format json) {sql}");
        let row = client.query_typed_one(&explain, &params).await.unwrap();
        let plan: Value = row.get(0);
        let mut scanned = Vec::new();
        seq_scans(&plan, &mut scanned);
        assert!(scanned.is_empty(), "{name} scans {scanned:?}: {plan}");
    }
}
