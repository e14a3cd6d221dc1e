//! A program in a terminal, driven and timed.
//!
//! A thread of its own reads the terminal and notes the time of each piece, so that looking at the screen costs the
//! figures nothing. A piece inside a synchronized update counts when the update ends.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Columns and rows of every measured terminal.
pub const SIZE: (u16, u16) = (120, 36);
/// No output for so long: the program has nothing more to say.
const QUIET: Duration = Duration::from_millis(30);
/// Far more than anything takes.
const DEADLINE: Duration = Duration::from_mins(1);

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// A running program; dropping it kills it.
pub struct Program {
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    pieces: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    held: Vec<u8>,
    started: Instant,
    /// Everything that it has sent so far, in bytes.
    pub sent: usize,
}

/// What came of a key.
pub struct Reaction {
    /// From the key to the first change of the screen, in milliseconds.
    pub first: Option<f64>,
    /// From the key to the last byte before a pause.
    pub last: f64,
    /// All that was sent.
    pub bytes: usize,
    /// So many pieces changed the screen.
    pub changes: usize,
}

/// Milliseconds.
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

impl Program {
    /// Starts it in a terminal.
    pub fn start(command: CommandBuilder) -> Self {
        let (cols, rows) = SIZE;
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut output = pair.master.try_clone_reader().unwrap();
        let (tell, pieces) = channel();
        std::thread::spawn(move || {
            let mut piece = vec![0; 65536];
            while let Ok(count @ 1..) = output.read(&mut piece) {
                let read = (Instant::now(), piece[..count].to_vec());
                if tell.send(read).is_err() {
                    return;
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        Self {
            child,
            _master: pair.master,
            writer,
            pieces,
            screen: vt100::Parser::new(rows.try_into().unwrap(), cols.try_into().unwrap(), 0),
            held: Vec::new(),
            started,
            sent: 0,
        }
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// The screen, a line for each row.
    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Types without looking at what comes of it.
    pub fn types(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Takes a piece; whether it changed what is to be seen.
    fn take(&mut self, piece: &[u8]) -> bool {
        self.sent += piece.len();
        self.held.extend_from_slice(piece);
        let last = |wanted: &[u8]| {
            let at = self
                .held
                .windows(wanted.len())
                .rposition(|held| held == wanted);
            at.map_or(0, |at| at + 1)
        };
        if last(BEGIN) > last(END) {
            return false;
        }
        let before = self.look();
        self.screen.process(&self.held);
        self.held.clear();
        before != self.look()
    }

    fn look(&self) -> (String, (u16, u16), bool) {
        let screen = self.screen.screen();
        let position = screen.cursor_position();
        (screen.contents_formatted(), position, screen.hide_cursor())
    }

    /// Waits until the screen is as wanted; the time since the program's start, in milliseconds.
    pub fn since_start(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> f64 {
        let started = self.started;
        milliseconds(self.until(what, wanted) - started)
    }

    /// Waits until the screen is as wanted; when that came to be.
    pub fn until(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> Instant {
        let mut at = Instant::now();
        while !wanted(&self.text()) {
            let Ok((when, piece)) = self.pieces.recv_timeout(DEADLINE) else {
                panic!("never: {what}\n{}", self.text());
            };
            at = when;
            self.take(&piece);
        }
        at
    }

    /// Takes everything until there is a pause.
    pub fn settle(&mut self) {
        while let Ok((_, piece)) = self.pieces.recv_timeout(QUIET) {
            self.take(&piece);
        }
    }

    /// Types, and waits until there is a pause.
    pub fn press(&mut self, keys: &str) -> Reaction {
        let typed = Instant::now();
        self.types(keys);
        self.reaction(typed)
    }

    /// What has been sent since a key, up to a pause.
    pub fn reaction(&mut self, typed: Instant) -> Reaction {
        let mut pieces: Vec<(Instant, Vec<u8>)> = Vec::new();
        // The first piece of a slow program may be long in coming.
        let mut patience = QUIET * 10;
        while let Ok(piece) = self.pieces.recv_timeout(patience) {
            patience = QUIET;
            pieces.push(piece);
        }
        let mut reaction = Reaction {
            first: None,
            last: 0.0,
            bytes: 0,
            changes: 0,
        };
        for (at, piece) in pieces {
            let since = milliseconds(at.saturating_duration_since(typed));
            reaction.last = since;
            reaction.bytes += piece.len();
            if self.take(&piece) {
                reaction.first.get_or_insert(since);
                reaction.changes += 1;
            }
        }
        reaction
    }

    /// Types `q` and waits for the end.
    pub fn quit(mut self) {
        self.types("q");
        let until = Instant::now() + DEADLINE;
        while let Ok(None) = self.child.try_wait() {
            assert!(Instant::now() < until, "it does not end\n{}", self.text());
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
