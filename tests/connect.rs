//! Ways to a database and what stands in them: settings, files, TLS, passwords, lost servers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::too_many_lines)] // a table of cases is read in one piece

mod support;

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

use harriswildlands::store::error::StoreError;
use harriswildlands::store::target::{
    Mode, Target, TargetError, acquire, connect, mode, pool, prepare_database,
};
use support::certificates::Authority;
use support::proxy::Proxy;
use support::{Options, TestServer, free_port};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_postgres::config::Host;

const SECRET: &str = "s3cr3t-Pass";

/// A target from these variables and no others.
fn target(variables: &[(&str, &str)]) -> Result<Target, TargetError> {
    let variables: HashMap<_, _> = variables.iter().copied().collect();
    Target::from_env(&|name| variables.get(name).map(ToString::to_string))
}

fn from_url(url: &str) -> Result<Target, TargetError> {
    target(&[("DATABASE_URL", url)])
}

// ---------------------------------------------------------------- settings

#[test]
fn any_variable_that_names_a_server_makes_it_external() {
    let with = |set: &'static str, value: &'static str| {
        mode(&move |name| (name == set).then(|| value.into()))
    };
    for name in [
        "DATABASE_URL",
        "PGHOST",
        "PGHOSTADDR",
        "PGPORT",
        "PGUSER",
        "PGDATABASE",
        "PGSERVICE",
        "PGSERVICEFILE",
        "PGPASSWORD",
    ] {
        assert_eq!(with(name, "x"), Mode::External, "{name}");
        assert_eq!(with(name, ""), Mode::Embedded, "{name} is empty");
    }
    for name in ["PGAPPNAME", "PGDATA", "PGCONNECT_TIMEOUT", "PATH"] {
        assert_eq!(with(name, "x"), Mode::Embedded, "{name}");
    }
}

