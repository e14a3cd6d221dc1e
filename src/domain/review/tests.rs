//! A week with hand-computed figures; its JSON and its document; what must hold for every week.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp)]

use jiff::ToSpan as _;
use jiff::civil::{Weekday, date};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::form::LogForm;
use crate::domain::goal::{Buffer, Domain, Priority, Status, TargetType};
use crate::domain::secret::{Exit, MASK};

/// The Monday of 2026-W47.
const MONDAY: Date = date(2026, 11, 16);
/// A day after its last.
const TODAY: Date = date(2026, 11, 24);

const FORM: &str = r#"
[[section]]
title = "Day"
field = [
  { key = "energy", label = "energy", kind = "scale", drift = true },
  { key = "sleepHours", label = "sleep", kind = "number", min = 0, max = 24, step = 0.5, unit = "h", drift = true },
  { key = "exercise", label = "exercise", kind = "toggle", drift = true },
  { key = "prayer", label = "prayer", kind = "scale", sensitive = true, drift = true },
  { key = "note", label = "note", kind = "text" },
]
"#;

fn form() -> LogForm {
    LogForm::parse(FORM, "form.toml").unwrap()
}

fn week() -> Week {
    Week::of(MONDAY, Weekday::Monday)
}

fn id(number: u32) -> RecordId {
    format!("01932b6c-0000-7000-8000-{number:012}")
        .parse()
        .unwrap()
}

fn day(offset: i64) -> Date {
    MONDAY.saturating_add(offset.days())
}

/// Sixty days before the week, and the week with two gaps; the same week a year before had one day.
fn material() -> Material {
    let mut answers: BTreeMap<String, Vec<(Date, f64)>> = BTreeMap::new();
    let mut logged = Vec::new();
    let mut put = |key: &str, date: Date, value: f64| {
        answers
            .entry(key.to_owned())
            .or_default()
            .push((date, value));
    };
    for back in 1..=60 {
        let date = day(-back);
        if date.weekday() == Weekday::Sunday {
            continue;
        }
        logged.push(date);
        put("energy", date, 6.0);
        put("sleepHours", date, 7.5);
        put("exercise", date, if back % 2 == 0 { 1.0 } else { 0.0 });
        put("prayer", date, 4.0);
    }
    for (offset, energy) in [(0, 5.0), (1, 6.0), (3, 8.0), (4, 7.0), (5, 9.0)] {
        logged.push(day(offset));
        put("energy", day(offset), energy);
        put("exercise", day(offset), if offset < 4 { 1.0 } else { 0.0 });
        put("prayer", day(offset), 9.0);
    }
    let then = day(-364);
    logged.push(then);
    put("energy", then, 3.0);
    let run = goal(1, "Run", Domain::Health, TargetType::Binary, 3);
    let read = goal(2, "Read", Domain::Work, TargetType::Duration, 120);
    let idle = Goal {
        status: Status::Paused,
        ..goal(3, "Idle", Domain::Work, TargetType::Binary, 1)
    };
    let check_in = |number, goal: &Goal, date, amount| CheckIn {
        id: id(number),
        goal: goal.id,
        date,
        completed: true,
        amount,
        score: None,
        has_note: false,
    };
    let check_ins = vec![
        check_in(11, &run, day(0), None),
        check_in(12, &run, day(2), None),
        check_in(13, &read, day(6), Some(150.0)),
        check_in(14, &run, then, None),
    ];
    Material {
        logged,
        answers: Secret::new(answers),
        goals: vec![(read, day(-90)), (idle, day(-90)), (run, day(-90))],
        check_ins,
        signals: vec![
            signal(21, SignalType::LevelShift, "energy", day(1), None),
            signal(22, SignalType::LevelShift, "prayer", day(2), None),
            signal(23, SignalType::MissedDays, "", day(-20), Some(day(3))),
        ],
        ideas: vec![
            idea(31, idea::Status::Parked, day(-30), Some(day(-2))),
            idea(32, idea::Status::Draft, day(-20), None),
            idea(33, idea::Status::Draft, day(0), None),
        ],
        ideas_waiting: (1, 1),
        lessons: vec![OpenLesson {
            id: id(41),
            title: "Maths: Fractions".to_owned(),
            status: teaching::Status::Planned,
            since: day(-3),
        }],
        lessons_open: 1,
        settings: Settings::default(),
        review: None,
    }
}

