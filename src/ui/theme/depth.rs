//! How many colours the terminal shows, from the environment alone.

use ratatui::style::Color;

use super::contrast::Rgb;

/// The colours a terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColorDepth {
    /// None, or none wanted: bold, dim and underline only.
    None,
    /// The terminal's own sixteen; its background is left alone, since nobody knows it.
    Ansi16,
    /// The 256-colour palette of xterm.
    Ansi256,
    /// 24 bits.
    TrueColor,
}

impl ColorDepth {
    /// `NO_COLOR` (set and not empty) wins, then `COLORTERM`, then `TERM`.
    #[must_use]
    pub fn detect(env: &dyn Fn(&str) -> Option<String>) -> Self {
        if env("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            return Self::None;
        }
        let term = env("TERM").unwrap_or_default().to_ascii_lowercase();
        if term.is_empty() || term == "dumb" {
            return Self::None;
        }
        let colorterm = env("COLORTERM").unwrap_or_default().to_ascii_lowercase();
        if colorterm == "truecolor" || colorterm == "24bit" {
            return Self::TrueColor;
        }
        let rich = [
            "kitty",
            "alacritty",
            "foot",
            "ghostty",
            "wezterm",
            "contour",
        ];
        if term.ends_with("-direct") || rich.iter().any(|name| term.contains(name)) {
            Self::TrueColor
        } else if term.contains("256color") {
            Self::Ansi256
        } else if term.starts_with("vt") || term.ends_with("-mono") || term.ends_with("-m") {
            Self::None
        } else {
            Self::Ansi16
        }
    }

    /// A colour as it is written to a terminal of this depth.
    pub(super) fn colour(self, [red, green, blue]: Rgb) -> Color {
        match self {
            Self::TrueColor => Color::Rgb(red, green, blue),
            Self::Ansi256 => Color::Indexed(nearest_256([red, green, blue]).0),
            Self::Ansi16 | Self::None => Color::Reset,
        }
    }

    /// What a terminal of this depth makes of a colour, as far as that is known.
    pub(super) fn shown_as(self, rgb: Rgb) -> Rgb {
        match self {
            Self::Ansi256 => nearest_256(rgb).1,
            Self::TrueColor | Self::Ansi16 | Self::None => rgb,
        }
    }
}

/// The nearest colour of xterm's 256, leaving out the first sixteen, which terminals redefine.
fn nearest_256([red, green, blue]: Rgb) -> (u8, Rgb) {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let distance = |[r, g, b]: Rgb| {
        let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        square(r, red) + square(g, green) + square(b, blue)
    };
    let grays = (0..24u8).map(|i| (232 + i, [8 + 10 * i; 3]));
    let cube = (0..216u8).map(|i| {
        let step = |n: u8| STEPS.get(usize::from(n)).copied().unwrap_or(0);
        (16 + i, [step(i / 36), step(i / 6 % 6), step(i % 6)])
    });
    let nearest = cube.chain(grays).min_by_key(|(_, rgb)| distance(*rgb));
    nearest.unwrap_or((7, [192; 3]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(vars: &[(&str, &str)]) -> ColorDepth {
        let vars: Vec<_> = vars
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        ColorDepth::detect(&move |name| {
            vars.iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        })
    }

    #[test]
    fn the_environment_decides() {
        use ColorDepth::{Ansi16, Ansi256, None, TrueColor};
        for (vars, expected) in [
            (
                &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")][..],
                TrueColor,
            ),
            (
                &[("TERM", "xterm-256color"), ("COLORTERM", "24bit")],
                TrueColor,
            ),
            (&[("TERM", "xterm-256color")], Ansi256),
            (&[("TERM", "tmux-256color")], Ansi256),
            (&[("TERM", "xterm-kitty")], TrueColor),
            (&[("TERM", "xterm-direct")], TrueColor),
            (&[("TERM", "linux")], Ansi16),
            (&[("TERM", "xterm")], Ansi16),
            (&[("TERM", "vt220")], None),
            (&[("TERM", "dumb"), ("COLORTERM", "truecolor")], None),
            (&[], None),
            (&[("TERM", "xterm-256color"), ("NO_COLOR", "1")], None),
            (&[("TERM", "xterm-256color"), ("NO_COLOR", "")], Ansi256),
        ] {
            assert_eq!(depth(vars), expected, "{vars:?}");
        }
    }
}
