//! Which characters terminals disagree about.
//!
//! A cluster of several code points (a family, a flag, a skin tone, an emoji by variation selector)
//! takes one or two columns where clusters are known, and the sum of its parts where they are not.
//! An emoji that is newer than the terminal takes one column there. What either kind of terminal
//! would touch is known here, so that it can be put right.

use unicode_width::UnicodeWidthChar as _;

/// How far a doubtful symbol may reach, in columns from where it begins; nothing where its width is
/// beyond doubt. Never less than `width`, the columns it takes on the screen that is drawn.
pub(super) fn reach(symbol: &str, width: u16) -> Option<u16> {
    if symbol.len() == 1 {
        return None;
    }
    let mut characters = symbol.chars();
    if let (Some(only), None) = (characters.next(), characters.next()) {
        return may_be_unknown(only).then_some(2);
    }
    let parts = symbol.chars().filter(|c| c.width() != Some(0)).count();
    let selected = symbol.contains(['\u{fe0e}', '\u{fe0f}']);
    if parts < 2 && !selected {
        return None; // a letter and its accents
    }
    let widest = u16::try_from(parts).unwrap_or(u16::MAX).saturating_mul(2);
    Some(widest.max(width))
}

/// Wide symbols that come with new versions of Unicode; the wide letters of languages are old.
fn may_be_unknown(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1ffff}') && c.width() == Some(2)
}

/// Whether every terminal takes one column for it, so that the cursor is known to be behind it.
pub(super) fn is_certain(symbol: &str) -> bool {
    symbol.len() == 1 || is_one_column(symbol)
}

/// Latin letters, box drawing, block elements and the marks of the screens: one column everywhere
/// that matters.
fn is_one_column(symbol: &str) -> bool {
    let mut characters = symbol.chars();
    let only = characters.next();
    let is_certain = |c| {
        matches!(
            c,
            '\u{20}'..='\u{7e}'
                | '\u{c0}'..='\u{24f}'
                | '\u{2500}'..='\u{259f}'
                | '▰' | '▱' | '▸' | '✓' | '✗' | '·' | '–' | '…' | '●'
        )
    };
    characters.next().is_none() && only.is_some_and(is_certain)
}
