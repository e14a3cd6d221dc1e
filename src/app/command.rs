//! The key table: a name, words for help and default keys per command.
//!
//! Keys, hints, help, palette and the documentation are all made from these tables, through the
//! [`super::keymap::Keymap`] in force, so that a remapped key never leaves a hint that lies.

/// One thing that a person can ask for by a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Command {
    /// Name within its scope, for key files and the palette: `next-day`.
    pub name: &'static str,
    /// What it does, as a line of the help.
    pub words: &'static str,
    /// A word or two for the hint line; neighbours with the same hint share one.
    pub hint: Option<&'static str>,
    /// Default keys, the first one is shown in hints; several keys one after another with a blank
    /// between: `g g`.
    pub keys: &'static [&'static str],
}

/// A table of commands and where it applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// `everywhere`, or the name of the part.
    pub scope: &'static str,
    /// The commands, in the order of the help.
    pub commands: &'static [Command],
}
