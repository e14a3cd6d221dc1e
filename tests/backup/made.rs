//! A backup is made whole or not at all, and says what it lacks.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::support::{self, TestServer};
use super::*;

#[tokio::test]
async fn a_backup_is_a_private_archive_that_pg_restore_takes_and_compares_equal() {
    let database = TestServer::shared().database().await;
    seed(&database, "ann").await;
    seed(&database, "ben").await;
    let ground = ground(&database, support::SUPERUSER).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("all.dump");

    let report = back_up(&ground, &path, Depth::Full).await.unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(report.bytes, fs::metadata(&path).unwrap().len());
    assert_eq!(report.contents.database, database.name);
    let compared = report.compared.unwrap();
    let rows = |table: &str| {
        let sum = compared.iter().find(|sum| sum.table == table).unwrap();
        sum.rows
    };
    assert_eq!((rows("users"), rows("logs"), rows("check_ins")), (2, 78, 6));
    assert!(rows("record_history") > 0);
    assert!(
        !report.as_only_person
            && compared.len() == everything(&database, &database.name).await.len()
    );
    none_left(&database, "wildlands_verify_").await;

    let listed = database
        .server
        .tool("pg_restore", &database.name)
        .arg("--list")
        .arg(&path)
        .output()
        .unwrap();
    assert!(listed.status.success());
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.contains("Compression: 1") && listed.contains("TABLE DATA wildlands logs"));

    // What is there is never written over.
    let before = fs::read(&path).unwrap();
    let again = back_up(&ground, &path, Depth::List).await;
    assert!(
        matches!(again, Err(BackupError::Exists { .. })),
        "{again:?}"
    );
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(names(directory.path()).len(), 1);
}

#[tokio::test]
async fn a_login_that_sees_half_is_told_what_is_missing_and_the_owner_of_one_person_may() {
    let database = TestServer::shared().database().await;
    seed(&database, "ann").await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("all.dump");

    let app = ground(&database, support::APP).await;
    let told = back_up(&app, &path, Depth::List).await.unwrap_err();
    let told = told.to_string();
    assert!(
        told.contains("read account_directory") || told.contains("BYPASSRLS"),
        "{told}"
    );

    let owner = ground(&database, support::OWNER).await;
    let report = back_up(&owner, &path, Depth::List).await.unwrap();
    assert!(report.as_only_person);
    let superuser = ground(&database, support::SUPERUSER).await;
    let options = Options {
        depth: Depth::Full,
        gently: false,
    };
    let restored = backup::verify(
        &superuser,
        &path,
        options,
        &mut |_, _| (),
        &Cancel::default(),
    )
    .await
    .unwrap();
    let sums = restored.compared.unwrap();
    for (table, rows) in everything(&database, &database.name).await {
        let sum = sums.iter().find(|sum| sum.table == table).unwrap();
        assert_eq!(sum.rows, rows.len() as u64, "{table}");
    }

    seed(&database, "ben").await;
    fs::remove_file(&path).unwrap();
    let told = back_up(&owner, &path, Depth::List).await.unwrap_err();
    let told = told.to_string();
    assert!(
        told.contains("half of it") && told.contains("ALTER ROLE \"wildlands_owner\" BYPASSRLS"),
        "{told}"
    );
    assert!(names(directory.path()).is_empty());
}

#[tokio::test]
async fn a_stopped_backup_leaves_nothing_at_any_step() {
    let database = TestServer::shared().database().await;
    seed(&database, "ann").await;
    let ground = ground(&database, support::SUPERUSER).await;
    let directory = tempfile::tempdir().unwrap();
    let options = Options {
        depth: Depth::Full,
        gently: false,
    };
    let steps = AtomicU32::new(0);
    let mut stopped = 0;
    for at in [1, 20, 40, 60, 80] {
        let cancel = Cancel::default();
        let path = directory.path().join(format!("{at}.dump"));
        steps.store(0, Ordering::Relaxed);
        let ended = backup::backup(
            &ground,
            &path,
            options,
            &mut |_, _| {
                if steps.fetch_add(1, Ordering::Relaxed) == at {
                    cancel.cancel();
                }
            },
            &cancel,
        )
        .await;
        if ended.is_err() {
            assert_eq!(ended, Err(BackupError::Cancelled));
            assert!(names(directory.path()).is_empty());
            stopped += 1;
        }
    }
    assert_eq!(stopped, 5, "every one of them was stopped in its middle");
    none_left(&database, "wildlands_verify_").await;
}

#[tokio::test]
async fn a_file_that_ends_early_or_was_changed_is_no_backup() {
    let database = TestServer::shared().database().await;
    seed(&database, "ann").await;
    let ground = ground(&database, support::SUPERUSER).await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("all.dump");
    back_up(&ground, &path, Depth::List).await.unwrap();
    let whole = fs::read(&path).unwrap();
    let options = Options {
        depth: Depth::List,
        gently: false,
    };
    let mut newer = whole.clone();
    // Behind the magic: major and minor version of the form.
    newer[6] = 99;
    let path = directory.path().join("newer.dump");
    fs::write(&path, &newer).unwrap();
    let cancel = Cancel::default();
    let told = backup::verify(&ground, &path, options, &mut |_, _| (), &cancel).await;
    let told = told.unwrap_err().to_string();
    assert!(told.contains("a newer pg_dump made it"), "{told}");
    let mut damaged = whole.clone();
    // The rows are at the end; a changed byte there breaks what is compressed.
    let middle = whole.len() - 200;
    damaged[middle] ^= 0xff;
    damaged[middle + 1] ^= 0xff;
    for (what, bytes) in [
        ("short", &whole[..whole.len() - 900]),
        ("very short", &whole[..100]),
        ("empty", &whole[..0]),
        ("text", b"hello, this is no archive at all".as_slice()),
        ("sql", b"--\n-- PostgreSQL database dump\n--\n".as_slice()),
        ("damaged", &damaged),
    ] {
        let path = directory.path().join("other.dump");
        fs::write(&path, bytes).unwrap();
        let told = backup::verify(&ground, &path, options, &mut |_, _| (), &Cancel::default())
            .await
            .map(|_| what)
            .unwrap_err();
        assert!(matches!(told, BackupError::Unfit { .. }), "{what}: {told}");
    }
}

#[tokio::test]
async fn without_pg_dump_the_package_and_the_command_for_compose_are_named() {
    let database = TestServer::shared().database().await;
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_wildlands"))
        .args(["backup"])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("WILDLANDS_HOME", home.path())
        .env("WILDLANDS_PG_BINDIR", home.path())
        .env("DATABASE_URL", database.url(support::SUPERUSER))
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(69), "{told}");
    assert!(
        told.contains("no pg_dump")
            && told.contains("install")
            && told.contains("docker compose exec -T db pg_dump -U bruce"),
        "{told}"
    );
}
