//! Every widget, in areas and with contents nobody would choose.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation as _;

use super::*;
use crate::domain::goal::DayMark;

const CANVAS: Rect = Rect {
    x: 0,
    y: 0,
    width: 70,
    height: 30,
};

fn looks() -> [Look; 3] {
    [
        Look::new(Theme::lab(ColorDepth::TrueColor), glyphs::UNICODE),
        Look::plain(),
        Look::new(Theme::lab(ColorDepth::Ansi16), glyphs::ASCII),
    ]
}

fn row(buf: &Buffer, y: u16) -> String {
    (buf.area.left()..buf.area.right())
        .map(|x| buf[(x, y)].symbol())
        .collect()
}

fn draw(width: u16, height: u16, draw: impl FnOnce(Rect, &mut Buffer)) -> Vec<String> {
    let area = Rect {
        x: 0,
        y: 0,
        width,
        height,
    };
    let mut buf = Buffer::empty(area);
    draw(area, &mut buf);
    (0..height)
        .map(|y| row(&buf, y).trim_end().to_owned())
        .collect()
}

/// Draws each widget there is with the same hostile text.
#[allow(clippy::too_many_lines)]
fn draw_all(which: usize, area: Rect, buf: &mut Buffer, look: &Look, text: &str, n: u8) {
    let day = date(2026, 2, 1).saturating_add(jiff::Span::new().days(i64::from(n)));
    let values: Vec<Option<f64>> = (0..n)
        .map(|i| (i % 3 > 0).then_some(f64::from(i % 11)))
        .collect();
    let tabs: Vec<Tab<'_>> = (1..=n % 9)
        .map(|number| Tab {
            number,
            name: text,
            short: text,
            badge: Some(usize::from(n)),
        })
        .collect();
    let rows: Vec<Row<'_>> = (0..n % 20)
        .map(|_| Row {
            left: vec![Run::new(text, Role::Text)],
            right: vec![Run::new(text, Role::Muted)],
        })
        .collect();
    match which {
        0 => ScaleBar {
            value: Some(n),
            min: n % 3,
            max: 10,
            low: Some(text),
            high: Some(text),
        }
        .render(area, buf, look),
        1 => ToggleCell {
            value: [None, Some(true), Some(false)][usize::from(n % 3)],
        }
        .render(area, buf, look),
        2 => MaskedCell {
            hints: &[text.to_owned()],
        }
        .render(area, buf, look),
        3 => Sparkline {
            label: text,
            label_width: u16::from(n),
            values: &values,
            bounds: None,
            trailing: text,
        }
        .render(area, buf, look),
        4 => MonthCalendar {
            month: day,
            selected: Some(day),
            today: day,
            week_start: Weekday::Sunday,
            logged: &|day: Date| day.day() % 2 == 0,
            titled: n.is_multiple_of(2),
        }
        .render(area, buf, look),
        5 => YearHeat {
            label: text,
            until: day,
            week_start: Weekday::Monday,
            value: &|day: Date| Some(f64::from(day.day())),
            bounds: (1.0, 31.0),
            selected: Some(day),
        }
        .render(area, buf, look),
        6 => KeyHints {
            hints: &[(text, text), ("j", text)],
            last: Some(("?", text)),
        }
        .render(area, buf, look),
        7 => {
            let status = [StatusWord::masked(look), StatusWord::online(look, text)];
            TabBar {
                name: text,
                tabs: &tabs,
                active: usize::from(n % 7),
                status: &status,
            }
            .render(area, buf, look);
        }
        8 => {
            Popup {
                title: text,
                footer: text,
                width: u16::from(n),
                height: u16::from(n / 2),
            }
            .render(area, buf, look);
        }
        9 => {
            Panel {
                title: text,
                right: text,
                focused: true,
            }
            .render(area, buf, look);
        }
        10 => ListView {
            rows: &rows,
            selected: Some(3),
            more_above: true,
            more_below: true,
        }
        .render(area, buf, look),
        11 => Notice {
            text: text.into(),
            kind: NoticeKind::Error,
        }
        .render(area, buf, look),
        12 => EmptyState {
            role: Role::Muted,
            text,
            action: Some((text, text)),
        }
        .render(area, buf, look),
        13 => {
            Paragraph {
                text,
                role: Role::Text,
                skip: usize::from(n % 3),
            }
            .render(area, buf, look);
        }
        14 => {
            let marks = [
                DayMark::Done,
                DayMark::Part,
                DayMark::No,
                DayMark::Nothing,
                DayMark::Ahead,
                DayMark::Outside,
                DayMark::Done,
            ];
            WeekStrip {
                days: &marks,
                picked: Some(usize::from(n % 9)),
            }
            .render(area, buf, look);
            WeekHead {
                first: day,
                today: day,
            }
            .render(area, buf, look);
        }
        15 => {
            let editor = TextEditor::new(text);
            editor.render(area, buf, look);
            inside(editor.cursor_position(area), area);
        }
        _ => {
            let input = LineInput::new(text);
            input.render(area, buf, look);
            inside(input.cursor_position(area), area);
        }
    }
}

