//! Sets of keys to begin with. A person's file changes them further.

/// A set of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// The keys of the tables: arrows, and letters that say what they do.
    #[default]
    Plain,
    /// What hands know that have learned vim.
    Vim,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Plain, Self::Vim];

    /// As it is written in a file of keys.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Vim => "vim",
        }
    }

    /// The preset of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|preset| preset.name().eq_ignore_ascii_case(name))
    }

    /// What it changes in the tables, as a file of keys.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Plain => include_str!("../../../assets/keymap/plain.toml"),
            Self::Vim => include_str!("../../../assets/keymap/vim.toml"),
        }
    }
}
