//! A throw-away PostgreSQL server for tests, fresh databases on it, and a link that can be cut.
//!
//! The server is shared by the tests of one process and stopped by the last one that uses it, after a panic too. A
//! watchdog that holds a pipe from the test process stops it and removes its files even when that process is killed.
//! A machine without the server programs fails the test; nothing is skipped.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod certificates;
pub mod proxy;

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use harriswildlands::store::migrate;
use harriswildlands::store::target::Target;
use tokio_postgres::{Client, Config, NoTls};
use uuid::Uuid;

/// The superuser of the server.
pub const SUPERUSER: &str = "postgres";
/// The login role that owns the tables.
pub const OWNER: &str = "wildlands_owner";
/// The login role under which the program works.
pub const APP: &str = "wildlands_app";

const TEMPLATE: &str = "wildlands_template";

/// How a server differs from the plain one: nothing but a Unix socket, everybody trusted.
#[derive(Default, Clone)]
pub struct Options {
    /// Listen on 127.0.0.1 as well, on a free port.
    pub tcp: bool,
    /// Certificate, key and client authority in PEM: `ssl = on`.
    pub tls: Option<ServerTls>,
    /// The lines of `pg_hba.conf`; without them everybody is trusted.
    pub hba: Option<String>,
    /// Further settings, `name=value`.
    pub settings: Vec<String>,
}

/// What a server shows, in PEM.
#[derive(Clone)]
pub struct ServerTls {
    pub certificate: String,
    pub key: String,
    /// Whom client certificates must be signed by.
    pub client_authority: Option<String>,
}

/// A running server. Its last user stops it and removes its files.
pub struct TestServer {
    programs: PathBuf,
    directory: PathBuf,
    port: u16,
    start_options: String,
    watchdog: Mutex<Child>,
    databases: AtomicU32,
}

