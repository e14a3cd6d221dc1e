//! What a template puts into an empty piece.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{ContentType, Piece};
use crate::domain::template::fill;

/// The texts of a template, filled with what the piece says already.
#[derive(Clone, PartialEq, Eq)]
pub struct Skeleton {
    /// In Markdown, with prompts in brackets.
    pub body: String,
    /// A line for each page; nothing for a type without a site map.
    pub site_map: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    template: Vec<Wording>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Wording {
    name: String,
    site_map: Option<String>,
    body: String,
}

/// The skeleton of the piece's template, or of its type's first one where none is chosen.
#[must_use]
pub fn skeleton(piece: &Piece) -> Option<Skeleton> {
    let name = match piece.template.as_str() {
        "" => piece.kind.templates().first().copied()?,
        name => name,
    };
    let wording = wordings(piece.kind)?.iter().find(|w| w.name == name)?;
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let places: BTreeMap<&str, String> = [
        ("title", &piece.title),
        ("audience", &piece.audience),
        ("pain", &piece.pain),
        ("promise", &piece.promise),
        ("callToAction", &piece.call_to_action),
        ("coreMessage", &piece.core_message),
        ("leadMagnet", &piece.lead_magnet),
    ]
    .into_iter()
    .map(|(place, text)| (place, one_line(text)))
    .collect();
    let value = |place: &str| places.get(place).map_or("", String::as_str);
    Some(Skeleton {
        body: squeezed(&fill(&wording.body, value)),
        site_map: wording.site_map.as_ref().map(|map| fill(map, value)),
    })
}

/// Lines that were left out leave no gap of more than one line.
fn squeezed(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        let gap = line.is_empty() && lines.last().is_none_or(|last| last.is_empty());
        if !gap {
            lines.push(line);
        }
    }
    lines.join("\n")
}

fn wordings(kind: ContentType) -> Option<&'static [Wording]> {
    static FILES: LazyLock<BTreeMap<&'static str, File>> = LazyLock::new(|| {
        ContentType::ALL
            .into_iter()
            .map(|kind| (kind.name(), toml::from_str(file(kind)).unwrap_or_default()))
            .collect()
    });
    FILES.get(kind.name()).map(|file| file.template.as_slice())
}

/// The files are compiled in and tested to be whole.
const fn file(kind: ContentType) -> &'static str {
    match kind {
        ContentType::Website => include_str!("../../../assets/content/website.toml"),
        ContentType::Social => include_str!("../../../assets/content/social.toml"),
        ContentType::Email => include_str!("../../../assets/content/email.toml"),
        ContentType::Blog => include_str!("../../../assets/content/blog.toml"),
        ContentType::Video => include_str!("../../../assets/content/video.toml"),
    }
}
