//! Reading and writing a weekly minimum together with what it counts.

use thiserror::Error;

use super::{TargetType, parse_amount};
use crate::domain::text::printable;

/// The largest weekly minimum; the database's `CHECK` has the same.
pub const MAX_MINIMUM: u32 = 100_000;

/// The days of a week: more are asked for in vain.
const DAYS: u32 = 7;

/// Why something typed is no weekly minimum.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MinimumError {
    /// None of the forms, or not from 1 to [`MAX_MINIMUM`].
    #[error(
        "“{0}” is not a weekly minimum; write 3 for days, 20x for a count, 150m or 2h30 for time"
    )]
    Unreadable(String),
    /// More days than a week has.
    #[error("a week has 7 days; write {0}x for a count or {0}m for minutes")]
    TooManyDays(u32),
}

/// Reads a weekly minimum: `3` days, `20x` as a count, `150m`, `2h30` or `2:30` as minutes.
///
/// # Errors
/// Says what to write.
pub fn parse_minimum(input: &str) -> Result<(TargetType, u32), MinimumError> {
    let word = input.trim().to_lowercase();
    let given = || MinimumError::Unreadable(printable(input.trim()).chars().take(40).collect());
    let plain = |digits: &str| {
        let digits = digits.trim_end();
        let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        all.then(|| digits.parse::<u32>().ok()).flatten()
    };
    let (target, minimum) = if let Some(days) = plain(&word) {
        (TargetType::Binary, days)
    } else if let Some(count) = word.strip_suffix('x') {
        (TargetType::Count, plain(count).ok_or_else(given)?)
    } else {
        let minutes = parse_amount(&word, TargetType::Duration).map_err(|_| given())?;
        (TargetType::Duration, whole(minutes).ok_or_else(given)?)
    };
    if !(1..=MAX_MINIMUM).contains(&minimum) {
        return Err(given());
    }
    if target == TargetType::Binary && minimum > DAYS {
        return Err(MinimumError::TooManyDays(minimum));
    }
    Ok((target, minimum))
}

/// A weekly minimum as [`parse_minimum`] reads it back.
#[must_use]
pub fn show_minimum(target: TargetType, minimum: u32) -> String {
    match target {
        TargetType::Binary => minimum.to_string(),
        TargetType::Count => format!("{minimum}x"),
        TargetType::Duration => format!("{minimum}m"),
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // bounded and whole
fn whole(number: f64) -> Option<u32> {
    let fits = (0.0..=f64::from(MAX_MINIMUM)).contains(&number) && number.fract() == 0.0;
    fits.then_some(number as u32)
}
