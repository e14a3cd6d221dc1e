//! The pipeline: which status may follow which.

use std::fmt;

use thiserror::Error;

/// Where an idea is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Captured, nothing more.
    Draft,
    /// Put aside until its review date.
    Parked,
    /// Held against what is known.
    RealityChecked,
    /// Being worked on.
    Promoted,
    /// Out in the world.
    Shipped,
    /// Given up.
    Discarded,
    /// Kept for the record.
    Archived,
}

/// Why a status may not follow another, in words that say what may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MoveError {
    /// It is there.
    #[error("this idea is {0} already")]
    Already(Status),
    /// The pipeline does not go there.
    #[error("{} idea {}", article(*from), becomes(*from, *to))]
    NoWay {
        /// Where the idea is.
        from: Status,
        /// Where it was to go.
        to: Status,
    },
}

impl Status {
    /// All of them, in the order of the pipeline.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Parked,
        Self::RealityChecked,
        Self::Promoted,
        Self::Shipped,
        Self::Discarded,
        Self::Archived,
    ];

    /// The word of the data: `reality_checked`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Parked => "parked",
            Self::RealityChecked => "reality_checked",
            Self::Promoted => "promoted",
            Self::Shipped => "shipped",
            Self::Discarded => "discarded",
            Self::Archived => "archived",
        }
    }

    /// The word on the screen: `reality checked`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::RealityChecked => "reality checked",
            Self::Draft
            | Self::Parked
            | Self::Promoted
            | Self::Shipped
            | Self::Discarded
            | Self::Archived => self.word(),
        }
    }

    /// What the status means, in a few words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Draft => "captured, nothing more",
            Self::Parked => "put aside until a review date",
            Self::RealityChecked => "held against what is known",
            Self::Promoted => "being worked on",
            Self::Shipped => "out in the world",
            Self::Discarded => "given up",
            Self::Archived => "kept for the record",
        }
    }

    /// The status of a word in any spelling: `reality_checked`, `reality-checked`, `Reality checked`.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase().replace(['-', ' '], "_");
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// What may follow.
    #[must_use]
    pub const fn moves(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Parked, Self::RealityChecked, Self::Discarded],
            Self::Parked => &[
                Self::Draft,
                Self::RealityChecked,
                Self::Promoted,
                Self::Discarded,
            ],
            Self::RealityChecked => &[Self::Parked, Self::Promoted, Self::Discarded],
            Self::Promoted => &[Self::Shipped, Self::Parked, Self::Discarded],
            Self::Shipped => &[Self::Archived],
            Self::Discarded => &[Self::Archived, Self::Draft],
            Self::Archived => &[],
        }
    }

    /// Whether another status may follow this one.
    ///
    /// # Errors
    /// What may follow instead.
    pub fn check_move(self, to: Self) -> Result<(), MoveError> {
        if self == to {
            return Err(MoveError::Already(to));
        }
        if self.moves().contains(&to) {
            return Ok(());
        }
        Err(MoveError::NoWay { from: self, to })
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

fn article(status: Status) -> String {
    let article = match status {
        Status::Archived => "an",
        Status::Draft
        | Status::Parked
        | Status::RealityChecked
        | Status::Promoted
        | Status::Shipped
        | Status::Discarded => "a",
    };
    format!("{article} {status}")
}

fn becomes(from: Status, to: Status) -> String {
    let names: Vec<&str> = from.moves().iter().map(|status| status.label()).collect();
    match names.split_last() {
        Some((last, [])) => format!("becomes {last}, not {to}"),
        Some((last, others)) => format!("becomes {} or {last}, not {to}", others.join(", ")),
        None => format!("stays {from}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pipeline_is_the_documented_one() {
        let documented = "draft → parked | reality_checked | discarded; \
            parked → draft | reality_checked | promoted | discarded; \
            reality_checked → parked | promoted | discarded; \
            promoted → shipped | parked | discarded; shipped → archived; discarded → archived | draft";
        let mut allowed = 0;
        for line in documented.split(';') {
            let (from, to) = line.split_once('→').unwrap_or_default();
            let from = Status::read(from).unwrap_or(Status::Archived);
            let to: Vec<Option<Status>> = to.split('|').map(Status::read).collect();
            let moves: Vec<Option<Status>> = from.moves().iter().copied().map(Some).collect();
            assert_eq!(moves, to, "{from}");
            allowed += to.len();
        }
        let pairs = Status::ALL
            .into_iter()
            .flat_map(|from| Status::ALL.map(|to| from.check_move(to)));
        assert_eq!(pairs.flatten().count(), allowed);
    }

    #[test]
    fn a_refusal_says_what_may_follow() {
        let refusal = |from: Status, to: Status| {
            from.check_move(to)
                .map_or_else(|error| error.to_string(), |()| String::new())
        };
        assert_eq!(
            refusal(Status::Draft, Status::Shipped),
            "a draft idea becomes parked, reality checked or discarded, not shipped"
        );
        assert_eq!(
            refusal(Status::Shipped, Status::Draft),
            "a shipped idea becomes archived, not draft"
        );
        assert_eq!(
            refusal(Status::Archived, Status::Draft),
            "an archived idea stays archived"
        );
        assert_eq!(
            refusal(Status::Parked, Status::Parked),
            "this idea is parked already"
        );
        assert_eq!(refusal(Status::Discarded, Status::Draft), "");
    }

    #[test]
    fn a_status_is_read_in_any_spelling() {
        for status in Status::ALL {
            assert_eq!(Status::read(status.word()), Some(status));
            assert_eq!(Status::read(&status.label().to_uppercase()), Some(status));
        }
        assert_eq!(
            Status::read("reality-checked"),
            Some(Status::RealityChecked)
        );
        assert_eq!(Status::read("done"), None);
    }
}
