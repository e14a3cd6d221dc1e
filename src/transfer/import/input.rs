//! What comes in, with a limit for what stands in one record: memory stays flat on any input.

use std::cell::Cell as Counter;
use std::io::{self, Read};
use std::rc::Rc;

/// Bytes of a record: the largest that the database holds (16 MiB, among the imported records), and room.
pub const MOST: u64 = MOST_KIB * 1024;

/// The same in KiB.
pub const MOST_KIB: u64 = 20 * 1024;

/// What the error of a record that is too long says.
pub(super) const TOO_LONG: &str = "record too long";

/// A byte order mark, which some programs put before a text.
const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// How much may still be read before the record has to end.
#[derive(Clone)]
pub(super) struct Budget(Rc<Counter<u64>>);

impl Budget {
    pub fn new() -> Self {
        Self(Rc::new(Counter::new(MOST)))
    }

    /// A new record begins.
    pub fn renew(&self) {
        self.0.set(MOST);
    }

    /// Takes so much, for what grows beyond its bytes; false where it is not there.
    pub fn take(&self, bytes: u64) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(bytes));
        left > bytes
    }
}

/// The input within the budget, without its byte order mark.
pub(super) struct Bounded<R> {
    input: R,
    budget: Budget,
    begun: bool,
}

impl<R: Read> Bounded<R> {
    pub fn new(input: R, budget: Budget) -> Self {
        Self {
            input,
            budget,
            begun: false,
        }
    }

    /// Reads the first bytes; of a mark nothing is left.
    fn begin(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.begun = true;
        let mut first = [0; 3];
        let mut read = 0;
        while let Some(rest) = first.get_mut(read..).filter(|rest| !rest.is_empty()) {
            let more = retried(&mut self.input, rest)?;
            if more == 0 {
                break;
            }
            read += more;
        }
        let first = first.get(..read).unwrap_or_default();
        if first == MARK {
            return retried(&mut self.input, buffer);
        }
        match buffer.get_mut(..first.len()) {
            Some(start) => {
                start.copy_from_slice(first);
                Ok(first.len())
            }
            None => Err(io::ErrorKind::InvalidInput.into()),
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = if self.begun {
            retried(&mut self.input, buffer)?
        } else {
            self.begin(buffer)?
        };
        if !self.budget.take(read as u64) {
            return Err(io::Error::other(TOO_LONG));
        }
        Ok(read)
    }
}

fn retried(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
