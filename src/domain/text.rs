//! Text is hostile: what may be stored and what may reach a terminal.
//!
//! Stored text is kept byte for byte, apart from NUL, which PostgreSQL cannot hold. Shown text has
//! every character that could move the cursor, start an escape sequence, break the line or turn
//! the writing direction replaced by one visible character, so that positions stay the same.

use std::borrow::Cow;
use std::str;

use thiserror::Error;

/// The longest text of one field, in characters; the database's `CHECK` has the same cap.
pub const MAX_TEXT: usize = 65_536;

/// What stands for a harmful character that has no picture of its own.
const NO_PICTURE: char = '\u{2426}';
/// Symbol for newline: what stands for the line breaks that are not `\n`.
const NEWLINE: char = '\u{2424}';

/// Why a text is refused. Holds no part of the text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// A NUL character.
    #[error("character {position} is NUL, which the database cannot hold; remove it")]
    Nul {
        /// Counted in characters, from 1.
        position: usize,
    },
    /// More characters than the cap.
    #[error("the text has {length} characters, {} more than the {cap} that fit; shorten it", length - cap)]
    TooLong {
        /// In characters.
        length: usize,
        /// In characters.
        cap: usize,
    },
    /// Bytes that are not UTF-8.
    #[error("byte {position} is not valid UTF-8; save the text as UTF-8 and send it again")]
    NotUtf8 {
        /// Counted in bytes, from 1.
        position: usize,
    },
}

/// Whether a text can be stored: no NUL, at most `cap` characters.
///
/// # Errors
/// Says what is wrong and where.
pub fn check(text: &str, cap: usize) -> Result<(), TextError> {
    // A text of no more bytes than the cap cannot have more characters.
    if text.len() > cap {
        let length = text.chars().count();
        if length > cap {
            return Err(TextError::TooLong { length, cap });
        }
    }
    if text.bytes().any(|byte| byte == 0) {
        let before = text.chars().take_while(|&c| c != '\0').count();
        return Err(TextError::Nul {
            position: before + 1,
        });
    }
    Ok(())
}

/// Bytes from outside as text.
///
/// # Errors
/// Names the first byte that is not UTF-8.
pub fn decode(bytes: &[u8]) -> Result<&str, TextError> {
    str::from_utf8(bytes).map_err(|error| TextError::NotUtf8 {
        position: error.valid_up_to() + 1,
    })
}

/// The visible character that stands for a harmful one; nothing for a harmless one.
///
/// Zero-width joiners and variation selectors pass, since emoji and several scripts need them.
#[must_use]
pub fn stand_in(c: char) -> Option<char> {
    match c {
        // C0 controls have their pictures in the same order from U+2400 on.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some(NEWLINE),
        '\u{80}'..='\u{9f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{206f}'
        | '\u{fff9}'..='\u{fffb}' => Some(NO_PICTURE),
        _ => None,
    }
}

/// One line that is safe to show: also `\n` becomes visible.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    replaced(text, stand_in)
}

/// Lines that are safe to show: `\n` is kept.
#[must_use]
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    replaced(text, |c| if c == '\n' { None } else { stand_in(c) })
}

fn replaced(text: &str, stand_in: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    if text.chars().all(|c| stand_in(c).is_none()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| stand_in(c).unwrap_or(c)).collect())
}

/// The letters and digits of a key, in lower case: equal for every spelling of it.
pub(in crate::domain) fn folded(key: &str) -> impl Iterator<Item = char> + Clone {
    key.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
}

/// The candidate that `word` was probably meant to be: a small slip of the fingers, or the
/// beginning of exactly one candidate.
#[must_use]
pub fn nearest<'a>(
    word: &str,
    candidates: impl Iterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    let word: String = folded(word).take(64).collect();
    if word.is_empty() {
        return None;
    }
    let slips = 1 + word.chars().count() / 5;
    let close = candidates
        .clone()
        .map(|name| {
            (
                strsim::osa_distance(&word, &folded(name).collect::<String>()),
                name,
            )
        })
        .filter(|(distance, _)| *distance <= slips)
        .min_by_key(|(distance, _)| *distance);
    if let Some((_, name)) = close {
        return Some(name);
    }
    let mut starting =
        candidates.filter(|name| folded(name).collect::<String>().starts_with(&word));
    starting.next().filter(|_| word.chars().count() >= 3)
}

