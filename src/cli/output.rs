//! The only place that writes to standard output and standard error.
//!
//! What is written has been made harmless: no control character of a stored text reaches a terminal raw. A reader
//! that goes away early (`| head`) ends the program without a word, never with a panic.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use crate::domain::text;

use super::exit::{Exit, Failure};

/// What the standard output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// Columns to wrap at; nothing where the output is not a terminal.
    pub columns: Option<usize>,
    /// Whether characters beyond ASCII can be shown.
    pub unicode: bool,
}

impl Output {
    /// As the standard output and the locale are.
    #[must_use]
    pub fn standard() -> Self {
        if !io::stdout().is_terminal() {
            // A pipe or a file takes UTF-8 whatever the locale says.
            return Self {
                columns: None,
                unicode: true,
            };
        }
        let columns = crossterm::terminal::size().map_or(80, |(columns, _)| usize::from(columns));
        Self {
            columns: Some(columns.max(20)),
            unicode: locale_is_utf8(&|name| std::env::var(name).ok()),
        }
    }

    /// As standard error and the locale are; it is not wrapped.
    fn error() -> Self {
        Self {
            columns: None,
            unicode: !io::stderr().is_terminal()
                || locale_is_utf8(&|name| std::env::var(name).ok()),
        }
    }

    /// One line of any text, harmless.
    #[must_use]
    pub fn line<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.plain(text::printable(text))
    }

    /// A text of several lines, harmless, wrapped where there is a width.
    #[must_use]
    pub fn wrapped(&self, text: &str, indent: usize) -> Vec<String> {
        let text = self.plain(text::printable_lines(text));
        let Some(columns) = self.columns else {
            return text.lines().map(str::to_owned).collect();
        };
        let width = columns.saturating_sub(indent).max(10);
        textwrap::wrap(&text, width)
            .into_iter()
            .map(Cow::into_owned)
            .collect()
    }

    /// What stands for a masked value.
    #[must_use]
    pub fn mask(&self) -> &'static str {
        if self.unicode {
            crate::domain::secret::MASK
        } else {
            "******"
        }
    }

    /// A JSON document in which no harmful character stands raw, though JSON itself would allow some.
    #[must_use]
    pub fn json(&self, document: &serde_json::Value) -> String {
        let raw = serde_json::to_string_pretty(document).unwrap_or_default();
        let mut safe = String::with_capacity(raw.len());
        for c in raw.chars() {
            let harmful = c != '\n' && text::stand_in(c).is_some();
            if harmful || (!self.unicode && !c.is_ascii()) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(safe, "\\u{unit:04x}");
                }
            } else {
                safe.push(c);
            }
        }
        safe
    }

    fn plain<'a>(&self, text: Cow<'a, str>) -> Cow<'a, str> {
        if self.unicode || text.is_ascii() {
            return text;
        }
        // In an 8-bit locale the bytes of UTF-8 can themselves be control codes.
        text.chars()
            .map(|c| if c.is_ascii() { c } else { '?' })
            .collect::<String>()
            .into()
    }
}

/// Writes lines to standard output. They must be harmless already.
///
/// # Errors
/// Without a word when the reader has gone; [`Exit::Io`] when the disk is full.
pub fn print(lines: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let ends = lines.is_empty() || lines.ends_with('\n');
    out.write_all(lines.as_bytes())
        .and_then(|()| if ends { Ok(()) } else { out.write_all(b"\n") })
        .and_then(|()| out.flush())
        .map_err(|error| write_failure(&error))
}

/// What a failed write to standard output means.
#[must_use]
pub fn write_failure(error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Failure::quiet(Exit::Success);
    }
    Failure::new(
        Exit::Io,
        format!("cannot write to standard output: {error}"),
    )
}

/// Says something on standard error. Nothing can be done when that fails.
pub fn say(line: &str) {
    let error = Output::error();
    let _ = writeln!(io::stderr().lock(), "{}", error.line(line));
}

