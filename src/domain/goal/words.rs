//! What the figures of a goal are called: plain words, the same for a full week and a thin one.

use super::{Buffer, CheckIn, Goal, Progress, Streak, TargetType, show_amount};
use crate::domain::dates;

/// `3 of 4`, `12 of 20`, `95 of 150 min`.
#[must_use]
pub fn figures(goal: &Goal, progress: &Progress) -> String {
    let done = show_amount(progress.done);
    let minimum = progress.minimum;
    match goal.target {
        TargetType::Binary | TargetType::Count => format!("{done} of {minimum}"),
        TargetType::Duration => format!("{done} of {minimum} min"),
    }
}

/// The same where columns are short: `3/4`, `95/150m`.
#[must_use]
pub fn short_figures(goal: &Goal, progress: &Progress) -> String {
    let done = show_amount(progress.done);
    let minimum = progress.minimum;
    match goal.target {
        TargetType::Binary | TargetType::Count => format!("{done}/{minimum}"),
        TargetType::Duration => format!("{done}/{minimum}m"),
    }
}

/// The buffer in a column.
#[must_use]
pub fn buffer(buffer: Buffer) -> String {
    match buffer {
        Buffer::Met => "met".to_owned(),
        Buffer::Days(days) => of_days(days.into()),
        Buffer::OutOfReach => "out of reach".to_owned(),
        Buffer::TooShort => "short week".to_owned(),
        Buffer::Over | Buffer::Outside => String::new(),
    }
}

/// The buffer in a sentence.
#[must_use]
pub fn buffer_sentence(goal: &Goal, progress: &Progress) -> String {
    match progress.buffer {
        Buffer::Met => "minimum met".to_owned(),
        Buffer::Days(days) => match goal.target {
            TargetType::Binary => format!("buffer {}", of_days(days.into())),
            TargetType::Count | TargetType::Duration => {
                let left = show_amount(progress.remaining());
                let unit = unit(goal.target);
                format!("{left}{unit} left, buffer {}", of_days(days.into()))
            }
        },
        Buffer::OutOfReach => "out of reach this week".to_owned(),
        Buffer::TooShort => "fewer days this week than the minimum".to_owned(),
        Buffer::Over => "week over".to_owned(),
        Buffer::Outside => "not in this week".to_owned(),
    }
}

/// That a day does not belong to the goal; nothing where it does.
#[must_use]
pub fn outside(goal: &Goal, date: jiff::civil::Date) -> Option<String> {
    match (goal.start, goal.due) {
        (Some(start), _) if date < start => Some(format!(
            "kept, but not counted: the goal begins on {}",
            dates::long(start)
        )),
        (_, Some(due)) if due < date => Some(format!(
            "kept, but not counted: the goal was due on {}",
            dates::long(due)
        )),
        _ => None,
    }
}

/// `3 weeks in a row`; nothing for none.
#[must_use]
pub fn streak(streak: Streak) -> Option<String> {
    let more = if streak.at_least { "+" } else { "" };
    match streak.weeks {
        0 => None,
        1 => Some(format!("1{more} week in a row")),
        weeks => Some(format!("{weeks}{more} weeks in a row")),
    }
}

/// What was written on a day: `done`, `45 min`, `not done`, with its score.
#[must_use]
pub fn day(goal: &Goal, check_in: Option<&CheckIn>) -> String {
    let Some(check_in) = check_in else {
        return "no check-in".to_owned();
    };
    let amount = check_in
        .amount
        .filter(|_| goal.target.takes_amount())
        .map(|amount| format!("{}{}", show_amount(amount), unit(goal.target)));
    let done = if check_in.completed {
        "done"
    } else {
        "not done"
    };
    let words = match amount {
        Some(amount) if check_in.completed => amount,
        Some(amount) => format!("{amount}, {done}"),
        None => done.to_owned(),
    };
    match check_in.score {
        Some(score) => format!("{words}, score {score}"),
        None => words,
    }
}

/// Facts of the goal that its row does not show.
#[must_use]
pub fn facts(goal: &Goal) -> String {
    let mut facts = vec![goal.priority.word().to_owned()];
    if let Some(start) = goal.start {
        facts.push(format!("starts {}", dates::short(start)));
    }
    if let Some(due) = goal.due {
        facts.push(format!("due {}", dates::long(due)));
    }
    facts.join(", ")
}

fn unit(target: TargetType) -> &'static str {
    match target {
        TargetType::Binary | TargetType::Count => "",
        TargetType::Duration => " min",
    }
}

fn of_days(days: u32) -> String {
    if days == 1 {
        "1 day".to_owned()
    } else {
        format!("{days} days")
    }
}
