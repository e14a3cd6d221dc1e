//! The operators' guide: its marked blocks are run as they are written, on a real server.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

use std::collections::BTreeSet;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use harriswildlands::store::queries::users::Account;
use serde_json::Value;
use support::{Options, TestDatabase, TestServer};
use tempfile::TempDir;
use tokio_postgres::Client;

/// The block of the guide under this mark.
fn block(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md");
    let guide = std::fs::read_to_string(path).unwrap();
    let mark = format!("<!-- tested: {name} -->\n```");
    let (_, rest) = guide.split_once(&mark).expect("a block of that name");
    let (_, rest) = rest.split_once('\n').unwrap();
    rest.split_once("\n```").unwrap().0.to_owned()
}

/// Runs a block as a shell would, in a directory of its own.
fn shell(
    script: &str,
    directory: &Path,
    server: &TestServer,
    variables: &[(&str, &str)],
) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_wildlands")).parent().unwrap();
    let path = format!(
        "{}:{}:/usr/bin:/bin",
        program.display(),
        server.programs().display()
    );
    let output = Command::new("sh")
        .args(["-euc", script])
        .current_dir(directory)
        .env_clear()
        .env("PATH", path)
        .env("HOME", directory)
        .env("WILDLANDS_HOME", directory.join("home"))
        .env("LANG", "C.UTF-8")
        .env("USER", "bruce")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{script}\n{out}\n{err}");
    out.into_owned()
}

async fn number(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.unwrap().get(0)
}

async fn bound(client: &Client, database: &TestDatabase) {
    let without = "select count(*) from pg_class where relnamespace = 'wildlands'::regnamespace \
                   and relkind = 'r' and not (relrowsecurity and relforcerowsecurity) \
                   and relname not in ('schema_migrations', 'account_directory')";
    assert_eq!(number(client, without).await, 0);
    let app = database.server.client(support::APP, &database.name).await;
    assert_eq!(number(&app, "select count(*) from wildlands.logs").await, 0);
}

#[tokio::test]
async fn a_plain_dump_comes_back_with_its_rows_its_rules_and_its_rights() {
    let server = TestServer::launch(&durable());
    let database = server.database().await;
    let person = database.add_user(&Account::of_system().username).await;
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute(&format!(
            "insert into wildlands.logs (user_id, id, date, data) \
             select '{person}', gen_random_uuid(), '2026-01-01'::date + n, '{{\"topWin\": \"家 and é\"}}' \
             from generate_series(0, 99) n"
        ))
        .await
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let script = block("dump").replace("pgbruce", &database.name);
    let socket = database.server.socket_dir().to_str().unwrap().to_owned();
    let port = database.server.port().to_string();
    let way = [("PGHOST", socket.as_str()), ("PGPORT", port.as_str())];
    shell(&script, directory.path(), &database.server, &way);
    let restored = TestDatabase {
        server: database.server.clone(),
        name: format!("{}_restored", database.name),
    };
    let back = restored.superuser_client().await;
    let sum = "select sum(hashtext(l::text)::bigint)::bigint from wildlands.logs l";
    assert_eq!(number(&back, sum).await, number(&superuser, sum).await);
    bound(&back, &restored).await;
    // A program works on it, as the person whose rows they are.
    let url = restored.url(support::APP);
    let script = "wildlands log 2026-01-05 --json";
    let day = shell(
        script,
        directory.path(),
        &restored.server,
        &[("DATABASE_URL", &url)],
    );
    assert!(day.contains("topWin"), "{day}");
    let url = restored.url(support::SUPERUSER);
    let told = shell(
        "wildlands doctor",
        directory.path(),
        &restored.server,
        &[("DATABASE_URL", &url)],
    );
    assert!(told.contains("row-level security"), "{told}");
}

/// A server that keeps its word through a crash, which the others of the tests need not.
fn durable() -> Options {
    Options {
        settings: vec!["fsync=on".to_owned(), "full_page_writes=on".to_owned()],
        ..Options::default()
    }
}

