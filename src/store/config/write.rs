//! One setting changed in the file; what the person wrote around it stays as it is.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item};

use crate::domain::setting::{Setting, Value};
use crate::domain::text::printable;
use crate::store::files;
use crate::store::places;

use super::CONFIG_FILE;
use super::read::place;
use super::text_of;

/// Why a setting is not in the file.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// What is there cannot be understood, so that nothing may be put in its place.
    #[error("{0}; the file is left as it is, mend it first")]
    Broken(String),
    /// The system refuses.
    #[error("{path} cannot be written: {reason}")]
    System {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: io::Error,
    },
}

/// Puts this value into the file of settings in this directory, or takes the key out of it. Comments,
/// order and the file's mode stay; a link stays a link. Either all of it is on disk afterwards, or
/// nothing has changed.
///
/// # Errors
/// What is there is no TOML, or the system refuses.
pub fn write(directory: &Path, setting: Setting, value: Option<&Value>) -> Result<(), WriteError> {
    let named = directory.join(CONFIG_FILE);
    let system = |reason| WriteError::System {
        path: named.clone(),
        reason,
    };
    places::make_private(directory).map_err(system)?;
    // Two programs at once: each reads what the other has written. Where the file system has no
    // locks, the last one counts.
    let lock = File::open(directory).map_err(system)?;
    let _ = lock.lock();
    let text = text_of(&named)
        .map_err(|reason| WriteError::Broken(format!("{CONFIG_FILE} cannot be read: {reason}")))?;
    let is_new = text.is_none();
    let text = text.unwrap_or_default();
    let changed = changed(&text, setting, value)?;
    if changed == text {
        return Ok(());
    }
    let path = if is_new {
        named.clone()
    } else {
        fs::canonicalize(&named).map_err(system)?
    };
    files::replace_keeping_mode(&path, changed.as_bytes()).map_err(system)
}

fn changed(text: &str, setting: Setting, value: Option<&Value>) -> Result<String, WriteError> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let place = place(text, error.span().map_or(0, |span| span.start));
        let words = printable(error.message()).into_owned();
        WriteError::Broken(format!("{CONFIG_FILE}:{place}: this is not TOML: {words}"))
    })?;
    let key = setting.key();
    match value {
        None => match document.get(key) {
            Some(Item::Table(_) | Item::ArrayOfTables(_)) => return Err(is_table(key)),
            Some(Item::Value(_) | Item::None) | None => remove(&mut document, key),
        },
        Some(value) => {
            let new = match value {
                Value::Word(word) => toml_edit::Value::from(word.as_str()),
                Value::Number(number) => toml_edit::Value::from(i64::from(*number)),
                Value::Switch(on) => toml_edit::Value::from(*on),
            };
            match document.get_mut(key) {
                // A comment behind the value stays.
                Some(Item::Value(old)) => {
                    let decor = old.decor().clone();
                    *old = new;
                    *old.decor_mut() = decor;
                }
                Some(Item::Table(_) | Item::ArrayOfTables(_)) => return Err(is_table(key)),
                Some(Item::None) | None => append(&mut document, key, new),
            }
        }
    }
    Ok(document.to_string())
}

/// Puts the key at the end, behind the comments that stand there.
fn append(document: &mut DocumentMut, key: &str, value: toml_edit::Value) {
    let is_flat = document.iter().all(|(_, item)| item.is_value());
    let mut comments = document.trailing().as_str().unwrap_or_default().to_owned();
    document.insert(key, Item::Value(value));
    if !is_flat || !comments.contains('#') {
        return;
    }
    if !comments.ends_with('\n') {
        comments.push('\n');
    }
    if let Some(mut key) = document.key_mut(key) {
        key.leaf_decor_mut().set_prefix(comments);
        document.set_trailing("");
    }
}

fn is_table(key: &str) -> WriteError {
    WriteError::Broken(format!(
        "{CONFIG_FILE}: `{key}` is a table, which is no value of it"
    ))
}

/// Takes the key out; a comment above it stays, above what follows.
fn remove(document: &mut DocumentMut, key: &str) {
    let above = document
        .key(key)
        .and_then(|key| key.leaf_decor().prefix()?.as_str())
        .unwrap_or_default()
        .to_owned();
    let next = document
        .iter()
        .skip_while(|(name, _)| *name != key)
        .nth(1)
        .map(|(name, _)| name.to_owned());
    if document.remove(key).is_none() || !above.contains('#') {
        return;
    }
    let before = |decor: Option<&toml_edit::RawString>| {
        let old = decor.and_then(toml_edit::RawString::as_str);
        format!("{above}{}", old.unwrap_or_default())
    };
    if let Some(mut next) = next.and_then(|next| document.key_mut(&next)) {
        let prefix = before(next.leaf_decor().prefix());
        next.leaf_decor_mut().set_prefix(prefix);
    } else {
        let trailing = before(Some(document.trailing()));
        document.set_trailing(trailing);
    }
}
