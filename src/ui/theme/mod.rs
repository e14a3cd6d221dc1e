//! Colours by meaning. The only module that names a colour.
//!
//! A theme file gives a palette and, where it wants, a look to single roles; a role that is not
//! named takes the look of the role it falls back to. The same file serves 24-bit, 256 and 16
//! colours and none. With 24-bit and 256 colours the screen's ground is painted, since dark-theme
//! letters on a light terminal could not be read; with fewer the terminal's own ground stays.
//!
//! A base colour is used as it is where no letters are drawn. Letters are drawn in a tint of it that
//! is legible on both grounds, unless the file names one (`danger-text`).

mod contrast;
mod depth;
mod file;
mod look;
mod problem;
mod role;

use ratatui::style::{Modifier, Style};

pub use contrast::{LEGIBLE, contrast, luminance};
pub use depth::ColorDepth;
pub use problem::{ThemeError, ThemeProblem};
pub use role::Role;

/// The themes that come with the program, by name. The first is the default.
pub const BUILTIN: [(&str, &str); 6] = [
    ("lab", include_str!("../../../assets/themes/lab.toml")),
    ("field", include_str!("../../../assets/themes/field.toml")),
    (
        "sanctuary",
        include_str!("../../../assets/themes/sanctuary.toml"),
    ),
    ("light", include_str!("../../../assets/themes/light.toml")),
    (
        "16-colour",
        include_str!("../../../assets/themes/16-colour.toml"),
    ),
    ("none", include_str!("../../../assets/themes/none.toml")),
];

/// How each role looks at one colour depth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: String,
    depth: ColorDepth,
    ground: Style,
    card: Style,
    roles: Vec<Style>,
}

impl Theme {
    /// A theme that comes with the program; `None` when there is none of that name.
    #[must_use]
    pub fn builtin(name: &str, depth: ColorDepth) -> Option<Self> {
        let (_, toml) = BUILTIN
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Self::parse(toml, name, name, depth).ok()
    }

    /// The default theme.
    #[must_use]
    pub fn lab(depth: ColorDepth) -> Self {
        Self::builtin("lab", depth).unwrap_or_else(Self::plain)
    }

    /// The theme of a file. It is called `name`; problems are told with `file`.
    ///
    /// # Errors
    /// When the file is not TOML, or names a colour or a role that does not exist.
    pub fn parse(
        toml: &str,
        name: &str,
        file: &str,
        depth: ColorDepth,
    ) -> Result<Self, ThemeError> {
        let spec = file::ThemeFile::parse(toml, file)?;
        let name = name.to_owned();
        let depth = depth.min(spec.most);
        if depth == ColorDepth::None {
            return Ok(Self {
                name,
                ..Self::plain()
            });
        }
        let palette = look::Palette { file: &spec, depth };
        let roles = Role::ALL.iter().map(|role| palette.style(*role)).collect();
        let [ground, card] = palette.grounds();
        Ok(Self {
            name,
            depth,
            ground,
            card,
            roles,
        })
    }

    /// No colours at all: bold, dim and underline carry what marks and words do not.
    #[must_use]
    pub fn plain() -> Self {
        Self {
            name: "none".to_owned(),
            depth: ColorDepth::None,
            ground: Style::reset(),
            card: Style::reset(),
            roles: Role::ALL.iter().map(|role| plain_style(*role)).collect(),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The colours it was made for.
    #[must_use]
    pub fn depth(&self) -> ColorDepth {
        self.depth
    }

    /// How a role looks. Colours of the letters only; the ground under them stays.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.roles.get(role as usize).copied().unwrap_or_default()
    }

    /// The screen's ground, with the colour of plain text on it.
    #[must_use]
    pub fn ground(&self) -> Style {
        self.ground
    }

    /// The ground of popups.
    #[must_use]
    pub fn card(&self) -> Style {
        self.card
    }
}

fn plain_style(role: Role) -> Style {
    let plain = Style::default();
    match role {
        Role::Title | Role::Heading | Role::Danger | Role::Selected | Role::TabActive => {
            plain.add_modifier(Modifier::BOLD)
        }
        Role::Key | Role::Marker | Role::Warn => plain.add_modifier(Modifier::BOLD),
        Role::Today => plain.add_modifier(Modifier::UNDERLINED),
        Role::Picked => plain.add_modifier(Modifier::BOLD | Modifier::REVERSED),
        Role::Muted
        | Role::Border
        | Role::Hint
        | Role::Tab
        | Role::Track
        | Role::Placeholder
        | Role::Heat0 => plain.add_modifier(Modifier::DIM),
        Role::Text
        | Role::BorderFocus
        | Role::Primary
        | Role::Accent
        | Role::Ok
        | Role::Value
        | Role::ScaleFull
        | Role::Masked
        | Role::Chart
        | Role::Logged
        | Role::Input
        | Role::Heat1
        | Role::Heat2
        | Role::Heat3
        | Role::Heat4 => plain,
    }
}

#[cfg(test)]
mod tests;
