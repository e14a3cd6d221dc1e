//! The meanings a theme gives a colour to.

/// Meanings, with the word a theme file uses, and what each falls back to.
macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $word:literal),+ $(,)?) => {
        /// What a piece of the screen means; the theme says how that looks.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role { $($(#[$doc])* $role),+ }

        impl Role {
            /// Every role.
            pub const ALL: &'static [Self] = &[$(Self::$role),+];

            /// The word for it in a theme file.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$role => $word),+ }
            }
        }
    };
}

roles! {
    /// What is read.
    Text = "text",
    /// What is read second: labels, hints, end labels.
    Muted = "muted",
    /// Box lines.
    Border = "border",
    /// Lines of the box that has the keys.
    BorderFocus = "border-focus",
    /// Titles of boxes, the program's name.
    Title = "title",
    /// Titles of sections.
    Heading = "heading",
    /// The theme's first colour, as letters.
    Primary = "primary",
    /// The theme's second colour, as letters.
    Accent = "accent",
    /// Errors.
    Danger = "danger",
    /// Warnings.
    Warn = "warn",
    /// Saved, done, online.
    Ok = "ok",
    /// The mark before the selected row.
    Marker = "marker",
    /// The words of the selected row.
    Selected = "selected",
    /// A key in hints and help.
    Key = "key",
    /// What the key does.
    Hint = "hint",
    /// Screens that are not shown.
    Tab = "tab",
    /// The screen that is shown.
    TabActive = "tab-active",
    /// Values of fields.
    Value = "value",
    /// Filled cells of a scale.
    ScaleFull = "scale-full",
    /// Empty cells of a scale, gaps in charts, days without a log.
    Track = "track",
    /// What stands for a text that is not shown.
    Masked = "masked",
    /// Lines of charts.
    Chart = "chart",
    /// Days with a log.
    Logged = "logged",
    /// Today in a calendar.
    Today = "today",
    /// The selected day in a calendar.
    Picked = "picked",
    /// Text being edited.
    Input = "input",
    /// What an empty field says.
    Placeholder = "placeholder",
    /// Heat-map: nothing.
    Heat0 = "heat-0",
    /// Heat-map: least.
    Heat1 = "heat-1",
    /// Heat-map.
    Heat2 = "heat-2",
    /// Heat-map.
    Heat3 = "heat-3",
    /// Heat-map: most.
    Heat4 = "heat-4",
}

impl Role {
    /// The heat-map's roles, nothing first.
    pub const HEAT: [Self; 5] = [
        Self::Heat0,
        Self::Heat1,
        Self::Heat2,
        Self::Heat3,
        Self::Heat4,
    ];

    /// What it looks like when the theme does not say.
    #[must_use]
    pub fn fallback(self) -> Option<Self> {
        match self {
            Self::Text
            | Self::Muted
            | Self::Border
            | Self::Primary
            | Self::Accent
            | Self::Danger
            | Self::Warn
            | Self::Ok
            | Self::Title
            | Self::Track
            | Self::Heat0
            | Self::Heat1
            | Self::Heat2
            | Self::Heat3
            | Self::Heat4 => None,
            Self::Heading | Self::Marker | Self::Key | Self::ScaleFull | Self::Chart => {
                Some(Self::Primary)
            }
            Self::Logged | Self::BorderFocus => Some(Self::Primary),
            Self::Selected | Self::TabActive | Self::Picked => Some(Self::Title),
            Self::Today => Some(Self::Accent),
            Self::Hint | Self::Tab | Self::Masked | Self::Placeholder => Some(Self::Muted),
            Self::Value | Self::Input => Some(Self::Text),
        }
    }

    /// Whether letters or digits are drawn with it, which must then be legible.
    #[must_use]
    pub fn is_text(self) -> bool {
        !matches!(
            self,
            Self::Border
                | Self::BorderFocus
                | Self::Track
                | Self::ScaleFull
                | Self::Chart
                | Self::Logged
        ) && !Self::HEAT.contains(&self)
    }
}