fn goal(number: u32, title: &str, domain: Domain, target: TargetType, minimum: u32) -> Goal {
    Goal {
        id: id(number),
        title: title.to_owned(),
        domain,
        target,
        weekly_minimum: minimum,
        start: None,
        due: None,
        status: Status::Active,
        priority: Priority::Leaves,
        was_private: false,
    }
}

fn signal(
    number: u32,
    kind: SignalType,
    subject: &str,
    first_seen: Date,
    ended: Option<Date>,
) -> SeenSignal {
    SeenSignal {
        id: id(number),
        kind,
        subject: subject.to_owned(),
        sentence: Secret::new(format!("a sentence about {subject}.")),
        first_seen,
        ended,
        rows: vec![EvidenceRow {
            table: "logs".to_owned(),
            id: id(99),
            date: first_seen,
            value: Some(5.0),
        }],
    }
}

fn idea(number: u32, status: idea::Status, touched: Date, review_on: Option<Date>) -> WaitingIdea {
    WaitingIdea {
        id: id(number),
        title: Secret::new(format!("title {number}")),
        status,
        touched,
        review_on,
    }
}

fn seen(material: &Material) -> Figures {
    figures(material, week(), &form(), TODAY)
}

#[test]
fn the_figures_of_a_week_are_these() {
    let seen = seen(&material());
    assert_eq!(seen.days.each, [true, true, false, true, true, true, false]);
    assert_eq!((seen.days.logged(), seen.days.come), (5, 7));
    assert_eq!(words::days_logged(&seen), "5 of 7 (4.2)");
    assert_eq!(seen.days.year_ago, Some(1));

    let lines: Vec<(String, String, String)> = seen
        .fields
        .iter()
        .map(|field| {
            (
                field.label.clone(),
                words::against_typical(field),
                words::year_ago(field),
            )
        })
        .collect();
    // 5, 6, 8, 7 and 9 over five answered days; of five answered days exercise was yes on three, and half is typical.
    assert_eq!(
        lines,
        [
            (
                "energy".to_owned(),
                "7.0 (6.0)".to_owned(),
                "3.0".to_owned()
            ),
            ("sleep".to_owned(), "– (7.5)".to_owned(), "–".to_owned()),
            (
                "exercise".to_owned(),
                "3 of 5 (2.5)".to_owned(),
                "–".to_owned()
            ),
        ]
    );
    assert_eq!(seen.fields[0].each[2], None, "a gap, not a zero");

    let goals: Vec<(&str, String, Buffer, Option<f64>)> = seen
        .goals
        .iter()
        .map(|goal| {
            (
                goal.title.as_str(),
                words::done(goal),
                goal.buffer,
                goal.year_ago,
            )
        })
        .collect();
    assert_eq!(
        goals,
        [
            ("Read", "150 of 120 min".to_owned(), Buffer::Met, None),
            ("Run", "2 of 3".to_owned(), Buffer::Over, Some(1.0)),
        ]
    );
    let signals: Vec<String> = seen.signals.iter().map(words::seen).collect();
    assert_eq!(signals, ["new 17 Nov", "ended 19 Nov"]);
    let ideas: Vec<(RecordId, Reason)> = seen
        .ideas
        .named
        .iter()
        .map(|idea| (idea.id, idea.reason))
        .collect();
    assert_eq!(
        ideas,
        [(id(32), Reason::Untouched), (id(31), Reason::PastReview)]
    );
    assert_eq!(
        (
            seen.ideas.past_review,
            seen.ideas.untouched,
            seen.lessons.open
        ),
        (1, 1, 1)
    );
}

#[test]
fn a_running_week_is_held_against_its_days_that_have_come() {
    let seen = figures(&material(), week(), &form(), day(1));
    assert_eq!(seen.days.come, 2);
    assert_eq!(
        words::days_logged(&seen),
        "5 of 2 (1.2)",
        "as many as were written"
    );
    assert_eq!(
        seen.goals[1].buffer,
        Buffer::Days(4),
        "Tuesday to Sunday are six days, two are needed"
    );
}

#[test]
fn too_little_is_not_typical() {
    let mut material = material();
    material.logged.retain(|date| *date >= day(-20));
    material.answers.update(|answers| {
        for list in answers.values_mut() {
            list.retain(|(date, _)| *date >= day(-20));
        }
    });
    let seen = seen(&material);
    assert_eq!(seen.days.typical, None);
    assert!(seen.fields.iter().all(|field| field.typical.is_none()));
    assert_eq!(words::against_typical(&seen.fields[0]), "7.0");
    assert!(
        seen.fields.iter().all(|field| field.key != "sleepHours"),
        "nothing is known of it"
    );
}

