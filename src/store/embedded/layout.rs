//! Where the private server keeps what. The directory around the cluster belongs to this program, the cluster and
//! the socket directory to the server's user: as root, nothing is written where that user could have put a link.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::error::EmbeddedError;
use super::user::{ServerUser, server_uid};
use crate::store::files::short_digest;
use crate::store::places::{Places, make_passable, open_to_group};

/// The port in the socket's name. There is no TCP port.
pub(super) const PORT: u16 = 5432;

/// What `sockaddr_un` holds on the strictest system this runs on (104 bytes with the final NUL).
const LONGEST_SOCKET: usize = 103;

/// How long another program may take between making a directory and opening it to the server's user.
const OPENING: Duration = Duration::from_millis(50);

/// The paths of one private server.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// This program's own directory around everything below.
    pub root: PathBuf,
    /// The cluster (`PGDATA`): there only when whole.
    pub cluster: PathBuf,
    /// The server's log.
    pub log: PathBuf,
    /// Whether lock files may be made. Not by a keeper: it may wake in a directory that is being removed.
    pub makes_locks: bool,
    data: PathBuf,
    runtime: PathBuf,
}

impl Layout {
    pub fn new(places: &Places) -> Self {
        Self::at(&places.data, &places.runtime, true)
    }

    /// For a keeper: from the data directory alone, since it never starts a server.
    pub fn kept(data: &Path) -> Self {
        Self::at(data, Path::new("/tmp"), false)
    }

    fn at(data: &Path, runtime: &Path, makes_locks: bool) -> Self {
        // One canonical spelling: processes are recognised by their working directory.
        let data = fs::canonicalize(data).unwrap_or_else(|_| data.to_path_buf());
        let root = data.join("server");
        Self {
            cluster: root.join("cluster"),
            log: root.join("server.log"),
            root,
            makes_locks,
            data,
            runtime: runtime.to_path_buf(),
        }
    }

    /// Makes this program's directory; as root, checks that the server's user gets there.
    pub fn make(places: &Places, user: Option<&ServerUser>) -> Result<Self, EmbeddedError> {
        let layout = Self::new(places);
        if !layout.root.is_dir() {
            make_passable(&layout.root)
                .map_err(|error| EmbeddedError::io("make the directory", &layout.root, &error))?;
        }
        if let Some(user) = user {
            layout.let_in(places, user)?;
        }
        // Again, since the path is canonical only once it exists.
        Ok(Self::new(places))
    }

    /// Makes sure that the server's user reaches the cluster. A directory that is closed may be one that another
    /// program made this very moment and is about to open, or was killed before it did.
    fn let_in(&self, places: &Places, user: &ServerUser) -> Result<(), EmbeddedError> {
        let since = Instant::now();
        loop {
            let Err(error) = user.reaches(&self.cluster) else {
                return Ok(());
            };
            if let EmbeddedError::Unreachable { blocked, .. } = &error
                && (*blocked == self.root || *blocked == self.data || *blocked == places.data)
            {
                // Ours to open; what lies above is not.
                open_to_group(blocked, user.gid)
                    .map_err(|error| EmbeddedError::io("open to its user", blocked, &error))?;
            } else if since.elapsed() > OPENING {
                return Err(error);
            }
            sleep(Duration::from_millis(1));
        }
    }

    /// A name that tells this server's processes from others': it is in their titles.
    pub fn name(&self) -> String {
        format!("wildlands-{}", digest(&self.cluster))
    }

    /// The directory for the socket, made when missing.
    pub fn socket_directory(&self, user: Option<&ServerUser>) -> Result<PathBuf, EmbeddedError> {
        let natural = self.root.join("run");
        if fits(&natural) {
            return match make_owned(&natural, user) {
                Ok(()) => Ok(natural),
                Err(error) => Err(EmbeddedError::io(
                    "make the socket directory",
                    &natural,
                    &error,
                )),
            };
        }
        let short = format!("wildlands-{}", digest(&self.cluster));
        let mut reason = String::from("no short one could be made");
        for base in [
            self.runtime.as_path(),
            Path::new("/tmp"),
            Path::new("/var/tmp"),
        ] {
            let directory = base.join(&short);
            if !fits(&directory) || user.is_some_and(|user| user.reaches(&directory).is_err()) {
                continue;
            }
            if base == self.runtime {
                // Missing or not ours to make: the next one does.
                let _ = make_passable(base);
            }
            match make_owned(&directory, user) {
                Ok(()) => return Ok(directory),
                Err(error) => reason = format!("{}: {error}", directory.display()),
            }
        }
        Err(EmbeddedError::NoSocketDirectory {
            long: natural,
            reason,
        })
    }
}

/// The path of the socket in a directory.
pub(super) fn socket_in(directory: &Path, port: u16) -> PathBuf {
    directory.join(format!(".s.PGSQL.{port}"))
}

fn fits(directory: &Path) -> bool {
    socket_in(directory, PORT).as_os_str().as_bytes().len() <= LONGEST_SOCKET
}

/// Makes a 0700 directory of the server's user. One that exists is taken only if it is exactly that: in a directory
/// that everyone may write to, somebody else could have made it first.
pub(super) fn make_owned(directory: &Path, user: Option<&ServerUser>) -> io::Result<()> {
    let made = fs::DirBuilder::new().mode(0o700).create(directory);
    match made {
        Ok(()) => {
            if let Some(user) = user {
                chown(directory, Some(user.uid), Some(user.gid))?;
            }
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    let meta = fs::symlink_metadata(directory)?;
    if !meta.is_dir() {
        return Err(io::Error::other("it exists and is not a directory"));
    }
    let closed = meta.mode().trailing_zeros() >= 6;
    if meta.uid() == 0 && user.is_some() && closed {
        // Root was interrupted between making it and giving it away.
        return user.map_or(Ok(()), |user| {
            chown(directory, Some(user.uid), Some(user.gid))
        });
    }
    if meta.uid() != server_uid(user) {
        return Err(io::Error::other("it belongs to another user"));
    }
    if !closed {
        return Err(io::Error::other("it is open to other users"));
    }
    Ok(())
}

fn digest(path: &Path) -> String {
    short_digest(path.as_os_str().as_bytes(), 16)
}
