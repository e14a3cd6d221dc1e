//! Reads single attributes of a form file, of one type each.

use toml::de::{DeTable, DeValue};

use super::{Entry, Reader};
use crate::domain::form::Direction;
use crate::domain::text::stand_in;

impl Reader<'_> {
    pub(super) fn direction(&mut self, table: &DeTable<'_>) -> Direction {
        let Some(entry) = table.get("higher_is") else {
            return Direction::Neutral;
        };
        match entry.get_ref().as_str() {
            Some("better") => Direction::Better,
            Some("worse") => Direction::Worse,
            Some("neutral") => Direction::Neutral,
            _ => {
                let message = "`higher_is` is “better”, “worse” or “neutral”; write one of them";
                self.problem(entry.span(), message);
                Direction::Neutral
            }
        }
    }

    pub(super) fn flag(&mut self, table: &DeTable<'_>, name: &str) -> Option<bool> {
        let entry = table.get(name)?;
        let flag = entry.get_ref().as_bool();
        if flag.is_none() {
            let message = format!(
                "`{name}` is true or false, not {}; write {name} = true without quotes, or remove it",
                type_of(entry.get_ref())
            );
            self.problem(entry.span(), message);
        }
        flag
    }

    pub(super) fn figure(&mut self, table: &DeTable<'_>, name: &str) -> Option<f64> {
        let entry = table.get(name)?;
        let figure = match entry.get_ref() {
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
            DeValue::Float(float) => float.as_str().parse().ok(),
            DeValue::Integer(_)
            | DeValue::String(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        let figure = figure.filter(|figure: &f64| figure.is_finite());
        if figure.is_none() {
            self.problem(
                entry.span(),
                format!("`{name}` is a plain number; write {name} = 1 without quotes"),
            );
        }
        figure
    }

    /// An attribute that is one line of text.
    pub(super) fn line(
        &mut self,
        table: &DeTable<'_>,
        name: &str,
        longest: usize,
    ) -> Option<String> {
        let entry = table.get(name)?;
        self.text(entry, &format!("`{name}`"), longest)
    }

    pub(super) fn text(
        &mut self,
        entry: Entry<'_, '_>,
        name: &str,
        longest: usize,
    ) -> Option<String> {
        let Some(text) = entry.get_ref().as_str() else {
            self.problem(
                entry.span(),
                format!(
                    "{name} is text, not {}; put it in quotes",
                    type_of(entry.get_ref())
                ),
            );
            return None;
        };
        let length = text.chars().count();
        if text.trim().is_empty() {
            self.problem(
                entry.span(),
                format!("{name} is empty; write something or remove it"),
            );
        } else if length > longest {
            self.problem(
                entry.span(),
                format!("{name} has {length} characters; keep it to {longest}"),
            );
        } else if let Some(c) = text.chars().find(|&c| stand_in(c).is_some()) {
            let message = format!(
                "{name} holds a control character (U+{:04X}); remove it",
                u32::from(c)
            );
            self.problem(entry.span(), message);
        } else {
            return Some(text.to_owned());
        }
        None
    }
}

pub(super) fn type_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
