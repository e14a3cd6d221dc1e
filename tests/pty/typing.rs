//! What is typed arrives: an evening, keys that are held, pastes, windows of every size.

use harriswildlands::domain::text::MAX_TEXT;

use super::home::{Home, until, wait_online};

/// Opens the editor of the field “top win”.
pub fn open_top_win(terminal: &mut super::pty_support::Terminal) {
    terminal.types("Gk\r");
    terminal.wait_text("What went well today?");
}

#[test]
fn the_first_evening_is_typed_and_kept_and_the_terminal_is_given_back() {
    let home = Home::private();
    let mut terminal = home.start(100, 30);
    terminal.wait_text("Welcome");
    {
        let seen = terminal.seen();
        let sent = String::from_utf8_lossy(&seen.bytes).into_owned();
        let place = |text: &str| sent.find(text).expect(text);
        // There was a picture while the database was still being made.
        assert!(place("LifeOps") < place("◐") && place("◐") < place("Welcome"));
    }
    terminal.types("\r");
    terminal.wait_gone("Welcome");
    wait_online(&terminal);
    terminal.wait_text("nothing logged");
    // Two scales, exercise, past seven frictions, three scales, two texts.
    terminal.types("8\r7\r jjjjjjjj0\r6\r5\r\r");
    terminal.enters("Plan fertig 日本語 👩‍👩‍👧 e\u{301}!", "日本語");
    terminal.types("\rCall the bank\r");
    terminal.wait_text("Call the bank");
    terminal.wait_text("saved ");
    assert!(!terminal.is_cooked());
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    super::ends::is_given_back(&terminal);
    let day = home.today();
    assert_eq!(
        day,
        serde_json::json!({
            "sleepQuality": 8, "energy": 7, "exercise": true, "stress": 10, "mood": 6, "focus": 5,
            "topWin": "Plan fertig 日本語 👩‍👩‍👧 e\u{301}!", "tomorrowPriority": "Call the bank",
        })
    );
    let (code, out, _) = home.run(&["log"]);
    assert_eq!(code, 0);
    assert!(out.contains("日本語"), "{out}");
}

