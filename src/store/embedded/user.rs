//! Who the server's processes run as. PostgreSQL refuses root: then they run as `postgres`, else `nobody`.
//! Only the child processes drop root; this program never changes its own identity.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::unistd::{User, geteuid};

use super::error::EmbeddedError;

/// The user that the server's processes run as when this program is root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerUser {
    /// Its name, for messages.
    pub name: String,
    /// Its user id.
    pub uid: u32,
    /// Its group id.
    pub gid: u32,
}

impl ServerUser {
    /// `postgres`, else `nobody`, when this program is root; `None` for everyone else.
    #[must_use]
    pub fn if_root() -> Option<Self> {
        if !geteuid().is_root() {
            return None;
        }
        ["postgres", "nobody"].iter().find_map(|name| {
            let user = User::from_name(name).ok().flatten()?;
            let (uid, gid) = (user.uid.as_raw(), user.gid.as_raw());
            (uid != 0).then_some(Self {
                name: user.name,
                uid,
                gid,
            })
        })
    }

    /// As [`ServerUser::if_root`], but root without such a user is an error.
    ///
    /// # Errors
    /// [`EmbeddedError::NoServerUser`].
    pub fn needed() -> Result<Option<Self>, EmbeddedError> {
        match (geteuid().is_root(), Self::if_root()) {
            (true, None) => Err(EmbeddedError::NoServerUser),
            (_, user) => Ok(user),
        }
    }

    /// Fails when this user may not pass through every directory above `path`.
    pub(super) fn reaches(&self, path: &Path) -> Result<(), EmbeddedError> {
        let Some(above) = path.parent() else {
            return Ok(());
        };
        for directory in above.ancestors().collect::<Vec<_>>().into_iter().rev() {
            let Ok(meta) = fs::metadata(directory) else {
                break;
            };
            let needed = if meta.uid() == self.uid {
                0o100
            } else if meta.gid() == self.gid {
                0o010
            } else {
                0o001
            };
            if meta.mode() & needed == 0 {
                return Err(EmbeddedError::Unreachable {
                    path: path.to_path_buf(),
                    blocked: directory.to_path_buf(),
                    user: self.name.clone(),
                    suggestion: PathBuf::from("/var/lib/harriswildlands"),
                });
            }
        }
        Ok(())
    }
}

/// The user id that the server's processes have.
pub(super) fn server_uid(user: Option<&ServerUser>) -> u32 {
    user.map_or_else(|| geteuid().as_raw(), |user| user.uid)
}

/// A server program to be run: not as root, with nothing of the caller's environment (`PG*` variables would change
/// what `initdb` does, and passwords have no business there), in a directory that everyone can enter.
pub(super) fn command(program: &Path, user: Option<&ServerUser>) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("LC_ALL", "C")
        .env("PATH", "/usr/bin:/bin")
        .current_dir("/");
    command.stdin(Stdio::null());
    if let Some(user) = user {
        // The standard library drops the supplementary groups together with root.
        command.uid(user.uid).gid(user.gid);
    }
    command
}
