//! Why something typed is no question. Holds the names of filters and fields, never a word that is
//! looked for.

use thiserror::Error;

use super::Area;
use crate::domain::dates::DateError;

/// Why a filter is not understood; each says what to write.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SearchError {
    /// A word before a colon that is nearly the name of a filter.
    #[error("there is no filter {given}: ; {meant}: may be meant")]
    UnknownFilter {
        /// As typed.
        given: String,
        /// What it resembles.
        meant: &'static str,
    },
    /// A filter without anything behind its colon.
    #[error("{filter}: waits for {takes}")]
    Unfinished {
        /// Its name.
        filter: &'static str,
        /// For example `a date`.
        takes: &'static str,
    },
    /// Not an area.
    #[error("in: {}", .suggestion.as_ref().map_or_else(areas, |word| format!("{word} may be meant")))]
    UnknownArea {
        /// What it resembles.
        suggestion: Option<String>,
    },
    /// Not a status.
    #[error("no record has that status{}", meant(.suggestion.as_ref()))]
    UnknownStatus {
        /// What it resembles.
        suggestion: Option<String>,
    },
    /// Not a date.
    #[error("{filter}: {error}")]
    Date {
        /// The filter's name.
        filter: &'static str,
        /// What is wrong.
        error: DateError,
    },
    /// Not a field that can be compared.
    #[error("no field {given} has numbers{}", meant(.suggestion.as_ref()))]
    UnknownField {
        /// As typed, shortened.
        given: String,
        /// What it resembles.
        suggestion: Option<String>,
    },
    /// Not a number.
    #[error("{key} is compared with a number, as in {key}>=7")]
    NotANumber {
        /// The field.
        key: String,
    },
    /// Not yes or no.
    #[error("{key} is yes or no: write {key}=yes or {key}=no")]
    NotAFlag {
        /// The field.
        key: String,
    },
    /// More than is read.
    #[error("the question has {length} characters; {} are read", super::LONGEST)]
    TooLong {
        /// In characters.
        length: usize,
    },
    /// Nothing to look for.
    #[error("nothing to look for: give a word, a \"phrase\" or a filter")]
    Nothing,
}

fn areas() -> String {
    format!("takes {}", Area::ALL.map(Area::word).join(", "))
}

fn meant(suggestion: Option<&String>) -> String {
    suggestion.map_or_else(String::new, |word| format!("; {word} may be meant"))
}
