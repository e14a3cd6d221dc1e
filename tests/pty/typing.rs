//! What is typed arrives: an evening, keys that are held, pastes, windows of every size.

use super::home::{Home, wait_online};

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
    terminal.wait_text("nothing logged yet");
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
