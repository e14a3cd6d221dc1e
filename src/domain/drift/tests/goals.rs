//! Goals and check-ins.

use super::*;
use crate::domain::goal::{CheckIn, Domain, Goal, Priority, Status, TargetType};

fn goal(number: usize, domain: Domain, weekly_minimum: u32) -> Goal {
    Goal {
        id: id(number),
        title: format!("Goal {number}"),
        domain,
        target: TargetType::Binary,
        weekly_minimum,
        start: Some(BEGIN),
        due: None,
        status: Status::Active,
        priority: Priority::Leaves,
        was_private: false,
    }
}

fn done(goal: usize, places: &[usize]) -> Vec<CheckIn> {
    let one = |place: &usize| CheckIn {
        id: CheckIn::id_of(id(goal), day(*place)),
        goal: id(goal),
        date: day(*place),
        completed: true,
        amount: None,
        score: None,
        has_note: false,
    };
    places.iter().map(one).collect()
}

#[allow(clippy::needless_pass_by_value)] // reads better where it is called
fn of(goals: Vec<Goal>, check_ins: Vec<Vec<CheckIn>>) -> History {
    History {
        goals,
        check_ins: check_ins.concat(),
        ..History::default()
    }
}

#[test]
fn a_weekly_minimum_that_is_met_is_all_of_it() {
    // Three a week, done three times a week: 100 %, and no dropoff though four days have none.
    let history = of(
        vec![goal(1, Domain::Health, 3)],
        vec![done(1, &[0, 1, 2, 7, 8, 9])],
    );
    assert_eq!(
        kinds(&evaluate(&history, day(13), &Settings::default())),
        [""; 0]
    );
    // Two of six in fourteen days: 33 %. Today has no entry, so the window ends with yesterday.
    let history = of(vec![goal(1, Domain::Health, 3)], vec![done(1, &[0, 7])]);
    let found = one(&history, day(14), SignalType::Consistency).unwrap();
    assert_eq!(
        found.sentence,
        "33 % of the weekly minimums done, 5–18 Jan; 1 active goal."
    );
    assert_eq!(found.evidence.rows.len(), 2);
    // 40 % is not below 40 %.
    let history = of(
        vec![goal(1, Domain::Health, 5)],
        vec![done(1, &[0, 1, 7, 8])],
    );
    assert_eq!(one(&history, day(14), SignalType::Consistency), None);
}

#[test]
fn a_goal_counts_from_its_start_and_not_after_its_due_date() {
    let mut late = goal(1, Domain::Health, 3);
    late.start = Some(day(8));
    let none = of(vec![late.clone()], vec![]);
    assert_eq!(
        kinds(&evaluate(&none, day(14), &Settings::default())),
        [""; 0],
        "six days"
    );
    assert!(kinds(&evaluate(&none, day(15), &Settings::default())).contains(&"consistency"));
    late.due = Some(day(20));
    let over = of(vec![late], vec![]);
    assert_eq!(
        kinds(&evaluate(&over, day(21), &Settings::default())),
        [""; 0]
    );
    for status in [Status::Paused, Status::Archived] {
        let aside = Goal {
            status,
            ..goal(1, Domain::Health, 3)
        };
        assert_eq!(
            kinds(&evaluate(
                &of(vec![aside], vec![]),
                day(20),
                &Settings::default()
            )),
            [""; 0]
        );
    }
}

#[test]
fn days_without_a_check_in() {
    let goals = || vec![goal(1, Domain::Health, 5), goal(2, Domain::Work, 1)];
    let kind = SignalType::CheckinDropoff;
    let history = of(goals(), vec![done(1, &[7, 8]), done(2, &[9])]);
    let found = one(&history, day(14), kind).unwrap();
    assert_eq!(
        found.sentence,
        "Check-ins on 3 of 7 days, 12–18 Jan; 2 active goals."
    );
    assert_eq!(
        (found.evidence.statistic, found.evidence.limit),
        (Some(4.0), Some(4.0))
    );
    let history = of(goals(), vec![done(1, &[7, 8, 9]), done(2, &[10])]);
    assert_eq!(one(&history, day(14), kind), None, "three days without");
    assert_eq!(one(&of(vec![], vec![]), day(14), kind), None, "no goal");
    // Today counts once it has a check-in: the window is then 13 to 19 January.
    let history = of(goals(), vec![done(1, &[7, 8, 14]), done(2, &[9])]);
    let found = one(&history, day(14), kind).unwrap();
    assert_eq!((found.window_start, found.window_end), (day(8), day(14)));
}

