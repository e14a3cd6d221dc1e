//! Brand content: its types, templates, counts and documents.
//!
//! A template gives headings and prompts (`assets/content`) and no claims. The limits of a type are remarks: nothing is
//! refused for its length. A status changes only by the person's hand.

mod counts;
mod document;
mod skeleton;

#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::{Map, Value};

pub use counts::{Counts, Remark, posts, remarks};
pub use document::document;
pub use skeleton::{Skeleton, skeleton};

/// Where a piece is to appear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ContentType {
    /// Pages of a site.
    #[default]
    Website,
    /// Posts.
    Social,
    /// Mails to a list.
    Email,
    /// Articles.
    Blog,
    /// Scripts.
    Video,
}

impl ContentType {
    /// All, in the order shown.
    pub const ALL: [Self; 5] = [
        Self::Website,
        Self::Social,
        Self::Email,
        Self::Blog,
        Self::Video,
    ];

    /// As stored and shown.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Website => "website",
            Self::Social => "social",
            Self::Email => "email",
            Self::Blog => "blog",
            Self::Video => "video",
        }
    }

    /// The type of a stored name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The templates of the type; the database takes no other.
    #[must_use]
    pub const fn templates(self) -> [&'static str; 3] {
        match self {
            Self::Website => ["landing page", "about story", "services page"],
            Self::Social => ["thread hook", "value post", "personal story"],
            Self::Email => ["welcome", "nurture sequence", "launch announcement"],
            Self::Blog => ["how-to", "listicle", "opinion"],
            Self::Video => ["tutorial", "course module", "talking head"],
        }
    }

    /// Whether a piece of this type has a site map.
    #[must_use]
    pub const fn has_site_map(self) -> bool {
        match self {
            Self::Website => true,
            Self::Social | Self::Email | Self::Blog | Self::Video => false,
        }
    }
}

/// Where a piece is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// Being written.
    #[default]
    Draft,
    /// Out.
    Published,
    /// Put away.
    Archived,
}

impl Status {
    /// All, in the order of their way.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Archived];

    /// As stored and shown.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Archived => "archived",
        }
    }

    /// The status of a stored name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Where the person can move it: forward on the way, a draft aside, and from anywhere back to a draft. What was
    /// put away becomes public again only by way of a draft.
    #[must_use]
    pub const fn moves(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Published, Self::Archived],
            Self::Published => &[Self::Archived, Self::Draft],
            Self::Archived => &[Self::Draft],
        }
    }
}

/// A piece of content, as its record holds it.
#[derive(Clone, Default, PartialEq)]
pub struct Piece {
    /// One line; the subject of a mail.
    pub title: String,
    /// Where it is to appear.
    pub kind: ContentType,
    /// Empty where none is chosen.
    pub tone: String,
    /// Empty where none is chosen.
    pub template: String,
    /// Where it is on its way.
    pub status: Status,
    /// For whom.
    pub audience: String,
    /// What is hard for them.
    pub pain: String,
    /// What changes for them.
    pub promise: String,
    /// What they are asked to do.
    pub call_to_action: String,
    /// What stays when all else is forgotten.
    pub core_message: String,
    /// Pages of a site, a line each.
    pub site_map: String,
    /// What readers get for their address.
    pub lead_magnet: String,
    /// The text itself, in Markdown.
    pub body: String,
}

impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Piece")
            .field("kind", &self.kind)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl Piece {
    /// Reads the fields of a record; what is missing or of another kind is empty.
    #[must_use]
    pub fn read(fields: &Map<String, Value>) -> Self {
        let text = |key: &str| {
            let text = fields.get(key).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        Self {
            title: text("title"),
            kind: ContentType::of(&text("type")).unwrap_or_default(),
            tone: text("tone"),
            template: text("template"),
            status: Status::of(&text("status")).unwrap_or_default(),
            audience: text("content.audience"),
            pain: text("content.pain"),
            promise: text("content.promise"),
            call_to_action: text("content.callToAction"),
            core_message: text("content.coreMessage"),
            site_map: text("content.siteMap"),
            lead_magnet: text("content.leadMagnet"),
            body: text("content.body"),
        }
    }
}
