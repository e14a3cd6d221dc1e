//! A person's home: where the program of one test keeps its things, and what is in its database.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use serde_json::Value;
use tempfile::TempDir;
use tokio_postgres::SimpleQueryMessage;

use super::pty_support::{DEADLINE, Terminal};
use super::support::{self, TestDatabase, TestServer};

/// A home, with the environment of a quiet shell.
pub struct Home {
    directory: TempDir,
    database: Option<TestDatabase>,
    variables: Vec<(String, String)>,
}

impl Home {
    /// A home whose programs use the private server.
    pub fn private() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("wl-pty-")
            .tempdir()
            .unwrap();
        // As root the server's user must be able to pass.
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let variables = [
            ("LANG", "C.UTF-8"),
            ("TZ", "UTC"),
            ("TERM", "xterm-256color"),
        ];
        Self {
            directory,
            database: None,
            variables: variables.map(|(n, v)| (n.to_owned(), v.to_owned())).into(),
        }
    }

    /// A home whose programs use a fresh database of the server that the tests share.
    pub fn external() -> Self {
        Self::on(&TestServer::shared())
    }

    /// A home whose programs use a fresh database of this server.
    pub fn on(server: &Arc<TestServer>) -> Self {
        let database = wait(server.database());
        let mut home = Self::private().with("DATABASE_URL", &database.url(support::APP));
        home.database = Some(database);
        home
    }

    /// The same with another variable in its environment.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a variable for what is started from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// The way to its external database for another role.
    pub fn url(&self, role: &str) -> String {
        self.database
            .as_ref()
            .expect("an external database")
            .url(role)
    }

    /// The directory that programs are started in, and that everything is below.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// What `WILDLANDS_HOME` names.
    pub fn path(&self) -> PathBuf {
        self.directory.path().join("home")
    }

    /// The state directory.
    pub fn state(&self) -> PathBuf {
        self.path().join("state")
    }

    /// Writes a file of the configuration.
    pub fn configure(&self, name: &str, text: &str) {
        let config = self.path().join("config");
        fs::create_dir_all(&config).unwrap();
        fs::write(config.join(name), text).unwrap();
    }

    /// A subcommand, not started yet.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wildlands"));
        command.args(words).env_clear().envs(self.environment());
        command
            .current_dir(self.directory.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs a subcommand to its end: exit code, standard output, standard error.
    pub fn run(&self, words: &[&str]) -> (i32, String, String) {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(words).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    /// The day of this home's clock, revealed.
    pub fn today(&self) -> Value {
        let (code, out, err) = self.run(&["log", "--json", "--reveal"]);
        assert_eq!(code, 0, "{err}");
        let day: Value = serde_json::from_str(&out).unwrap();
        day["data"].clone()
    }

    /// The program with these arguments, not started yet.
    pub fn program(&self, words: &[&str]) -> CommandBuilder {
        self.started_by(&[&[env!("CARGO_BIN_EXE_wildlands")], words].concat())
    }

    /// Any program in this home's environment, not started yet.
    pub fn started_by(&self, words: &[&str]) -> CommandBuilder {
        let mut command = CommandBuilder::new(words[0]);
        command.args(&words[1..]);
        command.env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        command.cwd(self.directory.path());
        command
    }

    /// Starts the program in a terminal of this size.
    pub fn start(&self, columns: u16, rows: u16) -> Terminal {
        Terminal::start(self.program(&[]), columns, rows)
    }

    /// Starts the program for the first time, waits for the database and passes the welcome.
    pub fn open(&self) -> Terminal {
        self.open_in(100, 30)
    }

    /// As [`Home::open`], in a terminal of this size.
    pub fn open_in(&self, columns: u16, rows: u16) -> Terminal {
        let mut terminal = self.start(columns, rows);
        terminal.wait_text("Welcome");
        terminal.types("\r");
        terminal.wait_gone("Welcome");
        wait_online(&terminal);
        terminal
    }

    /// The first start is over: later ones come without a welcome.
    pub fn greet(&self) {
        let mut terminal = self.open();
        terminal.types("q");
        assert_eq!(terminal.exit_code(), 0);
    }

    /// Starts the program again and waits for the database.
    pub fn open_again(&self) -> Terminal {
        let terminal = self.start(100, 30);
        wait_online(&terminal);
        terminal
    }

    /// First column of the last statement's rows, as the superuser of the test's own server.
    pub fn ask(&self, statement: &str) -> Vec<String> {
        let database = self.database.as_ref().expect("an external database");
        wait(async {
            let client = database.superuser_client().await;
            let messages = client.simple_query(statement).await.unwrap();
            let rows = messages.iter().filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
                _ => None,
            });
            rows.collect()
        })
    }

    /// Makes every question about days wait until what is given back is dropped.
    pub fn hold_days(&self) -> impl Drop {
        self.hold("lock table wildlands.logs")
    }

    /// Holds what this statement locks until what is given back is dropped.
    pub fn hold(&self, statement: &str) -> impl Drop + use<> {
        let database = self.database.as_ref().expect("an external database");
        let mut psql = database.server.tool("psql", &database.name);
        let psql = psql.args(["-X", "-q", "-A", "-t"]);
        let psql = psql.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut held = Held(psql.spawn().unwrap());
        let lock = format!("begin; {statement}; select 'held';\n");
        let input = held.0.stdin.as_mut().unwrap();
        input.write_all(lock.as_bytes()).unwrap();
        let mut told = String::new();
        let output = held.0.stdout.as_mut().unwrap();
        BufReader::new(output).read_line(&mut told).unwrap();
        assert_eq!(told, "held\n");
        held
    }

    /// A field's value on the only day that there is, as text; empty where there is none.
    pub fn field(&self, key: &str) -> String {
        let rows = self.ask(&format!("select data ->> '{key}' from wildlands.logs"));
        assert!(rows.len() <= 1, "one day is looked at: {rows:?}");
        rows.into_iter().next().unwrap_or_default()
    }

    /// Waits until a field has this value.
    pub fn wait_field(&self, key: &str, value: &str) {
        until(&format!("{key} = {value}"), || self.field(key) == value);
    }

    /// How often each row was changed, as the database counted it: one for its making.
    pub fn versions(&self) -> Vec<String> {
        self.ask("select version::text from wildlands.logs order by date")
    }

    /// The texts of all drafts on disk.
    pub fn drafts(&self) -> Vec<String> {
        let files = below(&self.state().join("drafts"));
        let drafts = files
            .iter()
            .filter(|path| path.extension().is_some_and(|end| end == "draft"));
        // A draft may have been moved meanwhile.
        let read = drafts.filter_map(|path| fs::read(path).ok());
        read.filter_map(|bytes| serde_json::from_slice::<Value>(&bytes).ok())
            .map(|draft| draft["text"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Waits until a draft on disk holds this.
    pub fn wait_draft(&self, text: &str) {
        until(&format!("a draft with {text}"), || {
            self.drafts().iter().any(|draft| draft.contains(text))
        });
    }

    fn environment(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for name in ["PATH", "USER", "LLVM_PROFILE_FILE", "WILDLANDS_PG_BINDIR"] {
            if let Ok(value) = std::env::var(name) {
                all.push((name.to_owned(), value));
            }
        }
        let path = |path: &Path| path.to_str().unwrap().to_owned();
        all.push(("HOME".to_owned(), path(self.directory.path())));
        all.push(("WILDLANDS_HOME".to_owned(), path(&self.path())));
        all.extend(self.variables.iter().cloned());
        all
    }
}

/// A client of the database that holds a lock.
struct Held(Child);

impl Drop for Held {
    fn drop(&mut self) {
        // The end of its input is its end.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.path().join("data").exists() {
            let mut stop = self.command(&["data", "server", "stop"]);
            let _ = stop.env_remove("DATABASE_URL").output();
        }
    }
}

/// Waits until the corner says that the database is there, and the day that it is loaded.
pub fn wait_online(terminal: &Terminal) {
    terminal.wait_for("online", |seen| {
        let day = seen.row(1);
        let mut loaded = ["nothing logged", "saved ", "saving", "unsent"].into_iter();
        seen.row(0).contains('●') && loaded.any(|words| day.contains(words))
    });
}

/// Waits until the day says that the database has acknowledged everything.
pub fn wait_saved(terminal: &Terminal) {
    terminal.wait_for("everything saved", |seen| {
        let text = seen.text();
        text.contains(" saved ") && !text.contains("saving") && !text.contains("unsent")
    });
}

/// Waits until a condition holds about which nothing tells.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + DEADLINE;
    while !holds() {
        assert!(Instant::now() < end, "never: {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// Every file below a directory.
pub fn below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        // Links are not followed.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(below(&path));
        }
        found.push(path);
    }
    found
}

/// Runs a future to its end.
pub fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}
