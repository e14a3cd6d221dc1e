//! Weeks, buffers, rows of weeks, and what is typed; the buffer against trying every way to spend the rest of a week.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::float_cmp
)]

use jiff::ToSpan as _;
use jiff::civil::{Weekday, date};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::dates;

/// A Monday.
const MONDAY: Date = date(2026, 11, 23);

fn day(offset: i64) -> Date {
    MONDAY.saturating_add(offset.days())
}

fn goal(target: TargetType, weekly_minimum: u32) -> Goal {
    Goal {
        was_private: false,
        id: RecordId::new(),
        title: "Morning run".to_owned(),
        domain: Domain::Health,
        target,
        weekly_minimum,
        start: None,
        due: None,
        status: Status::Active,
        priority: Priority::Leaves,
    }
}

fn check_in(goal: &Goal, date: Date, completed: bool, amount: Option<f64>) -> CheckIn {
    CheckIn {
        id: RecordId::new(),
        goal: goal.id,
        date,
        completed,
        amount,
        score: None,
        has_note: false,
    }
}

fn week() -> Week {
    Week::of(MONDAY, Weekday::Monday)
}

fn done_on(goal: &Goal, days: &[i64]) -> Vec<CheckIn> {
    days.iter()
        .map(|&offset| check_in(goal, day(offset), true, None))
        .collect()
}

#[test]
fn days_of_a_binary_goal_are_counted_against_the_minimum() {
    let goal = goal(TargetType::Binary, 4);
    let check_ins = done_on(&goal, &[0, 2, -1]);
    // Wednesday, done: four days are left, two are needed.
    let of_week = progress(&goal, week(), &check_ins, day(2));
    assert_eq!(of_week.done, 2.0);
    assert_eq!(of_week.remaining(), 2.0);
    assert_eq!(of_week.buffer, Buffer::Days(2));
    assert_eq!(
        of_week.days,
        [
            DayMark::Done,
            DayMark::Nothing,
            DayMark::Done,
            DayMark::Ahead,
            DayMark::Ahead,
            DayMark::Ahead,
            DayMark::Ahead
        ]
    );
    let buffer = |today: i64| progress(&goal, week(), &check_ins, day(today)).buffer;
    assert_eq!(buffer(5), Buffer::Days(0));
    assert_eq!(buffer(6), Buffer::OutOfReach);
    assert_eq!(buffer(7), Buffer::Over);
    let all = done_on(&goal, &[0, 1, 2, 3]);
    let met = progress(&goal, week(), &all, day(3));
    assert_eq!((met.buffer, met.remaining()), (Buffer::Met, 0.0));
    assert_eq!(progress(&goal, week(), &all, day(30)).buffer, Buffer::Met);
}

#[test]
fn a_no_that_was_written_settles_its_day_and_a_missing_day_does_not() {
    let goal = goal(TargetType::Binary, 1);
    let sunday = day(6);
    let open = progress(&goal, week(), &[], sunday);
    assert_eq!(
        (open.days[6], open.buffer),
        (DayMark::Nothing, Buffer::Days(0))
    );
    let no = [check_in(&goal, sunday, false, None)];
    let settled = progress(&goal, week(), &no, sunday);
    assert_eq!(
        (settled.days[6], settled.buffer),
        (DayMark::No, Buffer::OutOfReach)
    );
}