#[test]
fn a_domain_without_a_check_in() {
    let goals = vec![
        goal(1, Domain::Health, 3),
        goal(2, Domain::Health, 3),
        goal(3, Domain::Work, 3),
    ];
    let history = of(goals.clone(), vec![done(1, &[6]), done(3, &[7, 8, 9])]);
    let kind = SignalType::DomainNeglect;
    let found = one(&history, day(14), kind).unwrap();
    assert_eq!(
        found.sentence,
        "No check-ins in health, 12–18 Jan; 2 active goals."
    );
    assert_eq!(found.subject, "health");
    let history = of(goals, vec![done(1, &[7]), done(3, &[7])]);
    assert_eq!(one(&history, day(14), kind), None);
}

#[test]
fn faith_and_family_speak_when_they_are_asked() {
    let goals = vec![goal(1, Domain::Faith, 3), goal(2, Domain::Family, 3)];
    let history = of(goals, vec![]);
    assert_eq!(
        kinds(&evaluate(&history, day(20), &Settings::default())),
        [""; 0]
    );
    let mut settings = Settings::default();
    settings.opted_in.insert("domain:faith".to_owned());
    let found = evaluate(&history, day(20), &settings);
    assert_eq!(
        kinds(&found),
        ["checkin_dropoff", "consistency", "domain_neglect"]
    );
    assert_eq!(found[2].subject, "faith");
    settings.off.insert(SignalType::DomainNeglect);
    assert_eq!(evaluate(&history, day(20), &settings).len(), 2);
}

#[test]
fn many_goals_at_once() {
    let goals = |many: usize| {
        (1..=many)
            .map(|number| goal(number, Domain::Work, 1))
            .collect::<Vec<_>>()
    };
    let kind = SignalType::Overload;
    // Four of eight met in both weeks: 50 %.
    let met = |many: usize| {
        (1..=many)
            .map(|number| done(number, &[3, 9]))
            .collect::<Vec<_>>()
    };
    let found = one(&of(goals(8), met(4)), day(14), kind).unwrap();
    assert_eq!(
        found.sentence,
        "8 active goals at once (limit: 7); 50 % of the weekly minimums done, 5–18 Jan."
    );
    assert_eq!(one(&of(goals(7), met(3)), day(14), kind), None, "seven");
    assert_eq!(one(&of(goals(8), met(5)), day(14), kind), None, "62.5 %");
}

#[test]
fn the_first_priority_and_the_last() {
    let trunk = Goal {
        priority: Priority::Trunk,
        ..goal(1, Domain::Work, 4)
    };
    let low = Goal {
        priority: Priority::Low,
        ..goal(2, Domain::Work, 2)
    };
    let goals = vec![trunk, low];
    let kind = SignalType::IntentReality;
    // Two of eight, and three of four.
    let history = of(goals.clone(), vec![done(1, &[0, 7]), done(2, &[1, 8, 9])]);
    let found = one(&history, day(14), kind).unwrap();
    assert_eq!(
        found.sentence,
        "Goals of priority 1 received 25 % of their weekly minimum, those of priority 3 75 %, 5–18 Jan."
    );
    // As much of each: two of eight, one of four.
    let history = of(goals.clone(), vec![done(1, &[0, 7]), done(2, &[1])]);
    assert_eq!(one(&history, day(14), kind), None);
    assert_eq!(
        one(&of(vec![goals[0].clone()], vec![]), day(14), kind),
        None
    );
}

#[test]
fn amounts_count_by_their_sum() {
    let minutes = Goal {
        target: TargetType::Duration,
        ..goal(1, Domain::Work, 100)
    };
    let mut check_ins = done(1, &[2, 9]);
    for one in &mut check_ins {
        one.amount = Some(35.0);
        one.completed = false;
    }
    let found = one(
        &of(vec![minutes], vec![check_ins]),
        day(14),
        SignalType::Consistency,
    )
    .unwrap();
    assert!(found.sentence.starts_with("35 % of"), "{}", found.sentence);
}

#[test]
fn a_streak_of_check_ins() {
    let kept: Vec<usize> = (0..14).collect();
    let every_day = goal(1, Domain::Health, 7);
    let history = of(vec![every_day], vec![done(1, &kept)]);
    let kind = SignalType::StreakBroken;
    // Day 14 is over on day 15, day 15 on day 16.
    assert_eq!(one(&history, day(15), kind), None, "one miss");
    let found = one(&history, day(16), kind).unwrap();
    assert_eq!(
        found.sentence,
        "“Goal 1”: done 14 times in a row up to 18 Jan, not done 2 times in a row, 19–20 Jan."
    );
    assert_eq!(found.subject, id(1).to_string());
    // A goal of three a week has no misses but those written down.
    let sometimes = goal(1, Domain::Health, 3);
    let mut check_ins = done(1, &kept);
    assert_eq!(
        one(
            &of(vec![sometimes.clone()], vec![check_ins.clone()]),
            day(20),
            kind
        ),
        None
    );
    check_ins.extend(done(1, &[15, 17]).into_iter().map(|one| CheckIn {
        completed: false,
        ..one
    }));
    assert!(one(&of(vec![sometimes], vec![check_ins]), day(18), kind).is_some());
}
