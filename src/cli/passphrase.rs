//! The words that open a sealed file: from a file, from the environment, or asked for on the terminal without
//! an echo. Never from an argument, which everybody on the machine can read.
//!
//! The terminal is given back as it was, also on Ctrl-C, SIGTERM and SIGHUP.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use nix::sys::termios::{self, LocalFlags, SetArg, SpecialCharacterIndices, Termios};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::transfer::seal::{Passphrase, SealError};

use super::exit::{Exit, Failure};

/// The environment's variable.
pub(super) const VARIABLE: &str = "WILDLANDS_PASSPHRASE";

/// More bytes than this are no passphrase.
const LONGEST: usize = 1024;

/// The words: of the file, else of the environment, else as the person types them; twice where a slip
/// would lose everything.
///
/// # Errors
/// A file that cannot be read, no words, no terminal to ask on, two that differ, or Ctrl-C.
pub(super) async fn obtain(file: Option<&Path>, twice: bool) -> Result<Passphrase, Failure> {
    if let Some(path) = file {
        return of_file(path);
    }
    if let Some(words) = std::env::var_os(VARIABLE) {
        let words = words.into_string().map_err(|_| no_text(VARIABLE))?;
        return Passphrase::new(words).map_err(|error| refused(VARIABLE, &error));
    }
    let first = ask("passphrase: ").await?;
    if twice {
        let second = ask("the same again: ").await?;
        if *first != *second {
            let line = "the two passphrases differ; nothing was written";
            return Err(Failure::new(Exit::BadData, line));
        }
    }
    words(&first).map_err(|error| refused("the terminal", &error))
}

/// The first line of a file; a pipe such as /dev/fd/3 is one too.
fn of_file(path: &Path) -> Result<Passphrase, Failure> {
    let place = path.display().to_string();
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 2));
    File::open(path)
        .and_then(|file| file.take(LONGEST as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| {
            let line = format!("cannot read the passphrase from {place}: {error}");
            Failure::new(Exit::BadData, line)
        })?;
    if let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
        bytes.truncate(end);
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    if bytes.len() > LONGEST {
        return Err(too_long(&place));
    }
    words(&bytes).map_err(|error| refused(&place, &error))
}

fn words(bytes: &[u8]) -> Result<Passphrase, SealError> {
    // Bytes that are no text are words of nobody's keyboard; they could not be typed elsewhere.
    let words = std::str::from_utf8(bytes).unwrap_or_default();
    Passphrase::new(words.to_owned())
}

fn refused(place: &str, error: &SealError) -> Failure {
    Failure::new(Exit::BadData, format!("{place}: {error}"))
}

fn no_text(place: &str) -> Failure {
    Failure::new(Exit::BadData, format!("{place} is not UTF-8 text"))
}

fn too_long(place: &str) -> Failure {
    let line = format!("{place}: a passphrase has at most {LONGEST} bytes");
    Failure::new(Exit::BadData, line)
}

/// Asks on the terminal of this process, whatever standard input and output are.
async fn ask(question: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let asked_to_end = super::AskedToEnd::listen()?;
    let terminal = Quiet::open(question).map_err(|error| no_terminal(&error))?;
    let reading = terminal.reader().map_err(|error| no_terminal(&error))?;
    let (send, typed) = oneshot::channel();
    // Not a task: this thread may stay in its read until the process ends.
    std::thread::spawn(move || {
        let _ = send.send(read_line(reading));
    });
    let line = tokio::select! {
        line = typed => line.unwrap_or_else(|_| Err(io::ErrorKind::UnexpectedEof.into())),
        () = asked_to_end.wait() => Ok(Line::Stopped),
    };
    drop(terminal);
    match line.map_err(|error| no_terminal(&error))? {
        Line::Words(words) => Ok(words),
        Line::TooLong => Err(too_long("the terminal")),
        Line::Stopped => Err(Failure::new(
            Exit::Interrupted,
            "stopped; nothing was written",
        )),
    }
}

fn no_terminal(error: &io::Error) -> Failure {
    let line = format!(
        "there is no terminal to ask for the passphrase ({error}); give it with --passphrase-file FILE or in {VARIABLE}"
    );
    Failure::new(Exit::Usage, line)
}

/// The terminal without an echo; dropping it gives it back as it was.
struct Quiet {
    terminal: File,
    before: Termios,
}

impl Quiet {
    fn open(question: &str) -> io::Result<Self> {
        let mut terminal = File::options().read(true).write(true).open("/dev/tty")?;
        let before = termios::tcgetattr(&terminal)?;
        let mut quiet = before.clone();
        // Ctrl-C comes as a byte, so that the terminal is given back before the program ends.
        quiet
            .local_flags
            .remove(LocalFlags::ECHO | LocalFlags::ECHONL | LocalFlags::ICANON | LocalFlags::ISIG);
        for (index, value) in [
            (SpecialCharacterIndices::VMIN, 1),
            (SpecialCharacterIndices::VTIME, 0),
        ] {
            if let Some(place) = quiet.control_chars.get_mut(index as usize) {
                *place = value;
            }
        }
        termios::tcsetattr(&terminal, SetArg::TCSAFLUSH, &quiet)?;
        let this = Self {
            terminal: terminal.try_clone()?,
            before,
        };
        terminal.write_all(question.as_bytes())?;
        Ok(this)
    }

    fn reader(&self) -> io::Result<File> {
        self.terminal.try_clone()
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let _ = termios::tcsetattr(&self.terminal, SetArg::TCSAFLUSH, &self.before);
        let _ = self.terminal.write_all(b"\n");
    }
}

/// What came from the terminal.
enum Line {
    Words(Zeroizing<Vec<u8>>),
    TooLong,
    Stopped,
}

/// Reads until Enter. Backspace and Ctrl-U take back; Ctrl-C, and Ctrl-D at the beginning, stop.
fn read_line(mut terminal: impl Read) -> io::Result<Line> {
    // As long as it can get: a list that grows leaves copies behind.
    let mut words = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = Zeroizing::new([0_u8]);
    loop {
        match terminal.read(&mut *byte) {
            Ok(0) => return Ok(Line::Stopped),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        let [byte] = *byte;
        match byte {
            b'\r' | b'\n' => return Ok(Line::Words(words)),
            0x03 => return Ok(Line::Stopped),
            0x04 if words.is_empty() => return Ok(Line::Stopped),
            // A character of several bytes goes as one.
            0x08 | 0x7f => while words.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {},
            0x15 => words.clear(),
            byte if byte < 0x20 => {}
            _ if words.len() == LONGEST => return Ok(Line::TooLong),
            byte => words.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn typed(bytes: &[u8]) -> Option<Vec<u8>> {
        match read_line(bytes).unwrap() {
            Line::Words(words) => Some(words.to_vec()),
            Line::TooLong | Line::Stopped => None,
        }
    }

    #[test]
    fn a_line_is_edited_as_on_any_terminal() {
        assert_eq!(typed(b"secret\rmore").unwrap(), b"secret");
        assert_eq!(typed("aü\u{7f}\u{8}b\n".as_bytes()).unwrap(), b"b");
        assert_eq!(typed(b"wrong\x15\x1b\x1ar\x04ight\n").unwrap(), b"right");
        assert_eq!(typed(b"\n").unwrap(), b"");
        for stopped in [b"abc\x03".as_slice(), b"\x04", b"abc"] {
            assert_eq!(typed(stopped), None);
        }
        assert_eq!(typed(&[b'a'; LONGEST + 1]), None);
    }
}
