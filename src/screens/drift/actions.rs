//! What the keys of Drift do.

use std::cell::Cell;

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::app::everywhere;
use crate::app::part::{Called, Handled, Intent, Reply, Tone};
use crate::app::world::World;
use crate::app::zones::Zones;
use crate::domain::dates;
use crate::domain::drift::{self, FieldKind, Settings, State};
use crate::domain::form::FormView;
use crate::domain::goal::Domain;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::meeting::Base;
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::domain::secret::{Exit, Secret};
use crate::domain::subject::Subject;
use crate::screens::popups::{Editor, Picker, Prompt, Reading};
use crate::screens::{Tui, open};
use crate::store::api::{DriftRequest, Mutation};

use super::seen::{NOTE, Seen};
use super::{Asked, Drift, Rows, view};

type Out = Vec<Intent<Tui>>;

/// How long a signal is set aside unless the person says otherwise.
const SNOOZE_DAYS: i64 = 7;

impl Drift {
    pub(super) fn command(&mut self, name: &'static str, world: &World, out: &mut Out) -> Handled {
        self.asked = Asked::Nothing;
        self.wanted = None;
        match name {
            "recalculate" => {
                out.push(Intent::Drift(DriftRequest::Calculate));
                say(out, "calculating all signals anew");
                return Handled::Yes;
            }
            "fields" => {
                self.choose_fields(world, out);
                return Handled::Yes;
            }
            "next-status" | "previous-status" => self.rows = None,
            _ => {}
        }
        let Some(seen) = self.seen(world) else {
            return self.without_one(name, world, out);
        };
        if self.move_among_rows(name, &seen) {
            return Handled::Yes;
        }
        match name {
            "back" => self.rows = None,
            "open" => self.open(&seen, out),
            "delete" => {
                let key = world
                    .keymap
                    .named(super::commands::TABLE.scope, "acknowledge");
                let text = format!(
                    "a signal ends by itself when what it speaks of ends; {key} acknowledges it"
                );
                out.push(Intent::Say(Tone::Plain, text));
            }
            "explain" => {
                let of = (Lane::Signals, seen.record.id);
                let item = seen.item();
                out.push(open(Reading::new("Formula", of, view::formula, item)));
            }
            "acknowledge" => acknowledge(&seen, world, out),
            "snooze" => self.snooze(&seen, world, out),
            "reopen" => reopen(&seen, world, out),
            "note" => write_note(seen.record.id, world, out),
            other => return self.shelves.command(other, world, out),
        }
        Handled::Yes
    }

    /// There is no signal under the cursor.
    fn without_one(&mut self, name: &'static str, world: &World, out: &mut Out) -> Handled {
        match name {
            "explain" => out.push(Intent::Run(Called {
                screen: None,
                command: Some((everywhere::TABLE.scope, "help")),
            })),
            "acknowledge" | "snooze" | "reopen" | "note" => {
                say(out, "there is no signal under the cursor");
            }
            other => return self.shelves.command(other, world, out),
        }
        Handled::Yes
    }

