//! Every screen in every state, size and mask, generated from the registry; and what may never be
//! in any of them: a colour where there is none, a control character, a masked text.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod stage;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use harriswildlands::app::effect::TimerId;
use harriswildlands::app::job::{JobEnd, JobLine, JobReport, Progress};
use harriswildlands::app::message::Msg;
use harriswildlands::domain::draft::{Draft, OldDraft, Place};
use harriswildlands::domain::form::{Field, FormView, Kind, LogForm};
use harriswildlands::domain::ids::{DraftId, RequestId};
use harriswildlands::domain::lane::Lane;
use harriswildlands::domain::secret::Secret;
use harriswildlands::screens::REGISTRY;
use harriswildlands::screens::form::RecordForm;
use harriswildlands::store::api::{Event, Link, Mutation, RecordChange, Write};
use harriswildlands::store::error::StoreError;
use harriswildlands::ui::{ColorDepth, Look, Theme, glyphs, theme};
use jiff::ToSpan as _;
use ratatui::style::{Color, Style};
use serde_json::{Value, json};
use stage::{FakeStore, PLANTED, Stage, TODAY, backups, moment, text};

const SIZES: [(u16, u16); 3] = [(40, 12), (80, 24), (160, 50)];
const ODD_SIZES: [(u16, u16); 7] = [
    (1, 1),
    (10, 3),
    (2, 40),
    (200, 2),
    (20, 5),
    (71, 9),
    (133, 12),
];
const STATES: [&str; 5] = ["empty", "loading", "ready", "offline", "failed"];

fn lost() -> StoreError {
    StoreError::LinkLost {
        reason: "the server closed the connection".to_owned(),
    }
}

/// The program with this screen in front, in this state.
fn on_stage(screen: usize, state: &str) -> Stage {
    let mut stage = match state {
        "empty" => Stage::online(FakeStore::default()),
        "loading" => {
            let mut store = FakeStore::with_days();
            store.silent = true;
            Stage::online(store)
        }
        "ready" => Stage::online(FakeStore::with_days()),
        "offline" => {
            let mut stage = Stage::online(FakeStore::with_days());
            stage.disconnect(lost());
            stage
        }
        "failed" => {
            let mut store = FakeStore::with_days();
            store.failing = Some(lost());
            Stage::online(store)
        }
        other => panic!("state {other}"),
    };
    stage.keys(&"<Tab>".repeat(screen));
    if stage.model.active == 0 {
        // The full form, with a sensitive field under the cursor.
        stage.keys("fG");
    }
    stage
}

fn all_stages() -> impl Iterator<Item = (String, Stage)> {
    let screens = 0..REGISTRY.len();
    screens.flat_map(|screen| {
        STATES.iter().flat_map(move |state| {
            [false, true].into_iter().map(move |revealed| {
                let mut stage = on_stage(screen, state);
                let name = stage.model.screens[screen].name();
                if revealed {
                    stage.keys("V");
                }
                let mask = if revealed { "revealed" } else { "masked" };
                (format!("{name}-{state}-{mask}"), stage)
            })
        })
    })
}

/// A goal with check-ins and an idea that were deleted.
fn with_deleted() -> Stage {
    let mut store = FakeStore::with_days();
    let goal = json!({"title": "Read more than the news", "domain": "work"});
    let goal = store.put_record(Lane::Goals, goal);
    let check_in = json!({"goalId": goal, "date": "2026-11-22"});
    store.put_record(Lane::CheckIns, check_in);
    let idea = store.put_record(Lane::Ideas, json!({"title": PLANTED}));
    let mut stage = Stage::online(store);
    for (lane, id) in [(Lane::Goals, goal), (Lane::Ideas, idea)] {
        let change = RecordChange::Delete;
        stage.write_now(&Write {
            request: RequestId::new(),
            mutation: Mutation::Record { lane, id, change },
        });
    }
    stage.keys("<BackTab>b");
    stage
}

