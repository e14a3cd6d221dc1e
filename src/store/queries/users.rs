//! The person who is here: found or made by name.

use tokio_postgres::Row;
use tokio_postgres::types::Type;

use crate::domain::ids::UserId;
use crate::store::api::Person;
use crate::store::error::StoreError;

/// Finds the local person or makes them, and makes them the current user of the transaction.
pub const SIGN_IN: &str = "select wildlands.sign_in_local($1, $2, $3, $4)";

/// The current user of the transaction.
pub const CURRENT: &str = "select id, username, timezone from wildlands.users \
     where id = (select wildlands.current_user_id())";

/// Who signs in at a database that asks for no password: the operating system's user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Sign-in name.
    pub username: String,
    /// IANA name of the zone that a new person gets.
    pub timezone: String,
    /// The identifier that a new person gets, where they have had one elsewhere; otherwise a fresh one.
    pub former: Option<UserId>,
}

impl Account {
    /// The operating system's user and zone.
    #[must_use]
    pub fn of_system() -> Self {
        let of_uid = nix::unistd::User::from_uid(nix::unistd::geteuid())
            .ok()
            .flatten();
        let username = of_uid
            .map(|user| user.name)
            .or_else(|| std::env::var("USER").ok());
        let zone = jiff::tz::TimeZone::system();
        Self {
            username: username
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| "me".to_owned()),
            timezone: zone.iana_name().unwrap_or("UTC").to_owned(),
            former: None,
        }
    }
}

/// The statement parameters of [`SIGN_IN`].
pub(in crate::store) fn sign_in_types() -> [Type; 4] {
    [Type::UUID, Type::TEXT, Type::TEXT, Type::TEXT]
}

/// A row of [`CURRENT`].
pub(in crate::store) fn read_person(row: &Row, fresh: UserId) -> Result<Person, StoreError> {
    let id = UserId(row.try_get(0)?);
    Ok(Person {
        id,
        username: row.try_get(1)?,
        is_new: id == fresh,
        timezone: row.try_get(2)?,
    })
}
