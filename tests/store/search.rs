//! Search: what is found, in which order, and by which way.

use harriswildlands::domain::form::LogForm;
use harriswildlands::domain::search::{Area, Found, Search};
use harriswildlands::domain::secret::Exit;
use harriswildlands::store::api::{Answer, Event, Query, Request};
use harriswildlands::store::queries::{answer, search, writes};
use harriswildlands::store::session::Session;
use jiff::civil::{Date, date};
use serde_json::{Value, json};
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use crate::driver::{Driver, patch_log, sign_in, target};
use crate::support::{APP, TestDatabase, TestServer};

const TODAY: Date = date(2026, 11, 23);

fn asked(line: &str) -> Search {
    Search::whole(line, &LogForm::builtin(), TODAY).unwrap()
}

async fn find(session: &Session, line: &str) -> Found {
    let Answer::Search(found) = answer(session, &Query::Search(asked(line))).await.unwrap() else {
        panic!("another answer")
    };
    found
}

/// The areas and days of what is found, in its order.
async fn places(session: &Session, line: &str) -> Vec<String> {
    let found = find(session, line).await;
    assert_eq!(found.total, found.exact() as u64, "{line}");
    let name = |hit: &harriswildlands::domain::search::Hit| {
        let title = hit
            .title
            .as_ref()
            .map(|title| title.expose(Exit::Output).clone());
        format!(
            "{}:{}",
            hit.area.word(),
            title.unwrap_or_else(|| hit.day.to_string())
        )
    };
    let exact = found.hits.iter().filter(|hit| !hit.similar);
    exact.map(name).collect()
}

/// The titles of what is found by a similar word.
async fn similar(session: &Session, line: &str) -> Vec<String> {
    let found = find(session, line).await;
    let similar = found.hits.iter().filter(|hit| hit.similar);
    let title = |hit: &harriswildlands::domain::search::Hit| {
        let title = hit.title.as_ref();
        title.map_or_else(String::new, |title| title.expose(Exit::Output).clone())
    };
    similar.map(title).collect()
}

#[tokio::test]
async fn a_word_with_a_slip_finds_what_was_meant_and_an_excluded_one_is_out() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let (other, _) = sign_in(&database, "anna").await;
    seed(&database, person.id.0).await;
    for (line, expected) in [
        ("gadren", vec!["Garden school", "Podcast"]),
        ("photosyntesis", vec!["Science"]),
        ("garden scool", vec!["Garden school"]),
        ("larder -filsl", vec![]),
        // Nothing is near, or it is too short, or what was typed finds enough.
        ("zzyzx", vec![]),
        ("ga", vec![]),
        ("in:ideas", vec![]),
        // The same filters hold.
        ("gadren status:parked", vec!["Garden school"]),
        ("gadren in:content", vec![]),
    ] {
        assert_eq!(similar(&session, line).await, expected, "{line}");
        assert!(find(&other, line).await.hits.is_empty(), "{line}");
    }
    // What is typed as the beginning of a word, too.
    let typed = Search::typing("photosin", &LogForm::builtin(), TODAY).unwrap();
    let found = search::find(&session, &typed.search, 50).await.unwrap();
    assert_eq!((found.total, found.hits.len()), (0, 1));
    assert!(found.hits[0].similar && found.alike.is_some());
    // A word that the language has no stem for is excluded as it is written.
    let day = patch_log(TODAY, json!({"topWin": "garden of the bank"}));
    writes::apply(&session, &day).await.unwrap();
    assert_eq!(places(&session, "garden in:log").await.len(), 1);
    assert_eq!(places(&session, "garden in:log -the").await.len(), 0);
    assert_eq!(places(&session, "garden in:log -soil").await.len(), 1);
}

