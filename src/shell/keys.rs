//! What a terminal sends, turned into keys and pastes.
//!
//! Bytes may be cut anywhere: a rest is kept until more comes. Only an escape key is ambiguous (it
//! begins every sequence); [`Keys::is_waiting`] says so and [`Keys::settle`] decides. The wheel of the
//! mouse, which reports only when it is asked to, makes the keys that move, its left button a click; key releases, other
//! reports and sequences that are not known make none. Nothing here blocks.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key, a click, or a pasted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// A key was pressed.
    Key(KeyEvent),
    /// The left button was pressed at this column and row, both from 0.
    Click(u16, u16),
    /// A text was pasted; its lines end with `\n`.
    Paste(String),
}

/// The longest paste that is taken whole; what is beyond is dropped, byte for byte.
pub const LONGEST_PASTE: usize = 8 * 1024 * 1024;

const LONGEST_SEQUENCE: usize = 64;
const ESCAPE: u8 = 0x1b;
/// The kind of a key event, in the kitty protocol.
const RELEASE: &str = "3";
const PASTE_END: &[u8] = b"\x1b[201~";

/// Reads bytes, remembers what is not complete.
#[derive(Debug, Default)]
pub struct Keys {
    rest: Vec<u8>,
    paste: Option<Vec<u8>>,
}

enum Step {
    /// More bytes are needed.
    More,
    /// This many bytes are done with; they made this key, if any.
    Done(usize, Option<KeyEvent>),
    /// This many bytes were a click at this column and row.
    Click(usize, (u16, u16)),
    /// This many bytes began a paste.
    Paste(usize),
}

impl Keys {
    /// Takes bytes, puts what they mean into `out`.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<Typed>) {
        self.rest.extend_from_slice(bytes);
        let mut rest = std::mem::take(&mut self.rest);
        let mut from = 0;
        loop {
            let left = rest.get(from..).unwrap_or_default();
            if let Some(paste) = &mut self.paste {
                let Some(used) = take_paste(paste, left) else {
                    // All but what may be the beginning of the end.
                    from += hold_back(paste, left);
                    break;
                };
                from += used;
                let whole = self.paste.take().unwrap_or_default();
                out.push(Typed::Paste(lines(&whole)));
                continue;
            }
            if left.is_empty() {
                break;
            }
            match step(left) {
                Step::More => break,
                Step::Paste(used) => {
                    from += used;
                    self.paste = Some(Vec::new());
                }
                Step::Done(used, key) => {
                    from += used.max(1);
                    out.extend(key.map(Typed::Key));
                }
                Step::Click(used, (column, row)) => {
                    from += used;
                    out.push(Typed::Click(column, row));
                }
            }
        }
        rest.drain(..from.min(rest.len()));
        self.rest = rest;
    }

    /// Whether something waits that may be a key of its own.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.paste.is_none() && !self.rest.is_empty()
    }

    /// Nothing more has come for a moment: what waits is all there is.
    pub fn settle(&mut self, out: &mut Vec<Typed>) {
        if self.paste.is_some() {
            return;
        }
        let rest = std::mem::take(&mut self.rest);
        match rest.as_slice() {
            [ESCAPE] => out.push(Typed::Key(plain(KeyCode::Esc))),
            [ESCAPE, b'['] => out.push(Typed::Key(alt(plain(KeyCode::Char('['))))),
            [ESCAPE, b'O'] => out.push(Typed::Key(alt(character('O')))),
            // Half of something; showing it as text would only puzzle.
            _ => {}
        }
    }
}

/// Moves bytes into the paste up to its end; how many were used, if the end is there.
fn take_paste(paste: &mut Vec<u8>, left: &[u8]) -> Option<usize> {
    let end = find(left, PASTE_END)?;
    keep(paste, left.get(..end).unwrap_or_default());
    Some(end + PASTE_END.len())
}

/// Moves bytes into the paste, but not a tail that may be the beginning of its end.
fn hold_back(paste: &mut Vec<u8>, left: &[u8]) -> usize {
    let tail = (1..PASTE_END.len())
        .rev()
        .find(|length| left.ends_with(PASTE_END.get(..*length).unwrap_or_default()))
        .unwrap_or(0);
    let taken = left.len() - tail;
    keep(paste, left.get(..taken).unwrap_or_default());
    taken
}

