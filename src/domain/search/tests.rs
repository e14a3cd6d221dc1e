#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
use std::collections::BTreeMap;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::domain::form::LogForm;
use crate::domain::ids::RecordId;
use crate::domain::secret::{Exit, Secret};

const TODAY: Date = date(2026, 11, 23);

fn typing(line: &str) -> Result<Reading, SearchError> {
    Search::typing(line, &LogForm::builtin(), TODAY)
}

fn whole(line: &str) -> Result<Search, SearchError> {
    Search::whole(line, &LogForm::builtin(), TODAY)
}

fn asked(search: &Search) -> String {
    let (words, phrases) = search.tsquery().unwrap();
    format!("{words} / {phrases}")
}

#[test]
fn words_phrases_and_exclusions() {
    let search = whole(r#"lesson "call the bank" -stress plan*"#).unwrap();
    assert_eq!(
        asked(&search),
        "'lesson' & 'plan':* / 'call the bank' & !'stress'"
    );
    assert_eq!(search.tables(), None);
    assert_eq!(search.first_word(), Some("lesson"));
    let hostile = whole(r"o'neil\ x':*|!a & b").unwrap();
    assert_eq!(asked(&hostile), r"'o''neil\\' & 'x'':*|!a' & 'b' / ");
    assert_eq!(whole("- & !").unwrap_err(), SearchError::Nothing);
}

#[test]
fn the_last_word_is_a_beginning_until_something_follows() {
    let last = |line: &str| {
        let (words, phrases) = typing(line).unwrap().search.tsquery()?;
        Some(format!("{words}{phrases}"))
    };
    assert_eq!(last("morning ru").unwrap(), "'morning' & 'ru':*");
    assert_eq!(last("morning ru ").unwrap(), "'morning' & 'ru'");
    assert_eq!(last("morning \"quiet ti").unwrap(), "'morning''quiet ti':*");
    assert_eq!(last("morning -ru").unwrap(), "'morning'!'ru'");
    // One letter begins nearly everything; a sign of a language that writes words with one does not.
    assert_eq!(last("m"), None);
    assert_eq!(last("m ").unwrap(), "'m'");
    assert_eq!(last("家").unwrap(), "'家':*");
}

#[test]
fn filters_narrow_it_down() {
    let search =
        whole("in:ideas in:check-in before:2026-11-01 after:-30 status:parked run").unwrap();
    assert_eq!(search.tables().unwrap(), ["ideas", "check_ins"]);
    assert_eq!(search.before(), Some(date(2026, 11, 1)));
    assert_eq!(search.after(), Some(date(2026, 10, 24)));
    assert_eq!(search.statuses().unwrap(), ["parked"]);
    assert_eq!(asked(&search), "'run' / ");
    // The narrower of two counts.
    let twice =
        whole("before:2026-11-01 before:2026-10-01 after:2026-01-01 after:2026-02-01").unwrap();
    assert_eq!(twice.before(), Some(date(2026, 10, 1)));
    assert_eq!(twice.after(), Some(date(2026, 2, 1)));
    assert_eq!(
        whole("status:reality-checked").unwrap().tables().unwrap(),
        ["ideas"]
    );
}

#[test]
fn figures_are_compared_where_they_are() {
    let path = |line: &str| whole(line).unwrap().jsonpath().unwrap();
    assert_eq!(path("energy>=7"), r#"($."energy" >= 7)"#);
    assert_eq!(
        path("energy >= 7 sleep_hours<6,5"),
        r#"($."energy" >= 7) && ($."sleepHours" < 6.5)"#
    );
    assert_eq!(path("priority=3"), r#"($."priority" == 3)"#);
    assert_eq!(path("weekly-minimum>4"), r#"($."weekly_minimum" > 4)"#);
    assert_eq!(path("exercise=yes"), r#"($."exercise" == true)"#);
    assert_eq!(whole("energy>=7").unwrap().tables().unwrap(), ["logs"]);
    assert_eq!(
        whole("priority=3").unwrap().tables().unwrap(),
        ["ideas", "goals"]
    );
    assert_eq!(
        whole("excitement>8 in:ideas").unwrap().tables().unwrap(),
        ["ideas"]
    );
}

#[test]
fn a_filter_at_the_end_waits_and_one_that_is_followed_is_wrong() {
    for (line, words) in [
        ("run in:", "in: waits for log, ideas, goals …"),
        ("run in:idaes", "in: ideas may be meant"),
        (
            "run before:",
            "before: waits for a date, such as 2026-11-23 or -7",
        ),
        (
            "run status:parkd",
            "no record has that status; parked may be meant",
        ),
        (
            "run energy>",
            "energy is compared with a number, as in energy>=7",
        ),
        (
            "run enrgy>5",
            "no field enrgy has numbers; energy may be meant",
        ),
        (
            "run exercise>3",
            "exercise is yes or no: write exercise=yes or exercise=no",
        ),
        (
            "run befor:2026",
            "there is no filter befor: ; before: may be meant",
        ),
    ] {
        let reading = typing(line).unwrap();
        assert_eq!(asked(&reading.search), "'run' / ", "{line}");
        assert_eq!(reading.waits.unwrap().to_string(), words, "{line}");
        if !line.ends_with(['>', ':']) {
            assert_eq!(typing(&format!("{line} x")).unwrap_err().to_string(), words);
        }
        assert_eq!(whole(line).unwrap_err().to_string(), words, "{line}");
    }
    // A colon in an ordinary text is none of ours.
    let text = whole("todo:buy 12:30").unwrap();
    assert_eq!(asked(&text), "'todo' & 'buy' & '12:30' / ");
}

#[test]
fn a_question_formats_as_a_mask() {
    let search = whole("planted-needle").unwrap();
    assert!(!format!("{search:?} {:?}", typing("needle")).contains("needle"));
}

#[test]
fn the_statuses_are_those_of_the_lanes() {
    use crate::domain::idea::Status;
    let ideas: Vec<&str> = Status::ALL.iter().map(|status| status.word()).collect();
    assert_eq!(Area::Lane(Lane::Ideas).statuses(), ideas);
}

fn hit(area: Area, texts: &[(&str, &str)]) -> Hit {
    let texts: BTreeMap<String, String> = texts
        .iter()
        .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
        .collect();
    Hit {
        area,
        id: RecordId::new(),
        day: TODAY,
        title: None,
        status: None,
        archived: false,
        of_private_goal: false,
        similar: false,
        texts: Secret::new(texts),
    }
}

#[test]
fn a_piece_is_of_one_field_and_an_open_one_if_it_can_be() {
    let form = LogForm::builtin();
    let search = whole("bank").unwrap();
    let texts = [
        ("driftCheck", "the bank again"),
        ("topWin", "Called\nthe BANK, at last"),
        ("lessonsLearned", "nothing"),
    ];
    let piece = hit(Area::Log, &texts).piece(&search, &form).unwrap();
    assert_eq!((piece.key.as_str(), piece.private), ("topWin", false));
    let text = piece.text.expose(Exit::Output);
    assert_eq!(text, "Called the BANK, at last");
    assert_eq!(&text[piece.found.unwrap()], "BANK");
    // Where only a private text has it, that is shown, masked, rather than another.
    let piece = hit(Area::Log, &[texts[0], texts[2]])
        .piece(&search, &form)
        .unwrap();
    assert_eq!((piece.key.as_str(), piece.private), ("driftCheck", true));
    assert!(!format!("{piece:?}").contains("bank"));
}

#[test]
fn what_is_private_follows_the_area() {
    let form = LogForm::builtin();
    let private = |area, goal, key: &str| {
        let mut hit = hit(area, &[]);
        hit.of_private_goal = goal;
        hit.is_private(key, &form)
    };
    assert!(private(Area::Lane(Lane::Ideas), false, "pitch"));
    assert!(private(Area::Lane(Lane::CheckIns), true, "note"));
    assert!(!private(Area::Lane(Lane::CheckIns), false, "note"));
    assert!(private(Area::Log, false, "driftCheck"));
    assert!(private(Area::Log, false, "aKeyThatLeftTheForm"));
    assert!(!private(Area::Log, false, "topWin"));
    assert!(!private(Area::Lane(Lane::Content), false, "content.body"));
}

#[test]
fn a_long_text_is_cut_around_the_word() {
    let form = LogForm::builtin();
    let long = format!("{} harvest {}", "word ".repeat(400), "tail ".repeat(400));
    let piece = |question: &str| {
        let search = whole(question).unwrap();
        hit(Area::Log, &[("topWin", &long)])
            .piece(&search, &form)
            .unwrap()
    };
    let found = piece("HARVEST");
    let text = found.text.expose(Exit::Output);
    assert!(
        text.starts_with('…') && text.chars().count() < 300,
        "{text}"
    );
    assert_eq!(&text[found.found.unwrap()], "harvest");
    // Found by its stem: the beginning that both have.
    let found = piece("harvesting");
    assert_eq!(
        &found.text.expose(Exit::Output)[found.found.unwrap()],
        "harvest"
    );
    assert!(piece("elsewhere").found.is_none());
}

#[test]
fn counts_are_read_easily() {
    let count = |total, capped| {
        Found {
            hits: vec![],
            total,
            capped,
            alike: None,
        }
        .count()
    };
    assert_eq!(count(3, false), "3");
    assert_eq!(count(10_000, true), "10,000+");
    assert_eq!(count(1_234, false), "1,234");
}

#[test]
fn a_word_with_a_slip_is_compared_with_those_that_are_there() {
    let alike = |search: &Search, words: &[&str]| {
        let of = search.uncertain().pop().unwrap();
        let known: Vec<_> = words
            .iter()
            .map(|word| (of.clone(), (*word).to_owned()))
            .collect();
        search.or_alike(&known).map(|wide| asked(&wide))
    };
    let search = whole("the Gadren").unwrap();
    assert_eq!(search.uncertain(), ["the", "gadren"]);
    let wide = alike(&search, &["garden", "gardens", "garter", "harden"]);
    assert_eq!(
        wide.unwrap(),
        "'the' & ('Gadren' | 'garden' | 'gardens' | 'harden') / "
    );
    assert_eq!(alike(&search, &["soil"]), None);
    assert_eq!(
        alike(&search, &["garden", "gadren"]),
        None,
        "it is one of the person's words"
    );
    // A short word has room for one slip, and what is shorter, no word, or excluded for none.
    let short = whole("haed").unwrap();
    assert_eq!(
        alike(&short, &["head", "heard"]).unwrap(),
        "('haed' | 'head') / "
    );
    assert!(
        whole("ab r2d2 -bank \"call the\" 家")
            .unwrap()
            .uncertain()
            .is_empty()
    );
    // While it is typed, the beginnings count.
    let begun = typing("photosin").unwrap().search;
    assert_eq!(
        alike(&begun, &["photosynthesis", "photograph"]).unwrap(),
        "('photosin':* | 'photosynthesis') / "
    );
    assert_eq!(alike(&begun, &["photosynthesis", "photosinx"]), None);
    // The place that is shown is that of the word that was meant.
    let known = [("gadren".to_owned(), "garden".to_owned())];
    let wide = whole("Gadren").unwrap().or_alike(&known).unwrap();
    let form = LogForm::builtin();
    let found = hit(Area::Log, &[("topWin", "in the garden")]);
    assert_eq!(found.piece(&wide, &form).unwrap().found, Some(7..13));
}

proptest! {
    #[test]
    fn nothing_that_is_typed_ends_the_program(line in "\\PC{0,60}", text in "\\PC{0,80}") {
        let form = LogForm::builtin();
        for search in [
            typing(&line).ok().map(|reading| reading.search),
            whole(&line).ok(),
        ].into_iter().flatten() {
            let _ = (search.tsquery(), search.jsonpath(), search.tables());
            let _ = hit(Area::Log, &[("topWin", &text), ("x", &line)]).piece(&search, &form);
        }
    }

    #[test]
    fn signs_of_the_grammar_in_any_order(
        line in r#"([-":*<>=!&|'\\ ]|in:|before:|status:|energy|exercise|ideas|7|ß|İ|\x00){0,14}"#
    ) {
        let form = LogForm::builtin();
        if let Ok(reading) = typing(&line) {
            // Quotes are balanced, so that nothing typed becomes notation.
            if let Some((words, phrases)) = reading.search.tsquery() {
                prop_assert_eq!((words + &phrases).matches('\'').count() % 2, 0);
            }
            let _ = hit(Area::Log, &[("topWin", &line)]).piece(&reading.search, &form);
        }
        let _ = whole(&line);
    }
}
