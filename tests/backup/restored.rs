//! A backup comes back: the drill on both kinds of server, killed at every step, and the guide's own commands.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use harriswildlands::domain::setting::Setting;
use harriswildlands::store::error::StoreError;
use harriswildlands::transfer::restore::{self, RestoreReport};
use jiff::Zoned;
use tempfile::TempDir;

use super::support::{self, TestServer};
use super::*;

/// A home for the binary, on its private server or on a database that is named.
struct Home {
    directory: TempDir,
    url: Option<String>,
}

impl Home {
    fn new(url: Option<String>) -> Self {
        let directory = tempfile::Builder::new()
            .prefix("wl-backup-")
            .tempdir()
            .unwrap();
        // As root the server's user must be able to pass.
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self { directory, url }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wildlands"));
        command.args(words).env_clear();
        for name in ["PATH", "USER", "LLVM_PROFILE_FILE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("HOME", self.directory.path())
            .env("WILDLANDS_HOME", self.directory.path().join("home"))
            .env("TZ", "UTC")
            .stdin(Stdio::null());
        if let Some(url) = &self.url {
            command.env("DATABASE_URL", url);
        }
        command
    }

    fn mood(&self, date: &str) -> serde_json::Value {
        let day = self.run(&["log", date, "--json"]);
        let day: serde_json::Value = serde_json::from_str(&day).unwrap();
        day["data"]["mood"].clone()
    }

    fn run(&self, words: &[&str]) -> String {
        let output = self.command(words).output().unwrap();
        told(&output, words)
    }
}

fn told(output: &Output, words: &[&str]) -> String {
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{words:?}: {out}{err}");
    out
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.directory.path().join("home/data/server").exists() {
            let _ = self
                .command(&["data", "server", "stop"])
                .env_remove("DATABASE_URL")
                .output();
        }
    }
}

async fn put_back(ground: &Ground, path: &Path) -> Result<RestoreReport, BackupError> {
    let now = Zoned::now();
    let cancel = Cancel::default();
    restore::restore(ground, path, &now, &mut |_| (), &mut |_, _| (), &cancel).await
}

