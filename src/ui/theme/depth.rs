//! How many colours the terminal shows, from the environment alone.

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
