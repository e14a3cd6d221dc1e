//! How roles look: the file's own word, else the built-in one, else that of the role it falls back to.

use ratatui::style::{Color, Modifier, Style};

use super::contrast::{Rgb, blend, legible};
use super::file::{OwnLook, ThemeFile};
use super::{ColorDepth, Role};

/// A theme file at one colour depth.
pub(super) struct Palette<'f> {
    pub file: &'f ThemeFile,
    pub depth: ColorDepth,
}

impl Palette<'_> {
    pub(super) fn style(&self, role: Role) -> Style {
        let mut at = role;
        loop {
            if let Some(look) = self.file.roles.get(&at) {
                return self.own_look(look);
            }
            if let Some(style) = self.built_in(at) {
                return style;
            }
            match at.fallback() {
                Some(next) => at = next,
                None => return Style::default(),
            }
        }
    }

    /// The grounds of the screen and of popups.
    pub(super) fn grounds(&self) -> [Style; 2] {
        match self.depth {
            ColorDepth::None | ColorDepth::Ansi16 => [Style::reset(); 2],
            ColorDepth::Ansi256 | ColorDepth::TrueColor => {
                let fg = self.depth.colour(self.rgb("fg"));
                let on = |name| Style::reset().fg(fg).bg(self.depth.colour(self.rgb(name)));
                ["bg", "card"].map(on)
            }
        }
    }

    fn own_look(&self, look: &OwnLook) -> Style {
        self.colour(look.colour.as_deref().unwrap_or("fg"))
            .add_modifier(look.modifiers)
    }

    fn built_in(&self, role: Role) -> Option<Style> {
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
        Some(self.colour(name).add_modifier(modifiers))
    }

    fn colour(&self, name: &str) -> Style {
        match self.depth {
            ColorDepth::None => Style::default(),
            ColorDepth::Ansi16 => self.ansi_style(name),
            ColorDepth::Ansi256 | ColorDepth::TrueColor => {
                Style::default().fg(self.depth.colour(self.rgb(name)))
            }
        }
    }

    /// The terminal's own colours. Quiet things are its plain text, dimmed: its bright black is
    /// the ground itself in some palettes.
    fn ansi_style(&self, name: &str) -> Style {
        let base = name.strip_suffix("-text").unwrap_or(name);
        let named = |name: &str, default| self.file.ansi.get(name).copied().unwrap_or(default);
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

    /// A colour of the palette, or what stands in for it: for letters a legible tint of the base
    /// colour, for marks without letters a mixture with the ground.
    fn rgb(&self, name: &str) -> Rgb {
        if let Some(rgb) = self.file.palette.get(name) {
            return *rgb;
        }
        let base = |name: &str| self.file.palette.get(name).copied().unwrap_or_default();
        let text = |name: &str| legible(base(name), [base("bg"), base("card")], self.depth);
        let mix = |name: &str, share: u16| blend(base("bg"), base(name), share);
        match name {
            "primary-text" | "ok" => text("primary"),
            "accent-text" | "warn" => text("accent"),
            "danger-text" => text("danger"),
            "heat-4" => base("primary"),
            "track" | "heat-0" => mix("muted", 55),
            "heat-1" => mix("primary", 70),
            "heat-2" => mix("primary", 80),
            "heat-3" => mix("primary", 90),
            _ => base("fg"),
        }
    }
}
