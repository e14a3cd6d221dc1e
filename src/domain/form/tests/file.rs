//! Reading form files.

use super::*;

/// The single problem of a form.
fn problem(toml: &str) -> String {
    let error = LogForm::parse(toml, "log-form.toml").unwrap_err();
    assert_eq!(error.problems().len(), 1, "{error}");
    error.to_string()
}

/// The single problem of a field, written on line 4.
fn of_field(attributes: &str) -> String {
    problem(&format!(
        "[[section]]\ntitle = \"Evening\"\nfield = [\n{{ {attributes} }},\n]\n"
    ))
}

#[test]
fn the_builtin_form_parses_and_is_whole() {
    let parsed = LogForm::parse(BUILTIN, "log-form.toml").unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(parsed, LogForm::builtin());
    let sections: Vec<(&str, usize)> = parsed
        .sections
        .iter()
        .map(|s| (s.title.as_str(), s.fields.len()))
        .collect();
    assert_eq!(
        sections,
        [
            ("Morning", 7),
            ("Habits", 11),
            ("Frictions", 7),
            ("Evening", 5),
            ("Plan and recovery", 10),
            ("Context", 4),
            ("Reflection", 5),
            ("Red zone", 3),
        ]
    );
    assert_eq!(
        keys(&parsed, FormView::Quick),
        [
            "sleepQuality",
            "energy",
            "exercise",
            "vaping",
            "alcohol",
            "junkFood",
            "doomScrolling",
            "lateScreens",
            "skippedMeals",
            "excessCaffeine",
            "stress",
            "mood",
            "focus",
            "topWin",
            "tomorrowPriority",
        ]
    );
    assert_eq!(keys(&parsed, FormView::Full).len(), 52);
}

#[test]
fn the_builtin_form_keeps_the_red_zone_and_the_frictions() {
    let form = LogForm::builtin();
    let sensitive: Vec<&str> = form
        .fields(FormView::Full)
        .filter(|(_, f)| f.sensitive)
        .map(|(_, f)| f.key.as_str())
        .collect();
    assert_eq!(
        sensitive,
        [
            "topFriction",
            "familyConnection",
            "faithAlignment",
            "driftCheck"
        ]
    );
    for (section, field) in form.fields(FormView::Full) {
        let tracked = field.bounds().is_some();
        let opt_in = field.sensitive || field.key == "prayer";
        assert_eq!(field.drift, tracked && !opt_in, "{}", field.key);
        match section.title.as_str() {
            "Frictions" => assert_eq!(field.higher_is, Direction::Worse, "{}", field.key),
            "Habits" => assert_eq!(field.higher_is, Direction::Better, "{}", field.key),
            _ => {}
        }
    }
    let sleep = form.field("sleepHours").unwrap();
    assert_eq!(
        sleep.kind,
        Kind::Number {
            min: 0.0,
            max: 24.0,
            step: 0.5
        }
    );
    assert_eq!(
        form.field("urgeIntensity").unwrap().kind,
        Kind::Scale { min: 0, max: 10 }
    );
    assert_eq!(
        form.field("energy").unwrap().kind,
        Kind::Scale { min: 1, max: 10 }
    );
    let leaks = options(&[
        "bedroom",
        "car",
        "phone",
        "store route",
        "alone-time",
        "money access",
    ]);
    assert_eq!(
        form.field("leakTypes").unwrap().kind,
        Kind::Many { options: leaks }
    );
    let one_thing = form.field("oneThingPriority").unwrap();
    assert_eq!(one_thing.prompt_from.as_deref(), Some("tomorrowPriority"));
}

#[test]
fn a_key_is_found_in_any_spelling() {
    let form = LogForm::builtin();
    for spelling in [
        "familyConnection",
        "family_connection",
        "family-connection",
        "FAMILYCONNECTION",
    ] {
        assert_eq!(
            form.field(spelling).unwrap().key,
            "familyConnection",
            "{spelling}"
        );
    }
    for other in ["", "family", "familyConnections", "family connection!"] {
        assert!(form.field(other).is_none(), "{other}");
    }
    assert!(form.exact("family_connection").is_none());
}