#[tokio::test]
async fn the_list_of_words_is_made_anew_of_what_is_there() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    seed(&database, person.id.0).await;
    let superuser = database.superuser_client().await;
    let knows = async |word: &str| {
        let sql = "select count(*) from wildlands.search_words where word = $1";
        let row = superuser.query_one(sql, &[&word]).await.unwrap();
        row.get::<_, i64>(0) == 1
    };
    assert!(knows("larder").await);
    superuser
        .batch_execute("delete from wildlands.harris_content")
        .await
        .unwrap();
    let sql = "select wildlands.learn_words_again()";
    let rows = session.change(sql, &[]).await.unwrap();
    assert!(rows[0].get::<_, i64>(0) > 10);
    assert!(!knows("larder").await && knows("garden").await);
    assert_eq!(similar(&session, "gadren").await.len(), 2);
}

#[tokio::test]
async fn a_note_that_was_private_stays_so_when_the_goal_moves() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    seed(&database, person.id.0).await;
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute("update wildlands.goals set domain = 'work' where title = 'Pray'")
        .await
        .unwrap();
    let found = find(&session, "psalm").await;
    assert!(found.hits[0].of_private_goal);
    // Nor is it forgotten by a program that does not know it, or with the goal.
    superuser
        .batch_execute("update wildlands.goals set was_private = false where title = 'Pray'")
        .await
        .unwrap();
    assert!(find(&session, "psalm").await.hits[0].of_private_goal);
}

#[tokio::test]
async fn a_day_has_no_more_minutes_than_a_day() {
    let database = TestServer::shared().database().await;
    let (_, person) = sign_in(&database, "bruce").await;
    seed(&database, person.id.0).await;
    let superuser = database.superuser_client().await;
    let set = async |amount: f64| {
        let sql = "update wildlands.check_ins set amount = $1 where note like 'past%'";
        superuser.execute(sql, &[&amount]).await
    };
    set(1500.0).await.unwrap();
    superuser
        .batch_execute("update wildlands.goals set target_type = 'duration'")
        .await
        .unwrap();
    let refused = set(1441.0).await.unwrap_err();
    let refused = refused.as_db_error().unwrap();
    assert_eq!(refused.constraint(), Some("check_ins_minutes_of_a_day"));
    set(1440.0).await.unwrap();
}

/// A record of every kind that has words.
async fn seed(database: &TestDatabase, person: Uuid) {
    let sql = format!(
        "insert into wildlands.ideas (user_id, id, title, pitch, status, excitement, reality_check, milestones, created_at) values \
             ('{person}', gen_random_uuid(), 'Garden school', 'Lessons among the beds', 'parked', 9, \
                 '{{\"known\": [\"children like soil\"]}}', '[{{\"title\": \"first bed\"}}]', '2026-10-01'), \
             ('{person}', gen_random_uuid(), 'Podcast', 'A garden is mentioned once', 'draft', 3, null, '[]', '2026-09-01'); \
         insert into wildlands.goals (user_id, id, title, domain, weekly_minimum, created_at) values \
             ('{person}', '00000000-0000-7000-8000-000000000001', 'Pray', 'faith', 7, '2026-08-01'), \
             ('{person}', '00000000-0000-7000-8000-000000000002', 'Run', 'health', 3, '2026-08-02'); \
         insert into wildlands.check_ins (user_id, id, goal_id, date, amount, note) values \
             ('{person}', gen_random_uuid(), '00000000-0000-7000-8000-000000000001', '2026-11-01', null, 'harvest psalm'), \
             ('{person}', gen_random_uuid(), '00000000-0000-7000-8000-000000000002', '2026-11-02', 5.5, 'past the harvest fields'); \
         insert into wildlands.teaching_requests (user_id, id, subject, topic, standards, created_at) values \
             ('{person}', gen_random_uuid(), 'Science', 'photosynthesis', '{{NGSS-5}}', '2026-07-01'); \
         insert into wildlands.harris_content (user_id, id, type, title, content, created_at) values \
             ('{person}', gen_random_uuid(), 'blog', 'Autumn', '{{\"body\": \"the larder fills\"}}', '2026-06-01'); \
         insert into wildlands.reviews (user_id, id, week_start, answers) values \
             ('{person}', gen_random_uuid(), '2026-11-16', '{{\"kept\": \"mornings were quiet\"}}'); \
         insert into wildlands.drift_flags (user_id, id, type, sentence, window_start, window_end, first_seen, last_seen) values \
             ('{person}', gen_random_uuid(), 'trend', 'sleep went from 7.5 to 6', '2026-11-01', '2026-11-14', '2026-11-14', '2026-11-14')"
    );
    let superuser = database.superuser_client().await;
    superuser.batch_execute(&sql).await.unwrap();
}

