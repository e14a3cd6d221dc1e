//! Search: typed, moved through, revealed, opened in place.

use crate::stage::{FakeStore, PLANTED, Stage};
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::search::{Area, Search};
use harriswildlands::store::api::{Event, Query, Request};
use jiff::civil::date;
use serde_json::json;

use super::{Msg, lost};

#[test]
fn what_is_typed_is_found_and_opened_in_its_place() {
    let mut stage = Stage::online(FakeStore::with_hits());
    stage.keys("<Tab>/les").sees("4 found");
    stage.sees("Finished the lesson plan");
    stage.keys("son<Enter>").sees("Fri 20 Nov · 3 days ago");
    assert!(stage.model.layers.is_empty());
    assert_eq!(stage.model.active, 0, "the day's own screen");
    // The cursor is on the field where the word stands.
    stage.keys("<Enter>").sees("top win");
}

#[test]
fn a_record_is_opened_where_it_can_be_read() {
    let mut store = FakeStore::with_hits();
    let fields = json!({"subject": "Science", "topic": "photosynthesis"});
    let id = store.put_record(Lane::Teaching, fields);
    for hit in &mut store.hits {
        if hit.area == Area::Lane(Lane::Teaching) {
            hit.id = id;
        }
    }
    let mut stage = Stage::online(store);
    stage.keys("/photosyn<Enter>").sees("photosynthesis");
    stage.does_not_see("found");
    assert_eq!(stage.model.layers.len(), 1, "its form");
    stage.keys("<Esc>").sees("▸ Science: photosynthesis");
}

#[test]
fn letters_are_text_and_arrows_move() {
    let mut stage = Stage::online(FakeStore::with_hits());
    stage.resize(80, 24);
    stage.keys("/jkgqV?").sees("jkgqV?");
    stage
        .keys("<C-u>lesson<C-n><C-n><Down><C-p>")
        .sees("▸ checkins");
    stage.keys("<PgDn>").sees("▸ teaching");
    stage.keys("<PgUp><PgUp>").sees("▸ log");
    stage.keys("<Esc>").does_not_see("checkins");
}

#[test]
fn private_hits_are_masked_until_revealed_one_by_one() {
    let mut stage = Stage::online(FakeStore::with_hits());
    stage.resize(120, 30);
    stage.keys("/lesson");
    stage.does_not_see(PLANTED);
    stage.keys("<Down><M-v>").sees("a lesson in it");
    stage.does_not_see("after the lesson");
    stage.keys("<Down><C-v>").sees("after the lesson");
    stage.does_not_see("a lesson in it");
    // Closing masks again.
    stage.keys("<Esc>/lesson").does_not_see(PLANTED);
}

#[test]
fn only_the_latest_question_counts_and_nothing_blocks_typing() {
    let mut stage = Stage::online(FakeStore::with_hits());
    stage.store.silent = true;
    stage.keys("/lesson");
    stage.sees("searching");
    let asked: Vec<(u64, Query)> = stage
        .requests
        .drain(..)
        .filter_map(|request| match request {
            Request::Query {
                generation,
                query: query @ Query::Search(_),
            } => Some((generation, query)),
            Request::Query { .. }
            | Request::Write(_)
            | Request::SearchLanguage(_)
            | Request::Drift(_)
            | Request::Reconnect => None,
        })
        .collect();
    // From the second letter on.
    assert_eq!(asked.len(), 5);
    stage.store.silent = false;
    // A late answer to an earlier one changes nothing.
    let answer = |stage: &mut Stage, at: usize| {
        let (generation, query) = asked[at].clone();
        let result = Ok(stage.store.answer(&query));
        stage.send(Msg::Store(Event::Answered {
            generation,
            query,
            result,
        }));
    };
    answer(&mut stage, 1);
    stage.sees("searching");
    answer(&mut stage, 4);
    stage.sees("4 found");
    // While the next answer is awaited, the last one stays.
    stage.store.silent = true;
    stage.keys("s").sees("searching");
    stage.sees("Finished the lesson plan");
}

#[test]
fn enter_before_the_answer_opens_it_when_it_comes() {
    let mut stage = Stage::online(FakeStore::with_hits());
    stage.store.silent = true;
    stage.keys("/finished<Enter>");
    assert_eq!(stage.model.layers.len(), 1);
    let request = stage.requests.pop().expect("a question");
    stage.store.silent = false;
    let Request::Query { generation, query } = request else {
        panic!("no question")
    };
    let result = Ok(stage.store.answer(&query));
    stage.send(Msg::Store(Event::Answered {
        generation,
        query,
        result,
    }));
    assert!(stage.model.layers.is_empty());
    stage.sees("Fri 20 Nov · 3 days ago");
}

#[test]
fn a_filter_that_is_not_finished_waits_and_a_wrong_one_says_so() {
    let mut stage = Stage::online(FakeStore::with_hits());
    stage.keys("/lesson in:").sees("in: waits for log");
    stage.sees("Finished the lesson plan");
    stage.keys("idaes ").sees("ideas may be meant");
    stage.keys("<BS><BS><BS><BS><BS><BS>ideas ").sees("4 found");
}

#[test]
fn offline_it_says_so_and_asks_once_the_link_is_back() {
    let mut stage = Stage::online(FakeStore::with_hits());
    stage.disconnect(lost());
    stage.keys("/lesson").sees("not connected");
    stage.connect();
    stage.sees("4 found");
    let form = harriswildlands::domain::form::LogForm::builtin();
    let search = Search::typing("lesson", &form, date(2026, 11, 23))
        .unwrap()
        .search;
    assert!(stage.model.world.cache.found(&search).is_some());
}

#[test]
fn what_only_is_similar_says_so() {
    let mut store = FakeStore::with_hits();
    for hit in &mut store.hits {
        hit.similar = hit.area != Area::Log;
    }
    let mut stage = Stage::online(store);
    stage.resize(100, 30);
    stage.keys("/lesson").sees("1 found; 3 with a similar word");
    stage.sees("similar reality-checked archived");
    stage.does_not_see(PLANTED);
    stage
        .keys("<C-u>photosyn")
        .sees("nothing found; 1 with a similar word");
}