fn keep(paste: &mut Vec<u8>, bytes: &[u8]) {
    let room = LONGEST_PASTE.saturating_sub(paste.len());
    paste.extend_from_slice(bytes.get(..bytes.len().min(room)).unwrap_or_default());
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

/// Terminals send a carriage return for each line's end.
fn lines(paste: &[u8]) -> String {
    String::from_utf8_lossy(paste)
        .replace("\r\n", "\n")
        .replace('\r', "\n")
}

fn step(left: &[u8]) -> Step {
    match left {
        [ESCAPE] => Step::More,
        [ESCAPE, b'[', ..] => sequence(left),
        [ESCAPE, b'O', ..] => match left.get(2) {
            None => Step::More,
            Some(last) => Step::Done(3, named(*last).map(plain)),
        },
        // The first was a key; what it stood before begins anew.
        [ESCAPE, ESCAPE, ..] => Step::Done(1, Some(plain(KeyCode::Esc))),
        [ESCAPE, rest @ ..] => match single(rest) {
            Step::Done(used, key) => Step::Done(used + 1, key.map(alt)),
            other => other,
        },
        _ => single(left),
    }
}

/// A control character or a character of UTF-8.
fn single(left: &[u8]) -> Step {
    let Some(&first) = left.first() else {
        return Step::More;
    };
    let control =
        |letter: u8| KeyEvent::new(KeyCode::Char(char::from(letter)), KeyModifiers::CONTROL);
    let key = match first {
        b'\r' => plain(KeyCode::Enter),
        b'\t' => plain(KeyCode::Tab),
        0x7f => plain(KeyCode::Backspace),
        0x00 => control(b' '),
        0x01..=0x1a => control(first - 1 + b'a'),
        0x1b => plain(KeyCode::Esc),
        0x1c..=0x1f => control(first - 0x1c + b'4'),
        0x20..=0x7e => character(char::from(first)),
        0x80.. => return utf8(left),
    };
    Step::Done(1, Some(key))
}

fn utf8(left: &[u8]) -> Step {
    let length = match left.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return Step::Done(1, None),
    };
    let whole = left.get(..length.min(left.len())).unwrap_or_default();
    match std::str::from_utf8(whole) {
        Ok(text) => Step::Done(length, text.chars().next().map(character)),
        Err(error) if error.error_len().is_none() => Step::More,
        Err(error) => Step::Done(error.error_len().unwrap_or(1), None),
    }
}

/// `ESC [ parameters final`.
fn sequence(left: &[u8]) -> Step {
    let body = left.get(2..).unwrap_or_default();
    // The Linux console's F1 to F5.
    if let [b'[', rest @ ..] = body {
        return match rest.first() {
            None => Step::More,
            Some(letter @ b'A'..=b'E') => Step::Done(4, Some(plain(KeyCode::F(letter - b'A' + 1)))),
            Some(_) => Step::Done(4, None),
        };
    }
    let Some(end) = body.iter().position(|byte| !(0x20..=0x3f).contains(byte)) else {
        return if left.len() > LONGEST_SEQUENCE {
            Step::Done(left.len(), None)
        } else {
            Step::More
        };
    };
    let used = end + 3;
    let last = body.get(end).copied().unwrap_or_default();
    if !(0x40..=0x7e).contains(&last) {
        // Broken off: what broke it is a key of its own.
        return Step::Done(used - 1, None);
    }
    let parameters = body.get(..end).unwrap_or_default();
    if parameters == b"200" && last == b'~' {
        return Step::Paste(used);
    }
    match click(parameters).filter(|_| last == b'M') {
        Some(at) => Step::Click(used, at),
        None => Step::Done(used, key_of(parameters, last)),
    }
}

fn key_of(parameters: &[u8], last: u8) -> Option<KeyEvent> {
    let text = std::str::from_utf8(parameters).ok()?;
    let mut parts = text.split(';');
    let first = parts.next().unwrap_or_default();
    let mut second = parts.next().unwrap_or_default().split(':');
    let modifiers = second
        .next()
        .and_then(|bits| bits.parse().ok())
        .map_or(KeyModifiers::NONE, |bits: u8| {
            modifiers(bits.saturating_sub(1))
        });
    if second.next() == Some(RELEASE) {
        return None;
    }
    let number: Option<u32> = first
        .split(':')
        .next()
        .and_then(|number| number.parse().ok());
    let code = match last {
        b'~' => numbered(number?)?,
        b'u' => return Some(with(coded(number?)?, modifiers)),
        b'Z' => {
            return Some(KeyEvent::new(
                KeyCode::BackTab,
                modifiers | KeyModifiers::SHIFT,
            ));
        }
        b'M' => return wheel(first).map(plain),
        b'I' | b'O' | b'm' => return None,
        letter if first.is_empty() || first == "1" => named(letter)?,
        _ => return None,
    };
    Some(KeyEvent::new(code, modifiers))
}

/// The left button going down in the notation of `?1006`, `<0;COLUMN;ROW` with both from 1; with a
/// modifier it is for the terminal itself.
fn click(parameters: &[u8]) -> Option<(u16, u16)> {
    let text = std::str::from_utf8(parameters).ok()?;
    let mut places = text.strip_prefix("<0;")?.split(';');
    let mut place = || places.next()?.parse::<u16>().ok()?.checked_sub(1);
    Some((place()?, place()?))
}

