//! Reading, checking, showing and stepping answers.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::domain::text::MAX_TEXT;

fn sleep() -> Field {
    Field {
        unit: Some("h".to_owned()),
        start: Some(7.0),
        ..field(
            "sleepHours",
            Kind::Number {
                min: 0.0,
                max: 24.0,
                step: 0.5,
            },
        )
    }
}

fn day_type() -> Field {
    field(
        "dayType",
        Kind::Choice {
            options: options(&["work", "rest", "low-energy"]),
        },
    )
}

fn leaks() -> Field {
    field(
        "leakTypes",
        Kind::Many {
            options: options(&["bedroom", "store route", "alone-time"]),
        },
    )
}

fn error(field: &Field, input: &str) -> String {
    field.parse(input).unwrap_err().to_string()
}

#[test]
fn out_of_range_says_the_range_and_what_to_give() {
    assert_eq!(
        error(&scale("energy", 1, 10), "14"),
        "energy is 1–10, got 14"
    );
    assert_eq!(
        scale("energy", 1, 10)
            .check(&json!(0))
            .unwrap_err()
            .to_string(),
        "energy is 1–10, got 0"
    );
    assert_eq!(error(&sleep(), "25"), "sleepHours is 0–24 h, got 25");
    assert_eq!(
        error(&sleep(), "6.3"),
        "sleepHours goes in steps of 0.5, got 6.3; give 6 or 6.5"
    );
    assert_eq!(
        error(&scale("energy", 1, 10), "6.5"),
        "energy takes whole numbers, got 6.5; give 6 or 7"
    );
    assert_eq!(
        error(&sleep(), "6,500"),
        "sleepHours is 0–24 h, got “6,500”; write 6500 or 6.500"
    );
    assert_eq!(sleep().parse("6,5").unwrap(), Some(json!(6.5)));
    let refused = sleep().parse("25").unwrap_err();
    assert_eq!(
        refused.on_screen(),
        format!("{} is 0–24 h, got 25", sleep().label)
    );
}

#[test]
fn what_is_no_number_is_refused() {
    for input in [
        "seven",
        "nan",
        "inf",
        "1e3",
        "0x7",
        "--7",
        "7 8",
        "7\u{0}",
        "٧",
        "1,000,000",
    ] {
        for field in [scale("energy", 1, 10), sleep()] {
            let shown = error(&field, input);
            assert_eq!(printable(&shown), shown.as_str());
        }
    }
    let huge = serde_json::from_str::<Value>("1e999").unwrap();
    assert!(sleep().check(&huge).is_err());
    assert!(sleep().parse(&"9".repeat(500)).is_err());
}

#[test]
fn other_kinds_say_what_they_take() {
    let toggle = field("exercise", Kind::Toggle);
    assert_eq!(
        error(&toggle, "maybe"),
        "exercise is yes or no, got “maybe”; give yes, no, or - to clear it"
    );
    assert_eq!(
        error(&day_type(), "wrok"),
        "dayType is one of work, rest, low-energy, got “wrok”; did you mean “work”?"
    );
    assert_eq!(
        error(&leaks(), "bedroom, attic"),
        "leakTypes takes any of bedroom, store route, alone-time, got “attic”; give some of them \
         with commas between, or - to clear it"
    );
    assert_eq!(
        error(&field("topWin", Kind::Text), "a\0b"),
        "topWin cannot be stored; character 2 is NUL, which the database cannot hold; remove it"
    );
    assert_eq!(
        error(&field("topWin", Kind::Text), &"x".repeat(1_000_000)),
        "topWin cannot be stored; the text has 1000000 characters, 934464 more than the 65536 that \
         fit; shorten it"
    );
}

