//! Where things live on this machine: data, state, configuration, runtime files.
//!
//! One rule decides: `WILDLANDS_HOME` holds everything, else the XDG directories; root's data go under
//! `/var/lib`, because the private server drops root and must be able to reach them.
//! Directories made here are 0700. As root, a missing *parent* is made traversable by the server's group, and by
//! nobody else, so that the server's user reaches its own directory below.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
use std::path::{Path, PathBuf, absolute};

use etcetera::base_strategy::{BaseStrategy, Xdg};
use nix::unistd::geteuid;

use super::embedded::ServerUser;

/// The directory name used under each XDG directory.
pub const DIRECTORY: &str = "harriswildlands";

/// The environment variable that puts everything under one directory.
pub const HOME_VARIABLE: &str = "WILDLANDS_HOME";

const ROOT_DATA: &str = "/var/lib";

/// The directories of one person's installation, all absolute. They need not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The private database server and what must be kept.
    pub data: PathBuf,
    /// Drafts, the outbox, logs: kept across restarts, of this machine only.
    pub state: PathBuf,
    /// The form, keys and themes that the person changed.
    pub config: PathBuf,
    /// Files that need not survive a restart.
    pub runtime: PathBuf,
}

/// Why no place for the data can be named.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlacesError {
    /// Neither `WILDLANDS_HOME` nor a home directory is known.
    #[error(
        "no home directory is known for this user; set HOME, or set {HOME_VARIABLE} to a directory for the data"
    )]
    NoHome,
    /// `WILDLANDS_HOME` is not usable as a path.
    #[error(
        "{HOME_VARIABLE} is {path:?}, which cannot be made an absolute path: {reason}; set it to a directory such as /home/me/wildlands"
    )]
    BadHome {
        /// What the variable held.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

impl Places {
    /// The places that the environment names.
    ///
    /// # Errors
    /// When no home directory is known, or `WILDLANDS_HOME` cannot be made absolute.
    pub fn from_env() -> Result<Self, PlacesError> {
        Self::from_variables(&|name| std::env::var_os(name), geteuid().is_root())
    }

    /// The places without `WILDLANDS_HOME`: where this user's programs and data live by default.
    ///
    /// # Errors
    /// When no home directory is known.
    pub fn standard() -> Result<Self, PlacesError> {
        let get = |name: &str| {
            if name == HOME_VARIABLE {
                None
            } else {
                std::env::var_os(name)
            }
        };
        Self::from_variables(&get, geteuid().is_root())
    }

    /// Everything under one directory, as `WILDLANDS_HOME` means it.
    #[must_use]
    pub fn under(home: &Path) -> Self {
        Self {
            data: home.join("data"),
            state: home.join("state"),
            config: home.join("config"),
            runtime: home.join("run"),
        }
    }

    /// A throw-away set of places, removed with the guard. Stop what runs in it first.
    ///
    /// # Errors
    /// When the temporary directory cannot be made.
    pub fn temporary() -> io::Result<(tempfile::TempDir, Self)> {
        let guard = tempfile::Builder::new().prefix("wildlands-").tempdir()?;
        if let Some(user) = ServerUser::if_root() {
            open_to_group(guard.path(), user.gid)?;
        }
        let places = Self::under(guard.path());
        Ok((guard, places))
    }

    fn from_variables(
        get: &dyn Fn(&str) -> Option<OsString>,
        root: bool,
    ) -> Result<Self, PlacesError> {
        let set = |name: &str| {
            get(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        if let Some(home) = set(HOME_VARIABLE) {
            return match absolute(&home) {
                Ok(home) => Ok(Self::under(&home)),
                Err(error) => Err(PlacesError::BadHome {
                    path: home,
                    reason: error.to_string(),
                }),
            };
        }
        let xdg = Xdg::new().ok();
        // The XDG specification: a relative path in a variable is to be ignored.
        let named = |name: &str| set(name).filter(|path| path.is_absolute());
        let fallback = |pick: &dyn Fn(&Xdg) -> PathBuf| xdg.as_ref().map(pick);
        let state = named("XDG_STATE_HOME")
            .or_else(|| fallback(&|xdg| xdg.home_dir().join(".local/state")))
            .ok_or(PlacesError::NoHome)?
            .join(DIRECTORY);
        let config = named("XDG_CONFIG_HOME")
            .or_else(|| fallback(&|xdg| xdg.home_dir().join(".config")))
            .ok_or(PlacesError::NoHome)?
            .join(DIRECTORY);
        let data = if root {
            PathBuf::from(ROOT_DATA)
        } else {
            named("XDG_DATA_HOME")
                .or_else(|| fallback(&|xdg| xdg.home_dir().join(".local/share")))
                .ok_or(PlacesError::NoHome)?
        }
        .join(DIRECTORY);
        let runtime = named("XDG_RUNTIME_DIR")
            .map_or_else(|| state.join("run"), |directory| directory.join(DIRECTORY));
        Ok(Self {
            data,
            state,
            config,
            runtime,
        })
    }
}

/// Makes a directory that only this user may enter (0700), with its missing parents. One that exists stays as it is.
///
/// # Errors
/// As the system reports them; the parents made before a failure stay.
pub fn make_private(directory: &Path) -> io::Result<()> {
    make(directory, &|path| {
        fs::DirBuilder::new().mode(0o700).create(path)
    })
}

/// Makes a directory that the server's user may pass through but not list (as root), else a private one.
///
/// # Errors
/// As the system reports them.
pub fn make_passable(directory: &Path) -> io::Result<()> {
    make(directory, &create_passable)
}

fn make(directory: &Path, leaf: &dyn Fn(&Path) -> io::Result<()>) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    if let Some(parent) = directory.parent() {
        make(parent, &create_passable)?;
    }
    match leaf(directory) {
        // Another program made it meanwhile.
        Err(_) if directory.is_dir() => Ok(()),
        other => other,
    }
}

fn create_passable(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().mode(0o700).create(path)?;
    ServerUser::if_root().map_or(Ok(()), |user| open_to_group(path, user.gid))
}

/// Lets a group pass through a directory, not list it.
pub(super) fn open_to_group(directory: &Path, gid: u32) -> io::Result<()> {
    chown(directory, None, Some(gid))?;
    fs::set_permissions(directory, fs::Permissions::from_mode(0o710))
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

    fn from(pairs: &[(&str, &str)], root: bool) -> Places {
        let get = |name: &str| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| OsString::from(value))
        };
        Places::from_variables(&get, root).unwrap()
    }

    #[test]
    fn one_directory_holds_everything_when_named() {
        let places = from(
            &[(HOME_VARIABLE, "/srv/w"), ("XDG_DATA_HOME", "/elsewhere")],
            true,
        );
        assert_eq!(places, Places::under(Path::new("/srv/w")));
        for path in [&places.data, &places.state, &places.config, &places.runtime] {
            assert!(path.starts_with("/srv/w"));
        }
    }

    #[test]
    fn an_empty_or_relative_variable_counts_as_unset_or_is_made_absolute() {
        let places = from(&[(HOME_VARIABLE, ""), ("XDG_DATA_HOME", "/d")], false);
        assert_eq!(places.data, Path::new("/d/harriswildlands"));
        let relative = from(&[(HOME_VARIABLE, "here")], false);
        assert!(relative.data.is_absolute() && relative.data.ends_with("here/data"));
        let ignored = from(&[("XDG_STATE_HOME", "not/absolute")], false);
        assert!(ignored.state.is_absolute());
    }

    #[test]
    fn the_xdg_directories_are_used_and_roots_data_are_where_the_servers_user_gets() {
        let pairs = [
            ("XDG_DATA_HOME", "/d"),
            ("XDG_STATE_HOME", "/s"),
            ("XDG_CONFIG_HOME", "/c"),
            ("XDG_RUNTIME_DIR", "/r"),
        ];
        let person = from(&pairs, false);
        assert_eq!(person.data, Path::new("/d/harriswildlands"));
        assert_eq!(person.state, Path::new("/s/harriswildlands"));
        assert_eq!(person.config, Path::new("/c/harriswildlands"));
        assert_eq!(person.runtime, Path::new("/r/harriswildlands"));
        assert_eq!(
            from(&pairs, true).data,
            Path::new("/var/lib/harriswildlands")
        );
    }

    #[test]
    fn made_directories_are_closed_to_others() {
        let (_guard, places) = Places::temporary().unwrap();
        make_private(&places.state.join("drafts")).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&places.state.join("drafts")), 0o700);
        assert_eq!(
            mode(&places.state) & 0o007,
            0,
            "a parent is closed to others"
        );
        make_private(&places.state.join("drafts")).unwrap();
    }
}
