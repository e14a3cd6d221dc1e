//! Themes and settings in a real terminal: switched, seen at once, and still there after a restart.

use std::fs;

use super::home::Home;
use super::pty_support::{Seen, Terminal};

/// How a ground is painted in 24 bits.
fn ground(rgb: (u8, u8, u8)) -> vt100::Color {
    vt100::Color::Rgb(rgb.0, rgb.1, rgb.2)
}

const LAB: (u8, u8, u8) = (0x10, 0x16, 0x18);
const FIELD: (u8, u8, u8) = (0x11, 0x17, 0x14);

/// Whether every cell of the screen that is not part of a popup stands on this ground.
fn is_painted(seen: &Seen, rgb: (u8, u8, u8)) -> bool {
    let (rows, columns): (u16, u16) = {
        let (rows, columns) = seen.parser.screen().size();
        (rows.into(), columns.into())
    };
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    cells
        .filter_map(|(row, column)| seen.parser.screen().cell(row, column))
        .all(|cell| cell.bgcolor() == ground(rgb))
}

/// A home in which the welcome has been seen, with all colours.
fn colourful() -> Home {
    let home = Home::external().with("COLORTERM", "truecolor");
    assert_eq!(home.run(&["log", "2020-01-01", "mood=5"]).0, 0);
    home
}

fn quit(mut terminal: Terminal) -> Vec<u8> {
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.wait_for("the end of output", |seen| seen.ended);
    terminal.seen().bytes.clone()
}

fn has(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[test]
fn a_theme_is_painted_at_once_and_survives_a_restart() {
    let home = colourful();
    home.configure(
        "config.toml",
        "# mine\nweek_start = \"sunday\" # as at home\n",
    );
    let mut terminal = home.start(80, 24);
    terminal.wait_text("Su Mo");
    terminal.wait_for("lab", |seen| is_painted(seen, LAB));
    terminal.types("T");
    terminal.wait_text("theme field");
    terminal.wait_for("field", |seen| is_painted(seen, FIELD));
    quit(terminal);
    let file = fs::read_to_string(home.path().join("config/config.toml")).unwrap();
    assert_eq!(
        file,
        "# mine\nweek_start = \"sunday\" # as at home\ntheme = \"field\"\n"
    );
    let terminal = home.start(80, 24);
    terminal.wait_text("Su Mo");
    terminal.wait_for("field", |seen| is_painted(seen, FIELD));
    let sent = quit(terminal);
    assert!(
        !has(&sent, b"48;2;16;22;24"),
        "the default is not seen first"
    );
}

#[test]
fn a_setting_changed_in_the_list_is_kept_and_a_broken_file_left_alone() {
    let home = colourful();
    let mut terminal = home.start(80, 24);
    terminal.wait_text("Mo Tu");
    terminal.enters(",", "Settings");
    terminal.enters("jjh", "sunday");
    terminal.types("\x1b");
    terminal.wait_gone("export dir");
    terminal.wait_text("Su Mo");
    quit(terminal);
    let path = home.path().join("config/config.toml");
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "week_start = \"sunday\"\n"
    );
    home.configure("config.toml", "week_start = sunday\n");
    let mut terminal = home.start(80, 24);
    terminal.wait_text("config.toml:1:");
    terminal.enters("T", "theme holds for this run only");
    terminal.wait_for("field", |seen| is_painted(seen, FIELD));
    quit(terminal);
    assert_eq!(fs::read_to_string(&path).unwrap(), "week_start = sunday\n");
}

#[test]
fn the_mouse_is_captured_only_where_it_is_switched_on() {
    let home = colourful();
    let mut terminal = home.start(80, 24);
    terminal.wait_text("▸ sleep quality");
    terminal.enters("j", "▸ energy");
    let sent = quit(terminal);
    assert!(!has(&sent, b"\x1b[?1000h") && !has(&sent, b"\x1b[?1000l"));
    home.configure("config.toml", "mouse = true\n");
    let mut terminal = home.start(80, 24);
    terminal.wait_text("▸ sleep quality");
    terminal.wait_for("capture", |seen| seen.has_sent(b"\x1b[?1000h\x1b[?1006h"));
    terminal.enters("\x1b[<65;40;10M", "▸ energy");
    terminal.enters("\x1b[<64;40;10M", "▸ sleep quality");
    // A click goes to the row, its release means nothing.
    let text = terminal.text();
    let row = text
        .lines()
        .position(|line| line.contains(" mood "))
        .unwrap()
        + 1;
    terminal.enters(&format!("\x1b[<0;8;{row}M\x1b[<0;8;{row}m"), "▸ mood");
    let sent = quit(terminal);
    assert!(has(&sent, b"\x1b[?1006l\x1b[?1000l"));
}