/// Every popup over `LifeOps`, by the keys that open it.
fn all_popups() -> impl Iterator<Item = (String, Stage)> {
    let opened = [
        ("help", "?"),
        ("palette", ":"),
        ("palette-found", ":quick"),
        ("palette-nothing", "<C-p>qqqq"),
        ("cover", "L"),
        ("export-as", "Xlj"),
        ("export-as-words", "Xjjjjlsecret words"),
        ("settings", ","),
        ("settings-last", ",G"),
        ("settings-line", ",<Enter>"),
        ("calendar", "c"),
        ("year", "Y"),
        ("on-this-day", "o"),
        ("date", "d"),
        ("number", "fgg7"),
        ("text", "Gk<Enter>"),
        ("picker", "fGkkkkkkkkkkkk<Enter>"),
        ("deleted-nothing", "<BackTab>b"),
    ];
    let of_goals = [
        ("goal-year", "jY"),
        ("goals-last-week", "[jjj"),
        ("goals-paused", "f"),
        ("goal-amount", "jj4"),
        ("goal-new", "aRead aloud<Enter>"),
    ];
    let opened = opened.map(|(name, keys)| ("lifeops", name, keys));
    let of_goals = of_goals.map(|(name, keys)| ("goals", name, keys));
    let mut popups: Vec<(String, Stage)> = opened
        .into_iter()
        .chain(of_goals)
        .map(|(screen, name, keys)| {
            let mut stage = Stage::online(FakeStore::with_days());
            stage.show(screen).keys(keys);
            (name.to_owned(), stage)
        })
        .collect();
    for (name, keys) in [("which-key", "g"), ("which-key-masks", "z")] {
        let mut stage = Stage::online(FakeStore::with_days());
        stage.model.remap("preset = \"vim\"\n").unwrap();
        stage.keys(keys);
        popups.push((name.to_owned(), stage));
    }
    popups.push(("deleted".to_owned(), with_deleted()));
    let mut stage = Stage::online(FakeStore::with_days());
    let place = Place::Log {
        date: TODAY,
        field: "driftCheck".to_owned(),
    };
    let text = Secret::new(PLANTED.to_owned());
    stage.send(Msg::Drafts(vec![OldDraft {
        id: DraftId::new(),
        draft: Draft {
            place,
            text,
            saved_at: moment(),
        },
    }]));
    popups.push(("recovered".to_owned(), stage));
    let mut stage = Stage::online(FakeStore::with_days());
    let old = |field: &str, text: &str| OldDraft {
        id: DraftId::new(),
        draft: Draft {
            place: Place::Log {
                date: TODAY,
                field: field.to_owned(),
            },
            text: Secret::new(text.to_owned()),
            saved_at: moment(),
        },
    };
    stage.send(Msg::Drafts(vec![
        old("topWin", "Finished the lesson plan,\nand the slides"),
        old("driftCheck", "other words"),
    ]));
    popups.push(("recovered-over-another".to_owned(), stage));
    popups.extend(searches());
    let mut stage = Stage::new(FakeStore::default());
    stage.greet();
    popups.push(("welcome".to_owned(), stage));
    for (name, screen, keys) in [
        ("lesson-read", "teaching", "c"),
        ("lesson-status", "teaching", "s"),
        ("lesson-taught", "teaching", "t"),
        ("lesson-form", "teaching", "<Enter>"),
        ("piece-read", "wildlands", "c"),
        ("piece-new", "wildlands", "n"),
    ] {
        let mut stage = Stage::online(FakeStore::with_days());
        stage.show(screen).keys(keys);
        popups.push((name.to_owned(), stage));
    }
    popups.extend(["", "V"].map(record));
    popups.extend(reviews());
    popups.extend(of_data());
    popups.into_iter()
}

/// A review on its way, and what opens from it.
fn reviews() -> impl Iterator<Item = (String, Stage)> {
    [
        ("review-days", "r"),
        ("review-goals", "r<Enter>"),
        ("review-signals", "r<Enter><Enter>"),
        ("review-waiting", "r<Enter><Enter><Enter>"),
        ("review-question", "r<Enter><Enter><Enter><Enter>Words<Esc>"),
        (
            "review-earlier",
            "[r<Enter><Enter><Enter><Enter><Enter><Enter><Enter>]eWords<Esc>o",
        ),
        (
            "review-kept",
            "r<Enter><Enter><Enter><Enter>Words<Enter><Enter><Enter>f",
        ),
        ("review-write", "w"),
    ]
    .into_iter()
    .map(|(name, keys)| {
        let mut stage = Stage::online(FakeStore::with_days());
        stage.show("review").keys(keys);
        (name.to_owned(), stage)
    })
}

