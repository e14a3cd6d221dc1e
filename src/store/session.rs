//! Signed-in access to the database: at most two pooled connections and the rules of a transaction.
//!
//! Nothing is kept in the server's session, so that a pooler may hand each transaction to another
//! one: role, user and time limit are set by the simple query that begins it. A question goes out
//! in one burst (begin, statement, commit) and costs one round trip. Questions share a connection,
//! so that a write never waits for a slow one.

mod sign_in;
mod transaction;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use deadpool_postgres::{Object, Pool};
use futures_util::future::{join3, join4};
use tokio::sync::{Mutex, Notify, mpsc};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use crate::domain::ids::UserId;

use super::api::Person;
use super::error::StoreError;
use super::files;
use super::queries::users::Account;
use super::target::{self, Mode, Target};

use sign_in::{enter, unprepared};
use transaction::begin;

pub use transaction::Kind;

/// A pooled connection.
pub type Pooled = Object;

/// Parameters of a statement with their types, so that nothing has to be prepared.
pub type Params<'a> = [(&'a (dyn ToSql + Sync), Type)];

/// Where the database is and as whom to reach it.
#[derive(Debug, Clone)]
pub struct Access {
    /// For everything the program does.
    pub target: Target,
    /// For bringing the schema up to date; the same target where the person gave one.
    pub owner: Target,
    /// In words: `private server`, or the target's description.
    pub place: String,
    /// Where the private server keeps its data.
    pub directory: Option<PathBuf>,
}

/// Signed-in access. Cheap to clone.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    pool: Pool,
    access: Access,
    user: UserId,
    as_app: bool,
    /// By which the programs that listen know who made a change.
    origin: String,
    /// The connection that questions share while there are any.
    reader: Mutex<Weak<Pooled>>,
    lost: Arc<Notify>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("user", &self.0.user)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Connects and signs in the account; prepares the database first where that is needed.
    /// `step` is told in words what takes longer.
    ///
    /// # Errors
    /// As the database and the way to it report them.
    pub async fn open(
        access: Access,
        account: &Account,
        step: &(dyn Fn(&'static str) + Send + Sync),
    ) -> Result<(Self, Person), StoreError> {
        let lost = Arc::new(Notify::new());
        let pool = target::watched_pool(&access.target, Arc::clone(&lost))?;
        let client = target::acquire(&pool, &access.target).await?;
        let mut as_app = false;
        // On the private server the login is the application's role: signing in shows the rest.
        let mut entered = match access.target.mode() {
            Mode::Embedded => enter(&client, as_app, account).await,
            Mode::External => {
                let standing = target::standing(&client).await?;
                as_app = standing.access == Some(target::Access::SetRole);
                if standing.is_ready() {
                    enter(&client, as_app, account).await
                } else {
                    Err(unprepared(standing.schema.applied))
                }
            }
        };
        if matches!(entered, Err(StoreError::Unprepared { .. })) {
            step("preparing the database");
            super::before_migration::run(&access.owner).await?;
            let prepared = target::prepare_database(&access.owner, &mut |_| ()).await?;
            as_app = access.target.mode() == Mode::External && prepared.set_role;
            entered = enter(&client, as_app, account).await;
        }
        let person = entered?;
        drop(client);
        let user = person.id;
        let reader = Mutex::new(Weak::new());
        Ok((
            Self(Arc::new(Inner {
                pool,
                access,
                user,
                as_app,
                origin: UserId::new().0.simple().to_string(),
                reader,
                lost,
            })),
            person,
        ))
    }

    /// Who is signed in.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.0.user
    }

    /// Where the database is, in words, without a password.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.0.access.place
    }

    /// Where the private server keeps its data.
    #[must_use]
    pub fn directory(&self) -> Option<&Path> {
        self.0.access.directory.as_deref()
    }

    /// The statements that begin a transaction, to be sent as one simple query.
    #[must_use]
    pub fn begin(&self, kind: Kind) -> String {
        let by = (self.0.user, self.0.origin.as_str());
        begin(kind, self.0.as_app, Some(by))
    }

    /// What the changes of this session are told with, to know them again.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    /// Asks one question in a transaction of its own, in one round trip.
    ///
    /// # Errors
    /// As the database and the way to it report them.
    pub async fn read(&self, sql: &str, params: &Params<'_>) -> Result<Vec<Row>, StoreError> {
        let client = self.reader().await?;
        self.read_on(&client, sql, params).await
    }

    /// Asks one question as [`Session::read`], on this connection.
    ///
    /// # Errors
    /// As the database and the way to it report them.
    pub async fn read_on(
        &self,
        client: &Client,
        sql: &str,
        params: &Params<'_>,
    ) -> Result<Vec<Row>, StoreError> {
        burst(client, &self.begin(Kind::Read), sql, params).await
    }

    /// Asks in one round trip, after a statement that makes what is looked for that of the transaction: the
    /// policies read it there. The planner does not read a whole table: it takes the cheaper of the indexes.
    ///
    /// # Errors
    /// As the database and the way to it report them.
    pub async fn search(
        &self,
        ask: Option<(&str, &Params<'_>)>,
        sql: &str,
        params: &Params<'_>,
    ) -> Result<Vec<Row>, StoreError> {
        let client = self.reader().await?;
        let mut begin = self.begin(Kind::Read);
        // What is forbidden looks so dear to the planner that the server would compile the statement.
        begin.push_str("; SET LOCAL enable_seqscan = off; SET LOCAL jit = off");
        // The words are a parameter, so that no log of the server has them.
        let ask = async {
            match ask {
                Some((sql, params)) => client.query_typed(sql, params).await.map(drop),
                None => Ok(()),
            }
        };
        let (opened, asked, rows, committed) = join4(
            client.batch_execute(&begin),
            ask,
            client.query_typed(sql, params),
            client.batch_execute("COMMIT"),
        )
        .await;
        opened?;
        asked?;
        let rows = rows?;
        committed?;
        Ok(rows)
    }

    /// One statement that changes something, in a transaction of its own.
    ///
    /// # Errors
    /// As the database and the way to it report them; then nothing was changed, unless the link was
    /// lost at the commit.
    pub async fn change(&self, sql: &str, params: &Params<'_>) -> Result<Vec<Row>, StoreError> {
        let client = self.lent().await?;
        burst(&client, &self.begin(Kind::Write), sql, params).await
    }

    /// A connection for changes, to be given back outside a transaction.
    ///
    /// # Errors
    /// As the way to the database reports them.
    pub async fn writer(&self) -> Result<Writer, StoreError> {
        Ok(Writer(Some(self.lent().await?)))
    }

    async fn lent(&self) -> Result<Pooled, StoreError> {
        target::acquire(&self.0.pool, &self.0.access.target).await
    }

    /// A connection outside the pool that hears of the changes of the person's other programs, each as the
    /// name of a table; the channel ends with the connection. Nothing where a pooler stands before the database:
    /// what it hands out is not one connection.
    ///
    /// # Errors
    /// As the way to the database reports them.
    pub async fn listen(
        &self,
    ) -> Result<Option<(Client, mpsc::UnboundedReceiver<String>)>, StoreError> {
        let Some((client, mut heard)) = target::listening(&self.0.access.target).await? else {
            return Ok(None);
        };
        let listen = format!("LISTEN {}", channel(self.0.user));
        client.batch_execute(&listen).await?;
        let (tables, changes) = mpsc::unbounded_channel();
        let own = self.0.origin.clone();
        tokio::spawn(async move {
            while let Some(told) = heard.recv().await {
                let (table, origin) = told.split_once(' ').unwrap_or((&told, ""));
                if origin != own && tables.send(table.to_owned()).is_err() {
                    break;
                }
            }
        });
        Ok(Some((client, changes)))
    }

    /// A connection outside the pool, for something that takes long.
    ///
    /// # Errors
    /// As the way to the database reports them.
    pub async fn alone(&self) -> Result<Client, StoreError> {
        target::connect(&self.0.access.target).await
    }

    /// Asks the server to stop what a connection of [`Session::alone`] is doing.
    pub async fn stop(&self, client: &Client) {
        // Where that fails, the rest is received and thrown away.
        let _ = target::cancel(&self.0.access.target, client).await;
    }

    /// Waits until a connection has ended that nobody here gave up.
    pub async fn lost(&self) {
        self.0.lost.notified().await;
    }

    /// The connection that questions share.
    pub(in crate::store) async fn reader(&self) -> Result<Arc<Pooled>, StoreError> {
        let mut shared = self.0.reader.lock().await;
        if let Some(client) = shared.upgrade().filter(|client| !client.is_closed()) {
            return Ok(client);
        }
        let client = Arc::new(self.lent().await?);
        *shared = Arc::downgrade(&client);
        Ok(client)
    }
}