#[test]
fn a_slip_gets_a_suggestion() {
    let form = LogForm::builtin();
    for (typed, meant) in [
        ("enrgy", Some("energy")),
        ("sleep_hour", Some("sleepHours")),
        ("stres", Some("stress")),
        ("motiv", Some("motivation")),
        ("mental", Some("mentalClarity")),
        ("faithAlignmnet", Some("faithAlignment")),
        ("xyzzy", None),
        ("", None),
        ("é", None),
    ] {
        assert_eq!(form.suggest(typed), meant, "{typed}");
    }
    assert_eq!(
        form.unknown("enrgy").to_string(),
        "there is no field `enrgy` in the form; did you mean `energy`?"
    );
    assert_eq!(
        form.unknown("a\x1b[2J").to_string(),
        "there is no field `a␛[2J` in the form"
    );
}

#[test]
fn what_the_form_does_not_know_is_sensitive() {
    let form = LogForm::builtin();
    assert!(form.is_sensitive("familyConnection"));
    assert!(form.is_sensitive("anOldQuestion"));
    assert!(!form.is_sensitive("energy"));
    assert!(LogForm::default().is_sensitive("energy"));
}

#[test]
fn both_ways_of_writing_tables_are_read() {
    let long = "view = \"full\"\n[[section]]\ntitle = \"A\"\n[[section.field]]\nkey = \"mood\"\n\
                label = \"mood\"\nkind = \"scale\"\nmax = 5\n[[section.field]]\nkey = \"note\"\n\
                label = \"note\"\nkind = \"text\"\n";
    let short = "view = 'full'\r\n[[section]]\r\ntitle = 'A'\r\nfield = [\r\n\
                 {key='mood', label='mood', kind='scale', max=5},\r\n\
                 {key='note', label='note', kind='text'}]\r\n";
    let form = LogForm::parse(long, "f").unwrap();
    assert_eq!(form, LogForm::parse(short, "f").unwrap());
    assert_eq!(form.view, FormView::Full);
    assert_eq!(keys(&form, FormView::Full), ["mood", "note"]);
    assert_eq!(
        form.field("mood").unwrap().kind,
        Kind::Scale { min: 1, max: 5 }
    );
}

#[test]
fn the_red_zone_stays_sensitive_unless_the_file_says_otherwise() {
    let read = |more: &str| {
        let toml = format!(
            "[[section]]\ntitle='A'\nfield=[{{key='driftCheck',label='d',kind='text'{more}}}]"
        );
        LogForm::parse(&toml, "f")
            .unwrap()
            .is_sensitive("driftCheck")
    };
    assert!(read(""));
    assert!(read(",sensitive=true"));
    assert!(!read(",sensitive=false"));
}

#[test]
fn a_key_defined_twice_is_named_with_both_lines() {
    let form = |second: &str| {
        format!(
            "[[section]]\ntitle = \"A\"\n[[section.field]]\nkey = \"energy\"\nlabel = \"energy\"\n\
             kind = \"scale\"\n\n[[section]]\ntitle = \"B\"\n[[section.field]]\nkey = \"{second}\"\n\
             label = \"again\"\nkind = \"scale\"\n"
        )
    };
    assert_eq!(
        problem(&form("energy")),
        "log-form.toml:11:7: field `energy` is defined twice (first in line 4); rename or remove one"
    );
    assert_eq!(
        problem(&form("enerGy")),
        "log-form.toml:11:7: field `enerGy` is defined twice (first as `energy` in line 4); \
         rename or remove one"
    );
}

#[test]
fn toml_s_own_duplicates_and_broken_syntax_have_their_place() {
    assert_eq!(
        problem("view = 'full'\nview = 'quick'\n[[section]]\n"),
        "log-form.toml:2:1: `view` is defined twice; rename or remove one"
    );
    assert_eq!(
        of_field("key = 'a', label = 'a', kind = 'text', label = 'b'"),
        "log-form.toml:4:42: `label` is defined twice; rename or remove one"
    );
    let broken = LogForm::parse("[[section]]\ntitle = \"A\n", "my form.toml").unwrap_err();
    let shown = broken.to_string();
    assert!(shown.starts_with("my form.toml:2:"), "{shown}");
    assert!(shown.contains("this is not TOML"), "{shown}");
}

