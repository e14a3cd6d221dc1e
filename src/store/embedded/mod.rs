//! The private PostgreSQL server: found, made, started, shared by several programs, stopped by the last one out.
//!
//! A cluster that exists is whole; fsync is on throughout; no TCP port is opened; nothing is downloaded. Whoever
//! has an [`EmbeddedServer`] holds the shared lock, and while anyone does no other program of ours stops the server.

mod advice;
mod error;
mod find;
mod first_start;
mod keeper;
mod layout;
mod locks;
mod process;
mod run;
mod stale;
mod status;
mod user;

pub(in crate::store) use advice::client_command;
pub(in crate::store) use find::{client_directories, is_program, version_in};

use std::path::{Path, PathBuf, absolute};
use std::time::Duration;

pub use error::EmbeddedError;
pub use find::{OLDEST_MAJOR, Programs};
pub use keeper::{KeeperCall, keep};
pub use status::{ServerState, ServerStatus, Stopped, status, stop};
pub use user::ServerUser;

use super::places::{Places, PlacesError};
use layout::Layout;
use locks::{Held, Which};
use process::Identity;
use stale::{Found, PidFile};

/// Owns the database and runs migrations. Not a superuser.
pub const OWNER_ROLE: &str = "wildlands_owner";
/// Reads and writes rows under row-level security. Neither owner nor superuser; granted to the owner.
pub const APP_ROLE: &str = "wildlands_app";
/// The superuser, reached over the private socket alone: for dumps and restores, which forced row-level security would
/// stop, and for nothing else.
pub const SUPERUSER: &str = "postgres";
/// The database.
pub const DATABASE: &str = "wildlands";
/// The environment variable that names the directory of the server programs; nothing else is tried then.
pub const BINDIR_VARIABLE: &str = "WILDLANDS_PG_BINDIR";

const PROGRAM: &str = "wildlands";

/// How long the server stays after the last program left, unless set otherwise.
pub const LINGER: Duration = Duration::from_secs(5);

/// How far a start has come, for the first frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Looking for a running server, and for the programs.
    Looking,
    /// Making the cluster (`initdb`): once, on the first start ever.
    Initialising,
    /// Making the roles and the database: once, too.
    CreatingDatabase,
    /// Starting the server.
    Starting,
    /// It takes connections.
    Ready,
}

impl Progress {
    /// In words, for the person.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Looking => "looking for the private database",
            Self::Initialising => "setting up the private database, once",
            Self::CreatingDatabase => "creating the database, once",
            Self::Starting => "starting the private database",
            Self::Ready => "ready",
        }
    }
}

/// What decides where the server is and what runs it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where data live.
    pub places: Places,
    /// The server programs, if set (`WILDLANDS_PG_BINDIR`): nothing else is tried.
    pub bindir: Option<PathBuf>,
    /// The program that waits for the last one out, run as `KEEPER data server keep …`. `None`: the last
    /// [`EmbeddedServer`] stops the server itself when dropped, without lingering, and a killed program leaves it running.
    pub keeper: Option<PathBuf>,
    /// How long the keeper lets the server stay after the last program left.
    pub linger: Duration,
}

impl Settings {
    /// The settings of the environment, with this very program as the keeper.
    ///
    /// # Errors
    /// When no place for the data can be named.
    pub fn from_env() -> Result<Self, PlacesError> {
        let bindir = std::env::var_os(BINDIR_VARIABLE).filter(|value| !value.is_empty());
        // A test's or a benchmark's own binary knows nothing of keeping.
        let is_program = |path: &PathBuf| path.file_stem().is_some_and(|name| name == PROGRAM);
        Ok(Self {
            places: Places::from_env()?,
            bindir: bindir.map(|dir| absolute(&dir).unwrap_or_else(|_| PathBuf::from(dir))),
            keeper: std::env::current_exe().ok().filter(is_program),
            linger: LINGER,
        })
    }