impl TestServer {
    /// The server that the tests of this process share.
    pub fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<TestServer>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let server = Self::launch(&Options::default());
            *shared = Arc::downgrade(&server);
            server
        })
    }

    /// A server of one's own, to be stopped, starved or given other rules.
    pub fn launch(options: &Options) -> Arc<Self> {
        let programs = programs();
        let directory = tempfile::Builder::new()
            .prefix("wl-test-")
            .tempdir()
            .unwrap()
            .keep();
        give_to_server_user(&directory);
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
        let port = if options.tcp || options.tls.is_some() {
            free_port()
        } else {
            5432
        };
        // The watchdog comes first: from here on, whatever happens, the files go.
        let server = Arc::new(Self {
            watchdog: Mutex::new(watchdog(&programs, &directory)),
            start_options: start_options(&directory, port, options),
            programs,
            directory,
            port,
            databases: AtomicU32::new(0),
        });
        let data = server.data();
        run(server.program("initdb").arg("-D").arg(&data).args([
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]));
        if let Some(tls) = &options.tls {
            server.write("server.crt", &tls.certificate);
            server.write("server.key", &tls.key);
            if let Some(authority) = &tls.client_authority {
                server.write("authority.crt", authority);
            }
        }
        let trusted = "local all all trust\nhost all all 127.0.0.1/32 trust\n";
        let rules = options.hba.as_deref().unwrap_or("");
        // The superuser always gets in over the socket: the tests themselves work that way.
        let rules = if rules.is_empty() {
            trusted.to_owned()
        } else {
            format!("local all postgres trust\n{rules}")
        };
        server.write("data/pg_hba.conf", &rules);
        server.start();
        server.blocking(|server| async move { server.furnish().await });
        server
    }

    /// Runs a future to its end on a thread of its own, whatever runtime the caller is in.
    fn blocking<F, Fut>(self: &Arc<Self>, work: F)
    where
        F: FnOnce(Arc<Self>) -> Fut + Send + 'static,
        Fut: Future<Output = ()>,
    {
        let server = Arc::clone(self);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(work(server));
        });
        thread
            .join()
            .expect("the test server's databases could not be made");
    }

    /// The roles, and the migrated database that all others are copies of.
    async fn furnish(self: Arc<Self>) {
        let superuser = self.client(SUPERUSER, "postgres").await;
        superuser
            .batch_execute(
                "create role wildlands_owner login nosuperuser nocreaterole nobypassrls;
                 create role wildlands_app login nosuperuser nocreaterole nobypassrls;",
            )
            .await
            .unwrap();
        superuser
            .batch_execute(&format!("create database {TEMPLATE} owner {OWNER}"))
            .await
            .unwrap();
        let mut superuser_there = self.client(SUPERUSER, TEMPLATE).await;
        superuser_there
            .batch_execute("set role wildlands_owner")
            .await
            .unwrap();
        migrate::migrate(&mut superuser_there, &mut |_| ())
            .await
            .unwrap();
        superuser_there.batch_execute("reset role").await.unwrap();
        drop(superuser_there);
        self.wait_until_unused(TEMPLATE).await;
    }

    async fn wait_until_unused(&self, database: &str) {
        let superuser = self.client(SUPERUSER, "postgres").await;
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        loop {
            let row = superuser
                .query_one(
                    "select count(*) from pg_stat_activity where datname = $1",
                    &[&database],
                )
                .await
                .unwrap();
            if row.get::<_, i64>(0) == 0 {
                return;
            }
            assert!(
                std::time::Instant::now() < deadline,
                "somebody stays connected to {database}"
            );
            tokio::task::yield_now().await;
        }
    }

    /// A fresh database with the whole schema, owned by [`OWNER`].
    pub async fn database(self: &Arc<Self>) -> TestDatabase {
        self.create(Some(TEMPLATE)).await
    }

    /// A fresh database with nothing in it, owned by [`OWNER`].
    pub async fn empty_database(self: &Arc<Self>) -> TestDatabase {
        self.create(None).await
    }

    async fn create(self: &Arc<Self>, template: Option<&str>) -> TestDatabase {
        let name = format!(
            "test_{}",
            self.databases.fetch_add(1, Ordering::Relaxed) + 1
        );
        let template = template.map_or(String::new(), |template| format!(" template {template}"));
        self.client(SUPERUSER, "postgres")
            .await
            .batch_execute(&format!("create database {name} owner {OWNER}{template}"))
            .await
            .unwrap();
        TestDatabase {
            server: Arc::clone(self),
            name,
        }
    }

    /// A connection over the socket.
    pub async fn client(&self, role: &str, database: &str) -> Client {
        let mut config = Config::new();
        config
            .host_path(self.socket_dir())
            .port(self.port)
            .user(role)
            .dbname(database);
        connect(&config).await
    }

    /// Where the socket is.
    pub fn socket_dir(&self) -> &Path {
        &self.directory
    }

    /// The port, which is also part of the socket's name.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// The directory of the server programs in use.
    pub fn programs(&self) -> &Path {
        &self.programs
    }

    /// Ends the server at once, as a crash does: nothing is written any more.
    pub fn stop_immediate(&self) {
        run(self.program("pg_ctl").arg("-D").arg(self.data()).args([
            "-w",
            "-m",
            "immediate",
            "stop",
        ]));
    }

    /// Starts it (again) on the same port and waits until it answers.
    pub fn start(&self) {
        run(self
            .program("pg_ctl")
            .arg("-D")
            .arg(self.data())
            .arg("-l")
            .arg(self.directory.join("log"))
            .args(["-w", "-o", &self.start_options, "start"]));
    }

    /// One of the server's programs, such as `pg_dump`, told where the server is.
    pub fn tool(&self, name: &str, database: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command
            .env("PGHOST", &self.directory)
            .env("PGPORT", self.port.to_string());
        command.env("PGUSER", SUPERUSER).env("PGDATABASE", database);
        command
    }

    /// What the server wrote to its log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.directory.join("log")).unwrap_or_default()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.directory.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        give_to_server_user(&path);
    }

    fn program(&self, name: &str) -> Command {
        as_server_user(Command::new(self.programs.join(name)))
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let watchdog = self
            .watchdog
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        drop(watchdog.stdin.take()); // the end of the pipe is what it waits for
        let _ = watchdog.wait();
    }
}

/// A database of a [`TestServer`], which lives at least as long.
pub struct TestDatabase {
    /// The server it is on.
    pub server: Arc<TestServer>,
    /// Its name.
    pub name: String,
}

impl TestDatabase {
    /// A connection as the role under which the program works.
    pub async fn app_client(&self) -> Client {
        self.server.client(APP, &self.name).await
    }

    /// A connection as the tables' owner.
    pub async fn owner_client(&self) -> Client {
        self.server.client(OWNER, &self.name).await
    }

    /// A connection as the superuser, for whom there is no row-level security.
    pub async fn superuser_client(&self) -> Client {
        self.server.client(SUPERUSER, &self.name).await
    }

    /// The address for a role, as `DATABASE_URL` has it.
    pub fn url(&self, role: &str) -> String {
        let socket = self
            .server
            .socket_dir()
            .to_str()
            .unwrap()
            .replace('/', "%2F");
        format!(
            "postgresql://{role}@{socket}:{}/{}",
            self.server.port, self.name
        )
    }

    /// The way in as the role under which the program works.
    pub fn target_app(&self) -> Target {
        self.target(APP)
    }

    /// The way in as the tables' owner.
    pub fn target_owner(&self) -> Target {
        self.target(OWNER)
    }

