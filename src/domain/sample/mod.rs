//! Two years of plausible days, and records of the other lanes, for looking around, from a seed: the same seed and date give the same days.
//!
//! Invented from end to end. The days have what real ones have: weekdays that differ, slow moods, a better and a
//! worse season, a holiday without entries, forgotten days, habits that grow, several scripts. Every value is one
//! that the built-in form takes.

mod records;
mod texts;

use fastrand::Rng;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde_json::{Map, Value};

use super::dates::days_between;
use super::secret::Secret;

use texts::{DRIFTS, FAITH, FAMILY, FRICTIONS, GRATITUDES, INTENTIONS, LESSONS, PRIORITIES, WINS};

pub use records::{Entry, records};

/// How far back the days go.
pub const DAYS: i32 = 730;

/// The holiday: from so many days ago, for so many days.
const HOLIDAY: (i32, i32) = (163, 14);

/// How many of the last days are fuller than those before.
const RECENT: i32 = 22;

/// One invented day.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    /// Its date.
    pub date: Date,
    /// Values by the field's key.
    pub data: Secret<Map<String, Value>>,
}

/// The days up to today, the earliest first. Today has only its morning, so that there is something left to fill in.
#[must_use]
pub fn days(seed: u64, today: Date) -> Vec<Day> {
    let mut life = Life {
        rng: Rng::with_seed(seed),
        mood: 0.0,
        strain: 0.0,
    };
    let first = today.saturating_sub(DAYS.days());
    (0..=DAYS)
        .filter_map(|number| {
            let date = first.saturating_add(number.days());
            let data = life.day(date, today)?;
            Some(Day {
                date,
                data: Secret::new(data),
            })
        })
        .collect()
}

/// What carries over from day to day.
struct Life {
    rng: Rng,
    /// About −1 to 1.
    mood: f64,
    /// About −1 to 1.
    strain: f64,
}

impl Life {
    fn day(&mut self, date: Date, today: Date) -> Option<Map<String, Value>> {
        let ago = days_between(date, today);
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.mood = 0.7 * self.mood + 0.35 * self.noise();
        self.strain = 0.8 * self.strain + 0.3 * self.noise();
        let away = (HOLIDAY.0 - HOLIDAY.1 + 1..=HOLIDAY.0).contains(&ago);
        let forgotten = self.chance(if weekend { 0.12 } else { 0.05 });
        if ago > 1 && (away || forgotten) {
            return None;
        }
        let tide = Tide::of(ago, weekend, self.mood, self.strain);
        let mut data = Map::new();
        // Somebody who looks around sees the last days first: they have everything now and then.
        let full = ago <= 1 || self.chance(if ago < RECENT { 0.75 } else { 0.55 });
        self.morning(&mut data, &tide, full);
        if ago > 0 {
            self.habits(&mut data, &tide, full);
            self.evening(&mut data, &tide, full);
            self.words(&mut data, ago, full);
        }
        Some(data)
    }

    fn morning(&mut self, data: &mut Map<String, Value>, tide: &Tide, full: bool) {
        self.scale(data, "sleepQuality", 5.8 + 1.6 * tide.rest);
        self.scale(data, "energy", 5.9 + 1.4 * tide.rest + 0.9 * tide.mood);
        if full {
            let halves = (2.0 * (6.9 + 0.8 * tide.rest + 0.5 * self.noise()))
                .round()
                .clamp(8.0, 20.0);
            data.insert("sleepHours".into(), number(halves / 2.0));
            self.scale(data, "mentalClarity", 6.0 + 1.2 * tide.rest);
            self.scale(data, "motivation", 5.7 + 1.3 * tide.mood);
            self.text(data, "morningIntention", INTENTIONS, 0.5);
            self.text(data, "oneThingPriority", PRIORITIES, 0.7);
        }
    }

    fn habits(&mut self, data: &mut Map<String, Value>, tide: &Tide, full: bool) {
        self.toggle(data, "exercise", 0.35 + 0.35 * tide.growth);
        for (key, share) in [
            ("vaping", 0.30 - 0.25 * tide.growth),
            ("alcohol", if tide.weekend { 0.35 } else { 0.08 }),
            ("junkFood", 0.25 + 0.1 * tide.strain),
            ("doomScrolling", 0.4 + 0.2 * tide.strain),
            ("lateScreens", 0.45 - 0.2 * tide.growth),
            ("skippedMeals", 0.1),
            ("excessCaffeine", 0.2 + 0.1 * tide.strain),
        ] {
            self.toggle(data, key, share);
        }
        if !full {
            return;
        }
        for (key, share) in [
            ("meditation", 0.2 + 0.4 * tide.growth),
            ("prayer", 0.6),
            ("journaling", 0.5),
            ("coldShower", 0.25),
            ("wakeTimeHeld", if tide.weekend { 0.4 } else { 0.75 }),
            ("bedtimeWindowHeld", 0.5 + 0.2 * tide.growth),
            ("screensDocked", 0.4),
            ("proteinForwardMeal", 0.6),
            ("hydrationBeforeNoon", 0.7),
        ] {
            self.toggle(data, key, share);
        }
        let minutes = [0, 0, 10, 15, 15, 20, 30, 45, 60];
        data.insert(
            "readingMinutes".into(),
            self.pick(&minutes).copied().unwrap_or(15).into(),
        );
    }

