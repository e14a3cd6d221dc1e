//! The formula of a signal in words, with the signal's own numbers put in.

use super::words::{figure, percent, span};
use super::{Evidence, SignalType};

/// The formula in words with this signal's numbers, a sentence or two a line. What older evidence lacks is left out.
#[must_use]
pub fn explain(kind: SignalType, evidence: &Evidence) -> Vec<String> {
    let lines = match kind {
        SignalType::MissedDays => missed_days(evidence),
        SignalType::LevelShift => level_shift(evidence),
        SignalType::Trend => trend(evidence),
        SignalType::HabitChange => habit_change(evidence),
        SignalType::StreakBroken => streak_broken(evidence),
        SignalType::CheckinDropoff => checkin_dropoff(evidence),
        SignalType::Consistency => share(evidence),
        SignalType::DomainNeglect => domain_neglect(evidence),
        SignalType::Overload => overload(evidence),
        SignalType::IntentReality => intent_reality(evidence),
        SignalType::IdeasStagnant => vec![compared(evidence, |days, limit| {
            format!(
                "Days since the last change of any idea: {days:.0} (limit: {limit:.0}, while drafts wait)."
            )
        })],
        SignalType::IdeasCrowded => vec![compared(evidence, |number, limit| {
            format!("Promoted ideas: {number:.0} (limit: {limit:.0}).")
        })],
    };
    let mut lines: Vec<String> = lines.into_iter().flatten().collect();
    lines.push(format!(
        "Rows that count: {}, {}. Rule {} {}.",
        evidence.rows.len(),
        span(evidence.window.0, evidence.window.1),
        evidence.rule,
        evidence.version
    ));
    lines
}

const CAPPED: &str = "A goal's share is what was done of its weekly minimum, at most all of it, and counts from its start.";

fn missed_days(evidence: &Evidence) -> Vec<Option<String>> {
    vec![
        evidence.baseline.as_ref().map(|baseline| {
            format!(
                "Typical week: {} of the {} days of {} were logged.",
                percent(baseline.centre),
                baseline.n,
                span(baseline.from, baseline.to)
            )
        }),
        evidence
            .observed_mean
            .map(|share| format!("Logged in these 7 days: {:.0}.", share * 7.0)),
        compared(evidence, |probability, limit| {
            format!(
                "Probability of as few at the typical rate (binomial): {probability:.4} (limit: {limit})."
            )
        }),
    ]
}

fn level_shift(evidence: &Evidence) -> Vec<Option<String>> {
    vec![
        evidence.baseline.as_ref().map(|baseline| {
            format!(
                "Baseline: {} answers of {}, robust centre {:.2}, spread {:.2}.",
                baseline.n,
                span(baseline.from, baseline.to),
                baseline.centre,
                baseline.scale
            )
        }),
        evidence.baseline.as_ref().map(|baseline| {
            let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
            let offsets = names.iter().zip(&baseline.weekdays);
            let offsets: Vec<String> = offsets.map(|(name, offset)| format!("{name} {offset:+.2}")).collect();
            format!("Weekdays add: {}.", offsets.join(", "))
        }),
        evidence.observed_mean.map(|mean| {
            format!("Observed: {} answers, mean {}.", evidence.observed_n, figure(mean, None))
        }),
        known(evidence, "autocorrelation", |phi| {
            format!("Neighbouring days are alike by {phi:.2}; that part of each answer is taken out.")
        }),
        Some("Sum (CUSUM): S becomes max(0, S + m (e − m/2)); e is the rest of an answer in spreads, held within ±2, m what a shift of one spread moves it by.".to_owned()),
        compared(evidence, |sum, limit| {
            format!("S was {sum:.2} when the shift was found; the limit was {limit:.2}.")
        }),
        known(evidence, "levelBudget", |budget| {
            format!("The limit keeps false signals under {budget} a year over twelve fields.")
        }),
        known(evidence, "levelRenewalWeeks", |weeks| {
            format!("A level that has lasted {weeks:.0} weeks is the new baseline.")
        }),
    ]
}

