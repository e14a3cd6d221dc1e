//! A whole evening in one go: the day, an idea, four check-ins, a lesson request.

use super::home::{Home, until};

#[test]
fn an_evening_on_a_train() {
    evening(40, 12);
}

#[test]
fn an_evening_at_a_desk() {
    evening(120, 36);
}

fn evening(columns: u16, rows: u16) {
    let home = Home::external();
    for goal in ["Run", "Read", "Stretch", "Sleep by ten"] {
        let (code, _, error) = home.run(&["goal", "add", goal, "domain=health", "minimum=3"]);
        assert_eq!(code, 0, "{error}");
    }
    let mut terminal = home.start(columns, rows);
    terminal.wait_text("nothing logged");
    // Two scales, exercise, past seven frictions, three scales, two texts.
    terminal.types("8\r7\r jjjjjjjj0\r6\r5\r\rFinished the plan\rCall the bank\r");
    // An idea, from where one is.
    terminal.types("iBees on the roof 蜂\r");
    terminal.wait_gone("Bees on the roof");
    // ThinkOps, then Goals: each of the four.
    terminal.types("\t\t");
    terminal.wait_text("Sleep by ten");
    terminal.types(" j j j ");
    // Past Drift to Teaching: a request with its topic.
    terminal.types("\t\t");
    terminal.wait_text("n begins one");
    terminal.types("nMaths\r\rAdding fractions\x13");
    terminal.wait_text("Adding fractions");
    terminal.types("\x1b");
    let count = |table: &str| home.ask(&format!("select count(*)::text from wildlands.{table}"));
    until("everything is stored", || {
        count("ideas") == ["1"]
            && count("check_ins") == ["4"]
            && home.ask("select topic from wildlands.teaching_requests") == ["Adding fractions"]
    });
    assert_eq!(
        home.today(),
        serde_json::json!({
            "sleepQuality": 8, "energy": 7, "exercise": true, "stress": 10, "mood": 6, "focus": 5,
            "topWin": "Finished the plan", "tomorrowPriority": "Call the bank",
        })
    );
    assert_eq!(
        home.ask("select title from wildlands.ideas"),
        ["Bees on the roof 蜂"]
    );
    assert_eq!(
        home.ask("select count(distinct goal_id)::text from wildlands.check_ins where completed"),
        ["4"]
    );
    // Nothing is left to be offered at the next start.
    until("no draft is left", || home.drafts().is_empty());
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}
