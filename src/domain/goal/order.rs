//! Reading the words behind the goal of a check-in: which day, and how much.

use jiff::civil::Date;
use thiserror::Error;

use super::{AmountError, TargetType, parse_amount};
use crate::domain::dates::{self, DateError, parse_date};

/// Which day, and how much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CheckInOrder {
    /// Today unless given; never later.
    pub date: Date,
    /// A count or minutes.
    pub amount: Option<f64>,
}

/// Why the words are no check-in.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OrderError {
    /// No date.
    #[error(transparent)]
    Date(#[from] DateError),
    /// Neither a date nor an amount.
    #[error("{date}; nor an amount: {amount}")]
    Neither {
        /// Why it is no date.
        date: DateError,
        /// Why it is no amount.
        amount: AmountError,
    },
    /// A day that has not come.
    #[error("{} has not come yet; a check-in is about today or an earlier day", dates::long(*.0))]
    Ahead(Date),
}

/// Reads the words: a date, if any, then, where the goal takes one, an amount. A last word that reads as an amount is
/// one: `23` alone is an amount, `23 45` the amount 45 on the 23rd.
///
/// # Errors
/// The first word that is neither, or a day that has not come.
pub fn read_order(
    words: &[&str],
    target: TargetType,
    today: Date,
) -> Result<CheckInOrder, OrderError> {
    let (amount, date) = match words.split_last() {
        Some((last, rest)) if target.takes_amount() => match parse_amount(last, target) {
            Ok(amount) => (Some(Ok(amount)), rest),
            Err(error) => (Some(Err(error)), words),
        },
        Some(_) | None => (None, words),
    };
    let date = if date.is_empty() {
        today
    } else {
        match (parse_date(&date.join(" "), today), &amount) {
            (Ok(date), _) => date,
            (Err(date), Some(Err(amount))) => {
                return Err(OrderError::Neither {
                    date,
                    amount: amount.clone(),
                });
            }
            (Err(date), Some(Ok(_)) | None) => return Err(OrderError::Date(date)),
        }
    };
    if date > today {
        return Err(OrderError::Ahead(date));
    }
    Ok(CheckInOrder {
        date,
        amount: amount.and_then(Result::ok),
    })
}
