//! A whole review in a terminal: gone through, left half-way, taken up by a second run, completed.

use super::home::{Home, until};

#[test]
fn a_review_on_a_train() {
    review(40, 12);
}

#[test]
fn a_review_at_a_desk() {
    review(120, 36);
}

fn review(columns: u16, rows: u16) {
    let home = Home::external();
    for words in [
        ["log", "-7", "energy=4"],
        ["log", "-8", "energy=8"],
        ["goal", "add", "Run"],
    ] {
        let mut words = words.to_vec();
        if words[0] == "goal" {
            words.extend(["domain=health", "minimum=3"]);
        }
        let (code, _, error) = home.run(&words);
        assert_eq!(code, 0, "{error}");
    }
    let mut terminal = home.start(columns, rows);
    terminal.wait_text("nothing logged");
    // Back past Data, the last one.
    let screen = "\x1b[Z\x1b[Z";
    terminal.types(screen);
    terminal.wait_text("days logged");
    terminal.enters("r", "1 of 7");
    terminal.enters("\r", "2 of 7");
    terminal.enters("\r", "3 of 7");
    terminal.enters("\r", "4 of 7");
    terminal.types("\r");
    terminal.wait_text("What happened that the figures");
    terminal.types("A storm on Tuesday\r");
    terminal.wait_text("What was in the way");
    // The terminal goes away in the middle of the second answer.
    terminal.types("Trains");
    terminal.wait_text("Trains");
    terminal.types("\x1b");
    let place = || home.ask("select stats ->> 'place' from wildlands.reviews");
    let answer = |key: &str| {
        home.ask(&format!(
            "select answers ->> '{key}' from wildlands.reviews"
        ))
    };
    until("the place is kept", || place() == ["answers.inTheWay"]);
    until("the answer is kept", || answer("inTheWay") == ["Trains"]);
    // An escape with a key right behind it is that key with Alt.
    terminal.enters("\x1b", "days logged");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);

    let mut terminal = home.start(columns, rows);
    terminal.wait_text("nothing logged");
    terminal.types(screen);
    terminal.wait_text("days logged");
    terminal.types("r");
    terminal.wait_text("Trains");
    terminal.types("\r");
    terminal.wait_text("coming week for");
    terminal.types("Rest\r");
    until("the review is complete", || {
        home.ask("select 'done' from wildlands.reviews where completed_at is not null and not stats ? 'place'")
            == ["done"]
    });
    assert_eq!(answer("notInFigures"), ["A storm on Tuesday"]);
    assert_eq!(answer("inTheWay"), ["Trains"]);
    assert_eq!(answer("comingWeek"), ["Rest"]);
    assert_eq!(
        home.ask("select count(*)::text from wildlands.reviews"),
        ["1"]
    );
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    let (code, out, error) = home.run(&["review", "--list"]);
    assert_eq!(code, 0, "{error}");
    assert!(out.contains("completed"), "{out}");
}
