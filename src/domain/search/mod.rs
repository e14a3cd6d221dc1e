//! A question to everything that is written down, and what is found.
//!
//! What is typed is read here (`parse`), without knowing the database: words, "phrases", -not, and
//! filters. Words that were typed with a slip are compared with those that are there (`alike`). A question may hold
//! any word, so it formats as a mask.

mod alike;
mod error;
mod figure;
mod hit;
mod parse;

#[cfg(test)]
mod tests;

use std::fmt;

use jiff::civil::Date;

pub use alike::FEW;
pub use error::SearchError;
pub use figure::{Comparison, Figure, Measure};
pub use hit::{Found, Hit, Piece};
pub use parse::{LONGEST, Reading};

use super::lane::Lane;
use super::secret::MASK;

/// What a record belongs to, as a question names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    /// Daily logs.
    Log,
    /// The records of a lane.
    Lane(Lane),
}

impl Area {
    /// All areas.
    pub const ALL: [Self; 8] = [
        Self::Log,
        Self::Lane(Lane::Ideas),
        Self::Lane(Lane::Goals),
        Self::Lane(Lane::CheckIns),
        Self::Lane(Lane::Teaching),
        Self::Lane(Lane::Content),
        Self::Lane(Lane::Reviews),
        Self::Lane(Lane::Signals),
    ];

    /// The word of `in:`, which is also what a list of hits says.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Lane(Lane::Ideas) => "ideas",
            Self::Lane(Lane::Goals) => "goals",
            Self::Lane(Lane::CheckIns) => "checkins",
            Self::Lane(Lane::Teaching) => "teaching",
            Self::Lane(Lane::Content) => "content",
            Self::Lane(Lane::Reviews) => "reviews",
            Self::Lane(Lane::Signals) => "drift",
        }
    }

    /// The table's name in the database.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            Self::Log => "logs",
            Self::Lane(lane) => lane.table(),
        }
    }

    /// The area of a table.
    #[must_use]
    pub fn of_table(table: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|area| area.table() == table)
    }

    /// The words that a `status:` may ask for.
    #[must_use]
    pub const fn statuses(self) -> &'static [&'static str] {
        match self {
            Self::Lane(Lane::Ideas) => &[
                "draft",
                "parked",
                "reality_checked",
                "promoted",
                "shipped",
                "discarded",
                "archived",
            ],
            Self::Lane(Lane::Goals) => &["active", "paused", "archived"],
            Self::Lane(Lane::Teaching) => &["requested", "planned", "taught", "archived"],
            Self::Lane(Lane::Content) => &["draft", "published", "archived"],
            Self::Lane(Lane::Signals) => &["open", "acknowledged", "snoozed", "resolved"],
            Self::Log | Self::Lane(Lane::CheckIns | Lane::Reviews) => &[],
        }
    }
}

/// A word or a phrase that is looked for.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Term {
    /// One word, or several in this order.
    text: String,
    /// Must not be there.
    not: bool,
    /// May be the beginning of a word.
    prefix: bool,
    /// Words that may have been meant instead.
    alike: Vec<String>,
}

/// A question that can be asked.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Search {
    terms: Vec<Term>,
    areas: Vec<Area>,
    before: Option<Date>,
    after: Option<Date>,
    statuses: Vec<String>,
    figures: Vec<Figure>,
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Search({MASK})")
    }
}

impl Search {
    /// Whether it asks for nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The words that may be found by their stems, and what is taken as it is written (phrases, and what
    /// must not be there), in the notation of PostgreSQL's `to_tsquery`, each in quotes; nothing where only
    /// filters are given. An excluded word is literal because a language has no stem for its commonest words.
    #[must_use]
    pub fn tsquery(&self) -> Option<(String, String)> {
        let (phrases, words): (Vec<&Term>, Vec<&Term>) = self
            .terms
            .iter()
            .partition(|term| term.not || term.is_phrase());
        let joined = |terms: Vec<&Term>| {
            let terms: Vec<String> = terms.into_iter().map(Term::tsquery).collect();
            terms.join(" & ")
        };
        (!self.terms.is_empty()).then(|| (joined(words), joined(phrases)))
    }

    /// The areas to look in; nothing for all.
    #[must_use]
    pub fn tables(&self) -> Option<Vec<&'static str>> {
        let areas = if self.areas.is_empty() {
            self.implied()
        } else {
            self.areas.clone()
        };
        (!areas.is_empty()).then(|| areas.into_iter().map(Area::table).collect())
    }

    /// Where all figures and a status can be: a question for them reads nothing else.
    fn implied(&self) -> Vec<Area> {
        if self.figures.is_empty() && self.statuses.is_empty() {
            return Vec::new();
        }
        let has_status = |area: &Area| {
            let known = area.statuses();
            self.statuses.is_empty() || self.statuses.iter().any(|s| known.contains(&s.as_str()))
        };
        let has_figures = |area: &Area| self.figures.iter().all(|f| f.areas.contains(area));
        Area::ALL
            .into_iter()
            .filter(|area| has_status(area) && has_figures(area))
            .collect()
    }

    /// The first day that is too late.
    #[must_use]
    pub const fn before(&self) -> Option<Date> {
        self.before
    }

    /// The last day that is too early.
    #[must_use]
    pub const fn after(&self) -> Option<Date> {
        self.after
    }

    /// The statuses of which a record has one; nothing for any.
    #[must_use]
    pub fn statuses(&self) -> Option<&[String]> {
        (!self.statuses.is_empty()).then_some(self.statuses.as_slice())
    }

    /// The conditions on figures as a `jsonpath` of PostgreSQL.
    #[must_use]
    pub fn jsonpath(&self) -> Option<String> {
        let figures: Vec<String> = self.figures.iter().map(Figure::jsonpath).collect();
        (!figures.is_empty()).then(|| figures.join(" && "))
    }

    /// The first word that is looked for: around it an excerpt is cut.
    #[must_use]
    pub fn first_word(&self) -> Option<&str> {
        self.wanted().next()
    }

    /// Every word that is looked for.
    pub(super) fn wanted(&self) -> impl Iterator<Item = &str> {
        let terms = self.terms.iter().filter(|term| !term.not);
        terms.flat_map(|term| {
            let alike = term.alike.iter().map(String::as_str);
            alike.chain(term.text.split_whitespace())
        })
    }
}

impl Term {
    fn is_phrase(&self) -> bool {
        self.text.contains(char::is_whitespace)
    }

    fn tsquery(&self) -> String {
        let not = if self.not { "!" } else { "" };
        let prefix = if self.prefix { ":*" } else { "" };
        let text = quoted(&self.text);
        if self.alike.is_empty() {
            return format!("{not}{text}{prefix}");
        }
        let alike: Vec<String> = self.alike.iter().map(|word| quoted(word)).collect();
        format!("({text}{prefix} | {})", alike.join(" | "))
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}