/// An export without the moment at which it was made.
fn timeless(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.contains("\"exportedAt\""));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_house_is_moved_out_and_back_by_exports() {
    let server = TestServer::launch(&durable());
    let target = server.empty_database().await;
    let directory = tempfile::tempdir().unwrap();
    // As root the private server's user must be able to pass.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(directory.path(), open).unwrap();
    let url = target.url(support::OWNER);
    let way = [("TARGET", url.as_str())];
    let run = |script: &str| shell(script, directory.path(), &server, &way);
    let days = "wildlands log 2026-11-01 energy=6 'topWin=家 and é'\n\
                wildlands log 2026-11-02 energy=4\nwildlands log 2026-11-02 energy=5\n\
                wildlands goal add 'Run far' domain=health";
    run(days);
    run(&block("moving-out"));
    let document = |name: &str| timeless(&directory.path().join(name));
    assert_eq!(document("moving.json"), document("moved.json"));
    assert!(document("moved.json").contains("家 and é"));
    run(&block("moving-back"));
    assert_eq!(document("moved.json"), document("back.json"));
    assert_eq!(document("back.json"), document("again.json"));
    run("wildlands data server stop");
}

#[tokio::test]
async fn a_private_server_is_made_anew_from_its_backup() {
    let server = TestServer::launch(&durable());
    let directory = tempfile::tempdir().unwrap();
    std::fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
    let script =
        block("private-upgrade").replace("~/.local/share/harriswildlands", "$HOME/home/data");
    let script = format!("{DAYS}{script}\nwildlands data server stop");
    shell(&script, directory.path(), &server, &[]);
    let document = |name: &str| timeless(&directory.path().join(name));
    assert!(document("upgrade.json").contains("家 and é"));
    assert_eq!(document("upgrade.json"), document("upgraded.json"));
    let old = directory
        .path()
        .join("home/data/server-old/cluster/PG_VERSION");
    assert!(old.exists(), "the old data stay");
}

#[tokio::test]
async fn the_least_rights_are_enough_and_no_more_than_they_are_said_to_be() {
    let server = TestServer::launch(&durable());
    let superuser = server.client(support::SUPERUSER, "postgres").await;
    for statement in block("least-rights").lines() {
        superuser.batch_execute(statement).await.unwrap();
    }
    let database = TestDatabase {
        server: server.clone(),
        name: "pgharris".to_owned(),
    };
    let directory = tempfile::tempdir().unwrap();
    let url = database.url("harris");
    let way = [("DATABASE_URL", url.as_str())];
    let first = "wildlands log 2026-11-23 energy=6";
    shell(first, directory.path(), &server, &way);
    superuser
        .batch_execute(&block("least-rights-after"))
        .await
        .unwrap();
    let second = "wildlands log 2026-11-23 energy=7 && wildlands log 2026-11-23 --json";
    let day = shell(second, directory.path(), &server, &way);
    assert!(day.contains("\"energy\": 7"), "{day}");
    let script = "wildlands export all.json && wildlands import all.json --yes 2>&1 && wildlands backup && wildlands doctor";
    let all = shell(script, directory.path(), &server, &way);
    assert!(all.contains("everything was here already"), "{all}");
    assert!(!all.contains("temporary tables"), "{all}");
    // Without that right the rest works; the import and the doctor say what is missing.
    superuser
        .batch_execute("revoke temporary on database pgharris from harris")
        .await
        .unwrap();
    let script =
        "wildlands import all.json --dry-run 2>&1 || echo \"ended with $?\"; wildlands doctor";
    let told = shell(script, directory.path(), &server, &way);
    let grant = "GRANT TEMPORARY ON DATABASE pgharris TO harris;";
    assert!(told.contains("ended with 69"), "{told}");
    assert_eq!(told.matches(grant).count(), 2, "{told}");
    let harris = database.server.client("harris", "pgharris").await;
    let nobody = number(&harris, "select count(*) from wildlands.logs").await;
    assert_eq!(nobody, 0, "the owner is held by row-level security too");
    for forbidden in [
        "create role other",
        "create database other",
        "create schema other",
    ] {
        assert!(
            harris.batch_execute(forbidden).await.is_err(),
            "{forbidden}"
        );
    }
}

