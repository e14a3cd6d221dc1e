//! The sentences. Each says what was observed, over which dates and against what, and nothing else.

use jiff::civil::Date;

use crate::domain::dates;

/// `10–16 Nov`, `28 Oct – 3 Nov`, `28 Dec 2026 – 3 Jan 2027`, `16 Nov`.
#[must_use]
pub fn span(from: Date, to: Date) -> String {
    if from == to {
        dates::short(from)
    } else if from.year() != to.year() {
        format!(
            "{} {} – {} {}",
            dates::short(from),
            from.year(),
            dates::short(to),
            to.year()
        )
    } else if from.month() == to.month() {
        format!("{}–{}", from.day(), dates::short(to))
    } else {
        format!("{} – {}", dates::short(from), dates::short(to))
    }
}

/// `1 idea`, `2 ideas`.
#[must_use]
pub fn count(number: usize, one: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {one}s")
    }
}
