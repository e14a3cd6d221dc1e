//! The goals that are listed, each with its week, in the order of the screen.

use std::collections::BTreeMap;

use crate::app::cache::Remote;
use crate::app::world::World;
use crate::domain::goal::{CheckIn, Goal, Progress, Streak, progress, streak};
use crate::domain::ids::RecordId;
use crate::domain::record::Record;
use crate::domain::secret::Exit;
use crate::store::api::{Link, Listing, Query};
use crate::ui::Role;

use super::{Goals, year_begins, year_of};

/// A goal of the list.
pub(super) struct Entry<'w> {
    pub goal: Goal,
    /// Its week, as far as the check-ins are known.
    pub progress: Progress,
    /// What was written on the picked day.
    pub check_in: Option<CheckIn>,
    /// The record of that.
    pub record: Option<&'w Record>,
}

impl Goals {
    /// The goals that are shown: by domain, within one by priority and title.
    pub(super) fn entries<'w>(&self, world: &'w World) -> Vec<Entry<'w>> {
        let week = self.week(world);
        let of_week = read_check_ins(world, &Listing::check_ins_of_week(week));
        let mut by_goal: BTreeMap<RecordId, Vec<(&'w Record, CheckIn)>> = BTreeMap::new();
        for (record, one) in of_week {
            by_goal.entry(one.goal).or_default().push((record, one));
        }
        let records = world.cache.records(&Listing::goals(self.shown));
        let mut entries: Vec<Entry<'w>> = records
            .into_iter()
            .filter_map(read_goal)
            .map(|goal| {
                let own = by_goal.get(&goal.id).map_or(&[][..], Vec::as_slice);
                let of_day = own.iter().find(|(_, one)| one.date == self.day);
                let check_ins = own.iter().map(|(_, one)| one);
                Entry {
                    progress: progress(&goal, week, check_ins, world.today),
                    check_in: of_day.map(|(_, one)| one.clone()),
                    record: of_day.map(|(record, _)| *record),
                    goal,
                }
            })
            .collect();
        entries.sort_by_cached_key(|entry| {
            let Goal {
                domain,
                priority,
                title,
                id,
                ..
            } = &entry.goal;
            (*domain, *priority, title.to_lowercase(), *id)
        });
        entries
    }

    /// Whether the check-ins of the picked week are on their way, so that what is there is not known.
    pub(super) fn is_week_on_its_way(&self, world: &World) -> bool {
        let query = Query::Records(Listing::check_ins_of_week(self.week(world)));
        let comes = matches!(
            world.link,
            Link::Online { .. } | Link::Connecting { attempt: 1, .. }
        );
        comes && world.cache.state(&query).known().is_none()
    }

    /// Whether it is known which goals there are.
    pub(super) fn is_known(&self, world: &World) -> bool {
        let query = Query::Records(Listing::goals(self.shown));
        world.cache.state(&query).known().is_some()
    }

    /// In a word or two, what is between the list and the database; nothing where all is known and stored.
    pub(super) fn state(&self, world: &World) -> Option<(String, Role)> {
        let online = matches!(world.link, Link::Online { .. });
        let pending = world.cache.pending().len();
        if pending > 0 {
            return Some(if online {
                ("saving".to_owned(), Role::Muted)
            } else {
                (format!("{pending} unsent"), Role::Warn)
            });
        }
        let of = |listing: Listing| match world.cache.state(&Query::Records(listing)) {
            Remote::Ready(_) | Remote::Loading(Some(_)) | Remote::Failed(_, Some(_)) => None,
            Remote::Absent | Remote::Loading(None) if online => {
                Some(("loading".to_owned(), Role::Muted))
            }
            Remote::Failed(_, None) if online => {
                let key = world.keymap.everywhere("reconnect");
                Some((format!("not loaded, {key} retries"), Role::Danger))
            }
            Remote::Absent | Remote::Loading(None) | Remote::Failed(_, None) => {
                Some(("not loaded yet".to_owned(), Role::Muted))
            }
        };
        of(Listing::goals(self.shown)).or_else(|| of(Listing::check_ins_of_week(self.week(world))))
    }
}

/// The year of a goal up to today: its check-ins, and how many weeks in a row met the minimum. Nothing while it is
/// not known.
pub(super) fn year(world: &World, goal: &Goal) -> Option<(Vec<CheckIn>, Streak)> {
    let listing = year_of(goal.id, world.today);
    world
        .cache
        .state(&Query::Records(listing.clone()))
        .known()?;
    let check_ins: Vec<CheckIn> = read_check_ins(world, &listing)
        .into_iter()
        .map(|(_, one)| one)
        .collect();
    let streak = streak(
        goal,
        &check_ins,
        world.today,
        world.settings.week_start,
        year_begins(world.today),
    );
    Some((check_ins, streak))
}

/// The goal of a record. Its fields are no secret, the list of them is sealed as every record's.
pub(super) fn read_goal(record: &Record) -> Option<Goal> {
    Goal::of_fields(record.id, record.fields.expose(Exit::Screen))
}

/// The check-in of a record. Of its note only is read whether there is one.
pub(super) fn read_check_in(record: &Record) -> Option<CheckIn> {
    CheckIn::of_fields(record.id, record.fields.expose(Exit::Screen))
}

/// The check-ins of a page, each with its record.
fn read_check_ins<'w>(world: &'w World, listing: &Listing) -> Vec<(&'w Record, CheckIn)> {
    let records = world.cache.records(listing);
    records
        .into_iter()
        .filter_map(|record| read_check_in(record).map(|check_in| (record, check_in)))
        .collect()
}
