//! The terminal: taken, given back, drawn on, listened to.
//!
//! It is given back whatever happens: [`Screen`] does so when dropped, and giving back twice does
//! no harm. While it is given back nobody reads from it: the [`Keyboard`] is dropped, not merely
//! left alone. A terminal that has gone makes every call fail, and none wait.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write};
use std::os::fd::{AsFd as _, OwnedFd};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{SetArg, Termios, cfmakeraw, tcgetattr, tcsetattr};
use ratatui::layout::Size;
use ratatui::{Frame, Terminal};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::canvas::Canvas;

/// Alternate screen, bracketed paste, no cursor.
const TAKE: &[u8] = b"\x1b[?1049h\x1b[?2004h\x1b[?25l";
/// The end of an update that was cut short, a plain pen, and the reverse of [`TAKE`].
const GIVE_BACK: &[u8] = b"\x1b[?2026l\x1b[0m\x1b[?25h\x1b[?2004l\x1b[?1049l";
/// Presses and the wheel, in the notation that has no limit of columns; and the reverse.
const MOUSE: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const NO_MOUSE: &[u8] = b"\x1b[?1006l\x1b[?1000l";
const UNKNOWN_SIZE: Size = Size {
    width: 80,
    height: 24,
};

/// What the event loop needs of a terminal; tests have one of their own.
pub trait Stage {
    /// Where keys come from.
    type Keyboard: Keyboard;

    /// Begins to listen. The previous keyboard must have been dropped.
    ///
    /// # Errors
    /// The terminal is gone.
    fn listen(&mut self) -> io::Result<Self::Keyboard>;

    /// Draws a frame; only what differs from the last one is sent.
    ///
    /// # Errors
    /// The terminal is gone.
    fn draw(&mut self, draw: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()>;

    /// Sends bytes that draw nothing.
    ///
    /// # Errors
    /// The terminal is gone.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Looks how large the terminal is now: columns and rows.
    fn measure(&mut self) -> (u16, u16);

    /// Takes the terminal; the next frame is drawn from nothing.
    ///
    /// # Errors
    /// The terminal is gone.
    fn take(&mut self) -> io::Result<()>;

    /// Gives the terminal back as it was found.
    fn give_back(&mut self);

    /// Asks for reports of the mouse from now on whenever the terminal is taken, or for none.
    ///
    /// # Errors
    /// The terminal is gone.
    fn mouse(&mut self, on: bool) -> io::Result<()>;

    /// The next frame is drawn from nothing.
    ///
    /// # Errors
    /// The terminal is gone.
    fn forget(&mut self) -> io::Result<()>;
}

/// Where keys come from.
pub trait Keyboard {
    /// Waits until [`Keyboard::read`] has something to say.
    fn wait(&mut self) -> impl Future<Output = io::Result<()>>;

    /// Reads what is there without waiting: `None` if nothing is, `Some(0)` at the end.
    ///
    /// # Errors
    /// The terminal is gone.
    fn read(&mut self, into: &mut [u8]) -> io::Result<Option<usize>>;
}

/// Why the program cannot be used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoTerminal {
    /// Input or output is a file or a pipe.
    #[error(
        "{0} is not a terminal, which the program needs; for scripts there are `wildlands log`, `wildlands export` and `wildlands data where` (see `wildlands --help`)"
    )]
    NotOne(&'static str),
    /// A terminal that cannot place text.
    #[error(
        "the terminal is of the kind `dumb`, which cannot place text on the screen; set TERM to what it really is (for example xterm-256color), or use `wildlands log`, `wildlands export` and `wildlands data where`"
    )]
    Dumb,
}

/// Whether there is a terminal that the program can use.
///
/// # Errors
/// There is none; the message names what can be used instead.
pub fn check() -> Result<(), NoTerminal> {
    if !io::stdin().is_terminal() {
        return Err(NoTerminal::NotOne("standard input"));
    }
    if !io::stdout().is_terminal() {
        return Err(NoTerminal::NotOne("standard output"));
    }
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return Err(NoTerminal::Dumb);
    }
    Ok(())
}

/// The terminal of standard input and output.
pub struct Screen {
    terminal: Terminal<Canvas<Output>>,
    input: OwnedFd,
    cooked: Termios,
    taken: bool,
    mouse: bool,
}

