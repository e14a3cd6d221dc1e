//! How writes stand in a file: a line each, of a check sum, a space and JSON.

use std::io;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::ids::{RecordId, RequestId};
use crate::domain::lane::Lane;
use crate::domain::meeting::Base;
use crate::domain::patch::Patch;
use crate::domain::secret::Exit;
use crate::store::api::{Mutation, RecordChange, Write};
use crate::store::files;

/// How many hexadecimal digits of a digest are a record's check sum.
const SUM: usize = 16;

/// What a file holds.
#[derive(Default)]
pub(super) struct Contents {
    /// For whom each line is that can be read.
    pub bound_to: Vec<String>,
    pub writes: Vec<Write>,
    /// Lines that say no write, as they were.
    pub damaged: Vec<u8>,
}

impl Contents {
    pub fn read(bytes: &[u8]) -> Self {
        let mut contents = Self::default();
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let write = read_line(line).and_then(|record| {
                contents.bound_to.push(record.r#for);
                Some(Write {
                    request: record.request,
                    mutation: record.change.into_mutation()?,
                })
            });
            match write {
                Some(write) => contents.writes.push(write),
                None => contents.damaged.extend_from_slice(line),
            }
        }
        contents
    }
}

fn read_line(line: &[u8]) -> Option<Record> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (sum, json) = line.split_once(' ')?;
    (sum == check_sum(json)).then(|| serde_json::from_str(json).ok())?
}

/// A write as a line.
pub(super) fn line(bound_to: &str, write: &Write) -> io::Result<String> {
    let record = Record {
        r#for: bound_to.to_owned(),
        request: write.request,
        change: Kept::of(&write.mutation),
    };
    let json = serde_json::to_string(&record)?;
    Ok(format!("{} {json}\n", check_sum(&json)))
}

fn check_sum(json: &str) -> String {
    files::short_digest(json.as_bytes(), SUM)
}

#[derive(Serialize, Deserialize)]
struct Record {
    /// The database and the person, by a digest.
    r#for: String,
    request: RequestId,
    #[serde(flatten)]
    change: Kept,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kept {
    PatchLog {
        id: RecordId,
        date: Date,
        patch: Value,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base: Option<KeptBase>,
    },
    Record {
        lane: Lane,
        id: RecordId,
        change: KeptChange,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum KeptChange {
    Create(Value),
    Set {
        patch: Value,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base: Option<KeptBase>,
    },
    Delete,
    Restore,
}

impl Kept {
    fn of(mutation: &Mutation) -> Self {
        let json = |patch: &Patch| patch.to_json(Exit::Draft);
        match mutation {
            Mutation::PatchLog {
                id,
                date,
                patch,
                base,
            } => Self::PatchLog {
                id: *id,
                date: *date,
                patch: json(patch),
                base: KeptBase::of(base),
            },
            Mutation::Record { lane, id, change } => Self::Record {
                lane: *lane,
                id: *id,
                change: match change {
                    RecordChange::Create(patch) => KeptChange::Create(json(patch)),
                    RecordChange::Set { patch, base } => KeptChange::Set {
                        patch: json(patch),
                        base: KeptBase::of(base),
                    },
                    RecordChange::Delete => KeptChange::Delete,
                    RecordChange::Restore => KeptChange::Restore,
                },
            },
        }
    }

    fn into_mutation(self) -> Option<Mutation> {
        let read = |json| Patch::from_json(json).ok();
        let base = |base: Option<KeptBase>| base.map_or(Some(Base::Any), KeptBase::into_base);
        Some(match self {
            Self::PatchLog {
                id,
                date,
                patch,
                base: kept,
            } => Mutation::PatchLog {
                id,
                date,
                patch: read(patch)?,
                base: base(kept)?,
            },
            Self::Record { lane, id, change } => Mutation::Record {
                lane,
                id,
                change: match change {
                    KeptChange::Create(patch) => RecordChange::Create(read(patch)?),
                    KeptChange::Set { patch, base: kept } => RecordChange::Set {
                        patch: read(patch)?,
                        base: base(kept)?,
                    },
                    KeptChange::Delete => RecordChange::Delete,
                    KeptChange::Restore => RecordChange::Restore,
                },
            },
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum KeptBase {
    Seen { texts: Value, figures: Value },
    Exactly(Value),
}

impl KeptBase {
    fn of(base: &Base) -> Option<Self> {
        let json = |patch: &Patch| patch.to_json(Exit::Draft);
        match base {
            Base::Any => None,
            Base::Seen { texts, figures } => Some(Self::Seen {
                texts: json(texts),
                figures: json(figures),
            }),
            Base::Exactly(patch) => Some(Self::Exactly(json(patch))),
        }
    }

    fn into_base(self) -> Option<Base> {
        let patch = |json| Patch::from_json(json).ok();
        Some(match self {
            Self::Seen { texts, figures } => Base::Seen {
                texts: patch(texts)?,
                figures: patch(figures)?,
            },
            Self::Exactly(json) => Base::Exactly(patch(json)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_says_no_write_is_kept_aside_and_not_dropped() {
        let json = format!(
            r#"{{"for":"x","request":"{}","patchLog":{{"id":"{}","date":"2026-11-23","patch":["of a later version"]}}}}"#,
            RequestId::new(),
            RecordId::new()
        );
        let line = format!("{} {json}\n", check_sum(&json));
        let contents = Contents::read(line.as_bytes());
        assert_eq!(contents.bound_to, ["x"]);
        assert!(contents.writes.is_empty());
        assert_eq!(contents.damaged, line.as_bytes());
    }
}
