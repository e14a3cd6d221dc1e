//! The schema and its migrations on a real server: rules, isolation, history, rights.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use harriswildlands::domain::export_format::TABLES;
use harriswildlands::domain::search::Area;
use harriswildlands::store::error::StoreError;
use harriswildlands::store::migrate::{self, MIGRATIONS, Migration};
use harriswildlands::store::queries::search::FIND;
use harriswildlands::store::target::{Access, Target, prepare_database, standing};
use serde_json::{Value, json};
use support::{Options, TestDatabase, TestServer};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

// ---------------------------------------------------------------- migrations

#[tokio::test]
async fn ten_programs_at_once_on_an_empty_database_all_succeed() {
    let database = TestServer::shared().empty_database().await;
    let mut programs = Vec::new();
    for _ in 0..10 {
        let target = database.target_owner();
        programs.push(tokio::spawn(async move {
            prepare_database(&target, &mut |_| ()).await
        }));
    }
    let mut applied = Vec::new();
    for program in programs {
        applied.extend(program.await.unwrap().unwrap().applied.versions);
    }
    applied.sort_unstable();
    assert_eq!(
        applied,
        (1..=migrate::latest()).collect::<Vec<_>>(),
        "each migration ran exactly once"
    );
    let app = database.app_client().await;
    assert!(migrate::status(&app).await.unwrap().is_current());
    assert_eq!(standing(&app).await.unwrap().access, Some(Access::AppRole));
}

#[tokio::test]
async fn the_numbers_of_migrations_have_no_gap_and_their_files_no_session_state() {
    for (position, migration) in MIGRATIONS.iter().enumerate() {
        assert_eq!(usize::try_from(migration.version).unwrap(), position + 1);
        let sql = migration.sql.to_lowercase();
        for forbidden in [
            "\nset search_path to",
            "set session",
            "\nbegin;",
            "\ncommit",
            "concurrently",
            "pg_advisory_lock(",
        ] {
            assert!(
                !sql.contains(forbidden),
                "{} has {forbidden:?}",
                migration.name
            );
        }
    }
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))
        .unwrap()
        .count();
    assert_eq!(
        files,
        MIGRATIONS.len(),
        "a file under migrations/ is not in the list"
    );
}

#[tokio::test]
async fn an_interrupted_migration_leaves_the_version_before_it_whole() {
    let database = TestServer::shared().empty_database().await;
    let mut owner = database.owner_client().await;
    let steps = [
        Migration {
            version: 1,
            name: "whole",
            sql: "create table wildlands.first (n integer)",
        },
        Migration {
            version: 2,
            name: "torn",
            sql: "create table wildlands.second (n integer); select 1/0",
        },
    ];
    let error = migrate::migrate_with(&mut owner, &steps, &mut |_| ())
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::BadValue { .. }), "{error:?}");
    assert_eq!(migrate::status_of(&owner, &steps).await.unwrap().applied, 1);
    assert!(exists(&owner, "wildlands.first").await && !exists(&owner, "wildlands.second").await);

    // The link goes in the middle of a migration: the server ends the transaction of a client that is gone.
    let slow = [
        steps[0],
        Migration {
            version: 2,
            name: "slow",
            sql: "create table wildlands.second (n integer); select pg_sleep(60)",
        },
    ];
    let mut doomed = database.owner_client().await;
    let work = tokio::spawn(async move {
        migrate::migrate_with(&mut doomed, &slow, &mut |_| ())
            .await
            .unwrap_err()
    });
    let superuser = database.superuser_client().await;
    until(async || {
        let ended = superuser
            .query(
                "select pg_terminate_backend(pid) from pg_stat_activity \
                 where datname = current_database() and state = 'active' and wait_event = 'PgSleep'",
                &[],
            )
            .await
            .unwrap();
        ended.len() == 1
    })
    .await;
    assert!(matches!(work.await.unwrap(), StoreError::LinkLost { .. }));
    let mended = [
        steps[0],
        Migration {
            version: 2,
            name: "mended",
            sql: "create table wildlands.second (n integer)",
        },
    ];
    let applied = migrate::migrate_with(&mut owner, &mended, &mut |_| ())
        .await
        .unwrap();
    assert_eq!((applied.before, applied.versions), (1, vec![2]));
}