    /// Among the rows, the keys of a list move there.
    fn move_among_rows(&mut self, name: &str, seen: &Seen<'_>) -> bool {
        let last = seen.rows().len().saturating_sub(1);
        let id = seen.record.id;
        let Some(rows) = self.rows.as_mut().filter(|rows| rows.of == id) else {
            return false;
        };
        let page = rows.page.get().max(1);
        let at = rows.at.min(last);
        rows.at = match name {
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

    /// From the list to the rows; from a row to where it is at home.
    fn open(&mut self, seen: &Seen<'_>, out: &mut Out) {
        if let Some(rows) = self.on_rows(seen) {
            let row = seen
                .rows()
                .get(rows.at.min(seen.rows().len().saturating_sub(1)));
            if let Some(row) = row {
                out.push(Intent::Visit(seen.target(row)));
            }
            return;
        }
        if seen.evidence.is_none() {
            return say(out, "its rows are on their way; once more, please");
        }
        // Without rows the cursor goes there all the same: on a small terminal that is how all of it is read.
        self.rows = Some(Rows {
            of: seen.record.id,
            at: seen.rows().len().saturating_sub(1),
            scroll: Cell::new(0),
            page: Cell::new(1),
            drawn: Zones::default(),
        });
    }

    fn snooze(&mut self, seen: &Seen<'_>, world: &World, out: &mut Out) {
        if seen.state == State::Resolved {
            return say_ended(seen, world, out);
        }
        self.asked = Asked::Until(seen.record.id);
        let until = seen.record.date("snoozedUntil");
        let begin = until.unwrap_or_else(|| world.today.saturating_add(SNOOZE_DAYS.days()));
        out.push(open(Prompt::date_ahead(
            "snooze until",
            &begin.to_string(),
            world,
        )));
    }

    pub(super) fn reply(&mut self, reply: &Reply, world: &World, out: &mut Out) {
        match (std::mem::take(&mut self.asked), reply) {
            (Asked::Until(id), Reply::Date(date)) => {
                let Some(record) = world.cache.record(Lane::Signals, id) else {
                    return;
                };
                if *date <= world.today {
                    let text = format!(
                        "{} has come already; a signal is snoozed until a day that is ahead",
                        dates::long(*date)
                    );
                    return out.push(Intent::Say(Tone::Trouble, text));
                }
                set(record, State::Snoozed, Some(*date), world, out);
                write_note(id, world, out);
            }
            (Asked::Fields(before), Reply::Choices(ticked)) => {
                take_part(&before, ticked, world, out);
            }
            (Asked::Nothing | Asked::Until(_) | Asked::Fields(_), _) => {}
        }
    }

    /// Offers every field with figures and every domain of goals.
    fn choose_fields(&mut self, world: &World, out: &mut Out) {
        let Some(standing) = &world.drift else {
            return say(
                out,
                "which fields take part is known once the signals are calculated",
            );
        };
        let settings = &standing.settings;
        let (mut names, mut labels) = (Vec::new(), Vec::new());
        for (_, field) in world.form.fields(FormView::Full) {
            if FieldKind::of(field).is_some() {
                names.push((field.key.clone(), settings.takes(field)));
                labels.push(field.label.clone());
            }
        }
        for domain in Domain::ALL {
            names.push((Settings::domain_name(domain), settings.takes_domain(domain)));
            labels.push(format!("goals: {}", domain.word()));
        }
        let ticked = names.iter().map(|(_, takes)| *takes).collect();
        self.asked = Asked::Fields(names);
        out.push(open(Picker::list("what takes part", labels, ticked)));
    }
}

/// Has what was ticked or unticked taken in or left out; what is as the form has it follows the form again.
fn take_part(before: &[(String, bool)], ticked: &[usize], world: &World, out: &mut Out) {
    let by_form = Settings::default();
    let mut changes = 0;
    for (at, (name, was)) in before.iter().enumerate() {
        let takes = ticked.contains(&at);
        if takes == *was {
            continue;
        }
        let field = world.form.exact(name);
        let domain = Domain::ALL
            .into_iter()
            .find(|domain| Settings::domain_name(*domain) == *name);
        let of_itself = field.map_or_else(
            || domain.is_some_and(|domain| by_form.takes_domain(domain)),
            |field| by_form.takes(field),
        );
        out.push(Intent::Drift(DriftRequest::TakesPart {
            name: name.clone(),
            choice: (takes != of_itself).then_some(takes),
        }));
        changes += 1;
    }
    if changes > 0 {
        say(out, "calculating all signals anew");
    }
}

fn acknowledge(seen: &Seen<'_>, world: &World, out: &mut Out) {
    match seen.state {
        State::Resolved => say_ended(seen, world, out),
        State::Acknowledged => say(out, "it is acknowledged already"),
        State::Open | State::Snoozed => {
            set(seen.record, State::Acknowledged, None, world, out);
            say_done("acknowledged", world, out);
        }
    }
}

fn reopen(seen: &Seen<'_>, world: &World, out: &mut Out) {
    match seen.state {
        State::Resolved => say_ended(seen, world, out),
        State::Open => say(out, "it is open"),
        State::Acknowledged | State::Snoozed => {
            set(seen.record, State::Open, None, world, out);
            say_done("open again", world, out);
        }
    }
}

fn say_done(what: &str, world: &World, out: &mut Out) {
    let undo = world.keymap.everywhere("undo");
    let text = format!("{what}; {undo} takes that back");
    out.push(Intent::Say(Tone::Plain, text));
}

fn say_ended(seen: &Seen<'_>, world: &World, out: &mut Out) {
    let ended = seen
        .record
        .word("resolvedAt")
        .and_then(|moment| moment.parse().ok())
        .map(|moment| dates::long(dates::local_date(moment, world.zone())));
    let ended = ended.map_or_else(String::new, |date| format!(" on {date}"));
    let text = format!("what it speaks of ended{ended}; there is nothing left to answer");
    out.push(Intent::Say(Tone::Plain, text));
}

/// Answers a signal: its state together with the moment or the date that belongs to it.
fn set(record: &Record, state: State, until: Option<Date>, world: &World, out: &mut Out) {
    let fields = record.fields.expose(Exit::Database);
    let (patch, seen) = drift::answer(fields, state, until, world.now.instant);
    let base = Base::Seen {
        texts: Patch::default(),
        figures: seen,
    };
    let subject = Subject::Record(Lane::Signals, record.id);
    out.push(Intent::Change {
        mutation: Mutation::set(subject, record.id, patch).with_base(base),
        words: "the state of a signal".to_owned(),
    });
}

fn write_note(id: RecordId, world: &World, out: &mut Out) {
    let subject = Subject::Record(Lane::Signals, id);
    let fields = subject.fields(world);
    let text = fields.and_then(|fields| fields.expose(Exit::Editor).get(NOTE)?.as_str());
    let text = Secret::new(text.unwrap_or_default().to_owned());
    out.push(open(Editor::new(world, subject.place(NOTE), text)));
}

fn say(out: &mut Out, text: &str) {
    out.push(Intent::Say(Tone::Plain, text.to_owned()));
}
