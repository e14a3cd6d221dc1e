//! libpq's parameters, from wherever they come, and what they mean for a target.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_postgres::config::{ChannelBinding, TargetSessionAttrs};

use super::files::{PasswordFile, service};
use super::parameters::VARIABLES;
use super::protection::protection;
use super::{
    CONNECT_TIMEOUT, Environment, Host, Keepalives, Mode, Password, Target, TargetError,
    USER_TIMEOUT, notation,
};
use crate::store::tls::Protection;

/// Parameters by name. No `Debug`: a password is among them.
#[derive(Default, Clone)]
pub(super) struct Settings(BTreeMap<String, String>);

impl Settings {
    pub(super) fn set(&mut self, key: &str, value: String) {
        self.0.insert(key.to_owned(), value);
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0
            .get(key)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// Takes what is not set yet.
    fn fill(&mut self, other: Self) {
        for (key, value) in other.0 {
            self.0.entry(key).or_insert(value);
        }
    }

    fn list(&self, key: &str) -> Vec<&str> {
        self.get(key)
            .map_or_else(Vec::new, |value| value.split(',').map(str::trim).collect())
    }

    fn number<T: std::str::FromStr>(&self, key: &str) -> Result<Option<T>, TargetError> {
        let wrong = |value: &str| TargetError::new(key, format!("\"{value}\" is not a number"));
        self.get(key)
            .map(|value| value.trim().parse().map_err(|_| wrong(value)))
            .transpose()
    }

    /// Refuses what would be silently disregarded although it was asked for.
    fn refuse(&self, key: &str, harmless: &[&str]) -> Result<(), TargetError> {
        match self.get(key) {
            Some(value) if !harmless.contains(&value) => Err(TargetError::new(
                key,
                "this parameter is not supported; leave it out",
            )),
            _ => Ok(()),
        }
    }
}

pub(super) fn target(environment: Environment<'_>) -> Result<Target, TargetError> {
    let variable = |name: &str| environment(name).filter(|value| !value.is_empty());
    let home = variable("HOME").map(PathBuf::from);
    let mut from_variables = Settings::default();
    for (name, key) in VARIABLES {
        if let Some(value) = variable(name) {
            from_variables.set(key, value);
        }
    }
    let mut settings = match variable("DATABASE_URL") {
        Some(text) => notation::parse(&text)?,
        None => Settings::default(),
    };
    let named = settings
        .get("service")
        .or(from_variables.get("service"))
        .map(str::to_owned);
    if let Some(name) = named {
        let file = settings
            .get("servicefile")
            .or(from_variables.get("servicefile"))
            .map(PathBuf::from);
        settings.fill(find_service(
            &name,
            file,
            home.as_deref(),
            variable("PGSYSCONFDIR"),
        )?);
    }
    settings.fill(from_variables);
    refuse_unsupported(&settings)?;
    build(&settings, home.as_deref())
}

fn find_service(
    name: &str,
    file: Option<PathBuf>,
    home: Option<&Path>,
    system: Option<String>,
) -> Result<Settings, TargetError> {
    let own = file.or_else(|| home.map(|home| home.join(".pg_service.conf")));
    let system = system.unwrap_or_else(|| "/etc/postgresql-common".into());
    for path in own
        .iter()
        .cloned()
        .chain([Path::new(&system).join("pg_service.conf")])
    {
        if let Some(found) = service(&path, name)? {
            return Ok(found);
        }
    }
    let files = own.map_or(String::new(), |own| format!("{} or ", own.display()));
    Err(TargetError::new(
        "service",
        format!("\"{name}\" is not defined in {files}{system}/pg_service.conf"),
    ))
}

fn refuse_unsupported(settings: &Settings) -> Result<(), TargetError> {
    settings.refuse("sslpassword", &[])?;
    settings.refuse("sslcrl", &[])?;
    settings.refuse("sslcrldir", &[])?;
    settings.refuse("require_auth", &[])?;
    settings.refuse("sslnegotiation", &["postgres"])?;
    settings.refuse("sslsni", &["1"])?;
    settings.refuse("gssencmode", &["disable", "prefer"])?;
    settings.refuse(
        "client_encoding",
        &["auto", "UTF8", "utf8", "UTF-8", "utf-8"],
    )?;
    settings.refuse("ssl_min_protocol_version", &["TLSv1", "TLSv1.1", "TLSv1.2"])?;
    settings.refuse("ssl_max_protocol_version", &["TLSv1.3"])
}

fn build(settings: &Settings, home: Option<&Path>) -> Result<Target, TargetError> {
    let user = match settings.get("user") {
        Some(user) => user.to_owned(),
        None => system_user()?,
    };
    let database = settings.get("dbname").unwrap_or(&user).to_owned();
    let mut hosts = hosts(settings)?;
    let mut warnings = Vec::new();
    warnings.extend(give_passwords(&mut hosts, settings, home, &database, &user));
    let protection = if hosts.iter().all(Host::is_socket) {
        Protection::off()
    } else {
        protection(settings, home)?
    };
    // What never leaves this machine need not be protected on the way.
    warnings.extend(
        protection
            .warning()
            .filter(|_| !hosts.iter().all(Host::is_here)),
    );
    Ok(Target {
        mode: Mode::External,
        hosts,
        user,
        database,
        protection,
        session: session(settings)?,
        channel_binding: channel_binding(settings)?,
        shuffle: shuffle(settings)?,
        connect_timeout: match settings.number::<i64>("connect_timeout")? {
            None => Some(CONNECT_TIMEOUT),
            Some(seconds) if seconds <= 0 => None, // libpq: wait for ever
            Some(seconds) => Some(Duration::from_secs(seconds.unsigned_abs().max(2))),
        },
        keepalives: keepalives(settings)?,
        user_timeout: match settings.number("tcp_user_timeout")? {
            None | Some(0) => USER_TIMEOUT,
            Some(milliseconds) => Duration::from_millis(milliseconds),
        },
        application_name: settings
            .get("application_name")
            .or(settings.get("fallback_application_name"))
            .unwrap_or("wildlands")
            .to_owned(),
        options: settings.get("options").map(str::to_owned),
        warnings,
    })
}

/// The password that is said, or for each server the one of the password file. Returns what is wrong with that file.
fn give_passwords(
    hosts: &mut [Host],
    settings: &Settings,
    home: Option<&Path>,
    database: &str,
    user: &str,
) -> Option<String> {
    if let Some(password) = settings.get("password") {
        for host in hosts {
            host.password = Some(Password(password.to_owned()));
        }
        return None;
    }
    let own = || home.map(|home| home.join(".pgpass"));
    let file = PasswordFile::read(&settings.get("passfile").map(PathBuf::from).or_else(own)?);
    for host in hosts {
        // A socket in the usual place is called localhost in that file.
        let usual = host.is_socket() && SOCKET_DIRECTORIES.contains(&host.name.as_str());
        let name = if usual { "localhost" } else { &host.name };
        host.password = file.password(name, host.port, database, user).map(Password);
    }
    file.warning
}

fn shuffle(settings: &Settings) -> Result<bool, TargetError> {
    match settings.get("load_balance_hosts") {
        None | Some("disable") => Ok(false),
        Some("random") => Ok(true),
        Some(_) => Err(TargetError::new(
            "load_balance_hosts",
            "the values are disable and random",
        )),
    }
}

/// Where a server's socket is where nobody says otherwise: Debian's place, then PostgreSQL's own.
const SOCKET_DIRECTORIES: [&str; 3] = ["/var/run/postgresql", "/run/postgresql", "/tmp"];

fn hosts(settings: &Settings) -> Result<Vec<Host>, TargetError> {
    let (names, addresses, ports) = (
        settings.list("host"),
        settings.list("hostaddr"),
        settings.list("port"),
    );
    let count = names.len().max(addresses.len()).max(1);
    if !names.is_empty() && !addresses.is_empty() && names.len() != addresses.len() {
        return Err(TargetError::new(
            "hostaddr",
            "there must be as many addresses as hosts",
        ));
    }
    if ports.len() > 1 && ports.len() != count {
        return Err(TargetError::new(
            "port",
            "there must be one port, or as many as hosts",
        ));
    }
    (0..count)
        .map(|index| {
            let port = match ports
                .get(index)
                .or(ports.first())
                .copied()
                .unwrap_or_default()
            {
                "" => 5432,
                text => text.parse().ok().filter(|port| *port > 0).ok_or_else(|| {
                    TargetError::new(
                        "port",
                        format!("\"{text}\" is not a number from 1 to 65535"),
                    )
                })?,
            };
            let address = match addresses.get(index).copied().unwrap_or_default() {
                "" => None,
                text => Some(text.parse::<IpAddr>().map_err(|_| {
                    TargetError::new("hostaddr", format!("\"{text}\" is not an IP address"))
                })?),
            };
            let name = match (names.get(index).copied().unwrap_or_default(), address) {
                ("", Some(address)) => address.to_string(),
                ("", None) => default_socket(port),
                (name, _) => name.to_owned(),
            };
            Ok(Host {
                name,
                address,
                port,
                password: None,
            })
        })
        .collect()
}

fn default_socket(port: u16) -> String {
    let name = format!(".s.PGSQL.{port}");
    let found = SOCKET_DIRECTORIES
        .iter()
        .find(|directory| Path::new(directory).join(&name).exists());
    (*found.unwrap_or(&SOCKET_DIRECTORIES[0])).to_owned()
}

fn session(settings: &Settings) -> Result<TargetSessionAttrs, TargetError> {
    match settings.get("target_session_attrs") {
        None | Some("any") => Ok(TargetSessionAttrs::Any),
        Some("read-write" | "primary") => Ok(TargetSessionAttrs::ReadWrite),
        Some(word) => Err(TargetError::new(
            "target_session_attrs",
            format!("\"{word}\" is not supported: the program writes; use read-write or any"),
        )),
    }
}

fn channel_binding(settings: &Settings) -> Result<ChannelBinding, TargetError> {
    match settings.get("channel_binding") {
        None | Some("prefer") => Ok(ChannelBinding::Prefer),
        Some("disable") => Ok(ChannelBinding::Disable),
        Some("require") => Ok(ChannelBinding::Require),
        Some(_) => Err(TargetError::new(
            "channel_binding",
            "the values are disable, prefer and require",
        )),
    }
}

fn keepalives(settings: &Settings) -> Result<Option<Keepalives>, TargetError> {
    if settings.get("keepalives") == Some("0") {
        return Ok(None);
    }
    let seconds = |key: &str, ours: Duration| {
        settings.number(key).map(|value| match value {
            None | Some(0) => ours,
            Some(value) => Duration::from_secs(value),
        })
    };
    Ok(Some(Keepalives {
        idle: seconds("keepalives_idle", Keepalives::OURS.idle)?,
        interval: seconds("keepalives_interval", Keepalives::OURS.interval)?,
        count: settings
            .number("keepalives_count")?
            .unwrap_or(Keepalives::OURS.count),
    }))
}

fn system_user() -> Result<String, TargetError> {
    let uid = nix::unistd::geteuid();
    let user = nix::unistd::User::from_uid(uid).ok().flatten();
    user.map(|user| user.name).ok_or_else(|| {
        TargetError::new(
            "user",
            format!("the system has no name for user {uid}; set PGUSER"),
        )
    })
}
