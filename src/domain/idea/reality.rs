//! The reality check: what is known, what is likely, what is speculation, and what may be fooling
//! oneself. It records a decision; the person moves the idea.

use serde_json::{Map, Value};

/// A pattern of self-deception that the person ticks where they see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flag {
    /// Building much before anybody asked for it.
    OverbuildingBeforeValidation,
    /// Taking it for granted that people will hear of it.
    AssumingDistribution,
    /// Cool rather than useful.
    CoolOverUseful,
    /// Waiting until it is perfect.
    Perfection,
    /// One more beside too many.
    TooManyLanes,
    /// Doing this rather than saying something to somebody.
    AvoidingTheHardConversation,
    /// Buying something to feel better.
    SpendingToAvoidDiscomfort,
    /// It takes longer.
    TimeOptimism,
    /// Nobody has the problem.
    SolutionInSearchOfAProblem,
}

/// What the person decided by a reality check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decision {
    /// Work on it.
    Promote,
    /// Put it aside.
    Park,
    /// Give it up.
    Discard,
}

/// How much of a reality check is written. Holds none of its words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RealityCheck {
    /// Things known.
    pub known: usize,
    /// Things likely.
    pub likely: usize,
    /// Things speculated.
    pub speculation: usize,
    /// Flags ticked.
    pub flags: usize,
    /// What was decided.
    pub decision: Option<Decision>,
}

impl Flag {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 9] = [
        Self::OverbuildingBeforeValidation,
        Self::AssumingDistribution,
        Self::CoolOverUseful,
        Self::Perfection,
        Self::TooManyLanes,
        Self::AvoidingTheHardConversation,
        Self::SpendingToAvoidDiscomfort,
        Self::TimeOptimism,
        Self::SolutionInSearchOfAProblem,
    ];

    /// Its words, in the data and on the screen.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::OverbuildingBeforeValidation => "overbuilding before validation",
            Self::AssumingDistribution => "assuming distribution",
            Self::CoolOverUseful => "cool over useful",
            Self::Perfection => "perfection",
            Self::TooManyLanes => "too many lanes",
            Self::AvoidingTheHardConversation => "avoiding the hard conversation",
            Self::SpendingToAvoidDiscomfort => "spending to avoid discomfort",
            Self::TimeOptimism => "time optimism",
            Self::SolutionInSearchOfAProblem => "solution in search of a problem",
        }
    }
}

impl Decision {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Promote, Self::Park, Self::Discard];

    /// The word of the data.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Promote => "promote",
            Self::Park => "park",
            Self::Discard => "discard",
        }
    }

    /// The decision of a word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

impl RealityCheck {
    /// Of an idea's fields, by their dotted keys; nothing where nothing of it is written.
    #[must_use]
    pub fn of(fields: &Map<String, Value>) -> Option<Self> {
        let count = |key: &str| {
            fields
                .get(key)
                .and_then(Value::as_array)
                .map_or(0, Vec::len)
        };
        let decision = fields.get("realityCheck.decision").and_then(Value::as_str);
        let check = Self {
            known: count("realityCheck.known"),
            likely: count("realityCheck.likely"),
            speculation: count("realityCheck.speculation"),
            flags: count("realityCheck.flags"),
            decision: decision.and_then(Decision::read),
        };
        let is_written =
            |(key, value): (&String, &Value)| key.starts_with("realityCheck.") && !value.is_null();
        fields.iter().any(is_written).then_some(check)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_check_is_counted_without_its_words() {
        let fields = json!({
            "title": "needle",
            "realityCheck.known": ["needle"], "realityCheck.likely": ["a", "b"],
            "realityCheck.flags": ["perfection"], "realityCheck.decision": "park",
        });
        let Value::Object(fields) = fields else {
            return;
        };
        let check = RealityCheck::of(&fields);
        let wanted = RealityCheck {
            known: 1,
            likely: 2,
            speculation: 0,
            flags: 1,
            decision: Some(Decision::Park),
        };
        assert_eq!(check, Some(wanted));
        assert!(!format!("{check:?}").contains("needle"));
        assert_eq!(RealityCheck::of(&Map::new()), None);
    }
}
