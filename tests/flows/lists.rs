//! A list of records of any length: moving, what comes and goes around the cursor, deleting.

use crate::stage::{FakeStore, Stage};
use harriswildlands::app::command::Table;
use harriswildlands::app::part::{Behaviour, Handled, Input, Intent};
use harriswildlands::app::world::World;
use harriswildlands::domain::ids::{RecordId, RequestId};
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::patch::Patch;
use harriswildlands::domain::record::Record;
use harriswildlands::screens::list::{self, RecordList};
use harriswildlands::screens::{Screen, Tui, ViewCx};
use harriswildlands::store::api::{Listing, Mutation, Order, Query, RecordChange, Write};
use harriswildlands::store::error::StoreError;
use harriswildlands::ui::{EmptyState, Role, Row, Run};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use serde_json::json;

const NONE: EmptyState<'_> = EmptyState {
    text: "No goals yet; n begins one.",
    role: Role::Muted,
    action: None,
};

/// A screen that is nothing but a list.
struct Shelf(RecordList);

impl Behaviour<Tui> for Shelf {
    fn title(&self) -> &'static str {
        "Shelf"
    }

    fn table(&self) -> Table {
        Table {
            scope: "shelf",
            commands: &[],
        }
    }

    fn shared(&self) -> &'static [Table] {
        const { &[list::TABLE] }
    }

    fn needs(&self, world: &World) -> Vec<Query> {
        let needs = self.0.needs(world);
        assert!(needs.len() <= 8, "{}", needs.len());
        needs
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command(name, _) => self.0.command(name, world, out),
            Input::Answered => {
                self.0.answered(world);
                Handled::Yes
            }
            _ => Handled::No,
        }
    }

    fn passed_by(&mut self) {
        self.0.passed_by();
    }

    fn changes_records(&self) -> bool {
        true
    }
}

impl Screen for Shelf {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        cx.look.card(area, buf);
        let row = |record: &Record| {
            let title = record.text("title").map(|title| title.to_string());
            assert!(title.is_some());
            let amount = record.whole_number("weeklyMinimum").unwrap_or(0);
            Row::new(vec![Run::new(format!("goal {amount};"), Role::Text)])
        };
        self.0.draw(cx, area, buf, NONE, row);
        None
    }
}

/// Goals by the number of their weekly minimum, the first made last.
fn shelf(count: i64) -> (Stage, Vec<RecordId>) {
    let mut store = FakeStore::default();
    let made = (1..=count).map(|number| {
        let fields = json!({ "title": "t", "domain": "work", "weeklyMinimum": number });
        store.put_record(Lane::Goals, fields)
    });
    let ids: Vec<RecordId> = made.collect();
    let mut stage = Stage::online(store);
    show(&mut stage);
    (stage, ids)
}

fn show(stage: &mut Stage) {
    let listing = Listing {
        order: Order::Oldest,
        ..Listing::new(Lane::Goals, 10)
    };
    stage
        .model
        .layers
        .push(Box::new(Shelf(RecordList::new(listing))));
    stage.keys("<C-l>");
}

/// The row under the cursor.
fn at(stage: &Stage) -> String {
    let screen = stage.screen();
    let row = screen.lines().find(|row| row.contains('▸'));
    row.map_or_else(String::new, |row| {
        row.trim().trim_start_matches('▸').trim().to_owned()
    })
}

#[test]
fn a_long_list_is_walked_down_and_up_without_a_gap() {
    let (mut stage, _) = shelf(150);
    let rows = |stage: &Stage| -> Vec<u32> {
        let screen = stage.screen();
        let number = |row: &str| {
            let (_, rest) = row.split_once("goal ")?;
            rest.split_once(';')?.0.parse().ok()
        };
        screen.lines().filter_map(number).collect()
    };
    for wanted in 2..=150 {
        stage.keys("j");
        assert_eq!(at(&stage), format!("goal {wanted};"));
        let shown = rows(&stage);
        assert_eq!(shown.len(), 22, "{}", stage.screen());
        assert!(shown.is_sorted() && shown.last().unwrap() - shown[0] == 21);
    }
    stage.keys("j");
    assert_eq!(at(&stage), "goal 150;");
    stage.does_not_see("↓");
    for wanted in (1..150).rev() {
        stage.keys("k");
        assert_eq!(at(&stage), format!("goal {wanted};"));
        assert_eq!(rows(&stage).len(), 22);
    }
    stage.does_not_see("↑");
    stage.keys("<PgDn><PgDn><PgUp>");
    assert_eq!(at(&stage), "goal 22;");
}

#[test]
fn only_pages_around_the_cursor_are_asked_for() {
    let (mut stage, _) = shelf(1000);
    let asked = |stage: &Stage| stage.store.asked.len();
    let before = asked(&stage);
    stage.keys(&"j".repeat(60));
    assert!(asked(&stage) - before <= 2, "{}", asked(&stage) - before);
}

#[test]
fn the_cursor_stays_on_its_record_when_others_come_and_go() {
    let (mut stage, ids) = shelf(200);
    stage.keys(&"j".repeat(100));
    assert_eq!(at(&stage), "goal 101;");
    for id in &ids[..70] {
        stage.store.records.remove(id);
    }
    stage.keys("R");
    assert_eq!(at(&stage), "goal 101;");
    stage.keys(&"k".repeat(30));
    assert_eq!(at(&stage), "goal 71;");
    for (key, wanted) in [("k", 71), ("j", 72), ("j", 73)] {
        stage.keys(key);
        assert_eq!(at(&stage), format!("goal {wanted};"), "{}", stage.screen());
    }
    stage.store.records.clear();
    stage.keys("R").sees("No goals yet; n begins one.");
}

