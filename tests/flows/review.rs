//! Review: the week on the screen, going through it, answers, earlier reviews, what is written.

use harriswildlands::app::effect::Effect;
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::review::Review;
use harriswildlands::domain::secret::Exit;
use jiff::ToSpan as _;
use serde_json::{Value, json};

use super::stage::review::LAST_WEEK;
use super::stage::{FakeStore, PLANTED, Stage, TODAY};
use super::teaching::{in_front, written};

fn shown() -> Stage {
    in_front(FakeStore::with_days(), "review")
}

/// The only review that is stored.
fn stored(stage: &Stage) -> Option<Review> {
    let mut reviews = stage
        .store
        .records
        .values()
        .filter(|one| one.lane == Lane::Reviews);
    let review = reviews.next()?;
    assert!(reviews.next().is_none(), "one review of a week");
    Some(Review::read(review.fields.expose(Exit::Database)))
}

fn answer(review: &Review, key: &str) -> Option<String> {
    review
        .answers
        .get(key)
        .map(|text| text.expose(Exit::Database).clone())
}

#[test]
fn a_week_is_seen_against_what_is_typical() {
    let mut stage = shown();
    stage.resize(160, 50);
    stage.sees("2026-W47");
    stage.sees("Mon 16 to Sun 22 Nov 2026");
    stage.sees("days logged");
    stage.sees("typical");
    stage.sees("new 18 Nov");
    stage.sees("energy averaged 4.6");
    stage.sees("ended 20 Nov");
    stage.sees("Dinner with all of us");
    stage.sees("What was in the way?");
    stage.keys("[");
    stage.sees("2026-W46");
    stage.keys("t");
    stage.sees("2026-W48");
    stage.keys("]");
    stage.sees("2026-W48");
    stage.keys("d2026-11-17<Enter>");
    stage.sees("2026-W47");
}

#[test]
fn what_the_cursor_is_on_is_opened_where_it_is_at_home() {
    let mut stage = shown();
    stage.resize(160, 50);
    let name = |stage: &Stage| stage.model.screens[stage.model.active].name();
    stage.keys("j<Enter>");
    assert_eq!(name(&stage), "lifeops");
    stage.show("review").keys("gGkkk");
    // From the end: three questions, then lessons, ideas, signals, goals.
    let mut seen = Vec::new();
    for _ in 0..12 {
        stage.keys("<Enter>");
        seen.push(name(&stage));
        // A record is opened as a form over its screen.
        stage.keys("<Esc>").show("review").keys("k");
    }
    for wanted in ["teaching", "lifeops", "goals"] {
        assert!(seen.contains(&wanted), "{wanted}: {seen:?}");
    }
}

#[test]
fn a_review_is_gone_through_in_one_pass() {
    let mut stage = shown();
    stage.resize(40, 12);
    stage.keys("r");
    stage.sees("1 of 7");
    assert_eq!(stored(&stage).unwrap().place.as_deref(), Some("days"));
    stage.keys("<Enter>");
    stage.sees("2 of 7");
    stage.keys("<Enter><Enter>");
    stage.sees("4 of 7");
    stage.keys("<Enter>");
    stage.sees("What happened that the figures");
    stage.keys("A storm on Tuesday<Enter>");
    stage.keys("Trains<Enter>");
    stage.keys("Rest<Enter>");
    stage.sees("the review of 2026-W47 is kept, with");
    let review = stored(&stage).unwrap();
    assert_eq!(review.week_start, Some(LAST_WEEK));
    assert_eq!(
        answer(&review, "answers.notInFigures").as_deref(),
        Some("A storm on Tuesday")
    );
    assert_eq!(
        answer(&review, "answers.inTheWay").as_deref(),
        Some("Trains")
    );
    assert_eq!(
        answer(&review, "answers.comingWeek").as_deref(),
        Some("Rest")
    );
    assert_eq!(review.place, None);
    assert!(review.completed_at.is_some());
    assert_eq!(review.figures.unwrap().as_of, TODAY);
    stage.resize(80, 24);
    stage.keys("<Esc>");
    stage.sees("reviewed 23 Nov");
    stage.does_not_see("storm");
    // One key takes the completing back, not the places on the way.
    stage.keys("u");
    let review = stored(&stage).unwrap();
    assert_eq!(review.completed_at, None);
    assert!(review.figures.is_none());
    assert_eq!(
        answer(&review, "answers.comingWeek").as_deref(),
        Some("Rest")
    );
    stage.keys("u");
    assert_eq!(answer(&stored(&stage).unwrap(), "answers.comingWeek"), None);
}

#[test]
fn leaving_half_way_keeps_the_place_also_for_a_second_run() {
    let mut stage = shown();
    stage.keys("r<Enter><Enter><Esc>");
    stage.sees("left at 3 of 7");
    let store = std::mem::take(&mut stage.store);
    let mut second = in_front(store, "review");
    second.sees("left at 3 of 7");
    second.keys("r");
    second.sees("3 of 7");
    second.keys("<Enter><Enter>Half<Esc>");
    // The text is saved and its question stays in front.
    let review = stored(&second).unwrap();
    assert_eq!(
        answer(&review, "answers.notInFigures").as_deref(),
        Some("Half")
    );
    assert_eq!(review.place.as_deref(), Some("answers.notInFigures"));
    second.keys("<Esc>");
    second.sees("left at 5 of 7");
    let store = std::mem::take(&mut second.store);
    let mut third = in_front(store, "review");
    third.keys("r");
    third.sees("Half");
    third.keys("<Enter>");
    assert_eq!(
        stored(&third).unwrap().place.as_deref(),
        Some("answers.inTheWay")
    );
    third.keys("<Esc><BS>");
    assert_eq!(
        stored(&third).unwrap().place.as_deref(),
        Some("answers.notInFigures")
    );
}

