//! What the figures of a week are called: plain words, the same for a full week and a thin one.

use jiff::civil::Date;

use super::{FieldFigure, Figures, GoalFigure, Observed, SignalFigure, iso_name};
use crate::domain::dates;
use crate::domain::goal::{Buffer, TargetType, Week, show_amount};

/// What stands where nothing was answered.
pub const NOTHING: &str = "–";

/// `Mon 16 to Sun 22 Nov 2026`.
#[must_use]
pub fn span(week: Week) -> String {
    let (first, last) = (week.first(), week.last());
    let day = |date: Date| format!("{} {}", dates::weekday_short(date.weekday()), date.day());
    if first.month() == last.month() {
        format!("{} to {}", day(first), dates::long(last))
    } else if first.year() == last.year() {
        let first = format!(
            "{} {}",
            dates::weekday_short(first.weekday()),
            dates::short(first)
        );
        format!("{first} to {}", dates::long(last))
    } else {
        format!("{} to {}", dates::long(first), dates::long(last))
    }
}

/// `2026-W47, Mon 16 to Sun 22 Nov 2026`.
#[must_use]
pub fn title(week: Week) -> String {
    format!("{}, {}", iso_name(week), span(week))
}

/// A mean: one decimal, none from a hundred on.
#[must_use]
pub fn mean(figure: f64) -> String {
    if figure.abs() < 99.95 {
        format!("{figure:.1}")
    } else {
        format!("{figure:.0}")
    }
}

/// `6.8`, `7.1 h`, `5 of 7`; a dash where nothing was answered.
#[must_use]
pub fn observed(field: &FieldFigure) -> String {
    said(field, field.observed)
}

/// What the week a year before had, in the same words.
#[must_use]
pub fn year_ago(field: &FieldFigure) -> String {
    said(field, field.year_ago)
}

fn said(field: &FieldFigure, observed: Option<Observed>) -> String {
    match observed {
        None => NOTHING.to_owned(),
        Some(Observed { value, answered }) if field.is_habit => format!("{value:.0} of {answered}"),
        Some(Observed { value, .. }) => match &field.unit {
            Some(unit) => format!("{} {unit}", mean(value)),
            None => mean(value),
        },
    }
}

/// What is typical, in the same measure as what was observed: of a toggle, how many of the answered days.
#[must_use]
pub fn typical(field: &FieldFigure) -> Option<String> {
    let typical = field.typical?;
    if field.is_habit {
        let days = field.observed.map_or(7, |observed| observed.answered);
        return Some(mean(typical * f64::from(days)));
    }
    Some(mean(typical))
}

/// `6.8 (6.9)`, `5 of 7 (4.8)`; without the brackets where it is not known what is typical.
#[must_use]
pub fn against_typical(field: &FieldFigure) -> String {
    match typical(field) {
        Some(typical) => format!("{} ({typical})", observed(field)),
        None => observed(field),
    }
}

/// `6 of 7 (6.3)`.
#[must_use]
pub fn days_logged(figures: &Figures) -> String {
    let logged = figures.days.logged();
    let of = figures.days.come;
    match figures.days.typical {
        Some(typical) => format!("{logged} of {of} ({})", mean(typical * f64::from(of) / 7.0)),
        None => format!("{logged} of {of}"),
    }
}

/// `3 of 4`, `95 of 150 min`.
#[must_use]
pub fn done(goal: &GoalFigure) -> String {
    let done = show_amount(goal.done);
    let minimum = goal.minimum;
    match goal.target {
        TargetType::Binary | TargetType::Count => format!("{done} of {minimum}"),
        TargetType::Duration => format!("{done} of {minimum} min"),
    }
}

/// The buffer of a goal; of a week that is over, whether the minimum was met.
#[must_use]
pub fn buffer(buffer: Buffer) -> String {
    match buffer {
        Buffer::Over => "not met".to_owned(),
        Buffer::Outside => "not in this week".to_owned(),
        Buffer::Met | Buffer::Days(_) | Buffer::OutOfReach | Buffer::TooShort => {
            crate::domain::goal::words::buffer(buffer)
        }
    }
}

/// `new 17 Nov`, `ended 19 Nov`, `new 17 Nov, ended 19 Nov`.
#[must_use]
pub fn seen(signal: &SignalFigure) -> String {
    let mut words = Vec::new();
    if signal.is_new {
        words.push(format!("new {}", dates::short(signal.first_seen)));
    }
    if let Some(ended) = signal.ended {
        words.push(format!("ended {}", dates::short(ended)));
    }
    words.join(", ")
}

/// `3 rows`, `1 row`.
#[must_use]
pub fn counted(count: u64, one: &str, several: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {several}"),
    }
}
