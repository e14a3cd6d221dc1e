//! How Wildlands is drawn: the list, and the piece with its counts beside it where there is room.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};

use crate::app::world::World;
use crate::domain::content::{Counts, Piece, posts, remarks};
use crate::domain::record::Record;
use crate::domain::secret::Exit;
use crate::screens::popups::{Passage, draw_passages};
use crate::screens::{Screen, ViewCx};
use crate::ui::{Role, Row, Run};

use super::{Wildlands, commands, read};

/// Columns from which the piece stands beside the list.
const BESIDE_FROM: u16 = 100;

impl Screen for Wildlands {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let beside = area.width >= BESIDE_FROM && area.height > 4;
        let right = if beside { area.width * 3 / 5 } else { 0 };
        let [left, right] =
            Layout::horizontal([Constraint::Min(0), Constraint::Length(right)]).areas(area);
        let types = self.shelves.held_to("type").join(", ");
        let state = (!types.is_empty()).then_some((types.as_str(), Role::Muted));
        let inside = cx.panel(left, buf, "Wildlands", state);
        let empty = invitation(cx.world, &types);
        let narrow = inside.width < 70;
        self.shelves
            .draw(cx, inside, buf, &empty, |record| row(record, narrow));
        if beside {
            let inner = cx.side_panel(right, buf, "piece");
            if let Some(record) = self.shelves.record(cx.world) {
                let passages = passages(cx, record);
                let rows = draw_passages(cx, &passages, 0, inner, buf);
                cx.mark_more(inner, buf, false, rows > usize::from(inner.height));
            }
        }
        None
    }
}

fn invitation(world: &World, types: &str) -> String {
    let key = |name: &'static str| {
        let keys = world.keymap.keys(commands::TABLE.scope, name);
        keys.into_iter().next().unwrap_or_default()
    };
    if types.is_empty() {
        format!(
            "No content here. Pages, posts, mails, articles and scripts belong here. {} begins one from a template.",
            key("new")
        )
    } else {
        format!("Nothing of {types} here. {} lists all types.", key("all"))
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
    let mut told = |title: &str, text: &str| {
        if !text.trim().is_empty() {
            all.push(Passage::heading(title));
            all.push(Passage::words(text.trim_end(), Role::Value));
        }
    };
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