#[tokio::test]
async fn every_lane_is_found_by_its_words_and_nobody_elses() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let (other, _) = sign_in(&database, "anna").await;
    seed(&database, person.id.0).await;
    let day = patch_log(
        TODAY,
        json!({"topWin": "Called the bank, don't ask", "energy": 8, "driftCheck": "quiet"}),
    );
    writes::apply(&session, &day).await.unwrap();
    for (line, expected) in [
        ("garden", vec!["ideas:Garden school", "ideas:Podcast"]),
        ("soil", vec!["ideas:Garden school"]),
        ("pray", vec!["goals:Pray"]),
        ("harvest", vec!["checkins:Run", "checkins:Pray"]),
        ("photosynth*", vec!["teaching:Science"]),
        ("NGSS-5", vec!["teaching:Science"]),
        ("larder", vec!["content:Autumn"]),
        ("\"mornings were\"", vec!["reviews:2026-11-16"]),
        ("\"were mornings\"", vec![]),
        ("sleep", vec!["drift:2026-11-14"]),
        ("BANK", vec!["log:2026-11-23"]),
        ("don't", vec!["log:2026-11-23"]),
        // By the stem of the person's language.
        ("lesson bed", vec!["ideas:Garden school"]),
        ("calling", vec!["log:2026-11-23"]),
        ("garden -podcast", vec!["ideas:Garden school"]),
        ("garden in:log", vec![]),
        ("in:ideas", vec!["ideas:Garden school", "ideas:Podcast"]),
        ("status:parked", vec!["ideas:Garden school"]),
        ("excitement>8", vec!["ideas:Garden school"]),
        ("amount>=5.5", vec!["checkins:Run"]),
        ("energy=8", vec!["log:2026-11-23"]),
        ("energy>8", vec![]),
        ("harvest after:2026-11-01", vec!["checkins:Run"]),
        ("harvest before:2026-11-02", vec!["checkins:Pray"]),
        ("½", vec![]),
        ("nowhere", vec![]),
    ] {
        assert_eq!(places(&session, line).await, expected, "{line}");
        assert!(find(&other, line).await.hits.is_empty(), "{line}");
    }
}

#[tokio::test]
async fn what_is_found_comes_sealed_by_field_and_with_its_red_zone() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    seed(&database, person.id.0).await;
    let found = find(&session, "harvest").await;
    let private: Vec<(bool, bool)> = found
        .hits
        .iter()
        .map(|hit| {
            (
                hit.of_private_goal,
                hit.is_private("note", &LogForm::builtin()),
            )
        })
        .collect();
    assert_eq!(
        private,
        [(false, false), (true, true)],
        "running, then praying"
    );
    assert!(!format!("{found:?}").contains("psalm"));
    let idea = &find(&session, "soil").await.hits[0];
    let texts = idea.texts.expose(Exit::Output);
    assert_eq!(texts["realityCheck.known"], "children like soil");
    assert_eq!(texts["milestones.title"], "first bed");
    assert_eq!(idea.status.as_deref(), Some("parked"));
    assert!(idea.is_title_private());
    // Of a long text, what stands around the word.
    let long = format!("{} zebra {}", "word ".repeat(3000), "tail ".repeat(3000));
    let day = patch_log(TODAY, json!({"topWin": long}));
    writes::apply(&session, &day).await.unwrap();
    let hit = &find(&session, "zebra").await.hits[0];
    let text = &hit.texts.expose(Exit::Output)["topWin"];
    assert!(text.contains("zebra") && text.chars().count() <= 600);
}

