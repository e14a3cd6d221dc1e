//! A piece as a Markdown document with front matter.

use std::fmt::Write as _;

use serde_json::Value;

use super::{ContentType, Counts, Piece, posts};
use crate::domain::markdown::{block, front_matter, inline, verbatim};

/// The document: what programs read at the top, the body as it is, and what the body was made from as notes below.
#[must_use]
pub fn document(piece: &Piece) -> String {
    let counts = Counts::of(&piece.body);
    let text = |text: &str| Value::from(text);
    let mut document = front_matter(&[
        ("title", text(&piece.title)),
        ("type", text(piece.kind.name())),
        ("template", text(&piece.template)),
        ("tone", text(&piece.tone)),
        ("status", text(piece.status.name())),
        ("audience", text(&piece.audience)),
        ("pain", text(&piece.pain)),
        ("promise", text(&piece.promise)),
        ("callToAction", text(&piece.call_to_action)),
        ("coreMessage", text(&piece.core_message)),
        ("leadMagnet", text(&piece.lead_magnet)),
        ("words", Value::from(counts.words)),
        ("characters", Value::from(counts.characters)),
    ]);
    let body = verbatim(&parted(piece));
    if !has_title(&body) {
        let _ = write!(document, "\n# {}\n", inline(&piece.title));
    }
    if !body.is_empty() {
        let _ = write!(document, "\n{body}\n");
    }
    if piece.kind.has_site_map() && !piece.site_map.trim().is_empty() {
        let _ = write!(document, "\n## Site map\n\n{}\n", block(&piece.site_map));
    }
    document
}

/// The body; with room around the lines that part posts, which below a text would make it a heading.
fn parted(piece: &Piece) -> String {
    let posts = posts(&piece.body);
    match piece.kind {
        ContentType::Social | ContentType::Email if posts.len() > 1 => posts.join("\n\n---\n\n"),
        ContentType::Social
        | ContentType::Email
        | ContentType::Website
        | ContentType::Blog
        | ContentType::Video => piece.body.clone(),
    }
}

/// Whether the body begins with a heading of its own.
fn has_title(body: &str) -> bool {
    body.trim_start().starts_with("# ")
}
