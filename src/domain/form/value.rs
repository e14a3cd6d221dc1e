//! How a field reads, checks, shows and steps its values.
//!
//! Values are canonical: a whole number is stored as an integer, a half without float noise, several
//! options in the form's order. What `show` prints, `parse` reads back as the same value.

use serde_json::Value;

use super::error::excerpt;
use super::plain::{brief, canonical, decimal, finite, plain};
use super::{Field, Kind, ValueError, quoted, same_key};
use crate::domain::text::{self, MAX_TEXT, folded, nearest};

/// Differences below this are noise of the binary representation.
const NOISE: f64 = 1e-6;

impl Field {
    /// Reads an answer as typed; empty and `-` clear it. A date is given in full.
    ///
    /// # Errors
    /// What the field takes and what to give.
    pub fn parse(&self, input: &str) -> Result<Option<Value>, ValueError> {
        let word = input.trim();
        if word.is_empty() || word == "-" {
            return self.cleared();
        }
        match &self.kind {
            Kind::Scale { .. } | Kind::Number { .. } => self.parse_number(word).map(Some),
            Kind::Toggle => self.parse_toggle(word).map(Some),
            Kind::Choice { options } => self.parse_option(options, word).map(Some),
            Kind::Many { options } => self.parse_options(options, word),
            Kind::Text | Kind::Lines => self.text(input),
            Kind::Date => self.parse_date(word).map(Some),
        }
    }

    /// Text of an editor as the answer: kept as it is; only the empty text clears. Of lines, those
    /// that are not blank.
    ///
    /// # Errors
    /// NUL, or too long; empty, where an answer is required.
    pub fn text(&self, input: &str) -> Result<Option<Value>, ValueError> {
        text::check(input, MAX_TEXT).map_err(|error| ValueError::text(self, &error))?;
        let value = if let Kind::Lines = self.kind {
            list(input.lines().map(str::trim).filter(|line| !line.is_empty()))
        } else {
            (!input.is_empty()).then(|| Value::from(input))
        };
        value.map_or_else(|| self.cleared(), |value| Ok(Some(value)))
    }

    /// Whether the field takes the value.
    ///
    /// # Errors
    /// What the field takes and what to give.
    pub fn check(&self, value: &Value) -> Result<(), ValueError> {
        match (&self.kind, value) {
            (Kind::Scale { .. } | Kind::Number { .. }, Value::Number(number)) => {
                let given = finite(number).unwrap_or(f64::INFINITY);
                self.in_range(given, &number.to_string()).map(drop)
            }
            (Kind::Toggle, Value::Bool(_)) => Ok(()),
            (Kind::Choice { options }, Value::String(chosen)) if options.contains(chosen) => Ok(()),
            (Kind::Many { options }, Value::Array(chosen)) => self.check_options(options, chosen),
            (Kind::Text, Value::String(text)) => {
                text::check(text, MAX_TEXT).map_err(|error| ValueError::text(self, &error))
            }
            (Kind::Lines, Value::Array(lines)) => self.check_lines(lines),
            (Kind::Date, Value::String(date)) => self.check_date(date),
            (Kind::Choice { options }, Value::String(other)) => {
                Err(self.not_an_option(options, other))
            }
            (
                Kind::Scale { .. }
                | Kind::Number { .. }
                | Kind::Toggle
                | Kind::Choice { .. }
                | Kind::Many { .. }
                | Kind::Text
                | Kind::Lines
                | Kind::Date,
                other,
            ) => Err(self.refused(self.expected(), &brief(other), self.give())),
        }
    }

    /// The value as a person reads it: `6.5`, `yes`, `red, yellow`, text as it is (not yet safe for
    /// a terminal). A value of another kind is shown as well as it can be.
    #[must_use]
    pub fn show(&self, value: &Value) -> String {
        let lines = matches!(self.kind, Kind::Lines);
        let lines = lines.then(|| self.as_text(value)).flatten();
        lines.unwrap_or_else(|| plain(value))
    }

    /// The value that a digit key sets on a scale: `0` is 10, or 0 where the scale begins there.
    #[must_use]
    pub fn digit(&self, digit: u8) -> Option<Value> {
        let Kind::Scale { min, max } = self.kind else {
            return None;
        };
        let value = if digit == 0 && min > 0 { 10 } else { digit };
        (digit <= 9 && (min..=max).contains(&value)).then(|| Value::from(value))
    }

    /// The value one step up or down; nothing where there is no step to make. Without an answer, it
    /// is the field's start: the middle of a scale, the lowest number.
    #[must_use]
    pub fn step(&self, now: Option<&Value>, up: bool) -> Option<Value> {
        let (min, max, step) = self.range()?;
        let Some(now) = now.and_then(|value| self.as_number(value)) else {
            let middle = match self.kind {
                Kind::Scale { min, max } => f64::from(min.midpoint(max)),
                Kind::Number { .. }
                | Kind::Toggle
                | Kind::Choice { .. }
                | Kind::Many { .. }
                | Kind::Text
                | Kind::Lines
                | Kind::Date => min,
            };
            return Some(canonical(self.start.unwrap_or(middle)));
        };
        // From between two steps to the nearer one in that direction.
        let steps = (now - min) / step;
        let target = if up {
            (steps + NOISE).floor() + 1.0
        } else {
            (steps - NOISE).ceil() - 1.0
        };
        let last = ((max - min) / step + NOISE).floor();
        let target = target.clamp(0.0, last) * step + min;
        ((target - now).abs() > NOISE).then(|| canonical(target))
    }

