//! The series of a signal with its baseline band and the rows that count.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::dates;
use crate::domain::drift::{Baseline, Evidence, FieldKind};
use crate::domain::series::Series;
use crate::screens::ViewCx;
use crate::ui::{CHART_ROWS, ChartDay, SeriesChart, Sparkline};

use super::seen::Seen;

/// Days of which a toggle's rate is taken: a week, so that no weekday counts twice.
const RATE_DAYS: usize = 7;

/// What is drawn: a figure a day, what the ends of the scale stand for.
struct Plot {
    from: Date,
    to: Date,
    days: Vec<ChartDay>,
    bounds: (f64, f64),
    /// Whether the figures are rates from 0 to 1.
    is_rate: bool,
}

impl Plot {
    /// Nothing where the signal is about no figures, or they may not be seen.
    fn of(cx: ViewCx<'_>, seen: &Seen<'_>, columns: u16) -> Option<Self> {
        let evidence = seen.evidence.as_ref()?;
        let kind = FieldKind::of(seen.field(cx.world)?)?;
        let (from, to) = seen.dates(SeriesChart::days_in(columns, cx.look))?;
        let figures = figures(cx, seen, evidence);
        let series = Series::over(from, to, figures.iter().map(|(day, value)| (*day, *value)));
        let (values, is_rate, bounds) = match kind {
            FieldKind::Level { .. } => {
                let bounds = bounds(&series.values, evidence.baseline.as_ref());
                (series.values, false, bounds)
            }
            FieldKind::Habit => (rates(from, to, &figures), true, (0.0, 1.0)),
        };
        let marked: BTreeSet<Date> = evidence.rows.iter().map(|row| row.date).collect();
        let mut date = from;
        let mut days = Vec::with_capacity(values.len());
        for value in values {
            days.push(ChartDay {
                value,
                band: band(evidence.baseline.as_ref(), date, is_rate),
                is_marked: marked.contains(&date),
            });
            date = date.tomorrow().unwrap_or(date);
        }
        (!days.is_empty()).then_some(Self {
            from,
            to,
            days,
            bounds,
            is_rate,
        })
    }

    fn label(&self, value: f64) -> String {
        if self.is_rate {
            format!("{:.0}%", value * 100.0)
        } else if value.fract() == 0.0 {
            format!("{value:.0}")
        } else {
            format!("{value:.1}")
        }
    }
}

/// Whether there is anything to draw of a signal.
pub(super) fn is_there(cx: ViewCx<'_>, seen: &Seen<'_>) -> bool {
    seen.is_shown(cx.world) && seen.evidence.is_some() && seen.field(cx.world).is_some()
}

/// Draws it in as many rows as there are: a chart, or one line of bars where they are few.
pub(super) fn draw(
    cx: ViewCx<'_>,
    seen: &Seen<'_>,
    selected: Option<Date>,
    area: Rect,
    buf: &mut Buffer,
) {
    let Some(plot) = Plot::of(cx, seen, area.width) else {
        return;
    };
    if area.height < CHART_ROWS {
        let values: Vec<Option<f64>> = plot.days.iter().map(|day| day.value).collect();
        Sparkline {
            values: &values,
            bounds: Some(plot.bounds),
            ..Sparkline::default()
        }
        .render(area, buf, cx.look);
        return;
    }
    let (low, high) = plot.bounds;
    let labels = (plot.label(low), plot.label(high));
    let ends = (dates::short(plot.from), dates::short(plot.to));
    let selected = selected.filter(|date| (plot.from..=plot.to).contains(date));
    let legend = legend(cx, seen, &plot);
    SeriesChart {
        days: &plot.days,
        selected: selected
            .and_then(|date| usize::try_from(dates::days_between(plot.from, date)).ok()),
        bounds: ((low, &labels.0), (high, &labels.1)),
        ends: (&ends.0, &ends.1),
        legend: &legend,
    }
    .render(area, buf, cx.look);
}

fn legend(cx: ViewCx<'_>, seen: &Seen<'_>, plot: &Plot) -> String {
    let mark = cx.look.glyphs.logged;
    let rate = if plot.is_rate { "rate of 7 days, " } else { "" };
    let baseline = seen.evidence.as_ref().and_then(|of| of.baseline.as_ref());
    match baseline {
        Some(baseline) => {
            let centre = plot.label((baseline.centre * 10.0).round() / 10.0);
            let centre = if plot.is_rate {
                plot.label(baseline.centre)
            } else {
                centre
            };
            format!("{rate}{mark} rows that count, band: typical {centre}")
        }
        None => format!("{rate}{mark} rows that count"),
    }
}

/// Daily figures: those of the log, and those that the evidence holds itself.
fn figures(cx: ViewCx<'_>, seen: &Seen<'_>, evidence: &Evidence) -> BTreeMap<Date, f64> {
    let query = seen.series(cx.world);
    let known = query.and_then(|query| cx.world.cache.series(&query, seen.subject));
    let mut figures = known.cloned().unwrap_or_default();
    let own = evidence.rows.iter();
    figures.extend(own.filter_map(|row| Some((row.date, row.value?))));
    figures
}

/// For each day the share of yes among the answers of the seven days that end with it.
fn rates(from: Date, to: Date, figures: &BTreeMap<Date, f64>) -> Vec<Option<f64>> {
    let all = Series::over(from, to, figures.iter().map(|(day, value)| (*day, *value)));
    let days = 0..all.values.len();
    days.map(|at| {
        let week = all.values.get((at + 1).saturating_sub(RATE_DAYS)..=at)?;
        Series {
            values: week.to_vec(),
        }
        .averages(RATE_DAYS)
        .pop()
        .flatten()
    })
    .collect()
}

/// The ends of the scale: those of the figures and of the band, so that what changes is seen.
fn bounds(values: &[Option<f64>], baseline: Option<&Baseline>) -> (f64, f64) {
    let of_band = baseline.map(|baseline| {
        let most = baseline.weekdays.iter().copied().fold(0.0_f64, f64::max);
        let least = baseline.weekdays.iter().copied().fold(0.0_f64, f64::min);
        [
            baseline.centre + least - baseline.scale,
            baseline.centre + most + baseline.scale,
        ]
    });
    let all = values
        .iter()
        .flatten()
        .copied()
        .chain(of_band.into_iter().flatten());
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if !low.is_finite() || !high.is_finite() {
        return (0.0, 1.0);
    }
    let (low, high) = (low.floor(), high.ceil());
    if low < high {
        (low, high)
    } else {
        (low - 1.0, high + 1.0)
    }
}

fn band(baseline: Option<&Baseline>, date: Date, is_rate: bool) -> Option<(f64, f64)> {
    let baseline = baseline?;
    let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).ok()?;
    let centre = baseline.centre + baseline.weekdays.get(weekday).copied().unwrap_or(0.0);
    if is_rate {
        return Some((centre, centre));
    }
    Some((centre - baseline.scale, centre + baseline.scale))
}
