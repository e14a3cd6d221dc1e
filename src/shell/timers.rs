//! Timers that somebody waits for, and how often a frame may be drawn.
//!
//! There is no tick: the loop sleeps until the nearest of these, or for ever.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::app::effect::TimerId;

/// The armed timers.
#[derive(Debug, Default)]
pub struct Timers {
    due: BTreeMap<TimerId, Instant>,
}

impl Timers {
    /// Arms a timer; one that was armed already is replaced.
    pub fn arm(&mut self, timer: TimerId, now: Instant, after: Duration) {
        // A moment that the clock cannot express never comes.
        match now.checked_add(after) {
            Some(at) => self.due.insert(timer, at),
            None => self.due.remove(&timer),
        };
    }

    /// When the nearest runs out.
    #[must_use]
    pub fn nearest(&self) -> Option<Instant> {
        self.due.values().min().copied()
    }

    /// Takes one that has run out, the earliest first.
    pub fn take_due(&mut self, now: Instant) -> Option<TimerId> {
        let (timer, _) = self
            .due
            .iter()
            .filter(|(_, at)| **at <= now)
            .min_by_key(|(_, at)| **at)?;
        let timer = *timer;
        self.due.remove(&timer);
        Some(timer)
    }
}

/// Least time between frames, on average: 60 a second.
const FRAME: Duration = Duration::from_micros(16_667);
/// So many frames may come at once after a rest, so that a key never waits for the frame of an
/// answer that happened to come just before.
const BURST: u32 = 4;

/// Allows a frame at once, and 60 a second when there is no rest.
#[derive(Debug)]
pub struct Pace {
    /// When the allowance would be full again.
    full_at: Instant,
}

impl Pace {
    /// Rested.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self { full_at: now }
    }

    /// From when on the next frame may be drawn.
    #[must_use]
    pub fn next(&self) -> Option<Instant> {
        self.full_at.checked_sub(FRAME * (BURST - 1))
    }

    /// Whether a frame may be drawn now.
    #[must_use]
    pub fn allows(&self, now: Instant) -> bool {
        self.next().is_none_or(|next| next <= now)
    }

    /// A frame was drawn.
    pub fn drawn(&mut self, now: Instant) {
        self.full_at = self.full_at.max(now) + FRAME;
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
    fn timers_run_out_in_order_and_once() {
        let now = Instant::now();
        let second = Duration::from_secs(1);
        let mut timers = Timers::default();
        assert_eq!(timers.nearest(), None);
        timers.arm(TimerId::Notice, now, 3 * second);
        timers.arm(TimerId::Draft, now, 2 * second);
        timers.arm(TimerId::Mask, now, 9 * second);
        assert_eq!(timers.nearest(), Some(now + 2 * second));
        assert_eq!(timers.take_due(now + second), None);
        assert_eq!(timers.take_due(now + 5 * second), Some(TimerId::Draft));
        assert_eq!(timers.take_due(now + 5 * second), Some(TimerId::Notice));
        assert_eq!(timers.take_due(now + 5 * second), None);
        assert_eq!(timers.nearest(), Some(now + 9 * second));
    }

    #[test]
    fn arming_again_replaces() {
        let now = Instant::now();
        let mut timers = Timers::default();
        timers.arm(TimerId::Notice, now, Duration::from_secs(1));
        timers.arm(TimerId::Notice, now, Duration::from_secs(5));
        assert_eq!(timers.nearest(), Some(now + Duration::from_secs(5)));
        timers.arm(TimerId::Notice, now, Duration::MAX);
        assert_eq!(timers.nearest(), None);
    }

    #[test]
    fn a_lone_frame_comes_at_once_and_a_flood_at_sixty_a_second() {
        let start = Instant::now() + Duration::from_secs(10);
        let mut pace = Pace::new(start);
        let (mut frames, step) = (0, Duration::from_millis(1));
        for millisecond in 0..1000 {
            let now = start + step * millisecond;
            if pace.allows(now) {
                pace.drawn(now);
                frames += 1;
            }
        }
        assert!((58..=64).contains(&frames), "{frames}");
        let mut pace = Pace::new(start);
        for key in 0..100 {
            let now = start + Duration::from_millis(33 * key);
            assert!(pace.allows(now), "key {key} waited");
            pace.drawn(now);
        }
    }
}