#[tokio::test]
async fn a_change_a_deletion_and_what_comes_back_are_found_as_they_are() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    seed(&database, person.id.0).await;
    let superuser = database.superuser_client().await;
    let run = async |sql: &str| superuser.batch_execute(sql).await.unwrap();
    let set = |value: Value| patch_log(TODAY, value);
    for (change, line, found) in [
        (json!({"topWin": "a heron"}), "heron", 1),
        (json!({"energy": 3}), "heron energy=3", 1),
        (json!({"topWin": "a kingfisher"}), "heron", 0),
        (json!({"energy": 4}), "kingfisher energy=4", 1),
        (json!({"topWin": null}), "kingfisher", 0),
    ] {
        writes::apply(&session, &set(change)).await.unwrap();
        assert_eq!(places(&session, line).await.len(), found, "{line}");
    }
    run("update wildlands.ideas set status = 'discarded', excitement = 2 where title = 'Garden school'").await;
    assert_eq!(
        places(&session, "garden status:discarded excitement<3")
            .await
            .len(),
        1
    );
    run("update wildlands.ideas set archived_at = now() where title = 'Podcast'").await;
    assert!(find(&session, "podcast").await.hits[0].archived);
    // A goal takes its check-ins with it.
    run("delete from wildlands.goals where title = 'Run'").await;
    assert_eq!(places(&session, "harvest").await, ["checkins:Pray"]);
    // No document is left of what is gone, and none is missing.
    let left: (i64, i64) = {
        let row = superuser
            .query_one(
                "select (select count(*) from wildlands.search_documents), \
                    (select count(*) from wildlands.ideas) + (select count(*) from wildlands.goals) \
                    + (select count(*) from wildlands.check_ins) + (select count(*) from wildlands.logs) \
                    + (select count(*) from wildlands.teaching_requests) + (select count(*) from wildlands.harris_content) \
                    + (select count(*) from wildlands.reviews) + (select count(*) from wildlands.drift_flags)",
                &[],
            )
            .await
            .unwrap();
        (row.get(0), row.get(1))
    };
    assert_eq!(left.0, left.1);
}

