//! Rules about fields: levels, trends, habits, streaks. A field's charts take each observation once.

use jiff::civil::{Date, date};

use super::chart::{HabitChart, HabitSetup, LevelChart, Limits, Point, Setup, Trend, trend};
use super::days::{after, whole};
use super::{
    Baseline, Evidence, EvidenceRow, FieldHistory, FieldKind, Observation, Settings, Signal,
    SignalType, words,
};

/// The rules' versions: of levels, trends, habits, streaks.
const VERSION: u32 = 1;

/// A Monday; days are counted from it.
const MONDAY: Date = date(1970, 1, 5);

/// Days after the last answer in which something may be said of a field: what was is not what is.
const SILENT: i32 = 14;

/// The shortest of the windows over which a trend is looked for, again at twice its length.
const TREND_LENGTHS: [i64; 2] = [1, 2];

/// A field, its answers in the order of dates, and what the charts made of them so far.
#[derive(Debug)]
pub(super) struct FieldState<'a> {
    field: &'a FieldHistory,
    /// How many observations have been taken.
    taken: usize,
    chart: Chart,
}

#[derive(Debug)]
enum Chart {
    Level(Box<LevelChart>),
    Habit(Box<HabitChart>),
}

impl<'a> FieldState<'a> {
    pub(super) fn new(field: &'a FieldHistory, settings: &Settings) -> Self {
        let thresholds = &settings.thresholds;
        let small = |threshold: f64| u32::try_from(whole(threshold)).unwrap_or(u32::MAX);
        let renewal = i32::try_from(whole(thresholds.level_renewal_weeks) * 7).unwrap_or(56);
        let chart = match field.kind {
            FieldKind::Level { step, .. } => Chart::Level(Box::new(LevelChart::new(Setup {
                step,
                minimum: small(thresholds.level_minimum),
                renewal,
                limits: Limits::of_budget(thresholds.level_budget),
            }))),
            FieldKind::Habit => Chart::Habit(Box::new(HabitChart::new(HabitSetup {
                minimum: small(thresholds.habit_minimum),
                difference: thresholds.habit_difference,
                budget: thresholds.habit_budget,
                renewal,
            }))),
        };
        Self {
            field,
            taken: 0,
            chart,
        }
    }

    /// The signals of a day. Days come in order.
    pub(super) fn on(&mut self, today: Date, settings: &Settings, found: &mut Vec<Signal>) {
        self.take(today);
        let silent = number(today) - self.last_day().unwrap_or(i32::MIN / 2) > SILENT;
        if silent {
            return;
        }
        found.extend(self.shift(settings));
        found.extend(self.trend(today, settings));
        found.extend(self.change(settings));
        found.extend(self.streak(today, settings));
    }

    fn take(&mut self, today: Date) {
        let rest = self
            .field
            .observations
            .get(self.taken..)
            .unwrap_or_default();
        for one in rest.iter().take_while(|one| one.date <= today) {
            self.taken += 1;
            let day = number(one.date);
            match &mut self.chart {
                Chart::Level(chart) => chart.push(Point {
                    day,
                    value: one.value,
                }),
                Chart::Habit(chart) => chart.push(day, one.value > 0.5),
            }
        }
    }

