//! An idea on a small terminal: captured in one go, and never lost.

use super::home::Home;
use super::safety::kill;

fn ideas(home: &Home) -> String {
    let (code, out, err) = home.run(&["idea", "list", "--reveal"]);
    assert_eq!(code, 0, "{err}");
    out
}

#[test]
fn ideas_are_captured_and_moved_in_one_go_on_forty_columns() {
    let home = Home::external();
    let mut terminal = home.open_in(40, 12);
    // From the day: two ideas, one of them with its figures; then to the screen, and one is parked.
    terminal.types("iA reading corner\riCall Ann\tjjj8\r7\x1b");
    terminal.wait_text("energy");
    terminal.types("\x1bOQ");
    terminal.wait_text("draft 2");
    terminal.wait_text("56");
    assert!(!terminal.text().contains("Ann"), "{}", terminal.text());
    terminal.enters("V", "Call Ann");
    terminal.types("s1\r");
    terminal.wait_text("parked 1");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    let out = ideas(&home);
    let line = |title: &str| {
        out.lines()
            .find(|line| line.contains(title))
            .unwrap()
            .to_owned()
    };
    assert!(
        line("Call Ann").contains("parked") && line("Call Ann").contains("8×7=56"),
        "{out}"
    );
    assert!(line("A reading corner").contains("draft"), "{out}");
}

#[test]
fn a_title_survives_a_kill_and_becomes_the_idea() {
    let home = Home::external();
    let mut terminal = home.open();
    terminal.enters("iHalf a thought", "Half a thought");
    home.wait_draft("Half a thought");
    kill(terminal);
    let mut terminal = home.open_again();
    terminal.wait_text("not saved");
    assert!(!terminal.text().contains("Half"), "{}", terminal.text());
    terminal.enters("v", "Half a thought");
    terminal.types("\r");
    terminal.wait_gone("not saved");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    assert!(ideas(&home).contains("Half a thought"));
}
