//! What a terminal makes of the bytes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
use ratatui::Terminal;
use ratatui::style::{Color, Modifier, Style};

use super::*;

fn terminal() -> Terminal<Canvas<Vec<u8>>> {
    Terminal::new(Canvas::new(Vec::new(), Size::new(80, 24))).unwrap()
}

fn sent(terminal: &mut Terminal<Canvas<Vec<u8>>>) -> String {
    String::from_utf8(std::mem::take(&mut terminal.backend_mut().sink)).unwrap()
}

#[test]
fn a_frame_that_changes_nothing_sends_nothing() {
    let mut terminal = terminal();
    for cursor in [None, Some((3, 4))] {
        for _ in 0..2 {
            sent(&mut terminal);
            terminal
                .draw(|frame| {
                    frame.buffer_mut().set_string(1, 1, "energy", Style::new());
                    if let Some(cursor) = cursor {
                        frame.set_cursor_position(cursor);
                    }
                })
                .unwrap();
        }
        assert_eq!(sent(&mut terminal), "");
    }
}

#[test]
fn a_move_of_a_marker_costs_under_fifty_bytes() {
    let mut terminal = terminal();
    let mut at = |row: u16| {
        terminal
            .draw(|frame| {
                frame
                    .buffer_mut()
                    .set_string(2, row, "▸", Style::new().fg(Color::Yellow));
            })
            .unwrap();
        sent(&mut terminal)
    };
    at(3);
    let bytes = at(4);
    assert!(
        bytes.starts_with("\x1b[?2026h") && bytes.ends_with("\x1b[?2026l"),
        "{bytes:?}"
    );
    assert!(bytes.len() < 50, "{} {bytes:?}", bytes.len());
}

#[test]
fn a_blank_needs_no_pen_of_its_own_unless_it_shows() {
    let mut terminal = terminal();
    let mut costs = |blank: Style| {
        sent(&mut terminal);
        let mut draw = |word: &str, style: Style, after: Style| {
            terminal
                .draw(|frame| {
                    frame.buffer_mut().set_string(1, 1, word, style);
                    frame.buffer_mut().set_string(2, 1, "  ", after);
                })
                .unwrap();
            sent(&mut terminal)
        };
        draw("xyz", Style::new(), Style::new().fg(Color::Indexed(9)));
        draw("a", Style::new().fg(Color::Red), blank)
    };
    let fewest = costs(Style::new().fg(Color::Blue).add_modifier(Modifier::BOLD));
    assert!(!fewest.contains("34"), "{fewest:?}");
    let shown = costs(Style::new().bg(Color::Blue));
    assert!(shown.contains("44m  "), "{shown:?}");
    let lined = costs(
        Style::new()
            .fg(Color::Blue)
            .add_modifier(Modifier::UNDERLINED),
    );
    assert!(lined.contains("4;34m  "), "{lined:?}");
}

#[test]
fn one_pen_after_the_other_shows_the_same_for_fewer_bytes() {
    let mut terminal = terminal();
    let mut screen = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
    let pens = [240, 245, 250, 255].map(|color| Style::new().fg(Color::Indexed(color)));
    terminal
        .draw(|frame| {
            for row in 0..24_u16 {
                for (column, style) in (0_u16..).zip(pens) {
                    let word = format!(" {row} word");
                    frame.buffer_mut().set_string(column * 12, row, word, style);
                }
            }
        })
        .unwrap();
    let bytes = sent(&mut terminal);
    assert_eq!(bytes.matches("38;5;").count(), pens.len(), "{bytes:?}");
    screen.process(bytes.as_bytes());
    for row in 0..24 {
        for (column, color) in (0..).zip([240, 245, 250, 255]) {
            let cell = screen.screen().cell(row, column * 12 + 1).unwrap();
            assert_eq!(cell.fgcolor(), vt100::Color::Idx(color));
            assert_eq!(cell.contents(), &row.to_string()[..1]);
        }
    }
}