#[test]
fn a_uri_is_read_as_libpq_reads_it() {
    let read = from_url("postgresql://br%40ce:p%3Aw%2F@one:5433,[2001:db8::1]:5434,three/jour%20nal?sslmode=verify-full&connect_timeout=7&application_name=a%26b").unwrap();
    let config = read.config();
    assert_eq!(config.get_user(), Some("br@ce"));
    assert_eq!(config.get_password(), Some(&b"p:w/"[..]));
    assert_eq!(config.get_dbname(), Some("jour nal"));
    assert_eq!(
        config.get_hosts(),
        ["one", "2001:db8::1", "three"].map(|host| Host::Tcp(host.into()))
    );
    assert_eq!(config.get_ports(), [5433, 5434, 5432]);
    assert_eq!(config.get_connect_timeout(), Some(&Duration::from_secs(7)));
    assert_eq!(config.get_application_name(), Some("a&b"));
    assert!(config.get_keepalives() && config.get_tcp_user_timeout().is_some());
    assert_eq!(
        read.describe(),
        "postgresql://br@ce@one:5433,[2001:db8::1]:5434,three:5432/jour nal (TLS verify-full)"
    );

    let socket = from_url("postgres://bruce@%2Frun%2Fpg:5544").unwrap();
    assert_eq!(socket.config().get_hosts(), [Host::Unix("/run/pg".into())]);
    assert_eq!(
        (socket.config().get_ports(), socket.database()),
        (&[5544_u16][..], "bruce")
    );
    let parameter = from_url("postgresql:///journal?host=/run/pg&user=bruce&port=1").unwrap();
    assert_eq!(
        parameter.config().get_hosts(),
        [Host::Unix("/run/pg".into())]
    );
    let pairs =
        from_url(r"host=one port = 5433 user='br uce' password='it\'s \\' dbname=j").unwrap();
    assert_eq!(pairs.user(), "br uce");
    assert_eq!(pairs.config().get_password(), Some(&br"it's \"[..]));
    let nobody = from_url("postgresql://localhost/x").unwrap();
    assert!(!nobody.user().is_empty(), "the system's user is taken");
}

#[test]
fn a_bad_address_says_what_and_where_and_never_the_password() {
    for (url, says) in [
        ("mysql://u:s3cr3t-Pass@h/d", "postgresql://"),
        ("nonsense", "neither"),
        (
            "postgresql://u:s3cr3t-Pass@h:port/d",
            "character 30: the port",
        ),
        ("postgresql://u:s3cr3t-Pass@h:99999/d", "1 to 65535"),
        ("postgresql://u:s3cr3t-Pass@[::1/d", "closing ]"),
        ("postgresql://u:s3cr3t-Pass%zz@h/d", "hexadecimal"),
        ("postgresql://u:s3cr3t-Pass%00@h/d", "%00"),
        ("postgresql://u:s3cr3t-Pass%ff@h/d", "UTF-8"),
        ("postgresql://u:x/s3cr3t-Pass@h/d", "%2F"),
        ("postgresql://u:x?s3cr3t-Pass@h/d", "character"),
        (
            "postgresql://u:s3cr3t-Pass@h/d?sslmod=require",
            "is \"sslmode\" meant",
        ),
        (
            "postgresql://u:s3cr3t-Pass@h/d?sslmode=verify",
            "verify-full",
        ),
        (
            "postgresql://u:s3cr3t-Pass@h/d?sslmode=verify-ca",
            "sslrootcert",
        ),
        (
            "postgresql://u:s3cr3t-Pass@h/d?sslrootcert=system&sslmode=require",
            "verify-full",
        ),
        (
            "postgresql://u:s3cr3t-Pass@h/d?target_session_attrs=standby",
            "read-write",
        ),
        ("postgresql://u:s3cr3t-Pass@h/d?sslcrl=/x", "not supported"),
        (
            "postgresql://u:s3cr3t-Pass@h,i/d?hostaddr=127.0.0.1",
            "as many",
        ),
        ("host=h password='s3cr3t-Pass", "closing quote"),
        ("host=h s3cr3t-Pass user=x", "followed by ="),
        (
            "host=h connect_timeout=soon password=s3cr3t-Pass",
            "not a number",
        ),
    ] {
        let error = from_url(url).expect_err(url);
        let shown = format!("{error} {error:?} {:?}", StoreError::from(error.clone()));
        assert!(shown.contains(says), "{url}: {shown}");
        assert!(!shown.contains("s3cr3t"), "{url}: {shown}");
    }
    let good = from_url("postgresql://u:s3cr3t-Pass@h/d").unwrap();
    let shown = format!(
        "{good:?} {} {} {:?} {:?}",
        good.describe(),
        good.fingerprint(),
        good.config(),
        good.place()
    );
    assert!(!shown.contains("s3cr3t"), "{shown}");
}

#[test]
fn variables_services_and_password_files_fill_what_is_not_said() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, mode: u32, text: &str| {
        let path = home.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let home_path = home.path().to_str().unwrap();
    write(
        ".pg_service.conf",
        0o644,
        "# mine\n[other]\nhost=no\n[journal]\nhost=db.example\nport=5499\nuser=bruce\n\n[last]\nhost=no\n",
    );
    write(
        ".pgpass",
        0o600,
        "# host:port:database:user:password\nbad line\ndb.example:5499:j\\:d:bruce:fir\\:st\\\\\n*:5499:*:bruce:any\nlocalhost:*:*:*:here\n",
    );
    let password = |target: &Target| {
        String::from_utf8(target.config().get_password().unwrap_or_default().to_vec()).unwrap()
    };

    // What the address says goes before the service, that before the variables.
    let read = target(&[
        ("HOME", home_path),
        ("PGSERVICE", "journal"),
        ("PGUSER", "variable"),
        ("PGPORT", "1"),
        ("PGDATABASE", "j:d"),
    ])
    .unwrap();
    assert_eq!(
        read.describe(),
        "postgresql://bruce@db.example:5499/j:d (TLS if the server offers it, not guaranteed)"
    );
    assert_eq!(password(&read), r"fir:st\");
    let read = target(&[
        ("HOME", home_path),
        ("DATABASE_URL", "postgresql:///x?service=journal&user=eve"),
    ])
    .unwrap();
    assert_eq!((read.user(), password(&read).as_str()), ("eve", ""));
    let read = target(&[
        ("HOME", home_path),
        ("PGSERVICE", "journal"),
        ("PGDATABASE", "else"),
    ])
    .unwrap();
    assert_eq!(password(&read), "any");
    let read = target(&[
        ("HOME", home_path),
        ("PGHOST", "/var/run/postgresql"),
        ("PGUSER", "u"),
    ])
    .unwrap();
    assert_eq!(
        password(&read),
        "here",
        "a socket in the usual place is called localhost"
    );
    let read = target(&[("HOME", home_path), ("PGHOST", "/else"), ("PGUSER", "u")]).unwrap();
    assert_eq!(password(&read), "");
    let read = target(&[
        ("HOME", home_path),
        ("PGSERVICE", "journal"),
        ("PGPASSWORD", SECRET),
    ])
    .unwrap();
    assert_eq!(password(&read), SECRET);

    // One password for each server.
    let several = write("several", 0o600, "one:*:*:*:first\ntwo:*:*:*:second\n");
    let read = target(&[
        ("PGHOST", "one,two"),
        ("PGUSER", "u"),
        ("PGPASSFILE", &several),
    ])
    .unwrap();
    assert!(
        password(&read) == "first" && read.warnings().len() == 1,
        "{:?}",
        read.warnings()
    );

    let error = target(&[("HOME", home_path), ("PGSERVICE", "absent")]).unwrap_err();
    assert!(
        error.to_string().contains("\"absent\" is not defined in"),
        "{error}"
    );
    let broken = write("services", 0o600, "[journal]\nhost=h\nhots=i\n");
    let error = target(&[("PGSERVICEFILE", &broken), ("PGSERVICE", "journal")]).unwrap_err();
    assert!(
        error.to_string().starts_with(&format!("{broken}:3:")),
        "{error}"
    );

    let open = write("open", 0o644, "*:*:*:*:x\n");
    let read = target(&[
        ("PGHOST", "localhost"),
        ("PGUSER", "u"),
        ("PGPASSFILE", &open),
    ])
    .unwrap();
    assert_eq!(password(&read), "");
    assert!(
        read.warnings()[0].contains("chmod 600"),
        "{:?}",
        read.warnings()
    );
}

#[test]
fn what_is_not_verified_is_said_aloud() {
    let warned = |url: &str| from_url(url).unwrap().warnings().join(" ");
    assert!(warned("postgresql://u@h/d?sslmode=require").contains("not verified"));
    assert!(warned("postgresql://u@h/d").contains("may be unencrypted"));
    assert!(warned("postgresql://u@h/d?sslmode=disable").contains("not encrypted"));
    for quiet in [
        "postgresql://u@h/d?sslmode=verify-full",
        "postgresql://u@localhost/d",
        "postgresql://u@[::1]/d",
        "postgresql://u@%2Frun/d",
    ] {
        assert_eq!(warned(quiet), "", "{quiet}");
    }
}

#[test]
fn the_files_of_unsent_writes_belong_to_one_database_and_user() {
    let print = |url: &str| from_url(url).unwrap().fingerprint();
    assert_eq!(
        print("postgresql://u:one@a,b/d"),
        print("postgresql://u:two@b,a/d")
    );
    assert_ne!(print("postgresql://u@a/d"), print("postgresql://u@a/e"));
    assert_ne!(print("postgresql://u@a/d"), print("postgresql://v@a/d"));
    assert_ne!(print("postgresql://u@a/d"), print("postgresql://u@a:1/d"));
}

// ---------------------------------------------------------------- TLS and passwords, on a real server

struct Secure {
    server: Arc<TestServer>,
    authority: Authority,
    home: tempfile::TempDir,
}

impl Secure {
    /// Takes only encrypted connections, with a password, and those of `by_certificate` with a certificate.
    async fn start() -> Self {
        let authority = Authority::new("Test Authority");
        let server = TestServer::launch(&Options {
            tls: Some(authority.server("db.example")),
            hba: Some("hostssl all by_certificate 127.0.0.1/32 cert\nhostssl all all 127.0.0.1/32 scram-sha-256\n".into()),
            ..Options::default()
        });
        server
            .client(support::SUPERUSER, "postgres")
            .await
            .batch_execute(&format!(
                "create role bruce login password '{SECRET}'; create role by_certificate login"
            ))
            .await
            .unwrap();
        let secure = Self {
            server,
            authority,
            home: tempfile::tempdir().unwrap(),
        };
        secure.file("ca.pem", &secure.authority.certificate);
        secure.file(
            "other.pem",
            &Authority::new("Another Authority").certificate,
        );
        secure
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn target(&self, host: &str, more: &str) -> Target {
        let more = more.replace('~', self.home.path().to_str().unwrap());
        let port = self.server.port();
        let url =
            format!("postgresql://bruce:{SECRET}@{host}:{port}/postgres?hostaddr=127.0.0.1&{more}");
        target(&[
            ("DATABASE_URL", &url),
            ("HOME", self.home.path().to_str().unwrap()),
        ])
        .unwrap()
    }

    async fn encrypted(&self, host: &str, more: &str) -> Result<bool, StoreError> {
        let client = connect(&self.target(host, more)).await?;
        let row = client
            .query_typed_one(
                "select ssl from pg_stat_ssl where pid = pg_backend_pid()",
                &[],
            )
            .await
            .unwrap();
        Ok(row.get(0))
    }
}

#[tokio::test]
async fn sslmode_means_what_libpq_means() {
    let secure = Secure::start().await;
    for good in [
        "sslmode=verify-full&sslrootcert=~/ca.pem",
        "sslmode=verify-full&sslrootcert=~/ca.pem&channel_binding=require",
        "sslmode=verify-ca&sslrootcert=~/ca.pem",
        "sslmode=require",
        "sslmode=prefer",
        "sslmode=allow",
        "",
    ] {
        assert_eq!(
            secure.encrypted("db.example", good).await,
            Ok(true),
            "{good}"
        );
    }
    assert_eq!(
        secure
            .encrypted("else.example", "sslmode=verify-ca&sslrootcert=~/ca.pem")
            .await,
        Ok(true)
    );
    for (host, settings, says) in [
        (
            "else.example",
            "sslmode=verify-full&sslrootcert=~/ca.pem",
            "another host name",
        ),
        (
            "127.0.0.1",
            "sslmode=verify-full&sslrootcert=~/ca.pem",
            "another host name",
        ),
        (
            "db.example",
            "sslmode=verify-full&sslrootcert=~/other.pem",
            "not trusted",
        ),
        (
            "db.example",
            "sslmode=verify-ca&sslrootcert=~/other.pem",
            "not trusted",
        ),
        (
            "db.example",
            "sslmode=require&sslrootcert=~/other.pem",
            "not trusted",
        ),
        (
            "db.example",
            "sslmode=verify-full&sslrootcert=system",
            "not trusted",
        ),
        ("db.example", "sslmode=verify-full", "not trusted"),
    ] {
        match secure.encrypted(host, settings).await {
            Err(error @ StoreError::Certificate { .. }) => {
                assert!(error.to_string().contains(says), "{settings}: {error}");
            }
            other => panic!("{settings}: {other:?}"),
        }
    }
    let refused = secure
        .encrypted("db.example", "sslmode=disable")
        .await
        .unwrap_err();
    assert!(matches!(refused, StoreError::Refused { .. }), "{refused:?}");
    let absent = secure
        .encrypted("db.example", "sslmode=require&sslrootcert=~/absent.pem")
        .await
        .unwrap_err();
    assert!(
        matches!(&absent, StoreError::BadAddress(words) if words.contains("absent.pem")),
        "{absent:?}"
    );

    // An authority in the usual place makes `require` verify, as with libpq.
    secure.file(
        ".postgresql/root.crt",
        &fs::read_to_string(secure.home.path().join("other.pem")).unwrap(),
    );
    let error = secure
        .encrypted("db.example", "sslmode=require")
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Certificate { .. }), "{error:?}");
    secure.file(".postgresql/root.crt", &secure.authority.certificate);
    assert_eq!(
        secure.encrypted("else.example", "sslmode=require").await,
        Ok(true)
    );
    assert_eq!(
        secure.target("else.example", "sslmode=require").warnings(),
        [""; 0]
    );

    // A server that has signed its own certificate is trusted by that certificate.
    fs::copy(
        secure.server.socket_dir().join("server.crt"),
        secure.home.path().join("own.pem"),
    )
    .unwrap();
    assert_eq!(
        secure
            .encrypted("db.example", "sslmode=verify-full&sslrootcert=~/own.pem")
            .await,
        Ok(true)
    );

    let (certificate, key) = secure.authority.sign("by_certificate");
    secure.file("client.crt", &certificate);
    secure.file("client.key", &key);
    let with = "sslmode=verify-full&sslrootcert=~/ca.pem&user=by_certificate&sslcert=~/client.crt&sslkey=~/client.key";
    assert_eq!(secure.encrypted("db.example", with).await, Ok(true));
    fs::set_permissions(
        secure.home.path().join("client.key"),
        fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    let open = secure.encrypted("db.example", with).await.unwrap_err();
    assert!(
        matches!(&open, StoreError::BadAddress(words) if words.contains("chmod 600")),
        "{open:?}"
    );
}

#[tokio::test]
async fn each_failure_to_connect_is_told_apart_without_the_password() {
    let secure = Secure::start().await;
    let (port, plain) = (
        secure.server.port(),
        TestServer::launch(&Options {
            tcp: true,
            ..Options::default()
        }),
    );
    let try_url = async |url: &str| {
        connect(&from_url(url).unwrap())
            .await
            .map(drop)
            .expect_err(url)
    };
    let mut seen = Vec::new();

    let error = try_url(&format!(
        "postgresql://bruce:{SECRET}wrong@127.0.0.1:{port}/postgres"
    ))
    .await;
    assert!(
        matches!(error, StoreError::WrongPassword { .. }),
        "{error:?}"
    );
    seen.push(error);
    let error = try_url(&format!("postgresql://bruce@127.0.0.1:{port}/postgres")).await;
    assert!(
        matches!(&error, StoreError::WrongPassword { reason, .. } if reason.contains("none")),
        "{error:?}"
    );
    seen.push(error);
    let error = try_url(&format!(
        "postgresql://bruce:{SECRET}@127.0.0.1:{port}/absent"
    ))
    .await;
    assert!(
        matches!(&error, StoreError::UnknownDatabase { database, .. } if database == "absent"),
        "{error:?}"
    );
    seen.push(error);
    let error = try_url(&format!(
        "postgresql://bruce:{SECRET}@127.0.0.1:{}/x",
        free_port()
    ))
    .await;
    assert!(
        matches!(error, StoreError::ServerAbsent { .. }),
        "{error:?}"
    );
    seen.push(error);
    let error = try_url("postgresql://bruce@%2Fabsent/x").await;
    assert!(
        matches!(error, StoreError::ServerAbsent { .. }),
        "{error:?}"
    );
    seen.push(error);
    let error = try_url(&format!(
        "postgresql://bruce:{SECRET}@no-such-host.invalid/x?connect_timeout=5"
    ))
    .await;
    assert!(
        matches!(
            error,
            StoreError::ServerAbsent { .. } | StoreError::Timeout { .. }
        ),
        "{error:?}"
    );
    seen.push(error);
    let plain_url = format!(
        "postgresql://bruce:{SECRET}@127.0.0.1:{}/postgres",
        plain.port()
    );
    let error = try_url(&format!("{plain_url}?sslmode=require")).await;
    assert!(
        matches!(&error, StoreError::Certificate { reason, .. } if reason.contains("does not support TLS"))
            && error.advice().contains("ssl = on"),
        "{error:?}"
    );
    seen.push(error);
    let error = try_url(&plain_url).await; // no such role
    assert!(matches!(error, StoreError::Refused { .. }), "{error:?}");
    seen.push(error);

    // A listener that never says a word.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let held = silent.local_addr().unwrap().port();
    let error = try_url(&format!(
        "postgresql://u:{SECRET}@127.0.0.1:{held}/x?connect_timeout=2&sslmode=disable"
    ))
    .await;
    assert!(matches!(error, StoreError::Timeout { .. }), "{error:?}");
    seen.push(error);

    for error in seen {
        let shown = format!("{error} {error:?} {}", error.advice());
        assert!(
            !shown.contains("s3cr3t") && !error.advice().is_empty(),
            "{shown}"
        );
        assert!([69, 75].contains(&error.exit_code()), "{shown}");
    }
}

#[tokio::test]
async fn a_server_that_is_too_old_is_named() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut start = [0; 1024];
        let _ = stream.read(&mut start).await.unwrap();
        // Authentication is done; the version; ready for a query.
        let mut answer = b"R\0\0\0\x08\0\0\0\0".to_vec();
        let parameter = b"server_version\x0013.14 (Old)\0";
        answer.push(b'S');
        answer.extend(u32::try_from(parameter.len() + 4).unwrap().to_be_bytes());
        answer.extend(parameter);
        answer.extend(b"Z\0\0\0\x05I");
        stream.write_all(&answer).await.unwrap();
        let _ = stream.read(&mut start).await;
    });
    let target = from_url(&format!(
        "postgresql://u@127.0.0.1:{port}/x?sslmode=disable"
    ))
    .unwrap();
    let error = connect(&target).await.map(drop).unwrap_err();
    assert_eq!(
        error,
        StoreError::TooOld {
            found: "13.14".into()
        }
    );
    assert!(error.to_string().contains("14 or newer"));
}