#[test]
fn what_is_opted_in_is_marked_and_masked() {
    let mut material = material();
    material.settings.opted_in.insert("prayer".to_owned());
    let seen = seen(&material);
    let prayer = seen
        .fields
        .iter()
        .find(|field| field.key == "prayer")
        .unwrap();
    assert!(prayer.sensitive);
    assert_eq!(words::against_typical(prayer), "9.0 (4.0)");
    let masked = Value::Object(seen.to_json(Detail::Masked));
    let prayer = masked["fields"].as_array().unwrap().last().unwrap();
    assert_eq!(prayer["masked"], json!(true));
    assert_eq!(prayer["observed"], Value::Null);
    assert_eq!(
        prayer["days"],
        json!([null, null, null, null, null, null, null])
    );
    assert_eq!(masked["signals"][1]["sentence"], Value::Null);
    let document = markdown(&seen, &Review::default(), &form(), false);
    assert!(
        document.contains(&format!("| prayer | {MASK} | {MASK} | {MASK} |")),
        "{document}"
    );
    assert!(!document.contains("about prayer"), "{document}");
    let out = seen.clone().as_opted(&form(), &Settings::default());
    assert!(out.fields.iter().all(|field| field.key != "prayer"));
    assert!(out.signals.iter().all(|signal| signal.subject != "prayer"));
}

#[test]
fn figures_come_back_from_json_but_for_titles_of_ideas() {
    let mut material = material();
    material.settings.opted_in.insert("prayer".to_owned());
    let mut seen = seen(&material);
    let kept = seen.to_json(Detail::Kept);
    assert!(!Value::Object(kept.clone()).to_string().contains("title 3"));
    let text = serde_json::to_string(&kept).unwrap();
    let back = Figures::from_json(&serde_json::from_str(&text).unwrap()).unwrap();
    for idea in &mut seen.ideas.named {
        idea.title = Secret::default();
    }
    for figure in [&mut seen.days.typical].into_iter().flatten() {
        *figure = (*figure * 1e6).round() / 1e6;
    }
    for field in &mut seen.fields {
        field.typical = field.typical.map(|typical| (typical * 1e6).round() / 1e6);
    }
    assert_eq!(back, seen);
    let bare = Material {
        logged: material.logged.clone(),
        ..Material::default()
    };
    let bare = figures(&bare, week(), &form(), TODAY);
    let mut stored = bare.to_json(Detail::Kept);
    stored.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
    assert_eq!(
        Figures::from_json(&stored).map(|figures| figures.days.each),
        Some(bare.days.each),
        "a record leaves out what is empty"
    );
    let mut other = kept;
    other.insert("version".to_owned(), json!(2));
    assert_eq!(Figures::from_json(&other), None, "of another form");
}

#[test]
fn the_json_is_this() {
    let seen = seen(&material());
    let json = Value::Object(seen.to_json(Detail::Revealed));
    assert_eq!(
        json["week"],
        json!({ "name": "2026-W47", "from": "2026-11-16", "to": "2026-11-22" })
    );
    assert_eq!(
        json["yearBefore"],
        json!({ "from": "2025-11-17", "to": "2025-11-23" })
    );
    assert_eq!(
        json["fields"][0],
        json!({
            "key": "energy", "label": "energy", "unit": null, "kind": "level", "sensitive": false, "masked": false,
            "observed": { "answered": 5, "value": 7 }, "typical": 6,
            "days": [5, 6, null, 8, 7, 9, null], "yearBefore": { "answered": 1, "value": 3 },
        })
    );
    assert_eq!(
        json["goals"][1],
        json!({
            "id": id(1), "title": "Run", "domain": "health", "targetType": "binary", "weeklyMinimum": 3, "done": 2,
            "buffer": "notMet", "bufferDays": null,
            "days": ["done", "nothing", "done", "nothing", "nothing", "nothing", "nothing"], "yearBefore": 1,
        })
    );
    assert_eq!(
        json["ideas"]["named"][0],
        json!({ "id": id(32), "title": "title 32", "reason": "untouched", "since": "2026-10-27" })
    );
    assert_eq!(json["lessons"]["named"][0]["status"], json!("planned"));
}

