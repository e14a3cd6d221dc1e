//! Files that only a passphrase or a key opens, in the format of the `age` tool (age-encryption.org/v1).
//!
//! Both ways are streams: memory stays flat, but for what the passphrase's key costs once, which is meant to
//! be dear. A passphrase is zeroized when it goes, and no error holds a part of it or of the content.

use std::fmt;
use std::io::{self, BufReader, Chain, Cursor, Read, Write};

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor, Identity, Recipient, scrypt, x25519};
use zeroize::Zeroizing;

/// What the name of a sealed file ends with.
pub const SUFFIX: &str = ".age";

/// Work and memory for the key of a passphrase, as a power of two: 2^17 is 128 MiB, which OWASP asks for.
const WORK: u8 = 17;

/// The most that is spent on a file that was made elsewhere: 2^18 is 256 MiB, what the `age` tool asks for.
const MOST_WORK: u8 = 18;

/// The most bytes of a header; one for a passphrase has 200, each recipient of another kind about 100.
const LONGEST_HEADER: u64 = 64 * 1024;

/// How every sealed file begins.
const MAGIC: &[u8] = b"age-encryption.org/";

/// How a sealed file begins that was turned into letters.
const ARMOR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";

/// Bytes at the beginning of a file that [`is_sealed`] asks for.
pub const LOOKED_AT: usize = ARMOR.len();

/// Why a file cannot be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Nothing was given as the passphrase.
    #[error("the passphrase is empty; give one of at least one character")]
    NoPassphrase,
    /// A recipient is no public key; it may be a private one, so it is not repeated.
    #[error("a recipient is not a public key; one begins with age1, as age-keygen prints it")]
    NoRecipient,
    /// A file of keys holds none.
    #[error(
        "no key of the age format was found; a line of such a file begins with AGE-SECRET-KEY-1"
    )]
    NoIdentity,
    /// The passphrase is another one.
    #[error("the passphrase does not open it; nothing was read; try again with another one")]
    WrongPassphrase,
    /// None of the keys is one it was sealed for.
    #[error("none of the keys opens it; it was sealed for others")]
    WrongIdentity,
    /// It was sealed for keys, and a passphrase was given.
    #[error("it was sealed for a key, not with a passphrase; name the file of the key")]
    NeedsIdentity,
    /// It was sealed with a passphrase, and keys were given.
    #[error("it was sealed with a passphrase, not for a key; give the passphrase")]
    NeedsPassphrase,
    /// Opening it would take more memory than this program gives.
    #[error(
        "opening it takes 2^{0} KiB of memory, more than is given to a file; open it with the age tool and read its output"
    )]
    TooMuchWork(u8),
    /// It is in letters.
    #[error(
        "it is in ASCII armor; open it with the age tool and read its output (age --decrypt FILE)"
    )]
    Armored,
    /// It does not begin as a sealed file does.
    #[error("it is no sealed file, or its beginning is damaged")]
    NotSealed,
    /// What was sealed is cut off or was changed.
    #[error("the sealed file is cut off or was changed; nothing of it can be relied on")]
    Damaged,
    /// Reading or writing it.
    #[error("the sealed file could not be read or written ({0})")]
    Io(String),
}

impl SealError {
    /// What an error while reading from [`Opened`] means.
    #[must_use]
    pub fn of_reading(error: &io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(known) => Self::clone(known),
            None => Self::Io(error.to_string()),
        }
    }
}

/// The words that open a file.
#[derive(Clone)]
pub struct Passphrase(SecretString);

impl Passphrase {
    /// Takes the words; what they were in is zeroized.
    ///
    /// # Errors
    /// There are none.
    pub fn new(words: String) -> Result<Self, SealError> {
        let words = Zeroizing::new(words);
        if words.is_empty() {
            return Err(SealError::NoPassphrase);
        }
        // Exactly as long as the words: nothing is left where a longer text was cut.
        Ok(Self(SecretString::from(words.as_str())))
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(crate::domain::secret::MASK)
    }
}