#[tokio::test]
async fn of_several_servers_the_one_that_takes_writes_is_found() {
    let standby = TestServer::launch(&Options {
        tcp: true,
        ..Options::default()
    });
    let superuser = standby.client(support::SUPERUSER, "postgres").await;
    superuser
        .batch_execute("alter system set default_transaction_read_only = on")
        .await
        .unwrap();
    drop(superuser);
    standby.stop_immediate();
    standby.start();
    let primary = TestServer::launch(&Options {
        tcp: true,
        ..Options::default()
    });
    let hosts = format!(
        "127.0.0.1:{},127.0.0.1:{},127.0.0.1:{}",
        free_port(),
        standby.port(),
        primary.port()
    );
    let url = |attributes: &str| format!("postgresql://postgres@{hosts}/postgres?{attributes}");
    let reached = async |attributes: &str| {
        let client = connect(&from_url(&url(attributes)).unwrap()).await?;
        let row = client
            .query_typed_one("select current_setting('port')::int", &[])
            .await
            .unwrap();
        Ok::<_, StoreError>(row.get::<_, i32>(0))
    };
    assert_eq!(
        reached("target_session_attrs=read-write").await,
        Ok(i32::from(primary.port()))
    );
    assert_eq!(
        reached("target_session_attrs=any").await,
        Ok(i32::from(standby.port())),
        "a read-only setting of a role may be turned off"
    );
    primary.stop_immediate();
    let error = reached("target_session_attrs=read-write")
        .await
        .unwrap_err();
    assert_eq!(
        error,
        StoreError::ReadOnly,
        "that one takes no writes says more than that another is absent"
    );
}