/// What the Data screen opens, and the screen while a job runs and after it.
fn of_data() -> impl Iterator<Item = (String, Stage)> {
    let remark = |text: &str| JobLine::Remark(text.to_owned());
    let difference = JobReport {
        lines: vec![
            JobLine::Fact("document", "/home/bruce/all.json".to_owned()),
            remark("this would change; nothing was changed:"),
            remark("logs      2 new, 1 changed, 40 unchanged"),
            remark("ideas     3 older than here"),
        ],
        more: vec![remark(
            "logs[3] 2026-11-02: changed (energy, sleepHours, topWin)",
        )],
        changes_anything: true,
        ..JobReport::default()
    };
    let restored = JobReport {
        said: "restored; what was there before is kept as wildlands_before_20261123_210400"
            .to_owned(),
        lines: vec![
            JobLine::Fact("rows", "logs 54, ideas 3".to_owned()),
            JobLine::Fact(
                "kept aside",
                "wildlands_before_20261123_210400 has what was there before".to_owned(),
            ),
        ],
        ..JobReport::default()
    };
    let made = JobReport {
        said: "backed up to /home/bruce/b.dump".to_owned(),
        lines: vec![
            JobLine::Fact("backed up to", "/home/bruce/b.dump".to_owned()),
            JobLine::Fact("SHA-256", "ab".repeat(32)),
        ],
        ..JobReport::default()
    };
    let broken =
        "the document cannot be imported: line 3, column 7 (data.logs[0].date): a comma is missing";
    let failed = |reason: &str| Some(JobEnd::Failed(reason.to_owned()));
    let restoring = Progress::share("putting the rows in", 45, 100);
    let comparing = Progress::share("comparing", 1, 4);
    let done = |report: &JobReport| Some(JobEnd::Finished(report.clone()));
    [
        ("backups", "lj", None, None),
        ("restore-asks", "lrwild<Enter>", None, None),
        ("restore-runs", "lrwildlands<Enter>", Some(restoring), None),
        ("restore-done", "lrwildlands<Enter>", None, done(&restored)),
        (
            "restore-failed",
            "lrwildlands<Enter>",
            None,
            failed("database \"wildlands\" is in use and could not be exchanged: bruce (psql); close that program and try again"),
        ),
        ("kept-aside", "K", None, None),
        ("kept-aside-drop", "KD", None, None),
        ("policies", "ejj", None, None),
        ("import", "I~/all.json", None, None),
        ("import-tries", "Iall.json<Enter>", Some(comparing), None),
        ("import-differs", "Iall.json<Enter>", None, done(&difference)),
        ("import-broken", "Iall.json<Enter>", None, failed(broken)),
        ("data-backs-up", "B", Some(Progress::share("", 1, 3)), None),
        ("data-backed-up", "B", None, done(&made)),
        ("data-not-backed-up", "B", None, failed("No space left on device")),
    ]
    .into_iter()
    .map(|(name, keys, progress, end)| {
        let mut stage = Stage::online(FakeStore::with_days());
        stage.show("data").keys(keys);
        if let Some(progress) = progress {
            backups::progress(&mut stage, progress);
        }
        if let Some(end) = end {
            backups::end(&mut stage, end);
        }
        (name.to_owned(), stage)
    })
}

/// The search in its states.
fn searches() -> impl Iterator<Item = (String, Stage)> {
    type State = (&'static str, &'static str, fn(&mut Stage));
    let states: [State; 8] = [
        ("search", "/", |_| ()),
        ("search-found", "/lesson<Down>", |_| ()),
        ("search-found-revealed", "/lesson<Down><M-v>", |_| ()),
        ("search-nothing", "/nowhere", |_| ()),
        ("search-waits", "/lesson before:", |_| ()),
        ("search-wrong", "/lesson enrgy>3 x", |_| ()),
        ("search-loading", "/lesson", |stage| {
            stage.store.silent = true;
        }),
        ("search-failed", "/lesson", |stage| {
            stage.store.failing = Some(StoreError::Busy {
                reason: "others write".to_owned(),
            });
        }),
    ];
    let online = states.into_iter().map(|(name, keys, prepare)| {
        let mut stage = Stage::online(FakeStore::with_hits());
        prepare(&mut stage);
        stage.keys(keys);
        (name.to_owned(), stage)
    });
    let mut stage = Stage::online(FakeStore::with_hits());
    stage.disconnect(StoreError::LinkLost {
        reason: "the server ended it".to_owned(),
    });
    stage.keys("/lesson");
    online.chain([("search-offline".to_owned(), stage)])
}

