//! What comes in from a clipboard.

/// What became of a pasted text. Nothing is left out without being counted here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pasted {
    /// Characters that were taken in.
    pub inserted: usize,
    /// Control characters that were left out.
    pub controls: usize,
    /// Characters that did not fit.
    pub left_over: usize,
}

impl Pasted {
    /// What to tell the person; `None` when all of it went in.
    #[must_use]
    pub fn message(&self) -> Option<String> {
        let mut parts = Vec::new();
        if self.left_over > 0 {
            parts.push(format!(
                "{} of {} characters did not fit and were left out",
                self.left_over,
                self.left_over + self.inserted
            ));
        }
        if self.controls > 0 {
            let s = if self.controls == 1 { "" } else { "s" };
            parts.push(format!("{} control character{s} left out", self.controls));
        }
        (!parts.is_empty()).then(|| {
            let s = if self.inserted == 1 { "" } else { "s" };
            format!(
                "pasted {} character{s}; {}",
                self.inserted,
                parts.join("; ")
            )
        })
    }
}

/// The text to insert: line breaks of every system as `\n` (as blanks on a single line), no other
/// control character but tabs, at most `room` characters.
pub(super) fn clean(text: &str, room: usize, single_line: bool) -> (String, Pasted) {
    let mut kept = String::with_capacity(text.len().min(room.saturating_mul(4)));
    let mut report = Pasted::default();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            '\r' if chars.peek() == Some(&'\n') => continue,
            '\t' | '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' if single_line => ' ',
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            '\n' | '\t' => c,
            c if c.is_control() => {
                report.controls += 1;
                continue;
            }
            c => c,
        };
        if report.inserted < room {
            kept.push(c);
            report.inserted += 1;
        } else {
            report.left_over += 1;
        }
    }
    // A single line often comes with the break that ended it.
    if single_line && report.left_over == 0 {
        let trimmed = kept.trim_end_matches(' ').len();
        if text.ends_with(['\n', '\r']) {
            report.inserted -= kept.len() - trimmed;
            kept.truncate(trimmed);
        }
    }
    (kept, report)
}