#[test]
fn amounts_add_up_and_leave_every_day_open() {
    let goal = goal(TargetType::Duration, 150);
    let check_ins = [
        check_in(&goal, day(0), true, Some(45.0)),
        check_in(&goal, day(1), false, Some(20.0)),
        check_in(&goal, day(3), true, Some(30.0)),
        check_in(&goal, day(2), true, None),
    ];
    let of_week = progress(&goal, week(), &check_ins, day(3));
    assert_eq!((of_week.done, of_week.remaining()), (95.0, 55.0));
    assert_eq!(of_week.days[1], DayMark::Part);
    assert_eq!(of_week.days[2], DayMark::Done);
    // Thursday to Sunday: one day is needed, three may pass.
    assert_eq!(of_week.buffer, Buffer::Days(3));
    let last = progress(&goal, week(), &check_ins, day(6));
    assert_eq!(last.buffer, Buffer::Days(0));
    let reading = Goal {
        weekly_minimum: 95,
        ..goal.clone()
    };
    assert_eq!(
        progress(&reading, week(), &check_ins, day(6)).buffer,
        Buffer::Met
    );
    // Tenths that do not add up exactly in binary.
    let goal = Goal {
        weekly_minimum: 1,
        ..goal
    };
    let tenths: Vec<CheckIn> = (0..7)
        .map(|offset| {
            check_in(
                &goal,
                day(offset),
                true,
                Some(if offset < 4 { 0.1 } else { 0.2 }),
            )
        })
        .collect();
    assert!(progress(&goal, week(), &tenths, day(6)).is_met());
}

#[test]
fn only_the_days_between_start_and_due_belong_to_a_goal() {
    let mut goal = goal(TargetType::Binary, 3);
    goal.start = Some(day(4));
    let early = done_on(&goal, &[0, 1, 4]);
    let first = progress(&goal, week(), &early, day(4));
    assert_eq!((first.days[0], first.done), (DayMark::Outside, 1.0));
    assert_eq!(first.buffer, Buffer::Days(0));
    assert_eq!(
        progress(&goal, week().plus(-1), &early, day(4)).buffer,
        Buffer::Outside
    );
    goal.weekly_minimum = 4;
    assert_eq!(
        progress(&goal, week(), &early, day(4)).buffer,
        Buffer::TooShort
    );
    goal.weekly_minimum = 9;
    assert_eq!(
        progress(&goal, week().plus(1), &[], day(7)).buffer,
        Buffer::TooShort
    );
    goal.target = TargetType::Count;
    assert_eq!(
        progress(&goal, week(), &early, day(4)).buffer,
        Buffer::Days(2)
    );
    goal.due = Some(day(5));
    assert_eq!(
        progress(&goal, week(), &early, day(4)).buffer,
        Buffer::Days(1)
    );
    assert_eq!(
        progress(&goal, week(), &early, day(6)).buffer,
        Buffer::OutOfReach
    );
    assert_eq!(
        progress(&goal, week().plus(1), &early, day(8)).buffer,
        Buffer::Outside
    );
}

#[test]
fn weeks_in_a_row_are_a_number() {
    let goal = goal(TargetType::Binary, 2);
    let monday = Weekday::Monday;
    let since = day(-70);
    let mut check_ins = done_on(&goal, &[-7, -5, -14, -13]);
    let at = |check_ins: &[CheckIn], today| streak(&goal, check_ins, today, monday, since);
    let two = Streak {
        weeks: 2,
        at_least: false,
    };
    // The present week ends nothing before it is over.
    assert_eq!(at(&check_ins, day(0)), two);
    assert_eq!(at(&check_ins, day(6)), two);
    assert_eq!(at(&check_ins, day(7)), Streak::default());
    check_ins.extend(done_on(&goal, &[0, 1]));
    assert_eq!(at(&check_ins, day(1)).weeks, 3);
    assert_eq!(at(&check_ins, day(7)).weeks, 3);
    assert_eq!(at(&[], day(1)), Streak::default());
    // Known from the Tuesday of a week on, that week is not judged.
    let cut = streak(&goal, &check_ins, day(1), monday, day(-13));
    assert_eq!(
        cut,
        Streak {
            weeks: 2,
            at_least: true
        }
    );
    let mut begun = goal.clone();
    begun.start = Some(day(-7));
    assert_eq!(
        streak(&begun, &check_ins, day(1), monday, since),
        Streak {
            weeks: 2,
            at_least: false
        }
    );
    // A week too short for the minimum is passed over.
    begun.weekly_minimum = 2;
    begun.start = Some(day(-8));
    assert_eq!(streak(&begun, &check_ins, day(1), monday, since).weeks, 2);
    assert_eq!(
        streak(
            &goal,
            &check_ins,
            day(1),
            monday,
            Date::MAX.saturating_sub(9.days())
        ),
        Streak::default()
    );
    assert_eq!(
        streak(&goal, &check_ins, Date::MIN, monday, Date::MIN),
        Streak::default()
    );
}

