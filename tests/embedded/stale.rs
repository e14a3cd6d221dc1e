//! What a killed server, a killed first start or a restarted machine leaves behind.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use harriswildlands::store::embedded::{self, APP_ROLE, OWNER_ROLE, ServerState, ServerUser};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::bench::{Bench, ask, sql, until};

fn end(pid: i32, signal: Signal) {
    kill(Pid::from_raw(pid), signal).unwrap();
}

#[test]
fn the_postmaster_killed_with_sigkill_is_replaced_and_nothing_acknowledged_is_lost() {
    let bench = Bench::lasting();
    let server = bench.start();
    let statements = [
        "CREATE TABLE kept (n int)",
        "INSERT INTO kept VALUES (1), (2), (3)",
    ];
    sql(&server, OWNER_ROLE, &statements).unwrap();
    end(server.pid(), Signal::SIGKILL);
    until("the postmaster is gone", || !bench.is_running());
    let again = bench.start();
    assert_ne!(again.pid(), server.pid());
    let kept = sql(&again, OWNER_ROLE, &["SELECT count(*) FROM kept"]).unwrap();
    assert_eq!(kept, ["3"]);
}

#[test]
fn a_backend_that_outlived_its_postmaster_is_told_to_end() {
    let bench = Bench::lasting();
    let server = bench.start();
    let (socket, port) = (server.socket_dir().to_path_buf(), server.port());
    let busy = std::thread::spawn(move || {
        // Busy without ever looking whether its postmaster lives.
        let count = "SELECT count(*) FROM generate_series(1, 100000000000) AS a(n) WHERE n < 0";
        crate::bench::sql_at(&socket, port, APP_ROLE, &[count])
    });
    let working = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series(1, 1000%' \
                   AND pid <> pg_backend_pid() AND state = 'active'";
    until("the backend is busy", || ask(&server, working) == "1");
    end(server.pid(), Signal::SIGKILL);
    until("the postmaster is gone", || !bench.is_running());
    let again = bench.start();
    assert_eq!(ask(&again, "SELECT 1"), "1");
    assert!(busy.join().unwrap().is_err(), "its query was ended");
}

#[test]
fn a_server_that_waits_for_its_sessions_to_leave_is_not_waited_for() {
    let bench = Bench::lasting();
    let server = bench.start();
    let (socket, port) = (server.socket_dir().to_path_buf(), server.port());
    let session = std::thread::spawn(move || {
        crate::bench::sql_at(&socket, port, APP_ROLE, &["SELECT pg_sleep(600)"])
    });
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    until("the session is there", || ask(&server, sessions) == "1");
    end(server.pid(), Signal::SIGTERM);
    until("it is stopping", || bench.state() == ServerState::Busy);
    let again = bench.start();
    assert_ne!(again.pid(), server.pid());
    assert_eq!(ask(&again, "SELECT 1"), "1");
    assert!(session.join().unwrap().is_err(), "its session was ended");
}

/// Stops the server, then puts its pid file and socket lock back with another pid in them.
fn leave_stale_files(bench: &Bench, pid: u32) {
    let server = bench.start();
    let pid_file = bench.cluster().join("postmaster.pid");
    let lock = server
        .socket_dir()
        .join(format!(".s.PGSQL.{}.lock", server.port()));
    let texts: Vec<(_, String)> = [pid_file, lock]
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (
                path,
                text.replacen(&server.pid().to_string(), &pid.to_string(), 1),
            )
        })
        .collect();
    drop(server);
    embedded::stop(&bench.settings).unwrap();
    for (path, text) in texts {
        fs::write(&path, text).unwrap();
        if let Some(user) = ServerUser::if_root() {
            chown(&path, Some(user.uid), Some(user.gid)).unwrap();
        }
    }
}

#[test]
fn a_pid_that_somebody_else_has_by_now_is_not_taken_for_the_server() {
    let bench = Bench::lasting();
    // Of the server's user, so that PostgreSQL itself would refuse to start.
    let mut other = Command::new("sleep");
    other.arg("600").stdin(Stdio::null());
    if let Some(user) = ServerUser::if_root() {
        other.uid(user.uid).gid(user.gid);
    }
    let mut other = other.spawn().unwrap();
    leave_stale_files(&bench, other.id());
    let state = bench.state();
    let started = embedded::start(&bench.settings, &mut |_| {});
    let untouched = other.try_wait().unwrap().is_none();
    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(state, ServerState::Stopped);
    assert_eq!(ask(&started.unwrap(), "SELECT 1"), "1");
    assert!(untouched, "the other process was left alone");
}

#[test]
fn a_zombies_pid_and_a_dead_pid_are_not_taken_for_the_server() {
    let bench = Bench::lasting();
    let mut zombie = Command::new("true");
    if let Some(user) = ServerUser::if_root() {
        zombie.uid(user.uid).gid(user.gid);
    }
    let mut zombie = zombie.spawn().unwrap();
    let stat = format!("/proc/{}/stat", zombie.id());
    until("it is a zombie", || {
        fs::read_to_string(&stat).unwrap().contains(") Z ")
    });
    leave_stale_files(&bench, zombie.id());
    assert_eq!(ask(&bench.start(), "SELECT 1"), "1");
    embedded::stop(&bench.settings).unwrap();
    let dead = zombie.id();
    zombie.wait().unwrap();
    leave_stale_files(&bench, dead);
    assert_eq!(ask(&bench.start(), "SELECT 1"), "1");
}

#[test]
fn a_half_written_or_senseless_pid_file_does_not_lock_the_person_out() {
    let bench = Bench::lasting();
    drop(bench.start());
    embedded::stop(&bench.settings).unwrap();
    for text in ["", "not a pid\n", "-1\n", "999999999\n/elsewhere\n"] {
        let path = bench.cluster().join("postmaster.pid");
        fs::write(&path, text).unwrap();
        if let Some(user) = ServerUser::if_root() {
            chown(&path, Some(user.uid), Some(user.gid)).unwrap();
        }
        assert_eq!(ask(&bench.start(), "SELECT 1"), "1", "pid file {text:?}");
        embedded::stop(&bench.settings).unwrap();
    }
}

#[test]
fn a_server_whose_socket_was_swept_away_is_restarted() {
    let bench = Bench::lasting();
    let server = bench.start();
    fs::remove_file(
        server
            .socket_dir()
            .join(format!(".s.PGSQL.{}", server.port())),
    )
    .unwrap();
    let again = bench.start();
    assert_ne!(again.pid(), server.pid());
    assert_eq!(ask(&again, "SELECT 1"), "1");
}

#[test]
fn a_first_start_that_was_killed_half_way_is_done_again() {
    let bench = Bench::lasting();
    // At each step of it: the process is killed as soon as the step shows on disk.
    for sign in ["PG_VERSION", "global/pg_control", "base/5"] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "bench::hold_the_server", "--test-threads=1"])
            .env("WILDLANDS_TEST_HOLD", &bench.settings.places.data)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let unfinished = bench.server().join(format!("cluster.new-{}", child.id()));
        until("the first start is half-way", || {
            unfinished.join(sign).exists()
        });
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(
            !bench.cluster().exists(),
            "a cluster that is there is whole"
        );
    }
    let server = bench.start();
    assert_eq!(ask(&server, "SELECT 1"), "1");
    until("nothing unfinished is left", || {
        drop(bench.start());
        let names = fs::read_dir(bench.server()).unwrap();
        !names
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().contains("new"))
    });
}
