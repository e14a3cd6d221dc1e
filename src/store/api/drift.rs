//! Signals: what the store task needs to know to keep them current, and what it says of them.

use std::sync::Arc;

use jiff::civil::{Date, Weekday};

use crate::domain::drift::Settings;
use crate::domain::form::LogForm;

/// What signals are calculated by, beside what is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Observer {
    /// The daily log's form.
    pub form: Arc<LogForm>,
    /// The person's date.
    pub today: Date,
    /// The first day of their week.
    pub week_start: Weekday,
}

/// What is wanted of the signals.
#[derive(Debug, Clone, PartialEq)]
pub enum DriftRequest {
    /// From now on, calculate by this whenever something changes. Nothing where the form is broken: then
    /// it is not known what is private, and what is stored stays as it is.
    Observe(Option<Observer>),
    /// Calculate everything anew.
    Calculate,
    /// Whether a field, by its key, or `domain:faith` takes part; nothing leaves it to the form.
    TakesPart {
        /// A key of the form, or a domain.
        name: String,
        /// In, out, or as the form has it.
        choice: Option<bool>,
    },
}

/// How it stands with the signals after a calculation.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// How many are open.
    pub open: usize,
    /// Whether the calculation changed any.
    pub changed: bool,
    /// What the rules go by.
    pub settings: Settings,
    /// By what is calculated: its name, days observed, days needed before anything is said.
    pub needed: Vec<(String, u32, u32)>,
}