/// A connection for changes. Whoever stops half-way lets go of it within a transaction: then it is closed, since the
/// next one to use it would commit that half.
pub struct Writer(Option<Pooled>);

impl Writer {
    /// The connection.
    ///
    /// # Errors
    /// None while it is lent.
    pub fn client(&self) -> Result<&Client, StoreError> {
        let gone = || StoreError::LinkLost {
            reason: "it was given back".into(),
        };
        self.0.as_deref().map(|client| &**client).ok_or_else(gone)
    }

    /// No transaction is open: others may have it.
    pub fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.0.take().map(Object::take));
    }
}

/// One statement in a transaction of its own. All three are sent, in this order, before the first answer is awaited:
/// whoever stops waiting leaves no transaction open. A failed begin leaves a failed transaction, in which nothing else
/// is carried out, and whose commit takes it back.
async fn burst(
    client: &Client,
    begin: &str,
    sql: &str,
    params: &Params<'_>,
) -> Result<Vec<Row>, StoreError> {
    let (opened, rows, ended) = join3(
        client.batch_execute(begin),
        client.query_typed(sql, params),
        client.batch_execute("COMMIT"),
    )
    .await;
    opened?;
    let rows = rows?;
    ended?;
    Ok(rows)
}

/// Where the changes of a user are told, as `wildlands.change_channel` has it.
fn channel(user: UserId) -> String {
    let of = format!("wildlands changes of {user}");
    format!("wildlands_{}", files::short_digest(of.as_bytes(), 40))
}
