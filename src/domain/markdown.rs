//! Texts of a person in a Markdown document.
//!
//! What would be Markdown is escaped where it would change what is read (`CommonMark` 0.31 and GitHub's tables and
//! strikethrough); bullets stay lists, line breaks stay line breaks. Control characters become visible.

use std::fmt::Write as _;

use serde_json::Value;

use super::text::{printable, printable_lines};

/// A text as one line: of a heading, of an item, behind a label.
#[must_use]
pub fn inline(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    escaped(&printable(&words.join(" ")))
}

/// A text of several lines as paragraphs and lists. Ends without a line break.
#[must_use]
pub fn block(text: &str) -> String {
    let text = clean(text);
    let mut lines = Lines::default();
    for line in text.lines() {
        lines.push(line);
    }
    lines.written.trim_end_matches('\n').to_owned()
}

/// A text that is Markdown by the person's own hand. Ends without a line break.
#[must_use]
pub fn verbatim(text: &str) -> String {
    clean(text).trim_end().to_owned()
}

/// The lines between `---` at the top of a document that programs read; YAML, by way of JSON, which is a part of it.
/// Values that are `Null` or empty are left out.
#[must_use]
pub fn front_matter(entries: &[(&str, Value)]) -> String {
    let mut lines = String::from("---\n");
    for (key, value) in entries {
        let value = match value {
            Value::Null => continue,
            Value::String(text) if text.is_empty() => continue,
            Value::Array(list) if list.is_empty() => continue,
            Value::String(text) => Value::from(one_line(text)),
            other => other.clone(),
        };
        let _ = writeln!(lines, "{key}: {value}");
    }
    lines.push_str("---\n");
    lines
}

/// A name for the file of a document, without its ending: letters, figures and hyphens, short enough for any file
/// system.
#[must_use]
pub fn file_stem(kind: &str, title: &str) -> String {
    const BYTES: usize = 120;
    let mut stem = kind.to_owned();
    let words = title.split(|c: char| !c.is_alphanumeric());
    for word in words.filter(|word| !word.is_empty()) {
        let word = word.to_lowercase();
        if stem.len() + 1 + word.len() > BYTES {
            break;
        }
        stem.push('-');
        stem.push_str(&word);
    }
    stem
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    printable(&words.join(" ")).into_owned()
}

fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\t', "    ");
    printable_lines(&text).into_owned()
}

/// What the line before is, which decides what has to stand between.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Before {
    #[default]
    Nothing,
    Plain,
    Item {
        depth: usize,
    },
}

#[derive(Default)]
struct Lines {
    written: String,
    before: Before,
}

impl Lines {
    fn push(&mut self, line: &str) {
        if let Some(item) = bullet(line) {
            self.item(line, item);
        } else if line.trim().is_empty() {
            if self.before != Before::Nothing {
                self.written.push('\n');
            }
            self.before = Before::Nothing;
        } else {
            match self.before {
                Before::Nothing => {}
                // A line break within a paragraph, as the person made it.
                Before::Plain => {
                    self.written.pop();
                    self.written.push_str("\\\n");
                }
                Before::Item { .. } => self.written.push('\n'),
            }
            self.written.push_str(&escaped(line.trim()));
            self.written.push('\n');
            self.before = Before::Plain;
        }
    }

    fn item(&mut self, line: &str, item: &str) {
        let indented = (line.len() - line.trim_start().len()) / 2;
        let depth = match self.before {
            Before::Nothing => 0,
            Before::Plain => {
                self.written.push('\n');
                0
            }
            Before::Item { depth } => indented.min(depth + 1),
        };
        self.written.push_str(&"  ".repeat(depth));
        self.written.push_str("- ");
        self.written.push_str(&escaped(item));
        self.written.push('\n');
        self.before = Before::Item { depth };
    }
}

/// What stands behind the bullet of a line.
fn bullet(line: &str) -> Option<&str> {
    let rest = line.trim().strip_prefix(['-', '*', '+', '•'])?;
    let item = rest.trim_start();
    (rest.starts_with(' ') && !item.is_empty()).then_some(item)
}

fn escaped(line: &str) -> String {
    let mut written = String::with_capacity(line.len() + 8);
    let mut before = ' ';
    let mut rest = line.chars().peekable();
    let lead = escaped_lead(line);
    let mut place = 0;
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        if lead == Some(place) || is_syntax(before, c, after) {
            written.push('\\');
        }
        written.push(c);
        before = c;
        place += 1;
    }
    written
}

/// The character at the beginning of a line, counted from 0, that would make it something else than a paragraph.
fn escaped_lead(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    let second = line.chars().nth(1).unwrap_or(' ');
    let only = |sign: char| line.chars().all(|c| c == sign || c == ' ');
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    match first {
        '-' | '+' if second == ' ' || only(first) => Some(0),
        '=' if only('=') => Some(0),
        '>' => Some(0),
        '0'..='9' => {
            let mut behind = line.chars().skip(digits);
            let ends = matches!(behind.next(), Some('.' | ')'));
            (ends && behind.next().is_none_or(|c| c == ' ')).then_some(digits)
        }
        // A row that parts a table's head from its body; also `:--`.
        '-' | ':' if line.chars().all(|c| matches!(c, '-' | ':' | ' ' | '|')) => Some(0),
        _ => None,
    }
}

