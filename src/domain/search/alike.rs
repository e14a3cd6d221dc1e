//! Words that may have been meant by one that was typed with a slip.
//!
//! The database gives words of the person's own that share pieces with it; here those are taken that are few slips
//! away: a letter too many, too few, another one, or two that changed places.

use super::{Search, Term};

/// Below so many hits it is looked for what may have been meant.
pub const FEW: u64 = 3;

/// The fewest letters of a word for which others may have been meant.
pub const SHORTEST: usize = 3;

/// The most words that are taken for one.
const MOST: usize = 6;

impl Search {
    /// The words for which others may have been meant, as the database has words: in small letters.
    #[must_use]
    pub fn uncertain(&self) -> Vec<String> {
        let words = self.terms.iter().filter(|term| term.is_uncertain());
        words.map(Term::lower).collect()
    }

    /// The same question, with the words among these that may have been meant; nothing where there are none.
    #[must_use]
    pub fn or_alike(&self, known: &[(String, String)]) -> Option<Self> {
        let mut search = self.clone();
        for term in search.terms.iter_mut().filter(|term| term.is_uncertain()) {
            let asked = term.lower();
            let of_term = || known.iter().filter(|(of, _)| *of == asked);
            // A word that the person uses was meant as it is.
            if of_term().any(|(_, word)| is_meant(&asked, word, term.prefix)) {
                continue;
            }
            let mut near: Vec<(usize, &String)> = of_term()
                .filter_map(|(_, word)| Some((slips(&asked, word, term.prefix)?, word)))
                .collect();
            near.sort_unstable();
            term.alike = near.into_iter().map(|(_, word)| word.clone()).collect();
            term.alike.truncate(MOST);
        }
        let is_wider = search.terms.iter().any(|term| !term.alike.is_empty());
        is_wider.then_some(search)
    }
}

impl Term {
    fn is_uncertain(&self) -> bool {
        !self.not
            && self.text.chars().all(char::is_alphabetic)
            && self.text.chars().count() >= SHORTEST
    }

    fn lower(&self) -> String {
        self.text.to_lowercase()
    }
}

/// Whether the question finds this word as it is.
fn is_meant(asked: &str, word: &str, is_beginning: bool) -> bool {
    asked == word || is_beginning && word.starts_with(asked)
}

/// How many slips lie between them, where they are few.
fn slips(asked: &str, word: &str, is_beginning: bool) -> Option<usize> {
    let length = asked.chars().count();
    let allowed = if length < 6 { 1 } else { 2 };
    let whole = strsim::osa_distance(asked, word);
    let begun = || {
        let lengths = length.saturating_sub(1)..=length + 1;
        let begun = lengths.map(|length| {
            let begun: String = word.chars().take(length).collect();
            strsim::osa_distance(asked, &begun)
        });
        begun.min().unwrap_or(whole)
    };
    let slips = if is_beginning {
        whole.min(begun())
    } else {
        whole
    };
    (slips <= allowed).then_some(slips)
}
