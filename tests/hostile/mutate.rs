//! Inputs that are almost documents: valid ones of both formats, broken in a few places by a seeded hand.

use fastrand::Rng;

/// What stands in the place of something else.
const WORDS: [&str; 47] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-1",
    "11",
    "2147483647",
    "2147483648",
    "-2147483649",
    "1e400",
    "1e-400",
    "1E401",
    "-1e99999999999999999999",
    "0.1e5",
    "1.",
    ".5",
    "01",
    "+1",
    "NaN",
    "Infinity",
    "1e",
    "\"\"",
    "\"x\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\ud83c\\udf32\"",
    "\"\\x\"",
    "\"\u{202e}🌲e\u{301}\"",
    "\"2026-02-30\"",
    "\"0000-01-01\"",
    "\"9999-12-31\"",
    "\"infinity\"",
    "\"1899-12-31\"",
    "\"2026-11-23T20:04:05.123456789+00:00\"",
    "\"9999-12-31T23:59:60Z\"",
    "\"018f0000-0000-7000-8000-000000000001\"",
    "\"{018f00000000700080000000000000010}\"",
    "[]",
    "{}",
    "[null]",
    "[[]]",
    "{\"\":{}}",
    "{\"a\":1,\"a\":2}",
    "// x",
];

/// Keys that mean something somewhere.
const KEYS: [&str; 24] = [
    "format",
    "version",
    "exportedAt",
    "user",
    "redacted",
    "counts",
    "data",
    "exportDate",
    "logs",
    "ideas",
    "goals",
    "checkIns",
    "checkins",
    "teachingRequests",
    "harrisContent",
    "transcripts",
    "recordHistory",
    "importedRecords",
    "id",
    "userId",
    "date",
    "updatedAt",
    "payload",
    "wasPrivate",
];

/// A text, a number, a literal or a mark, from the first byte to behind the last.
type Token = (usize, usize);

/// An input made of one of these documents.
pub fn input(documents: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = documents[rng.usize(..documents.len())].clone();
    // One is enough most of the time: what is broken in many places is not read far.
    let times = if rng.u8(..3) > 0 { 1 } else { rng.usize(2..6) };
    for _ in 0..times {
        broken(&mut bytes, documents, rng);
        // A thing repeated of a thing repeated.
        bytes.truncate(4 * 1024 * 1024);
    }
    bytes
}

fn broken(bytes: &mut Vec<u8>, documents: &[Vec<u8>], rng: &mut Rng) {
    match rng.u8(..24) {
        0 => bytes.truncate(rng.usize(..=bytes.len())),
        1 => {
            if let Some(at) = place(bytes, rng) {
                bytes[at] ^= 1 << rng.u8(..8);
            }
        }
        2 => {
            let at = rng.usize(..=bytes.len());
            let some: Vec<u8> = (0..rng.usize(1..9)).map(|_| rng.u8(..)).collect();
            bytes.splice(at..at, some);
        }
        3 => {
            let at = rng.usize(..=bytes.len());
            let known: [&[u8]; 6] = [
                b"\0",
                b"\xff",
                b"\xc0\x80",
                b"\xed\xa0\x80",
                b"\xef\xbb\xbf",
                b"\xf0\x9f",
            ];
            bytes.splice(at..at, known[rng.usize(..6)].iter().copied());
        }
        4 => {
            let (from, to) = span(bytes, rng, 400);
            bytes.drain(from..to);
        }
        5 => {
            let (from, to) = span(bytes, rng, 400);
            let again = bytes[from..to].to_vec();
            bytes.splice(from..from, again);
        }
        6 => {
            // The end of another one.
            let other = &documents[rng.usize(..documents.len())];
            bytes.truncate(rng.usize(..=bytes.len()));
            bytes.extend_from_slice(&other[rng.usize(..=other.len())..]);
        }
        7 => bytes.extend_from_slice(b" {}"),
        8 => {
            // As deep as that.
            let deep = [5, 100, 115, 121, 500, 20_000][rng.usize(..6)];
            let (open, close) = if rng.bool() {
                ("[", "]")
            } else {
                ("{\"a\":", "}")
            };
            let nest = format!("{}0{}", open.repeat(deep), close.repeat(deep));
            replace(bytes, rng, nest.as_bytes());
        }
        9 => {
            let digits = "9".repeat([20, 400, 20_000, 140_000][rng.usize(..4)]);
            let number = match rng.u8(..4) {
                0 => digits,
                1 => format!("0.{digits}"),
                2 => format!("-{digits}e{}", rng.u16(..500)),
                _ => format!("\"{digits}\""),
            };
            replace(bytes, rng, number.as_bytes());
        }
        10 => {
            let some = ["x", "\\\\", "\\u0001", "é", "🌲", "\\n"][rng.usize(..6)];
            let text = format!(
                "\"{}\"",
                some.repeat([70, 600, 70_000, 300_000][rng.usize(..4)])
            );
            replace(bytes, rng, text.as_bytes());
        }
        11 => {
            let list = format!("[{}0]", "0,".repeat([10, 1000, 200_000][rng.usize(..3)]));
            replace(bytes, rng, list.as_bytes());
        }
        12 => {
            let many: Vec<String> = (0..[10, 1000, 50_000][rng.usize(..3)])
                .map(|n| format!("\"k{n}\":{n}"))
                .collect();
            replace(bytes, rng, format!("{{{}}}", many.join(",")).as_bytes());
        }
        13 => again(bytes, rng),
        14 => {
            // A key of another name.
            let key = format!("\"{}\"", KEYS[rng.usize(..KEYS.len())]);
            let keys: Vec<Token> = tokens(bytes)
                .into_iter()
                .filter(|token| is_key(bytes, *token))
                .collect();
            if let Some((from, to)) = choice(&keys, rng) {
                bytes.splice(from..to, key.into_bytes());
            }
        }
        15 | 16 => exchanged(bytes, rng),
        _ => {
            let word = WORDS[rng.usize(..WORDS.len())];
            replace(bytes, rng, word.as_bytes());
        }
    }
}

