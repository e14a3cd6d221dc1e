#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::*;

fn area(width: u16, height: u16) -> Rect {
    Rect {
        x: 0,
        y: 0,
        width,
        height,
    }
}

fn press(editor: &mut TextEditor, code: KeyCode, modifiers: KeyModifiers) -> Changed {
    editor.input(KeyEvent::new(code, modifiers))
}

fn key(editor: &mut TextEditor, code: KeyCode) -> Changed {
    press(editor, code, KeyModifiers::NONE)
}

fn ctrl(editor: &mut TextEditor, c: char) -> Changed {
    press(editor, KeyCode::Char(c), KeyModifiers::CONTROL)
}

fn write(editor: &mut TextEditor, text: &str) {
    for c in text.chars() {
        key(editor, KeyCode::Char(c));
    }
}

fn screen(editor: &TextEditor, width: u16, height: u16) -> Vec<String> {
    let mut buf = Buffer::empty(area(width, height));
    editor.render(area(width, height), &mut buf, &Look::plain());
    (0..height)
        .map(|y| {
            (0..width)
                .map(|x| buf[(x, y)].symbol())
                .collect::<String>()
                .trim_end()
                .to_owned()
        })
        .collect()
}

fn cursor(editor: &TextEditor, width: u16, height: u16) -> (u16, u16) {
    let at = editor.cursor_position(area(width, height)).unwrap();
    (at.x, at.y)
}

#[test]
fn the_cursor_stands_behind_wide_joined_and_combined_characters() {
    for (text, col) in [
        ("abc", 3),
        ("漢字", 4),
        ("👩‍👩‍👧‍👦", 2),
        ("e\u{301}x", 2),
        ("a\tb", 5),
        ("🇩🇪", 2),
        ("\u{1b}[", 2),
    ] {
        assert_eq!(cursor(&TextEditor::new(text), 40, 3), (col, 0), "{text:?}");
        let mut typed = TextEditor::new("");
        typed.paste(text);
        if !text.contains('\u{1b}') {
            assert_eq!(cursor(&typed, 40, 3), (col, 0), "{text:?}");
        }
    }
}

#[test]
fn backspace_and_arrows_take_whole_clusters() {
    let mut editor = TextEditor::new("a👩‍👩‍👧‍👦e\u{301}");
    key(&mut editor, KeyCode::Left);
    assert_eq!(cursor(&editor, 40, 1), (3, 0));
    key(&mut editor, KeyCode::Left);
    assert_eq!(cursor(&editor, 40, 1), (1, 0));
    key(&mut editor, KeyCode::Delete);
    assert_eq!(editor.text(), "ae\u{301}");
    key(&mut editor, KeyCode::End);
    key(&mut editor, KeyCode::Backspace);
    assert_eq!(editor.text(), "a");
}

#[test]
fn characters_typed_one_by_one_join() {
    let mut editor = TextEditor::new("");
    write(&mut editor, "👩\u{200d}👧e\u{301}");
    assert_eq!(cursor(&editor, 40, 1), (3, 0));
    assert_eq!(editor.text(), "👩\u{200d}👧e\u{301}");
    // A mark put before a letter's end joins it; the cursor is never inside a cluster.
    let mut editor = TextEditor::new("\u{301}x");
    press(&mut editor, KeyCode::Home, KeyModifiers::CONTROL);
    write(&mut editor, "a");
    assert_eq!(editor.cursor().byte, "a\u{301}".len());
}

#[test]
fn long_lines_wrap_at_words_and_the_cursor_follows() {
    let mut editor = TextEditor::new("");
    write(&mut editor, "the quick brown fox");
    assert_eq!(screen(&editor, 11, 3), ["the quick", "brown fox", ""]);
    assert_eq!(cursor(&editor, 11, 3), (9, 1));
    key(&mut editor, KeyCode::Home);
    assert_eq!(cursor(&editor, 11, 3), (0, 1));
    key(&mut editor, KeyCode::Up);
    key(&mut editor, KeyCode::End);
    assert_eq!(cursor(&editor, 11, 3), (9, 0));
    write(&mut editor, "er");
    assert_eq!(screen(&editor, 11, 3), ["the", "quicker", "brown fox"]);
}

#[test]
fn the_column_survives_a_short_row() {
    let mut editor = TextEditor::new("abcdef\nab\n漢字漢字");
    assert_eq!(cursor(&editor, 20, 5), (8, 2));
    key(&mut editor, KeyCode::Up);
    assert_eq!(cursor(&editor, 20, 5), (2, 1));
    key(&mut editor, KeyCode::Up);
    assert_eq!(cursor(&editor, 20, 5), (6, 0));
    key(&mut editor, KeyCode::Left);
    key(&mut editor, KeyCode::Down);
    key(&mut editor, KeyCode::Down);
    assert_eq!(cursor(&editor, 20, 5), (4, 2));
}

