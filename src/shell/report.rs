//! What is said when the program itself is at fault.
//!
//! A panic's own message may hold anything, so it is never shown and never written: a report names
//! the place in the program and what became of the person's texts. While the program has the
//! terminal, a report waits until the terminal has been given back.

use std::fmt;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use color_eyre::config::{HookBuilder, Theme};
use color_eyre::section::PanicMessage;

static HAS_TERMINAL: AtomicBool = AtomicBool::new(false);
static CAUGHT: Mutex<Option<String>> = Mutex::new(None);
static STATE: Mutex<Option<PathBuf>> = Mutex::new(None);
static INSTALLED: OnceLock<()> = OnceLock::new();

/// After a panic: an internal software error, as in sysexits.
pub const PANICKED: u8 = 70;

/// Names the place and nothing else.
struct Neutral;

impl PanicMessage for Neutral {
    fn display(&self, info: &PanicHookInfo<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&place(info))
    }
}

fn place(info: &PanicHookInfo<'_>) -> String {
    let at = info
        .location()
        .map_or_else(String::new, |location| format!(", at {location}"));
    let current = std::thread::current();
    let thread = current.name().unwrap_or("unnamed");
    format!("the program failed in a way that was not foreseen{at} (thread {thread})")
}

/// Does the work of the whole process. From its first step on a panic says where it was and never
/// what it held, and ends with 70.
pub fn guarded(work: impl FnOnce() -> ExitCode) -> ExitCode {
    // Where reports are somebody else's already there is nothing to guard against them.
    let _ = take_over();
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| ExitCode::from(PANICKED))
}

/// Takes over what is said of panics and of errors at the edge. `state` is named in reports.
///
/// # Errors
/// Something else has done so already.
pub fn install(state: &Path) -> color_eyre::Result<()> {
    *STATE.lock().unwrap_or_else(PoisonError::into_inner) = Some(state.to_owned());
    take_over()
}

fn take_over() -> color_eyre::Result<()> {
    if INSTALLED.get().is_some() {
        return Ok(());
    }
    let (panic_hook, error_hook) = HookBuilder::blank()
        .theme(Theme::new())
        .display_env_section(false)
        .panic_message(Neutral)
        .into_hooks();
    error_hook.install()?;
    let _ = INSTALLED.set(());
    std::panic::set_hook(Box::new(move |info| {
        // With RUST_BACKTRACE the log gets a trace, of functions and lines only.
        tracing::error!("{}", panic_hook.panic_report(info));
        let report = place(info);
        if HAS_TERMINAL.load(Ordering::SeqCst) {
            let mut caught = CAUGHT.lock().unwrap_or_else(PoisonError::into_inner);
            caught.get_or_insert(report);
        } else {
            say(&format!("wildlands: {report}"));
        }
    }));
    Ok(())
}

/// From now on reports wait, or are said at once again.
pub(super) fn terminal_is_ours(ours: bool) {
    HAS_TERMINAL.store(ours, Ordering::SeqCst);
}

/// What waited, if anything.
pub(super) fn take_caught() -> Option<String> {
    CAUGHT.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// What the person is told after the program has failed; `is_safe` says that no change was lost.
pub(super) fn after_a_panic(
    report: &str,
    rescued: &Result<usize, String>,
    is_safe: bool,
) -> String {
    let state = STATE.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let log = state.map(|state| state.join(super::log::FILE));
    let texts = match rescued {
        Ok(0) if is_safe => "No text was being typed; changes made before are kept.".to_owned(),
        Ok(0) => "No text was being typed.".to_owned(),
        Ok(_) => {
            "What you were typing is on disk and will be offered at the next start.".to_owned()
        }
        Err(reason) => format!("What you were typing could not be put on disk: {reason}"),
    };
    let log = log.map_or_else(String::new, |log| {
        format!(
            "\nTo report it, send the last lines of {}; they hold no text of yours.",
            log.display()
        )
    });
    format!("wildlands: {report}\n{texts}{log}")
}

/// To standard error, where it may be closed.
pub(super) fn say(words: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{words}");
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
    fn a_report_names_the_place_and_never_the_message() {
        let home = tempfile::tempdir().unwrap();
        let before = std::panic::take_hook();
        install(home.path()).unwrap();
        terminal_is_ours(true);
        let panicked = catch_unwind(|| panic!("planted-needle"));
        terminal_is_ours(false);
        std::panic::set_hook(before);
        assert!(panicked.is_err());
        let report = take_caught().unwrap();
        assert!(report.contains("src/shell/report.rs:"), "{report}");
        assert!(!report.contains("needle"), "{report}");
        let told = after_a_panic(&report, &Ok(1), true);
        assert!(told.contains("offered at the next start") && told.contains("wildlands.log"));
        let told = after_a_panic(&report, &Err("disk full".to_owned()), true);
        assert!(told.contains("disk full"));
        assert!(after_a_panic(&report, &Ok(0), true).contains("changes made before are kept"));
        assert!(!after_a_panic(&report, &Ok(0), false).contains("kept"));
    }
}
