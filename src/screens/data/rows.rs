//! Popups of the Data screen that list rows: what policies concern, what is archived.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::{Command, Table};
use crate::app::effect::Job;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent};
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::retention::Concerned;
use crate::domain::secret::Exit;
use crate::domain::text::printable;
use crate::screens::{Screen, Tui, ViewCx};
use crate::store::api::{ArchivePage, ArchivePlace, Query, Upkeep};
use crate::ui::list::first_visible;
use crate::ui::{ListView, Paragraph, Role, Row, Run};

use super::upkeep::name;

/// Scope and commands of both.
pub const TABLE: Table = Table {
    scope: "kept",
    commands: COMMANDS,
};

/// From this width on a row has room for two dates.
const WIDE: u16 = 60;

const BRING_BACK: &str = "bring back";

const COMMANDS: &[Command] = &[
    Command {
        name: "next",
        words: "next row; behind the last one the next page",
        hint: Some("move"),
        keys: &["j", "down"],
    },
    Command {
        name: "previous",
        words: "the row before; before the first one the page before",
        hint: Some("move"),
        keys: &["k", "up"],
    },
    Command {
        name: "first",
        words: "first row",
        hint: None,
        keys: &["g", "home"],
    },
    Command {
        name: "last",
        words: "last row",
        hint: None,
        keys: &["G", "end"],
    },
    Command {
        name: "bring-back",
        words: "bring an archived row back",
        hint: Some(BRING_BACK),
        keys: &["enter"],
    },
    Command {
        name: "close",
        words: "close",
        hint: Some("close"),
        keys: &["esc", "q"],
    },
];

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// What the policies concern, the oldest rows of each.
    Concerned,
    /// What is archived.
    Archived,
}

/// The list.
#[derive(Debug, Clone)]
pub struct Kept {
    listed: Listed,
    cursor: usize,
    /// Where the pages of the archive begin behind the first one, up to the one that is seen.
    behind: Vec<ArchivePlace>,
}

/// A row of the list.
enum Line<'w> {
    /// A policy in words.
    Policy(String),
    /// A row of a table.
    One(&'w Concerned),
    /// That there are more rows than are listed.
    More(String),
}

/// What is asked of the database.
pub(super) fn query(world: &World) -> Query {
    Query::Upkeep { today: world.today }
}

/// What it has answered.
pub(super) fn upkeep(world: &World) -> Option<&Upkeep> {
    world.cache.upkeep(&query(world))
}

impl Kept {
    /// From its first row on.
    #[must_use]
    pub const fn new(listed: Listed) -> Self {
        Self {
            listed,
            cursor: 0,
            behind: Vec::new(),
        }
    }

    fn query(&self, world: &World) -> Query {
        match self.listed {
            Listed::Concerned => query(world),
            Listed::Archived => Query::Archive(self.behind.last().copied()),
        }
    }

    /// The page of the archive that is seen.
    fn page<'w>(&self, world: &'w World) -> Option<&'w ArchivePage> {
        world.cache.archive(&self.query(world))
    }

    /// Where the next page begins.
    fn next_page(&self, world: &World) -> Option<ArchivePlace> {
        self.page(world)?.next
    }

    fn lines<'w>(&self, world: &'w World) -> Vec<Line<'w>> {
        match self.listed {
            Listed::Archived => {
                let Some(page) = self.page(world) else {
                    return Vec::new();
                };
                let mut lines: Vec<Line<'w>> = page.rows.iter().map(Line::One).collect();
                if page.next.is_some() {
                    let key = world.keymap.named(TABLE.scope, "next");
                    lines.push(Line::More(format!("there are more; {key} goes on")));
                }
                lines
            }
            Listed::Concerned => {
                let Some(upkeep) = upkeep(world) else {
                    return Vec::new();
                };
                let mut lines = Vec::new();
                for (policy, count, oldest) in &upkeep.policies {
                    let state = if policy.enabled { "enabled" } else { "off" };
                    lines.push(Line::Policy(format!(
                        "{} {} after {} days, {state}: {}",
                        policy.action.word(),
                        name(policy.table),
                        policy.keep_days,
                        rows_of(*count),
                    )));
                    lines.extend(oldest.iter().map(Line::One));
                    let more = count.saturating_sub(oldest.len() as u64);
                    if more > 0 {
                        let text = format!("and {more} more, which are newer");
                        lines.push(Line::More(text));
                    }
                }
                lines
            }
        }
    }

    fn nothing(&self, world: &World) -> String {
        let is_known = match self.listed {
            Listed::Concerned => upkeep(world).is_some(),
            Listed::Archived => self.page(world).is_some(),
        };
        match (self.listed, is_known) {
            (_, false) => "Not known yet.".to_owned(),
            (Listed::Archived, true) if !self.behind.is_empty() => {
                "Nothing more is archived.".to_owned()
            }
            (Listed::Archived, true) => "Nothing is archived.".to_owned(),
            (Listed::Concerned, true) => format!(
                "No policy: everything is kept. {} on the Data screen makes one.",
                world.keymap.named("data", "policies")
            ),
        }
    }
}

