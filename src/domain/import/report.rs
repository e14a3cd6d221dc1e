//! What an import did, or would do: counts, and for each record what happened to it. No value of a
//! record is in it, only names of columns and places.

use serde::Serialize;

use crate::domain::secret::Secret;

/// So many differences and remarks are listed; all are counted.
pub const LISTED: usize = 1000;

/// Which program wrote the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// Ours.
    Own,
    /// The web application.
    Web,
}

impl Source {
    /// What imported records that it brought are known by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "harriswildlands-export",
            Self::Web => "harriswildlands-web",
        }
    }
}

/// What became of the name, the zone and the settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Profile {
    /// The document has none.
    #[default]
    Absent,
    /// Taken from the document.
    Restored,
    /// Left as it is: the account is in use.
    Kept,
}

/// A table's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableReport {
    /// Its name in the document.
    pub table: String,
    /// Rows in the document.
    pub read: u64,
    /// Were not there.
    pub new: u64,
    /// Were there and are changed: the document's are newer.
    pub changed: u64,
    /// Were there under another id, on the same date or of the same name, and are merged.
    pub merged: u64,
    /// Were there just so.
    pub unchanged: u64,
    /// Were there and are newer than the document's: left as they are.
    pub older: u64,
    /// Do not fit; kept among the imported records, with the reason.
    pub set_aside: u64,
}

/// What happens to a record that is there, or to one that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Fate {
    /// Takes the document's values.
    Changed,
    /// Takes what it lacks.
    Merged,
    /// The document's record is older; it lost nothing that is not kept.
    Older,
    /// Kept among the imported records.
    SetAside,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The table's name in the document.
    pub table: String,
    /// Its place in the document's table, from 0.
    pub place: u64,
    /// Its date, or else its id.
    pub record: String,
    /// What a person knows it by, where that is not private; empty otherwise.
    #[serde(skip)]
    pub name: Secret<String>,
    /// What happens to it.
    pub fate: Fate,
    /// The columns that change, by their names in the document; those of a day by the answers' keys.
    pub fields: Vec<String>,
    /// Why, for one that does not fit.
    pub reason: String,
}

/// A value that could not be placed where it belongs; it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    /// Where it is in the document.
    pub place: String,
    /// What it is about, and where the value is now.
    pub text: String,
}

/// What an import did, or would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Which program wrote the document.
    pub source: Source,
    /// Nothing was changed.
    pub dry_run: bool,
    /// The document has no red-zone texts.
    pub redacted: bool,
    /// Name, zone and settings.
    pub profile: Profile,
    /// Every table of the document, in its order.
    pub tables: Vec<TableReport>,
    /// At most [`LISTED`].
    pub differences: Vec<Difference>,
    /// How many differences there are.
    pub differences_total: u64,
    /// At most [`LISTED`].
    pub remarks: Vec<Remark>,
    /// How many remarks there are.
    pub remarks_total: u64,
    /// Records whose words the search does not know yet: it was stopped after they were there for good.
    pub not_searched: u64,
}

impl ImportReport {
    /// A report of nothing yet.
    #[must_use]
    pub const fn new(source: Source, dry_run: bool, redacted: bool) -> Self {
        Self {
            source,
            dry_run,
            redacted,
            profile: Profile::Absent,
            tables: Vec::new(),
            differences: Vec::new(),
            differences_total: 0,
            remarks: Vec::new(),
            remarks_total: 0,
            not_searched: 0,
        }
    }

    /// Whether anything is different after it.
    #[must_use]
    pub fn changes_anything(&self) -> bool {
        self.profile == Profile::Restored
            || self
                .tables
                .iter()
                .any(|table| table.new + table.changed + table.merged > 0)
    }

    /// Adds a difference, or counts it.
    pub fn differs(&mut self, difference: Difference) {
        self.differences_total += 1;
        if self.differences.len() < LISTED {
            return self.differences.push(difference);
        }
        // What stays as it is here makes room for what does not.
        let is_older = |known: &Difference| known.fate == Fate::Older;
        if difference.fate != Fate::Older
            && let Some(at) = self.differences.iter().rposition(is_older)
        {
            self.differences.remove(at);
            self.differences.push(difference);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_is_listed_before_what_stays_as_it_is_however_much_that_is() {
        let one = |place, fate| Difference {
            table: "logs".to_owned(),
            place,
            record: "2026-11-02".to_owned(),
            name: Secret::new(String::new()),
            fate,
            fields: Vec::new(),
            reason: String::new(),
        };
        let mut report = ImportReport::new(Source::Own, true, false);
        for place in 0..1500 {
            report.differs(one(place, Fate::Older));
        }
        report.differs(one(1500, Fate::Changed));
        report.differs(one(1501, Fate::Older));
        assert_eq!(report.differences.len(), LISTED);
        assert_eq!(report.differences_total, 1502);
        let mut changed = report.differences.iter();
        assert!(changed.any(|difference| difference.fate == Fate::Changed));
    }
}