#[test]
fn the_document_is_this() {
    let answers = [
        ("answers.inTheWay", "Two *late* trains"),
        ("answers.gone", "An old question"),
    ];
    let review = Review {
        answers: answers
            .map(|(key, text)| (key.to_owned(), Secret::new(text.to_owned())))
            .into(),
        ..Review::default()
    };
    let questions = crate::domain::lane::Lane::Reviews.form();
    let masked = markdown(&seen(&material()), &review, questions, false);
    let expected = format!(
        "# Week 2026-W47\n\nMon 16 to Sun 22 Nov 2026\n\n- Figures of Tue 24 Nov 2026\n- Days logged: 5 of 7 (4.2)\n\
         - Days logged a year before: 1\n\n## Fields\n\n| field | this week | typical | a year before |\n\
         |---|---|---|---|\n| energy | 7.0 | 6.0 | 3.0 |\n| sleep | – | 7.5 | – |\n| exercise | 3 of 5 | 2.5 | – |\n\
         \n## Goals\n\n| goal | done | buffer | a year before |\n|---|---|---|---|\n| Read | 150 of 120 min | met | – |\n\
         | Run | 2 of 3 | not met | 1 |\n\n## Signals\n\n- a sentence about energy. (new 17 Nov; 1 row)\n\
         - a sentence about . (ended 19 Nov; 1 row)\n\n## Ideas that wait\n\n- Parked, past their review date: 1\n\
         - Drafts not touched for two weeks: 1\n- {MASK} (last changed Tue 27 Oct 2026)\n\
         - {MASK} (review date Sat 14 Nov 2026)\n\n## Open lesson requests: 1\n\n\
         - Maths: Fractions (planned, since Fri 13 Nov 2026)\n\n## What was in the way?\n\n{MASK}\n\n## gone\n\n{MASK}\n"
    );
    assert_eq!(masked, expected);
    let revealed = markdown(&seen(&material()), &review, questions, true);
    assert!(
        revealed.contains("## What was in the way?\n\nTwo \\*late\\* trains\n"),
        "{revealed}"
    );
    assert!(revealed.contains("title 32 (last changed"), "{revealed}");
}

#[test]
fn differences_are_named() {
    let before = seen(&material());
    let mut later = material();
    later.logged.push(day(2));
    later
        .answers
        .update(|answers| answers.get_mut("energy").unwrap().push((day(2), 7.0)));
    later.check_ins.push(CheckIn {
        id: id(15),
        date: day(5),
        ..later.check_ins[0].clone()
    });
    let after = seen(&later);
    assert_eq!(before.differences(&after), ["days logged", "energy", "Run"]);
    assert_eq!(before.differences(&before), Vec::<String>::new());
}

#[test]
fn weeks_have_names() {
    let read = |word: &str| parse_week(word, TODAY, Weekday::Monday).map(Week::first);
    let first = Ok(MONDAY);
    for word in [
        "last",
        "-1",
        "2026-W47",
        "2026w47",
        "2026-11-22",
        "2026-11-16",
        "last week",
    ] {
        assert_eq!(read(word), first, "{word}");
    }
    for word in ["", "this", "today", "2026-W48", "-0"] {
        assert_eq!(read(word), Ok(date(2026, 11, 23)), "{word}");
    }
    assert_eq!(read("2020-W53"), Ok(date(2020, 12, 28)));
    assert_eq!(
        read("2026-W54").unwrap_err().to_string(),
        "2026 has no week 54; its last one is 53"
    );
    assert_eq!(
        read("week").unwrap_err().to_string(),
        "“week” is not a week; write this, last, -2, 2026-W47, or any date in it"
    );
    assert!(
        read("2026-02-30")
            .unwrap_err()
            .to_string()
            .contains("February")
    );
    assert!(read("-99999999").is_err() && read("0100-W01").is_err());
}

#[test]
fn the_number_of_a_week_and_the_week_of_a_number_agree_whatever_day_begins_it() {
    for start in [
        Weekday::Monday,
        Weekday::Sunday,
        Weekday::Saturday,
        Weekday::Thursday,
        Weekday::Friday,
    ] {
        let mut week = Week::of(date(2019, 12, 20), start);
        for _ in 0..420 {
            assert_eq!(
                parse_week(&iso_name(week), TODAY, start),
                Ok(week),
                "{start:?}"
            );
            week = week.plus(1);
        }
    }
}

#[test]
fn two_programs_make_one_review_of_a_week() {
    let user: UserId = "01932b6c-0000-7000-8000-0000000000ff".parse().unwrap();
    let made = id_of(user, week());
    assert_eq!(made, id_of(user, Week::of(day(6), Weekday::Monday)));
    assert_ne!(made, id_of(user, week().plus(1)));
    assert_eq!(made.0.get_version_num(), 8);
}

