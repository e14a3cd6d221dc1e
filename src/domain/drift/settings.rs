//! The thresholds of every rule, and which subjects take part.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Weekday;
use serde_json::{Map, Value, json};

use super::{FieldKind, SignalType};
use crate::domain::form::Field;
use crate::domain::goal::Domain;
use crate::domain::text::{nearest, printable};

/// What is wrong with the stored settings: which key, and what it may be. The default is used in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, with its place: `thresholds.trendWeeks`.
    pub key: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drift setting {}: {}", self.key, self.message)
    }
}

macro_rules! thresholds {
    ($($(#[doc = $doc:literal])+ $name:ident $key:literal = $default:literal in $low:literal..=$high:literal, $whole:literal;)+) => {
        /// Every threshold. Days, weeks and counts are whole numbers; the rest are shares, rates or multiples of a spread.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Thresholds {
            $($(#[doc = $doc])+ pub $name: f64,)+
        }

        impl Default for Thresholds {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        /// The thresholds with their names and ranges, in the order of the rules.
        pub const THRESHOLDS: &[Threshold] = &[
            $(Threshold {
                key: $key,
                words: concat!($($doc),+),
                default: $default,
                low: $low,
                high: $high,
                whole: $whole,
                get: |of| of.$name,
                set: |of, figure| of.$name = figure,
            },)+
        ];
    };
}

/// A threshold: its name in the settings and what it may be.
#[derive(Clone, Copy)]
pub struct Threshold {
    /// Its name in the stored object.
    pub key: &'static str,
    /// What it means.
    pub words: &'static str,
    /// What it is unless the person says otherwise.
    pub default: f64,
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// Whether it is a count.
    pub whole: bool,
    get: fn(&Thresholds) -> f64,
    set: fn(&mut Thresholds, f64),
}

impl Threshold {
    /// Its value.
    #[must_use]
    pub fn of(&self, thresholds: &Thresholds) -> f64 {
        (self.get)(thresholds)
    }

    fn takes(&self, figure: f64) -> bool {
        (self.low..=self.high).contains(&figure) && (!self.whole || figure.fract() == 0.0)
    }
}

impl fmt::Debug for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key)
    }
}

thresholds! {
    /// Weeks before the last seven days that make the typical week.
    typical_weeks "typicalWeeks" = 8.0 in 4.0..=52.0, true;
    /// Logged days by which a week is fewer than the typical one.
    missed_days_fewer "missedDaysFewer" = 2.0 in 1.0..=7.0, true;
    /// The largest probability of so few logged days at the typical rate.
    missed_days_probability "missedDaysProbability" = 0.05 in 0.000_1..=0.5, false;
    /// Observed days before anything is said about a level.
    level_minimum "levelMinimum" = 28.0 in 28.0..=365.0, true;
    /// False level shifts that are accepted, per year and twelve fields.
    level_budget "levelBudget" = 4.0 in 0.1..=52.0, false;
    /// Weeks after which a new level is the baseline.
    level_renewal_weeks "levelRenewalWeeks" = 8.0 in 4.0..=26.0, true;
    /// Weeks for which a trend has been going on.
    trend_weeks "trendWeeks" = 6.0 in 4.0..=26.0, true;
    /// The smallest change over these weeks, in spreads of the field.
    trend_change "trendChange" = 1.5 in 0.25..=5.0, false;
    /// The largest probability of such a trend where there is none.
    trend_probability "trendProbability" = 0.001 in 0.000_001..=0.1, false;
    /// Observed days before anything is said about a habit, and in its baseline.
    habit_minimum "habitMinimum" = 21.0 in 14.0..=365.0, true;
    /// False habit changes that are accepted, per year and twelve habits.
    habit_budget "habitBudget" = 4.0 in 0.1..=52.0, false;
    /// The smallest difference of the rates.
    habit_difference "habitDifference" = 0.15 in 0.05..=0.9, false;
    /// Days kept in a row that make a streak.
    streak_kept "streakKept" = 14.0 in 7.0..=365.0, true;
    /// Days missed in a row that end it.
    streak_missed "streakMissed" = 2.0 in 1.0..=14.0, true;
    /// Of the last seven days, those without a check-in.
    dropoff_days "dropoffDays" = 4.0 in 1.0..=7.0, true;
    /// The share of the weekly minimums under which a signal is given.
    consistency_share "consistencyShare" = 0.4 in 0.05..=1.0, false;
    /// Days over which shares of weekly minimums are computed.
    consistency_days "consistencyDays" = 14.0 in 7.0..=84.0, true;
    /// Days without a completed check-in in a domain.
    neglect_days "neglectDays" = 7.0 in 7.0..=84.0, true;
    /// Active goals above which there are many.
    overload_goals "overloadGoals" = 7.0 in 1.0..=50.0, true;
    /// The share of the weekly minimums under which many goals are said.
    overload_share "overloadShare" = 0.6 in 0.05..=1.0, false;
    /// By how much the share of priority 1 is under that of priority 3.
    intent_difference "intentDifference" = 0.0 in 0.0..=0.9, false;
    /// Days without a change of any idea.
    stagnant_days "stagnantDays" = 14.0 in 7.0..=365.0, true;
    /// Promoted ideas above which there are many.
    crowded_ideas "crowdedIdeas" = 2.0 in 1.0..=20.0, true;
}

/// What the person set, and the defaults for the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The first day of the person's week; it is theirs, not part of the stored object.
    pub week_start: Weekday,
    /// Keys of fields, and `domain:faith` and `domain:family`, that take part though they would not by themselves.
    pub opted_in: BTreeSet<String>,
    /// Keys of fields, and domains, that take no part.
    pub opted_out: BTreeSet<String>,
    /// Types of signal that are not wanted.
    pub off: BTreeSet<SignalType>,
    /// The thresholds.
    pub thresholds: Thresholds,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            week_start: Weekday::Monday,
            opted_in: BTreeSet::new(),
            opted_out: BTreeSet::new(),
            off: BTreeSet::new(),
            thresholds: Thresholds::default(),
        }
    }
}

