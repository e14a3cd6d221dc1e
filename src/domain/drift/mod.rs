//! Drift: factual observations about the person's own data, each against the person's own typical values.
//!
//! [`evaluate`] is a pure function of a history, a day and the settings. It knows nothing that is dated after that day, it
//! asks no clock and uses no chance. Dates are civil and the person's; a day has no length here, so summer time plays no part.

pub mod chart;
mod days;
mod episode;
mod explain;
mod fields;
mod goals;
mod history;
mod ideas;
mod missed;
mod settings;
mod signal;
mod typical;
pub mod words;

#[cfg(test)]
mod tests;

use jiff::civil::Date;

use super::form::LogForm;
use super::ids::RecordId;

pub use episode::{Episode, FlagChange, State, Stored, answer, reconcile};
pub use explain::explain;
pub use history::{FieldHistory, FieldKind, History, IdeaTrace, Observation};
pub use settings::{Problem, Settings, THRESHOLDS, Threshold, Thresholds};
pub(in crate::domain) use signal::tidy;
pub use signal::{Baseline, Evidence, EvidenceRow, Signal, SignalType};
pub use typical::{Typical, data_needed, typical};

use fields::FieldState;

/// The signals of a day, by type and subject.
#[must_use]
pub fn evaluate(history: &History, today: Date, settings: &Settings) -> Vec<Signal> {
    let history = history.sorted();
    Engine::new(&history, settings).on(today)
}

/// The episodes of the days `from..=to`, each day knowing only what was dated up to it, in the order of first sight.
#[must_use]
pub fn replay(history: &History, from: Date, to: Date, settings: &Settings) -> Vec<Episode> {
    let history = history.sorted();
    let mut engine = Engine::new(&history, settings);
    let mut record = episode::Record::default();
    let mut today = from;
    while today <= to {
        record.day(engine.on(today), today);
        let next = days::after(today, 1);
        if next == today {
            break;
        }
        today = next;
    }
    record.into_episodes()
}

/// Whether what a signal says needs the mask: one about a field that the form holds to be sensitive, or no longer has.
#[must_use]
pub fn is_private(kind: SignalType, subject: &str, form: &LogForm) -> bool {
    if subject.parse::<RecordId>().is_ok() {
        return false;
    }
    kind.is_about_field() && form.exact(subject).is_none_or(|field| field.sensitive)
}

/// The rules at work on a history, day by day: what a chart has taken it does not take again.
struct Engine<'a> {
    history: &'a History,
    settings: &'a Settings,
    fields: Vec<FieldState<'a>>,
}

impl<'a> Engine<'a> {
    /// The history is sorted.
    fn new(history: &'a History, settings: &'a Settings) -> Self {
        let fields = history.fields.iter();
        Self {
            history,
            settings,
            fields: fields
                .map(|field| FieldState::new(field, settings))
                .collect(),
        }
    }

    /// The signals of a day; days come in order.
    fn on(&mut self, today: Date) -> Vec<Signal> {
        let mut found = Vec::new();
        for field in &mut self.fields {
            field.on(today, self.settings, &mut found);
        }
        found.extend(missed::evaluate(self.history, today, self.settings));
        goals::evaluate(self.history, today, self.settings, &mut found);
        ideas::evaluate(self.history, today, self.settings, &mut found);
        found.retain(|signal| self.settings.wants(signal.kind));
        found.sort_by(|one, other| (one.kind, &one.subject).cmp(&(other.kind, &other.subject)));
        found
    }
}
