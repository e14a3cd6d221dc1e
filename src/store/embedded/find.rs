//! Finding the server programs: an explicit setting (then nothing else), the program's own directory and what
//! `scripts/setup` unpacked, then the system's places. The newest wins, except where a cluster exists: then the programs
//! of its major version, so that a system upgrade locks nobody out.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::advice::install_command;
use super::error::EmbeddedError;
use super::layout::Layout;
use super::{Settings, user::ServerUser};
use crate::store::places::Places;

/// The oldest major version that the schema and the private server work with.
pub const OLDEST_MAJOR: u32 = 14;

/// Where systems install the server programs; `*` stands for a version within one path component.
const SYSTEM: &[&str] = &[
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/usr/lib/postgresql*/bin",
    "/usr/lib64/postgresql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    "/opt/local/lib/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/run/current-system/sw/bin",
];

/// A directory with the server programs of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    /// The directory.
    pub dir: PathBuf,
    /// The version as `postgres --version` prints it, such as `15.14`.
    pub version: String,
    /// Its first number.
    pub major: u32,
}

impl Programs {
    pub(super) fn postgres(&self) -> PathBuf {
        self.dir.join("postgres")
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.dir.join("initdb")
    }

    /// The programs in this directory, if they are there and say their version.
    #[must_use]
    pub fn in_directory(dir: &Path) -> Option<Self> {
        let (version, major) = version_in(dir, ["postgres", "initdb"])?;
        Some(Self {
            dir: dir.to_path_buf(),
            version,
            major,
        })
    }
}

/// The version that the first of two programs of a directory says, and its first number; nothing where one of them
/// is missing.
pub(in crate::store) fn version_in(dir: &Path, programs: [&str; 2]) -> Option<(String, u32)> {
    let [first, second] = programs.map(|name| dir.join(name));
    if !is_program(&first) || !is_program(&second) {
        return None;
    }
    let mut asked = Command::new(first);
    let output = asked.arg("--version").env("LC_ALL", "C").output().ok()?;
    parse_version(&String::from_utf8_lossy(&output.stdout))
}

/// The programs to run: for the cluster that exists, or for a new one.
pub(super) fn programs(
    settings: &Settings,
    layout: &Layout,
    user: Option<&ServerUser>,
) -> Result<Programs, EmbeddedError> {
    let wanted = cluster_major(&layout.cluster)?;
    let found = match &settings.bindir {
        Some(dir) => vec![explicit(dir, wanted, user)?],
        None => look_everywhere(settings, wanted),
    };
    let chosen = choose(found, wanted, &layout.cluster)?;
    if let Some(user) = user {
        user.reaches(&chosen.postgres())?;
    }
    Ok(chosen)
}

fn explicit(
    dir: &Path,
    wanted: Option<u32>,
    user: Option<&ServerUser>,
) -> Result<Programs, EmbeddedError> {
    if let Some(programs) = Programs::in_directory(dir) {
        return Ok(programs);
    }
    if let Some(user) = user {
        user.reaches(&dir.join("postgres"))?;
    }
    let install = install_command(wanted);
    Err(EmbeddedError::EmptyBindir {
        dir: dir.to_path_buf(),
        install,
    })
}

/// The major version of the cluster, `None` where there is none yet.
pub(super) fn cluster_major(cluster: &Path) -> Result<Option<u32>, EmbeddedError> {
    if fs::symlink_metadata(cluster).is_err() {
        return Ok(None);
    }
    let text = fs::read_to_string(cluster.join("PG_VERSION"));
    let major = text.ok().and_then(|text| text.trim().parse().ok());
    major.map(Some).ok_or_else(|| EmbeddedError::NotACluster {
        path: cluster.to_path_buf(),
    })
}

fn choose(
    mut found: Vec<Programs>,
    wanted: Option<u32>,
    cluster: &Path,
) -> Result<Programs, EmbeddedError> {
    // Stable: among equals the first place that was looked at wins.
    found.sort_by_key(|programs| std::cmp::Reverse(programs.major));
    let Some(newest) = found.first().cloned() else {
        return Err(EmbeddedError::NoPrograms {
            install: install_command(wanted),
        });
    };
    if let Some(made_by) = wanted {
        if let Some(programs) = found.iter().find(|programs| programs.major == made_by) {
            return Ok(programs.clone());
        }
        let mut versions: Vec<String> = found
            .iter()
            .map(|programs| programs.major.to_string())
            .collect();
        versions.dedup();
        return Err(EmbeddedError::OtherMajor {
            cluster: cluster.to_path_buf(),
            made_by,
            found: versions.join(", "),
            install: install_command(wanted),
        });
    }
    if newest.major < OLDEST_MAJOR {
        let install = install_command(None);
        return Err(EmbeddedError::TooOld {
            found: newest.version,
            dir: newest.dir,
            install,
        });
    }
    Ok(newest)
}

/// Every directory with programs, nearest first. Stops early when the wanted version turns up.
fn look_everywhere(settings: &Settings, wanted: Option<u32>) -> Vec<Programs> {
    let mut found: Vec<Programs> = Vec::new();
    let mut seen: Vec<PathBuf> = Vec::new();
    let stages: [fn(&Settings) -> Vec<PathBuf>; 3] = [own_directories, system_directories, asked];
    for stage in stages {
        for dir in by_wish(stage(settings), wanted) {
            let real = fs::canonicalize(&dir).unwrap_or(dir);
            if seen.contains(&real) {
                continue;
            }
            seen.push(real.clone());
            let Some(programs) = Programs::in_directory(&real) else {
                continue;
            };
            if wanted == Some(programs.major) {
                return vec![programs];
            }
            found.push(programs);
        }
        if wanted.is_none() && found.iter().any(|programs| programs.major >= OLDEST_MAJOR) {
            break;
        }
    }
    found
}

