//! Values that must not leave by accident.
//!
//! A [`Secret`] prints a mask wherever it is formatted and does not serialize. Its content comes
//! out only by naming the [`Exit`] it takes, so that every way out can be found by searching.

use std::fmt;

/// What stands for a masked value, whatever its length.
pub const MASK: &str = "●●●●●●";

/// A value that formats as a mask and leaves only through [`Secret::expose`].
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Secret<T>(T);

/// Why a secret leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exit {
    /// Cells of the screen, for content that is not masked or is revealed for the moment.
    Screen,
    /// A parameter of a statement.
    Database,
    /// A draft or outbox file, mode 0600.
    Draft,
    /// An export that the person asked for.
    Export,
    /// A temporary file for the person's editor.
    Editor,
    /// The clipboard, by the person's key.
    Clipboard,
    /// Standard output of a subcommand that was asked to reveal.
    Output,
}

impl<T> Secret<T> {
    /// Seals a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Works on the content without letting it out.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Secret<U> {
        Secret(change(self.0))
    }

    /// Changes the content in place without letting it out.
    pub fn update(&mut self, change: impl FnOnce(&mut T)) {
        change(&mut self.0);
    }

    /// A sealed reference to the content.
    pub const fn as_ref(&self) -> Secret<&T> {
        Secret(&self.0)
    }

    /// The content, for the stated reason.
    pub const fn expose(&self, exit: Exit) -> &T {
        let _ = exit;
        &self.0
    }

    /// The content by value, for the stated reason.
    pub fn into_exposed(self, exit: Exit) -> T {
        let _ = exit;
        self.0
    }
}

impl<T> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Default)]
    #[allow(dead_code)] // read by Debug only, which is what is tested
    struct Holder {
        open: u8,
        text: Secret<String>,
        list: Vec<Secret<&'static str>>,
        nested: Option<Secret<Secret<u64>>>,
    }

    #[test]
    fn no_format_of_a_holder_shows_the_content() {
        let holder = Holder {
            open: 7,
            text: Secret::new("planted-needle".to_owned()),
            list: vec![Secret::new("planted-needle")],
            nested: Some(Secret::new(Secret::new(424_242))),
        };
        for shown in [
            format!("{holder:?}"),
            format!("{holder:#?}"),
            format!("{:40}", holder.text),
            format!("{:.40}", holder.text),
            format!("{:?}", holder.text.as_ref()),
            format!("{:?}", Some(&holder.text).ok_or(3)),
            holder.text.to_string(),
        ] {
            assert!(
                !shown.contains("needle") && !shown.contains("424242"),
                "{shown}"
            );
            assert!(shown.contains(MASK), "{shown}");
        }
    }

    #[test]
    fn the_mask_tells_nothing_of_the_length() {
        assert_eq!(
            Secret::new("").to_string(),
            Secret::new("a long confession").to_string()
        );
    }

    #[test]
    fn the_content_comes_out_by_a_named_exit() {
        let mut secret = Secret::new(3).map(|n| n + 1);
        secret.update(|n| *n *= 2);
        assert_eq!(*secret.expose(Exit::Screen), 8);
        assert_eq!(*secret.as_ref().into_exposed(Exit::Database), 8);
        assert_eq!(secret.into_exposed(Exit::Export), 8);
    }
}
