//! The theme file: a palette, the names of sixteen-colour stand-ins, looks of single roles.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use super::{ColorDepth, Role, at_depth};
use crate::domain::text::nearest;

/// Why a theme file cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ThemeError {
    /// Not TOML, or not of this shape.
    #[error("{file}: {reason}")]
    Syntax {
        /// The file.
        file: String,
        /// What the parser says, with line and column.
        reason: String,
    },
    /// A colour that is not written `#rrggbb`, or not one of the sixteen names.
    #[error("{file}: `{name} = \"{value}\"` is not a colour; write it as {expected}")]
    Colour {
        /// The file.
        file: String,
        /// The palette entry.
        name: String,
        /// What stands there.
        value: String,
        /// How it is to be written.
        expected: &'static str,
    },
    /// A colour every theme must have.
    #[error("{file}: the palette lacks `{name}`; add for example `{name} = \"#edece9\"`")]
    Missing {
        /// The file.
        file: String,
        /// The palette entry.
        name: &'static str,
    },
    /// A role that does not exist, or that uses a colour the palette lacks.
    #[error("{file}: {what} `{name}` is not known{}", suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    Unknown {
        /// The file.
        file: String,
        /// "role" or "colour".
        what: &'static str,
        /// The word that is not known.
        name: String,
        /// The nearest word that is.
        suggestion: Option<String>,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: String,
    palette: BTreeMap<String, String>,
    #[serde(default)]
    ansi: BTreeMap<String, String>,
    #[serde(default)]
    roles: BTreeMap<String, RawLook>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLook {
    color: Option<String>,
    #[serde(default)]
    modifiers: Vec<Letters>,
}

/// How letters are set, besides their colour.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Letters {
    Bold,
    Dim,
    Italic,
    Underline,
}

impl Letters {
    fn modifier(self) -> Modifier {
        match self {
            Self::Bold => Modifier::BOLD,
            Self::Dim => Modifier::DIM,
            Self::Italic => Modifier::ITALIC,
            Self::Underline => Modifier::UNDERLINED,
        }
    }
}

/// A theme file that has been checked.
#[derive(Debug)]
pub(super) struct ThemeFile {
    pub name: String,
    palette: BTreeMap<String, [u8; 3]>,
    ansi: BTreeMap<String, Color>,
    roles: BTreeMap<Role, RawLook>,
}

/// The colours a palette must have.
const BASE: [&str; 8] = [
    "bg", "card", "fg", "muted", "border", "primary", "accent", "danger",
];
/// The colours it may have besides; the base colour or a mixture stands in.
const MORE: [&str; 11] = [
    "warn",
    "ok",
    "track",
    "primary-text",
    "accent-text",
    "danger-text",
    "heat-0",
    "heat-1",
    "heat-2",
    "heat-3",
    "heat-4",
];

impl ThemeFile {
    pub(super) fn parse(toml: &str, file: &str) -> Result<Self, ThemeError> {
        let raw: Raw = toml::from_str(toml).map_err(|error| ThemeError::Syntax {
            file: file.to_owned(),
            reason: error.to_string().trim_end().to_owned(),
        })?;
        let mut palette = BTreeMap::new();
        for (name, value) in &raw.palette {
            known(file, "colour", name, BASE.iter().chain(&MORE).copied())?;
            let rgb = parse_rgb(value).ok_or_else(|| bad_colour(file, name, value, "#rrggbb"))?;
            palette.insert(name.clone(), rgb);
        }
        for name in BASE {
            if !palette.contains_key(name) {
                return Err(ThemeError::Missing {
                    file: file.to_owned(),
                    name,
                });
            }
        }
        let mut ansi = BTreeMap::new();
        for (name, value) in &raw.ansi {
            known(file, "colour", name, BASE.iter().chain(&MORE).copied())?;
            let colour = value
                .parse::<Color>()
                .ok()
                .filter(|colour| is_ansi(*colour))
                .ok_or_else(|| {
                    bad_colour(
                        file,
                        name,
                        value,
                        "one of the sixteen names, such as cyan or light-red",
                    )
                })?;
            ansi.insert(name.clone(), colour);
        }
        let mut roles = BTreeMap::new();
        for (word, look) in raw.roles {
            known(
                file,
                "role",
                &word,
                Role::ALL.iter().map(|role| role.word()),
            )?;
            if let Some(colour) = &look.color {
                known(file, "colour", colour, BASE.iter().chain(&MORE).copied())?;
            }
            if let Some(role) = Role::ALL.iter().find(|role| role.word() == word) {
                roles.insert(*role, look);
            }
        }
        Ok(Self {
            name: raw.name,
            palette,
            ansi,
            roles,
        })
    }

    /// The look of a role: the file's own word, else the built-in one, else that of the role it
    /// falls back to.
    pub(super) fn style(&self, role: Role, depth: ColorDepth) -> Style {
        let mut at = role;
        loop {
            if let Some(look) = self.roles.get(&at) {
                return self.own_look(look, depth);
            }
            if let Some(style) = self.built_in(at, depth) {
                return style;
            }
            match at.fallback() {
                Some(next) => at = next,
                None => return Style::default(),
            }
        }
    }

    /// The grounds of the screen and of popups.
    pub(super) fn grounds(&self, depth: ColorDepth) -> [Style; 2] {
        match depth {
            ColorDepth::None | ColorDepth::Ansi16 => [Style::reset(); 2],
            ColorDepth::Ansi256 | ColorDepth::TrueColor => {
                let fg = at_depth(self.rgb("fg"), depth);
                ["bg", "card"].map(|name| Style::reset().fg(fg).bg(at_depth(self.rgb(name), depth)))
            }
        }
    }

