//! What a signal consists of, and how its evidence is written as JSON.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::domain::ids::RecordId;

/// What a signal is about. The words are those of the database and of exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalType {
    /// Fewer days with a log than in the person's own typical week.
    MissedDays,
    /// A field has moved from its baseline and stayed there.
    LevelShift,
    /// A field has been moving one way for weeks.
    Trend,
    /// A toggle's rate differs from its baseline rate.
    HabitChange,
    /// A toggle or a goal that was kept many times in a row was missed twice in a row.
    StreakBroken,
    /// Most of the last seven days have no check-in.
    CheckinDropoff,
    /// Check-ins fall short of the weekly minimums.
    Consistency,
    /// A domain with active goals has no completed check-in.
    DomainNeglect,
    /// Many active goals at once, and a low consistency.
    Overload,
    /// Goals of the first priority got a smaller share than those of the last.
    IntentReality,
    /// Ideas lie untouched, or are past their review date.
    IdeasStagnant,
    /// Many promoted ideas at once.
    IdeasCrowded,
}

impl SignalType {
    /// All of them, in the order of the data model.
    pub const ALL: [Self; 12] = [
        Self::MissedDays,
        Self::LevelShift,
        Self::Trend,
        Self::HabitChange,
        Self::StreakBroken,
        Self::CheckinDropoff,
        Self::Consistency,
        Self::DomainNeglect,
        Self::Overload,
        Self::IntentReality,
        Self::IdeasStagnant,
        Self::IdeasCrowded,
    ];

    /// The word that is stored.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::MissedDays => "missed_days",
            Self::LevelShift => "level_shift",
            Self::Trend => "trend",
            Self::HabitChange => "habit_change",
            Self::StreakBroken => "streak_broken",
            Self::CheckinDropoff => "checkin_dropoff",
            Self::Consistency => "consistency",
            Self::DomainNeglect => "domain_neglect",
            Self::Overload => "overload",
            Self::IntentReality => "intent_reality",
            Self::IdeasStagnant => "ideas_stagnant",
            Self::IdeasCrowded => "ideas_crowded",
        }
    }

    /// What it is called on the screen: `level shift`.
    #[must_use]
    pub fn name(self) -> String {
        self.word().replace('_', " ")
    }

    /// Whether it is about the answers to a question of the daily log, or may be.
    #[must_use]
    pub const fn is_about_field(self) -> bool {
        match self {
            Self::LevelShift | Self::Trend | Self::HabitChange | Self::StreakBroken => true,
            Self::MissedDays
            | Self::CheckinDropoff
            | Self::Consistency
            | Self::DomainNeglect
            | Self::Overload
            | Self::IntentReality
            | Self::IdeasStagnant
            | Self::IdeasCrowded => false,
        }
    }

    /// The type of a stored word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What a field was like before.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// Observations it rests on.
    pub n: u32,
    /// The date of the first of them.
    pub from: Date,
    /// The date of the last of them.
    pub to: Date,
    /// The robust centre, in the field's unit; a rate from 0 to 1 for a toggle.
    pub centre: f64,
    /// The robust spread (one standard deviation), in the field's unit.
    pub scale: f64,
    /// What each weekday adds to the centre, Monday first, in the field's unit.
    pub weekdays: [f64; 7],
}

/// A row that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceRow {
    /// The table's name in the database.
    pub table: String,
    /// The row.
    pub id: RecordId,
    /// Its date.
    pub date: Date,
    /// The figure that took part, where the row has one.
    pub value: Option<f64>,
}

/// All that a signal rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The rule's name: the signal's type.
    pub rule: String,
    /// Grows with each change of the rule that can change its results.
    pub version: u32,
    /// The thresholds in force and the figures computed, by name.
    pub parameters: BTreeMap<String, f64>,
    /// The first and the last date that the sentence speaks of.
    pub window: (Date, Date),
    /// What the window was held against, for rules about a field.
    pub baseline: Option<Baseline>,
    /// Observations in the window.
    pub observed_n: u32,
    /// Their mean, in the field's unit; a rate for toggles; a share for goals.
    pub observed_mean: Option<f64>,
    /// What was compared with the limit.
    pub statistic: Option<f64>,
    /// The limit.
    pub limit: Option<f64>,
    /// The rows that count, by date.
    pub rows: Vec<EvidenceRow>,
}

/// A factual observation about the person's own data.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// What kind of observation.
    pub kind: SignalType,
    /// A field's key, a goal's id, a domain's word, or nothing.
    pub subject: String,
    /// The first date of the episode; it stays the same while the episode lasts.
    pub window_start: Date,
    /// The last date it rests on.
    pub window_end: Date,
    /// What was observed, over which dates, against what.
    pub sentence: String,
    /// What it rests on.
    pub evidence: Evidence,
}

impl Evidence {
    /// Evidence of a rule over a window, with nothing in it yet.
    pub(super) fn of(kind: SignalType, version: u32, window: (Date, Date)) -> Self {
        Self {
            rule: kind.word().to_owned(),
            version,
            parameters: BTreeMap::new(),
            window,
            baseline: None,
            observed_n: 0,
            observed_mean: None,
            statistic: None,
            limit: None,
            rows: Vec::new(),
        }
    }

    /// The same with a figure by name.
    #[must_use]
    pub(super) fn with(mut self, name: &str, figure: f64) -> Self {
        self.parameters.insert(name.to_owned(), figure);
        self
    }