#[test]
fn an_error_of_a_sensitive_field_repeats_nothing() {
    let needle = "planted-needle";
    for kind in [
        Kind::Scale { min: 1, max: 10 },
        Kind::Number {
            min: 0.0,
            max: 9.0,
            step: 1.0,
        },
        Kind::Toggle,
        Kind::Choice {
            options: options(&["planted-neodle", "rest"]),
        },
        Kind::Many {
            options: options(&["red"]),
        },
    ] {
        let sealed = Field {
            sensitive: true,
            ..field("driftCheck", kind)
        };
        let refused = sealed.parse(needle).unwrap_err();
        assert!(
            !format!("{refused} {refused:?}").contains(needle),
            "{refused}"
        );
        assert!(!refused.to_string().contains("did you mean"), "{refused}");
        let refused = sealed.check(&json!({ "x": needle })).unwrap_err();
        assert!(!format!("{refused} {refused:?}").contains(needle));
    }
    let hours = Field {
        sensitive: true,
        ..sleep()
    };
    for (given, part) in [
        ("12,345", "345"),
        ("6.3", "6.5"),
        ("7.9", "7.5"),
        ("99", "99"),
    ] {
        let refused = hours.parse(given).unwrap_err().to_string();
        assert!(!refused.contains(part), "{refused}");
    }
    let text = Field {
        sensitive: true,
        ..field("driftCheck", Kind::Text)
    };
    let refused = text.parse("planted-needle\0").unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("needle"));
}

#[test]
fn numbers_are_stored_without_noise() {
    for (input, stored, shown) in [
        ("7", "7", "7"),
        ("7.0", "7", "7"),
        ("07", "7", "7"),
        ("+6.5", "6.5", "6.5"),
        (".5", "0.5", "0.5"),
        ("-0", "0", "0"),
        (" 24 ", "24", "24"),
    ] {
        let value = sleep().parse(input).unwrap().unwrap();
        assert_eq!(value.to_string(), stored, "{input}");
        assert_eq!(sleep().show(&value), shown, "{input}");
    }
    let tenths = field(
        "weight",
        Kind::Number {
            min: 0.1,
            max: 300.0,
            step: 0.1,
        },
    );
    let value = tenths.parse("0.3").unwrap().unwrap();
    assert_eq!(value.to_string(), "0.3");
    assert_eq!(tenths.step(Some(&value), true).unwrap().to_string(), "0.4");
    // What another writer stored is shown and taken as the same number.
    let odd: Value = serde_json::from_str("7.00").unwrap();
    assert_eq!(sleep().show(&odd), "7");
    assert_eq!(sleep().check(&odd), Ok(()));
    assert_eq!(sleep().step(Some(&odd), true), Some(json!(7.5)));
}

#[test]
fn toggles_and_lists_are_read_in_any_usual_spelling() {
    let toggle = field("exercise", Kind::Toggle);
    for yes in ["yes", "Y", "TRUE", " on ", "1"] {
        assert_eq!(toggle.parse(yes).unwrap(), Some(json!(true)), "{yes}");
    }
    for no in ["no", "n", "False", "off", "0"] {
        assert_eq!(toggle.parse(no).unwrap(), Some(json!(false)), "{no}");
    }
    assert_eq!(
        day_type().parse("Low energy").unwrap(),
        Some(json!("low-energy"))
    );
    assert_eq!(
        leaks()
            .parse("alone_time,, STORE-ROUTE ,alone-time")
            .unwrap(),
        Some(json!(["store route", "alone-time"]))
    );
    assert_eq!(leaks().parse(",").unwrap(), None);
    for field in [
        toggle,
        day_type(),
        leaks(),
        sleep(),
        field("topWin", Kind::Text),
    ] {
        for clear in ["", "-", "  ", " - "] {
            assert_eq!(field.parse(clear).unwrap(), None, "{}", field.key);
        }
    }
}

#[test]
fn text_is_kept_as_it_is() {
    let text = field("topWin", Kind::Text);
    let words = "  Zwei Zeilen\n\tund 日本語, 👩‍👩‍👧, e\u{301}, \u{202e}! ";
    assert_eq!(text.parse(words).unwrap(), Some(json!(words)));
    assert_eq!(text.show(&json!(words)), words);
    assert_eq!(text.text("-").unwrap(), Some(json!("-")));
    assert_eq!(text.text("").unwrap(), None);
    let full = "é".repeat(MAX_TEXT);
    assert!(text.text(&full).is_ok());
    assert!(text.text(&format!("{full}é")).is_err());
}

