//! The keeper: a tiny process that waits for the last program to leave and then stops the server. It is this program,
//! run as `data server keep`, detached from the terminal. It sleeps in the kernel until nobody uses the server, so it
//! costs no wake-ups, and it is there after `kill -9` of any program. At most one lives for each server.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf, absolute};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::error::EmbeddedError;
use super::identity;
use super::layout::Layout;
use super::locks::Which;
use super::run::{reap, settle_and_stop};
use super::user::ServerUser;

const WORDS: [&str; 3] = ["data", "server", "keep"];

/// What the keeper is told on its command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeeperCall {
    data: PathBuf,
    linger: Duration,
}

impl KeeperCall {
    /// Recognises the keeper's own command line: `PROGRAM data server keep DATA-DIRECTORY LINGER-MILLISECONDS`.
    /// Everything else is `None`. To be asked before other arguments are parsed.
    #[must_use]
    pub fn from_arguments(arguments: impl IntoIterator<Item = OsString>) -> Option<Self> {
        let mut rest = arguments.into_iter().skip(1);
        if !WORDS
            .iter()
            .all(|word| rest.next().is_some_and(|given| given == *word))
        {
            return None;
        }
        let data = PathBuf::from(rest.next()?);
        let linger = rest
            .next()?
            .to_str()?
            .parse()
            .ok()
            .map(Duration::from_millis)?;
        rest.next().is_none().then_some(Self { data, linger })
    }
}

/// Waits for the last program to leave, lingers, stops the server. Returns at once when another keeper lives.
///
/// # Errors
/// When the locks cannot be taken or the server does not stop.
pub fn keep(call: &KeeperCall) -> Result<(), EmbeddedError> {
    let user = ServerUser::needed()?;
    let layout = Layout::kept(&call.data);
    let identity = identity(&layout, user.as_ref());
    let start = Which::Start.exclusive(&layout)?;
    let Some(keeper) = Which::Keeper.try_exclusive(&layout)? else {
        return Ok(());
    };
    drop(start);
    loop {
        Which::Use.wait_until_free(&layout)?;
        sleep(call.linger);
        let start = Which::Start.exclusive(&layout)?;
        // Held while stopping: who comes now waits for the stop, then starts the server again.
        let Some(alone) = Which::Use.try_exclusive(&layout)? else {
            continue;
        };
        let stopped = settle_and_stop(&layout, &identity);
        // In this order: who takes `start` next must find no keeper.
        drop(keeper);
        drop(alone);
        drop(start);
        return stopped.map(drop);
    }
}

/// Makes sure that a keeper lives. Called under the `start` lock, with `use` held. `false` when none could be had.
pub(super) fn ensure(layout: &Layout, data: &Path, program: &Path, linger: Duration) -> bool {
    if Which::Keeper.is_held(layout).unwrap_or(false) {
        return true;
    }
    // It starts in another directory.
    let Ok(program) = absolute(program) else {
        return false;
    };
    let mut keeper = Command::new(program);
    keeper
        .args(WORDS)
        .arg(data)
        .arg(linger.as_millis().to_string());
    // Nothing of the terminal, the working directory or the environment (it may hold passwords) is kept.
    keeper.env_clear().current_dir("/").process_group(0);
    keeper
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    match keeper.spawn() {
        Ok(child) => {
            reap(child);
            true
        }
        Err(_) => false,
    }
}
