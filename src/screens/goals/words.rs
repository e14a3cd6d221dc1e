//! What the figures of a goal are called: plain words, the same for a good week and a thin one.

use crate::app::everywhere;
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::goal::{
    Buffer, CheckIn, Goal, Progress, Status, Streak, TargetType, show_amount,
};
use crate::screens::list;

use super::{Goals, commands};

/// `3 of 4`, `12 of 20`, `95 of 150 min`.
pub(super) fn figures(goal: &Goal, progress: &Progress) -> String {
    let done = show_amount(progress.done);
    let minimum = progress.minimum;
    match goal.target {
        TargetType::Binary | TargetType::Count => format!("{done} of {minimum}"),
        TargetType::Duration => format!("{done} of {minimum} min"),
    }
}

/// The same where columns are short: `3/4`, `95/150m`.
pub(super) fn short_figures(goal: &Goal, progress: &Progress) -> String {
    let done = show_amount(progress.done);
    let minimum = progress.minimum;
    match goal.target {
        TargetType::Binary | TargetType::Count => format!("{done}/{minimum}"),
        TargetType::Duration => format!("{done}/{minimum}m"),
    }
}

/// The buffer in a column.
pub(super) fn buffer(buffer: Buffer) -> String {
    match buffer {
        Buffer::Met => "met".to_owned(),
        Buffer::Days(days) => of_days(days.into()),
        Buffer::OutOfReach => "out of reach".to_owned(),
        Buffer::TooShort => "short week".to_owned(),
        Buffer::Over | Buffer::Outside => String::new(),
    }
}

/// The buffer in a sentence.
pub(super) fn buffer_sentence(goal: &Goal, progress: &Progress) -> String {
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
        Buffer::TooShort => "fewer days in this week than the minimum".to_owned(),
        Buffer::Over => "week over".to_owned(),
        Buffer::Outside => "not in this week".to_owned(),
    }
}

/// `3 weeks in a row`; nothing for none.
pub(super) fn streak(streak: Streak) -> Option<String> {
    let more = if streak.at_least { "+" } else { "" };
    match streak.weeks {
        0 => None,
        1 => Some(format!("1{more} week in a row")),
        weeks => Some(format!("{weeks}{more} weeks in a row")),
    }
}

/// What was written on a day: `done`, `45 min`, `not done`, with its score.
pub(super) fn day(goal: &Goal, check_in: Option<&CheckIn>) -> String {
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
pub(super) fn facts(goal: &Goal) -> String {
    let mut facts = vec![goal.priority.word().to_owned()];
    if let Some(start) = goal.start {
        facts.push(format!("starts {}", dates::short(start)));
    }
    if let Some(due) = goal.due {
        facts.push(format!("due {}", dates::long(due)));
    }
    facts.join(", ")
}

impl Goals {
    /// The hint line: what the keys do to the goal under the cursor.
    pub(super) fn hints_of_day(&self, world: &World) -> Vec<(String, &'static str)> {
        let own = |words: &[(&'static str, &'static str)]| {
            world.keymap.pairs(commands::TABLE.scope, words)
        };
        let entries = self.entries(world);
        let Some((_, entry)) = self.current(&entries) else {
            return own(&[("new", "new goal"), ("show", "paused, archived")]);
        };
        let is_done = entry.check_in.as_ref().is_some_and(|one| one.completed);
        let mut hints = match (entry.goal.target, is_done) {
            (TargetType::Binary, false) => own(&[("check-in", "check in"), ("set", "score")]),
            (TargetType::Binary, true) => own(&[("check-in", "take back"), ("set", "score")]),
            (TargetType::Count | TargetType::Duration, _) => {
                own(&[("set", "amount"), ("score", "score")])
            }
        };
        let keymap = &world.keymap;
        hints.extend(keymap.pairs(list::TABLE.scope, &[("next", "goal"), ("previous", "goal")]));
        hints.extend(own(&[("previous-day", "day"), ("next-day", "day")]));
        if entry.check_in.is_some() {
            hints.extend(own(&[("note", "note")]));
        }
        if let Some(item) = self.private_note(world) {
            let word = if world.mask.shows(&item) {
                "mask"
            } else {
                "reveal"
            };
            hints.extend(keymap.pairs(everywhere::TABLE.scope, &[("reveal", word)]));
        }
        hints.extend(own(&[("new", "new"), ("edit", "edit")]));
        hints.extend(match self.shown {
            Status::Active => own(&[("pause", "pause"), ("archive", "archive")]),
            Status::Paused => own(&[("pause", "take up"), ("archive", "archive")]),
            Status::Archived => own(&[("archive", "take up")]),
        });
        hints.extend(own(&[("show", "paused, archived"), ("year", "year")]));
        hints
    }
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
