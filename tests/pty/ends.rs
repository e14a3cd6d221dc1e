//! How the program ends or rests: signals, closed windows, suspension, foreign editors.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use nix::sys::signal::Signal;

use super::home::{Home, below, until, wait_online};
use super::pty_support::Terminal;
use super::typing::open_top_win;

/// The terminal is as the shell left it.
pub fn is_given_back(terminal: &Terminal) {
    assert!(terminal.is_cooked());
    terminal.wait_for("the end of output", |seen| seen.ended);
    let seen = terminal.seen();
    let screen = seen.parser.screen();
    assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor());
}

/// Whether the next start offers exactly this, and takes it when told so.
fn is_offered(home: &Home, text: &str) {
    let mut terminal = home.open_again();
    terminal.wait_text("Unsaved text");
    terminal.wait_text(text);
    terminal.types("\r");
    home.wait_field("topWin", text);
    until("the draft is gone", || home.drafts().is_empty());
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_signal_keeps_the_text_gives_the_terminal_back_and_says_so_by_its_code() {
    for (signal, code) in [
        (Signal::SIGHUP, 129),
        (Signal::SIGTERM, 143),
        (Signal::SIGINT, 130),
    ] {
        let home = Home::external();
        let mut terminal = home.open();
        terminal.enters("8", "saved ");
        open_top_win(&mut terminal);
        terminal.enters("half a sente", "half a sente");
        terminal.signal(signal);
        assert_eq!(terminal.exit_code(), code, "{signal}");
        is_given_back(&terminal);
        assert_eq!(home.drafts(), ["half a sente"]);
        assert_eq!(home.field("sleepQuality"), "8");
        is_offered(&home, "half a sente");
    }
}

#[test]
fn a_closed_window_keeps_the_text_and_the_program_ends() {
    let home = Home::external();
    let mut terminal = home.open();
    open_top_win(&mut terminal);
    terminal.enters("half a sente", "half a sente");
    // Being closed, the driver types a line break and ctrl-d.
    terminal.hang_up("n");
    assert_eq!(terminal.exit_code(), 129);
    let drafts = home.drafts();
    assert_eq!(drafts.len(), 1);
    assert_eq!(drafts[0].trim_end(), "half a senten");
    is_offered(&home, "half a senten");
}

#[test]
fn stopped_and_continued_the_terminal_is_lent_to_the_shell_and_the_screen_is_masked_again() {
    let home = Home::external();
    home.greet();
    home.run(&["log", "2020-01-01", "mood=5"]);
    let script = "set -m; \"$@\"; echo it-stopped; read line; fg >/dev/null; echo it-ended-$?";
    let words = ["sh", "-c", script, "sh", env!("CARGO_BIN_EXE_wildlands")];
    let mut terminal = Terminal::start(home.started_by(&words), 100, 30);
    wait_online(&terminal);
    // A sensitive text, revealed.
    terminal.enters("fGkk", "▸ family");
    terminal.enters("\r", "How were you with your family?");
    terminal.types("with the family\x13");
    terminal.enters("v", "with the family");
    terminal.enters("\x1a", "it-stopped");
    assert!(terminal.is_cooked());
    assert!(!terminal.seen().parser.screen().alternate_screen());
    assert!(!terminal.text().contains("with the family"));
    terminal.enters("\n", "masked, v shows it");
    assert!(!terminal.is_cooked());
    assert!(!terminal.text().contains("with the family"));
    terminal.enters("q", "it-ended-0");
    assert!(terminal.is_cooked());
}

#[test]
fn told_to_stop_by_another_program_it_gives_the_terminal_back_too() {
    let home = Home::external();
    home.greet();
    let script = "set -m; \"$@\"; echo it-stopped; read line; fg >/dev/null; echo it-ended-$?";
    let words = ["sh", "-c", script, "sh", env!("CARGO_BIN_EXE_wildlands")];
    let mut terminal = Terminal::start(home.started_by(&words), 100, 30);
    wait_online(&terminal);
    open_top_win(&mut terminal);
    terminal.enters("before the stop", "before the stop");
    let shell = terminal.pid();
    let children = fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).unwrap();
    let program = nix::unistd::Pid::from_raw(children.trim().parse().unwrap());
    nix::sys::signal::kill(program, Signal::SIGTSTP).unwrap();
    terminal.wait_text("it-stopped");
    assert!(terminal.is_cooked());
    terminal.enters("\n", "before the stop");
    terminal.enters(", after", "before the stop, after");
    terminal.types("\x13");
    home.wait_field("topWin", "before the stop, after");
    terminal.enters("q", "it-ended-0");
}