#[test]
fn each_mistake_in_a_key_says_what_to_do() {
    for (attributes, message) in [
        (
            "label='x', kind='text'",
            "4:1: this field has no `key`; add key = \"…\"",
        ),
        (
            "key='x', kind='text'",
            "4:1: this field has no `label`; add label = \"…\"",
        ),
        (
            "key='x', label='x'",
            "4:1: this field has no `kind`; it is one of scale, number, toggle, choice, many, text, lines, date",
        ),
        (
            "key='family_connection', label='x', kind='text'",
            "4:7: key `family_connection` is not camelCase; write `familyConnection`",
        ),
        (
            "key='Mood', label='x', kind='text'",
            "4:7: key `Mood` is not camelCase; write `mood`",
        ),
        (
            "key='9lives', label='x', kind='text'",
            "4:7: key `9lives` is not camelCase; use letters and digits, the first a small letter",
        ),
        (
            "key='größe', label='x', kind='text'",
            "4:7: key `größe` is not camelCase; use letters and digits, the first a small letter",
        ),
        (
            "key='userid', label='x', kind='text'",
            "4:7: key `userid` is reserved for the log itself; choose another",
        ),
        (
            "key='date', label='x', kind='text'",
            "4:7: key `date` is reserved for the log itself; choose another",
        ),
    ] {
        assert_eq!(of_field(attributes), format!("log-form.toml:{message}"));
    }
}

#[test]
#[allow(clippy::too_many_lines)] // one table
fn each_mistake_in_an_attribute_says_what_to_do() {
    let base = "key = 'mood', label = 'mood'";
    // The mark stands before what the message points at.
    for (more, message) in [
        (
            "kind=^'scal'",
            "there is no kind “scal”; did you mean “scale”?",
        ),
        (
            "kind=^'slider'",
            "there is no kind “slider”; it is one of scale, number, toggle, choice, many, text, lines, date",
        ),
        (
            "kind='text', ^senstive=true",
            "a field has no attribute `senstive`; did you mean `sensitive`?",
        ),
        (
            "kind='text', sensitive=^'yes'",
            "`sensitive` is true or false, not a text; write sensitive = true without quotes, \
             or remove it",
        ),
        (
            "kind='text', quick=^1",
            "`quick` is true or false, not a number; write quick = true without quotes, or remove it",
        ),
        (
            "kind='scale', min=1, max=^20",
            "a scale from 1 to 20 cannot be set by one digit; let `min` be 0 or 1 and `max` a \
             whole number up to 10, or use kind = \"number\"",
        ),
        (
            "kind='scale', max=^'ten'",
            "`max` is a plain number; write max = 1 without quotes",
        ),
        (
            "kind=^'number', max=5",
            "a number needs a range; add `min` and `max`",
        ),
        (
            "kind='number', min=5, max=^5",
            "the range 5 to 5 is not one; let `min` be below `max`, both within ±1000000000",
        ),
        (
            "kind='number', min=0, max=^inf",
            "`max` is a plain number; write max = 1 without quotes",
        ),
        (
            "kind='number', min=0, max=5, step=^0",
            "a step of 0 does not fit the range 0 to 5; give one between 0.001 and 5",
        ),
        (
            "kind='number', min=0, max=5, start=^7",
            "start 7 is no answer of this field; give one from 0 to 5 in steps of 1",
        ),
        (
            "kind=^'choice'",
            "this kind needs options; add options = [\"…\", \"…\"]",
        ),
        ("kind='many', options=^[]", "0 options; give 1 to 30"),
        (
            "kind='many', options=^'red'",
            "`options` is a list of texts, not a text; write options = [\"…\", \"…\"]",
        ),
        (
            "kind='many', options=['a-b',^'A b']",
            "option “A b” is given twice; rename or remove one",
        ),
        (
            "kind='many', options=[^'a,b']",
            "option “a,b” cannot be typed; use letters, without commas and outer blanks",
        ),
        (
            "kind='many', options=[^1]",
            "an option is text, not a number; put it in quotes",
        ),
        (
            "kind='text', options=^['a']",
            "`options` belongs to kinds choice and many, and `mood` is of kind text; remove it",
        ),
        (
            "kind='text', drift=^true",
            "`mood` is of kind text, which has no figures for drift; remove `drift`",
        ),
        (
            "kind='scale', higher_is=^'good'",
            "`higher_is` is “better”, “worse” or “neutral”; write one of them",
        ),
        (
            "kind='text', prompt_from=^'moood'",
            "there is no field `moood`; did you mean `mood`?",
        ),
    ] {
        let line = format!("{base}, {more}");
        let column = 3 + line.find('^').unwrap();
        assert_eq!(
            of_field(&line.replace('^', "")),
            format!("log-form.toml:4:{column}: {message}")
        );
    }
}

