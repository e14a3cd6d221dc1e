//! What the store says: link, answers, acknowledgements, rejections.

use std::sync::Arc;

use crate::app::draft::{Draft, OldDraft};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::part::{Input, Tone, Toolkit};
use crate::domain::ids::{DraftId, RequestId};
use crate::domain::meeting::{Met, Outcome};
use crate::domain::secret::Exit;
use crate::domain::setting::{Origin, Setting};
use crate::domain::subject::Subject;
use crate::store::api::{
    DriftRequest, Event, Link, Mutation, Observer, Person, Query, Request, Written,
};
use crate::store::error::StoreError;

use super::{give, leave, say, settings, undo};

/// Sends the queries among these whose answers are missing or out of date.
pub(super) fn ask<K: Toolkit>(model: &mut Model<K>, needs: Vec<Query>, out: &mut Vec<Effect>) {
    if !matches!(model.world.link, Link::Online { .. }) {
        return;
    }
    for query in needs {
        if let Some(generation) = model.world.cache.ask(&query) {
            out.push(Effect::Store(Request::Query { generation, query }));
        }
    }
}

pub(super) fn event<K: Toolkit>(model: &mut Model<K>, event: Event, out: &mut Vec<Effect>) {
    match event {
        Event::Link(link) => linked(model, link, out),
        Event::SignedIn(person) => signed_in(model, person, out),
        Event::Answered {
            generation,
            query,
            result,
        } => {
            model.world.cache.answered(generation, &query, result);
            give(model, Input::Answered, out);
            if model.undo.waits && matches!(query, Query::RecentChanges { .. }) {
                model.undo.waits = false;
                undo::undo(model, out);
            }
        }
        Event::Kept(request) => {
            model.world.cache.kept(request);
            drop_drafts(model, request, out);
        }
        Event::NotKept { request, reason } => leave::not_kept(model, request, &reason, out),
        Event::Written { request, result } => match result {
            Ok(written) => {
                acknowledged(model, request, &written, out);
                drop_drafts(model, request, out);
            }
            Err(error) => rejected(model, request, &error, out),
        },
        Event::Changed(Some(table)) => {
            model.world.cache.outdate_table(&table);
        }
        Event::Changed(None) => model.world.cache.outdate(),
        Event::Drift(standing) => {
            if standing.changed {
                model.world.cache.outdate_signals();
            }
            model.world.drift = Some(*standing);
        }
        Event::Recovered(writes) => {
            let count = writes.len();
            for write in writes {
                let request = write.request;
                model.world.cache.add(write);
                model.world.cache.kept(request);
            }
            let noun = if count == 1 { "change" } else { "changes" };
            let text = format!("{count} unsent {noun} of an earlier run");
            say(model, Tone::Plain, text, out);
        }
        Event::Notice(text) => {
            let text = text.into_exposed(Exit::Screen);
            if !model.world.standing_notices.contains(&text) {
                model.world.standing_notices.push(text.clone());
            }
            say(model, Tone::Trouble, text, out);
        }
    }
}

fn signed_in<K: Toolkit>(model: &mut Model<K>, person: Person, out: &mut Vec<Effect>) {
    model.to_open.welcome |= person.is_new && model.world.person.is_none();
    model.world.person = Some(person);
    // Where nobody has chosen one here, the person's stays as another program left it.
    if model.world.chosen.origin(Setting::SearchLanguage) != Origin::Default {
        settings::take_language(model, out);
    }
    observe(model, out);
}

/// Has the signals calculated by the form, the date and the week that hold now. A form that stands in for a broken one
/// does not say what is private: then nothing is calculated.
pub(super) fn observe<K: Toolkit>(model: &Model<K>, out: &mut Vec<Effect>) {
    let world = &model.world;
    let observer = (!world.form.stands_in()).then(|| Observer {
        form: Arc::clone(&world.form),
        today: world.today,
        week_start: world.settings.week_start,
    });
    let request = DriftRequest::Observe(observer);
    out.push(Effect::Store(Request::Drift(request)));
}

