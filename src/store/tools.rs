//! PostgreSQL's own programs for dumps, `pg_dump` and `pg_restore`: found, and run with the way to the database in their
//! environment.
//!
//! An archive is to be read by `pg_restore` of the server's major version, so that version's programs are taken where they
//! are; else the next newer ones, since an older `pg_dump` refuses a newer server.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::embedded::{
    ServerUser, Settings, client_command, client_directories, is_program, version_in,
};
use super::target::LibpqEnvironment;

/// Where the programs look for what they call themselves.
const PATH: &str = "/usr/bin:/bin";

/// Why a dump cannot be made or read on this machine. Each message says what would help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ToolsError {
    /// There is no `pg_dump` at all.
    #[error(
        "there is no pg_dump on this machine; PostgreSQL {major} has it: install it with `{install}`, \
         or set WILDLANDS_PG_BINDIR to the directory that holds pg_dump and pg_restore"
    )]
    Missing {
        /// The server's major version.
        major: u32,
        /// The exact command for this system.
        install: String,
    },
    /// Every one that was found is older than the server.
    #[error(
        "pg_dump {found} in {} is older than the server ({major}), and refuses it; install {major}'s with `{install}`, \
         or set WILDLANDS_PG_BINDIR to the directory that holds pg_dump and pg_restore", dir.display()
    )]
    TooOld {
        /// The newest version found.
        found: String,
        /// Where it is.
        dir: PathBuf,
        /// The server's major version.
        major: u32,
        /// The exact command for this system.
        install: String,
    },
}

/// A directory with `pg_dump` and `pg_restore` of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tools {
    /// The directory.
    pub dir: PathBuf,
    /// The version as `pg_dump --version` prints it, such as `15.14`.
    pub version: String,
    /// Its first number.
    pub major: u32,
    /// The major version of the server that they are for.
    pub server: u32,
}

/// One of the programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// `pg_dump`.
    Dump,
    /// `pg_restore`.
    Restore,
}

impl Tool {
    /// Its file name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dump => "pg_dump",
            Self::Restore => "pg_restore",
        }
    }
}

impl Tools {
    /// The programs for a server of this major version. Looks where the private server's programs are looked for; each
    /// look costs a subprocess.
    ///
    /// # Errors
    /// [`ToolsError`].
    pub fn find(settings: &Settings, major: u32) -> Result<Self, ToolsError> {
        Self::among(&client_directories(settings), major)
    }

    fn among(directories: &[PathBuf], major: u32) -> Result<Self, ToolsError> {
        let mut found: Vec<Self> = Vec::new();
        for dir in directories {
            if found.iter().any(|known| known.dir == *dir) {
                continue;
            }
            if let Some(tools) = Self::in_directory(dir, major) {
                if tools.major == major {
                    return Ok(tools);
                }
                found.push(tools);
            }
        }
        found.sort_by_key(|tools| tools.major);
        if let Some(newer) = found.iter().find(|tools| tools.major > major) {
            return Ok(newer.clone());
        }
        let install = client_command(major);
        Err(match found.pop() {
            Some(newest) => ToolsError::TooOld {
                found: newest.version,
                dir: newest.dir,
                major,
                install,
            },
            None => ToolsError::Missing { major, install },
        })
    }

    fn in_directory(dir: &Path, server: u32) -> Option<Self> {
        let programs = [Tool::Dump, Tool::Restore].map(Tool::name);
        let (version, major) = version_in(dir, programs)?;
        Some(Self {
            dir: dir.to_path_buf(),
            version,
            major,
            server,
        })
    }

    /// Where these are newer than the server: the command that brings its own.
    #[must_use]
    pub fn own_version(&self) -> Option<String> {
        self.newer_than().map(client_command)
    }

    /// The major version of the server, where these are newer.
    #[must_use]
    pub fn newer_than(&self) -> Option<u32> {
        (self.major > self.server).then_some(self.server)
    }

    /// The program's file.
    #[must_use]
    pub fn path(&self, tool: Tool) -> PathBuf {
        self.dir.join(tool.name())
    }

    /// A program ready to be given arguments: nothing of this program's environment but the way to the database; as
    /// `user`, where there is one; at low priority where `gently`.
    #[must_use]
    pub fn command(
        &self,
        tool: Tool,
        way: Option<&LibpqEnvironment>,
        user: Option<&ServerUser>,
        gently: bool,
    ) -> Command {
        const NICE: &str = "/usr/bin/nice";
        let program = self.path(tool);
        let mut command = if gently && is_program(Path::new(NICE)) {
            let mut command = Command::new(NICE);
            command.args(["-n", "19"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command
            .env_clear()
            .env("LC_ALL", "C")
            .env("PATH", PATH)
            .current_dir("/")
            .stdin(Stdio::null());
        if let Some(way) = way {
            command.envs(way.variables());
        }
        if let Some(user) = user {
            use std::os::unix::process::CommandExt as _;
            command.uid(user.uid).gid(user.gid);
        }
        command
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn installed(root: &Path, version: &str) -> PathBuf {
        let dir = root.join(version);
        fs::create_dir(&dir).unwrap();
        for tool in [Tool::Dump, Tool::Restore] {
            let file = dir.join(tool.name());
            let said = format!("#!/bin/sh\necho '{} (PostgreSQL) {version}'\n", tool.name());
            fs::write(&file, said).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        dir
    }

    #[test]
    fn the_servers_own_version_is_taken_then_a_newer_one_and_never_an_older_one() {
        let root = tempfile::tempdir().unwrap();
        let all = ["14.2", "16.1", "17.0"].map(|version| installed(root.path(), version));
        let major = |wanted| Tools::among(&all, wanted).map(|tools| tools.major);
        assert_eq!((major(14), major(15), major(17)), (Ok(14), Ok(16), Ok(17)));
        let old = major(18).unwrap_err().to_string();
        assert!(
            old.contains("pg_dump 17.0") && old.contains("older than the server (18)"),
            "{old}"
        );
        let none = Tools::among(&[], 18).unwrap_err().to_string();
        assert!(
            none.contains("no pg_dump") && none.contains("install"),
            "{none}"
        );
    }
}