    fn known(&self) -> &'a [Observation] {
        self.field
            .observations
            .get(..self.taken)
            .unwrap_or_default()
    }

    /// What was observed from a date on.
    fn since(&self, from: Date) -> &'a [Observation] {
        let known = self.known();
        let place = known.partition_point(|one| one.date < from);
        known.get(place..).unwrap_or_default()
    }

    fn last_day(&self) -> Option<i32> {
        self.known().last().map(|one| number(one.date))
    }

    fn shift(&self, settings: &Settings) -> Option<Signal> {
        let Chart::Level(chart) = &self.chart else {
            return None;
        };
        let shift = chart.shift()?;
        let start = dated(shift.start);
        let rows = self.since(start);
        let end = rows.last()?.date;
        let n = u32::try_from(rows.len()).ok()?;
        let mean = rows.iter().map(|one| one.value).sum::<f64>() / f64::from(n);
        let typical = rows
            .iter()
            .map(|one| shift.baseline.typical(number(one.date)));
        let typical = typical.sum::<f64>() / f64::from(n);
        let unit = self.field.unit.as_deref();
        let sentence = words::level_shift(
            &self.field.label,
            &words::figure(mean, unit),
            start,
            end,
            &words::figure(typical, unit),
        );
        let mut evidence = Evidence::of(SignalType::LevelShift, VERSION, (start, end))
            .with("levelBudget", settings.thresholds.level_budget)
            .with("levelRenewalWeeks", settings.thresholds.level_renewal_weeks)
            .with("autocorrelation", shift.baseline.phi)
            .with("typicalForWeekdays", typical);
        evidence.baseline = Some(Baseline {
            n: shift.baseline.n,
            from: dated(shift.span.0),
            to: dated(shift.span.1),
            centre: shift.baseline.centre,
            scale: shift.baseline.scale,
            weekdays: shift.baseline.weekdays,
        });
        evidence.observed_n = n;
        evidence.observed_mean = Some(mean);
        evidence.statistic = Some(shift.statistic);
        evidence.limit = Some(shift.limit);
        evidence.rows = as_rows(rows);
        Some(self.signal(SignalType::LevelShift, (start, end), sentence, evidence))
    }

    fn trend(&self, today: Date, settings: &Settings) -> Option<Signal> {
        let Chart::Level(chart) = &self.chart else {
            return None;
        };
        let fit = chart.fit()?;
        let weeks = whole(settings.thresholds.trend_weeks);
        let last = self.last_day().map(dated)?;
        let mut best: Option<(Date, Trend)> = None;
        for length in TREND_LENGTHS {
            let from = after(today, 1 - length * weeks * 7);
            let rows = self.since(from);
            // Half of the days answered, and the first week among them.
            let enough = i64::try_from(rows.len()).ok()? * 2 >= length * weeks * 7;
            if !enough || rows.first().is_none_or(|one| one.date > after(from, 6)) {
                continue;
            }
            let points: Vec<Point> = rows
                .iter()
                .map(|one| {
                    let day = number(one.date);
                    let value = one.value - fit.offset(day);
                    Point { day, value }
                })
                .collect();
            let Some(found) = trend(&points) else {
                continue;
            };
            let days = points.last()?.day - points.first()?.day;
            let change = (found.slope * f64::from(days)).abs() / fit.scale;
            let [early, middle, late] = found.thirds;
            // A step is no trend: each third goes on from the one before.
            let part = (late - early) / 4.0;
            let steady = (middle - early) / part >= 1.0 && (late - middle) / part >= 1.0;
            let is_trend = found.probability <= settings.thresholds.trend_probability
                && change >= settings.thresholds.trend_change
                && steady
                && (late - early) * found.slope > 0.0;
            if is_trend && best.is_none_or(|best| found.statistic.abs() > best.1.statistic.abs()) {
                best = Some((rows.first()?.date, found));
            }
        }
        let (from, found) = best?;
        Some(self.trend_signal((from, last), &found, settings))
    }

    fn trend_signal(&self, window: (Date, Date), found: &Trend, settings: &Settings) -> Signal {
        let rows = self.since(window.0);
        let unit = self.field.unit.as_deref();
        let [early, _, late] = found.thirds;
        let sentence = words::trend(
            &self.field.label,
            &words::figure(found.slope.abs() * 7.0, unit),
            found.slope > 0.0,
            window.0,
            window.1,
            [&words::figure(early, unit), &words::figure(late, unit)],
        );
        let thresholds = &settings.thresholds;
        let mut evidence = Evidence::of(SignalType::Trend, VERSION, window)
            .with("trendWeeks", thresholds.trend_weeks)
            .with("trendChange", thresholds.trend_change)
            .with("trendProbability", thresholds.trend_probability)
            .with("slopeAWeek", found.slope * 7.0)
            .with("correction", found.correction)
            .with("kendall", found.statistic);
        evidence.observed_n = found.n;
        let n = f64::from(found.n.max(1));
        evidence.observed_mean = Some(rows.iter().map(|one| one.value).sum::<f64>() / n);
        evidence.statistic = Some(found.probability);
        evidence.limit = Some(thresholds.trend_probability);
        evidence.rows = as_rows(rows);
        self.signal(SignalType::Trend, window, sentence, evidence)
    }

    fn change(&self, settings: &Settings) -> Option<Signal> {
        let Chart::Habit(chart) = &self.chart else {
            return None;
        };
        let change = chart.change()?;
        let end = chart.last_day()?;
        // What is true now: the last four weeks, or what has passed of them.
        let from = change.start.max(end - 27);
        let recent = chart.rate(from, end);
        let window = (dated(change.start), dated(end));
        let sentence = words::habit_change(
            &self.field.label,
            recent.yes,
            recent.n,
            dated(from),
            window.1,
            change.baseline.rate(),
        );
        let mut evidence = Evidence::of(SignalType::HabitChange, VERSION, window)
            .with("habitBudget", settings.thresholds.habit_budget)
            .with("habitDifference", settings.thresholds.habit_difference)
            .with("autocorrelation", change.phi);
        let rate = change.baseline.rate();
        evidence.baseline = Some(Baseline {
            n: counted(change.baseline.n),
            from: dated(change.span.0),
            to: dated(change.span.1),
            centre: rate,
            scale: (rate * (1.0 - rate)).sqrt(),
            weekdays: [0.0; 7],
        });
        evidence.observed_n = counted(recent.n);
        evidence.observed_mean = Some(recent.rate());
        evidence.statistic = Some(change.statistic);
        evidence.limit = Some(change.limit);
        evidence.rows = as_rows(self.since(window.0));
        Some(self.signal(SignalType::HabitChange, window, sentence, evidence))
    }

    /// One answer many times in a row, then the other. Days without an answer are not counted.
    fn streak(&self, today: Date, settings: &Settings) -> Option<Signal> {
        let Chart::Habit(_) = &self.chart else {
            return None;
        };
        let known = self.known();
        let is = |one: &Observation| one.value > 0.5;
        let last = known.last()?;
        let missed = known
            .iter()
            .rev()
            .take_while(|one| is(one) == is(last))
            .count();
        let before = known.get(..known.len() - missed)?;
        let kept = before
            .iter()
            .rev()
            .take_while(|one| is(one) != is(last))
            .count();
        let rows = known.get(known.len() - missed..)?;
        let (first, kept_to) = (rows.first()?, before.last()?);
        let thresholds = &settings.thresholds;
        let is_broken = i64::try_from(kept).ok()? >= whole(thresholds.streak_kept)
            && i64::try_from(missed).ok()? >= whole(thresholds.streak_missed)
            && number(today) - number(first.date) < SILENT;
        if !is_broken {
            return None;
        }
        let window = (first.date, last.date);
        let sentence = words::habit_streak(
            &self.field.label,
            kept,
            !is(last),
            kept_to.date,
            (missed, first.date, last.date),
        );
        let evidence = streak_evidence(window, kept, missed, settings, as_rows(rows));
        Some(self.signal(SignalType::StreakBroken, window, sentence, evidence))
    }

    fn signal(
        &self,
        kind: SignalType,
        window: (Date, Date),
        sentence: String,
        evidence: Evidence,
    ) -> Signal {
        Signal {
            kind,
            subject: self.field.key.clone(),
            window_start: window.0,
            window_end: window.1,
            sentence,
            evidence,
        }
    }
}

