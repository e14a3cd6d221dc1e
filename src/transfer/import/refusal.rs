//! Why a document is not taken, and where in it the reason is. No value of it is repeated.

use std::fmt::{self, Write as _};

use struson::reader::json_path::JsonPathPiece;
use struson::reader::{JsonReaderPosition, ReaderError, SyntaxErrorKind};

use super::input::{MOST_KIB, TOO_LONG};

/// So many levels of a path are named; below them stand the person's own keys.
const NAMED: usize = 4;

/// A document that is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The path in the document, `data.logs[3].date`; empty where there is none.
    pub path: String,
    /// Line and column, from 1; nothing where the place is known by its path alone.
    pub line: Option<(u64, u64)>,
    /// What is wrong there.
    pub problem: String,
}

impl Refusal {
    /// At a position of the reader.
    pub(super) fn at(position: &JsonReaderPosition, problem: impl Into<String>) -> Self {
        Self {
            path: position.path.as_deref().map(path).unwrap_or_default(),
            line: position
                .line_pos
                .map(|line| (line.line + 1, line.column + 1)),
            problem: problem.into(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.path.as_str()) {
            (Some((line, column)), "") => write!(f, "line {line}, column {column}: ")?,
            (Some((line, column)), path) => write!(f, "line {line}, column {column} ({path}): ")?,
            (None, "") => {}
            (None, path) => write!(f, "{path}: ")?,
        }
        f.write_str(&self.problem)
    }
}

/// Why the reading of a document stopped.
#[derive(Debug)]
pub enum Stop {
    /// It is not taken.
    Refused(Refusal),
    /// A newer program has written it.
    Newer(u64),
    /// It could not be read, in the system's words.
    Unreadable(String),
    /// Nobody wants the rest.
    Gone,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ReaderError> for Stop {
    fn from(error: ReaderError) -> Self {
        let (location, problem) = match &error {
            ReaderError::SyntaxError(error) => (&error.location, syntax(error.kind).to_owned()),
            ReaderError::UnexpectedValueType {
                expected, location, ..
            } => (
                location,
                format!("{} is expected", of_type(&expected.to_string())),
            ),
            ReaderError::UnexpectedStructure { location, .. } => (
                location,
                "the structure is not that of an export".to_owned(),
            ),
            ReaderError::MaxNestingDepthExceeded {
                max_nesting_depth,
                location,
            } => (
                location,
                format!("lists and objects are nested more than {max_nesting_depth} deep"),
            ),
            ReaderError::UnsupportedNumberValue { location, .. } => {
                (location, "the number is beyond what can be held".to_owned())
            }
            ReaderError::IoError { error, location } => {
                if error.to_string() == TOO_LONG {
                    let problem = format!(
                        "a record, or what stands between two, is longer than {MOST_KIB} KiB"
                    );
                    (location, problem)
                } else if error.kind() == std::io::ErrorKind::InvalidData {
                    (location, "the text is not UTF-8".to_owned())
                } else {
                    return Self::Unreadable(error.to_string());
                }
            }
            _ => {
                return Self::Refused(Refusal {
                    path: String::new(),
                    line: None,
                    problem: "the document is not JSON as it has to be".to_owned(),
                });
            }
        };
        Self::Refused(Refusal::at(location, problem))
    }
}

fn of_type(name: &str) -> &'static str {
    match name {
        "Object" => "an object",
        "Array" => "a list",
        "String" => "a text",
        "Number" => "a number",
        "Boolean" => "true or false",
        _ => "another kind of value",
    }
}

fn syntax(kind: SyntaxErrorKind) -> &'static str {
    match kind {
        SyntaxErrorKind::IncompleteDocument => "the document ends here: it is incomplete",
        SyntaxErrorKind::TrailingData => "something follows the end of the document",
        SyntaxErrorKind::NotEscapedControlCharacter => {
            "a control character stands unescaped in a text"
        }
        SyntaxErrorKind::UnpairedSurrogatePairEscapeSequence => {
            "half of a surrogate pair stands in a text: it is no character"
        }
        SyntaxErrorKind::UnknownEscapeSequence | SyntaxErrorKind::MalformedEscapeSequence => {
            "an escape sequence of a text is malformed"
        }
        SyntaxErrorKind::MalformedNumber | SyntaxErrorKind::TrailingDataAfterNumber => {
            "a number is malformed"
        }
        SyntaxErrorKind::MissingComma => "a comma is missing",
        SyntaxErrorKind::MissingColon => "a colon is missing",
        SyntaxErrorKind::TrailingCommaNotEnabled | SyntaxErrorKind::UnexpectedComma => {
            "there is a comma too many"
        }
        SyntaxErrorKind::ExpectingMemberNameOrObjectEnd => "a key in quotes is expected",
        SyntaxErrorKind::CommentsNotEnabled
        | SyntaxErrorKind::IncompleteComment
        | SyntaxErrorKind::BlockCommentNotClosed => "JSON has no comments",
        _ => "this is not JSON",
    }
}

/// `data.logs[3].date`; what lies deeper is left out.
fn path(pieces: &[JsonPathPiece]) -> String {
    let named = pieces.get(..NAMED).unwrap_or(pieces);
    let mut written = String::new();
    for piece in named {
        match piece {
            JsonPathPiece::ObjectMember(name) => {
                if !written.is_empty() {
                    written.push('.');
                }
                written.extend(name.chars().take(60));
            }
            JsonPathPiece::ArrayItem(index) => {
                let _ = write!(written, "[{index}]");
            }
        }
    }
    written
}