/// An editor that is a script; it is given the file as `$1`.
fn editor(home: &Home, script: &str) -> String {
    let file = home.directory().join("editor.sh");
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    file.to_str().unwrap().to_owned()
}

/// What there is for foreign editors below the state directory.
fn left_by_editors(home: &Home) -> Vec<PathBuf> {
    let mut files = below(&home.state());
    files.retain(|path| path.to_string_lossy().contains("/edit-"));
    files
}

/// Waits until nobody holds the lock of the file that an editor was given.
fn editor_has_ended(home: &Home) {
    let mut left = left_by_editors(home);
    left.retain(|path| path.ends_with("lock"));
    assert_eq!(left.len(), 1, "{left:?}");
    until("the editor is gone too", || {
        fs::File::open(&left[0]).unwrap().try_lock().is_ok()
    });
}

#[test]
fn a_foreign_editor_gets_a_private_file_and_its_text_is_saved() {
    let mut home = Home::external();
    let script = "stat -c 'mode %a of %A' \"$1\"; stat -c 'around %a' \"$(dirname \"$1\")\"
        cat \"$1\"; read line; printf '%s 日本語\\n' \"$line\" >> \"$1\"";
    home.set("EDITOR", &editor(&home, script));
    let mut terminal = home.open();
    open_top_win(&mut terminal);
    terminal.types("first line\x13");
    home.wait_field("topWin", "first line");
    terminal.enters("e", "first line");
    terminal.wait_text("mode 600");
    terminal.wait_text("around 700");
    assert!(terminal.is_cooked());
    // The first line is the editor's, the key after it is the program's again.
    terminal.types("second line\n");
    home.wait_field("topWin", "first line\nsecond line 日本語");
    terminal.wait_text("▸ top win");
    assert!(!terminal.is_cooked());
    until("nothing is left", || left_by_editors(&home).is_empty());
    // From the program's own editor, with what was typed there.
    open_top_win(&mut terminal);
    terminal.enters(", third", "日本語, third");
    terminal.enters("\x05", "日本語, third");
    terminal.wait_text("mode 600");
    terminal.types("fourth\n");
    home.wait_field(
        "topWin",
        "first line\nsecond line 日本語, third\nfourth 日本語",
    );
    terminal.wait_text("▸ top win");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(home.drafts(), Vec::<String>::new());
}

