//! A document to be written into a file of its own.

use super::secret::Secret;

/// What a document is written on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Paper {
    /// As it is.
    Markdown,
    /// Set in pages by a program of the machine.
    Pdf,
}

impl Paper {
    /// What the file's name ends with.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Pdf => "pdf",
        }
    }
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The file's name without its ending.
    pub stem: String,
    /// The text.
    pub markdown: Secret<String>,
    /// What it is written on.
    pub paper: Paper,
}
