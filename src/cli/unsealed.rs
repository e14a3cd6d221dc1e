//! What a subcommand reads, opened where it is sealed.

use std::io::{self, Cursor, Read};
use std::path::Path;

use crate::transfer::seal::{self, Identities, Key, LOOKED_AT};

use super::exit::{Exit, Failure};
use super::passphrase;

type Input = Box<dyn Read + Send>;

/// The input as it is, or what was sealed in it: with the keys of a file, else with a passphrase, for which the
/// person may be asked.
///
/// # Errors
/// No passphrase or key, one that does not open it, or an input that cannot be read.
pub(super) async fn unsealed(
    mut input: Input,
    words: Option<&Path>,
    keys: Option<&Path>,
) -> Result<Input, Failure> {
    let mut beginning = Vec::with_capacity(LOOKED_AT);
    let wanted = u64::try_from(LOOKED_AT).unwrap_or(0);
    input
        .by_ref()
        .take(wanted)
        .read_to_end(&mut beginning)
        .map_err(|error| Failure::new(Exit::Io, format!("the file cannot be read: {error}")))?;
    let is_sealed = seal::is_sealed(&beginning);
    let is_for_keys = seal::is_for_keys(&beginning);
    let whole = Cursor::new(beginning).chain(input);
    if !is_sealed {
        return Ok(Box::new(whole));
    }
    let key = match keys {
        Some(path) => identities(path)?,
        // Nobody is asked for words that do not open it.
        None if is_for_keys => {
            let text = "the file is sealed for a key, not with a passphrase; name the file of the key: --identity FILE";
            return Err(Failure::new(Exit::BadData, text));
        }
        None => Key::Passphrase(passphrase::obtain(words, false).await?),
    };
    let opened = seal::open(whole, &key)
        .map_err(|error| Failure::new(Exit::BadData, format!("the file is sealed: {error}")))?;
    Ok(Box::new(opened))
}

fn identities(path: &Path) -> Result<Key, Failure> {
    let place = path.display();
    let file = std::fs::read_to_string(path).map_err(|error: io::Error| {
        Failure::new(
            Exit::BadData,
            format!("cannot read the key from {place}: {error}"),
        )
    })?;
    let keys = Identities::read(file)
        .map_err(|error| Failure::new(Exit::BadData, format!("{place}: {error}")))?;
    Ok(Key::Identities(keys))
}
