//! The same way to a database for programs that use libpq (`pg_dump`, `pg_restore`): by its variables, never by
//! arguments, which every user of the machine could read.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use tokio_postgres::config::{ChannelBinding, TargetSessionAttrs};

use super::{Host, Password, Target};
use crate::store::tls::{Mode, Verification};

/// Where systems keep the authorities that they trust: libpq before version 16 knows no word for them.
const AUTHORITIES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Variables for a program that uses libpq. No `Debug`: a password may be among them. The file of passwords, where one is
/// needed, goes with it.
pub struct LibpqEnvironment {
    variables: Vec<(&'static str, OsString)>,
    _passwords: Option<NamedTempFile>,
}

impl LibpqEnvironment {
    /// Names and values.
    pub fn variables(&self) -> impl Iterator<Item = (&'static str, &OsString)> {
        self.variables.iter().map(|(name, value)| (*name, value))
    }
}

/// The variables that lead libpq where this target leads.
///
/// # Errors
/// Where the servers have different passwords and a file for them cannot be made.
pub fn libpq(target: &Target) -> io::Result<LibpqEnvironment> {
    let mut variables: Vec<(&'static str, OsString)> = Vec::new();
    let mut set = |name: &'static str, value: OsString| variables.push((name, value));
    let hosts = |pick: fn(&Host) -> String| {
        let all: Vec<String> = target.hosts.iter().map(pick).collect();
        OsString::from(all.join(","))
    };
    set("PGHOST", hosts(|host| host.name.clone()));
    set("PGPORT", hosts(|host| host.port.to_string()));
    if target.hosts.iter().any(|host| host.address.is_some()) {
        let address = |host: &Host| host.address.map_or(String::new(), |ip| ip.to_string());
        set("PGHOSTADDR", hosts(address));
    }
    set("PGUSER", OsString::from(&target.user));
    set("PGDATABASE", OsString::from(&target.database));
    set("PGAPPNAME", OsString::from(&target.application_name));
    if let Some(options) = &target.options {
        set("PGOPTIONS", OsString::from(options));
    }
    if let Some(timeout) = target.connect_timeout {
        set("PGCONNECT_TIMEOUT", timeout.as_secs().to_string().into());
    }
    if target.session == TargetSessionAttrs::ReadWrite {
        set("PGTARGETSESSIONATTRS", "read-write".into());
    }
    if target.channel_binding == ChannelBinding::Require {
        set("PGCHANNELBINDING", "require".into());
    }
    for (name, value) in protection(target) {
        set(name, value);
    }
    let mut passwords = None;
    let mut given = target.hosts.iter().map(|host| host.password.as_ref());
    let first = given.next().flatten();
    match first {
        // Nothing else is looked up: what a file of passwords has is in the target already.
        None if given.all(|other| other.is_none()) => set("PGPASSFILE", "/dev/null".into()),
        Some(Password(password)) if given.all(|other| other == first) => {
            set("PGPASSWORD", OsString::from(password));
        }
        _ => {
            let file = password_file(target)?;
            set("PGPASSFILE", file.path().into());
            passwords = Some(file);
        }
    }
    Ok(LibpqEnvironment {
        variables,
        _passwords: passwords,
    })
}

fn protection(target: &Target) -> Vec<(&'static str, OsString)> {
    if target.hosts.iter().all(Host::is_socket) {
        return vec![("PGSSLMODE", "disable".into())];
    }
    let protection = &target.protection;
    let mode = match protection.mode {
        Mode::Disable => "disable",
        Mode::Allow => "allow",
        Mode::Prefer => "prefer",
        Mode::Require => "require",
        Mode::VerifyCa => "verify-ca",
        Mode::VerifyFull => "verify-full",
    };
    let mut variables = vec![("PGSSLMODE", OsString::from(mode))];
    let roots: Option<PathBuf> = match &protection.verification {
        Verification::None => None,
        Verification::Chain(file) | Verification::Full(Some(file)) => Some(file.clone()),
        Verification::Full(None) => {
            let known = AUTHORITIES.iter().map(Path::new).find(|file| file.exists());
            Some(known.map_or_else(|| PathBuf::from("system"), Path::to_path_buf))
        }
    };
    if let Some(roots) = roots {
        variables.push(("PGSSLROOTCERT", roots.into()));
    }
    if let Some((certificate, key)) = &protection.identity {
        variables.push(("PGSSLCERT", certificate.into()));
        variables.push(("PGSSLKEY", key.into()));
    }
    variables
}

/// A private file in the format of `~/.pgpass`, with the password of each server.
fn password_file(target: &Target) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix(".wildlands-").tempfile()?;
    let escaped = |text: &str| text.replace('\\', "\\\\").replace(':', "\\:");
    for host in &target.hosts {
        if let Some(Password(password)) = &host.password {
            // libpq looks the name up as it is written, and the address where there is no name.
            let (name, port) = (escaped(&host.name), host.port);
            let (user, password) = (escaped(&target.user), escaped(password));
            writeln!(file, "{name}:{port}:*:{user}:{password}")?;
        }
    }
    file.flush()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn of(url: &str) -> (Target, LibpqEnvironment) {
        let url = url.to_owned();
        let environment = move |name: &str| (name == "DATABASE_URL").then(|| url.clone());
        let target = Target::from_env(&environment).unwrap();
        let libpq = libpq(&target).unwrap();
        (target, libpq)
    }

    fn value(libpq: &LibpqEnvironment, name: &str) -> Option<String> {
        let mut all = libpq.variables();
        let found = all.find(|(known, _)| *known == name)?;
        Some(found.1.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_server_its_user_password_and_protection_are_carried_over() {
        let url = "postgresql://ann:se%2Fcret@db.example:6432/journal?sslmode=verify-ca&sslrootcert=/etc/ca.pem";
        let (_, libpq) = of(url);
        let value = |name| value(&libpq, name).unwrap_or_default();
        assert_eq!(
            (value("PGHOST"), value("PGPORT")),
            ("db.example".into(), "6432".into())
        );
        assert_eq!(value("PGUSER"), "ann");
        assert_eq!(value("PGDATABASE"), "journal");
        assert_eq!(value("PGPASSWORD"), "se/cret");
        assert_eq!(value("PGSSLMODE"), "verify-ca");
        assert_eq!(value("PGSSLROOTCERT"), "/etc/ca.pem");
    }

    #[test]
    fn verification_by_the_systems_authorities_is_never_weakened() {
        let (_, libpq) = of("postgresql://ann@db.example/journal?sslmode=verify-full");
        assert_eq!(value(&libpq, "PGSSLMODE").unwrap(), "verify-full");
        assert!(value(&libpq, "PGSSLROOTCERT").is_some());
        assert_eq!(value(&libpq, "PGPASSWORD"), None);
    }

    #[test]
    fn a_socket_is_a_directory_and_has_no_tls() {
        let target = Target::embedded(Path::new("/run/w"), 5432, "postgres", "wildlands");
        let libpq = libpq(&target).unwrap();
        assert_eq!(value(&libpq, "PGHOST").unwrap(), "/run/w");
        assert_eq!(value(&libpq, "PGSSLMODE").unwrap(), "disable");
    }
}