    /// The way in as any role, over the socket.
    pub fn target(&self, role: &str) -> Target {
        Target::embedded(self.server.socket_dir(), self.server.port, role, &self.name)
    }

    /// Makes a person and returns their id.
    pub async fn add_user(&self, username: &str) -> Uuid {
        let id = Uuid::now_v7();
        self.superuser_client()
            .await
            .execute(
                "insert into wildlands.users (id, username, display_name) values ($1, $2, $2)",
                &[&id, &username],
            )
            .await
            .unwrap();
        id
    }
}

/// Connects and lets the connection work in the background of the current runtime.
pub async fn connect(config: &Config) -> Client {
    let (client, connection) = config
        .connect(NoTls)
        .await
        .expect("the test server refuses a connection");
    tokio::spawn(connection);
    client
}

fn start_options(directory: &Path, port: u16, options: &Options) -> String {
    let listen = if options.tcp || options.tls.is_some() {
        "127.0.0.1"
    } else {
        ""
    };
    let mut settings = vec![
        format!("listen_addresses={listen}"),
        format!("port={port}"),
        format!("unix_socket_directories={}", directory.display()),
        // What was committed survives the end of the processes, though not of the machine.
        "fsync=off".into(),
        "full_page_writes=off".into(),
        "max_connections=200".into(),
        "shared_buffers=32MB".into(),
    ];
    if let Some(tls) = &options.tls {
        settings.push("ssl=on".into());
        settings.push(format!(
            "ssl_cert_file={}",
            directory.join("server.crt").display()
        ));
        settings.push(format!(
            "ssl_key_file={}",
            directory.join("server.key").display()
        ));
        if tls.client_authority.is_some() {
            settings.push(format!(
                "ssl_ca_file={}",
                directory.join("authority.crt").display()
            ));
        }
    }
    settings.extend(options.settings.iter().cloned());
    settings
        .iter()
        .map(|setting| format!("-c '{setting}'"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// A shell that waits for the end of a pipe which only the test process holds open, and then tidies up. It has a
/// process group of its own, so that what ends the tests' group does not end it too.
fn watchdog(programs: &Path, directory: &Path) -> Child {
    let script =
        r#"read -r _; "$0/pg_ctl" -D "$1/data" -m immediate -w stop >/dev/null 2>&1; rm -rf "$1""#;
    as_server_user(Command::new("/bin/sh"))
        .args(["-c", script])
        .arg(programs)
        .arg(directory)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap()
}

fn run(command: &mut Command) {
    // To files, not pipes: a server that stays in the background would hold a pipe open.
    let output = tempfile::tempfile().unwrap();
    let status = command
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(output.try_clone().unwrap())
        .stderr(output.try_clone().unwrap())
        .status()
        .unwrap();
    if !status.success() {
        use std::io::{Read, Seek};
        let (mut output, mut text) = (output, String::new());
        output.rewind().unwrap();
        output.read_to_string(&mut text).unwrap();
        panic!("{command:?} failed: {text}");
    }
}

/// Root may not run a server: then its programs run as `postgres`, else as `nobody`.
fn server_user() -> Option<(u32, u32)> {
    if !nix::unistd::Uid::effective().is_root() {
        return None;
    }
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| nix::unistd::User::from_name(name).ok().flatten())
        .map(|user| (user.uid.as_raw(), user.gid.as_raw()))
}

fn as_server_user(mut command: Command) -> Command {
    if let Some((user, group)) = server_user() {
        command.uid(user).gid(group);
    }
    command
}

fn give_to_server_user(path: &Path) {
    if let Some((user, group)) = server_user() {
        chown(path, Some(user), Some(group)).unwrap();
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// The directory of the newest server programs: the explicit setting, then the usual places.
fn programs() -> PathBuf {
    if let Some(explicit) = std::env::var_os("WILDLANDS_PG_BINDIR") {
        return explicit.into();
    }
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for root in [
        "/usr/lib/postgresql",
        "/opt/homebrew/opt",
        "/usr/local/opt",
        "/usr",
    ] {
        for entry in fs::read_dir(root).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let version = name
                .trim_start_matches("postgresql@")
                .trim_start_matches("pgsql-")
                .parse();
            let bin = entry.path().join("bin");
            if let Ok(version) = version
                && bin.join("initdb").exists()
            {
                found.push((version, bin));
            }
        }
    }
    let configured = || {
        let output = Command::new("pg_config").arg("--bindir").output().ok()?;
        let bin = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
        bin.join("initdb").exists().then_some(bin)
    };
    found
        .into_iter()
        .max()
        .map(|(_, bin)| bin)
        .or_else(configured)
        .expect(
            "no PostgreSQL server programs found: run scripts/setup, or set WILDLANDS_PG_BINDIR",
        )
}
