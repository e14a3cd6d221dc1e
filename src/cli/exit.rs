//! How a subcommand ends: the exit code, and the one line that says why.
//!
//! The codes are those of `sysexits.h`, so that a script can tell a wrong value from a database that is away. A
//! message holds no password and no text of the red zone.

use std::process::ExitCode;

use crate::store::error::{FailureClass, StoreError};

/// The exit codes of every subcommand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Success = 0,
    /// The command line itself is wrong.
    Usage = 64,
    /// A value, a date, a file of a form or of keys, or the text on standard input is not acceptable.
    BadData = 65,
    /// The database cannot be used as things are.
    Unavailable = 69,
    /// A defect of this program.
    Defect = 70,
    /// A file cannot be made.
    CannotCreate = 73,
    /// Reading or writing failed half-way.
    Io = 74,
    /// Nothing is wrong with the request: try again later.
    TryAgain = 75,
    /// Stopped by Ctrl-C.
    Interrupted = 130,
}

/// The table of `--help` and the manual.
pub const TABLE: &str = "\
Exit codes:
    0  done
   64  the command line is wrong
   65  a value, a date, a file of a form or of keys, or the text on standard input is not acceptable
   69  the database, or a program that is needed, cannot be used as things are; nothing was saved; a line of
       doctor fails
   70  a defect of this program
   73  a file cannot be made (it exists, or its directory is read-only)
   74  reading or writing failed half-way (a full disk)
   75  nothing is wrong with the request: try again later
  130  stopped by Ctrl-C";

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<FailureClass> for Exit {
    fn from(class: FailureClass) -> Self {
        match class {
            FailureClass::BadData => Self::BadData,
            FailureClass::Unavailable => Self::Unavailable,
            FailureClass::Defect => Self::Defect,
            FailureClass::Temporary => Self::TryAgain,
        }
    }
}

/// Why a subcommand ends before its work is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What happened and what to do next, a line each; empty to end without a word.
    pub lines: Vec<String>,
}

impl Failure {
    /// One line: what happened, to what, and what to do next.
    #[must_use]
    pub fn new(exit: Exit, line: impl Into<String>) -> Self {
        Self {
            exit,
            lines: vec![line.into()],
        }
    }

    /// An end without a word, as when the reader of a pipe has gone.
    #[must_use]
    pub const fn quiet(exit: Exit) -> Self {
        Self {
            exit,
            lines: Vec::new(),
        }
    }

    /// Several things at once, a line each.
    #[must_use]
    pub const fn all(exit: Exit, lines: Vec<String>) -> Self {
        Self { exit, lines }
    }

    /// The same, with what it means for the person's words.
    #[must_use]
    pub fn and(mut self, consequence: &str) -> Self {
        self.lines.push(consequence.to_owned());
        self
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(error.class().into(), with_advice(&error))
    }
}

/// What happened and what to do next, as one line. An error of the private server says both by itself.
#[must_use]
pub fn with_advice(error: &StoreError) -> String {
    let advice = error.advice();
    if advice.is_empty() {
        error.to_string()
    } else {
        format!("{error}; {}", lower_first(&advice))
    }
}

fn lower_first(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    let mut characters = sentence.chars();
    match (characters.next(), characters.next()) {
        // A name in capitals, such as a statement or a variable, stays as it is.
        (Some(first), Some(second)) if !second.is_uppercase() => first
            .to_lowercase()
            .chain(sentence.chars().skip(1))
            .collect(),
        _ => sentence.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_every_code() {
        for exit in [
            Exit::Success,
            Exit::Usage,
            Exit::BadData,
            Exit::Unavailable,
            Exit::Defect,
            Exit::CannotCreate,
            Exit::Io,
            Exit::TryAgain,
            Exit::Interrupted,
        ] {
            let named =
                |line: &str| line.split_whitespace().next() == Some(&exit.code().to_string());
            assert!(TABLE.lines().any(named), "{exit:?} is missing");
        }
    }

    #[test]
    fn advice_follows_as_one_line() {
        let error = StoreError::ReadOnly;
        let line = with_advice(&error);
        assert!(line.starts_with("the server takes no writes"), "{line}");
        assert!(!line.contains('\n') && !line.ends_with('.'), "{line}");
        assert_eq!(lower_first("PGPASSWORD holds it."), "PGPASSWORD holds it");
        assert_eq!(lower_first("Start it."), "start it");
    }
}
