//! Identifiers: of users, of records, of requests.
//!
//! The client makes them (version 7, so they sort by the time they were made); a write that is sent
//! twice therefore names the same row and has one effect.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier, later than all that this process made before.
            #[must_use]
            #[allow(clippy::new_without_default)] // a default would be a different one each time
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    };
}

id! {
    /// A person with an account in the database.
    UserId
}
id! {
    /// A row of any of the person's tables; unique together with the [`UserId`].
    RecordId
}
id! {
    /// A draft of an earlier run, for as long as this one knows of it.
    DraftId
}
id! {
    /// A request to the store, and the draft or outbox file that belongs to it.
    RequestId
}

impl RequestId {
    /// The end of the millisecond in which the request was made, by the clock of the machine that
    /// made it.
    #[must_use]
    pub fn made_at(self) -> Option<Timestamp> {
        let (seconds, nanoseconds) = self.0.get_timestamp()?.to_unix();
        let seconds = i64::try_from(seconds).ok()?;
        let begin = Timestamp::new(seconds, i32::try_from(nanoseconds).ok()?).ok()?;
        begin.checked_add(SignedDuration::from_millis(1)).ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn later_identifiers_sort_later_and_survive_text() {
        let made: Vec<RecordId> = (0..1000).map(|_| RecordId::new()).collect();
        let mut sorted = made.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(made, sorted);
        for id in made {
            assert_eq!(id.0.get_version_num(), 7);
            assert_eq!(id.to_string().parse::<RecordId>().unwrap(), id);
        }
    }
}