/// The wheel in the notation of `?1006`: `<64` up, `<65` down, with bits for the modifiers.
fn wheel(button: &str) -> Option<KeyCode> {
    const MODIFIERS: u8 = 4 | 8 | 16;
    let button: u8 = button.strip_prefix('<')?.parse().ok()?;
    match button & !MODIFIERS {
        64 => Some(KeyCode::Up),
        65 => Some(KeyCode::Down),
        _ => None,
    }
}

fn named(letter: u8) -> Option<KeyCode> {
    Some(match letter {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'M' => KeyCode::Enter,
        b'P'..=b'S' => KeyCode::F(letter - b'P' + 1),
        _ => return None,
    })
}

fn numbered(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(u8::try_from(number - 10).ok()?),
        17..=21 => KeyCode::F(u8::try_from(number - 11).ok()?),
        23..=24 => KeyCode::F(u8::try_from(number - 12).ok()?),
        _ => return None,
    })
}

/// A key of the kitty protocol and of xterm's `modifyOtherKeys`.
fn coded(number: u32) -> Option<KeyEvent> {
    Some(match number {
        9 => plain(KeyCode::Tab),
        13 => plain(KeyCode::Enter),
        27 => plain(KeyCode::Esc),
        127 => plain(KeyCode::Backspace),
        _ => character(char::from_u32(number).filter(|c| !c.is_control())?),
    })
}

fn modifiers(bits: u8) -> KeyModifiers {
    [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
    ]
    .into_iter()
    .filter(|(bit, _)| bits & bit != 0)
    .fold(KeyModifiers::NONE, |all, (_, modifier)| all | modifier)
}

const fn plain(code: KeyCode) -> KeyEvent {
    KeyEvent::new(code, KeyModifiers::NONE)
}

fn character(c: char) -> KeyEvent {
    let modifiers = if c.is_uppercase() {
        KeyModifiers::SHIFT
    } else {
        KeyModifiers::NONE
    };
    KeyEvent::new(KeyCode::Char(c), modifiers)
}

fn alt(key: KeyEvent) -> KeyEvent {
    with(key, KeyModifiers::ALT)
}

