//! Finding the goal that a few letters name.

use thiserror::Error;

use super::Status;
use crate::domain::ids::RecordId;
use crate::domain::text::{nearest, printable};

/// The fewest letters of an id that name a goal.
const SHORTEST_ID: usize = 4;
/// How many titles a message lists.
const MOST_LISTED: usize = 8;

/// A goal as it is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    /// Its id.
    pub id: RecordId,
    /// Its title.
    pub title: &'a str,
    /// Where several would do, an active one is meant.
    pub status: Status,
}

/// Why no goal is meant.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FindError {
    /// No title begins so.
    #[error(
        "no goal begins with “{given}”{}",
        suggestion.as_ref().map(|title| format!("; did you mean “{title}”?")).unwrap_or_default()
    )]
    None {
        /// As typed, safe to show.
        given: String,
        /// The nearest title, safe to show.
        suggestion: Option<String>,
    },
    /// Several begin so.
    #[error("“{given}” is the beginning of several goals; write more of the one meant: {}", list(titles, *more))]
    Several {
        /// As typed, safe to show.
        given: String,
        /// Some of their titles, safe to show, in the order given.
        titles: Vec<String>,
        /// How many more there are.
        more: usize,
    },
}

/// The goal that is meant: by its whole title, by the beginning of its title, by its id or at least four letters of
/// its beginning, each in any case of the letters. Of several the only active one is meant.
///
/// # Errors
/// None, with the nearest title; or several, with their titles.
pub fn find<'a>(given: &str, goals: &[Named<'a>]) -> Result<Named<'a>, FindError> {
    let word = given.trim().to_lowercase();
    let titles = || goals.iter().map(|goal| (goal, goal.title.to_lowercase()));
    let whole: Vec<Named<'a>> = titles()
        .filter(|(_, title)| *title == word)
        .map(|(goal, _)| *goal)
        .collect();
    let mut found = if whole.is_empty() && !word.is_empty() {
        titles()
            .filter(|(_, title)| title.starts_with(&word))
            .map(|(goal, _)| *goal)
            .collect()
    } else {
        whole
    };
    if found.is_empty() && word.len() >= SHORTEST_ID {
        found = goals
            .iter()
            .filter(|goal| goal.id.to_string().starts_with(&word))
            .copied()
            .collect();
    }
    let mut active = found.iter().filter(|goal| goal.status == Status::Active);
    match (found.as_slice(), active.next(), active.next()) {
        ([one], _, _) | (_, Some(one), None) => Ok(*one),
        ([], _, _) => Err(FindError::None {
            given: excerpt(given.trim()),
            suggestion: suggestion(&word, goals),
        }),
        (several, _, _) => Err(FindError::Several {
            given: excerpt(given.trim()),
            titles: several
                .iter()
                .take(MOST_LISTED)
                .map(|goal| excerpt(goal.title))
                .collect(),
            more: several.len().saturating_sub(MOST_LISTED),
        }),
    }
}

/// A title near the word, or one whose beginning of the same length is near it.
fn suggestion(word: &str, goals: &[Named<'_>]) -> Option<String> {
    let titles = goals.iter().map(|goal| goal.title);
    if let Some(title) = nearest(word, titles) {
        return Some(excerpt(title));
    }
    let length = word.chars().count();
    let beginnings: Vec<String> = goals
        .iter()
        .map(|goal| goal.title.chars().take(length).collect())
        .collect();
    let near = nearest(word, beginnings.iter().map(String::as_str))?;
    let index = beginnings
        .iter()
        .position(|beginning| beginning.as_str() == near)?;
    goals.get(index).map(|goal| excerpt(goal.title))
}

fn excerpt(text: &str) -> String {
    let shown = printable(text);
    let mut short: String = shown.chars().take(60).collect();
    if short.len() < shown.len() {
        short.push('…');
    }
    short
}

fn list(titles: &[String], more: usize) -> String {
    let list: Vec<String> = titles.iter().map(|title| format!("“{title}”")).collect();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    list.join(", ") + &more
}
