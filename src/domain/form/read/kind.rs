//! Reads what kind of answer a field takes, with what belongs to the kind: its range, its options, where it starts.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::Reader;
use super::attribute::type_of;
use super::field::KEY;
use crate::domain::form::plain::decimal;
use crate::domain::form::value::option_is_typable;
use crate::domain::form::{Kind, quoted, same_key};
use crate::domain::text::nearest;

const KINDS: [&str; 8] = [
    "scale", "number", "toggle", "choice", "many", "text", "lines", "date",
];

/// The longest option, in characters: what fits on a screen of 80 columns.
const OPTION: usize = 32;
const MOST_OPTIONS: usize = 30;

impl Reader<'_> {
    pub(super) fn kind(&mut self, table: &DeTable<'_>, span: &Range<usize>) -> Option<Kind> {
        let Some(entry) = table.get("kind") else {
            self.problem(
                span.clone(),
                format!(
                    "this field has no `kind`; it is one of {}",
                    KINDS.join(", ")
                ),
            );
            return None;
        };
        let name = self.line(table, "kind", KEY)?;
        match name.as_str() {
            "scale" => self.scale(table, entry.span()),
            "number" => self.number(table, entry.span()),
            "toggle" => Some(Kind::Toggle),
            "choice" => self
                .options(table, entry.span())
                .map(|options| Kind::Choice { options }),
            "many" => self
                .options(table, entry.span())
                .map(|options| Kind::Many { options }),
            "text" => Some(Kind::Text),
            "lines" => Some(Kind::Lines),
            "date" => Some(Kind::Date),
            other => {
                let advice = match nearest(other, KINDS.iter().copied()) {
                    Some(near) => format!("did you mean “{near}”?"),
                    None => format!("it is one of {}", KINDS.join(", ")),
                };
                self.problem(
                    entry.span(),
                    format!("there is no kind {}; {advice}", quoted(other)),
                );
                None
            }
        }
    }

    fn scale(&mut self, table: &DeTable<'_>, place: Range<usize>) -> Option<Kind> {
        let min = if table.contains_key("min") {
            self.figure(table, "min")?
        } else {
            1.0
        };
        let max = if table.contains_key("max") {
            self.figure(table, "max")?
        } else {
            10.0
        };
        let whole = |n: f64| (0..=10_u8).find(|&whole| (f64::from(whole) - n).abs() < f64::EPSILON);
        match (whole(min), whole(max)) {
            (Some(min @ 0..=1), Some(max)) if min < max => Some(Kind::Scale { min, max }),
            _ => {
                let place = table
                    .get("max")
                    .or(table.get("min"))
                    .map_or(place, Spanned::span);
                self.problem(place, format!(
                    "a scale from {} to {} cannot be set by one digit; let `min` be 0 or 1 and `max` a whole number up to 10, or use kind = \"number\"",
                    decimal(min), decimal(max)
                ));
                None
            }
        }
    }

    fn number(&mut self, table: &DeTable<'_>, place: Range<usize>) -> Option<Kind> {
        const WIDEST: f64 = 1e9;
        if !table.contains_key("min") || !table.contains_key("max") {
            self.problem(place, "a number needs a range; add `min` and `max`");
            return None;
        }
        let (min, max) = (self.figure(table, "min")?, self.figure(table, "max")?);
        let step = if table.contains_key("step") {
            self.figure(table, "step")?
        } else {
            1.0
        };
        let at = |name: &str| table.get(name).map_or(place.clone(), Spanned::span);
        if min >= max || min.abs() > WIDEST || max.abs() > WIDEST {
            let message = format!(
                "the range {} to {} is not one; let `min` be below `max`, both within ±{}",
                decimal(min),
                decimal(max),
                decimal(WIDEST)
            );
            self.problem(at("max"), message);
            return None;
        }
        if !(0.001..=max - min).contains(&step) {
            let message = format!(
                "a step of {} does not fit the range {} to {}; give one between 0.001 and {}",
                decimal(step),
                decimal(min),
                decimal(max),
                decimal(max - min)
            );
            self.problem(at("step"), message);
            return None;
        }
        Some(Kind::Number { min, max, step })
    }

    fn options(&mut self, table: &DeTable<'_>, place: Range<usize>) -> Option<Vec<String>> {
        let Some(entry) = table.get("options") else {
            self.problem(
                place,
                "this kind needs options; add options = [\"…\", \"…\"]",
            );
            return None;
        };
        let Some(list) = entry.get_ref().as_array() else {
            self.problem(
                entry.span(),
                format!(
                    "`options` is a list of texts, not {}; write options = [\"…\", \"…\"]",
                    type_of(entry.get_ref())
                ),
            );
            return None;
        };
        if list.is_empty() || list.len() > MOST_OPTIONS {
            self.problem(
                entry.span(),
                format!("{} options; give 1 to {MOST_OPTIONS}", list.len()),
            );
            return None;
        }
        let before = self.problems.len();
        let mut options: Vec<String> = Vec::new();
        for item in list {
            let Some(option) = self.text(item, "an option", OPTION) else {
                continue;
            };
            if !option_is_typable(&option) {
                let message = format!(
                    "option {} cannot be typed; use letters, without commas and outer blanks",
                    quoted(&option)
                );
                self.problem(item.span(), message);
            } else if options.iter().any(|earlier| same_key(earlier, &option)) {
                self.problem(
                    item.span(),
                    format!(
                        "option {} is given twice; rename or remove one",
                        quoted(&option)
                    ),
                );
            }
            options.push(option);
        }
        (self.problems.len() == before).then_some(options)
    }

    pub(super) fn start(&mut self, table: &DeTable<'_>, kind: &Kind) -> Option<f64> {
        let entry = table.get("start")?;
        let start = self.figure(table, "start")?;
        let (min, max, step) = match *kind {
            Kind::Scale { min, max } => (f64::from(min), f64::from(max), 1.0),
            Kind::Number { min, max, step } => (min, max, step),
            // Said by `fitting`.
            Kind::Toggle
            | Kind::Choice { .. }
            | Kind::Many { .. }
            | Kind::Text
            | Kind::Lines
            | Kind::Date => return None,
        };
        let steps = (start - min) / step;
        if !(min..=max).contains(&start) || (steps - steps.round()).abs() > 1e-6 {
            let message = format!(
                "start {} is no answer of this field; give one from {} to {} in steps of {}",
                decimal(start),
                decimal(min),
                decimal(max),
                decimal(step)
            );
            self.problem(entry.span(), message);
            return None;
        }
        Some(start)
    }
}
