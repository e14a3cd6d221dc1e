//! What parts want, turned into changes of the model and effects.

use crate::app::cache::Cache;
use crate::app::draft::Place;
use crate::app::effect::{Effect, TimerId};
use crate::app::mask::ItemId;
use crate::app::model::Model;
use crate::app::part::{Input, Intent, Tone, Toolkit};
use crate::app::subject::Subject;
use crate::app::undo::Step;
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::meeting::Base;
use crate::domain::patch::Patch;
use crate::domain::secret::{Exit, Secret};
use crate::store::api::{Change, Mutation, RecordChange, Request, Write};

use super::{give, input, jobs, say, settings, store};

pub(super) fn carry_out<K: Toolkit>(
    model: &mut Model<K>,
    wanted: Vec<Intent<K>>,
    out: &mut Vec<Effect>,
) {
    let layers_change = |intent: &Intent<K>| {
        matches!(
            intent,
            Intent::Open(_) | Intent::Close | Intent::CloseWith(_)
        )
    };
    if wanted.iter().any(layers_change) {
        model.world.drop_plain_notice();
    }
    for intent in wanted {
        match intent {
            Intent::Change { mutation, words } => change(model, mutation, words, out),
            Intent::Note(mutation) => note(model, mutation, out),
            Intent::Open(part) => {
                model.layers.push(part);
                input::text_was_masked(model, out);
            }
            Intent::Close => {
                model.layers.pop();
            }
            Intent::CloseWith(reply) => {
                model.layers.pop();
                give(model, Input::Reply(reply), out);
            }
            Intent::Reveal(item) => reveal(model, Some(item), out),
            Intent::Mask => model.world.mask.mask_all(),
            Intent::Copy(text) => out.push(Effect::Copy(text)),
            Intent::Edit(job) => out.push(Effect::OpenEditor(job)),
            Intent::DropDraft(place) => out.push(Effect::DropDraft(place)),
            Intent::Kept(id) => store::forget_with_last(model, id, out),
            Intent::GiveUp(id) => out.push(Effect::ForgetDraft(id)),
            Intent::Say(tone, text) => say(model, tone, text, out),
            Intent::Write(document) => out.push(Effect::Write(document)),
            Intent::Export => jobs::export(model, out),
            Intent::Start(job) => jobs::start(model, job, out),
            Intent::StopJob => jobs::stop(model, out),
            Intent::LookAtBackups => out.push(Effect::LookAtBackups { aside: true }),
            Intent::Run(called) => input::run(model, called, out),
            Intent::Set(setting, value) => settings::set(model, setting, value, out),
            Intent::Visit(target) => input::visit(model, &target, out),
            Intent::Drift(request) => out.push(Effect::Store(Request::Drift(request))),
            Intent::Refresh(query) => model.world.cache.outdate_query(&query),
            Intent::Reconnect => out.push(Effect::Store(Request::Reconnect)),
        }
    }
}

/// Makes a change: shown at once, sent, and kept for undo.
pub(super) fn change<K: Toolkit>(
    model: &mut Model<K>,
    mutation: Mutation,
    words: String,
    out: &mut Vec<Effect>,
) {
    let request = model.world.new_request();
    let mutation = with_what_was_seen(mutation, &model.world);
    let inverse = inverse(&mutation, &model.world.cache);
    model.undo.began.get_or_insert(model.world.now.instant);
    model.undo.did(Step {
        request,
        words,
        forward: mutation.clone(),
        inverse,
    });
    send(model, Write { request, mutation }, out);
}

/// Makes a change that is no step to take back: shown at once and sent.
fn note<K: Toolkit>(model: &mut Model<K>, mutation: Mutation, out: &mut Vec<Effect>) {
    let request = model.world.new_request();
    let mutation = with_what_was_seen(mutation, &model.world);
    send(model, Write { request, mutation }, out);
}

/// Shows a change at once and sends it.
pub(super) fn send<K: Toolkit>(model: &mut Model<K>, write: Write, out: &mut Vec<Effect>) {
    for (place, _) in write.mutation.texts(&model.world.form) {
        model.drafts_due.push((write.request, place));
    }
    model.world.cache.add(write.clone());
    out.push(Effect::Store(Request::Write(write)));
}

/// The change together with what the person saw in its fields.
fn with_what_was_seen(mutation: Mutation, world: &World) -> Mutation {
    let (Some(patch), Some(Base::Any)) = (mutation.patch(), mutation.base()) else {
        return mutation;
    };
    let subject = mutation.subject();
    let empty = serde_json::Map::new();
    let fields = world.cache.fields(subject);
    let shown = fields.map_or(&empty, |fields| fields.expose(Exit::Database));
    let form = subject.form(world);
    let (mut texts, mut figures) = (Patch::default(), Patch::default());
    for key in patch.keys() {
        let seen = Patch::one(key, shown.get(key).cloned());
        if subject.is_text(key, form) {
            texts.merge(seen);
        } else {
            figures.merge(seen);
        }
    }
    mutation.with_base(Base::Seen { texts, figures })
}