#[test]
fn check_refuses_what_is_of_another_kind() {
    let fields = [
        scale("energy", 1, 10),
        sleep(),
        field("exercise", Kind::Toggle),
        day_type(),
        leaks(),
        field("topWin", Kind::Text),
    ];
    let values = [
        json!(7),
        json!(6.5),
        json!(true),
        json!("rest"),
        json!(["bedroom"]),
        json!("x"),
    ];
    let fits = [
        (0, 0),
        (1, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 4),
        (5, 3),
        (5, 5),
    ];
    for (f, field) in fields.iter().enumerate() {
        for (v, value) in values.iter().enumerate() {
            let expected = fits.contains(&(f, v));
            assert_eq!(
                field.check(value).is_ok(),
                expected,
                "{} {value}",
                field.key
            );
        }
        for odd in [
            json!(null),
            json!({}),
            json!([1]),
            json!(["attic"]),
            json!(["bedroom", "bedroom"]),
        ] {
            let refused = field.check(&odd).unwrap_err().to_string();
            assert!(
                refused.starts_with(&field.key) && refused.contains(" is ")
                    || refused.contains("; "),
                "{refused}"
            );
        }
    }
}

#[test]
fn digits_set_scales_by_their_range() {
    let (ten, zero, five) = (
        scale("energy", 1, 10),
        scale("urge", 0, 10),
        scale("x", 1, 5),
    );
    assert_eq!(ten.digit(0), Some(json!(10)));
    assert_eq!(ten.digit(7), Some(json!(7)));
    assert_eq!(zero.digit(0), Some(json!(0)));
    assert_eq!(zero.digit(9), Some(json!(9)));
    assert_eq!(five.digit(0), None);
    assert_eq!(five.digit(6), None);
    assert_eq!(ten.digit(10), None);
    assert_eq!(sleep().digit(7), None);
}

#[test]
fn steps_begin_at_the_start_and_end_at_the_ends() {
    let energy = scale("energy", 1, 10);
    assert_eq!(energy.step(None, true), Some(json!(5)));
    assert_eq!(energy.step(None, false), Some(json!(5)));
    assert_eq!(energy.step(Some(&json!(9)), true), Some(json!(10)));
    assert_eq!(energy.step(Some(&json!(10)), true), None);
    assert_eq!(energy.step(Some(&json!(1)), false), None);
    assert_eq!(energy.step(Some(&json!(40)), false), Some(json!(10)));
    assert_eq!(energy.step(Some(&json!("?")), true), Some(json!(5)));
    assert_eq!(scale("urge", 0, 10).step(None, true), Some(json!(5)));
    assert_eq!(sleep().step(None, true), Some(json!(7)));
    assert_eq!(sleep().step(Some(&json!(7)), true), Some(json!(7.5)));
    assert_eq!(sleep().step(Some(&json!(6.7)), true), Some(json!(7)));
    assert_eq!(sleep().step(Some(&json!(6.7)), false), Some(json!(6.5)));
    assert_eq!(sleep().step(Some(&json!(24)), true), None);
    assert_eq!(field("x", Kind::Toggle).step(None, true), None);
}

#[test]
fn toggles_and_choices_go_round() {
    let toggle = field("exercise", Kind::Toggle);
    assert_eq!(toggle.toggle(None), Some(json!(true)));
    assert_eq!(toggle.toggle(Some(&json!(true))), Some(json!(false)));
    assert_eq!(toggle.toggle(Some(&json!(false))), None);
    let mut now = None;
    let mut seen = Vec::new();
    for _ in 0..4 {
        now = day_type().toggle(now.as_ref());
        seen.push(now.clone());
    }
    assert_eq!(
        seen,
        [
            Some(json!("work")),
            Some(json!("rest")),
            Some(json!("low-energy")),
            None
        ]
    );
    // A key that means nothing to a kind changes nothing.
    assert_eq!(sleep().toggle(Some(&json!(6))), Some(json!(6)));
    let words = json!("words");
    assert_eq!(
        field("topWin", Kind::Text).toggle(Some(&words)),
        Some(words)
    );
}

