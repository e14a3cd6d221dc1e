//! The person's zone: the configured one, or the system's, looked up again when it may have changed.

use jiff::tz::TimeZone;

/// Which zone applies.
#[derive(Debug, Clone)]
pub struct Zone {
    now: TimeZone,
    follows_system: bool,
}

impl Zone {
    /// The system's; UTC where it has none.
    #[must_use]
    pub fn system() -> Self {
        Self {
            now: TimeZone::system(),
            follows_system: true,
        }
    }

    /// This one, whatever the system says.
    #[must_use]
    pub fn fixed(zone: TimeZone) -> Self {
        Self {
            now: zone,
            follows_system: false,
        }
    }

    /// The zone at present.
    #[must_use]
    pub fn now(&self) -> TimeZone {
        self.now.clone()
    }

    /// The system's zone may have changed.
    pub fn look_again(&mut self) {
        if self.follows_system {
            self.now = TimeZone::system();
        }
    }
}