/// The form of an idea, masked or revealed.
fn record(keys: &str) -> (String, Stage) {
    let mut store = FakeStore::default();
    let fields = json!({
        "title": PLANTED, "category": "family", "excitement": 7, "reviewOn": "2026-12-01",
        "milestones": ["draw it", "build it"], "notes": "two\nlines of text",
    });
    let id = store.put_record(Lane::Ideas, fields);
    let mut stage = Stage::online(store);
    let form = RecordForm::new(Lane::Ideas, id).at("milestones");
    stage.model.layers.push(Box::new(form));
    stage.keys("<C-l>").keys(keys);
    let name = if keys.is_empty() {
        "record-masked"
    } else {
        "record-revealed"
    };
    (name.to_owned(), stage)
}

fn pictures(stage: &mut Stage) -> String {
    let mut all = String::new();
    for (columns, rows) in SIZES {
        stage.resize(columns, rows);
        writeln!(all, "── {columns} × {rows} ──\n{}", stage.screen()).unwrap();
    }
    all
}

#[test]
fn every_screen_in_every_state_size_and_mask() {
    for (name, mut stage) in all_stages() {
        insta::assert_snapshot!(name, pictures(&mut stage));
    }
}

#[test]
fn every_popup_in_every_size() {
    for (name, mut stage) in all_popups() {
        insta::assert_snapshot!(format!("popup-{name}"), pictures(&mut stage));
    }
}

#[test]
fn the_full_form_in_ascii_and_in_each_theme_says_the_same() {
    let mut stage = on_stage(0, "ready");
    stage.resize(80, 24);
    let plain = stage.screen();
    for (theme, _) in theme::BUILTIN {
        for depth in [
            ColorDepth::TrueColor,
            ColorDepth::Ansi256,
            ColorDepth::Ansi16,
        ] {
            stage.look = Look::new(Theme::builtin(theme, depth).unwrap(), glyphs::UNICODE);
            assert_eq!(stage.screen(), plain, "{theme} {depth:?}");
        }
    }
    stage.look = Look::new(Theme::plain(), glyphs::ASCII);
    let ascii = stage.screen();
    assert!(ascii.is_ascii(), "{ascii}");
    insta::assert_snapshot!("lifeops-ready-ascii", ascii);
}

/// A picture with its colours: each row, and beneath it runs of equal style by a letter.
fn painted(stage: &Stage) -> String {
    let buffer = stage.buffer();
    let mut letters: Vec<Style> = Vec::new();
    let mut picture = String::new();
    let rows = text(&buffer);
    for (row, line) in (0..buffer.area.height).zip(rows.lines()) {
        let styles = (0..buffer.area.width).map(|column| {
            let style = buffer[(column, row)].style();
            let at = letters.iter().position(|known| *known == style);
            let at = at.unwrap_or_else(|| {
                letters.push(style);
                letters.len() - 1
            });
            char::from(b'a' + u8::try_from(at).unwrap())
        });
        let styles: String = styles.collect();
        writeln!(picture, "{line}\n{styles}").unwrap();
    }
    for (letter, style) in (b'a'..).zip(&letters) {
        let colour = |colour: Option<Color>| colour.map_or("-".to_owned(), |c| c.to_string());
        let (fg, bg) = (colour(style.fg), colour(style.bg));
        let letter = char::from(letter);
        writeln!(picture, "{letter}: {fg} on {bg} {:?}", style.add_modifier).unwrap();
    }
    picture
}

#[test]
fn one_screen_in_each_theme_with_its_colours() {
    let mut stage = Stage::online(FakeStore::with_days());
    stage.disconnect(lost());
    stage.keys(",j");
    stage.resize(80, 24);
    for (name, _) in theme::BUILTIN {
        for (depth, colours) in [
            (ColorDepth::TrueColor, "24-bit"),
            (ColorDepth::Ansi16, "16"),
        ] {
            stage.look = Look::new(Theme::builtin(name, depth).unwrap(), glyphs::UNICODE);
            insta::assert_snapshot!(format!("theme-{name}-{colours}"), painted(&stage));
        }
    }
}