impl Screen {
    /// Takes the terminal. Nothing is sent before the first frame, which comes in one piece.
    ///
    /// # Errors
    /// The system's, for example that the terminal is gone.
    pub fn open() -> io::Result<Self> {
        let input = io::stdin().as_fd().try_clone_to_owned()?;
        let output = io::stdout().as_fd().try_clone_to_owned()?;
        let cooked = tcgetattr(&input)?;
        let canvas = Canvas::new(Output(File::from(output)), measured());
        let mut screen = Self {
            terminal: Terminal::new(canvas)?,
            input,
            cooked,
            taken: false,
            mouse: false,
        };
        screen.take()?;
        Ok(screen)
    }
}

fn measured() -> Size {
    match crossterm::terminal::window_size() {
        Ok(size) if size.columns > 0 && size.rows > 0 => Size::new(size.columns, size.rows),
        Ok(_) | Err(_) => UNKNOWN_SIZE,
    }
}

impl Stage for Screen {
    type Keyboard = Tty;

    // The safe way in was deprecated because of descriptors that close behind its back; an owned
    // one cannot, and the new way is `unsafe`.
    #[allow(deprecated)]
    fn listen(&mut self) -> io::Result<Tty> {
        Ok(Tty {
            input: AsyncFd::with_interest(self.input.try_clone()?, Interest::READABLE)?,
        })
    }

    fn draw(&mut self, draw: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(|frame| draw(frame)).map(drop)
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.terminal.backend_mut().send(bytes)
    }

    fn measure(&mut self) -> (u16, u16) {
        let size = measured();
        self.terminal.backend_mut().resize(size);
        (size.width, size.height)
    }

    fn take(&mut self) -> io::Result<()> {
        // Whoever had the terminal meanwhile may have left other modes.
        let mut raw = self.cooked.clone();
        cfmakeraw(&mut raw);
        tcsetattr(&self.input, SetArg::TCSANOW, &raw)?;
        self.taken = true;
        self.measure();
        self.forget()?;
        // `forget` clears what was remembered; what takes the screen must come first.
        self.terminal.backend_mut().forget();
        self.terminal.backend_mut().precede(TAKE);
        if self.mouse {
            self.terminal.backend_mut().precede(MOUSE);
        }
        Ok(())
    }

    fn mouse(&mut self, on: bool) -> io::Result<()> {
        if std::mem::replace(&mut self.mouse, on) == on || !self.taken {
            return Ok(());
        }
        self.send(if on { MOUSE } else { NO_MOUSE })
    }

    fn give_back(&mut self) {
        if !std::mem::take(&mut self.taken) {
            return;
        }
        // A terminal that has gone takes nothing back; there is nobody to tell.
        if self.mouse {
            let _ = self.send(NO_MOUSE);
        }
        let _ = self.send(GIVE_BACK);
        let _ = tcsetattr(&self.input, SetArg::TCSANOW, &self.cooked);
        self.terminal.backend_mut().forget();
    }

    fn forget(&mut self) -> io::Result<()> {
        self.terminal.clear()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// Standard output, one write for each call.
#[derive(Debug)]
struct Output(File);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match self.0.write(bytes) {
                // Another program has left the terminal in non-blocking mode.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let mut waited = [PollFd::new(self.0.as_fd(), PollFlags::POLLOUT)];
                    poll(&mut waited, PollTimeout::NONE)?;
                }
                other => return other,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The keyboard of a real terminal.
#[derive(Debug)]
pub struct Tty {
    input: AsyncFd<OwnedFd>,
}

impl Tty {
    fn is_ready(&self) -> io::Result<bool> {
        let mut waited = [PollFd::new(self.input.as_fd(), PollFlags::POLLIN)];
        Ok(poll(&mut waited, PollTimeout::ZERO)? > 0)
    }
}

impl Keyboard for Tty {
    async fn wait(&mut self) -> io::Result<()> {
        loop {
            let mut guard = self.input.readable().await?;
            // The system may have told of what was read already; a read would wait then.
            if self.is_ready()? {
                guard.retain_ready();
                return Ok(());
            }
            guard.clear_ready();
        }
    }

    fn read(&mut self, into: &mut [u8]) -> io::Result<Option<usize>> {
        if !self.is_ready()? {
            return Ok(None);
        }
        match nix::unistd::read(&self.input, into) {
            Ok(count) => Ok(Some(count)),
            Err(nix::Error::EAGAIN | nix::Error::EINTR) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