impl Settings {
    /// Reads the object stored under `drift` in the person's settings: `optedIn`, `optedOut`, `off` (lists of words) and
    /// `thresholds` (an object of numbers). What is missing or cannot be used is as by default, and each mistake is told.
    #[must_use]
    pub fn read(stored: &Value) -> (Self, Vec<Problem>) {
        let mut settings = Self::default();
        let mut problems = Vec::new();
        let object = match stored {
            Value::Object(object) => object,
            Value::Null => return (settings, problems),
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                problems.push(problem("", "is not an object; the defaults are used"));
                return (settings, problems);
            }
        };
        for (key, value) in object {
            match key.as_str() {
                "optedIn" => settings.opted_in = words(key, value, &mut problems),
                "optedOut" => settings.opted_out = words(key, value, &mut problems),
                "off" => {
                    for word in words(key, value, &mut problems) {
                        if let Some(kind) = SignalType::of_word(&word) {
                            settings.off.insert(kind);
                        } else {
                            let line = format!("“{}” is no type of signal", excerpt(&word));
                            problems.push(problem(key, &line));
                        }
                    }
                }
                "thresholds" => settings.thresholds = thresholds(value, &mut problems),
                other => {
                    let line = "is not known; optedIn, optedOut, off and thresholds are";
                    problems.push(problem(&excerpt(other), line));
                }
            }
        }
        (settings, problems)
    }

    /// The object that [`Self::read`] reads back; it holds only what differs from the defaults.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        for (key, list) in [("optedIn", &self.opted_in), ("optedOut", &self.opted_out)] {
            if !list.is_empty() {
                object.insert(key.to_owned(), json!(list));
            }
        }
        if !self.off.is_empty() {
            let off: Vec<&str> = self.off.iter().map(|kind| kind.word()).collect();
            object.insert("off".to_owned(), json!(off));
        }
        let changed: Map<String, Value> = THRESHOLDS
            .iter()
            .map(|threshold| (threshold, threshold.of(&self.thresholds)))
            .filter(|(threshold, figure)| (figure - threshold.default).abs() > f64::EPSILON)
            .map(|(threshold, figure)| (threshold.key.to_owned(), json!(figure)))
            .collect();
        if !changed.is_empty() {
            object.insert("thresholds".to_owned(), Value::Object(changed));
        }
        Value::Object(object)
    }

    /// Whether a field of the form takes part: its answers are figures, it is marked for drift and not sensitive, or it
    /// was opted in; and it was not opted out.
    #[must_use]
    pub fn takes(&self, field: &Field) -> bool {
        FieldKind::of(field).is_some()
            && !self.opted_out.contains(&field.key)
            && (field.drift && !field.sensitive || self.opted_in.contains(&field.key))
    }

    /// Whether signals may be about a domain's goals: faith and family where they were opted in, the rest unless opted out.
    #[must_use]
    pub fn takes_domain(&self, domain: Domain) -> bool {
        let name = Self::domain_name(domain);
        !self.opted_out.contains(&name)
            && (!domain.has_private_notes() || self.opted_in.contains(&name))
    }

    /// Takes a subject in or leaves it out; with nothing chosen it is as the form has it.
    pub fn choose(&mut self, name: &str, choice: Option<bool>) {
        self.opted_in.remove(name);
        self.opted_out.remove(name);
        match choice {
            Some(true) => self.opted_in.insert(name.to_owned()),
            Some(false) => self.opted_out.insert(name.to_owned()),
            None => false,
        };
    }

    /// What a domain is called in the lists: `domain:faith`.
    #[must_use]
    pub fn domain_name(domain: Domain) -> String {
        format!("domain:{}", domain.word())
    }

    /// Whether signals of a type are wanted.
    #[must_use]
    pub fn wants(&self, kind: SignalType) -> bool {
        !self.off.contains(&kind)
    }
}

fn problem(key: &str, message: &str) -> Problem {
    Problem {
        key: key.to_owned(),
        message: message.to_owned(),
    }
}

