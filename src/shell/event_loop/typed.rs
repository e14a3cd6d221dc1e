//! What is typed: read while the terminal is the program's, put together to keys, and handed to the core.

use std::io;
use std::time::{Duration, Instant};

use ratatui::Frame;

use crate::app::message::{Msg, Signal};
use crate::app::model::Model;
use crate::app::part::Toolkit;
use crate::shell::keys::Typed;
use crate::shell::outside::Outside;
use crate::shell::signals::Notified;
use crate::shell::terminal::{Keyboard, Stage};

use super::EventLoop;

/// How long a lone escape waits for the rest of a sequence.
const ESCAPE_WAITS: Duration = Duration::from_millis(20);
/// Bytes read from the terminal at once.
const PIECE: usize = 16 * 1024;

impl<K, S, O, D> EventLoop<'_, K, S, O, D>
where
    K: Toolkit,
    S: Stage,
    O: Outside,
    D: FnMut(&Model<K>, &mut Frame<'_>),
{
    /// The terminal has gone, though no signal has said so.
    pub(super) fn hang_up(&mut self) {
        self.keyboard = None;
        if self.ending.is_none() {
            self.last_signal = Notified::Hangup;
            self.handle(Msg::Signal(Signal::Hangup));
        }
    }

    pub(super) fn listen(&mut self) {
        match self.stage.listen() {
            Ok(keyboard) => self.keyboard = Some(keyboard),
            Err(_) => self.hang_up(),
        }
    }

    pub(super) fn read_keys(&mut self) {
        let mut piece = [0; PIECE];
        self.hand_over_typed();
        while self.ending.is_none() {
            let Some(keyboard) = &mut self.keyboard else {
                return;
            };
            match keyboard.read(&mut piece) {
                Ok(None) => break,
                Ok(Some(0)) | Err(_) => return self.hang_up(),
                Ok(Some(count)) => {
                    let mut out = Vec::new();
                    self.keys
                        .feed(piece.get(..count).unwrap_or_default(), &mut out);
                    self.typed.extend(out);
                    let waits = self.keys.is_waiting();
                    self.settles = waits.then(|| Instant::now() + ESCAPE_WAITS);
                    self.hand_over_typed();
                }
            }
        }
    }

    /// Gives keys to the core, up to one that lends the terminal to somebody else or ends all.
    pub(super) fn hand_over_typed(&mut self) {
        while self.editing.is_none() && self.ending.is_none() {
            let Some(typed) = self.typed.pop_front() else {
                return;
            };
            self.handle(match typed {
                Typed::Key(key) => Msg::Key(key),
                Typed::Click(column, row) => Msg::Click(column, row),
                Typed::Paste(text) => Msg::Paste(text),
            });
        }
    }

    /// What was typed of an incomplete sequence is all of it, once nothing came after it.
    pub(super) fn settle_keys(&mut self, now: Instant) {
        if self.settles.is_some_and(|at| at <= now) {
            self.settles = None;
            let mut out = Vec::new();
            self.keys.settle(&mut out);
            self.typed.extend(out);
            self.hand_over_typed();
        }
    }
}

/// Waits until something was typed; for ever, while the terminal is somebody else's.
pub(super) async fn ready<B: Keyboard>(keyboard: Option<&mut B>) -> io::Result<()> {
    match keyboard {
        Some(keyboard) => keyboard.wait().await,
        None => std::future::pending().await,
    }
}
