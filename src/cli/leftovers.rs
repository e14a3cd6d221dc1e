//! What earlier runs left on this machine: changes that wait are sent first, so that what a
//! subcommand shows or exports is everything; unsaved texts are only mentioned. The texts of a change
//! that the database refuses become such texts.

use std::io;
use std::path::Path;

use jiff::Timestamp;

use crate::domain::draft::Draft;
use crate::domain::form::LogForm;
use crate::domain::meeting::{Met, Outcome};
use crate::domain::subject::Subject;
use crate::domain::text::printable;
use crate::store::address::Address;
use crate::store::api::{Write, Written};
use crate::store::connect::Source;
use crate::store::drafts::{self, DraftStore};
use crate::store::error::StoreError;
use crate::store::outbox::Outbox;
use crate::store::places::Places;
use crate::store::queries::users::Account;
use crate::store::queries::writes;
use crate::store::session::Session;

use super::exit::with_advice;
use super::form::Choice;
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
    let mut left_over = found.writes.len();
    let mut reason = None;
    for write in found.writes {
        match writes::apply(session, &write).await {
            Ok(written) => {
                outbox.remove(write.request);
                left_over -= 1;
                tell_of_others(&written);
            }
            // One that is refused holds up no other.
            Err(error) if error.rejects_write() => {
                let address = Address::new(&source.fingerprint(), &account.username);
                let mut drafts = DraftStore::open(&places.state, address);
                let form = Choice::default().load();
                let form = form.unwrap_or_else(|_| LogForm::builtin());
                let refused = Refused::of(&write, &form);
                match refused.keep(&mut drafts) {
                    Ok(()) => {
                        outbox.remove(write.request);
                        left_over -= 1;
                        note(&refused.words(&error));
                    }
                    Err(disk) => {
                        tracing::error!(%disk, "a refused text was not put on disk");
                        reason.get_or_insert(error);
                    }
                }
            }
            // Without a way to the database all wait.
            Err(error) => {
                reason.get_or_insert(error);
                break;
            }
        }
    }
    if let Some(words) = reason.and_then(|reason| left(left_over, &reason)) {
        note(&words);
    }
    mention_texts(&places.state);
}

/// A change that the database does not take.
struct Refused {
    /// The day, or which kind of record.
    name: String,
    texts: Vec<Draft>,
    /// The fields of what is not a text, as the form calls them; never their values.
    figures: Vec<String>,
}

impl Refused {
    fn of(write: &Write, form: &LogForm) -> Self {
        let saved_at = write.request.made_at().unwrap_or_else(Timestamp::now);
        let drafts = write.mutation.texts(form).into_iter();
        let texts: Vec<Draft> = drafts
            .map(|(place, text)| Draft {
                place,
                text,
                saved_at,
            })
            .collect();
        let named = |name: &str| {
            write
                .mutation
                .form(form)
                .field(name)
                .map(|field| &field.label)
        };
        let of_texts: Vec<_> = texts
            .iter()
            .map(|text| named(text.place.field()).map_or(text.place.field(), String::as_str))
            .collect();
        let names = write.mutation.names(form).into_iter();
        Self {
            name: name_of(write.mutation.subject()),
            figures: names
                .filter(|name| !of_texts.contains(&name.as_str()))
                .collect(),
            texts,
        }
    }

    /// Puts the texts on disk, each under a name of its own, for the program to offer.
    fn keep(&self, drafts: &mut DraftStore) -> io::Result<()> {
        let mut texts = self.texts.iter();
        texts.try_for_each(|text| drafts.save_apart(text).map(drop))
    }

    fn words(&self, error: &StoreError) -> String {
        let mut words = vec![format!(
            "a change of {} was refused: {}",
            self.name,
            error.refusal()
        )];
        if !self.figures.is_empty() {
            words.push(format!("not saved: {}", self.figures.join(", ")));
        }
        words.extend(match self.texts.len() {
            0 => None,
            1 => Some("its text is offered in the program".to_owned()),
            more => Some(format!("its {more} texts are offered in the program")),
        });
        printable(&words.join("; ")).into_owned()
    }
}

/// Says what a change met that was made elsewhere meanwhile.
fn tell_of_others(written: &Written) {
    let (name, met) = match written {
        Written::Log { log, met, .. } => (log.date.to_string(), met),
        Written::Record {
            record: Some(record),
            met,
            ..
        } => (record.lane.one().to_owned(), met),
        Written::Record { record: None, .. } | Written::Already { .. } => return,
    };
    for Met { field, outcome } in met {
        let words = match outcome {
            Outcome::Joined => "was written elsewhere too: both texts are there",
            Outcome::Stayed => "was changed elsewhere meanwhile; that stays",
        };
        note(&format!("{field} of {name} {words}"));
    }
}

/// A day or a record in a few words without any of its content.
fn name_of(subject: Subject) -> String {
    match subject {
        Subject::Log(date) => date.to_string(),
        Subject::Record(lane, _) => lane.one().to_owned(),
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

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use serde_json::json;

    use super::*;
    use crate::domain::ids::{RecordId, RequestId};
    use crate::domain::patch::Patch;
    use crate::store::api::Mutation;

    #[test]
    fn of_a_refused_change_the_texts_become_drafts_and_the_figures_are_named() {
        let date = jiff::civil::date(2026, 11, 23);
        let patch = json!({ "topWin": "a planted-needle", "lessonsLearned": null, "energy": 4 });
        let patch = Patch::from_json(patch).unwrap();
        let write = Write {
            request: RequestId::new(),
            mutation: Mutation::patch_log(RecordId::new(), date, patch),
        };
        let refused = Refused::of(&write, &LogForm::builtin());
        let words = refused.words(&StoreError::Constraint {
            table: "logs".to_owned(),
            constraint: "logs_text_length".to_owned(),
        });
        assert!(words.contains("2026-11-23 was refused: too long together"));
        assert!(words.contains("not saved: energy, lessons"), "{words}");
        assert!(words.ends_with("its text is offered in the program"));
        assert!(!words.contains("needle"));

        let state = tempfile::tempdir().unwrap();
        let address = Address::new("host:5432/db", "bruce");
        let mut drafts = DraftStore::open(state.path(), address);
        // Typed in the same place, and gone again: another draft.
        refused.keep(&mut drafts).unwrap();
        drafts.save(&refused.texts[0]).unwrap();
        DraftStore::drop(&mut drafts, &refused.texts[0].place);
        assert_eq!(drafts::waiting(state.path()), 1);
        drop(drafts);

        let file = state.path().join("a file");
        std::fs::write(&file, "").unwrap();
        let mut nowhere = DraftStore::open(&file, Address::default());
        assert!(refused.keep(&mut nowhere).is_err());
    }
}
