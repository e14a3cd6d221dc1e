//! Opening connections: each server in turn, with and without encryption as `sslmode` says, and a small pool.
//!
//! A pooled connection holds no state between transactions, because a pooler behind it may hand it to somebody else:
//! nothing here sets, prepares or locks anything in a session.

use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, Runtime};
use futures_util::StreamExt as _;
use futures_util::stream::poll_fn;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::types::Type;
use tokio_postgres::{AsyncMessage, Client, Config, Connection, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Host, Target};
use crate::store::error::{OLDEST_SERVER, Place, StoreError};

/// One for the person's requests, one for what takes longer.
const CONNECTIONS: usize = 2;

/// Opens one connection, which works in the background of the current runtime until the client is dropped.
///
/// # Errors
/// What stands in the way, by the server that came furthest.
pub async fn connect(target: &Target) -> Result<Client, StoreError> {
    let link = Link::new(target)?;
    let attempt = async { link.open().await.map_err(|failure| failure.error()) };
    let opened = match target.total_timeout() {
        Some(limit) => tokio::time::timeout(limit, attempt)
            .await
            .unwrap_or_else(|_| {
                Err(StoreError::Timeout {
                    doing: format!("connecting to {}", target.place().server),
                })
            }),
        None => attempt.await,
    };
    let opened = opened?;
    opened.check_version()?;
    Ok(opened.client)
}

/// Set on a connection as it begins, and asked for afterwards: where a pooler answers, it is not there.
const MARK: (&str, &str) = ("wildlands.direct", "yes");

/// A connection as [`connect`] opens it, and what is told on it; the channel ends with the connection. Nothing where
/// a pooler stands before the database and hands out its connections one transaction at a time.
///
/// # Errors
/// As [`connect`]; a pooler that refuses the mark is told as the refusal that it is.
pub async fn listening(
    target: &Target,
) -> Result<Option<(Client, mpsc::UnboundedReceiver<String>)>, StoreError> {
    let (told, heard) = mpsc::unbounded_channel();
    let (name, value) = MARK;
    let mut link = Link::new(&target.marked(&format!("{name}={value}")))?;
    link.told = Some(told);
    let opened = link.open().await.map_err(|failure| failure.error())?;
    let ask = "select coalesce(current_setting($1, true), '')";
    let row = opened
        .client
        .query_typed_one(ask, &[(&name, Type::TEXT)])
        .await?;
    let is_direct = row.try_get::<_, String>(0)? == value;
    Ok(is_direct.then_some((opened.client, heard)))
}

/// Asks the server to stop what this connection is doing.
///
/// # Errors
/// What stands in the way of asking. Whether it did stop shows in the answer to what was asked.
pub async fn cancel(target: &Target, client: &Client) -> Result<(), StoreError> {
    let token = client.cancel_token();
    match Link::new(target)?.tls {
        Some(tls) => token.cancel_query(tls).await?,
        None => token.cancel_query(NoTls).await?,
    }
    Ok(())
}

/// A pool of at most two connections. They are opened when they are needed.
///
/// # Errors
/// Where a certificate or key file cannot be used.
pub fn pool(target: &Target) -> Result<Pool, StoreError> {
    pool_of(target, Link::new(target)?)
}

/// A pool as [`pool`], which notifies when a connection ends that the pool still has.
///
/// # Errors
/// As [`pool`].
pub fn watched_pool(target: &Target, lost: Arc<Notify>) -> Result<Pool, StoreError> {
    let mut link = Link::new(target)?;
    link.lost = Some(lost);
    pool_of(target, link)
}

fn pool_of(target: &Target, link: Link) -> Result<Pool, StoreError> {
    let manager = Manager::from_connect(target.config(), link, ManagerConfig::default());
    Pool::builder(manager)
        .max_size(CONNECTIONS)
        .runtime(Runtime::Tokio1)
        .create_timeout(target.total_timeout())
        .build()
        .map_err(|error| StoreError::Internal {
            what: error.to_string(),
        })
}

/// A connection from the pool, once one of the two is free, with errors that say where it was to lead.
///
/// # Errors
/// As [`connect`].
pub async fn acquire(pool: &Pool, target: &Target) -> Result<Object, StoreError> {
    pool.get().await.map_err(|error| match error {
        deadpool_postgres::PoolError::Backend(error) => {
            StoreError::from_connect(&error, &target.place())
        }
        other => other.into(),
    })
}

impl Target {
    /// The time for all servers together: to connect, to agree on encryption and to sign in.
    fn total_timeout(&self) -> Option<Duration> {
        let hosts = u32::try_from(self.hosts.len()).unwrap_or(1);
        self.connect_timeout.map(|each| each.saturating_mul(hosts))
    }
}

/// The way to a target, ready to be gone.
struct Link {
    target: Target,
    tls: Option<MakeRustlsConnect>,
    lost: Option<Arc<Notify>>,
    /// Where notifications of the server go.
    told: Option<mpsc::UnboundedSender<String>>,
}

/// A connection and the task that works it.
struct Opened {
    client: Client,
    task: JoinHandle<()>,
    /// As the server says it, such as `15.8 (Debian 15.8-0+deb12u1)`.
    version: String,
}

struct Failure {
    error: tokio_postgres::Error,
    place: Place,
}

impl Failure {
    fn error(&self) -> StoreError {
        StoreError::from_connect(&self.error, &self.place)
    }
}

impl Link {
    fn new(target: &Target) -> Result<Self, StoreError> {
        Ok(Self {
            target: target.clone(),
            tls: target.protection.connector()?,
            lost: None,
            told: None,
        })
    }