    fn evening(&mut self, data: &mut Map<String, Value>, tide: &Tide, full: bool) {
        self.scale(
            data,
            "stress",
            4.9 + 1.8 * tide.strain - if tide.weekend { 1.2 } else { 0.0 },
        );
        self.scale(data, "mood", 6.3 + 1.3 * tide.mood - 0.6 * tide.strain);
        self.scale(data, "focus", 6.0 + 0.8 * tide.rest - 0.6 * tide.strain);
        if !full {
            return;
        }
        self.scale(
            data,
            "connection",
            5.9 + if tide.weekend { 1.0 } else { 0.0 } + 0.6 * tide.mood,
        );
        self.scale(
            data,
            "moneyPressure",
            4.6 + 0.8 * tide.strain - 1.2 * tide.growth,
        );
        self.toggle(data, "followedPlan", 0.6 - 0.2 * tide.strain);
        self.scale_from(
            data,
            "urgeIntensity",
            0.0,
            3.2 + 1.5 * tide.strain - tide.growth,
        );
        self.scale_from(data, "impulseControl", 0.0, 6.4 + 0.8 * tide.growth);
        self.scale_from(data, "anxietyRumination", 0.0, 3.4 + 1.8 * tide.strain);
        self.toggle(data, "environmentProtected", 0.7);
        self.circumstances(data, tide);
    }

    /// What kind of a day it was.
    fn circumstances(&mut self, data: &mut Map<String, Value>, tide: &Tide) {
        self.many(
            data,
            "triggersEncountered",
            &["red", "yellow", "green"],
            0.3,
        );
        self.many(data, "leakTypes", &["bedroom", "phone", "alone-time"], 0.12);
        self.choice(
            data,
            "movementLevel",
            &["none", "light", "light", "moderate", "moderate", "hard"],
        );
        let kinds: &[&str] = if tide.weekend {
            &["rest", "family", "family", "mixed"]
        } else {
            &["work", "work", "work", "mixed", "chaos"]
        };
        self.choice(data, "dayType", kinds);
        let feelings: &[&str] = if tide.mood > 0.0 {
            &["grateful", "hopeful", "peaceful", "grateful"]
        } else {
            &["anxious", "frustrated", "overwhelmed", "peaceful"]
        };
        self.choice(data, "primaryEmotion", feelings);
        self.choice(
            data,
            "winCategory",
            &["family", "work", "health", "faith", "creative", "none"],
        );
        self.choice(
            data,
            "timeDrain",
            &[
                "meetings",
                "distractions",
                "low-energy",
                "interruptions",
                "none",
            ],
        );
    }

    fn words(&mut self, data: &mut Map<String, Value>, ago: i32, full: bool) {
        let recent = |share: f64| match ago {
            1 => 1.0,
            2..RECENT => share + 0.3,
            _ => share,
        };
        self.text(data, "topWin", WINS, 0.85);
        self.text(data, "tomorrowPriority", PRIORITIES, recent(0.6));
        if full {
            self.text(data, "topFriction", FRICTIONS, recent(0.4));
            self.text(data, "lessonsLearned", LESSONS, 0.3);
            self.text(data, "gratitudeNote", GRATITUDES, 0.75);
            self.text(data, "familyConnection", FAMILY, recent(0.5));
            self.text(data, "faithAlignment", FAITH, recent(0.4));
            self.text(data, "driftCheck", DRIFTS, recent(0.3));
        }
    }

    fn scale(&mut self, data: &mut Map<String, Value>, key: &str, level: f64) {
        self.scale_from(data, key, 1.0, level);
    }

    fn scale_from(&mut self, data: &mut Map<String, Value>, key: &str, lowest: f64, level: f64) {
        let level = (level + 0.8 * self.noise()).round().clamp(lowest, 10.0);
        data.insert(key.into(), number(level));
    }

    fn toggle(&mut self, data: &mut Map<String, Value>, key: &str, share: f64) {
        // Now and then a question stays open.
        if self.chance(0.95) {
            let yes = self.chance(share);
            data.insert(key.into(), yes.into());
        }
    }

    fn choice(&mut self, data: &mut Map<String, Value>, key: &str, options: &[&str]) {
        if let Some(&option) = self.pick(options) {
            data.insert(key.into(), option.into());
        }
    }

    fn many(&mut self, data: &mut Map<String, Value>, key: &str, options: &[&str], share: f64) {
        let chosen: Vec<Value> = options
            .iter()
            .filter(|_| self.chance(share))
            .map(|&option| option.into())
            .collect();
        if !chosen.is_empty() {
            data.insert(key.into(), chosen.into());
        }
    }