#[test]
fn single_options_go_in_and_out() {
    let one = leaks().toggle_option(None, 2);
    assert_eq!(one, Some(json!(["alone-time"])));
    let two = leaks().toggle_option(one.as_ref(), 0);
    assert_eq!(two, Some(json!(["bedroom", "alone-time"])));
    let one = leaks().toggle_option(two.as_ref(), 2);
    assert_eq!(one, Some(json!(["bedroom"])));
    assert_eq!(leaks().toggle_option(one.as_ref(), 0), None);
    assert_eq!(day_type().toggle_option(None, 1), Some(json!("rest")));
    assert_eq!(day_type().toggle_option(Some(&json!("rest")), 1), None);
}

#[test]
fn figures_of_a_series() {
    assert_eq!(scale("energy", 1, 10).as_number(&json!(7)), Some(7.0));
    assert_eq!(sleep().as_number(&json!(6.5)), Some(6.5));
    assert_eq!(field("x", Kind::Toggle).as_number(&json!(true)), Some(1.0));
    assert_eq!(field("x", Kind::Toggle).as_number(&json!(false)), Some(0.0));
    assert_eq!(field("x", Kind::Text).as_number(&json!("7")), None);
    assert_eq!(scale("energy", 1, 10).as_number(&json!("7")), None);
}

fn any_field() -> impl Strategy<Value = Field> {
    let words = prop::sample::subsequence(
        vec![
            "red",
            "yellow",
            "green",
            "store route",
            "alone-time",
            "Ünlü",
        ],
        1..6,
    );
    let kind = prop_oneof![
        (0..=1_u8, 2..=10_u8).prop_map(|(min, max)| Kind::Scale { min, max }),
        (
            -100..100_i32,
            1..500_u32,
            prop::sample::select(vec![0.1, 0.25, 0.5, 1.0, 5.0])
        )
            .prop_map(|(min, steps, step)| {
                let min = f64::from(min);
                Kind::Number {
                    min,
                    max: min + f64::from(steps) * step,
                    step,
                }
            }),
        Just(Kind::Toggle),
        words.clone().prop_map(|words| Kind::Choice {
            options: options(&words)
        }),
        words.prop_map(|words| Kind::Many {
            options: options(&words)
        }),
        Just(Kind::Text),
        Just(Kind::Lines),
        Just(Kind::Date),
    ];
    kind.prop_map(|kind| field("key", kind))
}

/// A value of the field, chosen by a seed.
fn value_of(field: &Field, seed: u32, words: &str) -> Option<Value> {
    let pick = |count: usize| usize::try_from(seed).unwrap() % count;
    match &field.kind {
        Kind::Scale { min, max } => {
            field.parse(&(u32::from(*min) + seed % u32::from(max - min + 1)).to_string())
        }
        Kind::Number { min, max, step } => {
            let wanted = min + f64::from(seed % 500) * step;
            field.parse(&plain::decimal(wanted.min(*max)))
        }
        Kind::Toggle => field.parse(["yes", "no"][pick(2)]),
        Kind::Choice { options } => field.parse(&options[pick(options.len())]),
        Kind::Many { options } => {
            let chosen: Vec<&str> = options
                .iter()
                .enumerate()
                .filter(|(index, _)| seed & (1 << index) != 0)
                .map(|(_, option)| option.as_str())
                .collect();
            field.parse(&chosen.join(","))
        }
        Kind::Text | Kind::Lines => field.text(words),
        Kind::Date => field.parse(["2026-11-23", "2000-02-29"][pick(2)]),
    }
    .unwrap()
}