#[test]
fn an_answer_is_masked_until_it_is_revealed() {
    let mut stage = shown();
    stage.keys("e");
    stage.keys(&format!("{PLANTED}<Esc>"));
    assert_eq!(
        answer(&stored(&stage).unwrap(), "answers.notInFigures").as_deref(),
        Some(PLANTED)
    );
    stage.keys("Gkk");
    stage.does_not_see(PLANTED);
    stage.keys("v");
    stage.sees(PLANTED);
    stage.keys("m");
    stage.does_not_see(PLANTED);
}

#[test]
fn earlier_reviews_show_the_figures_of_their_day_and_what_differs() {
    let mut stage = shown();
    stage.keys("o");
    stage.sees("there is no review yet");
    stage.keys("r<Enter><Enter><Enter><Enter>one<Enter><Enter><Enter>");
    stage.sees("kept, with the figures");
    // A day of that week is filled in afterwards.
    let late = LAST_WEEK.saturating_add(1.day());
    stage
        .store
        .put(late, json!({"energy": 1, "mood": 1, "stress": 10}));
    stage.keys("RoR");
    stage.sees("earlier reviews");
    stage.sees("2026-W47");
    stage.keys("<Enter>");
    stage.sees("as of 23 Nov");
    stage.sees("differ now");
    stage.keys("f");
    stage.does_not_see("as of 23 Nov");
}

#[test]
fn a_week_is_written_as_markdown_masked_unless_asked() {
    let mut stage = shown();
    stage.keys("e").keys(&format!("{PLANTED}<Esc>"));
    stage.keys("w1");
    let masked = written(&stage);
    assert_eq!(masked.stem, "review-2026-W47");
    let text = masked.markdown.expose(Exit::Export);
    assert!(text.starts_with("# Week 2026-W47\n"), "{text}");
    assert!(
        text.contains("## What happened that the figures do not show?") && !text.contains(PLANTED),
        "{text}"
    );
    stage.keys("w2");
    let text = written(&stage).markdown.expose(Exit::Export).clone();
    assert!(text.contains(PLANTED), "{text}");
    assert!(
        stage
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Write(_)))
    );
}

#[test]
fn fields_of_the_red_zone_are_there_only_when_opted_in_and_masked_then() {
    let mut store = FakeStore::with_days();
    let form = harriswildlands::domain::form::LogForm::parse(
        "[[section]]\ntitle = \"Day\"\nfield = [\n\
         { key = \"energy\", label = \"energy\", kind = \"scale\", drift = true },\n\
         { key = \"mood\", label = \"secret mood\", kind = \"scale\", sensitive = true, drift = true } ]\n",
        "form.toml",
    );
    let form = form.unwrap();
    let mut out = Stage::with_form(FakeStore::with_days(), form.clone());
    out.connect();
    out.show("review");
    out.does_not_see("secret mood");
    store.opted_in.insert("mood".to_owned());
    let mut stage = Stage::with_form(store, form);
    stage.connect();
    stage.show("review");
    stage.sees("secret mood");
    let line = |stage: &Stage| {
        let screen = stage.screen();
        let line = screen
            .lines()
            .find(|line| line.contains("secret mood"))
            .unwrap();
        line.split("secret mood").nth(1).unwrap().to_owned()
    };
    assert!(
        !line(&stage).contains(|c: char| c.is_ascii_digit()),
        "{}",
        line(&stage)
    );
    stage.keys("V");
    assert!(
        line(&stage).contains(|c: char| c.is_ascii_digit()),
        "{}",
        line(&stage)
    );
}

#[test]
fn a_deleted_review_comes_back_by_undo() {
    let mut stage = shown();
    stage.keys("D");
    stage.sees("nothing is written about this week");
    stage.keys("etext<Esc>DD");
    assert_eq!(stored(&stage), None);
    stage.keys("u");
    assert_eq!(
        answer(&stored(&stage).unwrap(), "answers.notInFigures").as_deref(),
        Some("text")
    );
}

#[test]
fn a_review_that_was_found_is_shown_in_its_week() {
    let mut stage = shown();
    let fields = json!({"weekStart": "2026-10-05", "answers.inTheWay": "x"});
    let id = stage.store.put_record(Lane::Reviews, fields);
    let target = harriswildlands::app::part::Target::Record {
        lane: Lane::Reviews,
        id,
    };
    let screen = stage.model.screens[stage.model.active].takes(&target);
    assert!(screen);
    stage.keys("R");
    stage.keys("o<Enter>");
    stage.sees("2026-W41");
    let held: Option<Value> = stage.store.held(id, "answers.inTheWay");
    assert_eq!(held, Some(json!("x")));
}

#[test]
fn a_review_and_what_stands_in_it_have_their_histories() {
    let mut stage = shown();
    stage.keys(&format!("G<Enter>{PLANTED}<Enter><Esc>"));
    stage.keys("m");
    stage.does_not_see(PLANTED);
    stage.keys("gH");
    stage.sees("History of a weekly review");
    stage.keys("<Enter>");
    stage.sees("Version 2 of a weekly review");
    stage.does_not_see(PLANTED);
    stage.keys("v");
    stage.sees(PLANTED);
    // Figures may be those of a private field: here they are named alone.
    stage.keys("m<Esc><Esc>r<Enter><Enter><Enter><Enter><Enter><Enter>next week<Enter>");
    stage.sees("kept, with the figures");
    stage.keys("gH");
    stage.sees("figures");
    stage.keys("<Enter>");
    stage.does_not_see("yearBefore");
}