fn inside(cursor: Option<ratatui::layout::Position>, area: Rect) {
    assert_eq!(cursor.is_some(), !area.is_empty());
    assert!(
        cursor.is_none_or(|cursor| area.contains(cursor)),
        "{cursor:?} {area:?}"
    );
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\u{1b}[31m"),
        Just("\0"),
        Just("\n"),
        Just("\r\n"),
        Just("\t"),
        Just("\u{202e}"),
        Just("\u{9b}2J"),
        Just("漢字"),
        Just("👩‍👩‍👧‍👦"),
        Just("e\u{301}"),
        Just("\u{301}"),
        Just("🇩🇪"),
        Just("❤️"),
        Just("plain words "),
        Just("averyverylongwordwithoutanyblanksinit"),
        Just(" "),
        Just("\u{200d}"),
        Just("لا"),
        Just("ｶﾞ"),
        Just("\u{7f}"),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_widget_panics_leaves_its_area_or_emits_a_control_character(
        which in 0usize..17, x in 0u16..70, y in 0u16..30, width in 0u16..80, height in 0u16..40,
        text in hostile(), n in 0u8..60, look in 0usize..3,
    ) {
        let area = Rect { x, y, width, height };
        let mut buf = Buffer::empty(CANVAS);
        for cell in &mut buf.content {
            cell.set_symbol("~");
        }
        let look = &looks()[look];
        // A widget is given a part of the screen; one that reaches beyond it must be cut too.
        let given = if n % 2 == 0 { area.intersection(CANVAS) } else { area };
        draw_all(which, given, &mut buf, look, &text, n);
        for (index, cell) in buf.content.iter().enumerate() {
            let (x, y) = buf.pos_of(index);
            let symbol = cell.symbol();
            prop_assert!(!symbol.chars().any(|c| c.is_control() || c == '\u{202e}'), "{symbol:?}");
            if !given.contains((x, y).into()) {
                prop_assert_eq!(symbol, "~", "outside at {},{}", x, y);
            } else if symbol != "~" && !look.glyphs.unicode {
                prop_assert!(symbol.is_ascii(), "{symbol:?}");
            }
            let wide = u16::try_from(width::width(symbol)).unwrap();
            prop_assert!(x + wide.max(1) <= given.right().max(x + 1), "half a character at {x},{y}");
        }
    }

    #[test]
    fn rows_of_a_wrapped_text_fit_and_lose_nothing(text in hostile(), cols in 1usize..40) {
        let rows = width::wrap(&text, cols);
        let mut at = 0;
        for row in &rows {
            prop_assert!(text[at..row.start].chars().all(char::is_whitespace));
            let shown = &text[row.clone()];
            // A cluster is never cut, and takes four cells where a family follows a heart.
            let is_one = shown.graphemes(true).count() == 1;
            prop_assert!(width::width(shown) <= cols || is_one, "{shown:?}");
            at = row.end;
        }
        prop_assert!(text[at..].chars().all(char::is_whitespace));
    }

    #[test]
    fn a_shortened_text_fits(text in hostile(), cols in 0usize..40) {
        let short = width::truncate(&text, cols);
        prop_assert!(width::width(&short) <= cols);
        prop_assert!(text.starts_with(short.trim_end_matches('…').trim_end()));
        let ascii = width::to_ascii(&text);
        prop_assert!(ascii.is_ascii());
        prop_assert_eq!(width::width(&ascii), width::width(&text));
    }
}

#[test]
fn a_scale_gives_up_its_words_before_its_bar_and_its_bar_before_its_number() {
    let look = Look::plain();
    let scale = ScaleBar {
        value: Some(6),
        min: 1,
        max: 10,
        low: Some("zen"),
        high: Some("out"),
    };
    assert_eq!(
        draw(40, 1, |a, b| scale.render(a, b, &look)),
        ["▰▰▰▰▰▰▱▱▱▱  6   zen … out"]
    );
    assert_eq!(
        draw(20, 1, |a, b| scale.render(a, b, &look)),
        ["▰▰▰▰▰▰▱▱▱▱  6"]
    );
    assert_eq!(draw(13, 1, |a, b| scale.render(a, b, &look)), ["6"]);
    let zero = ScaleBar {
        value: Some(0),
        min: 0,
        ..scale
    };
    assert_eq!(
        draw(20, 1, |a, b| zero.render(a, b, &look)),
        ["▱▱▱▱▱▱▱▱▱▱  0"]
    );
    let unanswered = ScaleBar {
        value: None,
        ..scale
    };
    assert_eq!(
        draw(20, 1, |a, b| unanswered.render(a, b, &look)),
        ["▱▱▱▱▱▱▱▱▱▱  –"]
    );
}

#[test]
fn a_gap_in_a_series_is_not_a_low_value() {
    let look = Look::plain();
    let values = [Some(1.0), None, Some(10.0), Some(5.5)];
    let chart = Sparkline {
        label: "energy",
        label_width: 8,
        values: &values,
        bounds: Some((1.0, 10.0)),
        trailing: "6",
    };
    assert_eq!(
        draw(20, 1, |a, b| chart.render(a, b, &look)),
        ["energy   ▁·█▅ 6"]
    );
    assert_eq!(
        draw(11, 1, |a, b| chart.render(a, b, &look)),
        ["energy   █▅"]
    );
}

#[test]
fn the_month_marks_logged_days_and_says_nothing_of_days_to_come() {
    let look = Look::plain();
    let calendar = MonthCalendar {
        month: date(2026, 11, 1),
        selected: Some(date(2026, 11, 3)),
        today: date(2026, 11, 4),
        week_start: Weekday::Monday,
        logged: &|day| day.day() < 3,
        titled: true,
    };
    let rows = draw(22, 8, |a, b| calendar.render(a, b, &look));
    assert!(rows[0].starts_with("Nov"), "{rows:?}");
    assert_eq!(rows[1], "Mo Tu We Th Fr Sa Su");
    assert_eq!(rows[2], "                   1▪");
    assert_eq!(rows[3], " 2▪ 3· 4· 5  6  7  8");
    assert_eq!(rows[7], "30");
    let narrow = draw(22, 3, |a, b| calendar.render(a, b, &look));
    assert_eq!(narrow[2], " 2▪ 3· 4· 5  6  7  8");
}

#[test]
fn the_year_keeps_its_latest_weeks() {
    let look = Look::plain();
    let until = date(2026, 11, 23);
    let heat = YearHeat {
        label: "energy",
        until,
        week_start: Weekday::Monday,
        value: &|day| (day != date(2026, 11, 17)).then_some(if day == until { 10.0 } else { 1.0 }),
        bounds: (1.0, 10.0),
        selected: None,
    };
    let rows = draw(14, 9, |a, b| heat.render(a, b, &look));
    assert_eq!(rows[1], "Mo  ░░░░░░░░░█");
    assert_eq!(rows[2], "    ░░░░░░░░·");
    let whole = draw(80, 9, |a, b| heat.render(a, b, &look));
    assert_eq!(whole[1].chars().count(), 57);
    assert!(whole[8].contains("energy  1 ░▒▓█ 10"), "{whole:?}");
}

#[test]
fn hints_never_cut_a_pair_and_always_show_the_way_to_help() {
    let look = Look::plain();
    let hints = KeyHints {
        hints: &[("j/k", "field"), ("0-9", "set"), ("u", "undo")],
        last: Some(("?", "help")),
    };
    assert_eq!(
        draw(60, 1, |a, b| hints.render(a, b, &look)),
        [" j/k field  0-9 set  u undo  ? help"]
    );
    assert_eq!(
        draw(28, 1, |a, b| hints.render(a, b, &look)),
        [" j/k field  0-9 set  ? help"]
    );
    assert_eq!(draw(8, 1, |a, b| hints.render(a, b, &look)), ["? help"]);
    assert_eq!(draw(4, 1, |a, b| hints.render(a, b, &look)), [""]);
}

#[test]
fn the_top_line_keeps_the_screen_and_the_states_longest() {
    let look = Look::plain();
    let names = [
        "LifeOps",
        "ThinkOps",
        "Goals",
        "Drift",
        "Teaching",
        "Wildlands",
        "Review",
        "Data",
    ];
    let tabs: Vec<_> = (1u8..)
        .zip(names)
        .map(|(number, name)| Tab {
            number,
            name,
            short: name
                .trim_end_matches("Ops")
                .trim_end_matches("ing")
                .trim_end_matches("lands"),
            badge: (number == 4).then_some(2),
        })
        .collect();
    let status = [
        StatusWord::masked(&look),
        StatusWord::online(&look, "local"),
    ];
    let bar = |active| TabBar {
        name: "Harris Wildlands",
        tabs: &tabs,
        active,
        status: &status,
    };
    let at = |width, active: usize| {
        let draw_bar = |a, b: &mut _| {
            let places = bar(active).render(a, b, &look);
            assert!(places.iter().all(|place| place.x + place.width <= width));
        };
        draw(width, 1, draw_bar).remove(0)
    };
    assert!(at(160, 0).starts_with(" Harris Wildlands   1 LifeOps  2 ThinkOps"));
    assert!(at(160, 0).contains("4 Drift·2"));
    assert!(at(160, 0).ends_with("◌ masked  ● local"));
    assert_eq!(
        at(100, 0),
        " 1 LifeOps  2 Think  3 Goals  4 Drift·2  5 Teach  6 Wild  7 Review  8 Data        ◌ masked  ● local"
    );
    for (active, name) in names.into_iter().enumerate() {
        let row = at(80, active);
        assert!(row.contains(&format!(" {} {name}", active + 1)), "{row}");
        assert!(
            row.contains("Drift·2") && row.ends_with("◌ ● local"),
            "{row}"
        );
        assert!(row.contains("Goals") && row.contains("Review"), "{row}");
    }
    assert_eq!(at(40, 3), " 1 2 3 4 Drift·2 5 6 7 8      ◌ ● local");
    assert_eq!(at(40, 0), " 1 LifeOps 2 3 4·2 5 6 7 8    ◌ ● local");
    assert_eq!(at(32, 3), " 4 Drift·2    ◌ masked  ● local");
    assert_eq!(at(24, 0), " 1 LifeOps 2–8  ● local");
    assert_eq!(at(8, 0), " 1 Life…");
}

#[test]
fn a_popup_stays_inside_and_covers_half_characters() {
    let look = Look::plain();
    let rows = draw(14, 3, |area, buf| {
        look.put(buf, area, (0, 1), "漢漢漢漢漢漢漢", Role::Text);
        let inside = Popup {
            title: "Help",
            footer: "esc",
            width: 7,
            height: 3,
        }
        .render(area, buf, &look);
        assert!(inside.width <= 5 && inside.height <= 1);
    });
    assert_eq!(rows[0], "   ┌ He… ┐");
    assert_eq!(
        rows[1], "漢  │     │漢 漢",
        "a blank follows each of the wide ones"
    );
}

#[test]
fn a_popup_leaves_no_sliver_of_what_lies_beneath() {
    let popup = Popup {
        title: "Help",
        footer: "",
        width: 36,
        height: 3,
    };
    let area = |width| Rect::new(0, 0, width, 9);
    assert_eq!(popup.place(area(40)), Rect::new(0, 3, 40, 3));
    assert_eq!(popup.place(area(41)), Rect::new(2, 3, 36, 3));
    assert_eq!(popup.place(area(20)), Rect::new(0, 3, 20, 3));
}

#[test]
fn the_selected_row_stays_visible_with_the_least_scrolling() {
    use list::first_visible;
    assert_eq!(first_visible(0, 5, 10, 100), 0);
    assert_eq!(first_visible(0, 10, 10, 100), 1);
    assert_eq!(first_visible(20, 5, 10, 100), 5);
    assert_eq!(first_visible(95, 99, 10, 100), 90);
    assert_eq!(first_visible(7, 2, 10, 3), 0);
    assert_eq!(first_visible(0, 0, 0, 0), 0);
}

#[test]
fn widths_are_those_of_clusters() {
    for (text, cells) in [
        ("abc", 3),
        ("漢字", 4),
        ("👩‍👩‍👧‍👦", 2),
        ("e\u{301}", 1),
        ("🇩🇪", 2),
        ("", 0),
        ("\u{1b}", 0),
    ] {
        assert_eq!(width::width(text), cells, "{text:?}");
    }
    assert_eq!(width::truncate("漢字漢字", 5), "漢字…");
    assert_eq!(width::truncate("漢字漢字", 4), "漢…");
    assert_eq!(width::truncate("fits", 4), "fits");
    assert_eq!(width::to_ascii("don’t – 漢"), "don't - ??");
    let rows = |text: &str, cols| -> Vec<String> {
        width::wrap(text, cols)
            .into_iter()
            .map(|row| text[row].to_owned())
            .collect()
    };
    assert_eq!(rows("the quick brown fox", 10), ["the quick", "brown fox"]);
    assert_eq!(rows("漢字、仮名", 4), ["漢", "字、", "仮名"]);
    assert_eq!(rows("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
    assert_eq!(rows("a\n\nb", 4), ["a", "", "b"]);
}

#[test]
fn a_long_notice_goes_on_in_the_next_row_and_is_cut_in_the_last() {
    let notice = Notice {
        text: "one two three four five six seven".into(),
        kind: NoticeKind::Info,
    };
    assert_eq!(notice.rows(18), 3);
    let rows = draw(18, 2, |area, buf| {
        notice.render(area, buf, &Look::plain());
    });
    assert_eq!(rows, ["· one two three", "  four five six s…"]);
}

#[test]
fn a_week_is_told_without_colours() {
    let days = [
        DayMark::Done,
        DayMark::Part,
        DayMark::No,
        DayMark::Nothing,
        DayMark::Done,
        DayMark::Ahead,
        DayMark::Outside,
    ];
    for (look, strip) in [
        (Look::plain(), " ▪ ▫ ✗ –[▪]·"),
        (Look::new(Theme::plain(), glyphs::ASCII), " * + n -[*]."),
    ] {
        let rows = draw(WEEK_WIDTH, 2, |area, buf| {
            let first = date(2026, 11, 22);
            WeekHead {
                first,
                today: first,
            }
            .render(area, buf, &look);
            let below = Rect {
                y: area.y + 1,
                height: 1,
                ..area
            };
            WeekStrip {
                days: &days,
                picked: Some(4),
            }
            .render(below, buf, &look);
        });
        assert_eq!(rows, [" S M T W T F S", strip]);
    }
}