fn linked<K: Toolkit>(model: &mut Model<K>, link: Link, out: &mut Vec<Effect>) {
    let was_online = matches!(model.world.link, Link::Online { .. });
    let was_offline = matches!(model.world.link, Link::Offline { .. });
    let running = model.world.jobs.running.as_ref().map(|(kind, _)| *kind);
    let exchanges = running.is_some_and(super::jobs::replaces_everything);
    match &link {
        Link::Online { .. } if !was_online => {
            model.world.cache.outdate();
            // What is due; the server is asked for more only where that is shown, and where a restore has just put
            // a database aside; not while one exchanges them.
            let last = model.world.jobs.last;
            let aside = !exchanges && last.is_some_and(super::jobs::replaces_everything);
            out.push(Effect::LookAtBackups { aside });
        }
        // A restore said beforehand that connections end at its last step.
        Link::Offline { .. } if exchanges => {}
        Link::Offline { error, .. } if !was_offline && model.world.notice.is_none() => {
            let text = format!("{error}. {}", error.advice());
            model.lost = Some(text.clone());
            say(model, Tone::Trouble, text, out);
        }
        Link::Online { .. } | Link::Offline { .. } | Link::Connecting { .. } => {}
    }
    if let Link::Online { .. } = link {
        let lost = model.lost.take();
        let said = model.world.notice.as_ref().map(|notice| &notice.text);
        if lost.is_some() && said == lost.as_ref() {
            model.world.notice = None;
        }
    }
    model.world.link = link;
}

fn acknowledged<K: Toolkit>(
    model: &mut Model<K>,
    request: RequestId,
    written: &Written,
    out: &mut Vec<Effect>,
) {
    let Some(write) = model.world.cache.settle(request, Some(written)) else {
        return;
    };
    model.world.saved_at = Some(model.world.now.instant);
    match written {
        Written::Log { log, inverse, met } => {
            // What the fields hold now is what taking back expects to find.
            let forward = inverse.inverse(log.data.expose(Exit::Database));
            let mutation = |patch| Mutation::patch_log(log.id, log.date, patch);
            let inverse = mutation(inverse.clone());
            if forward.is_empty() {
                model.undo.forget(request);
            } else {
                model.undo.learn(request, mutation(forward), inverse);
            }
            tell_of_others(model, met, Subject::Log(log.date), out);
        }
        Written::Record {
            record,
            inverse: Some(inverse),
            met,
        } => {
            let subject = inverse.subject();
            let forward = match (inverse.patch(), record) {
                (Some(back), Some(record)) => {
                    let forward = back.inverse(record.fields.expose(Exit::Database));
                    Mutation::set(subject, record.id, forward)
                }
                _ => write.mutation,
            };
            model.undo.learn(request, forward, inverse.clone());
            tell_of_others(model, met, subject, out);
        }
        Written::Record { inverse: None, .. } | Written::Already { .. } => {}
    }
}

/// Says what a change met that was made elsewhere.
fn tell_of_others<K: Toolkit>(
    model: &mut Model<K>,
    met: &[Met],
    subject: Subject,
    out: &mut Vec<Effect>,
) {
    let labels = |outcome: Outcome| -> Vec<&str> {
        met.iter()
            .filter(|met| met.outcome == outcome)
            .map(|met| subject.label(&met.field, &model.world))
            .collect()
    };
    let (joined, stayed) = (labels(Outcome::Joined), labels(Outcome::Stayed));
    let mut words = Vec::new();
    if !joined.is_empty() {
        let fields = joined.join(", ");
        let undo = model.world.keymap.everywhere("undo");
        words.push(format!(
            "{fields} was written elsewhere too: both texts are there, {undo} takes this one out"
        ));
    }
    if !stayed.is_empty() {
        let fields = stayed.join(", ");
        words.push(format!(
            "{fields} was changed elsewhere meanwhile; that stays"
        ));
    }
    if words.is_empty() {
        return;
    }
    let words = words.join("; ");
    let lasting = format!("{}: {words}", subject.name());
    // A replay may tell of several at once: none hides another.
    let before = model
        .world
        .notice
        .as_ref()
        .map(|notice| notice.text.as_str());
    let text = match before.filter(|text| text.contains(ELSEWHERE)) {
        Some(before) => format!("{before}; {words}"),
        None => words,
    };
    if !model.world.standing_notices.contains(&lasting) {
        model.world.standing_notices.push(lasting);
    }
    say(model, Tone::Trouble, text, out);
}

