//! The theme file: a palette, the names of sixteen-colour stand-ins, looks of single roles.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier};
use serde::Deserialize;
use toml::Spanned;

use super::contrast::Rgb;
use super::problem::{Problems, ThemeError};
use super::{ColorDepth, Role};
use crate::domain::text::printable;

type Words = BTreeMap<Spanned<String>, Spanned<String>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    colors: Option<Spanned<i64>>,
    palette: Option<Spanned<Words>>,
    #[serde(default)]
    ansi: Words,
    #[serde(default)]
    roles: BTreeMap<Spanned<String>, RawLook>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLook {
    color: Option<Spanned<String>>,
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

/// What a file says of one role.
#[derive(Debug, Clone)]
pub(super) struct OwnLook {
    pub colour: Option<String>,
    pub modifiers: Modifier,
}

/// A theme file that has been checked.
#[derive(Debug, Clone)]
pub(super) struct ThemeFile {
    /// The most colours it is to be shown with.
    pub most: ColorDepth,
    pub palette: BTreeMap<String, Rgb>,
    pub ansi: BTreeMap<String, Color>,
    pub roles: BTreeMap<Role, OwnLook>,
}

/// The colours a palette must have.
const BASE: [&str; 8] = [
    "bg", "card", "fg", "muted", "border", "primary", "accent", "danger",
];
/// The colours it may have besides; the base colour, a tint of it or a mixture stands in.
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

fn colours() -> impl Iterator<Item = &'static str> + Clone {
    BASE.iter().chain(&MORE).copied()
}

impl ThemeFile {
    /// Reads a file; `name` is what it is called in problems.
    pub(super) fn parse(text: &str, name: &str) -> Result<Self, ThemeError> {
        let mut problems = Problems::new(name, text);
        let mut file = Self {
            most: ColorDepth::TrueColor,
            palette: BTreeMap::new(),
            ansi: BTreeMap::new(),
            roles: BTreeMap::new(),
        };
        match toml::from_str::<Raw>(text) {
            Ok(raw) => file.fill(raw, &mut problems),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                problems.add(&span, printable(error.message()).into_owned());
            }
        }
        problems.or(file)
    }

    fn fill(&mut self, raw: Raw, problems: &mut Problems<'_>) {
        if let Some(colors) = raw.colors {
            match colors.get_ref() {
                0 => self.most = ColorDepth::None,
                16 => self.most = ColorDepth::Ansi16,
                256 => self.most = ColorDepth::Ansi256,
                _ => problems.add(&colors.span(), "`colors` is 0, 16 or 256".to_owned()),
            }
        }
        let (span, words) = raw.palette.map_or((0..0, Words::new()), |palette| {
            (palette.span(), palette.into_inner())
        });
        self.fill_palette(words, problems);
        if self.most > ColorDepth::Ansi16 {
            for base in BASE
                .iter()
                .filter(|base| !self.palette.contains_key(**base))
            {
                let words =
                    format!("the palette lacks `{base}`; add for example `{base} = \"#edece9\"`");
                problems.add(&span, words);
            }
        }
        self.fill_ansi(raw.ansi, problems);
        for (word, look) in raw.roles {
            let span = word.span();
            let word = word.into_inner();
            problems.is_known(&span, "role", &word, Role::ALL.iter().map(|r| r.word()));
            if let Some(colour) = &look.color {
                problems.is_known(&colour.span(), "colour", colour.get_ref(), colours());
            }
            let set = look.modifiers.iter().map(|letters| letters.modifier());
            let look = OwnLook {
                colour: look.color.map(Spanned::into_inner),
                modifiers: set.fold(Modifier::empty(), |all, one| all | one),
            };
            if let Some(role) = Role::ALL.iter().find(|role| role.word() == word) {
                self.roles.insert(*role, look);
            }
        }
    }

    fn fill_palette(&mut self, words: Words, problems: &mut Problems<'_>) {
        for (name, value) in words {
            if !problems.is_known(&name.span(), "colour", name.get_ref(), colours()) {
                continue;
            }
            match parse_rgb(value.get_ref()) {
                Some(rgb) => {
                    self.palette.insert(name.into_inner(), rgb);
                }
                None => bad_colour(problems, &value, "#rrggbb"),
            }
        }
    }

    fn fill_ansi(&mut self, words: Words, problems: &mut Problems<'_>) {
        for (name, value) in words {
            if !problems.is_known(&name.span(), "colour", name.get_ref(), colours()) {
                continue;
            }
            let colour = value.get_ref().parse::<Color>().ok();
            if let Some(colour) = colour.filter(|colour| is_ansi(*colour)) {
                self.ansi.insert(name.into_inner(), colour);
            } else {
                let expected = "one of the sixteen names, such as cyan or light-red";
                bad_colour(problems, &value, expected);
            }
        }
    }
}

fn bad_colour(problems: &mut Problems<'_>, value: &Spanned<String>, expected: &str) {
    let written = printable(value.get_ref());
    let words = format!("\"{written}\" is not a colour; write it as {expected}");
    problems.add(&value.span(), words);
}

fn parse_rgb(value: &str) -> Option<Rgb> {
    let hex = value
        .strip_prefix('#')
        .filter(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let part = |range| u8::from_str_radix(hex.get(range)?, 16).ok();
    Some([part(0..2)?, part(2..4)?, part(4..6)?])
}

fn is_ansi(colour: Color) -> bool {
    !matches!(colour, Color::Rgb(..) | Color::Indexed(_))
}