/// The evidence of a streak of a habit or of a goal.
pub(super) fn streak_evidence(
    window: (Date, Date),
    kept: usize,
    missed: usize,
    settings: &Settings,
    rows: Vec<EvidenceRow>,
) -> Evidence {
    let number = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
    let mut evidence = Evidence::of(SignalType::StreakBroken, VERSION, window)
        .with("streakKept", settings.thresholds.streak_kept)
        .with("streakMissed", settings.thresholds.streak_missed)
        .with("kept", f64::from(number(kept)));
    evidence.observed_n = number(missed);
    evidence.statistic = Some(f64::from(number(missed)));
    evidence.limit = Some(settings.thresholds.streak_missed);
    evidence.rows = rows;
    evidence
}

fn as_rows(observations: &[Observation]) -> Vec<EvidenceRow> {
    observations
        .iter()
        .map(|one| EvidenceRow {
            table: "logs".to_owned(),
            id: one.id,
            date: one.date,
            value: Some(one.value),
        })
        .collect()
}

/// Days since a Monday.
pub(super) fn number(date: Date) -> i32 {
    let days = date.duration_since(MONDAY).as_secs() / 86_400;
    i32::try_from(days).unwrap_or(0)
}

fn dated(day: i32) -> Date {
    after(MONDAY, i64::from(day))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a count of days
fn counted(n: f64) -> u32 {
    n.clamp(0.0, 1e6) as u32
}