#[tokio::test]
async fn the_drill_on_another_server_seed_backup_destroy_restore_compare() {
    let database = TestServer::shared().database().await;
    seed(&database, "ann").await;
    seed(&database, "ben").await;
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute(&format!(
            "revoke all on database {0} from public; grant connect on database {0} to wildlands_app; \
             alter database {0} set timezone = 'Europe/Berlin'",
            database.name
        ))
        .await
        .unwrap();
    let before = everything(&database, &database.name).await;
    let ground = ground(&database, support::SUPERUSER).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("all.dump");
    back_up(&ground, &path, Depth::List).await.unwrap();

    superuser
        .batch_execute("truncate wildlands.logs, wildlands.check_ins; drop table wildlands.reviews")
        .await
        .unwrap();
    let destroyed = everything(&database, &database.name).await;
    let report = put_back(&ground, &path).await.unwrap();
    assert!(report.ended >= 1, "our own connection was in it");
    assert!(superuser.batch_execute("select 1").await.is_err());
    assert_eq!(everything(&database, &database.name).await, before);
    assert_eq!(report.people, ["ann", "ben"]);
    let kept = report.kept.clone().unwrap();
    assert_eq!(everything(&database, &kept).await, destroyed);

    // Owner, rights and settings are as they were, and the application's role works in it.
    let facts = database
        .superuser_client()
        .await
        .query_one(
            "select pg_get_userbyid(datdba)::text, current_setting('timezone'), \
                    has_database_privilege('public', datname, 'CONNECT'), has_database_privilege('wildlands_app', datname, 'CONNECT'), \
                    (select pg_get_userbyid(nspowner)::text from pg_namespace where nspname = 'wildlands') \
             from pg_database where datname = current_database()",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(facts.get::<_, String>(0), support::OWNER);
    assert_eq!(facts.get::<_, String>(1), "Europe/Berlin");
    assert_eq!((facts.get(2), facts.get(3)), (false, true));
    assert_eq!(facts.get::<_, String>(4), support::OWNER);
    let app = database.app_client().await;
    let seen = app
        .query_one("select count(*) from wildlands.logs", &[])
        .await;
    assert_eq!(seen.unwrap().get::<_, i64>(0), 0, "and sees nobody's rows");
    drop(app);

    // And back, and away.
    let now: Zoned = "2026-11-28T07:15:30[UTC]".parse().unwrap();
    let (again, _) = restore::bring_back(&ground, &kept, &now).await.unwrap();
    assert_eq!(again, format!("{}_before_20261128_071530", database.name));
    assert_eq!(everything(&database, &database.name).await, destroyed);
    assert_eq!(everything(&database, &again).await, before);
    restore::drop_kept(&ground, &again).await.unwrap();
    assert_eq!(restore::kept(&ground).await.unwrap(), []);
    let other = restore::drop_kept(&ground, "postgres").await.unwrap_err();
    assert!(matches!(other, BackupError::NotKept { .. }), "{other}");
}

#[tokio::test]
async fn a_schema_whose_owner_may_make_none_in_the_database_comes_back_so() {
    let database = TestServer::shared().database().await;
    seed(&database, "ann").await;
    let superuser = database.superuser_client().await;
    let taken = format!(
        "alter database {0} owner to postgres; revoke create on database {0} from {1}",
        database.name,
        support::OWNER
    );
    superuser.batch_execute(&taken).await.unwrap();
    let before = everything(&database, &database.name).await;
    let ground = ground(&database, support::SUPERUSER).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("all.dump");
    back_up(&ground, &path, Depth::List).await.unwrap();
    put_back(&ground, &path).await.unwrap();
    assert_eq!(everything(&database, &database.name).await, before);
    let facts = "select pg_get_userbyid(datdba)::text, pg_get_userbyid(nspowner)::text, \
                        has_database_privilege(nspowner, datname, 'CREATE') \
                 from pg_database, pg_namespace where datname = current_database() and nspname = 'wildlands'";
    let client = database.superuser_client().await;
    let facts = client.query_one(facts, &[]).await.unwrap();
    assert_eq!(facts.get::<_, &str>(0), support::SUPERUSER);
    assert_eq!(facts.get::<_, &str>(1), support::OWNER);
    assert!(
        !facts.get::<_, bool>(2),
        "the right was lent, and is gone again"
    );
}

#[tokio::test]
async fn a_backup_by_a_newer_program_says_where_it_goes() {
    let database = TestServer::shared().database().await;
    seed(&database, "ann").await;
    let home = Home::new(Some(database.url(support::SUPERUSER)));
    let programs = home.directory.path().join("newer");
    fs::create_dir(&programs).unwrap();
    for name in ["pg_dump", "pg_restore"] {
        let own = database.server.programs().join(name);
        let script = format!(
            "#!/bin/sh\ntest \"$1\" != --version || {{ echo '{name} (PostgreSQL) 99.1'; exit; }}\nexec {} \"$@\"\n",
            own.display()
        );
        let file = programs.join(name);
        fs::write(&file, script).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let made = |words: &[&str]| {
        let mut command = home.command(words);
        command
            .current_dir(home.directory.path())
            .env("WILDLANDS_PG_BINDIR", &programs);
        told(&command.output().unwrap(), words)
    };
    let note = "the programs are newer than the server";
    let listed = made(&["backup", "listed.dump"]);
    assert!(listed.contains(note), "{listed}");
    let tried = made(&["backup", "tried.dump", "--verify=full"]);
    assert!(!tried.contains(note), "{tried}");
}

#[tokio::test]
async fn an_empty_database_is_filled_in_its_place_and_a_newer_backup_is_refused() {
    let server = TestServer::shared();
    let full = server.database().await;
    seed(&full, "ann").await;
    let before = everything(&full, &full.name).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("all.dump");
    back_up(&ground(&full, support::SUPERUSER).await, &path, Depth::List)
        .await
        .unwrap();

    // As the owner: no superuser, no right to make databases, bound by row-level security.
    let empty = server.empty_database().await;
    let there = ground(&empty, support::OWNER).await;
    let report = put_back(&there, &path).await.unwrap();
    assert_eq!(report.kept, None);
    assert_eq!(everything(&empty, &empty.name).await, before);
    let logs = report.rows.iter().find(|(table, _)| table == "logs");
    assert_eq!(logs.unwrap().1, 39);
    // Beside what is there now it would have to make one.
    let refused = put_back(&there, &path).await.unwrap_err().to_string();
    assert!(
        refused.contains("ALTER ROLE \"wildlands_owner\" CREATEDB"),
        "{refused}"
    );
    assert_eq!(everything(&empty, &empty.name).await, before);

    full.superuser_client()
        .await
        .batch_execute(
            "insert into wildlands.schema_migrations values (9999, 'of the future', 'x')",
        )
        .await
        .unwrap();
    let newer = directory.path().join("newer.dump");
    let superuser = ground(&full, support::SUPERUSER).await;
    back_up(&superuser, &newer, Depth::List).await.unwrap();
    let refused = put_back(&superuser, &newer).await.unwrap_err();
    assert!(
        matches!(
            &refused,
            BackupError::Store(StoreError::Newer { found: 9999, .. })
        ),
        "{refused}"
    );
}

#[tokio::test]
async fn killed_at_any_step_the_present_data_are_in_use() {
    let database = TestServer::shared().database().await;
    seed(&database, "ann").await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("all.dump");
    let superuser = ground(&database, support::SUPERUSER).await;
    back_up(&superuser, &path, Depth::List).await.unwrap();
    database
        .superuser_client()
        .await
        .batch_execute("update wildlands.logs set data = data || '{\"mood\": 1}'")
        .await
        .unwrap();
    let present = everything(&database, &database.name).await;
    let home = Home::new(Some(database.url(support::SUPERUSER)));
    for step in ["reading", "making", "restoring", "giving rights"] {
        let mut child = home
            .command(&["restore", path.to_str().unwrap(), "--yes"])
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let reached = lines.map_while(Result::ok).any(|line| line.contains(step));
        assert!(reached, "{step} was said");
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(
            everything(&database, &database.name).await,
            present,
            "{step}"
        );
    }
    // The last step is one transaction: before or after it, never between.
    let mut child = home
        .command(&["restore", path.to_str().unwrap(), "--yes"])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(
        lines
            .map_while(Result::ok)
            .any(|line| line.contains("exchanging"))
    );
    child.kill().unwrap();
    child.wait().unwrap();
    let now = everything(&database, &database.name).await;
    let kept = restore::kept(&superuser).await.unwrap();
    assert_eq!(now == present, kept.is_empty());
    if let Some(kept) = kept.first() {
        assert_eq!(everything(&database, &kept.name).await, present);
    }
}

#[tokio::test]
async fn what_a_killed_restore_left_is_named_and_can_be_dropped() {
    let server = TestServer::launch(&support::Options::default());
    let database = server.database().await;
    let superuser = database.superuser_client().await;
    let now = jiff::Timestamp::now().as_second();
    let young = format!("wildlands_restore_{now}_0a");
    for name in [
        "wildlands_restore_1700000000_0a",
        "wildlands_verify_1700000000_0b",
        &young,
    ] {
        let make = format!("create database {name}");
        superuser.batch_execute(&make).await.unwrap();
    }
    let ground = ground(&database, support::SUPERUSER).await;
    assert_eq!(restore::kept(&ground).await.unwrap(), []);
    let left = restore::unfinished(&ground).await.unwrap();
    let names: Vec<&str> = left.iter().map(|left| left.name.as_str()).collect();
    // One that was just made may be in the making.
    assert_eq!(
        names,
        [
            "wildlands_restore_1700000000_0a",
            "wildlands_verify_1700000000_0b"
        ]
    );
    assert!(left.iter().all(|left| left.is_unfinished && left.bytes > 0));
    let home = Home::new(Some(database.url(support::SUPERUSER)));
    let listed = home.run(&["restore", "--list-kept"]);
    assert_eq!(listed.matches("unfinished:").count(), 2, "{listed}");
    let told = home.command(&["doctor"]).output().unwrap();
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains("warn  unfinished"), "{told}");
    for name in names {
        home.run(&["restore", "--drop-kept", name, "--yes"]);
    }
    assert_eq!(restore::unfinished(&ground).await.unwrap(), []);
    let other = restore::drop_kept(&ground, &young).await.unwrap_err();
    assert!(matches!(other, BackupError::NotKept { .. }), "{other}");
}

#[tokio::test]
async fn an_owner_who_makes_no_roles_restores_what_was_used_without_ours() {
    let server = TestServer::launch(&support::Options::default());
    let superuser = server.client(support::SUPERUSER, "postgres").await;
    for statement in [
        "drop database wildlands_template",
        "drop role wildlands_app",
        "create role harris login createdb",
        "create database pgharris owner harris",
    ] {
        superuser.batch_execute(statement).await.unwrap();
    }
    let database = TestDatabase {
        server: server.clone(),
        name: "pgharris".to_owned(),
    };
    let home = Home::new(Some(database.url("harris")));
    home.run(&["log", "2026-11-23", "mood=7"]);
    let made = home.run(&["backup"]);
    let path = made.lines().next().unwrap();
    let path = path.strip_prefix("backed up to ").unwrap();
    home.run(&["log", "2026-11-23", "mood=2"]);
    home.run(&["restore", path, "--yes"]);
    assert!(home.mood("2026-11-23") == 7);
}

#[test]
fn the_drill_on_the_private_server_with_the_program_itself() {
    let home = Home::new(None);
    home.run(&["log", "2026-11-23", "mood=7"]);
    let made = home.run(&["backup", "--verify=full"]);
    let path = made.lines().next().unwrap();
    let path = path.strip_prefix("backed up to ").unwrap();
    assert!(made.contains("logs ") && made.contains("17 tables") || made.contains("tables listed"));
    home.run(&["log", "2026-11-23", "mood=2"]);
    home.run(&["log", "2026-11-24", "mood=3"]);

    let unconfirmed = home.command(&["restore", path]).output().unwrap();
    assert_eq!(unconfirmed.status.code(), Some(64));
    let said = home.run(&["restore", path, "--yes"]);
    assert!(said.contains("kept      wildlands_before_"), "{said}");
    assert!(home.mood("2026-11-23") == 7);
    assert!(home.mood("2026-11-24").is_null());
    // Written, after it, as the application's role.
    home.run(&["log", "2026-11-25", "mood=5"]);

    let doctor = home.run(&["doctor", "--json"]);
    let doctor: serde_json::Value = serde_json::from_str(&doctor).unwrap();
    for line in doctor["lines"].as_array().unwrap() {
        assert_ne!(line["verdict"], "fail", "{line}");
    }
    let line = |name: &str| {
        let lines = doctor["lines"].as_array().unwrap();
        lines.iter().find(|line| line["name"] == name).unwrap()["verdict"].clone()
    };
    for name in [
        "server",
        "durability",
        "checksums",
        "schema",
        "isolation",
        "orphans",
        "backups",
        "restorable",
        "permissions",
        "unsent",
        "settings",
    ] {
        assert_eq!(line(name), "pass", "{name}: {doctor}");
    }
    assert_eq!(line("exports"), "warn");

    home.run(&["restore", "--back", "--yes"]);
    assert!(home.mood("2026-11-23") == 2);

    // A change where an archive has no checksum of its own: it can still be listed, read and restored.
    let mut bytes = fs::read(path).unwrap();
    let words = b"SET standard_conforming_strings";
    let at = bytes.windows(words.len()).position(|part| part == words);
    bytes[at.unwrap()] = b's';
    fs::write(path, bytes).unwrap();
    for depth in ["--verify=list", "--verify=full"] {
        let told = home.command(&["backup", "--check", path, depth]).output();
        let told = told.unwrap();
        assert_eq!(told.status.code(), Some(65));
        let words = String::from_utf8_lossy(&told.stderr).replace('\n', " ");
        assert!(words.contains("damaged or replaced since"), "{words}");
    }
    let kept = home.run(&["restore", "--list-kept"]);
    let kept = kept.split_whitespace().next().unwrap();
    home.run(&["restore", "--drop-kept", kept, "--yes"]);
    assert_eq!(
        home.run(&["restore", "--list-kept"]),
        "no database is kept aside\n"
    );
}

#[tokio::test]
async fn the_guides_own_commands_work_and_the_doctor_passes_after_them() {
    let server = TestServer::launch(&support::Options {
        settings: vec!["fsync=on".into(), "full_page_writes=on".into()],
        ..support::Options::default()
    });
    let database = server.database().await;
    seed(&database, "ann").await;
    seed(&database, "ben").await;
    let keeper = server.client(support::SUPERUSER, "postgres").await;
    keeper
        .batch_execute(&format!(
            "alter database {} rename to pgbruce",
            database.name
        ))
        .await
        .unwrap();
    let before = everything(&database, "pgbruce").await;
    let directory = tempfile::tempdir().unwrap();
    let shell = |line: &str| {
        let mut path = server.programs().as_os_str().to_owned();
        path.push(":/usr/bin:/bin");
        let output = Command::new("/bin/sh")
            .args(["-ec", line])
            .env("PATH", path)
            .env("PGHOST", server.socket_dir())
            .env("PGPORT", server.port().to_string())
            .current_dir(directory.path())
            .output()
            .unwrap();
        told(&output, &[line])
    };
    shell("pg_dump -U postgres pgbruce > backup.sql");
    shell("dropdb --force -U postgres pgbruce && createdb -U postgres pgbruce");
    shell("psql -v ON_ERROR_STOP=1 -U postgres pgbruce < backup.sql");
    assert_eq!(everything(&database, "pgbruce").await, before);

    let app = server.client(support::APP, "pgbruce").await;
    let user = database_user(&keeper, &server, "ann").await;
    app.batch_execute(&format!(
        "select set_config('wildlands.user_id', '{user}', false)"
    ))
    .await
    .unwrap();
    let seen = app
        .query_one("select count(*) from wildlands.logs", &[])
        .await;
    assert_eq!(
        seen.unwrap().get::<_, i64>(0),
        39,
        "ann's own, and nobody else's"
    );
    drop(app);
    let url = database
        .url(support::SUPERUSER)
        .replace(&database.name, "pgbruce");
    let home = Home::new(Some(url));
    let doctor = home.run(&["doctor"]);
    assert!(doctor.contains(" 0 fail"), "{doctor}");
    assert!(doctor.contains("pass  isolation"), "{doctor}");

    // What the doctor is for: it says what is wrong, and ends with another code.
    let superuser = server.client(support::SUPERUSER, "pgbruce").await;
    superuser
        .batch_execute(
            "alter table wildlands.goals no force row level security; \
             set session_replication_role = replica; delete from wildlands.goals where title = 'goal 1'",
        )
        .await
        .unwrap();
    let output = home.command(&["doctor"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(69), "{said}");
    assert!(said.contains("not in force for goals"), "{said}");
    assert!(said.contains("2 by check_ins_"), "{said}");
}

async fn database_user(
    _keeper: &tokio_postgres::Client,
    server: &TestServer,
    name: &str,
) -> uuid::Uuid {
    let client = server.client(support::SUPERUSER, "pgbruce").await;
    let row = client
        .query_one(
            "select id from wildlands.users where username = $1",
            &[&name],
        )
        .await
        .unwrap();
    row.get(0)
}

#[test]
fn what_is_due_is_made_once_pruned_and_can_be_switched_off() {
    let home = Home::new(None);
    assert_eq!(
        home.run(&["backup", "--due"]),
        "nothing is due\n",
        "an empty database"
    );
    home.run(&["log", "2026-11-23", "mood=7"]);
    let made = home.run(&["backup", "--due"]);
    assert!(
        made.contains("-export-") && made.contains("-snapshot-"),
        "{made}"
    );
    assert_eq!(home.run(&["backup", "--due"]), "nothing is due\n");
    for setting in [Setting::ExportEveryDays, Setting::SnapshotEveryDays] {
        home.run(&["settings", setting.key(), "0"]);
    }
    let directory = home.directory.path().join("home/data/backups");
    fs::remove_file(directory.join("made.json")).unwrap();
    assert_eq!(
        home.run(&["backup", "--due"]),
        "nothing is due\n",
        "switched off"
    );
}

#[tokio::test]
async fn a_migration_of_data_takes_a_dump_first_and_without_tools_says_so() {
    let database = TestServer::shared().database().await;
    seed(&database, "ann").await;
    let superuser = database.superuser_client().await;
    // As an older program left it: the last step undone.
    let undo = "delete from wildlands.schema_migrations where version = (select max(version) from wildlands.schema_migrations)";
    superuser.batch_execute(undo).await.unwrap();
    let home = Home::new(Some(database.url(support::SUPERUSER)));
    let backups = home.directory.path().join("home/data/backups");

    // Whatever the last step makes of a schema that has it already: the dump comes before it.
    let _ = home.command(&["data", "migrate"]).output().unwrap();
    let made: Vec<PathBuf> = names(&backups);
    let is_dump = |path: &PathBuf| path.extension().is_some_and(|end| end == "dump");
    let dumps: Vec<&PathBuf> = made.iter().filter(|path| is_dump(path)).collect();
    assert_eq!(dumps.len(), 1, "{made:?}");
    assert!(dumps[0].to_str().unwrap().contains("-before-migration-"));

    superuser
        .batch_execute("delete from wildlands.schema_migrations where version > 6")
        .await
        .unwrap();
    let mut without = home.command(&["data", "migrate"]);
    let without = without
        .env("WILDLANDS_PG_BINDIR", &backups)
        .output()
        .unwrap();
    let said = String::from_utf8(without.stderr).unwrap();
    assert!(
        said.contains("without a dump before it") && said.contains("no pg_dump"),
        "{said}"
    );
}