#[test]
fn undo_takes_back_words_and_redo_gives_them_again() {
    let mut editor = TextEditor::new("start");
    write(&mut editor, " two words");
    editor.paste("\nx\ny");
    assert_eq!(editor.text(), "start two words\nx\ny");
    ctrl(&mut editor, 'u');
    assert_eq!(editor.text(), "start two words");
    ctrl(&mut editor, 'u');
    assert_eq!(editor.text(), "start two ");
    ctrl(&mut editor, 'u');
    ctrl(&mut editor, 'u');
    assert_eq!(editor.text(), "start");
    assert_eq!(ctrl(&mut editor, 'u'), Changed::Moved);
    for _ in 0..4 {
        assert_eq!(ctrl(&mut editor, 'r'), Changed::Text);
    }
    assert_eq!(editor.text(), "start two words\nx\ny");
    assert_eq!(cursor(&editor, 40, 4), (1, 2));
    editor.replace("else");
    ctrl(&mut editor, 'u');
    ctrl(&mut editor, 'u');
    assert_eq!(editor.text(), "start two words\nx\ny");
}

#[test]
fn words_and_lines_are_moved_over_and_cut() {
    let mut editor = TextEditor::new("one two-three 漢字");
    press(&mut editor, KeyCode::Left, KeyModifiers::CONTROL);
    press(&mut editor, KeyCode::Left, KeyModifiers::CONTROL);
    press(&mut editor, KeyCode::Left, KeyModifiers::CONTROL);
    assert_eq!(editor.cursor().byte, 8);
    ctrl(&mut editor, 'w');
    assert_eq!(editor.text(), "one three 漢字");
    press(&mut editor, KeyCode::Char('d'), KeyModifiers::ALT);
    assert_eq!(editor.text(), "one  漢字");
    ctrl(&mut editor, 'k');
    assert_eq!(editor.text(), "one ");
    key(&mut editor, KeyCode::Enter);
    key(&mut editor, KeyCode::Backspace);
    assert_eq!(editor.text(), "one ");
    for (code, modifiers) in [
        (KeyCode::Esc, KeyModifiers::NONE),
        (KeyCode::Tab, KeyModifiers::NONE),
        (KeyCode::Char('s'), KeyModifiers::CONTROL),
        (KeyCode::Char('p'), KeyModifiers::CONTROL),
        (KeyCode::F(1), KeyModifiers::NONE),
        (KeyCode::Char('1'), KeyModifiers::ALT),
    ] {
        assert_eq!(
            press(&mut editor, code, modifiers),
            Changed::Ignored,
            "{code:?}"
        );
    }
}

#[test]
fn a_paste_is_counted_to_the_last_character() {
    let mut editor = TextEditor::new("");
    let report = editor.paste("a\r\nb\rc\0\u{1b}[31m\td\u{85}e");
    assert_eq!(editor.text(), "a\nb\nc[31m\td\ne");
    assert_eq!(report.controls, 2);
    assert_eq!(report.inserted, editor.chars());
    let mut editor = TextEditor::new("").with_limit(1000);
    let megabyte = "漢字 words\r\n".repeat(100_000);
    let report = editor.paste(&megabyte);
    assert_eq!(report.inserted, 1000);
    assert_eq!(
        report.inserted + report.left_over,
        megabyte.chars().count() - 100_000
    );
    assert!(report.message().unwrap().contains("did not fit"));
    assert_eq!(key(&mut editor, KeyCode::Char('x')), Changed::Full);
    assert_eq!(editor.text().chars().count(), 1000);
    let mut line = LineInput::new("");
    line.paste("one\r\ntwo\n");
    assert_eq!(line.text(), "one two");
    assert_eq!(
        line.input(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE)),
        Changed::Ignored
    );
}

#[test]
fn stored_text_comes_back_byte_for_byte() {
    for text in ["", "\n", "a\r\nb\r", "\u{1b}[2J\u{202e}x\t", "漢\n\n字\n"] {
        assert_eq!(TextEditor::new(text).text(), text);
    }
}

