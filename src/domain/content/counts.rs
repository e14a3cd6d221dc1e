//! Words and characters of a text, and what the platforms of its type take.

use unicode_segmentation::UnicodeSegmentation;

use super::{ContentType, Piece};

/// How long a text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Words by Unicode's word boundaries (UAX #29); signs alone are none.
    pub words: usize,
    /// What a reader sees as one character (extended grapheme clusters of UAX #29), blanks and line breaks included.
    pub characters: usize,
}

impl Counts {
    /// Counts a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self {
            words: text.unicode_words().count(),
            characters: text.graphemes(true).count(),
        }
    }
}

/// A text that is longer than its type usually takes. Nothing is refused for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What is too long: `title`, `post 2`.
    pub what: String,
    /// Its characters.
    pub characters: usize,
    /// The characters that fit.
    pub limit: usize,
    /// Where they fit: `a post on X`.
    pub place: &'static str,
}

impl Remark {
    /// One factual sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self {
            what,
            characters,
            limit,
            place,
        } = self;
        format!(
            "The {what} has {characters} characters, {} more than the {limit} of {place}.",
            characters - limit
        )
    }
}

/// A limit: which text, how many characters, of what.
struct Limit {
    part: Part,
    characters: usize,
    place: &'static str,
}

#[derive(Clone, Copy)]
enum Part {
    Title,
    Body,
    EachPost,
}

const fn limit(part: Part, characters: usize, place: &'static str) -> Limit {
    Limit {
        part,
        characters,
        place,
    }
}

/// X, developer pages on counting characters: 280 a post. X counts a link as 23 and some scripts double; this count
/// does not.
const X_POST: Limit = limit(Part::EachPost, 280, "a post on X");
/// `LinkedIn`, help pages on posts: 3,000 characters.
const LINKEDIN_POST: Limit = limit(Part::Body, 3_000, "a post on LinkedIn");
/// Instagram, platform documentation on publishing, `caption`: 2,200 characters.
const INSTAGRAM_CAPTION: Limit = limit(Part::Body, 2_200, "a caption on Instagram");
/// No platform's rule: what mail programs commonly show of a subject on a wide screen.
const MAIL_SUBJECT: Limit = limit(Part::Title, 60, "a subject line that is shown whole");
/// No platform's rule: Google Search cuts titles by width, at about 60 characters.
const PAGE_TITLE: Limit = limit(Part::Title, 60, "a title that search results show whole");
/// `YouTube` Data API, `snippet.title`: 100 characters.
const VIDEO_TITLE: Limit = limit(Part::Title, 100, "a title on YouTube");

fn limits(kind: ContentType, template: &str) -> &'static [Limit] {
    match (kind, template) {
        (ContentType::Website | ContentType::Blog, _) => &[PAGE_TITLE],
        (ContentType::Social, "value post") => &[LINKEDIN_POST],
        (ContentType::Social, "personal story") => &[INSTAGRAM_CAPTION],
        (ContentType::Social, _) => &[X_POST],
        (ContentType::Email, _) => &[MAIL_SUBJECT],
        (ContentType::Video, _) => &[VIDEO_TITLE],
    }
}

/// The posts of a thread, or the mails of a sequence: lines of three hyphens part them.
#[must_use]
pub fn posts(body: &str) -> Vec<String> {
    let mut posts = vec![String::new()];
    for line in body.lines() {
        if line.trim() == "---" {
            posts.push(String::new());
        } else if let Some(post) = posts.last_mut() {
            post.push_str(line);
            post.push('\n');
        }
    }
    posts
        .into_iter()
        .map(|post| post.trim().to_owned())
        .filter(|post| !post.is_empty())
        .collect()
}

/// What is longer than the limits of the piece's type.
#[must_use]
pub fn remarks(piece: &Piece) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for limit in limits(piece.kind, &piece.template) {
        let parts: Vec<(String, String)> = match limit.part {
            Part::Title => vec![("title".to_owned(), piece.title.clone())],
            Part::Body => vec![("body".to_owned(), piece.body.trim().to_owned())],
            Part::EachPost => posts(&piece.body)
                .into_iter()
                .enumerate()
                .map(|(place, post)| (format!("post {}", place + 1), post))
                .collect(),
        };
        for (what, text) in parts {
            let characters = Counts::of(&text).characters;
            if characters > limit.characters {
                remarks.push(Remark {
                    what,
                    characters,
                    limit: limit.characters,
                    place: limit.place,
                });
            }
        }
    }
    remarks
}
