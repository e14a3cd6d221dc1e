//! Signals of the operating system, as the loop takes them.

use std::io;
use std::time::Duration;

use nix::unistd::{Pid, getpgrp, getpid, getsid};
use tokio::runtime::Handle;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notified {
    /// SIGHUP: the terminal has gone.
    Hangup,
    /// SIGTERM.
    Terminate,
    /// SIGINT from elsewhere: the terminal itself sends none.
    Interrupt,
    /// SIGTSTP: the program is asked to stop for a while.
    Stop,
    /// SIGCONT: it goes on.
    Continue,
    /// SIGWINCH: the terminal has another size.
    Resize,
}

impl Notified {
    /// The conventional exit code of a program that a signal ended: 128 and its number.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Hangup => 129,
            Self::Interrupt => 130,
            Self::Terminate | Self::Stop | Self::Continue | Self::Resize => 143,
        }
    }
}

/// How long the program may take to end in good order before it is ended all the same; a terminal
/// that takes no more output could otherwise hold it for ever.
const GRACE: Duration = Duration::from_secs(8);

/// Catches signals on this runtime and passes them on.
///
/// # Errors
/// The system allows no handler.
pub fn listen(runtime: &Handle) -> io::Result<UnboundedReceiver<Notified>> {
    let (tell, told) = unbounded_channel();
    let _entered = runtime.enter();
    for (kind, notified) in [
        (SignalKind::hangup(), Notified::Hangup),
        (SignalKind::terminate(), Notified::Terminate),
        (SignalKind::interrupt(), Notified::Interrupt),
        (SignalKind::from_raw(nix::libc::SIGTSTP), Notified::Stop),
        (SignalKind::from_raw(nix::libc::SIGCONT), Notified::Continue),
        (SignalKind::window_change(), Notified::Resize),
    ] {
        let stream = signal(kind)?;
        runtime.spawn(pass_on(stream, notified, tell.clone()));
    }
    // A limit on the size of files would end the program on the spot. Once caught, and for good, it
    // makes the write fail, as a full disk does.
    drop(signal(SignalKind::from_raw(nix::libc::SIGXFSZ))?);
    Ok(told)
}

async fn pass_on(mut stream: Signal, notified: Notified, tell: UnboundedSender<Notified>) {
    while stream.recv().await.is_some() {
        if tell.send(notified).is_err() {
            return;
        }
        if let Notified::Hangup | Notified::Terminate = notified {
            tokio::time::sleep(GRACE).await;
            std::process::exit(i32::from(notified.exit_code()));
        }
    }
}

/// Whether there is somebody who would continue the program after it has stopped.
///
/// A group led by the leader of its session has nobody (the system ignores SIGTSTP there, too).
#[must_use]
pub fn can_stop() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}

/// Stops the program until it is continued. The terminal must have been given back. Gives whether
/// the program was sent a SIGTSTP of its own, which will be told like any other.
#[must_use]
pub fn stop() -> bool {
    // The shell watches the group's leader, which may be a program that started this one.
    let for_all = getpgrp() != getpid()
        && nix::sys::signal::kill(Pid::from_raw(0), nix::sys::signal::Signal::SIGTSTP).is_ok();
    let _ = nix::sys::signal::raise(nix::sys::signal::Signal::SIGSTOP);
    for_all
}
