//! What is kept for how long, changed by keys: for each table nothing, archive, or delete, after so many days.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::rows::{query, upkeep};
use crate::app::command::{Command, Table as Keys};
use crate::app::effect::Job;
use crate::app::job::{JobKind, PolicyOrder};
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply};
use crate::app::world::World;
use crate::domain::retention::{Action, Policy, Table};
use crate::screens::popups::{Prompt, below, paragraph};
use crate::screens::{Screen, Tui, ViewCx, open};
use crate::store::api::Query;
use crate::ui::list::first_visible;
use crate::ui::{ListView, Paragraph, Role, Row, Run};

use super::upkeep::name;

/// Scope and commands of the list.
pub const TABLE: Keys = Keys {
    scope: "policies",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "next",
        words: "the next table",
        hint: Some("move"),
        keys: &["j", "down"],
    },
    Command {
        name: "previous",
        words: "the table before",
        hint: Some("move"),
        keys: &["k", "up"],
    },
    Command {
        name: "change",
        words: "keep everything, archive, or delete: the next of these",
        hint: Some("keep/archive/delete"),
        keys: &["space", "right"],
    },
    Command {
        name: "days",
        words: "after how many days",
        hint: Some("days"),
        keys: &["enter"],
    },
    Command {
        name: "close",
        words: "close",
        hint: Some("close"),
        keys: &["esc", "q"],
    },
];

/// The age where nobody has said one.
const DAYS: i32 = 365;
/// The greatest that is taken.
const MOST: i32 = 36_500;

/// The list.
#[derive(Debug, Default)]
pub struct Policies {
    cursor: usize,
    /// What was chosen last and does not hold yet: keys come faster than the database answers.
    wanted: Option<PolicyOrder>,
    /// What was sent of that.
    sent: Option<PolicyOrder>,
}

fn policy(table: Table, world: &World) -> Option<&Policy> {
    let policies = &upkeep(world)?.policies;
    let found = policies.iter().find(|(policy, ..)| policy.table == table);
    found.map(|(policy, ..)| policy)
}

/// What holds for a table now.
fn present(table: Table, world: &World) -> PolicyOrder {
    let otherwise = if table.has_archive() {
        Action::Archive
    } else {
        Action::Delete
    };
    match policy(table, world) {
        Some(policy) => PolicyOrder {
            table,
            keep_days: policy.keep_days,
            action: policy.action,
            enabled: policy.enabled,
        },
        None => PolicyOrder {
            table,
            keep_days: DAYS,
            action: otherwise,
            enabled: false,
        },
    }
}

/// The next of off, archive, delete.
fn next(now: PolicyOrder) -> PolicyOrder {
    match (now.enabled, now.action) {
        (false, _) if now.table.has_archive() => PolicyOrder {
            action: Action::Archive,
            enabled: true,
            ..now
        },
        (false, _) | (true, Action::Archive) => PolicyOrder {
            action: Action::Delete,
            enabled: true,
            ..now
        },
        (true, Action::Delete) => PolicyOrder {
            enabled: false,
            ..now
        },
    }
}

fn days(text: &str) -> Result<i32, String> {
    let days = text.trim().parse().ok();
    days.filter(|days| (1..=MOST).contains(days))
        .ok_or_else(|| format!("a number of days from 1 to {MOST}"))
}

impl Policies {
    fn table(&self) -> Table {
        Table::ALL.get(self.cursor).copied().unwrap_or(Table::Logs)
    }

    /// What holds for a table, or is about to.
    fn chosen(&self, table: Table, world: &World) -> PolicyOrder {
        let wanted = self.wanted.filter(|wanted| wanted.table == table);
        wanted.unwrap_or_else(|| present(table, world))
    }

    /// Wants this; of several choices for a table the last is sent once the one before it was answered.
    fn want(&mut self, order: PolicyOrder, world: &World, out: &mut Vec<Intent<Tui>>) {
        let same_table = self
            .wanted
            .is_some_and(|wanted| wanted.table == order.table);
        match world.jobs.running {
            None => {
                self.wanted = Some(order);
                self.send(out);
            }
            Some((JobKind::Policy, _)) if same_table => self.wanted = Some(order),
            // What runs is told, or gives way.
            Some(_) => out.push(Intent::Start(Job::Policy(order))),
        }
    }

