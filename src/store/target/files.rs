//! The two files libpq reads: passwords (`~/.pgpass`) and services (`pg_service.conf`).

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::TargetError;
use super::parameters::KEYS;
use super::settings::Settings;

/// The lines of a password file, already without escapes.
#[derive(Default)]
pub(super) struct PasswordFile {
    lines: Vec<Vec<String>>,
    /// Why the file is not used, where that must be said.
    pub(super) warning: Option<String>,
}

impl PasswordFile {
    /// A file that is missing is no error. One that others may read is not used, as with libpq.
    pub(super) fn read(path: &Path) -> Self {
        let Ok(facts) = fs::metadata(path) else {
            return Self::default();
        };
        let warn = |words: &str| Self {
            lines: Vec::new(),
            warning: Some(format!("The password file {} {words}.", path.display())),
        };
        if !facts.is_file() {
            return warn("is not used: it is not a plain file");
        }
        if facts.mode() & 0o077 != 0 {
            return warn("is not used: others may read it; run chmod 600 on it");
        }
        match fs::read_to_string(path) {
            Ok(text) => Self {
                lines: text.lines().filter_map(fields).collect(),
                warning: None,
            },
            Err(error) => warn(&format!("cannot be read: {error}")),
        }
    }

    /// The password of the first line that fits.
    pub(super) fn password(
        &self,
        host: &str,
        port: u16,
        database: &str,
        user: &str,
    ) -> Option<String> {
        let port = port.to_string();
        let wanted = [host, &port, database, user];
        let line = self.lines.iter().find(|line| {
            line.iter()
                .zip(wanted)
                .all(|(field, wanted)| field == "*" || unescape(field) == wanted)
        })?;
        line.get(4).map(|password| unescape(password))
    }
}

/// `host:port:database:user:password`; a line of another form is left out.
fn fields(line: &str) -> Option<Vec<String>> {
    if line.starts_with('#') {
        return None;
    }
    let mut fields = vec![String::new()];
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        // Escapes stay in until a field is compared: an escaped star is not a wildcard.
        let last = fields.last_mut()?;
        match c {
            '\\' => {
                last.push('\\');
                last.extend(rest.next());
            }
            ':' => fields.push(String::new()),
            c => last.push(c),
        }
    }
    (fields.len() == 5).then_some(fields)
}

fn unescape(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    let mut rest = field.chars();
    while let Some(c) = rest.next() {
        text.extend(if c == '\\' { rest.next() } else { Some(c) });
    }
    text
}

/// The settings of a service, where the file exists and has it.
pub(super) fn service(path: &Path, name: &str) -> Result<Option<Settings>, TargetError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let problem = format!("it cannot be read: {error}");
            return Err(TargetError::new(path.display().to_string(), problem));
        }
    };
    let mut found: Option<Settings> = None;
    for (number, line) in text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
    {
        let bad =
            |problem: String| TargetError::new(format!("{}:{number}", path.display()), problem);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(section) = line.strip_prefix('[') {
            if found.is_some() {
                break;
            }
            if section.strip_suffix(']') == Some(name) {
                found = Some(Settings::default());
            }
            continue;
        }
        let Some(settings) = &mut found else { continue };
        let Some((key, value)) = line.split_once('=') else {
            return Err(bad("a line of a service is key=value".into()));
        };
        let (key, value) = (key.trim(), value.trim());
        if key == "service" {
            return Err(bad("a service cannot name another one".into()));
        }
        if !KEYS.contains(&key) {
            return Err(bad("there is no such parameter".into()));
        }
        if settings.get(key).is_none() {
            settings.set(key, value.to_owned());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn why_a_file_cannot_be_read_is_said() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("libpq");
        assert!(service(&file, "x").unwrap().is_none());
        fs::write(&file, b"[x]\nhost=\xff\n").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let error = service(&file, "x").err().unwrap().to_string();
        assert!(error.ends_with("cannot be read: stream did not contain valid UTF-8"));
        let warning = PasswordFile::read(&file).warning.unwrap();
        assert!(warning.contains("cannot be read: stream"), "{warning}");
    }
}