#[tokio::test]
async fn a_record_that_cannot_be_indexed_whole_is_kept_and_found_by_its_beginning() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    // More different words than a tsvector holds.
    let words = |from: u32| {
        (from..from + 7000)
            .map(|n| format!("w{n:x}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let fields: serde_json::Map<String, Value> = (0..30)
        .map(|n: u32| (format!("field{n:02}"), Value::from(words(n * 7000))))
        .collect();
    let mut day = json!(fields);
    day["a"] = json!("beginning");
    writes::apply(&session, &patch_log(TODAY, day))
        .await
        .unwrap();
    assert_eq!(places(&session, "beginning").await.len(), 1);
}

#[tokio::test]
async fn stems_follow_the_language_and_words_do_not_need_it() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let day = patch_log(
        TODAY,
        json!({"topWin": "Die Kinder spielten im Garten, running"}),
    );
    writes::apply(&session, &day).await.unwrap();
    assert_eq!(places(&session, "kindern").await.len(), 0);
    assert_eq!(places(&session, "runs").await.len(), 1);
    search::set_language(&session, "german").await.unwrap();
    assert_eq!(places(&session, "kindern").await.len(), 1);
    assert_eq!(places(&session, "runs").await.len(), 0);
    for language in ["simple", "no such language"] {
        search::set_language(&session, language).await.unwrap();
        assert_eq!(
            places(&session, "spielten garten").await.len(),
            1,
            "{language}"
        );
    }
}

#[tokio::test]
async fn a_quick_hand_gets_the_answer_to_its_last_key() {
    let database = TestServer::shared().database().await;
    let (_, person) = sign_in(&database, "bruce").await;
    seed(&database, person.id.0).await;
    let state = tempfile::tempdir().unwrap();
    let mut driver = Driver::start(target(&database, APP), state.path());
    driver.online().await;
    let line = "garden school";
    for (generation, end) in (2..=line.len()).enumerate() {
        let generation = generation as u64 + 1;
        let query = Query::Search(asked(&format!("{}*", &line[..end])));
        driver.send(Request::Query { generation, query });
    }
    let last = line.len() as u64 - 1;
    let found = driver
        .until("the last answer", |event| match event {
            Event::Answered {
                generation,
                result: Ok(Answer::Search(found)),
                ..
            } if *generation == last => Some(found.clone()),
            _ => None,
        })
        .await;
    assert_eq!(found.hits.len(), 1);
}

#[tokio::test]
async fn the_language_is_taken_over_when_there_is_a_link() {
    let database = TestServer::shared().database().await;
    let (session, _) = sign_in(&database, "bruce").await;
    let day = patch_log(TODAY, json!({"topWin": "Die Kinder im Garten"}));
    writes::apply(&session, &day).await.unwrap();
    let state = tempfile::tempdir().unwrap();
    let mut driver = Driver::start(target(&database, APP), state.path());
    // Before there is a link.
    driver.send(Request::SearchLanguage("german".to_owned()));
    driver.online().await;
    let superuser = database.superuser_client().await;
    let language = "select count(*) from wildlands.search_documents where language = 'german'";
    while superuser
        .query_one(language, &[])
        .await
        .unwrap()
        .get::<_, i64>(0)
        == 0
    {
        tokio::task::yield_now().await;
    }
    assert_eq!(places(&session, "kindern").await.len(), 1);
}

/// Makes documents of three hundred new ideas while the change of one is not committed, which the one who makes them
/// meets. Who is to ask afterwards.
async fn learned_beside(change: &str) -> (TestDatabase, tokio_postgres::Client) {
    let database = TestServer::shared().database().await;
    let (_, person) = sign_in(&database, "bruce").await;
    let begin = format!("begin; set local wildlands.user_id = '{}'", person.id);
    let superuser = database.superuser_client().await;
    let came = format!(
        "{begin}; set local wildlands.importing = 'on'; \
         insert into wildlands.ideas (user_id, id, title) \
         select '{}', gen_random_uuid(), 'came ' || n from generate_series(1, 300) n; \
         select wildlands.index_later('ideas', '00000000-0000-0000-0000-000000000000', 300); commit",
        person.id
    );
    superuser.batch_execute(&came).await.unwrap();
    let (writer, learner) = (database.app_client().await, database.app_client().await);
    let writes = format!("{begin}; {change}");
    writer.batch_execute(&writes).await.unwrap();
    let learns = tokio::spawn(async move {
        let learn = format!("{begin}; select wildlands.index_again(120); commit");
        for _ in 0..4 {
            learner.batch_execute(&learn).await.unwrap();
        }
    });
    let waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while superuser
        .query_one(waits, &[])
        .await
        .unwrap()
        .get::<_, i64>(0)
        == 0
    {
        assert!(!learns.is_finished(), "nobody waited for the writer");
        tokio::task::yield_now().await;
    }
    writer.batch_execute("commit").await.unwrap();
    learns.await.unwrap();
    let rest = "select count(*) from wildlands.search_waiting";
    assert_eq!(
        superuser
            .query_one(rest, &[])
            .await
            .unwrap()
            .get::<_, i64>(0),
        0
    );
    (database, superuser)
}

#[tokio::test]
async fn what_is_written_while_new_records_are_learned_is_not_lost() {
    let renamed = "update wildlands.ideas set title = 'renamed' where title = 'came 150'";
    let scored = "update wildlands.ideas set excitement = 9 where title = 'came 150'";
    let deleted = "delete from wildlands.ideas where title = 'came 150'";
    for (change, [all, old, new, high]) in [
        (renamed, [300, 0, 1, 0]),
        (scored, [300, 1, 0, 1]),
        (deleted, [299, 0, 0, 0]),
    ] {
        let (_database, client) = learned_beside(change).await;
        for (condition, count) in [
            ("true", all),
            ("words @@ '150'", old),
            ("words @@ 'renamed'", new),
            ("figures ->> 'excitement' = '9'", high),
        ] {
            let sql = format!("select count(*) from wildlands.search_documents where {condition}");
            let found: i64 = client.query_one(&sql, &[]).await.unwrap().get(0);
            assert_eq!(found, count, "{change}: {condition}");
        }
    }
}

type Params<'a> = Vec<(&'a (dyn ToSql + Sync), Type)>;