/// In every word about changes that met.
const ELSEWHERE: &str = "elsewhere";

/// Takes the change out of the view, keeps and offers its texts, and says why. Each text has an id of
/// its own, so that nothing that was or will be typed in its place replaces it.
fn rejected<K: Toolkit>(
    model: &mut Model<K>,
    request: RequestId,
    error: &StoreError,
    out: &mut Vec<Effect>,
) {
    let Some(write) = model.world.cache.settle(request, None) else {
        return;
    };
    // What was refused is to be seen, not to be left behind.
    model.leaving.when_safe = false;
    model.undo.forget(request);
    model.drafts_due.retain(|(of, _)| *of != request);
    let (mut old, due) = std::mem::take(&mut model.old_drafts_due)
        .into_iter()
        .partition::<Vec<_>, _>(|(of, _)| *of == request);
    model.old_drafts_due = due;
    let names = write.mutation.names(&model.world.form).join(", ");
    let reason = format!("not saved: {names}: {}", error.refusal());
    let mut offered = None;
    for (place, text) in write.mutation.texts(&model.world.form) {
        // One that came from an offer and is on disk as that still, stays that.
        let id = old.pop().map_or_else(DraftId::new, |(_, id)| id);
        let saved_at = model.world.now.instant;
        let draft = Draft {
            place,
            text,
            saved_at,
        };
        let refused = OldDraft { id, draft };
        out.push(Effect::KeepDraft(refused.clone()));
        model.to_open.drafts.push(refused);
        offered = Some(&reason);
    }
    if let Some(reason) = offered {
        let said = model.to_open.refusal.get_or_insert_default();
        if !said.contains(reason) {
            let between = if said.is_empty() { "" } else { "; " };
            said.push_str(between);
            said.push_str(reason);
        }
    }
    say(model, Tone::Trouble, reason, out);
}

/// The texts of this write are safe without their drafts. A newer text of the same place is not, where
/// it is being written, or on its way to the disk.
fn drop_drafts<K: Toolkit>(model: &mut Model<K>, request: RequestId, out: &mut Vec<Effect>) {
    let unsaved = model.unsaved();
    let due = std::mem::take(&mut model.drafts_due);
    let (safe, due): (Vec<_>, Vec<_>) = due.into_iter().partition(|(of, _)| *of == request);
    model.drafts_due = due;
    for (_, place) in safe {
        let is_written = unsaved.iter().any(|draft| draft.place == place);
        let is_due = model.drafts_due.iter().any(|(_, due)| *due == place);
        if !is_written && !is_due {
            out.push(Effect::DropDraft(place));
        }
    }
    let is_due = |(of, _): &(RequestId, DraftId)| *of == request;
    let safe = model.old_drafts_due.iter().filter(|due| is_due(due));
    out.extend(safe.map(|(_, id)| Effect::ForgetDraft(*id)));
    model.old_drafts_due.retain(|due| !is_due(due));
}

/// This draft of an earlier run goes once the change that was made last is on disk.
pub(super) fn forget_with_last<K: Toolkit>(
    model: &mut Model<K>,
    id: DraftId,
    out: &mut Vec<Effect>,
) {
    match model.world.cache.pending().last() {
        Some(last) if !last.kept => model.old_drafts_due.push((last.write.request, id)),
        // The text was there already, so nothing had to be changed.
        Some(_) | None => out.push(Effect::ForgetDraft(id)),
    }
}
