//! From nothing to ready, sharing, and the last one out.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::sync::Barrier;
use std::time::{Duration, Instant};

use harriswildlands::store::embedded::{
    self, APP_ROLE, OWNER_ROLE, Progress, ServerState, Settings, Stopped,
};

use crate::bench::{Bench, ask, sql, until};

#[test]
fn the_first_start_makes_roles_and_database_with_visible_progress() {
    let bench = Bench::new();
    assert_eq!(bench.state(), ServerState::Absent);
    let mut seen = Vec::new();
    let server = embedded::start(&bench.settings, &mut |step| seen.push(step)).unwrap();
    assert_eq!(
        seen,
        [
            Progress::Looking,
            Progress::Initialising,
            Progress::CreatingDatabase,
            Progress::Starting,
            Progress::Ready
        ]
    );
    assert_eq!(ask(&server, "SHOW server_encoding"), "UTF8");
    assert_eq!(ask(&server, "SHOW data_checksums"), "on");
    assert_eq!(ask(&server, "SHOW fsync"), "on");
    assert_eq!(ask(&server, "SHOW listen_addresses"), "");
    assert_eq!(ask(&server, "SHOW timezone"), "UTC");
    let plain = "SELECT bool_or(rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)::text \
                 FROM pg_roles WHERE rolname LIKE 'wildlands%'";
    assert_eq!(ask(&server, plain), "false");
    // The owner makes tables, the application does not; the owner may act as the application.
    let made = sql(
        &server,
        OWNER_ROLE,
        &[
            "CREATE TABLE t (a int)",
            "GRANT SELECT ON t TO wildlands_app",
            "SET ROLE wildlands_app",
            "SELECT current_user::text",
        ],
    );
    assert_eq!(made.unwrap(), ["wildlands_app"]);
    assert!(
        sql(&server, APP_ROLE, &["CREATE TABLE u (a int)"])
            .unwrap_err()
            .contains("42501")
    );
    assert!(
        sql(&server, APP_ROLE, &["SET ROLE wildlands_owner"])
            .unwrap_err()
            .contains("42501")
    );
}

#[test]
fn nothing_of_it_is_open_to_other_users() {
    let bench = Bench::new();
    let server = bench.start();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode();
    for path in [
        &bench.settings.places.data,
        &bench.server(),
        &bench.cluster(),
    ] {
        assert_eq!(mode(path) & 0o007, 0, "{}", path.display());
    }
    assert_eq!(mode(server.socket_dir()) & 0o077, 0);
    assert_eq!(mode(&bench.server().join("server.log")) & 0o077, 0);
    let process = std::fs::metadata(format!("/proc/{}", server.pid())).unwrap();
    assert_ne!(process.uid(), 0, "the server's processes have dropped root");
}

#[test]
fn a_second_program_adopts_the_running_server_at_once() {
    let bench = Bench::lasting();
    let first = bench.start();
    let fastest = (0..20)
        .map(|_| {
            let since = Instant::now();
            let second = bench.start();
            assert_eq!(second.pid(), first.pid());
            since.elapsed()
        })
        .min()
        .unwrap();
    assert!(
        fastest < Duration::from_millis(20),
        "adopting took {fastest:?}"
    );
    until("a single keeper is left", || bench.keepers().len() == 1);
}

#[test]
fn ten_first_starts_at_once_all_succeed_with_one_server() {
    let bench = Bench::lasting();
    let together = Barrier::new(10);
    let servers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..10)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    bench.start()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(
        servers
            .iter()
            .all(|server| server.pid() == servers[0].pid())
    );
    assert_eq!(ask(&servers[9], "SELECT 1"), "1");
    until("a single keeper is left", || bench.keepers().len() == 1);
}

#[test]
fn the_last_one_out_stops_the_server_and_the_next_starts_it_again() {
    let bench = Bench::new();
    let (first, second) = (bench.holder(), bench.holder());
    assert_eq!(first.server, second.server);
    first.leave();
    assert!(bench.is_running(), "one program still uses it");
    second.leave();
    until("the keeper stopped the server", || {
        bench.state() == ServerState::Stopped
    });
    until("the keeper ended", || bench.keepers().is_empty());
    until("no server process is left", || {
        bench.server_processes().is_empty()
    });
    let log = std::fs::read_to_string(bench.server().join("server.log")).unwrap();
    assert!(
        log.contains("database system is shut down"),
        "a clean stop: {log}"
    );
    let again = bench.start();
    assert_eq!(ask(&again, "SELECT 1"), "1");
}