/// Who is to open a file.
#[derive(Debug, Clone)]
pub enum Lock {
    /// Whoever knows the words.
    Passphrase(Passphrase),
    /// The holders of these keys. Never empty.
    Recipients(Recipients),
}

/// Public keys.
#[derive(Clone)]
pub struct Recipients(Vec<x25519::Recipient>);

impl Recipients {
    /// Reads them as `age-keygen` prints them, `age1…`.
    ///
    /// # Errors
    /// [`SealError::NoRecipient`] where one is none, or there are none.
    pub fn read<'a>(keys: impl IntoIterator<Item = &'a str>) -> Result<Self, SealError> {
        let read = |key: &str| key.trim().parse().map_err(|_| SealError::NoRecipient);
        let keys = keys.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(SealError::NoRecipient);
        }
        Ok(Self(keys))
    }
}

impl fmt::Debug for Recipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} recipients", self.0.len())
    }
}

/// What opens a file.
#[derive(Debug, Clone)]
pub enum Key {
    /// The words it was sealed with.
    Passphrase(Passphrase),
    /// Private keys, one of which it was sealed for.
    Identities(Identities),
}

/// Private keys.
#[derive(Clone)]
pub struct Identities(Vec<x25519::Identity>);

impl Identities {
    /// Reads what `age-keygen` writes: a key a line, empty lines and lines with `#` beside them.
    ///
    /// # Errors
    /// A line that is no key, or no key at all.
    pub fn read(file: String) -> Result<Self, SealError> {
        let file = Zeroizing::new(file);
        let lines = file.lines().map(str::trim);
        let keys = lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| line.parse().map_err(|_| SealError::NoIdentity))
            .collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(SealError::NoIdentity);
        }
        Ok(Self(keys))
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} keys", self.0.len())
    }
}

/// Whether what begins like this is sealed. [`LOOKED_AT`] bytes are enough.
#[must_use]
pub fn is_sealed(beginning: &[u8]) -> bool {
    beginning.starts_with(MAGIC) || beginning.starts_with(ARMOR)
}

/// Whether what begins like this is sealed for keys of a known kind: no passphrase opens it. [`LOOKED_AT`] bytes are enough.
#[must_use]
pub fn is_for_keys(beginning: &[u8]) -> bool {
    let stanza = beginning.strip_prefix(MAGIC).and_then(|rest| {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        rest.get(end + 1..)
    });
    let first = stanza.and_then(|stanza| stanza.strip_prefix(b"-> "));
    let kinds: [&[u8]; 3] = [b"X25519 ", b"ssh-", b"piv-"];
    first.is_some_and(|first| kinds.iter().any(|kind| first.starts_with(kind)))
}

/// Seals what is written to it. Only [`Sealer::finish`] makes it whole.
pub struct Sealer<W: Write>(age::stream::StreamWriter<W>);

impl<W: Write> Sealer<W> {
    /// Writes the header. With a passphrase it takes about half a second, and 128 MiB during it. Blocking.
    ///
    /// # Errors
    /// The sink's.
    pub fn new(lock: &Lock, sink: W) -> Result<Self, SealError> {
        Self::with_work(lock, sink, WORK)
    }

    fn with_work(lock: &Lock, sink: W, work: u8) -> Result<Self, SealError> {
        let encryptor = match lock {
            Lock::Passphrase(Passphrase(words)) => {
                let mut recipient = scrypt::Recipient::new(words.clone());
                recipient.set_work_factor(work);
                Encryptor::with_recipients(std::iter::once(&recipient as &dyn Recipient))
            }
            Lock::Recipients(Recipients(keys)) => {
                Encryptor::with_recipients(keys.iter().map(|key| key as &dyn Recipient))
            }
        };
        let encryptor = encryptor.map_err(|error| SealError::Io(error.to_string()))?;
        let stream = encryptor.wrap_output(sink);
        Ok(Self(
            stream.map_err(|error| SealError::Io(error.to_string()))?,
        ))
    }

