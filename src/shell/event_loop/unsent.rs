//! What the database does not have at the end, and where it is.

use jiff::Timestamp;

use crate::app::cache::Pending;
use crate::app::draft::Draft;
use crate::domain::form::LogForm;
use crate::shell::outside::DraftSink;
use crate::store::api::Write;

/// Changes that the database does not have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unsent {
    /// On disk, and sent next time.
    pub kept: usize,
    /// Texts that are on disk as drafts, and offered next time.
    pub drafted: usize,
    /// Nowhere: for each change the names of its fields.
    pub lost: Vec<Vec<String>>,
    /// What is to be said of editors that had a text, a line each.
    pub of_editors: Vec<String>,
}

impl Unsent {
    /// Sorts what is pending. Texts that are not kept become drafts where `sink` takes them, but
    /// never in the place of what is `typed` there now.
    pub(super) fn of(
        pending: &[Pending],
        form: &LogForm,
        typed: &[Draft],
        sink: Option<&dyn DraftSink>,
    ) -> Self {
        let free = |draft: &Draft| typed.iter().all(|typed| typed.place != draft.place);
        let is_drafted = |write: &Write| {
            let drafts = drafts_of(write, form);
            let taken =
                |draft: &Draft| free(draft) && sink.is_some_and(|sink| sink.save(draft).is_ok());
            drafts.is_some_and(|drafts| drafts.iter().all(taken))
        };
        let mut unsent = Self::default();
        for Pending { write, kept } in pending {
            if *kept {
                unsent.kept += 1;
            } else if is_drafted(write) {
                unsent.drafted += 1;
            } else {
                unsent.lost.push(write.mutation.names(form));
            }
        }
        unsent
    }
}

/// The drafts of a change that is nothing but texts.
fn drafts_of(write: &Write, form: &LogForm) -> Option<Vec<Draft>> {
    let texts = write.mutation.texts(form);
    let is_all = write
        .mutation
        .patch()
        .is_some_and(|patch| patch.len() == texts.len());
    let drafts = texts.into_iter().map(|(place, text)| Draft {
        place,
        text,
        saved_at: Timestamp::now(),
    });
    is_all.then(|| drafts.collect())
}
