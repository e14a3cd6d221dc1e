//! The program from taking the terminal to its exit code.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::Duration;

use ratatui::Frame;
use tokio::runtime::{Builder, Runtime};

use crate::app::model::Model;
use crate::app::part::Toolkit;
use crate::domain::text::printable;

use super::event_loop::{Ending, EventLoop, Surroundings, Unsent};
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
    Ok(farewell(&ended, &rescued, unsent.ok().as_ref()))
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
    unsent: Option<&Unsent>,
) -> u8 {
    let caught = report::take_caught();
    let is_safe = unsent.is_some_and(|unsent| unsent.lost.is_empty());
    let after_a_panic = |caught: &str| report::after_a_panic(caught, rescued, is_safe);
    let code = match (ended, &caught) {
        (Err(_), Some(caught)) => {
            report::say(&after_a_panic(caught));
            report::PANICKED
        }
        (Err(_), None) => {
            report::say(&after_a_panic("the program failed"));
            report::PANICKED
        }
        (Ok(ending), caught) => {
            if let Some(caught) = caught {
                report::say(&after_a_panic(caught));
            }
            match ending {
                Ending::Asked => 0,
                Ending::Signalled(notified) => notified.exit_code(),
            }
        }
    };
    for words in unsent.map_or_else(unknown, last_words) {
        report::say(&words);
    }
    code
}

fn unknown() -> Vec<String> {
    let words = "whether the last changes are saved or kept on this machine is not known";
    vec![words.to_owned()]
}

/// Where the changes are that the database does not have, a line each.
fn last_words(unsent: &Unsent) -> Vec<String> {
    let Unsent {
        kept,
        drafted,
        lost,
        of_editors,
    } = unsent;
    let mut lines = of_editors.clone();
    lines.extend(kept_words(*kept));
    lines.extend(match drafted {
        0 => None,
        1 => Some("1 text is kept on this machine and will be offered next time".to_owned()),
        more => Some(format!(
            "{more} texts are kept on this machine and will be offered next time"
        )),
    });
    let mut names: Vec<&str> = Vec::new();
    for name in lost.iter().flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let names = printable(&names.join(", ")).into_owned();
    lines.extend(match lost.len() {
        0 => None,
        1 => Some(format!(
            "1 change is NOT on disk and not in the database: {names}"
        )),
        more => Some(format!(
            "{more} changes are NOT on disk and not in the database: {names}"
        )),
    });
    lines
}

fn kept_words(kept: usize) -> Option<String> {
    match kept {
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
        assert_eq!(last_words(&Unsent::default()), Vec::<String>::new());
        let kept = |kept| Unsent {
            kept,
            ..Unsent::default()
        };
        assert!(last_words(&kept(1))[0].starts_with("1 change is kept"));
        assert!(last_words(&kept(3))[0].starts_with("3 changes are kept on this machine"));
        let one = |name: &str| vec![name.to_owned()];
        let lost = Unsent {
            kept: 0,
            drafted: 1,
            lost: vec![one("energy"), one("mood\u{1b}"), one("energy")],
            ..Unsent::default()
        };
        let told = last_words(&lost);
        assert!(told[0].starts_with("1 text is kept") && told[0].ends_with("offered next time"));
        assert!(
            told[1].starts_with("3 changes are NOT on disk and not in the database: energy, mood"),
            "{told:?}"
        );
        assert!(!told[1].contains('\u{1b}') && told.len() == 2);
    }
}