fn with(mut key: KeyEvent, modifiers: KeyModifiers) -> KeyEvent {
    key.modifiers |= modifiers;
    key
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use super::*;

    fn typed(bytes: &[u8]) -> Vec<Typed> {
        let mut out = Vec::new();
        let mut keys = Keys::default();
        keys.feed(bytes, &mut out);
        keys.settle(&mut out);
        out
    }

    fn one(bytes: &[u8]) -> (KeyCode, KeyModifiers) {
        match typed(bytes).as_slice() {
            [Typed::Key(key)] => (key.code, key.modifiers),
            other => panic!("{bytes:?} gave {other:?}"),
        }
    }

    #[test]
    fn each_key_has_its_sequence() {
        let none = KeyModifiers::NONE;
        for (bytes, code, modifiers) in [
            (&b"j"[..], KeyCode::Char('j'), none),
            (b"G", KeyCode::Char('G'), KeyModifiers::SHIFT),
            ("é".as_bytes(), KeyCode::Char('é'), none),
            ("界".as_bytes(), KeyCode::Char('界'), none),
            ("🦀".as_bytes(), KeyCode::Char('🦀'), none),
            (b"\r", KeyCode::Enter, none),
            (b"\t", KeyCode::Tab, none),
            (b"\x7f", KeyCode::Backspace, none),
            (b"\x03", KeyCode::Char('c'), KeyModifiers::CONTROL),
            (b"\x00", KeyCode::Char(' '), KeyModifiers::CONTROL),
            (b"\x1f", KeyCode::Char('7'), KeyModifiers::CONTROL),
            (b"\x1b", KeyCode::Esc, none),
            (b"\x1b1", KeyCode::Char('1'), KeyModifiers::ALT),
            (b"\x1b\r", KeyCode::Enter, KeyModifiers::ALT),
            (b"\x1b[A", KeyCode::Up, none),
            (b"\x1bOB", KeyCode::Down, none),
            (b"\x1b[1;5C", KeyCode::Right, KeyModifiers::CONTROL),
            (b"\x1b[H", KeyCode::Home, none),
            (b"\x1b[4~", KeyCode::End, none),
            (b"\x1b[3;3~", KeyCode::Delete, KeyModifiers::ALT),
            (b"\x1b[Z", KeyCode::BackTab, KeyModifiers::SHIFT),
            (b"\x1bOP", KeyCode::F(1), none),
            (b"\x1b[[B", KeyCode::F(2), none),
            (b"\x1b[15~", KeyCode::F(5), none),
            (b"\x1b[19~", KeyCode::F(8), none),
            (b"\x1b[24~", KeyCode::F(12), none),
            (b"\x1b[<64;10;4M", KeyCode::Up, none),
            (b"\x1b[<65;10;4M", KeyCode::Down, none),
            (b"\x1b[<69;200;300M", KeyCode::Down, none),
            (b"\x1b[97;5u", KeyCode::Char('a'), KeyModifiers::CONTROL),
            (b"\x1b[27u", KeyCode::Esc, none),
            (b"\x1b[", KeyCode::Char('['), KeyModifiers::ALT),
        ] {
            assert_eq!(one(bytes), (code, modifiers), "{bytes:?}");
        }
    }

    #[test]
    fn the_left_button_is_a_click_where_it_points() {
        assert_eq!(typed(b"\x1b[<0;3;4M"), [Typed::Click(2, 3)]);
        let drag = typed(b"j\x1b[<0;300;120M\x1b[<0;300;120m");
        assert_eq!(drag.get(1..), Some(&[Typed::Click(299, 119)][..]));
    }

    #[test]
    fn releases_reports_and_the_unknown_make_no_key() {
        for bytes in [
            &b"\x1b[97;1:3u"[..],
            b"\x1b[I",
            b"\x1b[O",
            b"\x1b[<0;3;4m",
            b"\x1b[<0;0;4M",
            b"\x1b[<0;3M",
            b"\x1b[<0;70000;4M",
            b"\x1b[<4;3;4M",
            b"\x1b[<2;3;4M",
            b"\x1b[<66;3;4M",
            b"\x1b[<999;3;4M",
            b"\x1b[12;40R",
            b"\x1b[99999999999999~",
            b"\x1b[?62;c",
            b"\xff\xfe",
        ] {
            assert_eq!(typed(bytes), [], "{bytes:?}");
        }
    }

    #[test]
    fn a_cut_sequence_waits_for_its_rest() {
        let whole = "\x1b[1;5C界\x1b[200~a\rb\x1b[201~k".as_bytes();
        let expected = typed(whole);
        assert_eq!(expected.len(), 4);
        for cut in 1..whole.len() {
            let (mut keys, mut out) = (Keys::default(), Vec::new());
            keys.feed(&whole[..cut], &mut out);
            keys.feed(&whole[cut..], &mut out);
            assert_eq!(out, expected, "cut at {cut}");
            assert!(!keys.is_waiting());
        }
    }

    #[test]
    fn a_lone_escape_waits_and_settles() {
        let (mut keys, mut out) = (Keys::default(), Vec::new());
        keys.feed(b"\x1b", &mut out);
        assert!(out.is_empty() && keys.is_waiting());
        keys.settle(&mut out);
        assert_eq!(out, [Typed::Key(plain(KeyCode::Esc))]);
        assert!(!keys.is_waiting());
    }

    #[test]
    fn escape_before_a_sequence_is_a_key_of_its_own() {
        assert_eq!(
            typed(b"\x1b\x1b[A"),
            [
                Typed::Key(plain(KeyCode::Esc)),
                Typed::Key(plain(KeyCode::Up))
            ]
        );
    }

    #[test]
    fn a_paste_is_one_text_whatever_it_holds() {
        assert_eq!(
            typed(b"\x1b[200~one\r\ntwo\rthree\x1b[Aq\x00\xff\x1b[201~j"),
            [
                Typed::Paste("one\ntwo\nthree\x1b[Aq\0\u{fffd}".to_owned()),
                Typed::Key(plain(KeyCode::Char('j'))),
            ]
        );
    }

    #[test]
    fn a_paste_of_a_megabyte_in_small_pieces_arrives_whole() {
        let (mut keys, mut out) = (Keys::default(), Vec::new());
        let text = "0123456789".repeat(100_000);
        keys.feed(b"\x1b[200~", &mut out);
        for piece in text.as_bytes().chunks(1000) {
            keys.feed(piece, &mut out);
        }
        keys.settle(&mut out);
        assert!(out.is_empty());
        keys.feed(b"\x1b[201~", &mut out);
        assert_eq!(out, [Typed::Paste(text)]);
    }

    #[test]
    fn a_paste_without_end_stays_within_bounds() {
        let (mut keys, mut out) = (Keys::default(), Vec::new());
        keys.feed(b"\x1b[200~", &mut out);
        for _ in 0..10 {
            keys.feed(&vec![b'x'; 1024 * 1024], &mut out);
        }
        keys.feed(b"\x1b[201~", &mut out);
        assert!(matches!(out.as_slice(), [Typed::Paste(text)] if text.len() == LONGEST_PASTE));
    }
}
