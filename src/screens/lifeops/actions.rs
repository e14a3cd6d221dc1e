//! What the keys of `LifeOps` do beside those of the form.

use jiff::ToSpan;

use crate::app::part::{Handled, Intent, Tone};
use crate::app::world::World;
use crate::screens::popups::{Calendar, OnThisDay, Prompt, Year};
use crate::screens::{Tui, open};

use super::{LifeOps, is_numeric};

type Out = Vec<Intent<Tui>>;

impl LifeOps {
    pub(super) fn command(&mut self, name: &str, world: &World, out: &mut Out) -> Handled {
        match name {
            "next-day" => self.show(self.date.saturating_add(1.day())),
            "previous-day" => self.show(self.date.saturating_sub(1.day())),
            "today" => self.show(world.today),
            "go-to-date" => out.push(open(Prompt::date(world))),
            "calendar" => out.push(open(Calendar::new(self.date))),
            "form" => self.pane.switch_view(world),
            "year" => self.open_year(world, out),
            "on-this-day" => out.push(open(OnThisDay::new(self.date))),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn open_year(&mut self, world: &World, out: &mut Out) {
        if let Some(field) = self.pane.field(world).filter(|field| is_numeric(field)) {
            out.push(open(Year::new(field, self.date)));
        } else {
            let is_private = self.pane.field(world).is_some_and(|field| field.sensitive);
            let text = if is_private {
                "private fields have no year"
            } else {
                "a year shows scales, numbers and yes/no fields"
            };
            out.push(Intent::Say(Tone::Plain, text.to_owned()));
        }
    }
}
