//! The way to the database: what stands in it is told, without the password, with 69, and nothing is saved.

use serde_json::{Value, json};

use super::support::{self, TestServer};
use super::{Home, server_with_passwords, wait};

const PASSWORD: &str = "planted-needle";

/// Setting and printing both end with this code; neither shows the password.
#[track_caller]
fn fails(url: &str, code: i32, words: &[&str]) {
    let home = Home::private().with("DATABASE_URL", url);
    let set = home
        .run(&["log", "mood=7"])
        .ended(code, words)
        .ended(code, &["nothing was saved"]);
    for run in [
        set,
        home.run(&["log"]),
        home.run(&["data", "where"]),
        home.run(&["data", "migrate"]),
    ] {
        assert_eq!(run.code, code, "{}", run.err);
        assert!(
            !run.err.contains(PASSWORD) && !run.out.contains(PASSWORD),
            "{}",
            run.err
        );
        assert!(
            run.err.starts_with("wildlands: ") && !run.err.contains("Error {"),
            "{}",
            run.err
        );
    }
    assert!(
        !home.path().join("data").exists(),
        "the private server is not touched"
    );
}

#[test]
fn a_closed_port() {
    let port = support::free_port();
    fails(
        &format!("postgresql://bruce:{PASSWORD}@127.0.0.1:{port}/pgbruce"),
        69,
        &["no PostgreSQL server answers", "refused"],
    );
}

#[test]
fn a_bad_address() {
    for url in [
        "postgresql://bruce:planted-needle@127.0.0.1:70000/pgbruce",
        "mysql://bruce:planted-needle@127.0.0.1/pgbruce",
        "postgresql://bruce:planted-needle@127.0.0.1/pgbruce?sslmode=perhaps",
        "postgresql://bruce:planted-needle@[::1/pgbruce",
        "host=localhost password=planted-needle nonsense=1",
    ] {
        fails(url, 69, &["the form is postgresql://"]);
    }
}

#[test]
fn a_wrong_password_and_none() {
    let server = server_with_passwords("the right one");
    let port = server.port();
    let url =
        |password: &str| format!("postgresql://wildlands_app{password}@127.0.0.1:{port}/postgres");
    fails(
        &url(&format!(":{PASSWORD}")),
        69,
        &["did not accept the password"],
    );
    fails(&url(""), 69, &["password"]);
}

#[test]
fn an_unknown_database_and_an_unknown_role() {
    let server = TestServer::shared();
    let socket = server.socket_dir().to_str().unwrap().replace('/', "%2F");
    fails(
        &format!(
            "postgresql://wildlands_app@{socket}:{}/nowhere",
            server.port()
        ),
        69,
        &["nowhere"],
    );
    fails(
        &format!(
            "postgresql://nobody_here@{socket}:{}/postgres",
            server.port()
        ),
        69,
        &["nobody_here"],
    );
}

#[test]
fn a_server_without_tls_where_tls_is_asked_for() {
    let server = server_with_passwords(PASSWORD);
    let url = format!(
        "postgresql://wildlands_app:{PASSWORD}@127.0.0.1:{}/postgres?sslmode=require",
        server.port()
    );
    fails(&url, 69, &["secure connection"]);
}

#[test]
fn a_database_that_is_newer_is_left_alone() {
    let home = Home::external();
    wait(async {
        let owner = home.database().superuser_client().await;
        let newer = "insert into wildlands.schema_migrations (version, name, checksum) values (999, 'later', 'x')";
        owner.batch_execute(newer).await.unwrap();
    });
    home.run(&["log", "mood=7"])
        .ended(69, &["999", "nothing was saved"]);
    home.run(&["data", "migrate"]).ended(69, &["999"]);
}

#[test]
fn a_right_that_is_missing_is_named() {
    let server = TestServer::shared();
    let database = wait(async { server.empty_database().await });
    let home = Home::private().with("DATABASE_URL", &database.url(support::APP));
    home.run(&["log", "mood=7"])
        .ended(69, &["wildlands_app", "nothing was saved"]);
}

#[test]
fn migrate_prepares_an_empty_database_once() {
    let server = TestServer::shared();
    let database = wait(async { server.empty_database().await });
    let home = Home::private().with("DATABASE_URL", &database.url(support::OWNER));
    let latest = harriswildlands::store::migrate::latest();
    let first = home.run(&["data", "migrate"]).ended(0, &[]).out;
    assert!(
        first.contains(&format!("1 of {latest}  foundation")) && first.contains("done"),
        "{first}"
    );
    let again = home.run(&["data", "migrate"]).ended(0, &[]).out;
    assert_eq!(again, format!("schema version {latest}; nothing to do\n"));
    home.run(&["log", "mood=7"]).ended(0, &[]);
}

#[test]
fn data_where_tells_of_another_server_without_its_password() {
    let server = server_with_passwords(PASSWORD);
    let database = wait(async { server.database().await });
    let url = format!(
        "postgresql://wildlands_app:{PASSWORD}@127.0.0.1:{}/{}",
        server.port(),
        database.name
    );
    let home = Home::private().with("DATABASE_URL", &url);
    home.run(&["log", "2026-11-23", "mood=7"]).ended(0, &[]);
    let text = home.run(&["data", "where"]).ended(0, &[]).out;
    for words in [
        "postgresql://wildlands_app@127.0.0.1",
        "PostgreSQL ",
        "logs 1",
        "2026-11-23",
    ] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    let shown = home.run(&["data", "where", "--json"]).ended(0, &[]).out;
    let facts: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(
        (&facts["mode"], &facts["counts"]["logs"]),
        (&json!("external"), &json!(1))
    );
    assert!(!text.contains(PASSWORD) && !shown.contains(PASSWORD));
}
