//! What earlier runs left on this machine: changes that wait are sent first, so that what a
//! subcommand shows or exports is everything; unsaved texts are only mentioned.

use std::path::Path;

use crate::domain::meeting::{Met, Outcome};
use crate::store::api::Written;
use crate::store::connect::Source;
use crate::store::drafts;
use crate::store::error::StoreError;
use crate::store::outbox::Outbox;
use crate::store::places::Places;
use crate::store::queries::users::Account;
use crate::store::queries::writes;
use crate::store::session::Session;

use super::exit::with_advice;
use super::output;

/// Sends what waits for this database, each change once however often it is sent, and says what is
/// left. What another program holds is that program's.
pub async fn send(session: &Session, source: &Source, account: &Account) {
    let Ok(places) = Places::from_env() else {
        return;
    };
    let mut outbox = Outbox::new(&places.state, &source.fingerprint(), &account.username);
    let found = outbox.take_over();
    for problem in found.problems {
        note(&problem);
    }
    let all = found.writes.len();
    let (mut sent, mut reason) = (0, None);
    for write in found.writes {
        match writes::apply(session, &write).await {
            Ok(written) => {
                outbox.remove(write.request);
                sent += 1;
                tell_of_others(&written);
            }
            Err(error) => {
                // One that is refused holds up no other; without a way to the database all wait.
                let goes_on = error.rejects_write();
                reason.get_or_insert(error);
                if !goes_on {
                    break;
                }
            }
        }
    }
    if let Some(words) = reason.and_then(|reason| left(all - sent, &reason)) {
        note(&words);
    }
    mention_texts(&places.state);
}

/// Says what a change met that was made elsewhere meanwhile.
fn tell_of_others(written: &Written) {
    let Written::Log { log, met, .. } = written else {
        return;
    };
    for Met { field, outcome } in met {
        let words = match outcome {
            Outcome::Joined => "was written elsewhere too: both texts are there",
            Outcome::Stayed => "was changed elsewhere meanwhile; that stays",
        };
        note(&format!("{field} of {} {words}", log.date));
    }
}

fn left(count: usize, reason: &StoreError) -> Option<String> {
    let reason = with_advice(reason);
    match count {
        0 => None,
        1 => Some(format!(
            "1 change on this machine is not in the database yet: {reason}"
        )),
        more => Some(format!(
            "{more} changes on this machine are not in the database yet: {reason}"
        )),
    }
}

fn mention_texts(state: &Path) {
    match drafts::waiting(state) {
        0 => {}
        1 => note("1 unsaved text waits for you in the program"),
        more => note(&format!("{more} unsaved texts wait for you in the program")),
    }
}

fn note(words: &str) {
    output::say(&format!("wildlands: note: {words}"));
}