#[test]
fn a_key_that_is_held_ends_at_the_last_field_and_back_at_the_first() {
    let home = Home::external();
    let mut terminal = home.open();
    // The full form has some fifty fields.
    terminal.types("f");
    terminal.types("j".repeat(400));
    terminal.wait_text("▸ drift check");
    terminal.types("k".repeat(400));
    terminal.wait_text("▸ sleep");
    terminal.types("jjjj".repeat(3));
    terminal.types("k".repeat(11));
    terminal.wait_text("▸ sleep quality");
    terminal.types("h".repeat(300));
    home.wait_field("sleepQuality", "1");
    terminal.types("l".repeat(300));
    home.wait_field("sleepQuality", "10");
    // A few hundred days back and the same number on are today.
    terminal.wait_text("▰▰▰▰▰▰▰▰▰▰ 10");
    terminal.types("[".repeat(300));
    terminal.wait_gone("▰▰▰▰▰▰▰▰▰▰ 10");
    terminal.types("]".repeat(300));
    terminal.wait_text("▰▰▰▰▰▰▰▰▰▰ 10");
    terminal.types("h");
    home.wait_field("sleepQuality", "9");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn while_the_window_changes_its_size_no_key_is_lost() {
    let home = Home::external();
    let mut terminal = home.open();
    open_top_win(&mut terminal);
    let mut typed = String::new();
    let sizes = [
        (10, 3),
        (1, 1),
        (300, 100),
        (2, 2),
        (40, 12),
        (1, 50),
        (200, 1),
        (80, 24),
    ];
    for (at, (columns, rows)) in sizes.into_iter().enumerate() {
        terminal.resize(columns, rows);
        let piece = format!("{at}日é ");
        terminal.types(&piece);
        typed.push_str(&piece);
        if columns >= 40 && rows >= 12 {
            terminal.wait_text(&format!("{at}日é"));
        }
    }
    terminal.wait_text(typed.trim_end());
    terminal.types("\x13");
    home.wait_field("topWin", typed.trim_end());
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    super::ends::is_given_back(&terminal);
}

#[test]
fn it_starts_in_a_window_of_any_size() {
    let home = Home::external();
    home.greet();
    for (columns, rows) in [(10, 3), (1, 1), (300, 100)] {
        let mut terminal = home.start(columns, rows);
        terminal.wait_for("a frame", |seen| seen.has_sent(b"\x1b[?2026l"));
        terminal.types("Gk\r");
        let text = format!("in {columns} by {rows}");
        terminal.types(&text);
        until(&text, || {
            // Until the day is loaded, which such a window cannot say, the text is not taken.
            terminal.types("\x13");
            home.field("topWin").ends_with(&text)
        });
        terminal.types("q");
        assert_eq!(terminal.exit_code(), 0);
    }
}

fn pasted(text: &str) -> String {
    format!("\x1b[200~{text}\x1b[201~")
}

#[test]
fn a_paste_of_a_megabyte_is_taken_as_far_as_it_fits_and_the_rest_is_told() {
    let home = Home::external();
    let mut terminal = home.open_in(160, 30);
    open_top_win(&mut terminal);
    let line = "0123456789 日本語 and so on, line after line\n";
    let text = line.repeat((1 << 20) / line.len() + 1);
    let characters = text.chars().count();
    assert!(text.len() > 1 << 20);
    terminal.types(pasted(&text));
    let left = characters - MAX_TEXT;
    terminal.wait_text(&format!(
        "pasted {MAX_TEXT} characters; {left} of {characters} characters did not fit and were left out"
    ));
    terminal.enters("x", "this text is as long as it can be, 65536 characters");
    terminal.types("\x13");
    let stored: String = text.chars().take(MAX_TEXT).collect();
    home.wait_field("topWin", stored.trim_end());
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_paste_of_hostile_bytes_reaches_neither_the_terminal_nor_the_database_as_such() {
    let home = Home::external();
    let mut terminal = home.open_in(160, 30);
    open_top_win(&mut terminal);
    let from = terminal.seen().bytes.len();
    let hostile = "a\x1b]0;planted-title\x07b\x1b[31mc\x1bP+q\x1b\\d\0e\u{9b}5mf\u{9d}0;t\u{9c}g\x7fh\
        \x1b[?1049li\x08j\u{202e}k\rl\tm";
    terminal.types(pasted(hostile));
    terminal.wait_text("control characters left out");
    terminal.wait_text("a]0;planted-titleb[31mc");
    terminal.types("\x13");
    let stored = "a]0;planted-titleb[31mcP+q\\de5mf0;tgh[?1049lij\u{202e}k\nl\tm";
    home.wait_field("topWin", stored);
    terminal.wait_text("▸ top win");
    // Moved away and back, on a redrawn screen, it is shown in every way that there is.
    terminal.types("g\x0cG");
    terminal.wait_text("▸ tomorrow's prior");
    {
        let seen = terminal.seen();
        let sent = String::from_utf8_lossy(&seen.bytes[from..]).into_owned();
        for active in [
            "\x1b]0",
            "\x1bP",
            "\x1b[?1049l",
            "\x07",
            "\0",
            "\x7f",
            "\x08",
        ] {
            assert!(!sent.contains(active), "{active:?}");
        }
        let harmful = |c: char| matches!(c, '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}');
        assert!(!sent.contains(harmful));
        assert!(seen.parser.screen().alternate_screen());
    }
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_paste_where_no_text_is_written_sets_nothing() {
    let home = Home::external();
    let mut terminal = home.open();
    terminal.types(pasted("8q9x\r"));
    terminal.types("7");
    home.wait_field("sleepQuality", "7");
    assert_eq!(home.versions(), ["1"]);
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_search_typed_in_one_go_opens_its_day() {
    let home = Home::external();
    for (day, text) in [
        ("2026-11-20", "topWin=Called the bank"),
        ("2026-10-02", "topWin=A heron at the lake"),
    ] {
        assert_eq!(home.run(&["log", day, text]).0, 0);
    }
    for (columns, rows) in [(40, 12), (120, 36)] {
        let mut terminal = home.start(columns, rows);
        terminal.wait_text("nothing logged");
        terminal.types("/heron\r");
        terminal.wait_text("Fri 2 Oct");
        terminal.wait_gone("Search");
        terminal.wait_text("A heron");
        terminal.types("/nowhere");
        terminal.wait_text("nothing found");
        terminal.types("\x1b");
        terminal.wait_gone("nothing found");
        terminal.types("q");
        assert_eq!(terminal.exit_code(), 0);
    }
    let (code, out, _) = home.run(&["search", "bank"]);
    assert_eq!(code, 0);
    assert!(out.contains("Called the bank"), "{out}");
}

#[test]
fn a_lesson_request_is_typed_in_one_go_on_a_small_screen() {
    let home = Home::external();
    let mut terminal = home.start(40, 12);
    terminal.wait_text("Welcome");
    terminal.types("\r");
    terminal.wait_gone("Welcome");
    // The palette finds the screen wherever it stands.
    terminal.types(":Teaching");
    terminal.wait_text("Teaching");
    terminal.types("\r");
    terminal.wait_text("n begins one");
    // Subject; topic and grade, each followed by the next; minutes. Then the plan, by its key.
    terminal.types("nMaths\r\rAdding fractions\r5\r45\rqp");
    terminal.wait_text("planned: 45");
    terminal.types("c");
    terminal.wait_text("Checklist");
    terminal.types("\x1b");
    terminal.wait_gone("Checklist");
    terminal.types("w1");
    terminal.wait_text("written to");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    let file = home.directory().join("lesson-maths-adding-fractions.md");
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains("### You do (15 minutes)"), "{text}");
    let (code, out, _) = home.run(&["teach", "list", "--json"]);
    assert_eq!(code, 0);
    let listed: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(listed[0]["data"]["durationMinutes"], 45);
    assert_eq!(listed[0]["data"]["grade"], "5");
}
