//! The clipboard, by OSC 52: the terminal keeps the text, so that it works over SSH.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What xterm and its like take at most; beyond it nothing would arrive, or half.
const LONGEST: usize = 74_994;

/// Which multiplexer stands between the program and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// None.
    Nothing,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
    /// GNU screen, or tmux on the other side of SSH.
    Either,
}

/// GNU screen keeps 767 bytes of a string; what is beyond may be printed.
const SCREEN_KEEPS: usize = 700;
/// Bytes of a longer one that are given to it at once.
const PIECE: usize = 250;

impl Between {
    /// As the environment tells.
    #[must_use]
    pub fn from_env(get: &dyn Fn(&str) -> Option<String>) -> Self {
        let is_set = |name: &str| get(name).is_some_and(|value| !value.is_empty());
        if is_set("TMUX") {
            Self::Tmux
        } else if is_set("STY") {
            Self::Screen
        } else if get("TERM").is_some_and(|kind| kind.starts_with("screen")) {
            Self::Either
        } else {
            Self::Nothing
        }
    }
}

/// The bytes that put this text on the clipboard; `None` if it is too long for that.
#[must_use]
pub fn sequence(text: &str, between: Between) -> Option<Vec<u8>> {
    if text.len() > LONGEST {
        return None;
    }
    let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(text));
    let bytes = match between {
        Between::Nothing => plain,
        // Which of the two tmux heeds is up to its settings `set-clipboard` and
        // `allow-passthrough`; both say the same.
        Between::Tmux => format!("{plain}\x1bPtmux;\x1b{plain}\x1b\\"),
        // Screen passes over a short sequence that it does not know; tmux passes over the pieces.
        Between::Either if plain.len() <= SCREEN_KEEPS => format!("{plain}{}", in_pieces(&plain)),
        Between::Screen | Between::Either => in_pieces(&plain),
    };
    Some(bytes.into_bytes())
}

/// For GNU screen, which hands on what each string holds.
fn in_pieces(sequence: &str) -> String {
    let pieces = sequence.as_bytes().chunks(PIECE);
    pieces.fold(String::new(), |all, piece| {
        all + "\x1bP" + &String::from_utf8_lossy(piece) + "\x1b\\"
    })
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use super::*;

    #[test]
    fn a_text_is_wrapped_for_what_stands_between() {
        let text = |between| String::from_utf8(sequence("é\x1b]", between).unwrap()).unwrap();
        assert_eq!(text(Between::Nothing), "\x1b]52;c;w6kbXQ==\x07");
        assert_eq!(
            text(Between::Tmux),
            "\x1b]52;c;w6kbXQ==\x07\x1bPtmux;\x1b\x1b]52;c;w6kbXQ==\x07\x1b\\"
        );
        assert_eq!(text(Between::Screen), "\x1bP\x1b]52;c;w6kbXQ==\x07\x1b\\");
    }

    #[test]
    fn screen_gets_no_string_that_it_would_print() {
        let text = "secret ".repeat(10_000);
        for between in [Between::Screen, Between::Either] {
            let bytes = sequence(&text, between).unwrap();
            let all = String::from_utf8(bytes).unwrap();
            let pieces: Vec<&str> = all
                .strip_suffix("\x1b\\")
                .unwrap()
                .split("\x1b\\")
                .map(|piece| piece.strip_prefix("\x1bP").unwrap())
                .collect();
            assert!(pieces.iter().all(|piece| piece.len() <= 250));
            let whole = sequence(&text, Between::Nothing).unwrap();
            assert_eq!(pieces.concat().into_bytes(), whole);
        }
        let short = sequence("short", Between::Either).unwrap();
        assert!(short.starts_with(b"\x1b]52;c;"));
    }

    #[test]
    fn a_text_that_no_terminal_takes_is_refused() {
        assert!(sequence(&"x".repeat(LONGEST), Between::Nothing).is_some());
        assert_eq!(sequence(&"x".repeat(LONGEST + 1), Between::Nothing), None);
    }

    #[test]
    fn the_environment_tells_what_stands_between() {
        let with = |set: &'static str| {
            Between::from_env(&move |name| (name == set).then(|| "1".to_owned()))
        };
        assert_eq!(with("TMUX"), Between::Tmux);
        assert_eq!(with("STY"), Between::Screen);
        let of_kind = |kind: &'static str| {
            Between::from_env(&move |name| (name == "TERM").then(|| kind.to_owned()))
        };
        assert_eq!(of_kind("screen.xterm-256color"), Between::Either);
        assert_eq!(of_kind("xterm-256color"), Between::Nothing);
        assert_eq!(with("TERM"), Between::Nothing);
    }
}
