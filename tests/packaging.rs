//! What `compose.yaml` and the Dockerfile promise, as far as it can be held without a container engine.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn compose() -> Value {
    serde_saphyr::from_str(&read("compose.yaml")).unwrap()
}

/// The instructions of the Dockerfile with their arguments, lines joined and comments left out.
fn instructions() -> Vec<(String, String)> {
    let text = read("Dockerfile").replace("\\\n", " ");
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (name, rest) = line.split_once(' ').unwrap();
            (name.to_owned(), rest.trim().to_owned())
        })
        .collect()
}

fn arguments<'a>(all: &'a [(String, String)], wanted: &str) -> Vec<&'a str> {
    all.iter()
        .filter(|(name, _)| name == wanted)
        .map(|(_, rest)| rest.as_str())
        .collect()
}

#[test]
fn the_database_is_the_one_that_the_documents_name() {
    let compose = compose();
    assert_eq!(compose["name"], "harriswildlands");
    let db = &compose["services"]["db"];
    assert_eq!(db["image"], "postgres:16");
    assert_eq!(db["environment"]["POSTGRES_DB"], "pgbruce");
    assert_eq!(db["volumes"], json!(["pgdata:/var/lib/postgresql/data"]));
    let check = db["healthcheck"]["test"].as_array().unwrap();
    assert_eq!(check[0], "CMD-SHELL");
    let check = check[1].as_str().unwrap();
    let user = db["environment"]["POSTGRES_USER"].as_str().unwrap();
    assert!(check.starts_with("pg_isready"), "{check}");
    assert!(check.contains(&format!("--username={user}")), "{check}");
    assert!(check.contains("--dbname=pgbruce"), "{check}");
    // The server that the image makes the database with listens on its socket alone, and is stopped again.
    assert!(check.contains("--host=127.0.0.1"), "{check}");
    let made = db["environment"]["POSTGRES_INITDB_ARGS"].as_str().unwrap();
    assert_eq!(made, "--data-checksums --locale=C.UTF-8");
}

#[test]
fn every_volume_is_declared_and_no_port_is_published() {
    let compose = compose();
    let declared: BTreeSet<&String> = compose["volumes"].as_object().unwrap().keys().collect();
    for (name, service) in compose["services"].as_object().unwrap() {
        assert!(service.get("ports").is_none(), "{name} publishes a port");
        for volume in service["volumes"].as_array().unwrap() {
            let (volume, _) = volume.as_str().unwrap().split_once(':').unwrap();
            assert!(declared.contains(&volume.to_owned()), "{name}: {volume}");
        }
    }
}

#[test]
fn the_program_waits_for_a_healthy_database_and_reaches_that_one() {
    let compose = compose();
    let app = &compose["services"]["app"];
    assert_eq!(app["build"], ".");
    assert_eq!(app["depends_on"]["db"]["condition"], "service_healthy");
    assert_eq!(
        (&app["tty"], &app["stdin_open"]),
        (&json!(true), &json!(true))
    );
    let url = app["environment"]["DATABASE_URL"].as_str().unwrap();
    let config: tokio_postgres::Config = url.parse().unwrap();
    let host = tokio_postgres::config::Host::Tcp("db".to_owned());
    assert_eq!(config.get_hosts(), [host]);
    assert_eq!(config.get_dbname(), Some("pgbruce"));
    let db = &compose["services"]["db"]["environment"];
    assert_eq!(config.get_user(), db["POSTGRES_USER"].as_str());
    assert_eq!(
        config.get_password(),
        None,
        "not where `inspect` shows it in a URL"
    );
    assert_eq!(app["environment"]["PGPASSWORD"], db["POSTGRES_PASSWORD"]);
}

#[test]
fn the_image_is_built_with_the_oldest_compiler_that_is_promised() {
    let all = instructions();
    let stages = arguments(&all, "FROM");
    let manifest: toml::Value = toml::from_str(&read("Cargo.toml")).unwrap();
    let oldest = manifest["package"]["rust-version"].as_str().unwrap();
    // Run where the programs of the database's own version are: `backup` and `restore` need them.
    let compose = compose();
    let database = compose["services"]["db"]["image"].as_str().unwrap();
    let build = format!("rust:{oldest}-bookworm AS build");
    assert_eq!(stages, [build.as_str(), database]);
    let build = arguments(&all, "RUN")[0];
    assert_eq!(build, "cargo build --release --locked --bin wildlands");
}

#[test]
fn the_image_gets_what_the_build_reads_and_runs_without_root() {
    let ignored: Vec<String> = read(".dockerignore")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    for needed in ["Cargo.toml", "Cargo.lock", "src", "assets", "migrations"] {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(needed).exists());
        assert!(
            !ignored.contains(&needed.to_owned()),
            "{needed} is left out"
        );
    }
    // What does not change the program does not make it be built again.
    for kept_out in [
        ".git",
        "target",
        ".env",
        "Dockerfile",
        "compose.yaml",
        "tests",
    ] {
        assert!(ignored.contains(&kept_out.to_owned()), "{kept_out} goes in");
    }
    let all = instructions();
    let copies = arguments(&all, "COPY");
    assert_eq!(
        copies,
        [
            ". .",
            "--from=build /src/target/release/wildlands /usr/local/bin/wildlands"
        ]
    );
    assert_eq!(
        arguments(&all, "WORKDIR")[0],
        "/src",
        "where the first stage builds"
    );
    let user = arguments(&all, "USER");
    assert_eq!(user, ["wildlands"]);
    let made = arguments(&all, "RUN")[1];
    assert!(
        made.contains("useradd") && made.ends_with(user[0]),
        "{made}"
    );
    assert_eq!(
        arguments(&all, "STOPSIGNAL"),
        ["SIGTERM"],
        "not the database's"
    );
    assert_eq!(all.last().unwrap().0, "ENTRYPOINT");
    let program: Vec<String> = serde_json::from_str(&all.last().unwrap().1).unwrap();
    assert_eq!(program, ["wildlands"]);
}

#[test]
fn nothing_of_the_person_who_runs_the_tests_reaches_in() {
    let script = read("scripts/test");
    let before = script.split("scripts/setup\n").next().unwrap();
    let all = [
        "DATABASE_URL",
        "WILDLANDS_HOME",
        "PGHOST",
        "PGSSLCERT",
        "PGSSLKEY",
        "PGREQUIRESSL",
        "PGSSLCERTMODE",
        "PGCHANNELBINDING",
    ];
    let output = Command::new("sh")
        .args(["-c", &format!("{before}\nenv"), "scripts/test"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .envs(all.map(|name| (name, "planted")))
        .output()
        .unwrap();
    assert!(output.status.success());
    let left = String::from_utf8(output.stdout).unwrap();
    assert!(
        left.contains("PATH=") && !left.contains("planted"),
        "{left}"
    );
}