#[test]
fn a_program_that_comes_during_the_linger_keeps_the_server() {
    let mut bench = Bench::new();
    bench.settings.linger = Duration::from_millis(400);
    let first = bench.start();
    let pid = first.pid();
    drop(first);
    let second = bench.start();
    assert_eq!(second.pid(), pid);
    until("a single keeper is left", || bench.keepers().len() == 1);
}

#[test]
fn kill_9_of_a_program_leaves_the_server_usable_and_the_keeper_still_stops_it() {
    let bench = Bench::new();
    let (survivor, victim) = (bench.start(), bench.holder());
    victim.kill();
    assert_eq!(ask(&survivor, "SELECT 1"), "1");
    drop(survivor);
    let last = bench.holder();
    last.kill();
    until("the keeper stopped the server", || {
        bench.state() == ServerState::Stopped
    });
}

#[test]
fn a_killed_keeper_is_replaced_by_the_next_program() {
    let bench = Bench::lasting();
    let first = bench.start();
    until("the keeper is up", || bench.keepers().len() == 1);
    let old = bench.keepers()[0];
    nix::sys::signal::kill(
        nix::unistd::Pid::from_raw(old),
        nix::sys::signal::Signal::SIGKILL,
    )
    .unwrap();
    until("the keeper is gone", || bench.keepers().is_empty());
    let second = bench.start();
    assert_eq!(second.pid(), first.pid());
    until("there is a new keeper", || bench.keepers().len() == 1);
}

#[test]
fn starts_and_stops_racing_never_fail() {
    let mut bench = Bench::new();
    bench.settings.linger = Duration::ZERO;
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..8 {
                    let server = bench.start();
                    assert_eq!(ask(&server, "SELECT 1"), "1");
                }
            });
        }
    });
    until("the last keeper stopped the server", || {
        bench.state() == ServerState::Stopped
    });
    until("no keeper is left", || bench.keepers().is_empty());
}

#[test]
fn without_a_keeper_the_last_one_stops_the_server_itself() {
    let mut bench = Bench::new();
    bench.settings = Settings {
        keeper: None,
        ..bench.settings.clone()
    };
    let (first, second) = (bench.start(), bench.start());
    drop(first);
    assert!(bench.is_running());
    drop(second);
    assert_eq!(bench.state(), ServerState::Stopped);
    assert!(bench.keepers().is_empty());
}

#[test]
fn stop_says_how_many_programs_were_connected_and_they_may_start_it_again() {
    let bench = Bench::lasting();
    assert_eq!(
        embedded::stop(&bench.settings).unwrap(),
        Stopped::WasNotRunning
    );
    let (mine, _other) = (bench.start(), bench.holder());
    let status = embedded::status(&bench.settings).unwrap();
    assert!(status.size > 10_000_000 && status.cluster_major >= Some(14));
    assert_eq!(
        status.programs.unwrap().major,
        status.cluster_major.unwrap()
    );
    match status.state {
        ServerState::Running { pid, programs, .. } => {
            assert_eq!((pid, programs), (mine.pid(), Some(2)));
        }
        other => panic!("{other:?}"),
    }
    let stopped = embedded::stop(&bench.settings).unwrap();
    assert_eq!(stopped, Stopped::Stopped { programs: Some(2) });
    assert_eq!(bench.state(), ServerState::Stopped);
    assert_eq!(
        embedded::stop(&bench.settings).unwrap(),
        Stopped::WasNotRunning
    );
    let again = bench.start();
    assert_ne!(again.pid(), mine.pid());
}

#[test]
fn what_a_session_says_never_reaches_the_log() {
    let bench = Bench::lasting();
    let server = bench.start();
    let planted = "planted-red-zone-words";
    for statement in [
        format!("SELECT '{planted}'::int"),
        format!("DO $$ BEGIN RAISE WARNING '{planted}'; END $$"),
        format!("DO $$ BEGIN RAISE EXCEPTION '{planted}' USING DETAIL = '{planted}'; END $$"),
        format!("SELECT '{planted}' FROM nowhere"),
    ] {
        let _ = sql(&server, APP_ROLE, &[&statement]);
    }
    drop(server);
    embedded::stop(&bench.settings).unwrap();
    let log = std::fs::read_to_string(bench.server().join("server.log")).unwrap();
    assert!(log.contains("shut down") && !log.contains(planted), "{log}");
}
