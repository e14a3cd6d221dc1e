//! A year of one goal, a cell a day.

use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent};
use crate::app::world::World;
use crate::domain::goal::{CheckIn, Goal, words};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::screens::{Screen, Tui, ViewCx};
use crate::store::api::Query;
use crate::ui::{Role, YearHeat};

use super::{listed, year_of};

pub(super) const TABLE: Table = Table {
    scope: "goal-year",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[Command {
    name: "close",
    words: "close",
    hint: Some("close"),
    keys: &["esc", "q", "Y", "enter"],
}];

/// The year of a goal up to today.
#[derive(Debug, Clone)]
pub struct Year {
    goal: RecordId,
}

impl Year {
    /// The year of this goal.
    #[must_use]
    pub fn new(goal: RecordId) -> Self {
        Self { goal }
    }
}

impl Behaviour<Tui> for Year {
    fn title(&self) -> &'static str {
        "A year of a goal"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, world: &World) -> Vec<Query> {
        vec![Query::Records(year_of(self.goal, world.today))]
    }

    fn on(&mut self, input: Input<'_>, _world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(..) = input else {
            return Handled::No;
        };
        out.push(Intent::Close);
        Handled::Yes
    }
}

impl Screen for Year {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let record = cx.world.cache.record(Lane::Goals, self.goal)?;
        let goal = listed::read_goal(record)?;
        let size = (YearHeat::WIDTH + 4, YearHeat::HEIGHT + 3);
        let inner = cx.popup(area, buf, &goal.title, size);
        draw_year(cx, &goal, cx.world.today, inner, buf);
        None
    }
}

/// The year of a goal: its heat-map, and under it the weeks in a row.
pub(super) fn draw_year(cx: ViewCx<'_>, goal: &Goal, picked: Date, area: Rect, buf: &mut Buffer) {
    let Some((check_ins, streak)) = listed::year(cx.world, goal) else {
        return;
    };
    let value = |date: Date| {
        let one = check_ins.iter().find(|one| one.date == date)?;
        Some(weight(goal, one))
    };
    let most = check_ins.iter().map(|one| weight(goal, one));
    let most = most.fold(1.0, f64::max);
    YearHeat {
        label: "a day",
        until: cx.world.today,
        week_start: cx.world.settings.week_start,
        value: &value,
        bounds: (0.0, most),
        selected: Some(picked),
    }
    .render(area, buf, cx.look);
    let below = area.rows().nth(YearHeat::HEIGHT.into());
    if let (Some(row), Some(text)) = (below, words::streak(streak)) {
        cx.put(buf, row, 4, &text, Role::Text);
    }
}

/// What a day weighs in the heat-map: its amount, or 1 for done and 0 for not.
fn weight(goal: &Goal, check_in: &CheckIn) -> f64 {
    if goal.target.takes_amount() {
        check_in.amount.unwrap_or(0.0)
    } else {
        f64::from(u8::from(check_in.completed))
    }
}
