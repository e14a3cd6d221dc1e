//! What the program goes by, as it follows from what a person has set.

use std::time::Duration;

use jiff::civil::Weekday;

use crate::domain::form::FormView;
use crate::domain::setting::{Chosen, Setting};

/// What a person has chosen, or the defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Name of the theme.
    pub theme: String,
    /// Whether only ASCII is drawn; as the locale says where nothing is set.
    pub ascii: Option<bool>,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// How long a reveal lasts.
    pub reveal: Duration,
    /// After how long without a key the screen is covered; zero never does.
    pub idle_cover: Duration,
    /// After how long without a key what is due is made by itself; zero never does.
    pub due_after: Duration,
    /// First day of the week.
    pub week_start: Weekday,
    /// Whether the short form is shown first.
    pub quick_first: bool,
    /// The set of keys to begin with, where the person's file of keys names none.
    pub keys: String,
    /// The text search configuration whose word forms the search knows.
    pub search_language: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self::of(&Chosen::default(), FormView::Quick)
    }
}

impl Settings {
    /// What follows from what is set; `form` is what the form itself says of the view.
    #[must_use]
    pub fn of(chosen: &Chosen, form: FormView) -> Self {
        let word = |setting: Setting| {
            let word = chosen.word(setting).unwrap_or(setting.otherwise());
            word.to_owned()
        };
        let seconds = |setting, unit: u64| {
            Duration::from_secs(u64::from(chosen.number(setting)).saturating_mul(unit))
        };
        Self {
            theme: word(Setting::Theme),
            ascii: chosen.switch(Setting::Ascii),
            mouse: chosen.switch(Setting::Mouse).unwrap_or(false),
            reveal: seconds(Setting::RevealSeconds, 1),
            idle_cover: seconds(Setting::IdleCoverMinutes, 60),
            due_after: seconds(Setting::DueIdleSeconds, 1),
            week_start: weekday(chosen.word(Setting::WeekStart)),
            quick_first: match chosen.word(Setting::View) {
                Some(view) => view == "quick",
                None => form == FormView::Quick,
            },
            keys: word(Setting::Keys),
            search_language: word(Setting::SearchLanguage),
        }
    }
}

fn weekday(word: Option<&str>) -> Weekday {
    match word {
        Some("tuesday") => Weekday::Tuesday,
        Some("wednesday") => Weekday::Wednesday,
        Some("thursday") => Weekday::Thursday,
        Some("friday") => Weekday::Friday,
        Some("saturday") => Weekday::Saturday,
        Some("sunday") => Weekday::Sunday,
        Some(_) | None => Weekday::Monday,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_day_of_the_week_is_known_by_its_name() {
        let mut chosen = Chosen::default();
        let mut seen = Vec::new();
        for _ in 0..7 {
            seen.push(Settings::of(&chosen, FormView::Quick).week_start);
            let next = chosen.stepped(Setting::WeekStart, true).unwrap();
            chosen.set(Setting::WeekStart, next);
        }
        let days: Vec<Weekday> = Weekday::Monday.cycle_forward().take(7).collect();
        assert_eq!(seen, days);
    }

    #[test]
    fn the_settings_go_before_the_form() {
        let mut chosen = Chosen::default();
        assert!(!Settings::of(&chosen, FormView::Full).quick_first);
        let quick = chosen.read(Setting::View, "quick").unwrap();
        chosen.set(Setting::View, Some(quick));
        assert!(Settings::of(&chosen, FormView::Full).quick_first);
    }
}