fn is_syntax(before: char, c: char, after: char) -> bool {
    match c {
        '\\' | '`' | '*' | '[' | ']' | '|' | '~' => true,
        '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
        '#' => before == ' ',
        '<' => after.is_alphabetic() || matches!(after, '/' | '!' | '?'),
        '&' => after.is_alphanumeric() || after == '#',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;

    const READ: Options = Options::ENABLE_TABLES
        .union(Options::ENABLE_STRIKETHROUGH)
        .union(Options::ENABLE_FOOTNOTES)
        .union(Options::ENABLE_TASKLISTS)
        .union(Options::ENABLE_YAML_STYLE_METADATA_BLOCKS)
        .union(Options::ENABLE_GFM);

    /// What a reader sees, and the names of the structures beyond paragraphs and lists.
    fn read(markdown: &str) -> (String, Vec<String>) {
        let (mut text, mut odd) = (String::new(), Vec::new());
        for event in Parser::new_ext(markdown, READ) {
            match event {
                Event::Text(words) => text.push_str(&words),
                Event::SoftBreak
                | Event::HardBreak
                | Event::Start(Tag::Paragraph | Tag::List(None) | Tag::Item) => text.push(' '),
                Event::End(_) => {}
                other => odd.push(format!("{other:?}")),
            }
        }
        (text, odd)
    }

    fn squeezed(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn syntax_is_read_as_it_was_typed() {
        for text in [
            "# no heading",
            "no heading\n===",
            "no heading\n---",
            "1. one\n3. three\n5) five",
            "> no quote",
            "<b>no html</b> &amp; a < b & c",
            "*a* _b_ __c__ ~~d~~ `e` snake_case 2 * 3",
            "[a](http://b) ![c](d) [e]: f",
            "a | b\n--- | ---\nc | d",
            "```\ncode\n```",
            "    deep",
            "---\ntitle: x\n---",
            "C # and #hash",
            "back\\slash\\",
            ":--\n-",
        ] {
            let (seen, odd) = read(&block(text));
            assert_eq!(squeezed(&seen), squeezed(text), "{text:?}: {}", block(text));
            assert!(odd.is_empty(), "{text:?}: {odd:?}");
        }
    }

    #[test]
    fn bullets_stay_lists_and_line_breaks_stay() {
        assert_eq!(
            block("Bring\n* pens\n  - red\n• paper\nand go\nhome\n\n\nend"),
            "Bring\n\n- pens\n  - red\n- paper\n\nand go\\\nhome\n\nend"
        );
        assert_eq!(inline(" a\nb # c "), "a b \\# c");
        assert_eq!(verbatim("# Mine\n\n*kept*\n\u{7}"), "# Mine\n\n*kept*\n␇");
    }

    #[test]
    fn a_files_name_is_short_and_plain() {
        assert_eq!(
            file_stem("lesson", "Maths: ¼ + ½, again!"),
            "lesson-maths-¼-½-again"
        );
        assert_eq!(file_stem("lesson", "../../etc"), "lesson-etc");
        assert_eq!(file_stem("lesson", "…"), "lesson");
        assert!(file_stem("lesson", &"語 ".repeat(200)).len() <= 120);
        assert_eq!(file_stem("lesson", &"語".repeat(200)), "lesson");
    }

    #[test]
    fn front_matter_is_yaml_without_what_is_empty() {
        let told = front_matter(&[
            ("title", Value::from("a: \"b\"\n# c\u{1b}")),
            ("tone", Value::Null),
            ("audience", Value::from("")),
            ("words", Value::from(3)),
        ]);
        assert_eq!(told, "---\ntitle: \"a: \\\"b\\\" # c␛\"\nwords: 3\n---\n");
        let yaml: Value = serde_saphyr::from_str(told.trim_matches(['-', '\n'])).unwrap();
        assert_eq!(yaml.get("title").unwrap(), "a: \"b\" # c␛");
    }

    fn typed() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop_oneof![
                4 => "[-+*_`~#>\\[\\]()!<&|=:.0-9\\\\ ]{0,4}",
                2 => "[a-z]{1,4}",
                1 => Just("\n".to_owned()),
                1 => Just("&lt;".to_owned()),
                1 => Just("http://a.b".to_owned()),
            ],
            0..12,
        )
        .prop_map(|parts| parts.concat())
    }

    /// Without the bullets, which become lists.
    fn unbulleted(text: &str) -> String {
        let lines: Vec<&str> = text
            .lines()
            .map(|line| bullet(line).unwrap_or(line))
            .collect();
        squeezed(&lines.join("\n"))
    }

    proptest! {
        #[test]
        fn a_text_is_read_as_it_was_typed(text in typed()) {
            let (seen, odd) = read(&block(&text));
            prop_assert_eq!(squeezed(&seen), unbulleted(&text), "{}", block(&text));
            prop_assert!(odd.is_empty(), "{:?} in {}", odd, block(&text));
        }

        #[test]
        fn one_line_is_one_line_of_text(text in typed()) {
            let heading = format!("# {}\n", inline(&text));
            let (seen, odd) = read(&heading);
            prop_assert_eq!(squeezed(&seen), squeezed(&text), "{}", heading);
            prop_assert_eq!(odd.len(), 1, "{:?} in {}", odd, heading);
            let item = format!("- {}\n", inline(&text));
            let (seen, odd) = read(&item);
            prop_assert_eq!(squeezed(&seen), squeezed(&text), "{}", item);
            prop_assert!(odd.is_empty(), "{:?} in {}", odd, item);
        }

        #[test]
        fn nothing_written_holds_a_control_character(text in "[\\x00-\\x1f\\x7f-\\x9fa \\n]{0,30}") {
            let entry = [("title", Value::from(text.as_str()))];
            for written in [block(&text), inline(&text), verbatim(&text), front_matter(&entry)] {
                prop_assert!(!written.chars().any(|c| c != '\n' && c.is_control()), "{:?}", written);
            }
        }
    }
}
