//! Each way that a start can fail has its own message, which names the place and the way out.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use harriswildlands::store::embedded::{self, EmbeddedError, ServerUser, Settings};
use harriswildlands::store::places::Places;
use nix::unistd::geteuid;

use crate::bench::{Bench, ask};

fn script(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A directory that the server's user can reach and read.
fn open_directory() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    directory
}

#[test]
fn hidden_programs_give_the_exact_command() {
    let mut bench = Bench::new();
    let empty = open_directory();
    bench.settings.bindir = Some(empty.path().to_path_buf());
    let message = bench.failure();
    assert!(
        message.contains(&*empty.path().to_string_lossy()),
        "{message}"
    );
    assert!(
        message.contains("does not hold the PostgreSQL server programs"),
        "{message}"
    );
    let commands = [
        "apt-get install",
        "dnf install",
        "apk add",
        "pacman -S",
        "zypper install",
    ];
    let others = ["brew install", "scripts/setup"];
    assert!(
        commands
            .iter()
            .chain(&others)
            .any(|command| message.contains(command)),
        "{message}"
    );
}

#[test]
fn programs_that_are_too_old_are_named_with_their_version() {
    let mut bench = Bench::new();
    let directory = open_directory();
    script(
        &directory.path().join("postgres"),
        "#!/bin/sh\necho 'postgres (PostgreSQL) 13.9'\n",
    );
    script(&directory.path().join("initdb"), "#!/bin/sh\nexit 1\n");
    bench.settings.bindir = Some(directory.path().to_path_buf());
    let message = bench.failure();
    assert!(
        message.contains("PostgreSQL 13.9 in ") && message.contains("14 or newer"),
        "{message}"
    );
}

#[test]
fn a_cluster_of_another_major_is_left_alone_and_named() {
    let bench = Bench::lasting();
    drop(bench.start());
    embedded::stop(&bench.settings).unwrap();
    let version = bench.cluster().join("PG_VERSION");
    let real = fs::read_to_string(&version).unwrap();
    fs::write(&version, "11\n").unwrap();
    let message = bench.failure();
    assert!(message.contains("made by PostgreSQL 11"), "{message}");
    assert!(
        message.contains("the old directory stays as it is"),
        "{message}"
    );
    fs::write(&version, real).unwrap();
    assert_eq!(ask(&bench.start(), "SELECT 1"), "1");
}

#[test]
fn a_directory_that_is_no_cluster_is_not_touched() {
    let bench = Bench::new();
    fs::create_dir_all(bench.cluster()).unwrap();
    fs::write(bench.cluster().join("precious"), "words").unwrap();
    if let Some(user) = ServerUser::if_root() {
        for path in [&bench.settings.places.data, &bench.server()] {
            chown(path, None, Some(user.gid)).unwrap();
        }
    }
    let message = bench.failure();
    assert!(message.contains("holds no PostgreSQL data"), "{message}");
    assert_eq!(
        fs::read_to_string(bench.cluster().join("precious")).unwrap(),
        "words"
    );
}

#[test]
fn a_path_too_long_for_a_socket_gets_a_short_directory() {
    let mut bench = Bench::lasting();
    let long = bench
        .settings
        .places
        .data
        .parent()
        .unwrap()
        .join("l".repeat(90));
    bench.settings.places = Places {
        runtime: long.join("run"),
        ..Places::under(&long)
    };
    let server = bench.start();
    assert!(
        server.socket_dir().as_os_str().len() < 80,
        "{}",
        server.socket_dir().display()
    );
    let mode = fs::metadata(server.socket_dir())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0);
    assert_eq!(ask(&server, "SELECT 1"), "1");
    assert_eq!(ask(&bench.start(), "SELECT 1"), "1");
    let short = server.socket_dir().to_path_buf();
    drop(server);
    embedded::stop(&bench.settings).unwrap();
    // A directory of that name which somebody else may write to is not trusted.
    fs::set_permissions(&short, fs::Permissions::from_mode(0o777)).unwrap();
    let elsewhere = bench.start();
    assert_ne!(elsewhere.socket_dir(), short);
    let used = elsewhere.socket_dir().to_path_buf();
    drop(elsewhere);
    embedded::stop(&bench.settings).unwrap();
    for directory in [short, used] {
        fs::remove_dir_all(directory).unwrap();
    }
}

#[test]
fn a_home_that_the_servers_user_cannot_reach_is_named_for_root() {
    let closed = tempfile::tempdir().unwrap();
    fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let places = Places::under(&closed.path().join("home"));
    let settings = Settings {
        keeper: None,
        ..Settings::at(places)
    };
    match embedded::start(&settings, &mut |_| {}) {
        // As somebody else than root the server has the same rights as we, and starts.
        Ok(_server) => assert!(!geteuid().is_root()),
        Err(error) => {
            let message = error.to_string();
            let EmbeddedError::Unreachable { blocked, .. } = error else {
                panic!("{message}")
            };
            assert_eq!(blocked, closed.path());
            assert!(message.contains("WILDLANDS_HOME"), "{message}");
        }
    }
}

#[test]
fn a_data_directory_that_is_a_file_or_cannot_be_made_is_named() {
    let directory = open_directory();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let settings = Settings {
        keeper: None,
        ..Settings::at(Places::under(&file))
    };
    let message = embedded::start(&settings, &mut |_| {})
        .unwrap_err()
        .to_string();
    assert!(message.contains("cannot make the directory"), "{message}");
    // Nobody, root included, may make directories in /proc.
    let settings = Settings {
        keeper: None,
        ..Settings::at(Places::under(Path::new("/proc/self")))
    };
    let message = embedded::start(&settings, &mut |_| {})
        .unwrap_err()
        .to_string();
    assert!(message.contains("/proc/self/data"), "{message}");
}

#[test]
fn a_server_that_ends_at_once_is_quoted() {
    let bench = Bench::lasting();
    drop(bench.start());
    embedded::stop(&bench.settings).unwrap();
    let configuration = bench.cluster().join("postgresql.conf");
    let sound = fs::read_to_string(&configuration).unwrap();
    fs::write(&configuration, "nonsense_setting = 7\n").unwrap();
    let message = bench.failure();
    assert!(
        message.contains("did not start") && message.contains("nonsense_setting"),
        "{message}"
    );
    assert!(message.contains("server.log"), "{message}");
    fs::write(&configuration, sound).unwrap();
    assert_eq!(ask(&bench.start(), "SELECT 1"), "1");
}
