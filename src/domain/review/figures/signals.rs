//! Which signals are new or have ended.

use super::SignalFigure;
use crate::domain::drift::{self, SignalType};
use crate::domain::form::LogForm;
use crate::domain::goal::{Domain, Week};
use crate::domain::review::{Material, NAMED, SeenSignal};

pub(super) fn signals(material: &Material, week: Week, form: &LogForm) -> Vec<SignalFigure> {
    let mut signals: Vec<SignalFigure> = material
        .signals
        .iter()
        .filter(|signal| takes_part(signal, material, form))
        .filter_map(|signal| of_signal(signal, week, form))
        .collect();
    let day = |signal: &SignalFigure| {
        let ended = signal.ended.unwrap_or(signal.first_seen);
        if signal.is_new {
            signal.first_seen
        } else {
            ended
        }
    };
    signals.sort_by_key(|signal| (day(signal), signal.kind, signal.id));
    signals.truncate(NAMED);
    signals
}

fn of_signal(signal: &SeenSignal, week: Week, form: &LogForm) -> Option<SignalFigure> {
    let is_new = week.holds(signal.first_seen);
    let ended = signal.ended.filter(|date| week.holds(*date));
    let mut rows = signal.rows.clone();
    rows.sort_by_key(|row| (row.date, row.id));
    (is_new || ended.is_some()).then(|| SignalFigure {
        id: signal.id,
        kind: signal.kind,
        subject: signal.subject.clone(),
        sensitive: drift::is_private(signal.kind, &signal.subject, form),
        sentence: signal.sentence.clone(),
        first_seen: signal.first_seen,
        is_new,
        ended,
        rows,
    })
}

/// Whether what a signal speaks of takes part now, whatever did when it was stored.
fn takes_part(signal: &SeenSignal, material: &Material, form: &LogForm) -> bool {
    let settings = &material.settings;
    let field = || {
        form.exact(&signal.subject)
            .is_some_and(|field| settings.takes(field))
    };
    let goal = || {
        let mut goals = material.goals.iter().map(|(goal, _)| goal);
        goals.find(|goal| goal.id.to_string() == signal.subject)
    };
    match signal.kind {
        SignalType::LevelShift | SignalType::Trend | SignalType::HabitChange => field(),
        SignalType::StreakBroken => {
            field() || goal().is_some_and(|goal| settings.takes_domain(goal.domain))
        }
        SignalType::DomainNeglect => {
            let domain = Domain::of_word(&signal.subject);
            domain.is_some_and(|domain| settings.takes_domain(domain))
        }
        SignalType::MissedDays
        | SignalType::CheckinDropoff
        | SignalType::Consistency
        | SignalType::Overload
        | SignalType::IntentReality
        | SignalType::IdeasStagnant
        | SignalType::IdeasCrowded => true,
    }
}
