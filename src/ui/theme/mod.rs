//! Colours by meaning. The only module that names a colour.
//!
//! A theme file gives a palette and, where it wants, a look to single roles; a role that is not
//! named takes the look of the role it falls back to. The same file serves 24-bit, 256 and 16
//! colours and none. With 24-bit and 256 colours the screen's ground is painted, since dark-theme
//! letters on a light terminal could not be read; with fewer the terminal's own ground stays.

mod depth;
mod file;
mod role;

use ratatui::style::{Color, Modifier, Style};

pub use depth::ColorDepth;
pub use file::ThemeError;
pub use role::Role;

/// The themes that come with the program, by name. The first is the default.
pub const BUILTIN: [(&str, &str); 4] = [
    ("lab", include_str!("../../../assets/themes/lab.toml")),
    ("field", include_str!("../../../assets/themes/field.toml")),
    (
        "sanctuary",
        include_str!("../../../assets/themes/sanctuary.toml"),
    ),
    ("light", include_str!("../../../assets/themes/light.toml")),
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
        Self::parse(toml, name, depth).ok()
    }

    /// The default theme.
    #[must_use]
    pub fn lab(depth: ColorDepth) -> Self {
        Self::builtin("lab", depth).unwrap_or_else(Self::plain)
    }

    /// The theme of one's own file; `file` is its name in errors.
    ///
    /// # Errors
    /// When the file is not TOML, or names a colour or a role that does not exist.
    pub fn parse(toml: &str, file: &str, depth: ColorDepth) -> Result<Self, ThemeError> {
        let spec = file::ThemeFile::parse(toml, file)?;
        if depth == ColorDepth::None {
            return Ok(Self {
                name: spec.name,
                ..Self::plain()
            });
        }
        let roles = Role::ALL
            .iter()
            .map(|role| spec.style(*role, depth))
            .collect();
        let [ground, card] = spec.grounds(depth);
        Ok(Self {
            name: spec.name,
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

/// The nearest colour of xterm's 256, leaving out the first sixteen, which terminals redefine.
fn nearest_256(red: u8, green: u8, blue: u8) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let distance = |r: u8, g: u8, b: u8| {
        let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        square(r, red) + square(g, green) + square(b, blue)
    };
    let grays = (0..24u8).map(|i| (232 + i, [8 + 10 * i; 3]));
    let cube = (0..216u8).map(|i| {
        let step = |n: u8| STEPS.get(usize::from(n)).copied().unwrap_or(0);
        (16 + i, [step(i / 36), step(i / 6 % 6), step(i % 6)])
    });
    cube.chain(grays)
        .min_by_key(|(_, [r, g, b])| distance(*r, *g, *b))
        .map_or(7, |(i, _)| i)
}

/// The red, green and blue of one of xterm's upper 240 colours.
#[cfg(test)]
fn rgb_of_256(index: u8) -> [u8; 3] {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    if index >= 232 {
        return [8 + 10 * (index - 232); 3];
    }
    let cube = index - 16;
    [cube / 36, cube / 6 % 6, cube % 6].map(|n| STEPS.get(usize::from(n)).copied().unwrap_or(0))
}

/// A colour as it is written to a terminal of this depth.
fn at_depth(rgb: [u8; 3], depth: ColorDepth) -> Color {
    let [red, green, blue] = rgb;
    match depth {
        ColorDepth::TrueColor => Color::Rgb(red, green, blue),
        ColorDepth::Ansi256 => Color::Indexed(nearest_256(red, green, blue)),
        ColorDepth::Ansi16 | ColorDepth::None => Color::Reset,
    }
}

#[cfg(test)]
mod tests;