#[test]
fn an_editor_that_fails_changes_nothing_and_what_it_wrote_is_kept_where_it_says() {
    let mut home = Home::external();
    home.set(
        "EDITOR",
        &editor(&home, "printf 'half-way' > \"$1\"; exit 3"),
    );
    let mut terminal = home.open_in(200, 30);
    open_top_win(&mut terminal);
    terminal.types("what was there\x13");
    home.wait_field("topWin", "what was there");
    terminal.enters(
        "e",
        "ended with exit status: 3; its text was not taken and is kept in",
    );
    let mut left = left_by_editors(&home);
    left.retain(|path| path.ends_with("text.md"));
    assert_eq!(left.len(), 1);
    assert_eq!(fs::read_to_string(&left[0]).unwrap(), "half-way");
    assert!(
        terminal
            .text()
            .contains(left[0].parent().unwrap().to_str().unwrap())
    );
    assert_eq!(home.field("topWin"), "what was there");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn an_editor_that_is_missing_is_told_and_what_was_typed_before_it_is_not_lost() {
    let home = Home::external().with("EDITOR", "no-such-editor-here");
    let mut terminal = home.open_in(200, 30);
    terminal.enters("Gk", "▸ top win");
    terminal.enters("e", "the editor `no-such-editor-here` could not be started");
    assert_eq!(left_by_editors(&home), Vec::<PathBuf>::new());
    terminal.enters("\r", "What went well today?");
    terminal.enters("typed before", "typed before");
    terminal.types("\x05");
    terminal.wait_gone("What went well today?");
    terminal.wait_text("the editor `no-such-editor-here` could not be started");
    terminal.wait_text("typed before");
    home.wait_field("topWin", "typed before");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_signal_while_a_foreign_editor_runs_keeps_what_was_typed_before_it() {
    let mut home = Home::external();
    home.set("EDITOR", &editor(&home, "echo editor-runs; read line"));
    let mut terminal = home.open();
    open_top_win(&mut terminal);
    terminal.enters("typed before", "typed before");
    terminal.enters("\x05", "editor-runs");
    terminal.signal(Signal::SIGTERM);
    assert_eq!(terminal.exit_code(), 143);
    assert_eq!(home.field("topWin"), "typed before");
    assert_eq!(home.drafts(), Vec::<String>::new());
    // The editor has its file for as long as it lives.
    drop(terminal);
    editor_has_ended(&home);
    let mut terminal = home.open_again();
    until("nothing is left", || left_by_editors(&home).is_empty());
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_signal_while_a_foreign_editor_runs_keeps_what_it_has_written() {
    for (signal, code) in [(Signal::SIGHUP, 129), (Signal::SIGTERM, 143)] {
        let mut home = Home::external();
        let script = "printf 'of the editor\n' > \"$1\"; echo editor-runs; read line";
        home.set("EDITOR", &editor(&home, script));
        let mut terminal = home.open();
        open_top_win(&mut terminal);
        terminal.enters("typed before", "typed before");
        terminal.enters("\x05", "editor-runs");
        home.wait_field("topWin", "typed before");
        terminal.signal(signal);
        assert_eq!(terminal.exit_code(), code);
        terminal.wait_text("a text is with your editor");
        drop(terminal);
        editor_has_ended(&home);
        let mut terminal = home.open_again();
        terminal.wait_text("Unsaved text");
        terminal.wait_text("of the editor");
        terminal.wait_text("The day has: typed before");
        terminal.types("\r");
        until("it is in the day", || {
            home.field("topWin").contains("of the editor")
        });
        until("the draft is gone", || home.drafts().is_empty());
        assert_eq!(left_by_editors(&home), Vec::<PathBuf>::new());
        terminal.types("q");
        assert_eq!(terminal.exit_code(), 0);
    }
}

#[test]
fn what_a_foreign_editor_saved_for_itself_is_kept_and_told() {
    let mut home = Home::external();
    let swap = "$(dirname \"$1\")/.text.md.swp";
    // Killed with the program, before it has written anything.
    let script = format!("echo unsaved > \"{swap}\"; echo editor-runs; read line");
    home.set("EDITOR", &editor(&home, &script));
    let mut terminal = home.open();
    terminal.enters("Gk", "▸ top win");
    terminal.enters("e", "editor-runs");
    terminal.signal(Signal::SIGKILL);
    terminal.exit_code();
    drop(terminal);
    editor_has_ended(&home);
    let swaps = || {
        let mut files = left_by_editors(&home);
        files.retain(|path| path.ends_with(".text.md.swp"));
        files
    };
    let mut terminal = home.open_again();
    terminal.wait_text("an editor left files of its own");
    assert!(swaps().len() == 1 && swaps()[0].to_string_lossy().contains(".damaged/"));
    // Left by one that ended as it should.
    editor(&home, &format!("echo unsaved > \"{swap}\""));
    terminal.enters("Gk", "▸ top win");
    terminal.types("e");
    until("it is set aside", || swaps().len() == 2);
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    for swap in swaps() {
        assert_eq!(fs::read_to_string(swap).unwrap(), "unsaved\n");
    }
}

#[test]
fn of_a_closed_window_the_next_start_tells_what_the_editor_saved_for_itself() {
    let mut home = Home::external();
    let script =
        "echo unsaved > \"$(dirname \"$1\")/.text.md.swp\"; echo editor-runs; exec sleep 60";
    home.set("EDITOR", &editor(&home, script));
    let mut terminal = home.open();
    terminal.enters("Gk", "▸ top win");
    terminal.enters("e", "editor-runs");
    terminal.hang_up("n");
    assert_eq!(terminal.exit_code(), 129);
    drop(terminal);
    editor_has_ended(&home);
    let mut terminal = home.open_again();
    terminal.wait_text("an editor left files of its own");
    let mut left = left_by_editors(&home);
    left.retain(|path| path.ends_with(".text.md.swp"));
    assert_eq!(fs::read_to_string(&left[0]).unwrap(), "unsaved\n");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn killed_while_a_foreign_editor_runs_the_next_start_offers_what_it_has_written() {
    let mut home = Home::external();
    let script = "printf 'of the editor\n' > \"$1\"; echo editor-runs; read line";
    home.set("EDITOR", &editor(&home, script));
    let mut terminal = home.open();
    terminal.enters("Gk", "▸ top win");
    terminal.enters("e", "editor-runs");
    terminal.signal(Signal::SIGKILL);
    terminal.exit_code();
    drop(terminal);
    editor_has_ended(&home);
    is_offered(&home, "of the editor");
    assert_eq!(left_by_editors(&home), Vec::<PathBuf>::new());
}

#[test]
fn an_editor_that_outlives_the_program_keeps_its_file_until_it_ends() {
    let mut home = Home::external();
    let go = home.directory().join("go");
    let script = format!(
        "trap '' HUP; printf 'at first\n' > \"$1\"; echo editor-runs
        while [ -e \"$1\" ] && ! [ -e '{}' ]; do sleep 0.01; done; printf 'at last\n' > \"$1\"",
        go.display()
    );
    home.set("EDITOR", &editor(&home, &script));
    let mut terminal = home.open();
    terminal.enters("Gk", "▸ top win");
    terminal.enters("e", "editor-runs");
    terminal.signal(Signal::SIGKILL);
    terminal.exit_code();
    drop(terminal);
    let mut terminal = home.open_again();
    terminal.enters("8", "saved ");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    assert!(!terminal.text().contains("Unsaved text"));
    assert_eq!(home.drafts(), Vec::<String>::new());
    fs::write(&go, "").unwrap();
    editor_has_ended(&home);
    is_offered(&home, "at last");
    assert_eq!(left_by_editors(&home), Vec::<PathBuf>::new());
}

#[test]
fn a_text_that_was_left_for_later_is_offered_again_whatever_was_written_meanwhile() {
    let home = Home::external();
    let mut terminal = home.open();
    open_top_win(&mut terminal);
    terminal.enters("before the end", "before the end");
    terminal.signal(Signal::SIGTERM);
    assert_eq!(terminal.exit_code(), 143);
    let mut terminal = home.open_again();
    terminal.wait_text("before the end");
    terminal.enters("\x1b", "offered again at the next start");
    open_top_win(&mut terminal);
    terminal.enters("written meanwhile", "written meanwhile");
    home.wait_draft("written meanwhile");
    terminal.types("\x13");
    home.wait_field("topWin", "written meanwhile");
    until("its own draft is gone", || {
        home.drafts() == ["before the end"]
    });
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    let mut terminal = home.open_again();
    terminal.wait_text("Unsaved text");
    terminal.wait_text("before the end");
    terminal.enters("d", "d once more");
    terminal.types("d");
    terminal.wait_gone("Unsaved text");
    until("it is gone for good", || home.drafts().is_empty());
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    assert_eq!(home.field("topWin"), "written meanwhile");
}

#[test]
fn a_text_that_a_foreign_editor_leaves_as_it_was_is_not_written_again() {
    let home = Home::external().with("EDITOR", "true");
    let mut terminal = home.open();
    open_top_win(&mut terminal);
    terminal.types("as it was\x13");
    home.wait_field("topWin", "as it was");
    assert_eq!(home.versions(), ["1"]);
    terminal.types("e");
    // The next answer is the next version.
    terminal.types("g8");
    home.wait_field("sleepQuality", "8");
    assert_eq!(home.versions(), ["2"]);
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}
