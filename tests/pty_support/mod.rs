//! A program in a terminal that is not real: typed at, looked at, never waited for by sleeping.

#![allow(dead_code)] // each test program uses its part
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long a condition may take; far more than it does, for machines that are busy.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// What the program has sent so far.
pub struct Seen {
    /// The screen as a terminal would show it.
    pub parser: vt100::Parser,
    /// Everything, byte for byte.
    pub bytes: Vec<u8>,
    /// Whether the program's side is closed.
    pub ended: bool,
    /// Whether nobody wants to see more.
    abandoned: bool,
}

impl Seen {
    /// The text of the screen, a line for each row.
    pub fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// Whether the picture is being drawn: half of it may be of the one before.
    fn is_half_drawn(&self) -> bool {
        let last = |wanted: &[u8]| self.bytes.windows(wanted.len()).rposition(|w| w == wanted);
        !self.ended && last(b"\x1b[?2026h") > last(b"\x1b[?2026l")
    }

    /// The text of one row.
    pub fn row(&self, row: u16) -> String {
        let (_, columns) = self.parser.screen().size();
        let mut rows = self.parser.screen().rows(0, columns.into());
        rows.nth(row.into()).unwrap_or_default()
    }

    /// Whether these bytes were sent.
    pub fn has_sent(&self, wanted: &[u8]) -> bool {
        self.bytes
            .windows(wanted.len())
            .any(|window| window == wanted)
    }
}

/// A test that failed must not hide its reason behind another failure.
fn locked(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A program in a terminal.
pub struct Terminal {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    child: Box<dyn Child + Send + Sync>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    reader: Option<JoinHandle<()>>,
}

impl Terminal {
    /// Starts the program in a terminal of this size.
    pub fn start(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let parser = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
        let seen = Arc::new((
            Mutex::new(Seen {
                parser,
                bytes: Vec::new(),
                ended: false,
                abandoned: false,
            }),
            Condvar::new(),
        ));
        let mut output = pair.master.try_clone_reader().unwrap();
        let shared = Arc::clone(&seen);
        let reader = std::thread::spawn(move || {
            let mut piece = vec![0; 65536];
            loop {
                let count = output.read(&mut piece).unwrap_or(0);
                let mut seen = locked(&shared.0);
                seen.parser.process(&piece[..count]);
                seen.bytes.extend_from_slice(&piece[..count]);
                seen.ended = count == 0;
                shared.1.notify_all();
                if count == 0 || seen.abandoned {
                    return;
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Self {
            master: Some(pair.master),
            writer: Some(writer),
            child,
            seen,
            reader: Some(reader),
        }
    }

    /// Types these bytes.
    pub fn types(&mut self, bytes: impl AsRef<[u8]>) {
        let writer = self.writer.as_mut().expect("the terminal is open");
        writer.write_all(bytes.as_ref()).unwrap();
        writer.flush().unwrap();
    }

    /// What has been seen at this moment.
    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        locked(&self.seen.0)
    }

    /// Waits until the condition holds on a whole picture; fails with the screen when it never does.
    pub fn wait_for(&self, what: &str, mut holds: impl FnMut(&Seen) -> bool) {
        let until = Instant::now() + DEADLINE;
        let mut seen = self.seen();
        while seen.is_half_drawn() || !holds(&seen) {
            let left = until.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "never: {what}\n--- screen ---\n{}",
                seen.text()
            );
            let waited = self.seen.1.wait_timeout(seen, left);
            seen = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until this is on the screen.
    pub fn wait_text(&self, text: &str) {
        self.wait_for(text, |seen| seen.text().contains(text));
    }

    /// Types these bytes and waits until this is on the screen.
    pub fn enters(&mut self, bytes: impl AsRef<[u8]>, then: &str) {
        self.types(bytes);
        self.wait_text(then);
    }

    /// Waits until this is no longer on the screen.
    pub fn wait_gone(&self, text: &str) {
        self.wait_for(&format!("without “{text}”"), |seen| {
            !seen.text().contains(text)
        });
    }

    /// The whole screen at this moment.
    pub fn text(&self) -> String {
        self.seen().text()
    }

    /// Closes the terminal's window. The last key must make the program draw something.
    pub fn hang_up(&mut self, last_key: &str) {
        self.seen().abandoned = true;
        self.types(last_key);
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        self.writer = None;
        self.master = None;
    }

    /// The terminal's window is dragged to another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let (rows, columns) = (rows.try_into().unwrap(), columns.try_into().unwrap());
        self.seen().parser.screen_mut().set_size(rows, columns);
        self.master
            .as_ref()
            .expect("the terminal is open")
            .resize(size)
            .unwrap();
    }

    /// The program's process.
    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.child.process_id().unwrap().cast_signed())
    }

    /// Sends the program a signal.
    pub fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).unwrap();
    }

    /// Waits until the program has ended; its exit code, as a shell would give it.
    pub fn exit_code(&mut self) -> u32 {
        let until = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(
                Instant::now() < until,
                "never ended\n{}",
                self.seen().text()
            );
            // There is no call that waits for a child with a deadline.
            std::thread::park_timeout(Duration::from_millis(2));
        }
    }

    /// Whether the terminal is as a shell wants it: lines, echo, signals.
    pub fn is_cooked(&self) -> bool {
        use nix::sys::termios::LocalFlags;
        let termios = self.master.as_ref().and_then(|master| master.get_termios());
        let cooked = LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG;
        termios.is_some_and(|termios| {
            LocalFlags::from_bits_truncate(termios.local_flags.bits()).contains(cooked)
        })
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        self.writer = None;
        self.master = None;
        // The reader ends with the terminal's last holder, which may be a child of the program.
        drop(self.reader.take());
    }
}