proptest! {
    #[test]
    fn what_is_shown_reads_back_as_the_same(field in any_field(), seed: u32, words in "\\PC{0,40}") {
        if let Some(value) = value_of(&field, seed, &words) {
            prop_assert_eq!(field.check(&value), Ok(()));
            let shown = field.show(&value);
            // A text that is only a dash or blanks is how a field is cleared by hand.
            let clears = shown.trim().is_empty() || shown.trim() == "-";
            if !clears {
                prop_assert_eq!(field.parse(&shown).unwrap(), Some(value.clone()));
            }
            let stored = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(&stored).unwrap(), value);
        }
    }

    #[test]
    fn steps_stay_inside_and_go_back(field in any_field(), seed: u32, up: bool) {
        if let Some(value) = value_of(&field, seed, "")
            && let Some(next) = field.step(Some(&value), up)
        {
            prop_assert_eq!(field.check(&next), Ok(()));
            prop_assert_eq!(field.step(Some(&next), !up), Some(value));
        }
        if let Some(first) = field.step(None, up) {
            prop_assert_eq!(field.check(&first), Ok(()));
        }
    }

    #[test]
    fn no_input_panics_and_every_answer_passes_the_check(field in any_field(), input: String) {
        match field.parse(&input) {
            Ok(Some(value)) => prop_assert_eq!(field.check(&value), Ok(())),
            Ok(None) => {}
            Err(refused) => {
                let shown = refused.to_string();
                prop_assert_eq!(printable(&shown), shown.as_str());
            }
        }
    }
}

#[test]
fn a_date_is_stored_in_full_and_typed_in_short() {
    let due = field("due", Kind::Date);
    let today = jiff::civil::date(2026, 11, 23);
    for (typed, stored) in [
        ("2026-11-30", "2026-11-30"),
        ("tomorrow", "2026-11-24"),
        ("+7", "2026-11-30"),
        ("23.11.2026", "2026-11-23"),
    ] {
        let read = due.parse_on(typed, today).unwrap();
        assert_eq!(read, Some(json!(stored)), "{typed}");
    }
    assert_eq!(due.parse("2026-11-30").unwrap(), Some(json!("2026-11-30")));
    assert_eq!(due.parse_on(" - ", today).unwrap(), None);
    for wrong in ["2026-02-30", "30", "soon", "3026-01-01"] {
        due.parse(wrong).unwrap_err();
    }
    for wrong in [json!("2026-2-3"), json!("1800-01-01"), json!(7), json!("")] {
        due.check(&wrong).unwrap_err();
    }
    let next = |now: Option<&Value>, up| due.day(now, up, today);
    assert_eq!(next(None, true), Some(json!("2026-11-23")));
    assert_eq!(
        next(Some(&json!("2026-12-31")), true),
        Some(json!("2027-01-01"))
    );
    assert_eq!(next(Some(&json!("1900-01-01")), false), None);
    let mut sealed = due.clone();
    sealed.sensitive = true;
    let error = sealed
        .parse_on("2026-13-13", today)
        .unwrap_err()
        .to_string();
    assert!(!error.contains("13-13"), "{error}");
}

#[test]
fn lines_are_a_list_of_short_texts() {
    let known = field("known", Kind::Lines);
    let value = known.text(" one\n\n  two \r\n").unwrap().unwrap();
    assert_eq!(value, json!(["one", "two"]));
    assert_eq!(known.as_text(&value).unwrap(), "one\ntwo");
    assert_eq!(known.show(&value), "one\ntwo");
    assert_eq!(known.text(" \n\n").unwrap(), None);
    for wrong in [
        json!([]),
        json!(["a\nb"]),
        json!([" "]),
        json!([1]),
        json!("one"),
    ] {
        known.check(&wrong).unwrap_err();
    }
}

#[test]
fn what_is_required_is_not_cleared() {
    let required = |kind| Field {
        required: true,
        ..field("it", kind)
    };
    let text = required(Kind::Text);
    assert_eq!(text.text("x").unwrap(), Some(json!("x")));
    for refused in [text.text(""), text.parse("-"), text.cleared()] {
        let error = refused.unwrap_err().to_string();
        assert_eq!(error, "it is required and stays as it was");
    }
    let yes = required(Kind::Toggle);
    assert_eq!(yes.toggle(Some(&json!(false))), Some(json!(true)));
    let one = required(Kind::Choice {
        options: options(&["a", "b"]),
    });
    assert_eq!(one.toggle(Some(&json!("b"))), Some(json!("a")));
}
