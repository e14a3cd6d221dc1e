//! What is found: a record with its texts, of which one place is shown.
//!
//! What is private is known to the forms alone, so every text comes sealed and by its field; no
//! piece is made of two fields.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use super::{Area, Search};
use crate::domain::export_format::snake_case;
use crate::domain::form::LogForm;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::secret::{Exit, Secret};

/// The answer to a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The best first, or the newest where there are many.
    pub hits: Vec<Hit>,
    /// How many records there are, counted no further than this.
    pub total: u64,
    /// Whether there are more than were counted.
    pub capped: bool,
    /// The question with the words that may have been meant, where few were found. What it finds is at the end
    /// of the hits, marked, and not counted.
    pub alike: Option<Search>,
}

impl Found {
    /// How many of the hits answer the question as it was typed.
    #[must_use]
    pub fn exact(&self) -> usize {
        self.hits.iter().filter(|hit| !hit.similar).count()
    }

    /// The question that a hit answers.
    #[must_use]
    pub fn question<'q>(&'q self, hit: &Hit, asked: &'q Search) -> &'q Search {
        let alike = self.alike.as_ref().filter(|_| hit.similar);
        alike.unwrap_or(asked)
    }

    /// `3`, `10,000+`.
    #[must_use]
    pub fn count(&self) -> String {
        let digits = self.total.to_string();
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if self.capped {
            text.push('+');
        }
        text
    }
}

/// A record that answers a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// What it belongs to.
    pub area: Area,
    /// The record.
    pub id: RecordId,
    /// Its own day, else the day on which it was made.
    pub day: Date,
    /// What it is known by; of a check-in, the goal's title.
    pub title: Option<Secret<String>>,
    /// Its status, where it has one.
    pub status: Option<String>,
    /// Whether it is archived.
    pub archived: bool,
    /// Whether it belongs to a goal whose notes are private.
    pub of_private_goal: bool,
    /// Whether it was found by a word that may have been meant.
    pub similar: bool,
    /// Its texts by their fields' keys, long ones around the first word that was looked for.
    pub texts: Secret<BTreeMap<String, String>>,
}

/// A place in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// The field's key.
    pub key: String,
    /// The field's name on the screen.
    pub label: String,
    /// One line.
    pub text: Secret<String>,
    /// Where in it a word that was looked for stands, in bytes.
    pub found: Option<Range<usize>>,
    /// Whether it needs the mask.
    pub private: bool,
}

/// Characters before the word, and in all.
const BEFORE: usize = 24;
const LENGTH: usize = 240;

impl Hit {
    /// Whether the title needs the mask.
    #[must_use]
    pub fn is_title_private(&self) -> bool {
        self.area == Area::Lane(Lane::Ideas)
    }

    /// Whether a field of it needs the mask; what no form knows does.
    #[must_use]
    pub fn is_private(&self, key: &str, form: &LogForm) -> bool {
        match self.area {
            Area::Log => form.is_sensitive(key),
            Area::Lane(Lane::Ideas | Lane::Signals) => true,
            Area::Lane(Lane::CheckIns) => self.of_private_goal,
            Area::Lane(lane @ (Lane::Goals | Lane::Teaching | Lane::Content | Lane::Reviews)) => {
                lane.is_sensitive(key)
            }
        }
    }

    /// The place that shows best why it was found: a text that may be seen before one that may not,
    /// the beginning of a text where no word stands as it was typed.
    #[must_use]
    pub fn piece(&self, search: &Search, form: &LogForm) -> Option<Piece> {
        let texts = self.texts.expose(Exit::Database);
        let mut best: Option<(u8, Piece)> = None;
        for (key, text) in texts {
            let private = self.is_private(key, form);
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let found = find(&line, search);
            let worth = u8::from(found.is_some()) * 2 + u8::from(!private);
            if line.is_empty() || best.as_ref().is_some_and(|(known, _)| *known >= worth) {
                continue;
            }
            let (text, found) = around(&line, found);
            let piece = Piece {
                key: key.clone(),
                label: self.label(key, form),
                text: Secret::new(text),
                found,
                private,
            };
            best = Some((worth, piece));
        }
        best.map(|(_, piece)| piece)
    }

    fn label(&self, key: &str, form: &LogForm) -> String {
        let field = match self.area {
            Area::Log => form.exact(key),
            Area::Lane(lane) => lane.form().exact(key),
        };
        field.map_or_else(
            || snake_case(key).replace(['_', '.'], " "),
            |field| field.label.clone(),
        )
    }
}

/// Where the first of the words stands, whatever its case; else where its beginning does, as it does
/// for a word that was found by its stem.
fn find(line: &str, search: &Search) -> Option<Range<usize>> {
    let lower: Vec<(usize, char)> = line
        .char_indices()
        .map(|(at, c)| (at, c.to_lowercase().next().unwrap_or(c)))
        .collect();
    let words = || {
        search
            .wanted()
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
    };
    words()
        .find_map(|word| place(&lower, line.len(), word))
        .or_else(|| words().find_map(|word| place(&lower, line.len(), beginning(word)?)))
}

/// The beginning of a word that its stem has too, probably.
fn beginning(word: &str) -> Option<&str> {
    let length = word.chars().count();
    let kept = length.saturating_sub(3).max(4);
    let end = word.char_indices().nth(kept)?.0;
    word.get(..end)
}

fn place(lower: &[(usize, char)], end: usize, word: &str) -> Option<Range<usize>> {
    let word: Vec<char> = word
        .chars()
        .map(|c| c.to_lowercase().next().unwrap_or(c))
        .collect();
    if word.is_empty() {
        return None;
    }
    let is_here = |at: usize, window: &[(usize, char)]| {
        let before = at.checked_sub(1).and_then(|at| lower.get(at));
        !before.is_some_and(|(_, c)| c.is_alphanumeric())
            && window.iter().map(|(_, c)| c).eq(word.iter())
    };
    let mut windows = lower.windows(word.len()).enumerate();
    let (at, window) = windows.find(|(at, window)| is_here(*at, window))?;
    let start = window.first()?.0;
    let stop = lower.get(at + word.len()).map_or(end, |(at, _)| *at);
    Some(start..stop)
}

/// A line of bounded length with the place in it.
fn around(line: &str, found: Option<Range<usize>>) -> (String, Option<Range<usize>>) {
    let at = found.as_ref().map_or(0, |found| found.start);
    let before = line.get(..at).unwrap_or_default();
    let cut = before.char_indices().rev().nth(BEFORE).map(|(at, _)| at);
    // From the next blank on, so that no word is torn.
    let start = cut.map_or(0, |cut| {
        let blank = before.get(cut..).and_then(|text| text.find(' '));
        blank.map_or(at, |blank| cut + blank + 1)
    });
    let mut text = String::new();
    if start > 0 {
        text.push('…');
    }
    let moved = text.len();
    text.extend(line.get(start..).unwrap_or_default().chars().take(LENGTH));
    let found = found.and_then(|found| {
        let range = found.start - start + moved..found.end - start + moved;
        text.get(range.clone()).is_some().then_some(range)
    });
    (text, found)
}
