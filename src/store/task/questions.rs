//! Questions on their way: asked beside one another, but searches one at a time, so that a quick hand leaves no
//! queue behind.

use std::future::pending;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use crate::store::api::{Answer, Query};
use crate::store::error::StoreError;
use crate::store::queries;
use crate::store::session::Session;

use super::waiting::{Pending, within};

/// A question and the generation of what it is asked for.
pub(super) type Asked = (u64, Query);

type Answered = (Asked, Result<Answer, StoreError>);

#[derive(Default)]
pub(super) struct Questions {
    /// Asked and not answered.
    asked: Vec<Asked>,
    asking: FuturesUnordered<Pending<Answered>>,
    /// The latest search, while an earlier one is being answered. Those between are not worth asking.
    next_search: Option<Asked>,
}

impl Questions {
    /// Asks, unless a search is still being answered that this one is to follow.
    pub fn send(&mut self, asked: Asked, session: &Session, patience: Duration) {
        if is_search(&asked) && self.asked.iter().any(is_search) {
            self.next_search = Some(asked);
            return;
        }
        let session = session.clone();
        self.asked.push(asked.clone());
        self.asking.push(Box::pin(async move {
            let answer = queries::answer(&session, &asked.1);
            let result = within(patience, answer).await;
            (asked, result)
        }));
    }

    /// Keeps a question until the attempt to connect has come to something.
    pub fn hold(&mut self, asked: Asked) {
        if is_search(&asked) {
            self.asked.retain(|other| !is_search(other));
        }
        self.asked.push(asked);
    }

    /// Asks what was held, now that there is a link.
    pub fn send_held(&mut self, session: &Session, patience: Duration) {
        for asked in std::mem::take(&mut self.asked) {
            self.send(asked, session, patience);
        }
    }

    /// The next answer; never, where none is waited for.
    pub async fn next(&mut self) -> Answered {
        match self.asking.next().await {
            Some(answered) => answered,
            None => pending().await,
        }
    }

    /// A question has its answer.
    pub fn answered(&mut self, asked: &Asked) {
        self.asked.retain(|other| other != asked);
    }

    /// The search that waited for an earlier one.
    pub fn next_search(&mut self) -> Option<Asked> {
        self.next_search.take()
    }

    /// Stops asking; what had no answer yet.
    pub fn give_up(&mut self) -> Vec<Asked> {
        let Self {
            mut asked,
            next_search,
            ..
        } = std::mem::take(self);
        asked.extend(next_search);
        asked
    }

    /// Whether no answer is waited for.
    pub fn all_answered(&self) -> bool {
        self.asking.is_empty()
    }
}

fn is_search((_, query): &Asked) -> bool {
    matches!(query, Query::Search(_))
}