/// What takes the change back, as far as the record is known here.
fn inverse(mutation: &Mutation, cache: &Cache) -> Option<Mutation> {
    let subject = mutation.subject();
    let (lane, id, change) = match mutation {
        Mutation::PatchLog { id, patch, .. } => {
            let before = before(subject, cache)?;
            return Some(Mutation::set(subject, *id, patch.inverse(&before)));
        }
        Mutation::Record { lane, id, change } => (*lane, *id, change),
    };
    let then = |change| Some(Mutation::Record { lane, id, change });
    match change {
        RecordChange::Create(_) | RecordChange::Restore => then(RecordChange::Delete),
        RecordChange::Delete => then(RecordChange::Restore),
        RecordChange::Set { patch, .. } => {
            let before = before(subject, cache)?;
            Some(Mutation::set(subject, id, patch.inverse(&before)))
        }
    }
}

/// What a day or a record holds, if that is known.
fn before(subject: Subject, cache: &Cache) -> Option<serde_json::Map<String, serde_json::Value>> {
    if !cache.knows(subject) {
        return None;
    }
    let fields = cache.fields(subject);
    Some(fields.map_or_else(serde_json::Map::new, |fields| {
        fields.expose(Exit::Database).clone()
    }))
}

/// Writes a text that was edited elsewhere; `seen` is the text that the editing began with.
pub(super) fn write_text<K: Toolkit>(
    model: &mut Model<K>,
    place: &Place,
    text: &Secret<String>,
    seen: &Secret<String>,
    out: &mut Vec<Effect>,
) {
    let (mutation, words) = text_change(place, text, seen, &model.world);
    change(model, mutation, words, out);
}

/// The change that puts this text into its place, and its name. An empty text clears the field.
/// `seen` is the text that stood there when the writing began: another one that stands there by now
/// is kept beside the new text.
#[must_use]
pub fn text_change(
    place: &Place,
    text: &Secret<String>,
    seen: &Secret<String>,
    world: &World,
) -> (Mutation, String) {
    let (subject, field) = (Subject::of(place), place.field());
    let form = subject.form(world);
    let written = form.field(field).filter(|field| field.is_written());
    let value = |text: &Secret<String>| {
        let trimmed = text.expose(Exit::Database).trim_end();
        match written {
            Some(field) => field.text(trimmed).ok().flatten(),
            None => (!trimmed.is_empty()).then(|| serde_json::Value::from(trimmed)),
        }
    };
    let patch = Patch::one(field, value(text));
    let base = Base::Seen {
        texts: Patch::one(field, value(seen)),
        figures: Patch::default(),
    };
    let mutation = match subject {
        Subject::Log(date) => Mutation::set(subject, world.log_id(date), patch).with_base(base),
        // The title of a record that was never made: the text is what makes it.
        Subject::Record(lane, id) if field == lane.title_field() && subject.is_missing(world) => {
            Mutation::Record {
                lane,
                id,
                change: RecordChange::Create(patch),
            }
        }
        Subject::Record(_, id) => Mutation::set(subject, id, patch).with_base(base),
    };
    let words = name_change(&mutation, world);
    (mutation, words)
}

/// A change in words, without its values: `energy, Mon 23 Nov 2026`.
pub(super) fn name_change(mutation: &Mutation, world: &World) -> String {
    let subject = mutation.subject();
    let name = subject.name();
    let labels = |patch: &Patch| {
        let labels: Vec<&str> = patch.keys().map(|key| subject.label(key, world)).collect();
        format!("{}, {name}", labels.join(", "))
    };
    match mutation {
        Mutation::PatchLog { patch, .. } => labels(patch),
        Mutation::Record { change, .. } => match change {
            RecordChange::Create(_) => format!("making {name}"),
            RecordChange::Set { patch, .. } => labels(patch),
            RecordChange::Delete => format!("deleting {name}"),
            RecordChange::Restore => format!("bringing back {name}"),
        },
    }
}

/// A change of an earlier run, or of another program, in words, without its values, and when it was made.
pub(super) fn name_earlier(change: &Change, world: &World) -> String {
    let words = match &change.inverse {
        Mutation::Record {
            change: RecordChange::Delete,
            ..
        } => format!("making {}", change.inverse.subject().name()),
        Mutation::Record { .. } | Mutation::PatchLog { .. } => name_change(&change.forward, world),
    };
    let at = change.changed_at.to_zoned(world.now.zone.clone());
    let (day, time) = (
        dates::relative(at.date(), world.today),
        at.strftime("%H:%M"),
    );
    format!("{words}; it was made {day} at {time}")
}

/// Reveals an item, or the whole screen, for a moment.
pub(super) fn reveal<K: Toolkit>(
    model: &mut Model<K>,
    item: Option<ItemId>,
    out: &mut Vec<Effect>,
) {
    let time = model.world.settings.reveal;
    let Ok(until) = model.world.now.instant.checked_add(time) else {
        return;
    };
    match item {
        Some(item) => model.world.mask.toggle_item(item, until),
        None => model.world.mask.toggle_screen(until),
    }
    if model.world.mask.is_open() {
        out.push(Effect::After(TimerId::Mask, time));
    } else {
        say(model, Tone::Plain, "masked".to_owned(), out);
    }
}