#[test]
fn the_view_scrolls_no_more_than_needed() {
    let text: Vec<String> = (0..100).map(|n| format!("line {n}")).collect();
    let mut editor = TextEditor::new(&text.join("\n"));
    assert_eq!(screen(&editor, 20, 3), ["line 97", "line 98", "line 99"]);
    editor.scroll(-2);
    assert_eq!(screen(&editor, 20, 3)[0], "line 97");
    editor.scroll(-1);
    assert_eq!(screen(&editor, 20, 3)[0], "line 96");
    key(&mut editor, KeyCode::PageUp);
    assert_eq!(cursor(&editor, 20, 3), (7, 0));
    press(&mut editor, KeyCode::Home, KeyModifiers::CONTROL);
    assert_eq!(screen(&editor, 20, 3)[0], "line 0");
}

#[test]
fn columns_and_lines_beyond_16_bits_are_reached() {
    let mut editor = TextEditor::new(&"x".repeat(65_600)).with_limit(100_000);
    key(&mut editor, KeyCode::Char('y'));
    key(&mut editor, KeyCode::Left);
    key(&mut editor, KeyCode::Char('z'));
    assert!(editor.text().ends_with("xxzy"));
}

#[test]
fn no_text_in_debug_output() {
    let editor = TextEditor::new("a planted secret");
    let line = LineInput::new("a planted secret");
    assert!(!format!("{editor:?} {line:?}").contains("planted"));
}

#[test]
fn a_line_input_scrolls_sideways_by_halves() {
    let mut line = LineInput::new("");
    let at = area(10, 1);
    for n in 0..30 {
        line.input(KeyEvent::new(KeyCode::Char('漢'), KeyModifiers::NONE));
        let cursor = line.cursor_position(at).unwrap();
        assert!(cursor.x < 10, "{n}");
    }
    line.input(KeyEvent::new(KeyCode::Home, KeyModifiers::NONE));
    assert_eq!(line.cursor_position(at).unwrap().x, 0);
}

fn keys() -> impl Strategy<Value = Vec<(KeyCode, KeyModifiers)>> {
    let none = KeyModifiers::NONE;
    let ctrl = KeyModifiers::CONTROL;
    let one = prop_oneof![
        6 => prop::sample::select(vec!['a', ' ', '漢', '\u{301}', '👩', '\u{200d}', '-', '🇩', '\n'])
            .prop_map(move |c| (KeyCode::Char(c), none)),
        1 => Just((KeyCode::Enter, none)),
        2 => Just((KeyCode::Backspace, none)),
        1 => Just((KeyCode::Delete, none)),
        2 => Just((KeyCode::Left, none)),
        1 => Just((KeyCode::Right, none)),
        1 => Just((KeyCode::Up, none)),
        1 => Just((KeyCode::Down, none)),
        1 => Just((KeyCode::Home, none)),
        1 => Just((KeyCode::End, none)),
        1 => Just((KeyCode::Left, ctrl)),
        1 => Just((KeyCode::Char('w'), ctrl)),
        1 => Just((KeyCode::Char('k'), ctrl)),
        1 => Just((KeyCode::Char('u'), ctrl)),
        1 => Just((KeyCode::Char('r'), ctrl)),
        1 => Just((KeyCode::PageUp, none)),
    ];
    prop::collection::vec(one, 0..80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_remembered_of_the_rows_equals_a_fresh_wrap(keys in keys(), width in 1u16..14, height in 1u16..5) {
        let mut editor = TextEditor::new("some words 漢字 to\nbegin with, anditiswrapped already");
        for (code, modifiers) in keys {
            press(&mut editor, code, modifiers);
            let shown = screen(&editor, width, height);
            let at = editor.cursor_position(area(width, height)).unwrap();
            prop_assert!(at.x < width && at.y < height);
            // A fresh editor of the same text at the same place, scrolled alike, shows the same.
            let fresh = TextEditor { layout: RefCell::new(Layout::new(0)), ..editor.clone() };
            fresh.layout.borrow_mut().resize(width, height);
            let lines = editor.buffer.lines();
            for line in 0..lines.len() {
                let known = editor.layout.borrow_mut().starts(lines, line).to_vec();
                let wrapped = fresh.layout.borrow_mut().starts(lines, line).to_vec();
                prop_assert_eq!(known, wrapped);
            }
            prop_assert_eq!(shown.len(), usize::from(height));
            prop_assert_eq!(editor.chars(), editor.text().chars().count());
            let line = &lines[editor.cursor.line];
            prop_assert!(line.is_char_boundary(editor.cursor.byte));
        }
        let end = editor.text();
        let mut undone = 0;
        while ctrl(&mut editor, 'u') == Changed::Text {
            undone += 1;
        }
        prop_assert_eq!(editor.text(), "some words 漢字 to\nbegin with, anditiswrapped already");
        for _ in 0..undone {
            ctrl(&mut editor, 'r');
        }
        prop_assert_eq!(editor.text(), end);
    }
}
