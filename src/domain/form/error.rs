//! What can be wrong with a form file and with an answer.
//!
//! A message says where, what and what to do next. An answer to a sensitive field is never repeated.

use std::fmt;

use thiserror::Error;

use super::Field;
use crate::domain::text::{TextError, printable};

/// Everything that is wrong with a form file, in the file's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormError {
    problems: Vec<Problem>,
}

/// One thing that is wrong with a form file: `log-form.toml:12:1: …`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct Problem {
    /// The name of the file, as given.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl FormError {
    /// Sorted by place; never empty.
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| (problem.line, problem.column));
        Self { problems }
    }

    /// One by one, in the file's order.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for FormError {
    /// A line for each problem.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            fmt::Display::fmt(problem, f)?;
        }
        Ok(())
    }
}

impl std::error::Error for FormError {}

/// Why a field refuses an answer. For a sensitive field it holds no part of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError {
    key: String,
    label: String,
    expected: String,
    got: Option<String>,
    advice: String,
}

impl ValueError {
    /// `expected` completes “energy …”, `got` is the answer (nothing where it must not be
    /// repeated), `advice` says what to give where that is not said yet.
    pub(super) fn new(field: &Field, expected: String, got: Option<&str>, advice: String) -> Self {
        Self {
            key: field.key.clone(),
            label: field.label.clone(),
            expected,
            got: got.map(excerpt),
            advice,
        }
    }

    pub(super) fn text(field: &Field, error: &TextError) -> Self {
        Self::new(
            field,
            "cannot be stored".to_owned(),
            None,
            error.to_string(),
        )
    }

    /// The field's key.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The message with the field's name on the screen instead of its key.
    #[must_use]
    pub fn on_screen(&self) -> String {
        self.words(&self.label)
    }

    fn words(&self, name: &str) -> String {
        let mut words = format!("{name} {}", self.expected);
        if let Some(got) = &self.got {
            words = format!("{words}, got {got}");
        }
        if !self.advice.is_empty() {
            words = format!("{words}; {}", self.advice);
        }
        words
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(&self.key))
    }
}

impl std::error::Error for ValueError {}

/// A piece of what was given, safe to show in a message: one line, at most 40 characters.
pub(super) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 40;
    let shown = printable(text);
    if shown.chars().count() <= LONGEST {
        return shown.into_owned();
    }
    let mut short: String = shown.chars().take(LONGEST - 1).collect();
    short.push('…');
    short
}
