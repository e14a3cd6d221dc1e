//! Files that must survive the process: private, whole or not there, and locked while their process lives.
//!
//! A lock is the kernel's and ends with the process, however it ends. Nothing that cannot be read is
//! deleted: it is set aside beside where it was.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// What a file's name ends with that could not be read and was kept for the person.
pub const DAMAGED: &str = "damaged";

/// What a file's name ends with while it is being written.
pub const UNNAMED: &str = "new";

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The first so many digits of [`digest`].
#[must_use]
pub fn short_digest(bytes: &[u8], digits: usize) -> String {
    let mut digest = digest(bytes);
    digest.truncate(digits);
    digest
}

/// Size and SHA-256 of a file, in hexadecimal, whatever its size. Blocking.
///
/// # Errors
/// As the system reports them.
pub fn size_and_digest(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 256 * 1024];
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok((bytes, hexadecimal(&hash.finalize())));
        }
        hash.update(buffer.get(..count).unwrap_or_default());
        bytes += u64::try_from(count).unwrap_or(0);
    }
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// A new file that only this user may read, held by this process.
///
/// # Errors
/// As the system reports them; also where the file exists.
pub fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .append(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// A new locked file. It gets its name when it is locked, so that no other process takes it for an
/// abandoned one.
///
/// # Errors
/// As the system reports them.
pub fn create_locked(path: &Path) -> io::Result<File> {
    let unnamed = path.with_extension(UNNAMED);
    let file = create_private(&unnamed)?;
    let named = file
        .try_lock()
        .map_err(io::Error::from)
        .and_then(|()| fs::rename(&unnamed, path));
    if let Err(error) = named {
        let _ = fs::remove_file(&unnamed);
        return Err(error);
    }
    sync_directory(path)?;
    Ok(file)
}

/// The file, locked, if the process that made it is gone.
///
/// # Errors
/// As the system reports them.
pub fn lock_abandoned(path: &Path) -> io::Result<Option<File>> {
    let file = match OpenOptions::new().read(true).append(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // Another process may have taken it over and removed it before the lock was ours.
    let is_same = fs::metadata(path)
        .and_then(|named| Ok(named.ino() == file.metadata()?.ino()))
        .unwrap_or(false);
    Ok(is_same.then_some(file))
}

/// Puts these bytes at this path, whole or not at all, on disk when it returns.
///
/// # Errors
/// As the system reports them; then the path holds what it held before.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    put(path, bytes, None)
}

fn put(path: &Path, bytes: &[u8], mode: Option<fs::Permissions>) -> io::Result<()> {
    let unnamed = path.with_extension(UNNAMED);
    let written = (|| {
        let _ = fs::remove_file(&unnamed);
        let mut file = create_private(&unnamed)?;
        file.write_all(bytes)?;
        if let Some(mode) = mode {
            file.set_permissions(mode)?;
        }
        file.sync_data()?;
        fs::rename(&unnamed, path)
    })();
    if let Err(error) = written {
        let _ = fs::remove_file(&unnamed);
        return Err(error);
    }
    sync_directory(path)
}

/// The same with the mode of the file that is replaced, where there is one.
///
/// # Errors
/// As the system reports them; then the path holds what it held before.
pub fn replace_keeping_mode(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mode = match fs::metadata(path) {
        Ok(there) => Some(there.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    put(path, bytes, mode)
}

/// Makes the entries of the directory that holds this path durable, where the file system can.
///
/// # Errors
/// As the system reports them. The file has its name all the same.
pub fn sync_directory(path: &Path) -> io::Result<()> {
    let synced = match path.parent() {
        Some(directory) if directory.as_os_str().is_empty() => File::open(".")?.sync_all(),
        Some(directory) => File::open(directory)?.sync_all(),
        None => Ok(()),
    };
    match synced {
        // EINVAL, ENOTSUP: some file systems know no such thing, and do what they do by themselves.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Locks a new file that has its name already; false if another process took it for an abandoned
/// one before that. Where the file system has no locks it counts as locked.
///
/// # Errors
/// As the system reports them.
pub fn lock_new(path: &Path, file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => is_at(path, file),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(_)) => Ok(true),
    }
}

fn is_at(path: &Path, file: &File) -> io::Result<bool> {
    let ours = file.metadata()?;
    Ok(fs::symlink_metadata(path)
        .is_ok_and(|named| named.ino() == ours.ino() && named.dev() == ours.dev()))
}

/// A path beside this one that is free, for what could not be read.
#[must_use]
pub fn aside(path: &Path) -> PathBuf {
    let mut free = path.with_extension(DAMAGED);
    let mut count = 1;
    while free.exists() {
        count += 1;
        free = path.with_extension(format!("{count}.{DAMAGED}"));
    }
    free
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_system_that_cannot_sync_a_directory_is_no_failure() {
        let unable = File::open("/proc").unwrap().sync_all().unwrap_err();
        assert_eq!(unable.kind(), io::ErrorKind::InvalidInput);
        sync_directory(Path::new("/proc/anything")).unwrap();
        assert!(sync_directory(Path::new("/nowhere/at/all")).is_err());
    }
}