#[test]
fn steps_go_through_the_week_and_the_questions() {
    let steps = steps(crate::domain::lane::Lane::Reviews.form());
    let words: Vec<&str> = steps.iter().map(Step::word).collect();
    assert_eq!(
        words,
        [
            "days",
            "goals",
            "signals",
            "waiting",
            "answers.notInFigures",
            "answers.inTheWay",
            "answers.comingWeek"
        ]
    );
}

#[test]
fn what_completes_a_review_is_read_back() {
    let seen = seen(&material());
    let now: jiff::Timestamp = "2026-11-24T20:00:00Z".parse().unwrap();
    let mut fields = serde_json::Map::new();
    fields.insert("weekStart".to_owned(), json!("2026-11-16"));
    fields.insert(PLACE.to_owned(), json!("goals"));
    fields.insert("answers.inTheWay".to_owned(), json!("trains"));
    let begun = Review::read(&fields);
    assert_eq!(begun.place.as_deref(), Some("goals"));
    assert_eq!((begun.figures, begun.completed_at), (None, None));
    completing(&seen, now).apply(&mut fields);
    let review = Review::read(&fields);
    assert_eq!(review.week_start, Some(MONDAY));
    assert_eq!(review.completed_at, Some(now));
    assert_eq!(review.place, None);
    assert_eq!(
        review.answers["answers.inTheWay"].expose(Exit::Output),
        "trains"
    );
    assert_eq!(review.figures.unwrap().goals, seen.goals);
    assert!(!format!("{begun:?}", begun = Review::read(&fields).answers).contains("trains"));
}

fn shuffled<T: Clone>(list: &[T], turns: usize) -> Vec<T> {
    let mut list = list.to_vec();
    if !list.is_empty() {
        let turns = turns % list.len();
        list.rotate_left(turns);
        list.reverse();
    }
    list
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_order_of_rows_changes_nothing(turns in 0_usize..100) {
        let one = material();
        let mut other = one.clone();
        other.logged = shuffled(&one.logged, turns);
        other.goals = shuffled(&one.goals, turns);
        other.check_ins = shuffled(&one.check_ins, turns);
        other.signals = shuffled(&one.signals, turns);
        other.ideas = shuffled(&one.ideas, turns);
        other.answers.update(|answers| {
            for list in answers.values_mut() {
                *list = shuffled(list, turns);
            }
        });
        prop_assert_eq!(
            Value::Object(seen(&one).to_json(Detail::Revealed)),
            Value::Object(seen(&other).to_json(Detail::Revealed))
        );
    }

    #[test]
    fn a_field_of_the_red_zone_that_is_not_opted_in_never_appears(
        values in prop::collection::vec(0.0..10.0_f64, 0..400),
        first_seen in -10_i64..10,
        kind in 0_usize..SignalType::ALL.len(),
    ) {
        let mut material = material();
        material.answers.update(|answers| {
            let list = values.iter().enumerate();
            let list = list.map(|(at, value)| (day(6 - i64::try_from(at).unwrap()), *value));
            answers.insert("prayer".to_owned(), list.collect());
        });
        let kinds = [SignalType::LevelShift, SignalType::Trend, SignalType::HabitChange, SignalType::StreakBroken];
        material.signals = vec![signal(50, kinds[kind % kinds.len()], "prayer", day(first_seen), Some(day(0)))];
        let seen = seen(&material);
        let json = Value::Object(seen.to_json(Detail::Revealed)).to_string();
        prop_assert!(!json.contains("prayer"));
        let document = markdown(&seen, &Review::default(), &form(), true);
        prop_assert!(!document.contains("prayer"));
    }

    #[test]
    fn masked_output_holds_no_title_and_no_answer(secret in "[a-z]{12}") {
        let mut material = material();
        for idea in &mut material.ideas {
            idea.title = Secret::new(secret.clone());
        }
        let seen = seen(&material);
        let review = Review {
            answers: BTreeMap::from([("answers.inTheWay".to_owned(), Secret::new(secret.clone()))]),
            ..Review::default()
        };
        let questions = crate::domain::lane::Lane::Reviews.form();
        prop_assert!(!markdown(&seen, &review, questions, false).contains(&secret));
        prop_assert!(!Value::Object(seen.to_json(Detail::Masked)).to_string().contains(&secret));
        let printed = format!("{material:?}{seen:?}{review:?}");
        prop_assert!(!printed.contains(&secret));
    }
}
