//! One record to be read: what a screen shows beside its list where there is room, over all of it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::{Command, Table};
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent};
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::domain::text::printable_lines;
use crate::screens::scroll::Scroll;
use crate::screens::{Screen, Tui, ViewCx};
use crate::store::api::Query;
use crate::ui::{Role, width};

pub(super) const TABLE: Table = Table {
    scope: "reading",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "down",
        words: "a line down",
        hint: Some("scroll"),
        keys: &["j", "down"],
    },
    Command {
        name: "up",
        words: "a line up",
        hint: Some("scroll"),
        keys: &["k", "up"],
    },
    Command {
        name: "page-down",
        words: "a page down",
        hint: None,
        keys: &["pagedown", "space"],
    },
    Command {
        name: "page-up",
        words: "a page up",
        hint: None,
        keys: &["pageup"],
    },
    Command {
        name: "top",
        words: "to the top",
        hint: None,
        keys: &["g", "home"],
    },
    Command {
        name: "bottom",
        words: "to the end",
        hint: None,
        keys: &["G", "end"],
    },
    Command {
        name: "close",
        words: "close",
        hint: Some("close"),
        keys: &["esc", "q", "enter"],
    },
];

/// A piece of a record as it is read: a heading, or words with a margin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// May have several lines; not yet safe for a terminal.
    pub text: String,
    /// Its colour.
    pub role: Role,
    /// Columns before it.
    pub margin: u16,
}

impl Passage {
    /// A title over what follows.
    #[must_use]
    pub fn heading(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            role: Role::Heading,
            margin: 0,
        }
    }

    /// A title with words below it, where there are any.
    pub fn tell(all: &mut Vec<Self>, title: &str, text: &str) {
        if !text.trim().is_empty() {
            all.push(Self::heading(title));
            all.push(Self::words(text.trim_end(), Role::Value));
        }
    }

    /// Words below a title.
    #[must_use]
    pub fn words(text: impl Into<String>, role: Role) -> Self {
        Self {
            text: text.into(),
            role,
            margin: 2,
        }
    }
}

/// What there is to read of a record, as far as the mask lets it be seen.
pub type Passages = fn(ViewCx<'_>, &Record) -> Vec<Passage>;

/// The record.
pub struct Reading {
    lane: Lane,
    id: RecordId,
    title: &'static str,
    passages: Passages,
    item: Option<ItemId>,
    scroll: Scroll,
}

impl Reading {
    /// From the top. `item` is what of it is sensitive, if anything.
    #[must_use]
    pub fn new(
        title: &'static str,
        (lane, id): (Lane, RecordId),
        passages: Passages,
        item: Option<ItemId>,
    ) -> Self {
        Self {
            lane,
            id,
            title,
            passages,
            item,
            scroll: Scroll::default(),
        }
    }
}

/// Draws passages from this row on; gives how many rows they have in all.
pub fn draw_passages(
    cx: ViewCx<'_>,
    passages: &[Passage],
    skip: usize,
    area: Rect,
    buf: &mut Buffer,
) -> usize {
    let mut count = 0;
    let mut place = area.rows();
    for passage in passages {
        let text = printable_lines(&passage.text);
        let room = usize::from(area.width.saturating_sub(passage.margin)).max(1);
        for range in width::wrap(&text, room) {
            count += 1;
            if count <= skip {
                continue;
            }
            if let (Some(row), Some(words)) = (place.next(), text.get(range)) {
                cx.put(buf, row, passage.margin, words, passage.role);
            }
        }
    }
    count
}

/// Draws passages into the inside of a popup, from where they are scrolled to.
pub(super) fn read(
    cx: ViewCx<'_>,
    passages: &[Passage],
    scroll: &Scroll,
    inside: Rect,
    buf: &mut Buffer,
) {
    let nowhere = Rect {
        height: 0,
        ..inside
    };
    let rows = draw_passages(cx, passages, 0, nowhere, buf);
    let seen = scroll.over(rows, usize::from(inside.height));
    draw_passages(cx, passages, seen.first, inside, buf);
    let edge = super::view::with_edge(inside, buf);
    cx.mark_more(edge, buf, seen.above, seen.below);
}

impl Behaviour<Tui> for Reading {
    fn title(&self) -> &'static str {
        self.title
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![Query::Record(self.lane, self.id)]
    }

    fn on(&mut self, input: Input<'_>, _world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        if !self.scroll.command(name) {
            out.push(Intent::Close);
        }
        Handled::Yes
    }

    fn subjects(&self, _world: &World) -> Vec<Subject> {
        vec![Subject::Record(self.lane, self.id)]
    }

    fn item(&self, _world: &World) -> Option<ItemId> {
        self.item.clone()
    }
}

impl Screen for Reading {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let inside = cx.popup(area, buf, self.title, (84, area.height));
        let Some(record) = cx.world.cache.record(self.lane, self.id) else {
            let text = format!("this {} is not there", self.lane.noun());
            cx.put(buf, inside, 0, &text, Role::Placeholder);
            return None;
        };
        let passages = (self.passages)(cx, record);
        read(cx, &passages, &self.scroll, inside, buf);
        None
    }
}
