//! How the database is reached: which mode, which hosts, as whom, how encrypted.
//!
//! The settings mean what libpq means by them. A password is in none of the texts that come out of here: not in
//! `Debug`, not in a description, not in an error.

mod connect;
mod files;
mod libpq;
mod notation;
mod parameters;
mod prepare;
mod protection;
mod settings;

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_postgres::Config;
use uuid::Uuid;

use tokio_postgres::config::{ChannelBinding, LoadBalanceHosts, SslMode, TargetSessionAttrs};

pub use connect::{acquire, cancel, connect, listening, pool, watched_pool};
pub use libpq::{LibpqEnvironment, libpq};
pub use prepare::{Access, Prepared, Standing, prepare_database, standing};

use super::error::{Place, StoreError};
use super::tls::Protection;

/// The role under which every statement of the program runs, where it can.
pub const APP_ROLE: &str = "wildlands_app";

/// How long a connection may take, where nothing else is said.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The environment, as a function so that tests can give their own.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Whose server it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The private one, which this program starts.
    Embedded,
    /// One that somebody else runs.
    External,
}

/// Whether the environment names a server: `DATABASE_URL`, or a variable of libpq that says where the server is, who
/// connects, or how the connection is protected. Empty variables count as absent.
#[must_use]
pub fn mode(environment: Environment<'_>) -> Mode {
    let set = |name: &&str| environment(name).is_some_and(|value| !value.is_empty());
    if std::iter::once(&"DATABASE_URL")
        .chain(parameters::NAMES_A_SERVER)
        .any(set)
    {
        Mode::External
    } else {
        Mode::Embedded
    }
}

/// Connection settings that cannot be used: which one, where, and why.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
#[error("{source_name}: {problem}")]
pub struct TargetError {
    /// `DATABASE_URL`, the name of a variable, or file and line.
    pub source_name: String,
    /// What is wrong there.
    pub problem: String,
}

impl TargetError {
    fn new(source_name: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            source_name: source_name.into(),
            problem: problem.into(),
        }
    }
}

impl From<TargetError> for StoreError {
    fn from(error: TargetError) -> Self {
        Self::BadAddress(error.to_string())
    }
}

/// A password, which shows itself only to the connection.
#[derive(Clone, PartialEq, Eq)]
struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("●●●●●●")
    }
}

/// One of the servers that may be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Host {
    /// A name, an address, or the directory of a socket.
    name: String,
    /// Where it is, when the name is not to be looked up.
    address: Option<IpAddr>,
    port: u16,
    password: Option<Password>,
}

impl Host {
    fn is_socket(&self) -> bool {
        self.name.starts_with('/') && self.address.is_none()
    }

    /// Whether it is on this machine.
    fn is_here(&self) -> bool {
        let address = self.address.or_else(|| self.name.parse().ok());
        self.is_socket()
            || address.map_or(
                self.name.eq_ignore_ascii_case("localhost"),
                |address: IpAddr| address.is_loopback(),
            )
    }

    fn place(&self) -> String {
        if self.is_socket() {
            format!("{}/.s.PGSQL.{}", self.name, self.port)
        } else if self.name.contains(':') {
            format!("[{}]:{}", self.name, self.port)
        } else {
            format!("{}:{}", self.name, self.port)
        }
    }
}

/// A database and the way to it.
#[derive(Debug, Clone)]
pub struct Target {
    mode: Mode,
    hosts: Vec<Host>,
    user: String,
    database: String,
    protection: Protection,
    session: TargetSessionAttrs,
    channel_binding: ChannelBinding,
    shuffle: bool,
    connect_timeout: Option<Duration>,
    keepalives: Option<Keepalives>,
    user_timeout: Duration,
    application_name: String,
    options: Option<String>,
    warnings: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
struct Keepalives {
    idle: Duration,
    interval: Duration,
    count: u32,
}

impl Keepalives {
    /// A dead link is noticed within half a minute.
    const OURS: Self = Self {
        idle: Duration::from_secs(15),
        interval: Duration::from_secs(5),
        count: 3,
    };
}

const USER_TIMEOUT: Duration = Duration::from_secs(30);

impl Target {
    /// The server that the environment names: `DATABASE_URL` (a URI, or `key=value` pairs), then a service of
    /// `pg_service.conf`, then the `PG*` variables, then libpq's defaults; the password from `~/.pgpass` where
    /// none of them has one.
    ///
    /// # Errors
    /// Where a setting cannot be understood, or asks for something that is not supported.
    pub fn from_env(environment: Environment<'_>) -> Result<Self, TargetError> {
        settings::target(environment)
    }

