//! A value of theirs, as a column of ours takes it.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::Value;

use crate::domain::import::cell::Cell;
use crate::domain::import::shape::{Column, Kind};

/// The value for the column; nothing where it does not fit.
pub fn fitting(column: &Column, value: &Value) -> Option<Cell> {
    let text = match column.kind {
        Kind::Text => words(column, value.as_str()?)?,
        Kind::Integer => {
            let number = whole(value)?;
            let (least, most) = column.range;
            (least..=most)
                .contains(&number)
                .then(|| number.to_string())?
        }
        Kind::Number => number(value).filter(|n| *n >= 0.0)?.to_string(),
        Kind::Bool => yes(value)?.to_string(),
        Kind::Date => day(value)?.to_string(),
        Kind::Moment => moment(value)?.to_string(),
        Kind::Object => value.is_object().then(|| value.to_string())?,
        Kind::List => value.is_array().then(|| value.to_string())?,
        Kind::Texts => return texts(value, column.longest),
        Kind::Uuid | Kind::Transaction | Kind::Any => return None,
    };
    Some(Cell::Text(text))
}

/// A text within its length; one of the column's words, however it is spelt.
fn words(column: &Column, text: &str) -> Option<String> {
    if column.words.is_empty() {
        return (text.chars().count() <= column.longest).then(|| text.to_owned());
    }
    column
        .words
        .iter()
        .find(|word| plain(word) == plain(text))
        .cloned()
}

/// A word without case, spaces and hyphens.
pub fn plain(word: &str) -> String {
    let letters = word.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// A number, also one that stands in quotes.
pub fn number(value: &Value) -> Option<f64> {
    let number: f64 = match value {
        Value::Number(number) => number.to_string().parse().ok()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// A whole number.
fn whole(value: &Value) -> Option<i64> {
    let number = number(value)?;
    let is_whole = number.fract() == 0.0 && number.abs() < 1e15;
    is_whole
        .then(|| format!("{number:.0}").parse().ok())
        .flatten()
}

/// Yes or no.
pub fn yes(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(yes) => Some(*yes),
        Value::Number(_) => match whole(value)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        },
        Value::String(text) => match text.as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A day, also as the beginning of a moment.
pub fn day(value: &Value) -> Option<Date> {
    let day: Date = value.as_str()?.get(..10)?.parse().ok()?;
    (day.year() >= 1900).then_some(day)
}

/// A moment; one without an offset is taken as UTC.
pub fn moment(value: &Value) -> Option<Timestamp> {
    let text = value.as_str().filter(|text| text.len() <= 64)?;
    let moment = text.parse().ok().or_else(|| {
        let local: DateTime = text.parse().ok()?;
        local
            .to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|z| z.timestamp())
    })?;
    (moment >= Timestamp::UNIX_EPOCH).then_some(moment)
}

/// A list of texts; one text is a list of one.
fn texts(value: &Value, longest: usize) -> Option<Cell> {
    let list: Option<Vec<String>> = match value {
        Value::String(text) if text.is_empty() => Some(Vec::new()),
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(list) => list.iter().map(|t| t.as_str().map(str::to_owned)).collect(),
        _ => None,
    };
    list.filter(|list| {
        list.len() <= 100
            && list
                .iter()
                .all(|text| text.chars().count() <= longest.min(2000))
    })
    .map(Cell::Texts)
}
