//! What holds of every history.

use proptest::prelude::*;

use super::*;
use crate::domain::form::LogForm;
use crate::domain::goal::{CheckIn, Domain, Goal, Priority, Status, TargetType};

prop_compose! {
    fn histories()(
        values in prop::collection::vec(prop::option::weighted(0.9, 1..=10_u8), 60..110),
        yes in prop::collection::vec(prop::option::weighted(0.9, any::<bool>()), 60..110),
        shift in -4..=4_i8,
        at in 30..60_usize,
        done in prop::collection::vec((0..3_usize, 40..110_usize), 0..40),
    ) -> History {
        let number = |value: u8, place: usize| {
            f64::from(value) / 4.0 + 4.0 + if place >= at { f64::from(shift) } else { 0.0 }
        };
        let level = values.iter().enumerate().map(|(place, value)| value.map(|value| number(value, place)));
        let wide = FieldKind::Level { min: 0.0, max: 100.0, step: 0.25 };
        let habit = yes.iter().map(|value| value.map(|value| f64::from(u8::from(value))));
        let goals = [Domain::Health, Domain::Faith, Domain::Work].into_iter().enumerate();
        let goals = goals.map(|(number, domain)| Goal {
            id: id(number),
            title: format!("planted-needle {}", domain.word()),
            domain,
            target: TargetType::Binary,
            weekly_minimum: 7,
            start: Some(BEGIN),
            due: None,
            status: Status::Active,
            priority: Priority::Leaves,
            was_private: false,
        });
        let mut check_ins: Vec<CheckIn> = done.iter().map(|(goal, place)| CheckIn {
            id: CheckIn::id_of(id(*goal), day(*place)),
            goal: id(*goal),
            date: day(*place),
            completed: true,
            amount: None,
            score: None,
            has_note: false,
        }).collect();
        check_ins.sort_by_key(|one| (one.date, one.id));
        check_ins.dedup_by_key(|one| one.id);
        History {
            logged: (0..values.len()).filter(|place| values[*place].is_some()).map(|place| (day(place), id(place))).collect(),
            fields: vec![field("energy", wide, level), field("exercise", FieldKind::Habit, habit)],
            goals: goals.collect(),
            check_ins,
            ideas: vec![],
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_order_of_rows_changes_nothing(history in histories(), seed in any::<u64>()) {
        let today = day(history.fields[0].observations.len());
        let settings = Settings::default();
        let mut shuffled = history.clone();
        let mut random = fastrand::Rng::with_seed(seed);
        random.shuffle(&mut shuffled.logged);
        random.shuffle(&mut shuffled.fields);
        random.shuffle(&mut shuffled.goals);
        random.shuffle(&mut shuffled.check_ins);
        for field in &mut shuffled.fields {
            random.shuffle(&mut field.observations);
        }
        prop_assert_eq!(evaluate(&history, today, &settings), evaluate(&shuffled, today, &settings));
    }

    /// A constant moves levels, and nothing else: the same signals on the same days with the same statistics.
    #[test]
    fn a_constant_moves_levels_and_nothing_else(history in histories(), constant in 1..50_i32) {
        let mut moved = history.clone();
        for one in &mut moved.fields[0].observations {
            one.value += f64::from(constant);
        }
        let settings = Settings::default();
        let (from, to) = (day(28), day(109));
        let (before, after) = (replay(&history, from, to, &settings), replay(&moved, from, to, &settings));
        prop_assert_eq!(before.len(), after.len());
        for (one, other) in before.iter().zip(&after) {
            prop_assert_eq!((one.first_seen, one.last_seen, one.ended), (other.first_seen, other.last_seen, other.ended));
            prop_assert_eq!((one.signal.kind, one.signal.window_start), (other.signal.kind, other.signal.window_start));
            let (a, b) = (&one.signal.evidence, &other.signal.evidence);
            let near = |a: Option<f64>, b: Option<f64>| (a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs() < 1e-6;
            prop_assert!(near(a.statistic, b.statistic) && near(a.limit, b.limit));
            if one.signal.subject == "energy" {
                prop_assert!(near(a.observed_mean.map(|mean| mean + f64::from(constant)), b.observed_mean));
            } else {
                prop_assert_eq!(&one.signal.sentence, &other.signal.sentence);
            }
        }
    }

    /// What is not opted in appears in no sentence, no subject and no row.
    #[test]
    fn what_is_masked_never_appears(history in histories()) {
        let today = day(100);
        let settings = Settings::default();
        for signal in evaluate(&history, today, &settings) {
            let told = format!("{signal:?}");
            prop_assert!(!told.contains("faith"), "{}", told);
            let faith = id(1);
            let rows = &signal.evidence.rows;
            prop_assert!(signal.subject != faith.to_string());
            prop_assert!(rows.iter().all(|row| row.table == "logs" || row.id != faith));
            let of_faith = |row: &&EvidenceRow| row.table == "check_ins" && row.id == CheckIn::id_of(faith, row.date);
            prop_assert_eq!(rows.iter().filter(of_faith).count(), 0);
        }
    }

    #[test]
    fn evidence_survives_storage(history in histories()) {
        for signal in evaluate(&history, day(90), &Settings::default()) {
            let back = Evidence::from_json(&signal.evidence.to_json()).unwrap();
            prop_assert_eq!(back.to_json(), signal.evidence.to_json());
            prop_assert!(signal.window_start <= signal.window_end);
            prop_assert!(explain(signal.kind, &back).iter().all(|line| !line.is_empty()));
        }
    }
}

/// A sensitive field takes part when it was opted in, and its history is not even loaded otherwise.
#[test]
fn sensitive_fields_are_not_taken() {
    let form = LogForm::builtin().all_sensitive();
    let settings = Settings::default();
    let fields = form.sections.iter().flat_map(|section| &section.fields);
    assert_eq!(fields.filter(|field| settings.takes(field)).count(), 0);
}
