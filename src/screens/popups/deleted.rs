//! Records that were deleted, each to be brought back with what went with it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::cache::Remote;
use crate::app::command::{Command, Table};
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Tone};
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::app::zones::Zones;
use crate::domain::dates;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::secret::Exit;
use crate::domain::text::printable;
use crate::screens::{Screen, Tui, ViewCx, zone};
use crate::store::api::{Deleted, Link, Mutation, Query, RecordChange};
use crate::ui::list::first_visible;
use crate::ui::{ListView, Paragraph, Role, Row, Run};

pub(super) const TABLE: Table = Table {
    scope: "deleted",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "next",
        words: "the record that was deleted before",
        hint: Some("move"),
        keys: &["j", "down"],
    },
    Command {
        name: "previous",
        words: "the record that was deleted after",
        hint: Some("move"),
        keys: &["k", "up"],
    },
    Command {
        name: "bring-back",
        words: "bring the record back, with what went with it",
        hint: Some("bring back"),
        keys: &["enter"],
    },
    Command {
        name: "close",
        words: "close",
        hint: Some("close"),
        keys: &["esc", "q"],
    },
];

/// How many are asked for at first, and how many more once the end of them is reached.
const STEP: u16 = 200;

/// The list.
#[derive(Debug, Clone)]
pub struct DeletedRecords {
    cursor: usize,
    /// The record under the cursor: another program's change moves what stands where.
    at: Option<RecordId>,
    /// So many are asked for.
    limit: u16,
    /// Which of them is drawn where.
    drawn: Zones,
}

impl Default for DeletedRecords {
    fn default() -> Self {
        Self {
            cursor: 0,
            at: None,
            limit: STEP,
            drawn: Zones::default(),
        }
    }
}

impl DeletedRecords {
    const fn query(&self) -> Query {
        Query::Deleted { limit: self.limit }
    }

    /// Those that are known; while more are asked for, those from before.
    fn known<'w>(&self, world: &'w World) -> &'w [Deleted] {
        let before = Query::Deleted {
            limit: self.limit.saturating_sub(STEP),
        };
        let known = world.cache.deleted(&self.query());
        known
            .or_else(|| world.cache.deleted(&before))
            .unwrap_or_default()
    }

    fn selected<'w>(&self, world: &'w World) -> Option<&'w Deleted> {
        self.known(world).get(self.cursor)
    }

    /// Asks for more once the cursor is at the end of what may not be all.
    fn reach(&mut self, world: &World) {
        let known = self.known(world).len();
        if known == usize::from(self.limit) && self.cursor + 1 >= known {
            self.limit = self.limit.saturating_add(STEP);
        }
    }

    /// Puts the cursor back on its record, wherever that stands now.
    fn follow(&mut self, world: &World) {
        let Some(id) = self.at else { return };
        let mut known = self.known(world).iter();
        if let Some(cursor) = known.position(|deleted| deleted.record.id == id) {
            self.cursor = cursor;
        }
    }

    fn bring_back(&self, world: &World, out: &mut Vec<Intent<Tui>>) {
        let Some(deleted) = self.selected(world) else {
            return;
        };
        let (lane, id) = (deleted.record.lane, deleted.record.id);
        let is_on_its_way = |pending: &crate::app::cache::Pending| {
            pending.write.mutation.subject() == Subject::Record(lane, id)
        };
        if world.cache.pending().iter().any(is_on_its_way) {
            return;
        }
        let mutation = Mutation::Record {
            lane,
            id,
            change: RecordChange::Restore,
        };
        let words = format!("bringing back {}", lane.one());
        out.push(Intent::Change { mutation, words });
        let text = format!("{} is back{}", lane.noun(), with(deleted));
        out.push(Intent::Say(Tone::Plain, text));
    }
}

/// What went with a record, in words.
fn with(deleted: &Deleted) -> String {
    match deleted.check_ins {
        0 => String::new(),
        1 => ", with 1 check-in".to_owned(),
        more => format!(", with {more} check-ins"),
    }
}

fn item(deleted: &Deleted) -> ItemId {
    let record = &deleted.record;
    Subject::Record(record.lane, record.id).item(record.lane.title_field())
}

fn is_masked(deleted: &Deleted) -> bool {
    let lane = deleted.record.lane;
    lane != Lane::CheckIns && lane.is_sensitive(lane.title_field())
}