#[tokio::test]
async fn no_search_scans_a_table_at_a_hundred_thousand_records() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let superuser = database.superuser_client().await;
    let user = person.id.0;
    superuser
        .batch_execute(&format!(
            "alter table wildlands.ideas disable trigger search; alter table wildlands.logs disable trigger search; \
             insert into wildlands.logs (user_id, id, date, data) \
             select '{user}', gen_random_uuid(), '1920-01-01'::date + n, jsonb_build_object('energy', n % 10) \
             from generate_series(0, 19999) n; \
             insert into wildlands.ideas (user_id, id, title, status, excitement) \
             select '{user}', gen_random_uuid(), 'common w' || n % 200 || ' r' || n % 5000, 'draft', 1 + n % 10 \
             from generate_series(0, 79999) n; \
             insert into wildlands.search_documents \
             select user_id, 'logs', id, date, null, '{{}}', 'english', \
                 to_tsvector('simple', 'common day w' || extract(day from date)) from wildlands.logs; \
             insert into wildlands.search_documents \
             select user_id, 'ideas', id, '1950-01-01'::date + excitement * 1000, status, \
                 jsonb_build_object('excitement', excitement), 'english', to_tsvector('simple', title) from wildlands.ideas; \
             analyze wildlands.search_documents; analyze wildlands.logs; analyze wildlands.ideas"
        ))
        .await
        .unwrap();
    // Beyond the cap, the newest; below it, all of them counted.
    let many = find(&session, "common").await;
    assert_eq!(
        (many.total, many.capped, many.hits.len()),
        (10_000, true, 50)
    );
    let days: Vec<Date> = many.hits.iter().map(|hit| hit.day).collect();
    assert!(days.is_sorted_by(|one, other| one >= other));
    assert_eq!(
        many.hits[0].area,
        Area::Lane(harriswildlands::domain::lane::Lane::Ideas)
    );
    assert_eq!(find(&session, "r7").await.total, 16);
    let medium = find(&session, "w7").await;
    assert!(
        (400..2_000).contains(&medium.total) && !medium.capped,
        "{}",
        medium.total
    );

    let mut client = database.app_client().await;
    for (line, by_words) in [
        ("r7", true),
        ("w7", true),
        ("w7 in:log", true),
        ("common", true),
        ("comm*", true),
        ("r7 excitement>3", true),
        ("\"common w7\" before:1970-01-01", true),
        ("excitement=9 in:ideas", false),
        ("energy>=9", false),
        ("status:draft after:1955-01-01", false),
    ] {
        let search = asked(line);
        let transaction = client.transaction().await.unwrap();
        transaction
            .batch_execute(&format!(
                "set local enable_seqscan = off; set local jit = off; select set_config('wildlands.user_id', '{user}', true)"
            ))
            .await
            .unwrap();
        if let Some((words, phrases)) = search.tsquery() {
            let params: Params<'_> = vec![(&words, Type::TEXT), (&phrases, Type::TEXT)];
            transaction.query_typed(search::ASK, &params).await.unwrap();
        }
        let (tables, statuses, figures) = (search.tables(), search.statuses(), search.jsonpath());
        let (before, after) = (search.before(), search.after());
        let params: Params<'_> = vec![
            (&user, Type::UUID),
            (&tables, Type::TEXT_ARRAY),
            (&before, Type::DATE),
            (&after, Type::DATE),
            (&statuses, Type::TEXT_ARRAY),
            (&figures, Type::TEXT),
            (&"", Type::TEXT),
            (&600_i32, Type::INT4),
            (&50_i64, Type::INT8),
        ];
        let explain = format!("explain (analyze, format json) {}", search::FIND);
        let row = transaction
            .query_typed_one(&explain, &params)
            .await
            .unwrap();
        let plan: Value = row.get(0);
        let mut scanned = Vec::new();
        crate::plans::seq_scans(&plan, &mut scanned);
        assert!(scanned.is_empty(), "{line} scans {scanned:?}: {plan}");
        // The words are found by their index although the policy is in force.
        let uses_words = plan.to_string().contains("search_documents_words");
        assert_eq!(uses_words, by_words, "{line}: {plan}");
    }
}

