//! What of the red zone may be seen now, and until when.
//!
//! Masked is the resting state: every way out of a reveal (time, `m`, lock, suspension) ends here.

use std::time::Duration;

use jiff::Timestamp;

/// How long a text that is being written stays visible after the last key, at least.
pub const WRITING: Duration = Duration::from_mins(2);

/// Names one sensitive text on a screen, for example `log/2026-11-23/driftCheck`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ItemId(pub String);

/// What is revealed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Shown {
    #[default]
    Nothing,
    Item(ItemId),
    Screen,
}

/// The mask over sensitive fields.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    shown: Shown,
    until: Option<Timestamp>,
    /// It is being written, which keeps it visible for longer.
    writing: bool,
}

impl Mask {
    /// Reveals one item; revealing it again masks it.
    pub fn toggle_item(&mut self, item: ItemId, until: Timestamp) {
        let wanted = Shown::Item(item);
        self.toggle(wanted, until);
    }

    /// Reveals the whole screen; again masks it.
    pub fn toggle_screen(&mut self, until: Timestamp) {
        self.toggle(Shown::Screen, until);
    }

    /// Keeps an item revealed that is being worked on, and nothing else; true if it had been masked.
    pub fn keep_item(&mut self, item: ItemId, until: Timestamp) -> bool {
        let was_masked = !self.shows(&item);
        self.shown = Shown::Item(item);
        self.until = Some(until);
        self.writing = true;
        was_masked
    }

    fn toggle(&mut self, wanted: Shown, until: Timestamp) {
        if self.shown == wanted {
            self.mask_all();
        } else {
            self.shown = wanted;
            self.until = Some(until);
            self.writing = false;
        }
    }

    /// Masks everything at once.
    pub fn mask_all(&mut self) {
        *self = Self::default();
    }

    /// Masks when the time has come; the clock may have jumped either way.
    pub fn expire(&mut self, now: Timestamp, reveal: Duration) {
        let longest = if self.writing {
            reveal.max(WRITING)
        } else {
            reveal
        };
        if let Some(until) = self.until {
            let left = until.duration_since(now);
            if left.is_negative() || left.is_zero() || left.unsigned_abs() > longest {
                self.mask_all();
            }
        }
    }

    /// Whether this item may be seen.
    #[must_use]
    pub fn shows(&self, item: &ItemId) -> bool {
        match &self.shown {
            Shown::Nothing => false,
            Shown::Item(shown) => shown == item,
            Shown::Screen => true,
        }
    }

    /// Whether anything is revealed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.shown != Shown::Nothing
    }

    /// Until when.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        self.until
    }
}