    fn text(&mut self, data: &mut Map<String, Value>, key: &str, texts: &[&str], share: f64) {
        if self.chance(share)
            && let Some(&text) = self.pick(texts)
        {
            data.insert(key.into(), text.into());
        }
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        self.rng.choice(of)
    }

    fn chance(&mut self, share: f64) -> bool {
        self.rng.f64() < share
    }

    /// Roughly normal with a deviation of one.
    fn noise(&mut self) -> f64 {
        let sum: f64 = (0..6).map(|_| self.rng.f64()).sum();
        (sum - 3.0) * std::f64::consts::SQRT_2
    }
}

/// What a day is made of before chance: each about −1 to 1, `growth` 0 to 1 over the two years.
struct Tide {
    weekend: bool,
    rest: f64,
    mood: f64,
    strain: f64,
    growth: f64,
}

impl Tide {
    fn of(ago: i32, weekend: bool, mood: f64, strain: f64) -> Self {
        let ago_days = f64::from(ago);
        let growth = (1.0 - ago_days / f64::from(DAYS)).clamp(0.0, 1.0);
        // A year's swing, a hard term a year ago, sleep that has become better in the last eight weeks, and two
        // full weeks at the end, so that there is a signal to look at.
        let season = (ago_days / 365.25 * std::f64::consts::TAU).cos() * 0.3;
        let hard_term = if (330..400).contains(&ago) { 1.0 } else { 0.0 };
        let better_sleep = if ago < 56 {
            0.7 * (1.0 - ago_days / 56.0) + 0.2
        } else {
            0.0
        };
        let full_weeks = if ago < 17 { 0.9 } else { 0.0 };
        let late_night = if weekend { 0.3 } else { 0.0 };
        Self {
            weekend,
            rest: 0.5 * mood + season + better_sleep + late_night - 0.5 * hard_term,
            mood: mood + season - 0.4 * hard_term,
            strain: strain + hard_term + full_weeks - 0.2 * better_sleep,
            growth,
        }
    }
}

/// A whole number where it is one, as fields store it.
fn number(value: f64) -> Value {
    let text = format!("{value}");
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;
    use crate::domain::form::LogForm;
    use crate::domain::patch::Patch;
    use crate::domain::secret::Exit;

    const TODAY: Date = date(2026, 11, 23);

    #[test]
    fn the_same_seed_gives_the_same_days_and_another_does_not() {
        assert_eq!(days(7, TODAY), days(7, TODAY));
        assert_ne!(days(7, TODAY), days(8, TODAY));
    }

    #[test]
    fn the_built_in_form_takes_every_value_and_most_fields_occur() {
        let form = LogForm::builtin();
        let mut seen = BTreeSet::new();
        for day in days(7, TODAY) {
            let data = Value::Object(day.data.into_exposed(Exit::Database));
            let patch = Patch::from_json(data).unwrap();
            patch.check(&form).expect("a value of the form");
            seen.extend(patch.keys().map(str::to_owned));
        }
        let all = form
            .sections
            .iter()
            .map(|section| section.fields.len())
            .sum::<usize>();
        assert!(seen.len() + 3 >= all, "{} of {all} fields", seen.len());
    }

    #[test]
    fn two_years_with_a_holiday_end_with_an_open_today() {
        let days = days(7, TODAY);
        assert!((600..=731).contains(&days.len()), "{}", days.len());
        let last = days.last().unwrap();
        assert_eq!(last.date, TODAY);
        assert!(!last.data.expose(Exit::Screen).contains_key("mood"));
        let longest = days.windows(2).filter_map(|pair| match pair {
            [one, next] => Some(days_between(one.date, next.date)),
            _ => None,
        });
        assert!(longest.max().unwrap() >= 15);
    }

    #[test]
    fn yesterday_and_the_last_weeks_have_private_texts_and_a_context() {
        for seed in 1..20 {
            let days = days(seed, TODAY);
            let has = |day: &Day, key: &str| day.data.expose(Exit::Screen).contains_key(key);
            let keys = [
                "familyConnection",
                "faithAlignment",
                "driftCheck",
                "topFriction",
                "dayType",
            ];
            let yesterday = days.iter().rev().nth(1).unwrap();
            assert_eq!(days_between(yesterday.date, TODAY), 1, "{seed}");
            for key in keys {
                assert!(has(yesterday, key), "{seed}: {key}");
                let often = days.iter().rev().take(20).filter(|day| has(day, key));
                assert!((3..20).contains(&often.count()), "{seed}: {key}");
            }
        }
    }

    #[test]
    fn private_texts_say_that_they_are_invented() {
        for day in days(7, TODAY) {
            let data = day.data.expose(Exit::Screen);
            for key in crate::domain::form::RED_ZONE {
                if let Some(text) = data.get(key).and_then(Value::as_str) {
                    assert!(text.starts_with("(sample)"), "{key}");
                }
            }
        }
    }
}