    /// The object that is stored and printed.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            json!({ "table": row.table, "id": row.id, "date": row.date, "value": row.value.map(tidy) })
        });
        let parameters: Map<String, Value> = self
            .parameters
            .iter()
            .map(|(name, figure)| (name.clone(), tidy(*figure)))
            .collect();
        let baseline = self.baseline.as_ref().map(|baseline| {
            json!({
                "n": baseline.n,
                "from": baseline.from,
                "to": baseline.to,
                "centre": tidy(baseline.centre),
                "scale": tidy(baseline.scale),
                "weekdays": baseline.weekdays.map(tidy),
            })
        });
        json!({
            "rule": self.rule,
            "version": self.version,
            "parameters": parameters,
            "window": { "from": self.window.0, "to": self.window.1 },
            "baseline": baseline,
            "observed": { "n": self.observed_n, "mean": self.observed_mean.map(tidy) },
            "statistic": self.statistic.map(tidy),
            "limit": self.limit.map(tidy),
            "rows": rows.collect::<Vec<_>>(),
        })
    }

    /// Reads it from the parts of a record's `value`; of these, what is empty was left out.
    #[must_use]
    pub fn of_parts(mut parts: Map<String, Value>) -> Option<Self> {
        parts.entry("rows").or_insert_with(|| json!([]));
        parts.entry("parameters").or_insert_with(|| json!({}));
        Self::from_json(&Value::Object(parts))
    }

    /// Reads what [`Self::to_json`] wrote; nothing where a part that is always there is missing.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        let window = value.get("window")?;
        let observed = value.get("observed")?;
        let parameters = value.get("parameters")?.as_object()?;
        let rows = value.get("rows")?.as_array()?;
        Some(Self {
            rule: value.get("rule")?.as_str()?.to_owned(),
            version: whole(value.get("version")?)?,
            parameters: parameters
                .iter()
                .filter_map(|(name, figure)| Some((name.clone(), figure.as_f64()?)))
                .collect(),
            window: (date(window.get("from")?)?, date(window.get("to")?)?),
            baseline: value.get("baseline").and_then(Baseline::from_json),
            observed_n: whole(observed.get("n")?)?,
            observed_mean: observed.get("mean").and_then(Value::as_f64),
            statistic: value.get("statistic").and_then(Value::as_f64),
            limit: value.get("limit").and_then(Value::as_f64),
            rows: rows.iter().filter_map(EvidenceRow::from_json).collect(),
        })
    }
}

impl Baseline {
    fn from_json(value: &Value) -> Option<Self> {
        let mut weekdays = [0.0; 7];
        let offsets = value.get("weekdays")?.as_array()?;
        for (slot, offset) in weekdays.iter_mut().zip(offsets) {
            *slot = offset.as_f64()?;
        }
        Some(Self {
            n: whole(value.get("n")?)?,
            from: date(value.get("from")?)?,
            to: date(value.get("to")?)?,
            centre: value.get("centre")?.as_f64()?,
            scale: value.get("scale")?.as_f64()?,
            weekdays,
        })
    }
}

impl EvidenceRow {
    fn from_json(value: &Value) -> Option<Self> {
        Some(Self {
            table: value.get("table")?.as_str()?.to_owned(),
            id: value.get("id")?.as_str()?.parse().ok()?,
            date: date(value.get("date")?)?,
            value: value.get("value").and_then(Value::as_f64),
        })
    }
}

fn date(value: &Value) -> Option<Date> {
    value.as_str()?.parse().ok()
}

fn whole(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|whole| u32::try_from(whole).ok())
}

/// A figure with six decimals: more would be noise, and the same data give the same text.
#[allow(clippy::cast_possible_truncation)] // whole and within what an i64 holds
pub(in crate::domain) fn tidy(figure: f64) -> Value {
    let rounded = (figure * 1e6).round() / 1e6;
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
        return json!(rounded as i64);
    }
    json!(rounded)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use jiff::civil::date;

    use super::*;

    #[test]
    fn words_turn_both_ways() {
        for kind in SignalType::ALL {
            assert_eq!(SignalType::of_word(kind.word()), Some(kind));
        }
        assert_eq!(SignalType::of_word("level-shift"), None);
    }

    #[test]
    fn evidence_survives_json() {
        let id: RecordId = "01932b6c-0000-7000-8000-000000000001".parse().unwrap();
        let full = Evidence {
            baseline: Some(Baseline {
                n: 60,
                from: date(2026, 8, 1),
                to: date(2026, 10, 1),
                centre: 6.75,
                scale: 1.25,
                weekdays: [0.0, 0.5, 0.0, 0.0, 0.0, -0.25, -0.25],
            }),
            observed_n: 9,
            observed_mean: Some(5.125),
            statistic: Some(7.5),
            limit: Some(6.0),
            rows: vec![EvidenceRow {
                table: "logs".to_owned(),
                id,
                date: date(2026, 11, 3),
                value: Some(5.0),
            }],
            ..Evidence::of(
                SignalType::LevelShift,
                1,
                (date(2026, 11, 3), date(2026, 11, 16)),
            )
            .with("phi", 0.3)
        };
        let json = full.to_json();
        let text = serde_json::to_string(&json).unwrap();
        assert!(
            text.contains("\"centre\":6.75") && text.contains("\"n\":60"),
            "{text}"
        );
        let back: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(Evidence::from_json(&back), Some(full));
        let bare = Evidence::of(
            SignalType::Overload,
            1,
            (date(2026, 1, 1), date(2026, 1, 7)),
        );
        assert_eq!(Evidence::from_json(&bare.to_json()), Some(bare));
        assert_eq!(Evidence::from_json(&json!({})), None);
    }
}
