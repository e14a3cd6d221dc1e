//! How Wildlands is drawn: the list, and the piece with its counts beside it where there is room.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::content::{Counts, Piece, posts, remarks};
use crate::domain::record::Record;
use crate::domain::secret::Exit;
use crate::screens::list::Lectern;
use crate::screens::popups::Passage;
use crate::screens::{Screen, ViewCx};
use crate::ui::{EmptyState, Role, Row, Run};

use super::{Wildlands, commands, read};

impl Screen for Wildlands {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let types = self.shelves.held_to("type").join(", ");
        let key = |name| cx.world.keymap.named(commands::TABLE.scope, name);
        let (text, key, word) = if types.is_empty() {
            let text = "No content here. Pages, posts, mails, articles and scripts belong here.";
            (text.to_owned(), key("new"), "begins one from a template")
        } else {
            let text = format!("Nothing of {types} here.");
            (text, key("all"), "lists all types")
        };
        let lectern = Lectern {
            title: "Wildlands",
            state: &types,
            empty: EmptyState {
                text: &text,
                role: Role::Muted,
                action: Some((&key, word)),
            },
            record: "piece",
            passages,
        };
        self.shelves.draw_beside(cx, area, buf, &lectern, row);
        None
    }
}

/// Title, and behind it type, template and status as far as there is room.
fn row(record: &Record, narrow: bool) -> Row<'static> {
    let piece = read(record, Exit::Screen);
    let facts = if narrow {
        format!("{:<7} {:<9}", piece.kind.name(), piece.status.name())
    } else {
        format!(
            "{:<7}  {:<19}  {:<9}",
            piece.kind.name(),
            piece.template,
            piece.status.name()
        )
    };
    let title: Vec<&str> = piece.title.split_whitespace().collect();
    Row {
        left: vec![Run::new(title.join(" "), Role::Value)],
        right: vec![Run::new(facts, Role::Muted)],
    }
}

/// The piece: what it is, how long it is and what is too long, what it is made from, its body.
pub(super) fn passages(cx: ViewCx<'_>, record: &Record) -> Vec<Passage> {
    let piece = read(record, Exit::Screen);
    let mut all = vec![Passage::heading(piece.title.clone())];
    let dot = cx.look.glyphs.separator;
    let facts = [
        piece.status.name(),
        piece.kind.name(),
        &piece.template,
        &piece.tone,
    ];
    let facts: Vec<&str> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    all.push(Passage::words(facts.join(&format!(" {dot} ")), Role::Muted));
    if !record.whole {
        all.push(Passage::words("loading the rest", Role::Muted));
        return all;
    }
    all.push(Passage::words(lengths(&piece), Role::Text));
    for remark in remarks(&piece) {
        let text = format!("{} {}", cx.look.glyphs.no, remark.sentence());
        all.push(Passage::words(text, Role::Warn));
    }
    let mut told = |title, text| Passage::tell(&mut all, title, text);
    told("Core message", &piece.core_message);
    told("Audience", &piece.audience);
    told("Pain", &piece.pain);
    told("Promise", &piece.promise);
    told("Call to action", &piece.call_to_action);
    told("Lead magnet", &piece.lead_magnet);
    told("Site map", &piece.site_map);
    told("Body", &piece.body);
    if piece.body.trim().is_empty() {
        let keys = cx.world.keymap.keys(commands::TABLE.scope, "insert");
        let key = keys.into_iter().next().unwrap_or_default();
        let text = format!("There is no body yet; {key} puts the template's skeleton there.");
        all.push(Passage::words(text, Role::Placeholder));
    }
    all
}

/// Words and characters, and of how many posts or mails.
fn lengths(piece: &Piece) -> String {
    let counts = Counts::of(&piece.body);
    let (words, characters) = (counts.words, counts.characters);
    let parts = posts(&piece.body).len();
    if parts > 1 {
        format!("{words} words, {characters} characters, {parts} parts")
    } else {
        format!("{words} words, {characters} characters")
    }
}