#[test]
fn bold_and_dim_go_without_the_colours() {
    let mut terminal = terminal();
    let mut screen = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
    let ground = Style::new().fg(Color::Rgb(9, 8, 7)).bg(Color::Rgb(1, 2, 3));
    let heavy = ground.add_modifier(Modifier::BOLD);
    terminal
        .draw(|frame| {
            let buffer = frame.buffer_mut();
            buffer.set_string(0, 0, "ab", heavy);
            buffer.set_string(2, 0, "cd", ground.add_modifier(Modifier::DIM));
            buffer.set_string(4, 0, "ef", ground);
        })
        .unwrap();
    let bytes = sent(&mut terminal);
    assert_eq!(bytes.matches("48;2;1;2;3").count(), 1, "{bytes:?}");
    screen.process(bytes.as_bytes());
    let cell = |column| screen.screen().cell(0, column).unwrap();
    assert_eq!(
        [cell(0).bold(), cell(2).bold(), cell(4).bold()],
        [true, false, false]
    );
    assert_eq!(
        [cell(0).dim(), cell(2).dim(), cell(4).dim()],
        [false, true, false]
    );
    assert_eq!(cell(4).fgcolor(), vt100::Color::Rgb(9, 8, 7));
}

#[test]
fn the_screen_is_what_was_drawn_whatever_the_styles() {
    let mut terminal = terminal();
    let mut screen = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
    let words = ["bold 界", "🦀 red", "plain", "family 👩‍👩‍👧 end", "─▪·"];
    for step in 0..40_u16 {
        terminal
            .draw(|frame| {
                for (index, word) in (0_u16..).zip(words) {
                    let style = match (step + index) % 5 {
                        0 => Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
                        1 => Style::new().fg(Color::Red).bg(Color::Indexed(236)),
                        2 => Style::new()
                            .fg(Color::Rgb(1, 2, 3))
                            .add_modifier(Modifier::DIM),
                        3 => Style::new().add_modifier(Modifier::REVERSED),
                        _ => Style::new(),
                    };
                    let (x, y) = ((step * 7 + index * 3) % 70, (step + index * 4) % 24);
                    frame.buffer_mut().set_string(x, y, word, style);
                }
                if step % 3 == 0 {
                    frame.set_cursor_position((step, 2));
                }
            })
            .unwrap();
        screen.process(sent(&mut terminal).as_bytes());
        let screen = screen.screen();
        assert_eq!(screen.hide_cursor(), step % 3 != 0 && step > 0);
        if step % 3 == 0 {
            assert_eq!(screen.cursor_position(), (2, step));
        }
        let x = (step * 7) % 70;
        let cell = screen.cell(step % 24, x).unwrap();
        assert_eq!(cell.contents(), "b", "step {step}");
        assert_eq!(cell.bold(), step % 5 == 0);
        assert_eq!(cell.inverse(), step % 5 == 3);
        if step % 5 == 2 {
            assert_eq!(cell.fgcolor(), vt100::Color::Rgb(1, 2, 3));
        }
    }
}

/// Emoji that the terminal below does not know: it takes one column for each.
const UNKNOWN: [char; 2] = ['🫩', '🫨'];

/// A terminal that knows nothing of clusters: each code point takes the columns that it has alone,
/// and those beyond the last column stay in it.
struct Naive {
    rows: Vec<Vec<String>>,
    at: (usize, usize),
    wraps: bool,
}

impl Naive {
    fn new(columns: usize, rows: usize) -> Self {
        Self {
            rows: vec![vec![" ".to_owned(); columns]; rows],
            at: (0, 0),
            wraps: true,
        }
    }

    fn process(&mut self, sent: &str) {
        let mut rest = sent.chars();
        while let Some(c) = rest.next() {
            if c == '\x1b' {
                assert_eq!(rest.next(), Some('['));
                let mut numbers = String::new();
                let end = loop {
                    match rest.next().unwrap() {
                        c if c.is_ascii_alphabetic() => break c,
                        c => numbers.push(c),
                    }
                };
                self.obey(&numbers, end);
            } else {
                self.write(c);
            }
        }
    }

    fn obey(&mut self, numbers: &str, end: char) {
        let parsed: Vec<usize> = numbers.split(';').map(|n| n.parse().unwrap_or(1)).collect();
        match (end, numbers) {
            ('H', _) => self.at = (parsed[0] - 1, parsed[1] - 1),
            ('G', _) => self.at.1 = parsed[0] - 1,
            ('C', _) => self.at.1 += parsed[0],
            ('J', _) => self
                .rows
                .iter_mut()
                .flatten()
                .for_each(|cell| " ".clone_into(cell)),
            ('l' | 'h', "?7") => self.wraps = end == 'h',
            _ => {}
        }
    }

