#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::*;

/// Made by version 1.1.1 of the tool `age`: for a key, and with the passphrase below.
const FOR_A_KEY: &str = "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSByd0wvQmRwQTRhdDc0bTVEUUx4eFBRSGFwY21tVEFiblRnZHZWU1VSbVFnCmZtNjU1RlFoUXBZYnRhQ2lGQ2lxcjdTalM2Z0ZhRDkyUTJwbFlGencyOEUKLS0tIGJoM3dIaTFhYnZQV1Z0SWoxN0V3MW5sbWhiR2h1bXNqQlYwQjU4dEVzOWcKm3rrsliJac2RK0xm5mxtkCJJDX2+4F6xZ7KJC2NqR7F7Lt6alXvAsbqHCg6HjeE=";
const WITH_WORDS: &str = "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCA4MWwvS0lKMXJwYkpQbmFqQnY4QVZ3IDE4CjB0ckFBbVBEKzZyY3loa055dUhYdkFBRkF5NzlCVHo5ZnZxdGFmQ2hPSmMKLS0tIFZGdngxZGR0Y0NLbjF5cGdnTXJyUXkwMjhUMUpYcWVIWTdvTk1nUkR3L1EKxBLrxY+1hLukbY4i53WJGIvuQC0LQ/VIR2eNnwptw6po9hASzaRPVo8EbCusG3A=";
const RECIPIENT: &str = "age1t2835z6mq546cg0qg3g6mamsez43dv2cjg5ec6sqdf2suxs7xp4qjfy7yn";
const IDENTITY: &str = "# created: 2026-11-28T07:31:33Z\n\nAGE-SECRET-KEY-1NVM9EXAY4HFCGCDQP9M5626JDW9ENHQ83M9CRKDARY6UA889YD9Q522AQA\n";

fn words(words: &str) -> Passphrase {
    Passphrase::new(words.to_owned()).unwrap()
}

fn key() -> Key {
    Key::Identities(Identities::read(IDENTITY.to_owned()).unwrap())
}

fn sealed(content: &[u8], lock: &Lock, work: u8) -> Vec<u8> {
    let mut sealer = Sealer::with_work(lock, Vec::new(), work).unwrap();
    sealer.write_all(content).unwrap();
    sealer.finish().unwrap()
}

fn read<R: Read>(opened: Result<Opened<R>, SealError>) -> Result<Vec<u8>, SealError> {
    let mut content = Vec::new();
    let read = opened?.read_to_end(&mut content);
    read.map_err(|error| SealError::of_reading(&error))?;
    Ok(content)
}

/// More than three pieces of the format, none like another.
fn content() -> Vec<u8> {
    (0..200_000_u32)
        .map(|n| (n.wrapping_mul(n) / 7) as u8)
        .collect()
}

/// Gives one byte at a time, as a slow link may.
struct Slow<R>(R);

impl<R: Read> Read for Slow<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = into.len().min(1);
        self.0.read(&mut into[..length])
    }
}

#[test]
fn what_the_tool_made_is_opened() {
    for (made, key) in [
        (WITH_WORDS, Key::Passphrase(words("correct horse"))),
        (FOR_A_KEY, key()),
    ] {
        let made = BASE64_STANDARD.decode(made).unwrap();
        assert!(is_sealed(&made[..LOOKED_AT]));
        assert_eq!(
            read(open(made.as_slice(), &key)).unwrap(),
            b"made elsewhere\n"
        );
    }
}

#[test]
fn what_was_sealed_is_opened_as_it_was_and_shows_nothing() {
    let recipients = Recipients::read([RECIPIENT]).unwrap();
    for (lock, key) in [
        (
            Lock::Passphrase(words("ünï 🌲")),
            Key::Passphrase(words("ünï 🌲")),
        ),
        (Lock::Recipients(recipients), key()),
    ] {
        for content in [
            content(),
            Vec::new(),
            vec![b'n'; 65_536],
            b"needle".to_vec(),
        ] {
            let made = sealed(&content, &lock, 4);
            assert!(!made.windows(6).any(|window| window == b"needle"));
            assert_eq!(read(open(Slow(made.as_slice()), &key)).unwrap(), content);
        }
    }
}

#[test]
fn the_header_is_that_of_the_format() {
    let made = sealed(b"x", &Lock::Passphrase(words("x")), 4);
    let header = String::from_utf8_lossy(&made);
    let mut lines = header.lines();
    assert_eq!(lines.next(), Some("age-encryption.org/v1"));
    let stanza: Vec<&str> = lines.next().unwrap().split(' ').collect();
    assert_eq!(
        (stanza[0], stanza[1], stanza[2].len(), stanza[3]),
        ("->", "scrypt", 22, "4")
    );
    assert_eq!(lines.next().map(str::len), Some(43));
    assert!(lines.next().unwrap().starts_with("--- "));
    assert_ne!(
        made,
        sealed(b"x", &Lock::Passphrase(words("x")), 4),
        "no salt"
    );
}

