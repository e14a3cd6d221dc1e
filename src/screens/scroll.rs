//! What is longer than its place and has no cursor: which of its rows is the first that is seen.

use std::cell::Cell;

/// The first row that is seen, and how far it can go, as of the last drawing.
#[derive(Debug, Clone)]
pub struct Scroll {
    first: Cell<usize>,
    last: Cell<usize>,
    page: Cell<usize>,
}

/// The rows that are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The first of them.
    pub first: usize,
    /// Whether there are others above.
    pub above: bool,
    /// Whether there are others below.
    pub below: bool,
}

impl Default for Scroll {
    fn default() -> Self {
        Self {
            first: Cell::new(0),
            // Until it is drawn nobody knows how much there is.
            last: Cell::new(usize::MAX),
            page: Cell::new(1),
        }
    }
}

impl Scroll {
    /// Takes a command that moves the rows; says whether it was one.
    pub fn command(&self, name: &str) -> bool {
        let (first, page) = (self.first.get(), self.page.get());
        let to = match name {
            "down" | "next" => first.saturating_add(1),
            "up" | "previous" => first.saturating_sub(1),
            "page-down" => first.saturating_add(page),
            "page-up" => first.saturating_sub(page),
            "top" | "first" => 0,
            "bottom" | "last" => usize::MAX,
            _ => return false,
        };
        self.first.set(to.min(self.last.get()));
        true
    }

    /// Back to the first row.
    pub fn to_top(&self) {
        self.first.set(0);
    }

    /// So many rows are drawn into a place of this height. A page leaves one of them in sight.
    pub fn over(&self, rows: usize, height: usize) -> Seen {
        let last = rows.saturating_sub(height.max(1));
        let first = self.first.get().min(last);
        self.first.set(first);
        self.last.set(last);
        self.page.set(height.saturating_sub(1).max(1));
        Seen {
            first,
            above: first > 0,
            below: first < last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_within_what_was_drawn() {
        let scroll = Scroll::default();
        assert!(scroll.command("down") && !scroll.command("close"));
        assert_eq!(scroll.over(10, 4).first, 1);
        for (name, first) in [
            ("page-down", 4),
            ("bottom", 6),
            ("down", 6),
            ("up", 5),
            ("page-up", 2),
            ("top", 0),
            ("up", 0),
        ] {
            assert!(scroll.command(name));
            let seen = scroll.over(10, 4);
            let (above, below) = (first > 0, first < 6);
            assert_eq!(
                seen,
                Seen {
                    first,
                    above,
                    below
                },
                "{name}"
            );
        }
        scroll.command("bottom");
        assert_eq!(scroll.over(3, 4).first, 0, "less is there by now");
    }
}