#[tokio::test]
async fn a_newer_or_an_altered_database_is_refused_and_left_alone() {
    let database = TestServer::shared().database().await;
    let owner = database.owner_client().await;
    let newer = migrate::latest() + 3;
    owner
        .execute(
            "insert into wildlands.schema_migrations (version, name, checksum) values ($1, 'later', '')",
            &[&newer],
        )
        .await
        .unwrap();
    let refused = StoreError::Newer {
        found: newer,
        known: migrate::latest(),
    };
    assert_eq!(
        migrate::status(&database.app_client().await)
            .await
            .unwrap_err(),
        refused
    );
    assert_eq!(
        prepare_database(&database.target_owner(), &mut |_| ())
            .await
            .unwrap_err(),
        refused
    );
    assert_eq!(refused.exit_code(), 69);

    owner
        .batch_execute("delete from wildlands.schema_migrations where name = 'later'")
        .await
        .unwrap();
    owner
        .batch_execute("update wildlands.schema_migrations set checksum = 'else' where version = 2")
        .await
        .unwrap();
    let error = prepare_database(&database.target_owner(), &mut |_| ())
        .await
        .unwrap_err();
    assert!(
        matches!(error, StoreError::Altered { version: 2, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn nothing_is_left_in_a_session() {
    let database = TestServer::shared().empty_database().await;
    let mut owner = database.owner_client().await;
    migrate::migrate(&mut owner, &mut |_| ()).await.unwrap();
    standing(&owner).await.unwrap();
    let person = database.add_user("ann").await;
    let transaction = begin_as(&mut owner, person).await;
    transaction.commit().await.unwrap();
    let left = owner
        .simple_query(
            "select (select count(*) from pg_prepared_statements) as prepared, \
                    (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks, \
                    (select count(*) from pg_listening_channels()) as channels, \
                    (select count(*) from pg_cursors where name <> '') as cursors, \
                    (select count(*) from pg_settings where source = 'session') as settings, \
                    coalesce(current_setting('wildlands.user_id', true), '') as person, current_user = session_user as role",
        )
        .await
        .unwrap();
    let row = left.iter().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let row: Vec<_> = (0..7)
        .map(|column| row.unwrap().get(column).unwrap().to_owned())
        .collect();
    assert_eq!(row, ["0", "0", "0", "0", "0", "", "t"]);
    // The setting that such a transaction leaves behind, an empty text, is nobody.
    let seen: i64 = owner
        .query_one("select count(*) from wildlands.users", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(seen, 0);
}

// ---------------------------------------------------------------- the shape of every table

/// Tables that hold no person's rows. `account_directory` finds a person before there is a current user; the
/// application role has no right to it.
const NOT_A_PERSONS: [&str; 2] = ["schema_migrations", "account_directory"];

/// Constraints that cannot carry `user_id`. A user's own `id` is the `user_id` of all that is theirs, and a sign-in name,
/// an e-mail address and a database role are unique among all people by their meaning.
///
/// The indexes of words are no keys, and GIN holds no uuid without an extension.
const WITHOUT_USER_ID: [&str; 6] = [
    "users_pkey",
    "users_username_key",
    "users_email_key",
    "users_db_role_key",
    "search_documents_words",
    "search_words_pieces",
];

#[tokio::test]
async fn every_key_carries_the_user_and_every_table_is_guarded() {
    let database = TestServer::shared().database().await;
    let superuser = database.superuser_client().await;
    let indexes = superuser
        .query(
            "select t.relname::text, i.relname::text, x.indisunique, \
                    coalesce(array_agg(a.attname::text order by k.n) filter (where a.attname is not null), '{}') \
             from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid \
             cross join unnest(x.indkey::int[]) with ordinality k (attnum, n) \
             left join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum \
             where t.relnamespace = 'wildlands'::regnamespace and t.relkind = 'r' group by 1, 2, 3",
            &[],
        )
        .await
        .unwrap();
    let mut exceptions = BTreeSet::new();
    for row in indexes {
        let (table, index, _, columns): (String, String, bool, Vec<String>) =
            (row.get(0), row.get(1), row.get(2), row.get(3));
        if NOT_A_PERSONS.contains(&table.as_str()) {
            continue;
        }
        if columns.first().map(String::as_str) != Some("user_id") {
            exceptions.insert(index);
        }
    }
    assert_eq!(
        exceptions,
        WITHOUT_USER_ID.iter().map(ToString::to_string).collect()
    );

    let foreign = superuser
        .query(
            "select conrelid::regclass::text, conname::text, \
                    array(select attname::text from pg_attribute where attrelid = conrelid and attnum = any(conkey)) \
             from pg_constraint where contype = 'f' and connamespace = 'wildlands'::regnamespace",
            &[],
        )
        .await
        .unwrap();
    assert!(foreign.len() > 10);
    let mut bound = BTreeSet::new();
    for row in foreign {
        bound.insert(row.get::<_, String>(0));
        let columns: Vec<String> = row.get(2);
        assert!(
            columns.contains(&"user_id".into()),
            "{} of {}",
            row.get::<_, String>(1),
            row.get::<_, String>(0)
        );
    }

    for table in tables(&superuser).await {
        let row = superuser
            .query_one(
                "select relrowsecurity and relforcerowsecurity, \
                        pg_get_userbyid(relowner)::text, has_table_privilege('wildlands_app', oid, 'SELECT'), \
                        has_table_privilege('wildlands_app', oid, 'TRUNCATE, TRIGGER, REFERENCES'), \
                        (select count(*) from pg_trigger where tgrelid = c.oid and tgname in ('touch', 'history')), \
                        has_table_privilege('public', oid, 'SELECT') \
                 from pg_class c where oid = ('wildlands.' || $1)::regclass",
                &[&table],
            )
            .await
            .unwrap();
        assert!(
            row.get::<_, bool>(0),
            "{table} has no forced row-level security"
        );
        assert_eq!(row.get::<_, String>(1), support::OWNER);
        assert!(
            row.get::<_, bool>(2),
            "{table} cannot be read by the application role"
        );
        assert!(
            !row.get::<_, bool>(3),
            "{table} gives the application role too much"
        );
        assert!(!row.get::<_, bool>(5), "{table} is open to everybody");
        let expected = match table.as_str() {
            // Append-only, and made of the records by their triggers.
            "record_history" | "applied_writes" | "search_documents" | "search_waiting"
            | "search_words" => 0,
            "sessions" => 1, // no history: a session is not brought back
            _ => 2,
        };
        assert_eq!(row.get::<_, i64>(4), expected, "{table} lacks a trigger");
        // Through its goal, a check-in.
        assert!(
            expected < 2 || table == "users" || bound.contains(&format!("wildlands.{table}")),
            "a row of {table} may be nobody's"
        );
    }
    let open: bool = superuser
        .query_one(
            "select has_table_privilege('wildlands_app', 'wildlands.account_directory', 'SELECT')",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert!(!open);
}

#[tokio::test]
async fn rules_of_the_field_are_the_databases_too() {
    let database = TestServer::shared().database().await;
    let ann = database.add_user("ann").await;
    let mut app = database.app_client().await;
    let long = "x".repeat(65_537);
    let day = |data: &Value| {
        format!(
            "insert into wildlands.logs (user_id, id, date, data) values ('{ann}', gen_random_uuid(), '2026-11-23', '{data}')"
        )
    };
    let idea = |columns: &str, values: &str| {
        format!(
            "insert into wildlands.ideas (user_id, id, title, {columns}) values ('{ann}', gen_random_uuid(), 'x', {values})"
        )
    };
    let goal = |columns: &str, values: &str| {
        format!(
            "insert into wildlands.goals (user_id, id, title, domain, {columns}) values ('{ann}', gen_random_uuid(), 'x', 'health', {values})"
        )
    };
    let refused = [
        day(&json!([1])),
        day(&json!({ "topWin": long })),
        idea("status", "'Draft'"),
        idea("category", "'technology'"),
        idea("excitement", "11"),
        idea("priority", "6"),
        idea("time_estimate", "'years'"),
        idea("milestones", "'{}'"),
        idea("pitch", &format!("'{long}'")),
        goal("weekly_minimum", "0"),
        goal("priority", "4"),
        goal("start_date, due_date", "'2026-11-23', '2026-11-22'"),
        format!(
            "insert into wildlands.teaching_requests (user_id, id, subject, duration_minutes) values ('{ann}', gen_random_uuid(), 'x', 9)"
        ),
        format!(
            "insert into wildlands.teaching_requests (user_id, id, subject, standards) values ('{ann}', gen_random_uuid(), 'x', array[null])"
        ),
        format!(
            "insert into wildlands.harris_content (user_id, id, type, template, title) values ('{ann}', gen_random_uuid(), 'blog', 'welcome', 'x')"
        ),
        format!(
            "insert into wildlands.drift_flags (user_id, id, type, sentence, window_start, window_end, first_seen, last_seen, state) \
                 values ('{ann}', gen_random_uuid(), 'trend', 'x', '2026-11-01', '2026-11-07', '2026-11-07', '2026-11-07', 'snoozed')"
        ),
        format!(
            "insert into wildlands.retention_policies (user_id, id, table_name, keep_days, action) values ('{ann}', gen_random_uuid(), 'users', 1, 'delete')"
        ),
    ];
    for sql in refused {
        let transaction = begin_as(&mut app, ann).await;
        let error = transaction.batch_execute(&sql).await.unwrap_err();
        let shown: String = sql.chars().take(200).collect();
        assert_eq!(
            error.code(),
            Some(&SqlState::CHECK_VIOLATION),
            "{shown}: {error:?}"
        );
        match StoreError::from(error) {
            StoreError::Constraint { table, constraint } => {
                assert!(!table.is_empty() && !constraint.is_empty());
            }
            other => panic!("{other:?}"),
        }
    }
    // All Unicode stays as it is, byte for byte.
    let hard = "e\u{301} é \u{202e}rtl 家 👩‍👩‍👧 \u{feff}\u{7f}\u{1b}[31m\ttab\nline";
    let transaction = begin_as(&mut app, ann).await;
    let back: Value = transaction
        .query_one(
            "insert into wildlands.logs (user_id, id, date, data) values ($1, gen_random_uuid(), '2026-11-23', $2) returning data",
            &[&ann, &json!({ "topWin": hard })],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(back["topWin"], hard);
    let twice = transaction
        .execute("insert into wildlands.logs (user_id, id, date) values ($1, gen_random_uuid(), '2026-11-23')", &[&ann])
        .await
        .unwrap_err();
    assert_eq!(
        twice.as_db_error().unwrap().constraint(),
        Some("logs_one_per_day")
    );
}

// ---------------------------------------------------------------- isolation

#[tokio::test]
async fn one_person_sees_changes_counts_and_infers_nothing_of_anothers() {
    let database = TestServer::shared().database().await;
    let (ann, bob) = (
        database.add_user("ann").await,
        database.add_user("bob").await,
    );
    seed(&database, ann).await;
    seed(&database, bob).await;
    let superuser = database.superuser_client().await;
    let mut app = database.app_client().await;
    for table in tables(&superuser).await {
        let owner_column = if table == "users" { "id" } else { "user_id" };
        let bobs: Value = superuser
            .query_one(
                &format!(
                    "select to_jsonb(t) from wildlands.{table} t where {owner_column} = $1 limit 1"
                ),
                &[&bob],
            )
            .await
            .unwrap_or_else(|_| panic!("the seed has no row in {table}"))
            .get(0);

        let transaction = begin_as(&mut app, ann).await;
        let row = transaction
            .query_one(
                &format!("select count(*), count(*) filter (where {owner_column} <> $1) from wildlands.{table}"),
                &[&ann],
            )
            .await
            .unwrap();
        assert!(
            row.get::<_, i64>(0) > 0 && row.get::<_, i64>(1) == 0,
            "{table} shows another's rows"
        );
        drop(transaction);

        let same = format!("{owner_column} = {owner_column}");
        for sql in [
            format!("update wildlands.{table} set {same} where {owner_column} = '{bob}'"),
            format!("delete from wildlands.{table} where {owner_column} = '{bob}'"),
        ] {
            let transaction = begin_as(&mut app, ann).await;
            match transaction.execute(&sql, &[]).await {
                Ok(changed) => assert_eq!(changed, 0, "{sql}"),
                Err(error) => assert_eq!(
                    error.code(),
                    Some(&SqlState::INSUFFICIENT_PRIVILEGE),
                    "{sql}"
                ),
            }
        }

        // Handing a row to him, taking his key, or a key that is free: all answers are alike.
        let mut fresh = bobs.clone();
        for key in ["id", "request_id"] {
            if fresh.get(key).is_some() && !(table == "users" && key == "id") {
                fresh[key] = json!(Uuid::now_v7());
            }
        }
        let mut answers = BTreeSet::new();
        // Not those that the database computes.
        let columns: String = superuser
            .query_one(
                "select string_agg(column_name, ', ') from information_schema.columns \
                 where table_schema = 'wildlands' and table_name = $1 and is_generated = 'NEVER'",
                &[&table],
            )
            .await
            .unwrap()
            .get(0);
        for row in [&bobs, &fresh] {
            let transaction = begin_as(&mut app, ann).await;
            let insert = format!(
                "insert into wildlands.{table} ({columns}) \
                 select {columns} from jsonb_populate_record(null::wildlands.{table}, $1)"
            );
            let error = transaction.execute(&insert, &[row]).await.unwrap_err();
            let error = error.as_db_error().unwrap();
            assert_eq!(*error.code(), SqlState::INSUFFICIENT_PRIVILEGE, "{table}");
            answers.insert(format!(
                "{} {:?} {:?}",
                error.message(),
                error.detail(),
                error.constraint()
            ));
        }
        assert_eq!(answers.len(), 1, "{table} tells whether a row exists");
        let transaction = begin_as(&mut app, ann).await;
        let give = format!("update wildlands.{table} set {owner_column} = '{bob}'");
        let error = transaction.execute(&give, &[]).await.unwrap_err();
        assert_eq!(
            error.code(),
            Some(&SqlState::INSUFFICIENT_PRIVILEGE),
            "{table}"
        );
    }
    infers_nothing_through_keys(&mut app, &superuser, ann, bob).await;
}

async fn infers_nothing_through_keys(app: &mut Client, superuser: &Client, ann: Uuid, bob: Uuid) {
    let id = |table: &str| format!("select id from wildlands.{table} where user_id = $1");
    let his_log: Uuid = superuser
        .query_one(&id("logs"), &[&bob])
        .await
        .unwrap()
        .get(0);
    let his_goal: Uuid = superuser
        .query_one(&id("goals"), &[&bob])
        .await
        .unwrap()
        .get(0);
    // The id of his record is free for her.
    let transaction = begin_as(app, ann).await;
    transaction
        .execute(
            "insert into wildlands.logs (user_id, id, date) values ($1, $2, '2020-03-03')",
            &[&ann, &his_log],
        )
        .await
        .unwrap();
    drop(transaction);
    // A foreign key to his goal fails as one to a goal that never was.
    let mut answers = BTreeSet::new();
    for goal in [his_goal, Uuid::now_v7()] {
        let transaction = begin_as(app, ann).await;
        let error = transaction
            .execute(
                "insert into wildlands.check_ins (user_id, id, goal_id, date) values ($1, gen_random_uuid(), $2, '2020-01-02')",
                &[&ann, &goal],
            )
            .await
            .unwrap_err();
        answers.insert(error.code().unwrap().code().to_owned());
    }
    assert_eq!(answers, BTreeSet::from(["23503".to_owned()]));
    // Names are unique among all people, so she cannot try them.
    for sql in [
        "update wildlands.users set username = 'bob'",
        "update wildlands.users set email = 'bob@example.org'",
        "update wildlands.users set db_role = 'bob'",
        "update wildlands.users set role = 'admin'",
        "insert into wildlands.users (id, username, display_name) values (gen_random_uuid(), 'bob', 'x')",
        "select * from wildlands.account_directory",
        "insert into wildlands.record_history (user_id, table_name, record_id, version, operation, row) \
         values (wildlands.current_user_id(), 'logs', gen_random_uuid(), 1, 'update', '{}')",
        "alter table wildlands.logs disable row level security",
        "set local role wildlands_owner",
        "set local role postgres",
        "select wildlands.grant_to_app()",
    ] {
        let transaction = begin_as(app, ann).await;
        let error = transaction.batch_execute(sql).await.expect_err(sql);
        assert_eq!(
            error.code(),
            Some(&SqlState::INSUFFICIENT_PRIVILEGE),
            "{sql}"
        );
    }
    let transaction = begin_as(app, ann).await;
    let leak = transaction
        .batch_execute("set local row_security = off; select * from wildlands.logs")
        .await;
    assert_eq!(
        leak.unwrap_err().code(),
        Some(&SqlState::INSUFFICIENT_PRIVILEGE)
    );
    drop(transaction);
    // Without a current user there is nothing.
    let none: i64 = app
        .query_one("select count(*) from wildlands.logs", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(none, 0);
}

#[tokio::test]
async fn a_persons_own_database_role_decides_and_no_setting_overrides_it() {
    let server = TestServer::shared();
    let database = server.database().await;
    let (ann, bob) = (
        database.add_user("ann").await,
        database.add_user("bob").await,
    );
    seed(&database, ann).await;
    seed(&database, bob).await;
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute("create role peer_ann login; grant wildlands_app to peer_ann; update wildlands.users set db_role = 'peer_ann' where username = 'ann'")
        .await
        .unwrap();
    let mut client = server.client("peer_ann", &database.name).await;
    for claimed in [bob, ann] {
        let transaction = client.transaction().await.unwrap();
        transaction
            .batch_execute(&format!("set local role wildlands_app; select set_config('wildlands.user_id', '{claimed}', true)"))
            .await
            .unwrap();
        let rows = transaction
            .query("select user_id from wildlands.logs", &[])
            .await
            .unwrap();
        assert!(!rows.is_empty() && rows.iter().all(|row| row.get::<_, Uuid>(0) == ann));
        let signed_in: Uuid = transaction
            .query_one(
                "select wildlands.sign_in_local(gen_random_uuid(), 'bob', 'Bob', 'UTC')",
                &[],
            )
            .await
            .unwrap()
            .get(0);
        assert_eq!(signed_in, ann);
    }
}

#[tokio::test]
async fn the_local_person_is_found_or_made_once_and_no_account_with_a_password_is_entered() {
    let database = TestServer::shared().database().await;
    let mut programs = Vec::new();
    for round in 0..10 {
        let app = database.app_client().await;
        programs.push(tokio::spawn(async move {
            let name = if round % 2 == 0 { "Bruce" } else { "bruce" };
            let id: Uuid = app
                .query_one(
                    "select wildlands.sign_in_local($1, $2, 'Bruce', 'Europe/Berlin')",
                    &[&Uuid::now_v7(), &name],
                )
                .await
                .unwrap()
                .get(0);
            id
        }));
    }
    let mut people = BTreeSet::new();
    for program in programs {
        people.insert(program.await.unwrap());
    }
    assert_eq!(people.len(), 1);
    let superuser = database.superuser_client().await;
    let role: String = superuser
        .query_one("select role from wildlands.users", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(role, "admin");

    superuser
        .batch_execute("update wildlands.users set password_hash = '$argon2id$v=19$x'")
        .await
        .unwrap();
    let app = database.app_client().await;
    for name in ["BRUCE", "stranger"] {
        let error = app
            .query_one(
                "select wildlands.sign_in_local($1, $2, 'x', 'UTC')",
                &[&Uuid::now_v7(), &name],
            )
            .await
            .unwrap_err();
        assert_eq!(StoreError::from(error), StoreError::SignInNeeded);
    }
}

// ---------------------------------------------------------------- history

#[tokio::test]
async fn each_update_and_delete_leaves_the_row_as_it_was() {
    let database = TestServer::shared().database().await;
    let ann = database.add_user("ann").await;
    let mut app = database.app_client().await;
    let (goal, check_in) = (Uuid::now_v7(), Uuid::now_v7());
    let transaction = begin_as(&mut app, ann).await;
    transaction
        .execute("insert into wildlands.goals (user_id, id, title, domain) values ($1, $2, 'Run', 'health')", &[&ann, &goal])
        .await
        .unwrap();
    transaction
        .execute("insert into wildlands.check_ins (user_id, id, goal_id, date) values ($1, $2, $3, '2026-11-23')", &[&ann, &check_in, &goal])
        .await
        .unwrap();
    let row = transaction
        .query_one(
            "update wildlands.goals set title = 'Walk', created_at = 'epoch', version = 40 where id = $1 \
             returning version, created_at > 'epoch', updated_at > created_at",
            &[&goal],
        )
        .await
        .unwrap();
    assert_eq!(
        (
            row.get::<_, i32>(0),
            row.get::<_, bool>(1),
            row.get::<_, bool>(2)
        ),
        (2, true, true)
    );
    transaction
        .execute("delete from wildlands.goals where id = $1", &[&goal])
        .await
        .unwrap();
    transaction
        .execute(
            "update wildlands.users set password_hash = '$argon2id$secret'",
            &[],
        )
        .await
        .unwrap();
    transaction
        .execute("update wildlands.users set display_name = 'Ann'", &[])
        .await
        .unwrap();
    let history = transaction
        .query(
            "select table_name, operation, version, row ->> 'title', row ? 'password_hash' \
             from wildlands.record_history order by table_name, version, operation",
            &[],
        )
        .await
        .unwrap();
    let history: Vec<(String, String, i32, Option<String>, bool)> = history
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)))
        .collect();
    let entry = |table: &str, operation: &str, version, title: Option<&str>| {
        (
            table.to_owned(),
            operation.to_owned(),
            version,
            title.map(str::to_owned),
            false,
        )
    };
    assert_eq!(
        history,
        [
            entry("check_ins", "delete", 1, None), // it went with its goal
            entry("goals", "update", 1, Some("Run")),
            entry("goals", "delete", 2, Some("Walk")),
            entry("users", "update", 1, None),
            entry("users", "update", 2, None),
        ]
    );
    let fixed = transaction
        .execute("update wildlands.users set id = gen_random_uuid()", &[])
        .await;
    assert!(fixed.is_err());
    drop(transaction);
    // An administrator's repair is recorded as well, with its author.
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute("update wildlands.users set email = 'ann@example.org'")
        .await
        .unwrap();
    let by: String = superuser
        .query_one("select changed_by from wildlands.record_history", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(by, "postgres");
}

#[tokio::test]
async fn a_write_that_is_sent_twice_is_recognised() {
    let database = TestServer::shared().database().await;
    let ann = database.add_user("ann").await;
    let mut app = database.app_client().await;
    let request = Uuid::now_v7();
    for expected in [1, 0] {
        let transaction = begin_as(&mut app, ann).await;
        let fresh = transaction
            .execute("insert into wildlands.applied_writes (user_id, request_id) values ($1, $2) on conflict do nothing", &[&ann, &request])
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(fresh, expected);
    }
}

#[tokio::test]
async fn a_persons_days_are_found_by_index_although_the_policy_is_in_force() {
    let database = TestServer::shared().database().await;
    let (ann, bob) = (
        database.add_user("ann").await,
        database.add_user("bob").await,
    );
    let superuser = database.superuser_client().await;
    for person in [ann, bob] {
        superuser
            .execute(
                "insert into wildlands.logs (user_id, id, date) \
                 select $1, gen_random_uuid(), date '1980-01-01' + n from generate_series(1, 10000) n",
                &[&person],
            )
            .await
            .unwrap();
    }
    superuser
        .batch_execute("analyze wildlands.logs")
        .await
        .unwrap();
    let mut app = database.app_client().await;
    let transaction = begin_as(&mut app, ann).await;
    for query in [
        "select * from wildlands.logs order by date desc limit 50",
        "select * from wildlands.logs where date = '1990-05-05'",
        "select * from wildlands.logs where date < '1999-01-01' order by date desc limit 50",
    ] {
        let plan = transaction
            .query(&format!("explain {query}"), &[])
            .await
            .unwrap();
        let plan = plan
            .iter()
            .map(|row| row.get::<_, String>(0))
            .collect::<Vec<_>>()
            .join("\n");
        assert!(
            plan.contains("logs_one_per_day") && plan.contains("InitPlan"),
            "{query}\n{plan}"
        );
        assert!(
            !plan.contains("Seq Scan on logs") && !plan.contains("Sort"),
            "{query}\n{plan}"
        );
    }
}

// ---------------------------------------------------------------- rights

/// The role belongs to the whole server: programs that begin in different databases at once all want to make it.
#[tokio::test]
async fn the_role_is_made_once_by_programs_in_several_databases_at_once() {
    let server = TestServer::launch(&Options::default());
    let superuser = server.client(support::SUPERUSER, "postgres").await;
    superuser
        .batch_execute("drop database wildlands_template")
        .await
        .unwrap();
    superuser
        .batch_execute("drop role wildlands_app")
        .await
        .unwrap();
    let mut programs = Vec::new();
    for number in 0..6 {
        let name = format!("beside_{}", number % 3);
        if number < 3 {
            superuser
                .batch_execute(&format!("create database {name}"))
                .await
                .unwrap();
        }
        let target = Target::embedded(
            server.socket_dir(),
            server.port(),
            support::SUPERUSER,
            &name,
        );
        programs.push(tokio::spawn(async move {
            prepare_database(&target, &mut |_| ()).await
        }));
    }
    for program in programs {
        assert_eq!(program.await.unwrap().unwrap().access, Access::SetRole);
    }
}

#[tokio::test]
async fn every_kind_of_login_ends_bound_by_row_level_security_or_is_refused() {
    let server = TestServer::launch(&Options::default());
    let superuser = server.client(support::SUPERUSER, "postgres").await;
    superuser
        .batch_execute("drop database wildlands_template")
        .await
        .unwrap();
    superuser
        .batch_execute("drop role wildlands_app")
        .await
        .unwrap();
    superuser
        .batch_execute(
            "create role least login; create role maker login createrole; create role above login bypassrls; create role guest login;",
        )
        .await
        .unwrap();
    for database in ["of_least", "of_maker", "of_above", "of_super", "of_nobody"] {
        superuser
            .batch_execute(&format!("create database {database}"))
            .await
            .unwrap();
    }
    superuser
        .batch_execute("grant create on database of_least to least; grant create on database of_maker to maker; grant create on database of_above to above")
        .await
        .unwrap();
    let target = |role: &str, database: &str| {
        Target::embedded(server.socket_dir(), server.port(), role, database)
    };

    // CREATE on the database is missing: which statement helps is said.
    match prepare_database(&target("guest", "of_nobody"), &mut |_| ())
        .await
        .unwrap_err()
    {
        StoreError::MissingRight { user, remedy, .. } => {
            assert_eq!(user, "guest");
            assert!(
                remedy.contains("GRANT CREATE ON DATABASE \"of_nobody\" TO \"guest\""),
                "{remedy}"
            );
        }
        other => panic!("{other:?}"),
    }
    // CREATE on the database and nothing else.
    let prepared = prepare_database(&target("least", "of_least"), &mut |_| ())
        .await
        .unwrap();
    assert_eq!((prepared.access, prepared.set_role), (Access::Owner, false));
    assert_bound(&target("least", "of_least"), false).await;
    // Row-level security does not hold for the login, and it cannot become the role.
    let refused = prepare_database(&target("above", "of_above"), &mut |_| ())
        .await
        .unwrap_err();
    assert!(
        matches!(&refused, StoreError::MissingRight { user, .. } if user == "above"),
        "{refused:?}"
    );
    // A role that may make roles, while the role is not there yet; then a superuser.
    for (role, database) in [("maker", "of_maker"), ("postgres", "of_super")] {
        let prepared = prepare_database(&target(role, database), &mut |_| ())
            .await
            .unwrap();
        assert_eq!(
            (prepared.access, prepared.set_role),
            (Access::SetRole, true),
            "{role}"
        );
        assert_bound(&target(role, database), true).await;
    }
    // Somebody who is neither owner nor member.
    let refused = prepare_database(&target("guest", "of_super"), &mut |_| ())
        .await
        .unwrap_err();
    assert!(
        refused
            .advice()
            .contains("GRANT wildlands_app TO \"guest\""),
        "{refused:?}"
    );
    // A role above security is never used.
    superuser
        .batch_execute("alter role wildlands_app bypassrls")
        .await
        .unwrap();
    let refused = prepare_database(&target("postgres", "of_super"), &mut |_| ())
        .await
        .unwrap_err();
    assert!(refused.advice().contains("NOBYPASSRLS"), "{refused:?}");
}

/// As the program would: a transaction of one person sees that person's rows and no other's.
async fn assert_bound(target: &Target, set_role: bool) {
    let mut client = harriswildlands::store::target::connect(target)
        .await
        .unwrap();
    let people = [Uuid::now_v7(), Uuid::now_v7()];
    for (person, name) in people.iter().zip(["one", "two"]) {
        let transaction = client.transaction().await.unwrap();
        if set_role {
            transaction
                .batch_execute("set local role wildlands_app")
                .await
                .unwrap();
        }
        transaction
            .execute(
                "select wildlands.sign_in_local($1, $2, 'x', 'UTC')",
                &[person, &name],
            )
            .await
            .unwrap();
        transaction
            .execute("insert into wildlands.logs (user_id, id, date) values ($1, gen_random_uuid(), '2026-11-23')", &[person])
            .await
            .unwrap();
        let seen: i64 = transaction
            .query_one("select count(*) from wildlands.logs", &[])
            .await
            .unwrap()
            .get(0);
        assert_eq!(seen, 1);
        transaction.commit().await.unwrap();
    }
}

/// A plain dump that comes back on a new server finds neither the roles nor, therefore, their rights.
#[tokio::test]
async fn a_database_whose_role_is_gone_is_guarded_again() {
    let server = TestServer::launch(&Options::default());
    let superuser = server.client(support::SUPERUSER, "postgres").await;
    superuser
        .batch_execute("drop database wildlands_template")
        .await
        .unwrap();
    superuser
        .batch_execute("create database pgbruce")
        .await
        .unwrap();
    let database = TestDatabase {
        server: server.clone(),
        name: "pgbruce".into(),
    };
    let target = database.target(support::SUPERUSER);
    prepare_database(&target, &mut |_| ()).await.unwrap();
    let ann = database.add_user("ann").await;
    seed(&database, ann).await;
    database
        .superuser_client()
        .await
        .batch_execute(
            "drop owned by wildlands_app; drop role wildlands_app; drop role wildlands_owner",
        )
        .await
        .unwrap();

    let prepared = prepare_database(&target, &mut |_| ()).await.unwrap();
    assert_eq!(
        (prepared.access, prepared.applied.versions),
        (Access::SetRole, vec![])
    );
    let mut client = database.superuser_client().await;
    for (person, rows) in [(Uuid::nil(), 0), (ann, 1)] {
        let transaction = client.transaction().await.unwrap();
        transaction
            .batch_execute(&format!(
                "set local role wildlands_app; select set_config('wildlands.user_id', '{person}', true)"
            ))
            .await
            .unwrap();
        let changed = transaction
            .execute("update wildlands.logs set data = '{\"mood\": 7}'", &[])
            .await
            .unwrap();
        assert_eq!(changed, rows);
    }
}

// ---------------------------------------------------------------- what the tests share

async fn begin_as(client: &mut Client, person: Uuid) -> Transaction<'_> {
    let transaction = client.transaction().await.unwrap();
    transaction
        .batch_execute(&format!(
            "select set_config('wildlands.user_id', '{person}', true)"
        ))
        .await
        .unwrap();
    transaction
}

/// Every table that holds a person's rows, from the catalog: a new one is tested without being named here.
async fn tables(client: &Client) -> Vec<String> {
    let rows = client
        .query("select relname::text from pg_class where relnamespace = 'wildlands'::regnamespace and relkind = 'r' order by 1", &[])
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.get(0))
        .filter(|name: &String| !NOT_A_PERSONS.contains(&name.as_str()))
        .collect()
}

/// One row in every table.
async fn seed(database: &TestDatabase, person: Uuid) {
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute(&format!(
            "insert into wildlands.sessions (user_id, id, sid, expire) values ('{person}', gen_random_uuid(), sha256('{person}'), now());
             insert into wildlands.applied_writes (user_id, request_id) values ('{person}', gen_random_uuid());
             insert into wildlands.search_waiting (user_id, table_name, from_id, many) values ('{person}', 'ideas', gen_random_uuid(), 1);
             insert into wildlands.logs (user_id, id, date) values ('{person}', gen_random_uuid(), '2020-01-02');
             insert into wildlands.ideas (user_id, id, title) values ('{person}', gen_random_uuid(), 'x');
             insert into wildlands.goals (user_id, id, title, domain) values ('{person}', gen_random_uuid(), 'x', 'faith');
             insert into wildlands.check_ins (user_id, id, goal_id, date)
                 select user_id, gen_random_uuid(), id, '2020-01-02' from wildlands.goals where user_id = '{person}';
             insert into wildlands.teaching_requests (user_id, id, subject) values ('{person}', gen_random_uuid(), 'x');
             insert into wildlands.harris_content (user_id, id, type, title) values ('{person}', gen_random_uuid(), 'blog', 'x');
             insert into wildlands.drift_flags (user_id, id, type, sentence, window_start, window_end, first_seen, last_seen)
                 values ('{person}', gen_random_uuid(), 'trend', 'x', '2020-01-01', '2020-01-02', '2020-01-02', '2020-01-02');
             insert into wildlands.reviews (user_id, id, week_start) values ('{person}', gen_random_uuid(), '2020-01-06');
             insert into wildlands.retention_policies (user_id, id, table_name, keep_days, action)
                 values ('{person}', gen_random_uuid(), 'logs', 10, 'archive');
             insert into wildlands.imported_records (user_id, id, source, kind, source_id, payload)
                 values ('{person}', gen_random_uuid(), 'web', 'transcript', '1', '{{}}');
             update wildlands.ideas set pitch = 'y' where user_id = '{person}';"
        ))
        .await
        .unwrap();
}

async fn exists(client: &Client, name: &str) -> bool {
    client
        .query_one("select to_regclass($1) is not null", &[&name])
        .await
        .unwrap()
        .get(0)
}

/// Waits for a condition, with a deadline.
async fn until(condition: impl AsyncFn() -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !condition().await {
        assert!(
            std::time::Instant::now() < deadline,
            "it did not come about"
        );
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_export_has_every_column_that_a_table_of_the_person_has() {
    let database = TestServer::shared().database().await;
    let owner = database.owner_client().await;
    let rows = owner
        .query(
            "select table_name::text, array_agg(column_name::text) from information_schema.columns \
             where table_schema = 'wildlands' and is_generated = 'NEVER' group by table_name",
            &[],
        )
        .await
        .unwrap();
    let tables: BTreeMap<String, BTreeSet<String>> = rows
        .iter()
        .map(|row| {
            let columns: Vec<String> = row.get(1);
            (row.get(0), columns.into_iter().collect())
        })
        .collect();
    for table in TABLES {
        let known: BTreeSet<String> = table.columns.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(tables[table.sql], known, "{}", table.sql);
    }
    // What an export leaves out is the program's own: who may sign in, what has been applied, the ledger of migrations,
    // and what is made of the records.
    let left_out: Vec<&str> = tables
        .keys()
        .map(String::as_str)
        .filter(|name| TABLES.iter().all(|table| table.sql != *name))
        .collect();
    assert_eq!(
        left_out,
        [
            "account_directory",
            "applied_writes",
            "schema_migrations",
            "search_documents",
            "search_waiting",
            "search_words",
            "sessions",
            "users"
        ]
    );
}

#[tokio::test]
async fn the_tables_whose_words_are_found_are_those_that_the_program_knows() {
    let database = TestServer::shared().database().await;
    let person = database.add_user("ann").await;
    let known: BTreeSet<&str> = Area::ALL.into_iter().map(Area::table).collect();
    let owner = database.owner_client().await;
    let rows = owner
        .query(
            "select tgrelid::regclass::text from pg_trigger where tgname = 'search'",
            &[],
        )
        .await
        .unwrap();
    let kept: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    let named = |table: &&str| format!("wildlands.{table}");
    assert_eq!(kept, known.iter().map(named).collect());
    let mut app = database.app_client().await;
    let transaction = begin_as(&mut app, person).await;
    for table in tables(&owner).await {
        transaction
            .execute(
                "select wildlands.index_later($1, gen_random_uuid(), 1)",
                &[&table],
            )
            .await
            .unwrap();
        let found = FIND.contains(&format!("from wildlands.{table} t where"))
            || table == "check_ins" && FIND.contains("from wildlands.check_ins t join");
        assert_eq!(found, known.contains(table.as_str()), "{table}");
    }
    let rows = transaction
        .query("select table_name from wildlands.search_waiting", &[])
        .await
        .unwrap();
    let later: BTreeSet<&str> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(later, known);
}