#[tokio::test]
async fn each_of_a_household_is_who_their_role_says() {
    let server = TestServer::launch(&Options::default());
    let database = server.database().await;
    let bruce = database.add_user("bruce").await;
    let superuser = database.superuser_client().await;
    superuser
        .batch_execute(&format!(
            "insert into wildlands.logs (user_id, id, date, data) \
             values ('{bruce}', gen_random_uuid(), '2026-11-23', '{{\"energy\": 9}}')"
        ))
        .await
        .unwrap();
    let script = block("household").replace("pgbruce", &database.name);
    superuser.batch_execute(&script).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let url = database.url("ann");
    let way = [("DATABASE_URL", url.as_str())];
    let script = "wildlands log 2026-11-23 mood=4 && wildlands log 2026-11-23 --json";
    let day = shell(script, directory.path(), &server, &way);
    assert!(
        day.contains("\"mood\": 4") && !day.contains("\"energy\": 9"),
        "{day}"
    );
    let ann = server.client("ann", &database.name).await;
    let set = format!("select set_config('wildlands.user_id', '{bruce}', false)");
    ann.batch_execute(&set).await.unwrap();
    let seen = "select count(*) from wildlands.logs where data ? 'energy'";
    assert_eq!(number(&ann, seen).await, 0);
}

#[tokio::test]
async fn retention_and_history_work_as_the_guide_writes_them() {
    let database = TestServer::shared().database().await;
    let directory = tempfile::tempdir().unwrap();
    let url = database.url(support::APP);
    let way = [("DATABASE_URL", url.as_str())];
    let script = format!("wildlands log 2011-02-03 energy=5\n{}", block("retention"));
    let told = shell(&script, directory.path(), &database.server, &way);
    assert!(told.contains("concerns 1"), "{told}");
    assert!(told.contains("logs: 1 archived"), "{told}");
    assert!(told.contains("1 brought back"), "{told}");
    let told = shell(&block("history"), directory.path(), &database.server, &way);
    assert!(told.contains("version 1 is back"), "{told}");
}

/// `docker compose` without containers: what the guide runs in `db` runs where the server is, and what it runs in `app`
/// in a home of its own, with the environment that `compose.yaml` gives.
struct Compose {
    server: Arc<TestServer>,
    directory: TempDir,
}

const STAND_IN: &str = r#"#!/bin/sh
set -eu
test "$1" = compose
way=$2
shift 2
program=wildlands
while :; do
    case "$1" in
        --rm | -T) shift ;;
        --entrypoint) program=$2; shift 2 ;;
        *) service=$1; shift; break ;;
    esac
done
case "$way $service" in
    'exec db') exec env PGHOST="$DB_SOCKET" PGPORT="$DB_PORT" "$@" ;;
    'run app')
        mkdir -p "$HOME/app"
        cd "$HOME/app"
        export DATABASE_URL="$APP_URL" PGPASSWORD="$APP_PASSWORD" WILDLANDS_HOME="$HOME/app/home"
        exec "$program" "$@" ;;
esac
exit 64
"#;

impl Compose {
    /// As the image makes it: the superuser has the name and the password of the file, and owns the database.
    async fn up() -> Self {
        let mut options = durable();
        options.tcp = true;
        options.hba =
            Some("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n".to_owned());
        let server = TestServer::launch(&options);
        let superuser = server.client(support::SUPERUSER, "postgres").await;
        for statement in [
            "create role bruce login superuser password 'wildlands'",
            "create database pgbruce owner bruce",
        ] {
            superuser.batch_execute(statement).await.unwrap();
        }
        let directory = tempfile::tempdir().unwrap();
        // As root the private server's user must be able to pass.
        std::fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
        let docker = directory.path().join("docker");
        std::fs::write(&docker, STAND_IN).unwrap();
        std::fs::set_permissions(&docker, Permissions::from_mode(0o755)).unwrap();
        Self { server, directory }
    }

    fn run(&self, script: &str) -> String {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("compose.yaml");
        let compose: Value =
            serde_saphyr::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let environment = &compose["services"]["app"]["environment"];
        let text = |name: &str| environment[name].as_str().unwrap();
        let port = self.server.port().to_string();
        let url = text("DATABASE_URL").replace("@db:5432/", &format!("@127.0.0.1:{port}/"));
        let password = text("PGPASSWORD").split(":-").nth(1).unwrap();
        let password = password.trim_end_matches('}');
        let script = format!("PATH=\"$HOME:$PATH\"\n{script}");
        let variables = [
            ("APP_URL", url.as_str()),
            ("APP_PASSWORD", password),
            ("DB_SOCKET", self.server.socket_dir().to_str().unwrap()),
            ("DB_PORT", &port),
        ];
        shell(&script, self.directory.path(), &self.server, &variables)
    }

