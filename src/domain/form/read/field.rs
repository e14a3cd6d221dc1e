//! Reads one field of a form file: its key, its kind and what belongs to the kind.
//!
//! A field with a mistake is left out of the form, so one mistake is one message.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::{Of, Placed, Reader};
use crate::domain::form::{Field, Kind, RED_ZONE, same_key};

/// Names that an export uses for a log's own columns or that its import keeps.
const RESERVED: [&str; 14] = [
    "id",
    "userId",
    "date",
    "data",
    "version",
    "createdAt",
    "updatedAt",
    "archivedAt",
    "logType",
    "imported",
    "redacted",
    "counts",
    "format",
    "user",
];

const FIELD: [&str; 19] = [
    "key",
    "label",
    "kind",
    "min",
    "max",
    "step",
    "start",
    "options",
    "low",
    "high",
    "unit",
    "higher_is",
    "sensitive",
    "required",
    "drift",
    "quick",
    "ahead",
    "prompt",
    "prompt_from",
];
/// Longest texts, in characters: what fits on a screen of 80 columns.
const LABEL: usize = 40;
const END: usize = 24;
const UNIT: usize = 12;
const PROMPT: usize = 120;
pub(super) const KEY: usize = 40;

impl Reader<'_> {
    pub(super) fn field(&mut self, table: &DeTable<'_>, span: &Range<usize>) -> Option<Placed> {
        self.only(table, &FIELD, "a field");
        let key = self.key(table, span);
        let kind = self.kind(table, span);
        let label = self.line(table, "label", LABEL);
        if !table.contains_key("label") {
            self.problem(span.clone(), "this field has no `label`; add label = \"…\"");
        }
        let (key, kind) = (key?, kind?);
        if self.of == Of::Reviews {
            self.question(&key.0, &kind, &key.1)?;
        }
        let sensitive = self.flag(table, "sensitive");
        let field = Field {
            label: label.unwrap_or_default(),
            low: self.line(table, "low", END),
            high: self.line(table, "high", END),
            unit: self.line(table, "unit", UNIT),
            higher_is: self.direction(table),
            sensitive: sensitive
                .unwrap_or_else(|| self.of == Of::Reviews || RED_ZONE.contains(&key.0.as_str())),
            required: self.flag(table, "required").unwrap_or(false),
            drift: self.flag(table, "drift").unwrap_or(false),
            quick: self.flag(table, "quick").unwrap_or(false),
            ahead: self.flag(table, "ahead").unwrap_or(false),
            prompt: self.line(table, "prompt", PROMPT),
            prompt_from: self.line(table, "prompt_from", KEY),
            start: self.start(table, &kind),
            key: key.0,
            kind,
        };
        self.fitting(table, &field);
        let prompt_from = table.get("prompt_from").map(Spanned::span);
        Some(Placed {
            field,
            key: key.1,
            prompt_from,
        })
    }

    /// Whether a field can be a question of a review.
    fn question(&mut self, key: &str, kind: &Kind, place: &Range<usize>) -> Option<()> {
        if !key.starts_with("answers.") {
            let message = format!("key `{key}` is not a question's; write `answers.{key}`");
            self.problem(place.clone(), message);
            return None;
        }
        if *kind != Kind::Text {
            let message = format!(
                "`{key}` is a {}; questions of a review are answered by text, so write kind = \"text\"",
                kind.name()
            );
            self.problem(place.clone(), message);
            return None;
        }
        Some(())
    }

    fn key(&mut self, table: &DeTable<'_>, span: &Range<usize>) -> Option<(String, Range<usize>)> {
        let Some(entry) = table.get("key") else {
            self.problem(span.clone(), "this field has no `key`; add key = \"…\"");
            return None;
        };
        let key = self.line(table, "key", KEY)?;
        let parts = match self.of {
            Of::Log => 1,
            Of::Lane | Of::Reviews => 2,
        };
        if key.matches('.').count() >= parts || !key.split('.').all(is_camel_case) {
            let message = match camel_case(&key) {
                Some(better) => format!("key `{key}` is not camelCase; write `{better}`"),
                None => format!(
                    "key `{key}` is not camelCase; use letters and digits, the first a small letter"
                ),
            };
            self.problem(entry.span(), message);
            return None;
        }
        if self.of == Of::Log && RESERVED.iter().any(|reserved| same_key(reserved, &key)) {
            self.problem(
                entry.span(),
                format!("key `{key}` is reserved for the log itself; choose another"),
            );
            return None;
        }
        Some((key, entry.span()))
    }

    /// Attributes that have no meaning for the kind.
    fn fitting(&mut self, table: &DeTable<'_>, field: &Field) {
        let kind = field.kind.name();
        let figures = matches!(field.kind, Kind::Scale { .. } | Kind::Number { .. });
        let listed = matches!(field.kind, Kind::Choice { .. } | Kind::Many { .. });
        let tracked = figures || field.kind == Kind::Toggle;
        let rules = [
            ("min", figures, "kinds scale and number"),
            ("max", figures, "kinds scale and number"),
            ("start", figures, "kinds scale and number"),
            ("low", figures, "kinds scale and number"),
            ("high", figures, "kinds scale and number"),
            ("step", kind == "number", "kind number"),
            ("unit", kind == "number", "kind number"),
            ("options", listed, "kinds choice and many"),
            ("higher_is", tracked, "kinds scale, number and toggle"),
            ("prompt_from", kind == "text", "kind text"),
        ];
        for (name, fits, kinds) in rules {
            if let (Some(entry), false) = (table.get(name), fits) {
                let message = format!(
                    "`{name}` belongs to {kinds}, and `{}` is of kind {kind}; remove it",
                    field.key
                );
                self.problem(entry.span(), message);
            }
        }
        if let (Some(entry), true, false) = (table.get("drift"), field.drift, tracked) {
            let message = format!(
                "`{}` is of kind {kind}, which has no figures for drift; remove `drift`",
                field.key
            );
            self.problem(entry.span(), message);
        }
    }
}

fn is_camel_case(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|c| c.is_ascii_lowercase())
        && letters.all(|c| c.is_ascii_alphanumeric())
}

/// The camelCase form of a key written otherwise, where there is one.
fn camel_case(key: &str) -> Option<String> {
    let mut better = String::new();
    for word in key.split(['_', '-', ' ']).filter(|word| !word.is_empty()) {
        let mut letters = word.chars();
        let first = letters.next()?;
        better.push(if better.is_empty() {
            first.to_ascii_lowercase()
        } else {
            first.to_ascii_uppercase()
        });
        better.extend(letters);
    }
    let usable = better.chars().all(|c| c.is_ascii_alphanumeric())
        && better.starts_with(|c: char| c.is_ascii_lowercase());
    usable.then_some(better)
}
