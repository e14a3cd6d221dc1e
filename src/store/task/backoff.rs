//! How long to wait before the next attempt to connect.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// Grows by doubling from the first wait to the cap; each wait is spread by a quarter either way,
/// so that programs that lost the same server do not all come back at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Before the second attempt.
    pub first: Duration,
    /// The longest wait, before it is spread.
    pub cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(250),
            cap: Duration::from_secs(30),
        }
    }
}

impl Backoff {
    /// The wait after so many attempts that failed, counted from 1.
    #[must_use]
    pub fn after(&self, failed: u32) -> Duration {
        // Randomness of this quality comes with the standard library.
        self.spread(failed, RandomState::new().hash_one(failed))
    }

    fn spread(&self, failed: u32, random: u64) -> Duration {
        let doublings = failed.saturating_sub(1).min(20);
        let wait = self.first.saturating_mul(1 << doublings).min(self.cap);
        let share = u32::try_from(random % 501).unwrap_or(250);
        wait.saturating_mul(750 + share) / 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_are_spread_by_a_quarter() {
        let backoff = Backoff::default();
        let between = |failed, low, high| {
            for random in 0..501 {
                let wait = backoff.spread(failed, random).as_millis();
                assert!((low..=high).contains(&wait), "{failed}: {wait}");
            }
        };
        between(1, 187, 313);
        between(2, 375, 625);
        between(7, 12_000, 20_000);
        between(8, 22_500, 37_500);
        between(u32::MAX, 22_500, 37_500);
        assert_ne!(backoff.spread(1, 0), backoff.spread(1, 500));
    }
}
