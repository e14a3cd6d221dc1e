//! How many weeks in a row met the minimum: a number, no more.

use jiff::civil::{Date, Weekday};

use super::{Buffer, CheckIn, Goal, Week, progress};

/// Weeks in a row that met the weekly minimum.
///
/// Weeks, not days, because the minimum is a week's: a goal of three days a week would hardly ever have a run of
/// days. The present week counts once it has met the minimum and ends nothing before; the weeks before it are
/// counted back to the first that did not. A week that is too short for the minimum ([`Buffer::TooShort`]) neither
/// counts nor ends the row. A time of pause is not recorded, so its weeks are weeks like others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Streak {
    /// How many weeks.
    pub weeks: u32,
    /// Whether the row reaches back to where the check-ins at hand begin, and may be longer.
    pub at_least: bool,
}

/// The row of weeks that ends with the week of `today`. `known_since` is the first date of which all check-ins are at
/// hand: weeks before it, and the one that it cuts, are not judged.
#[must_use]
pub fn streak(
    goal: &Goal,
    check_ins: &[CheckIn],
    today: Date,
    week_start: Weekday,
    known_since: Date,
) -> Streak {
    let mut own: Vec<&CheckIn> = check_ins.iter().filter(|one| one.goal == goal.id).collect();
    own.sort_by_key(|one| one.date);
    let present = Week::of(today, week_start);
    let mut week = present;
    let mut weeks = 0;
    while week.first() >= known_since {
        let from = own.partition_point(|one| one.date < week.first());
        let to = own.partition_point(|one| one.date <= week.last());
        let of_week = own.get(from..to).unwrap_or_default().iter().copied();
        match progress(goal, week, of_week, today).buffer {
            Buffer::Met => weeks += 1,
            Buffer::Over => return Streak::exactly(weeks),
            Buffer::Outside if week != present => return Streak::exactly(weeks),
            Buffer::TooShort | Buffer::Outside | Buffer::Days(_) | Buffer::OutOfReach => {}
        }
        let before = week.plus(-1);
        if before == week {
            break;
        }
        week = before;
    }
    Streak {
        weeks,
        at_least: weeks > 0,
    }
}

impl Streak {
    const fn exactly(weeks: u32) -> Self {
        Self {
            weeks,
            at_least: false,
        }
    }
}