    fn document(&self, name: &str) -> String {
        timeless(&self.directory.path().join(name))
    }

    /// Rows of the journal in a database of the server.
    async fn days(&self, database: &str) -> i64 {
        let client = self.server.client("bruce", database).await;
        number(&client, "select count(*) from wildlands.logs").await
    }
}

const DAYS: &str = "wildlands log 2026-11-01 energy=6 'topWin=家 and é'\n\
                    wildlands log 2026-11-02 energy=4\nwildlands log 2026-11-02 energy=5\n";

#[tokio::test]
async fn a_house_is_moved_into_compose_and_out_of_it() {
    let compose = Compose::up().await;
    compose.run(&format!("{DAYS}{}", block("compose-in")));
    assert_eq!(
        compose.document("moving.json"),
        compose.document("moved.json")
    );
    assert!(compose.document("moved.json").contains("家 and é"));
    let elsewhere = "export WILDLANDS_HOME=\"$HOME/elsewhere\"\n";
    let away = format!(
        "{elsewhere}{}\nwildlands data server stop",
        block("compose-out")
    );
    compose.run(&away);
    assert_eq!(
        compose.document("leaving.json"),
        compose.document("moved.json")
    );
    assert_eq!(
        compose.document("left.json"),
        compose.document("leaving.json")
    );
    compose.run("wildlands data server stop");
}

#[tokio::test]
async fn dumps_come_into_compose_and_out_of_it() {
    let compose = Compose::up().await;
    // Outside a container the account has one name on both sides.
    let person = Account::of_system().username;
    let script = block("compose-restore")
        .replace("'wildlands'", &format!("'{person}'"))
        .replace("'bruce'", &format!("'{person}'"));
    compose.run(&format!("{DAYS}wildlands export before.json\n{script}"));
    compose.run("docker compose run --rm -T app export - > after.json");
    let (before, after) = (
        compose.document("before.json"),
        compose.document("after.json"),
    );
    // The statement that renames is one version more, of the account.
    let counted = |line: &&str| line.starts_with("    \"recordHistory\": ");
    let gone: Vec<&str> = before
        .lines()
        .filter(|line| !counted(line) && !after.contains(line.trim_end_matches(',')))
        .collect();
    assert!(gone.is_empty(), "{gone:?}");
    let told = compose.run(&block("compose-files"));
    assert!(told.contains("would change nothing"), "{told}");
    compose.run(&block("compose-beside"));
    for database in ["pgbruce", "pgbruce_restored", "pgbruce_plain"] {
        assert_eq!(compose.days(database).await, 2, "{database}");
    }
    // Again, over what is there.
    compose.run("docker compose run --rm app restore moving.dump --yes");
    assert_eq!(compose.days("pgbruce").await, 2);
    compose.run("wildlands data server stop");
}

/// What shards by the person: every table of the schema is named once in the statements, by `user_id`, and the
/// few without it are on every node. That keys hold `user_id` is tested with the schema.
#[tokio::test]
async fn the_statements_of_sharding_name_every_table() {
    let database = TestServer::shared().database().await;
    let superuser = database.superuser_client().await;
    let rows = superuser
        .query(
            "select c.relname::text, exists (select from pg_attribute a where a.attrelid = c.oid \
                 and a.attname = 'user_id' and c.relname <> 'account_directory') \
             from pg_class c where c.relnamespace = 'wildlands'::regnamespace and c.relkind = 'r' \
                 and c.relname <> 'schema_migrations'",
            &[],
        )
        .await
        .unwrap();
    let (mut persons, mut everywhere) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        let table: String = row.get(0);
        let set = if row.get(1) {
            &mut persons
        } else {
            &mut everywhere
        };
        set.insert(table);
    }
    let (mut distributed, mut copied) = (BTreeSet::new(), BTreeSet::new());
    for line in block("citus")
        .lines()
        .filter(|line| line.starts_with("SELECT"))
    {
        let table = line.split('\'').nth(1).unwrap();
        let table = table.strip_prefix("wildlands.").unwrap().to_owned();
        if line.contains("create_reference_table") {
            assert!(copied.insert(table), "{line}");
        } else {
            assert!(line.contains("'user_id'"), "{line}");
            assert!(distributed.insert(table), "{line}");
        }
    }
    assert_eq!(distributed, persons);
    assert_eq!(copied, everywhere);
}