    /// The next value of a toggle (none, yes, no, none) or of a choice (its options, none); where an
    /// answer is required, none is left out. A field of another kind keeps its value.
    #[must_use]
    pub fn toggle(&self, now: Option<&Value>) -> Option<Value> {
        match &self.kind {
            Kind::Toggle => match now {
                Some(Value::Bool(true)) => Some(Value::Bool(false)),
                Some(Value::Bool(false)) if !self.required => None,
                _ => Some(Value::Bool(true)),
            },
            Kind::Choice { options } => {
                let place = options
                    .iter()
                    .position(|o| now.is_some_and(|v| v == o.as_str()));
                options
                    .get(place.map_or(0, |place| place + 1))
                    .or(options.first().filter(|_| self.required))
                    .map(|o| Value::from(o.as_str()))
            }
            Kind::Scale { .. }
            | Kind::Number { .. }
            | Kind::Many { .. }
            | Kind::Text
            | Kind::Lines
            | Kind::Date => now.cloned(),
        }
    }

    /// The value with one option put in or taken out (`many`), chosen or cleared (`choice`).
    #[must_use]
    pub fn toggle_option(&self, now: Option<&Value>, option: usize) -> Option<Value> {
        let chosen = |name: &String| match now {
            Some(Value::Array(list)) => list.iter().any(|v| v == name.as_str()),
            Some(value) => value == name.as_str(),
            None => false,
        };
        match &self.kind {
            Kind::Choice { options } => options
                .get(option)
                .filter(|o| !chosen(o))
                .map(|o| Value::from(o.as_str())),
            Kind::Many { options } => list(
                options
                    .iter()
                    .enumerate()
                    .filter(|&(index, name)| chosen(name) != (index == option))
                    .map(|(_, name)| name.as_str()),
            ),
            Kind::Scale { .. }
            | Kind::Number { .. }
            | Kind::Toggle
            | Kind::Text
            | Kind::Lines
            | Kind::Date => now.cloned(),
        }
    }

    /// The value as a figure of a series: a scale's or a number's value, 1 for yes and 0 for no.
    #[must_use]
    pub fn as_number(&self, value: &Value) -> Option<f64> {
        match &self.kind {
            Kind::Scale { .. } | Kind::Number { .. } => value.as_number().and_then(finite),
            Kind::Toggle => value.as_bool().map(|yes| f64::from(u8::from(yes))),
            Kind::Choice { .. } | Kind::Many { .. } | Kind::Text | Kind::Lines | Kind::Date => None,
        }
    }

    /// The lowest answer, the highest and the step between, where the field has figures; a toggle
    /// goes from 0 to 1.
    #[must_use]
    pub fn bounds(&self) -> Option<(f64, f64)> {
        match self.kind {
            Kind::Toggle => Some((0.0, 1.0)),
            Kind::Scale { .. }
            | Kind::Number { .. }
            | Kind::Choice { .. }
            | Kind::Many { .. }
            | Kind::Text
            | Kind::Lines
            | Kind::Date => self.range().map(|(min, max, _)| (min, max)),
        }
    }

    fn range(&self) -> Option<(f64, f64, f64)> {
        match self.kind {
            Kind::Scale { min, max } => Some((f64::from(min), f64::from(max), 1.0)),
            Kind::Number { min, max, step } => Some((min, max, step)),
            Kind::Toggle
            | Kind::Choice { .. }
            | Kind::Many { .. }
            | Kind::Text
            | Kind::Lines
            | Kind::Date => None,
        }
    }

    fn parse_number(&self, word: &str) -> Result<Value, ValueError> {
        // A comma before three digits may part thousands: that is not guessed at.
        let (point, thousands) = match word.split_once(',') {
            Some((whole, part)) if part.len() != 3 => (format!("{whole}.{part}"), None),
            Some((whole, part)) => (String::new(), Some((whole, part))),
            None => (word.to_owned(), None),
        };
        let plain = point
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
        let given = plain.then(|| point.parse::<f64>().ok()).flatten();
        if let Some(given) = given {
            return self.in_range(given, word).map(canonical);
        }
        let advice = match thousands {
            Some((whole, part)) if !self.sensitive => {
                excerpt(&format!("write {whole}{part} or {whole}.{part}"))
            }
            Some(_) | None => self.give(),
        };
        Err(self.refused(self.expected(), &quoted(word), advice))
    }

