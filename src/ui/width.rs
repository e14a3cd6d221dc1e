//! How many cells a text takes, and where it may be cut.
//!
//! Everything counts in grapheme clusters, with the widths the buffer draws with, so that what is
//! measured here is what reaches the screen. Nothing slices bytes anywhere but at the boundaries
//! these functions return.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::buffer::CellWidth as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// What stands for the part that did not fit.
pub const ELLIPSIS: &str = "…";

/// The cells of one grapheme cluster: 0, 1 or 2 (rarely more). A control character takes none.
#[must_use]
pub fn grapheme_width(grapheme: &str) -> usize {
    if grapheme.chars().any(char::is_control) {
        0
    } else {
        grapheme.cell_width().into()
    }
}

/// The cells of a single-line text.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return text.len();
    }
    text.graphemes(true).map(grapheme_width).sum()
}

/// The text itself when it fits `cols`, otherwise its beginning and `…`, never more than `cols`
/// cells and never half a cluster.
#[must_use]
pub fn truncate(text: &str, cols: usize) -> Cow<'_, str> {
    if width(text) <= cols {
        return Cow::Borrowed(text);
    }
    if cols == 0 {
        return Cow::Borrowed("");
    }
    let mut short = take(text, cols - 1).trim_end().to_owned();
    short.push_str(ELLIPSIS);
    Cow::Owned(short)
}

/// The longest beginning of the text that fits `cols` cells.
#[must_use]
pub fn take(text: &str, cols: usize) -> &str {
    let mut used = 0;
    let mut end = 0;
    for grapheme in text.graphemes(true) {
        used += grapheme_width(grapheme);
        if used > cols {
            break;
        }
        end += grapheme.len();
    }
    text.get(..end).unwrap_or_default()
}

/// Soft-wraps a text into rows of at most `cols` cells, as byte ranges without the white space a
/// row ends in. Breaks at white space and beside wide characters, inside a word only when the word
/// alone is longer than a row; `\n` always breaks. An empty text is one empty row.
#[must_use]
pub fn wrap(text: &str, cols: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut offset = 0;
    for line in text.split('\n') {
        let mut at = 0;
        loop {
            let end = row_end(line, at, cols, &|grapheme, _| grapheme_width(grapheme));
            let row = line.get(at..end).unwrap_or_default();
            rows.push(offset + at..offset + at + row.trim_end().len());
            at = end;
            if at >= line.len() {
                break;
            }
        }
        offset += line.len() + 1;
    }
    rows
}

/// Where the row that starts at byte `start` ends, so that the next row starts there. `measure`
/// gives the cells of a grapheme at a column (a tab's depend on it). One white space may hang over
/// the edge, so that a row never starts with the blank that ended the last one.
#[must_use]
pub fn row_end(
    line: &str,
    start: usize,
    cols: usize,
    measure: &dyn Fn(&str, usize) -> usize,
) -> usize {
    let cols = cols.max(1);
    let (mut at, mut col) = (start, 0);
    let mut last_break = None;
    let mut may_break = false;
    while at < line.len() {
        let end = next_boundary(line, at);
        let grapheme = line.get(at..end).unwrap_or_default();
        let cells = measure(grapheme, col);
        let blank = is_blank(grapheme);
        let wide = !blank && !grapheme.is_ascii() && grapheme_width(grapheme) >= 2;
        if at > start && !blank && (may_break || wide) && !is_closing(grapheme) {
            last_break = Some(at);
        }
        if col + cells > cols {
            if blank && col <= cols {
                return end;
            }
            return last_break.unwrap_or(if at == start { end } else { at });
        }
        col += cells;
        may_break = blank || wide || is_joint(line, at, end);
        at = end;
    }
    line.len()
}

/// The byte where the grapheme cluster that starts at `at` ends (the text's end at the most).
#[must_use]
pub fn next_boundary(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    match (bytes.get(at), bytes.get(at + 1)) {
        (None, _) => text.len(),
        // Two plain ASCII bytes in a row never join: most text never asks the tables.
        (Some(this), None) if this.is_ascii() => at + 1,
        (Some(this), Some(next)) if this.is_ascii() && next.is_ascii() && *next != b'\n' => at + 1,
        _ => {
            at + text
                .get(at..)
                .and_then(|rest| rest.graphemes(true).next())
                .map_or(1, str::len)
        }
    }
}

/// The byte where the grapheme cluster that ends at `at` starts (0 at the least).
#[must_use]
pub fn previous_boundary(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    before.len() - before.graphemes(true).next_back().map_or(0, str::len)
}

/// A hyphen inside a word; those of dates, numbers and options keep what they join together.
fn is_joint(line: &str, at: usize, end: usize) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    line.get(at..end) == Some("-")
        && letter(line.get(..at).and_then(|before| before.chars().next_back()))
        && letter(line.get(end..).and_then(|after| after.chars().next()))
}

fn is_blank(grapheme: &str) -> bool {
    // A no-break space asks not to be broken at.
    grapheme
        .chars()
        .all(|c| c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}'))
}

/// Marks that may not begin a row in Chinese and Japanese typesetting.
fn is_closing(grapheme: &str) -> bool {
    grapheme
        .chars()
        .next()
        .is_some_and(|c| "、。，．！？：；）」』】〉》〕ー…".contains(c))
}

/// The text in ASCII, cell for cell: typographic marks by their plain forms, every other cluster
/// by as many `?` as it takes cells.
#[must_use]
pub fn to_ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for grapheme in text.graphemes(true) {
        if grapheme.is_ascii() {
            plain.push_str(grapheme);
        } else if let Some(same) = plain_form(grapheme) {
            plain.push(same);
        } else {
            plain.extend(std::iter::repeat_n('?', grapheme_width(grapheme)));
        }
    }
    Cow::Owned(plain)
}

fn plain_form(grapheme: &str) -> Option<char> {
    let plain = match grapheme {
        "‘" | "’" | "‚" | "′" => '\'',
        "“" | "”" | "„" | "″" | "«" | "»" => '"',
        "–" | "—" | "‐" | "‑" | "−" | "─" | "━" => '-',
        "…" => '~',
        "•" | "●" | "▪" | "■" => '*',
        "·" | "◌" | "○" => '.',
        "▸" | "→" | "›" => '>',
        "←" | "‹" | "◂" => '<',
        "×" => 'x',
        "│" => '|',
        "\u{a0}" | "\u{2007}" | "\u{202f}" => ' ',
        _ => return None,
    };
    Some(plain)
}
