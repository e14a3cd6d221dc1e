//! Signing in: the first transaction on a new connection.

use futures_util::future::{join, join3};
use tokio_postgres::Client;
use tokio_postgres::types::{ToSql, Type};

use crate::domain::ids::UserId;
use crate::store::api::Person;
use crate::store::error::StoreError;
use crate::store::migrate;
use crate::store::queries::users::{self, Account};

use super::transaction::{Kind, begin};

/// Looks at the schema and signs in; nothing is changed where the schema is not this program's.
pub(super) async fn enter(
    client: &Client,
    as_app: bool,
    account: &Account,
) -> Result<Person, StoreError> {
    let entered = sign_in(client, as_app, account).await;
    let end = if entered.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    };
    let ended = client.batch_execute(end).await;
    let person = entered?;
    ended?;
    Ok(person)
}

async fn sign_in(client: &Client, as_app: bool, account: &Account) -> Result<Person, StoreError> {
    let fresh = account.former.unwrap_or_else(UserId::new);
    let begin = begin(Kind::Write, as_app, None);
    let [id, name, shown, zone] = users::sign_in_types();
    let params: [(&(dyn ToSql + Sync), Type); 4] = [
        (&fresh.0, id),
        (&account.username, name),
        (&account.username, shown),
        (&account.timezone, zone),
    ];
    let (opened, status, rest) = join3(
        client.batch_execute(&begin),
        migrate::status(client),
        join(
            client.query_typed(users::SIGN_IN, &params),
            client.query_typed_one(users::CURRENT, &[]),
        ),
    )
    .await;
    opened?;
    let status = match status {
        // A role without any right to look has not been given its rights yet.
        Err(StoreError::Forbidden) => return Err(unprepared(0)),
        other => other?,
    };
    if !status.is_current() {
        return Err(unprepared(status.applied));
    }
    let (signed_in, person) = rest;
    signed_in?;
    users::read_person(&person?, fresh)
}

pub(super) fn unprepared(found: i32) -> StoreError {
    StoreError::Unprepared {
        found,
        needed: migrate::latest(),
    }
}
