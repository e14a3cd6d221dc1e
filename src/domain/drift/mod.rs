//! Drift: factual observations about the person's own data, each against the person's own typical values.
//!
//! [`evaluate`] is a pure function of a history, a day and the settings. It knows nothing that is dated after that day, it
//! asks no clock and uses no chance. Dates are civil and the person's; a day has no length here, so summer time plays no part.

mod days;
mod episode;
mod history;
mod ideas;
mod missed;
mod settings;
mod signal;
mod typical;
pub mod words;

use jiff::civil::Date;

pub use episode::{Episode, FlagChange, State, Stored, reconcile};
pub use history::{FieldHistory, FieldKind, History, IdeaTrace, Observation};
pub use settings::{Problem, Settings, THRESHOLDS, Threshold, Thresholds};
pub use signal::{Baseline, Evidence, EvidenceRow, Signal, SignalType};
pub use typical::{Typical, data_needed, typical};

/// The signals of a day, by type and subject.
#[must_use]
pub fn evaluate(history: &History, today: Date, settings: &Settings) -> Vec<Signal> {
    let mut found = Vec::new();
    found.extend(missed::evaluate(history, today, settings));
    ideas::evaluate(history, today, settings, &mut found);
    found.retain(|signal| settings.wants(signal.kind));
    found.sort_by(|one, other| (one.kind, &one.subject).cmp(&(other.kind, &other.subject)));
    found
}

/// The episodes of the days `from..=to`, each day knowing only what was dated up to it, in the order of first sight.
#[must_use]
pub fn replay(history: &History, from: Date, to: Date, settings: &Settings) -> Vec<Episode> {
    let mut record = episode::Record::default();
    let mut today = from;
    while today <= to {
        record.day(evaluate(history, today, settings), today);
        let next = days::after(today, 1);
        if next == today {
            break;
        }
        today = next;
    }
    record.into_episodes()
}