    fn own_look(&self, look: &RawLook, depth: ColorDepth) -> Style {
        let style = self.colour(look.color.as_deref().unwrap_or("fg"), depth);
        look.modifiers.iter().fold(style, |style, letters| {
            style.add_modifier(letters.modifier())
        })
    }

    fn built_in(&self, role: Role, depth: ColorDepth) -> Option<Style> {
        let plain = Modifier::empty();
        let (name, modifiers) = match role {
            Role::Text => ("fg", plain),
            Role::Title | Role::Selected | Role::TabActive => ("fg", Modifier::BOLD),
            Role::Picked => ("primary-text", Modifier::BOLD | Modifier::REVERSED),
            Role::Muted => ("muted", plain),
            Role::Border => ("border", plain),
            Role::Primary => ("primary-text", plain),
            Role::Accent => ("accent-text", plain),
            Role::Danger => ("danger-text", plain),
            Role::Warn => ("warn", plain),
            Role::Ok => ("ok", plain),
            Role::Track => ("track", plain),
            Role::Heat0 => ("heat-0", plain),
            // Logged days are many in a row: quieter than the numbers they stand behind.
            Role::Heat1 | Role::Logged => ("heat-1", plain),
            Role::Heat2 => ("heat-2", plain),
            Role::Heat3 => ("heat-3", plain),
            Role::Heat4 => ("heat-4", plain),
            Role::ScaleFull | Role::Chart | Role::BorderFocus => ("primary", plain),
            Role::Heading
            | Role::Marker
            | Role::Key
            | Role::Hint
            | Role::Tab
            | Role::Value
            | Role::Masked
            | Role::Today
            | Role::Input
            | Role::Placeholder => return None,
        };
        Some(self.colour(name, depth).add_modifier(modifiers))
    }

    fn colour(&self, name: &str, depth: ColorDepth) -> Style {
        match depth {
            ColorDepth::None => Style::default(),
            ColorDepth::Ansi16 => self.ansi_style(name),
            ColorDepth::Ansi256 | ColorDepth::TrueColor => {
                Style::default().fg(at_depth(self.rgb(name), depth))
            }
        }
    }

    /// The terminal's own colours. Quiet things are its plain text, dimmed: its bright black is
    /// the ground itself in some palettes.
    fn ansi_style(&self, name: &str) -> Style {
        let base = name.strip_suffix("-text").unwrap_or(name);
        let named = |name: &str, default| self.ansi.get(name).copied().unwrap_or(default);
        let plain = Style::default().fg(Color::Reset);
        match base {
            "muted" | "border" | "track" | "heat-0" => plain.add_modifier(Modifier::DIM),
            "primary" | "heat-1" | "heat-2" | "heat-3" | "heat-4" => {
                plain.fg(named("primary", Color::Cyan))
            }
            "accent" => plain.fg(named("accent", Color::Magenta)),
            "danger" => plain.fg(named("danger", Color::Red)),
            "warn" => plain.fg(named("warn", Color::Yellow)),
            "ok" => plain.fg(named("ok", Color::Green)),
            _ => plain,
        }
    }

    fn rgb(&self, name: &str) -> [u8; 3] {
        if let Some(rgb) = self.palette.get(name) {
            return *rgb;
        }
        let base = |name: &str| self.palette.get(name).copied().unwrap_or_default();
        let mix = |name: &str, share: u16| blend(base("bg"), base(name), share);
        match name {
            "primary-text" | "ok" | "heat-4" => base("primary"),
            "accent-text" | "warn" => base("accent"),
            "danger-text" => base("danger"),
            "track" | "heat-0" => mix("muted", 55),
            "heat-1" => mix("primary", 70),
            "heat-2" => mix("primary", 80),
            "heat-3" => mix("primary", 90),
            _ => base("fg"),
        }
    }
}

/// `share` hundredths of `over` laid on `under`.
fn blend(under: [u8; 3], over: [u8; 3], share: u16) -> [u8; 3] {
    let ([ur, ug, ub], [or, og, ob]) = (under, over);
    let mix = |a: u8, b: u8| {
        let sum = u16::from(a) * (100 - share) + u16::from(b) * share;
        u8::try_from(sum / 100).unwrap_or(u8::MAX)
    };
    [mix(ur, or), mix(ug, og), mix(ub, ob)]
}

fn parse_rgb(value: &str) -> Option<[u8; 3]> {
    let hex = value
        .strip_prefix('#')
        .filter(|hex| hex.len() == 6 && hex.is_ascii())?;
    let part = |range| u8::from_str_radix(hex.get(range)?, 16).ok();
    Some([part(0..2)?, part(2..4)?, part(4..6)?])
}

fn is_ansi(colour: Color) -> bool {
    !matches!(colour, Color::Rgb(..) | Color::Indexed(_))
}

fn bad_colour(file: &str, name: &str, value: &str, expected: &'static str) -> ThemeError {
    ThemeError::Colour {
        file: file.to_owned(),
        name: name.to_owned(),
        value: value.to_owned(),
        expected,
    }
}

fn known<'a>(
    file: &str,
    what: &'static str,
    name: &str,
    words: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), ThemeError> {
    if words.clone().any(|word| word == name) {
        return Ok(());
    }
    let suggestion = nearest(name, words).map(str::to_owned);
    Err(ThemeError::Unknown {
        file: file.to_owned(),
        what,
        name: name.to_owned(),
        suggestion,
    })
}
