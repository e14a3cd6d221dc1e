//! A file of keys, in a real terminal: hints name its keys, the keys work, mistakes are told.

use super::home::{Home, wait_online};

#[test]
fn a_key_of_ones_own_is_in_the_hints_and_works_and_mistakes_are_told() {
    let home = Home::external();
    home.greet();
    home.configure(
        "keymap.toml",
        "preset = \"vim\"\n[lifeops]\nform = \"F\"\nfrom = \"x\"\n[everywhere]\nhelp = \"ctrl-o\"\n",
    );
    let mut terminal = home.start(100, 30);
    terminal
        .wait_text("keymap.toml:4:1: `from` is not a command of [lifeops]; did you mean `form`?");
    wait_online(&terminal);
    terminal.types("j");
    terminal.wait_text("F quick/full");
    terminal.wait_text("ctrl-o help");
    terminal.types("F");
    terminal.wait_text("· full");
    terminal.types("\x0f");
    terminal.wait_text("┌ Keys ");
    terminal.types("\x1b");
    terminal.wait_gone("┌ Keys ");
    // The first of two keys shows what may follow; drawn at once, nothing ticks.
    terminal.types("Z");
    terminal.wait_text("quit; nothing that was typed is lost");
    terminal.types("\x1b");
    terminal.wait_gone("quit; nothing that was typed is lost");
    terminal.types(":go data\r");
    terminal.wait_text("Where it is");
    terminal.wait_text("keymap.toml:4:1: `from` is not a command");
    terminal.types("ZZ");
    assert_eq!(terminal.exit_code(), 0);
}
