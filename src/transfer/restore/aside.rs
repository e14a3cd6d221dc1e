//! Databases that a restore kept aside: `NAME_before_DATE`, until the person drops them; and those that one which was
//! killed left unfinished.

use jiff::Zoned;

use super::beside;
pub use crate::domain::backup::KeptAside as Kept;
use crate::transfer::backup::{BackupError, scratch};
use crate::transfer::ground::Ground;

/// What stands between the name and the moment.
const BEFORE: &str = "_before_";
/// The longest name that PostgreSQL keeps, in bytes.
const LONGEST: usize = 63;
/// `20261128_071530`.
const MOMENT: usize = 15;

/// The name under which the present database is kept.
pub(super) fn name(database: &str, now: &Zoned) -> String {
    let room = LONGEST - BEFORE.len() - MOMENT;
    let end = (0..=room.min(database.len()))
        .rev()
        .find(|end| database.is_char_boundary(*end));
    let start = database.get(..end.unwrap_or(0)).unwrap_or_default();
    format!("{start}{BEFORE}{}", now.strftime("%Y%m%d_%H%M%S"))
}

/// Whether `name` is one that [`name`] gives for this database.
fn is_kept(name: &str, database: &str) -> bool {
    let Some((start, moment)) = name.rsplit_once(BEFORE) else {
        return false;
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_moment = moment.len() == MOMENT
        && moment
            .split_once('_')
            .is_some_and(|(date, time)| date.len() == 8 && digits(date) && digits(time));
    let cut = start.len() < database.len() && start.len() + 4 > LONGEST - BEFORE.len() - MOMENT;
    is_moment && (start == database || (cut && database.starts_with(start)))
}

/// What is kept aside of this database, the newest first.
///
/// # Errors
/// As the way to the server reports them.
pub async fn kept(ground: &Ground) -> Result<Vec<Kept>, BackupError> {
    let client = ground.maintenance().await?;
    let rows = client
        .query(
            "select datname::text, case when has_database_privilege(oid, 'CONNECT') then pg_database_size(oid) else 0 end \
             from pg_database where strpos(datname, '_before_') > 0",
            &[],
        )
        .await?;
    let mut found = Vec::new();
    for row in rows {
        let name: String = row.try_get(0)?;
        if is_kept(&name, ground.database()) {
            let bytes = u64::try_from(row.try_get::<_, i64>(1)?).unwrap_or(0);
            found.push(Kept {
                name,
                bytes,
                is_unfinished: false,
            });
        }
    }
    // The moment is at the end, and all have the same start.
    found.sort_by(|one, other| other.name.cmp(&one.name));
    Ok(found)
}

/// What restores and test restores on this server were filling when they were killed. The next one drops it; until then it
/// takes room.
///
/// # Errors
/// As the way to the server reports them.
pub async fn unfinished(ground: &Ground) -> Result<Vec<Kept>, BackupError> {
    let client = ground.maintenance().await?;
    let mut found = Vec::new();
    for prefix in [beside::PREFIX, scratch::PREFIX] {
        let left = scratch::abandoned(&client, prefix).await?;
        found.extend(left.into_iter().map(|(name, bytes)| Kept {
            name,
            bytes,
            is_unfinished: true,
        }));
    }
    Ok(found)
}

/// Fails where this is no database that was kept aside.
pub(super) async fn known(ground: &Ground, name: &str) -> Result<(), BackupError> {
    if kept(ground).await?.iter().any(|kept| kept.name == name) {
        return Ok(());
    }
    Err(BackupError::NotKept {
        name: name.to_owned(),
    })
}

/// Drops one, with everything in it; or what was left unfinished.
///
/// # Errors
/// When it is none of them, or the right is missing.
pub async fn drop_kept(ground: &Ground, name: &str) -> Result<(), BackupError> {
    if unfinished(ground)
        .await?
        .iter()
        .any(|left| left.name == name)
    {
        return scratch::drop_unused(&ground.maintenance().await?, name).await;
    }
    known(ground, name).await?;
    scratch::drop_database(&ground.maintenance().await?, name).await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_names_that_a_restore_gives_are_known() {
        let now: Zoned = "2026-11-28T07:15:30[UTC]".parse().unwrap();
        let kept = name("journal", &now);
        assert_eq!(kept, "journal_before_20261128_071530");
        assert!(is_kept(&kept, "journal") && !is_kept(&kept, "other"));
        for other in [
            "journal",
            "journal_before_",
            "journal_before_the_move",
            "journal_before_20261128",
            "my_journal_before_20261128_071530",
        ] {
            assert!(!is_kept(other, "journal"), "{other}");
        }
        let long = "é".repeat(31);
        let kept = name(&long, &now);
        assert!(kept.len() <= LONGEST && is_kept(&kept, &long));
    }
}
