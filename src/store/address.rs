//! Whose texts wait on this machine: of which person, for which database.

use super::files;
use super::outbox::UNADDRESSED;

/// How many hexadecimal digits of the digest are written down.
const DIGITS: usize = 16;

/// A database and a person, by a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    own: String,
    unaddressed: String,
}

impl Address {
    /// For this database, by its fingerprint, and this person.
    #[must_use]
    pub fn new(fingerprint: &str, person: &str) -> Self {
        let digest = |fingerprint: &str| {
            files::short_digest(format!("{fingerprint}\0{person}").as_bytes(), DIGITS)
        };
        Self {
            own: digest(fingerprint),
            unaddressed: digest(UNADDRESSED),
        }
    }

    /// What is written beside a text.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.own
    }

    /// Whether a text with this beside it is for here. One that was written while no database was
    /// known, or by a program that wrote nothing beside it, is for any.
    #[must_use]
    pub fn takes(&self, written: &str) -> bool {
        written.is_empty() || written == self.own || written == self.unaddressed
    }
}

impl Default for Address {
    /// No database is known, and nobody.
    fn default() -> Self {
        Self::new(UNADDRESSED, "")
    }
}
