//! Reading what is typed.
//!
//! The last word is the beginning of one until something follows it; a filter at the end that is
//! not understood yet waits instead of being wrong.

use jiff::civil::Date;

use super::figure::{Comparison, Figure, Holds, Measure, comparable, keys};
use super::{Area, Search, SearchError, Term};
use crate::domain::dates;
use crate::domain::form::LogForm;
use crate::domain::text::{folded, nearest, printable};

/// The longest question, in characters.
pub const LONGEST: usize = 500;

/// The most words and filters of a question; what follows is not read.
const MOST: usize = 40;

/// What has been read so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What can be asked already.
    pub search: Search,
    /// What the end of the line waits for.
    pub waits: Option<SearchError>,
}

impl Search {
    /// Reads a line that is being typed.
    ///
    /// # Errors
    /// A filter that is not understood and that something follows.
    pub fn typing(line: &str, form: &LogForm, today: Date) -> Result<Reading, SearchError> {
        Reader { form, today }.read(line, true)
    }

    /// Reads a whole question, whose last word is a word like the others.
    ///
    /// # Errors
    /// A filter that is not understood, or nothing to look for.
    pub fn whole(line: &str, form: &LogForm, today: Date) -> Result<Self, SearchError> {
        let search = Reader { form, today }.read(line, false)?.search;
        if search.is_empty() {
            return Err(SearchError::Nothing);
        }
        Ok(search)
    }
}

/// A piece of the line.
enum Token<'l> {
    Word {
        text: &'l str,
        not: bool,
    },
    Phrase {
        text: &'l str,
        not: bool,
        closed: bool,
    },
    Filter {
        name: &'l str,
        value: &'l str,
    },
    Figure {
        key: &'l str,
        comparison: Comparison,
        value: &'l str,
    },
}

struct Reader<'a> {
    form: &'a LogForm,
    today: Date,
}

impl Reader<'_> {
    fn read(&self, line: &str, is_typing: bool) -> Result<Reading, SearchError> {
        let length = line.chars().count();
        if length > LONGEST {
            return Err(SearchError::TooLong { length });
        }
        let mut search = Search::default();
        let mut waits = None;
        let mut rest = line.trim_start();
        for _ in 0..MOST {
            if rest.is_empty() {
                break;
            }
            let (token, after) = token(rest);
            let is_last = is_typing && after.is_empty();
            rest = after.trim_start();
            match self.take(&token, is_last, &mut search) {
                Ok(()) => {}
                Err(error) if is_last => waits = Some(error),
                Err(error) => return Err(error),
            }
        }
        search.areas.sort_unstable();
        search.areas.dedup();
        Ok(Reading { search, waits })
    }

    fn take(
        &self,
        token: &Token<'_>,
        is_last: bool,
        search: &mut Search,
    ) -> Result<(), SearchError> {
        match *token {
            Token::Word { text, not } => {
                let starred = text.strip_suffix('*').filter(|text| !text.is_empty());
                let word = starred.unwrap_or(text);
                let prefix = !not && (is_last || starred.is_some());
                // A letter alone is the beginning of nearly everything.
                let is_letter = prefix && word.len() == 1;
                if !is_letter {
                    push(search, word, not, prefix);
                }
            }
            Token::Phrase { text, not, closed } => push(search, text, not, !closed && is_last),
            Token::Filter { name, value } => self.filter(name, value, is_last, search)?,
            Token::Figure {
                key,
                comparison,
                value,
            } => {
                let figure = self.figure(key, comparison, value)?;
                search.figures.push(figure);
            }
        }
        Ok(())
    }

    fn filter(
        &self,
        name: &str,
        value: &str,
        is_last: bool,
        search: &mut Search,
    ) -> Result<(), SearchError> {
        let Some(filter) = FILTERS
            .iter()
            .find(|filter| filter.eq_ignore_ascii_case(name))
        else {
            return match nearest(name, FILTERS.iter().copied()) {
                Some(meant) if name.len() > 3 => Err(SearchError::UnknownFilter {
                    given: shortened(name),
                    meant: FILTERS
                        .iter()
                        .find(|f| **f == meant)
                        .copied()
                        .unwrap_or("in"),
                }),
                // An ordinary text with a colon in it.
                Some(_) | None => {
                    push(search, name, false, false);
                    push(search, value, false, is_last && value.len() > 1);
                    Ok(())
                }
            };
        };
        let filter = *filter;
        let unfinished = |takes| SearchError::Unfinished { filter, takes };
        match filter {
            "in" if value.is_empty() => return Err(unfinished("log, ideas, goals …")),
            "in" => search.areas.push(area(value)?),
            "status" if value.is_empty() => return Err(unfinished("a status, such as parked")),
            "status" => search.statuses.push(status(value)?),
            _ if value.is_empty() => return Err(unfinished("a date, such as 2026-11-23 or -7")),
            _ => {
                let date = dates::parse_date(value, self.today)
                    .map_err(|error| SearchError::Date { filter, error })?;
                if filter == "before" {
                    let earlier = search.before.map_or(date, |known| known.min(date));
                    search.before = Some(earlier);
                } else {
                    let later = search.after.map_or(date, |known| known.max(date));
                    search.after = Some(later);
                }
            }
        }
        Ok(())
    }

    fn figure(
        &self,
        key: &str,
        comparison: Comparison,
        value: &str,
    ) -> Result<Figure, SearchError> {
        let Some(field) = comparable(key, self.form) else {
            return Err(SearchError::UnknownField {
                given: shortened(key),
                suggestion: nearest(key, keys(self.form)).map(str::to_owned),
            });
        };
        let key = field.key;
        let measure = match field.holds {
            Holds::Numbers => number(value).ok_or(SearchError::NotANumber { key: key.clone() })?,
            Holds::Flags => {
                let flag = flag(value).filter(|_| comparison == Comparison::Equal);
                Measure::Flag(flag.ok_or(SearchError::NotAFlag { key: key.clone() })?)
            }
        };
        Ok(Figure {
            key,
            comparison,
            measure,
            areas: field.areas,
        })
    }
}

