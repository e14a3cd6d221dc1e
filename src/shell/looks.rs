//! The themes of this terminal, the program's and the person's own, and the look that is set.

use std::fs;

use crate::app::settings::Settings;
use crate::store::config::{Config, THEMES_DIRECTORY};
use crate::ui::glyphs::{self, Glyphs};
use crate::ui::{ColorDepth, Look, Theme};

/// Every theme that can be shown here.
pub struct Looks {
    depth: ColorDepth,
    /// As the locale says.
    glyphs: Glyphs,
    own: Vec<Theme>,
    /// The look that was asked for last, and for what.
    last: Option<(String, Option<bool>, Look)>,
}

impl Looks {
    /// Reads the person's own themes. One that cannot be used is left out, and told.
    pub fn load(config: &mut Config, variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let depth = ColorDepth::detect(variable);
        let mut own = Vec::new();
        for (name, path) in config.themes.clone() {
            let file = format!("{THEMES_DIRECTORY}/{name}.toml");
            let problems = match fs::read_to_string(&path) {
                Ok(text) => match Theme::parse(&text, &name, &file, depth) {
                    Ok(theme) => {
                        own.push(theme);
                        continue;
                    }
                    Err(error) => error.problems().iter().map(ToString::to_string).collect(),
                },
                Err(error) => vec![format!("{file} cannot be read: {error}")],
            };
            config.mistakes.extend(problems);
            config.chosen.leave_out_theme(&name);
        }
        Self {
            depth,
            glyphs: Glyphs::for_locale(variable),
            own,
            last: None,
        }
    }

    /// The look that is set. A theme that there is not gives the default one.
    pub fn look(&mut self, settings: &Settings) -> &Look {
        let is_last = self
            .last
            .as_ref()
            .is_some_and(|(theme, ascii, _)| *theme == settings.theme && *ascii == settings.ascii);
        if !is_last {
            self.last = None;
        }
        let (depth, glyphs, own) = (self.depth, self.glyphs, &self.own);
        let (_, _, look) = self.last.get_or_insert_with(|| {
            let named = |theme: &&Theme| theme.name() == settings.theme;
            let theme = own.iter().find(named).cloned();
            let theme = theme
                .or_else(|| Theme::builtin(&settings.theme, depth))
                .unwrap_or_else(|| Theme::lab(depth));
            let glyphs = match settings.ascii {
                Some(true) => glyphs::ASCII,
                Some(false) => glyphs::UNICODE,
                None => glyphs,
            };
            (
                settings.theme.clone(),
                settings.ascii,
                Look::new(theme, glyphs),
            )
        });
        look
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::setting::{Setting, Value};
    use crate::ui::Role;

    fn variable(name: &str) -> Option<String> {
        let value = match name {
            "COLORTERM" => "truecolor",
            "TERM" => "xterm-256color",
            "LANG" => "C.UTF-8",
            _ => return None,
        };
        Some(value.to_owned())
    }

    #[test]
    fn the_themes_that_may_be_set_are_those_that_there_are() {
        let there = crate::ui::theme::BUILTIN.map(|(name, _)| name);
        assert_eq!(crate::domain::setting::THEMES, there);
    }

    #[test]
    fn the_sets_of_keys_that_may_be_set_are_those_that_there_are() {
        let there = crate::app::keymap::Preset::ALL.map(crate::app::keymap::Preset::name);
        assert_eq!(crate::domain::setting::KEY_SETS, there);
    }

    #[test]
    fn the_look_follows_the_settings() {
        let mut looks = Looks::load(&mut Config::default(), &variable);
        let mut settings = Settings::default();
        let lab = looks.look(&settings).clone();
        assert_eq!((lab.theme.name(), lab.glyphs), ("lab", glyphs::UNICODE));
        settings.theme = "light".to_owned();
        settings.ascii = Some(true);
        let light = looks.look(&settings).clone();
        assert_eq!((light.theme.name(), light.glyphs), ("light", glyphs::ASCII));
        assert_ne!(lab.theme.ground(), light.theme.ground());
        settings.theme = "gone".to_owned();
        assert_eq!(looks.look(&settings).theme.name(), "lab");
    }

    #[test]
    fn own_themes_are_there_and_broken_ones_are_told() {
        let home = tempfile::tempdir().unwrap();
        let themes = home.path().join(THEMES_DIRECTORY);
        fs::create_dir(&themes).unwrap();
        let ember = "colors = 16\n[ansi]\nprimary = \"light-red\"\n";
        fs::write(themes.join("ember.toml"), ember).unwrap();
        fs::write(themes.join("torn.toml"), "colors = 16\n[roles]\nkey = 1\n").unwrap();
        fs::write(themes.join("notes.txt"), "no theme").unwrap();
        fs::write(home.path().join("config.toml"), "theme = \"ember\"\n").unwrap();
        let mut config = Config::load_with(home.path(), &|_| None);
        assert_eq!(config.mistakes, Vec::<String>::new());
        let mut looks = Looks::load(&mut config, &variable);
        assert_eq!(config.mistakes.len(), 1);
        let told = config.mistakes.first().unwrap();
        assert!(told.starts_with("themes/torn.toml:3:7: "), "{told}");
        let themes = config.chosen.themes();
        assert!(themes.contains(&"ember".to_owned()) && !themes.contains(&"torn".to_owned()));
        let settings = Settings::of(&config.chosen, config.form.view);
        let ember = looks.look(&settings).theme.clone();
        assert_eq!(ember.name(), "ember");
        let red = Some(ratatui::style::Color::LightRed);
        assert_eq!(ember.style(Role::Primary).fg, red);
        assert_eq!(
            config.chosen.value(Setting::Theme),
            Some(&Value::Word("ember".to_owned()))
        );
    }
}
