//! A value on its way into a column, and how PostgreSQL's COPY writes it.

use std::fmt::Write as _;

/// The value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// No value.
    Null,
    /// Anything, as PostgreSQL reads it from text: of a document, its JSON.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
}

impl Cell {
    /// Appends it to a line of COPY's text format, as one field.
    pub fn copy(&self, line: &mut Vec<u8>) {
        match self {
            Self::Null => line.extend_from_slice(b"\\N"),
            Self::Text(text) => escaped(text.as_bytes(), line),
            Self::Texts(list) => escaped(array(list).as_bytes(), line),
        }
    }

    /// Bytes that it holds.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Null => 0,
            Self::Text(text) => text.len(),
            Self::Texts(list) => list.iter().map(|text| text.len() + 3).sum(),
        }
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

/// Appends a row: fields between tabulators, then its place, a line feed at its end.
pub fn copy_row<'a>(cells: impl IntoIterator<Item = &'a Cell>, place: u64, lines: &mut Vec<u8>) {
    for cell in cells {
        cell.copy(lines);
        lines.push(b'\t');
    }
    lines.extend_from_slice(place.to_string().as_bytes());
    lines.push(b'\n');
}

fn escaped(text: &[u8], line: &mut Vec<u8>) {
    line.reserve(text.len());
    let mut rest = text;
    while let Some(at) = rest
        .iter()
        .position(|byte| matches!(byte, b'\\' | b'\n' | b'\r' | b'\t'))
    {
        let (plain, special) = rest.split_at(at);
        line.extend_from_slice(plain);
        let Some((byte, behind)) = special.split_first() else {
            break;
        };
        line.push(b'\\');
        line.push(match byte {
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            other => *other,
        });
        rest = behind;
    }
    line.extend_from_slice(rest);
}

/// The literal of an array of texts.
fn array(list: &[String]) -> String {
    let mut literal = String::from("{");
    for (index, text) in list.iter().enumerate() {
        if index > 0 {
            literal.push(',');
        }
        literal.push('"');
        for c in text.chars() {
            if matches!(c, '"' | '\\') {
                literal.push('\\');
            }
            literal.push(c);
        }
        literal.push('"');
    }
    literal.push('}');
    literal
}

/// A text as JSON, never longer than the shortest way to write it.
pub fn json_text(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    // What has to be escaped is a byte of its own; what lies between goes in one piece.
    while let Some((plain, byte, behind)) = rest
        .bytes()
        .position(|byte| matches!(byte, b'"' | b'\\' | 0..b' '))
        .and_then(|at| {
            Some((
                rest.get(..at)?,
                *rest.as_bytes().get(at)?,
                rest.get(at + 1..)?,
            ))
        })
    {
        out.push_str(plain);
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x8 => out.push_str("\\b"),
            0xc => out.push_str("\\f"),
            byte => {
                let _ = write!(out, "\\u{byte:04x}");
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn fields_are_separated_and_escaped() {
        let mut lines = Vec::new();
        let list = vec![String::new(), "a,\"b\\".to_owned()];
        copy_row(
            &[
                Cell::Null,
                Cell::Text("a\tb\\c\nd\re".to_owned()),
                Cell::Texts(list),
            ],
            7,
            &mut lines,
        );
        assert_eq!(
            String::from_utf8(lines).unwrap(),
            "\\N\ta\\tb\\\\c\\nd\\re\t{\"\",\"a,\\\\\"b\\\\\\\\\"}\t7\n"
        );
    }

    #[test]
    fn texts_become_json_that_reads_back() {
        let special: String = ('\0'..' ').chain("\"\\/".chars()).collect();
        for text in ["", "a\"\\\u{1}\n🌲\u{2028}", "\u{7f}", "\\é\"", &special] {
            let mut json = String::new();
            json_text(text, &mut json);
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
