//! Conditions on numbers and on yes or no: `energy>=7`, `exercise=yes`.

use super::Area;
use crate::domain::export_format::snake_case;
use crate::domain::form::{Field, Kind, LogForm};
use crate::domain::lane::Lane;

/// How a figure is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `=`
    Equal,
    /// `>=`
    AtLeast,
    /// `>`
    More,
}

impl Comparison {
    /// The operator at the beginning of a text, and its length in bytes.
    pub(super) fn at_start(text: &str) -> Option<(Self, usize)> {
        [
            ("<=", Self::AtMost),
            (">=", Self::AtLeast),
            ("<", Self::Less),
            (">", Self::More),
            ("=", Self::Equal),
        ]
        .into_iter()
        .find_map(|(sign, comparison)| text.starts_with(sign).then_some((comparison, sign.len())))
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "==",
            Self::AtLeast => ">=",
            Self::More => ">",
        }
    }
}

/// What a figure is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// A number in decimal notation.
    Number(String),
    /// Yes or no.
    Flag(bool),
}

/// A condition on a field.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Figure {
    /// The field's key, as the forms have it.
    pub(super) key: String,
    pub(super) comparison: Comparison,
    pub(super) measure: Measure,
    /// Where there is such a field.
    pub(super) areas: Vec<Area>,
}

impl Figure {
    /// The condition in PostgreSQL's `jsonpath`. A day has the form's keys, every other record the
    /// names of its columns.
    pub(super) fn jsonpath(&self) -> String {
        let mut names = Vec::new();
        if self.areas.contains(&Area::Log) {
            names.push(self.key.clone());
        }
        if self.areas.iter().any(|area| *area != Area::Log) {
            names.push(snake_case(&self.key));
        }
        names.dedup();
        let measure = match &self.measure {
            Measure::Number(number) => number.clone(),
            Measure::Flag(flag) => flag.to_string(),
        };
        let either: Vec<String> = names
            .into_iter()
            .map(|name| {
                let name = serde_json::Value::from(name);
                format!("$.{name} {} {measure}", self.comparison.sign())
            })
            .collect();
        format!("({})", either.join(" || "))
    }
}

/// What a field that can be compared holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Numbers,
    Flags,
}

/// A field that can be compared, and where it is.
pub(super) struct Comparable {
    pub key: String,
    pub holds: Holds,
    pub areas: Vec<Area>,
}

/// The field of a key in any spelling, in every form that has it with the same kind of value.
pub(super) fn comparable(key: &str, form: &LogForm) -> Option<Comparable> {
    let mut found: Option<Comparable> = None;
    for (area, form) in forms(form) {
        let Some((field, kind)) = form
            .field(key)
            .and_then(|field| Some((field, holds(field)?)))
        else {
            continue;
        };
        let known = found.get_or_insert_with(|| Comparable {
            key: field.key.clone(),
            holds: kind,
            areas: Vec::new(),
        });
        if known.holds == kind {
            known.areas.push(area);
        }
    }
    found
}

/// Keys of everything that can be compared.
pub(super) fn keys(form: &LogForm) -> impl Iterator<Item = &str> + Clone {
    let sections = forms(form).flat_map(|(_, form)| &form.sections);
    let fields = sections.flat_map(|section| &section.fields);
    let fields = fields.filter(|field| holds(field).is_some());
    fields.map(|field| field.key.as_str())
}

fn forms(form: &LogForm) -> impl Iterator<Item = (Area, &LogForm)> + Clone {
    let lanes = Lane::ALL.map(|lane| (Area::Lane(lane), lane.form()));
    std::iter::once((Area::Log, form)).chain(lanes)
}

fn holds(field: &Field) -> Option<Holds> {
    match &field.kind {
        Kind::Scale { .. } | Kind::Number { .. } => Some(Holds::Numbers),
        Kind::Toggle => Some(Holds::Flags),
        Kind::Choice { .. } | Kind::Many { .. } | Kind::Text | Kind::Lines | Kind::Date => None,
    }
}
