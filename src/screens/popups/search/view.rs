//! How the search is drawn: the line, what there is to say of it, the hits with two rows each.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Search, item};
use crate::app::cache::Remote;
use crate::domain::dates;
use crate::domain::lane::Lane;
use crate::domain::search::{Area, Found, Hit};
use crate::domain::secret::{Exit, Secret};
use crate::screens::popups::view::{below, paragraph, with_edge};
use crate::screens::{Screen, ViewCx, zone};
use crate::store::api::Link;
use crate::ui::list::first_visible;
use crate::ui::{Role, Run, width};

/// What may be typed, while nothing is.
const WHAT: [&str; 4] = [
    "Words, the last one as its beginning; \"a phrase\"; -without",
    "in:ideas  in:log  in:goals  in:checkins  in:teaching  in:content",
    "after:2026-01-01  before:-7  status:parked",
    "energy>=7  excitement>8  priority=3  exercise=yes",
];

const ROWS: usize = 2;

impl Screen for Search {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        // Of one height, so that nothing jumps while it is typed.
        let height = if area.height < 16 {
            area.height
        } else {
            area.height * 3 / 4
        };
        let inner = cx.popup(area, buf, "Search", (100, height));
        self.input.render(inner, buf, cx.look);
        self.drawn.clear();
        let (words, role) = self.words(cx);
        let room = Rect {
            height: 2,
            ..below(inner, 1)
        };
        let said = paragraph(cx, room.intersection(inner), buf, &words, role);
        let list = below(inner, 1 + said.max(1));
        if self.input.is_empty() {
            let mut rest = list;
            for line in WHAT {
                rest = below(rest, paragraph(cx, rest, buf, line, Role::Placeholder));
            }
        } else {
            self.list(cx, list, buf);
        }
        self.input.cursor_position(inner)
    }
}

impl Search {
    /// How many there are; what is wrong, or waited for, goes first.
    fn words(&self, cx: ViewCx<'_>) -> (String, Role) {
        if let Some(error) = &self.error {
            return (error.to_string(), Role::Danger);
        }
        if let Some(waits) = &self.waits {
            return (waits.to_string(), Role::Placeholder);
        }
        if self.question.is_empty() {
            return (String::new(), Role::Placeholder);
        }
        let is_there = matches!(cx.world.link, Link::Online { .. });
        match cx.world.cache.state(&self.query()) {
            Remote::Ready(_) | Remote::Loading(Some(_)) => {
                let found = self.found(cx.world);
                let text = match found {
                    Some(found) => counted(found),
                    None => String::new(),
                };
                (text, Role::Muted)
            }
            Remote::Failed(error, _) if is_there => {
                (format!("not searched: {error}"), Role::Danger)
            }
            Remote::Absent | Remote::Loading(None) | Remote::Failed(..) if !is_there => {
                let text = "the database is not connected; it is searched once it is";
                (text.to_owned(), Role::Warn)
            }
            Remote::Absent | Remote::Loading(None) | Remote::Failed(..) => {
                ("searching".to_owned(), Role::Muted)
            }
        }
    }

    fn list(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
        let hits = self.found(cx.world).map_or(&[][..], |found| &found.hits);
        let page = (usize::from(area.height) / ROWS).max(1);
        self.page.set(page);
        let first = first_visible(self.scroll.get(), self.cursor, page, hits.len());
        self.scroll.set(first);
        let mut rest = area;
        for (at, hit) in hits.iter().enumerate().skip(first).take(page) {
            self.hit_rows(cx, rest, buf, hit, at == self.cursor);
            let height = rest.height.min(2);
            zone(&self.drawn, Rect { height, ..rest }, at);
            rest = below(rest, 2);
        }
        let more = hits.len() > first + page;
        cx.mark_more(with_edge(area, buf), buf, first > 0, more);
    }

    fn hit_rows(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer, hit: &Hit, here: bool) {
        if here {
            cx.put(buf, area, 0, cx.look.glyphs.marker, Role::Marker);
        }
        headline(cx, area, buf, hit, here);
        let question = self.question_of(hit, cx.world);
        let Some(piece) = hit.piece(question, &cx.world.form) else {
            return;
        };
        let line = below(area, 1);
        let label = cx.put(buf, line, 4, &piece.label, Role::Placeholder) + 1;
        let Some(text) = shown(cx, hit, &piece.text, piece.private) else {
            cx.put(buf, line, label, cx.look.glyphs.masked, Role::Masked);
            return;
        };
        let found = piece.found.unwrap_or(0..0);
        let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().to_owned();
        let runs = [
            Run::new(part(0..found.start), Role::Muted),
            Run::new(part(found.start..found.end), Role::Accent),
            Run::new(part(found.end..text.len()), Role::Muted),
        ];
        let row = Rect {
            height: line.height.min(1),
            ..line
        };
        cx.look.put_runs(buf, row, (row.x + label, row.y), &runs);
    }
}

/// What was found: where, of which day, its title, what it is by now.
fn headline(cx: ViewCx<'_>, area: Rect, buf: &mut Buffer, hit: &Hit, here: bool) {
    let role = if here { Role::Selected } else { Role::Text };
    let area_role = if here { Role::Primary } else { Role::Muted };
    let mut at = cx.put(buf, area, 2, hit.area.word(), area_role) + 1;
    at = at.max(12.min(area.width / 4));
    at = match hit.area {
        Area::Log | Area::Lane(Lane::Reviews) => cx.put(buf, area, at, &dates::long(hit.day), role),
        Area::Lane(
            Lane::Ideas
            | Lane::Goals
            | Lane::CheckIns
            | Lane::Teaching
            | Lane::Content
            | Lane::Signals,
        ) => {
            let at = cx.put(buf, area, at, &hit.day.to_string(), Role::Muted) + 1;
            match &hit.title {
                Some(title) => match shown(cx, hit, title, hit.is_title_private()) {
                    Some(title) => cx.put(buf, area, at, &title, role),
                    None => cx.put(buf, area, at, cx.look.glyphs.masked, Role::Masked),
                },
                None => at,
            }
        }
    };
    let state = state(hit);
    let taken = usize::from(at) + 2 + width::width(&state);
    if !state.is_empty() && taken <= usize::from(area.width) {
        cx.look.put_right(buf, area, area.y, &state, Role::Muted);
    }
}

/// A text of a hit, where it may be seen.
fn shown(cx: ViewCx<'_>, hit: &Hit, text: &Secret<String>, private: bool) -> Option<String> {
    if private {
        cx.reveal(text, &item(hit)).cloned()
    } else {
        Some(text.expose(Exit::Screen).clone())
    }
}

/// How many there are, and how many of them only have a word like one that was typed.
fn counted(found: &Found) -> String {
    let exact = found.exact();
    let similar = found.hits.len() - exact;
    match (exact, similar) {
        (0, 0) => "nothing found".to_owned(),
        (0, _) => format!("nothing found; {similar} with a similar word"),
        _ if found.total > exact as u64 => format!("{} found; {exact} shown", found.count()),
        (_, 0) => format!("{} found", found.count()),
        _ => format!("{} found; {similar} with a similar word", found.count()),
    }
}

/// Whether it is only similar, its status, and whether it is archived.
fn state(hit: &Hit) -> String {
    let status = hit.status.as_deref().unwrap_or_default().replace('_', "-");
    let archived = hit.archived && status != "archived";
    let words = [
        hit.similar.then_some("similar"),
        Some(status.as_str()).filter(|status| !status.is_empty()),
        archived.then_some("archived"),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
