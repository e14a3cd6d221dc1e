//! Levels, trends, habits, streaks.

use super::*;

/// A steady pattern 6 7 6 7 …, and after so many days a level that is lower by so much.
fn stepped(before: usize, after: usize, by: f64) -> FieldHistory {
    let pattern = |place: usize| if place.is_multiple_of(2) { 6.0 } else { 7.0 };
    let values = (0..before + after).map(|place| {
        let moved = if place >= before { by } else { 0.0 };
        Some(pattern(place) + moved)
    });
    field("energy", SCALE, values)
}

#[test]
fn a_step_is_found_and_dated() {
    let history = of_field(stepped(60, 10, -3.0));
    let found = one(&history, day(69), SignalType::LevelShift).unwrap();
    assert_eq!(found.window_start, day(60));
    assert_eq!(
        found.sentence,
        "Energy averaged 3.5 over 6–15 Mar (typical for those weekdays: 6.5)."
    );
    let evidence = &found.evidence;
    assert!(evidence.statistic.unwrap() >= evidence.limit.unwrap());
    assert_eq!(
        (evidence.observed_n, evidence.observed_mean),
        (10, Some(3.5))
    );
    let baseline = evidence.baseline.as_ref().unwrap();
    assert!(
        (baseline.centre - 6.5).abs() < 0.05 && baseline.to < day(60),
        "{baseline:?}"
    );
    assert_eq!(evidence.rows.len(), 10);
    assert_eq!(
        (evidence.rows[0].date, evidence.rows[0].id),
        (day(60), id(60))
    );
    assert_eq!(
        kinds(&evaluate(&history, day(59), &Settings::default())),
        [""; 0]
    );
}

#[test]
fn nothing_is_said_of_a_level_before_28_observed_days() {
    // Whatever happens within the first 28 answers.
    let history = of_field(stepped(20, 8, -4.0));
    for place in 0..28 {
        assert_eq!(one(&history, day(place), SignalType::LevelShift), None);
    }
}

#[test]
fn constant_answers_have_a_spread_and_one_odd_day_is_no_shift() {
    let odd = |odd: &'static [usize]| {
        field(
            "energy",
            SCALE,
            (0..80).map(move |place| Some(if odd.contains(&place) { 8.0 } else { 7.0 })),
        )
    };
    for days in [&[70][..], &[70, 75], &[40, 70]] {
        let history = of_field(odd(days.to_vec().leak()));
        assert_eq!(
            replay(&history, BEGIN, day(79), &Settings::default()),
            [],
            "{days:?}"
        );
    }
    let lasting = of_field(odd(&[
        64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79,
    ]));
    let found = one(&lasting, day(79), SignalType::LevelShift).unwrap();
    assert_eq!(found.window_start, day(64));
    let scale = found.evidence.baseline.unwrap().scale;
    assert!((scale - 0.5).abs() < 1e-9, "{scale}");
}

#[test]
fn an_absence_is_no_shift_and_silence_ends_what_is_said() {
    let mut gap = stepped(100, 0, 0.0);
    gap.observations
        .retain(|one| !(day(60)..day(74)).contains(&one.date));
    let episodes = replay(&of_field(gap), BEGIN, day(99), &Settings::default());
    assert_eq!(episodes, []);
    // Nothing was answered for two weeks after the shift.
    let history = of_field(stepped(60, 10, -3.0));
    assert!(one(&history, day(69 + 14), SignalType::LevelShift).is_some());
    assert!(one(&history, day(69 + 15), SignalType::LevelShift).is_none());
}

#[test]
fn a_level_that_lasted_eight_weeks_is_the_baseline() {
    let history = of_field(stepped(60, 120, -3.0));
    let episodes = replay(&history, BEGIN, day(179), &Settings::default());
    let shifts: Vec<_> = episodes
        .iter()
        .filter(|one| one.signal.kind == SignalType::LevelShift)
        .collect();
    assert_eq!(shifts.len(), 1, "{shifts:?}");
    assert_eq!(shifts[0].signal.window_start, day(60));
    assert_eq!(shifts[0].ended, Some(day(60 + 56)));
}

#[test]
fn a_slow_recovery_is_one_episode() {
    let mut shifted = stepped(100, 21, -4.0);
    let back = stepped(200, 0, 0.0).observations;
    for (step, one) in back.into_iter().skip(121).enumerate() {
        // Three weeks up to where it was.
        let missing = (4.0 - f64::from(u32::try_from(step).unwrap()) * 4.0 / 21.0).max(0.0);
        shifted.observations.push(Observation {
            value: (one.value - missing).round(),
            ..one
        });
    }
    let episodes = replay(&of_field(shifted), BEGIN, day(199), &Settings::default());
    let shifts = episodes
        .iter()
        .filter(|one| one.signal.kind == SignalType::LevelShift);
    assert_eq!(shifts.count(), 1, "{episodes:?}");
}

