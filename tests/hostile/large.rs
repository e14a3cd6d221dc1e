//! Documents that are too large for any memory, written as they are read.

use std::io::{Cursor, Read};

/// A document: a beginning, a piece many times, an end.
pub struct Large {
    pub name: &'static str,
    pub beginning: String,
    pub piece: fn(u64, &mut String),
    pub times: u64,
    pub end: &'static str,
    /// What is said where it is refused; nothing where it is taken.
    pub refused: Option<&'static str>,
}

/// A header of ours before the rows of one table.
pub fn header(table: &str, rows: u64) -> String {
    format!(
        "{{\"format\":\"harriswildlands-export\",\"version\":2,\"exportedAt\":\"2026-11-28T00:00:00Z\",\
         \"user\":{USER},\"redacted\":false,\"counts\":{{\"{table}\":{rows}}},\"data\":{{\"{table}\":["
    )
}

pub const USER: &str = "{\"id\":\"018f0000-0000-7000-8000-000000000001\",\"username\":\"x\",\"email\":null,\
    \"displayName\":\"x\",\"timezone\":\"UTC\",\"weekStart\":1,\"settings\":{},\"createdAt\":\"2026-11-28T00:00:00Z\"}";

/// A record of another program up to its payload, and behind it.
pub fn kept(n: u64) -> String {
    format!(
        "{{\"id\":\"018f0000-0000-7000-8000-{n:012}\",\"userId\":\"018f0000-0000-7000-8000-000000000001\",\
         \"source\":\"x\",\"kind\":\"y\",\"sourceId\":\"{n}\",\"payload\":"
    )
}

pub const BEHIND: &str = ",\"reason\":\"\",\"createdAt\":\"2026-11-28T00:00:00Z\",\"updatedAt\":\"2026-11-28T00:00:00Z\",\
    \"version\":1,\"archivedAt\":null}";

/// The beginning of the web application's document.
pub const WEB: &str =
    "{\"exportDate\":\"2026-11-20T10:00:00.000Z\",\"version\":\"1.0.0\",\"data\":{";

/// Whether the large ones run as well, and the others at their full size: minutes without optimization.
pub fn is_full() -> bool {
    std::env::var_os("WILDLANDS_HOSTILE").is_some_and(|value| value == "full")
}

/// All that was thought of.
#[allow(clippy::too_many_lines)] // one list
pub fn all() -> Vec<Large> {
    let in_record = |what: &str| format!("{}{}{what}", header("importedRecords", 1), kept(1));
    let too_long = Some("longer than");
    let large = |name, beginning: String, piece, times, end, refused| Large {
        name,
        beginning,
        piece,
        times,
        end,
        refused,
    };
    let mut all = vec![
        large(
            "a text of 300 MB",
            in_record("\""),
            |_, out| out.push_str("0123456789"),
            30_000_000,
            "\"",
            too_long,
        ),
        large(
            "a text of escapes",
            in_record("\""),
            |_, out| out.push_str("\\\\\\\"\\u0001"),
            30_000_000,
            "\"",
            too_long,
        ),
        large(
            "ten million lists in one another",
            in_record(""),
            |_, out| out.push('['),
            10_000_000,
            "",
            Some("nested"),
        ),
        large(
            "ten million objects in one another",
            in_record(""),
            |_, out| out.push_str("{\"a\":"),
            10_000_000,
            "",
            Some("nested"),
        ),
        large(
            "a list of fifty million numbers",
            in_record("["),
            |_, out| out.push_str("1234567890,"),
            50_000_000,
            "0]",
            too_long,
        ),
        large(
            "an object of millions of keys",
            in_record("{\"a\":1"),
            |n, out| out.push_str(&format!(",\"a key of {n:020}\":0")),
            20_000_000,
            "}",
            too_long,
        ),
        large(
            "a number of 300 MB",
            in_record(""),
            |_, out| out.push_str("1234567890"),
            30_000_000,
            "",
            too_long,
        ),
        large(
            "300 MB of nothing",
            in_record(""),
            |_, out| out.push_str("     \n     "),
            30_000_000,
            "",
            too_long,
        ),
        large(
            "numbers that are written out",
            in_record("["),
            |_, out| out.push_str("1e399,"),
            10_000_000,
            "0]",
            Some("beyond"),
        ),
        large(
            "fifty million rows that are none",
            header("logs", 1),
            |_, out| out.push_str("0,"),
            50_000_000,
            "0]}}",
            Some("an object is expected"),
        ),
        large(
            "a list of empty texts",
            format!("{}{LESSON}", header("teachingRequests", 1)),
            |_, out| out.push_str("\"\","),
            50_000_000,
            "",
            Some("too long"),
        ),
        large(
            "a name of 300 MB",
            "{\"".to_owned(),
            |_, out| out.push_str("0123456789"),
            30_000_000,
            "\":1}",
            too_long,
        ),
        large(
            "a header of many lists",
            "{\"a\":1".to_owned(),
            many_lists,
            99,
            "}",
            Some("too long for a header"),
        ),
        large(
            "kinds with long names",
            format!("{WEB}\"a\":1"),
            |n, out| {
                out.push_str(&format!(",\"{}{n}\":1", "k".repeat(1_000_000)));
            },
            90,
            "}}",
            Some("the name of a kind is too long"),
        ),
        large(
            "days that fit no question",
            format!("{WEB}\"logs\":["),
            |n, out| {
                out.push_str(&format!(
                "{{\"id\":{n},\"date\":\"{:04}-01-01\",\"energy\":\"x\",\"stress\":\"x\",\"mood\":\"x\",\"focus\":\"x\"}},",
                1 + n % 9000
            ));
            },
            2_000_000,
            "0]}}",
            Some("too many"),
        ),
        large(
            "a day of many rows",
            format!("{WEB}\"logs\":["),
            |n, out| {
                out.push_str(&format!(
                    "{{\"id\":{n},\"date\":\"2026-01-01\",\"note\":\"{}\"}},",
                    "\\\"".repeat(1000)
                ));
            },
            6000,
            "0]}} x",
            Some("follows the end"),
        ),
    ];
    if is_full() {
        all.push(large(
            "days of numbers with many digits",
            format!("{WEB}\"logs\":["),
            |n, out| {
                out.push_str(&format!(
                    "{{\"id\":{n},\"date\":\"{:04}-01-01\",\"x\":{}}},",
                    1 + n % 9000,
                    "9".repeat(100_000)
                ));
            },
            5000,
            "0]}}",
            Some("too many"),
        ));
    }
    all
}

