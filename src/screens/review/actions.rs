//! What the keys of Review do.

use crate::app::part::{Handled, Intent, Reply, Tone};
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::document::{Document, Paper};
use crate::domain::goal::Week;
use crate::domain::lane::Lane;
use crate::domain::review::{Step, iso_name, markdown, words};
use crate::domain::secret::Secret;
use crate::screens::popups::{Picker, Prompt};
use crate::screens::{Tui, list, open};
use crate::store::api::Listing;

use super::seen::Entry;
use super::{Asked, EARLIER, Review, weeks_on};

type Out = Vec<Intent<Tui>>;

/// How a week is written, and whether what is private is in it.
const PAPERS: [(&str, Paper, bool); 4] = [
    ("Markdown, private texts masked", Paper::Markdown, false),
    ("Markdown, with everything", Paper::Markdown, true),
    ("PDF, private texts masked", Paper::Pdf, false),
    ("PDF, with everything", Paper::Pdf, true),
];

impl Review {
    pub(super) fn command(&mut self, name: &'static str, world: &World, out: &mut Out) -> Handled {
        self.asked = Asked::Nothing;
        self.wanted = None;
        if name != "delete" {
            self.deletion.forget();
        }
        if self.move_cursor(name, world) {
            return Handled::Yes;
        }
        match name {
            "previous-week" => self.show(weeks_on(self.day, -1), world),
            "next-week" => self.show(weeks_on(self.day, 1), world),
            "this-week" => self.show(world.today, world),
            "go-to-date" => out.push(open(Prompt::date(world))),
            "guide" => self.begin(world, out),
            "back" if self.step.is_some() => self.go_back(world, out),
            "leave" if self.step.is_some() => self.leave(out),
            "open" if self.step.is_some() => self.go_on(world, out),
            "open" => self.open_entry(world, out),
            "answer" => self.answer(world, out),
            "earlier" => self.list_earlier(world, out),
            "kept" => self.turn_kept(world, out),
            "write" => {
                self.asked = Asked::Paper;
                let names = PAPERS.map(|(name, ..)| name.to_owned());
                out.push(open(Picker::one_of("write as", names.to_vec())));
            }
            "delete" => self.delete(world, out),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    fn move_cursor(&mut self, name: &str, world: &World) -> bool {
        let Some(seen) = self.seen(world) else {
            return false;
        };
        let last = self.entries(&seen).len().saturating_sub(1);
        let (at, page) = (self.cursor.min(last), self.page.get().max(1));
        self.cursor = match name {
            "next" => (at + 1).min(last),
            "previous" => at.saturating_sub(1),
            "page-down" => (at + page).min(last),
            "page-up" => at.saturating_sub(page),
            "first" => 0,
            "last" => last,
            _ => return false,
        };
        true
    }

    fn open_entry(&mut self, world: &World, out: &mut Out) {
        let Some(seen) = self.seen(world) else { return };
        match self.entry(&seen) {
            Some(Entry::Question(field)) => {
                let key = field.key.clone();
                self.write_answer(&key, world, out);
            }
            Some(entry) => {
                let nowhere = || {
                    let text = "no row is named with this signal".to_owned();
                    Intent::Say(Tone::Plain, text)
                };
                let target = self.target(&entry, world);
                out.push(target.map_or_else(nowhere, Intent::Visit));
            }
            None => {}
        }
    }

    /// The question under the cursor, of the present step, or the first without an answer.
    fn answer(&mut self, world: &World, out: &mut Out) {
        let Some(seen) = self.seen(world) else { return };
        let under = match (self.at_step(), self.entry(&seen)) {
            (Some(Step::Question(key)), _) => Some(key),
            (_, Some(Entry::Question(field))) => Some(field.key.clone()),
            _ => None,
        };
        let questions = || {
            let sections = Lane::Reviews.form().sections.iter();
            sections.flat_map(|section| &section.fields)
        };
        let open = questions().find(|field| !seen.review.answers.contains_key(&field.key));
        let first = open.or_else(|| questions().next());
        if let Some(key) = under.or_else(|| first.map(|field| field.key.clone())) {
            self.write_answer(&key, world, out);
        }
    }

    fn list_earlier(&mut self, world: &World, out: &mut Out) {
        let reviews = world.cache.records(&Listing::reviews(EARLIER));
        let mut weeks = Vec::new();
        let mut names = Vec::new();
        for record in reviews {
            let Some(first) = record.date("weekStart") else {
                continue;
            };
            let week = Week::of(first, first.weekday());
            let done = record
                .word("completedAt")
                .and_then(|moment| moment.parse().ok());
            let done = done.map_or_else(
                || "not completed".to_owned(),
                |moment: jiff::Timestamp| {
                    format!(
                        "completed {}",
                        dates::short(dates::local_date(moment, world.zone()))
                    )
                },
            );
            weeks.push(first);
            names.push(format!("{}  {}  {done}", iso_name(week), words::span(week)));
        }
        if weeks.is_empty() {
            let text = "there is no review yet".to_owned();
            return out.push(Intent::Say(Tone::Plain, text));
        }
        self.asked = Asked::Earlier(weeks);
        out.push(open(Picker::one_of("earlier reviews", names)));
    }

    fn turn_kept(&mut self, world: &World, out: &mut Out) {
        let has = self
            .seen(world)
            .is_some_and(|seen| seen.review.figures.is_some());
        if has {
            self.kept = !self.kept;
        } else {
            let text =
                "no figures are kept for this week; completing its review keeps them".to_owned();
            out.push(Intent::Say(Tone::Plain, text));
        }
    }

    fn delete(&mut self, world: &World, out: &mut Out) {
        let record = self.record_id(world).filter(|id| {
            let known = world.cache.record(Lane::Reviews, *id);
            known.is_some()
        });
        let Some(id) = record else {
            let text = "nothing is written about this week".to_owned();
            return out.push(Intent::Say(Tone::Plain, text));
        };
        let of = (Lane::Reviews, id);
        if self.deletion.press(of, list::TABLE.scope, world, out) {
            self.step = None;
            self.kept = false;
        }
    }

    pub(super) fn reply(&mut self, reply: &Reply, world: &World, out: &mut Out) {
        match (std::mem::take(&mut self.asked), reply) {
            (Asked::Answer, Reply::Onward) => self.go_on(world, out),
            (Asked::Earlier(weeks), Reply::Choices(chosen)) => {
                let first = chosen.first().and_then(|at| weeks.get(*at));
                if let Some(first) = first {
                    self.step = None;
                    self.show(*first, world);
                    self.kept = true;
                }
            }
            (Asked::Paper, Reply::Choices(chosen)) => {
                let paper = chosen.first().and_then(|at| PAPERS.get(*at));
                if let Some((_, paper, revealed)) = paper {
                    self.write(*paper, *revealed, world, out);
                }
            }
            (_, Reply::Date(date)) => self.show(*date, world),
            (Asked::Nothing | Asked::Answer | Asked::Earlier(_) | Asked::Paper, _) => {}
        }
    }

    fn write(&self, paper: Paper, revealed: bool, world: &World, out: &mut Out) {
        let Some(seen) = self.seen(world) else {
            let text = "the week is not loaded yet; once it is, it can be written".to_owned();
            return out.push(Intent::Say(Tone::Plain, text));
        };
        let form = Lane::Reviews.form();
        let text = markdown(&seen.figures, &seen.review, form, revealed);
        out.push(Intent::Write(Document {
            stem: format!("review-{}", iso_name(self.week(world))),
            markdown: Secret::new(text),
            paper,
        }));
        out.push(Intent::Say(Tone::Plain, "writing the review".to_owned()));
    }
}
