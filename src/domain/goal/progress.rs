//! What a week of a goal amounts to so far, and how much room it has left.

use jiff::civil::Date;

use super::{CheckIn, Goal, TargetType, Week};

/// Sums below the minimum by less than this are noise of the binary representation.
const NOISE: f64 = 1e-6;

/// A day of a week, as the strip shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayMark {
    /// Before the goal's start or after its due date.
    Outside,
    /// Not come yet, without a check-in.
    Ahead,
    /// Nothing was written, which is not a “no”.
    Nothing,
    /// A check-in that says it was not done.
    No,
    /// A check-in with an amount that the person does not call done.
    Part,
    /// A check-in that says it was done.
    Done,
}

impl DayMark {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Outside,
        Self::Ahead,
        Self::Nothing,
        Self::No,
        Self::Part,
        Self::Done,
    ];

    /// The word for it in a document.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::Ahead => "ahead",
            Self::Nothing => "nothing",
            Self::No => "no",
            Self::Part => "part",
            Self::Done => "done",
        }
    }
}

/// How many more days of the week may pass without a check-in before the weekly minimum can no longer be met.
///
/// Exactly, with no guess at how much a day brings:
///
/// - *L*, the days left, are the days of the week from today on, today included, that belong to the goal and
///   have no check-in that settles them. A “no” settles a day. A “done” settles a day of a binary goal, which
///   counts a day once; a day of a count or a duration has no upper limit and stays open until it is over.
/// - *r*, the days needed, are the days missing from the minimum of a binary goal. A count or a duration needs one
///   day, however much is missing, since one day can bring any amount; the amount that remains stands beside it.
/// - The buffer is *L − r*; below zero the minimum is out of reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Buffer {
    /// The minimum is reached; what passes now changes nothing of it.
    Met,
    /// So many days may pass; with 0 the next day that is left is needed.
    Days(u8),
    /// As written, the days left are fewer than the days needed.
    OutOfReach,
    /// The week has fewer days than a binary goal's minimum asks for: the goal starts or is due within it, or the
    /// minimum is above seven. No way of spending the week would reach it.
    TooShort,
    /// The week is over and the minimum was not reached.
    Over,
    /// No day of the week belongs to the goal.
    Outside,
}

/// A week of a goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Which week.
    pub week: Week,
    /// Its seven days.
    pub days: [DayMark; 7],
    /// Days done, or the sum of the amounts.
    pub done: f64,
    /// The goal's weekly minimum, in the same unit.
    pub minimum: u32,
    /// How many more days may pass.
    pub buffer: Buffer,
}

impl Progress {
    /// What is missing from the minimum; 0 where it is reached.
    #[must_use]
    pub fn remaining(&self) -> f64 {
        if self.is_met() {
            0.0
        } else {
            f64::from(self.minimum) - self.done
        }
    }

    /// Whether the minimum is reached.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.done >= f64::from(self.minimum) - NOISE
    }
}

/// A week of a goal from its check-ins, as seen on a day. Check-ins of other goals, of other weeks and of days that
/// do not belong to the goal are passed over, so that a list of all of them may be given.
#[must_use]
pub fn progress<'a>(
    goal: &Goal,
    week: Week,
    check_ins: impl IntoIterator<Item = &'a CheckIn>,
    today: Date,
) -> Progress {
    let dates = week.days();
    let mut days = dates.map(|date| {
        if !goal.covers(date) {
            DayMark::Outside
        } else if date > today {
            DayMark::Ahead
        } else {
            DayMark::Nothing
        }
    });
    let mut done = 0.0;
    for check_in in check_ins {
        if check_in.goal != goal.id {
            continue;
        }
        let day = dates.iter().zip(&mut days).find_map(|(date, mark)| {
            (*date == check_in.date && *mark != DayMark::Outside).then_some(mark)
        });
        let Some(day) = day else { continue };
        *day = mark(goal.target, check_in);
        done += worth(goal.target, check_in);
    }
    let mut progress = Progress {
        week,
        days,
        done,
        minimum: goal.weekly_minimum,
        buffer: Buffer::Met,
    };
    progress.buffer = buffer(goal.target, &progress, today);
    progress
}

/// What a check-in adds to its week. A day of a binary goal adds one where it is done. An amount is added whether
/// or not the person calls the day done: it was that much. A check-in without an amount adds nothing to a sum.
pub(in crate::domain) fn worth(target: TargetType, check_in: &CheckIn) -> f64 {
    match target {
        TargetType::Binary => f64::from(u8::from(check_in.completed)),
        TargetType::Count | TargetType::Duration => check_in.amount.unwrap_or(0.0),
    }
}

fn mark(target: TargetType, check_in: &CheckIn) -> DayMark {
    if check_in.completed {
        DayMark::Done
    } else if target.takes_amount() && check_in.amount.is_some_and(|amount| amount > 0.0) {
        DayMark::Part
    } else {
        DayMark::No
    }
}

/// The rule of [`Buffer`].
fn buffer(target: TargetType, progress: &Progress, today: Date) -> Buffer {
    let own = count(progress.days.iter(), |day| day != DayMark::Outside);
    if own == 0 {
        return Buffer::Outside;
    }
    if progress.is_met() {
        return Buffer::Met;
    }
    let too_short = match target {
        TargetType::Binary => u32::from(own) < progress.minimum,
        TargetType::Count | TargetType::Duration => false,
    };
    if too_short {
        return Buffer::TooShort;
    }
    if progress.week.last() < today {
        return Buffer::Over;
    }
    let dates = progress.week.days();
    let ahead = dates
        .iter()
        .zip(&progress.days)
        .filter(|(date, _)| **date >= today)
        .map(|(_, day)| day);
    let left = count(ahead, |day| is_open(target, day));
    let needed = match target {
        TargetType::Binary => {
            let done = count(progress.days.iter(), |day| day == DayMark::Done);
            // Not too short, so the minimum is at most seven.
            u8::try_from(progress.minimum)
                .unwrap_or(u8::MAX)
                .saturating_sub(done)
        }
        TargetType::Count | TargetType::Duration => 1,
    };
    left.checked_sub(needed)
        .map_or(Buffer::OutOfReach, Buffer::Days)
}

/// Whether a day that has not passed can still add something.
fn is_open(target: TargetType, day: DayMark) -> bool {
    match day {
        DayMark::Outside | DayMark::No => false,
        DayMark::Ahead | DayMark::Nothing | DayMark::Part => true,
        DayMark::Done => target.takes_amount(),
    }
}

fn count<'a>(days: impl Iterator<Item = &'a DayMark>, of: impl Fn(DayMark) -> bool) -> u8 {
    days.fold(0, |sum, &day| sum + u8::from(of(day)))
}
