//! The lanes of the ledger beside the daily log, as every part of the program names them.

/// A lane whose records are listed, made, changed, deleted and brought back one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// What could happen.
    Ideas,
    /// What is worked on.
    Goals,
    /// What was done for a goal on a date.
    CheckIns,
    /// Requests for lessons, with their plans.
    Teaching,
    /// Brand content.
    Content,
}

impl Lane {
    /// All lanes, in the order of the export.
    pub const ALL: [Self; 5] = [
        Self::Ideas,
        Self::Goals,
        Self::CheckIns,
        Self::Teaching,
        Self::Content,
    ];

    /// The table's name in the database.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            Self::Ideas => "ideas",
            Self::Goals => "goals",
            Self::CheckIns => "check_ins",
            Self::Teaching => "teaching_requests",
            Self::Content => "harris_content",
        }
    }

    /// The lane of a table.
    #[must_use]
    pub fn of_table(table: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.table() == table)
    }

    /// What one record is called, in a sentence: `idea`.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Ideas => "idea",
            Self::Goals => "goal",
            Self::CheckIns => "check-in",
            Self::Teaching => "lesson request",
            Self::Content => "piece of content",
        }
    }

    /// What several are called: `ideas`.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Ideas => "ideas",
            Self::Goals => "goals",
            Self::CheckIns => "check-ins",
            Self::Teaching => "lesson requests",
            Self::Content => "pieces of content",
        }
    }
}