    fn write(&mut self, c: char) {
        use unicode_width::UnicodeWidthChar as _;
        let columns = self.rows[0].len();
        let width = if UNKNOWN.contains(&c) {
            1
        } else {
            c.width().unwrap_or(0)
        };
        if width == 0 {
            return;
        }
        if self.at.1 + width > columns {
            if self.wraps {
                self.at = (self.at.0 + 1, 0);
            } else {
                self.at.1 = columns - width;
            }
        }
        let (row, column) = self.at;
        self.rows[row][column] = c.to_string();
        for beside in 1..width {
            self.rows[row][column + beside] = String::new();
        }
        self.at.1 += width;
    }

    fn text(&self, row: usize) -> String {
        self.rows[row].concat()
    }
}

#[test]
fn what_a_terminal_without_clusters_spoils_is_drawn_again() {
    const FAMILY: &str = "👩\u{200d}👩\u{200d}👧";
    let mut terminal = Terminal::new(Canvas::new(Vec::new(), Size::new(20, 3))).unwrap();
    let mut screen = Naive::new(20, 3);
    let mut show = |lines: [&str; 3]| {
        terminal
            .draw(|frame| {
                for (row, line) in (0_u16..).zip(lines) {
                    frame.buffer_mut().set_string(0, row, line, Style::new());
                }
            })
            .unwrap();
        screen.process(&sent(&mut terminal));
        [0, 1, 2].map(|row| screen.text(row).trim_end().to_owned())
    };
    show(["0123456789abcdefghij"; 3]);
    // Each line begins with what its last part must still show; the family takes two columns.
    let row = format!("ab{FAMILY}efghijklmnopqrst");
    assert_eq!(show([&row, "", ""])[0], "ab👩efghijklmnopqrst");
    // Beside it only one cell changes, then the cluster itself goes.
    let row = format!("ab{FAMILY}eXghijklmnopqrst");
    assert_eq!(show([&row, "", ""])[0], "ab👩eXghijklmnopqrst");
    assert_eq!(
        show(["abcdefghijklmnopqrst", "", ""])[0],
        "abcdefghijklmnopqrst"
    );
    // Two beside each other, and one at the edge: the row below is not touched.
    let row = format!("{FAMILY}{FAMILY}cdefghijklmnop");
    let edge = format!("0123456789abcdefgh{FAMILY}");
    let shown = show([&row, &edge, "below stays"]);
    assert_eq!(shown[0], "👩👩cdefghijklmnop");
    assert!(shown[1].starts_with("0123456789abcdefgh"), "{}", shown[1]);
    assert_eq!(shown[2], "below stays");
    // An emoji by selector takes two columns here and one there.
    let shown = show(["a❤\u{fe0f}bc", "", "🇩🇪 flag"]);
    assert!(shown[0].starts_with("a❤ bc"), "{}", shown[0]);
    assert!(shown[2].ends_with(" flag"), "{}", shown[2]);
}

#[test]
fn an_emoji_that_the_terminal_does_not_know_leaves_nothing_of_what_was_there() {
    for emoji in UNKNOWN {
        let mut terminal = Terminal::new(Canvas::new(Vec::new(), Size::new(12, 1))).unwrap();
        let mut screen = Naive::new(12, 1);
        let mut show = |line: &str| {
            terminal
                .draw(|frame| {
                    frame.buffer_mut().set_string(0, 0, line, Style::new());
                })
                .unwrap();
            screen.process(&sent(&mut terminal));
            screen.text(0)
        };
        show("0123456789ab");
        let drawn = show(&format!("AB{emoji}456789ab"));
        assert_eq!(drawn, format!("AB{emoji} 456789ab"));
        let two = show(&format!("{emoji}{emoji}456789{emoji}"));
        assert_eq!(two, format!("{emoji} {emoji} 456789{emoji} "));
        assert_eq!(show("0123456789ab"), "0123456789ab");
    }
}

#[test]
fn only_what_terminals_disagree_about_is_doubtful() {
    for (symbol, width, reach) in [
        ("a", 1, None),
        ("界", 2, None),
        ("e\u{301}", 1, None),
        ("語", 2, None),
        ("𠀋", 2, None),
        ("한", 2, None),
        ("🙂", 2, Some(2)),
        ("🫩", 2, Some(2)),
        ("👩\u{200d}👧", 2, Some(4)),
        ("🇩🇪", 2, Some(4)),
        ("👍🏽", 2, Some(4)),
        ("❤\u{fe0f}", 2, Some(2)),
    ] {
        assert_eq!(doubt::reach(symbol, width), reach, "{symbol}");
    }
}
