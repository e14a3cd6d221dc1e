//! Values as plain words, and numbers without the noise of their binary representation.

use serde_json::{Number, Value};

use super::quoted;

/// A number as a value: an integer where it is whole.
pub(super) fn canonical(number: f64) -> Value {
    let text = decimal(number);
    // `decimal` writes only digits, a sign and a point, which is JSON's own form.
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// A number without float noise and without a fraction that is zero: `7`, `6.5`.
pub(super) fn decimal(number: f64) -> String {
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

pub(super) fn finite(number: &Number) -> Option<f64> {
    number.as_f64().filter(|number| number.is_finite())
}

pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => finite(number)
            .filter(|number| number.abs() < 1e15)
            .map_or_else(|| number.to_string(), decimal),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(_) => value.to_string(),
    }
}

/// A value of the wrong kind, for a message.
pub(super) fn brief(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(_) | Value::Number(_) => plain(value),
        Value::String(text) => quoted(text),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}