/// Where programs of a client (`pg_dump`) may be, nearest first: the explicit setting and then nothing else, or every
/// place that server programs are looked for in.
pub(in crate::store) fn client_directories(settings: &Settings) -> Vec<PathBuf> {
    match &settings.bindir {
        Some(dir) => vec![dir.clone()],
        None => [own_directories, system_directories, asked]
            .iter()
            .flat_map(|stage| stage(settings))
            .collect(),
    }
}

/// Directories whose path names the wanted version come first: each look costs a subprocess.
fn by_wish(mut directories: Vec<PathBuf>, wanted: Option<u32>) -> Vec<PathBuf> {
    if let Some(major) = wanted {
        let name = major.to_string();
        directories.sort_by_key(|dir| !dir.to_string_lossy().contains(&name));
    }
    directories
}

fn own_directories(settings: &Settings) -> Vec<PathBuf> {
    let mut directories = Vec::new();
    if let Some(own) = std::env::current_exe()
        .ok()
        .as_deref()
        .and_then(Path::parent)
    {
        directories.push(own.to_path_buf());
        directories.push(own.join("pgsql/bin"));
    }
    // What scripts/setup unpacked: one directory for each major version.
    let standard = Places::standard().ok();
    let data = [
        Some(&settings.places.data),
        standard.as_ref().map(|places| &places.data),
    ];
    for data in data.into_iter().flatten() {
        directories.extend(expand(&data.join("pgsql/*/bin").to_string_lossy()));
    }
    directories
}

fn system_directories(_settings: &Settings) -> Vec<PathBuf> {
    SYSTEM.iter().flat_map(|pattern| expand(pattern)).collect()
}

fn asked(_settings: &Settings) -> Vec<PathBuf> {
    let mut directories = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output()
        && output.status.success()
    {
        directories.push(PathBuf::from(
            String::from_utf8_lossy(&output.stdout).trim(),
        ));
    }
    if let Some(path) = std::env::var_os("PATH") {
        directories.extend(std::env::split_paths(&path).filter(|dir| dir.is_absolute()));
    }
    directories
}

/// The existing directories that a pattern with one `*` stands for, highest name first.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let (folder, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.starts_with(prefix))
        .collect();
    names.sort_by_key(|name| std::cmp::Reverse(first_number(name)));
    names
        .into_iter()
        .map(|name| PathBuf::from(format!("{folder}/{name}{after}")))
        .collect()
}

fn first_number(text: &str) -> u32 {
    let digits: String = text
        .chars()
        .skip_while(|letter| !letter.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().unwrap_or(0)
}

pub(in crate::store) fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)` and `… 18beta1`: the version and its first number.
fn parse_version(text: &str) -> Option<(String, u32)> {
    let (_, after) = text.split_once("(PostgreSQL)")?;
    let version = after.split_whitespace().next()?.to_owned();
    let major = first_number(&version);
    (major > 0).then_some((version, major))
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use super::*;

    fn programs(major: u32) -> Programs {
        let dir = PathBuf::from(format!("/p/{major}"));
        Programs {
            dir,
            version: format!("{major}.1"),
            major,
        }
    }

    #[test]
    fn versions_are_read_in_all_their_spellings() {
        let read = parse_version;
        let debian = read("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n");
        assert_eq!(debian, Some(("15.14".into(), 15)));
        assert_eq!(
            read("postgres (PostgreSQL) 18beta1\n"),
            Some(("18beta1".into(), 18))
        );
        assert_eq!(
            read("postgres (PostgreSQL) 9.6.24\n"),
            Some(("9.6.24".into(), 9))
        );
        assert_eq!(read("something else"), None);
    }

    #[test]
    fn the_newest_is_taken_for_a_new_cluster_and_the_same_major_for_an_old_one() {
        let found = || vec![programs(14), programs(16), programs(15)];
        let cluster = Path::new("/d/cluster");
        assert_eq!(choose(found(), None, cluster).unwrap().major, 16);
        assert_eq!(choose(found(), Some(14), cluster).unwrap().major, 14);
    }

    #[test]
    fn each_way_of_not_finding_has_its_own_message_with_a_command() {
        let cluster = Path::new("/d/cluster");
        let none = choose(Vec::new(), None, cluster).unwrap_err().to_string();
        assert!(none.contains("no PostgreSQL server programs") && none.contains("install"));
        let old = choose(vec![programs(13)], None, cluster)
            .unwrap_err()
            .to_string();
        assert!(
            old.contains("PostgreSQL 13.1 in /p/13 is too old: 14 or newer"),
            "{old}"
        );
        let other = choose(vec![programs(16)], Some(15), cluster)
            .unwrap_err()
            .to_string();
        assert!(
            other.contains("made by PostgreSQL 15, and only 16 is installed"),
            "{other}"
        );
        assert!(
            other.contains("the old directory stays as it is"),
            "{other}"
        );
    }
}