/// Writes a document as it is: an export, which is for files and programs, not for a terminal.
///
/// # Errors
/// As standard output gives them.
pub fn raw(bytes: &[u8]) -> io::Result<usize> {
    io::stdout().lock().write(bytes)
}

/// Hands everything on.
///
/// # Errors
/// As standard output gives them.
pub fn flush() -> io::Result<()> {
    io::stdout().lock().flush()
}

/// Whether a person sees what is said.
pub fn seen() -> bool {
    io::stderr().is_terminal()
}

/// Says something on standard error in the place of what was said last; nothing clears it.
pub fn again(line: &str) {
    let output = Output::error();
    let mut error = io::stderr().lock();
    let _ = write!(error, "\r\x1b[K{}", output.line(line)).and_then(|()| error.flush());
}

/// Shows why the program ends, and with what code.
#[must_use]
pub fn report(failure: &Failure) -> Exit {
    for line in &failure.lines {
        say(&format!("wildlands: {line}"));
    }
    failure.exit
}

/// Whether the locale of the environment is one of UTF-8, as the C library decides it.
#[must_use]
pub fn locale_is_utf8(env: &dyn Fn(&str) -> Option<String>) -> bool {
    let set = |name| env(name).filter(|value| !value.is_empty());
    let locale = set("LC_ALL")
        .or_else(|| set("LC_CTYPE"))
        .or_else(|| set("LANG"));
    locale.is_some_and(|locale| {
        let locale = locale.to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const WIDE: Output = Output {
        columns: Some(30),
        unicode: true,
    };
    const ASCII: Output = Output {
        columns: Some(30),
        unicode: false,
    };

    #[test]
    fn no_control_character_is_left_in_any_form() {
        let hostile = "\u{1b}[31mred\u{9b}2J\u{202e}back\u{7f}\u{0}";
        let json = WIDE.json(&serde_json::json!({ "text": hostile }));
        let back: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            back,
            serde_json::json!({ "text": hostile }),
            "JSON keeps the text"
        );
        for shown in [
            WIDE.line(hostile).into_owned(),
            WIDE.wrapped(hostile, 2).join("\n"),
            json,
        ] {
            assert!(
                shown
                    .chars()
                    .all(|c| c == '\n' || text::stand_in(c).is_none()),
                "{}",
                shown.escape_debug()
            );
        }
    }

    #[test]
    fn text_wraps_by_columns_and_only_on_a_terminal() {
        let text = "日本語の文章はここで折り返されるはずですよね\nsecond line";
        let lines = WIDE.wrapped(text, 10);
        assert!(
            lines
                .iter()
                .all(|line| unicode_width::UnicodeWidthStr::width(line.as_str()) <= 20),
            "{lines:?}"
        );
        assert!(lines.len() > 2);
        let pipe = Output {
            columns: None,
            unicode: true,
        };
        assert_eq!(pipe.wrapped(text, 10).join("\n"), text);
    }

    #[test]
    fn an_eight_bit_terminal_gets_ascii_only() {
        assert!(ASCII.line("naïve 🙂").is_ascii());
        let json = ASCII.json(&serde_json::json!({ "a": "naïve 🙂" }));
        assert!(json.is_ascii());
        let back: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(back, serde_json::json!({ "a": "naïve 🙂" }));
        assert!(ASCII.mask().is_ascii());
    }

    #[test]
    fn the_locale_is_read_in_the_order_of_the_c_library() {
        let env = |pairs: &'static [(&str, &str)]| {
            move |name: &str| {
                pairs
                    .iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, v)| (*v).to_owned())
            }
        };
        assert!(locale_is_utf8(&env(&[("LANG", "de_DE.UTF-8")])));
        assert!(locale_is_utf8(&env(&[
            ("LC_CTYPE", "C.utf8"),
            ("LANG", "C")
        ])));
        assert!(!locale_is_utf8(&env(&[
            ("LC_ALL", "C"),
            ("LANG", "de_DE.UTF-8")
        ])));
        assert!(!locale_is_utf8(&env(&[])));
    }
}
