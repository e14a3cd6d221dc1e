//! Reading and writing what a day brought: a count, or minutes.

use thiserror::Error;

use super::TargetType;
use crate::domain::text::printable;

/// The largest amount of one check-in; the database's `CHECK` has the same.
pub const MAX_AMOUNT: f64 = 1_000_000.0;

/// The minutes of a day, which a duration does not exceed; the database has the same.
pub const MINUTES_OF_A_DAY: f64 = 1440.0;

/// Why something typed is no amount.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AmountError {
    /// Not a count.
    #[error("“{0}” is not an amount; write a number, as 12 or 2.5")]
    NotACount(String),
    /// Not a duration.
    #[error("“{0}” is not a duration; write 45 or 45m, 1h30 or 1:30")]
    NotADuration(String),
    /// More than [`MAX_AMOUNT`].
    #[error("“{0}” is above 1000000; give at most that")]
    TooLarge(String),
    /// More than [`MINUTES_OF_A_DAY`].
    #[error("“{0}” is above the 24 hours of a day; give at most 1440 minutes")]
    BeyondADay(String),
}

/// Reads an amount as typed. A count is a number, with a point or a comma before at most three digits, where three
/// after a comma are not guessed at: they may be thousands. A duration is in minutes (`45`, `45m`, `45 min`) or has
/// hours (`1h`, `1h30`, `1h30m`, `1.5h`, `1:30`), and is given in minutes. A binary goal's is read as a count.
///
/// # Errors
/// Says what to write.
pub fn parse_amount(input: &str, target: TargetType) -> Result<f64, AmountError> {
    let word = input.trim().to_lowercase();
    let given = || printable(input.trim()).chars().take(40).collect::<String>();
    let amount = match target {
        TargetType::Binary | TargetType::Count => {
            decimal(&word).ok_or_else(|| AmountError::NotACount(given()))?
        }
        TargetType::Duration => minutes(&word).ok_or_else(|| AmountError::NotADuration(given()))?,
    };
    if target == TargetType::Duration && amount > MINUTES_OF_A_DAY {
        return Err(AmountError::BeyondADay(given()));
    }
    if amount > MAX_AMOUNT {
        return Err(AmountError::TooLarge(given()));
    }
    Ok(amount)
}

/// An amount as a person reads it: whole where it is, else at most three digits after the point.
#[must_use]
pub fn show_amount(amount: f64) -> String {
    let shown = format!("{amount:.3}");
    let shown = shown.trim_end_matches('0').trim_end_matches('.');
    if shown.is_empty() || shown == "-0" {
        "0".to_owned()
    } else {
        shown.to_owned()
    }
}

fn minutes(word: &str) -> Option<f64> {
    if let Some((hours, minutes)) = word.split_once(':') {
        return Some(whole(hours)? * 60.0 + under_an_hour(minutes)?);
    }
    if let Some((hours, rest)) = word.split_once('h') {
        let rest = rest.strip_prefix("ours").unwrap_or(rest);
        let rest = rest.strip_prefix("our").unwrap_or(rest);
        let hours = hours.trim_end();
        let rest = without_unit(rest.trim_start());
        return if rest.is_empty() {
            decimal(hours).map(|hours| hours * 60.0)
        } else {
            Some(whole(hours)? * 60.0 + under_an_hour(rest)?)
        };
    }
    decimal(without_unit(word))
}

fn without_unit(word: &str) -> &str {
    ["minutes", "minute", "mins", "min", "m"]
        .iter()
        .find_map(|unit| word.strip_suffix(unit))
        .unwrap_or(word)
        .trim_end()
}

/// A number that is not negative; at most three digits after the point.
fn decimal(word: &str) -> Option<f64> {
    let (digits, part) = match word.split_once('.') {
        Some(parts) => parts,
        None => match word.split_once(',') {
            Some((_, part)) if part.len() == 3 => return None,
            Some(parts) => parts,
            None => (word, "0"),
        },
    };
    let plain = |digits: &str, most: usize| {
        (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !plain(digits, 12) || !plain(part, 3) {
        return None;
    }
    format!("{digits}.{part}").parse().ok()
}

fn whole(digits: &str) -> Option<f64> {
    let plain = (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    plain
        .then(|| digits.parse::<u32>().ok())
        .flatten()
        .map(f64::from)
}

fn under_an_hour(digits: &str) -> Option<f64> {
    whole(digits).filter(|minutes| digits.len() <= 2 && *minutes < 60.0)
}
