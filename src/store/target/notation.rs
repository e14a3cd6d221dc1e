//! The two notations of a connection string: a URI, and `key=value` pairs.
//!
//! A message about a bad one says which part and at which character, and never quotes it: what stands in the wrong
//! place may be a piece of a password.

use super::TargetError;
use super::parameters::KEYS;
use super::settings::Settings;
use crate::domain::text::nearest;

const NAME: &str = "DATABASE_URL";

fn bad<T>(problem: impl Into<String>) -> Result<T, TargetError> {
    Err(TargetError::new(NAME, problem))
}

/// Reads either notation into settings.
pub(super) fn parse(text: &str) -> Result<Settings, TargetError> {
    let text = text.trim();
    for scheme in ["postgresql://", "postgres://"] {
        if let Some(rest) = text.strip_prefix(scheme) {
            return Uri {
                text: rest,
                offset: scheme.len(),
            }
            .parse();
        }
    }
    if let Some((scheme, _)) = text.split_once("://")
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '+')
    {
        return bad(format!(
            "it begins with {scheme}://, but must begin with postgresql://"
        ));
    }
    if text.contains('=') {
        return pairs(text);
    }
    bad("it is neither a URI (postgresql://…) nor key=value pairs")
}

/// What comes after the scheme; `offset` is where it begins in the whole.
struct Uri<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Uri<'a> {
    fn parse(&self) -> Result<Settings, TargetError> {
        let mut settings = Settings::default();
        let end = self.text.find(['/', '?']).unwrap_or(self.text.len());
        let (authority, rest) = self.text.split_at(end);
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let hosts = match authority.rsplit_once('@') {
            Some((person, hosts)) => {
                let (user, password) = match person.split_once(':') {
                    Some((user, password)) => (user, Some(password)),
                    None => (person, None),
                };
                if !user.is_empty() {
                    settings.set("user", self.decode(user, "the user name")?);
                }
                if let Some(password) = password {
                    settings.set("password", self.decode(password, "the password")?);
                }
                hosts
            }
            None if path.contains('@') => {
                return bad(format!(
                    "after character {}: a '/' or '?' in the user name or password must be written %2F or %3F",
                    self.position(rest)
                ));
            }
            None => authority,
        };
        self.hosts(hosts, &mut settings)?;
        let database = path.strip_prefix('/').unwrap_or(path);
        if !database.is_empty() {
            settings.set("dbname", self.decode(database, "the database name")?);
        }
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            self.parameter(pair, &mut settings)?;
        }
        Ok(settings)
    }

    fn hosts(&self, hosts: &'a str, settings: &mut Settings) -> Result<(), TargetError> {
        if hosts.is_empty() {
            return Ok(());
        }
        let (mut names, mut ports) = (Vec::new(), Vec::new());
        for host in hosts.split(',') {
            let (name, port) = if let Some(inside) = host.strip_prefix('[') {
                let Some((address, after)) = inside.split_once(']') else {
                    return bad(format!(
                        "at character {}: the address has no closing ]",
                        self.position(host)
                    ));
                };
                match after.strip_prefix(':') {
                    Some(port) => (address, port),
                    None if after.is_empty() => (address, ""),
                    None => {
                        return bad(format!(
                            "at character {}: after the ] only a port may follow",
                            self.position(after)
                        ));
                    }
                }
            } else {
                host.split_once(':').unwrap_or((host, ""))
            };
            if !port.is_empty() && !port.parse::<u16>().is_ok_and(|port| port > 0) {
                return bad(format!(
                    "at character {}: the port is not a number from 1 to 65535",
                    self.position(port)
                ));
            }
            names.push(self.decode(name, "the host name")?);
            ports.push(port.to_owned());
        }
        if names.iter().any(|name| !name.is_empty()) {
            settings.set("host", names.join(","));
        }
        if ports.iter().any(|port| !port.is_empty()) {
            settings.set("port", ports.join(","));
        }
        Ok(())
    }

    fn parameter(&self, pair: &'a str, settings: &mut Settings) -> Result<(), TargetError> {
        let Some((key, value)) = pair.split_once('=') else {
            return bad(format!(
                "at character {}: a parameter has no value",
                self.position(pair)
            ));
        };
        let place = || format!("at character {}", self.position(pair));
        let value = self.decode(value, "a parameter's value")?;
        if key == "ssl" && value == "true" {
            settings.set("sslmode", "require".into()); // as JDBC writes it; libpq takes it too
            return Ok(());
        }
        known(key, &place())?;
        settings.set(key, value);
        Ok(())
    }

    /// Which character of the whole a part begins with, counted from one.
    fn position(&self, part: &str) -> usize {
        let bytes = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.offset
            + self
                .text
                .get(..bytes)
                .map_or(0, |before| before.chars().count())
            + 1
    }

    fn decode(&self, part: &str, what: &str) -> Result<String, TargetError> {
        let mut bytes = Vec::with_capacity(part.len());
        let mut rest = part.bytes();
        while let Some(byte) = rest.next() {
            if byte != b'%' {
                bytes.push(byte);
                continue;
            }
            let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
            let (Some(high), Some(low)) = (digit(), digit()) else {
                return bad(format!(
                    "{what} (from character {}) has a % that is not followed by two hexadecimal digits; \
                     a % itself is written %25",
                    self.position(part)
                ));
            };
            match u8::try_from(high * 16 + low) {
                Ok(byte) if byte != 0 => bytes.push(byte),
                _ => {
                    return bad(format!(
                        "{what} (from character {}) has a %00",
                        self.position(part)
                    ));
                }
            }
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(text),
            Err(_) => bad(format!(
                "{what} (from character {}) is not UTF-8",
                self.position(part)
            )),
        }
    }
}

/// Refuses a parameter that libpq does not know. The name is quoted only with the one that was probably meant.
fn known(key: &str, place: &str) -> Result<(), TargetError> {
    if KEYS.contains(&key) {
        return Ok(());
    }
    match nearest(key, KEYS.iter().copied()) {
        Some(meant) => bad(format!(
            "{place}: there is no parameter \"{key}\"; is \"{meant}\" meant?"
        )),
        _ => bad(format!("{place}: there is no such parameter")),
    }
}

/// `key = 'value with spaces' key=value`, with `\'` and `\\` inside.
fn pairs(text: &str) -> Result<Settings, TargetError> {
    let mut settings = Settings::default();
    let mut rest = text.chars().enumerate().peekable();
    loop {
        while rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        let Some(&(start, _)) = rest.peek() else {
            return Ok(settings);
        };
        let mut key = String::new();
        while let Some((_, c)) = rest.next_if(|(_, c)| *c != '=' && !c.is_whitespace()) {
            key.push(c);
        }
        while rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        if rest.next_if(|(_, c)| *c == '=').is_none() {
            return bad(format!(
                "at character {}: a key is not followed by =",
                start + 1
            ));
        }
        while rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        known(&key, &format!("at character {}", start + 1))?;
        let quoted = rest.next_if(|(_, c)| *c == '\'').is_some();
        let (mut value, mut closed) = (String::new(), !quoted);
        while let Some((_, c)) = rest.next_if(|(_, c)| quoted || !c.is_whitespace()) {
            match c {
                '\\' => value.extend(rest.next().map(|(_, escaped)| escaped)),
                '\'' if quoted => {
                    closed = true;
                    break;
                }
                c => value.push(c),
            }
        }
        if !closed {
            return bad(format!(
                "at character {}: the value of {key} has no closing quote",
                start + 1
            ));
        }
        settings.set(&key, value);
    }
}
