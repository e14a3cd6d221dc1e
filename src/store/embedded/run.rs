//! Starting the server's process and stopping it. Both are called under the `start` lock. Fsync stays on; nothing of a
//! statement or a row reaches the log.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use super::error::EmbeddedError;
use super::find::Programs;
use super::layout::Layout;
use super::process::{self, Identity};
use super::stale::{Found, PidFile, examine};
use super::user::{ServerUser, command};

const STEP: Duration = Duration::from_millis(2);
/// Recovery after a crash replays at most a few hundred megabytes.
const START_PATIENCE: Duration = Duration::from_mins(2);
const POLITE_PATIENCE: Duration = Duration::from_secs(1);
const FAST_PATIENCE: Duration = Duration::from_secs(30);
const IMMEDIATE_PATIENCE: Duration = Duration::from_secs(5);
const LOG_LIMIT: u64 = 256 * 1024;

/// What the server runs with. On the command line, so that the running program's version of it always holds.
///
/// The log: level `log` leaves out the errors of sessions, whose messages can quote values; what remains is about the
/// server itself. Idle: no launcher for replication, rare checks for vacuum, so that nothing wakes without work.
const SETTINGS: &[(&str, &str)] = &[
    ("listen_addresses", ""),
    ("unix_socket_permissions", "0700"),
    ("max_connections", "40"),
    ("superuser_reserved_connections", "3"),
    ("shared_buffers", "32MB"),
    ("huge_pages", "off"),
    ("work_mem", "8MB"),
    ("maintenance_work_mem", "64MB"),
    ("max_wal_size", "256MB"),
    ("min_wal_size", "32MB"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    ("max_logical_replication_workers", "0"),
    ("max_worker_processes", "4"),
    ("max_parallel_workers", "2"),
    ("jit", "off"),
    ("fsync", "on"),
    ("full_page_writes", "on"),
    ("synchronous_commit", "on"),
    ("checkpoint_timeout", "15min"),
    ("autovacuum_naptime", "10min"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("log_destination", "stderr"),
    ("logging_collector", "off"),
    ("log_min_messages", "log"),
    ("log_min_error_statement", "panic"),
    ("log_error_verbosity", "terse"),
    ("log_statement", "none"),
    ("log_min_duration_statement", "-1"),
    ("log_autovacuum_min_duration", "-1"),
    ("log_connections", "off"),
    ("log_disconnections", "off"),
    ("log_checkpoints", "off"),
    ("log_lock_waits", "off"),
    ("log_temp_files", "-1"),
    ("log_parameter_max_length_on_error", "0"),
];

/// Starts the server and returns once it takes connections.
pub(super) fn launch(
    layout: &Layout,
    identity: &Identity,
    programs: &Programs,
    socket_directory: &Path,
    user: Option<&ServerUser>,
) -> Result<PidFile, EmbeddedError> {
    let (log, begins) = open_log(&layout.log)
        .map_err(|error| EmbeddedError::io("open the server's log", &layout.log, &error))?;
    let errors = log
        .try_clone()
        .map_err(|error| EmbeddedError::io("open the server's log", &layout.log, &error))?;
    let program = programs.postgres();
    let mut server = command(&program, user);
    server.arg("-D").arg(&layout.cluster);
    for (name, value) in SETTINGS {
        server.arg("-c").arg(format!("{name}={value}"));
    }
    server
        .arg("-c")
        .arg(format!("cluster_name={}", layout.name()));
    server.arg("-c").arg(format!(
        "unix_socket_directories={}",
        quoted(socket_directory)
    ));
    // Its own process group: Ctrl-C and a closed terminal are not for the server.
    server
        .process_group(0)
        .stdout(Stdio::from(log))
        .stderr(Stdio::from(errors));
    let mut child = server
        .spawn()
        .map_err(|error| EmbeddedError::io("run", &program, &error))?;
    let ready = wait_until_ready(layout, identity, &mut child, begins);
    reap(child);
    ready
}

fn wait_until_ready(
    layout: &Layout,
    identity: &Identity,
    child: &mut Child,
    log_begins: u64,
) -> Result<PidFile, EmbeddedError> {
    let since = Instant::now();
    loop {
        if let Found::Ready(file) = examine(layout, identity) {
            return Ok(file);
        }
        if !matches!(child.try_wait(), Ok(None)) {
            let tail = tail(&layout.log, log_begins);
            if tail.contains("No space left on device") {
                let path = layout.cluster.clone();
                return Err(EmbeddedError::Full {
                    what: "start the server in",
                    path,
                });
            }
            return Err(EmbeddedError::DidNotStart {
                log: layout.log.clone(),
                tail,
            });
        }
        if since.elapsed() > START_PATIENCE {
            return Err(slow(
                "the start of the private PostgreSQL server",
                START_PATIENCE,
                layout,
            ));
        }
        sleep(STEP);
    }
}

/// Waits for one that another program began to start or stop.
pub(super) fn settle(layout: &Layout, identity: &Identity) -> Result<Found, EmbeddedError> {
    let since = Instant::now();
    loop {
        match examine(layout, identity) {
            Found::Busy(_) if since.elapsed() > START_PATIENCE => {
                let what = "the private PostgreSQL server's start or stop";
                return Err(slow(what, START_PATIENCE, layout));
            }
            Found::Busy(pid) => {
                // Told to stop by somebody else, such as the system at the end of a session, it waits for its
                // sessions for ever.
                if since.elapsed() > POLITE_PATIENCE
                    && PidFile::read(&layout.cluster).is_some_and(|file| file.is_stopping())
                {
                    let _ = process::signal(pid, Signal::SIGINT);
                }
                sleep(STEP);
            }
            found @ (Found::Ready(_) | Found::Deaf(_) | Found::Nothing) => return Ok(found),
        }
    }
}

/// Stops a server that is there, once it has started; whether there was one.
pub(super) fn settle_and_stop(layout: &Layout, identity: &Identity) -> Result<bool, EmbeddedError> {
    match settle(layout, identity)?.pid() {
        Some(pid) => stop(layout, identity, pid).map(|()| true),
        None => Ok(false),
    }
}

/// Stops the server: sessions are ended, everything is written (fast mode); only when that hangs, at once (immediate
/// mode: the next start recovers from the log, nothing acknowledged is lost).
pub(super) fn stop(layout: &Layout, identity: &Identity, pid: i32) -> Result<(), EmbeddedError> {
    let modes = [
        (Signal::SIGINT, FAST_PATIENCE),
        (Signal::SIGQUIT, IMMEDIATE_PATIENCE),
    ];
    for (signal, patience) in modes {
        if identity.find(pid).is_none() {
            return Ok(());
        }
        process::signal(pid, signal).map_err(|error| {
            EmbeddedError::io(
                "stop the server of",
                &layout.cluster,
                &io::Error::from(error),
            )
        })?;
        let since = Instant::now();
        while since.elapsed() < patience {
            if !process::is_alive(pid) {
                return Ok(());
            }
            sleep(STEP);
        }
    }
    Err(EmbeddedError::Lingering {
        pid,
        cluster: layout.cluster.clone(),
    })
}

/// Waits for a child elsewhere, so that it never stays behind as a zombie of a long-running program.
pub(super) fn reap(mut child: Child) {
    let reaper = std::thread::Builder::new()
        .name("reaper".into())
        .stack_size(64 * 1024);
    // Without a thread it is reaped when this program ends.
    let _ = reaper.spawn(move || child.wait());
}

fn slow(what: &'static str, patience: Duration, layout: &Layout) -> EmbeddedError {
    EmbeddedError::Slow {
        what,
        seconds: patience.as_secs(),
        log: layout.log.clone(),
    }
}

/// The setting is a list: a comma or a quote in a path must not split it.
fn quoted(directory: &Path) -> String {
    format!("\"{}\"", directory.to_string_lossy().replace('"', "\"\""))
}

fn open_log(path: &Path) -> io::Result<(File, u64)> {
    let length = fs::symlink_metadata(path).map_or(0, |meta| meta.len());
    if length > LOG_LIMIT {
        fs::rename(path, path.with_extension("log.1"))?;
    }
    let log = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    let begins = log.metadata()?.len();
    Ok((log, begins))
}

/// The last lines that were written since, without their time stamps.
fn tail(path: &Path, begins: u64) -> String {
    let mut text = String::new();
    if let Ok(mut log) = File::open(path)
        && log.seek(SeekFrom::Start(begins)).is_ok()
    {
        let mut bytes = Vec::new();
        // Half a log still says more than none.
        let _ = log.take(LOG_LIMIT).read_to_end(&mut bytes);
        text = String::from_utf8_lossy(&bytes).into_owned();
    }
    last_lines(&text)
}

/// What a program said last, in one line fit for a message.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| {
            line.split_once("] ")
                .map_or(line, |(_, message)| message)
                .trim()
        })
        .filter(|line| !line.is_empty())
        .collect();
    if lines.is_empty() {
        return "it said nothing".to_owned();
    }
    let words = lines
        .get(lines.len().saturating_sub(4)..)
        .unwrap_or_default()
        .join("; ");
    words
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}