#[test]
fn weekdays_are_no_shift() {
    let values = (0..300).map(|place| Some(if place % 7 >= 5 { 8.0 } else { 6.0 }));
    let history = of_field(field("energy", SCALE, values));
    assert_eq!(replay(&history, BEGIN, day(299), &Settings::default()), []);
}

/// 6 7 6 7 … for nine weeks, then up by one a week for six weeks: Theil and Sen's slope is one a week.
#[test]
fn a_trend_has_a_slope_and_ends_where_it_stops() {
    let wide = FieldKind::Level {
        min: 0.0,
        max: 1000.0,
        step: 0.1,
    };
    let values = (0..63)
        .map(|_| 0.0)
        .chain((0..42).map(|place| f64::from(place) / 7.0));
    let noise = |place: usize| [0.0, 1.0, -1.0, 0.5, -0.5][place % 5];
    let values = values
        .enumerate()
        .map(|(place, value)| Some(50.0 + value + noise(place)));
    let history = of_field(field("weight", wide, values));
    let found = one(&history, day(104), SignalType::Trend).unwrap();
    let slope = found.evidence.parameters["slopeAWeek"];
    assert!((slope - 1.0).abs() < 0.1, "{slope}");
    assert!(
        found
            .sentence
            .starts_with("Weight moved up by 1.0 a week over "),
        "{}",
        found.sentence
    );
    assert!(found.evidence.statistic.unwrap() <= found.evidence.limit.unwrap());
    // Before it began, and on a field that keeps its level, there is none.
    assert_eq!(one(&history, day(62), SignalType::Trend), None);
    assert_eq!(
        one(&of_field(stepped(60, 12, -4.0)), day(71), SignalType::Trend),
        None,
        "a step"
    );
}

#[test]
fn a_habit_that_changes_is_found_with_its_rates() {
    // Four of five days for 100 days, then one of five.
    let yes = |place: usize| {
        if place < 100 {
            !place.is_multiple_of(5)
        } else {
            place.is_multiple_of(5)
        }
    };
    let values = (0..130).map(|place| Some(f64::from(u8::from(yes(place)))));
    let history = of_field(field("exercise", FieldKind::Habit, values));
    let settings = Settings::default();
    let episodes = replay(&history, BEGIN, day(129), &settings);
    let changes: Vec<_> = episodes
        .iter()
        .filter(|one| one.signal.kind == SignalType::HabitChange)
        .collect();
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert!(
        (day(105)..day(116)).contains(&changes[0].first_seen),
        "{}",
        changes[0].first_seen
    );
    let found = one(&history, day(129), SignalType::HabitChange).unwrap();
    // The last 28 days: places 102 to 129, of which 105, 110, 115, 120, 125 said yes.
    assert_eq!(
        found.sentence,
        "Exercise: yes on 5 of 28 answered days, 17 Apr – 14 May (typical: 80 %)."
    );
    let few = of_field(FieldHistory {
        observations: history.fields[0].observations[80..].to_vec(),
        ..history.fields[0].clone()
    });
    // Twenty days before the change are not a baseline.
    assert_eq!(one(&few, day(113), SignalType::HabitChange), None);
}

#[test]
fn a_streak_ends_with_two_misses_not_with_one() {
    let history = |kept: usize, missed: usize| {
        let values = (0..kept)
            .map(|_| Some(1.0))
            .chain((0..missed).map(|_| Some(0.0)));
        of_field(field("exercise", FieldKind::Habit, values))
    };
    let kind = SignalType::StreakBroken;
    let found = one(&history(14, 2), day(15), kind).unwrap();
    assert_eq!(
        found.sentence,
        "Exercise: yes 14 times in a row up to 18 Jan, no 2 times in a row, 19–20 Jan."
    );
    assert_eq!(
        (found.window_start, found.evidence.rows.len()),
        (day(14), 2)
    );
    assert_eq!(one(&history(14, 1), day(14), kind), None);
    assert_eq!(one(&history(13, 2), day(14), kind), None);
    // It ends when the habit is taken up, and after two weeks.
    let mut taken_up = history(14, 2);
    taken_up.fields[0].observations.push(Observation {
        id: id(16),
        date: day(16),
        value: 1.0,
    });
    assert_eq!(one(&taken_up, day(16), kind), None);
    assert!(one(&history(14, 10), day(14 + 13), kind).is_some());
    assert_eq!(one(&history(14, 10), day(14 + 14), kind), None);
    // A day without an answer is no miss.
    let mut open = history(14, 2);
    open.fields[0].observations.remove(14);
    assert_eq!(one(&open, day(15), kind), None);
}