/// Bytes as a person reads them: `812 B`, `3.4 MB`.
#[must_use]
#[allow(clippy::cast_precision_loss)] // three digits are shown
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut amount = bytes as f64 / 1000.0;
    let mut unit = "kB";
    for next in UNITS.into_iter().skip(1) {
        if amount < 1000.0 {
            break;
        }
        amount /= 1000.0;
        unit = next;
    }
    if amount < 10.0 {
        format!("{amount:.1} {unit}")
    } else {
        format!("{amount:.0} {unit}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escape_sequences_and_line_breaks_become_visible() {
        assert_eq!(printable("a\x1b[2Jb\x07\r\n\tc\x7f"), "a␛[2Jb␇␍␊␉c␡");
        assert_eq!(printable_lines("a\x1b]0;t\x07\nb\r\n"), "a␛]0;t␇\nb␍\n");
        assert_eq!(
            printable("\u{9b}31m\u{85}\u{2028}\u{2029}"),
            "\u{2426}31m\u{2424}\u{2424}\u{2424}"
        );
        assert_eq!(printable_lines("\u{2028}"), "\u{2424}");
    }

    #[test]
    fn writing_direction_cannot_be_turned() {
        for c in ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}') {
            assert_eq!(printable(&format!("a{c}b")), "a\u{2426}b");
        }
    }

    #[test]
    fn words_and_emoji_pass_untouched() {
        for text in [
            "日本語 العربية עברית e\u{301}",
            "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f} 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "می\u{200c}خواهم",
            "",
        ] {
            assert!(
                matches!(printable(text), Cow::Borrowed(shown) if shown == text),
                "{text}"
            );
        }
    }

    #[test]
    fn what_cannot_be_stored_is_refused_with_its_place() {
        assert_eq!(check("", 0), Ok(()));
        assert_eq!(check("日本", 2), Ok(()));
        assert_eq!(
            check("日本語", 2),
            Err(TextError::TooLong { length: 3, cap: 2 })
        );
        assert_eq!(check("日\0本", 9), Err(TextError::Nul { position: 2 }));
        assert_eq!(
            check("日\0", 9).unwrap_err().to_string(),
            "character 2 is NUL, which the database cannot hold; remove it"
        );
        assert_eq!(
            check(&"x".repeat(1 << 20), MAX_TEXT)
                .unwrap_err()
                .to_string(),
            "the text has 1048576 characters, 983040 more than the 65536 that fit; shorten it"
        );
        assert_eq!(decode("ö".as_bytes()), Ok("ö"));
        assert_eq!(decode(b"ab\xff"), Err(TextError::NotUtf8 { position: 3 }));
    }

    /// What a terminal might act on, told independently of the table above.
    fn harmful(c: char) -> bool {
        let code = u32::from(c);
        c.is_control()
            || (0x202a..=0x202e).contains(&code)
            || (0x2066..=0x2069).contains(&code)
            || (0x2028..=0x2029).contains(&code)
    }

    fn hostile() -> impl Strategy<Value = String> {
        let c = prop_oneof![
            any::<char>(),
            prop::char::range('\0', '\u{a0}'),
            prop::char::range('\u{2000}', '\u{2070}'),
        ];
        prop::collection::vec(c, 0..60).prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn nothing_harmful_is_shown_and_positions_stay(text in hostile()) {
            let line = printable(&text);
            prop_assert!(!line.chars().any(harmful));
            prop_assert_eq!(line.chars().count(), text.chars().count());
            prop_assert_eq!(printable(&line), line.as_ref());
            let lines = printable_lines(&text);
            prop_assert!(!lines.chars().any(|c| c != '\n' && harmful(c)));
            prop_assert_eq!(lines.matches('\n').count(), text.matches('\n').count());
            for (shown, was) in line.chars().zip(text.chars()) {
                prop_assert!(shown == was || stand_in(was) == Some(shown));
            }
        }

        #[test]
        fn check_agrees_with_counting(text in "[\\PC\\x00é]{0,30}", cap in 0_usize..30) {
            let fits = text.chars().count() <= cap && !text.contains('\0');
            prop_assert_eq!(check(&text, cap).is_ok(), fits);
        }
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(812), "812 B");
        assert_eq!(size(3_400_000), "3.4 MB");
        assert_eq!(size(98_000_000), "98 MB");
        assert_eq!(size(1_500), "1.5 kB");
    }
}