fn place(bytes: &[u8], rng: &mut Rng) -> Option<usize> {
    (!bytes.is_empty()).then(|| rng.usize(..bytes.len()))
}

fn span(bytes: &[u8], rng: &mut Rng, most: usize) -> (usize, usize) {
    let from = rng.usize(..=bytes.len());
    (from, (from + rng.usize(..most)).min(bytes.len()))
}

fn choice(tokens: &[Token], rng: &mut Rng) -> Option<Token> {
    (!tokens.is_empty()).then(|| tokens[rng.usize(..tokens.len())])
}

/// Puts it in the place of a value.
fn replace(bytes: &mut Vec<u8>, rng: &mut Rng, with: &[u8]) {
    let values: Vec<Token> = tokens(bytes)
        .into_iter()
        .filter(|token| is_value(bytes, *token))
        .collect();
    if let Some((from, to)) = choice(&values, rng) {
        bytes.splice(from..to, with.iter().copied());
    }
}

/// Two values change places.
fn exchanged(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let values: Vec<Token> = tokens(bytes)
        .into_iter()
        .filter(|token| is_value(bytes, *token))
        .collect();
    let (Some(one), Some(two)) = (choice(&values, rng), choice(&values, rng)) else {
        return;
    };
    let (first, second) = if one.0 < two.0 {
        (one, two)
    } else {
        (two, one)
    };
    if first.1 > second.0 {
        return;
    }
    let (a, b) = (
        bytes[first.0..first.1].to_vec(),
        bytes[second.0..second.1].to_vec(),
    );
    bytes.splice(second.0..second.1, a);
    bytes.splice(first.0..first.1, b);
}

/// A line, which is a row in what we write, or a member, once more or often.
fn again(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let Some(at) = place(bytes, rng) else { return };
    let from = bytes[..at]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let to = bytes[at..]
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(bytes.len(), |n| at + n);
    let mut line = bytes[from..to].to_vec();
    if !line.ends_with(b",") {
        line.push(b',');
    }
    line.push(b'\n');
    let times = if line.len() < 2000 {
        [1, 2, 50, 1000][rng.usize(..4)]
    } else {
        1
    };
    bytes.splice(from..from, line.repeat(times));
}

fn is_value(bytes: &[u8], token: Token) -> bool {
    !matches!(bytes[token.0], b'{' | b'}' | b'[' | b']' | b',' | b':') && !is_key(bytes, token)
}

fn is_key(bytes: &[u8], (from, to): Token) -> bool {
    bytes[from] == b'"'
        && bytes[to..].iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

fn tokens(bytes: &[u8]) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let from = at;
        match bytes[at] {
            b'"' => {
                at += 1;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at = (at + 1).min(bytes.len());
            }
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.') => {
                while at < bytes.len()
                    && (bytes[at].is_ascii_alphanumeric()
                        || matches!(bytes[at], b'-' | b'+' | b'.'))
                {
                    at += 1;
                }
            }
            byte => {
                at += 1;
                if byte.is_ascii_whitespace() {
                    continue;
                }
            }
        }
        found.push((from, at));
    }
    found
}