    /// The multiple of the step that the number is.
    fn in_range(&self, given: f64, written: &str) -> Result<f64, ValueError> {
        let Some((min, max, step)) = self.range() else {
            return Ok(given);
        };
        if !(min - NOISE..=max + NOISE).contains(&given) {
            return Err(self.refused(self.expected(), written, self.give()));
        }
        let snapped = ((given - min) / step).round() * step + min;
        if (snapped - given).abs() <= NOISE {
            return Ok(snapped);
        }
        let below = min + ((given - min) / step).floor() * step;
        let above = below + step;
        let advice = if self.sensitive {
            self.give()
        } else if above > max + NOISE {
            format!("give {}", decimal(below))
        } else {
            format!("give {} or {}", decimal(below), decimal(above))
        };
        let expected = if (step - 1.0).abs() < NOISE {
            "takes whole numbers".to_owned()
        } else {
            format!("goes in steps of {}", decimal(step))
        };
        Err(self.refused(expected, written, advice))
    }

    fn parse_toggle(&self, word: &str) -> Result<Value, ValueError> {
        match word.to_lowercase().as_str() {
            "yes" | "y" | "true" | "on" | "1" => Ok(Value::Bool(true)),
            "no" | "n" | "false" | "off" | "0" => Ok(Value::Bool(false)),
            _ => Err(self.refused(self.expected(), &quoted(word), self.give())),
        }
    }

    fn parse_option(&self, options: &[String], word: &str) -> Result<Value, ValueError> {
        option_named(options, word)
            .map(Value::from)
            .ok_or_else(|| self.not_an_option(options, word))
    }

    fn parse_options(&self, options: &[String], words: &str) -> Result<Option<Value>, ValueError> {
        let mut chosen = Vec::new();
        for word in words
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
        {
            let option =
                option_named(options, word).ok_or_else(|| self.not_an_option(options, word))?;
            chosen.push(option);
        }
        Ok(list(
            options
                .iter()
                .map(String::as_str)
                .filter(|o| chosen.contains(o)),
        ))
    }

    fn check_options(&self, options: &[String], chosen: &[Value]) -> Result<(), ValueError> {
        for (index, value) in chosen.iter().enumerate() {
            let Value::String(name) = value else {
                return Err(self.refused(self.expected(), &brief(value), self.give()));
            };
            if !options.contains(name) {
                return Err(self.not_an_option(options, name));
            }
            if chosen.iter().take(index).any(|earlier| earlier == value) {
                let advice = "name each option once".to_owned();
                return Err(self.refused(self.expected(), &format!("{name} twice"), advice));
            }
        }
        Ok(())
    }

    fn not_an_option(&self, options: &[String], word: &str) -> ValueError {
        let near = nearest(word, options.iter().map(String::as_str));
        let advice = match near {
            Some(near) if !self.sensitive => format!("did you mean “{near}”?"),
            _ => self.give(),
        };
        self.refused(self.expected(), &quoted(word), advice)
    }

    pub(super) fn refused(&self, expected: String, got: &str, advice: String) -> ValueError {
        ValueError::new(self, expected, (!self.sensitive).then_some(got), advice)
    }

    /// What the field is, completing “energy …”.
    pub(super) fn expected(&self) -> String {
        match &self.kind {
            Kind::Scale { min, max } => format!("is {min}–{max}"),
            Kind::Number { min, max, .. } => match &self.unit {
                Some(unit) => format!("is {}–{} {unit}", decimal(*min), decimal(*max)),
                None => format!("is {}–{}", decimal(*min), decimal(*max)),
            },
            Kind::Toggle => "is yes or no".to_owned(),
            Kind::Choice { options } => format!("is one of {}", options.join(", ")),
            Kind::Many { options } => format!("takes any of {}", options.join(", ")),
            Kind::Text => "is text".to_owned(),
            Kind::Lines => "is a list of short texts".to_owned(),
            Kind::Date => "is a date".to_owned(),
        }
    }

    /// What to give.
    pub(super) fn give(&self) -> String {
        match &self.kind {
            // The range says it already.
            Kind::Scale { .. } | Kind::Number { .. } => String::new(),
            Kind::Toggle => "give yes, no, or - to clear it".to_owned(),
            Kind::Choice { .. } => "give one of them, or - to clear it".to_owned(),
            Kind::Many { .. } => {
                "give some of them with commas between, or - to clear it".to_owned()
            }
            Kind::Text => "give a text".to_owned(),
            Kind::Lines => "give one a line".to_owned(),
            Kind::Date => "give it as 2026-11-23, or - to clear it".to_owned(),
        }
    }
}

fn option_named<'a>(options: &'a [String], word: &str) -> Option<&'a str> {
    options
        .iter()
        .map(String::as_str)
        .find(|option| same_key(option, word))
}

fn list<'a>(options: impl Iterator<Item = &'a str>) -> Option<Value> {
    let options: Vec<Value> = options.map(Value::from).collect();
    (!options.is_empty()).then_some(Value::Array(options))
}

/// Whether an option can be told from the others and from the signs that `parse` understands.
pub(super) fn option_is_typable(option: &str) -> bool {
    option.trim() == option && !option.contains(',') && folded(option).next().is_some()
}
