//! What is wrong with a theme file, and where.

use std::fmt;
use std::ops::Range;

use crate::domain::text::{nearest, printable};

/// Why a theme file cannot be used: everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeError(Vec<ThemeProblem>);

/// One thing that is wrong, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeProblem {
    /// The file, as it was named.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong, and how it is to be written.
    pub words: String,
}

impl ThemeError {
    /// Each thing that is wrong, in the order of the file.
    #[must_use]
    pub fn problems(&self) -> &[ThemeProblem] {
        &self.0
    }
}

impl fmt::Display for ThemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ThemeError {}

impl fmt::Display for ThemeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            column,
            words,
        } = self;
        write!(f, "{file}:{line}:{column}: {words}")
    }
}

/// Collects what is wrong while a file is read.
pub(super) struct Problems<'t> {
    file: &'t str,
    text: &'t str,
    found: Vec<(usize, ThemeProblem)>,
}

impl<'t> Problems<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Self {
        Self {
            file,
            text,
            found: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, span: &Range<usize>, words: String) {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let begins = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(begins..).unwrap_or_default().chars().count() + 1;
        let problem = ThemeProblem {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            column,
            words,
        };
        self.found.push((span.start, problem));
    }

    /// Whether the word is one of these; if not, that is a problem.
    pub(super) fn is_known<'a>(
        &mut self,
        span: &Range<usize>,
        what: &str,
        word: &str,
        words: impl Iterator<Item = &'a str> + Clone,
    ) -> bool {
        if words.clone().any(|known| known == word) {
            return true;
        }
        let meant = nearest(word, words).map(|known| format!("; did you mean `{known}`?"));
        let word = printable(word);
        let words = format!("{what} `{word}` is not known{}", meant.unwrap_or_default());
        self.add(span, words);
        false
    }

    /// The file, if nothing is wrong with it.
    pub(super) fn or<T>(mut self, file: T) -> Result<T, ThemeError> {
        if self.found.is_empty() {
            return Ok(file);
        }
        self.found.sort_by_key(|(at, _)| *at);
        Err(ThemeError(
            self.found.into_iter().map(|(_, problem)| problem).collect(),
        ))
    }
}
