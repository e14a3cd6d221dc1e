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
use crate::domain::form::Field;
use crate::domain::meeting::Base;
use crate::domain::patch::Patch;
use crate::domain::secret::{Exit, Secret};
use crate::store::api::{Mutation, Request, Write};

use super::{give, input, say, settings, store};

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
            Intent::Export => input::export(model, out),
            Intent::CancelExport => out.push(Effect::CancelTransfer),
            Intent::Run(called) => input::run(model, called, out),
            Intent::Set(setting, value) => settings::set(model, setting, value, out),
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
    input::send(model, Write { request, mutation }, out);
}

/// The change together with what the person saw in its fields.
fn with_what_was_seen(mutation: Mutation, world: &World) -> Mutation {
    let Mutation::PatchLog {
        id,
        date,
        patch,
        base: Base::Any,
    } = mutation
    else {
        return mutation;
    };
    let empty = serde_json::Map::new();
    let log = world.cache.log(date);
    let shown = log.map_or(&empty, |log| log.data.expose(Exit::Database));
    let (mut texts, mut figures) = (Patch::default(), Patch::default());
    for key in patch.keys() {
        let field = world.form.field(key);
        let is_text = field.is_none_or(Field::is_written);
        let seen = Patch::one(key, shown.get(key).cloned());
        if is_text {
            texts.merge(seen);
        } else {
            figures.merge(seen);
        }
    }
    let base = Base::Seen { texts, figures };
    Mutation::PatchLog {
        id,
        date,
        patch,
        base,
    }
}

/// What takes the change back, as far as the record is known here.
fn inverse(mutation: &Mutation, cache: &Cache) -> Option<Mutation> {
    let Mutation::PatchLog {
        id, date, patch, ..
    } = mutation;
    if !cache.knows_day(*date) {
        return None;
    }
    let empty = serde_json::Map::new();
    let before = cache
        .log(*date)
        .map_or(&empty, |log| log.data.expose(Exit::Database));
    Some(Mutation::patch_log(*id, *date, patch.inverse(before)))
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
    let Place::Log { date, field } = place;
    let form = Subject::of(place).form(world);
    let written = form.field(field).filter(|field| field.is_written());
    let value = |text: &Secret<String>| {
        let trimmed = text.expose(Exit::Database).trim_end();
        match written {
            Some(field) => field.text(trimmed).ok().flatten(),
            None => (!trimmed.is_empty()).then(|| serde_json::Value::from(trimmed)),
        }
    };
    let mutation = Mutation::PatchLog {
        id: world.log_id(*date),
        date: *date,
        patch: Patch::one(field, value(text)),
        base: Base::Seen {
            texts: Patch::one(field, value(seen)),
            figures: Patch::default(),
        },
    };
    let words = name_change(&mutation, world);
    (mutation, words)
}

/// A change in words, without its values: `energy, Mon 23 Nov 2026`.
pub(super) fn name_change(mutation: &Mutation, world: &World) -> String {
    let Mutation::PatchLog { date, patch, .. } = mutation;
    let labels: Vec<&str> = patch
        .keys()
        .map(|key| {
            world
                .form
                .field(key)
                .map_or(key, |field| field.label.as_str())
        })
        .collect();
    format!("{}, {}", labels.join(", "), dates::long(*date))
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