const FILTERS: [&str; 4] = ["in", "before", "after", "status"];

/// Adds a term, unless it holds nothing that could be looked for.
fn push(search: &mut Search, text: &str, not: bool, prefix: bool) {
    if text.chars().any(char::is_alphanumeric) {
        let text = text.replace('\0', " ");
        let alike = Vec::new();
        search.terms.push(Term {
            text,
            not,
            prefix,
            alike,
        });
    }
}

fn area(value: &str) -> Result<Area, SearchError> {
    let is_same = |word: &str| folded(word).eq(folded(value));
    let found = Area::ALL.into_iter().find(|area| {
        let singular = area.word().trim_end_matches('s');
        is_same(area.word()) || is_same(singular) || is_same(area.table())
    });
    found.ok_or_else(|| SearchError::UnknownArea {
        suggestion: nearest(value, Area::ALL.iter().map(|area| area.word())).map(str::to_owned),
    })
}

fn status(value: &str) -> Result<String, SearchError> {
    let known = || Area::ALL.iter().flat_map(|area| area.statuses()).copied();
    let found = known().find(|status| folded(status).eq(folded(value)));
    let unknown = || SearchError::UnknownStatus {
        suggestion: nearest(value, known()).map(str::to_owned),
    };
    found.map(str::to_owned).ok_or_else(unknown)
}

/// A number in plain notation, with a point or a comma.
fn number(value: &str) -> Option<Measure> {
    let digits = value.replace(',', ".");
    let is_plain = digits.chars().all(|c| matches!(c, '0'..='9' | '.' | '-'));
    let number: f64 = digits
        .parse()
        .ok()
        .filter(|_| is_plain && digits.len() < 18)?;
    Some(Measure::Number(number.to_string()))
}

fn flag(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" | "1" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

fn shortened(text: &str) -> String {
    printable(text).chars().take(40).collect()
}

/// The first piece of a line that begins with no blank, and what follows it.
fn token(line: &str) -> (Token<'_>, &str) {
    let (not, text) = match line.strip_prefix('-') {
        Some(text) if !text.is_empty() && !text.starts_with(char::is_whitespace) => (true, text),
        Some(_) | None => (false, line),
    };
    if let Some(inside) = text.strip_prefix('"') {
        let (text, rest, closed) = match inside.split_once('"') {
            Some((text, rest)) => (text, rest, true),
            None => (inside, "", false),
        };
        return (Token::Phrase { text, not, closed }, rest);
    }
    if !not && let Some(found) = figure(text) {
        return found;
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    match word.split_once(':') {
        Some((name, value)) if !not && is_name(name) => (Token::Filter { name, value }, rest),
        Some(_) | None => (Token::Word { text: word, not }, rest),
    }
}

/// A field, an operator and a value, with or without blanks between them.
fn figure(line: &str) -> Option<(Token<'_>, &str)> {
    let end = line.find(|c: char| !is_of_name(c))?;
    let (key, behind) = line.split_at(end);
    let (comparison, length) = Comparison::at_start(behind.trim_start())?;
    let behind = behind.trim_start().get(length..)?.trim_start();
    let end = behind.find(char::is_whitespace).unwrap_or(behind.len());
    let (value, rest) = behind.split_at(end);
    let token = Token::Figure {
        key,
        comparison,
        value,
    };
    is_name(key).then_some((token, rest))
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

fn is_name(text: &str) -> bool {
    text.starts_with(char::is_alphabetic) && text.chars().all(is_of_name)
}
