//! Looking at processes: whether a pid lives, and whether it is *our* server. A pid alone proves nothing, since it may
//! be dead, a zombie, or by now somebody else's. On systems with /proc that is read; elsewhere `ps` is asked.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// What could be learned about one living process. Zombies are not reported: they are dead.
#[derive(Debug, Clone)]
pub(super) struct Process {
    pub pid: i32,
    uid: u32,
    arguments: String,
    /// `None` where the system does not tell (root without the right to trace, systems without /proc).
    directory: Option<PathBuf>,
    program: Option<PathBuf>,
}

/// Which processes belong to a server: the cluster's directory, the name in their titles, and their user.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    pub cluster: PathBuf,
    pub name: String,
    pub uid: u32,
}

impl Identity {
    /// Whether this process is part of the server: same user, and it works in the cluster's directory as `postgres`;
    /// where that cannot be seen, its arguments name the cluster or its title the server.
    pub fn owns(&self, process: &Process) -> bool {
        if process.uid != self.uid {
            return false;
        }
        if let (Some(directory), Some(program)) = (&process.directory, &process.program) {
            let is_postgres = program
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("postgres"));
            return is_postgres && *directory == self.cluster;
        }
        let cluster = self.cluster.to_string_lossy();
        let title = format!("postgres: {}: ", self.name);
        process.arguments.starts_with(&title)
            || (process.arguments.contains("postgres")
                && process.arguments.contains(&format!("-D {cluster} ")))
    }

    /// The living process with this pid, if it is part of the server.
    pub fn find(&self, pid: i32) -> Option<Process> {
        look(pid).filter(|process| self.owns(process))
    }

    /// Every living process of the server.
    pub fn all(&self) -> Vec<Process> {
        everything()
            .into_iter()
            .filter(|process| self.owns(process))
            .collect()
    }
}

/// Sends a signal; a process that is already gone is no error.
pub(super) fn signal(pid: i32, signal: Signal) -> Result<(), Errno> {
    match kill(Pid::from_raw(pid), signal) {
        Ok(()) | Err(Errno::ESRCH) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether the pid is a living process, zombies not counted.
pub(super) fn is_alive(pid: i32) -> bool {
    look(pid).is_some()
}

fn has_proc() -> bool {
    Path::new("/proc/self/stat").exists()
}

fn look(pid: i32) -> Option<Process> {
    if pid <= 0 {
        return None;
    }
    if has_proc() {
        return from_proc(pid);
    }
    listed(&["-p", &pid.to_string()]).into_iter().next()
}

fn everything() -> Vec<Process> {
    if !has_proc() {
        return listed(&["-A"]);
    }
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(from_proc)
        .collect()
}

fn from_proc(pid: i32) -> Option<Process> {
    let base = PathBuf::from(format!("/proc/{pid}"));
    let stat = fs::read_to_string(base.join("stat")).ok()?;
    // The command stands in parentheses and may hold any character; the state is the first word after the last one.
    let (_, rest) = stat.rsplit_once(')')?;
    if matches!(rest.split_whitespace().next(), None | Some("Z" | "X" | "x")) {
        return None;
    }
    let arguments = fs::read(base.join("cmdline")).unwrap_or_default();
    Some(Process {
        pid,
        uid: fs::metadata(&base).ok()?.uid(),
        arguments: String::from_utf8_lossy(&arguments).replace('\0', " "),
        directory: fs::read_link(base.join("cwd")).ok(),
        program: fs::read_link(base.join("exe")).ok(),
    })
}

fn listed(which: &[&str]) -> Vec<Process> {
    let output = Command::new("ps")
        .args(["-ww", "-o", "pid=,uid=,stat=,command="])
        .args(which)
        .env("LC_ALL", "C")
        .output();
    let Ok(output) = output else {
        return Vec::new();
    };
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(from_listing)
        .collect()
}

fn from_listing(line: &str) -> Option<Process> {
    let (pid, rest) = line.trim_start().split_once(char::is_whitespace)?;
    let (uid, rest) = rest.trim_start().split_once(char::is_whitespace)?;
    let (state, arguments) = rest.trim_start().split_once(char::is_whitespace)?;
    if state.starts_with('Z') {
        return None;
    }
    Some(Process {
        pid: pid.parse().ok()?,
        uid: uid.parse().ok()?,
        arguments: format!("{} ", arguments.trim()),
        directory: None,
        program: None,
    })
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

    fn identity() -> Identity {
        Identity {
            cluster: PathBuf::from("/d/server/cluster"),
            name: "wildlands-0011".into(),
            uid: 7,
        }
    }

    fn process(arguments: &str) -> Process {
        Process {
            pid: 1,
            uid: 7,
            arguments: arguments.into(),
            directory: None,
            program: None,
        }
    }

    #[test]
    fn a_process_is_ours_by_directory_and_program_together() {
        let seen = |directory: &str, program: &str| Process {
            directory: Some(directory.into()),
            program: Some(program.into()),
            ..process("anything")
        };
        assert!(identity().owns(&seen(
            "/d/server/cluster",
            "/usr/lib/postgresql/15/bin/postgres"
        )));
        assert!(identity().owns(&seen("/d/server/cluster", "/x/postgres (deleted)")));
        assert!(!identity().owns(&seen("/d/server/cluster", "/bin/bash")));
        assert!(!identity().owns(&seen("/elsewhere", "/usr/bin/postgres")));
        let foreign = Process {
            uid: 8,
            ..seen("/d/server/cluster", "/usr/bin/postgres")
        };
        assert!(!identity().owns(&foreign));
    }

    #[test]
    fn without_a_view_of_the_directory_the_arguments_decide() {
        assert!(identity().owns(&process("/usr/bin/postgres -D /d/server/cluster -c a=b ")));
        assert!(identity().owns(&process("postgres: wildlands-0011: checkpointer ")));
        assert!(!identity().owns(&process("/usr/bin/postgres -D /d/server/cluster2 -c a=b ")));
        assert!(!identity().owns(&process("postgres: wildlands-0012: checkpointer ")));
        assert!(!identity().owns(&process("vi /d/server/cluster ")));
    }

    #[test]
    fn the_listing_of_systems_without_proc_is_read_and_zombies_are_dead() {
        let found = from_listing("  12   501 Ss   postgres: wildlands-0011: checkpointer").unwrap();
        assert_eq!((found.pid, found.uid), (12, 501));
        assert_eq!(found.arguments, "postgres: wildlands-0011: checkpointer ");
        assert!(from_listing("  12   501 Z+   (postgres)").is_none());
        let me = i32::try_from(std::process::id()).unwrap();
        assert!(
            listed(&["-p", &me.to_string()])
                .iter()
                .any(|process| process.pid == me)
        );
    }

    #[test]
    fn this_process_lives_and_pid_zero_does_not() {
        assert!(is_alive(i32::try_from(std::process::id()).unwrap()));
        assert!(!is_alive(0) && !is_alive(-1));
    }
}
