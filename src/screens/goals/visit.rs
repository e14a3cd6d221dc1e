//! Coming from elsewhere to a goal, or to a check-in on its day.

use crate::app::part::{Intent, Tone};
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::screens::Tui;

use super::Goals;
use super::listed::{read_check_in, read_goal};

impl Goals {
    /// Shows this goal or check-in as soon as it is known where it stands.
    pub(super) fn visit(
        &mut self,
        lane: Lane,
        id: RecordId,
        world: &World,
        out: &mut Vec<Intent<Tui>>,
    ) {
        self.wanted = Some((lane, id));
        self.look_for_wanted(world, out);
    }

    /// Goes where the wanted record stands, if that is known by now.
    pub(super) fn look_for_wanted(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        while let Some((lane, id)) = self.wanted {
            let Some(record) = world.cache.record(lane, id) else {
                if Subject::Record(lane, id).is_missing(world) {
                    self.wanted = None;
                    let text = format!("this {} is no longer there", lane.noun());
                    out.push(Intent::Say(Tone::Plain, text));
                }
                return;
            };
            self.wanted = None;
            match lane {
                Lane::Goals => {
                    if let Some(goal) = read_goal(record) {
                        self.shown = goal.status;
                        self.selected = Some(goal.id);
                    }
                }
                Lane::CheckIns => {
                    if let Some(check_in) = read_check_in(record) {
                        self.pick(check_in.date, world);
                        self.wanted = Some((Lane::Goals, check_in.goal));
                    }
                }
                Lane::Ideas | Lane::Teaching | Lane::Content | Lane::Reviews | Lane::Signals => {}
            }
        }
    }
}
