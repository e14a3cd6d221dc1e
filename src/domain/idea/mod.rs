//! Ideas: their way from a draft to shipped or discarded, and what is known of each.
//!
//! The person moves an idea; nothing here or elsewhere moves one by itself. The database refuses the
//! same moves (`wildlands.ideas_moves`); a test compares both.

mod milestone;
mod reality;
mod sift;
mod status;

pub use milestone::{Milestone, next_open};
pub use reality::{Decision, Flag, RealityCheck};
pub use sift::{AgeBand, Sift, SortBy};
pub use status::{MoveError, Status};

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::dates::days_between;

/// What an idea is about, in the words of the data.
pub const CATEGORIES: [&str; 7] = [
    "tech", "business", "creative", "family", "faith", "learning", "income",
];

/// How long an idea would take, in the words of the data, the shortest first.
pub const ESTIMATES: [&str; 4] = ["hours", "days", "weeks", "months"];

/// The longest title, in characters; the database has the same cap.
pub const TITLE: usize = 500;

/// Excitement × feasibility, from 1 to 100, where both are answered (1 to 10 each).
#[must_use]
pub fn score(excitement: Option<u8>, feasibility: Option<u8>) -> Option<u8> {
    excitement?.checked_mul(feasibility?)
}

/// The age of something made on one date as a few letters: `today`, `3 d`, `5 w`, `7 mo`, `2 y`.
#[must_use]
pub fn age(made: Date, today: Date) -> String {
    match days_between(made, today) {
        // A clock elsewhere may be ahead.
        ..=0 => "today".to_owned(),
        days @ 1..=20 => format!("{days} d"),
        days @ 21..=90 => format!("{} w", days / 7),
        days @ 91..=729 => format!("{} mo", days / 30),
        days => format!("{} y", days / 365),
    }
}

/// When a parked idea is looked at again, unless the person says another date.
#[must_use]
pub fn review_default(today: Date) -> Date {
    const WAIT: i64 = 4;
    let wait: Span = WAIT.weeks();
    today.saturating_add(wait)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_score_needs_both_figures() {
        assert_eq!(score(Some(10), Some(10)), Some(100));
        assert_eq!(score(Some(3), Some(7)), Some(21));
        assert_eq!(score(None, Some(7)), None);
        assert_eq!(score(Some(3), None), None);
    }

    #[test]
    fn an_age_is_a_few_letters() {
        let today = date(2026, 11, 23);
        for (made, words) in [
            (date(2026, 11, 24), "today"),
            (today, "today"),
            (date(2026, 11, 22), "1 d"),
            (date(2026, 11, 3), "20 d"),
            (date(2026, 11, 2), "3 w"),
            (date(2026, 8, 25), "12 w"),
            (date(2026, 8, 24), "3 mo"),
            (date(2024, 11, 24), "24 mo"),
            (date(2024, 11, 23), "2 y"),
            (date(1950, 1, 1), "76 y"),
        ] {
            assert_eq!(age(made, today), words, "{made}");
        }
        assert_eq!(review_default(today), date(2026, 12, 21));
    }

    /// The form's options are the domain's words, and nothing of an idea is open.
    #[test]
    fn the_form_and_the_domain_have_one_vocabulary() {
        let file: toml::Table = include_str!("../../../assets/lanes/ideas.toml")
            .parse()
            .unwrap_or_default();
        let tables = |of: &toml::Value, name: &str| {
            let list = of.get(name).and_then(toml::Value::as_array);
            list.cloned().unwrap_or_default()
        };
        let sections = tables(&toml::Value::Table(file), "section");
        let fields: Vec<toml::Value> = sections.iter().flat_map(|s| tables(s, "field")).collect();
        let word = |field: &toml::Value, name: &str| field.get(name)?.as_str().map(str::to_owned);
        let options = |key: &str| -> Vec<String> {
            let of = |field: &&toml::Value| word(field, "key").as_deref() == Some(key);
            let options = fields.iter().find(of).map(|field| tables(field, "options"));
            let words = options.iter().flatten().filter_map(toml::Value::as_str);
            words.map(str::to_owned).collect()
        };
        assert_eq!(options("category"), CATEGORIES);
        assert_eq!(options("timeEstimate"), ESTIMATES);
        assert_eq!(options("realityCheck.flags"), Flag::ALL.map(Flag::words));
        let decisions = options("realityCheck.decision");
        assert_eq!(decisions, Decision::ALL.map(Decision::word));
        assert!(!fields.is_empty());
        for field in fields {
            let sensitive = field.get("sensitive").and_then(toml::Value::as_bool);
            assert_eq!(sensitive, Some(true), "{field}");
        }
    }
}