#[tokio::test]
async fn similar_words_are_found_by_index_among_a_hundred_thousand() {
    let database = TestServer::shared().database().await;
    let (session, person) = sign_in(&database, "bruce").await;
    let superuser = database.superuser_client().await;
    let user = person.id.0;
    // Words that look like words: four syllables of two letters, in a hundred thousand ways.
    superuser
        .batch_execute(&format!(
            "insert into wildlands.search_words (user_id, word, pieces) \
             select '{user}', w, wildlands.word_pieces(w) from (select distinct \
                 (array['ba','ke','li','mo','nu','pra','se','tri','vo','zu','hal','gen'])[1 + n % 12] || \
                 (array['ra','ne','ti','lo','du','ma','ve','ri','so','fu'])[1 + n / 12 % 10] || \
                 (array['ta','le','mi','no','ru','sha','ge','di','po','lu'])[1 + n / 120 % 10] || \
                 chr(97 + n / 1200 % 26) || chr(97 + n / 31200 % 26) as w from generate_series(0, 99999) n) g; \
             insert into wildlands.search_words values ('{user}', 'lantern', wildlands.word_pieces('lantern')); \
             analyze wildlands.search_words"
        ))
        .await
        .unwrap();
    let mut client = database.app_client().await;
    let transaction = client.transaction().await.unwrap();
    transaction
        .batch_execute(&format!(
            "set local enable_seqscan = off; set local jit = off; select set_config('wildlands.user_id', '{user}', true)"
        ))
        .await
        .unwrap();
    let words = vec!["lantren".to_owned()];
    let ask: Params<'_> = vec![(&words, Type::TEXT_ARRAY)];
    transaction
        .query_typed(search::ASK_ALIKE, &ask)
        .await
        .unwrap();
    let params: Params<'_> = vec![
        (&user, Type::UUID),
        (&words, Type::TEXT_ARRAY),
        (&60_i64, Type::INT8),
    ];
    let rows = transaction
        .query_typed(search::ALIKE, &params)
        .await
        .unwrap();
    assert!(rows.iter().any(|row| row.get::<_, String>(1) == "lantern"));
    let explain = format!("explain (analyze, format json) {}", search::ALIKE);
    let row = transaction
        .query_typed_one(&explain, &params)
        .await
        .unwrap();
    let plan: Value = row.get(0);
    let mut scanned = Vec::new();
    crate::plans::seq_scans(&plan, &mut scanned);
    assert!(scanned.is_empty(), "scans {scanned:?}: {plan}");
    assert!(plan.to_string().contains("search_words_pieces"), "{plan}");
    drop(transaction);
    drop(session);
}
