//! Answers that are written: texts, lists of short texts, and dates.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;

use super::plain::brief;
use super::{Field, Kind, ValueError, quoted};
use crate::domain::dates::{self, Toward, YEARS};
use crate::domain::text::{self, MAX_TEXT};

impl Field {
    /// Whether its answer is written in the text editor.
    #[must_use]
    pub fn is_written(&self) -> bool {
        matches!(self.kind, Kind::Text | Kind::Lines)
    }

    /// A written answer as the editor has it: of lines, one below the other.
    #[must_use]
    pub fn as_text(&self, value: &Value) -> Option<String> {
        match self.kind {
            Kind::Text => value.as_str().map(str::to_owned),
            Kind::Lines => {
                let lines = value.as_array()?.iter().map(Value::as_str);
                let lines: Option<Vec<&str>> = lines.collect();
                lines.map(|lines| lines.join("\n"))
            }
            Kind::Scale { .. }
            | Kind::Number { .. }
            | Kind::Toggle
            | Kind::Choice { .. }
            | Kind::Many { .. }
            | Kind::Date => None,
        }
    }

    /// Reads an answer as typed on this day, from which what is missing of a date is taken; else as
    /// [`Field::parse`].
    ///
    /// # Errors
    /// What the field takes and what to give.
    pub fn parse_on(&self, input: &str, today: Date) -> Result<Option<Value>, ValueError> {
        let word = input.trim();
        if !matches!(self.kind, Kind::Date) || word.is_empty() || word == "-" {
            return self.parse(input);
        }
        match dates::parse_date_toward(word, today, self.toward()) {
            Ok(date) => Ok(Some(Value::from(date.to_string()))),
            Err(_) if self.sensitive => Err(self.not_a_date(word)),
            Err(error) => {
                let expected = "is a date".to_owned();
                Err(self.refused(expected, &quoted(word), error.to_string()))
            }
        }
    }

    /// Where a date is looked for of which something is missing.
    #[must_use]
    pub const fn toward(&self) -> Toward {
        if self.ahead {
            Toward::Ahead
        } else {
            Toward::Back
        }
    }

    /// The day before or after; without an answer, today.
    #[must_use]
    pub fn day(&self, now: Option<&Value>, up: bool, today: Date) -> Option<Value> {
        let Some(date) = now.and_then(|value| self.as_date(value)) else {
            return Some(Value::from(today.to_string()));
        };
        let by = if up { 1 } else { -1 };
        let next = date.saturating_add(by.days());
        (next != date && YEARS.contains(&next.year())).then(|| Value::from(next.to_string()))
    }

    /// The value as a date.
    #[must_use]
    pub fn as_date(&self, value: &Value) -> Option<Date> {
        let text = value.as_str().filter(|_| self.kind == Kind::Date)?;
        text.parse().ok()
    }

    /// No answer, where that is allowed.
    ///
    /// # Errors
    /// An answer is required.
    pub fn cleared(&self) -> Result<Option<Value>, ValueError> {
        if self.required {
            let expected = "is required and stays as it was".to_owned();
            return Err(ValueError::new(self, expected, None, String::new()));
        }
        Ok(None)
    }

    pub(super) fn parse_date(&self, word: &str) -> Result<Value, ValueError> {
        let date: Date = word.parse().map_err(|_| self.not_a_date(word))?;
        let written = date.to_string();
        self.check_date(&written).map(|()| Value::from(written))
    }

    pub(super) fn check_date(&self, text: &str) -> Result<(), ValueError> {
        let date = text.parse::<Date>().ok();
        let is_exact = |date: &Date| YEARS.contains(&date.year()) && date.to_string() == text;
        match date.filter(is_exact) {
            Some(_) => Ok(()),
            None => Err(self.not_a_date(text)),
        }
    }

    pub(super) fn check_lines(&self, lines: &[Value]) -> Result<(), ValueError> {
        let mut length = 0;
        for line in lines {
            let Value::String(line) = line else {
                return Err(self.refused(self.expected(), &brief(line), self.give()));
            };
            text::check(line, MAX_TEXT).map_err(|error| ValueError::text(self, &error))?;
            length += line.chars().count() + 1;
            if line.trim().is_empty() || line.contains(['\n', '\r']) || length > MAX_TEXT + 1 {
                return Err(self.refused(self.expected(), "", self.give()));
            }
        }
        if lines.is_empty() {
            return Err(self.refused(self.expected(), "none", self.give()));
        }
        Ok(())
    }

    fn not_a_date(&self, word: &str) -> ValueError {
        self.refused(self.expected(), &quoted(word), self.give())
    }
}