// ---------------------------------------------------------------- errors of statements, lost links

#[tokio::test]
async fn what_a_server_refuses_is_classified_by_its_code_and_without_its_words() {
    let database = TestServer::shared().database().await;
    let client = database.app_client().await;
    for (code, class, transient) in [
        ("53100", "Full", true),
        ("53300", "Busy", true),
        ("57P03", "Busy", true),
        ("40001", "Busy", true),
        ("40P01", "Busy", true),
        ("25006", "ReadOnly", true),
        ("57014", "Timeout", true),
        ("57P01", "LinkLost", true),
        ("08006", "LinkLost", true),
        ("23505", "Constraint", false),
        ("23514", "Constraint", false),
        ("22021", "BadValue", false),
        ("42501", "Forbidden", false),
        ("42601", "Unexpected", false),
        ("XX000", "Unexpected", false),
    ] {
        let raise = format!(
            "do $$ begin raise exception 'words: {SECRET}' using errcode = '{code}', detail = '{SECRET}', hint = '{SECRET}'; end $$"
        );
        let error = StoreError::from(client.batch_execute(&raise).await.unwrap_err());
        let shown = format!("{error:?} {error} {}", error.advice());
        assert!(shown.starts_with(class), "{code}: {shown}");
        assert!(!shown.contains("s3cr3t"), "{shown}");
        assert_eq!(error.is_transient(), transient, "{code}");
        assert_eq!(
            error.rejects_write(),
            ["22", "23"].contains(&&code[..2]),
            "{code}: only a value that is not taken takes a write out"
        );
    }
    client
        .batch_execute("begin; set local statement_timeout = 50")
        .await
        .unwrap();
    let slow = StoreError::from(
        client
            .batch_execute("select pg_sleep(30)")
            .await
            .unwrap_err(),
    );
    assert!(matches!(slow, StoreError::Timeout { .. }), "{slow:?}");
}

