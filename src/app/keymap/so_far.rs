//! The keys of a sequence that were pressed so far.

use crokey::KeyCombination;
use crossterm::event::KeyEvent;

use super::key::pressed;

/// The beginning of a sequence, and where it was pressed: what opens by itself meanwhile knows
/// nothing of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoFar {
    keys: Vec<KeyCombination>,
    scopes: Vec<&'static str>,
}

impl SoFar {
    /// The keys, if they were pressed in these scopes.
    #[must_use]
    pub fn keys(&self, scopes: &[&'static str]) -> &[KeyCombination] {
        if self.scopes == scopes {
            &self.keys
        } else {
            &[]
        }
    }

    /// The same, and forgets them.
    pub fn take(&mut self, scopes: &[&'static str]) -> Vec<KeyCombination> {
        let taken = std::mem::take(self);
        if taken.scopes == scopes {
            taken.keys
        } else {
            Vec::new()
        }
    }

    /// Remembers one more.
    pub fn press(&mut self, scopes: &[&'static str], before: Vec<KeyCombination>, key: KeyEvent) {
        self.keys = before;
        self.keys.push(pressed(key));
        self.scopes = scopes.to_vec();
    }
}
