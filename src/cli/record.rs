//! What the subcommands of the lanes have in common: reading a record, changing it, printing it.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::domain::ids::{RecordId, RequestId};
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::domain::text::printable;
use crate::store::api::{Listing, Mutation, Page, RecordChange, Write};
use crate::store::queries::records;

use super::connection::Connection;
use super::exit::{Exit, Failure};
use super::sheet::Sheet;

/// The id in a word.
///
/// # Errors
/// It is none.
pub fn id(word: &str) -> Result<RecordId, Failure> {
    word.trim().parse().map_err(|_| {
        let shown = printable(word);
        let line = format!("“{shown}” is not an id; `list` shows them, in full");
        Failure::new(Exit::BadData, line)
    })
}

/// The record of an id, whole.
///
/// # Errors
/// There is none; as the database and the way to it report them.
pub async fn whole(connection: &Connection, lane: Lane, id: RecordId) -> Result<Record, Failure> {
    let record = records::record(connection.session(), lane, id).await?;
    record.ok_or_else(|| missing(lane, id))
}

/// There is no such record.
pub fn missing(lane: Lane, id: RecordId) -> Failure {
    let line = format!(
        "there is no {} {id}; it may have been deleted, which `restore` takes back",
        lane.noun()
    );
    Failure::new(Exit::BadData, line)
}

/// A list, as far as it goes, in pages.
///
/// # Errors
/// As the database and the way to it report them.
pub async fn list(
    connection: &Connection,
    mut listing: Listing,
    most: usize,
) -> Result<Vec<Record>, Failure> {
    let mut found = Vec::new();
    while found.len() < most {
        let page: Page = records::page(connection.session(), &listing).await?;
        found.extend(page.records);
        match page.next {
            Some(next) => listing.after = Some(next),
            None => break,
        }
    }
    found.truncate(most);
    Ok(found)
}

/// Makes a change, exactly once however often it has to be sent; gives the record as it then is.
/// `what` names it in a message: `the idea`.
///
/// # Errors
/// As the database and the way to it report them, with whether anything was saved.
pub async fn change(
    connection: &mut Connection,
    lane: Lane,
    id: RecordId,
    change: RecordChange,
    what: &str,
) -> Result<Option<Record>, Failure> {
    let write = Write {
        request: RequestId::new(),
        mutation: Mutation::Record { lane, id, change },
    };
    let written = connection.write_record(&write).await;
    written.map_err(|failure| match failure.exit {
        // The link may have gone between the commit and its acknowledgement.
        Exit::TryAgain | Exit::Unavailable => failure.and(&format!(
            "whether {what} was saved is not known; `list` tells"
        )),
        Exit::Success
        | Exit::Usage
        | Exit::BadData
        | Exit::Defect
        | Exit::CannotCreate
        | Exit::Io
        | Exit::Interrupted => failure.and("nothing was saved"),
    })
}

/// A record as a document: every field that has a value; a masked one is null and named under
/// `masked`. `open` are facts that need no mask.
pub fn json(sheet: &Sheet<'_>, record: &Record, open: &[(&str, Value)]) -> Value {
    let (data, masked) = sheet.data(record.fields.as_ref(), |key| record.lane.is_sensitive(key));
    let moment = |at: Timestamp| at.to_string();
    let mut document = json!({
        "id": record.id.to_string(),
        "version": record.version,
        "createdAt": moment(record.created_at),
        "updatedAt": moment(record.updated_at),
        "data": data,
        "masked": masked,
    });
    if let Value::Object(document) = &mut document {
        for (key, value) in open {
            document.insert((*key).to_owned(), value.clone());
        }
    }
    document
}
