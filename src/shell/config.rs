//! The person's settings, as the core needs them.

use crate::app::world::Settings;
use crate::domain::form::FormView;

pub use crate::store::config::{CONFIG_FILE, Config, FORM_FILE, KEYS};

/// What the core needs of them.
#[must_use]
pub fn settings(config: &Config) -> Settings {
    Settings {
        reveal: config.reveal,
        idle_cover: config.idle_cover,
        week_start: config.week_start,
        quick_first: config.view.unwrap_or(config.form.view) == FormView::Quick,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_core() {
        assert_eq!(settings(&Config::default()), Settings::default());
    }

    #[test]
    fn the_themes_that_may_be_set_are_those_that_there_are() {
        let there = crate::ui::theme::BUILTIN.map(|(name, _)| name);
        assert_eq!(crate::store::config::THEMES, there);
    }

    #[test]
    fn the_file_of_keys_has_one_name() {
        use crate::{app::keymap, store::config};
        assert_eq!(keymap::KEYMAP_FILE, config::KEYMAP_FILE);
    }

    #[test]
    fn the_settings_go_before_the_form() {
        let mut config = Config::default();
        config.form.view = FormView::Full;
        assert!(!settings(&config).quick_first);
        config.view = Some(FormView::Quick);
        assert!(settings(&config).quick_first);
    }
}