    /// Settings for these places: programs found by themselves, no keeper.
    #[must_use]
    pub fn at(places: Places) -> Self {
        Self {
            places,
            bindir: None,
            keeper: None,
            linger: LINGER,
        }
    }
}

/// A private server that runs, and this program's hold on it. Dropping it leaves; the last one out arranges the stop.
#[derive(Debug)]
pub struct EmbeddedServer {
    socket_dir: PathBuf,
    port: u16,
    pid: i32,
    layout: Layout,
    hold: Option<Held>,
    kept: bool,
}

impl EmbeddedServer {
    /// The directory of its socket: the `host` of a connection.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// The number in the socket's name: the `port` of a connection.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's main process.
    #[must_use]
    pub fn pid(&self) -> i32 {
        self.pid
    }
}

impl Drop for EmbeddedServer {
    fn drop(&mut self) {
        self.hold = None;
        if !self.kept {
            // Nobody to report to. A server that stays is adopted by the next program.
            let _ = leave(&self.layout);
        }
    }
}

/// Makes sure that the server runs, and holds it. Blocking; under 3 ms when it runs already. Several programs may
/// call this at once: one does the work, the others wait and adopt the result.
///
/// # Errors
/// See [`EmbeddedError`]; each says what to do next.
pub fn start(
    settings: &Settings,
    progress: &mut dyn FnMut(Progress),
) -> Result<EmbeddedServer, EmbeddedError> {
    progress(Progress::Looking);
    let user = ServerUser::needed()?;
    let layout = Layout::make(&settings.places, user.as_ref())?;
    // First the hold, then the look: what is found running now is not stopped under our feet.
    let hold = Which::Use.shared(&layout)?;
    let turn = Which::Start.exclusive(&layout)?;
    // What a killed first start left; its own helpers may have gone on writing for a while.
    first_start::remove_unfinished(&layout);
    let file = match run::settle(&layout, &identity(&layout, user.as_ref()))? {
        Found::Ready(file) => file,
        Found::Busy(pid) | Found::Deaf(pid) => {
            run::stop(&layout, &identity(&layout, user.as_ref()), pid)?;
            bring_up(settings, &layout, user.as_ref(), progress)?
        }
        Found::Nothing => bring_up(settings, &layout, user.as_ref(), progress)?,
    };
    let kept = settings.keeper.as_ref().is_some_and(|program| {
        keeper::ensure(&layout, &settings.places.data, program, settings.linger)
    });
    drop(turn);
    progress(Progress::Ready);
    Ok(EmbeddedServer {
        socket_dir: file.socket_directory,
        port: file.port,
        pid: file.pid,
        layout,
        hold: Some(hold),
        kept,
    })
}

/// From nothing running to ready. Under the `start` lock.
fn bring_up(
    settings: &Settings,
    layout: &Layout,
    user: Option<&ServerUser>,
    progress: &mut dyn FnMut(Progress),
) -> Result<PidFile, EmbeddedError> {
    let programs = find::programs(settings, layout, user)?;
    let socket_directory = layout.socket_directory(user)?;
    let identity = identity(layout, user);
    if layout.cluster.exists() {
        stale::clear(layout, &identity, &socket_directory)?;
    } else {
        first_start::make_cluster(layout, &programs, user, progress)?;
    }
    progress(Progress::Starting);
    run::launch(layout, &identity, &programs, &socket_directory, user)
}

/// Stops the server if nobody else uses it.
fn leave(layout: &Layout) -> Result<(), EmbeddedError> {
    let user = ServerUser::needed()?;
    let identity = identity(layout, user.as_ref());
    let _turn = Which::Start.exclusive(layout)?;
    let Some(_alone) = Which::Use.try_exclusive(layout)? else {
        return Ok(());
    };
    run::settle_and_stop(layout, &identity).map(drop)
}

fn identity(layout: &Layout, user: Option<&ServerUser>) -> Identity {
    Identity {
        cluster: layout.cluster.clone(),
        name: layout.name(),
        uid: user::server_uid(user),
    }
}