#[test]
fn a_goal_is_read_from_its_fields_with_the_database_s_defaults() {
    let id = RecordId::new();
    let read = |json: Value| Goal::of_fields(id, json.as_object().unwrap());
    let plain = read(json!({ "title": "Run", "domain": "health" })).unwrap();
    assert_eq!(
        plain,
        Goal {
            id,
            title: "Run".to_owned(),
            ..goal(TargetType::Binary, 1)
        }
    );
    let full = read(json!({
        "title": "Pray", "domain": "faith", "targetType": "duration", "weeklyMinimum": 70,
        "startDate": "2026-01-02", "dueDate": null, "status": "paused", "priority": 1,
    }))
    .unwrap();
    assert_eq!(full.target, TargetType::Duration);
    assert_eq!((full.weekly_minimum, full.priority), (70, Priority::Trunk));
    assert_eq!((full.start, full.due), (Some(date(2026, 1, 2)), None));
    assert_eq!(full.status, Status::Paused);
    assert!(full.domain.has_private_notes());
    assert_eq!(read(json!({ "title": "Run" })), None);
    assert_eq!(read(json!({ "domain": "health" })), None);
    let check = |json: Value| CheckIn::of_fields(id, json.as_object().unwrap());
    assert_eq!(
        check(
            json!({ "goalId": full.id.to_string(), "date": "2026-11-23", "amount": 45.5, "score": 7, "note": "x" })
        ),
        Some(CheckIn {
            score: Some(7),
            has_note: true,
            id,
            ..check_in(&full, MONDAY, true, Some(45.5))
        })
    );
    assert_eq!(check(json!({ "date": "2026-11-23" })), None);
    assert!(
        !check(json!({ "goalId": id.to_string(), "date": "2026-11-23", "completed": false }))
            .unwrap()
            .completed
    );
}

#[test]
fn words_of_the_vocabulary_are_read_back() {
    for domain in Domain::ALL {
        assert_eq!(Domain::of_word(domain.word()), Some(domain));
    }
    for target in TargetType::ALL {
        assert_eq!(TargetType::of_word(target.word()), Some(target));
    }
    for status in Status::ALL {
        assert_eq!(Status::of_word(status.word()), Some(status));
    }
    for priority in Priority::ALL {
        assert_eq!(
            Priority::of_number(priority.number().into()),
            Some(priority)
        );
    }
}

