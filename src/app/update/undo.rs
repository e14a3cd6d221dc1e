//! Taking back and making again, of this run and of those before it.

use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::part::{Tone, Toolkit};
use crate::app::undo::Step;
use crate::domain::meeting::Base;
use crate::store::api::{Link, Mutation, Query, Write};

use super::intents::{self, send};
use super::{say, store};

/// How far back `u` reaches after a restart.
const HISTORY: u16 = 50;

pub(super) fn undo<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    if model.undo.is_empty() && !model.undo.reaches_history {
        recall(model, out);
    }
    match model.undo.undo() {
        Some(step) => {
            let words = format!("taken back: {}", step.words);
            send_inverse(model, step, out);
            say(model, Tone::Plain, words, out);
        }
        None if model.undo.is_empty() => {
            let text = if model.undo.reaches_history {
                "nothing to take back"
            } else if matches!(model.world.link, Link::Online { .. }) {
                model.undo.waits = true;
                "looking up earlier changes"
            } else {
                "earlier changes can be taken back once the database is there"
            };
            say(model, Tone::Plain, text.to_owned(), out);
        }
        None => {
            let text = "what was there before is not known until the database answers".to_owned();
            say(model, Tone::Plain, text, out);
        }
    }
}

/// Puts the changes of earlier runs under those of this one, once the database has told them.
fn recall<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    let query = Query::RecentChanges { limit: HISTORY };
    if let Some(changes) = model.world.cache.recent_changes(&query) {
        // What this run did and took back is its own affair.
        let began = model.undo.began;
        let steps = changes
            .iter()
            .filter(|change| began.is_none_or(|began| change.changed_at < began))
            .map(|change| Step {
                request: model.world.new_request(),
                words: intents::name_earlier(change, &model.world),
                forward: change.forward.clone(),
                inverse: Some(change.inverse.clone()),
            })
            .collect();
        model.undo.put_below(steps);
    } else {
        store::ask(model, vec![query], out);
    }
}

fn send_inverse<K: Toolkit>(model: &mut Model<K>, step: Step, out: &mut Vec<Effect>) {
    if let Some(mutation) = step.inverse.map(|back| only_over(back, &step.forward)) {
        let request = model.world.new_request();
        send(model, Write { request, mutation }, out);
    }
}

/// The change, held to what the other one left behind: what was written elsewhere since then stays.
fn only_over(change: Mutation, other: &Mutation) -> Mutation {
    match other.patch() {
        Some(left) => change.with_base(Base::Exactly(left.clone())),
        None => change,
    }
}

pub(super) fn redo<K: Toolkit>(model: &mut Model<K>, out: &mut Vec<Effect>) {
    let request = model.world.new_request();
    if let Some(step) = model.undo.redo(request) {
        send(
            model,
            Write {
                request,
                mutation: step
                    .inverse
                    .map(|back| only_over(step.forward.clone(), &back))
                    .unwrap_or(step.forward),
            },
            out,
        );
        say(
            model,
            Tone::Plain,
            format!("made again: {}", step.words),
            out,
        );
    } else {
        say(model, Tone::Plain, "nothing to make again".to_owned(), out);
    }
}