fn trend(evidence: &Evidence) -> Vec<Option<String>> {
    vec![
        known(evidence, "slopeAWeek", |slope| {
            format!(
                "Slope (median of all pairs of days, Theil and Sen): {slope:+.2} a week over {} answers.",
                evidence.observed_n
            )
        }),
        known(evidence, "kendall", |z| {
            format!(
                "Mann and Kendall's test: z = {z:.2}, its variance enlarged {:.2} times for days that resemble each other.",
                evidence
                    .parameters
                    .get("correction")
                    .copied()
                    .unwrap_or(1.0)
            )
        }),
        compared(evidence, |probability, limit| {
            format!("Probability without a trend: {probability:.6} (limit: {limit}).")
        }),
        known(evidence, "trendChange", |change| {
            format!(
                "The change is at least {change} spreads, and each third of the time goes on from the one before."
            )
        }),
    ]
}

fn habit_change(evidence: &Evidence) -> Vec<Option<String>> {
    vec![
        evidence.baseline.as_ref().map(|baseline| {
            format!(
                "Baseline: yes on {} of {} answered days, {}.",
                percent(baseline.centre),
                baseline.n,
                span(baseline.from, baseline.to)
            )
        }),
        evidence.observed_mean.map(|rate| {
            format!(
                "Observed: yes on {} of {} answered days.",
                percent(rate),
                evidence.observed_n
            )
        }),
        compared(evidence, |z, limit| {
            format!(
                "Difference of the two rates in standard errors when it was found: {z:+.2} (limit: {limit:.2})."
            )
        }),
        known(evidence, "autocorrelation", |phi| {
            format!("The errors are enlarged for days that resemble the day before ({phi:.2}).")
        }),
    ]
}

fn streak_broken(evidence: &Evidence) -> Vec<Option<String>> {
    vec![
        known(evidence, "streakKept", |kept| {
            format!("A row of at least {kept:.0} that was kept, then missed.")
        }),
        known(evidence, "kept", |kept| {
            format!("Kept: {kept:.0} times in a row.")
        }),
        compared(evidence, |missed, limit| {
            format!("Missed: {missed:.0} times in a row (limit: {limit:.0}).")
        }),
        Some("Days without an answer are not counted.".to_owned()),
    ]
}

fn checkin_dropoff(evidence: &Evidence) -> Vec<Option<String>> {
    let given =
        "A signal is given where a goal's weekly minimum was not reached in these days.".to_owned();
    vec![
        compared(evidence, |days, limit| {
            format!("Days without any check-in: {days:.0} of 7 (limit: {limit:.0}).")
        }),
        Some(given),
    ]
}

fn domain_neglect(evidence: &Evidence) -> Vec<Option<String>> {
    vec![
        known(evidence, "goals", |goals| {
            format!("Active goals of the domain over the whole time: {goals:.0}.")
        }),
        known(evidence, "neglectDays", |days| {
            format!("Completed check-ins of theirs in {days:.0} days: 0.")
        }),
    ]
}

fn overload(evidence: &Evidence) -> Vec<Option<String>> {
    let mut lines = vec![
        known(evidence, "goals", |goals| {
            format!("Active goals: {goals:.0}.")
        }),
        known(evidence, "overloadGoals", |most| {
            format!("Limit: {most:.0}.")
        }),
    ];
    lines.extend(share(evidence));
    lines
}

fn intent_reality(evidence: &Evidence) -> Vec<Option<String>> {
    vec![
        known(evidence, "shareOfPriority3", |low| {
            let low = percent(low);
            format!("Goals of priority 3 received {low} of their weekly minimum.")
        }),
        evidence
            .observed_mean
            .map(|trunk| format!("Goals of priority 1 received {}.", percent(trunk))),
        Some(CAPPED.to_owned()),
    ]
}

fn share(evidence: &Evidence) -> Vec<Option<String>> {
    vec![
        compared(evidence, |share, limit| {
            format!(
                "Mean share of the weekly minimums: {} (limit: {}).",
                percent(share),
                percent(limit)
            )
        }),
        Some(CAPPED.to_owned()),
    ]
}

/// A line about a figure, where it is known.
fn known(evidence: &Evidence, name: &str, line: impl Fn(f64) -> String) -> Option<String> {
    evidence.parameters.get(name).map(|figure| line(*figure))
}

/// A line about the statistic and its limit, where both are known.
fn compared(evidence: &Evidence, line: impl Fn(f64, f64) -> String) -> Option<String> {
    Some(line(evidence.statistic?, evidence.limit?))
}
