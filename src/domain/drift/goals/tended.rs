//! A goal and its check-ins: from when it counts, when it could be done, and how much of it was done.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::drift::days::{after, length, window};
use crate::domain::goal::{CheckIn, Goal, TargetType, worth};

/// A goal that signals may be about, and its check-ins up to a day, by date.
pub(super) struct Tended<'a> {
    pub goal: &'a Goal,
    /// The first day that counts.
    pub start: Date,
    pub check_ins: Vec<&'a CheckIn>,
}

/// A date, whether the goal was done then, and the check-in where there is one.
pub(super) type Occasion<'a> = (Date, bool, Option<&'a CheckIn>);

impl<'a> Tended<'a> {
    /// A goal and those of the recent check-ins that are its own.
    pub fn of(goal: &'a Goal, check_ins: &[CheckIn], recent: &'a [CheckIn]) -> Self {
        Self {
            goal,
            start: start(goal, check_ins),
            check_ins: recent.iter().filter(|one| one.goal == goal.id).collect(),
        }
    }

    /// The check-ins of a window.
    pub fn within(&self, (from, to): (Date, Date)) -> impl Iterator<Item = &CheckIn> {
        let place = self.check_ins.partition_point(|one| one.date < from);
        let rest = self.check_ins.get(place..).unwrap_or_default();
        rest.iter().copied().take_while(move |one| one.date <= to)
    }

    /// The part of the weekly minimum that was done in a window, from 0 to 1; nothing where less than a week of the window
    /// belongs to the goal.
    #[allow(clippy::cast_precision_loss)] // a number of days
    pub fn share(&self, (from, to): (Date, Date)) -> Option<f64> {
        let from = from.max(self.start);
        let to = self.goal.due.map_or(to, |due| to.min(due));
        let days = length((from, to));
        if days < 7 {
            return None;
        }
        let asked = f64::from(self.goal.weekly_minimum) * days as f64 / 7.0;
        let possible = match self.goal.target {
            TargetType::Binary => asked.min(days as f64),
            TargetType::Count | TargetType::Duration => asked,
        };
        let done: f64 = self
            .within((from, to))
            .map(|one| worth(self.goal.target, one))
            .sum();
        Some((done / possible).min(1.0))
    }

    /// When it could have been done, by date. What counts are check-ins, a written “no” being a miss; for a goal of
    /// every day a day that passed without a check-in is a miss too.
    pub fn occasions(&self, today: Date) -> Vec<Occasion<'a>> {
        if self.goal.target == TargetType::Binary && self.goal.weekly_minimum >= 7 {
            return self.each_day(today);
        }
        let check_ins = self.check_ins.iter();
        check_ins
            .map(|one| (one.date, is_done(one), Some(*one)))
            .collect()
    }

    /// Each day of a daily goal, up to today where today has a check-in, else to yesterday.
    fn each_day(&self, today: Date) -> Vec<Occasion<'a>> {
        let (Some(first), Some(last)) = (self.check_ins.first(), self.check_ins.last()) else {
            return Vec::new();
        };
        let last = window(today, last.date == today, 1).1;
        let mut days = Vec::new();
        let mut check_ins = self.check_ins.iter().copied().peekable();
        let mut date = first.date.max(self.start);
        while date <= last {
            while check_ins
                .peek()
                .is_some_and(|check_in| check_in.date < date)
            {
                check_ins.next();
            }
            let own = check_ins
                .peek()
                .copied()
                .filter(|check_in| check_in.date == date);
            days.push((date, own.is_some_and(is_done), own));
            let next = after(date, 1);
            if next == date {
                break;
            }
            date = next;
        }
        days
    }
}

/// The first day that counts: the one the person set, else the day the goal was made (its id tells), or of its first
/// check-in where that is earlier.
fn start(goal: &Goal, check_ins: &[CheckIn]) -> Date {
    if let Some(start) = goal.start {
        return start;
    }
    let made = goal.id.0.get_timestamp().and_then(|moment| {
        let seconds = i64::try_from(moment.to_unix().0).ok()?;
        let moment = jiff::Timestamp::from_second(seconds).ok()?;
        Some(TimeZone::UTC.to_datetime(moment).date())
    });
    let first = check_ins
        .iter()
        .find(|one| one.goal == goal.id)
        .map(|one| one.date);
    match (made, first) {
        (Some(made), Some(first)) => made.min(first),
        (Some(date), None) | (None, Some(date)) => date,
        (None, None) => Date::MIN,
    }
}

fn is_done(check_in: &CheckIn) -> bool {
    check_in.completed || check_in.amount.is_some_and(|amount| amount > 0.0)
}