#[test]
fn without_colour_no_cell_has_one() {
    for (name, mut stage) in all_stages().chain(all_popups()) {
        for (columns, rows) in SIZES {
            stage.resize(columns, rows);
            let buffer = stage.buffer();
            let coloured =
                |cell: &&ratatui::buffer::Cell| cell.fg != Color::Reset || cell.bg != Color::Reset;
            assert_eq!(buffer.content.iter().find(coloured), None, "{name}");
        }
    }
}

#[test]
fn no_size_breaks_any_picture() {
    for (name, mut stage) in all_stages().chain(all_popups()) {
        for (columns, rows) in SIZES.into_iter().chain(ODD_SIZES) {
            stage.resize(columns, rows);
            let picture = stage.screen();
            let control = |c: char| c.is_control() && c != '\n';
            assert!(
                !picture.contains(control),
                "{name} at {columns}×{rows}: {picture:?}"
            );
        }
    }
}

#[test]
fn a_planted_secret_is_in_no_masked_picture() {
    let masked = |(name, _): &(String, Stage)| !name.ends_with("revealed");
    for (name, mut stage) in all_stages().chain(all_popups()).filter(masked) {
        for (columns, rows) in SIZES.into_iter().chain(ODD_SIZES) {
            stage.resize(columns, rows);
            assert!(
                !stage.screen().contains("PLANTED"),
                "{name} at {columns}×{rows}"
            );
        }
        for form in ["", "f"] {
            stage.keys(form);
            assert!(!stage.screen().contains("PLANTED"), "{name}");
        }
    }
}

/// An answer to a field: one of two, the second longer and at the other end.
fn planted(field: &Field, second: bool) -> Value {
    let pick = |options: &[String]| options[if second { options.len() - 1 } else { 1 }].clone();
    match &field.kind {
        Kind::Scale { min, max } => json!(if second { *max - 1 } else { *min + 1 }),
        Kind::Number { min, max, .. } => json!(if second { *max } else { *min + 1.0 }),
        Kind::Toggle => json!(second),
        Kind::Choice { options } => json!(pick(options)),
        Kind::Many { options } if second => json!(options[1..]),
        Kind::Many { options } => json!([pick(options)]),
        Kind::Text if second => json!(format!("{PLANTED}\n").repeat(20)),
        Kind::Text => json!(PLANTED),
        Kind::Lines if second => json!([PLANTED, "other"]),
        Kind::Lines => json!([PLANTED]),
        Kind::Date => json!(if second { "2026-12-24" } else { "2026-11-30" }),
    }
}

/// The full form with every field private and answered, the cursor on this one.
fn all_private(at: usize, second: bool) -> Stage {
    let form = LogForm::builtin().all_sensitive();
    let mut store = FakeStore::default();
    let fields = form.fields(FormView::Full);
    let answers: serde_json::Map<_, _> = fields
        .map(|(_, field)| (field.key.clone(), planted(field, second)))
        .collect();
    let days = (0..20).map(|back| TODAY.saturating_sub(back.days()));
    for day in days.chain([TODAY.saturating_sub(1.years())]) {
        store.put(day, Value::Object(answers.clone()));
    }
    let mut stage = Stage::with_form(store, form);
    stage.connect();
    stage.keys("fgg").keys(&"j".repeat(at));
    stage
}

/// What is done to a private field without asking to see it. `Mask` lets the time for that run out.
const BLIND: [&[&str]; 12] = [
    &[],
    &["<Enter>"],
    &["<Enter>", "Mask"],
    &["<Enter>", "<Esc>"],
    &["<Enter>", "v", "m"],
    &["v", "<Enter>", "Mask"],
    &["v", "<Enter>", "m", "Mask"],
    &["Y"],
    &["y"],
    &["o"],
    &["<BS>"],
    &["<BS>", "u"],
];

fn after_blind_keys(at: usize, second: bool, keys: &[&str], is_text: bool) -> Stage {
    let mut stage = all_private(at, second);
    for key in keys {
        if *key == "Mask" {
            stage.after(121, TimerId::Mask);
        } else {
            stage.keys(key);
        }
    }
    // A text that is opened is seen until its time is over.
    if is_text && !stage.model.layers.is_empty() {
        stage.after(121, TimerId::Mask);
    }
    stage
}