    /// The private server, over its socket.
    #[must_use]
    pub fn embedded(socket_dir: &Path, port: u16, role: &str, database: &str) -> Self {
        Self {
            mode: Mode::Embedded,
            hosts: vec![Host {
                name: socket_dir.to_string_lossy().into_owned(),
                address: None,
                port,
                password: None,
            }],
            user: role.to_owned(),
            database: database.to_owned(),
            protection: Protection::off(),
            session: TargetSessionAttrs::Any,
            channel_binding: ChannelBinding::Prefer,
            shuffle: false,
            connect_timeout: Some(CONNECT_TIMEOUT),
            keepalives: Some(Keepalives::OURS),
            user_timeout: USER_TIMEOUT,
            application_name: "wildlands".into(),
            options: None,
            warnings: Vec::new(),
        }
    }

    /// The same server and database as another role, without that one's password.
    #[must_use]
    pub fn as_role(&self, role: &str) -> Self {
        let mut other = self.clone();
        role.clone_into(&mut other.user);
        for host in &mut other.hosts {
            host.password = None;
        }
        other
    }

    /// Another database of the same server, as the same role.
    #[must_use]
    pub fn with_database(&self, database: &str) -> Self {
        let mut other = self.clone();
        database.clone_into(&mut other.database);
        other
    }

    /// The same way, with this person as the current user of each session: for the owner of a database who looks after
    /// it, whom forced row-level security binds.
    #[must_use]
    pub fn with_user_setting(&self, user: Uuid) -> Self {
        self.marked(&format!("wildlands.user_id={user}"))
    }

    /// The same with a setting of its own name, which a server keeps for the connection and a pooler refuses or drops.
    #[must_use]
    fn marked(&self, setting: &str) -> Self {
        let mut marked = self.clone();
        let given = marked.options.take().map(|given| given + " ");
        marked.options = Some(format!("{}-c {setting}", given.unwrap_or_default()));
        marked
    }

    /// Whose server it is.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The login role.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &str {
        &self.database
    }

    /// What should be said aloud before this connection is used, such as that it is not verified.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Where it leads, for people: never a password.
    #[must_use]
    pub fn describe(&self) -> String {
        let hosts: Vec<_> = self.hosts.iter().map(Host::place).collect();
        let (hosts, user, database) = (hosts.join(","), &self.user, &self.database);
        if self.hosts.iter().all(Host::is_socket) {
            return format!("postgresql://{user}@/{database} (socket {hosts})");
        }
        format!(
            "postgresql://{user}@{hosts}/{database} ({})",
            self.protection
        )
    }

    /// What the files of unsent writes are bound to: servers, database and user, in a form that is safe in a file.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hosts: Vec<_> = self.hosts.iter().map(Host::place).collect();
        hosts.sort();
        format!("{}|{}|{}", hosts.join(","), self.database, self.user)
    }

    /// What an error may say about it.
    #[must_use]
    pub fn place(&self) -> Place {
        let hosts: Vec<_> = self.hosts.iter().map(Host::place).collect();
        Place {
            server: hosts.join(","),
            user: self.user.clone(),
            database: self.database.clone(),
        }
    }

    /// All servers in one configuration, with the first one's password.
    #[must_use]
    pub fn config(&self) -> Config {
        let mut config = self.base();
        for host in &self.hosts {
            add_host(
                &mut config,
                host,
                self.hosts.iter().any(|host| host.address.is_some()),
            );
        }
        if let Some(Password(password)) = self.hosts.first().and_then(|host| host.password.as_ref())
        {
            config.password(password);
        }
        config.ssl_mode(self.protection.mode.first_try());
        if self.shuffle {
            config.load_balance_hosts(LoadBalanceHosts::Random);
        }
        config
    }

    /// One server's configuration: passwords differ from server to server.
    fn config_for(&self, host: &Host, ssl: SslMode) -> Config {
        let mut config = self.base();
        add_host(&mut config, host, host.address.is_some());
        if let Some(Password(password)) = &host.password {
            config.password(password);
        }
        config.ssl_mode(if host.is_socket() {
            SslMode::Disable
        } else {
            ssl
        });
        config
    }

    fn base(&self) -> Config {
        let mut config = Config::new();
        config
            .user(&self.user)
            .dbname(&self.database)
            .application_name(&self.application_name)
            .target_session_attrs(self.session)
            .channel_binding(self.channel_binding)
            .tcp_user_timeout(self.user_timeout);
        if let Some(timeout) = self.connect_timeout {
            config.connect_timeout(timeout);
        }
        match self.keepalives {
            Some(Keepalives {
                idle,
                interval,
                count,
            }) => {
                config
                    .keepalives_idle(idle)
                    .keepalives_interval(interval)
                    .keepalives_retries(count);
            }
            None => {
                config.keepalives(false);
            }
        }
        if let Some(options) = &self.options {
            config.options(options);
        }
        config
    }
}

fn add_host(config: &mut Config, host: &Host, with_address: bool) {
    if host.is_socket() {
        config.host_path(PathBuf::from(&host.name));
    } else {
        config.host(&host.name);
    }
    if let Some(address) = host.address.filter(|_| with_address) {
        config.hostaddr(address);
    }
    config.port(host.port);
}