#[test]
fn amounts_are_read_as_people_write_them() {
    for (typed, minutes) in [
        ("45", 45.0),
        ("45m", 45.0),
        ("45 min", 45.0),
        ("1h", 60.0),
        ("1h30", 90.0),
        ("1h30m", 90.0),
        ("1h 30min", 90.0),
        ("1H05", 65.0),
        ("1:30", 90.0),
        ("0:05", 5.0),
        ("1.5h", 90.0),
        ("1,5h", 90.0),
        ("2 hours", 120.0),
        ("1 hour 5", 65.0),
        ("0", 0.0),
    ] {
        assert_eq!(
            parse_amount(typed, TargetType::Duration),
            Ok(minutes),
            "{typed}"
        );
    }
    for typed in [
        "", "m", "h", ":30", "1:60", "1:", "1h60", "-5", "1h300", "x", "1:3:0", "1.5h30",
    ] {
        assert!(
            parse_amount(typed, TargetType::Duration).is_err(),
            "{typed}"
        );
    }
    for (typed, count) in [("12", 12.0), ("2.5", 2.5), ("2,5", 2.5), ("1000000", 1e6)] {
        assert_eq!(parse_amount(typed, TargetType::Count), Ok(count));
    }
    for (typed, message) in [
        (
            "45m",
            "“45m” is not an amount; write a number, as 12 or 2.5",
        ),
        (
            "1,000",
            "“1,000” is not an amount; write a number, as 12 or 2.5",
        ),
        (
            "\u{1b}[2J",
            "“␛[2J” is not an amount; write a number, as 12 or 2.5",
        ),
        ("1000001", "“1000001” is above 1000000; give at most that"),
    ] {
        let error = parse_amount(typed, TargetType::Count).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    for (amount, shown) in [
        (95.0, "95"),
        (2.5, "2.5"),
        (0.1 + 0.2, "0.3"),
        (0.0, "0"),
        (100.0, "100"),
    ] {
        assert_eq!(show_amount(amount), shown);
    }
}

#[test]
fn a_weekly_minimum_says_what_it_counts() {
    use TargetType::{Binary, Count, Duration};
    for (typed, minimum) in [
        ("3", (Binary, 3)),
        (" 7 ", (Binary, 7)),
        ("20x", (Count, 20)),
        ("20 X", (Count, 20)),
        ("150m", (Duration, 150)),
        ("2h30", (Duration, 150)),
        ("2:30", (Duration, 150)),
        ("1.5h", (Duration, 90)),
    ] {
        assert_eq!(parse_minimum(typed), Ok(minimum), "{typed}");
        let shown = show_minimum(minimum.0, minimum.1);
        assert_eq!(parse_minimum(&shown), Ok(minimum), "{shown}");
    }
    for typed in [
        "",
        "0",
        "x",
        "0x",
        "-3",
        "2.5",
        "three",
        "100001x",
        "0.5m",
        "99999999999",
    ] {
        assert!(parse_minimum(typed).is_err(), "{typed}");
    }
    assert_eq!(
        parse_minimum("10").unwrap_err().to_string(),
        "a week has 7 days; write 10x for a count or 10m for minutes"
    );
}

fn order(words: &[&str], target: TargetType) -> Result<(Date, Option<f64>), String> {
    read_order(words, target, day(2))
        .map(|order| (order.date, order.amount))
        .map_err(|error| error.to_string())
}

#[test]
fn the_words_of_a_check_in_are_a_date_and_an_amount() {
    let (binary, duration) = (TargetType::Binary, TargetType::Duration);
    assert_eq!(order(&[], binary), Ok((day(2), None)));
    assert_eq!(order(&["yesterday"], binary), Ok((day(1), None)));
    assert_eq!(order(&["23"], binary), Ok((day(0), None)));
    assert_eq!(order(&["23"], duration), Ok((day(2), Some(23.0))));
    assert_eq!(order(&["23", "45"], duration), Ok((day(0), Some(45.0))));
    assert_eq!(order(&["-1", "1h30"], duration), Ok((day(1), Some(90.0))));
    assert_eq!(
        order(&["23", "Nov", "1:30"], duration),
        Ok((day(0), Some(90.0)))
    );
    assert_eq!(order(&["mon"], duration), Ok((day(0), None)));
    assert_eq!(order(&[], duration), Ok((day(2), None)));
    assert_eq!(
        order(&["tomorrow"], binary),
        Err("Thu 26 Nov 2026 has not come yet; a check-in is about today or an earlier day".into())
    );
    assert!(
        order(&["45x"], duration)
            .unwrap_err()
            .contains("nor an amount")
    );
    assert!(
        order(&["45"], binary)
            .unwrap_err()
            .contains("is not a date")
    );
}

#[test]
fn a_few_letters_name_a_goal() {
    let titles = ["Reading", "Read the Psalms", "Run", "Prayer", "prayer walk"];
    let ids: Vec<RecordId> = titles.iter().map(|_| RecordId::new()).collect();
    let mut goals: Vec<Named<'_>> = ids
        .iter()
        .zip(titles)
        .map(|(&id, title)| Named {
            id,
            title,
            status: Status::Active,
        })
        .collect();
    let found = |given: &str, goals: &[Named<'_>]| {
        find(given, goals)
            .map(|goal| goal.title.to_owned())
            .map_err(|error| error.to_string())
    };
    assert_eq!(found("ru", &goals), Ok("Run".to_owned()));
    assert_eq!(found(" READI", &goals), Ok("Reading".to_owned()));
    assert_eq!(found("PRAYER", &goals), Ok("Prayer".to_owned()));
    assert_eq!(found(&ids[1].to_string(), &goals), Ok(titles[1].to_owned()));
    assert_eq!(
        found("rea", &goals),
        Err(
            "“rea” is the beginning of several goals; write more of the one meant: “Reading”, “Read the Psalms”"
                .into()
        )
    );
    assert_eq!(
        found("raed the", &goals),
        Err("no goal begins with “raed the”; did you mean “Read the Psalms”?".into())
    );
    assert_eq!(
        found("swim", &goals),
        Err("no goal begins with “swim”".into())
    );
    assert!(found("", &goals).is_err());
    assert!(found("rea", &[]).is_err());
    goals[0].status = Status::Archived;
    assert_eq!(found("rea", &goals), Ok("Read the Psalms".to_owned()));
    goals[1].status = Status::Paused;
    assert!(found("rea", &goals).is_err());
}

fn any_check_ins() -> impl Strategy<Value = Vec<Option<(bool, Option<f64>)>>> {
    let amount = prop::option::of((0..120_u32).prop_map(f64::from));
    prop::collection::vec(prop::option::of((any::<bool>(), amount)), 7)
}

fn any_goal() -> impl Strategy<Value = Goal> {
    let target = prop::sample::select(TargetType::ALL.to_vec());
    let limit = || prop::option::of(-2_i64..9);
    (target, 1..10_u32, 0..200_u32, limit(), limit()).prop_map(
        |(target, days, amount, start, due)| {
            let minimum = if target.takes_amount() {
                amount.max(1)
            } else {
                days
            };
            let mut goal = goal(target, minimum);
            goal.start = start.map(day);
            goal.due = due.map(day).filter(|due| goal.start <= Some(*due));
            goal
        },
    )
}

fn written(goal: &Goal, days: &[Option<(bool, Option<f64>)>]) -> Vec<CheckIn> {
    days.iter()
        .zip(0..)
        .filter_map(|(one, offset)| {
            one.map(|(completed, amount)| check_in(goal, day(offset), completed, amount))
        })
        .collect()
}

/// The week after the first `pass` of the open days passed and every open day after them was used to the full.
fn used_to_the_full(
    goal: &Goal,
    written: &[CheckIn],
    today: Date,
    pass: usize,
) -> Option<Vec<CheckIn>> {
    let open: Vec<Date> = week()
        .days()
        .into_iter()
        .filter(|&date| date >= today && goal.covers(date))
        .filter(|&date| match written.iter().find(|one| one.date == date) {
            None => true,
            Some(one) if goal.target.takes_amount() => {
                one.completed || one.amount.is_some_and(|amount| amount > 0.0)
            }
            Some(_) => false,
        })
        .collect();
    let used = open.get(pass..)?;
    let mut after: Vec<CheckIn> = written
        .iter()
        .filter(|one| !used.contains(&one.date))
        .cloned()
        .collect();
    after.extend(
        used.iter()
            .map(|&date| check_in(goal, date, true, Some(MAX_AMOUNT))),
    );
    Some(after)
}

proptest! {
    #[test]
    fn the_buffer_is_what_trying_every_way_finds(
        goal in any_goal(), days in any_check_ins(), today in 0_i64..7,
    ) {
        let check_ins = written(&goal, &days);
        let today = day(today);
        let buffer = progress(&goal, week(), &check_ins, today).buffer;
        let most = (0..=7)
            .take_while(|&pass| {
                used_to_the_full(&goal, &check_ins, today, pass)
                    .is_some_and(|after| progress(&goal, week(), &after, today).is_met())
            })
            .last();
        match buffer {
            Buffer::Met => prop_assert!(progress(&goal, week(), &check_ins, today).is_met()),
            Buffer::Days(days) => prop_assert_eq!(most, Some(usize::from(days))),
            Buffer::OutOfReach | Buffer::TooShort | Buffer::Outside => prop_assert_eq!(most, None),
            Buffer::Over => prop_assert!(false, "a week that holds today is not over"),
        }
    }

    #[test]
    fn a_day_that_passes_takes_at_most_one_day_of_the_buffer(
        goal in any_goal(), days in any_check_ins(), today in 0_i64..6,
    ) {
        let check_ins = written(&goal, &days);
        let at = |today| progress(&goal, week(), &check_ins, day(today)).buffer;
        match (at(today), at(today + 1)) {
            (Buffer::Days(before), Buffer::Days(after)) => {
                prop_assert!(after == before || after + 1 == before);
            }
            (Buffer::Days(before), Buffer::OutOfReach) => prop_assert_eq!(before, 0),
            (before, after) => prop_assert_eq!(before, after),
        }
    }

    #[test]
    fn a_week_is_seven_days_from_the_person_s_first(offset in -40_000_i64..40_000, start in 0_usize..7) {
        let start = dates::week(Weekday::Monday)[start];
        let date = day(offset);
        let week = Week::of(date, start);
        prop_assert!(week.holds(date));
        prop_assert_eq!(week.first().weekday(), start);
        let days = week.days();
        prop_assert_eq!((days[0], days[6]), (week.first(), week.last()));
        prop_assert!(days.windows(2).all(|pair| dates::days_between(pair[0], pair[1]) == 1));
        prop_assert!(days.iter().all(|&day| Week::of(day, start) == week));
        prop_assert_eq!(Week::of(week.last().saturating_add(1.day()), start), week.plus(1));
        prop_assert_eq!(week.plus(1).plus(-1), week);
    }

    #[test]
    fn what_an_amount_shows_is_read_back(thousandths in 0..=1_000_000_000_u32) {
        let amount = f64::from(thousandths) / 1000.0;
        let shown = show_amount(amount);
        for target in TargetType::ALL {
            let read = parse_amount(&shown, target);
            if target == TargetType::Duration && amount > MINUTES_OF_A_DAY {
                prop_assert_eq!(read, Err(AmountError::BeyondADay(shown.clone())));
            } else {
                prop_assert_eq!(read, Ok(amount));
            }
        }
    }

    #[test]
    fn nothing_typed_panics(typed in "\\PC{0,12}", number in "[0-9hm:., ]{0,10}") {
        for target in TargetType::ALL {
            for word in [&typed, &number] {
                if let Ok(amount) = parse_amount(word, target) {
                    prop_assert!((0.0..=MAX_AMOUNT).contains(&amount));
                }
                let words: Vec<&str> = word.split(' ').collect();
                if let Ok(order) = read_order(&words, target, MONDAY) {
                    prop_assert!(order.date <= MONDAY);
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn a_goal_and_a_date_have_one_id_and_no_other_date_has_it(one in 0..40_000_i64, other in 0..40_000_i64) {
        let goal = RecordId::new();
        let id = |days: i64| CheckIn::id_of(goal, date(1950, 1, 1).saturating_add(days.days()));
        prop_assert_eq!(id(one), id(one));
        prop_assert_eq!(id(one) == id(other), one == other);
        prop_assert_eq!(id(one).0.get_version_num(), 8);
        let elsewhere = CheckIn::id_of(RecordId::new(), date(1950, 1, 1).saturating_add(one.days()));
        prop_assert_ne!(id(one), elsewhere);
    }
}
