//! The real program on the command line: every subcommand, every exit code, every bad input.
//!
//! Each test has a home of its own and a database of its own on the shared throw-away server; the tests of the private
//! server stop the one they started, after a failure too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod support;

#[path = "cli/drift.rs"]
mod drift;
#[path = "cli/export.rs"]
mod export;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/goals.rs"]
mod goals;
#[path = "cli/history.rs"]
mod history;
#[path = "cli/ideas.rs"]
mod ideas;
#[path = "cli/import.rs"]
mod import;
#[path = "cli/keys.rs"]
mod keys;
#[path = "cli/leftovers.rs"]
mod leftovers;
#[path = "cli/log.rs"]
mod log;
#[path = "cli/private.rs"]
mod private;
#[path = "cli/reach.rs"]
mod reach;
#[path = "cli/retention.rs"]
mod retention;
#[path = "cli/review.rs"]
mod review;
#[path = "cli/search.rs"]
mod search;
#[path = "cli/settings.rs"]
mod settings;
#[path = "cli/teach.rs"]
mod teach;
#[path = "cli/usage.rs"]
mod usage;

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use support::{TestDatabase, TestServer};
use tempfile::TempDir;

/// A person's home, with the environment of a quiet shell.
struct Home {
    directory: TempDir,
    database: Option<TestDatabase>,
    variables: Vec<(String, String)>,
}

/// How a run ended.
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Home {
    /// A home whose programs use the private server, if anything.
    fn private() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("wl-cli-")
            .tempdir()
            .unwrap();
        // As root the server's user must be able to pass.
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            directory,
            database: None,
            variables: Vec::new(),
        }
    }

    /// A home whose programs use a fresh database of the test server.
    fn external() -> Self {
        let server = TestServer::shared();
        let database = wait(async { server.database().await });
        let url = database.url(support::APP);
        let mut home = Self::private().with("DATABASE_URL", &url);
        home.database = Some(database);
        home
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("home")
    }

    fn database(&self) -> &TestDatabase {
        self.database.as_ref().unwrap()
    }

    fn command<S: AsRef<OsStr>>(&self, words: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wildlands"));
        command.args(words).env_clear();
        for name in ["PATH", "USER", "LLVM_PROFILE_FILE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("HOME", self.directory.path())
            .env("WILDLANDS_HOME", self.path());
        command
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            .current_dir(self.directory.path());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null());
        command
    }

    fn run<S: AsRef<OsStr>>(&self, words: &[S]) -> Run {
        Run::of(&self.command(words).output().unwrap())
    }

    fn run_with_input<S: AsRef<OsStr>>(&self, words: &[S], input: &[u8]) -> Run {
        let mut child = self
            .command(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that refuses its arguments may not read at all.
        let _ = child.stdin.take().unwrap().write_all(input);
        Run::of(&child.wait_with_output().unwrap())
    }

    /// What the day holds now, revealed.
    fn day(&self, date: &str) -> serde_json::Value {
        let run = self.run(&["log", date, "--json", "--reveal"]);
        assert_eq!(run.code, 0, "{}", run.err);
        serde_json::from_str(&run.out).unwrap()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.path().join("data").exists() {
            let _ = self
                .command(&["data", "server", "stop"])
                .env_remove("DATABASE_URL")
                .output();
        }
    }
}

impl Run {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
        let run = Self {
            code: output.status.code().expect("ended by a signal"),
            out: text(&output.stdout),
            err: text(&output.stderr),
        };
        assert!(!run.err.contains("panicked"), "{}", run.err);
        run
    }

    /// The code was this, and the message holds these words.
    #[track_caller]
    fn ended(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, code, "out: {}\nerr: {}", self.out, self.err);
        for word in words {
            assert!(self.err.contains(word), "“{word}” is not in: {}", self.err);
        }
        self
    }
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

/// A server that asks for passwords over TCP; the application's role has one.
fn server_with_passwords(password: &str) -> Arc<TestServer> {
    let server = TestServer::launch(&support::Options {
        tcp: true,
        hba: Some("host all all 127.0.0.1/32 scram-sha-256\n".to_owned()),
        ..support::Options::default()
    });
    wait(async {
        let superuser = server.client(support::SUPERUSER, "postgres").await;
        let set = format!("alter role {} password '{password}'", support::APP);
        superuser.batch_execute(&set).await.unwrap();
    });
    server
}
