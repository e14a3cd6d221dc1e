//! The export of exactly what goes, in the format of every export.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use tokio_postgres::Client;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::domain::export_format::{self, ExportUser, Header, USER_COLUMNS};
use crate::domain::ids::UserId;
use crate::domain::retention::Table;
use crate::store::error::StoreError;
use crate::store::files;
use crate::store::session::Session;
use crate::transfer::export::{Cancel, ExportError, NewFile, Progress};

use super::{BATCH, Picked};

/// Bytes that are written at once.
const PIECE: usize = 256 * 1024;

/// A file that is on disk.
pub(super) struct Written {
    pub counts: Vec<(String, u64)>,
    pub bytes: u64,
    pub sha256: String,
}

/// Why there is none.
pub(super) enum Ended {
    Cancelled,
    Export(ExportError),
}

impl<E: Into<StoreError>> From<E> for Ended {
    fn from(error: E) -> Self {
        Self::Export(ExportError::Store(error.into()))
    }
}

/// The table's name in a document.
fn json_name(table: Table) -> String {
    let document = export_format::table(table.sql());
    document.map_or_else(
        || export_format::camel_case(table.sql()),
        export_format::Table::json,
    )
}

/// The rows of each table, each once.
fn by_table(picked: &[Picked]) -> BTreeMap<Table, Vec<Uuid>> {
    let mut tables: BTreeMap<Table, Vec<Uuid>> = BTreeMap::new();
    for one in picked.iter().filter(|one| !one.rows.is_empty()) {
        let ids = tables.entry(one.table).or_default();
        ids.extend(one.rows.iter().map(|(id, _)| *id));
    }
    for ids in tables.values_mut() {
        ids.sort_unstable();
        ids.dedup();
    }
    tables
}

/// Writes what was picked, each row once, and brings it to disk.
pub(super) async fn write(
    session: &Session,
    client: &Client,
    picked: &[Picked],
    path: &Path,
    progress: Progress<'_>,
    cancel: &Cancel,
) -> Result<Written, Ended> {
    let tables = by_table(picked);
    let counts: Vec<(String, u64)> = tables
        .iter()
        .map(|(table, ids)| {
            let rows = u64::try_from(ids.len()).unwrap_or(u64::MAX);
            (json_name(*table), rows)
        })
        .collect();
    let total: u64 = counts.iter().map(|(_, rows)| rows).sum();
    let mut paper = Paper::new(path)?;
    paper.put(&head(session, client, &counts).await?)?;
    let mut done = 0;
    for (index, (table, ids)) in tables.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        paper.put(&format!("{comma}\n    \"{}\": [", json_name(*table)))?;
        let mut is_first = true;
        for batch in ids.chunks(BATCH) {
            if cancel.is_cancelled() {
                return Err(Ended::Cancelled);
            }
            let user = session.user().0;
            let batch = batch.to_vec();
            let params = [(&user as _, Type::UUID), (&batch as _, Type::UUID_ARRAY)];
            let sql = crate::store::queries::retention::rows_sql(*table);
            for row in &client.query_typed(&sql, &params).await? {
                paper.put(if is_first { "\n" } else { ",\n" })?;
                is_first = false;
                paper.put(row.try_get(0)?)?;
                done += 1;
            }
            progress(done, total);
        }
        paper.put("\n    ]")?;
    }
    if done != total {
        let what = "the snapshot does not hold every row that was picked".to_owned();
        return Err(StoreError::Internal { what }.into());
    }
    paper.put("\n  }\n}\n")?;
    paper.hand_on()?;
    client.batch_execute("COMMIT").await?;
    let (bytes, sha256) = paper.finish().await?;
    Ok(Written {
        counts,
        bytes,
        sha256,
    })
}

/// The document up to its first table.
async fn head(
    session: &Session,
    client: &Client,
    counts: &[(String, u64)],
) -> Result<String, Ended> {
    let columns = USER_COLUMNS.join(", ");
    let sql = format!("select now(), {columns} from wildlands.users where id = $1");
    let params = [(&session.user().0 as _, Type::UUID)];
    let row = client.query_typed_one(&sql, &params).await?;
    let week_start: i16 = row.try_get(6)?;
    let settings: Value = row.try_get(7)?;
    let Value::Object(settings) = settings else {
        let what = "the settings of the person are not an object".to_owned();
        return Err(StoreError::Internal { what }.into());
    };
    let person = ExportUser {
        id: UserId(row.try_get(1)?),
        username: row.try_get(2)?,
        email: row.try_get(3)?,
        display_name: row.try_get(4)?,
        timezone: row.try_get(5)?,
        week_start: i8::try_from(week_start).unwrap_or(1),
        settings,
        created_at: row.try_get(8)?,
    };
    let moment: Timestamp = row.try_get(0)?;
    let listed: Map<String, Value> = counts
        .iter()
        .map(|(table, rows)| (table.clone(), Value::from(*rows)))
        .collect();
    let mut header = Header::whole(moment, person, listed);
    header.only = Some(counts.iter().map(|(table, _)| table.clone()).collect());
    let text = serde_json::to_string_pretty(&header).unwrap_or_default();
    let Some(open) = text.strip_suffix("\n}") else {
        let what = "the header of the export has an unforeseen form".to_owned();
        return Err(StoreError::Internal { what }.into());
    };
    Ok(format!("{open},\n  \"data\": {{"))
}

/// A file that is hashed as it is written.
struct Paper {
    file: NewFile,
    path: std::path::PathBuf,
    buffer: Vec<u8>,
    bytes: u64,
    hash: Sha256,
}

impl Paper {
    fn new(path: &Path) -> Result<Self, Ended> {
        Ok(Self {
            file: NewFile::create(path, false).map_err(Ended::Export)?,
            path: path.to_owned(),
            buffer: Vec::new(),
            bytes: 0,
            hash: Sha256::new(),
        })
    }

    fn put(&mut self, text: &str) -> Result<(), Ended> {
        self.buffer.extend_from_slice(text.as_bytes());
        if self.buffer.len() >= PIECE {
            return self.hand_on();
        }
        Ok(())
    }

    fn hand_on(&mut self) -> Result<(), Ended> {
        let piece = std::mem::take(&mut self.buffer);
        self.hash.update(&piece);
        self.bytes += u64::try_from(piece.len()).unwrap_or(0);
        self.file.write_all(&piece).map_err(|error| {
            Ended::Export(ExportError::CannotCreate {
                path: self.path.clone(),
                reason: error.to_string(),
            })
        })
    }

    /// Brings it to disk; its size and its SHA-256.
    async fn finish(self) -> Result<(u64, String), Ended> {
        let Self {
            file, bytes, hash, ..
        } = self;
        let finished = tokio::task::spawn_blocking(move || file.finish()).await;
        let Ok(finished) = finished else {
            let what = "writing the export broke off".to_owned();
            return Err(StoreError::Internal { what }.into());
        };
        finished.map_err(Ended::Export)?;
        Ok((bytes, files::hexadecimal(&hash.finalize())))
    }
}
