//! Signals in a terminal: calculated as the program starts, answered by keys, found again by a second run.

use super::home::{Home, until};

#[test]
fn a_signal_on_a_train() {
    signal(40, 12);
}

#[test]
fn a_signal_at_a_desk() {
    signal(120, 36);
}

fn signal(columns: u16, rows: u16) {
    let home = Home::external();
    for title in ["Shed", "Course", "Garden"] {
        let (code, _, error) = home.run(&["idea", title]);
        assert_eq!(code, 0, "{error}");
    }
    home.ask("update wildlands.ideas set status = 'reality_checked' returning 'x'");
    home.ask("update wildlands.ideas set status = 'promoted' returning 'x'");
    let mut terminal = home.start(columns, rows);
    terminal.wait_text("nothing logged");
    let state = || home.ask("select state from wildlands.drift_flags where type = 'ideas_crowded'");
    until("the signal is stored", || state() == ["open"]);
    terminal.types("\t\t\t");
    terminal.wait_text("3 promoted ideas");
    terminal.types("a");
    until("it is acknowledged", || state() == ["acknowledged"]);
    terminal.wait_text("No open signals");
    terminal.wait_gone("Drift·1");
    terminal.wait_gone("Drift 1");
    terminal.types("u");
    until("it is open again", || state() == ["open"]);
    terminal.wait_text("3 promoted ideas");
    terminal.types("s");
    terminal.wait_text("snooze until");
    // The date that is offered, then why.
    terminal.types("\r");
    until("it is snoozed", || state() == ["snoozed"]);
    terminal.types("exam weeks\x13");
    let note = || home.ask("select note from wildlands.drift_flags where type = 'ideas_crowded'");
    until("the reason is kept", || note() == ["exam weeks"]);
    // Left with the reason masked; what it speaks of ends, and the signal with it.
    terminal.wait_gone("exam weeks");
    let shed = home.ask("select id::text from wildlands.ideas where title = 'Shed'");
    let (code, _, error) = home.run(&["idea", "move", &shed[0], "parked", "--review-on", "+30"]);
    assert_eq!(code, 0, "{error}");
    until("it has ended", || state() == ["resolved"]);
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}
