//! The marks the screens are drawn with, in Unicode and in ASCII.
//!
//! Which set is used depends on the locale only. Every mark is one cell wide in both sets, so a
//! layout never changes with the set; `masked` takes six cells in both.

use ratatui::symbols::border;

/// One set of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// Whether text outside ASCII can be shown at all.
    pub unicode: bool,
    /// A filled cell of a scale.
    pub bar_full: &'static str,
    /// An empty cell of a scale.
    pub bar_empty: &'static str,
    /// The half-filled last cell of a bar.
    pub bar_half: &'static str,
    /// Stands before the selected row.
    pub marker: &'static str,
    /// Stands for a text that is not shown. Its length says nothing about the text.
    pub masked: &'static str,
    /// Beside the word "masked".
    pub mask_sign: &'static str,
    /// Beside the word "revealed".
    pub reveal_sign: &'static str,
    /// Levels of a one-row chart, lowest first.
    pub spark: [&'static str; 8],
    /// A day without a value in a chart.
    pub gap: &'static str,
    /// A day with a log.
    pub logged: &'static str,
    /// A day without one.
    pub unlogged: &'static str,
    /// A day that was done in part.
    pub part: &'static str,
    /// Levels of the year's heat-map, nothing first.
    pub heat: [&'static str; 5],
    /// The day that is open, in the heat-map.
    pub here: &'static str,
    /// The database answers.
    pub online: &'static str,
    /// The database is being reached.
    pub connecting: &'static str,
    /// The database does not answer.
    pub offline: &'static str,
    /// Before something that was done.
    pub info: &'static str,
    /// Stands between two things on one line.
    pub separator: &'static str,
    /// Yes, done.
    pub yes: &'static str,
    /// No.
    pub no: &'static str,
    /// Nothing here, not answered.
    pub none: &'static str,
    /// More above the first visible row.
    pub more_above: &'static str,
    /// More below the last visible row.
    pub more_below: &'static str,
    /// Between the ends of a scale.
    pub between: &'static str,
    /// Box lines.
    pub border: border::Set<'static>,
}

/// The full set.
pub const UNICODE: Glyphs = Glyphs {
    unicode: true,
    bar_full: "▰",
    bar_empty: "▱",
    bar_half: "▰",
    marker: "▸",
    masked: "●●●●●●",
    mask_sign: "◌",
    reveal_sign: "◉",
    spark: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    gap: "·",
    logged: "▪",
    unlogged: "·",
    part: "▫",
    heat: ["·", "░", "▒", "▓", "█"],
    here: "◆",
    online: "●",
    connecting: "◐",
    offline: "○",
    info: "·",
    separator: "·",
    yes: "✓",
    no: "✗",
    none: "–",
    more_above: "↑",
    more_below: "↓",
    between: "…",
    border: border::PLAIN,
};

/// The set for locales that are not UTF-8.
pub const ASCII: Glyphs = Glyphs {
    unicode: false,
    bar_full: "#",
    bar_empty: "-",
    bar_half: "#",
    marker: ">",
    masked: "******",
    mask_sign: "o",
    reveal_sign: "@",
    spark: ["_", ".", ":", "-", "=", "+", "*", "#"],
    gap: " ",
    logged: "*",
    unlogged: ".",
    part: "+",
    heat: [".", ":", "+", "*", "#"],
    here: "@",
    online: "*",
    connecting: "~",
    offline: "o",
    info: "*",
    separator: "|",
    yes: "y",
    no: "n",
    none: "-",
    more_above: "^",
    more_below: "v",
    between: "~",
    border: border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    },
};

impl Glyphs {
    /// The set for the locale: the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set and not
    /// empty decides; none set is the C locale, which is ASCII.
    #[must_use]
    pub fn for_locale(env: &dyn Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| env(name).filter(|value| !value.is_empty()))
            .unwrap_or_default()
            .to_ascii_lowercase();
        if locale.contains("utf-8") || locale.contains("utf8") {
            UNICODE
        } else {
            ASCII
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::ui::width::width;

    fn set(vars: &[(&str, &str)]) -> Glyphs {
        let vars: Vec<_> = vars
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Glyphs::for_locale(&move |name| {
            vars.iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        })
    }

    #[test]
    fn the_first_locale_variable_that_says_something_decides() {
        assert!(set(&[("LANG", "de_DE.UTF-8")]).unicode);
        assert!(set(&[("LANG", "C"), ("LC_CTYPE", "C.utf8")]).unicode);
        assert!(!set(&[("LANG", "en_US.UTF-8"), ("LC_ALL", "C")]).unicode);
        assert!(set(&[("LANG", "en_US.UTF-8"), ("LC_ALL", "")]).unicode);
        assert!(!set(&[("LANG", "en_US.ISO-8859-1")]).unicode);
        assert!(!set(&[]).unicode);
    }

    #[test]
    fn marks_are_one_cell_in_both_sets() {
        for set in [UNICODE, ASCII] {
            let mut marks = vec![
                set.bar_full,
                set.bar_empty,
                set.bar_half,
                set.marker,
                set.mask_sign,
                set.gap,
                set.logged,
                set.unlogged,
                set.part,
                set.here,
                set.online,
                set.connecting,
                set.offline,
                set.info,
                set.reveal_sign,
                set.separator,
                set.yes,
                set.no,
                set.none,
                set.more_above,
                set.more_below,
                set.between,
            ];
            marks.extend(set.spark);
            marks.extend(set.heat);
            for mark in marks {
                assert_eq!(width(mark), 1, "{mark:?}");
                assert!(set.unicode || mark.is_ascii(), "{mark:?}");
            }
            assert_eq!(width(set.masked), 6);
        }
    }
}