#[test]
fn the_wrong_key_is_said_to_be_wrong() {
    let lock = Lock::Passphrase(words("right"));
    let made = sealed(b"needle", &lock, 4);
    let wrong = |made: &[u8], key: &Key| read(open(made, key)).unwrap_err();
    let other = Key::Passphrase(words("wrong"));
    assert_eq!(wrong(&made, &other), SealError::WrongPassphrase);
    assert_eq!(wrong(&made, &key()), SealError::NeedsPassphrase);
    assert!(!is_for_keys(&made[..LOOKED_AT]));
    let made = BASE64_STANDARD.decode(FOR_A_KEY).unwrap();
    assert_eq!(wrong(&made, &other), SealError::NeedsIdentity);
    assert!(is_for_keys(&made[..LOOKED_AT]) && !is_for_keys(b"age-encryption.org/v1\n"));
    let stranger = x25519::Identity::generate();
    let stranger = Key::Identities(Identities(vec![stranger]));
    assert_eq!(wrong(&made, &stranger), SealError::WrongIdentity);
}

#[test]
fn what_is_cut_off_or_changed_is_never_taken_for_whole() {
    let lock = Lock::Passphrase(words("x"));
    let key = Key::Passphrase(words("x"));
    let made = sealed(&content(), &lock, 4);
    for length in (0..made.len()).step_by(1_117).chain([made.len() - 1]) {
        let error = read(open(&made[..length], &key)).unwrap_err();
        let expected = [SealError::Damaged, SealError::NotSealed];
        assert!(expected.contains(&error), "{length}: {error:?}");
    }
    for place in (0..made.len()).step_by(1_117).chain(0..200) {
        let mut changed = made.clone();
        changed[place] ^= 1;
        assert!(read(open(changed.as_slice(), &key)).is_err(), "{place}");
    }
    let mut longer = made.clone();
    longer.push(0);
    assert_eq!(
        read(open(longer.as_slice(), &key)).unwrap_err(),
        SealError::Damaged
    );
}

#[test]
fn a_file_that_wants_too_much_is_refused_before_it_gets_it() {
    let key = Key::Passphrase(words("x"));
    let made = sealed(b"x", &Lock::Passphrase(words("x")), 4);
    let text = String::from_utf8_lossy(&made[..60]).into_owned();
    let at = text.find(" 4\n").unwrap();
    for (written, work) in [("19", 19), ("63", 63)] {
        let mut dear = made[..at].to_vec();
        dear.extend_from_slice(format!(" {written}\n").as_bytes());
        dear.extend_from_slice(&made[at + 3..]);
        assert_eq!(
            open(dear.as_slice(), &key).unwrap_err(),
            SealError::TooMuchWork(work)
        );
    }
    // A header without an end, of lines or of one.
    for line in [
        "-> x y\nAAAA\n".as_bytes(),
        b"-> x ",
        &[b'A'; 1000],
        &[0xff],
    ] {
        let endless = line.iter().copied().cycle();
        let endless = Endless(b"age-encryption.org/v1\n".iter().copied().chain(endless));
        assert_eq!(open(endless, &key).unwrap_err(), SealError::NotSealed);
    }
    let armored = b"-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n";
    assert!(is_sealed(armored));
    assert_eq!(
        open(armored.as_slice(), &key).unwrap_err(),
        SealError::Armored
    );
    for other in [b"".as_slice(), b"{\"format\":", b"age", b"\n--- "] {
        assert!(!is_sealed(other));
        assert_eq!(open(other, &key).unwrap_err(), SealError::NotSealed);
    }
}

struct Endless<I>(I);

impl<I: Iterator<Item = u8>> Read for Endless<I> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        for (place, byte) in into.iter_mut().zip(&mut self.0) {
            *place = byte;
        }
        Ok(into.len())
    }
}

#[test]
fn keys_are_read_and_never_shown() {
    assert_eq!(
        Passphrase::new(String::new()).unwrap_err(),
        SealError::NoPassphrase
    );
    assert_eq!(
        Recipients::read(["nobody"]).unwrap_err(),
        SealError::NoRecipient
    );
    assert!(Recipients::read([]).is_err());
    for file in ["", "# nothing\n", "nobody\n"] {
        let error = Identities::read(file.to_owned()).unwrap_err();
        assert_eq!(error, SealError::NoIdentity);
    }
    let shown = format!(
        "{:?} {:?} {:?}",
        words("needle"),
        Key::Passphrase(words("needle")),
        key()
    );
    assert!(
        !shown.contains("needle") && !shown.contains("NVM9"),
        "{shown}"
    );
}
