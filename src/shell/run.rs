//! The program from taking the terminal to its exit code.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::Duration;

use ratatui::Frame;
use tokio::runtime::{Builder, Runtime};

use crate::app::model::Model;
use crate::app::part::Toolkit;

use super::event_loop::{Ending, EventLoop, Surroundings};
use super::outside::Outside;
use super::terminal::{self, NoTerminal, Screen};
use super::zone::Zone;
use super::{report, signals};

/// Everything that a run needs.
pub struct Program<K: Toolkit, O, D> {
    /// As it is at the start.
    pub model: Model<K>,
    /// Store, drafts, exports.
    pub outside: O,
    /// Draws the model.
    pub draw: D,
    /// Where the person is.
    pub zone: Zone,
    /// The state directory.
    pub state: PathBuf,
}

/// Why there was no run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is no terminal to use.
    #[error(transparent)]
    NoTerminal(#[from] NoTerminal),
    /// The system refuses.
    #[error("the terminal cannot be used: {0}")]
    System(#[from] io::Error),
}

impl RunError {
    /// As in sysexits: 64 for the wrong use, 71 for the system.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NoTerminal(_) => 64,
            Self::System(_) => 71,
        }
    }
}

/// After a panic: an internal software error, as in sysexits.
const PANICKED: u8 = 70;
/// What still runs in the background has had its time by then.
const SHUTDOWN: Duration = Duration::from_millis(100);
/// A thread of the background that has nothing to do ends while the program is awake anyway, and
/// does not wake it seconds later.
const KEEP_ALIVE: Duration = Duration::from_millis(50);

/// Runs the program in the terminal of standard input and output. Gives the exit code: 0 when the
/// person asked for the end, 128 and the signal's number when the system did, 70 after a panic.
///
/// # Errors
/// There is no terminal to use.
pub fn run<K, O, D>(mut program: Program<K, O, D>) -> Result<u8, RunError>
where
    K: Toolkit,
    O: Outside,
    D: FnMut(&Model<K>, &mut Frame<'_>),
{
    terminal::check()?;
    let background = background()?;
    // The loop's own runtime waits for the terminal on the loop's own thread: no key changes
    // threads on its way to the screen.
    let own = Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()?;
    let signals = signals::listen(background.handle())?;
    let mut screen = Screen::open()?;
    report::terminal_is_ours(true);
    let around = Surroundings {
        runtime: background.handle().clone(),
        signals,
        zone: program.zone,
        state: program.state,
        variable: |name| std::env::var(name).ok(),
    };
    let mut looping = EventLoop::new(
        &mut program.model,
        &mut screen,
        program.outside,
        program.draw,
        around,
    );
    let ended = catch_unwind(AssertUnwindSafe(|| {
        looping.first_frame();
        own.block_on(looping.run())
    }));
    let rescued = match &ended {
        Ok(_) => Ok(0),
        Err(_) => catch_unwind(AssertUnwindSafe(|| looping.rescue()))
            .unwrap_or_else(|_| Err("it could not be reached any more".to_owned())),
    };
    let unsent = catch_unwind(AssertUnwindSafe(|| own.block_on(looping.finish())));
    drop(looping);
    drop(screen);
    report::terminal_is_ours(false);
    background.shutdown_timeout(SHUTDOWN);
    Ok(farewell(&ended, &rescued, unsent.unwrap_or(0)))
}

/// Where the store task, drafts and exports run.
fn background() -> io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .thread_keep_alive(KEEP_ALIVE)
        .thread_name("background")
        .enable_all()
        .build()
}

/// Says on the normal screen what the person must know.
fn farewell(
    ended: &std::thread::Result<Ending>,
    rescued: &Result<usize, String>,
    unsent: usize,
) -> u8 {
    let caught = report::take_caught();
    let code = match (ended, &caught) {
        (Err(_), Some(caught)) => {
            report::say(&report::after_a_panic(caught, rescued));
            PANICKED
        }
        (Err(_), None) => {
            report::say(&report::after_a_panic("the program failed", rescued));
            PANICKED
        }
        (Ok(ending), caught) => {
            if let Some(caught) = caught {
                report::say(&report::after_a_panic(caught, rescued));
            }
            match ending {
                Ending::Asked => 0,
                Ending::Signalled(notified) => notified.exit_code(),
            }
        }
    };
    if let Some(words) = kept(unsent) {
        report::say(&words);
    }
    code
}

fn kept(unsent: usize) -> Option<String> {
    match unsent {
        0 => None,
        1 => Some("1 change is kept on this machine and will be sent next time".to_owned()),
        more => Some(format!(
            "{more} changes are kept on this machine and will be sent next time"
        )),
    }
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

    #[test]
    fn what_is_not_sent_is_counted() {
        assert_eq!(kept(0), None);
        assert!(kept(1).unwrap().starts_with("1 change is kept"));
        assert!(
            kept(3)
                .unwrap()
                .starts_with("3 changes are kept on this machine")
        );
    }
}
