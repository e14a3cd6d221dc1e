//! The choices of an export, by keys, and the words it is sealed with.

use harriswildlands::app::effect::{Effect, Job};
use harriswildlands::app::job::ExportOrder;
use harriswildlands::domain::export_format::ExportForm;
use harriswildlands::domain::secret::Exit;

use crate::stage::{FakeStore, Stage};

fn ordered(stage: &Stage) -> ExportOrder {
    let mut orders = stage.effects.iter().filter_map(|effect| match effect {
        Effect::Transfer(Job::ExportAs(order)) => Some((**order).clone()),
        _ => None,
    });
    orders.next_back().expect("an export was ordered")
}

#[test]
fn what_was_chosen_is_what_is_exported() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("X");
    assert!(stage.screen().contains("the document (JSON)"));
    stage.keys("ljljl2026-11-01<Enter>jl1<Enter>");
    let screen = stage.screen();
    for said in ["Markdown", "covered", "since 2026-11-01", "logs"] {
        assert!(screen.contains(said), "{said}: {screen}");
    }
    stage.keys("<Enter>");
    let order = ordered(&stage);
    assert_eq!(order.form, ExportForm::Markdown);
    assert!(order.redacted && order.words.is_none());
    assert_eq!(order.since, Some(jiff::civil::date(2026, 11, 1)));
    assert_eq!(
        order
            .only
            .unwrap()
            .iter()
            .map(|table| table.sql)
            .collect::<Vec<_>>(),
        ["logs"]
    );
    assert!(order.questions.has_key("driftCheck"));
}

#[test]
fn the_words_are_asked_for_twice_and_never_shown() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("Xjjjjlsecret qX<Enter>");
    assert!(stage.screen().contains("same again"), "{}", stage.screen());
    stage.keys("other<Enter>");
    assert!(
        stage.screen().contains("not the same"),
        "{}",
        stage.screen()
    );
    stage.keys("secret qX");
    assert!(!stage.screen().contains("secret"), "{}", stage.screen());
    stage.keys("<Enter>secret qX<Enter>");
    assert!(
        stage.screen().contains("set; the file is sealed"),
        "{}",
        stage.screen()
    );
    stage.keys("<Enter>");
    let order = ordered(&stage);
    assert!(!format!("{:?} {:?}", order, stage.effects).contains("secret"));
    assert_eq!(
        order.words.unwrap().expose(Exit::Export).as_str(),
        "secret qX"
    );
}

#[test]
fn where_a_choice_is_cut_it_is_told_in_full_below() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.keys("X");
    stage.resize(40, 12);
    stage.sees("the document (JSON), which can be    ");
    stage.sees("imported");
    stage.keys("G");
    stage.keys("jjjj");
    stage.sees("anybody who has the file can");
}