    fn send(&mut self, out: &mut Vec<Intent<Tui>>) {
        self.sent = self.wanted;
        out.extend(self.wanted.map(|order| Intent::Start(Job::Policy(order))));
    }

    /// The database has answered: what was chosen meanwhile follows, unless it is what was sent and was refused.
    fn answered(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        if world.jobs.running.is_some() || self.wanted.is_none() {
            return;
        }
        if self.wanted == self.sent {
            self.wanted = None;
            self.sent = None;
        } else {
            self.send(out);
        }
    }
}

impl Behaviour<Tui> for Policies {
    fn title(&self) -> &'static str {
        "What is kept for how long"
    }

    fn table(&self) -> Keys {
        TABLE
    }

    fn needs(&self, world: &World) -> Vec<Query> {
        vec![query(world)]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let name = match input {
            Input::Command(name, _) => name,
            Input::Reply(Reply::Line(typed)) => {
                if let Ok(keep_days) = days(&typed) {
                    let now = self.chosen(self.table(), world);
                    self.want(PolicyOrder { keep_days, ..now }, world, out);
                }
                return Handled::Yes;
            }
            Input::Answered => {
                self.answered(world, out);
                return Handled::Yes;
            }
            Input::Key(_)
            | Input::Paste(_)
            | Input::Reply(_)
            | Input::NewDay(_)
            | Input::Shown
            | Input::Visit(_) => return Handled::No,
        };
        let is_known = upkeep(world).is_some();
        match name {
            "next" => self.cursor = (self.cursor + 1).min(Table::ALL.len() - 1),
            "previous" => self.cursor = self.cursor.saturating_sub(1),
            "change" if is_known => {
                let order = next(self.chosen(self.table(), world));
                self.want(order, world, out);
            }
            "days" if is_known => {
                let now = self.chosen(self.table(), world).keep_days.to_string();
                let help = format!("{}: after how many days", self.table().age());
                let line = Prompt::line("Days", &help, |text| days(text).map(drop));
                out.push(open(line.begun_with(&now)));
            }
            "change" | "days" => {}
            _ => out.push(Intent::Close),
        }
        Handled::Yes
    }
}

impl Screen for Policies {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let run = cx.world.keymap.named("data", "run-retention");
        let note = format!(
            "{}: nothing is touched before {run} carries it out, after an export of what goes.",
            self.table().age()
        );
        let columns = area.width.min(74).saturating_sub(4);
        let noted = u16::try_from(Paragraph::rows(&note, columns)).unwrap_or(1);
        let all = Table::ALL.len();
        let wanted = u16::try_from(all).unwrap_or(u16::MAX) + noted + 2;
        let size = (74, wanted.min(area.height.max(5)));
        let inner = cx.popup(area, buf, self.title(), size);
        if upkeep(cx.world).is_none() {
            paragraph(cx, inner, buf, "Not known yet.", Role::Placeholder);
            return None;
        }
        let noted = noted.min(inner.height / 2);
        let list = Rect {
            height: inner.height.saturating_sub(noted),
            ..inner
        };
        let height = usize::from(list.height).max(1);
        let first = first_visible(0, self.cursor, height, all);
        let shown = Table::ALL.into_iter().skip(first).take(height);
        let rows: Vec<Row<'_>> = shown
            .map(|table| line(self.chosen(table, cx.world)))
            .collect();
        ListView {
            rows: &rows,
            selected: Some(self.cursor - first),
            more_above: first > 0,
            more_below: first + height < all,
        }
        .render(list, buf, cx.look);
        paragraph(cx, below(inner, list.height), buf, &note, Role::Muted);
        None
    }
}

fn line<'r>(now: PolicyOrder) -> Row<'r> {
    let (text, role) = if now.enabled {
        let text = format!("{} after {} days", now.action.word(), now.keep_days);
        (text, Role::Value)
    } else {
        ("everything is kept".to_owned(), Role::Muted)
    };
    Row::new(vec![
        Run::new(format!("{:<11}", name(now.table)), Role::Text),
        Run::new(text, role),
    ])
}