#[test]
fn no_answer_of_a_private_field_changes_a_masked_picture() {
    let form = LogForm::builtin().all_sensitive();
    let mut names: Vec<String> = Vec::new();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, (_, field)) in form.fields(FormView::Full).enumerate() {
        // Some of each kind are enough: each takes its time.
        let before = kinds.entry(field.kind.name()).or_default();
        *before += 1;
        if *before > 3 {
            continue;
        }
        for keys in BLIND {
            if field.kind == Kind::Toggle && keys.contains(&"<Enter>") {
                continue; // opens nothing: it goes on from yes to no, from no to none
            }
            let is_text = field.is_written();
            let [mut one, mut other] =
                [false, true].map(|second| after_blind_keys(at, second, keys, is_text));
            names.extend(one.model.front().map(|part| part.name().to_owned()));
            for (columns, rows) in SIZES {
                let [one, other] = [&mut one, &mut other].map(|stage| {
                    stage.resize(columns, rows);
                    stage.screen()
                });
                let place = format!("{} {keys:?} at {columns}×{rows}", field.key);
                assert_eq!(one, other, "{place}");
                assert!(!one.contains("PLANTED"), "{place}");
            }
        }
        let [mut one, mut other] = [false, true].map(|second| all_private(at, second));
        one.keys("v");
        other.keys("v");
        assert_ne!(one.screen(), other.screen(), "or this would prove nothing");
    }
    for popup in ["picker", "line", "text", "on-this-day"] {
        assert!(names.iter().any(|name| name == popup), "{popup}: {names:?}");
    }
}

#[test]
fn no_key_shows_what_it_sets_in_a_private_field() {
    let form = LogForm::builtin().all_sensitive();
    for (at, (_, field)) in form.fields(FormView::Full).enumerate() {
        let keys: &[&str] = match field.kind {
            Kind::Scale { .. } => &["1", "2", "9", "l", "h"],
            Kind::Toggle => &["0", "1", "l", "h"],
            Kind::Choice { .. } => &["1", "3", "l", "h", "<Space>", "<Enter>1", "<Enter>v2"],
            Kind::Many { .. } => &["1", "3", "13"],
            Kind::Number { .. } | Kind::Date => &["l", "h"],
            Kind::Text | Kind::Lines => continue,
        };
        let pictures = keys.iter().map(|keys| {
            let mut stage = all_private(at, false);
            // What is taken in a list moves the cursor on.
            stage.keys(keys).keys("gg").keys(&"j".repeat(at));
            stage.resize(160, 50);
            stage.screen()
        });
        let pictures: Vec<String> = pictures.collect();
        for (picture, keys) in pictures.iter().zip(keys) {
            assert_eq!(picture, &pictures[0], "{} {keys}", field.key);
        }
    }
}

#[test]
fn a_planted_secret_is_in_no_debug_output() {
    let mut stage = on_stage(0, "ready");
    stage.store.silent = true;
    stage.keys("<Enter>!<Esc>");
    let world = format!("{:?} {:#?}", stage.model.world, stage.model.world.cache);
    assert!(!world.contains("PLANTED"), "the model");
    let effects = format!("{:?} {:?}", stage.effects, stage.requests);
    assert!(!effects.contains("PLANTED"), "effects");
    let undo = format!("{:?}", stage.model.undo);
    assert!(
        undo.contains("driftCheck") && !undo.contains("PLANTED"),
        "undo"
    );
    let logs = format!("{:?}", stage.store.logs);
    assert!(!logs.contains("PLANTED"), "answers");
}

#[test]
fn revealed_pictures_show_what_masked_ones_hide() {
    let mut stage = on_stage(0, "ready");
    assert!(!stage.screen().contains("PLANTED"));
    stage.keys("V");
    assert!(
        stage.screen().contains("PLANTED"),
        "or the leak test would prove nothing"
    );
}

#[test]
fn a_long_offline_reason_needs_no_more_room_than_there_is() {
    let mut stage = Stage::online(FakeStore::with_days());
    let error = StoreError::BadAddress("x".repeat(500));
    let since = moment().saturating_sub(1.hours()).unwrap();
    stage.send(Msg::Store(Event::Link(Link::Offline {
        since,
        retry_at: None,
        error,
    })));
    for (columns, rows) in SIZES {
        stage.resize(columns, rows);
        assert!(text(&stage.buffer()).lines().count() <= usize::from(rows));
    }
}