fn excerpt(text: &str) -> String {
    printable(text).chars().take(40).collect()
}

fn words(key: &str, value: &Value, problems: &mut Vec<Problem>) -> BTreeSet<String> {
    let Some(list) = value.as_array() else {
        problems.push(problem(key, "is not a list of words; it is taken as empty"));
        return BTreeSet::new();
    };
    let words: BTreeSet<String> = list
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    if list.iter().any(|entry| !entry.is_string()) {
        problems.push(problem(key, "holds something that is no word"));
    }
    words
}

fn thresholds(value: &Value, problems: &mut Vec<Problem>) -> Thresholds {
    let mut thresholds = Thresholds::default();
    let Some(object) = value.as_object() else {
        problems.push(problem("thresholds", "is not an object of numbers"));
        return thresholds;
    };
    for (key, value) in object {
        let place = format!("thresholds.{}", excerpt(key));
        let Some(threshold) = THRESHOLDS.iter().find(|threshold| threshold.key == key) else {
            let known = nearest(key, THRESHOLDS.iter().map(|threshold| threshold.key));
            let advice = known.map_or_else(String::new, |known| format!("; {known} may be meant"));
            problems.push(problem(&place, &format!("is not known{advice}")));
            continue;
        };
        match value.as_f64().filter(|figure| threshold.takes(*figure)) {
            Some(figure) => (threshold.set)(&mut thresholds, figure),
            None => problems.push(problem(
                &place,
                &format!(
                    "is a {} from {} to {}; {} is used",
                    if threshold.whole {
                        "whole number"
                    } else {
                        "number"
                    },
                    threshold.low,
                    threshold.high,
                    threshold.default
                ),
            )),
        }
    }
    thresholds
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::form::LogForm;

    #[test]
    fn what_is_written_is_read_back() {
        let stored = json!({
            "optedIn": ["domain:faith", "prayer"],
            "optedOut": ["energy"],
            "off": ["ideas_crowded"],
            "thresholds": { "dropoffDays": 5.0, "trendChange": 2.5 },
        });
        let (settings, problems) = Settings::read(&stored);
        assert_eq!(problems, []);
        assert!((settings.thresholds.dropoff_days - 5.0).abs() < 1e-9);
        let (back, problems) = Settings::read(&settings.to_json());
        assert_eq!((back, problems), (settings, vec![]));
        assert_eq!(Settings::read(&Value::Null), (Settings::default(), vec![]));
        assert_eq!(Settings::default().to_json(), json!({}));
    }

    #[test]
    fn a_mistake_is_told_and_costs_nothing_else() {
        let stored = json!({
            "optedIn": "prayer",
            "optedOut": ["energy", 7],
            "off": ["level-shift", "trend"],
            "thresholds": { "dropoffDays": 4.5, "dropofDays": 4, "stagnantDays": 30, "crowdedIdeas": "3" },
            "colour": true,
        });
        let (settings, problems) = Settings::read(&stored);
        assert!(settings.opted_out.contains("energy") && !settings.wants(SignalType::Trend));
        assert!((settings.thresholds.stagnant_days - 30.0).abs() < 1e-9);
        assert!((settings.thresholds.dropoff_days - 4.0).abs() < 1e-9);
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(lines.len(), 7, "{lines:?}");
        assert!(
            lines
                .iter()
                .any(|line| line.contains("dropoffDays may be meant"))
        );
        assert!(
            lines
                .iter()
                .any(|line| line.contains("whole number from 1 to 7; 4 is used"))
        );
        assert_eq!(Settings::read(&json!([])).1.len(), 1);
    }

    #[test]
    fn faith_family_and_sensitive_fields_are_opted_in_one_by_one() {
        let form = LogForm::builtin();
        let mut settings = Settings::default();
        let field = |key: &str| form.exact(key).unwrap().clone();
        assert!(settings.takes(&field("energy")) && settings.takes(&field("exercise")));
        assert!(!settings.takes(&field("prayer")), "drift = false");
        let mut private = field("mood");
        private.sensitive = true;
        assert!(!settings.takes(&private));
        settings.opted_in = ["prayer", "mood", "topWin", "domain:family"]
            .map(str::to_owned)
            .into();
        assert!(settings.takes(&field("prayer")) && settings.takes(&private));
        assert!(!settings.takes(&field("topWin")), "a text has no figures");
        settings.opted_out.insert("mood".to_owned());
        assert!(!settings.takes(&private));
        assert!(settings.takes_domain(Domain::Family) && !settings.takes_domain(Domain::Faith));
        assert!(settings.takes_domain(Domain::Health));
        settings.opted_out.insert("domain:health".to_owned());
        assert!(!settings.takes_domain(Domain::Health));
    }

    #[test]
    fn every_default_is_within_its_range() {
        for threshold in THRESHOLDS {
            assert!(threshold.takes(threshold.default), "{threshold:?}");
            let same = THRESHOLDS.iter().filter(|other| other.key == threshold.key);
            assert_eq!(same.count(), 1, "{threshold:?}");
        }
    }
}
