//! A person's home with the environment of a quiet shell, and the programs that are started in it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use crate::floor;
use crate::program::Program;
use crate::support::{APP, TestDatabase};

/// The program under measurement.
pub const WILDLANDS: &str = env!("CARGO_BIN_EXE_wildlands");

/// A home. Dropping it stops the private server that was started from it.
pub struct Home {
    directory: TempDir,
    pub database: Option<TestDatabase>,
}

impl Home {
    /// One whose programs use the private server.
    pub fn private() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("wl-bench-")
            .tempdir()
            .unwrap();
        // As root the server's user must be able to pass.
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            directory,
            database: None,
        }
    }

    /// One whose programs use this database.
    pub fn on(database: TestDatabase) -> Self {
        let mut home = Self::private();
        home.database = Some(database);
        home
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        let home = self.directory.path();
        let mut variables = vec![
            ("HOME", home.display().to_string()),
            ("WILDLANDS_HOME", home.join("home").display().to_string()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TZ", "UTC".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
        ];
        for name in ["PATH", "USER", "WILDLANDS_PG_BINDIR"] {
            if let Ok(value) = std::env::var(name) {
                variables.push((name, value));
            }
        }
        if let Some(database) = &self.database {
            variables.push(("DATABASE_URL", database.url(APP)));
        }
        variables
    }

    fn in_terminal(&self, program: &str) -> CommandBuilder {
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        for (name, value) in self.variables() {
            command.env(name, value);
        }
        command.cwd(self.directory.path());
        command
    }

    /// Opens the program in a terminal.
    pub fn open(&self) -> Program {
        Program::start(self.in_terminal(WILDLANDS))
    }

    /// Opens the floor in a terminal; `with_data` lets it read this home's database.
    pub fn open_floor(&self, with_data: bool) -> Program {
        let this = std::env::current_exe().unwrap();
        let mut command = self.in_terminal(this.to_str().unwrap());
        let url = self.database.as_ref().filter(|_| with_data);
        let url = url.map(|database| database.url(crate::support::SUPERUSER));
        command.env(floor::VARIABLE, url.unwrap_or_default());
        Program::start(command)
    }

    /// Runs a subcommand to its end, which must be a good one.
    pub fn run(&self, words: &[&str]) {
        let mut command = Command::new(WILDLANDS);
        command.args(words).env_clear().envs(self.variables());
        command
            .current_dir(self.directory.path())
            .stdin(Stdio::null());
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}");
    }

    /// Runs a subcommand to its end, which must be a good one; gives the most memory it had, in megabytes.
    pub fn peak_of(&self, words: &[&str]) -> f64 {
        self.peak_of_watched(words, || {})
    }

    /// The same; meanwhile somebody looks at what becomes of it.
    pub fn peak_of_watched(&self, words: &[&str], mut look: impl FnMut()) -> f64 {
        let mut command = Command::new(WILDLANDS);
        command.args(words).env_clear().envs(self.variables());
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut peak: f64 = 0.0;
        loop {
            // It is gone from the process table once it is waited for.
            peak = peak.max(crate::process::peak(child.id()));
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success(), "{words:?}");
                return peak;
            }
            look();
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A file in this home.
    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.database.is_none() && self.file("home/data").exists() {
            let mut stop = Command::new(WILDLANDS);
            stop.args(["data", "server", "stop"]);
            let _ = stop.env_clear().envs(self.variables()).output();
        }
    }
}
