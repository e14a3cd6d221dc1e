//! One private server of a test: its directory, other programs that hold it, and an end to all of it on drop.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use harriswildlands::store::embedded::{
    self, APP_ROLE, BINDIR_VARIABLE, DATABASE, EmbeddedServer, ServerState, Settings,
};
use harriswildlands::store::places::Places;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// The real program as keeper, a linger that no test waits long for.
fn kept(places: Places) -> Settings {
    Settings {
        keeper: Some(PathBuf::from(env!("CARGO_BIN_EXE_wildlands"))),
        linger: Duration::from_millis(100),
        bindir: std::env::var_os(BINDIR_VARIABLE).map(PathBuf::from),
        ..Settings::at(places)
    }
}

/// Where the server of one test lives.
pub struct Bench {
    pub settings: Settings,
    _directory: tempfile::TempDir,
}

impl Bench {
    /// A directory of its own.
    pub fn new() -> Self {
        let (directory, places) = Places::temporary().unwrap();
        Self {
            settings: kept(places),
            _directory: directory,
        }
    }

    /// As [`Bench::new`], with a keeper that stays out of the test's way.
    pub fn lasting() -> Self {
        let mut bench = Self::new();
        bench.settings.linger = Duration::from_mins(1);
        bench
    }

    pub fn start(&self) -> EmbeddedServer {
        embedded::start(&self.settings, &mut |_| {}).unwrap()
    }

    pub fn failure(&self) -> String {
        embedded::start(&self.settings, &mut |_| {})
            .unwrap_err()
            .to_string()
    }

    pub fn state(&self) -> ServerState {
        embedded::status(&self.settings).unwrap().state
    }

    pub fn is_running(&self) -> bool {
        matches!(self.state(), ServerState::Running { .. })
    }

    pub fn server(&self) -> PathBuf {
        self.settings.places.data.join("server")
    }

    pub fn cluster(&self) -> PathBuf {
        self.server().join("cluster")
    }

    /// Another program that holds the server: this test binary, run for the one test that only holds.
    pub fn holder(&self) -> Holder {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "bench::hold_the_server",
                "--nocapture",
                "--test-threads=1",
            ])
            .env(HOLD, &self.settings.places.data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let pid = lines
            .find_map(|line| {
                line.unwrap()
                    .split_once("holding ")
                    .map(|(_, pid)| pid.to_owned())
            })
            .expect("the holder started the server");
        Holder {
            child,
            server: pid.trim().parse().unwrap(),
        }
    }

    /// The keepers of this server: processes with its directory among their arguments.
    pub fn keepers(&self) -> Vec<i32> {
        let data = self.settings.places.data.to_string_lossy().into_owned();
        processes(&|_, arguments| {
            arguments.contains("data server keep") && arguments.contains(&data)
        })
    }

    /// Every server process of this cluster that still lives.
    pub fn server_processes(&self) -> Vec<i32> {
        let cluster = self.cluster();
        processes(&|pid, _| {
            fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(&cluster))
        })
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        for pid in self.keepers() {
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
        let _ = embedded::stop(&self.settings);
        for pid in self.server_processes() {
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
    }
}

/// Another process that holds the server until told to leave, or killed.
pub struct Holder {
    child: Child,
    pub server: i32,
}

impl Holder {
    pub fn leave(mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const HOLD: &str = "WILDLANDS_TEST_HOLD";

/// Not a case of its own: what [`Bench::holder`] runs in another process.
#[test]
#[allow(clippy::print_stdout)] // Its parent waits for the line.
fn hold_the_server() {
    let Some(data) = std::env::var_os(HOLD) else {
        return;
    };
    let places = Places::under(Path::new(&data).parent().unwrap());
    let settings = kept(places);
    let server = embedded::start(&settings, &mut |_| {}).unwrap();
    println!("holding {}", server.pid());
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
}

/// Waits for a condition, not for a time.
pub fn until(what: &str, condition: impl Fn() -> bool) {
    let since = Instant::now();
    while !condition() {
        assert!(
            since.elapsed() < Duration::from_secs(30),
            "waited too long: {what}"
        );
        // Nothing tells of what other processes do: looked at again and again.
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

fn processes(wanted: &dyn Fn(i32, &str) -> bool) -> Vec<i32> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let pids = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid: &i32| {
        let read = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        wanted(*pid, &String::from_utf8_lossy(&read).replace('\0', " "))
    })
    .collect()
}

/// Runs statements as a role, one after another; the last one's rows as text.
pub fn sql(
    server: &EmbeddedServer,
    role: &str,
    statements: &[&str],
) -> Result<Vec<String>, String> {
    sql_at(server.socket_dir(), server.port(), role, statements)
}

pub fn sql_at(
    socket: &Path,
    port: u16,
    role: &str,
    statements: &[&str],
) -> Result<Vec<String>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (client, link) = tokio_postgres::Config::new()
            .host_path(socket)
            .port(port)
            .user(role)
            .dbname(DATABASE)
            .connect(tokio_postgres::NoTls)
            .await
            .map_err(|error| format!("{error:?}"))?;
        let link = tokio::spawn(link);
        let mut rows = Vec::new();
        for statement in statements {
            let answer = client
                .simple_query(statement)
                .await
                .map_err(|error| format!("{error:?}"))?;
            rows = answer
                .into_iter()
                .filter_map(|message| match message {
                    tokio_postgres::SimpleQueryMessage::Row(row) => {
                        Some(row.get(0).unwrap_or_default().to_owned())
                    }
                    _ => None,
                })
                .collect();
        }
        drop(client);
        let _ = link.await;
        Ok(rows)
    })
}

/// One value, as the application's role.
pub fn ask(server: &EmbeddedServer, statement: &str) -> String {
    sql(server, APP_ROLE, &[statement]).unwrap().remove(0)
}
