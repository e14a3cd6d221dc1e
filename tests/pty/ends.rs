//! How the program ends: signals, closed windows, suspension.

use super::pty_support::Terminal;

/// The terminal is as the shell left it.
pub fn is_given_back(terminal: &Terminal) {
    assert!(terminal.is_cooked());
    terminal.wait_for("the end of output", |seen| seen.ended);
    let seen = terminal.seen();
    let screen = seen.parser.screen();
    assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor());
}
