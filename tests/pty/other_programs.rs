//! Two programs on one day: nothing of either is lost, and each comes to see the other's answers.

use super::home::{Home, wait_saved};
use super::typing::open_top_win;

#[test]
fn two_programs_on_one_day_keep_each_others_answers_and_see_them_when_they_look_again() {
    let home = Home::external();
    let mut first = home.open();
    let mut second = home.open_again();
    first.enters("8", "saved ");
    second.types("j7");
    home.wait_field("energy", "7");
    assert_eq!(
        home.field("sleepQuality"),
        "8",
        "of one row, each its own field"
    );
    // The row that came back with the second's write holds the first's answer.
    second.wait_text("▰▰▰▰▰▰▰▰▱▱  8");
    first.enters("R", "▰▰▰▰▰▰▰▱▱▱  7");
    // From the command line, seen by both.
    let (code, _, err) = home.run(&["log", "stress=3"]);
    assert_eq!(code, 0, "{err}");
    for terminal in [&mut first, &mut second] {
        terminal.enters("R", "▰▰▰▱▱▱▱▱▱▱  3");
    }
    // The same text: both are there, and a key takes back one's own and nothing else.
    open_top_win(&mut first);
    open_top_win(&mut second);
    first.enters("by the first", "by the first");
    second.enters("by the second", "by the second");
    first.types("\x13");
    home.wait_field("topWin", "by the first");
    second.types("\x13");
    home.wait_field("topWin", "by the first\n\nby the second");
    second.wait_gone("What went well today?");
    second.wait_text("both texts are there");
    wait_saved(&second);
    second.enters("u", "taken back");
    home.wait_field("topWin", "by the first");
    // A figure that the other one has changed since is not taken back.
    first.enters("gR5", "▰▰▰▰▰▱▱▱▱▱  5");
    wait_saved(&first);
    second.types("g9");
    home.wait_field("sleepQuality", "9");
    first.enters("u", "changed elsewhere meanwhile; that stays");
    assert_eq!(home.field("sleepQuality"), "9");
    for mut terminal in [first, second] {
        terminal.types("q");
        assert_eq!(terminal.exit_code(), 0);
    }
    assert_eq!(home.ask("select count(*)::text from wildlands.logs"), ["1"]);
}

#[test]
fn keys_that_come_before_the_day_is_loaded_overwrite_nothing() {
    let home = Home::external();
    let mut first = home.open();
    first.enters("9jj ", "yes");
    open_top_win(&mut first);
    first.types("was there\x13");
    home.wait_field("topWin", "was there");
    first.types("q");
    assert_eq!(first.exit_code(), 0);
    // Nobody can read a day for a while, though the server answers.
    let held = home.hold_days();
    let mut second = home.start(100, 30);
    second.wait_text("loading");
    for keys in ["h", "jj ", "gl"] {
        second.types(keys);
        second.wait_text("this day is not loaded yet");
    }
    open_top_win(&mut second);
    second.enters("and more", "and more");
    second.enters("\x13", "once it is, the text can be saved");
    // No key that saves closes the editor: what is typed after it is text.
    second.enters("\r1", "and more1");
    second.enters("\x052", "and more12");
    drop(held);
    second.wait_gone("loading");
    second.enters("!", "was there");
    second.wait_text("and more12!");
    second.types("\x13");
    home.wait_field("topWin", "was there\nand more12!");
    assert_eq!(home.field("sleepQuality"), "9");
    assert_eq!(home.field("exercise"), "true");
    // Now that it is known, a step is a step.
    second.types("gh");
    home.wait_field("sleepQuality", "8");
    second.types("q");
    assert_eq!(second.exit_code(), 0);
}

#[test]
fn the_drafts_of_a_program_that_runs_are_not_offered_by_another() {
    let home = Home::external();
    let mut first = home.open();
    open_top_win(&mut first);
    first.types("still being typed");
    home.wait_draft("still being typed");
    let mut second = home.open_again();
    second.wait_text("nothing logged");
    second.enters("8", "saved ");
    assert!(!second.text().contains("Unsaved text"));
    second.types("q");
    assert_eq!(second.exit_code(), 0);
    assert!(!second.seen().has_sent("still being typed".as_bytes()));
    first.types("\x13");
    home.wait_field("topWin", "still being typed");
    first.types("q");
    assert_eq!(first.exit_code(), 0);
}