#[tokio::test]
async fn a_cut_link_is_noticed_and_the_pool_recovers() {
    let database = TestServer::shared().database().await;
    let server = &database.server;
    let proxy = Proxy::before(server.socket_dir(), server.port());
    let way = Target::embedded(
        proxy.socket_dir(),
        proxy.port(),
        support::APP,
        &database.name,
    );
    let pool = pool(&way).unwrap();
    assert_eq!(pool.status().max_size, 2);
    let client = acquire(&pool, &way).await.unwrap();
    client.query_typed("select 1", &[]).await.unwrap();
    assert_eq!(proxy.connections(), 1);
    proxy.cut();
    let error = StoreError::from(client.query_typed("select 1", &[]).await.unwrap_err());
    assert!(matches!(error, StoreError::LinkLost { .. }), "{error:?}");
    drop(client);
    let error = acquire(&pool, &way).await.map(drop).unwrap_err();
    assert!(
        matches!(&error, StoreError::ServerAbsent { server, .. } if server.contains(".s.PGSQL.")),
        "{error:?}"
    );
    proxy.heal();
    let client = acquire(&pool, &way).await.unwrap();
    client.query_typed("select 1", &[]).await.unwrap();
}

#[tokio::test]
async fn a_server_that_was_killed_is_absent_and_then_back_with_what_was_committed() {
    let server = TestServer::launch(&Options::default());
    let database = server.empty_database().await;
    let way = database.target_owner();
    prepare_database(&way, &mut |_| ()).await.unwrap();
    let client = connect(&way).await.unwrap();
    server.stop_immediate();
    let error = StoreError::from(client.query_typed("select 1", &[]).await.unwrap_err());
    assert!(matches!(error, StoreError::LinkLost { .. }), "{error:?}");
    let error = connect(&way).await.map(drop).unwrap_err();
    assert!(
        matches!(error, StoreError::ServerAbsent { .. }),
        "{error:?}"
    );
    server.start();
    let again = prepare_database(&way, &mut |_| ()).await.unwrap();
    assert_eq!(again.applied.versions, Vec::<i32>::new());
}

#[test]
fn a_test_server_is_gone_after_its_last_user_with_its_files() {
    let server = TestServer::launch(&Options::default());
    let (directory, data) = (server.socket_dir().to_owned(), server.data());
    let pid: u32 = fs::read_to_string(data.join("postmaster.pid"))
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    drop(server);
    assert!(!directory.exists());
    // A process that has ended and that nobody has asked about yet has no command line.
    let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    assert!(command.is_empty(), "{}", String::from_utf8_lossy(&command));
}
