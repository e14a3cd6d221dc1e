//! What the goals came to.

use jiff::civil::Date;

use super::GoalFigure;
use crate::domain::goal::{Goal, Priority, Status, Week, progress};
use crate::domain::review::{Material, year_before};

/// The goals that are worked on and were there in the week, and all others with a check-in in it.
pub(super) fn goals(material: &Material, week: Week, today: Date) -> Vec<GoalFigure> {
    let before = year_before(week);
    let has_check_in = |goal: &Goal, week: Week| {
        let mut own = material.check_ins.iter().filter(|one| one.goal == goal.id);
        own.any(|one| week.holds(one.date))
    };
    let is_in = |(goal, made): &&(Goal, Date)| {
        let is_active = match goal.status {
            Status::Active => true,
            Status::Paused | Status::Archived => false,
        };
        let covers = week.days().iter().any(|date| goal.covers(*date));
        (is_active && covers && *made <= week.last()) || has_check_in(goal, week)
    };
    let mut goals: Vec<(Priority, GoalFigure)> = material
        .goals
        .iter()
        .filter(is_in)
        .map(|(goal, _)| {
            let now = progress(goal, week, &material.check_ins, today);
            let then = progress(goal, before, &material.check_ins, today);
            let figure = GoalFigure {
                id: goal.id,
                title: goal.title.clone(),
                domain: goal.domain,
                target: goal.target,
                minimum: goal.weekly_minimum,
                done: now.done,
                buffer: now.buffer,
                each: now.days,
                year_ago: has_check_in(goal, before).then_some(then.done),
            };
            (goal.priority, figure)
        })
        .collect();
    goals.sort_by(|(p, one), (q, two)| {
        let key = |priority: &Priority, goal: &GoalFigure| {
            (goal.domain, priority.number(), goal.title.clone(), goal.id)
        };
        key(p, one).cmp(&key(q, two))
    });
    goals.into_iter().map(|(_, goal)| goal).collect()
}