/// A lesson up to its list of texts.
const LESSON: &str = "{\"id\":\"018f0000-0000-7000-8000-000000000001\",\"userId\":\"018f0000-0000-7000-8000-000000000001\",\
    \"subject\":\"x\",\"grade\":\"\",\"topic\":\"\",\"standards\":[";

fn many_lists(n: u64, out: &mut String) {
    out.push_str(&format!(",\"k{n}\":[{}0]", "0,".repeat(500_000)));
}

impl Large {
    /// As a stream.
    pub fn reader(&self) -> impl Read + Send + 'static {
        let (piece, times) = (self.piece, self.times);
        let beginning = Cursor::new(self.beginning.clone().into_bytes());
        beginning
            .chain(Pieces {
                piece,
                next: 0,
                times,
                at: 0,
                ready: String::new(),
            })
            .chain(Cursor::new(self.end.as_bytes()))
    }
}

struct Pieces {
    piece: fn(u64, &mut String),
    next: u64,
    times: u64,
    at: usize,
    ready: String,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.ready.len() {
            self.ready.clear();
            self.at = 0;
            while self.next < self.times && self.ready.len() < 64 * 1024 {
                (self.piece)(self.next, &mut self.ready);
                self.next += 1;
            }
        }
        let rest = &self.ready.as_bytes()[self.at..];
        let taken = rest.len().min(into.len());
        into[..taken].copy_from_slice(&rest[..taken]);
        self.at += taken;
        Ok(taken)
    }
}

/// Those that are taken.
pub fn taken() -> Vec<Large> {
    let (many, large) = if is_full() { (300_000, 3) } else { (60_000, 1) };
    vec![
        Large {
            name: "many records",
            beginning: header("importedRecords", many),
            piece: |n, out| {
                let comma = if n > 0 { "," } else { "" };
                out.push_str(&format!(
                    "{comma}{}\"{}\"{BEHIND}",
                    kept(n),
                    "words and more words ".repeat(10)
                ));
            },
            times: many,
            end: "]}}",
            refused: None,
        },
        Large {
            name: "records as large as they may be",
            beginning: header("importedRecords", large),
            piece: |n, out| {
                let comma = if n > 0 { "," } else { "" };
                out.push_str(&format!(
                    "{comma}{}\"{}\"{BEHIND}",
                    kept(1_000_000 + n),
                    "\\\\".repeat(8_300_000)
                ));
            },
            times: large,
            end: "]}}",
            refused: None,
        },
    ]
}