    /// Writes the end; gives the sink back.
    ///
    /// # Errors
    /// The sink's.
    pub fn finish(self) -> io::Result<W> {
        self.0.finish()
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<W: Write> fmt::Debug for Sealer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer")
    }
}

type Sealed<R> = BufReader<Chain<Cursor<Vec<u8>>, R>>;

/// What was sealed, as it was. Each piece is given only when it is proved to be unchanged; that nothing is
/// missing is known at the end alone.
pub struct Opened<R: Read>(age::stream::StreamReader<Sealed<R>>);

impl<R: Read> Read for Opened<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                io::Error::new(error.kind(), SealError::Damaged)
            }
            _ => error,
        })
    }
}

impl<R: Read> fmt::Debug for Opened<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opened")
    }
}

/// Opens a sealed file. With a passphrase it takes about a second, and up to 256 MiB during it. Blocking.
///
/// # Errors
/// As [`SealError`] lists them. What reading gives later is told apart by [`SealError::of_reading`].
pub fn open<R: Read>(source: R, key: &Key) -> Result<Opened<R>, SealError> {
    let (header, source) = read_header(source)?;
    let sealed = BufReader::with_capacity(64 * 1024, Cursor::new(header).chain(source));
    let decryptor = Decryptor::new_buffered(sealed).map_err(failed)?;
    let opened = match key {
        Key::Passphrase(Passphrase(words)) => {
            if !decryptor.is_scrypt() {
                return Err(SealError::NeedsIdentity);
            }
            let mut identity = scrypt::Identity::new(words.clone());
            identity.set_max_work_factor(MOST_WORK);
            let opened = decryptor.decrypt(std::iter::once(&identity as &dyn Identity));
            opened.map_err(|error| match failed(error) {
                SealError::WrongIdentity => SealError::WrongPassphrase,
                other => other,
            })
        }
        Key::Identities(Identities(keys)) => {
            if decryptor.is_scrypt() {
                return Err(SealError::NeedsPassphrase);
            }
            decryptor
                .decrypt(keys.iter().map(|key| key as &dyn Identity))
                .map_err(failed)
        }
    };
    opened.map(Opened)
}

/// Reads until the header has ended, so that one without an end does not fill the memory; what was read
/// beyond it is given back as well.
fn read_header<R: Read>(mut source: R) -> Result<(Vec<u8>, R), SealError> {
    let mut header = Vec::new();
    let mut chunk = [0; 1024];
    loop {
        let read = match source.read(&mut chunk) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(SealError::Io(error.to_string())),
        };
        header.extend_from_slice(chunk.get(..read).unwrap_or_default());
        if header.starts_with(ARMOR) {
            return Err(SealError::Armored);
        }
        // The line with the header's proof is its last.
        if header.windows(5).any(|window| window == b"\n--- ") {
            return Ok((header, source));
        }
        let enough = u64::try_from(header.len()).is_ok_and(|length| length >= LONGEST_HEADER);
        let begins = header.len().min(MAGIC.len());
        if read == 0 || enough || header.get(..begins) != MAGIC.get(..begins) {
            return Err(SealError::NotSealed);
        }
    }
}

fn failed(error: DecryptError) -> SealError {
    match error {
        // The proof of the header is made with the file's key: a wrong one gives no such proof.
        DecryptError::DecryptionFailed
        | DecryptError::KeyDecryptionFailed
        | DecryptError::NoMatchingKeys => SealError::WrongIdentity,
        DecryptError::ExcessiveWork { required, .. } => SealError::TooMuchWork(required),
        DecryptError::InvalidHeader | DecryptError::InvalidMac | DecryptError::UnknownFormat => {
            SealError::NotSealed
        }
        DecryptError::Io(error) => match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => SealError::NotSealed,
            _ => SealError::Io(error.to_string()),
        },
    }
}

#[cfg(test)]
mod tests;
