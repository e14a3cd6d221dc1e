//! A database as those see it who look after it: reached with the right to all its rows, where there is one.
//!
//! On the private server that is the superuser, over the private socket. On another server it is the login that the
//! person gave: its rights decide, and nothing here widens them.

use std::sync::Arc;

use tokio_postgres::Client;

use crate::store::connect::Source;
use crate::store::embedded::{self, DATABASE, EmbeddedServer, SUPERUSER, ServerUser, Settings};
use crate::store::error::StoreError;
use crate::store::target::{self, Mode, Target};

/// A database and the way to all of it. Cheap to clone; the private server stays while one of them lives.
#[derive(Debug, Clone)]
pub struct Ground {
    target: Target,
    settings: Settings,
    of: String,
    _guard: Option<Arc<EmbeddedServer>>,
}

impl Ground {
    /// The database of this source; the private server is started where it does not run. Dropping the last one may block.
    ///
    /// # Errors
    /// As the private server and the settings report them.
    pub async fn open(source: &Source) -> Result<Self, StoreError> {
        let of = source.fingerprint();
        match source {
            Source::Unusable(error) => Err(error.clone()),
            Source::Embedded(settings) => {
                let starting = settings.clone();
                let start = move || embedded::start(&starting, &mut |_| ());
                let guard = tokio::task::spawn_blocking(start)
                    .await
                    .map_err(|_| StoreError::Internal {
                        what: "starting the private server broke off".to_owned(),
                    })?
                    .map_err(|error| StoreError::Embedded(error.to_string()))?;
                let (socket, port) = (guard.socket_dir(), guard.port());
                Ok(Self {
                    target: Target::embedded(socket, port, SUPERUSER, DATABASE),
                    settings: settings.clone(),
                    of,
                    _guard: Some(Arc::new(guard)),
                })
            }
            Source::External(target) => Ok(Self {
                target: target.clone(),
                settings: Settings::from_env()
                    .map_err(|error| StoreError::Embedded(error.to_string()))?,
                of,
                _guard: None,
            }),
        }
    }

    /// The database that `owner` leads to, on a server that the caller holds.
    ///
    /// # Errors
    /// No directory for the data is known.
    pub fn beside(owner: &Target) -> Result<Self, StoreError> {
        let settings =
            Settings::from_env().map_err(|error| StoreError::Embedded(error.to_string()))?;
        let (target, of) = match owner.mode() {
            Mode::Embedded => (
                owner.as_role(SUPERUSER),
                Source::Embedded(settings.clone()).fingerprint(),
            ),
            Mode::External => (owner.clone(), owner.fingerprint()),
        };
        Ok(Self {
            target,
            settings,
            of,
            _guard: None,
        })
    }

    /// The way to it.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The way to another database of the same server.
    #[must_use]
    pub fn at(&self, database: &str) -> Self {
        Self {
            target: self.target.with_database(database),
            ..self.clone()
        }
    }

    /// The name of the database.
    #[must_use]
    pub fn database(&self) -> &str {
        self.target.database()
    }

    /// Whether it is on the private server.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.target.mode() == Mode::Embedded
    }

    /// What files made of it are recorded under: the database, however it is reached.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.of
    }

    /// Where programs are looked for.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whom the programs run as: on the private server they give up root as the server does.
    #[must_use]
    pub fn user(&self) -> Option<ServerUser> {
        self.is_private().then(ServerUser::if_root).flatten()
    }

    /// A connection of one's own.
    ///
    /// # Errors
    /// As the way to the database reports them.
    pub async fn connect(&self) -> Result<Client, StoreError> {
        target::connect(&self.target).await
    }

    /// A connection to a database of the server that is never renamed, from where the others are.
    ///
    /// # Errors
    /// As the way to the database reports them.
    pub async fn maintenance(&self) -> Result<Client, StoreError> {
        match target::connect(&self.target.with_database("postgres")).await {
            Err(StoreError::UnknownDatabase { .. } | StoreError::Refused { .. }) => {
                target::connect(&self.target.with_database("template1")).await
            }
            other => other,
        }
    }
}

/// A name as SQL writes it, whatever is in it.
#[must_use]
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