    /// The first server that lets us in. Where none does, the failure of the one that came furthest: that a
    /// password is wrong on one server says more than that another is absent.
    async fn open(&self) -> Result<Opened, Failure> {
        let mut told: Option<Failure> = None;
        for host in in_order(&self.target.hosts, self.target.shuffle) {
            match self.open_host(host).await {
                Ok(opened) => return Ok(opened),
                Err(failure) => {
                    let says_more = told.as_ref().is_none_or(|told| {
                        matches!(
                            told.error(),
                            StoreError::ServerAbsent { .. } | StoreError::Timeout { .. }
                        )
                    });
                    if says_more {
                        told = Some(failure);
                    }
                }
            }
        }
        match told {
            Some(failure) => Err(failure),
            // A target has a host always; without one the library says so.
            None => open(&Config::new(), None, None)
                .await
                .map_err(|error| Failure {
                    error,
                    place: self.target.place(),
                }),
        }
    }

    async fn open_host(&self, host: &Host) -> Result<Opened, Failure> {
        let mode = self.target.protection.mode;
        let place = Place {
            server: host.place(),
            ..self.target.place()
        };
        let attempt = |ssl: SslMode| {
            let config = self.target.config_for(host, ssl);
            async move { open(&config, self.tls.as_ref(), self.told.clone()).await }
        };
        let first = match attempt(mode.first_try()).await {
            Ok(opened) => return Ok(opened),
            Err(error) => Failure { error, place },
        };
        let other_way = !host.is_socket()
            && matches!(
                first.error(),
                StoreError::Refused { .. } | StoreError::Certificate { .. }
            );
        match mode.second_try().filter(|_| other_way) {
            // Where the other way fails too, the first failure is the one to tell.
            Some(ssl) => attempt(ssl).await.map_err(|_| first),
            None => Err(first),
        }
    }
}

async fn open(
    config: &Config,
    tls: Option<&MakeRustlsConnect>,
    told: Option<mpsc::UnboundedSender<String>>,
) -> Result<Opened, tokio_postgres::Error> {
    if let Some(tls) = tls {
        return Ok(Opened::new(config.connect(tls.clone()).await?, told));
    }
    Ok(Opened::new(config.connect(NoTls).await?, told))
}

/// Works a connection to its end, passing on what the server tells by itself.
async fn relay<S, T>(mut connection: Connection<S, T>, told: mpsc::UnboundedSender<String>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    let mut messages = poll_fn(|context| connection.poll_message(context));
    while let Some(message) = messages.next().await {
        match message {
            // Nobody listens any more, and the client goes with whoever did.
            Ok(AsyncMessage::Notification(notification)) => {
                let _ = told.send(notification.payload().to_owned());
            }
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(reason = %StoreError::from(error), "a connection ended");
                return;
            }
        }
    }
}

/// Works a connection to its end. What ended it reaches each request as its own error; the server's words are not
/// logged, since they may quote values.
async fn work<F, T>(connection: F)
where
    F: Future<Output = Result<T, tokio_postgres::Error>>,
{
    if let Err(error) = connection.await {
        tracing::debug!(reason = %StoreError::from(error), "a connection ended");
    }
}

impl Opened {
    fn new<S, T>(
        (client, connection): (Client, Connection<S, T>),
        told: Option<mpsc::UnboundedSender<String>>,
    ) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let version = connection
            .parameter("server_version")
            .unwrap_or_default()
            .to_owned();
        Self {
            client,
            task: match told {
                Some(told) => tokio::spawn(relay(connection, told)),
                None => tokio::spawn(work(connection)),
            },
            version,
        }
    }

    fn check_version(&self) -> Result<(), StoreError> {
        let number = self
            .version
            .split(|c: char| !c.is_ascii_digit())
            .next()
            .unwrap_or_default();
        match number.parse::<i32>() {
            Ok(major) if major < OLDEST_SERVER / 10_000 => {
                let found = self
                    .version
                    .split(' ')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                Err(StoreError::TooOld { found })
            }
            // A pooler may say nothing, or something of its own; the preparation asks the server.
            _ => Ok(()),
        }
    }
}

impl Link {
    /// The task that the pool ends when it lets go of the connection; one that ends by itself is told.
    fn watch(&self, task: JoinHandle<()>) -> JoinHandle<()> {
        match &self.lost {
            Some(lost) => {
                let lost = Arc::clone(lost);
                tokio::spawn(async move {
                    let _ = task.await;
                    lost.notify_one();
                })
            }
            None => task,
        }
    }
}

impl deadpool_postgres::Connect for Link {
    fn connect(
        &self,
        _config: &Config,
    ) -> Pin<
        Box<
            dyn Future<Output = Result<(Client, JoinHandle<()>), tokio_postgres::Error>>
                + Send
                + '_,
        >,
    > {
        Box::pin(async move {
            match self.open().await {
                Ok(Opened {
                    client,
                    task,
                    version: _,
                }) => Ok((client, self.watch(task))),
                Err(failure) => Err(failure.error),
            }
        })
    }
}

/// The servers as they are written, or beginning with any of them. Randomness of this quality comes with the
/// standard library.
fn in_order<T>(items: &[T], shuffle: bool) -> impl Iterator<Item = &T> {
    let start = if shuffle && !items.is_empty() {
        usize::try_from(RandomState::new().hash_one(items.len())).unwrap_or(0) % items.len()
    } else {
        0
    };
    items.iter().cycle().skip(start).take(items.len())
}
