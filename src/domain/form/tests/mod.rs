//! The form: what ships, what a mistake in a person's own file says, what answers a field takes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::float_cmp
)]

mod file;
mod values;

use super::*;

fn scale(key: &str, min: u8, max: u8) -> Field {
    field(key, Kind::Scale { min, max })
}

fn field(key: &str, kind: Kind) -> Field {
    Field {
        key: key.to_owned(),
        label: key.to_owned(),
        kind,
        low: None,
        high: None,
        unit: None,
        higher_is: Direction::Neutral,
        sensitive: false,
        required: false,
        drift: false,
        quick: false,
        ahead: false,
        prompt: None,
        prompt_from: None,
        start: None,
    }
}

fn options(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn keys(form: &LogForm, view: FormView) -> Vec<&str> {
    form.fields(view)
        .map(|(_, field)| field.key.as_str())
        .collect()
}
