//! An evening's check-ins, typed in one go.

use serde_json::{Value, json};

use super::home::Home;

/// What a goal has on the day of this home's clock.
fn of_today(home: &Home, goal: &str) -> Value {
    let (code, out, error) = home.run(&["goal", "show", goal, "--json"]);
    assert_eq!(code, 0, "{error}");
    let shown: Value = serde_json::from_str(&out).unwrap();
    shown["checkIns"][0]["data"].clone()
}

#[test]
fn four_check_ins_are_typed_in_one_go_on_a_small_screen() {
    let home = Home::external();
    for words in [
        ["goal", "add", "Letters", "domain=work", "minimum=5"],
        ["goal", "add", "Bed by ten", "domain=health", "minimum=3"],
        ["goal", "add", "Run", "domain=health", "minimum=20x"],
        ["goal", "add", "Stretch", "domain=health", "minimum=2h30"],
    ] {
        let (code, out, error) = home.run(&words);
        assert_eq!(code, 0, "{out}{error}");
    }
    let mut terminal = home.start(40, 12);
    terminal.wait_text("nothing logged");
    terminal.enters("\x1b3", "▸ Letters");
    // By domain and title; a check-in, a score, an amount, a time, and a note to the last.
    terminal.types(" j8j12\rj1h30\rw");
    terminal.enters("Slowly\x1b", "note Slowly");
    terminal.wait_text("90/150m");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(of_today(&home, "letters")["completed"], json!(true));
    assert_eq!(of_today(&home, "bed")["score"], json!(8));
    assert_eq!(of_today(&home, "run")["amount"], json!(12));
    let stretch = of_today(&home, "stretch");
    assert_eq!(
        (&stretch["amount"], &stretch["note"]),
        (&json!(90), &json!("Slowly"))
    );
}