#[test]
fn texts_of_the_form_are_short_and_clean() {
    for (attributes, message) in [
        (
            format!("key='a', kind='text', label='{}'", "x".repeat(41)),
            "`label` has 41 characters; keep it to 40",
        ),
        (
            "key='a', kind='text', label=' '".to_owned(),
            "`label` is empty; write something or remove it",
        ),
        (
            "key='a', kind='text', label=\"a\\u001b[2J\"".to_owned(),
            "`label` holds a control character (U+001B); remove it",
        ),
        (
            "key='a', kind='text', label=\"a\\u202eb\"".to_owned(),
            "`label` holds a control character (U+202E); remove it",
        ),
        (
            "key='a', kind='text', label=7".to_owned(),
            "`label` is text, not a number; put it in quotes",
        ),
    ] {
        let shown = of_field(&attributes);
        assert!(shown.ends_with(message), "{shown}");
        assert!(!shown.contains(|c: char| c.is_control()), "{shown:?}");
    }
}

#[test]
fn sections_must_have_a_title_and_fields() {
    let field = "field = [{ key = 'a', label = 'a', kind = 'text' }]";
    for (toml, message) in [
        (
            String::new(),
            "1:1: the form is empty; add a [[section]] or remove it",
        ),
        (
            "section = []".to_owned(),
            "1:11: the form is empty; add a [[section]] or remove it",
        ),
        (
            "[section]\ntitle = 'A'\n".to_owned(),
            "1:1: the form takes a list of tables here; write [[section]]",
        ),
        (
            "[[section]]\ntitle = 'A'\n".to_owned(),
            "1:1: section “A” is empty; add a [[section.field]] or remove it",
        ),
        (
            format!("[[section]]\n{field}\n"),
            "1:1: this section has no `title`; add title = \"…\"",
        ),
        (
            format!("[[section]]\ntitel = 'A'\ntitle = 'A'\n{field}\n"),
            "2:1: a section has no attribute `titel`; did you mean `title`?",
        ),
        (
            format!("[[section]]\ntitle = 'A'\n{field}\n[[sections]]\n"),
            "4:3: the form has no attribute `sections`; did you mean `section`?",
        ),
        (
            format!("view = 'brief'\n[[section]]\ntitle = 'A'\n{field}\n"),
            "1:8: `view` is “quick” or “full”; write one of them",
        ),
    ] {
        assert_eq!(problem(&toml), format!("log-form.toml:{message}"), "{toml}");
    }
}

#[test]
fn all_mistakes_are_reported_in_order() {
    let error = LogForm::parse(
        "view = 1\n[[section]]\ntitle = 'A'\nfield = [\n{ key = 'a_b', label = 'a', kind = 'text' },\n\
         { key = 'b', label = 'b', kind = 'slide' },\n]\n",
        "log-form.toml",
    )
    .unwrap_err();
    let lines: Vec<usize> = error.problems().iter().map(|p| p.line).collect();
    assert_eq!(lines, [1, 5, 6]);
    assert_eq!(error.to_string().lines().count(), 3);
}

proptest::proptest! {
    #[test]
    fn no_file_makes_the_reader_panic_or_its_message_hostile(
        junk in "[\\PC\\x00-\\x1f\u{202e}]{0,80}", at in 0_usize..9000,
    ) {
        let mut at = at.min(BUILTIN.len());
        while !BUILTIN.is_char_boundary(at) {
            at -= 1;
        }
        let toml = format!("{}{junk}{}", &BUILTIN[..at], &BUILTIN[at..]);
        if let Err(error) = LogForm::parse(&toml, "f\x1b.toml") {
            for problem in error.problems() {
                let shown = problem.to_string();
                proptest::prop_assert_eq!(printable(&shown), shown.as_str());
                proptest::prop_assert!(problem.line <= toml.lines().count() + 1);
            }
        }
    }
}