impl Behaviour<Tui> for DeletedRecords {
    fn title(&self) -> &'static str {
        "Deleted records"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn click(&mut self, at: (u16, u16), world: &World) {
        self.cursor = self.drawn.at(at).unwrap_or(self.cursor);
        self.at = self.selected(world).map(|deleted| deleted.record.id);
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![self.query()]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let name = match input {
            Input::Command(name, _) => name,
            Input::Answered => {
                self.follow(world);
                return Handled::Yes;
            }
            _ => return Handled::No,
        };
        let last = self.known(world).len().saturating_sub(1);
        self.cursor = self.cursor.min(last);
        match name {
            "next" => self.cursor = (self.cursor + 1).min(last),
            "previous" => self.cursor = self.cursor.saturating_sub(1),
            "bring-back" => self.bring_back(world, out),
            _ => out.push(Intent::Close),
        }
        // On the newest it stays on the newest.
        let here = self.selected(world).map(|deleted| deleted.record.id);
        self.at = here.filter(|_| self.cursor > 0);
        self.reach(world);
        Handled::Yes
    }

    fn subjects(&self, world: &World) -> Vec<Subject> {
        let record = self.selected(world).map(|deleted| &deleted.record);
        let subject = record.map(|record| Subject::Record(record.lane, record.id));
        subject.into_iter().collect()
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        self.selected(world).filter(|one| is_masked(one)).map(item)
    }

    fn has_masked(&self, world: &World) -> bool {
        self.known(world).iter().any(is_masked)
    }
}

impl Screen for DeletedRecords {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        self.drawn.clear();
        let deleted = self.known(cx.world);
        let rows = u16::try_from(deleted.len()).unwrap_or(u16::MAX);
        let height = rows.saturating_add(2).clamp(5, area.height.max(5));
        let inner = cx.popup(area, buf, "Deleted records", (72, height));
        if deleted.is_empty() {
            let (text, role) = nothing(&self.query(), cx.world);
            Paragraph {
                text,
                role,
                skip: 0,
            }
            .render(inner, buf, cx.look);
            return None;
        }
        let cursor = self.cursor.min(deleted.len() - 1);
        let height = usize::from(inner.height);
        let first = first_visible(0, cursor, height, deleted.len());
        let shown = deleted.iter().skip(first).take(height);
        let rows: Vec<Row<'_>> = shown.map(|one| row(cx, one)).collect();
        for (line, at) in inner.rows().zip((first..).take(rows.len())) {
            zone(&self.drawn, line, at);
        }
        ListView {
            rows: &rows,
            selected: Some(cursor - first),
            more_above: first > 0,
            more_below: first + height < deleted.len(),
        }
        .render(inner, buf, cx.look);
        None
    }
}

fn nothing(query: &Query, world: &World) -> (&'static str, Role) {
    match (world.cache.state(query), &world.link) {
        (Remote::Ready(_) | Remote::Loading(Some(_)), _) => {
            ("Nothing was deleted.", Role::Placeholder)
        }
        (Remote::Failed(..), Link::Online { .. }) => ("They are not loaded.", Role::Danger),
        (_, Link::Online { .. }) => ("Loading.", Role::Muted),
        (_, Link::Offline { .. } | Link::Connecting { .. }) => {
            ("They are shown once the database is there.", Role::Muted)
        }
    }
}

fn row<'r>(cx: ViewCx<'_>, deleted: &Deleted) -> Row<'r> {
    let record = &deleted.record;
    let lane = record.lane;
    let when = deleted.deleted_at.to_zoned(cx.world.zone().clone());
    let date = || record.date("date").map(dates::short);
    let title = match lane {
        Lane::CheckIns => Some((date().unwrap_or_default(), Role::Text)),
        Lane::Reviews => {
            let week = record.date(lane.title_field()).map(dates::long);
            Some((week.unwrap_or_default(), Role::Text))
        }
        Lane::Ideas | Lane::Goals | Lane::Teaching | Lane::Content | Lane::Signals => {
            let title = record.text(lane.title_field());
            title.map(|title| {
                if is_masked(deleted) && !cx.world.mask.shows(&item(deleted)) {
                    return (cx.look.glyphs.masked.to_owned(), Role::Masked);
                }
                let title = title.into_exposed(Exit::Screen);
                (printable(title).into_owned(), Role::Text)
            })
        }
    };
    let (title, role) = title.unwrap_or((String::new(), Role::Text));
    let mut row = Row::new(vec![
        Run::new(format!("{} ", lane.noun()), Role::Muted),
        Run::new(title, role),
        Run::new(with(deleted), Role::Muted),
    ]);
    let when = format!("{} {}", dates::short(when.date()), when.strftime("%H:%M"));
    row.right = vec![Run::new(when, Role::Muted)];
    row
}