#[test]
fn a_record_is_deleted_from_the_list_and_brought_back() {
    let (mut stage, ids) = shelf(3);
    stage.keys("jD").sees("D again deletes");
    stage.keys("kjD");
    assert!(stage.store.records.contains_key(&ids[1]));
    stage.keys("D");
    assert!(!stage.store.records.contains_key(&ids[1]));
    assert_eq!(at(&stage), "goal 3;");
    stage.does_not_see("goal 2;");
    stage.keys("u").sees("goal 2;");
}

#[test]
fn a_record_is_opened_changed_and_left_where_it_was() {
    let (mut stage, ids) = shelf(100);
    stage.keys(&"j".repeat(70));
    stage.keys("<Enter>").sees("goal · t");
    stage.keys("<Enter>!<Esc>q");
    assert_eq!(stage.store.held(ids[70], "title"), Some(json!("t!")));
    assert_eq!(at(&stage), "goal 71;");
}

#[test]
fn what_is_not_there_yet_is_said() {
    let mut stage = Stage::online(FakeStore::default());
    show(&mut stage);
    stage.sees("No goals yet; n begins one.");
    stage.keys("jkGg<Enter>D");
    assert_eq!(stage.model.layers.len(), 1);
    let mut stage = Stage::online(FakeStore::default());
    stage.disconnect(StoreError::LinkLost {
        reason: "gone".to_owned(),
    });
    show(&mut stage);
    stage.sees("the goals are shown once the database is there");
    let store = FakeStore {
        failing: Some(StoreError::Gone),
        ..FakeStore::default()
    };
    let mut stage = Stage::online(store);
    show(&mut stage);
    stage.sees("the goals are not loaded");
}

#[test]
fn both_ends_of_a_long_list_are_one_key_away() {
    let (mut stage, _) = shelf(500);
    stage.keys("G");
    assert_eq!(at(&stage), "goal 500;");
    stage.sees("goal 479;");
    stage.does_not_see("↓");
    assert!(stage.store.asked.len() < 15);
    for wanted in (300..500).rev() {
        stage.keys("k");
        assert_eq!(at(&stage), format!("goal {wanted};"));
    }
    for wanted in 301..=500 {
        stage.keys("j");
        assert_eq!(at(&stage), format!("goal {wanted};"));
    }
    stage.keys("jg");
    assert_eq!(at(&stage), "goal 1;");
    stage.does_not_see("↑");
    stage.keys("jj");
    assert_eq!(at(&stage), "goal 3;");
}

#[test]
fn the_whole_way_back_from_the_end_has_no_gap() {
    let (mut stage, ids) = shelf(150);
    stage.resize(40, 12);
    stage.keys("G");
    for wanted in (2..150).rev() {
        stage.keys("k");
        assert_eq!(at(&stage), format!("goal {wanted};"));
    }
    for id in &ids[100..] {
        stage.store.records.remove(id);
    }
    stage.keys("R");
    assert_eq!(at(&stage), "goal 2;");
    stage.keys("kk");
    assert_eq!(at(&stage), "goal 1;");
    stage.does_not_see("↑");
    for wanted in 2..=100 {
        stage.keys("j");
        assert_eq!(at(&stage), format!("goal {wanted};"));
    }
    stage.keys("j");
    assert_eq!(at(&stage), "goal 100;");
    let (mut stage, _) = shelf(5);
    stage.keys("G");
    assert_eq!(at(&stage), "goal 5;");
    stage.keys("gk");
    assert_eq!(at(&stage), "goal 1;");
}

#[test]
fn a_record_that_is_made_shows_itself_after_either_way_to_the_top() {
    for keys in ["Gg", "G"] {
        let (mut stage, _) = shelf(70);
        stage.keys(keys).keys(&"k".repeat(69));
        assert_eq!(at(&stage), "goal 1;");
        let made = Patch::from_json(json!({ "title": "t", "weeklyMinimum": 99 })).unwrap();
        stage.store.silent = true;
        let change = RecordChange::Create(made);
        stage.model.world.cache.add(Write {
            request: RequestId::new(),
            mutation: Mutation::Record {
                lane: Lane::Goals,
                id: RecordId::new(),
                change,
            },
        });
        stage.keys("<C-l>");
        assert_eq!(at(&stage), "goal 1;");
        stage.keys("k");
        assert_eq!(at(&stage), "goal 99;", "{keys}");
    }
}

#[test]
fn a_held_delete_key_deletes_one_record_only() {
    let mut stage = Stage::online(FakeStore::default());
    for at in 0..5 {
        let title = format!("piece {at}");
        let fields = serde_json::json!({ "type": "blog", "title": title });
        stage.store.put_record(Lane::Content, fields);
    }
    stage.show("wildlands");
    for _ in 0..40 {
        stage.keys("D");
        stage.now = stage
            .now
            .saturating_add(jiff::SignedDuration::from_millis(33))
            .unwrap();
    }
    assert_eq!(stage.store.records.len(), 4);
    // Let go, it asks for the next one.
    stage.now = stage
        .now
        .saturating_add(jiff::SignedDuration::from_secs(1))
        .unwrap();
    stage.keys("D");
    assert_eq!(stage.store.records.len(), 4);
    stage.keys("D");
    assert_eq!(stage.store.records.len(), 3);
}
