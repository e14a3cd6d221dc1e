//! Milestones: one a line, `[x]` before one that is reached.
//!
//! A line stays the text that the person wrote; the mark is read from it and put before it.

/// A line of the milestones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Milestone<'a> {
    /// Whether it is reached.
    pub reached: bool,
    /// What it is, without the mark.
    pub text: &'a str,
}

impl<'a> Milestone<'a> {
    /// Reads a line: `[x] done`, `[ ] open`, or plain text, which is open.
    #[must_use]
    pub fn read(line: &'a str) -> Self {
        let line = line.trim();
        let marked = |mark: &str| line.strip_prefix(mark).map(str::trim_start);
        let reached = marked("[x]").or_else(|| marked("[X]"));
        let open = marked("[ ]").or_else(|| marked("[]"));
        Self {
            reached: reached.is_some(),
            text: reached.or(open).unwrap_or(line),
        }
    }

    /// The line as it is stored.
    #[must_use]
    pub fn line(&self) -> String {
        if self.reached {
            format!("[x] {}", self.text)
        } else {
            self.text.to_owned()
        }
    }
}

/// The first milestone that is not reached, and how many of how many are.
#[must_use]
pub fn next_open<'a>(
    lines: impl IntoIterator<Item = &'a str>,
) -> (Option<Milestone<'a>>, usize, usize) {
    let (mut next, mut reached, mut all) = (None, 0, 0);
    for milestone in lines.into_iter().map(Milestone::read) {
        if milestone.text.is_empty() {
            continue;
        }
        all += 1;
        if milestone.reached {
            reached += 1;
        } else {
            next = next.or(Some(milestone));
        }
    }
    (next, reached, all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_read_and_put_back() {
        for (line, reached, text, stored) in [
            ("[x] call Ann", true, "call Ann", "[x] call Ann"),
            ("[X]call Ann ", true, "call Ann", "[x] call Ann"),
            ("[ ] call Ann", false, "call Ann", "call Ann"),
            ("call Ann", false, "call Ann", "call Ann"),
            ("x marks it", false, "x marks it", "x marks it"),
        ] {
            let milestone = Milestone::read(line);
            assert_eq!(milestone, Milestone { reached, text });
            assert_eq!(milestone.line(), stored);
        }
    }

    #[test]
    fn the_next_one_is_the_first_that_is_open() {
        let lines = ["[x] one", "", "two", "[ ] three"];
        let (next, reached, all) = next_open(lines);
        assert_eq!(next.map(|next| next.text), Some("two"));
        assert_eq!((reached, all), (1, 3));
        assert_eq!(next_open(["[x] one"]), (None, 1, 1));
        assert_eq!(next_open([]), (None, 0, 0));
    }
}
