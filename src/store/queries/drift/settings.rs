//! What the person set of the rules: an object in their own row, so that it goes with every export.

use futures_util::future::join;
use serde_json::Value;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::domain::drift::Settings;
use crate::store::error::StoreError;
use crate::store::session::{Kind, Session};

/// The settings of the rules, as they are stored.
pub const READ: &str =
    "select coalesce(settings -> 'drift', 'null') from wildlands.users where id = $1";

const LOCK: &str = "select coalesce(settings -> 'drift', 'null') from wildlands.users where id = $1 for no key update";

const WRITE: &str = "update wildlands.users set settings = settings || jsonb_build_object('drift', $2::jsonb) \
     where id = $1 and coalesce(settings -> 'drift', '{}') <> $2::jsonb";

/// The settings of the rules; the defaults for what is not set.
///
/// # Errors
/// As the database reports them.
pub async fn read_settings(session: &Session) -> Result<Settings, StoreError> {
    let client = session.reader().await?;
    read_on(session, &client).await
}

pub(super) async fn read_on(session: &Session, client: &Client) -> Result<Settings, StoreError> {
    let user = session.user().0;
    let rows = session
        .read_on(client, READ, &[(&user, Type::UUID)])
        .await?;
    read(rows.first())
}

fn read(row: Option<&tokio_postgres::Row>) -> Result<Settings, StoreError> {
    let stored: Value = match row {
        Some(row) => row.try_get(0)?,
        None => Value::Null,
    };
    Ok(Settings::read(&stored).0)
}

/// Changes the settings of the rules as they now are, whoever else changes them; returns what they are then.
///
/// # Errors
/// As the database reports them; then nothing was changed, unless the link was lost at the commit.
pub async fn change_settings(
    session: &Session,
    change: impl FnOnce(&mut Settings) + Send,
) -> Result<Settings, StoreError> {
    let writer = session.writer().await?;
    let client = writer.client()?;
    let user = session.user().0;
    let begin = session.begin(Kind::Write);
    let params = [(&user as _, Type::UUID)];
    let (opened, locked) = join(
        client.batch_execute(&begin),
        client.query_typed(LOCK, &params),
    )
    .await;
    let changed: Result<Settings, StoreError> = async {
        opened?;
        let mut settings = read(locked?.first())?;
        change(&mut settings);
        let stored = settings.to_json();
        let params = [(&user as _, Type::UUID), (&stored as _, Type::JSONB)];
        client.query_typed(WRITE, &params).await?;
        Ok(settings)
    }
    .await;
    let end = if changed.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    };
    let ended = client.batch_execute(end).await;
    writer.give_back();
    let settings = changed?;
    ended?;
    Ok(settings)
}