fn item(one: &Concerned) -> ItemId {
    ItemId(format!("{}/{}/title", one.table.sql(), one.id))
}

impl Behaviour<Tui> for Kept {
    fn title(&self) -> &'static str {
        match self.listed {
            Listed::Concerned => "Retention, nothing is changed",
            Listed::Archived => "Archive",
        }
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        let mut hints = world.keymap.hints(&TABLE);
        if self.listed == Listed::Concerned {
            hints.retain(|(_, words)| *words != BRING_BACK);
        }
        hints
    }

    fn needs(&self, world: &World) -> Vec<Query> {
        vec![self.query(world)]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        let lines = self.lines(world);
        let last = lines.len().saturating_sub(1);
        self.cursor = self.cursor.min(last);
        match name {
            "next" if self.cursor == last => {
                if let Some(next) = self.next_page(world) {
                    self.behind.push(next);
                    self.cursor = 0;
                }
            }
            "next" => self.cursor = (self.cursor + 1).min(last),
            // The page before ends with the row that is wanted; its length is known once it is there.
            "previous" if self.cursor == 0 && self.behind.pop().is_some() => {
                self.cursor = usize::MAX;
            }
            "previous" => self.cursor = self.cursor.saturating_sub(1),
            "first" => {
                self.behind.clear();
                self.cursor = 0;
            }
            "last" => self.cursor = last,
            "bring-back" => {
                if let (Listed::Archived, Some(Line::One(one))) =
                    (self.listed, lines.get(self.cursor))
                {
                    out.push(Intent::Start(Job::BringBack(one.table, one.id)));
                }
            }
            _ => out.push(Intent::Close),
        }
        Handled::Yes
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        let lines = self.lines(world);
        match lines.get(self.cursor.min(lines.len().saturating_sub(1))) {
            Some(Line::One(one)) if one.table.is_masked() => Some(item(one)),
            Some(Line::One(_) | Line::Policy(_) | Line::More(_)) | None => None,
        }
    }

    fn has_masked(&self, world: &World) -> bool {
        let mut lines = self.lines(world).into_iter();
        lines.any(|line| matches!(line, Line::One(one) if one.table.is_masked()))
    }
}

impl Screen for Kept {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let lines = self.lines(cx.world);
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let height = rows.saturating_add(2).clamp(5, area.height.max(5));
        let inner = cx.popup(area, buf, self.title(), (78, height));
        if lines.is_empty() {
            let (text, role) = (self.nothing(cx.world), Role::Placeholder);
            Paragraph {
                text: &text,
                role,
                skip: 0,
            }
            .render(inner, buf, cx.look);
            return None;
        }
        let cursor = self.cursor.min(lines.len() - 1);
        let height = usize::from(inner.height).max(1);
        let first = first_visible(0, cursor, height, lines.len());
        let shown = lines.iter().skip(first).take(height);
        let rows: Vec<Row<'_>> = shown
            .map(|line| row(cx, self.listed, inner.width, line))
            .collect();
        ListView {
            rows: &rows,
            selected: Some(cursor - first),
            more_above: first > 0 || !self.behind.is_empty(),
            more_below: first + height < lines.len(),
        }
        .render(inner, buf, cx.look);
        None
    }
}

fn row<'r>(cx: ViewCx<'_>, listed: Listed, columns: u16, line: &Line<'_>) -> Row<'r> {
    let one = match line {
        Line::Policy(text) => return Row::new(vec![Run::new(text.clone(), Role::Heading)]),
        Line::More(text) => return Row::new(vec![Run::new(text.clone(), Role::Muted)]),
        Line::One(one) => one,
    };
    let known = one.name.expose(Exit::Screen);
    let is_hidden = one.table.is_masked() && !cx.world.mask.shows(&item(one));
    let (known, role) = if known.is_empty() {
        (String::new(), Role::Text)
    } else if is_hidden {
        (cx.look.glyphs.masked.to_owned(), Role::Masked)
    } else {
        let day = known.parse().ok().filter(|_| columns >= WIDE);
        let text = day.map_or_else(|| known.clone(), dates::long);
        (printable(&text).into_owned(), Role::Text)
    };
    let mut row = Row::new(vec![
        Run::new(format!("{:<10} ", name(one.table)), Role::Muted),
        Run::new(known, role),
    ]);
    let day = dates::long(one.day);
    let day = match listed {
        Listed::Concerned => Some(day),
        // What it is known by needs the room.
        Listed::Archived => (columns >= WIDE).then(|| format!("archived {day}")),
    };
    row.right = day
        .map(|day| Run::new(day, Role::Muted))
        .into_iter()
        .collect();
    row
}

/// `1 row`, `28 rows`.
pub(super) fn rows_of(count: u64) -> String {
    if count == 1 {
        "1 row".to_owned()
    } else {
        format!("{count} rows")
    }
}
